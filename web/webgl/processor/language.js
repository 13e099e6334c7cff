/**
 * GLSL's types, operators and functions as WebAssembly's: the one table of what the language's forms mean on the processor.
 * A vector of any width is a v128, a bvec the mask that comparisons give, a bool an i32.
 */

import {CODE, bitsOf, simd} from './module.js';

/** @typedef {import('./module.js').Wasm} Wasm */
/** @typedef {'float' | 'int' | 'uint' | 'bool'} Base of a type: that of its elements */
/**
 * Code that leaves a value on the stack. `constant` is what it is, if that is known; `lane` says that it is an element of
 * a vector that this code leaves there.
 * @typedef {{type: string, code: number[], constant?: number, lane?: {code: number[], number: number}}} Value
 */

const PREFIX = {b: 'bool', i: 'int', u: 'uint', v: 'float'};

/**
 * @param {string} type
 * @returns {Base}
 */
export function baseOf(type) {
  if (!type.includes('vec')) return /** @type {Base} */ (type);
  return /** @type {Base} */ (PREFIX[/** @type {'b' | 'i' | 'u' | 'v'} */ (type[0])]);
}

/** @param {string} type */
export const widthOf = (type) => (type.includes('vec') ? Number(type.at(-1)) : 1);

/**
 * @param {Base} base
 * @param {number} width
 */
export function typeOf(base, width) {
  if (width === 1) return base;
  return `${{float: '', int: 'i', uint: 'u', bool: 'b'}[base]}vec${width}`;
}

/**
 * @param {string} type
 * @returns {Wasm}
 */
export function wasmOf(type) {
  if (type.includes('vec')) return 'v128';
  return type === 'float' ? 'f32' : 'i32';
}

const [INT_SPLAT, FLOAT_SPLAT] = [simd(0x11), simd(0x13)];
const INT_TEST = simd(0xa4); // the signs of four lanes, as bits
const AND = simd(0x4e);
const ONES = CODE.vector([1, 1, 1, 1]);
const ZEROS = CODE.vector([0, 0, 0, 0]);
const NOT_EQUAL = {int: simd(0x38), float: simd(0x42)};

/**
 * @param {string} type
 * @param {number} number
 * @returns {Value}
 */
export function constantOf(type, number) {
  return {type, code: type === 'float' ? CODE.float(number) : CODE.int(number), constant: number};
}

/**
 * @param {string} type
 * @param {...number[]} parts of its code
 * @returns {Value}
 */
export const made = (type, ...parts) => ({type, code: parts.flat()});

/**
 * An element of a vector.
 * @param {Value} vector
 * @param {number} number
 * @returns {Value}
 */
export function laneOf(vector, number) {
  const base = baseOf(vector.type);
  const extract = base === 'float' ? 0x1f : 0x1b;
  const code = [...vector.code, ...simd(extract), number];
  // A mask has all bits of a lane, a bool is 0 or 1.
  if (base === 'bool') return made('bool', code, CODE.int(1), [0x71]);
  return {type: base, code, lane: {code: vector.code, number}};
}

/**
 * A vector of some width that has a scalar in each lane.
 * @param {Value} scalar
 * @param {number} width
 * @returns {Value}
 */
export function splat(scalar, width) {
  const base = baseOf(scalar.type);
  const type = typeOf(base, width);
  if (scalar.constant !== undefined) {
    const bits =
      base === 'float' ? bitsOf(scalar.constant) : base === 'bool' ? -scalar.constant : scalar.constant;
    return made(type, CODE.vector([bits, bits, bits, bits]));
  }
  if (scalar.lane && isLocal(scalar.lane.code)) {
    const {code, number} = scalar.lane;
    return made(type, code, code, CODE.shuffle([number, number, number, number]));
  }
  if (base === 'bool') return made(type, CODE.int(0), scalar.code, [0x6b], INT_SPLAT);
  return made(type, scalar.code, base === 'float' ? FLOAT_SPLAT : INT_SPLAT);
}

/**
 * A value with elements of another type.
 * @param {Value} value
 * @param {Base} target
 * @returns {Value}
 */
