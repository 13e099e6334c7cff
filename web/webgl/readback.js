/** Reading textures: at once, or through a pixel buffer while the event loop runs on. */

import {BOOL, FLOAT32} from './textures.js';

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {Float32Array | Int32Array | Int8Array} Elements */

/** Lets other tasks of this thread run. */
export function yieldToEventLoop() {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      resolve(undefined);
    };
    channel.port2.postMessage(null);
  });
}

/** Sleeps for a millisecond: spinning would take the processor that a software GPU computes on. */
async function pause() {
  await new Promise((resolve) => setTimeout(resolve, 1));
  await yieldToEventLoop(); // a timer started in a message's task is not stretched to 4 ms, as one started by a timer is
}

/**
 * Hands what was asked of the device so far to it, with a mark at its end.
 * @param {WebGL2RenderingContext} gl
 * @returns {WebGLSync | null} null if the context is lost
 */
export function fence(gl) {
  const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  return sync;
}

/**
 * Waits until the device has come to a mark; does not block.
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLSync | null} sync
 */
export async function waitForFence(gl, sync) {
  if (!sync) return;
  for (let tries = 0; ; tries++) {
    const status = gl.clientWaitSync(sync, 0, 0);
    if (status === gl.ALREADY_SIGNALED || status === gl.CONDITION_SATISFIED || gl.isContextLost()) break;
    await (tries > 0 ? pause() : yieldToEventLoop());
  }
  gl.deleteSync(sync);
}

/**
 * Waits until the device has done all that was asked of it so far.
 * @param {WebGL2RenderingContext} gl
 */
export async function waitForGpu(gl) {
  await waitForFence(gl, fence(gl));
}

export class Readback {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {import('./textures.js').Textures} textures
   */
  constructor(gl, textures) {
    this.gl = gl;
    this.textures = textures;
    this.framebuffer = gl.createFramebuffer();
  }

  /**
   * Copies a layer of a texture to the bound pixel buffer at `target` (a number), or to an array.
   * @param {Texture} texture
   * @param {number} layer
   * @param {number} rows
   * @param {number | Float32Array | Int32Array} target
   */
  pixels(texture, layer, rows, target) {
    const {gl} = this;
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    if (texture.layers > 1) {
      gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture.gl, 0, layer);
    } else {
      gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.gl, 0);
    }
    const isFloat = texture.dtype === FLOAT32;
    const format = isFloat ? gl.RGBA : gl.RGBA_INTEGER;
    const type = isFloat ? gl.FLOAT : gl.INT;
    if (typeof target === 'number') gl.readPixels(0, 0, texture.width, rows, format, type, target);
    else gl.readPixels(0, 0, texture.width, rows, format, type, target);
  }

  /**
   * Returns the elements, blocking this thread until they are computed.
   * @param {Texture} texture
   * @param {number} size
   * @param {number} texelsPerLayer texels of a layer
   * @returns {Elements}
   */
  readSync(texture, size, texelsPerLayer) {
    const {pixels, rows, words} = this.allocate(texture, size, texelsPerLayer);
    const layerWords = rows * texture.width * 4;
    for (let layer = 0; layer < texture.layers; layer++) {
      this.pixels(texture, layer, rows, pixels.subarray(layer * layerWords, (layer + 1) * layerWords));
    }
    return unpack(texture, pixels, size, texelsPerLayer, words);
  }

  /**
   * Returns the elements as soon as they are computed; does not block.
   * @param {Texture} texture
   * @param {number} size
   * @param {number} texelsPerLayer texels of a layer
   * @returns {Promise<Elements>}
   */
  async readAsync(texture, size, texelsPerLayer) {
    const {gl} = this;
    const {pixels, rows, words} = this.allocate(texture, size, texelsPerLayer);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, pixels.byteLength, gl.STREAM_READ);
    for (let layer = 0; layer < texture.layers; layer++) {
      this.pixels(texture, layer, rows, layer * rows * texture.width * 16);
    }
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await waitForGpu(gl);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, pixels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    gl.deleteBuffer(buffer);
    return unpack(texture, pixels, size, texelsPerLayer, words);
  }

  /**
   * @param {Texture} texture
   * @param {number} size
   * @param {number} texelsPerLayer
   */
  allocate(texture, size, texelsPerLayer) {
    const texels = texture.layers > 1 ? texelsPerLayer : Math.ceil(size / 4);
    const rows = Math.ceil(texels / texture.width);
    const words = rows * texture.width * 4;
    const Pixels = texture.dtype === FLOAT32 ? Float32Array : Int32Array;
    return {pixels: new Pixels(words * texture.layers), rows, words};
  }
}

/**
 * Cuts what was read to the tensor's elements: layers are blocks that follow each other.
 * @param {Texture} texture
 * @param {Float32Array | Int32Array} pixels
 * @param {number} size
 * @param {number} texelsPerLayer
 * @param {number} words of one layer as it was read
 * @returns {Elements}
 */
function unpack(texture, pixels, size, texelsPerLayer, words) {
  if (texture.layers > 1) {
    for (let layer = 1; layer < texture.layers; layer++) {
      const end = Math.min(size - layer * texelsPerLayer * 4, texelsPerLayer * 4);
      if (end > 0) pixels.copyWithin(layer * texelsPerLayer * 4, layer * words, layer * words + end);
    }
  }
  const elements = pixels.subarray(0, size);
  return texture.dtype === BOOL ? Int8Array.from(elements) : elements;
}
