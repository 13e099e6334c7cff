/**
 * Textures: how tensors lie in them, and a pool that hands them out again.
 *
 * A tensor is flat and row-major, four elements a texel. Textures are about square, because GPUs shade 2 x 2 texels at once
 * and share out rows; their width is a power of two, 2048 at most: texel t lies at (t mod width, t div width). A tensor of
 * several layers lies in an array texture whose layer i holds the i-th block of texels.
 */

import {lostError} from './backup.js';

const MAX_WIDTH_BITS = 11;

/**
 * The width of a texture.
 * @param {number} texels
 */
function widthOf(texels) {
  const log2 = 32 - Math.clz32(texels - 1);
  return 1 << Math.min(MAX_WIDTH_BITS, (log2 + 1) >> 1);
}

/** Where textures are bound to be made and filled: no kernel reads so many that this unit is among them. */
export const SPARE_UNIT = 15;

/** float32, int32, bool: in the order of DTYPES in dtypes.py. */
export const FLOAT32 = 0;
export const BOOL = 2;

/**
 * @typedef {object} Texture
 * @property {number} id
 * @property {WebGLTexture} gl
 * @property {number} target
 * @property {number} width
 * @property {number} height
 * @property {number} layers
 * @property {number} dtype
 * @property {number} bytes
 * @property {string} key
 * @property {number} epoch of the context that it belongs to
 * @property {number} holders how many hold it: the tensor whose value it has, and runs that read it. 0: it waits for reuse.
 */

/** @typedef {{internal: number, format: number, type: number, bytes: number}} Format */

/**
 * The formats of the dtypes.
 * @param {WebGL2RenderingContext} gl
 * @returns {Format[]}
 */
export function formats(gl) {
  return [
    {internal: gl.RGBA32F, format: gl.RGBA, type: gl.FLOAT, bytes: 16},
    {internal: gl.RGBA32I, format: gl.RGBA_INTEGER, type: gl.INT, bytes: 16},
    {internal: gl.RGBA8I, format: gl.RGBA_INTEGER, type: gl.BYTE, bytes: 4},
  ];
}

/** Free textures are kept up to this many bytes, or up to the bytes in use if that is more. */
const POOL_BYTES = 64 << 20;

/** From this size on the driver is asked whether it had the memory: asking waits for it, so that small ones go unasked. */
const ASKED_BYTES = 16 << 20;

