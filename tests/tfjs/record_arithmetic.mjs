// Records elementwise functions, reductions, joining and creation: node tests/tfjs/record_arithmetic.mjs
import {Recorder, tf} from './recorder.mjs';

await tf.setBackend('cpu');
const recorder = new Recorder();
const drawn = (shape, dtype = 'float32', low = -2, high = 2) => ({shape, dtype, low, high});
const ints = (...shape) => drawn(shape, 'int32', -5, 6);
const bools = (...shape) => drawn(shape, 'bool');
const EDGES = {shape: [8], values: [0, 1, -1, 30, -30, NaN, Infinity, -Infinity]};

// Functions of one tensor: where they are defined, and what else they take.
const unary = {
  abs: {}, acos: {low: -0.9, high: 0.9}, acosh: {low: 1.1, high: 4}, asin: {low: -0.9, high: 0.9}, asinh: {}, atan: {},
  atanh: {low: -0.9, high: 0.9}, ceil: {}, cos: {}, cosh: {}, elu: {}, erf: {}, exp: {}, expm1: {}, floor: {}, isFinite: {},
  isInf: {}, isNaN: {}, log: {low: 0.1}, log1p: {low: -0.9}, logSigmoid: {}, neg: {}, reciprocal: {low: 0.2}, relu: {},
  relu6: {low: -3, high: 9}, round: {}, rsqrt: {low: 0.1}, selu: {}, sigmoid: {}, sign: {}, sin: {}, sinh: {}, softplus: {},
  sqrt: {low: 0.1}, square: {}, step: {}, tan: {low: -1.2, high: 1.2}, tanh: {},
}; // prettier-ignore
for (const [name, {low = -2, high = 2}] of Object.entries(unary)) {
  await recorder.call(name, [drawn([3, 4], 'float32', low, high)]);
  // sign(NaN) is NaN here, as in NumPy.
  if (name !== 'sign') await recorder.call(name, [{...EDGES}], [], {gradient: false});
}
for (const name of ['abs', 'neg', 'sign', 'square', 'relu', 'relu6']) await recorder.call(name, [ints(7)]);
for (const [name, args] of [
  ['leakyRelu', [0.3]],
  ['step', [0.5]],
  ['clipByValue', [-0.5, 1]],
  ['logicalNot', null],
]) {
  if (args) await recorder.call(name, [drawn([3, 4])], args);
  else await recorder.call(name, [bools(6)]);
}

const SHAPES = [
  [[3, 4], [3, 4]],
  [[3, 4], [4]],
  [[2, 1, 3], [4, 1]],
  [[], [3]],
]; // prettier-ignore
const binary = [
  'add',
  'sub',
  'mul',
  'div',
  'divNoNan',
  'maximum',
  'minimum',
  'squaredDifference',
  'atan2',
  'mod',
  'floorDiv',
  'prelu',
];
for (const name of binary) {
  for (const [a, b] of SHAPES) {
    // Gradients of broadcast extremes are missing in TensorFlow.js; those of mod and prelu want their operands so.
    const broadcast = a.join() !== b.join();
    const low = ['div', 'divNoNan', 'mod', 'floorDiv'].includes(name) ? 0.4 : -2;
    const gradient = !(broadcast && ['maximum', 'minimum', 'prelu', 'mod', 'floorDiv'].includes(name));
    await recorder.call(name, [drawn(a), drawn(b, 'float32', low, 2)], [], {gradient});
  }
}
await recorder.call('pow', [drawn([3, 4], 'float32', 0.2, 2), drawn([3, 4])]);
await recorder.call('pow', [drawn([3, 4], 'float32', 0.2, 2), drawn([4])]);
for (const name of [
  'add',
  'sub',
  'mul',
  'maximum',
  'minimum',
  'mod',
  'floorDiv',
  'squaredDifference',
  'pow',
]) {
  const second =
    name === 'pow'
      ? drawn([3, 4], 'int32', 0, 4)
      : name === 'mod' || name === 'floorDiv'
        ? drawn([3, 4], 'int32', 1, 5)
        : ints(3, 4);
  await recorder.call(name, [ints(3, 4), second]);
}
for (const name of ['add', 'sub', 'mul', 'maximum']) {
  await recorder.call(name, [ints(4), drawn([4])], [], {gradient: false});
  await recorder.call(name, [drawn([4]), bools(4)], [], {gradient: false});
}
for (const name of ['equal', 'notEqual', 'less', 'lessEqual', 'greater', 'greaterEqual']) {
  await recorder.call(name, [ints(3, 4), ints(4)]);
  await recorder.call(name, [{...EDGES}, {...EDGES, values: [0, 1, 1, 30, 2, NaN, Infinity, Infinity]}], [], {
    gradient: false,
  });
  await recorder.call(name, [bools(5), bools(5)]);
}
for (const name of ['logicalAnd', 'logicalOr', 'logicalXor']) {
  await recorder.call(name, [bools(3, 4), bools(4)]);
}
await recorder.call('bitwiseAnd', [drawn([8], 'int32', -999, 999), drawn([8], 'int32', -999, 999)]);
await recorder.call('where', [bools(3, 4), drawn([3, 4]), drawn([3, 4])], [], {gradient: false});
await recorder.call('where', [bools(4), ints(4), ints(4)]);

