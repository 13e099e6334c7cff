/**
 * What is measured. A case is declared once, in TensorFlow.js's spelling, and both sides run that one declaration. All data
 * are synthetic: what they are decides nothing about how long it takes.
 *
 * An expression is a list for a call of an op, a string that begins with `$` for a tensor (`$m.mean`: a field of what is
 * called m), `{list: [...]}` for a list that is no call, `{each: [...]}` for a list of expressions,
 * `{steps: [[name, expression], ...]}` for names in turn, of which the last is the result, `{chain: [op, second], times}` for
 * an op applied to `$x` and again to its result; everything else is what it is.
 *
 * A program is a function that both sides have by that name, for what pages do between two frames: it makes so many steps
 * and returns a number, or the numbers, of each.
 */

import {classes, listed, oneHot, uniform} from '../data.js';
import {
  CONVNET,
  CRITIC,
  GENERATOR,
  GRU,
  IMAGE,
  LINEAR,
  LSTM,
  MLP,
  MOBILENET,
  POLICY,
  RESNET,
  ROW,
  TABLE,
} from './networks.js';
import {normalized, TOKENS, TRANSFORMER} from './transformer.js';

/** @typedef {import('../data.js').Data} Data */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} title
 * @property {'train' | 'predict' | 'op' | 'interactive'} kind
 * @property {Record<string, Data>} tensors `x` and `y` for models
 * @property {number} repeat how many epochs or runs one measurement has
 * @property {string} unit what the time is given for: a step (a batch), an epoch, a run
 * @property {number} units how many of them one measurement has
 * @property {number} aim how many times faster than TensorFlow.js this is meant to be
 * @property {import('./networks.js').Entry[]} [network]
 * @property {string} [loss]
 * @property {[string, ...number[]]} [optimizer]
 * @property {number} [batch]
 * @property {number} [checked] how many epochs are compared
 * @property {number} [growth] over how many steps textures must not grow
 * @property {any} [expression]
 * @property {string} [program]
 * @property {import('./networks.js').Entry[]} [second] another network, of programs
 * @property {boolean} [wasm] whether TensorFlow.js's WASM backend is measured beside
 */

// TensorFlow.js takes another epsilon for WebGL where it is not told one.
/** @type {[string, ...number[]]} */
const ADAM = ['adam', 0.001, 0.9, 0.999, 1e-7];
const CROSS_ENTROPY = 'categoricalCrossentropy';

/**
 * @param {string} name
 * @param {string} title
 * @param {import('./networks.js').Entry[]} network
 * @param {Data} x
 * @param {Data} y
 * @param {Partial<Case>} [options]
 * @returns {Case}
 */
