// Records dtypes and values of elementwise functions of plain numbers, booleans and tensors: node tests/tfjs/record_dtypes.mjs
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import {tf} from './recorder.mjs';

await tf.setBackend('cpu');

const UNARY = [
  'abs', 'acos', 'acosh', 'asin', 'asinh', 'atan', 'atanh', 'ceil', 'cos', 'cosh', 'elu', 'erf', 'exp', 'expm1', 'floor',
  'isFinite', 'isInf', 'isNaN', 'leakyRelu', 'log', 'log1p', 'logSigmoid', 'logicalNot', 'neg', 'onesLike', 'reciprocal',
  'relu', 'relu6', 'round', 'rsqrt', 'selu', 'sigmoid', 'sign', 'sin', 'sinh', 'softplus', 'sqrt', 'square', 'step', 'tan',
  'tanh', 'zerosLike', 'clone', 'sum', 'mean', 'max', 'min', 'prod',
]; // prettier-ignore
const BINARY = [
  'add', 'atan2', 'div', 'divNoNan', 'equal', 'floorDiv', 'greater', 'greaterEqual', 'less', 'lessEqual', 'logicalAnd',
  'logicalOr', 'logicalXor', 'maximum', 'minimum', 'mod', 'mul', 'notEqual', 'pow', 'prelu', 'squaredDifference', 'sub',
]; // prettier-ignore
const OPERANDS = {
  int: 1,
  zero: 0,
  float: 0.5,
  bool: true,
  ints: [1, 2],
  bools: [true, false],
  float32: () => tf.tensor1d([0.5, 2]),
  int32: () => tf.tensor1d([1, 2], 'int32'),
  boolean: () => tf.tensor1d([true, false], 'bool'),
};

const made = (name) => (typeof OPERANDS[name] === 'function' ? OPERANDS[name]() : OPERANDS[name]);

function outcome(fn, names) {
  try {
    const y = tf[fn](...names.map(made));
    return {dtype: y.dtype, data: Array.from(y.dataSync(), (v) => (Number.isFinite(v) ? v : String(v)))};
  } catch (error) {
    return {error: error.message};
  }
}

const records = [];
const names = Object.keys(OPERANDS);
for (const fn of UNARY) {
  for (const name of names) records.push({fn, operands: [name], ...outcome(fn, [name])});
}
for (const fn of BINARY) {
  for (const a of names) {
    for (const b of names) records.push({fn, operands: [a, b], ...outcome(fn, [a, b])});
  }
}
const lines = records.map((record) => JSON.stringify(record)).join(',\n');
writeFileSync(new URL('dtypes.json', import.meta.url), `[\n${lines}\n]\n`);
