/** The page's side of the worker: starts it, talks to it, stops it, starts it again. */

import * as Comlink from './vendor/comlink/comlink.min.mjs';
import {SHARED_BYTES, canShare, sharedViews} from './protocol.js';
import {closeAll} from './media/streams.js';
import {isKept} from './offline/offline.js';
import {services} from './services.js';
import {reasonOf} from './reason.js';
import {workerAt} from './trusted.js';

/** A worker that has not answered an interrupt by then is computing in Python. */
const BUSY_AFTER_MS = 50;
/** Python may miss the bell: it is rung until it is heard. */
const RING_AGAIN_MS = 50;
/** Without shared memory there is no way into a busy worker: after this long it is started anew. */
const RESTART_AFTER_MS = 1500;
const SIGINT = 2;

/** @typedef {import('./protocol.js').WorkerApi} WorkerApi */
/** @typedef {import('./protocol.js').RunResult} RunResult */

/**
 * @typedef {object} Listener what the client tells the page
 * @property {(step: import('./protocol.js').Progress) => void} progress
 * @property {(pieces: import('./protocol.js').Output[]) => Promise<void>} output resolves when they are on the screen
 * @property {(report: import('./protocol.js').BootReport) => void} ready
 * @property {(error: Error) => void} failed
 * @property {() => void} restarting
 * @property {(text: string) => void} problem something went wrong in the worker after its start
 */

/** @param {number} ms */
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms, 'late'));

/** @param {ReturnType<typeof sharedViews>} shared */
function countShown({shown}) {
  Atomics.add(shown, 0, 1);
  Atomics.notify(shown, 0);
}

