/**
 * The models of the cases, in TensorFlow.js's spelling.
 *
 * A model is a list of entries, each a layer with its config. An entry's input is the entry before it, unless `from` names
 * others, which `as` has named; the first is the input. The layer `expression` has declared weights and evaluates an
 * expression of them and of its inputs `$x`, `$x1`, ... (see cases.js).
 */

/**
 * @typedef {object} Entry
 * @property {string} layer a factory of tf.layers, 'input', or 'expression'
 * @property {Record<string, any>} [config]
 * @property {string} [as] its name
 * @property {string[]} [from] the names of its inputs
 */

/** @type {Entry[]} */
export const LINEAR = [
  {layer: 'input', config: {shape: [1]}},
  {layer: 'dense', config: {units: 1}},
];

/** @type {Entry[]} */
export const MLP = [
  {layer: 'input', config: {shape: [784]}},
  {layer: 'dense', config: {units: 128, activation: 'relu'}},
  {layer: 'dense', config: {units: 64, activation: 'relu'}},
  {layer: 'dense', config: {units: 10, activation: 'softmax'}},
];

const POOL = {layer: 'maxPooling2d', config: {poolSize: 2, strides: 2}};

/** @type {Entry[]} */
export const CONVNET = [
  {layer: 'input', config: {shape: [28, 28, 1]}},
  {layer: 'conv2d', config: {filters: 8, kernelSize: 5, activation: 'relu'}},
  POOL,
  {layer: 'conv2d', config: {filters: 16, kernelSize: 5, activation: 'relu'}},
  POOL,
  {layer: 'flatten'},
  {layer: 'dense', config: {units: 10, activation: 'softmax'}},
];

/** @type {Entry[]} */
export const LSTM = [
  {layer: 'input', config: {shape: [20, 16]}},
  {layer: 'lstm', config: {units: 32}},
  {layer: 'dense', config: {units: 1}},
];

/** @type {Entry[]} */
export const GRU = [
  {layer: 'input', config: {shape: [20]}},
  {layer: 'embedding', config: {inputDim: 500, outputDim: 16}},
  {layer: 'gru', config: {units: 24}},
  {layer: 'dense', config: {units: 4, activation: 'softmax'}},
];

/**
 * @param {string} name
 * @param {number} filters
 * @param {number} strides
 * @param {string} from
 * @returns {Entry[]} two convolutions with batch normalization beside a shortcut
 */
function residualBlock(name, filters, strides, from) {
  const plain = {padding: 'same', useBias: false};
  return [
    {layer: 'conv2d', config: {filters, kernelSize: 3, strides, ...plain}, from: [from]},
    {layer: 'batchNormalization'},
    {layer: 'activation', config: {activation: 'relu'}},
    {layer: 'conv2d', config: {filters, kernelSize: 3, ...plain}},
    {layer: 'batchNormalization', as: `${name}-long`},
    {layer: 'conv2d', config: {filters, kernelSize: 1, strides, ...plain}, from: [from]},
    {layer: 'batchNormalization', as: `${name}-short`},
    {layer: 'add', from: [`${name}-long`, `${name}-short`]},
    {layer: 'activation', config: {activation: 'relu'}, as: name},
  ];
}

/** @type {Entry[]} */
export const RESNET = [
  {layer: 'input', config: {shape: [32, 32, 3]}},
  {layer: 'conv2d', config: {filters: 8, kernelSize: 3, padding: 'same', useBias: false}},
  {layer: 'batchNormalization'},
  {layer: 'activation', config: {activation: 'relu'}, as: 'stem'},
  ...residualBlock('first', 8, 1, 'stem'),
  ...residualBlock('second', 16, 2, 'first'),
  {layer: 'globalAveragePooling2d', config: {}},
  {layer: 'dense', config: {units: 10, activation: 'softmax'}},
];

/**
 * @param {number} filters
 * @param {number} strides
 * @returns {Entry[]}
 */
function separable(filters, strides) {
  const plain = {padding: 'same', useBias: false};
  const depthwise = {depthwiseInitializer: {className: 'RandomUniform', config: {minval: -0.8, maxval: 0.8}}};
  const after = [{layer: 'batchNormalization'}, {layer: 'reLU', config: {maxValue: 6}}];
  return [
    {layer: 'depthwiseConv2d', config: {kernelSize: 3, strides, ...plain, ...depthwise}},
    ...after,
    {layer: 'conv2d', config: {filters, kernelSize: 1, kernelInitializer: 'heUniform', ...plain}},
    ...after,
  ];
}

/**
 * MobileNetV1, alpha 1.0. Its random weights keep the scale of what passes: were it to fade, all classes would be equally
 * likely, and the comparison would compare nothing.
 *
 * @type {Entry[]}
 */
export const MOBILENET = [
  {layer: 'input', config: {shape: [224, 224, 3]}},
  {layer: 'conv2d', config: {filters: 32, kernelSize: 3, strides: 2, padding: 'same', useBias: false}},
  {layer: 'batchNormalization'},
  {layer: 'reLU', config: {maxValue: 6}},
  ...separable(64, 1),
  ...separable(128, 2),
  ...separable(128, 1),
  ...separable(256, 2),
  ...separable(256, 1),
  ...separable(512, 2),
  ...[1, 2, 3, 4, 5].flatMap(() => separable(512, 1)),
  ...separable(1024, 2),
  ...separable(1024, 1),
  {layer: 'globalAveragePooling2d', config: {}},
  {layer: 'dense', config: {units: 1000, activation: 'softmax'}},
];

/**
 * @param {number[]} widths of the layers, the input first
 * @param {string} hidden
 * @param {string} [last]
 * @returns {Entry[]}
 */
function perceptron(widths, hidden, last = 'linear') {
  const units = widths.slice(1);
  return [
    {layer: 'input', config: {shape: [widths[0]]}},
    ...units.map((count, i) => {
      const activation = i === units.length - 1 ? last : hidden;
      return {layer: 'dense', config: {units: count, activation}};
    }),
  ];
}

export const ROW = perceptron([4, 24, 24, 2], 'relu');
export const TABLE = perceptron([20, 64, 64, 3], 'tanh', 'softmax');
export const POLICY = perceptron([4, 24, 24, 2], 'relu');
export const GENERATOR = perceptron([8, 32, 16], 'relu');
export const CRITIC = perceptron([16, 32, 1], 'relu');

/** @type {Entry[]} */
export const IMAGE = [
  {layer: 'input', config: {shape: [28, 28, 1]}},
  {layer: 'conv2d', config: {filters: 32, kernelSize: 3, activation: 'relu'}},
  POOL,
  {layer: 'conv2d', config: {filters: 64, kernelSize: 3, activation: 'relu'}},
  POOL,
  {layer: 'flatten'},
  {layer: 'dense', config: {units: 10, activation: 'softmax'}},
];
