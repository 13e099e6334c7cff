// Models of every kind of layer that TensorFlow.js has, for record_io.mjs.
import tf from '@tensorflow/tfjs';

const L = tf.layers;

/** A stack whose first layer has this input shape. */
const stack =
  (inputShape, ...layers) =>
  () =>
    tf.sequential({layers: [L.inputLayer({inputShape, name: 'given'}), ...layers.map((make) => make())]});

/** A graph with a shared layer, a nested model that is called twice, several inputs and outputs. */
function graph() {
  const a = tf.input({shape: [3], name: 'a'});
  const b = tf.input({shape: [3], name: 'b'});
  const steps = tf.input({shape: [4, 3], name: 'steps'});
  const shared = L.dense({units: 2, name: 'shared', activation: 'tanh'});
  const within = tf.input({shape: [2], name: 'within'});
  const nested = tf.model({
    inputs: within,
    outputs: L.dense({units: 2, name: 'deep'}).apply(within),
    name: 'nested',
  });
  const [left, right] = [a, b].map((x) => nested.apply(shared.apply(x)));
  const joined = L.concatenate({name: 'joined'}).apply([left, right]);
  const recurrent = L.gru({units: 2, name: 'recurrent'}).apply(steps, {initialState: [left]});
  const small = tf.sequential({name: 'small', layers: [L.dense({units: 3, inputShape: [4], name: 'last'})]});
  return tf.model({inputs: [a, b, steps], outputs: [small.apply(joined), recurrent], name: 'whole'});
}

/** Outputs of a layer that has several. */
function states() {
  const steps = tf.input({shape: [4, 3], name: 'steps'});
  const [all, h, c] = L.lstm({units: 2, returnSequences: true, returnState: true, name: 'with_states'}).apply(
    steps,
  );
  const again = L.lstm({units: 2, name: 'from_states'}).apply(all, {initialState: [h, c]});
  return tf.model({inputs: steps, outputs: [again, c], name: 'stated'});
}

const image = [6, 6, 2];

export const MODELS = {
  dense: () =>
    tf.sequential({
      layers: [
        L.dense({
          units: 4,
          inputShape: [3],
          activation: 'relu',
          kernelRegularizer: 'l1l2',
          biasConstraint: 'nonNeg',
        }),
        L.dropout({rate: 0.5}),
        L.batchNormalization({axis: -1}),
        L.dense({
          units: 2,
          activation: 'softmax',
          useBias: false,
          kernelInitializer: tf.initializers.constant({value: 2}),
        }),
      ],
    }),
  graph,
  states,
  embedding: () =>
    tf.sequential({
      layers: [
        L.embedding({inputDim: 5, outputDim: 3, inputLength: 4, maskZero: true}),
        L.lstm({units: 2, recurrentActivation: 'sigmoid', unitForgetBias: false}),
      ],
    }),
  bidirectional: stack(
    [4, 3],
    () => L.bidirectional({layer: L.lstm({units: 2, returnSequences: true}), mergeMode: 'concat'}),
    () => L.bidirectional({layer: L.gru({units: 2}), mergeMode: 'sum'}),
  ),
  cells: stack(
    [4, 3],
    () => L.rnn({cell: [L.lstmCell({units: 2}), L.gruCell({units: 3})], returnSequences: true}),
    () => L.rnn({cell: L.simpleRNNCell({units: 2, activation: 'relu'}), goBackwards: true}),
  ),
  timeDistributed: stack(
    [4, 3],
    () => L.timeDistributed({layer: L.dense({units: 2})}),
    () => L.timeDistributed({layer: tf.sequential({layers: [L.dense({units: 3, inputShape: [2]})]})}),
    () => L.layerNormalization({axis: -1}),
    () => L.globalAveragePooling1d(),
  ),
  images: stack(
    image,
    () => L.conv2d({filters: 3, kernelSize: 3, strides: 2, padding: 'same', activation: 'elu'}),
    () => L.upSampling2d({size: [2, 2], interpolation: 'bilinear'}),
    () => L.depthwiseConv2d({kernelSize: [2, 3], depthMultiplier: 2}),
    () => L.separableConv2d({filters: 2, kernelSize: 2}),
    () =>
      L.zeroPadding2d({
        padding: [
          [1, 0],
          [0, 2],
        ],
      }),
    () => L.conv2dTranspose({filters: 2, kernelSize: 3, strides: [2, 2]}),
    () =>
      L.cropping2D({
        cropping: [
          [1, 1],
          [0, 1],
        ],
      }),
    () => L.maxPooling2d({poolSize: 2}),
    () => L.flatten(),
  ),
  channelsFirst: stack(
    [2, 6, 6],
    () => L.averagePooling2d({poolSize: [2, 3], strides: [1, 2], dataFormat: 'channelsFirst'}),
    () => L.globalMaxPooling2d({dataFormat: 'channelsFirst'}),
  ),
  volumes: stack(
    [3, 4, 4, 1],
    () => L.conv3d({filters: 2, kernelSize: 2, padding: 'valid'}),
    () => L.maxPooling3d({poolSize: [2, 2, 2], padding: 'same'}),
    () => L.conv3dTranspose({filters: 1, kernelSize: 2}),
    () => L.reshape({targetShape: [-1, 2]}),
    () => L.permute({dims: [2, 1]}),
  ),
  sequences: stack(
    [6, 2],
    () => L.conv1d({filters: 3, kernelSize: 2, dilationRate: 2}),
    () => L.maxPooling1d({poolSize: 2}),
    () => L.averagePooling1d({poolSize: 1}),
    () => L.simpleRNN({units: 2}),
    () => L.repeatVector({n: 2}),
    () => L.globalMaxPooling1d(),
  ),
  activations: stack(
    [4],
    () => L.dense({units: 4}),
    () => L.leakyReLU({alpha: 0.2}),
    () => L.prelu({alphaInitializer: 'ones'}),
    () => L.elu({alpha: 1}),
    () => L.reLU({maxValue: 3}),
    () => L.thresholdedReLU({theta: 0.1}),
    () => L.activation({activation: 'hardSigmoid'}),
    () => L.softmax({axis: -1}),
  ),
  noise: stack(
    [4],
    () => L.gaussianNoise({stddev: 0.2}),
    () => L.gaussianDropout({rate: 0.2}),
    () => L.alphaDropout({rate: 0.2}),
    () => L.dense({units: 1, kernelInitializer: tf.initializers.varianceScaling({scale: 2, mode: 'fanOut'})}),
  ),
  merges: () => {
    const [a, b] = ['a', 'b'].map((name) => tf.input({shape: [3], name}));
    const both = [
      L.add(),
      L.average(),
      L.maximum(),
      L.minimum(),
      L.multiply(),
      L.dot({axes: 1, normalize: true}),
    ];
    return tf.model({
      inputs: [a, b],
      outputs: L.concatenate().apply(both.map((layer) => layer.apply([a, b]))),
    });
  },
  masking: stack(
    [4, 2],
    () => L.masking({maskValue: 0.5}),
    () => L.gru({units: 2}),
  ),
  convLstm: stack([2, 4, 4, 1], () => L.convLstm2d({filters: 2, kernelSize: 2})),
  preprocessing: stack(
    image,
    () => L.rescaling({scale: 0.5, offset: 1}),
    () => L.centerCrop({height: 2, width: 2}),
  ),
};
