// A dialogue that the rater has: with one agent (probing), or with several whose replies they choose among.

import { button, fill, icon, make } from "./elements.js";
import { candidates, turn } from "./item.js";

const MOST_CHARS = 4000;

export const roundOf = (dialogue) => dialogue.reduce((most, one) => Math.max(most, Number(one.round) || 0), 0);

// The letters of the round at hand with their texts; the item's own candidates before anything was said.
function latest(shown, dialogue) {
  const number = roundOf(dialogue);
  if (!number) return shown.body.candidates || [];
  return dialogue.filter((one) => Number(one.round) === number).map((one) => ({ letter: one.letter, text: one.text, evidence: [] }));
}

export class Talk {
  // `say(text)` resolves to the new dialogue; `typed(text)` hears of each key; `choose(letter)` of a click on a reply.
  constructor(shown, { dialogue, text, say, typed, choose }) {
    this.shown = shown;
    this.dialogue = dialogue;
    this.say = say;
    this.choose = choose;
    this.several = Boolean(shown.body.candidates);
    this.list = make("ol", { class: "turns", "aria-label": "The dialogue", "aria-live": "polite" });
    this.room = make("div", { class: "round" });
    this.field = make("textarea", { rows: "2", maxlength: MOST_CHARS, "aria-label": "What you say", oninput: () => typed(this.field.value), onkeydown: (event) => { if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); this.#send(); } } });
    this.field.value = text;
    this.note = make("p", { class: "talk-note", role: "status" });
    this.sender = make("button", { type: "button", class: "send", "aria-label": "Send", onclick: () => this.#send() }, icon("send"));
    this.composer = make("div", { class: "composer" }, this.field, this.sender);
    this.element = make("section", { class: "talk", "aria-label": "Your dialogue" }, this.list, this.room, this.composer, this.note);
    this.draw();
  }

  get begun() { return this.several || this.dialogue.some((one) => one.role === "sparrow"); }
  get spoken() { return this.dialogue.filter((one) => one.role === "user").length; }
  get round() { return Math.max(1, roundOf(this.dialogue)); }
  get last() { return this.several && this.round >= this.shown.body.talk.rounds; }

  draw(choice = null) {
    const current = this.several ? roundOf(this.dialogue) : -1;
    const kept = this.dialogue.filter((one) => !one.round || (Number(one.round) < current && one.continues === "true"));
    fill(this.list, kept.map((one) => turn(one, { label: one.role === "user" ? "You" : one.letter && one.chosen === "true" ? `Sparrow, reply ${one.letter}, which you chose` : null })));
    this.list.hidden = !kept.length;
    fill(this.room, this.several && candidates(latest(this.shown, this.dialogue), this.choose));
    this.#state(choice);
  }

  // Whether the rater may speak, and why not.
  #state(choice) {
    const most = this.shown.body.talk.most_turns;
    const over = !this.several && this.spoken >= most;
    this.composer.hidden = over || this.last || (this.several && !choice);
    const goesOn = /^[A-D]$/.test(choice || "") ? `You go on with reply ${choice}.` : "One of the replies is drawn to go on with.";
    const words = over ? `That were all ${most} turns: rate the dialogue now.`
      : this.several ? (this.last ? "This is the last round: your choice ends the dialogue." : choice ? goesOn : "")
        : this.dialogue.length ? `${this.spoken} of at most ${most} turns. Rate it as soon as the rule is broken, or when you have no more ideas.` : "Write the first turn. Sparrow is a program, and does not know what you are up to.";
    this.field.placeholder = this.several ? "Write what you would say next" : "Say something to Sparrow";
    fill(this.note, words);
    this.note.classList.remove("bad");
  }

  async #send() {
    const text = this.field.value.trim();
    if (!text || this.waiting) return;
    this.#wait(true);
    try {
      this.dialogue = await this.say(text);
      this.field.value = "";
      this.#wait(false);
      this.draw();
      (this.several ? this.room : this.list).lastElementChild?.scrollIntoView({ block: "nearest" });
      if (!this.several) this.field.focus();
    } catch (fault) {
      this.#wait(false);
      fill(this.note, fault.message, " ", button("Try again", () => this.#send(), { class: "act small" }));
      this.note.classList.add("bad");
    }
  }

  #wait(on) {
    this.waiting = on;
    this.field.readOnly = on;
    this.sender.disabled = on;
    this.composer.classList.toggle("waiting", on);
    if (on) fill(this.note, make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i")), this.several ? "The replies are being written…" : "Sparrow is answering…");
  }
}
