/** Records what TensorFlow.js says: calls on numbers that `replay.py` draws again, their results and gradients. */
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

const MODULUS = 2147483647;

/** Park and Miller's generator: the same numbers in every language. */
class Stream {
  /** @param {number} seed */
  constructor(seed) {
    this.state = (seed * 7919 + 17) % MODULUS;
    for (let i = 0; i < 3; i++) this.next();
  }

  /** A number from [0, 1). */
  next() {
    this.state = (this.state * 16807) % MODULUS;
    return this.state / MODULUS;
  }
}

/**
 * @typedef {object} Input
 * @property {number[]} shape
 * @property {string} [dtype]
 * @property {number} [low]
 * @property {number} [high]
 * @property {any[]} [values] in place of drawn numbers
 */

/** @param {Stream} stream @param {Input} input */
function draw(stream, {shape, dtype = 'float32', low = -2, high = 2, values}) {
  const numbers =
    values ??
    Array.from({length: shape.reduce((a, b) => a * b, 1)}, () => {
      const u = stream.next();
      if (dtype === 'bool') return u < 0.5 ? 1 : 0;
      return dtype === 'int32' ? low + Math.floor(u * (high - low)) : low + u * (high - low);
    });
  if (dtype !== 'complex64') return tf.tensor(numbers, shape, dtype);
  const size = shape.reduce((a, b) => a * b, 1);
  const imag = Array.from({length: size}, () => low + stream.next() * (high - low));
  return tf.complex(tf.tensor(numbers, shape), tf.tensor(imag, shape));
}

/** A number as JSON keeps it: seven digits, names for what JSON has no numbers for. */
const number = (value) =>
  typeof value !== 'number' || Number.isInteger(value)
    ? value
    : Number.isFinite(value)
      ? Number(value.toPrecision(7))
      : String(value);

const describe = (tensor) => ({
  shape: tensor.shape,
  dtype: tensor.dtype,
  data: Array.from(tensor.dataSync(), number),
});

const tensorsOf = (result) =>
  result instanceof tf.Tensor ? [result] : Object.values(result).flatMap((item) => tensorsOf(item));

/** @param {any} args @param {any[]} tensors */
function place(args, tensors) {
  if (Array.isArray(args)) return args.map((item) => place(item, tensors));
  if (args && typeof args === 'object') {
    return Object.fromEntries(Object.entries(args).map(([key, item]) => [key, place(item, tensors)]));
  }
  return /^\$\d$/.test(args) ? tensors[Number(args.slice(1))] : args;
}

/** @param {string} path */
function find(path) {
  return path.split('.').reduce((owner, name) => owner[name], tf);
}

export class Recorder {
  constructor() {
    /** @type {any[]} */
    this.records = [];
  }

  /**
   * @param {string} fn path below tf
   * @param {Input[]} inputs
   * @param {any[]} args what follows the tensors; or all arguments, with '$0', '$1', ... where the tensors are
   * @param {{list?: boolean, gradient?: boolean}} [options] list: the tensors are one argument
   */
  async call(fn, inputs, args = [], {list = false, gradient = true} = {}) {
    const seed = this.records.length + 1;
    const stream = new Stream(seed);
    const tensors = inputs.map((input) => draw(stream, input));
    const run = (...given) => {
      if (list) return find(fn)(given, ...args);
      const placed = /"\$\d"/.test(JSON.stringify(args));
      return placed ? find(fn)(...place(args, given)) : find(fn)(...given, ...args);
    };
    const outputs = tensorsOf(await run(...tensors));
    const weights = outputs.map((y) =>
      y.dtype === 'float32' ? draw(stream, {shape: y.shape, low: 0.5, high: 1.5}) : null,
    );
    const given = inputs.map((input) =>
      input.values ? {...input, values: input.values.map(number)} : input,
    );
    const record = {fn, inputs: given, args, list, seed, outputs: outputs.map(describe)};
    if (gradient && inputs.every((input) => !input.dtype || input.dtype === 'float32')) {
      record.gradients = gradientsOf(run, tensors, weights);
    } else if (gradient && (inputs[0].dtype ?? 'float32') === 'float32') {
      const only = (first) => run(first, ...tensors.slice(1));
      record.gradients = gradientsOf(only, tensors.slice(0, 1), weights);
    }
    this.records.push(record);
  }

  /** @param {string} name of the file beside this one */
  save(name) {
    writeFileSync(new URL(name, import.meta.url), JSON.stringify(this.records));
  }
}

/** The gradients of a weighted sum of the results, or null where TensorFlow.js has none. */
function gradientsOf(run, tensors, weights) {
  try {
    const loss = (...given) => {
      const results = tensorsOf(run(...given));
      const sums = results.flatMap((y, i) => (weights[i] ? [tf.sum(tf.mul(y, weights[i]))] : []));
      return tf.addN(sums);
    };
    return tf.grads(loss)(tensors).map(describe);
  } catch {
    return null;
  }
}

export {Stream, describe, draw, tf};
