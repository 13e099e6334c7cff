// Records what TensorFlow.js's optimizers make of weights in the steps of tests/optimizer_steps.py: node tests/tfjs/record_optimizers.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

const STEPS = 20;
const NOTED = [5, STEPS];
const SHAPES = [[3, 2], [2]];
const CHANGES = {7: 0.3, 14: 0.1};
const RATE = 0.1;
const OPTIMIZERS = [
  ['sgd', []],
  ['momentum', [0.8]],
  ['momentum', [0.8, true]],
  ['adagrad', []],
  ['adagrad', [0.5]],
  ['adadelta', []],
  ['adadelta', [0.8, 1e-3]],
  ['adam', []],
  ['adam', [0.8, 0.9, 1e-3]],
  ['adamax', []],
  ['adamax', [0.8, 0.9, 1e-3, 0.3]],
  ['rmsprop', []],
  ['rmsprop', [0.8, 0.7]],
  ['rmsprop', [0.8, 0.7, 1e-8, true]],
];

function filled(shape, seed, scale) {
  const count = tf.util.sizeFromShape(shape);
  return tf.tensor(
    Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
    shape,
  );
}

function factor(kind, index, step) {
  const rows = SHAPES[index][0];
  if (kind === 'sparse') return Array.from({length: rows}, (_, row) => Number(row === step % rows));
  return new Array(rows).fill(kind === 'small' ? 1e-5 : 1);
}

function gradient(kind, weight, index, step) {
  const rows = tf.tensor(factor(kind, index, step)).reshape([-1, ...weight.shape.slice(1).map(() => 1)]);
  return weight
    .mul(2 * (index + 1))
    .sub(1)
    .mul(rows);
}

function changeRate(optimizer, rate) {
  if (optimizer.setLearningRate) optimizer.setLearningRate(rate);
  else Object.assign(optimizer, {learningRate: rate});
}

function stepped(name, options, rate, kind) {
  const variables = SHAPES.map((shape, i) => tf.variable(filled(shape, 31 + i, 2)));
  const optimizer = tf.train[name](RATE, ...options);
  const weights = [];
  for (let step = 0; step < STEPS; step++) {
    if (rate === 'changed' && step in CHANGES) changeRate(optimizer, RATE * CHANGES[step]);
    const gradients = variables.map((v, i) => ({name: v.name, tensor: gradient(kind, v, i, step)}));
    optimizer.applyGradients(gradients);
    if (NOTED.includes(step + 1)) {
      weights.push(variables.map((v) => Array.from(v.dataSync(), (x) => Number(x.toPrecision(7)))));
    }
  }
  return {optimizer: name, options: [RATE, ...options], rate, gradients: kind, weights};
}

await tf.setBackend('cpu');
const records = [];
for (const [name, options] of OPTIMIZERS) {
  for (const rate of ['constant', 'changed']) {
    for (const kind of ['dense', 'sparse', 'small']) records.push(stepped(name, options, rate, kind));
  }
}
writeFileSync(
  new URL('optimizers.json', import.meta.url),
  JSON.stringify({version: tf.version.tfjs, steps: records}),
);
