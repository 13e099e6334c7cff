// Writes layers_by_tfjs.json: layers of TensorFlow.js with drawn options, for test_every_factory.py.
// node tests/layers/record_layers.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

const DRAWS = 6;
const PROJECTIONS = 4;

/** Numbers that look random and are the same in every language. */
const wave = (count, seed, scale = 1) =>
  Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
const size = (shape) => shape.reduce((a, b) => a * b, 1);
const filled = (shape, seed, scale) => tf.tensor(wave(size(shape), seed, scale), shape);

/** Park and Miller's generator. */
let state = 4711;
function below(count) {
  state = (state * 16807) % 2147483647;
  return state % count;
}
const pick = (options) => options[below(options.length)];

const FLAGS = [true, false];
const ACTIVATIONS = [
  undefined,
  'relu',
  'tanh',
  'sigmoid',
  'elu',
  'selu',
  'softplus',
  'softsign',
  'relu6',
  'hardSigmoid',
  'softmax',
];
const PADDINGS = ['valid', 'same'];
const FORMATS = ['channelsLast', 'channelsFirst'];
const POOL1 = {poolSize: [2, 3, [2]], strides: [undefined, 1, 2], padding: PADDINGS};
const POOL2 = {
  poolSize: [2, 3, [3, 2]],
  strides: [undefined, 1, [2, 1]],
  padding: PADDINGS,
  dataFormat: FORMATS,
};
const POOL3 = {poolSize: [2, [2, 2, 1]], strides: [undefined, 1], padding: PADDINGS, dataFormat: FORMATS};
const LAYER = {useBias: FLAGS, activation: ACTIVATIONS};
const GLOBAL2 = {dataFormat: FORMATS};
const UNARY = [
  [2, 5],
  [2, 3, 2],
];
const PAIRS = [
  [
    [2, 3],
    [2, 3],
  ],
  [
    [2, 3, 2],
    [2, 3, 2],
    [2, 3, 2],
  ],
  [
    [2, 3, 2],
    [2, 2],
  ],
];
const IMAGES = [[2, 5, 4, 2]];

