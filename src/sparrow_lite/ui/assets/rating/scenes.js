// What stands in the place of an item: welcome, breaks, and the ways in which work ends.

import { button, icon, make, percent, plural } from "./elements.js";
import { paragraphs } from "./boxes.js";

function scene(title, ...rest) {
  return make("section", { class: "scene" }, make("h1", { tabindex: "-1", id: "place" }, title), ...rest);
}

export function welcome(task, begin) {
  const first = task.shown?.stage === "qualification";
  return scene(task.title,
    task.offensive && make("p", { class: "warning", role: "note" }, icon("alert"), make("span", null, make("b", null, "Some texts may offend. "), "They may be rude, hateful or disturbing. You can cover a text, skip it, take a break, or stop at any time.")),
    make("div", { class: "guide" }, paragraphs(task.guidance)),
    make("p", { class: "next-up" }, first
      ? `First come ${plural(task.progress.total, "practice item")}. After each one you see the right answer and why.`
      : `${plural(task.progress.total, "item")} are waiting for you. Each click is saved at once; you may stop whenever you like and come back by the same address.`),
    make("p", { class: "scene-acts" }, button(first ? "Begin with the practice" : "Begin", begin, { class: "act main big" })));
}

export function passed(score, task, go) {
  return scene("You are in", make("p", null, `${percent(score)} of your answers were right.`),
    make("p", null, `${plural(task.progress.total, "item")} are waiting for you. From now on there is no right answer to see. Each click is saved at once; you may stop whenever you like and come back by the same address.`),
    make("p", { class: "scene-acts" }, button("Begin", go, { class: "act main big" })));
}

export const failed = (score) => scene("Thank you for trying", make("p", null, score === undefined || score === null ? "The practice items did not go well enough to go on with this session." : `${percent(score)} of your answers were right, which is below what this session asks for.`), make("p", { class: "soft" }, "That says nothing about you: the questions are narrow on purpose. Whoever sent you the link can tell you more."));

export function rest(done, total, minutes, go) {
  return scene("A good moment for a break",
    make("p", null, `You have rated ${plural(done, "item")}${minutes > 1 ? ` in ${minutes} minutes` : ""}. All of it is saved.`),
    make("p", { class: "soft" }, `${plural(total, "item")} are left. Look out of the window for a minute; tired eyes agree with everything.`),
    make("p", { class: "scene-acts" }, button("Go on", go, { class: "act main big" })));
}

export const resting = (go) => scene("A break", make("p", null, "Everything is saved, and no time is counted. You may close this page too."), make("p", { class: "scene-acts" }, button("Go on", go, { class: "act main big" })));

export function done(task, back) {
  return scene("Done. Thank you!", make("p", null, `You have rated all ${plural(task.progress.total, "item")}. There is nothing more to do; you may close this page.`),
    make("p", { class: "scene-acts" }, task.session_state === "open" && task.progress.total > 0 && button("Look at your last answer", back, { class: "act big" })));
}

export const paused = () => scene("The session rests", make("p", null, "The organiser has paused it. What you rated is saved. This page goes on by itself when the session does."));
export const closed = () => scene("The session is closed", make("p", null, "No more ratings are taken. What you rated is saved. Thank you!"));
export const replaced = () => scene("You take no part any more", make("p", null, "Somebody else has taken over your items. What you rated is saved. Thank you!"));
export const refused = (words, signsIn) => scene("This page does not open", make("p", null, words), signsIn && make("p", { class: "scene-acts" }, make("a", { class: "act main big", href: "/rate" }, "Sign in")));

export function trouble(words, again) {
  return scene("One moment", make("p", null, words), make("p", { class: "scene-acts" }, button("Try again", again, { class: "act main big" })));
}
