// Writes recorded_by_tfjs.json: what TensorFlow.js computes, for test_against_tfjs.py.
// node tests/layers/record_tfjs.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

/** Numbers that look random and are the same everywhere. */
function numbers(count, seed, scale = 1) {
  return Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
}

function filled(shape, seed, scale) {
  return tf.tensor(
    numbers(
      shape.reduce((a, b) => a * b, 1),
      seed,
      scale,
    ),
    shape,
  );
}

const LOSSES = {
  signed: [
    'meanSquaredError',
    'meanAbsoluteError',
    'meanAbsolutePercentageError',
    'meanSquaredLogarithmicError',
    'squaredHinge',
    'hinge',
    'categoricalHinge',
    'logcosh',
    'cosineProximity',
  ],
  shares: ['categoricalCrossentropy', 'binaryCrossentropy', 'kullbackLeiblerDivergence', 'poisson'],
  classes: ['sparseCategoricalCrossentropy'],
};

/** What each loss and metric gives on 4 samples of 3 outputs, extremes included. */
function measured(kind, name, metrics) {
  const model = tf.sequential({layers: [tf.layers.activation({activation: 'linear', inputShape: [3]})]});
  model.compile({optimizer: 'sgd', loss: name, metrics});
  const signed = filled([4, 3], 2, 3);
  const shares = tf.softmax(tf.mul(signed, 2));
  const hot = tf.oneHot(tf.tensor1d([0, 2, 1, 1], 'int32'), 3).toFloat();
  const data = {
    signed: [signed, filled([4, 3], 3, 2)],
    shares: [tf.concat([shares.slice([0, 0], [3, 3]), tf.tensor2d([[1, 0, 0]])]), hot],
    classes: [shares, tf.tensor2d([[0], [2], [1], [1]])],
  }[kind];
  const result = model.evaluate(...data);
  return (Array.isArray(result) ? result : [result]).map((t) => t.dataSync()[0]);
}

const ACTIVATIONS =
  'elu hardSigmoid linear relu relu6 selu sigmoid softmax softplus softsign tanh swish mish gelu gelu_new';

function activated(activation) {
  const x = tf.tensor2d([[-100, -8, -3, -1, -0.1, 0, 0.1, 0.5, 2, 5, 7, 90]]);
  return Array.from(tf.layers.activation({activation}).apply(x).dataSync());
}

function mapped(object, f) {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value, key)]));
}

await tf.setBackend('cpu');
const record = {
  version: tf.version.tfjs,
  losses: mapped(LOSSES, (names, kind) =>
    Object.fromEntries(names.map((name) => [name, measured(kind, name, ['accuracy'])])),
  ),
  activations: Object.fromEntries(ACTIVATIONS.split(' ').map((name) => [name, activated(name)])),
};
writeFileSync(new URL('recorded_by_tfjs.json', import.meta.url), `${JSON.stringify(record)}\n`);
