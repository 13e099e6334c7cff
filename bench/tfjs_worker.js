/**
 * TensorFlow.js's side of the benchmarks: a module worker, as ours is, with the WebGL backend on an OffscreenCanvas.
 * It builds what bench/cases.py declares; our side, bench/ours.py, has the same functions.
 */

import * as Comlink from '../vendor/comlink/comlink.min.mjs';
import {countGl} from './gl_counter.js';

/** @typedef {typeof import('@tensorflow/tfjs')} Tf */
/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */

/**
 * @typedef {object} Declaration bench/cases.py's declaration()
 * @property {string} name
 * @property {'train' | 'op'} kind
 * @property {Record<string, number[]>} tensors
 * @property {Array<[string, Record<string, any>]>} layers
 * @property {[string, ...number[]]} optimizer
 * @property {string} loss
 * @property {number} batch
 * @property {number} epochs
 * @property {number} checked
 * @property {any} expression
 * @property {number} repeat
 */

/**
 * @typedef {object} Prepared
 * @property {Declaration} told
 * @property {Record<string, Tensor>} tensors
 * @property {any} model
 */

/** @type {any} */
let tf = null;
/** @type {Prepared | null} */
let current = null;

/** @returns {Prepared} */
function prepared() {
  if (current === null) throw new Error('prepare() comes first');
  return current;
}

/** What our side hands over: lists of elements, one after the other. */
class Arrivals {
  #channel = new BroadcastChannel('bench');
  /** @type {Float32Array[][]} */
  #waiting = [];
  /** @type {((arrays: Float32Array[]) => void) | null} */
  #taker = null;

  constructor() {
    this.#channel.addEventListener('message', ({data}) => {
      this.#waiting.push(data);
      this.#serve();
    });
  }

  #serve() {
    const next = this.#taker && this.#waiting.shift();
    if (!next) return;
    this.#taker?.(next);
    this.#taker = null;
  }

  /** @returns {Promise<Float32Array[]>} */
  take() {
    return new Promise((resolve) => {
      this.#taker = resolve;
      this.#serve();
    });
  }
}

const arrivals = new Arrivals();

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} expected
 * @returns {number} the largest difference, as a share of the largest expected magnitude; NaN and lengths count as well
 */
function difference(found, expected) {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  let magnitude = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i] - expected[i]);
    largest = apart <= largest ? largest : apart;
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
  }
  return largest / (magnitude || 1);
}

/**
 * @param {any} expression see bench/cases.py
 * @param {Record<string, Tensor>} tensors
 * @returns {any}
 */
function evaluate(expression, tensors) {
  if (Array.isArray(expression)) {
    const [name, ...inputs] = expression;
    return tf[name](...inputs.map((input) => evaluate(input, tensors)));
  }
  if (typeof expression === 'string' && expression.startsWith('$')) return tensors[expression.slice(1)];
  return expression?.list ?? expression;
}

/** Waits until the GPU has done everything: the texel that is read was written last. */
function finish() {
  const {gl} = tf.backend().gpgpu;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, new Float32Array(4));
}

/** @param {number} epochs */
function fit(epochs) {
  const {model, tensors, told} = prepared();
  const options = {epochs, batchSize: told.batch, shuffle: false, verbose: 0, yieldEvery: 'never'};
  return model.fit(tensors.inputs, tensors.targets, options);
}

const side = {
  /** Loads TensorFlow.js and opens its WebGL backend. */
  async open() {
    await import(new URL('../dev/tfjs/tf.min.js', import.meta.url).href);
    tf = /** @type {any} */ (globalThis).tf;
    await tf.setBackend('webgl');
    await tf.ready();
    const {gl} = tf.backend().gpgpu;
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    return {
      version: tf.version.tfjs,
      backend: tf.getBackend(),
      renderer: gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER),
    };
  },

  /**
   * @param {Declaration} told
   * @param {Record<string, string>} addresses of the tensors' elements
   */
  async prepare(told, addresses) {
    /** @type {Record<string, Tensor>} */
    const tensors = {};
    for (const [name, shape] of Object.entries(told.tensors)) {
      const bytes = await (await fetch(addresses[name])).arrayBuffer();
      tensors[name] = tf.tensor(new Float32Array(bytes), shape);
    }
    let model = null;
    if (told.kind === 'train') {
      const layers = told.layers.map(([name, config]) => tf.layers[name](config));
      model = tf.sequential({layers});
      const [name, ...numbers] = told.optimizer;
      model.compile({optimizer: tf.train[name](...numbers), loss: told.loss});
    }
    current = {told, tensors, model};
  },

  /** Takes over the weights that our side sends. */
  async takeWeights() {
    const {model} = prepared();
    const weights = await arrivals.take();
    const shapes = model.getWeights().map((/** @type {Tensor} */ weight) => weight.shape);
    if (shapes.length !== weights.length) throw new Error(`${weights.length} weights for ${shapes.length}`);
    const values = weights.map((elements, i) => tf.tensor(elements, shapes[i]));
    model.setWeights(values);
    tf.dispose(values);
  },

  /**
   * Compares with our side.
   *
   * @param {number[]} losses of our side's first epochs, for training
   * @returns {Promise<{losses: number[], difference: number}>}
   */
  async check(losses) {
    const {told, tensors} = prepared();
    if (told.kind === 'train') {
      const own = (await fit(told.checked)).history.loss;
      const steps = losses.map((loss, i) => difference([loss], [own[i]]));
      return {losses: own, difference: own.length === losses.length ? Math.max(...steps) : Infinity};
    }
    const result = tf.tidy(() => evaluate(told.expression, tensors));
    const values = await result.data();
    result.dispose();
    const [found] = await arrivals.take();
    return {losses: [], difference: difference(found, values)};
  },

  /** @returns {Promise<number>} how many milliseconds one measurement took */
  async measure() {
    const {told, tensors} = prepared();
    if (told.kind === 'train') {
      const start = performance.now();
      await fit(told.epochs);
      return performance.now() - start;
    }
    finish();
    const start = performance.now();
    for (let i = 0; i < told.repeat; i++) tf.tidy(() => void evaluate(told.expression, tensors));
    finish();
    return performance.now() - start;
  },

  /** Draws, and different programs used, in one measurement. */
  async count() {
    const counter = countGl();
    try {
      await side.measure();
    } finally {
      counter.stop();
    }
    return {launches: counter.draws, programs: counter.programs.size};
  },

  release() {
    const {tensors, model} = prepared();
    tf.dispose(tensors);
    if (model) {
      model.optimizer.dispose();
      model.dispose();
    }
    current = null;
  },
};

Comlink.expose(side);
