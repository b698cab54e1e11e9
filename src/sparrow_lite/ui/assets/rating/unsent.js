// Answers that the server has not acknowledged yet. They outlive a reload, a crash, and a lost connection: each is
// kept in the browser before it is sent, under an id of its own, so that one that is sent twice counts once.

import { call } from "./api.js";

const LONGEST_WAIT = 30;

export class Unsent {
  // `told(state, words)` hears of `saving`, `saved`, `waiting`.
  constructor(rater, headers, told) {
    this.prefix = `sparrow-rate:${rater}:save:`;
    this.headers = headers;
    this.told = told;
    this.wake = null;
    addEventListener("online", () => this.wake?.());
  }

  // Oldest first. Another tab of the same rater may send them too, which harms nothing.
  entries() {
    const found = [];
    for (let place = 0; place < localStorage.length; place += 1) {
      const key = localStorage.key(place);
      if (key.startsWith(this.prefix)) {
        try { found.push(JSON.parse(localStorage.getItem(key))); } catch { localStorage.removeItem(key); }
      }
    }
    return found.sort((one, other) => one.at - other.at);
  }

  keep(answer) {
    try { localStorage.setItem(this.prefix + answer.id, JSON.stringify({ at: Date.now(), answer })); } catch { /* Then only this page holds it. */ }
  }

  drop(id) {
    try { localStorage.removeItem(this.prefix + id); } catch { /* It was not kept. */ }
  }

  // Resolves to what came back once it is saved; rejects when the server refuses it for good.
  async save(answer) {
    this.keep(answer);
    return this.#send(answer);
  }

  // Sends what an earlier page left. Resolves to how many were saved, and to the faults of those refused.
  async sendAll() {
    const refused = [];
    const left = this.entries();
    for (const { answer } of left) {
      try { await this.#send(answer); } catch (fault) { refused.push(fault); }
    }
    return { saved: left.length - refused.length, refused };
  }

  async #send(answer) {
    for (let tries = 0; ; tries += 1) {
      if (tries === 0) this.told("saving");
      try {
        const came = await call("/answer", { body: answer, headers: this.headers, keepalive: true });
        this.drop(answer.id);
        this.told("saved");
        return came;
      } catch (fault) {
        // A link that ended may be given again, so that its answers are kept; all else that is refused is not asked for.
        if (!fault.passes) {
          if (fault.status !== 401) this.drop(answer.id);
          this.told("refused");
          throw fault;
        }
        const wait = Math.min(LONGEST_WAIT, fault.wait || 2 ** Math.min(tries, 5));
        this.told("waiting", fault.status === 0 ? "No connection. Your answer is kept on this device and is sent again by itself." : "The server is busy. Your answer is kept on this device and is sent again by itself.");
        await new Promise((resolve) => { this.wake = resolve; setTimeout(resolve, wait * 1000); });
      }
    }
  }
}

// What is begun of the item at hand, kept at each key: the server's draft is a moment behind.
export class Draft {
  constructor(rater) { this.key = `sparrow-rate:${rater}:draft`; }
  read(item) {
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      return kept?.item === item ? kept : null;
    } catch { return null; }
  }
  keep(draft) { try { localStorage.setItem(this.key, JSON.stringify(draft)); } catch { /* The server's draft is left. */ } }
  drop() { try { localStorage.removeItem(this.key); } catch { /* It was not kept. */ } }
}
