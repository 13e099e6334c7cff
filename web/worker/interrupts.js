/**
 * Ctrl-C. Three things can be under way when it comes:
 *
 * - a cell waits (for a fit, a sleep, a download): the page's message arrives here at once, and the cell is cancelled;
 * - the device's training loop runs: it asks `globalThis.tfjsPyoInterrupted()` between its slices and ends by itself;
 * - Python computes: no message gets in, so the page rings the bell that Pyodide watches (shared memory), and Python raises
 *   KeyboardInterrupt. The message comes in later and must not cancel anything else then.
 *
 * The page numbers them, and rings until it sees in `taken` that the worker has seen to its number: none is lost, and what is
 * rung once too often stops nothing.
 */

import {sharedViews} from '../protocol.js';

const POLLED_LATELY_MS = 1000;
const SIGINT = 2;

export class Interrupts {
  /** @type {ReturnType<typeof sharedViews> | null} */
  #shared = null;
  #lastPoll = -Infinity;
  /** The last of the cells that the device's loop is to stop for; 0: none. */
  #pending = 0;
  /** @type {(last?: number) => number} */
  #cancel = () => 0;
  /** @type {(last?: number) => number} */
  #latest = () => 0;

  /**
   * @param {import('../vendor/pyodide/pyodide.mjs').PyodideInterface} pyodide
   * @param {SharedArrayBuffer | null} memory
   * @param {(last?: number) => number} cancel cancels the waiting cells (up to a number) and says how many there were
   * @param {(last?: number) => number} latest the number of the latest cell (up to one) that is under way; 0: none
   */
  open(pyodide, memory, cancel, latest) {
    this.#cancel = cancel;
    this.#latest = latest;
    if (memory) {
      this.#shared = sharedViews(memory);
      pyodide.setInterruptBuffer(this.#shared.signal);
    }
    Object.assign(globalThis, {tfjsPyoInterrupted: () => this.#poll()});
  }

  /** The device asks whether it should stop; each interrupt is told once. */
  #poll() {
    this.#lastPoll = performance.now();
    const stop = this.consumeInterrupt(true) || this.#awaited();
    this.#pending = 0;
    return stop;
  }

  /** Whether a cell that is to be stopped is still under way: what came after it goes on. */
  #awaited() {
    return this.#pending > 0 && this.#latest(this.#pending) > 0;
  }

  /**
   * The bell is heard: whether to stop for it. Where that cannot be it is rung anew, until it can or the message is here.
   *
   * @param {boolean} canStop
   */
  consumeInterrupt(canStop) {
    if (this.#shared === null) return false;
    const {signal, asked, taken} = this.#shared;
    const number = Atomics.load(asked, 0);
    if (number <= Atomics.load(taken, 0)) return false;
    if (canStop) Atomics.store(taken, 0, number);
    else signal[0] = SIGINT;
    return canStop;
  }

  /**
   * The page's message is here.
   *
   * @param {number} number
   */
  onMessage(number) {
    if (this.#shared) {
      if (Atomics.load(this.#shared.taken, 0) >= number) return 0;
      Atomics.store(this.#shared.taken, 0, number);
    }
    if (performance.now() - this.#lastPoll > POLLED_LATELY_MS) return this.#cancel();
    const last = this.#latest();
    if (last === 0) return 0; // or the next cell would be stopped for it
    this.#pending = last;
    setTimeout(() => {
      if (this.#pending !== last) return;
      this.#pending = 0;
      this.#cancel(last);
    }, POLLED_LATELY_MS);
    return 1;
  }
}