const AXES = [[], [0], [-1], [[0, 2]], [1, true], [null, true]];
for (const name of ['sum', 'mean', 'max', 'min', 'prod', 'logSumExp']) {
  for (const args of AXES) {
    // prod has no gradient there for a kept or negative axis.
    const gradient = name !== 'prod' || args.length === 0 || args[0] === 0;
    await recorder.call(name, [drawn([2, 3, 4])], args, {gradient});
  }
  if (!['mean', 'logSumExp'].includes(name)) await recorder.call(name, [ints(3, 4)], [1]);
}
await recorder.call('sum', [bools(3, 4)], [0]);
for (const name of ['all', 'any']) for (const args of AXES) await recorder.call(name, [bools(2, 3, 4)], args);
for (const name of ['argMax', 'argMin']) {
  for (const axis of [0, 1, -1]) {
    await recorder.call(name, [drawn([3, 4, 2])], [axis], {gradient: false});
    await recorder.call(name, [drawn([3, 4], 'int32', 0, 3)], [axis % 2]);
  }
}
for (const name of ['softmax', 'logSoftmax']) await recorder.call(name, [drawn([3, 5], 'float32', -9, 9)]);

for (const [a, b, args] of [
  [[3, 4], [4, 2], []],
  [[2, 3, 4], [2, 4, 5], []],
  [
    [4, 3],
    [4, 2],
    [true, false],
  ],
  [
    [3, 4],
    [2, 4],
    [false, true],
  ],
]) {
  await recorder.call('matMul', [drawn(a), drawn(b)], args);
}
for (const [a, b] of [[[3], [3]], [[2, 3], [3]], [[3], [3, 2]], [[2, 3], [3, 4]]]) await recorder.call('dot', [drawn(a), drawn(b)]); // prettier-ignore
await recorder.call('outerProduct', [drawn([3]), drawn([4])]);
for (const perm of [undefined, [0, 2, 1], [2, 0, 1]]) {
  await recorder.call('transpose', [drawn([2, 3, 4])], [perm].filter(Boolean));
}

const three = [drawn([2, 3]), drawn([2, 3]), drawn([2, 3])];
await recorder.call('addN', three, [], {list: true});
for (const axis of [0, 1, -1]) await recorder.call('concat', three, [axis], {list: true});
for (const axis of [0, 1, 2, -1]) await recorder.call('stack', three, [axis], {list: true});
await recorder.call('concat', [ints(3), ints(2)], [0], {list: true});
for (const axis of [0, 1, -1]) await recorder.call('unstack', [drawn([2, 3])], [axis]);
for (const args of [[2], [[1, 3], 0], [3, 1], [[2, -1], 1]]) {
  await recorder.call('split', [drawn([4, 6])], args);
}
for (const reps of [
  [2, 1],
  [1, 3],
  [2, 2],
]) {
  await recorder.call('tile', [drawn([2, 3])], [reps]);
}
for (const axis of [0, 1, -1]) await recorder.call('expandDims', [drawn([2, 3])], [axis]);
await recorder.call('squeeze', [drawn([1, 3, 1])]);
await recorder.call('squeeze', [drawn([1, 3, 1])], [[2]]);
for (const axis of [0, 1]) {
  await recorder.call('gather', [drawn([4, 3]), drawn([2, 2], 'int32', 0, 3)], [axis], {
    gradient: axis === 0,
  });
}
await recorder.call('pad', [drawn([2, 3])], [[[1, 0], [0, 2]], 5]); // prettier-ignore
await recorder.call('reverse', [drawn([2, 3, 2])], [[0, 2]]);
await recorder.call('slice', [drawn([3, 4])], [[1, 0], [2, -1]]); // prettier-ignore
await recorder.call('broadcastTo', [drawn([3, 1])], [[2, 3, 4]]);
for (const dtype of ['int32', 'bool', 'float32']) {
  for (const input of [drawn([6], 'float32', -3, 3), ints(6), bools(6)]) {
    await recorder.call('cast', [input], [dtype], {gradient: false});
  }
}

for (const args of [
  [0, 5],
  [5, 0],
  [0, 10, 3],
  [10, 0, -4],
  [0, 1, 0.25],
  [0, 5, 2, 'int32'],
]) {
  await recorder.call('range', [], args);
}
for (const args of [
  [0, 1, 5],
  [3, -3, 4],
  [2, 9, 1],
]) {
  await recorder.call('linspace', [], args);
}
for (const args of [[3], [2, 4], [3, 2, [2]], [2, 2, [1, 3], 'int32']]) await recorder.call('eye', [], args);
for (const args of [[[2, 3]], [[2], 'int32'], [[], 'bool']]) {
  await recorder.call('zeros', [], args);
  await recorder.call('ones', [], args);
}
for (const args of [
  [[2, 2], 7],
  [[2], 3.5],
  [[2], 3, 'int32'],
]) {
  await recorder.call('fill', [], args);
}
for (const args of [[4], [3, 5, -1], [4, 1, 0, 'int32'], [3, 1, 0, 'bool']]) {
  await recorder.call('oneHot', [drawn([2, 3], 'int32', 0, 4)], args);
}
for (const name of ['zerosLike', 'onesLike']) {
  for (const input of [drawn([2]), ints(2), bools(2)]) {
    await recorder.call(name, [input], [], {gradient: false});
  }
}
recorder.save('arithmetic.json');
