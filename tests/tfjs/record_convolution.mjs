// Records convolutions of every kind: node tests/tfjs/record_convolution.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const floats = (...shape) => ({shape, low: -1, high: 1});
const images = floats(2, 6, 5, 2);
const one = [[0, 0], [1, 0], [0, 2], [0, 0]]; // prettier-ignore

// TensorFlow.js has no gradient of dilated convolutions, and a wrong one of those that round up.
for (const [strides, pad, format, dilations, rounding] of [
  [1, 'valid'],
  [1, 'same'],
  [2, 'same'],
  [[1, 2], 'valid'],
  [2, 1],
  [1, one],
  [2, 1, 'NHWC', 1, 'floor'],
  [2, 1, 'NHWC', 1, 'round'],
  [2, 1, 'NHWC', 1, 'ceil'],
  [1, 'same', 'NHWC', 2],
  [1, 'valid', 'NHWC', [2, 1]],
]) {
  const args = [strides, pad, format ?? 'NHWC', dilations ?? 1, rounding ?? null];
  const gradient = {gradient: !dilations};
  // TensorFlow.js takes the height of the filter for its width where it rounds.
  const width = rounding ? 3 : 2;
  await recorder.call('conv2d', [images, floats(3, width, 2, 3)], args, gradient);
  await recorder.call('conv2d', [images, floats(2, 2, 2, 4)], args, gradient);
  await recorder.call('depthwiseConv2d', [images, floats(3, width, 2, 1)], args, {
    gradient: !dilations && !Array.isArray(strides),
  });
  await recorder.call('depthwiseConv2d', [images, floats(2, 2, 2, 3)], args, {
    gradient: !dilations && !Array.isArray(strides),
  });
}
await recorder.call('conv2d', [floats(5, 5, 3), floats(3, 3, 3, 2)], [1, 'same']);
await recorder.call('depthwiseConv2d', [floats(5, 5, 3), floats(3, 3, 3, 2)], [1, 'same']);
for (const [stride, pad, format, dilation] of [
  [1, 'valid'],
  [2, 'same'],
  [1, 'same', 'NWC', 2],
]) {
  const args = [stride, pad, format ?? 'NWC', dilation ?? 1];
  await recorder.call('conv1d', [floats(2, 9, 3), floats(3, 3, 4)], args, {gradient: !dilation});
  await recorder.call('conv1d', [floats(7, 2), floats(2, 2, 3)], args, {gradient: !dilation});
}
for (const [strides, pad, dilation] of [
  [1, 'same', 1],
  [2, 'valid', 1],
  [1, 'valid', 2],
]) {
  const inputs = [images, floats(3, 3, 2, 2), floats(1, 1, 4, 3)];
  await recorder.call('separableConv2d', inputs, [strides, pad, dilation], {gradient: dilation === 1});
}
for (const [shape, filter, output, strides, pad] of [
  [[2, 3, 3, 4], [3, 3, 2, 4], [2, 6, 6, 2], 2, 'same'],
  [[1, 3, 3, 1], [2, 2, 3, 1], [1, 4, 4, 3], 1, 'valid'],
  [[3, 3, 2], [3, 3, 1, 2], [7, 7, 1], 2, 'valid'],
  [[1, 2, 3, 2], [3, 2, 2, 2], [1, 4, 3, 2], [2, 1], 'same'],
]) {
  await recorder.call('conv2dTranspose', [floats(...shape), floats(...filter)], [output, strides, pad]);
}
for (const [strides, pad, dilations] of [
  [1, 'valid'],
  [2, 'same'],
  [[1, 2, 1], 'same'],
  [1, 'same', 2],
]) {
  const args = [strides, pad, 'NDHWC', dilations ?? 1];
  await recorder.call('conv3d', [floats(2, 3, 4, 4, 2), floats(2, 2, 2, 2, 3)], args, {gradient: !dilations});
}
await recorder.call('conv3d', [floats(3, 4, 4, 1), floats(2, 3, 1, 1, 2)], [1, 'valid']);
for (const [shape, filter, output, strides, pad] of [
  [[1, 2, 2, 2, 3], [2, 2, 2, 2, 3], [1, 3, 3, 3, 2], 1, 'valid'],
  [[1, 2, 2, 3, 1], [3, 3, 3, 2, 1], [1, 4, 4, 6, 2], 2, 'same'],
  [[2, 2, 2, 2], [2, 1, 2, 1, 2], [3, 2, 3, 1], 1, 'valid'],
]) {
  await recorder.call('conv3dTranspose', [floats(...shape), floats(...filter)], [output, strides, pad]);
}
for (const activation of ['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu', 'prelu']) {
  const extra = {activation, leakyreluAlpha: 0.3};
  const slopes = activation === 'prelu' ? [floats(3)] : [];
  const with_ = (options, tensors) => ({
    ...options,
    ...(slopes.length ? {preluActivationWeights: `$${tensors}`} : {}),
  });
  const dense = [floats(2, 4), floats(4, 3), floats(3), ...slopes];
  await recorder.call('fused.matMul', dense, [with_({a: '$0', b: '$1', bias: '$2', ...extra}, 3)]);
  const convolved = [floats(1, 4, 4, 2), floats(2, 2, 2, 3), floats(3), ...slopes];
  const geometry = {strides: 1, pad: 'same'};
  await recorder.call('fused.conv2d', convolved, [
    with_({x: '$0', filter: '$1', bias: '$2', ...geometry, ...extra}, 3),
  ]);
  const deep = [floats(1, 4, 4, 3), floats(2, 2, 3, 1), floats(3), ...slopes];
  await recorder.call('fused.depthwiseConv2d', deep, [
    with_({x: '$0', filter: '$1', bias: '$2', ...geometry, ...extra}, 3),
  ]);
}
await recorder.call(
  'fused.matMul',
  [floats(4, 2), floats(3, 4)],
  [{a: '$0', b: '$1', transposeA: true, transposeB: true}],
);
recorder.save('convolution.json');
