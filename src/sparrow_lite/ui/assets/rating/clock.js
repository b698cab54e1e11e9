// How long an item was looked at: time in other tabs, behind a break, or asleep does not count.

const LONGEST_GAP = 120;

export class Clock {
  constructor() {
    this.seconds = 0;
    this.at = null;
    document.addEventListener("visibilitychange", () => (document.hidden ? this.#stop() : this.#go()));
    for (const kind of ["pointermove", "keydown", "scroll", "touchstart"]) addEventListener(kind, () => this.#beat(), { passive: true });
    this.running = false;
  }
  start(seconds = 0) { this.seconds = seconds; this.running = true; this.#go(); }
  pause() { this.#stop(); this.running = false; }
  resume() { this.running = true; this.#go(); }
  read() { this.#beat(); return Math.round(10 * this.seconds) / 10; }
  #go() { if (this.running && !document.hidden) this.at = performance.now(); }
  #stop() { this.#beat(); this.at = null; }
  // Somebody who does nothing for two minutes is not reading.
  #beat() {
    if (this.at === null) return;
    const now = performance.now();
    this.seconds += Math.min(LONGEST_GAP, (now - this.at) / 1000);
    this.at = now;
  }
}
