// Keys of the rater's page. Whoever writes, or has a box open, keeps theirs.

import { chosen } from "./choices.js";

const WRITES = "input, textarea, select, [contenteditable]";

export function listen(page) {
  const acts = { u: () => page.undo(), s: () => page.skip(), n: () => page.note(), h: () => page.cover(), p: () => page.rest(), "?": () => page.help(), ArrowLeft: () => page.back(), ArrowRight: () => page.on(), Enter: () => page.enter() };
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.target.matches?.(WRITES) || document.querySelector("dialog[open]")) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && key === "z") {
      event.preventDefault();
      page.undo();
    } else if (!event.ctrlKey && !event.metaKey && !event.altKey && chosen.keys && !event.repeat) {
      if (page.press(key)) event.preventDefault();
      else if (key === "Enter" && event.target.closest?.("button, a, summary")) return;
      else if (acts[key]) { event.preventDefault(); acts[key](); }
    }
  });
}
