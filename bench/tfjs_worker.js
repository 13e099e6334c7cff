/**
 * TensorFlow.js's side of the benchmarks: a module worker, as ours is, with the WebGL backend on an OffscreenCanvas.
 * It builds what cases/cases.js declares; our side, ours.py, has the same functions.
 */

import * as Comlink from '../vendor/comlink/comlink.min.mjs';
import {elements} from './data.js';
import {counts, startCounting, stopCounting} from './gl_counter.js';
import {buildModel, evaluate} from './tfjs_models.js';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('./cases/cases.js').Case} Case */

/**
 * @typedef {object} Prepared
 * @property {Case} told
 * @property {Record<string, Tensor>} tensors
 * @property {Record<string, Tensor>} firstBatch
 * @property {{model: any, layers: any[]} | null} built
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

/** Waits until the GPU has done everything: the texel that is read was written last. */
function finish() {
  const {gl} = tf.backend().gpgpu;
  gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, new Float32Array(4));
}

/**
 * @param {Record<string, Tensor>} tensors
 * @param {number} epochs
 * @returns {Promise<number[]>} the losses of the epochs
 */
async function fit({x, y}, epochs) {
  const {built, told} = prepared();
  const options = {epochs, batchSize: told.batch, shuffle: false, verbose: 0, yieldEvery: 'never'};
  if (!built) throw new Error(`${told.name} has no model to train`);
  return (await built.model.fit(x, y, options)).history.loss;
}

/** @returns {Tensor} what the case computes once */
function result() {
  const {told, tensors, built} = prepared();
  if (built) return built.model.predict(tensors.x, {batchSize: tensors.x.shape[0]});
  return tf.tidy(() => evaluate(tf, told.expression, tensors));
}

const side = {
  /** Loads TensorFlow.js and opens its WebGL backend. */
  async open() {
    await import(new URL('../dev/tfjs/tf.min.js', import.meta.url).href);
    tf = /** @type {any} */ (globalThis).tf;
    await tf.setBackend('webgl');
    await tf.ready();
    return {version: tf.version.tfjs, backend: tf.getBackend()};
  },

  /** @param {Case} told */
  prepare(told) {
    /** @type {Record<string, Tensor>} */
    const tensors = {};
    /** @type {Record<string, Tensor>} */
    const firstBatch = {};
    for (const [name, data] of Object.entries(told.tensors)) {
      const values = elements(data);
      tensors[name] = tf.tensor(values, data.shape);
      const rows = Math.min(told.batch ?? 0, data.shape[0]);
      const size = values.length / data.shape[0];
      if (rows) firstBatch[name] = tf.tensor(values.slice(0, rows * size), [rows, ...data.shape.slice(1)]);
    }
    const built = told.network ? buildModel(tf, told) : null;
    current = {told, tensors, firstBatch, built};
  },

  /** @param {Float32Array[]} weights of the layers, one after the other, as our side has them */
  takeWeights(weights) {
    let next = 0;
    for (const layer of prepared().built?.layers ?? []) {
      const own = layer.getWeights();
      const values = own.map((/** @type {Tensor} */ weight) => tf.tensor(weights[next++], weight.shape));
      layer.setWeights(values);
      tf.dispose(values);
    }
    if (next !== weights.length) throw new Error(`took ${next} weights of ${weights.length}`);
  },

  /** The first step, or the first result: everything that is compiled is compiled in it. */
  async first() {
    const {told, firstBatch} = prepared();
    const start = performance.now();
    if (told.kind === 'train') {
      const losses = await fit(firstBatch, 1);
      return {time: performance.now() - start, values: Float32Array.from(losses)};
    }
    const output = result();
    const values = /** @type {Float32Array} */ (await output.data());
    output.dispose();
    return {time: performance.now() - start, values};
  },

  /** What is compared: the losses of some epochs (`first` gives the results of the others). */
  async losses() {
    const {told, tensors} = prepared();
    return Float32Array.from(await fit(tensors, told.checked ?? 1));
  },

  /** @returns {Promise<number>} how many milliseconds one measurement took */
  async measure() {
    const {told, tensors} = prepared();
    if (told.kind === 'train') {
      const start = performance.now();
      await fit(tensors, told.repeat);
      return performance.now() - start;
    }
    finish();
    const start = performance.now();
    for (let i = 0; i < told.repeat; i++) result().dispose();
    finish();
    return performance.now() - start;
  },

  /** Draws, different programs used, and the peak of texture bytes, in one measurement. */
  async count() {
    startCounting();
    await side.measure();
    return stopCounting();
  },

  bytes: () => counts.bytes,

  release() {
    const {tensors, firstBatch, built} = prepared();
    tf.dispose([tensors, firstBatch]);
    built?.model.dispose();
    current = null;
  },
};

/** @typedef {typeof side} TfjsSide */

Comlink.expose(side);
