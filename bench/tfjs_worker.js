/**
 * TensorFlow.js's side of the benchmarks: a module worker, as ours is, with the WebGL backend on an OffscreenCanvas, or
 * with the WASM backend.
 * It builds what cases/cases.js declares; our side, ours.py, has the same functions.
 */

import * as Comlink from '../vendor/comlink/comlink.min.mjs';
import {elements} from './data.js';
import {counts, startCounting, stopCounting} from './gl_counter.js';
import {buildModel, evaluate} from './tfjs_models.js';
import {PROGRAMS} from './tfjs_programs.js';

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */
/** @typedef {import('./cases/cases.js').Case} Case */

/**
 * @typedef {object} Prepared
 * @property {Case} told
 * @property {Record<string, Tensor>} tensors
 * @property {Record<string, Tensor>} firstBatch
 * @property {{model: any, layers: any[]} | null} built
 * @property {any} second the second model of a program
 * @property {any[]} layers of both models
 * @property {Record<string, any>} kept what a program keeps from step to step
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
  const gl = tf.backend().gpgpu?.gl;
  gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, new Float32Array(4));
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

/** @returns {Promise<number[]>} the numbers of a program's step */
async function step() {
  const {told, tensors, built, second, kept} = prepared();
  const run = PROGRAMS[told.program ?? ''];
  return Array.from(await run({tf, model: built?.model, second, tensors, kept}));
}

const side = {
  /**
   * Loads TensorFlow.js and opens a backend.
   *
   * @param {'webgl' | 'wasm'} backend
   */
  async open(backend) {
    const files = new URL('../dev/', import.meta.url);
    await import(new URL('tfjs/tf.min.js', files).href);
    tf = /** @type {any} */ (globalThis).tf;
    if (backend === 'wasm') {
      await import(new URL('tfjs-wasm/tf-backend-wasm.min.js', files).href);
      tf.wasm.setWasmPaths(new URL('tfjs-wasm/', files).href);
      // Its threads would be workers of a blob, which the page's policy forbids; one row does not need them.
      tf.env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
    }
    await tf.setBackend(backend);
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
    const second = told.second ? buildModel(tf, {...told, network: told.second}) : null;
    const layers = [...(built?.layers ?? []), ...(second?.layers ?? [])];
    current = {told, tensors, firstBatch, built, second: second?.model, layers, kept: {}};
  },

  /** @param {Float32Array[]} weights of the layers, one after the other, as our side has them */
  takeWeights(weights) {
    let next = 0;
    for (const layer of prepared().layers) {
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
    if (told.program) {
      const values = Float32Array.from(await step());
      return {time: performance.now() - start, values};
    }
    const output = result();
    const values = /** @type {Float32Array} */ (await output.data());
    output.dispose();
    return {time: performance.now() - start, values};
  },

  /** What is compared: the losses of some epochs (`first` gives the results of the others). */
  async losses() {
    const {told, tensors} = prepared();
    if (!told.program) return Float32Array.from(await fit(tensors, told.checked ?? 1));
    const found = [];
    for (let i = 0; i < (told.checked ?? 1); i++) found.push(...(await step()));
    return Float32Array.from(found);
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
    for (let i = 0; i < told.repeat; i++) {
      if (told.program) await step();
      else result().dispose();
    }
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
    const {tensors, firstBatch, built, second} = prepared();
    tf.dispose([tensors, firstBatch]);
    built?.model.dispose();
    second?.dispose();
    current = null;
  },
};

/** @typedef {typeof side} TfjsSide */

Comlink.expose(side);
