// One item as it lies before the rater: its texts, the questions beside them, and what was answered.

import { announce, button, clean, fill, icon, make } from "./elements.js";
import { chosen } from "./choices.js";
import { item } from "./item.js";
import { Questions, wordsOf } from "./questions.js";
import { Talk } from "./talk.js";

const PAUSE_MS = 700;

export class Rating {
  constructor(page, shown, { kept, fresh, covered }) {
    this.page = page;
    this.shown = shown;
    this.place = shown.place;
    const draft = fresh ? {} : shown.draft || {};
    this.comment = kept?.comment ?? shown.rating?.comment ?? draft.comment ?? "";
    this.answers = { ...(shown.rating ? shown.rating.answers : { ...draft.answers, ...kept?.answers }) };
    if (shown.body.talk) this.#openTalk(shown.draft?.dialogue || [], kept?.said || "");
    this.#askQuestions();
    this.#build();
    this.cover(covered);
    if (shown.gold) this.#showGold(shown.rating.answers, shown.gold, shown.explanation, null);
  }

  get total() { return this.page.task.progress.total; }
  get name() { return this.shown.stage === "qualification" ? `Practice ${this.place + 1} of ${this.total}` : `Item ${this.place + 1} of ${this.total}`; }
  get answered() { return this.shown.rating !== null || Boolean(this.goOn); }
  get changeable() { return this.shown.changeable && !this.goOn; }
  get complete() { return this.asked.every((one) => this.answers[one.id]); }

  // In a dialogue of several rounds only the round at hand is asked about.
  get asked() {
    if (!this.talk?.several || this.shown.rating) return this.shown.questions;
    return [this.shown.questions[this.talk.round - 1]];
  }

