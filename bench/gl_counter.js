/** Counts what a stretch of code asks of WebGL2, whoever asks. */

const DRAWS = /** @type {const} */ (['drawArrays', 'drawElements', 'drawArraysInstanced']);

/**
 * Starts counting in this thread.
 *
 * @returns {{draws: number, programs: Set<WebGLProgram>, stop: () => void}}
 */
export function countGl() {
  const prototype = /** @type {Record<string, any>} */ (WebGL2RenderingContext.prototype);
  const counter = {
    draws: 0,
    programs: /** @type {Set<WebGLProgram>} */ (new Set()),
    stop: () => Object.assign(prototype, originals),
  };
  const originals = /** @type {Record<string, Function>} */ ({});
  for (const name of DRAWS) originals[name] = prototype[name];
  for (const name of DRAWS) {
    prototype[name] = function (/** @type {any[]} */ ...inputs) {
      counter.draws += 1;
      counter.programs.add(this.getParameter(this.CURRENT_PROGRAM));
      return originals[name].apply(this, inputs);
    };
  }
  return counter;
}
