/**
 * Training loops: whole epochs of steps without Python. Work is handed to the GPU in slices of a few milliseconds, so that
 * the page's own drawing finds its turn; between slices the event loop runs.
 */

import {breathe, finished} from './readback.js';

/** @typedef {import('./textures.js').Texture} Texture */

/**
 * @typedef {object} LoopSpec
 * @property {Int32Array[]} segments for each segment: plan, count, inputs..., outputs... (as many as the plan has)
 *     an input i >= 0 is the state i, i < 0 the constant -1 - i; an output is the state it becomes, or -1
 * @property {Float64Array[]} scalars for each segment: base, per epoch, per step of each scalar
 * @property {number} epochs
 * @property {Int32Array} state handles; they keep their numbers, their contents change
 * @property {Int32Array} constants handles
 * @property {number} log index of the state that is read after each epoch
 * @property {number} logSize
 */

/** A slice should take between these on the GPU; two are in flight. */
const SHORT_MS = 8;
const LONG_MS = 20;
const MOST_STEPS = 256;

/**
 * @typedef {object} Segment
 * @property {import('./plan.js').Plan} plan
 * @property {number} count
 * @property {Int32Array} inputs
 * @property {Int32Array} outputs
 * @property {Float64Array} scalars
 * @property {Float64Array} values
 */

/**
 * @param {import('./device.js').Device} device
 * @param {LoopSpec} spec
 * @returns {Segment[]}
 */
function segmentsOf(device, spec) {
  return spec.segments.map((words, i) => {
    const plan = device.plan(words[0]);
    return {
      plan,
      count: words[1],
      inputs: words.subarray(2, 2 + plan.inputs),
      outputs: words.subarray(2 + plan.inputs),
      scalars: spec.scalars[i],
      values: new Float64Array(plan.scalars),
    };
  });
}

/** The logs of all epochs, copied on the device as they come and read once. */
class Log {
  /**
   * @param {import('./device.js').Device} device
   * @param {number} epochs
   * @param {number} size
   */
  constructor(device, epochs, size) {
    this.device = device;
    this.epochs = epochs;
    this.size = size;
    this.stride = 0;
    this.buffer = device.gl.createBuffer();
  }

  /**
   * @param {number} epoch
   * @param {Texture} texture
   */
  note(epoch, texture) {
    const {gl, readback} = this.device;
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.buffer);
    if (!this.stride) {
      this.stride = texture.width * 16;
      gl.bufferData(gl.PIXEL_PACK_BUFFER, this.epochs * this.stride, gl.STREAM_READ);
    }
    readback.pixels(texture, 0, 1, epoch * this.stride);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
  }

  /** @param {number} epochs how many there are */
  read(epochs) {
    const {gl} = this.device;
    const words = this.stride / 4;
    const raw = new Float32Array(epochs * words);
    if (epochs) {
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, raw);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    }
    const rows = new Float32Array(epochs * this.size);
    for (let epoch = 0; epoch < epochs; epoch++) {
      rows.set(raw.subarray(epoch * words, epoch * words + this.size), epoch * this.size);
    }
    return rows;
  }

  free() {
    this.device.gl.deleteBuffer(this.buffer);
  }
}

/**
 * Hands out work in slices, and waits for the one before the last. A slice that comes back early doubles the next one, a
 * late one halves it: the latency of a fence says nothing about the length of a step.
 */
class Pace {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    this.steps = 1;
    this.done = 0;
    /** @type {Promise<void> | null} */
    this.pending = null;
    this.last = performance.now();
  }

  /** Returns whether the slice is full after this step. */
  step() {
    return ++this.done >= this.steps;
  }

  /** Ends a slice: waits for the one before it, and measures. */
  async turn() {
    const fence = finished(this.gl);
    this.done = 0;
    if (this.pending) await this.pending;
    else await breathe();
    this.pending = fence;
    const now = performance.now();
    const elapsed = now - this.last;
    this.last = now;
    if (elapsed < SHORT_MS) this.steps = Math.min(MOST_STEPS, this.steps * 2);
    else if (elapsed > LONG_MS) this.steps = Math.max(1, this.steps >> 1);
  }
}

/**
 * Runs one step and lets its outputs take the places of the states they replace.
 * @param {import('./device.js').Device} device
 * @param {LoopSpec} spec
 * @param {Segment} segment
 * @param {number} epoch
 * @param {number} step
 */
function runStep(device, spec, segment, epoch, step) {
  const {plan, inputs, outputs, scalars, values} = segment;
  for (let i = 0; i < values.length; i++) {
    values[i] = scalars[3 * i] + epoch * scalars[3 * i + 1] + step * scalars[3 * i + 2];
  }
  /** @type {Texture[]} */
  const textures = new Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const at = inputs[i];
    textures[i] = device.tensor(at >= 0 ? spec.state[at] : spec.constants[-1 - at]).texture;
  }
  const results = device.executor.run(plan, textures, values);
  for (let i = 0; i < results.length; i++) {
    if (outputs[i] < 0) {
      device.textures.release(results[i]);
      continue;
    }
    const state = device.tensor(spec.state[outputs[i]]);
    device.textures.release(state.texture);
    state.texture = results[i];
    state.block = Math.ceil(state.size / 4);
  }
  device.steps++;
}

/**
 * Replays epochs.
 * @param {import('./device.js').Device} device
 * @param {LoopSpec} spec
 * @returns {Promise<Float32Array>} the log after each epoch
 */
export async function runLoop(device, spec) {
  const segments = segmentsOf(device, spec);
  const log = new Log(device, spec.epochs, spec.logSize);
  const pace = new Pace(device.gl);
  const interrupted = /** @type {{tfjsPyoInterrupted?: () => boolean}} */ (globalThis).tfjsPyoInterrupted;
  try {
    for (let epoch = 0; epoch < spec.epochs; epoch++) {
      let step = 0;
      for (const segment of segments) {
        for (let i = 0; i < segment.count; i++) {
          runStep(device, spec, segment, epoch, step++);
          if (pace.step()) {
            await pace.turn();
            device.check();
            device.calls--;
            if (interrupted?.()) throw interruption();
          }
        }
      }
      log.note(epoch, device.tensor(spec.state[spec.log]).texture);
    }
    await finished(device.gl);
    device.check();
    device.calls--;
    return log.read(spec.epochs);
  } finally {
    log.free();
  }
}

function interruption() {
  const error = new Error('the training loop was interrupted');
  error.name = 'Interrupted';
  return error;
}