  #openTalk(dialogue, said) {
    const over = this.shown.rating !== null;
    this.talk = new Talk(this.shown, {
      dialogue: over ? this.shown.rating.dialogue : dialogue,
      text: said,
      typed: () => this.keep(),
      choose: (letter) => this.choose(this.asked[0].id, letter),
      say: async (text) => {
        const choice = this.talk.several ? this.answers[this.asked[0].id] : null;
        const task = await this.page.ask("/say", { item: this.shown.item, text, at: this.talk.dialogue.length, choice });
        this.talk.dialogue = task.shown.draft.dialogue || [];
        this.#askQuestions();
        fill(this.asking, this.questions.element);
        this.#drawChoice();
        this.#draw();
        this.keep("");
        return this.talk.dialogue;
      },
    });
    if (over) { this.talk.composer.hidden = true; fill(this.talk.note); }
  }

  #askQuestions() {
    const waits = this.talk && !this.talk.begun;
    this.questions = new Questions(this.asked, { answers: this.answers, choose: (question, choice) => this.choose(question, choice), disabled: !this.shown.changeable || waits });
  }

  #build() {
    const { shown } = this;
    this.cloth = make("div", { class: "cloth", hidden: true }, icon("hide"), make("p", null, "The texts are covered."), button(["Show them ", make("kbd", { "aria-hidden": "true" }, "H")], () => this.page.cover(), { class: "act main" }));
    this.texts = make("div", { class: "texts" }, item(shown.body, { dialogue: this.talk?.several ? [1] : [], choose: (letter) => this.changeable && this.choose(shown.questions[0].id, letter) }), this.talk?.element);
    this.field = make("textarea", { rows: "2", maxlength: 4000, "aria-label": "Note", placeholder: "For whoever reads the results", oninput: () => this.#wrote(), onchange: () => this.#wroteAll(), disabled: !shown.changeable });
    this.field.value = this.comment;
    this.noting = make("details", { class: "noting", open: Boolean(this.comment) }, make("summary", null, "Note ", make("kbd", { "aria-hidden": "true" }, "N")), this.field);
    this.asking = make("div", { class: "asking" }, this.questions.element);
    this.message = make("p", { class: "message", hidden: true });
    this.sender = button(["Save and go on ", make("kbd", { "aria-hidden": "true" }, "Enter")], () => this.enter(), { class: "act main wide" });
    this.under = make("div", { class: "under" }, this.message, this.sender, shown.changeable && this.noting);
    const panel = make("aside", { class: "panel", "aria-label": "Your answer" }, this.asking, this.under, this.#acts());
    this.element = make("div", { class: "work" }, make("section", { class: "item", "aria-labelledby": "place" },
      make("h1", { id: "place", tabindex: "-1" }, this.name), this.cloth, this.texts), panel);
    if (shown.rating?.skipped) this.say(`You skipped this: “${shown.rating.skipped}”. You may answer it now.`);
    else if (shown.rating && !shown.changeable && !shown.gold) this.say("This dialogue is rated. Take it back to have it once more.");
    this.#draw();
    this.#drawChoice();
  }

  #acts() {
    const act = (words, shape, go, key, off) => make("button", { type: "button", class: "act quiet", onclick: go, disabled: off, title: `${words} (${key})` }, icon(shape), make("span", null, words));
    return make("nav", { class: "acts", "aria-label": "Items" },
      act("Back", "back", () => this.page.back(), "←", this.place === 0),
      act("Undo", "undo", () => this.page.undo(), "U", !this.page.task.undoes),
      act("Skip", "skip", () => this.page.skip(), "S", !this.shown.changeable),
      act("Next", "on", () => this.page.on(), "→", !this.shown.rating));
  }

  choose(question, choice) {
    if (!this.changeable || this.page.busy || this.covered || (this.talk && !this.talk.begun)) return;
    this.answers[question] = choice;
    this.questions.next();
    this.#drawChoice();
    this.keep();
    const settled = this.complete && !(this.talk?.several && !this.talk.last);
    if (settled && this.shown.rating) this.#change();
    else if (settled && chosen.goesOn) this.#send();
    else this.#draft(0);
    this.#draw();
  }

  // A choice that is made for a reply is seen at the reply, too.
  #drawChoice() {
    const letter = this.answers[this.asked[0]?.id];
    for (const one of this.texts.querySelectorAll(".candidate")) one.classList.toggle("best", one.dataset.letter === letter);
    if (this.talk?.several && !this.shown.rating) this.talk.draw(letter || null);
    if (this.talk?.several) for (const one of this.texts.querySelectorAll(".candidate")) one.classList.toggle("best", one.dataset.letter === letter);
  }

  #draw() {
    const more = this.talk?.several && !this.talk.last;
    const waits = (!chosen.goesOn || more) && !this.shown.rating;
    this.sender.hidden = !(this.complete && waits && this.changeable);
    this.sender.firstChild.textContent = more ? "End the dialogue here " : "Save and go on ";
  }

  press(key) {
    if (!this.changeable || this.covered) return false;
    const found = this.questions.byKey(key);
    if (found) this.choose(...found);
    return Boolean(found);
  }

  enter() {
    if (this.goOn) this.goOn();
    else if (this.shown.rating) this.page.on();
    else if (this.complete && this.changeable && !this.page.busy) this.#send();
  }

  async #send() {
    clearTimeout(this.drafting);
    const came = await this.page.save(this.#answer({ answers: this.#given() }));
    if (came) this.page.next(came, `Saved: ${this.#said()}.`);
  }

  // Another answer to what was answered: saved at once, and the page stays.
  async #change() {
    const came = await this.page.save(this.#answer({ answers: this.#given() }));
    if (!came) return;
    this.shown = { ...this.shown, rating: came.feedback.rating, replaces: came.feedback.rating.id };
    this.message.hidden = true;
    announce(`Changed to: ${this.#said()}.`);
  }

  async skip(reason) {
    const came = await this.page.save(this.#answer({ answers: {}, skipped: reason }));
    if (came) this.page.next(came, "Skipped.");
  }

  #answer(given) {
    return { item: this.shown.item, comment: this.field.value, skipped: null, replaces: this.shown.replaces, seconds: this.page.clock.read(), ...given };
  }

  #given() { return Object.fromEntries(this.asked.map((one) => [one.id, this.answers[one.id]])); }
  #said() { return this.asked.map((one) => wordsOf(one, this.answers[one.id])).join(", "); }

  explain(feedback, goOn) {
    this.goOn = goOn;
    this.#showGold(feedback.rating.answers, feedback.gold, feedback.explanation, feedback.right);
  }

  // In the place of the questions: each with the answer that was given and the right one, and why.
  #showGold(answers, gold, explanation, right) {
    const lines = this.shown.questions.filter((one) => one.id in gold).map((one) => {
      const good = right ? right[one.id] : answers[one.id] === gold[one.id];
      const known = right !== null || good;
      return make("li", { class: good ? "good" : known ? "bad" : "" }, make("p", { class: "asked" }, one.words),
        make("p", { class: "given" }, known && icon(good ? "check" : "cross"), make("span", null, "You said ", make("b", null, wordsOf(one, answers[one.id])), good ? "." : [", the right answer is ", make("b", null, wordsOf(one, gold[one.id])), "."])));
    });
    const all = right ? Object.values(right).every(Boolean) : null;
    const title = make("h2", { tabindex: "-1" }, all === null ? "How it should be" : all ? "Right" : "Not quite");
    fill(this.asking, make("section", { class: `feedback ${all === null ? "" : all ? "good" : "bad"}` }, title, make("ul", null, lines), make("p", { class: "why" }, explanation)));
    if (this.goOn) this.element.classList.add("explained");
    fill(this.under, button([this.goOn ? "Go on " : "Next ", make("kbd", { "aria-hidden": "true" }, "Enter")], () => this.enter(), { class: "act main wide" }));
    if (this.goOn) { title.focus({ preventScroll: true }); this.asking.scrollIntoView({ block: "nearest" }); }
  }

  wait(on) { this.element.classList.toggle("waiting", on); this.element.querySelector(".panel").setAttribute("aria-busy", String(on)); }
  say(words) { this.message.textContent = clean(words); this.message.hidden = false; }

  cover(on) {
    this.covered = on;
    this.cloth.hidden = !on;
    this.texts.hidden = on;
    if (!this.goOn && this.shown.changeable) this.questions.disable(on || Boolean(this.talk && !this.talk.begun));
    announce(on ? "The texts are covered." : "");
  }

  write() { this.noting.open = true; this.field.focus(); }

  #wrote() { this.keep(); if (!this.shown.rating) this.#draft(PAUSE_MS); }
  #wroteAll() { if (this.shown.rating && !this.shown.rating.skipped && this.field.value !== this.shown.rating.comment) this.#change(); }

  keep(said = this.talk?.field.value) {
    if (!this.shown.rating && !this.goOn) this.page.draft.keep({ item: this.shown.item, answers: this.answers, comment: this.field.value, said, seconds: this.page.clock.read() });
  }

  // The server keeps what is begun, for another device; what fails here is still kept on this one.
  #draft(wait) {
    clearTimeout(this.drafting);
    this.drafting = setTimeout(() => {
      this.page.bar.save("saving");
      this.page.ask("/draft", { item: this.shown.item, answers: this.answers, comment: this.field.value }).then(() => this.page.bar.save("saved"), (fault) => this.page.bar.save(fault.passes ? "waiting" : "refused"));
    }, wait);
  }
}
