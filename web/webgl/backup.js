/**
 * What outlives the GPU: copies in the processor's memory of what lies on it, from which tensors come back after a loss.
 * Variables have one whatever their size; other values, uploaded or computed, have one as long as all copies together fit
 * into COPIES_BYTES.
 */

/** Least time between two rounds of copies. */
const ROUND_MS = 1000;
/** Copying may take this share of the time. */
const SHARE = 0.02;
/** A round copies so many bytes, or one tensor; the rest has its turn in the rounds that follow. */
const ROUND_BYTES = 64 << 20;
/** Copies of what is no variable are made up to so many bytes, those of variables counted. */
const COPIES_BYTES = 256 << 20;

/** @typedef {import('./values.js').Tensor} Tensor */
/** @typedef {import('./readback.js').Elements} Elements */

/** @param {string} what */
export function lostError(what) {
  const error = new Error(what);
  error.name = 'DeviceLostError';
  return error;
}

/** Copies values that live on for a second, all of a round as they are at one moment, between two steps. */
export class Backup {
  /** @param {import('./device.js').Device} device */
  constructor(device) {
    this.device = device;
    /** @type {Set<number>} handles whose values have changed since they were copied; what waits longest comes first */
    this.changed = new Set();
    /** @type {() => ArrayLike<number>} the number and the handle (-1: none) of each variable, in turn */
    this.variables = () => [];
    /**
     * The last copy of each variable by its number: its handle changes with each step of a loop in Python.
     * @type {Map<number, Elements>}
     */
    this.lasting = new Map();
    /** Of the tensors' copies. */
    this.bytes = 0;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.busy = false;
    this.pauseMs = ROUND_MS;
  }

  /** @param {Iterable<number>} handles of values that have no copy, or an old one */
  note(handles) {
    for (const handle of handles) this.changed.add(handle);
    if (this.timer === undefined && !this.busy && this.changed.size) {
      this.timer = setTimeout(() => void this.backUp(), this.pauseMs);
    }
  }

  /**
   * Whether there is room for a copy of a value that is no variable.
   * @param {number} bytes
   */
  admits(bytes) {
    return this.bytes + bytes <= COPIES_BYTES;
  }

  /**
   * Gives a tensor a copy of its value, or takes it away.
   * @param {Tensor} tensor
   * @param {Elements | null} host
   */
  put(tensor, host) {
    this.bytes += (host?.byteLength ?? 0) - (tensor.host?.byteLength ?? 0);
    tensor.host = host;
  }

  /**
   * Forgets a tensor that was freed.
   * @param {number} handle
   * @param {Tensor} tensor
   */
  forget(handle, tensor) {
    this.changed.delete(handle);
    this.put(tensor, null);
  }

  /** Whether every value that can be copied has been. */
  isIdle() {
    return this.timer === undefined && !this.busy && this.changed.size === 0;
  }

  /**
   * The handle of each variable by its number; -1 where its value is still to be computed, from nothing that it held before.
   * @returns {Map<number, number>}
   */
  handles() {
    const pairs = this.variables();
    /** @type {Map<number, number>} */
    const handles = new Map();
    for (let i = 0; i < pairs.length; i += 2) handles.set(pairs[i], pairs[i + 1]);
    return handles;
  }

  /** Copies what has changed; while a loop runs it changes all the time, and this goes on. */
  async backUp() {
    const {device} = this;
    this.timer = undefined;
    if (device.unavailable()) return;
    this.busy = true;
    const {epoch} = device;
    try {
      const handles = this.handles();
      this.remember(handles);
      const owners = new Map(Array.from(handles, ([number, handle]) => [handle, number]));
      const began = performance.now();
      const reads = this.selectTensors(owners).map(async ([handle, tensor]) => {
        const {size, texelsPerLayer, host: former} = tensor;
        const host = await device.readback.readAsync(device.values.textureOf(tensor), size, texelsPerLayer);
        return () => {
          const number = owners.get(handle);
          if (number !== undefined) this.lasting.set(number, host);
          if (device.tensors.get(handle) === tensor && tensor.host === former) this.put(tensor, host);
        };
      });
      // Reads are issued at once, so that the device is asked between two steps; only that keeps this thread busy.
      this.pauseMs = Math.max(ROUND_MS, (performance.now() - began) / SHARE);
      const stores = await Promise.all(reads);
      if (!device.unavailable() && device.epoch === epoch) for (const store of stores) store();
    } finally {
      this.busy = false;
    }
    this.note(device.loops.flatMap(({spec}) => Array.from(spec.state)));
  }

  /**
   * Takes over the copies that variables have, lets go of those of variables that are gone, and notes who has none.
   * @param {Map<number, number>} handles
   */
  remember(handles) {
    /** @type {Map<number, Elements>} */
    const lasting = new Map();
    for (const [number, handle] of handles) {
      const tensor = this.device.tensors.get(handle);
      const here = tensor ? this.device.values.elements(tensor) : null;
      const host = tensor?.host ?? here ?? this.lasting.get(number);
      if (host) lasting.set(number, host);
      if (tensor && !tensor.host && !tensor.address) this.changed.add(handle);
    }
    this.lasting = lasting;
  }

  /**
   * The tensors to copy now.
   * @param {Map<number, number>} owners
   * @returns {[number, Tensor][]}
   */
  selectTensors(owners) {
    /** @type {[number, Tensor][]} */
    const chosen = [];
    let [bytes, added] = [0, 0];
    for (const handle of this.changed) {
      const tensor = this.device.tensors.get(handle);
      const size = (tensor?.size ?? 0) * 4;
      if (chosen.length && bytes + size > ROUND_BYTES) break;
      this.changed.delete(handle);
      if (!tensor || tensor.address || tensor.texture?.epoch !== this.device.textures.epoch) continue;
      const more = tensor.host ? 0 : size;
      if (!owners.has(handle) && !this.admits(added + more)) continue;
      chosen.push([handle, tensor]);
      bytes += size;
      added += more;
    }
    return chosen;
  }

  /**
   * The copies that there are of what was on the device, by handle.
   * @returns {Map<number, Elements>}
   */
  copies() {
    /** @type {Map<number, Elements>} */
    const copies = new Map();
    for (const [number, handle] of this.handles()) {
      const host = this.lasting.get(number);
      if (host) copies.set(handle, host);
    }
    for (const [handle, {host}] of this.device.tensors) if (host) copies.set(handle, host);
    return copies;
  }
}
