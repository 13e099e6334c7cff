/** Runs plans on the processor: their launches as WebAssembly, over values in its memory. */

import {compiled} from './compile.js';
import {BOOL, FLOAT32} from '../textures.js';
import {ARRAY_BYTES, Memory, TEXEL} from './memory.js';

/** @typedef {import('../plan.js').Launch} Launch */
/** @typedef {import('../plan.js').Plan} Plan */
/** @typedef {import('../readback.js').Elements} Elements */
/** @typedef {(run: {addresses: number[], scalars: number}) => void} Step */

/**
 * A plan ready for the processor.
 * @typedef {object} Prepared
 * @property {Step[]} steps one for each launch
 * @property {{slot: number, offset: number}[]} inner slots that lie in the workspace, and where
 * @property {number} bytes of the workspace
 * @property {{slot: number, bytes: number}[]} outputs
 */

/** Bytes of a scalar: as int, as float. */
const SCALAR = 8;

/** Plans of so many scalars at most. */
const MOST_SCALARS = 1024;

export class Processor {
  constructor() {
    this.memory = new Memory(ARRAY_BYTES + MOST_SCALARS * SCALAR);
    /** The block where values lie that a plan needs while it runs. */
    this.workspace = 0;
    this.workspaceBytes = 0;
  }

  /**
   * @param {Plan} plan
   * @returns {Prepared}
   */
  prepare(plan) {
    const texels = texelsOf(plan);
    const drawn = plan.launches.filter(({points, texels: count}) => !points && count);
    const module = new WebAssembly.Module(
      compiled(
        drawn.map((launch) => ({
          source: launch.source,
          texels: launch.texels,
          reads: launch.inputs.map((slot) => texels[slot]),
          writes: launch.outputs.length,
          layers: launch.outputs[0].layers,
          ints: launch.ints,
          intScalars: launch.intScalars,
          floats: launch.floats,
        })),
      ),
    );
    const {exports} = new WebAssembly.Instance(module, {env: {memory: this.memory.wasm}});
    const steps = plan.launches.map((launch) => {
      if (!launch.texels) return () => {};
      if (launch.points) return this.scatter(launch);
      const run = /** @type {(...given: number[]) => void} */ (exports[String(drawn.indexOf(launch))]);
      return called(run, [...launch.inputs, ...launch.outputs.map(({slot}) => slot)]);
    });
    return {
      ...placed(plan, texels),
      steps,
      outputs: plan.outputs.map((slot) => ({slot, bytes: texels[slot] * TEXEL})),
    };
  }

  /**
   * Runs a plan once.
   * @param {Prepared} prepared
   * @param {number[]} inputs addresses
   * @param {ArrayLike<number>} scalars
   * @param {import('../stopwatch.js').TimedRun | null} [timed] takes the times of its launches
   * @returns {number[] | null} the addresses of the outputs, blocks of the caller's; null if there is no room
   */
  run({steps, inner, bytes, outputs}, inputs, scalars, timed) {
    const {memory} = this;
    if (bytes > this.workspaceBytes && !this.enlarge(bytes)) return null;
    const addresses = inputs.slice();
    for (const {slot, offset} of inner) addresses[slot] = this.workspace + offset;
    for (let i = 0; i < outputs.length; i++) {
      const address = memory.take(outputs[i].bytes);
      if (!address) {
        for (const {slot} of outputs.slice(0, i)) memory.give(addresses[slot]);
        return null;
      }
      addresses[outputs[i].slot] = address;
    }
    for (let i = 0; i < scalars.length; i++) {
      const word = (ARRAY_BYTES + SCALAR * i) / 4;
      memory.ints[word] = scalars[i];
      memory.floats[word + 1] = scalars[i];
    }
    const run = {addresses, scalars: ARRAY_BYTES};
    for (const step of steps) {
      const began = timed && performance.now();
      step(run);
      if (timed) timed.launches.push(performance.now() - Number(began));
    }
    return outputs.map(({slot}) => addresses[slot]);
  }

