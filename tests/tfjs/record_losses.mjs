// Records what TensorFlow.js says for tf.losses, with every reduction: node tests/tfjs/record_losses.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

await tf.setBackend('cpu');
const shape = [3, 4];
const labels = [1, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0];
const shares = [0.1, 0.2, 0.3, 0.4, 0.7, 0.1, 0.1, 0.1, 0, 0, 1, 0];
const scores = [0.3, -1.2, 2.5, 0.1, -0.4, 1.7, -2.2, 0.9, 3.1, -0.6, 0.2, 1.1];
const chances = [0.9, 0.2, 0.5, 0.7, 0.1, 0.6, 0.3, 0.25, 0.8, 0.35, 0.45, 0.15];
const weights = {none: null, rows: [[2], [0], [0.5]], columns: [1, 0, 3, 2], scalar: 2};

const calls = [
  ['absoluteDifference', labels, scores, []],
  ['hingeLoss', labels, scores, []],
  ['huberLoss', labels, scores, [1]],
  ['huberLoss', labels, scores, [0.4]],
  ['logLoss', labels, chances, [1e-7]],
  ['meanSquaredError', labels, scores, []],
  ['sigmoidCrossEntropy', labels, scores, [0]],
  ['sigmoidCrossEntropy', labels, scores, [0.3]],
  ['softmaxCrossEntropy', shares, scores, [0]],
  ['softmaxCrossEntropy', shares, scores, [0.3]],
  ['cosineDistance', labels, scores, null],
];
const round = (values) => Array.from(values, (value) => Number(value.toPrecision(7)));

const records = [];
for (const [name, truth, guess, extra] of calls) {
  for (const [kind, weight] of Object.entries(weights)) {
    if (name === 'softmaxCrossEntropy' && (kind === 'rows' || kind === 'columns')) continue;
    if (name === 'cosineDistance' && kind === 'columns') continue;
    for (const reduction of [0, 1, 2, 3]) {
      const w = weight === null ? undefined : tf.tensor(weight);
      const rest = extra ? [w, ...extra, reduction] : [1, w, reduction];
      const f = (x) => tf.losses[name](tf.tensor(truth, shape), x, ...rest);
      const x = tf.tensor(guess, shape);
      const y = f(x);
      const args = extra ? [weight, ...extra, reduction] : [1, weight, reduction];
      const gradient = round(tf.grad(f)(x).dataSync());
      records.push({name, truth, guess, args, shape: y.shape, output: round(y.dataSync()), gradient});
    }
  }
}
writeFileSync(new URL('losses.json', import.meta.url), JSON.stringify(records));
