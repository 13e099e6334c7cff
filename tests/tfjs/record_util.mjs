// Records tf.util: node tests/tfjs/record_util.mjs
import * as tf from '@tensorflow/tfjs';
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';

await tf.setBackend('cpu');

/** A value as JSON: typed arrays by their kind, names for what JSON has no numbers for. */
const plain = (value) => {
  if (ArrayBuffer.isView(value)) return {typed: value.constructor.name, values: Array.from(value, plain)};
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value?.toUnsigned === 'function') return {long: value.toString()};
  if (value && typeof value === 'object') {
    return {object: Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]))};
  }
  return typeof value === 'number' && !Number.isFinite(value) ? {number: String(value)} : value;
};

const records = [];
/** @param {string} fn @param {any[]} args */
const call = (fn, ...args) => {
  const given = args.map(plain);
  try {
    records.push({fn, args: given, result: plain(tf.util[fn](...args) ?? null)});
  } catch (error) {
    records.push({fn, args: given, error: String(error.message)});
  }
};

const shapes = [[], [0], [1], [5], [1, 1], [2, 3], [1, 2, 1], [2, 0, 3], [2, 3, 4], [1, 1, 3, 1, 2]];
for (const shape of shapes) {
  const size = shape.reduce((a, b) => a * b, 1);
  for (const fn of [
    'sizeFromShape',
    'isScalarShape',
    'computeStrides',
    'assertNonNegativeIntegerDimensions',
  ]) {
    call(fn, shape);
  }
  for (const other of shapes) {
    for (const fn of ['arraysEqual', 'arraysEqualWithNull', 'assertShapesMatch']) call(fn, shape, other);
  }
  for (const axis of [null, 0, -1, [], [0], [0, 1], [-1, 0], 2, [1, 3], 7, [-7], 0.5]) {
    call('parseAxisParam', axis, shape);
    call('squeezeShape', shape, axis);
  }
  for (const dtype of ['float32', 'int32', 'bool', 'string']) call('makeZerosNestedTypedArray', shape, dtype);
  call(
    'toNestedArray',
    shape,
    Float32Array.from({length: size}, (_, i) => i),
  );
  call(
    'toNestedArray',
    shape,
    Float32Array.from({length: 2 * size}, (_, i) => i),
    true,
  );
  const strides = tf.util.computeStrides(shape);
  for (let index = 0; index < size; index++) {
    call('indexToLoc', index, shape.length, strides);
    call('locToIndex', tf.util.indexToLoc(index, shape.length, strides), shape.length, strides);
  }
  for (const n of [0, 1, 2, 6, 12]) {
    call('inferFromImplicitShape', shape, n);
    call('inferFromImplicitShape', [...shape, -1], n);
    call('inferFromImplicitShape', [-1, ...shape, -1], n);
    call('inferFromImplicitShape', [...shape, -2], n);
  }
}
for (const [a, b] of [
  [null, null],
  [null, []],
  [
    [1, null],
    [1, 2],
  ],
  [[null], [null]],
  [['a'], ['a']],
]) {
  call('arraysEqual', a, b);
  call('arraysEqualWithNull', a, b);
}
call('arraysEqual', new Float32Array([1, 2]), [1, 2]);
call('assertNonNegativeIntegerDimensions', [1, -1]);
call('assertNonNegativeIntegerDimensions', [1.5]);
for (const x of [-3, 0, 0.5, 2, 9, Infinity, -Infinity, NaN]) {
  call('clamp', 0, x, 5);
  call('isInt', x);
  call('tanh', x);
}
for (const n of [0, 1, 2, 3, 4, 5, 6, 7, 12, 13, 16, 17, 100]) {
  call('nearestLargerEven', n);
  if (n) call('sizeToSquarishShape', n);
  for (const start of [1, 2, 3, 5, 8, 20]) call('nearestDivisor', n, start);
}
for (const [a, n] of [
  ['ab', 0],
  ['ab', 2],
  ['ab', 5],
  ['', 3],
]) {
  call('rightPad', a, n);
}
call('sum', [1, 2.5, -3]);
call('sum', []);
call('sum', new Int32Array([4, 5]));
call('distSquared', [1, 2, 3], [1, 4, 0.5]);
call('distSquared', new Float32Array([0.5, 2]), [1, 1]);
call('assertNonNull', null);
call('assertNonNull', 0);
call('assert', true, 'never');
call('assert', false, 'the message');
const values = [
  [], [1, 2], [[1, 2], [3]], [1, [2, [3, [4]]]], 5, 'a', true, null, [null, 1], [['a'], [['b']]], [[true], [false]],
  {0: 1, 2: [3, 4]}, {a: 1}, new Float32Array([1, 2.5]), [new Int32Array([1, 2]), [3]], [[new Uint8Array([1])]],
]; // prettier-ignore
for (const value of values) {
  call('flatten', value);
  call('flatten', value, ['first']);
  call('flatten', value, [], true);
  for (const fn of ['inferDtype', 'isTypedArray', 'isString', 'isBoolean', 'isNumber', 'isFunction']) {
    if (value !== null || !['isTypedArray', 'isFunction'].includes(fn)) call(fn, value);
  }
}
const numbers = [-2, -1.5, -0.5, -0.4, 0, 0.4, 0.5, 1, 1.5, 2.7];
for (const dtype of [undefined, 'float32', 'int32', 'bool', 'complex64', 'string', 'other']) {
  for (const given of [
    numbers,
    [[1], [0]],
    new Float32Array(numbers),
    new Int32Array([3, 0]),
    new Uint8Array([1]),
  ]) {
    if (dtype) call('toTypedArray', given, dtype);
  }
  if (!dtype) continue;
  for (const fn of ['getArrayFromDType', 'getTypedArrayFromDType']) {
    if (dtype !== 'string') call(fn, dtype, 3);
  }
  for (const fn of ['makeOnesTypedArray', 'makeZerosTypedArray']) call(fn, 2, dtype);
  call('isValidDtype', dtype);
  call('bytesPerElement', dtype);
  for (const other of ['float32', 'int32', 'bool', 'complex64', 'string']) {
    call('hasEncodingLoss', dtype, other);
  }
  if (dtype !== 'complex64') call('createScalarValue', dtype === 'string' ? 'aß' : 1, dtype);
  call('checkConversionForErrors', [1, NaN], dtype);
  call('checkConversionForErrors', [1, -Infinity], dtype);
  call('checkConversionForErrors', [1, 2], dtype);
}
for (const text of ['', 'abc', 'ß€😀', 'zero\0zero']) {
  call('encodeString', text);
  call('decodeString', tf.util.encodeString(text));
  for (const encoding of ['utf-8', 'utf8', '']) call('encodeString', text, encoding);
}
call('decodeString', new Uint8Array([255, 65]));
call('decodeString', new Uint8Array([65, 0, 66, 0]), 'utf-16');
call('bytesFromStringArray', null);
call('bytesFromStringArray', [new Uint8Array(3), new Uint8Array(4)]);
for (const hex of ['0', 'ff', '7fffffffffffffff', 'ffffffffffffffff', '8000000000000000']) {
  call('hexToLong', hex);
}
for (const n of [0, 3, 8, 16, 17, 32, 33, 64, 65, 200]) {
  call(
    'fingerPrint64',
    Uint8Array.from({length: n}, (_, i) => (i * 7) % 256),
  );
}
const names = Object.keys(tf.util).sort();
const covered = [...new Set(records.map(({fn}) => fn))].sort();
writeFileSync(new URL('util.json', import.meta.url), JSON.stringify({names, covered, records}));
