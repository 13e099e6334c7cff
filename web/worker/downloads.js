/** Watches what the boot fetches: how many bytes have arrived, and whether something has stopped arriving. */
import {reasonOf} from '../reason.js';

/** A file of which nothing has arrived for so long is given up. */
const PATIENCE_MS = 60_000;
const NEWS_MS = 100;

/** @param {RequestInfo | URL} resource */
const addressOf = (resource) =>
  new URL(resource instanceof Request ? resource.url : resource, location.href).href;

/** @param {number} bytes */
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** The steps of the boot, each a part of one bar, which its downloads fill. */
export class Stages {
  #step = '';
  #from = 0;
  #to = 0;

  /** @param {(step: import('../protocol.js').Progress) => void} progress */
  constructor(progress) {
    this.progress = progress;
  }

  /**
   * @param {string} step
   * @param {number} from where it begins, as a share of the bar
   * @param {number} [to] where it ends
   */
  begin(step, from, to = from) {
    [this.#step, this.#from, this.#to] = [step, from, to];
    this.progress({step, done: from});
  }

  /**
   * @param {number} received bytes
   * @param {number} total
   */
  reportProgress(received, total) {
    const step = `${this.#step} (${megabytes(received)} of ${megabytes(total)} MB)`;
    this.progress({step, done: this.#from + ((this.#to - this.#from) * received) / total});
  }
}

export class Downloads {
  /** By address, of what every boot fetches. @type {Record<string, number>} */
  #sizes = {};
  /** @type {PromiseWithResolvers<never>} */
  #lost = Promise.withResolvers();
  #received = /** @type {Map<string, number>} */ (new Map());
  #told = 0;
  #fetch = globalThis.fetch;

  /**
   * @param {object} options
   * @param {string} options.needed what the addresses begin with without which nothing goes on
   * @param {boolean} options.counts whether bytes are counted: what a service worker keeps is there at once, and browsers
   *   keep compiled WebAssembly only for responses that nobody has touched
   * @param {(received: number, total: number) => void} options.reportProgress
   * @param {number} [options.patience] in milliseconds
   */
  constructor({needed, counts, reportProgress, patience = PATIENCE_MS}) {
    this.needed = needed;
    this.counts = counts;
    this.reportProgress = reportProgress;
    this.patience = patience;
    this.#lost.promise.catch(() => {});
    globalThis.fetch = (resource, options) => this.#watched(resource, options);
  }

  /** Rejects when a file that is needed does not arrive: Pyodide would wait for ever. */
  get lost() {
    return this.#lost.promise;
  }

  /** What comes from now on is no longer part of the boot. */
  end() {
    globalThis.fetch = this.#fetch;
    this.reportProgress = () => {};
  }

  /**
   * @param {string} site
   * @param {Promise<{sizes: Record<string, number>}>} manifest the bytes of files by their places, among other things
   */
  async expect(site, manifest) {
    const {sizes} = await manifest.catch(() => ({sizes: {}})); // who needs the manifest says that it is missing
    this.#sizes = Object.fromEntries(Object.entries(sizes).map(([place, size]) => [site + place, size]));
  }

  /**
   * @template T
   * @param {Promise<T>} arriving
   * @param {string} address
   * @returns {Promise<T>}
   */
  async #patiently(arriving, address) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(
        () => reject(new Error(`nothing has come for ${this.patience / 1000} s`)),
        this.patience,
      );
    });
    try {
      return /** @type {T} */ (await Promise.race([arriving, late]));
    } catch (error) {
      throw this.#lose(address, `did not arrive: ${reasonOf(error)}`);
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * @param {string} address
   * @param {string} why
   */
  #lose(address, why) {
    const error = new Error(`${address} ${why}`);
    if (address.startsWith(this.needed)) this.#lost.reject(error);
    return error;
  }

  /**
   * @param {RequestInfo | URL} resource
   * @param {RequestInit} [options]
   */
  async #watched(resource, options) {
    const address = addressOf(resource);
    const response = await this.#patiently(this.#fetch.call(globalThis, resource, options), address);
    if (!response.ok) this.#lose(address, `did not arrive: the server answered ${response.status}`);
    const canCount = this.counts && response.body && globalThis.ReadableStream;
    if (!canCount || !response.ok || !address.startsWith('http')) return response;
    const {status, statusText, headers} = response;
    return new Response(this.#counted(response.body.getReader(), address), {status, statusText, headers});
  }

  /**
   * @param {ReadableStreamDefaultReader<Uint8Array>} reader
   * @param {string} address
   */
  #counted(reader, address) {
    return new ReadableStream({
      pull: async (controller) => {
        const {done, value} = await this.#patiently(reader.read(), address);
        if (done) {
          controller.close();
          return;
        }
        this.#received.set(address, (this.#received.get(address) ?? 0) + value.byteLength);
        this.#reportProgress();
        controller.enqueue(value);
      },
      cancel: (reason) => reader.cancel(reason),
    });
  }

  #reportProgress() {
    const now = performance.now();
    if (now - this.#told < NEWS_MS) return;
    this.#told = now;
    const known = Object.entries(this.#sizes);
    const total = known.reduce((sum, [, size]) => sum + size, 0);
    const received = known.reduce(
      (sum, [address, size]) => sum + Math.min(size, this.#received.get(address) ?? 0),
      0,
    );
    if (total) this.reportProgress(received, total);
  }
}
