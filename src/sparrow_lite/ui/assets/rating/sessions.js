// The organiser's list of sessions.

import { call } from "./api.js";
import { bar, byId, fill, icon, make, percent, plural } from "./elements.js";
import { STATES, PROTOCOLS } from "./words.js";
import { signedIn, trouble } from "./signed.js";

await signedIn("organiser");
try {
  const found = await call("/sessions");
  fill(byId("main"), make("section", { class: "column" },
    make("div", { class: "head" }, make("h1", null, "Rating sessions"), make("a", { class: "act main", href: "/rate/organise/new" }, icon("plus"), "New session")),
    found.length ? make("ul", { class: "lines" }, found.map(line)) : nothing()));
} catch (fault) { trouble(fault); }

function nothing() {
  return make("div", { class: "none" }, make("p", null, "People, not models, decide in the end. A session gives the replies of a run, or of a file, to raters: who sees what is balanced, checks are mixed in, and each rater practises first."),
    make("p", { class: "soft" }, "Make one here, or with ", make("code", null, "sparrow-lite rate create"), "."));
}

function line({ session, counts }) {
  const wanted = counts.items * session.overlap;
  const share = wanted ? counts.done / wanted : 0;
  return make("li", null,
    make("div", { class: "told" }, make("a", { class: "name", href: `/rate/organise/${session.id}` }, make("bdi", null, session.name)),
      make("p", { class: "of" }, PROTOCOLS[session.protocol] || session.protocol, " · ", plural(counts.items, "item"), " · ", plural(counts.raters, "rater"))),
    make("div", { class: "share" }, bar(share, `${percent(share)} done`), make("span", null, percent(share))),
    make("span", { class: `tag ${STATES[session.state].look}` }, STATES[session.state].words),
    make("time", { datetime: session.created_at }, new Date(session.created_at).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" })));
}
