/** From what was drawn to the pixels that a model reads. */

/**
 * The part of a picture that has ink.
 *
 * @param {Float32Array} ink width * width values from 0 to 1, row by row
 * @param {number} width
 * @returns {{left: number, top: number, right: number, bottom: number} | null} null if there is none
 */
function bounds(ink, width) {
  let [left, top, right, bottom] = [width, width, 0, 0];
  for (let i = 0; i < ink.length; i++) {
    if (ink[i] === 0) continue;
    const [x, y] = [i % width, Math.floor(i / width)];
    left = Math.min(left, x);
    right = Math.max(right, x + 1);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y + 1);
  }
  return right > left ? {left, top, right, bottom} : null;
}

/**
 * The mean of a picture over a rectangle; outside of it is paper.
 *
 * @param {Float32Array} ink
 * @param {number} width
 * @param {number} x
 * @param {number} y
 * @param {number} side
 */
function mean(ink, width, x, y, side) {
  let sum = 0;
  for (let row = Math.max(0, Math.floor(y)); row < Math.min(width, y + side); row++) {
    const high = Math.min(row + 1, y + side) - Math.max(row, y);
    for (let column = Math.max(0, Math.floor(x)); column < Math.min(width, x + side); column++) {
      sum += ink[row * width + column] * high * (Math.min(column + 1, x + side) - Math.max(column, x));
    }
  }
  return sum / (side * side);
}

/**
 * Scales a picture down to size * size means; with `fit`, what is drawn fills them up to the margin.
 *
 * @param {Float32Array} ink width * width values from 0 to 1, row by row
 * @param {number} width
 * @param {{size: number, fit: boolean, margin: number}} options
 */
export function pixels(ink, width, {size, fit, margin}) {
  const drawn = fit ? bounds(ink, width) : null;
  let [x, y, side] = [0, 0, width];
  if (drawn) {
    const {left, top, right, bottom} = drawn;
    side = Math.max(right - left, bottom - top) / (1 - 2 * margin);
    x = (left + right - side) / 2;
    y = (top + bottom - side) / 2;
  }
  const step = side / size;
  return Float32Array.from({length: size * size}, (_, i) =>
    mean(ink, width, x + (i % size) * step, y + Math.floor(i / size) * step, step),
  );
}
