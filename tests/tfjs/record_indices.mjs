// Records scatters, gathers at tuples, counts, order and tf.linalg: node tests/tfjs/record_indices.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const ints = (shape, high, low = 0) => ({shape, dtype: 'int32', low, high});
const fixed = (shape, values) => ({shape, dtype: 'int32', values});
const floats = (...shape) => ({shape});

for (const [shape, indices, high] of [
  [[5], [4, 1], 5],
  [[5, 6], [3, 1], 5],
  [[5, 6], [3, 2], 5],
  [[3, 4, 2], [2, 3, 2], 3],
  [[3, 3, 3, 2], [4, 3], 3],
]) {
  await recorder.call('gatherND', [floats(...shape), ints(indices, high)]);
  const depth = indices.at(-1);
  const updates = [...indices.slice(0, -1), ...shape.slice(depth)];
  await recorder.call('scatterND', [ints(indices, high), floats(...updates)], ['$0', '$1', shape]);
  await recorder.call('scatterND', [ints(indices, high), ints(updates, 50, -50)], ['$0', '$1', shape]);
  await recorder.call('tensorScatterUpdate', [floats(...shape), ints(indices, high), floats(...updates)]);
  await recorder.call('tensorScatterUpdate', [ints(shape, 90), ints(indices, high), ints(updates, 90)]);
}
for (const [ids, segments, shape] of [
  [7, 4, [7]],
  [7, 9, [7, 3]],
  [4, 2, [4, 2, 3]],
]) {
  await recorder.call('unsortedSegmentSum', [floats(...shape), ints([ids], segments)], [segments]);
}
const unique = fixed([4], [0, 2, 3, 7]);
await recorder.call('sparseToDense', [unique, floats(4), floats()], ['$0', '$1', [9], '$2']);
await recorder.call('sparseToDense', [unique, floats(), floats()], ['$0', '$1', [9], '$2']);
await recorder.call('sparseToDense', [unique, ints([4], 9)], ['$0', '$1', [9]]);
await recorder.call(
  'sparseToDense',
  [fixed([3, 2], [0, 1, 2, 2, 3, 0]), floats(3), floats()],
  ['$0', '$1', [4, 3], '$2'],
);
await recorder.call('sparseToDense', [fixed([], [2]), floats(), floats()], ['$0', '$1', [4], '$2']);
for (const size of [3, 6]) {
  await recorder.call('bincount', [ints([12], 6), floats(12)], [size], {gradient: false});
  await recorder.call('bincount', [ints([12], 6), ints([0], 1)], [size]);
  await recorder.call('denseBincount', [ints([12], 6), floats(12)], [size], {gradient: false});
  await recorder.call('denseBincount', [ints([3, 8], 6), floats(3, 8)], [size], {gradient: false});
  await recorder.call('denseBincount', [ints([3, 8], 6), floats(3, 8)], [size, true], {gradient: false});
  await recorder.call('denseBincount', [ints([3, 8], 6), ints([0], 1)], [size]);
}
await recorder.call('math.confusionMatrix', [ints([20], 4), ints([20], 4)], [4]);

for (const [shape, ks] of [
  [[6], [1, 3, 6]],
  [
    [3, 9],
    [1, 4],
  ],
]) {
  for (const k of ks) {
    await recorder.call('topk', [floats(...shape)], [k]);
    await recorder.call('topk', [ints(shape, 4)], [k]);
  }
}
for (const k of [1, 2, 5]) {
  await recorder.call('inTopKAsync', [floats(6, 5), ints([6], 5)], [k], {gradient: false});
}
// TensorFlow.js makes a matrix of one row of vectors here; TensorFlow and this project keep the shape of the values.
const ascending = {shape: [1, 8], values: [-1.5, -1, -1, 0, 0.5, 0.5, 1, 1.5]};
const rows = fixed([2, 5], [0, 1, 1, 2, 4, -2, 0, 0, 0, 3]);
for (const name of ['lowerBound', 'upperBound']) {
  await recorder.call(name, [ascending, floats(1, 6)], [], {gradient: false});
  await recorder.call(name, [ascending, {shape: [1, 4], values: [-1, 0.5, 9, -9]}], [], {gradient: false});
  await recorder.call(name, [rows, ints([2, 7], 5, -3)]);
}
for (const side of ['left', 'right']) {
  await recorder.call('searchSorted', [ascending, ascending], [side], {gradient: false});
}

const equations = {
  'ij,jk->ik': [[2, 3], [3, 4]],
  'ij,jk->ki': [[2, 3], [3, 4]],
  'bij,bjk->bik': [[2, 2, 3], [2, 3, 4]],
  'ij,ij->': [[3, 4], [3, 4]],
  'i,j->ij': [[3], [4]],
  'ij->ji': [[3, 4]],
  'ij->': [[3, 4]],
  'ijk->k': [[2, 3, 4]],
  'abcd,ebad->ce': [[2, 3, 4, 5], [2, 3, 2, 5]],
  'bqhd,bkhd->bhqk': [[2, 3, 2, 4], [2, 5, 2, 4]],
  'abc,cd->abd': [[2, 3, 4], [4, 2]],
}; // prettier-ignore
for (const [equation, shapes] of Object.entries(equations)) {
  const inputs = shapes.map((shape) => ({shape}));
  await recorder.call('einsum', inputs, [equation, ...inputs.map((_, i) => `$${i}`)], {gradient: false});
}
for (const [lower, upper] of [
  [0, 0],
  [1, 0],
  [0, -1],
  [-1, 1],
  [2, 1],
  [-1, -1],
]) {
  await recorder.call('linalg.bandPart', [floats(4, 5)], [lower, upper]);
  await recorder.call('linalg.bandPart', [floats(2, 4, 3)], [lower, upper]);
}
for (const [m, n] of [
  [2, 2],
  [3, 3],
  [4, 4],
  [3, 5],
  [5, 3],
]) {
  if (m <= n) await recorder.call('linalg.gramSchmidt', [floats(m, n)]);
  for (const full of [false, true]) {
    await recorder.call('linalg.qr', [floats(m, n)], [full], {gradient: false});
    // TensorFlow.js fails on batches of matrices that are not square.
    if (m === n) await recorder.call('linalg.qr', [floats(2, m, n)], [full], {gradient: false});
  }
}
await recorder.call('linalg.gramSchmidt', [floats(3), floats(3)], [], {list: true});
recorder.save('indices.json');
