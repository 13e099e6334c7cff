/** The worker: owns Pyodide, the REPL's Python side and the WebGL2 device. The page talks to it as protocol.js says. */

import * as Comlink from './vendor/comlink/comlink.min.mjs';
import {SERVICES} from './protocol.js';
import {boot} from './worker/boot.js';
import {Failures} from './worker/failures.js';
import {Interrupts} from './worker/interrupts.js';
import {OutputStream} from './worker/output.js';

/** @typedef {import('./protocol.js').WorkerApi} WorkerApi */

const interrupts = new Interrupts();
const output = new OutputStream();
/** Errors of a worker reach the page by themselves; promises that nobody waits for do not. */
const failures = new Failures();

/** @type {import('./worker/boot.js').Machine | null} */
let machine = null;

/**
 * Tells the page something, in order with the answers to its calls: a port of its own could be overtaken by them.
 *
 * @param {import('./protocol.js').Announcement} announcement
 */
const announce = (announcement) => postMessage(announcement);

/** @returns {import('./worker/boot.js').Machine} */
function booted() {
  if (machine === null) throw new Error('Python is not there yet: await boot() first');
  return machine;
}

/**
 * @param {string} _key
 * @param {any} value
 */
function reviveFloats(_key, value) {
  if (value === null || typeof value !== 'object' || typeof value.$float !== 'string') return value;
  return value.$float === 'nan' ? NaN : value.$float === 'inf' ? Infinity : -Infinity;
}

/** @type {WorkerApi} */
const api = {
  async boot(options, page) {
    output.open((pieces) => announce({output: pieces}), options.memory);
    // Python finds it under this name; see py/tfjs_pyo/io/page.py and data/streams.py. Plain functions: Python looks into
    // objects, and each look into a remote one would be a message.
    const asked = SERVICES.map((name) => [
      name,
      (/** @type {any[]} */ ...given) => /** @type {Function} */ (page[name])(...given),
    ]);
    Object.assign(globalThis, {pyoPage: Object.fromEntries(asked)});
    machine = await boot(options, (step) => announce({progress: step}), output, interrupts, failures);
    return machine.report;
  },

  async run(source, {namespace = '', show = false, keep = true, file = '', columns = 0} = {}) {
    const answer = await booted().session.run(source, namespace, keep, show, file, columns);
    output.flush();
    return JSON.parse(answer, reviveFloats);
  },

  isComplete: (source) => booted().session.is_complete(source),
  complete: (source) => JSON.parse(booted().session.complete(source)),
  interrupt: (number) => interrupts.onMessage(number),
  keep: (name, bytes) => booted().keep(name, bytes),
  forget: (namespace) => booted().session.forget(namespace),
  feed: async (sketch, pixels) => JSON.parse(await booted().feed(sketch, pixels)),
  steer: (run, what) => booted().steer(run, what),

  latest: () => booted().inspection.latest().toJs({dict_converter: Object.fromEntries}),
  measure: (kind) => booted().inspection.measure(kind),
  source: (kind, kernel) => booted().inspection.source(kind, kernel),

  status() {
    const {session, device, statusJson} = booted();
    return {
      device: device ? device.limits() : null,
      deviceStats: device ? device.stats() : null,
      running: session.running(),
      ...JSON.parse(statusJson()),
    };
  },
};

Comlink.expose(api);
