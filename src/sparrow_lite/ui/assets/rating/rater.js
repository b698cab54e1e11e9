// The rater's page. The server says what is shown; nothing that is clicked is lost on the way there.

import { call, newId } from "./api.js";
import { Bar } from "./bar.js";
import { askReason, help } from "./boxes.js";
import { chosen } from "./choices.js";
import { Clock } from "./clock.js";
import { announce, byId, clean, fill } from "./elements.js";
import { listen } from "./keys.js";
import { Rating } from "./rating.js";
import * as scenes from "./scenes.js";
import { Draft, Unsent } from "./unsent.js";

const REST_ITEMS = 50;
const REST_SECONDS = 30 * 60;
const LOOK_SECONDS = 15;

class Page {
  constructor() {
    const [, , first, second] = location.pathname.split("/");
    this.headers = first === "as" ? { "x-rater": decodeURIComponent(second || "") } : { authorization: `Bearer ${decodeURIComponent(first)}` };
    this.bar = new Bar({ rest: () => this.rest(), cover: () => this.cover(), help: () => this.help() });
    this.clock = new Clock();
    this.rested = { at: Date.now(), items: 0 };
    this.rating = null;
    this.busy = false;
  }

  ask(path, body) { return call(path, { body, headers: this.headers }); }

  async open() {
    try {
      let task = await this.ask("/open", {});
      this.unsent = new Unsent(task.rater, this.headers, (state, words) => this.#saving(state, words));
      this.draft = new Draft(task.rater);
      this.met = `sparrow-rate:${task.rater}:met`;
      if (this.unsent.entries().length) {
        const { refused } = await this.unsent.sendAll();
        for (const fault of refused) this.tell(fault.message);
        task = await this.ask("/task");
      }
      this.show(task);
    } catch (fault) { this.#fail(fault, () => this.open()); }
  }

  // The task decides what stands here; `fresh` for one that was just taken back: its draft is not filled in.
  show(task, { fresh = false, note = "" } = {}) {
    this.task = task;
    this.bar.show(task);
    clearTimeout(this.looking);
    const end = this.#end(task);
    if (end) return this.#scene(end);
    if (task.rater_state !== "done" && !read(this.met)) return this.#scene(scenes.welcome(task, () => { write(this.met); this.show(this.task); }));
    if (this.#tired()) return this.#scene(scenes.rest(task.progress.done, task.progress.total - task.progress.done, Math.round((Date.now() - this.rested.at) / 60000), () => { this.#rested(); this.show(this.task); }));
    if (!task.shown) return this.#scene(scenes.done(task, () => this.go(task.progress.total - 1)));
    return this.#item(task.shown, { fresh, note });
  }

  #end(task) {
    if (task.rater_state === "failed") return scenes.failed(this.score);
    if (task.rater_state === "replaced") return scenes.replaced();
    if (task.session_state === "closed") return scenes.closed();
    if (task.session_state !== "paused") return null;
    this.looking = setTimeout(() => this.reload(), LOOK_SECONDS * 1000);
    return scenes.paused();
  }

  #scene(scene) {
    this.rating = null;
    this.clock.pause();
    document.documentElement.dataset.view = "scene";
    fill(byId("main"), scene);
    byId("place").focus({ preventScroll: true });
    scrollTo(0, 0);
  }

  #item(shown, { fresh, note }) {
    const kept = fresh ? null : this.draft.read(shown.item);
    document.documentElement.dataset.view = "item";
    this.rating = new Rating(this, shown, { kept, fresh, covered: chosen.covered && !shown.rating });
    fill(byId("main"), this.rating.element);
    this.bar.covered(this.rating.covered);
    this.clock.start(kept?.seconds || 0);
    scrollTo(0, 0);
    byId("place").focus({ preventScroll: true });
    announce([note, this.rating.name].filter(Boolean).join(" "));
  }

  // Saves an answer or a skip. Resolves to what came back; null when it was refused, and the page shows what stands.
  async save(answer) {
    if (this.busy) return null;
    this.busy = true;
    this.rating?.wait(true);
    try {
      const came = await this.unsent.save({ id: newId(), ...answer });
      this.draft.drop();
      this.task = { ...came.task, shown: this.task.shown };
      this.bar.show(this.task);
      return came;
    } catch (fault) {
      if (fault.status === 401) this.#fail(fault);
      else { this.tell(fault.message); await this.reload(); }
      return null;
    } finally {
      this.busy = false;
      this.rating?.wait(false);
    }
  }

