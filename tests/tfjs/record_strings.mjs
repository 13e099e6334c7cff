// Records tf.string, tf.sparse and the ragged functions: node tests/tfjs/record_strings.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const words = (...values) => ({shape: [values.length], dtype: 'string', values});
const ints = (...values) => ({shape: [values.length], dtype: 'int32', values});
const matrix = (rows) => ({shape: [rows.length, rows[0].length], dtype: 'int32', values: rows.flat()});
const floats = (...shape) => ({shape});

const long = 'The quick brown fox jumps over the lazy dog, again and again. ';
const lengths = [...Array(18).keys(), 20, 31, 32, 33, 48, 63, 64, 65, 100, 127, 128, 129, 192, 193, 300];
const texts = lengths.map((n) => long.repeat(5).slice(0, n));
for (const buckets of [1, 7, 1000, 2147483647]) {
  await recorder.call('string.stringToHashBucketFast', [words(...texts)], [buckets]);
}
for (const [pattern, rewrite, all] of [
  ['o', '0', true],
  ['o', '0', false],
  ['(\\w)(\\w)', '$2$1', true],
  ['q.*?k', '[$&]', true],
  ['x+', '$$', true],
]) {
  await recorder.call('string.staticRegexReplace', [words(long, '', 'xxoo')], [pattern, rewrite, all]);
}
for (const delimiter of [' ', '', ' ,.', 'x']) {
  for (const skip of [true, false]) {
    await recorder.call(
      'string.stringSplit',
      [words('a b  c', '', ' x,y. ', 'z'), {shape: [], dtype: 'string', values: [delimiter]}],
      [skip],
    );
  }
}
for (const widths of [[1], [2], [3], [1, 2], [4, 2]]) {
  for (const pad of [-1, 0, 1, 2]) {
    for (const keep of [false, true]) {
      if (keep && pad < 0) continue;
      const data = [words('aa', 'b', 'c', 'dd', 'e', 'f'), ints(0, 4, 4, 5, 6)];
      await recorder.call('string.stringNGrams', data, ['|', widths, '<', '>', pad, keep]);
    }
  }
}
const places = matrix([[0, 1], [2, 0], [2, 3], [4, 2]]); // prettier-ignore
const mixed = matrix([[4, 1], [0, 0], [4, 3], [1, 2]]); // prettier-ignore
for (const indices of [places, mixed]) {
  for (const rows of [5, 6, 8]) {
    await recorder.call('sparse.sparseFillEmptyRows', [indices, floats(4), ints(rows, 4), floats()]);
  }
}
for (const shape of [[4, 5], [20], [2, -1], [2, 2, 5], [-1]]) {
  await recorder.call('sparse.sparseReshape', [places, ints(5, 4), ints(...shape)]);
}
for (const name of ['sparse.sparseSegmentSum', 'sparse.sparseSegmentMean']) {
  for (const segments of [
    [0, 0, 1, 2],
    [0, 2, 2, 3],
    [1, 1, 1, 4],
  ]) {
    await recorder.call(name, [floats(5, 3), ints(4, 0, 0, 2), ints(...segments)]);
    await recorder.call(name, [floats(5), ints(1, 3, 4, 2), ints(...segments)]);
  }
}
for (const indices of [
  ints(1, 0, 3),
  ints(2),
  {shape: [2, 2], dtype: 'int32', values: [3, 1, 0, 0]},
  {shape: [], dtype: 'int32', values: [2]},
]) {
  const extra = indices.shape.length;
  const one = [ints(0, 2, 2, 5, 6), floats(6), indices];
  await recorder.call('raggedGather', one, [['$0'], '$1', '$2', extra], {gradient: false});
  const two = [ints(0, 1, 3, 3, 4), ints(0, 2, 2, 5, 6), floats(6, 2), indices];
  await recorder.call('raggedGather', two, [['$0', '$1'], '$2', '$3', 1 + extra], {gradient: false});
}
for (const [starts, limits, deltas] of [
  [ints(0, 5, 8), ints(8, 7, 3), ints(2, 1, -2)],
  [{shape: [], dtype: 'int32', values: [1]}, ints(3, 1, 5), {shape: [], dtype: 'int32', values: [2]}],
  [
    {shape: [2], values: [0, 2.5]},
    {shape: [2], values: [1, 0]},
    {shape: [2], values: [0.25, -0.5]},
  ],
]) {
  await recorder.call('raggedRange', [starts, limits, deltas]);
}
for (const shape of [ints(4, -1), ints(-1, 2), ints(3, 4)]) {
  const inputs = [shape, floats(6), floats(), ints(0, 2, 2, 5, 6)];
  await recorder.call('raggedTensorToTensor', inputs, ['$0', '$1', '$2', ['$3'], ['ROW_SPLITS']], {
    gradient: false,
  });
  const rows = [shape, floats(6), floats(), {shape: [], dtype: 'int32', values: [5]}, ints(0, 0, 2, 2, 2, 3)];
  const kinds = ['FIRST_DIM_SIZE', 'VALUE_ROWIDS'];
  await recorder.call('raggedTensorToTensor', rows, ['$0', '$1', '$2', ['$3', '$4'], kinds], {
    gradient: false,
  });
}
for (const shape of [ints(2, 3, 2, 2), ints(6, 1, 2, 2)]) {
  const inputs = [shape, floats(6, 2), floats(), ints(0, 1, 3, 3, 4), ints(0, 2, 2, 5, 6)];
  await recorder.call(
    'raggedTensorToTensor',
    inputs,
    ['$0', '$1', '$2', ['$3', '$4'], ['ROW_SPLITS', 'ROW_SPLITS']],
    {gradient: false},
  );
}
recorder.save('strings.json');
