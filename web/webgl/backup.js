/** What outlives the GPU: copies in the processor's memory of what lies on it, from which tensors come back after a loss. */

/** Least time between two rounds of copies. */
const ROUND_MS = 1000;
/** Copying may take this share of the time. */
const SHARE = 0.02;
/** Computed values are copied up to this many bytes; what was uploaded is kept whatever its size. */
const MOST_BYTES = 64 << 20;

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
    /** @type {Set<number>} handles whose values have changed since they were copied */
    this.changed = new Set();
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.busy = false;
    this.pauseMs = ROUND_MS;
  }

  /** @param {Iterable<number>} handles of values that were computed anew */
  note(handles) {
    for (const handle of handles) this.changed.add(handle);
    if (this.timer === undefined && !this.busy && this.changed.size) {
      this.timer = setTimeout(() => void this.round(), this.pauseMs);
    }
  }

  /** Whether every value that can be copied has been. */
  rests() {
    return this.timer === undefined && !this.busy && this.changed.size === 0;
  }

  /** Copies what has changed; while a loop runs it changes all the time, and this goes on. */
  async round() {
    const {device} = this;
    this.timer = undefined;
    if (device.unavailable()) return;
    this.busy = true;
    const {epoch} = device;
    try {
      const began = performance.now();
      const reads = this.chosen().map(async ([handle, tensor]) => {
        const {texture, size, block, version} = tensor;
        const host = await device.readback.later(texture, size, block);
        return () => {
          if (device.tensors.get(handle) === tensor && tensor.version === version) tensor.host = host;
        };
      });
      // Reads are issued at once, so that the device is asked between two steps; only that keeps this thread busy.
      this.pauseMs = Math.max(ROUND_MS, (performance.now() - began) / SHARE);
      const stores = await Promise.all(reads);
      if (!device.unavailable() && device.epoch === epoch) for (const store of stores) store();
    } finally {
      this.busy = false;
    }
    this.note(device.loops.flatMap((spec) => Array.from(spec.state)));
  }

  /** The tensors to copy now: small ones first, as they are most often weights. */
  chosen() {
    const {tensors} = this.device;
    const found = [...this.changed].flatMap((handle) => {
      const tensor = tensors.get(handle);
      return tensor?.texture ? [/** @type {const} */ ([handle, tensor])] : [];
    });
    this.changed.clear();
    found.sort(([, a], [, b]) => a.size - b.size);
    let bytes = 0;
    return found.filter(([, {size}]) => (bytes += size * 4) <= MOST_BYTES);
  }
}