export function converted(value, target) {
  const [base, width] = [baseOf(value.type), widthOf(value.type)];
  const type = typeOf(target, width);
  if (base === target) return value;
  const whole = base !== 'float' && target !== 'float' && base !== 'bool' && target !== 'bool';
  if (value.constant !== undefined) return constantOf(type, convertedNumber(value.constant, target));
  if (whole) return {...value, type, lane: undefined};
  if (width === 1) {
    if (target === 'bool') {
      return made(type, value.code, base === 'float' ? [...CODE.float(0), 0x5c] : [...CODE.int(0), 0x47]);
    }
    if (target === 'float') return made(type, value.code, [base === 'uint' ? 0xb3 : 0xb2]);
    return base === 'bool'
      ? made(type, value.code)
      : made(type, value.code, [0xfc, target === 'uint' ? 1 : 0]);
  }
  if (target === 'bool') return made(type, value.code, ZEROS, NOT_EQUAL[base === 'float' ? 'float' : 'int']);
  if (base === 'bool') {
    const ones = made(typeOf('int', width), value.code, ONES, AND);
    return target === 'float' ? converted(ones, 'float') : {...ones, type};
  }
  if (target === 'float') return made(type, value.code, simd(base === 'uint' ? 0xfb : 0xfa));
  return made(type, value.code, simd(target === 'uint' ? 0xf9 : 0xf8));
}

/**
 * @param {number} number
 * @param {Base} target
 */
function convertedNumber(number, target) {
  if (target === 'float') return Math.fround(number);
  if (target === 'bool') return Number(number !== 0);
  const whole = Math.trunc(number);
  if (Number.isNaN(whole)) return 0;
  return Math.max(-2147483648, Math.min(2147483647, whole));
}

/** The instructions of operators: of a float, an int, four floats, four ints. @type {Record<string, (number | null)[]>} */
const ARITHMETIC = {
  '+': [0x92, 0x6a, 0xe4, 0xae],
  '-': [0x93, 0x6b, 0xe5, 0xb1],
  '*': [0x94, 0x6c, 0xe6, 0xb5],
  '/': [0x95, null, 0xe7, null],
  '%': [null, null, null, null],
  '&': [null, 0x71, null, 0x4e],
  '|': [null, 0x72, null, 0x50],
  '^': [null, 0x73, null, 0x51],
};

/** Of a float, an int, a uint, four floats, four ints, four uints. @type {Record<string, number[]>} */
const COMPARISONS = {
  '==': [0x5b, 0x46, 0x46, 0x41, 0x37, 0x37],
  '!=': [0x5c, 0x47, 0x47, 0x42, 0x38, 0x38],
  '<': [0x5d, 0x48, 0x49, 0x43, 0x39, 0x3a],
  '>': [0x5e, 0x4a, 0x4b, 0x44, 0x3b, 0x3c],
  '<=': [0x5f, 0x4c, 0x4d, 0x45, 0x3d, 0x3e],
  '>=': [0x60, 0x4e, 0x4f, 0x46, 0x3f, 0x40],
};

/** @type {Record<string, number[]>} of an int, a uint, four ints, four uints */
const SHIFTS = {'<<': [0x74, 0x74, 0xab, 0xab], '>>': [0x75, 0x76, 0xac, 0xad]};

/** @type {Record<string, (a: number, b: number) => number>} */
const FOLDED = {
  '+': (a, b) => (a + b) | 0,
  '-': (a, b) => (a - b) | 0,
  '*': Math.imul,
  '/': (a, b) => (b ? Math.trunc(a / b) | 0 : 0),
  '%': (a, b) => (b ? a % b : 0),
  '&': (a, b) => a & b,
  '|': (a, b) => a | b,
  '^': (a, b) => a ^ b,
  '<<': (a, b) => a << b,
  '>>': (a, b) => a >> b,
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '&&': (a, b) => Number(a && b),
  '||': (a, b) => Number(a || b),
};

/** Gives locals for what is needed twice. */
/** @typedef {{local: (type: Wasm) => number}} Locals */

