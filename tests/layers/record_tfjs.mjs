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

function setWeights(model) {
  model.setWeights(model.getWeights().map((w, i) => filled(w.shape, 50 + i, 0.4)));
}

const OPTIMIZERS = {
  sgd: () => 'sgd',
  adagrad: () => 'adagrad',
  adadelta: () => 'adadelta',
  adam: () => 'adam',
  adamax: () => 'adamax',
  rmsprop: () => 'rmsprop',
  momentum: () => tf.train.momentum(0.05, 0.8),
  nesterov: () => tf.train.momentum(0.05, 0.8, true),
  adamaxDecay: () => tf.train.adamax(0.01, 0.8, 0.9, 1e-7, 0.1),
  rmspropMomentum: () => tf.train.rmsprop(0.01, 0.8, 0.5, 1e-7),
  rmspropCentered: () => tf.train.rmsprop(0.01, 0.8, 0, 1e-5, true),
};

/** History and final weights of a small model, trained for 5 epochs of 4 + 4 + 2 samples. */
async function trained(optimizer) {
  const model = tf.sequential();
  model.add(tf.layers.dense({units: 5, inputShape: [4], activation: 'tanh'}));
  const kernelRegularizer = tf.regularizers.l1l2({l1: 0.01, l2: 0.02});
  model.add(tf.layers.dense({units: 3, activation: 'softmax', kernelRegularizer}));
  setWeights(model);
  model.compile({optimizer, loss: 'categoricalCrossentropy', metrics: ['accuracy', 'mse']});
  const y = tf.oneHot(tf.tensor1d([0, 1, 2, 0, 1, 2, 2, 1, 0, 1], 'int32'), 3);
  const x = filled([10, 4], 1, 2);
  const {history} = await model.fit(x, y, {epochs: 5, batchSize: 4, shuffle: false, verbose: 0});
  return {history, weights: model.getWeights().map((w) => Array.from(w.dataSync()))};
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

const LAYERS = {
  denseOnSequence: [[2, 3, 4], () => tf.layers.dense({units: 5, activation: 'elu'})],
  denseWithoutBias: [[2, 4], () => tf.layers.dense({units: 3, useBias: false})],
  flatten: [[2, 3, 2, 2], () => tf.layers.flatten()],
  reshape: [[2, 3, 4], () => tf.layers.reshape({targetShape: [2, -1]})],
  permute: [[2, 3, 4], () => tf.layers.permute({dims: [2, 1]})],
  repeatVector: [[2, 3], () => tf.layers.repeatVector({n: 3})],
  conv2dValid: [[2, 6, 5, 2], () => tf.layers.conv2d({filters: 3, kernelSize: [3, 2], activation: 'relu'})],
  conv2dSameStrides: [
    [1, 7, 6, 2],
    () => tf.layers.conv2d({filters: 2, kernelSize: 3, strides: 2, padding: 'same'}),
  ],
  conv2dDilated: [[1, 8, 8, 1], () => tf.layers.conv2d({filters: 2, kernelSize: 3, dilationRate: 2})],
  maxPooling2d: [[2, 5, 6, 2], () => tf.layers.maxPooling2d({poolSize: 2})],
  maxPooling2dSame: [
    [1, 5, 5, 2],
    () => tf.layers.maxPooling2d({poolSize: [3, 2], strides: [2, 1], padding: 'same'}),
  ],
  averagePooling2d: [[1, 5, 5, 2], () => tf.layers.averagePooling2d({poolSize: 2, padding: 'same'})],
  globalAveragePooling2d: [[2, 3, 4, 2], () => tf.layers.globalAveragePooling2d({})],
  globalMaxPooling2d: [[2, 3, 4, 2], () => tf.layers.globalMaxPooling2d({})],
  reLU: [[2, 5], () => tf.layers.reLU({maxValue: 0.8})],
  leakyReLU: [[2, 5], () => tf.layers.leakyReLU({})],
  prelu: [[2, 3, 4], () => tf.layers.prelu({})],
  preluShared: [[2, 3, 4], () => tf.layers.prelu({sharedAxes: [1]})],
  elu: [[2, 5], () => tf.layers.elu({})],
  thresholdedReLU: [[2, 5], () => tf.layers.thresholdedReLU({theta: 0.4})],
  softmax: [[2, 5], () => tf.layers.softmax({axis: -1})],
  embedding: [[2, 5], () => tf.layers.embedding({inputDim: 6, outputDim: 3}), 'whole'],
  batchNormalization: [[4, 3], () => tf.layers.batchNormalization({}), 'positive'],
  batchNormalizationAxis: [
    [2, 3, 4],
    () => tf.layers.batchNormalization({axis: 2, scale: false}),
    'positive',
  ],
  zeroPadding2d: [
    [2, 3, 4, 2],
    () =>
      tf.layers.zeroPadding2d({
        padding: [
          [1, 0],
          [2, 3],
        ],
      }),
  ],
  cropping2d: [
    [2, 4, 5, 2],
    () =>
      tf.layers.cropping2D({
        cropping: [
          [1, 0],
          [2, 1],
        ],
      }),
  ],
  maxPooling1d: [[2, 5, 3], () => tf.layers.maxPooling1d({poolSize: 2})],
  averagePooling1d: [[2, 5, 3], () => tf.layers.averagePooling1d({poolSize: 3, strides: 1, padding: 'same'})],
  globalAveragePooling1d: [[2, 5, 3], () => tf.layers.globalAveragePooling1d({})],
  globalMaxPooling1d: [[2, 5, 3], () => tf.layers.globalMaxPooling1d({})],
  layerNormalization: [[2, 3, 4], () => tf.layers.layerNormalization({})],
  layerNormalizationAxes: [[2, 3, 4], () => tf.layers.layerNormalization({axis: [1, 2]})],
  conv1d: [[2, 7, 3], () => tf.layers.conv1d({filters: 4, kernelSize: 3, activation: 'relu'})],
  conv1dSame: [[2, 7, 3], () => tf.layers.conv1d({filters: 2, kernelSize: [4], strides: 2, padding: 'same'})],
  conv1dDilated: [
    [1, 8, 2],
    () => tf.layers.conv1d({filters: 3, kernelSize: 3, dilationRate: 2, useBias: false}),
  ],
  conv2dChannelsFirst: [
    [1, 2, 4, 5],
    () => tf.layers.conv2d({filters: 3, kernelSize: 2, dataFormat: 'channelsFirst', activation: 'softmax'}),
  ],
  conv3d: [[1, 3, 4, 5, 2], () => tf.layers.conv3d({filters: 2, kernelSize: [2, 3, 2], activation: 'tanh'})],
  conv3dSame: [
    [1, 3, 4, 3, 2],
    () => tf.layers.conv3d({filters: 2, kernelSize: 3, strides: 2, padding: 'same'}),
  ],
  conv2dTranspose: [[2, 3, 4, 2], () => tf.layers.conv2dTranspose({filters: 3, kernelSize: 3, strides: 2})],
  conv2dTransposeSame: [
    [1, 3, 4, 2],
    () => tf.layers.conv2dTranspose({filters: 2, kernelSize: [2, 3], strides: 2, padding: 'same'}),
  ],
  conv2dTransposeFirst: [
    [1, 2, 3, 4],
    () =>
      tf.layers.conv2dTranspose({filters: 3, kernelSize: 2, strides: [3, 1], dataFormat: 'channelsFirst'}),
  ],
  conv3dTranspose: [
    [1, 2, 3, 2, 2],
    () => tf.layers.conv3dTranspose({filters: 2, kernelSize: 2, strides: [1, 2, 1], activation: 'relu'}),
  ],
  depthwiseConv2d: [[2, 5, 4, 3], () => tf.layers.depthwiseConv2d({kernelSize: 3, depthMultiplier: 2})],
  depthwiseConv2dFirst: [
    [1, 3, 5, 4],
    () =>
      tf.layers.depthwiseConv2d({
        kernelSize: [3, 2],
        strides: 2,
        padding: 'same',
        dataFormat: 'channelsFirst',
      }),
  ],
  separableConv2d: [
    [2, 5, 4, 3],
    () => tf.layers.separableConv2d({filters: 4, kernelSize: 3, depthMultiplier: 2, activation: 'relu'}),
  ],
  separableConv2dDilated: [
    [1, 6, 6, 2],
    () => tf.layers.separableConv2d({filters: 2, kernelSize: 2, dilationRate: 2, useBias: false}),
  ],
  maxPooling3d: [[1, 4, 5, 3, 2], () => tf.layers.maxPooling3d({poolSize: [2, 2, 1]})],
  averagePooling3d: [
    [1, 3, 4, 3, 2],
    () => tf.layers.averagePooling3d({poolSize: 3, strides: [1, 2, 2], padding: 'same'}),
  ],
  averagePooling3dFirst: [
    [1, 2, 4, 4, 2],
    () => tf.layers.averagePooling3d({poolSize: 2, dataFormat: 'channelsFirst'}),
  ],
  maxPool2d: [[1, 5, 4, 2], () => tf.layers.maxPool2d({poolSize: 3, strides: 1})],
  globalMaxPool1d: [[2, 5, 3], () => tf.layers.globalMaxPool1d({})],
  upSampling2d: [[1, 3, 2, 2], () => tf.layers.upSampling2d({size: [2, 3]})],
  upSampling2dBilinear: [
    [1, 2, 3, 2],
    () => tf.layers.upSampling2d({size: [2, 2], interpolation: 'bilinear', dataFormat: 'channelsFirst'}),
  ],
  rescaling: [[2, 3], () => tf.layers.rescaling({scale: 0.5, offset: -1})],
  resizing: [[1, 3, 4, 2], () => tf.layers.resizing({height: 5, width: 3})],
  resizingNearest: [[3, 4, 2], () => tf.layers.resizing({height: 2, width: 7, interpolation: 'nearest'})],
  resizingInRatio: [[1, 4, 6, 2], () => tf.layers.resizing({height: 6, width: 9, cropToAspectRatio: true})],
  centerCrop: [[1, 5, 7, 2], () => tf.layers.centerCrop({height: 3, width: 4})],
  centerCropOddly: [[1, 6, 4, 2], () => tf.layers.centerCrop({height: 5, width: 3})],
  centerCropSmall: [[4, 4, 2], () => tf.layers.centerCrop({height: 5, width: 3})],
  categoryOneHot: [[4, 1], () => tf.layers.categoryEncoding({numTokens: 6, outputMode: 'oneHot'}), 'whole'],
  categoryMultiHot: [[3, 4], () => tf.layers.categoryEncoding({numTokens: 7}), 'whole'],
  categoryCount: [[3, 4], () => tf.layers.categoryEncoding({numTokens: 6, outputMode: 'count'}), 'whole'],
};

/** Output, weights and weight names of a layer on fixed input. */
function applied([shape, make, kind]) {
  const layer = make();
  const x = kind === 'whole' ? filled(shape, 4, 5.9).abs().floor() : filled(shape, 4, 1.5);
  layer.apply(x);
  setWeights(layer);
  if (kind === 'positive') layer.setWeights(layer.getWeights().map((w) => w.abs()));
  const y = layer.apply(x);
  const weights = layer.weights.map((w) => [w.originalName.split('/').pop(), w.shape]);
  const gradients = kind === 'whole' ? null : gradientsOf(layer, x);
  return {shape: y.shape, values: Array.from(y.dataSync()), weights, gradients, config: layer.getConfig()};
}

/** Gradients of the sum of squares of the outputs: of the inputs, then of the weights; null where TF.js has none. */
function gradientsOf(layer, x) {
  try {
    return allGradients(layer, x);
  } catch {
    return null;
  }
}

function allGradients(layer, x) {
  const loss = (t) => tf.sum(tf.square(layer.apply(t)));
  const found = [tf.grad(loss)(x)];
  if (layer.trainableWeights.length > 0) {
    const weights = layer.trainableWeights.map((w) => w.val);
    const {grads} = tf.variableGrads(() => loss(x), weights);
    found.push(...weights.map((w) => grads[w.name]));
  }
  return found.map((t) => Array.from(t.dataSync()));
}

const MERGES = {
  add: [
    [
      [2, 3],
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.add(),
  ],
  addRanks: [
    [
      [2, 3, 4],
      [2, 4],
    ],
    () => tf.layers.add(),
  ],
  multiply: [
    [
      [2, 3],
      [2, 1],
    ],
    () => tf.layers.multiply(),
  ],
  average: [
    [
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.average(),
  ],
  maximum: [
    [
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.maximum(),
  ],
  minimum: [
    [
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.minimum(),
  ],
  concatenate: [
    [
      [2, 3],
      [2, 2],
    ],
    () => tf.layers.concatenate(),
  ],
  concatenateAxis: [
    [
      [2, 3, 4],
      [2, 1, 4],
    ],
    () => tf.layers.concatenate({axis: 1}),
  ],
  dot: [
    [
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.dot({axes: -1}),
  ],
  dotAxes: [
    [
      [2, 3, 4],
      [2, 5, 3],
    ],
    () => tf.layers.dot({axes: [1, 2]}),
  ],
  dotNormalized: [
    [
      [2, 3],
      [2, 3],
    ],
    () => tf.layers.dot({axes: 1, normalize: true}),
  ],
};

function merged([shapes, make]) {
  const y = make().apply(shapes.map((shape, i) => filled(shape, 10 + i, 1.5)));
  return {shape: y.shape, values: Array.from(y.dataSync())};
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
const training = {};
for (const [name, make] of Object.entries(OPTIMIZERS)) training[name] = await trained(make());
const record = {
  version: tf.version.tfjs,
  training,
  losses: mapped(LOSSES, (names, kind) =>
    Object.fromEntries(names.map((name) => [name, measured(kind, name, ['accuracy'])])),
  ),
  layers: mapped(LAYERS, applied),
  merges: mapped(MERGES, merged),
  activations: Object.fromEntries(ACTIVATIONS.split(' ').map((name) => [name, activated(name)])),
};
writeFileSync(new URL('recorded_by_tfjs.json', import.meta.url), `${JSON.stringify(record)}\n`);
