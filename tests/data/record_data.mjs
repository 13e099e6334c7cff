// Writes tfjs.json: what TensorFlow.js's tf.data gives for pipelines that are described as data. For test_recorded.py.
// node tests/data/record_data.mjs (after `make setup`; then `make format`)
import {Buffer} from 'node:buffer';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import * as tf from '@tensorflow/tfjs';

/** Functions that descriptions name; test_recorded.py has the same. */
const FUNCTIONS = {
  odd: (x) => x % 2 === 1,
  double: (x) => 2 * x,
  pair: (x) => ({x, y: [x, x * x]}),
  times: (x) => Array(x).fill(x),
  not_two: (x) => {
    if (x === 2) throw new Error('two');
    return x;
  },
  yes: () => true,
  no: () => false,
  counted: (xs) =>
    typeof xs[0] === 'object' ? {value: null, recurse: true} : {value: xs.length, recurse: false},
};

/** What a description's values stand for: `{tensor, dtype}` for tensors. */
function valuesOf(given) {
  if (Array.isArray(given)) return given.map(valuesOf);
  if (given === null || typeof given !== 'object') return given;
  if ('tensor' in given) return tf.tensor(given.tensor, undefined, given.dtype);
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, valuesOf(value)]));
}

/** The dataset that a description begins with. */
function source(given) {
  if (Array.isArray(given)) return given.map(source);
  if ('array' in given) return tf.data.array(valuesOf(given.array));
  if ('zip' in given) return tf.data.zip(source(given.zip));
  if ('generator' in given) {
    return tf.data.generator(function* () {
      for (let i = 0; i < given.generator; i++) yield i;
    });
  }
  if ('func' in given) {
    let i = 0;
    return tf.data.func(() => ({value: i++, done: i > given.func}));
  }
  const text = given.csv ?? given.lines;
  if (text !== undefined) {
    const bytes = new tf.data.FileDataSource(Uint8Array.from(Buffer.from(text)), given.options);
    return 'csv' in given ? new tf.data.CSVDataset(bytes, given.config) : new tf.data.TextLineDataset(bytes);
  }
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, source(value)]));
}

/** The argument of a step: the function that `$name` stands for, the dataset of a description, or itself. */
function argument(given) {
  if (typeof given === 'string' && given.startsWith('$')) return FUNCTIONS[given.slice(1)];
  return given && typeof given === 'object' ? source(given) : given;
}

/** Values as JSON has them: tensors by shape, dtype and values, nothing for null, numbers that JSON lacks by name. */
function told(value) {
  if (value instanceof tf.Tensor) {
    return {tensor: value.shape, dtype: value.dtype, values: Array.from(value.dataSync(), told)};
  }
  if (typeof value === 'number' && !Number.isFinite(value)) return {number: String(value)};
  if (Array.isArray(value)) return value.map(told);
  if (value === undefined || value === null || typeof value !== 'object') return value ?? null;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, told(part)]));
}

const records = [];

/**
 * @param {string} name
 * @param {any} from what the pipeline begins with
 * @param {...any[]} steps methods and their arguments, one after the other
 */
async function record(name, from, ...steps) {
  const found = {name, from, steps};
  try {
    let at = source(from);
    if (at instanceof tf.data.CSVDataset) found.names = await at.columnNames();
    for (const [method, ...args] of steps) at = await at[method](...args.map(argument));
    if (at.size !== undefined) found.size = told(at.size);
    found.elements = told(await at.toArray());
  } catch (error) {
    found.error = String(error.message ?? error);
  }
  records.push(found);
}

const count = (n) => ({array: Array.from({length: n}, (_, i) => i)});

// Which elements come, and how many.
await record('array', count(3));
await record('array of nothing', count(0));
await record('array with null', {array: [1, null, 2]});
await record('generator', {generator: 3});
await record('func', {func: 3});
for (const n of [-1, 0, 2, 9]) {
  await record(`take ${n}`, count(5), ['take', n]);
  await record(`skip ${n}`, count(5), ['skip', n]);
  await record(`take ${n} of an iterator`, count(5), ['iterator'], ['take', n]);
  await record(`skip ${n} of an iterator`, count(5), ['iterator'], ['skip', n]);
  await record(`take ${n} of a generator`, {generator: 5}, ['take', n]);
}
await record('take without a count', count(3), ['take']);
await record('skip without a count', count(3), ['skip']);
await record('repeat 2', count(3), ['repeat', 2]);
await record('repeat 0', count(3), ['repeat', 0]);
await record('repeat -1', count(3), ['repeat', -1], ['take', 7]);
await record('repeat', count(3), ['repeat'], ['skip', 2], ['take', 4]);
await record('repeat a generator', {generator: 2}, ['repeat', 2]);
await record('concatenate', count(2), ['concatenate', count(3)]);
await record('concatenate a generator', count(2), ['concatenate', {generator: 2}]);
await record('filter', count(6), ['filter', '$odd']);
await record('map', count(4), ['map', '$double']);
await record('map and filter', count(6), ['map', '$double'], ['filter', '$odd']);
await record('prefetch', count(4), ['prefetch', 2]);
await record('prefetch 0', count(4), ['prefetch', 0]);
await record('shuffle a window of one', count(4), ['shuffle', 1]);
await record('shuffle 0', count(4), ['shuffle', 0]);
await record('shuffle -1', count(4), ['shuffle', -1]);

