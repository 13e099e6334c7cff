/** Both sides, as the page talks to them: ours is the project's own page in a frame, TensorFlow.js has a worker. */

import * as Comlink from '../vendor/comlink/comlink.min.mjs';

/** @typedef {import('./cases/cases.js').Case} Case */

/**
 * @typedef {object} Pyo what the project's page offers to automation (web/page.js)
 * @property {Promise<import('../web/protocol.js').BootReport>} ready
 * @property {(source: string, options: {namespace: string}) => Promise<import('../web/protocol.js').RunResult>} run
 * @property {() => Promise<import('../web/protocol.js').Status>} status
 */

/** @typedef {Window & typeof globalThis & {pyo?: Pyo}} FrameWindow */

/** The longest task on the main thread of a window, as far as the browser tells: those over 50 ms. */
class LongTasks {
  longest = 0;
  #observer;

  /** @param {FrameWindow} view */
  constructor(view) {
    this.#observer = new view.PerformanceObserver((list) => this.#take(list.getEntries()));
    this.#observer.observe({type: 'longtask'});
  }

  /** @param {PerformanceEntryList} entries */
  #take(entries) {
    for (const {duration} of entries) this.longest = Math.max(this.longest, duration);
  }

  /** @returns {number} milliseconds; 0: none over 50 */
  stop() {
    this.#take(this.#observer.takeRecords());
    this.#observer.disconnect();
    return this.longest;
  }
}

export class Ours {
  #frame;
  #channel = new BroadcastChannel('bench');
  /** @type {Float32Array[][]} */
  #arrived = [];
  #arrival = () => {};
  /** @type {Pyo | undefined} */
  #pyo;

  /** @param {HTMLElement} place */
  constructor(place) {
    this.#frame = document.createElement('iframe');
    this.#frame.title = 'tfjs-pyo';
    place.replaceChildren(this.#frame);
    this.#channel.addEventListener('message', ({data}) => {
      this.#arrived.push(data);
      this.#arrival();
    });
  }

  get #window() {
    return /** @type {FrameWindow} */ (this.#frame.contentWindow);
  }

  /** @returns {Promise<Record<string, any>>} what this side is, and what its page took from navigation to prompt */
  async open() {
    const loaded = new Promise((resolve) => this.#frame.addEventListener('load', resolve, {once: true}));
    this.#frame.src = '../index.html';
    await loaded;
    this.#pyo = this.#window.pyo;
    if (!this.#pyo) throw new Error('the page offers no window.pyo');
    const report = await this.#pyo.ready;
    const total = this.#window.performance.now();
    if (report.deviceProblem) throw new Error(`no WebGL2 device: ${report.deviceProblem}`);
    const device = (await this.#pyo.status()).device;
    for (const file of ['ours_programs.py', 'ours.py']) await this.#run(await (await fetch(file)).text());
    const facts = await this.call('open_side');
    const pyodide = report.timings.pyodide;
    return {...facts, renderer: device?.renderer, boot: {total, pyodide, ours: total - pyodide}};
  }

  /** @param {string} source */
  async #run(source) {
    const answer = await /** @type {Pyo} */ (this.#pyo).run(source, {namespace: 'bench'});
    if (answer.error) throw new Error(`our side: ${answer.error.traceback}`);
    return answer.result?.json;
  }

  /**
   * @param {string} name of a function of ours.py
   * @param {any[]} inputs
   * @returns {Promise<any>}
   */
  async call(name, ...inputs) {
    const listed = inputs.map((input) => `json.loads(${JSON.stringify(JSON.stringify(input))})`).join(', ');
    return this.#run(
      `import inspect, json\nanswer = ${name}(${listed})\n(await answer) if inspect.isawaitable(answer) else answer`,
    );
  }

  /** @returns {Promise<Float32Array[]>} the next elements that ours.py sends */
  async arrived() {
    while (!this.#arrived.length) await new Promise((resolve) => (this.#arrival = () => resolve(null)));
    return /** @type {Float32Array[]} */ (this.#arrived.shift());
  }

  watch() {
    return new LongTasks(this.#window);
  }

  close() {
    this.#channel.close();
    this.#frame.remove();
  }
}

export class Theirs {
  #backend;
  #worker = new Worker(new URL('./tfjs_worker.js', import.meta.url), {type: 'module', name: 'tfjs'});
  /** @type {Promise<never>} */
  #broken = new Promise((_, reject) => {
    this.#worker.addEventListener('error', ({message}) =>
      reject(new Error(`TensorFlow.js's worker: ${message}`)),
    );
  });
  /** @type {any} */
  #side = Comlink.wrap(this.#worker);

  /** @param {'webgl' | 'wasm'} backend */
  constructor(backend) {
    this.#backend = backend;
  }

  open() {
    return this.call('open', this.#backend);
  }

  /**
   * @param {keyof import('./tfjs_worker.js').TfjsSide} name
   * @param {any[]} inputs
   * @returns {Promise<any>}
   */
  async call(name, ...inputs) {
    try {
      return await Promise.race([this.#side[name](...inputs), this.#broken]);
    } catch (error) {
      throw new Error(`TensorFlow.js's side: ${error instanceof Error ? error.message : error}`, {
        cause: error,
      });
    }
  }

  close() {
    this.#worker.terminate();
  }
}
