// Writes training_by_tfjs.json: training runs of TensorFlow.js, for test_runs.py.
// node tests/training/record_training.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

const SAMPLES = 10;

/** Numbers that look random and are the same in every language. */
const wave = (count, seed, scale) =>
  Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
const filled = (shape, seed, scale) =>
  tf.tensor(
    wave(
      shape.reduce((a, b) => a * b, 1),
      seed,
      scale,
    ),
    shape,
  );
const round = (value) => (typeof value === 'number' ? Number(value.toPrecision(7)) : value);
const numbers = (t) => Array.from(t.dataSync(), round);

/** Targets by kind. */
const TARGETS = {
  signed: (n) => filled([n, 3], 3, 2),
  positive: (n) => filled([n, 3], 3, 2).abs().add(0.1),
  hot: (n) =>
    tf.oneHot(tf.range(0, n, 1, 'int32').mul(tf.scalar(7, 'int32')).mod(tf.scalar(3, 'int32')), 3).toFloat(),
  classes: (n) => tf.range(0, n).mul(7).mod(3).reshape([n, 1]),
  bits: (n) => filled([n, 3], 5, 1).greater(0).toFloat(),
  signs: (n) => filled([n, 3], 5, 1).sign(),
  bit: (n) => filled([n, 1], 5, 1).greater(0).toFloat(),
  one: (n) => filled([n, 1], 6, 1),
};

const dense = (units, activation, more = {}) => ['dense', {units, activation, ...more}];
const NET = (last) => [dense(4, 'tanh', {inputShape: [5]}), last];
const SOFTMAX = NET(dense(3, 'softmax'));
const LINEAR = NET(dense(3, 'linear'));
const POSITIVE = NET(dense(3, 'softplus'));
const SIGMOID = NET(dense(3, 'sigmoid'));
const BINARY = NET(dense(1, 'sigmoid'));
const ONE = NET(dense(1, 'linear'));
const SGD = ['sgd', [0.05]];

/** layers, targets, what compile and fit are given. */
const RUNS = {};
const run = (name, layers, y, compile, fit = {}) => {
  RUNS[name] = {
    layers,
    y,
    compile: {optimizer: SGD, ...compile},
    fit: {epochs: 3, batchSize: 4, shuffle: false, ...fit},
  };
};

for (const [loss, layers, y] of [
  ['meanSquaredError', LINEAR, 'signed'],
  ['meanAbsoluteError', LINEAR, 'signed'],
  ['meanAbsolutePercentageError', LINEAR, 'positive'],
  ['meanSquaredLogarithmicError', POSITIVE, 'positive'],
  ['squaredHinge', LINEAR, 'signs'],
  ['hinge', LINEAR, 'signs'],
  ['categoricalHinge', LINEAR, 'hot'],
  ['logcosh', LINEAR, 'signed'],
  ['categoricalCrossentropy', SOFTMAX, 'hot'],
  ['sparseCategoricalCrossentropy', SOFTMAX, 'classes'],
  ['binaryCrossentropy', SIGMOID, 'bits'],
  ['kullbackLeiblerDivergence', SOFTMAX, 'hot'],
  ['poisson', POSITIVE, 'positive'],
  ['cosineProximity', LINEAR, 'signed'],
]) {
  run(`loss ${loss}`, layers, y, {loss}, {validationSplit: 0.3});
}

// Its precision and recall count only outputs of exactly 1, and are left out.
const METRICS = {
  'categoricalCrossentropy hot': [
    'accuracy',
    'acc',
    'crossentropy',
    'ce',
    'categoricalAccuracy',
    'categoricalCrossentropy',
    'mse',
    'MSE',
    'mae',
    'MAE',
    'mape',
    'MAPE',
    'cosine',
    'binaryAccuracy',
  ],
  'sparseCategoricalCrossentropy classes': ['accuracy', 'crossentropy', 'sparseCategoricalCrossentropy'],
  'binaryCrossentropy bits': ['accuracy', 'binaryAccuracy', 'crossentropy'],
  'binaryCrossentropy bit': ['accuracy', 'crossentropy'],
  'meanSquaredError one': ['mse', 'mae', 'cosine'],
};
const NETS = {hot: SOFTMAX, classes: SOFTMAX, bits: SIGMOID, bit: BINARY, one: ONE};
for (const [pair, metrics] of Object.entries(METRICS)) {
  const [loss, y] = pair.split(' ');
  for (const metric of metrics) {
    run(`metric ${metric} of ${pair}`, NETS[y], y, {loss, metrics: [metric]}, {epochs: 2});
  }
}

const OPTIMIZERS = {
  sgd: [[0.1]],
  momentum: [
    [0.05, 0.9],
    [0.05, 0.5, true],
  ],
  adagrad: [[0.1], [0.1, 0.5]],
  adadelta: [[], [0.5, 0.9, 1e-5]],
  adam: [[], [0.02, 0.8, 0.95, 1e-4]],
  adamax: [[], [0.02, 0.8, 0.95, 1e-4, 0.2]],
  rmsprop: [[0.01], [0.01, 0.8, 0.3, 1e-4], [0.01, 0.8, 0, 1e-2, true]],
};
for (const [name, all] of Object.entries(OPTIMIZERS)) {
  for (const values of all) {
    run(
      `optimizer ${name}(${values})`,
      LINEAR,
      'signed',
      {optimizer: [name, values], loss: 'meanSquaredError'},
      {epochs: 5},
    );
  }
}

