// What a rater sets for themselves, on this device.

const KEY = "sparrow-rate:choices";
const USUAL = { goesOn: true, keys: true, covered: false };

export const chosen = read();

function read() {
  try { return { ...USUAL, ...JSON.parse(localStorage.getItem(KEY)) }; } catch { return { ...USUAL }; }
}

export function set(name, value) {
  chosen[name] = value;
  try { localStorage.setItem(KEY, JSON.stringify(chosen)); } catch { /* Then it holds for this page. */ }
}

export const theme = () => document.documentElement.dataset.theme || "system";

export function setTheme(name) {
  if (name === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
  try { localStorage.setItem("sparrow-theme", name); } catch { /* Likewise. */ }
}