  // After an answer: the next item, or, in the practice, what was right.
  next(came, note) {
    const { feedback, task } = came;
    if (feedback.score !== null) this.score = feedback.score;
    this.rested.items += 1;
    if (feedback.gold !== null && feedback.rating.skipped === null) this.rating.explain(feedback, () => this.#after(feedback, task));
    else this.#after(feedback, task, note);
  }

  #after(feedback, task, note) {
    if (feedback.score !== null && task.rater_state !== "failed") {
      this.task = task;
      this.bar.show(task);
      this.#rested();
      this.#scene(scenes.passed(feedback.score, task, () => this.show(task)));
    } else this.show(task, { note });
  }

  async go(place, options = {}) {
    if (this.busy) return;
    await this.#during(async () => this.show(await this.ask(`/task?place=${place}`), options));
  }

  async reload() { await this.#during(async () => this.show(await this.ask("/task"))); }

  async undo() {
    if (this.busy || !this.task) return;
    if (!this.task.undoes) { this.tell("There is nothing to take back."); return; }
    await this.#during(async () => {
      const task = await this.ask("/undo", { rating: this.task.undoes });
      this.draft.drop();
      this.bar.save("saved");
      this.show(task, { fresh: true, note: "Taken back." });
      if (!this.rating) return;
      this.rating.say("Taken back: answer it anew.");
    });
  }

  async #during(act) {
    this.busy = true;
    try { await act(); } catch (fault) {
      if (fault.passes) this.tell(fault.message);
      else if (fault.status === 401) this.#fail(fault);
      else this.tell(fault.message);
    } finally { this.busy = false; }
  }

  async skip() {
    if (!this.rating?.changeable || this.busy) return;
    const reason = await askReason();
    if (reason) await this.rating?.skip(reason);
  }

  press(key) { return Boolean(this.rating?.press(key)); }
  enter() { if (this.rating) this.rating.enter(); else byId("main").querySelector(".main.big")?.click(); }
  note() { this.rating?.write(); }
  cover() { if (this.rating) { this.rating.cover(!this.rating.covered); this.bar.covered(this.rating.covered); } }
  help() { if (this.task) help(this.task.guidance, () => {}); }

  back() {
    const place = this.rating ? this.rating.place - 1 : this.task?.rater_state === "done" ? this.task.progress.total - 1 : -1;
    if (place >= 0) this.go(place);
  }

  on() {
    if (!this.rating) return;
    if (this.rating.answered) this.#forth();
    else { this.rating.enter(); if (this.rating && !this.rating.complete) announce("Answer it first, or skip it."); }
  }

  #forth() {
    if (this.rating.place + 1 < this.task.progress.total) this.go(this.rating.place + 1);
    else this.reload();
  }

  rest() {
    if (!this.rating) return;
    this.rating.keep();
    this.#scene(scenes.resting(() => { this.#rested(); this.reload(); }));
  }

  #rested() { this.rested = { at: Date.now(), items: 0 }; }
  #tired() { return this.rested.items >= REST_ITEMS || (this.rested.items > 5 && (Date.now() - this.rested.at) / 1000 > REST_SECONDS); }

  tell(words) {
    announce(words);
    const shown = byId("notice") || document.body.appendChild(Object.assign(document.createElement("p"), { id: "notice" }));
    shown.textContent = clean(words);
    shown.classList.add("on");
    clearTimeout(this.telling);
    this.telling = setTimeout(() => shown.classList.remove("on"), 6000);
  }

  #saving(state, words) {
    this.bar.save(state);
    if (state === "waiting" && this.waiting !== words) this.tell(words);
    this.waiting = state === "waiting" ? words : "";
  }

  #fail(fault, again) {
    if (fault.passes && again) this.#scene(scenes.trouble(fault.message, again));
    else this.#scene(scenes.refused(fault.message, "x-rater" in this.headers));
  }
}

function read(key) { try { return localStorage.getItem(key); } catch { return null; } }
function write(key) { try { localStorage.setItem(key, "1"); } catch { /* Then the welcome comes again. */ } }

const page = new Page();
listen(page);
page.open();
