/** A small light that beats with the page's frames: while it beats smoothly, the page is live. Counts the gaps as well. */

const PERIOD_MS = 1200;

export class Heartbeat {
  #element;
  #last = 0;
  #frames = 0;
  #longest = 0;

  /** @param {HTMLElement} element */
  constructor(element) {
    this.#element = element;
    requestAnimationFrame((now) => {
      this.#last = now;
      requestAnimationFrame((next) => this.#beat(next));
    });
  }

  /** @param {number} now */
  #beat(now) {
    this.#frames += 1;
    this.#longest = Math.max(this.#longest, now - this.#last);
    this.#last = now;
    this.#element.style.opacity = (0.35 + 0.65 * Math.abs(Math.sin((Math.PI * now) / PERIOD_MS))).toFixed(2);
    requestAnimationFrame((next) => this.#beat(next));
  }

  /** Frames drawn and the longest gap between two of them since the last call. */
  take() {
    const taken = {frames: this.#frames, longestGap: this.#longest};
    this.#frames = 0;
    this.#longest = 0;
    return taken;
  }
}