export class Client {
  #listener;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Comlink.Remote<WorkerApi> | null} */
  #api = null;
  /** @type {ReturnType<typeof sharedViews> | null} */
  #shared = null;
  #presses = 0;
  /** Whether its boot goes on: what is on its way when it fails is no news. */
  #booting = false;
  /** Ends the calls of a worker that is gone. @type {(error: Error) => void} */
  #abandon = () => {};
  /** @type {Promise<never>} */
  #gone = new Promise(() => {});

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
  }

  /** Start a worker; its boot is reported to the listener. */
  async start() {
    this.#gone = new Promise((_, reject) => (this.#abandon = reject));
    this.#gone.catch(() => {});
    /** @type {Worker | null} */
    let worker = null;
    this.#booting = true;
    try {
      const {broken, api, up} = this.#open();
      worker = this.#worker;
      const memory = canShare() ? new SharedArrayBuffer(SHARED_BYTES) : null;
      const shared = memory && sharedViews(memory);
      this.#shared = shared;
      worker?.addEventListener('message', ({data}) => this.#hear(data, shared)); // besides Comlink's
      const booting = api.boot(
        {
          site: new URL('./', import.meta.url).href,
          memory,
          kept: isKept(),
        },
        Comlink.proxy(services),
      );
      const report = await Promise.race([booting, broken, this.#gone]);
      up();
      this.#listener.ready(/** @type {import('./protocol.js').BootReport} */ (report));
    } catch (error) {
      if (this.#worker === worker) {
        this.#booting = false;
        this.#listener.failed(error instanceof Error ? error : new Error(reasonOf(error)));
      }
    }
  }

  /** Makes the worker; `broken` rejects where it fails before it is up, later failures are told to the listener. */
  #open() {
    const worker = new Worker(workerAt('worker.js'), {type: 'module', name: 'python'});
    const broken = /** @type {PromiseWithResolvers<never>} */ (Promise.withResolvers());
    broken.promise.catch(() => {});
    let up = false;
    const api = /** @type {Comlink.Remote<WorkerApi>} */ (Comlink.wrap(worker));
    worker.addEventListener('error', (event) => {
      const what = event.message || 'one of its files did not load';
      if (up) this.#listener.problem(`Something failed in Python's worker: ${what}`);
      else broken.reject(new Error(`The worker could not start: ${what}`));
    });
    this.#worker = worker;
    this.#api = api;
    return {broken: broken.promise, api, up: () => (up = true)};
  }

  /**
   * Hands on what the worker says of its own accord.
   *
   * @param {import('./protocol.js').Announcement} announcement
   * @param {ReturnType<typeof sharedViews> | null} shared
   */
  async #hear({progress, output}, shared) {
    if (progress && this.#booting) this.#listener.progress(progress);
    if (!output) return;
    try {
      await this.#listener.output(output);
    } finally {
      if (shared) countShown(shared); // what could not be shown, too: the worker would wait for it
    }
  }

  /** Throw the worker away, with all that its Python held, and start another. */
  async restart() {
    this.#listener.restarting();
    this.#worker?.terminate();
    this.#worker = null;
    closeAll();
    this.#abandon(new Error('Python was restarted'));
    await this.start();
  }

  /** @returns {Comlink.Remote<WorkerApi>} */
  #running() {
    if (this.#api === null) throw new Error('Python has not been started');
    return this.#api;
  }

  /**
   * @template T
   * @param {Promise<T>} call
   * @returns {Promise<T>}
   */
  #orGone(call) {
    return Promise.race([call, this.#gone]);
  }

  /**
   * @param {string} source
   * @param {import('./protocol.js').RunOptions} [options]
   * @returns {Promise<RunResult>}
   */
  async run(source, options) {
    try {
      return await this.#orGone(this.#running().run(source, options));
    } catch (error) {
      const message = reasonOf(error);
      return {
        stdout: '',
        stderr: '',
        result: null,
        error: {type: 'WorkerError', message, traceback: `${message}\n`},
      };
    }
  }

  /**
   * @param {string} source
   * @param {number} columns how wide the terminal is
   * @param {string} [file] what Python's __file__ is, from the home folder on
   */
  runAtPrompt(source, columns, file) {
    return this.run(source, {show: true, keep: false, file, columns});
  }

  /** @param {string} source */
  isComplete(source) {
    return this.#orGone(this.#running().isComplete(source));
  }

  /** @param {string} source */
  complete(source) {
    return this.#orGone(this.#running().complete(source));
  }

  latest() {
    return this.#orGone(this.#running().latest());
  }

  /** @param {'step' | 'graph'} kind */
  measure(kind) {
    return this.#orGone(this.#running().measure(kind));
  }

  /**
   * @param {'step' | 'graph'} kind
   * @param {number} kernel
   */
  source(kind, kernel) {
    return this.#orGone(this.#running().source(kind, kernel));
  }

  status() {
    return this.#orGone(this.#running().status());
  }

  /**
   * @param {number} run
   * @param {string} what
   */
  steer(run, what) {
    return this.#orGone(this.#running().steer(run, what));
  }

  /**
   * @param {number} sketch
   * @param {Float32Array} pixels
   */
  feed(sketch, pixels) {
    return this.#orGone(this.#running().feed(sketch, pixels));
  }

  /**
   * Write a file into Python's home folder.
   *
   * @param {string} name
   * @param {Uint8Array} bytes
   */
  keep(name, bytes) {
    return this.#orGone(this.#running().keep(name, bytes));
  }

  /** @param {string} namespace */
  forget(namespace) {
    return this.#orGone(this.#running().forget(namespace));
  }

  /**
   * Ctrl-C: ends what runs, and turns the camera and the microphone off.
   *
   * @returns {Promise<'cancelled' | 'signalled' | 'restarted'>} what it took
   */
  async interrupt() {
    closeAll();
    this.#presses += 1;
    const number = this.#presses;
    const answer = this.#running().interrupt(number);
    const first = await Promise.race([answer, wait(BUSY_AFTER_MS)]);
    if (first !== 'late') return 'cancelled';
    if (this.#shared) {
      const {signal, asked, taken} = this.#shared;
      Atomics.store(asked, 0, number);
      do {
        if (Atomics.load(taken, 0) < number) signal[0] = SIGINT;
      } while ((await this.#orGone(Promise.race([answer, wait(RING_AGAIN_MS)]))) === 'late');
      return 'signalled';
    }
    if ((await Promise.race([answer, wait(RESTART_AFTER_MS)])) !== 'late') return 'cancelled';
    await this.restart();
    return 'restarted';
  }
}
