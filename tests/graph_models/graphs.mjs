/** What record_ops.mjs and record_control.mjs write graphs with: attributes, inputs, and the recording of what TensorFlow.js computes. */
import {Buffer} from 'node:buffer';
import {writeFileSync} from 'node:fs';
import console from 'node:console';
import {URL} from 'node:url';
import {Stream, describe, draw, tf} from '../tfjs/recorder.mjs';

console.warn = () => {}; // TensorFlow.js says that executeAsync was not needed
console.log = () => {}; // what Print prints

const base64 = (text) => Buffer.from(text).toString('base64');
export const DTYPES = {float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL', string: 'DT_STRING'};

// Attributes as model.json has them.
export const i = (value) => ({i: String(value)});
export const f = (value) => ({f: value});
export const b = (value) => ({b: value});
export const s = (text) => ({s: base64(text)});
export const type = (dtype) => ({type: DTYPES[dtype]});
export const ints = (...values) => ({list: {i: values.map(String)}});
export const texts = (...values) => ({list: {s: values.map(base64)}});
export const shape = (...sizes) => ({shape: {dim: sizes.map((size) => ({size: String(size)}))}});
export const func = (name) => ({func: {name}});

// Inputs of a graph: placeholders that are fed with drawn numbers, and constants.
export const x = (...sizes) => ({shape: sizes});
export const positive = (...sizes) => ({shape: sizes, low: 0.2, high: 3});
export const unit = (...sizes) => ({shape: sizes, low: -0.9, high: 0.9});
export const whole = (...sizes) => ({shape: sizes, dtype: 'int32', low: 0, high: 4});
export const bools = (...sizes) => ({shape: sizes, dtype: 'bool'});
export const fed = (values, dtype = 'float32', sizes = [values.length]) => ({shape: sizes, dtype, values});
export const c = (value, dtype = 'int32', sizes = null) => {
  const flat = [value].flat(Infinity);
  const found = sizes ?? (Array.isArray(value) ? tf.tensor(value, undefined, dtype).shape : []);
  return {constant: flat, dtype, shape: found};
};

export const drawn = (count) => Array.from({length: count}, (_, k) => 0.8 * Math.sin(12.9898 * (k + 1)));

const records = [];

/**
 * Records a graph.
 * @param {string} name
 * @param {Record<string, any>} given placeholders and constants by name
 * @param {any[][]} nodes name, op, inputs, attributes
 * @param {string[]} outputs
 * @param {{functions?: any[], initializer?: any}} [more]
 */
export async function graph(name, given, nodes, outputs, {functions = [], initializer = null} = {}) {
  const seed = records.length + 1;
  const stream = new Stream(seed);
  const constants = {};
  const feeds = {};
  const inputs = {};
  const node = [];
  for (const [key, input] of Object.entries(given)) {
    const {dtype = 'float32'} = input;
    node.push({
      name: key,
      op: input.constant ? 'Const' : 'Placeholder',
      attr: {dtype: type(dtype), shape: shape(...input.shape)},
    });
    if (input.constant) constants[key] = tf.tensor(input.constant, input.shape, dtype);
    else {
      feeds[key] = draw(stream, input);
      inputs[key] = input;
    }
  }
  node.push(...nodes.map(made));
  const {data, specs} = await tf.io.encodeWeights(constants);
  const topology = {node, library: {function: functions}, versions: {producer: 1, minConsumer: 1}};
  const artifacts = {modelTopology: topology, weightSpecs: specs, format: 'graph-model'};
  if (initializer) artifacts.modelInitializer = {node: initializer.map(made), versions: topology.versions};
  const record = {name, seed, artifacts, weightData: Buffer.from(data).toString('base64'), inputs, outputs};
  records.push(record);
  try {
    const model = await tf.loadGraphModel(tf.io.fromMemory({...artifacts, weightData: data}));
    record.results = [await model.executeAsync(feeds, outputs)].flat().map(describe);
  } catch (error) {
    record.fault = error.message; // of TensorFlow.js, which declares this op and cannot compute it
    console.error(`${name}: ${error.message}`);
  }
}

export const made = ([name, op, input, attr = {}]) => ({name, op, input, attr});

/** Records graphs of a single node, which has inputs as given. */
export async function single(name, inputs, attr = {}, outputs = 1, title = name) {
  const named = Object.fromEntries(inputs.map((input, k) => ['abcdefgh'[k], input]));
  const wanted = Array.from({length: outputs}, (_, k) => (k ? `y:${k}` : 'y'));
  await graph(title, named, [['y', name, Object.keys(named), attr]], wanted);
}

/** Writes what was recorded. @param {string} name of the file beside this one */
export function save(name) {
  writeFileSync(new URL(name, import.meta.url), JSON.stringify(records));
}