export function train(name, title, network, x, y, options) {
  const batch = options?.batch ?? 32;
  const repeat = options?.repeat ?? 1;
  const defaults = {loss: CROSS_ENTROPY, optimizer: ADAM, checked: 2, unit: 'step', aim: 3};
  const steps = repeat * Math.ceil(x.shape[0] / batch);
  const units = options?.unit === 'epoch' ? repeat : steps;
  return {
    kind: 'train',
    name,
    title,
    network,
    tensors: {x, y},
    ...defaults,
    ...options,
    batch,
    repeat,
    units,
  };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {import('./networks.js').Entry[]} network
 * @param {Data} x
 * @param {number} repeat
 * @returns {Case}
 */
export function predict(name, title, network, x, repeat) {
  return {kind: 'predict', name, title, network, tensors: {x}, repeat, units: repeat, unit: 'run', aim: 1.5};
}

/**
 * @param {string} name
 * @param {string} title
 * @param {any} expression
 * @param {Record<string, Data>} tensors
 * @param {Partial<Case>} [options]
 * @returns {Case}
 */
export function op(name, title, expression, tensors, options) {
  const repeat = options?.repeat ?? 1;
  return {
    kind: 'op',
    name,
    title,
    expression,
    tensors,
    unit: 'run',
    aim: 1,
    ...options,
    repeat,
    units: repeat,
  };
}

/**
 * @param {string} name
 * @param {string} title
 * @param {string} program
 * @param {Record<string, Data>} tensors
 * @param {Partial<Case>} options
 * @returns {Case}
 */
function interactive(name, title, program, tensors, options) {
  const repeat = options.repeat ?? 20;
  const defaults = {checked: 5, unit: 'step', aim: 5};
  return {kind: 'interactive', name, title, program, tensors, ...defaults, ...options, repeat, units: repeat};
}

/** @type {Case[]} */
const TRAINING = [
  train(
    'linear',
    'linear regression, epoch',
    LINEAR,
    listed([4, 1], [1, 2, 3, 4]),
    listed([4, 1], [1, 3, 5, 7]),
    {
      loss: 'meanSquaredError',
      optimizer: ['sgd', 0.01],
      repeat: 300,
      unit: 'epoch',
      checked: 20,
      growth: 10000,
    },
  ),
  train('mlp', 'MLP 784-128-64-10, batch 32', MLP, uniform([640, 784], 0), oneHot(640, 10)),
  train('convnet', 'MNIST convnet, batch 64', CONVNET, uniform([512, 28, 28, 1], 0), oneHot(512, 10), {
    batch: 64,
  }),
  train('resnet', 'residual net, 32 x 32 x 3, batch 32', RESNET, uniform([96, 32, 32, 3], 0), oneHot(96, 10)),
  train('lstm', 'LSTM(32) over 20 x 16, batch 32', LSTM, uniform([128, 20, 16]), uniform([128, 1]), {
    loss: 'meanSquaredError',
    optimizer: ['rmsprop', 0.01, 0.9, 0, 1e-7],
    checked: 3,
  }),
  train('gru', 'embedding, GRU(24) over 20, batch 32', GRU, classes([128, 20], 500), oneHot(128, 4)),
  train(
    'transformer',
    'transformer, 2 blocks, batch 32',
    TRANSFORMER,
    classes([128, TOKENS], 200),
    oneHot(128, 4),
  ),
];

/** @type {Case[]} */
const INFERENCE = [
  predict('mobilenet1', 'MobileNetV1, 1 image', MOBILENET, uniform([1, 224, 224, 3]), 1),
  predict('mobilenet8', 'MobileNetV1, 8 images', MOBILENET, uniform([8, 224, 224, 3]), 1),
  predict('convnet-predict', 'MNIST convnet, 64 images', CONVNET, uniform([64, 28, 28, 1], 0), 5),
  predict('lstm-predict', 'LSTM(32) over 20 x 16, 32 sequences', LSTM, uniform([32, 20, 16]), 5),
];

const CONV = ['conv2d', '$x', '$w', 1, 'same'];
const MILLION = uniform([1024, 1024]);

/** @param {number} size */
const product = (size) =>
  op(
    `matmul${size}`,
    `matmul ${size}`,
    ['matMul', '$a', '$b'],
    {a: uniform([size, size]), b: uniform([size, size], 0)},
    {aim: size === 1024 ? 1.7 : 1, repeat: size === 256 ? 5 : 1},
  );

/** @type {Case[]} */
const OPS = [
  ...[256, 512, 1024].map(product),
  op(
    'conv3x3',
    '3 x 3 convolution, [8, 32, 32, 32] to 64',
    CONV,
    {x: uniform([8, 32, 32, 32]), w: uniform([3, 3, 32, 64])},
    {
      aim: 3,
    },
  ),
  op('conv1x1', '1 x 1 convolution, [8, 32, 32, 64] to 128', CONV, {
    x: uniform([8, 32, 32, 64]),
    w: uniform([1, 1, 64, 128]),
  }),
  op('depthwise', 'depthwise 3 x 3, [8, 56, 56, 32]', ['depthwiseConv2d', '$x', '$w', 1, 'same'], {
    x: uniform([8, 56, 56, 32]),
    w: uniform([3, 3, 32, 1]),
  }),
  op('sum', 'sum of a million', ['sum', '$x'], {x: uniform([1024, 1024], 0)}, {aim: 3}),
  op('softmax', 'softmax of [1024, 1000]', ['softmax', '$x'], {x: uniform([1024, 1000])}, {aim: 3}),
  op(
    'layernorm',
    'layer normalization of [1024, 1024]',
    {steps: normalized('$x', 'x')},
    {
      x: MILLION,
      xScale: uniform([1024], 0),
      xShift: uniform([1024]),
    },
    {aim: 3},
  ),
  op('transpose', 'transpose of [1024, 1024]', ['transpose', '$x'], {x: MILLION}),
  op(
    'chain',
    'five elementwise ops on a million',
    ['tanh', ['add', ['mul', ['relu', ['sub', '$x', '$y']], '$x'], '$y']],
    {x: MILLION, y: uniform([1024, 1024], 0)},
  ),
  op(
    'eager',
    '500 chained adds on [4, 4]',
    {chain: ['add', '$y'], times: 500},
    {x: uniform([4, 4]), y: uniform([4, 4], 0)},
  ),
];

const ONE_ROW = {x: uniform([1, 4])};
const ONE_IMAGE = {x: uniform([1, 28, 28, 1], 0)};
const ROWS = {x: uniform([32, 20]), y: oneHot(32, 3)};
const LOOP = {network: TABLE, loss: CROSS_ENTROPY, optimizer: ADAM};
const GAMES = {
  x: uniform([32, 4]),
  next: uniform([32, 4], 0),
  action: oneHot(32, 2),
  reward: uniform([32], 0),
  row: uniform([1, 4]),
};

/** @type {Case[]} */
const INTERACTIVE = [
  interactive('row', 'MLP 4-24-24-2, 1 row, dataSync', 'predictSync', ONE_ROW, {
    network: ROW,
    aim: 1.5,
    wasm: true,
  }),
  interactive('row-await', 'MLP 4-24-24-2, 1 row, await data', 'predictAwait', ONE_ROW, {
    network: ROW,
    aim: 1.5,
    wasm: true,
  }),
  interactive('image', 'convnet 32-64, 1 image 28 x 28, dataSync', 'predictSync', ONE_IMAGE, {
    network: IMAGE,
    aim: 1.5,
    wasm: true,
    repeat: 5,
  }),
  interactive('minimize', 'custom loop: minimize, MLP 20-64-64-3', 'minimize', ROWS, LOOP),
  interactive('minimize-list', 'custom loop: minimize with a list', 'minimizeList', ROWS, LOOP),
  interactive('variable-grads', 'custom loop: variableGrads', 'variableGrads', ROWS, LOOP),
  interactive('tape', 'custom loop: GradientTape (TF.js: variableGrads)', 'tape', ROWS, LOOP),
  interactive('value-and-grads', 'custom loop: valueAndGrads, assign', 'valueAndGrads', ROWS, LOOP),
  interactive('train-on-batch', 'trainOnBatch, MLP 20-64-64-3', 'trainOnBatch', ROWS, LOOP),
  interactive('dqn', 'act on 1 row, then learn from 32', 'dqn', GAMES, {
    network: POLICY,
    loss: 'meanSquaredError',
    optimizer: ADAM,
  }),
  interactive(
    'gan',
    'two networks in turn, batch 32',
    'gan',
    {x: uniform([32, 16]), z: uniform([32, 8])},
    {
      network: GENERATOR,
      second: CRITIC,
    },
  ),
];

/** The groups, with their aims in the geometric mean and for the slowest case. */
export const GROUPS = [
  {kind: 'train', title: 'training', aim: 6, least: 3},
  {kind: 'predict', title: 'inference', aim: 4, least: 1.5},
  {kind: 'op', title: 'ops', aim: 3, least: 1},
  {kind: 'interactive', title: 'interactive', aim: 5, least: 1.5},
];

/** @type {Case[]} */
export const CASES = [...TRAINING, ...INFERENCE, ...OPS, ...INTERACTIVE];
