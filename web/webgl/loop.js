/**
 * Training loops: whole epochs of steps without Python. Work is handed to the GPU in slices of a few milliseconds, so that
 * the page's own drawing finds its turn; between slices the event loop runs.
 */

import {breathe, fence, finished, passed} from './readback.js';

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
 * @property {(epoch: number, step: number, log: Float32Array) => void} [progress] is told now and then how far the loop is
 * @property {number} [progressMs] least time between two calls of it
 * @property {{paused: boolean, stopped: boolean, steps: number}} [control] what is asked of it meanwhile: to pause between
 *     two steps, or to stop after one; `steps` is how many of its last epoch it made then
 */

const SOON_MS = 24;
const LATE_MS = 36;
const MOST_LAUNCHES = 512;
const PAUSE_MS = 50;

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
      this.stride = texture.width * texture.height * 16;
      gl.bufferData(gl.PIXEL_PACK_BUFFER, this.epochs * this.stride, gl.STREAM_READ);
    }
    readback.pixels(texture, 0, texture.height, epoch * this.stride);
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
 * Hands launches to the GPU in slices, and keeps so many of them under way that the last is done after SOON_MS to LATE_MS:
 * enough that the GPU never waits for this thread, and few enough that the page's own drawing does not wait long for it.
 */
class Pace {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** How many launches may be under way. */
    this.window = 4;
    this.drawnSince = 0;
    this.underWay = 0;
    /** @type {{sync: WebGLSync | null, launches: number, at: number}[]} */
    this.slices = [];
    this.changed = 0;
  }

  /**
   * How many launches the slice still takes; one at a time for a plan that is new, because drivers compile at first draws.
   * @param {import('./plan.js').Plan} plan
   */
  room(plan) {
    return plan.warm ? this.slice() - this.drawnSince : 1;
  }

  /** Two slices at least are under way. */
  slice() {
    return Math.max(1, this.window >> 1);
  }

  /**
   * Notes launches, and ends the slice if it is full.
   * @param {number} launches
   * @param {boolean} warm
   * @returns {Promise<void> | null} what to wait for
   */
  drawn(launches, warm) {
    this.drawnSince += launches;
    return this.drawnSince >= this.slice() || !warm ? this.turn(warm) : null;
  }

  /** @param {boolean} warm */
  async turn(warm) {
    const launches = this.drawnSince;
    this.drawnSince = 0;
    this.underWay += launches;
    this.slices.push({sync: fence(this.gl), launches, at: performance.now()});
    if (this.underWay + this.slice() <= this.window && warm) await breathe();
    while (this.slices.length && (this.underWay + this.slice() > this.window || !warm)) {
      const {sync, launches: done, at} = this.slices[0];
      await passed(this.gl, sync);
      this.slices.shift();
      this.underWay -= done;
      if (warm) this.adapt(at, performance.now());
    }
  }

  /**
   * @param {number} at when the slice was handed over
   * @param {number} now
   */
  adapt(at, now) {
    const latency = now - at;
    if (at < this.changed) return; // under way since before the window had its size
    if (latency < SOON_MS) this.window = Math.min(MOST_LAUNCHES, Math.ceil(this.window * 1.5));
    else if (latency > LATE_MS) this.window = Math.max(2, Math.floor(this.window * 0.7));
    else return;
    this.changed = now;
  }

  free() {
    for (const {sync} of this.slices) this.gl.deleteSync(sync);
  }
}

/** Tells how far the loop is, as soon as the device has come there. */
class Tidings {
  /**
   * @param {import('./device.js').Device} device
   * @param {LoopSpec} spec
   */
  constructor(device, spec) {
    this.device = device;
    this.spec = spec;
    this.told = performance.now();
    this.open = spec.progress !== undefined;
    /** @type {unknown} */
    this.failure = null;
  }

  /**
   * Notes a step that was handed to the device.
   * @param {number} epoch
   * @param {number} steps of this epoch
   */
  note(epoch, steps) {
    const {device, spec} = this;
    const now = performance.now();
    if (!this.open || now - this.told < (spec.progressMs ?? 0)) return;
    this.told = Infinity; // until this one has arrived
    const {texture, block} = device.tensor(spec.state[spec.log]);
    device.readback
      .later(texture, spec.logSize, block)
      .then((log) => {
        if (this.open) spec.progress?.(epoch, steps, /** @type {Float32Array} */ (log));
        this.told = performance.now();
      })
      .catch((error) => {
        this.failure = error;
      });
  }

  free() {
    this.open = false;
  }
}

/**
 * Runs one step, slice by slice, and lets its outputs take the places of the states they replace. Until it is done the
 * states hold the values of the step before.
 * @param {import('./device.js').Device} device
 * @param {LoopSpec} spec
 * @param {Segment} segment
 * @param {number} epoch
 * @param {number} step
 * @param {Pace} pace
 * @param {() => void} check raises if the loop must end
 */
async function runStep(device, spec, segment, epoch, step, pace, check) {
  const {plan, inputs, outputs, scalars, values} = segment;
  const {executor, textures} = device;
  for (let i = 0; i < values.length; i++) {
    values[i] = scalars[3 * i] + epoch * scalars[3 * i + 1] + step * scalars[3 * i + 2];
  }
  /** @type {Texture[]} */
  const sources = new Array(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const at = inputs[i];
    sources[i] = device.tensor(at >= 0 ? spec.state[at] : spec.constants[-1 - at]).texture;
  }
  const versions = Array.from(outputs, (at) => (at < 0 ? 0 : device.tensor(spec.state[at]).version));
  const run = executor.begin(plan, sources, values, true);
  while (run.next < plan.launches.length) {
    const {warm} = plan;
    const wait = pace.drawn(executor.advance(run, pace.room(plan)), warm);
    if (wait) {
      await wait;
      check();
    }
  }
  executor.results(run).forEach((texture, i) => {
    const state = outputs[i] < 0 ? null : device.tensor(spec.state[outputs[i]]);
    if (state && state.version === versions[i]) {
      textures.release(state.texture);
      state.texture = texture;
      state.block = Math.ceil(state.size / 4);
    } else {
      textures.release(texture); // not kept, or assigned from outside meanwhile: that value stays
    }
  });
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
  const tidings = new Tidings(device, spec);
  const {tfjsPyoInterrupted: interrupted} = /** @type {{tfjsPyoInterrupted?: () => boolean}} */ (globalThis);
  const check = () => {
    device.assertAlive();
    if (interrupted?.()) throw interruption();
    if (tidings.failure) throw tidings.failure;
  };
  const {control} = spec;
  let epochs = 0;
  try {
    while (epochs < spec.epochs && !control?.stopped) {
      let step = 0;
      for (const segment of segments) {
        for (let i = 0; i < segment.count && !control?.stopped; i++) {
          await runStep(device, spec, segment, epochs, step++, pace, check);
          tidings.note(epochs, step);
          while (control?.paused) {
            await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
            check();
          }
        }
      }
      if (control?.stopped) control.steps = step;
      log.note(epochs++, device.tensor(spec.state[spec.log]).texture);
    }
    await finished(device.gl);
    check();
    return log.read(epochs);
  } finally {
    tidings.free();
    log.free();
    pace.free();
  }
}

function interruption() {
  const error = new Error('the training loop was interrupted');
  error.name = 'Interrupted';
  return error;
}
