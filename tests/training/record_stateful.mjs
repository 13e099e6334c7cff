// Writes stateful_by_tfjs.json: programs with layers that remember in TensorFlow.js, for test_stateful.py.
// node tests/training/record_stateful.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

/** Numbers that look random and are the same in every language. */
const wave = (count, seed, scale) =>
  Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
const size = (shape) => shape.reduce((a, b) => a * b, 1);
const filled = (shape, seed, scale) => tf.tensor(wave(size(shape), seed, scale), shape);
const numbers = (t) => Array.from(t.dataSync(), (value) => Number(value.toPrecision(7)));

const FEATURES = [3, 2];
const stateful = (more = {}) => ({units: 2, stateful: true, ...more});
const first = (more = {}, shape = FEATURES) => stateful({batchInputShape: [2, ...shape], ...more});
const OUT = ['dense', {units: 1}];
const CELLS = {
  rnn: [
    ['gruCell', {units: 2}],
    ['lstmCell', {units: 3}],
  ],
};

/** Layers of each model, the first of which tells the batch; an inner layer or cells come as a nested list. */
const MODELS = {
  simpleRNN: [['simpleRNN', first()], OUT],
  gru: [['gru', first()], OUT],
  gruResetAfter: [['gru', first({resetAfter: false, goBackwards: true})], OUT],
  lstm: [['lstm', first()], OUT],
  stacked: [['lstm', first({returnSequences: true})], ['gru', stateful()], OUT],
  half: [
    ['gru', {units: 2, returnSequences: true, batchInputShape: [2, ...FEATURES]}],
    ['simpleRNN', stateful()],
    OUT,
  ],
  bidirectional: [
    [
      'bidirectional',
      {layer: ['lstm', stateful({returnSequences: true})], batchInputShape: [2, ...FEATURES]},
    ],
    ['bidirectional', {layer: ['gru', stateful()], mergeMode: 'sum'}],
    OUT,
  ],
  cells: [['rnn', {cell: CELLS.rnn, stateful: true, batchInputShape: [2, ...FEATURES]}], OUT],
  images: [
    ['convLstm2d', {filters: 1, kernelSize: 2, stateful: true, batchInputShape: [2, 2, 3, 3, 1]}],
    ['flatten', {}],
    OUT,
  ],
};

const FIT = {batchSize: 2, epochs: 2, shuffle: false};
/** What is done with each of them, one after the other. */
const PROGRAMS = {
  predictions: [['predict', 6], ['predict', 2], ['reset'], ['predict', 6], ['resetLayers'], ['predict', 4]],
  training: [['fit', 6, FIT], ['predict', 2], ['reset'], ['predict', 2], ['evaluate', 4], ['evaluate', 4]],
  resets: [
    ['fit', 6, {...FIT, epochs: 3}, 'reset'],
    ['predict', 2],
  ],
  validation: [
    ['fit', 4, {...FIT, validate: 2}],
    ['predict', 2],
  ],
  split: [
    ['fit', 6, {...FIT, validationSplit: 1 / 3}],
    ['predict', 2],
  ],
  batches: [['trainOnBatch', 2], ['trainOnBatch', 2], ['predictOnBatch', 2], ['reset'], ['trainOnBatch', 2]],
  dataset: [
    ['fitDataset', 6, {epochs: 2}],
    ['predict', 2],
    ['evaluateDataset', 4],
  ],
};

function made([factory, config]) {
  const given = {...config};
  if (given.layer) {
    given.layer = made(given.layer);
  }
  if (given.cell) {
    given.cell = given.cell.map(made);
  }
  return tf.layers[factory](given);
}

function compiled(layers) {
  const model = tf.sequential({layers: layers.map(made)});
  model.setWeights(model.getWeights().map((w, i) => filled(w.shape, 50 + i, 0.4)));
  model.compile({optimizer: tf.train.sgd(0.05), loss: 'meanSquaredError'});
  return model;
}

const listed = (value) => [value].flat();
const rounded = (values) => values.map((value) => Number(value.toPrecision(7)));

async function done(model, [what, count, options = {}, atEpoch], number) {
  const [, ...sample] = model.inputs[0].shape;
  const x = (n) => filled([n, ...sample], number + 1, 1);
  const y = (n) => filled([n, 1], number + 31, 1);
  const pairs = (n) =>
    tf.data.zip({xs: tf.data.array(x(n).arraySync()), ys: tf.data.array(y(n).arraySync())}).batch(2);
  const reset = () => model.resetStates();
  if (what === 'reset') {
    return void reset();
  }
  if (what === 'resetLayers') {
    return void model.layers.filter((layer) => layer.stateful).forEach((layer) => layer.resetStates());
  }
  if (what === 'predict' || what === 'predictOnBatch') {
    return numbers(model[what](x(count), what === 'predict' ? {batchSize: 2} : undefined));
  }
  if (what === 'evaluate') {
    return numbers(model.evaluate(x(count), y(count), {batchSize: 2}));
  }
  if (what === 'evaluateDataset') {
    return numbers(await model.evaluateDataset(pairs(count), {}));
  }
  if (what === 'trainOnBatch') {
    return rounded(listed(await model.trainOnBatch(x(count), y(count))));
  }
  const {validate, ...rest} = options;
  const given = {verbose: 0, ...rest, callbacks: atEpoch ? {onEpochEnd: reset} : {}};
  if (validate) {
    given.validationData = [x(validate), y(validate)];
  }
  const data = what === 'fitDataset' ? [pairs(count)] : [x(count), y(count)];
  const {history} = await model[what](...data, given);
  return rounded(
    Object.keys(history)
      .sort()
      .flatMap((name) => history[name]),
  );
}

const runs = {};
for (const [name, layers] of Object.entries(MODELS)) {
  for (const [program, steps] of Object.entries(PROGRAMS)) {
    const model = compiled(layers);
    const found = [];
    for (const [number, step] of steps.entries()) {
      found.push((await done(model, step, number)) ?? null);
    }
    runs[`${name}: ${program}`] = {layers, steps, found};
  }
}
writeFileSync(new URL('stateful_by_tfjs.json', import.meta.url), JSON.stringify(runs, null, 1) + '\n');
