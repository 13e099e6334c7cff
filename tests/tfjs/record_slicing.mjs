// Records what TensorFlow.js says for stridedSlice, cumsum and cumprod: node tests/tfjs/record_slicing.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

await tf.setBackend('cpu');
const SHAPE = [4, 5, 3];
const x = tf.range(0, 60).reshape(SHAPE);
let state = 11;

/** A whole number below a limit; the same ones each time. */
function random(below) {
  state = (state * 16807) % 2147483647;
  return state % below;
}

const round = (t) => Array.from(t.dataSync(), (value) => Number(value.toPrecision(7)));

/** The gradient, or null where TensorFlow.js has none. */
function gradientOf(f, at) {
  try {
    return round(tf.grad(f)(at));
  } catch {
    return null;
  }
}

const strided = [];
while (strided.length < 150) {
  const count = 1 + random(3);
  const list = (low, high) => Array.from({length: count}, () => low + random(high - low));
  const begin = list(-4, 4);
  const end = list(-4, 5);
  const strides = Array.from({length: count}, () => [1, 1, 2, -1, -2][random(5)]);
  const masks = [random(8), random(8), 0, random(4) === 0 ? random(8) : 0, random(3) === 0 ? random(8) : 0];
  if (random(4) === 0) masks[2] = 1 << random(count);
  // TensorFlow.js mixes the places of masks up where these come together.
  if ((masks[0] || masks[1]) && (masks[2] || masks[4])) continue;
  try {
    const y = tf.stridedSlice(x, begin, end, strides, ...masks);
    strided.push({args: [begin, end, strides, ...masks], shape: y.shape, output: Array.from(y.dataSync())});
  } catch {
    continue; // out of range, or a shrunk axis that goes backwards
  }
}
const scans = [];
for (const name of ['cumsum', 'cumprod']) {
  for (const axis of [0, 1, 2]) {
    for (const exclusive of [false, true]) {
      for (const reverse of [false, true]) {
        const input = x.div(40).sub(0.5);
        const f = (given) => tf[name](given, axis, exclusive, reverse);
        const output = round(f(input));
        const gradient = gradientOf((given) => f(given).square().sum(), input);
        scans.push({name, args: [axis, exclusive, reverse], output, gradient});
      }
    }
  }
}
writeFileSync(new URL('slicing.json', import.meta.url), JSON.stringify({strided, scans}));
