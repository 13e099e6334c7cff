/** Numbers for the cases: drawn from a seed, so that both sides make the same ones for themselves. */

/**
 * @typedef {object} Data a float32 tensor
 * @property {number[]} shape
 * @property {'uniform' | 'classes' | 'oneHot' | 'listed'} kind
 * @property {number} [low] of 'uniform'
 * @property {number} [high] of 'uniform'; of 'classes', how many there are
 * @property {number[]} [values] of 'listed'
 */

const SEED = 20;

/**
 * @param {number} first
 * @returns {() => number} numbers from 0 to 1 (Marsaglia's xorshift)
 */
export function drawer(first) {
  let state = first;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

/**
 * @param {Data} data
 * @returns {Float32Array<ArrayBuffer>} the elements, row by row
 */
export function elements({shape, kind, low = -1, high = 1, values = []}) {
  const size = shape.reduce((product, length) => product * length, 1);
  const draw = drawer(SEED + size);
  for (let i = 0; i < 8; i++) draw();
  if (kind === 'listed') return Float32Array.from(values);
  if (kind === 'classes') return Float32Array.from({length: size}, () => Math.floor(draw() * high));
  if (kind === 'uniform') return Float32Array.from({length: size}, () => low + (high - low) * draw());
  const found = new Float32Array(size);
  const classes = shape[shape.length - 1];
  for (let row = 0; row < size; row += classes) found[row + Math.floor(draw() * classes)] = 1;
  return found;
}

/**
 * @param {number[]} shape
 * @param {number} [low]
 * @param {number} [high]
 * @returns {Data}
 */
export const uniform = (shape, low = -1, high = 1) => ({shape, kind: 'uniform', low, high});

/**
 * @param {number} rows
 * @param {number} classes
 * @returns {Data} random labels
 */
export const oneHot = (rows, classes) => ({shape: [rows, classes], kind: 'oneHot'});

/**
 * @param {number[]} shape
 * @param {number} count
 * @returns {Data} whole numbers below `count`
 */
export const classes = (shape, count) => ({shape, kind: 'classes', high: count});

/**
 * @param {number[]} shape
 * @param {number[]} values
 * @returns {Data}
 */
export const listed = (shape, values) => ({shape, kind: 'listed', values});
