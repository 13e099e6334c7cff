// Writes tfjs.json: models as TensorFlow.js saves them, and what they predict. For test_tfjs_models.py.
// node tests/io/record_io.mjs (after `make setup`)
import {Buffer} from 'node:buffer';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';
import {MODELS} from './models.mjs';

/** Numbers that look random and are the same everywhere. */
function filled(shape, seed, whole) {
  const size = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({length: size}, (_, i) => 0.8 * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
  return tf.tensor(whole ? values.map((v) => Math.floor(2.5 + 3 * v) % 5) : values, shape);
}

const listed = (value) => (Array.isArray(value) ? value : [value]);
const shaped = (tensor) => ({shape: tensor.shape, values: Array.from(tensor.dataSync())});
const COMPILED = {
  dense: [() => tf.train.adam(0.01), 'categoricalCrossentropy', ['accuracy']],
  noise: [() => tf.train.momentum(0.1, 0.9), 'meanSquaredError', []],
};

const records = {};
for (const [name, make] of Object.entries(MODELS)) {
  const model = make();
  model.setWeights(model.getWeights().map((w, i) => tf.abs(filled(w.shape, i + 1))));
  const inputs = model.inputs.map((t, i) => filled([2, ...t.shape.slice(1)], 90 + i, name === 'embedding'));
  const [optimizer, loss, metrics] = COMPILED[name] ?? [];
  if (optimizer) {
    model.compile({optimizer: optimizer(), loss, metrics});
    await model.fit(inputs[0], filled([2, ...model.outputs[0].shape.slice(1)], 7), {epochs: 2, verbose: 0});
  }
  const outputs = listed(model.predict(inputs)).map(shaped);
  let saved = null;
  await model.save(
    tf.io.withSaveHandler((artifacts) => (saved = artifacts)),
    {includeOptimizer: Boolean(optimizer)},
  );
  const {weightData, ...rest} = saved;
  records[name] = {
    artifacts: rest,
    json: model.toJSON(),
    weightData: Buffer.from(weightData).toString('base64'),
    inputs: inputs.map(shaped),
    outputs,
  };
}
writeFileSync(new URL('tfjs.json', import.meta.url), JSON.stringify(records));