const FROZEN = [dense(4, 'tanh', {inputShape: [5], trainable: false}), dense(3, 'softmax')];
const NORMALIZED = [
  dense(4, 'tanh', {inputShape: [5]}),
  ['batchNormalization', {momentum: 0.8}],
  dense(3, 'softmax'),
];
const PENALTIES = [
  dense(4, 'tanh', {
    inputShape: [5],
    kernelRegularizer: 'l1l2',
    biasRegularizer: {className: 'L1L2', config: {l1: 0.2, l2: 0.1}},
  }),
  dense(3, 'softmax'), // with no constraint: training does not keep to them there
];
const CROSS = {loss: 'categoricalCrossentropy', metrics: ['accuracy']};
run('frozen layer', FROZEN, 'hot', CROSS);
run('batch normalization', NORMALIZED, 'hot', CROSS, {validationSplit: 0.2});
run('penalties', PENALTIES, 'hot', CROSS);
run('initial epoch', SOFTMAX, 'hot', CROSS, {initialEpoch: 2, epochs: 5});
run('one batch', SOFTMAX, 'hot', CROSS, {batchSize: 64});
run('named optimizer', SOFTMAX, 'hot', {...CROSS, optimizer: 'adam'});
run('validation data', SOFTMAX, 'hot', CROSS, {validationData: 4});
for (const [name, options] of Object.entries({
  patience: {monitor: 'val_loss', patience: 1},
  rising: {monitor: 'val_acc', mode: 'max', patience: 2},
  delta: {monitor: 'loss', minDelta: 0.5, patience: 0},
  baseline: {monitor: 'loss', baseline: 0.1, patience: 1},
})) {
  run(
    `early stopping, ${name}`,
    SOFTMAX,
    'hot',
    {...CROSS, optimizer: ['adam', [0.3]]},
    {
      epochs: 12,
      validationSplit: 0.3,
      earlyStopping: options,
    },
  );
}

function data(kind, count = SAMPLES, seed = 1) {
  return [filled([count, 5], seed, 2), TARGETS[kind](count)];
}

const setWeights = (model) =>
  model.setWeights(
    model.weights.map((w, i) => {
      const values = filled(w.shape, 50 + i, 0.4);
      return w.originalName.includes('variance') ? values.abs() : values;
    }),
  );
const historyOf = ({history, epoch}) => ({
  history: Object.fromEntries(Object.entries(history).map(([key, values]) => [key, values.map(round)])),
  epoch,
});

async function recorded({layers, y, compile, fit}) {
  const model = tf.sequential({layers: layers.map(([factory, config]) => tf.layers[factory](config))});
  setWeights(model);
  const [x, targets] = data(y);
  const [kind, values] = Array.isArray(compile.optimizer) ? compile.optimizer : [];
  model.compile({...compile, optimizer: kind ? tf.train[kind](...values) : compile.optimizer});
  const {validationData, earlyStopping, ...options} = fit;
  if (validationData) options.validationData = data(y, validationData, 2);
  if (earlyStopping) options.callbacks = [tf.callbacks.earlyStopping(earlyStopping)];
  const history = historyOf(await model.fit(x, targets, {...options, verbose: 0}));
  const evaluated = model.evaluate(x, targets, {batchSize: 3});
  return {
    ...history,
    weights: model.getWeights().map(numbers),
    evaluated: (Array.isArray(evaluated) ? evaluated : [evaluated]).map((t) => round(t.dataSync()[0])),
    predicted: numbers(model.predict(x)),
    optimizer: model.optimizer.getConfig(),
  };
}

/** Two outputs, with losses as a list, by name, or one for both. */
async function severalOutputs() {
  const found = {};
  for (const [name, loss] of Object.entries({
    list: ['meanSquaredError', 'categoricalCrossentropy'],
    byName: {one: 'meanAbsoluteError', two: 'categoricalCrossentropy'},
    shared: 'meanSquaredError',
  })) {
    const input = tf.input({shape: [5]});
    const hidden = tf.layers.dense({units: 4, activation: 'tanh'}).apply(input);
    const one = tf.layers.dense({units: 1, name: 'one'}).apply(hidden);
    const two = tf.layers.dense({units: 3, activation: 'softmax', name: 'two'}).apply(hidden);
    const model = tf.model({inputs: input, outputs: [one, two]});
    setWeights(model);
    model.compile({optimizer: tf.train.sgd(0.05), loss, metrics: ['mae']});
    const x = filled([SAMPLES, 5], 1, 2);
    const targets = [TARGETS.one(SAMPLES), TARGETS.hot(SAMPLES)];
    const history = await model.fit(x, targets, {epochs: 3, batchSize: 4, shuffle: false, verbose: 0});
    found[name] = {loss, ...historyOf(history), weights: model.getWeights().map(numbers)};
  }
  return found;
}

/** What trainOnBatch gives, step by step. */
async function onBatches() {
  const model = tf.sequential({layers: SOFTMAX.map(([factory, config]) => tf.layers[factory](config))});
  setWeights(model);
  model.compile({
    optimizer: tf.train.momentum(0.05, 0.8),
    loss: 'categoricalCrossentropy',
    metrics: ['accuracy'],
  });
  const steps = [];
  for (let step = 0; step < 4; step++) {
    steps.push((await model.trainOnBatch(...data('hot', 4 + step, step + 1))).map(round));
  }
  return {steps, weights: model.getWeights().map(numbers)};
}

await tf.setBackend('cpu');
const runs = {};
for (const [name, spec] of Object.entries(RUNS)) {
  // A copy, because TensorFlow.js writes into configs.
  runs[name] = {...spec, ...(await recorded(JSON.parse(JSON.stringify(spec))))};
}
const record = {
  runs,
  optimizers: Object.keys(tf.train),
  severalOutputs: await severalOutputs(),
  onBatches: await onBatches(),
};
writeFileSync(new URL('./training_by_tfjs.json', import.meta.url), JSON.stringify(record));
