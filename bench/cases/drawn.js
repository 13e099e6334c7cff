/**
 * Cases that a seed draws: models and ops of sizes that nobody chose, odd numbers among them. The same seed draws the same
 * cases in every browser.
 */

import {classes, drawer, oneHot, uniform} from '../data.js';
import {op, predict, train} from './cases.js';

/** @typedef {import('./cases.js').Case} Case */
/** @typedef {import('./networks.js').Entry} Entry */

/**
 * @typedef {object} Drawn
 * @property {Entry[]} network without its last layer
 * @property {number[]} input the shape of one row
 * @property {number} vocabulary of an embedding that comes first, or 0
 * @property {number} work multiply-adds of a row
 * @property {string} title
 */

/** Multiply-adds of one batch: fewer measure the loop only, more take seconds on a CPU that plays a GPU. */
const WORK = {train: [1e5, 3e7], predict: [1e5, 1.5e8], op: [1e5, 2e8]};
/** Elements of the largest tensor of an op. */
const ELEMENTS = [1e4, 1e6];
/** Of eight cases, how many there are of each kind, in this order. */
const KINDS = /** @type {const} */ (['train', 'predict', 'op', 'train', 'op', 'train', 'predict', 'train']);

/** Draws what cases are made of. */
class Draw {
  #next;

  /** @param {number} seed */
  constructor(seed) {
    this.#next = drawer(Math.imul(seed + 1, 0x9e3779b1) | 0 || 1);
    for (let i = 0; i < 8; i++) this.#next();
  }

  /** @param {number} share */
  chance(share) {
    return this.#next() < share;
  }