export class Textures {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.formats = formats(gl);
    this.maxSize = /** @type {number} */ (gl.getParameter(gl.MAX_TEXTURE_SIZE));
    this.usedBytes = 0;
    this.freeBytes = 0;
    this.peakBytes = 0;
    this.nextId = 1;
    this.epoch = 0;
    /** @type {Map<string, Texture[]>} */
    this.free = new Map();
    /** @type {Set<Texture>} all there are, those that wait for reuse among them */
    this.existing = new Set();
    /** @type {Map<string, WebGLFramebuffer>} */
    this.framebuffers = new Map();
  }

  /** Begins anew on a restored context, where no former texture exists. */
  forget() {
    this.epoch++;
    this.usedBytes = 0;
    this.freeBytes = 0;
    this.free.clear();
    this.existing.clear();
    this.framebuffers.clear();
  }

  /**
   * Returns a texture for so many texels a layer; its contents are arbitrary.
   * @param {number} texels
   * @param {number} dtype
   * @param {number} layers
   * @returns {Texture}
   */
  acquire(texels, dtype, layers) {
    const count = Math.max(1, texels);
    const width = widthOf(count);
    const height = Math.ceil(count / width);
    const key = `${width}x${height}x${layers}:${dtype}`;
    const found = this.free.get(key)?.pop();
    const texture = found ?? this.create(key, width, height, layers, dtype);
    if (found) this.freeBytes -= found.bytes;
    texture.holders = 1;
    this.usedBytes += texture.bytes;
    this.peakBytes = Math.max(this.peakBytes, this.usedBytes + this.freeBytes);
    return texture;
  }

  /**
   * @param {string} key
   * @param {number} width
   * @param {number} height
   * @param {number} layers
   * @param {number} dtype
   * @returns {Texture}
   */
  create(key, width, height, layers, dtype) {
    const {gl} = this;
    if (height > this.maxSize) {
      const need = ((width * height * layers * 16) / 2 ** 20).toFixed(0);
      const most = ((width * this.maxSize * 16) / 2 ** 20).toFixed(0);
      throw new RangeError(
        `a tensor needs ${need} MiB in one texture, this device allows ${most} MiB: use a smaller batch, or split the tensor`,
      );
    }
    const format = this.formats[dtype];
    const target = layers > 1 ? gl.TEXTURE_2D_ARRAY : gl.TEXTURE_2D;
    const bytes = width * height * layers * format.bytes;
    const store = () => this.store(target, format, width, height, layers, bytes);
    let handle = store();
    if (!handle) {
      this.trim(0);
      handle = store();
    }
    if (!handle) {
      const [need, used] = [bytes, this.usedBytes].map((count) => (count / 2 ** 20).toFixed(0));
      throw new RangeError(
        `the GPU has no memory for ${need} MiB more, with ${used} MiB in use: dispose of tensors and models that are not ` +
          'needed, or use a smaller batch',
      );
    }
    const texture = {
      id: this.nextId++,
      gl: handle,
      target,
      width,
      height,
      layers,
      dtype,
      bytes,
      key,
      epoch: this.epoch,
      holders: 0,
    };
    this.existing.add(texture);
    return texture;
  }

  /**
   * Makes a texture and has the GPU keep room for it.
   * @param {number} target
   * @param {Format} format
   * @param {number} width
   * @param {number} height
   * @param {number} layers
   * @param {number} bytes
   * @returns {WebGLTexture | null} null if there is no room
   */
  store(target, format, width, height, layers, bytes) {
    const {gl} = this;
    const handle = gl.createTexture();
    if (!handle) throw lostError('the GPU context is lost: no texture could be created');
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(target, handle);
    if (layers > 1) gl.texStorage3D(target, 1, format.internal, width, height, layers);
    else gl.texStorage2D(target, 1, format.internal, width, height);
    if (bytes >= ASKED_BYTES && gl.getError() === gl.OUT_OF_MEMORY) {
      gl.deleteTexture(handle);
      return null;
    }
    for (const filter of [gl.TEXTURE_MIN_FILTER, gl.TEXTURE_MAG_FILTER]) {
      gl.texParameteri(target, filter, gl.NEAREST);
    }
    for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T]) {
      gl.texParameteri(target, wrap, gl.CLAMP_TO_EDGE);
    }
    return handle;
  }

  /**
   * Holds a texture that somebody else may release meanwhile. Each `pin` and each `acquire` asks for one `release`.
   * @param {Texture} texture
   */
  pin(texture) {
    if (texture.epoch !== this.epoch) return; // it went with its context
    if (!texture.holders) {
      throw new Error(`book-keeping: texture ${texture.id} is pinned, but nobody holds it`);
    }
    texture.holders++;
  }

  /**
   * Lets go of a texture; when nobody holds it any more it is free for reuse.
   * @param {Texture} texture
   */
  release(texture) {
    if (texture.epoch !== this.epoch) return; // it went with its context
    if (!texture.holders) {
      throw new Error(`book-keeping: texture ${texture.id} is released, but nobody holds it`);
    }
    if (--texture.holders) return;
    const list = this.free.get(texture.key);
    if (list) list.push(texture);
    else this.free.set(texture.key, [texture]);
    this.usedBytes -= texture.bytes;
    this.freeBytes += texture.bytes;
    if (this.freeBytes > POOL_BYTES && this.freeBytes > this.usedBytes) this.trim();
  }

  /**
   * Deletes free textures until so many bytes are left; the sizes that came first go first.
   * @param {number} most half of what may be kept by default
   */
  trim(most = Math.max(POOL_BYTES, this.usedBytes) / 2) {
    for (const [key, list] of this.free) {
      while (list.length && this.freeBytes > most) {
        const texture = /** @type {Texture} */ (list.pop());
        this.freeBytes -= texture.bytes;
        this.delete(texture);
      }
      if (!list.length) this.free.delete(key);
    }
  }

  /** @param {Texture} texture */
  delete(texture) {
    const {gl} = this;
    gl.deleteTexture(texture.gl);
    this.existing.delete(texture);
    const mark = `,${texture.id},`;
    for (const [key, framebuffer] of this.framebuffers) {
      if (key.includes(mark)) {
        gl.deleteFramebuffer(framebuffer);
        this.framebuffers.delete(key);
      }
    }
  }

  /**
   * Compares the books with what holds textures: each one is to be held as often as its holders say, and to wait for reuse
   * once if nobody does.
   * @param {Texture[]} held one entry for each holder
   * @returns {string[]} what is wrong
   */
  audit(held) {
    /** @type {Map<Texture, number>} */
    const holders = new Map();
    for (const texture of held) holders.set(texture, (holders.get(texture) ?? 0) + 1);
    const waiting = [...this.free.values()].flat();
    const wrong = [...this.existing].flatMap((texture) => {
      const [told, found] = [texture.holders, holders.get(texture) ?? 0];
      const waits = waiting.filter((each) => each === texture).length;
      if (told === found && waits === (told ? 0 : 1)) return [];
      return [
        `texture ${texture.id} (${texture.key}): ${told} holders noted, ${found} found; ${waits} times in the pool`,
      ];
    });
    const unknown = [...holders.keys(), ...waiting].filter((texture) => !this.existing.has(texture));
    const bytes = (/** @type {Texture[]} */ textures) => textures.reduce((sum, each) => sum + each.bytes, 0);
    const [used, free] = [bytes([...this.existing].filter(({holders: count}) => count)), bytes(waiting)];
    if (unknown.length) wrong.push(`${unknown.length} textures are in use that do not exist`);
    if (used !== this.usedBytes) wrong.push(`${this.usedBytes} bytes in use noted, ${used} found`);
    if (free !== this.freeBytes) wrong.push(`${this.freeBytes} bytes in the pool noted, ${free} found`);
    return wrong;
  }

  /**
   * Binds a framebuffer whose render targets are these textures (the layers of a single one, if it has several).
   * @param {Texture[]} targets
   */
  bind(targets) {
    const {gl} = this;
    let key = ',';
    for (const texture of targets) key += `${texture.id},`;
    const known = this.framebuffers.get(key);
    if (known) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, known);
      return;
    }
    const framebuffer = gl.createFramebuffer();
    if (!framebuffer) throw lostError('the GPU context is lost: no framebuffer could be created');
    gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    /** @type {number[]} */
    const buffers = [];
    for (const texture of targets) {
      for (let layer = 0; layer < texture.layers; layer++) {
        const attachment = gl.COLOR_ATTACHMENT0 + buffers.length;
        buffers.push(attachment);
        if (texture.layers > 1) gl.framebufferTextureLayer(gl.FRAMEBUFFER, attachment, texture.gl, 0, layer);
        else gl.framebufferTexture2D(gl.FRAMEBUFFER, attachment, gl.TEXTURE_2D, texture.gl, 0);
      }
    }
    gl.drawBuffers(buffers);
    this.framebuffers.set(key, framebuffer);
  }

  /**
   * Fills a texture with `size` elements.
   * @param {Texture} texture
   * @param {Float32Array | Int32Array | Int8Array} data
   * @param {number} size
   * @param {number} texelsPerLayer texels of a layer
   */
  upload(texture, data, size, texelsPerLayer) {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(texture.target, texture.gl);
    const most = texture.layers > 1 ? texelsPerLayer * 4 : size;
    for (let layer = 0; layer < texture.layers; layer++) {
      this.uploadLayer(texture, layer, data.subarray(layer * most, Math.min(size, (layer + 1) * most)));
    }
  }

  /**
   * Fills a layer of the bound texture: the rows that are full, then what is left.
   * @param {Texture} texture
   * @param {number} layer
   * @param {Float32Array | Int32Array | Int8Array} data
   */
  uploadLayer(texture, layer, data) {
    const row = texture.width * 4;
    const full = Math.floor(data.length / row);
    if (full) this.uploadRows(texture, layer, 0, full, data.subarray(0, full * row));
    if (data.length > full * row) {
      const Row = /** @type {new (n: number) => typeof data} */ (data.constructor);
      const rest = new Row(row);
      rest.set(data.subarray(full * row));
      this.uploadRows(texture, layer, full, 1, rest);
    }
  }

  /**
   * @param {Texture} texture
   * @param {number} layer
   * @param {number} first
   * @param {number} rows
   * @param {Float32Array | Int32Array | Int8Array} data
   */
  uploadRows({target, width, layers, dtype}, layer, first, rows, data) {
    const {gl} = this;
    const {format, type} = this.formats[dtype];
    if (layers > 1) gl.texSubImage3D(target, 0, 0, first, layer, width, rows, 1, format, type, data);
    else gl.texSubImage2D(target, 0, 0, first, width, rows, format, type, data);
  }

  /**
   * Copies between textures of one format and size.
   * @param {WebGLFramebuffer | null} framebuffer to read through
   * @param {Texture} copy
   * @param {Texture} texture
   */
  copy(framebuffer, copy, texture) {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(copy.target, copy.gl);
    for (let layer = 0; layer < texture.layers; layer++) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
      if (texture.layers > 1) {
        gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture.gl, 0, layer);
        gl.copyTexSubImage3D(copy.target, 0, 0, 0, layer, 0, 0, texture.width, texture.height);
      } else {
        gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.gl, 0);
        gl.copyTexSubImage2D(copy.target, 0, 0, 0, 0, 0, texture.width, texture.height);
      }
    }
  }
}
