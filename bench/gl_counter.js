/** Counts what a thread asks of WebGL2, whoever asks: draws, programs, and the bytes of the textures that are alive. */

const DRAWS = ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced'];

const prototype = /** @type {Record<string, any>} */ (WebGL2RenderingContext.prototype);

/** Bytes a texel, by the name of the internal format. @type {Record<string, number>} */
const BYTES = {
  ...{R8: 1, R8I: 1, R16F: 2, RG8: 2, R32F: 4, R32I: 4, RG16F: 4, RGBA: 4, RGBA8: 4, RGBA8I: 4, RGBA8UI: 4},
  ...{RG32F: 8, RGBA16F: 8, RGBA32F: 16, RGBA32I: 16, RGBA32UI: 16},
};
const bytesOf = new Map(Object.entries(BYTES).map(([name, bytes]) => [prototype[name], bytes]));

/** Where the size stands among the inputs of each call that gives a texture its storage: format, width, height, depth. */
const STORAGE = /** @type {Record<string, number[]>} */ ({
  texStorage2D: [2, 3, 4],
  texStorage3D: [2, 3, 4, 5],
  texImage2D: [2, 3, 4],
});

/** The context that textures were made in last. @type {WebGL2RenderingContext | null} */
let context = null;

/** @type {Map<WebGLTexture, number>} */
const alive = new Map();

export const counts = {
  draws: 0,
  programs: /** @type {Set<WebGLProgram>} */ (new Set()),
  /** Bytes of textures that are alive: pools count, what the browser adds does not. */
  bytes: 0,
  peak: 0,
  /** Whether draws are counted: asking for the program costs time. */
  watching: false,
  /** How many textures have storage of a format that is not known here; their bytes are missing. */
  unknown: 0,
};

/**
 * @param {string} name
 * @param {(gl: any, inputs: any[]) => void} note
 */
function wrap(name, note) {
  const original = prototype[name];
  prototype[name] = function (/** @type {any[]} */ ...inputs) {
    note(this, inputs);
    return original.apply(this, inputs);
  };
}

/**
 * @param {WebGLTexture} texture
 * @param {number} bytes
 */
function hold(texture, bytes) {
  counts.bytes += bytes - (alive.get(texture) ?? 0);
  counts.peak = Math.max(counts.peak, counts.bytes);
  if (bytes) alive.set(texture, bytes);
  else alive.delete(texture);
}

for (const name of DRAWS) {
  wrap(name, (gl) => {
    if (!counts.watching) return;
    counts.draws += 1;
    counts.programs.add(gl.getParameter(gl.CURRENT_PROGRAM));
  });
}
for (const [name, [format, ...sizes]] of Object.entries(STORAGE)) {
  wrap(name, (gl, inputs) => {
    context = gl;
    const array = inputs[0] === gl.TEXTURE_2D_ARRAY;
    const texture = gl.getParameter(array ? gl.TEXTURE_BINDING_2D_ARRAY : gl.TEXTURE_BINDING_2D);
    const bytes = bytesOf.get(inputs[format]);
    // With six inputs, texImage2D takes its size from a picture.
    const sized = name !== 'texImage2D' || inputs.length > 6;
    const size = sizes.reduce((product, place) => product * inputs[place], 1);
    if (bytes === undefined || !sized) counts.unknown += 1;
    else if (texture) hold(texture, size * bytes);
  });
}
wrap('deleteTexture', (_gl, [texture]) => texture && hold(texture, 0));

/** Waits until the GPU has done everything: what is read was written last, as drivers may read other things before. */
export function finish() {
  if (!context) return;
  const gl = context;
  const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING);
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, gl.getParameter(gl.DRAW_FRAMEBUFFER_BINDING));
  const type = gl.getParameter(gl.IMPLEMENTATION_COLOR_READ_TYPE);
  if (type === gl.INT) gl.readPixels(0, 0, 1, 1, gl.RGBA_INTEGER, type, new Int32Array(4));
  else if (type === gl.FLOAT) gl.readPixels(0, 0, 1, 1, gl.RGBA, type, new Float32Array(4));
  else gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  gl.bindFramebuffer(gl.READ_FRAMEBUFFER, bound);
}

/** Begins anew: the peak is what is alive now. */
export function startCounting() {
  Object.assign(counts, {draws: 0, programs: new Set(), peak: counts.bytes, watching: true});
}

/** @returns {{launches: number, programs: number, peak: number}} what came since */
export function stopCounting() {
  counts.watching = false;
  return {launches: counts.draws, programs: counts.programs.size, peak: counts.peak};
}
