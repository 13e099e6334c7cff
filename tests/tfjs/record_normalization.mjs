// Records what TensorFlow.js says for norms, moments and normalization: node tests/tfjs/record_normalization.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

await tf.setBackend('cpu');
const numbers = (shape, seed) => {
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({length: size}, (_, i) => Math.sin(12.9898 * (i + 1) + 78.233 * seed) * 2),
    shape,
  );
};
const round = (values) => Array.from(values, (value) => Number(value.toPrecision(7)));

const calls = [];
for (const ord of ['euclidean', 1, 2, 'Infinity', '-Infinity']) {
  for (const [shape, axis] of [
    [[5], null],
    [[3, 4], 1],
    [[3, 4], -2],
    [[2, 3, 4], 0],
  ]) {
    for (const keep of [false, true]) calls.push(['norm', [shape], [ord, axis, keep]]);
  }
}
for (const ord of ['euclidean', 'fro', 1, 'Infinity', '-Infinity']) {
  for (const axis of [
    [0, 1],
    [1, 2],
  ]) {
    if (axis[0] === 0 || ord === 'fro' || ord === 'euclidean') {
      calls.push(['norm', [[2, 3, 4]], [ord, axis, false]]);
    }
  }
}
calls.push(['euclideanNorm', [[3, 4]], [1, true]]);
for (const radius of [0, 1, 2, 5]) {
  calls.push(['localResponseNormalization', [[1, 2, 3, 7]], [radius, 1.5, 0.3, 0.75]]);
}
calls.push(['localResponseNormalization', [[2, 3, 4]], [2]]);
for (const [name, shape] of [
  ['batchNorm', [2, 3, 4]],
  ['batchNorm2d', [3, 4]],
  ['batchNorm3d', [2, 3, 4]],
  ['batchNorm4d', [2, 1, 3, 4]],
]) {
  for (const count of [3, 4, 5]) {
    calls.push([name, [shape, ...Array.from({length: count - 1}, () => [4])], count === 5 ? [0.1] : []]);
  }
}

/** The gradient, or null where TensorFlow.js has none: of batchNorm without a scale. */
function gradientOf(f, x) {
  try {
    return round(tf.grad(f)(x).dataSync());
  } catch {
    return null;
  }
}

const value = (arg) => (arg === 'Infinity' ? Infinity : arg === '-Infinity' ? -Infinity : arg);
const records = calls.map(([name, shapes, args]) => {
  const tensors = shapes.map((shape, i) => (i === 2 ? numbers(shape, i).abs() : numbers(shape, i)));
  const [x, ...others] = tensors;
  const f = (given) => tf[name](given, ...others, ...args.map(value));
  const y = f(x);
  const gradient = gradientOf((given) => f(given).square().sum(), x);
  return {name, shapes, args, shape: y.shape, output: round(y.dataSync()), gradient};
});
const moments = [null, 0, [0, 2], -1].map((axis) => {
  const {mean, variance} = tf.moments(numbers([2, 3, 4], 0), axis, axis === 0);
  return {axis, shape: mean.shape, mean: round(mean.dataSync()), variance: round(variance.dataSync())};
});
writeFileSync(new URL('normalization.json', import.meta.url), JSON.stringify({records, moments}));
