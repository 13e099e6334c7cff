// Records LSTM cells and moving averages: node tests/tfjs/record_recurrent.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const floats = (...shape) => ({shape, low: -1, high: 1});

for (const [batch, inputs, units] of [
  [1, 1, 1],
  [3, 4, 2],
  [2, 3, 5],
]) {
  const state = floats(batch, units);
  const weights = [floats(), floats(inputs + units, 4 * units), floats(4 * units)];
  await recorder.call('basicLSTMCell', [...weights, floats(batch, inputs), state, state]);
}
for (const args of [
  [0.9, 1],
  [0.9, 7],
  [0.99, null, false],
]) {
  await recorder.call('movingAverage', [floats(3, 2), floats(3, 2)], args, {gradient: args.length === 2});
}
recorder.save('recurrent.json');