  /**
   * Puts elements into a block.
   * @param {Elements} elements
   * @returns {number} its address, 0 if there is no room
   */
  hold(elements) {
    const {memory} = this;
    const address = memory.take(Math.ceil(elements.length / 4) * TEXEL);
    if (!address) return 0;
    (elements instanceof Float32Array ? memory.floats : memory.ints).set(elements, address / 4);
    return address;
  }

  /**
   * A copy of the elements in a block.
   * @param {number} address
   * @param {number} dtype
   * @param {number} size
   * @returns {Elements}
   */
  elements(address, dtype, size) {
    const {floats, ints} = this.memory;
    const [first, end] = [address / 4, address / 4 + size];
    if (dtype === FLOAT32) return floats.slice(first, end);
    return dtype === BOOL ? Int8Array.from(ints.subarray(first, end)) : ints.slice(first, end);
  }

  /**
   * Compares the books with the blocks that tensors have.
   * @param {number[]} addresses
   * @returns {string[]} what is wrong
   */
  audit(addresses) {
    const {blocks} = this.memory;
    const held = new Set([...addresses, ...(this.workspace ? [this.workspace] : [])]);
    const wrong = Array.from(held)
      .filter((address) => !blocks.has(address))
      .map((address) => `block ${address} is in use that was not taken`);
    if (held.size < blocks.size) wrong.push(`${blocks.size - held.size} blocks are taken that nobody has`);
    if (new Set(addresses).size < addresses.length) wrong.push('two tensors have one block');
    return wrong;
  }

  /** @param {number} bytes */
  enlarge(bytes) {
    if (this.workspace) this.memory.give(this.workspace);
    this.workspace = this.memory.take(bytes);
    this.workspaceBytes = this.workspace ? bytes : 0;
    return this.workspace > 0;
  }

  /**
   * Sums of rows by index, as scatter_add.vert has them: what points outside is left out.
   * @param {Launch} launch
   * @returns {Step}
   */
  scatter({source, inputs: [index, rows], outputs: [{slot}], ints: [inner, count], points, texels}) {
    const {memory} = this;
    const width = /#define ALIGNED 1/.test(source) ? 4 : 1;
    return ({addresses}) => {
      const {floats, ints} = memory;
      const [places, from, to] = [index, rows, slot].map((each) => addresses[each] / 4);
      floats.fill(0, to, to + texels * 4);
      for (let point = 0; point < points; point++) {
        const n = Math.floor(point / inner);
        const row = ints[places + n];
        if (row < 0 || row >= count) continue;
        const target = to + (row * inner + point - n * inner) * width;
        for (let i = 0; i < width; i++) floats[target + i] += floats[from + point * width + i];
      }
    };
  }
}

/**
 * @param {(...given: number[]) => void} run
 * @param {number[]} slots whose addresses it takes after that of the scalars
 * @returns {Step}
 */
function called(run, slots) {
  return ({addresses, scalars}) => run(scalars, ...slots.map((slot) => addresses[slot]));
}

/**
 * Texels of what lies in each slot.
 * @param {Plan} plan
 */
function texelsOf({inputTexels, launches}) {
  const texels = inputTexels.slice();
  for (const {outputs} of launches) {
    for (const {slot, layers, texels: count} of outputs) texels[slot] = Math.max(1, layers * count);
  }
  return texels;
}

/**
 * Where the values lie that a plan needs while it runs: one after the other, in the places of those that it needs no more.
 * @param {Plan} plan
 * @param {number[]} texels
 */
function placed({outputs, launches}, texels) {
  const kept = new Set(outputs);
  /** @type {{slot: number, offset: number}[]} */
  const inner = [];
  /** @type {Map<number, number[]>} free places by their texels */
  const free = new Map();
  let end = 0;
  for (const launch of launches) {
    for (const {slot} of launch.outputs) {
      if (kept.has(slot)) continue;
      let offset = free.get(texels[slot])?.pop();
      if (offset === undefined) {
        offset = end;
        end += texels[slot] * TEXEL;
      }
      inner.push({slot, offset});
    }
    for (const slot of launch.frees) {
      const place = inner.find((each) => each.slot === slot);
      if (place) free.set(texels[slot], [...(free.get(texels[slot]) ?? []), place.offset]);
    }
  }
  return {inner, bytes: end};
}