/**
 * What an operator makes of two values.
 * @param {Locals} locals
 * @param {string} sign
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
export function operated(locals, sign, a, b) {
  const base = baseOf(a.type);
  const fold = a.constant !== undefined && b.constant !== undefined && (base === 'int' || base === 'bool');
  if (fold) {
    return constantOf(
      sign in COMPARISONS || sign === '&&' || sign === '||' ? 'bool' : base,
      FOLDED[sign](a.constant ?? 0, b.constant ?? 0),
    );
  }
  if (sign === '&&') return made('bool', a.code, b.code, [0x71]);
  if (sign === '||') return made('bool', a.code, b.code, [0x72]);
  const width = Math.max(widthOf(a.type), widthOf(b.type));
  if (sign in SHIFTS) return shifted(locals, sign, a, b);
  if (width === 1) return ofScalars(locals, sign, a, b);
  const [left, right] = [a, b].map((each) => (widthOf(each.type) === 1 ? splat(each, width) : each));
  const type = typeOf(base, width);
  if (sign in COMPARISONS) {
    // Vectors as wholes: one bool.
    const lanes = compared(sign, left, right);
    const want = (1 << width) - 1;
    const bits = made('int', lanes.code, INT_TEST, CODE.int(want), [0x71]);
    return sign === '=='
      ? made('bool', bits.code, CODE.int(want), [0x46])
      : made('bool', bits.code, CODE.int(0), [0x47]);
  }
  const code = ARITHMETIC[sign][base === 'float' ? 2 : 3];
  if (code !== null) return made(type, left.code, right.code, simd(code));
  return laneByLane(locals, [left, right], type, ([x, y]) => ofScalars(locals, sign, x, y));
}

/**
 * @param {Locals} locals
 * @param {string} sign
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
export function ofScalars(locals, sign, a, b) {
  const base = baseOf(a.type);
  if (sign in COMPARISONS) {
    return made('bool', a.code, b.code, [COMPARISONS[sign][base === 'float' ? 0 : base === 'uint' ? 2 : 1]]);
  }
  if (base !== 'float' && b.constant !== undefined) {
    if (b.constant === 1 && (sign === '*' || sign === '/')) return a;
    if (b.constant === 0 && (sign === '+' || sign === '-')) return a;
  }
  const code = ARITHMETIC[sign][base === 'float' ? 0 : 1];
  if (code !== null) return made(a.type, a.code, b.code, [code]);
  return quotient(locals, sign, a, b);
}

/**
 * A quotient or a remainder of whole numbers, without the traps of WebAssembly: what divides by 0 is 0, what overflows wraps.
 * @param {Locals} locals
 * @param {string} sign
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
function quotient(locals, sign, a, b) {
  const isUnsigned = a.type === 'uint';
  const code = sign === '/' ? (isUnsigned ? 0x6e : 0x6d) : isUnsigned ? 0x70 : 0x6f;
  if (b.constant !== undefined && b.constant !== 0 && b.constant !== -1) {
    return made(a.type, a.code, b.code, [code]);
  }
  const [x, y] = [locals.local('i32'), locals.local('i32')];
  const whole = [0x04, 0x7f];
  const divided = [...CODE.get(x), ...CODE.get(y), code];
  const opposite = sign === '/' ? [...CODE.int(0), ...CODE.get(x), 0x6b] : CODE.int(0);
  const safe = isUnsigned
    ? divided
    : [...CODE.get(y), ...CODE.int(-1), 0x46, ...whole, ...opposite, ...CODE.else, ...divided, ...CODE.end];
  return made(
    a.type,
    a.code,
    CODE.set(x),
    b.code,
    CODE.tee(y),
    whole,
    safe,
    CODE.else,
    CODE.int(0),
    CODE.end,
  );
}

/**
 * @param {Locals} locals
 * @param {string} sign
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
function shifted(locals, sign, a, b) {
  const unsigned = baseOf(a.type) === 'uint' ? 1 : 0;
  const width = widthOf(a.type);
  if (width === 1) return made(a.type, a.code, b.code, [SHIFTS[sign][unsigned]]);
  if (widthOf(b.type) === 1) return made(a.type, a.code, b.code, simd(SHIFTS[sign][2 + unsigned]));
  return laneByLane(locals, [a, b], a.type, ([x, y]) =>
    made(x.type, x.code, y.code, [SHIFTS[sign][unsigned]]),
  );
}

/**
 * Where two vectors compare so, lane by lane.
 * @param {string} sign
 * @param {Value} a
 * @param {Value} b
 * @returns {Value}
 */
