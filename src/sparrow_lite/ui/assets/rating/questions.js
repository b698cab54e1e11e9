// Questions with their choices, answered by mouse, finger or number key.

import { make } from "./elements.js";

// `answers` is read at each drawing; `choose(question, choice)` is told of each click.
export class Questions {
  constructor(questions, { answers, choose, disabled = false, right = null }) {
    this.questions = questions;
    this.answers = answers;
    this.choose = choose;
    this.active = this.firstOpen();
    this.element = make("div", { class: "questions" }, questions.map((one) => this.#question(one, disabled)));
    this.right = right;
    this.draw();
  }

  get complete() { return this.questions.every((one) => this.answers[one.id]); }

  firstOpen() { return (this.questions.find((one) => !this.answers[one.id]) || this.questions[0])?.id; }

  // A question that was just answered hands over to the next one that is open.
  next() { this.active = this.firstOpen(); this.draw(); }

  // The choice of a key in the question at hand, or null.
  byKey(key) {
    const question = this.questions.find((one) => one.id === this.active);
    const choice = question?.choices.find((one) => one.key === key);
    return choice ? [question.id, choice.id] : null;
  }

  disable(off) { for (const one of this.element.querySelectorAll("fieldset")) one.disabled = off; }

  draw() {
    for (const field of this.element.querySelectorAll("fieldset")) {
      const id = field.dataset.question;
      field.classList.toggle("active", id === this.active && this.questions.length > 1);
      for (const one of field.querySelectorAll(".choice")) one.setAttribute("aria-pressed", String(this.answers[id] === one.dataset.choice));
    }
  }

  focus() { this.element.querySelector(`[data-question="${CSS.escape(this.active || "")}"] .choice`)?.focus(); }

  #question(question, disabled) {
    const guidance = `guidance-${question.id}`;
    const scale = question.ordinal && question.choices.length > 3;
    return make("fieldset", { "data-question": question.id, disabled, "aria-describedby": guidance, onfocusin: () => { this.active = question.id; this.draw(); } },
      make("legend", null, question.words),
      make("div", { class: `choices${scale ? " scale" : ""} of-${question.choices.length}` }, question.choices.map((choice) => make("button", { type: "button", class: "choice", "data-choice": choice.id, "aria-pressed": "false", "aria-keyshortcuts": choice.key, onclick: () => this.choose(question.id, choice.id) }, make("kbd", { "aria-hidden": "true" }, choice.key), make("span", null, choice.words)))),
      make("p", { class: "guidance", id: guidance }, question.guidance));
  }
}

export const wordsOf = (question, choice) => question.choices.find((one) => one.id === choice)?.words || choice || "–";