/** For each factory: shapes of its inputs (one is drawn; a list of lists for several inputs) and its options. */
const SPACES = {
  activation: [UNARY, {activation: ['linear', ...ACTIVATIONS.slice(1)]}],
  dense: [
    [
      [2, 4],
      [2, 3, 4],
    ],
    {units: [3, 5], ...LAYER},
  ],
  embedding: [[[2, 5], [3]], {inputDim: [6], outputDim: [2, 3], inputLength: [undefined]}, 'whole'],
  flatten: [
    [
      [2, 3, 2, 2],
      [2, 3],
    ],
    {dataFormat: FORMATS},
  ],
  reshape: [[[2, 3, 4]], {targetShape: [[12], [2, 6], [-1, 3], [4, 3, 1]]}],
  permute: [
    [[2, 3, 4, 2]],
    {
      dims: [
        [2, 1, 3],
        [3, 1, 2],
        [1, 3, 2],
      ],
    },
  ],
  repeatVector: [[[2, 3]], {n: [1, 3]}],
  dropout: [UNARY, {rate: [0.3], seed: [1]}],
  spatialDropout1d: [[[2, 3, 2]], {rate: [0.3]}],
  gaussianDropout: [UNARY, {rate: [0.3]}],
  gaussianNoise: [UNARY, {stddev: [0.3]}],
  alphaDropout: [UNARY, {rate: [0.3]}],
  masking: [[[2, 3, 2]], {maskValue: [0, 0.5]}],
  conv1d: [
    [[2, 7, 2]],
    {
      filters: [3],
      kernelSize: [2, 3, [3]],
      strides: [1, 2],
      dilationRate: [1, 2],
      padding: PADDINGS,
      ...LAYER,
    },
  ],
  conv2d: [
    [[2, 6, 5, 2]],
    {
      filters: [3],
      kernelSize: [2, [3, 2]],
      strides: [1, 2],
      dilationRate: [1, 2],
      padding: PADDINGS,
      dataFormat: FORMATS,
      ...LAYER,
    },
  ],
  conv3d: [
    [[1, 4, 3, 5, 2]],
    {filters: [2], kernelSize: [2, [2, 1, 3]], strides: [1, 2], padding: PADDINGS, ...LAYER},
  ],
  conv2dTranspose: [
    [[1, 3, 4, 2]],
    {
      filters: [3],
      kernelSize: [2, 3, [2, 3]],
      strides: [1, 2, [2, 1]],
      padding: PADDINGS,
      dataFormat: FORMATS,
      ...LAYER,
    },
  ],
  conv3dTranspose: [
    [[1, 2, 3, 2, 2]],
    {filters: [2], kernelSize: [2, 3], strides: [1, 2], padding: PADDINGS, ...LAYER},
  ],
  depthwiseConv2d: [
    [[2, 5, 4, 3]],
    {
      kernelSize: [2, 3, [3, 2]],
      depthMultiplier: [1, 2],
      strides: [1, 2],
      padding: PADDINGS,
      dataFormat: FORMATS,
      ...LAYER,
    },
  ],
  separableConv2d: [
    [[2, 5, 4, 2]],
    {
      filters: [3],
      kernelSize: [2, [3, 2]],
      depthMultiplier: [1, 2],
      strides: [1, 2],
      padding: PADDINGS,
      ...LAYER,
    },
  ],
  cropping2D: [
    IMAGES,
    {
      cropping: [
        1,
        [1, 0],
        [
          [1, 0],
          [0, 2],
        ],
      ],
    },
  ],
  zeroPadding2d: [
    IMAGES,
    {
      padding: [
        1,
        [2, 1],
        [
          [1, 0],
          [2, 3],
        ],
      ],
      dataFormat: FORMATS,
    },
  ],
  upSampling2d: [
    [[2, 3, 2, 2]],
    {
      size: [
        [2, 2],
        [1, 3],
      ],
      interpolation: ['nearest', 'bilinear'],
      dataFormat: FORMATS,
    },
  ],
  averagePooling1d: [[[2, 5, 3]], POOL1],
  maxPooling1d: [[[2, 5, 3]], POOL1],
  averagePooling2d: [[[2, 5, 6, 3]], POOL2],
  maxPooling2d: [[[2, 5, 6, 3]], POOL2],
  averagePooling3d: [[[1, 4, 4, 4, 2]], POOL3],
  maxPooling3d: [[[1, 4, 4, 4, 2]], POOL3],
  globalAveragePooling1d: [[[2, 5, 3]], {}],
  globalMaxPooling1d: [[[2, 5, 3]], {}],
  globalAveragePooling2d: [[[2, 3, 4, 2]], GLOBAL2],
  globalMaxPooling2d: [[[2, 3, 4, 2]], GLOBAL2],
  batchNormalization: [
    [
      [4, 3],
      [2, 3, 4],
      [2, 3, 2, 4],
    ],
    {axis: [-1], epsilon: [1e-3, 0.1], center: FLAGS, scale: FLAGS}, // other axes take the wrong parameters there
    'positive',
  ],
  layerNormalization: [
    [[2, 3, 4]],
    {axis: [-1, 1, [1, 2]], epsilon: [1e-3, 0.1], center: FLAGS, scale: FLAGS},
  ],
  reLU: [UNARY, {maxValue: [undefined, 0.8]}],
  leakyReLU: [UNARY, {alpha: [undefined, 0.1]}],
  prelu: [
    [
      [2, 3, 4],
      [2, 5],
    ],
    {sharedAxes: [undefined, [1]]},
  ],
  elu: [UNARY, {alpha: [undefined, 0.5]}],
  thresholdedReLU: [UNARY, {theta: [undefined, 0.4]}],
  softmax: [[[2, 3, 4]], {axis: [undefined, 1, -1]}],
  rescaling: [UNARY, {scale: [0.5, 2], offset: [undefined, -1]}],
  resizing: [
    [
      [1, 3, 4, 2],
      [3, 4, 2],
    ],
    {height: [2, 5], width: [3, 6], interpolation: ['bilinear', 'nearest'], cropToAspectRatio: [false]},
  ],
  centerCrop: [
    [
      [1, 5, 7, 2],
      [5, 7, 2],
    ],
    {height: [3, 4, 6], width: [4, 7]},
  ],
  categoryEncoding: [
    [
      [3, 4],
      [3, 1],
    ],
    {numTokens: [6, 8], outputMode: ['multiHot', 'count', 'oneHot']},
    'whole',
  ],
  add: [PAIRS, {}],
  average: [PAIRS, {}],
  maximum: [PAIRS, {}],
  minimum: [PAIRS, {}],
  multiply: [PAIRS, {}],
  concatenate: [PAIRS.slice(0, 2), {axis: [undefined, -1, 1]}],
  dot: [
    [
      [
        [2, 3],
        [2, 3],
      ],
      [
        [2, 3, 4],
        [2, 5, 3],
      ],
    ],
    {axes: [1, [1, 1], [1, -1]], normalize: FLAGS},
  ],
};

