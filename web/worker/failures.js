/** Failures that nobody waits for. Pyodide waits for ever for what fails in its start: there they end the start. */

import {reasonOf} from '../reason.js';

/** Promises of the worker that are rejected and that nobody waits for. */
export class Failures {
  /** @type {PromiseWithResolvers<never>} */
  #first = Promise.withResolvers();
  /** @type {(reason: unknown) => void} */
  #take = this.#first.reject;

  constructor() {
    this.#first.promise.catch(() => {});
    addEventListener('unhandledrejection', ({reason}) => this.#take(reason));
  }

  /** Rejects as the first one did, unless that was after `end`. */
  get first() {
    return this.#first.promise;
  }

  /**
   * Pyodide is there, so nothing waits for what fails from now on: it is only told.
   *
   * @param {(text: string) => void} tell
   */
  end(tell) {
    this.#take = (reason) => tell(`Something failed in Python's worker: ${reasonOf(reason)}`);
  }
}

/**
 * Has Pyodide start its WebAssembly where nothing can be compiled while it arrives, too.
 *
 * @type {typeof WebAssembly.instantiateStreaming}
 */
async function instantiateWhole(source, imports) {
  return WebAssembly.instantiate(await (await source).arrayBuffer(), imports);
}

/**
 * Waits for a start of Pyodide, which only warns in the console where its WebAssembly does not start.
 *
 * @template T
 * @param {() => Promise<T>} start
 * @returns {Promise<T>}
 */
export async function orWebAssemblyFails(start) {
  if (!globalThis.WebAssembly) return start(); // and it says so
  const original = WebAssembly.instantiateStreaming;
  const failed = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
  WebAssembly.instantiateStreaming = (...given) => {
    const instance = (original ?? instantiateWhole)(...given);
    instance.catch((error) =>
      failed.reject(new Error(`Python's WebAssembly did not start: ${reasonOf(error)}`)),
    );
    return instance;
  };
  try {
    return await Promise.race([start(), failed.promise]);
  } finally {
    WebAssembly.instantiateStreaming = original;
  }
}
