/** The memory of what is computed on the processor: blocks of it, taken and given back. */

/** Bytes of a texel. */
export const TEXEL = 16;

/** Where a vector lies of which an element is asked for by a number that is not known: at the beginning of the memory. */
export const VECTOR = 0;
/** Where arrays lie: after it. */
export const ARRAYS = VECTOR + TEXEL;
export const ARRAY_BYTES = 4096;

const PAGE = 1 << 16;
/** Blocks of fewer bytes are made this large. */
const LEAST = 64;
/** The memory grows by a quarter, by so many bytes at least, and up to so many. */
const STEP = 1 << 20;
const MOST = 128 << 20;

export class Memory {
  /** @param {number} reserved bytes at the beginning that are no blocks */
  constructor(reserved) {
    this.wasm = new WebAssembly.Memory({initial: Math.ceil((reserved + STEP) / PAGE), maximum: MOST / PAGE});
    this.end = reserved;
    this.usedBytes = 0;
    /** @type {Map<number, number[]>} addresses of free blocks, by their bytes */
    this.free = new Map();
    /** @type {Map<number, number>} bytes of the blocks in use, by their address */
    this.blocks = new Map();
    this.floats = new Float32Array(this.wasm.buffer);
    this.ints = new Int32Array(this.wasm.buffer);
  }

  /** Looks at the memory anew: its views end where it grows. */
  look() {
    this.floats = new Float32Array(this.wasm.buffer);
    this.ints = new Int32Array(this.wasm.buffer);
  }

  /**
   * Takes a block; its contents are arbitrary.
   * @param {number} bytes
   * @returns {number} its address, 0 if there is no room
   */
  take(bytes) {
    const rounded = blockBytes(bytes);
    let address = this.free.get(rounded)?.pop();
    if (address === undefined) {
      if (!this.reach(this.end + rounded)) return 0;
      address = this.end;
      this.end += rounded;
    }
    this.blocks.set(address, rounded);
    this.usedBytes += rounded;
    return address;
  }

  /** @param {number} address of a block that was taken */
  give(address) {
    const bytes = this.blocks.get(address);
    if (bytes === undefined) {
      throw new Error(`book-keeping: block ${address} is given back, but nobody has it`);
    }
    this.blocks.delete(address);
    this.usedBytes -= bytes;
    const list = this.free.get(bytes);
    if (list) list.push(address);
    else this.free.set(bytes, [address]);
  }

  /**
   * Grows the memory as far as it must.
   * @param {number} end
   */
  reach(end) {
    const have = this.wasm.buffer.byteLength;
    if (end <= have) return true;
    if (end > MOST) return false;
    const wanted = Math.min(MOST, Math.max(end, have + Math.max(STEP, have / 4)));
    try {
      this.wasm.grow(Math.ceil((wanted - have) / PAGE));
    } catch (error) {
      if (error instanceof RangeError) return false;
      throw error;
    }
    this.look();
    return true;
  }
}

/**
 * Blocks have one of four sizes between two powers of two, so that one that was given back soon fits again.
 * @param {number} bytes
 */
function blockBytes(bytes) {
  if (bytes <= LEAST) return LEAST;
  const quarter = 2 ** (Math.ceil(Math.log2(bytes)) - 3);
  return Math.ceil(bytes / quarter) * quarter;
}