// Side by side.
await record('zip', {zip: [count(2), count(3)]});
await record('zip a dict', {zip: {a: count(3), b: {c: count(2), d: [count(4)]}}});
await record('zip one', {zip: count(2)});
await record('zip a generator', {zip: [count(2), {generator: 3}]});
await record(
  'zip and batch',
  {
    zip: {
      xs: {
        array: [
          [1, 2],
          [3, 4],
        ],
      },
      ys: count(2),
    },
  },
  ['batch', 2],
);
await record('zip a list and batch', {zip: [count(2), count(2)]}, ['batch', 2]);
await record('zip a list of dicts and batch', {zip: [{array: [{a: 1}]}, count(1)]}, ['batch', 1]);

// Batches.
const nested = {array: [0, 1, 2].map((i) => ({a: i, b: {c: [i, 2 * i], d: String(i)}}))};
await record('batch', count(5), ['batch', 2]);
await record('batch without the last', count(5), ['batch', 2, false]);
await record('batch of just as many', count(4), ['batch', 2, false]);
await record('batch larger than all', count(2), ['batch', 5]);
await record('batch larger than all without it', count(2), ['batch', 5, false]);
await record('batch nested', nested, ['batch', 2]);
await record('batch what a function gives', count(3), ['map', '$pair'], ['batch', 2]);
await record(
  'batch lists',
  {
    array: [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
  },
  ['batch', 2],
);
await record('batch strings', {array: ['a', 'b']}, ['batch', 2]);
await record('batch booleans', {array: [true, false]}, ['batch', 2]);
await record(
  'batch tensors',
  {
    array: [
      {tensor: [1, 2], dtype: 'int32'},
      {tensor: [3, 4], dtype: 'int32'},
    ],
  },
  ['batch', 2],
);
await record('batch 0', count(2), ['batch', 0]);
await record('batch rows of two lengths', {array: [[1, 2], [1]]}, ['batch', 2]);
await record('batch tensors of two shapes', {array: [{tensor: [1, 2]}, {tensor: [1]}]}, ['batch', 2]);
await record('batch dicts with other keys', {array: [{a: 1}, {b: 1}]}, ['batch', 2]);
await record('batch dicts with more keys', {array: [{a: 1}, {a: 2, b: 1}]}, ['batch', 2]);
await record('batch a number and a string', {array: [1, 'b']}, ['batch', 2]);
await record('batch with null', {array: [{a: 1}, {a: null}]}, ['batch', 2]);
await record('batch of null', {array: [{a: null}, {a: null}]}, ['batch', 2]);
await record('batch a batch', count(4), ['batch', 2], ['batch', 2]);
await record('row-major', nested, ['iterator'], ['rowMajorBatch', 2]);
await record('row-major without the last', count(5), ['iterator'], ['rowMajorBatch', 2, false]);
await record('column-major', nested, ['iterator'], ['columnMajorBatch', 2]);
await record('column-major without the last', nested, ['iterator'], ['columnMajorBatch', 2, false]);
await record(
  'column-major of lists',
  {
    array: [
      [1, [2]],
      [3, [4]],
    ],
  },
  ['iterator'],
  ['columnMajorBatch', 2],
);
await record('column-major of numbers', count(3), ['iterator'], ['columnMajorBatch', 2]);
await record(
  'column-major of tensors',
  {array: [{tensor: [1]}, {tensor: [2]}]},
  ['iterator'],
  ['columnMajorBatch', 2],
);
await record('column-major by a function', nested, ['iterator'], ['columnMajorBatch', 2, true, '$counted']);
await record('column-major of other keys', {array: [{a: 1}, {b: 2}]}, ['iterator'], ['columnMajorBatch', 2]);
await record(
  'column-major of more keys',
  {array: [{a: 1}, {a: 2, b: 3}]},
  ['iterator'],
  ['columnMajorBatch', 2],
);

// Iterators.
await record('flatmap', count(4), ['iterator'], ['flatmap', '$times']);
await record(
  'errors that are left out',
  count(4),
  ['map', '$not_two'],
  ['iterator'],
  ['handleErrors', '$yes'],
);
await record('errors that end it', count(4), ['map', '$not_two'], ['iterator'], ['handleErrors', '$no']);
await record('errors that are raised', count(4), ['map', '$not_two']);

// Lines.
for (const text of ['a\nb\n', 'a\nb', 'a\r\nb\r\n', 'a\n\nb\n', '', '\n', 'a\rb', '\ufeffa\n', 'ä€\n😀']) {
  await record(`lines of ${JSON.stringify(text)}`, {lines: text, options: {chunkSize: 1}});
}

// Tables.
const csv = (name, text, config, ...steps) => record(`csv ${name}`, {csv: text, config}, ...steps);
await csv('of numbers', 'a,b\n1,2\n3,4\n');
await csv('without a last line end', 'a,b\n1,2\n3,4');
await csv('with the line ends of Windows', 'a,b\r\n1,2\r\n3,4\r\n');
await csv('with a byte order mark', '\ufeffa,b\n1,2\n');
await csv('with empty lines', 'a,b\n1,2\n\n3,4\n');
await csv('with a header only', 'a,b\n');
await csv('of nothing', '');
await csv('with a short row', 'a,b\n1\n');
await csv('with a long row', 'a,b\n1,2,3\n');
await csv('with rows that are left out', 'a,b\n1,2\n3\n5,6\n', {}, ['iterator'], ['handleErrors', '$yes']);
await csv('with quotes', 'a,b\n"x, y",2\n');
await csv('with quotes in the header', '"a, b","c"\n1,2\n');
await csv('with quoted numbers', 'a,b\n"1",2\n');
await csv('with quotes within quotes', 'a,b\n"say ""hi""",2\n');
await csv('with line ends within quotes', 'a,b\n"x\ny",2\n');
await csv('with quotes within a value', 'a,b\nx"y,2\n');
await csv('with something after quotes', 'a,b\n"x"y,2\n');
await csv('with a quote that does not end', 'a,b\n"x,2\n');
await csv('with spaces', 'a, b\n1, 2\n x ,y \n');
await csv('with a value of spaces', 'a,b\n ,2\n');
await csv(
  'of what may be numbers',
  'a\n1e3\n.5\n1.\n+3\n 7 \n-Infinity\n0x1F\n0b11\n1_000\nNaN\n1e\n--1\n٣\n',
);
await csv('with empty places', 'a,b\n1,\n,2\n');
await csv('with empty places that are required', 'a,b\n1,\n', {columnConfigs: {b: {required: true}}});
await csv('with empty labels', 'a,b\n1,\n', {columnConfigs: {b: {isLabel: true}}});
for (const value of [0, 5, 'none', '', false]) {
  const name = `with ${JSON.stringify(value)} for empty places`;
  await csv(name, 'a,b\n1,\n', {columnConfigs: {b: {default: value}}});
  await csv(`${name} that are required`, 'a,b\n1,\n', {columnConfigs: {b: {default: value, required: true}}});
  await csv(`${name} of labels`, 'a,b\n1,\n', {columnConfigs: {b: {default: value, isLabel: true}}});
}
await csv('with labels', 'a,b,c\n1,2,3\n4,5,6\n', {columnConfigs: {c: {isLabel: true}}});
await csv('with two labels', 'a,b,c\n1,2,3\n', {columnConfigs: {c: {isLabel: true}, a: {isLabel: true}}});
await csv('with labels only', 'a,b\n1,2\n', {
  columnConfigs: {b: {isLabel: true}},
  configuredColumnsOnly: true,
});
await csv('of some columns', 'a,b,c\n1,2,3\n', {columnConfigs: {c: {}, a: {}}, configuredColumnsOnly: true});
await csv('of some columns that nobody told', 'a,b\n1,2\n', {configuredColumnsOnly: true});
for (const dtype of ['int32', 'float32', 'bool', 'string']) {
  const values = ['1', '0', '-1.5', '1.9', 'true', 'FALSE', 'x', ''];
  for (const value of values) {
    await csv(`with ${JSON.stringify(value)} as ${dtype}`, `a,b\n0,${value}\n`, {
      columnConfigs: {b: {dtype}},
    });
  }
}
await csv('without a header', '1,2\n3,4\n', {hasHeader: false, columnNames: ['p', 'q']});
await csv('without a header or names', '1,2\n3,4\n', {hasHeader: false});
await csv('with other names', 'a,b\n1,2\n', {columnNames: ['p', 'q']});
await csv('with too few names', 'a,b\n1,2\n', {columnNames: ['p']});
await csv('with a name twice', 'a,a\n1,2\n');
await csv('with options for no column', 'a,b\n1,2\n', {columnConfigs: {z: {}}});
await csv('by semicolons', 'a;b\n1;2,5\n', {delimiter: ';'});
await csv('by tabs', 'a\tb\n1\t2\n', {delimiter: '\t'});
await csv('by white space', 'a b\n1 2\n', {delimWhitespace: true});
await csv('by more white space', 'a  b\n1 \t 2\n', {delimWhitespace: true});
await csv('by white space around', 'a b\n 1 2 \n', {delimWhitespace: true});
await csv('by both', 'a;b\n1;2\n', {delimiter: ';', delimWhitespace: true});
await csv('in batches', 'a,b,c\n1,2,x\n3,4,y\n', {columnConfigs: {b: {isLabel: true}}}, ['batch', 2]);
await csv('in batches with empty places', 'a,b\n1,\n3,4\n', {}, ['batch', 2]);
await record('csv by blocks', {csv: 'a,b\nKöln €,😀\n1,2\n', options: {chunkSize: 1}});
await record('csv from a place', {csv: 'xxa,b\n1,2\n', options: {offset: 2}});

writeFileSync(new URL('tfjs.json', import.meta.url), JSON.stringify(records));