/** A tensor as few numbers in which every element shows: sums weighted by waves, and the mean magnitude. */
function seen(t) {
  const flat = t.dataSync();
  const sums = Array.from({length: PROJECTIONS}, (_, k) => {
    const weights = wave(flat.length, 7 + k);
    return flat.reduce((total, value, i) => total + value * weights[i], 0);
  });
  const magnitude = flat.reduce((total, value) => total + Math.abs(value), 0);
  return {
    shape: t.shape,
    sums: sums.map((v) => Number(v.toPrecision(7))),
    magnitude: Number(magnitude.toPrecision(4)),
  };
}

function inputs(shapes, kind) {
  const several = Array.isArray(shapes[0]);
  const made = (several ? shapes : [shapes]).map((shape, i) =>
    kind === 'whole' ? filled(shape, 4, 5.9).abs().floor() : filled(shape, 10 + i, 1.5),
  );
  return several ? made : made[0];
}

/** Gradients of the sum of squares of the outputs: of the inputs, then of the weights; null where TF.js has none. */
function gradients(layer, x, kind) {
  if (kind === 'whole') return null;
  const list = Array.isArray(x) ? x : [x];
  try {
    const loss = (...ts) => tf.sum(tf.square(layer.apply(Array.isArray(x) ? ts : ts[0])));
    const found = tf.grads(loss)(list);
    if (layer.trainableWeights.length) {
      const weights = layer.trainableWeights.map((w) => w.val);
      const {grads} = tf.variableGrads(() => loss(...list), weights);
      found.push(...weights.map((w) => grads[w.name]));
    }
    return found.map(seen);
  } catch {
    return null;
  }
}

function record(factory, config, shape, kind) {
  const layer = tf.layers[factory](config);
  const x = inputs(shape, kind);
  layer.apply(x);
  const weights = layer.getWeights().map((w, i) => filled(w.shape, 50 + i, 0.4));
  layer.setWeights(kind === 'positive' ? weights.map((w) => w.abs()) : weights);
  const y = layer.apply(x);
  return {
    factory,
    config,
    shape,
    kind,
    value: seen(y),
    weights: layer.weights.map((w) => [w.originalName.split('/').pop(), w.shape]),
    gradients: gradients(layer, x, kind),
    written: layer.getConfig(),
  };
}

/** Layers of other names are the same factories. */
const known = new Map(Object.entries(SPACES));
const records = [];
const refused = [];
for (const [factory, [shapes, options, kind]] of known) {
  const drawn = new Set();
  for (let tries = 0; tries < 8 * DRAWS && drawn.size < DRAWS; tries++) {
    const entries = Object.entries(options).map(([name, values]) => [name, pick(values)]);
    const config = Object.fromEntries(entries.filter(([, value]) => value !== undefined));
    const shape = pick(shapes);
    const key = JSON.stringify([config, shape]);
    if (drawn.has(key)) continue;
    drawn.add(key);
    try {
      records.push(record(factory, config, shape, kind));
    } catch (error) {
      refused.push({factory, config, shape, why: String(error.message).split('\n')[0].slice(0, 120)});
    }
  }
}

const INITIALIZERS = [
  ['zeros', {}, [2, 3]],
  ['ones', {}, [4]],
  ['constant', {value: 2.5}, [2, 2]],
  ['identity', {}, [3, 3]],
  ['identity', {gain: 0.5}, [2, 2]],
];
const REGULARIZERS = [
  ['l1', {l1: 0.3}],
  ['l2', {l2: 0.2}],
  ['l1l2', {l1: 0.1, l2: 0.4}],
  ['l1l2', {}],
];
const CONSTRAINTS = [
  ['maxNorm', {maxValue: 0.7, axis: 0}],
  ['maxNorm', {}],
  ['unitNorm', {axis: 1}],
  ['unitNorm', {}],
  ['nonNeg', {}],
  ['minMaxNorm', {minValue: 0.5, maxValue: 1, rate: 0.6, axis: 1}],
  ['minMaxNorm', {}],
];
const w = filled([3, 4], 21, 2);
const others = {
  initializers: INITIALIZERS.map(([name, config, shape]) => [
    name,
    config,
    seen(tf.initializers[name](config).apply(shape)),
  ]),
  regularizers: REGULARIZERS.map(([name, config]) => [
    name,
    config,
    seen(tf.regularizers[name](config).apply(w)),
  ]),
  constraints: CONSTRAINTS.map(([name, config]) => [
    name,
    config,
    seen(tf.constraints[name](config).apply(w)),
  ]),
};

const text = JSON.stringify({layers: records, refused, ...others});
writeFileSync(new URL('./layers_by_tfjs.json', import.meta.url), text);
