/** Carries what programs print to the page, in order and in bundles: a message for each `print` would flood the page. */

import {sharedViews} from '../protocol.js';

const LONGEST_WAIT_MS = 40;
/** A line is handed on whole, unless it takes its writer longer than this. */
const LONGEST_LINE_MS = 250;
const LARGEST_BUNDLE = 64;

/** So many bundles may be on their way to the screen; then the writer waits, or it would bury the page. */
const MOST_UNDER_WAY = 2;
const LONGEST_HOLD_MS = 200;

/** @typedef {import('../protocol.js').Output} Output */

export class OutputStream {
  /** @type {Output[]} */
  #waiting = [];
  #lastSent = 0;
  #waitingSince = 0;
  #scheduled = false;
  #sent = 0;
  /** @type {ReturnType<typeof sharedViews> | null} */
  #shared = null;
  /** @type {(pieces: Output[]) => void} */
  #write = () => {};

  /**
   * @param {(pieces: Output[]) => void} write takes the bundles from now on
   * @param {SharedArrayBuffer | null} memory
   */
  open(write, memory) {
    this.#write = write;
    this.#shared = memory && sharedViews(memory);
  }

  /**
   * @param {number} cell
   * @param {import('../protocol.js').OutputKind} kind
   * @param {string} text
   */
  add(cell, kind, text) {
    const now = performance.now();
    if (this.#waiting.length === 0) this.#waitingSince = now;
    const last = this.#waiting.at(-1);
    if (last && last.cell === cell && last.kind === kind && kind.startsWith('std')) last.text += text;
    else this.#waiting.push({cell, kind, text});
    // While Python holds the worker no timer fires, so the clock is looked at here too.
    const lineIsDue = text.endsWith('\n') && now - this.#lastSent > LONGEST_WAIT_MS;
    const isDue = lineIsDue || now - this.#waitingSince > LONGEST_LINE_MS;
    if (isDue || this.#waiting.length > LARGEST_BUNDLE) {
      this.flush();
    } else if (!this.#scheduled) {
      this.#scheduled = true;
      setTimeout(() => this.flush(), LONGEST_WAIT_MS);
    }
  }

  flush() {
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    const pieces = this.#waiting;
    this.#waiting = [];
    this.#write(pieces);
    this.#sent += 1;
    this.#hold();
    this.#lastSent = performance.now();
  }

  /** Waits for the screen, but not once Ctrl-C was pressed: Python must go on to notice it. */
  #hold() {
    if (!this.#shared) return;
    const {shown, signal} = this.#shared;
    const end = performance.now() + LONGEST_HOLD_MS;
    while (signal[0] === 0 && performance.now() < end) {
      const count = Atomics.load(shown, 0);
      if (this.#sent - count <= MOST_UNDER_WAY) return;
      Atomics.wait(shown, 0, count, LONGEST_WAIT_MS);
    }
  }
}
