/** GLSL's functions as WebAssembly: what each gives for the values that it is given. */

import {
  baseOf,
  compared,
  constantOf,
  converted,
  kept,
  laneOf,
  made,
  ofScalars,
  operated,
  splat,
  typeOf,
  widthOf,
} from './language.js';
import {CODE, floatOf, simd} from './module.js';

/** @typedef {import('./language.js').Base} Base */
/** @typedef {import('./language.js').Locals} Locals */
/** @typedef {import('./language.js').Value} Value */

const BITSELECT = simd(0x52);
const INT_TEST = simd(0xa4); // the signs of four lanes, as bits

/** Instructions of functions of one value: of a float, of four. @type {Record<string, number[]>} */
const FLOAT_FUNCTIONS = {
  abs: [0x8b, 0xe0],
  ceil: [0x8d, 0x67],
  floor: [0x8e, 0x68],
  trunc: [0x8f, 0x69],
  roundEven: [0x90, 0x6a],
  sqrt: [0x91, 0xe3],
};

const COMPARE_FUNCTIONS = {
  equal: '==',
  notEqual: '!=',
  lessThan: '<',
  greaterThan: '>',
  lessThanEqual: '<=',
  greaterThanEqual: '>=',
};

/** Bits taken for another type. @type {Record<string, Base>} */
const REINTERPRET = {
  floatBitsToInt: 'int',
  floatBitsToUint: 'uint',
  intBitsToFloat: 'float',
  uintBitsToFloat: 'float',
};

/** @typedef {(locals: Locals, given: Value[], name: string) => Value} Builtin */

/** @type {Builtin} */
function floatFunction(locals, [x], name) {
  const codes = FLOAT_FUNCTIONS[name];
  if (baseOf(x.type) === 'int') return wholeAmount(locals, x);
  return made(x.type, x.code, widthOf(x.type) === 1 ? [codes[0]] : simd(codes[1]));
}

/**
 * @param {Locals} locals
 * @param {Value} x
 */
function wholeAmount(locals, x) {
  if (widthOf(x.type) > 1) return made(x.type, x.code, simd(0xa0));
  const {before, value} = kept(locals, x);
  const opposite = [...CODE.int(0), ...value.code, 0x6b];
  return made(x.type, before, opposite, value.code, value.code, CODE.int(0), [0x48], CODE.select);
}

/** @type {Builtin} */
function compareFunction(_locals, [a, b], name) {
  return compared(COMPARE_FUNCTIONS[/** @type {keyof typeof COMPARE_FUNCTIONS} */ (name)], a, b);
}

/** @type {Builtin} */
function reinterpreted(_locals, [x], name) {
  const target = REINTERPRET[name];
  const type = typeOf(target, widthOf(x.type));
  if (widthOf(x.type) > 1) return made(type, x.code);
  if (x.constant !== undefined && target === 'float') {
    // NaN has to keep its bits.
    return {
      type,
      code: CODE.floatBits(x.constant),
      ...(Number.isNaN(floatOf(x.constant)) ? {} : {constant: floatOf(x.constant)}),
    };
  }
  return made(type, x.code, [target === 'float' ? 0xbe : 0xbc]);
}

/** The first or the second of two, by which is the larger: as GLSL words it. @type {Builtin} */
function extreme(locals, [a, b], name) {
  const width = Math.max(widthOf(a.type), widthOf(b.type));
  const base = baseOf(a.type);
  const isMax = name === 'max';
  if (width === 1) {
    if (a.constant !== undefined && b.constant !== undefined) {
      return constantOf(a.type, Math[isMax ? 'max' : 'min'](a.constant, b.constant));
    }
    const [x, y] = [kept(locals, a), kept(locals, b)];
    const isLess = ofScalars(locals, '<', isMax ? x.value : y.value, isMax ? y.value : x.value);
    return made(a.type, x.before, y.before, y.value.code, x.value.code, isLess.code, CODE.select);
  }
  const [left, right] = [a, b].map((each) => (widthOf(each.type) === 1 ? splat(each, width) : each));
  const codes = {float: [0xea, 0xeb], int: [0xb6, 0xb8], uint: [0xb7, 0xb9], bool: [0x4e, 0x50]}[base];
  return made(left.type, left.code, right.code, simd(codes[isMax ? 1 : 0]));
}

/** @type {Builtin} */
function clamp(locals, [x, low, high]) {
  return extreme(locals, [extreme(locals, [x, low], 'max'), high], 'min');
}