  /**
   * @template T
   * @param {readonly T[]} values
   * @returns {T}
   */
  pick(values) {
    return values[Math.floor(this.#next() * values.length)];
  }

  /**
   * @param {number} least
   * @param {number} most
   * @returns {number} a whole number, small ones as likely as large ones; every other one is a multiple of four
   */
  size(least, most) {
    const found = Math.round(least * (most / least) ** this.#next());
    return found >= 8 && this.chance(0.5) ? Math.min(most & ~3, (found + 2) & ~3) : found;
  }
}

/** @param {readonly number[]} values */
const product = (values) => values.reduce((total, value) => total * value, 1);

/**
 * @param {number} size
 * @param {number} kernel
 * @param {number} strides
 * @param {string} padding
 */
const windows = (size, kernel, strides, padding) =>
  padding === 'same' ? Math.ceil(size / strides) : Math.floor((size - kernel) / strides) + 1;

/**
 * @param {Draw} draw
 * @returns {Drawn}
 */
function dense(draw) {
  const input = draw.size(2, 800);
  /** @type {Entry[]} */
  const network = [{layer: 'input', config: {shape: [input]}}];
  const widths = [];
  let [width, work] = [input, 0];
  for (let depth = draw.size(1, 4); depth > 0; depth--) {
    const units = draw.size(3, 600);
    const activation = draw.pick(['relu', 'tanh', 'sigmoid', 'elu']);
    network.push({layer: 'dense', config: {units, activation}});
    if (draw.chance(0.2)) network.push({layer: 'batchNormalization'});
    work += width * units;
    width = units;
    widths.push(units);
  }
  return {network, input: [input], vocabulary: 0, work, title: `MLP ${[input, ...widths].join('-')}`};
}

/**
 * @param {Draw} draw
 * @param {number[]} shape of one image or sequence; becomes the result's
 * @returns {{entries: Entry[], work: number, title: string}} a convolution and what follows it
 */
function convolution(draw, shape) {
  const channels = shape[shape.length - 1];
  const spatial = shape.slice(0, -1);
  const kernelSize = Math.min(draw.pick([1, 2, 3, 3, 3, 5, 7]), ...spatial);
  const strides = draw.pick([1, 1, 1, 2, 3]);
  const padding = draw.pick(['same', 'valid']);
  const filters = draw.size(3, 48);
  const places = spatial.map((size) => windows(size, kernelSize, strides, padding));
  const kernel = kernelSize ** spatial.length;
  const kind = spatial.length === 1 ? 'conv1d' : draw.pick(['conv2d', 'conv2d', 'conv2d', 'separableConv2d']);
  const config = {filters, kernelSize, strides, padding, activation: draw.pick(['relu', 'linear', 'tanh'])};
  /** @type {Entry[]} */
  const entries = [{layer: kind, config}];
  if (draw.chance(0.3)) entries.push({layer: 'batchNormalization'});
  const each = kind === 'separableConv2d' ? channels * (kernel + filters) : kernel * channels * filters;
  shape.splice(0, shape.length, ...places, filters);
  const title = `${kind === 'separableConv2d' ? 'separable ' : ''}${kernelSize}/${strides} ${padding} to ${filters}`;
  if (draw.chance(0.4) && Math.min(...places) >= 4) {
    const pool = `${draw.pick(['max', 'average'])}Pooling${spatial.length}d`;
    entries.push({layer: pool, config: {poolSize: 2, strides: 2}});
    shape.splice(0, places.length, ...places.map((size) => windows(size, 2, 2, 'valid')));
  }
  return {entries, work: product(places) * each, title};
}

/**
 * @param {Draw} draw
 * @returns {Drawn}
 */
function convolutional(draw) {
  const flat = draw.chance(0.25);
  const size = flat ? draw.size(16, 200) : draw.size(9, 64);
  const input = [...(flat ? [size] : [size, size]), draw.pick([1, 3, 3, 5, 8])];
  const shape = [...input];
  /** @type {Entry[]} */
  const network = [{layer: 'input', config: {shape: input}}];
  const titles = [];
  let work = 0;
  for (let depth = draw.size(1, 4); depth > 0; depth--) {
    const made = convolution(draw, shape);
    network.push(...made.entries);
    titles.push(made.title);
    work += made.work;
  }
  const averaged = draw.chance(0.3);
  network.push(averaged ? {layer: `globalAveragePooling${flat ? 1 : 2}d`, config: {}} : {layer: 'flatten'});
  return {network, input, vocabulary: 0, work, title: `convnet ${input.join('x')}: ${titles.join(', ')}`};
}

/** @type {Record<string, number>} */
const GATES = {lstm: 4, gru: 3, simpleRNN: 1};

/**
 * @param {Draw} draw
 * @returns {Drawn}
 */
function recurrent(draw) {
  const steps = draw.size(4, 40);
  const kind = draw.pick(Object.keys(GATES));
  const gates = GATES[kind];
  const embedded = draw.chance(0.4);
  const vocabulary = embedded ? draw.size(50, 2000) : 0;
  let width = draw.size(2, 40);
  const input = embedded ? [steps] : [steps, width];
  /** @type {Entry[]} */
  const network = [{layer: 'input', config: {shape: input}}];
  if (embedded) network.push({layer: 'embedding', config: {inputDim: vocabulary, outputDim: width}});
  const widths = [];
  let work = 0;
  for (let depth = draw.pick([1, 1, 2]); depth > 0; depth--) {
    const units = draw.size(4, 72);
    network.push({layer: kind, config: {units, returnSequences: depth > 1}});
    work += steps * gates * units * (width + units);
    width = units;
    widths.push(units);
  }
  const title = `${kind} ${widths.join('-')} over ${steps} steps${embedded ? ' of an embedding' : ''}`;
  return {network, input, vocabulary, work, title};
}

/**
 * @param {Draw} draw
 * @param {'train' | 'predict'} kind
 * @returns {{drawn: Drawn, batch: number}}
 */
function model(draw, kind) {
  const [least, most] = WORK[kind];
  for (;;) {
    const drawn = draw.pick([dense, dense, convolutional, convolutional, recurrent])(draw);
    const batch = kind === 'predict' && draw.chance(0.4) ? 1 : draw.size(2, 128);
    const work = batch * drawn.work;
    if (work >= least && work <= most) return {drawn, batch};
  }
}

/**
 * @param {Drawn} drawn
 * @param {number} rows
 */
const inputs = ({input, vocabulary}, rows) =>
  vocabulary ? classes([rows, ...input], vocabulary) : uniform([rows, ...input]);

// TensorFlow.js takes another epsilon for WebGL where it is not told one.
/** @type {[string, ...number[]][]} */
const OPTIMIZERS = [
  ['adam', 0.001, 0.9, 0.999, 1e-7],
  ['sgd', 0.01],
  ['momentum', 0.01, 0.9],
  ['rmsprop', 0.001, 0.9, 0, 1e-7],
];

/**
 * @param {Draw} draw
 * @param {string} name
 * @returns {Case}
 */
function drawnTraining(draw, name) {
  const {drawn, batch} = model(draw, 'train');
  const classCount = draw.size(2, 30);
  const regression = draw.chance(0.3);
  const last = regression ? {units: classCount} : {units: classCount, activation: 'softmax'};
  const rows = batch * 3 + (draw.chance(0.3) ? Math.ceil(batch / 2) : 0);
  const network = [...drawn.network, {layer: 'dense', config: last}];
  const targets = regression ? uniform([rows, classCount]) : oneHot(rows, classCount);
  return train(name, `${drawn.title}, batch ${batch}`, network, inputs(drawn, rows), targets, {
    batch,
    loss: regression ? 'meanSquaredError' : 'categoricalCrossentropy',
    optimizer: draw.pick(OPTIMIZERS),
    repeat: 2,
  });
}

/**
 * @param {Draw} draw
 * @param {string} name
 * @returns {Case}
 */
function drawnPrediction(draw, name) {
  const {drawn, batch} = model(draw, 'predict');
  const network = [...drawn.network, {layer: 'dense', config: {units: draw.size(2, 30)}}];
  const title = `${drawn.title}, ${batch} ${batch === 1 ? 'row' : 'rows'}`;
  return predict(name, title, network, inputs(drawn, batch), 5);
}

/**
 * @param {Draw} draw
 * @param {number} rank
 * @returns {number[]} a shape whose elements are within ELEMENTS
 */
function shapeOf(draw, rank) {
  for (;;) {
    const shape = Array.from({length: rank}, () => draw.size(3, rank === 1 ? ELEMENTS[1] : 1500));
    const size = product(shape);
    if (size >= ELEMENTS[0] && size <= ELEMENTS[1]) return shape;
  }
}

/** @typedef {(draw: Draw) => {title: string, expression: any, tensors: Record<string, import('../data.js').Data>}} OpDrawer */

/** @type {OpDrawer} */
function drawnProduct(draw) {
  const [least, most] = WORK.op;
  for (;;) {
    const [m, k, n] = [draw.size(3, 1200), draw.size(3, 1200), draw.size(3, 1200)];
    const batch = draw.chance(0.3) ? [draw.size(2, 24)] : [];
    const [left, right] = [draw.chance(0.25), draw.chance(0.25)];
    const work = product(batch) * m * k * n;
    if (work < least || work > most) continue;
    const a = [...batch, ...(left ? [k, m] : [m, k])];
    const b = [...batch, ...(right ? [n, k] : [k, n])];
    const title = `matMul [${a}]${left ? ' transposed' : ''} by [${b}]${right ? ' transposed' : ''}`;
    return {
      title,
      expression: ['matMul', '$a', '$b', left, right],
      tensors: {a: uniform(a), b: uniform(b, 0)},
    };
  }
}

/** @type {OpDrawer} */
function drawnConvolution(draw) {
  const [least, most] = WORK.op;
  for (;;) {
    const [batch, size, channels, filters] = [
      draw.size(1, 16),
      draw.size(7, 64),
      draw.size(1, 64),
      draw.size(1, 64),
    ];
    const kernel = draw.pick([1, 2, 3, 3, 5]);
    const [strides, padding, depthwise] = [
      draw.pick([1, 1, 2, 3]),
      draw.pick(['same', 'valid']),
      draw.chance(0.3),
    ];
    const places = windows(size, kernel, strides, padding) ** 2;
    const work = batch * places * kernel ** 2 * channels * (depthwise ? 1 : filters);
    if (work < least || work > most) continue;
    const x = [batch, size, size, channels];
    const w = [kernel, kernel, channels, depthwise ? draw.pick([1, 1, 2, 3]) : filters];
    const name = depthwise ? 'depthwiseConv2d' : 'conv2d';
    const title = `${name} [${x}] by [${w}], strides ${strides}, ${padding}`;
    return {
      title,
      expression: [name, '$x', '$w', strides, padding],
      tensors: {x: uniform(x), w: uniform(w, 0)},
    };
  }
}

/** @type {OpDrawer} */
function drawnReduction(draw) {
  const shape = shapeOf(draw, draw.pick([1, 2, 2, 3, 4]));
  const axis = draw.pick(shape.map((_, i) => i));
  const name = draw.pick(['sum', 'mean', 'max', 'argMax', 'logSumExp']);
  return {
    title: `${name} of [${shape}] along ${axis}`,
    expression: [name, '$x', axis],
    tensors: {x: uniform(shape, 0)},
  };
}

/** @type {OpDrawer} */
function drawnRows(draw) {
  const shape = shapeOf(draw, draw.pick([2, 2, 3]));
  const name = draw.pick(['softmax', 'cumsum']);
  const axis = shape.length - 1;
  return {title: `${name} of [${shape}]`, expression: [name, '$x', axis], tensors: {x: uniform(shape)}};
}

/** @type {OpDrawer} */
function drawnMove(draw) {
  const shape = shapeOf(draw, draw.pick([2, 2, 3, 4]));
  const name = draw.pick(['transpose', 'gather', 'concat', 'pad']);
  const x = uniform(shape);
  if (name === 'transpose') {
    const turn = 1 + (draw.size(1, 9) % (shape.length - 1));
    const axes = shape.map((_, i) => (i + turn) % shape.length);
    return {
      title: `transpose of [${shape}] by [${axes}]`,
      expression: [name, '$x', {list: axes}],
      tensors: {x},
    };
  }
  if (name === 'gather') {
    const count = Math.max(
      2,
      Math.min(draw.size(10, 3000), Math.floor(ELEMENTS[1] / product(shape.slice(1)))),
    );
    const tensors = {x, i: classes([count], shape[0])};
    const title = `gather of ${count} rows of [${shape}]`;
    return {title, expression: [name, '$x', ['cast', '$i', 'int32'], 0], tensors};
  }
  if (name === 'concat') {
    const axis = draw.pick([0, shape.length - 1]);
    const other = shape.map((size, i) => (i === axis ? draw.size(1, size) : size));
    const title = `concat of [${shape}] and [${other}] along ${axis}`;
    return {title, expression: [name, {each: ['$x', '$y']}, axis], tensors: {x, y: uniform(other)}};
  }
  const widths = shape.map(() => ({list: [draw.size(1, 4) - 1, draw.size(1, 4)]}));
  return {title: `pad of [${shape}]`, expression: [name, '$x', {each: widths}], tensors: {x}};
}

/** @type {OpDrawer} */
function drawnElementwise(draw) {
  const shape = shapeOf(draw, draw.pick([1, 2, 3, 4]));
  const other = shape.map((size) => (draw.chance(0.3) ? 1 : size));
  const unary = draw.pick(['tanh', 'exp', 'relu', 'sqrt', 'sigmoid']);
  const binary = draw.pick(['add', 'mul', 'maximum', 'div']);
  const tensors = {x: uniform(shape, 0), y: uniform(other, 1, 2)};
  return {
    title: `${unary} of ${binary} of [${shape}] and [${other}]`,
    expression: [unary, [binary, '$x', '$y']],
    tensors,
  };
}

const OPS = [
  drawnProduct,
  drawnProduct,
  drawnConvolution,
  drawnReduction,
  drawnRows,
  drawnMove,
  drawnElementwise,
];

/**
 * @param {number} count
 * @param {number} seed
 * @returns {Case[]}
 */
export function drawnCases(count, seed) {
  const draw = new Draw(seed);
  return Array.from({length: count}, (_, i) => {
    const kind = KINDS[i % KINDS.length];
    const name = `drawn${i}`;
    if (kind === 'train') return drawnTraining(draw, name);
    if (kind === 'predict') return drawnPrediction(draw, name);
    const {title, expression, tensors} = draw.pick(OPS)(draw);
    return op(name, title, expression, tensors, {repeat: 3, aim: 3});
  });
}