export function compared(sign, a, b) {
  const base = baseOf(a.type);
  const code = COMPARISONS[sign][base === 'float' ? 3 : base === 'uint' ? 5 : 4];
  return made(typeOf('bool', widthOf(a.type)), a.code, b.code, simd(code));
}

/**
 * A vector whose lanes are computed one by one.
 * @param {Locals} locals
 * @param {Value[]} vectors
 * @param {string} type
 * @param {(lanes: Value[]) => Value} each
 * @returns {Value}
 */
function laneByLane(locals, vectors, type, each) {
  const held = vectors.map((vector) => kept(locals, vector));
  const code = held.flatMap(({before}) => before);
  const lanes = Array.from({length: widthOf(type)}, (_, i) => each(held.map(({value}) => laneOf(value, i))));
  return made(type, code, assembled(type, lanes).code);
}

/**
 * Whether code is nothing but the value of a local.
 * @param {number[]} code
 */
const isLocal = (code) => code[0] === 0x20 && (code.length === 2 || (code.length === 3 && code[1] >= 128));

/**
 * A value in a local, and what puts it there.
 * @param {Locals} locals
 * @param {Value} value
 * @returns {{before: number[], value: Value}}
 */
export function kept(locals, value) {
  if (value.constant !== undefined || isLocal(value.code)) return {before: [], value};
  const local = locals.local(wasmOf(value.type));
  return {before: [...value.code, ...CODE.set(local)], value: {type: value.type, code: CODE.get(local)}};
}

/**
 * A vector of these scalars.
 * @param {string} type
 * @param {Value[]} lanes
 * @returns {Value}
 */
export function assembled(type, lanes) {
  const base = baseOf(type);
  const numbers = lanes.map(({constant}) => constant);
  if (numbers.every((number) => number !== undefined)) {
    const bits = numbers.map((number) =>
      base === 'float' ? bitsOf(number) : base === 'bool' ? -number : number,
    );
    return made(type, CODE.vector([...bits, 0, 0, 0].slice(0, 4)));
  }
  const sources = new Map(lanes.map(({lane}) => [String(lane?.code), lane]));
  if (sources.size <= 2 && lanes.every(({lane}) => lane && isLocal(lane.code))) {
    const [first, second = first] = Array.from(sources.keys());
    const at = lanes.map(({lane}) => (String(lane?.code) === first ? 0 : 4) + (lane?.number ?? 0));
    const codes = [sources.get(first)?.code ?? [], sources.get(second)?.code ?? []];
    return made(type, ...codes, CODE.shuffle([...at, 0, 0, 0].slice(0, 4)));
  }
  const replace = simd(base === 'float' ? 0x20 : 0x1c);
  const element = (/** @type {Value} */ each) =>
    base === 'bool' ? [...CODE.int(0), ...each.code, 0x6b] : each.code;
  const [first, ...rest] = lanes;
  const code = base === 'bool' ? [...element(first), ...INT_SPLAT] : splat(first, 4).code;
  return made(type, code, ...rest.map((each, i) => [...element(each), ...replace, i + 1]));
}

/**
 * @param {Locals} locals
 * @param {string} sign of one operand
 * @param {Value} x
 * @returns {Value}
 */
export function negated(locals, sign, x) {
  const [base, width] = [baseOf(x.type), widthOf(x.type)];
  if (sign === '!') {
    return x.constant === undefined ? made('bool', x.code, [0x45]) : constantOf('bool', Number(!x.constant));
  }
  if (x.constant !== undefined) {
    return constantOf(x.type, sign === '~' ? ~x.constant : base === 'float' ? -x.constant : -x.constant | 0);
  }
  if (sign === '~') {
    return width > 1 ? made(x.type, x.code, simd(0x4d)) : made(x.type, x.code, CODE.int(-1), [0x73]);
  }
  if (base === 'float') return made(x.type, x.code, width > 1 ? simd(0xe1) : [0x8c]);
  return width > 1 ? made(x.type, x.code, simd(0xa1)) : operated(locals, '-', constantOf(base, 0), x);
}
