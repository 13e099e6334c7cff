// Lists TensorFlow.js's public names: node tests/tfjs/names.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

/** The names of the functions and classes that an object has, sorted. */
const callables = (owner) =>
  Object.keys(owner)
    .filter((name) => typeof owner[name] === 'function')
    .sort();

const methods = [];
for (let owner = tf.Tensor.prototype; owner !== Object.prototype; owner = Object.getPrototypeOf(owner)) {
  methods.push(...Object.getOwnPropertyNames(owner));
}
const namespaces = Object.keys(tf).filter(
  (name) => /^[a-z]/.test(name) && tf[name] && typeof tf[name] === 'object',
);
await tf.setBackend('cpu');
const kernels = tf.getKernelsForBackend('cpu').map(({kernelName}) => kernelName);
const names = {
  gradients: kernels.filter((name) => tf.getGradient(name)).sort(),
  tf: callables(tf),
  Tensor: methods.filter((name) => name !== 'constructor').sort(),
  TensorBuffer: Object.getOwnPropertyNames(tf.TensorBuffer.prototype).filter(
    (name) => name !== 'constructor',
  ),
  train: Object.getOwnPropertyNames(tf.train).filter(
    (name) => !['prototype', 'length', 'name'].includes(name),
  ),
  ...Object.fromEntries(namespaces.map((name) => [name, callables(tf[name])])),
};
writeFileSync(new URL('names.json', import.meta.url), JSON.stringify(names));
