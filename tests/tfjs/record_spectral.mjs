// Records tf.spectral and tf.signal: node tests/tfjs/record_spectral.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
for (const n of [1, 2, 3, 5, 8, 12, 16, 70]) {
  await recorder.call('spectral.fft', [{shape: [n], dtype: 'complex64'}], [], {gradient: false});
  await recorder.call('spectral.ifft', [{shape: [2, n], dtype: 'complex64'}], [], {gradient: false});
  await recorder.call('spectral.irfft', [{shape: [2, n], dtype: 'complex64'}], [], {gradient: false});
  for (const points of [null, n, n + 3, Math.max(1, n - 2)]) {
    await recorder.call('spectral.rfft', [{shape: [2, n]}], [points].filter(Boolean), {gradient: false});
  }
}
for (const args of [
  [4, 2],
  [4, 3],
  [4, 3, true],
  [4, 3, true, 7],
  [3, 1],
  [5, 5],
]) {
  await recorder.call('signal.frame', [{shape: [11]}], args);
}
for (const args of [
  [4, 2],
  [6, 3],
  [8, 4, 8],
  [5, 2, 16],
]) {
  await recorder.call('signal.stft', [{shape: [17]}], args, {gradient: false});
}
for (const n of [2, 5, 8]) {
  await recorder.call('signal.hannWindow', [], [n]);
  await recorder.call('signal.hammingWindow', [], [n]);
  await recorder.call('cosineWindow', [], [n, 0.6, 0.4]);
}
recorder.save('spectral.json');
