// Writes recurrent.json: recurrent layers of TensorFlow.js, for test_recurrent.py.
// node tests/layers/record_recurrent.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

/** Numbers that look random and are the same everywhere. */
function filled(shape, seed, scale) {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed)),
    shape,
  );
}

/** A layer from [factory, config]; layers and cells inside a config are such pairs too. */
function make([factory, config], more = {}) {
  const own = {...config, ...more};
  for (const key of ['layer', 'cell']) if (own[key]) own[key] = make(own[key]);
  if (own.cells) own.cells = own.cells.map((cell) => make(cell));
  return tf.layers[factory](own);
}

const round = (t) => Array.from(t.dataSync(), (value) => Number(value.toPrecision(7)));
const setWeights = (layer) =>
  layer.setWeights(layer.getWeights().map((w, i) => filled(w.shape, 50 + i, 0.4)));

const cell = ['lstmCell', {units: 3}];
const SHAPE = [4, 5, 2];
const CASES = [];
for (const factory of ['simpleRNN', 'gru', 'lstm']) {
  for (const config of [
    {},
    {returnSequences: true},
    {goBackwards: true, returnSequences: true},
    {useBias: false, activation: 'relu'},
    {implementation: 2, kernelInitializer: 'zeros'}, // regularizers of cells are forgotten there
  ]) {
    if (factory === 'simpleRNN' && config.implementation) continue;
    CASES.push([[factory, {units: 3, ...config}], SHAPE]);
  }
}
CASES.push([['gru', {units: 3, recurrentActivation: 'sigmoid'}], SHAPE]);
CASES.push([['lstm', {units: 3, recurrentActivation: 'sigmoid', unitForgetBias: false}], SHAPE]);
CASES.push([['rnn', {cell}], SHAPE]);
CASES.push([
  ['rnn', {cell: ['stackedRNNCells', {cells: [cell, ['gruCell', {units: 2}]]}], returnSequences: true}],
  SHAPE,
]);
CASES.push([['timeDistributed', {layer: ['dense', {units: 3}]}], SHAPE]);
for (const mergeMode of ['concat', 'sum', 'mul', 'ave']) {
  CASES.push([
    ['bidirectional', {layer: ['gru', {units: 3, returnSequences: mergeMode !== 'sum'}], mergeMode}],
    SHAPE,
  ]);
}
for (const config of [{}, {padding: 'same', returnSequences: true}]) {
  CASES.push([
    ['convLstm2d', {filters: 2, kernelSize: 2, ...config}],
    [2, 3, 4, 4, 1],
  ]);
}

/** Values, shape, gradient, and three epochs of training. */
async function record([spec, shape]) {
  const x = filled(shape, 1, 1.5);
  const layer = make(spec, {batchInputShape: shape});
  const model = tf.sequential({layers: [layer]});
  setWeights(model);
  const y = model.predict(x);
  const weights = filled(y.shape, 3, 1);
  const gradient = tf.grad((given) => tf.sum(tf.mul(model.apply(given), weights)))(x);
  model.compile({optimizer: 'adam', loss: 'meanSquaredError'});
  const {history} = await model.fit(x, filled(y.shape, 9, 1), {
    epochs: 3,
    batchSize: shape[0],
    shuffle: false,
    verbose: 0,
  });
  return {
    spec,
    shape,
    output: y.shape,
    values: round(y),
    gradient: round(gradient),
    loss: history.loss,
    weights: model.getWeights().map((w) => ({shape: w.shape, values: round(w)})),
    config: Object.keys(layer.getConfig()).sort(),
  };
}

/** States that are handed in and out. */
function recordStates(factory, count) {
  const layer = make([factory, {units: 3, returnState: true, returnSequences: true}]);
  const x = filled(SHAPE, 1, 1.5);
  const states = Array.from({length: count}, (_, i) => filled([4, 3], 20 + i, 1));
  layer.apply(x);
  setWeights(layer);
  return {
    factory,
    count,
    outputs: layer.apply(x, {initialState: states}).map((t) => ({shape: t.shape, values: round(t)})),
  };
}

/** Sequences of different lengths, by numbers that stand for nothing. */
function recordMask(spec) {
  const model = tf.sequential();
  model.add(tf.layers.embedding({inputDim: 7, outputDim: 3, maskZero: true, inputLength: 5}));
  model.add(make(spec));
  setWeights(model);
  const numbers = [1, 2, 3, 4, 5, 6, 5, 0, 0, 0, 2, 0, 3, 0, 4, 1, 1, 1, 1, 0];
  const y = model.predict(tf.tensor2d(numbers, [4, 5]));
  return {spec, numbers, output: y.shape, values: round(y)};
}

await tf.setBackend('cpu');
const recorded = {
  layers: [],
  states: [recordStates('simpleRNN', 1), recordStates('gru', 1), recordStates('lstm', 2)],
  masks: ['simpleRNN', 'gru', 'lstm'].map((factory) => recordMask([factory, {units: 3}])),
};
for (const each of CASES) recorded.layers.push(await record(each));
writeFileSync(new URL('recurrent.json', import.meta.url), JSON.stringify(recorded));
