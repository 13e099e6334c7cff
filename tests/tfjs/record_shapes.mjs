// Records movement by blocks, ranked forms, selections: node tests/tfjs/record_shapes.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const floats = (...shape) => ({shape});
const ints = (shape, high, low = 0) => ({shape, dtype: 'int32', low, high});
const fixed = (values) => ({shape: [values.length], dtype: 'int32', values});

for (const [shape, block, crops] of [
  [
    [4, 2, 2, 3],
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [4, 2, 3, 1],
    [2, 2],
    [
      [0, 1],
      [1, 2],
    ],
  ],
  [
    [6, 3, 2, 2],
    [2, 3],
    [
      [1, 0],
      [0, 0],
    ],
  ],
  [[6, 4, 2], [3], [[2, 1]]],
]) {
  await recorder.call('batchToSpaceND', [floats(...shape)], [block, crops]);
}
for (const [shape, block, paddings] of [
  [
    [1, 4, 4, 3],
    [2, 2],
    [
      [0, 0],
      [0, 0],
    ],
  ],
  [
    [2, 3, 5, 1],
    [2, 2],
    [
      [1, 0],
      [0, 1],
    ],
  ],
  [
    [2, 4, 5, 2],
    [2, 3],
    [
      [1, 1],
      [1, 0],
    ],
  ],
  [[2, 5, 2], [3], [[0, 1]]],
]) {
  await recorder.call('spaceToBatchND', [floats(...shape)], [block, paddings]);
}
for (const block of [2, 3]) {
  await recorder.call('depthToSpace', [floats(2, 2, 3, 2 * block * block)], [block]);
}
for (const mode of ['reflect', 'symmetric']) {
  await recorder.call('mirrorPad', [floats(4)], [[[2, 3]], mode], {gradient: false});
  await recorder.call(
    'mirrorPad',
    [floats(3, 4)],
    [
      [
        [1, 2],
        [0, 3],
      ],
      mode,
    ],
    {gradient: false},
  );
  await recorder.call(
    'mirrorPad',
    [ints([3, 4, 2], 9)],
    [
      [
        [2, 0],
        [1, 1],
        [0, 1],
      ],
      mode,
    ],
  );
}
const shape = [3, 4, 2, 5];
for (const rank of [1, 2, 3, 4]) {
  const dims = shape.slice(0, rank);
  const pairs = dims.map((_, i) => [i, 2 - (i % 2)]);
  const begin = dims.map((_, i) => i % 2);
  const size = dims.map((dim, i) => dim - 1 - (i % 2));
  await recorder.call(`slice${rank}d`, [floats(...dims)], rank === 1 ? [0, 2] : [begin, size]);
  await recorder.call(`pad${rank}d`, [floats(...dims)], [rank === 1 ? pairs[0] : pairs, 7]);
  await recorder.call(`reverse${rank}d`, [floats(...dims)], rank === 1 ? [] : [rank - 1]);
  await recorder.call(`concat${rank}d`, [floats(...dims), floats(...dims)], rank === 1 ? [] : [rank - 1], {
    list: true,
  });
  await recorder.call('diag', [floats(...dims.slice(0, 3))]);
}
await recorder.call('meshgrid', [floats(3), floats(4)]);
await recorder.call('meshgrid', [floats(3), floats(4)], [{indexing: 'ij'}]);
await recorder.call('meshgrid', [ints([3], 9), ints([2], 9)]);
await recorder.call('meshgrid', [floats(3)]);
for (const [a, b] of [
  [[2, 1], [3]],
  [[1], [4, 1, 5]],
  [
    [2, 3],
    [2, 3],
  ],
]) {
  await recorder.call('broadcastArgs', [fixed(a), fixed(b)]);
}
await recorder.call('ensureShape', [floats(2, 3)], [[2, 3]]);
await recorder.call('ensureShape', [floats(2, 3)], [[null, 3]]);

for (const dims of [[7], [3, 4], [2, 3, 2]]) {
  await recorder.call('whereAsync', [{shape: dims, dtype: 'bool'}]);
  await recorder.call('booleanMaskAsync', [floats(...dims), {shape: dims, dtype: 'bool'}], [], {
    gradient: false,
  });
  await recorder.call('booleanMaskAsync', [floats(...dims, 3), {shape: [3], dtype: 'bool'}], [dims.length], {
    gradient: false,
  });
}
await recorder.call('booleanMaskAsync', [floats(3, 4, 2), {shape: [4, 2], dtype: 'bool'}], [1], {
  gradient: false,
});
await recorder.call('setdiff1dAsync', [ints([12], 9), ints([5], 9)]);
await recorder.call(
  'setdiff1dAsync',
  [
    {shape: [4], values: [1.5, -1, 2, 1.5]},
    {shape: [2], values: [2, 3]},
  ],
  [],
  {gradient: false},
);
await recorder.call('unique', [ints([10], 4)]);
await recorder.call('unique', [{shape: [5], dtype: 'string', values: ['b', 'a', 'b', 'c', 'a']}]);
await recorder.call('unique', [ints([6, 2], 2)], [0]);
await recorder.call('unique', [ints([2, 7], 2)], [1]);
await recorder.call('unique', [ints([2, 6, 2], 2)], [1]);
await recorder.call('unique', [{shape: [5], values: [0, 1.5, NaN, 1.5, NaN]}], [], {
  gradient: false,
});
recorder.save('shapes.json');