/** @type {Builtin} */
function mix(locals, [a, b, t]) {
  const width = widthOf(a.type);
  if (baseOf(t.type) === 'bool') {
    const mask = widthOf(t.type) === 1 && width > 1 ? splat(t, width) : t;
    if (width === 1) return made(a.type, b.code, a.code, t.code, CODE.select);
    return made(a.type, b.code, a.code, mask.code, BITSELECT);
  }
  const weight = kept(locals, t);
  const rest = operated(locals, '-', constantOf('float', 1), weight.value);
  const parts = [operated(locals, '*', a, rest), operated(locals, '*', b, weight.value)];
  return made(a.type, weight.before, operated(locals, '+', parts[0], parts[1]).code);
}

/** @type {Builtin} */
function signOf(locals, [x]) {
  const {before, value} = kept(locals, x);
  const [base, width] = [baseOf(x.type), widthOf(x.type)];
  const number = (/** @type {number} */ n) =>
    width > 1 ? splat(constantOf(base, n), width) : constantOf(base, n);
  if (width === 1) {
    const positive = ofScalars(locals, '>', value, number(0));
    const negative = ofScalars(locals, '<', value, number(0));
    const difference = made('int', positive.code, negative.code, [0x6b]);
    return made(x.type, before, converted(difference, base).code);
  }
  // Each comparison is -1 where it holds.
  const difference = made(
    typeOf('int', width),
    compared('<', value, number(0)).code,
    compared('>', value, number(0)).code,
    simd(0xb1),
  );
  return made(x.type, before, converted(difference, base).code);
}

/** @type {Builtin} */
function dot(locals, [a, b]) {
  const local = locals.local('v128');
  const product = operated(locals, '*', a, b);
  const lanes = Array.from({length: widthOf(a.type)}, (_, i) => laneOf(made(a.type, CODE.get(local)), i));
  if (lanes.length < 4) {
    const sum = lanes.reduce((left, right) => ofScalars(locals, '+', left, right));
    return made('float', product.code, CODE.set(local), sum.code);
  }
  const twice = [...CODE.get(local), ...CODE.get(local)];
  const add = simd(0xe4);
  const halves = [...twice, ...CODE.shuffle([2, 3, 0, 1]), ...CODE.get(local), ...add, ...CODE.set(local)];
  return made(
    'float',
    product.code,
    CODE.set(local),
    halves,
    twice,
    CODE.shuffle([1, 0, 3, 2]),
    CODE.get(local),
    add,
    simd(0x1f),
    [0],
  );
}

/** @type {Builtin} */
function tested(_locals, [x], name) {
  const want = (1 << widthOf(x.type)) - 1;
  const bits = [...x.code, ...INT_TEST, ...CODE.int(want), 0x71];
  return name === 'any'
    ? made('bool', bits, CODE.int(0), [0x47])
    : made('bool', bits, CODE.int(want), [0x46]);
}

/** @type {Builtin} */
function inverted(_locals, [x]) {
  return made(x.type, x.code, simd(0x4d));
}

/** @type {Builtin} */
function fract(locals, [x]) {
  const {before, value} = kept(locals, x);
  return made(x.type, before, operated(locals, '-', value, floatFunction(locals, [value], 'floor')).code);
}

/** @type {Builtin} `select` of compiler/program.py, which is given the mask itself here */
function select(_locals, [condition, yes, no]) {
  return made(yes.type, yes.code, no.code, condition.code, BITSELECT);
}

/** The quotient of whole numbers that are exact as floats. @type {Builtin} */
function divide(locals, [a, b]) {
  if (widthOf(a.type) === 1) return operated(locals, '/', a, b);
  const above = operated(locals, '+', converted(a, 'float'), constantOf('float', 0.5));
  return converted(operated(locals, '/', above, converted(b, 'float')), 'int');
}

/** GLSL's functions, and those of compiler/program.py that have a shorter meaning here. @type {Record<string, Builtin>} */
export const FUNCTIONS = {
  ...Object.fromEntries(Object.keys(FLOAT_FUNCTIONS).map((name) => [name, floatFunction])),
  ...Object.fromEntries(Object.keys(COMPARE_FUNCTIONS).map((name) => [name, compareFunction])),
  ...Object.fromEntries(Object.keys(REINTERPRET).map((name) => [name, reinterpreted])),
  min: extreme,
  max: extreme,
  clamp,
  mix,
  sign: signOf,
  dot,
  any: tested,
  all: tested,
  not: inverted,
  fract,
  select,
  texelOf: (locals, [i]) => operated(locals, '>>', i, constantOf('int', 2)),
  divide,
};
