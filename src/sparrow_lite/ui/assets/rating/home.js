// Where an account that rates finds its sessions.

import { byId, fill, make } from "./elements.js";
import { signedIn } from "./signed.js";

const STATES = { invited: "Not begun", qualifying: "Practising", working: "Go on", failed: "Ended", done: "Done" };

const account = await signedIn();
if (account.role === "organiser" && !account.seats.length) location.replace("/rate/organise");
else fill(byId("main"), make("section", { class: "column" }, make("h1", null, "Your sessions"),
  account.seats.length ? make("ul", { class: "lines" }, account.seats.map((one) => make("li", null,
    make("a", { class: "name", href: `/rate/as/${one.rater}` }, make("bdi", null, one.session)),
    make("span", { class: "tag" }, one.session_state === "open" ? STATES[one.state] || one.state : one.session_state === "paused" ? "Rests" : "Closed"))))
    : make("p", { class: "lead" }, "There is nothing for you to rate yet.")));
