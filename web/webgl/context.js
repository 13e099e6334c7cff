/** Asks for WebGL2. */

/** @param {OffscreenCanvas} canvas */
export const contextOf = (canvas) =>
  canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    powerPreference: 'high-performance',
  });
