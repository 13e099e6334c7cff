// Records pooling and grey dilation: node tests/tfjs/record_pooling.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const floats = (...shape) => ({shape});
const explicit = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];
// TensorFlow.js's gradient of the mean divides by the whole window, padding included; see design facts.
const padless = (fn, pad) => ({gradient: !fn.startsWith('avg') || pad === 'valid' || pad === 0});

for (const fn of ['maxPool', 'avgPool']) {
  for (const shape of [
    [1, 5, 6, 2],
    [6, 4, 2],
  ]) {
    for (const [filter, strides] of [
      [2, 2],
      [
        [3, 2],
        [2, 1],
      ],
      [3, 1],
    ]) {
      for (const pad of ['same', 'valid', 1, explicit]) {
        // With a number, TensorFlow.js takes filter height and vertical stride for both axes.
        if (typeof pad === 'number' && Array.isArray(filter)) continue;
        const rounding = typeof pad === 'number' ? ['floor', 'round', 'ceil'] : [];
        for (const mode of [undefined, ...rounding]) {
          const args = mode ? [filter, strides, pad, mode] : [filter, strides, pad];
          await recorder.call(fn, [floats(...shape)], args, padless(fn, pad));
        }
      }
    }
  }
}
await recorder.call('maxPool', [{shape: [1, 4, 4, 2], dtype: 'int32', low: -9, high: 9}], [2, 1, 'valid']);
for (const kind of ['max', 'avg']) {
  for (const [window, pad, dilations, strides] of [
    [2, 'same', 1, 2],
    [[3, 2], 'valid', [2, 1], 1],
    [2, 'valid', 2, 1],
    [3, 1, 1, 2],
  ]) {
    const args = [window, kind, pad, dilations, strides];
    await recorder.call('pool', [floats(1, 6, 7, 2)], args, padless(kind, pad));
  }
}
for (const fn of ['maxPool3d', 'avgPool3d']) {
  for (const shape of [
    [1, 4, 3, 4, 2],
    [3, 3, 4, 1],
  ]) {
    for (const [filter, strides] of [
      [2, 1],
      [
        [2, 3, 2],
        [1, 2, 2],
      ],
    ]) {
      for (const pad of ['same', 'valid', 1]) {
        // Its gradient of maxPool3d confuses rows and columns of windows that are not square.
        const wrong = fn === 'maxPool3d' && Array.isArray(filter);
        const options = wrong ? {gradient: false} : padless(fn, pad);
        await recorder.call(fn, [floats(...shape)], [filter, strides, pad], options);
      }
      await recorder.call(fn, [floats(...shape)], [filter, strides, 1, 'ceil'], {gradient: false});
    }
  }
}
for (const batched of [false, true]) {
  for (const pad of ['same', 'valid']) {
    for (const [filter, strides] of [
      [2, 2],
      [
        [3, 2],
        [2, 1],
      ],
    ]) {
      await recorder.call('maxPoolWithArgmax', [floats(2, 5, 6, 2)], [filter, strides, pad, batched]);
    }
  }
}
for (const [shape, filter] of [
  [
    [2, 5, 6, 2],
    [2, 2, 2],
  ],
  [
    [6, 5, 3],
    [3, 2, 3],
  ],
]) {
  for (const pad of ['same', 'valid']) {
    for (const [strides, dilations] of [
      [1, 1],
      [2, 1],
      [1, 2],
      [
        [1, 2],
        [2, 1],
      ],
    ]) {
      await recorder.call('dilation2d', [floats(...shape), floats(...filter)], [strides, pad, dilations]);
    }
  }
}
recorder.save('pooling.json');
