/**
 * Ctrl-C. Three things can be under way when it comes:
 *
 * - a cell waits (for a fit, a sleep, a download): the page's message arrives here at once, and the cell is cancelled;
 * - the device's training loop runs: it asks `globalThis.tfjsPyoInterrupted()` between its slices and ends by itself;
 * - Python computes: no message gets in, so the page sets the signal that Pyodide watches (shared memory), and Python raises
 *   KeyboardInterrupt. The message comes in later and must not cancel anything else then.
 */

import {sharedViews} from '../protocol.js';

const POLLED_LATELY_MS = 1000;
const SIGINT = 2;

export class Interrupts {
  /** @type {Uint8Array | null} */
  #signal = null;
  /** @type {Uint8Array | null} */
  #armed = null;
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
      const {signal, armed} = sharedViews(memory);
      this.#signal = signal;
      this.#armed = armed;
      pyodide.setInterruptBuffer(this.#signal);
    }
    Object.assign(globalThis, {tfjsPyoInterrupted: () => this.#poll()});
  }

  /** The device asks whether it should stop; each interrupt is told once. */
  #poll() {
    this.#lastPoll = performance.now();
    const signalled = this.#signal !== null && this.#signal[0] === SIGINT;
    if (signalled && this.#signal) this.#signal[0] = 0;
    const stop = signalled || this.#pending;
    this.#pending = false;
    return stop;
  }

  /** Python was not where it could stop: the signal is set anew, and stays until it is taken or the message is here. */
  again() {
    if (this.#signal && this.#armed?.[0] === 1) this.#signal[0] = SIGINT;
  }

  /** The page's message is here. */
  arrive() {
    if (this.#armed && this.#armed[0] === 1) {
      this.#armed[0] = 0;
      const taken = this.#signal === null || this.#signal[0] === 0;
      if (taken) return 0;
      if (this.#signal) this.#signal[0] = 0;
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
