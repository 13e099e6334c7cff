// Records tf.image: node tests/tfjs/record_images.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const floats = (...shape) => ({shape});
const ints = (shape, high, low = 0) => ({shape, dtype: 'int32', low, high});
const fixed = (shape, values) => ({shape, values});

for (const fn of ['image.resizeBilinear', 'image.resizeNearestNeighbor']) {
  for (const shape of [
    // Its gradient of resizeNearestNeighbor mixes up images where there are several.
    fn === 'image.resizeBilinear' ? [2, 4, 5, 2] : [1, 4, 5, 2],
    [3, 3, 1],
  ]) {
    for (const size of [
      [2, 2],
      [7, 5],
      [4, 9],
      [1, 1],
      [8, 10],
    ]) {
      for (const [align, half] of [
        [false, false],
        [true, false],
        [false, true],
      ]) {
        // Gradients with half-pixel centers are wrong or missing in TensorFlow.js.
        await recorder.call(fn, [floats(...shape)], [size, align, half], {gradient: !half});
      }
    }
  }
}
await recorder.call('image.resizeNearestNeighbor', [ints([1, 3, 2, 2], 9)], [[4, 5], false, true]);
await recorder.call('image.flipLeftRight', [floats(2, 3, 4, 3)]);
await recorder.call('image.grayscaleToRGB', [floats(2, 3, 1)]);
await recorder.call('image.grayscaleToRGB', [ints([4, 1], 9)]);
for (const shape of [[3], [2, 3], [2, 2, 3]]) {
  await recorder.call('image.rgbToGrayscale', [floats(2, ...shape)]);
  await recorder.call('image.rgbToGrayscale', [ints([4, ...shape], 255)]);
}
for (const radians of [0, 0.4, 1.5, -2.1]) {
  for (const fill of [0, 3.5, [1, 2, 3]]) {
    for (const center of [0.5, 0, [0.3, 0.7]]) {
      const channels = Array.isArray(fill) ? 4 : 1;
      const args = [radians, fill, center];
      await recorder.call('image.rotateWithOffset', [floats(1, 4, 5, channels)], args, {gradient: false});
    }
  }
}
const transforms = [1.1, 0.3, -1.37, -0.2, 0.9, 0.61, 0.01, -0.02];
// Its CPU backend transforms the first image only.
const others = [-1, 0.1, 3.37, 0.21, 1.5, -2.17, 0, 0.03];
for (const interpolation of ['nearest', 'bilinear']) {
  for (const mode of ['constant', 'reflect', 'wrap', 'nearest']) {
    for (const size of [null, [3, 6]]) {
      const args = [interpolation, mode, 1.5, ...(size ? [size] : [])];
      const images = [floats(1, 4, 3, 1), fixed([1, 8], transforms)];
      await recorder.call('image.transform', images, args, {gradient: false});
      const narrow = [floats(1, 1, 4, 2), fixed([1, 8], others)];
      await recorder.call('image.transform', narrow, args, {gradient: false});
    }
  }
}
const boxes = fixed([4, 4], [0, 0, 1, 1, 0.1, 0.2, 0.7, 0.9, 0.93, 0.8, 0.1, 0.21, -0.3, 0.5, 0.6, 1.4]);
for (const method of ['bilinear', 'nearest']) {
  for (const size of [
    [1, 1],
    [3, 2],
    [6, 7],
  ]) {
    for (const value of [0, 2.5]) {
      const inputs = [floats(2, 4, 5, 2), boxes, {shape: [4], dtype: 'int32', values: [0, 1, 0, 1]}];
      await recorder.call('image.cropAndResize', inputs, [size, method, value], {gradient: false});
    }
  }
}
for (const high of [100, 256]) {
  for (const shape of [
    [6, 5, 3],
    [5, 4, 1],
  ]) {
    for (const inverted of [false, true]) {
      const level = ['binary', inverted, 0.3];
      await recorder.call('image.threshold', [{shape, low: 0, high}], level, {gradient: false});
      await recorder.call('image.threshold', [ints(shape, high)], ['otsu', inverted], {gradient: false});
    }
  }
}
await recorder.call('image.threshold', [{shape: [2, 2, 1], values: [7, 7, 7, 7]}], ['otsu'], {
  gradient: false,
});
const many = {shape: [20, 4], low: 0, high: 1};
const scores = {shape: [20], low: 0, high: 1};
const plain = {gradient: false};
for (const suffix of ['', 'Async']) {
  for (const most of [0, 5, 30]) {
    for (const [overlap, least] of [
      [0.5, -Infinity],
      [0.2, 0.3],
      [1, 0.1],
    ]) {
      const limits = Number.isFinite(least) ? [most, overlap, least] : [most, overlap];
      await recorder.call(`image.nonMaxSuppression${suffix}`, [many, scores], limits, plain);
      if (limits.length < 3) continue;
      const name = `image.nonMaxSuppressionWithScore${suffix}`;
      for (const sigma of [0, 0.5]) {
        await recorder.call(name, [many, scores], [...limits, sigma], plain);
      }
      for (const pad of [false, true]) {
        const padded = `image.nonMaxSuppressionPadded${suffix}`;
        await recorder.call(padded, [many, scores], [...limits, pad], plain);
      }
    }
  }
}
recorder.save('images.json');
