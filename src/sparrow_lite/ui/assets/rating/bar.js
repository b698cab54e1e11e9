// The bar on top of the rater's page: how far, whether it is saved, and what can be done at any time.

import { byId, clean, fill, icon, make } from "./elements.js";

const SAVED = { saving: "Saving…", saved: "Saved", waiting: "Not saved yet", refused: "" };

export class Bar {
  constructor({ rest, cover, help }) {
    this.name = make("span", { class: "session-name" });
    this.track = make("progress", { max: "1", value: "0", "aria-label": "How far" });
    this.count = make("span", { class: "count" });
    this.state = make("span", { class: "save" });
    this.covering = make("button", { type: "button", class: "tool", onclick: cover, title: "Cover the texts (H)", "aria-label": "Cover the texts", "aria-keyshortcuts": "h" }, icon("hide"));
    this.tools = make("div", { class: "tools" },
      this.covering,
      make("button", { type: "button", class: "tool", onclick: rest, title: "Take a break (P)", "aria-label": "Take a break", "aria-keyshortcuts": "p" }, icon("pause")),
      make("button", { type: "button", class: "tool", onclick: help, title: "Help and settings (?)", "aria-label": "Help and settings", "aria-keyshortcuts": "?" }, icon("more")));
    fill(byId("bar-room"), this.name, make("div", { class: "far" }, this.track, this.count), this.state, this.tools);
  }

  show(task) {
    const { done, total } = task.progress;
    fill(this.name, task.name);
    this.track.max = Math.max(1, total);
    this.track.value = done;
    this.count.textContent = total ? `${(total - done).toLocaleString("en")} left` : "";
    this.track.setAttribute("aria-valuetext", `${done} of ${total} done`);
    document.title = clean(`${done} of ${total} · ${task.name}`);
  }

  save(state) {
    this.state.className = `save ${state}`;
    fill(this.state, state === "saved" && icon("check"), SAVED[state]);
  }

  covered(on) {
    this.covering.setAttribute("aria-pressed", String(on));
    fill(this.covering, icon(on ? "show" : "hide"));
    this.covering.title = on ? "Show the texts (H)" : "Cover the texts (H)";
  }
}
