/** What was entered before, kept in this browser; with a place in it, for the up and down keys. */

const KEY = 'tfjs-pyo.history';
const LONGEST = 500;

export class History {
  /** @type {string[]} */
  #entries = [];
  #place = 0;
  #draft = '';

  constructor() {
    try {
      const kept = JSON.parse(localStorage.getItem(KEY) ?? '[]');
      if (Array.isArray(kept)) this.#entries = kept.filter((entry) => typeof entry === 'string');
    } catch {
      this.#entries = []; // storage may be forbidden, or hold something else: begin anew
    }
    this.#place = this.#entries.length;
  }

  /** @param {string} entry */
  add(entry) {
    if (entry.trim() !== '' && entry !== this.#entries.at(-1)) this.#entries.push(entry);
    this.#entries = this.#entries.slice(-LONGEST);
    this.#place = this.#entries.length;
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#entries));
    } catch {
      // full or forbidden: this page's history still works, it is only not kept
    }
  }

  /**
   * @param {number} step -1: older, 1: newer
   * @param {string} current what stands at the prompt now
   * @returns {string | null} what should stand there, or null if there is nothing in that direction
   */
  move(step, current) {
    const place = this.#place + step;
    if (place < 0 || place > this.#entries.length) return null;
    if (this.#place === this.#entries.length) this.#draft = current;
    this.#place = place;
    return place === this.#entries.length ? this.#draft : this.#entries[place];
  }
}
