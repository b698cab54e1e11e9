// Building elements. All that comes from a run is hostile: it is set as text, never as markup.

// Override and isolate characters let a text show another order than it has.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const WORDS = JSON.parse(document.getElementById("words").textContent);
const byId = (id) => document.getElementById(id);
const clean = (text) => String(text ?? "").replace(CONTROLS, "");

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    element.append(child instanceof Node ? child : document.createTextNode(clean(child)));
  }
  return element;
}

function plainName(id) {
  const words = clean(id).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ruleName = (id) => (Object.hasOwn(WORDS.rules, id) ? WORDS.rules[id] : plainName(id));
const number = (value, digits = 2) => (typeof value === "number" ? value.toFixed(digits) : "–");
const seconds = (value) => (value < 0.9995 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(1)} s`);
const chip = (kind, text) => make("span", { class: `chip ${kind}` }, text);

function armMark(name) {
  const place = WORDS.arms.indexOf(name);
  return make("span", { class: "arm" }, make("i", { class: `dot a${Math.max(place, 0) % 8}` }), name);
}

// A link only where following it can do no harm; else the address as text.
function address(url) {
  let parsed = null;
  try { parsed = new URL(url); } catch { /* no address */ }
  const safe = parsed && parsed.protocol === "https:" && parsed.hostname && !parsed.username && !parsed.password;
  if (!safe) return make("span", { class: "address" }, url);
  return make("a", { class: "address", href: parsed.href, target: "_blank", rel: "noopener noreferrer" }, parsed.hostname + clean(decodePath(parsed.pathname)));
}

function decodePath(path) {
  try { return path === "/" ? "" : decodeURIComponent(path); } catch { return path; }
}
