/** WebAssembly as bytes: numbers, instructions and modules, as far as kernels need them. */

/** @typedef {'i32' | 'f32' | 'v128'} Wasm */
/** @typedef {{parameters: Wasm[], results: Wasm[], locals: Wasm[], code: number[], name: string}} Body `name`: exported as, or '' */

/** @type {Record<Wasm, number>} */
export const VALUE = {i32: 0x7f, f32: 0x7d, v128: 0x7b};

/** @param {number} value an unsigned number */
export function leb(value) {
  const bytes = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest & 127) | 128);
  }
}

/** @param {number} value of 32 bits */
export function signed(value) {
  const bytes = [];
  for (let rest = value; ; rest >>= 7) {
    if (rest >= -64 && rest < 64) return [...bytes, rest & 127];
    bytes.push((rest & 127) | 128);
  }
}

const scratch = new DataView(new ArrayBuffer(4));

/** @param {number} value */
function words(value) {
  scratch.setFloat32(0, value, true);
  return [0, 1, 2, 3].map((i) => scratch.getUint8(i));
}

/** @param {number} value */
function bytesOf(value) {
  return [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
}

/** The 32 bits of a float. */
export const bitsOf = (/** @type {number} */ value) => {
  scratch.setFloat32(0, value);
  return scratch.getInt32(0);
};

/** The float of 32 bits. */
export const floatOf = (/** @type {number} */ bits) => {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
};

/** @param {number} number of an instruction on vectors */
export const simd = (number) => [0xfd, ...leb(number)];

/** Instructions by name; those with operands are functions. */
export const CODE = {
  block: [0x02, 0x40],
  loop: [0x03, 0x40],
  if: [0x04, 0x40],
  else: [0x05],
  end: [0x0b],
  return: [0x0f],
  drop: [0x1a],
  select: [0x1b],
  selectVector: [0x1c, 1, VALUE.v128],
  br: (/** @type {number} */ depth) => [0x0c, ...leb(depth)],
  brIf: (/** @type {number} */ depth) => [0x0d, ...leb(depth)],
  call: (/** @type {number} */ index) => [0x10, ...leb(index)],
  get: (/** @type {number} */ local) => [0x20, ...leb(local)],
  set: (/** @type {number} */ local) => [0x21, ...leb(local)],
  tee: (/** @type {number} */ local) => [0x22, ...leb(local)],
  int: (/** @type {number} */ value) => [0x41, ...signed(value)],
  float: (/** @type {number} */ value) => [0x43, ...words(value)],
  floatBits: (/** @type {number} */ bits) => [0x43, ...bytesOf(bits)],
  vector: (/** @type {number[]} */ lanes) => [...simd(0x0c), ...lanes.flatMap(bytesOf)],
  shuffle: (/** @type {number[]} */ lanes) => [
    ...simd(0x0d),
    ...lanes.flatMap((lane) => [0, 1, 2, 3].map((byte) => 4 * lane + byte)),
  ],
  load: (/** @type {Wasm} */ type, offset = 0) => [...LOADS[type], ...leb(offset)],
  store: (/** @type {Wasm} */ type, offset = 0) => [...STORES[type], ...leb(offset)],
};

const LOADS = {i32: [0x28, 2], f32: [0x2a, 2], v128: [...simd(0), 4]};
const STORES = {i32: [0x36, 2], f32: [0x38, 2], v128: [...simd(0x0b), 4]};

/** @param {number[][]} items */
const list = (items) => [...leb(items.length), ...items.flat()];

/** @param {string} text */
const name = (text) => {
  const bytes = Array.from(new TextEncoder().encode(text));
  return [...leb(bytes.length), ...bytes];
};

/**
 * A module over the memory `env.memory`.
 * @param {Body[]} bodies
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function moduleOf(bodies) {
  const types = bodies.map(({parameters, results}) => [
    0x60,
    ...list(parameters.map((type) => [VALUE[type]])),
    ...list(results.map((type) => [VALUE[type]])),
  ]);
  const exports = bodies.flatMap(({name: told}, i) => (told ? [[...name(told), 0, ...leb(i)]] : []));
  const codes = bodies.map(({locals, code}) => {
    const bytes = [...list(grouped(locals)), ...code, 0x0b];
    return [leb(bytes.length), bytes];
  });
  /** @type {[number, number[]][]} */
  const sections = [
    [1, list(types)],
    [2, list([[...name('env'), ...name('memory'), 2, 0, 1]])],
    [3, list(bodies.map((_, i) => leb(i)))],
    [7, list(exports)],
  ];
  const out = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
  const push = (/** @type {number[]} */ bytes) => {
    for (const byte of bytes) out.push(byte);
  };
  for (const [number, bytes] of sections) {
    push([number, ...leb(bytes.length)]);
    push(bytes);
  }
  const count = leb(codes.length);
  const length = codes.reduce((sum, parts) => sum + parts[0].length + parts[1].length, count.length);
  push([10, ...leb(length), ...count]);
  for (const [size, bytes] of codes) {
    push(size);
    push(bytes);
  }
  return Uint8Array.from(out);
}

/**
 * Locals as the format has them: how many of a type follow each other.
 * @param {Wasm[]} locals
 */
function grouped(locals) {
  /** @type {{type: Wasm, count: number}[]} */
  const groups = [];
  for (const type of locals) {
    const last = groups.at(-1);
    if (last?.type === type) last.count++;
    else groups.push({type, count: 1});
  }
  return groups.map(({type, count}) => [...leb(count), VALUE[type]]);
}
