// Building elements. All texts are hostile: they are set as text, never as markup.

// Override and isolate characters let a text show another order than it has.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const SHAPES = {
  check: "M3.5 8.5l3 3 6-7", cross: "M4.5 4.500l7 7m0-7l-7 7", back: "M9.8 3.500L5.3 8l4.5 4.5", on: "M6.2 3.500L10.7 8l-4.5 4.5",
  undo: "M3 6.500h6.500a3.5 3.5 0 0 1 0 7H6M3 6.500L6 3.500M3 6.500l3 3", skip: "M3.5 3.500L8.5 8l-5 4.500zM12 3.500v9",
  hide: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM3 13L13 3", show: "M2 8s2.2-4 6-4 6 4 6 4-2.2 4-6 4-6-4-6-4zM8 6.200a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.600z",
  more: "M3.5 8h.01M8 8h.01M12.5 8h.01", pause: "M5.5 3.500v9M10.5 3.500v9", send: "M8 13V3M3.8 7.200L8 3l4.2 4.2",
  copy: "M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3", plus: "M8 3v10M3 8h10", save: "M8 2.500v7.500M4.8 7L8 10.2 11.2 7M3 13.500h10",
  link: "M6.8 9.200l2.4-2.400M7.5 4.800l1.3-1.300a2.6 2.6 0 0 1 3.7 3.700L11.2 8.500M8.5 11.200l-1.3 1.300a2.6 2.6 0 0 1-3.7-3.700L4.8 7.5", alert: "M8 2.800l5.7 10.200H2.300zM8 6.800v2.700M8 11.300v.1",
};
const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);
export const clean = (text) => String(text ?? "").replace(CONTROLS, "");

export function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  fill(element, ...children);
  return element;
}

export function fill(element, ...children) {
  element.replaceChildren();
  for (const child of children.flat(4)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
  return element;
}

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  const line = document.createElementNS(SVG, "path");
  for (const [key, value] of Object.entries({ class: "icon", viewBox: "0 0 16 16", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": name === "more" ? "2" : "1.5", "stroke-linecap": "round", "stroke-linejoin": "round" })) drawn.setAttribute(key, value);
  line.setAttribute("d", SHAPES[name]);
  drawn.append(line);
  return drawn;
}

// The same words twice are said twice: a screen reader hears only a change.
export function announce(words) {
  const told = byId("told");
  told.textContent = "";
  setTimeout(() => { told.textContent = clean(words); }, 60);
}

export function bar(share, label) {
  const drawn = make("span", { class: "track", role: "img", "aria-label": label }, make("i"));
  drawn.firstChild.style.inlineSize = `${Math.round(1000 * Math.min(1, Math.max(0, share))) / 10}%`;
  return drawn;
}

export const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
export const percent = (share) => (share === null || share === undefined ? "–" : `${Math.round(100 * share)} %`);

export function duration(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 99.5) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

export function since(moment) {
  if (!moment) return "–";
  const seconds = (Date.now() - Date.parse(moment)) / 1000;
  if (seconds < 60) return "just now";
  if (seconds < 86400) return `${duration(Math.max(100, seconds))} ago`;
  return new Date(moment).toLocaleDateString("en", { day: "numeric", month: "short", year: "numeric" });
}

// A box of the browser's own kind: focus stays in it, Escape closes it. Resolves to what `close` is given, or null.
// `press(event, close)` hears of keys that are not written into a field.
export function box(title, build, press = null) {
  return new Promise((resolve) => {
    const shown = make("dialog", { class: "box", "aria-labelledby": "box-title" });
    let said = null;
    const close = (value = null) => { said = value; shown.close(); };
    shown.append(make("h2", { id: "box-title", tabindex: "-1", autofocus: true }, title), ...[build(close)].flat());
    if (press) shown.addEventListener("keydown", (event) => { if (!event.target.matches("input, textarea, select")) press(event, close); });
    shown.addEventListener("close", () => { shown.remove(); resolve(said); });
    shown.addEventListener("click", (event) => { if (event.target === shown) close(); });
    document.body.append(shown);
    shown.showModal();
  });
}

export function ask(title, words, yes, { grave = false } = {}) {
  return box(title, (close) => [
    make("p", { class: "box-words" }, words),
    make("div", { class: "box-acts" }, button("Cancel", () => close(false)), button(yes, () => close(true), { class: grave ? "act grave" : "act main", autofocus: true })),
  ]);
}

export function button(words, act, attributes = {}) {
  return make("button", { type: "button", class: "act", ...attributes, onclick: act }, words);
}
