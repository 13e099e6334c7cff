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
  #pending = false;
  #cancel = () => 0;
  #running = () => 0;

  /**
   * @param {import('../vendor/pyodide/pyodide.mjs').PyodideInterface} pyodide
   * @param {SharedArrayBuffer | null} memory
   * @param {() => number} cancel cancels the waiting cells and says how many there were
   * @param {() => number} running how many cells are under way
   */
  open(pyodide, memory, cancel, running) {
    this.#cancel = cancel;
    this.#running = running;
    if (memory) {
      this.#shared = sharedViews(memory);
      pyodide.setInterruptBuffer(this.#shared.signal);
    }
    Object.assign(globalThis, {tfjsPyoInterrupted: () => this.#poll()});
  }

  /** The device asks whether it should stop; each interrupt is told once. */
  #poll() {
    this.#lastPoll = performance.now();
    const stop = this.heed(true) || this.#pending;
    this.#pending = false;
    return stop;
  }

  /**
   * The bell is heard: whether to stop for it. Where that cannot be it is rung anew, until it can or the message is here.
   *
   * @param {boolean} canStop
   */
  heed(canStop) {
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
  arrive(number) {
    if (this.#shared) {
      if (Atomics.load(this.#shared.taken, 0) >= number) return 0;
      Atomics.store(this.#shared.taken, 0, number);
    }
    if (performance.now() - this.#lastPoll > POLLED_LATELY_MS) return this.#cancel();
    if (this.#running() === 0) return 0; // or the next cell would be stopped for it
    this.#pending = true;
    setTimeout(() => {
      if (!this.#pending) return;
      this.#pending = false;
      this.#cancel();
    }, POLLED_LATELY_MS);
    return 1;
  }
}
