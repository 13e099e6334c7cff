/**
 * Training loops: whole epochs of steps without Python. Work is handed to the GPU in slices of a few milliseconds, so that
 * the page's own drawing finds its turn; between slices the event loop runs. Steps that cost less on the processor are made
 * there (placement.js), one after the other, and the event loop runs after some milliseconds of them.
 */

import {LaunchThrottle} from './throttle.js';
import {waitForGpu, yieldToEventLoop} from './readback.js';

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {import('./readback.js').Elements} Elements */

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
 * @property {number} made how many steps were finished so far
 * @property {(epoch: number, step: number, log: Float32Array) => void} [progress] is told now and then how far the loop is
 * @property {number} [progressMs] least time between two calls of it
 * @property {{paused: boolean, stopped: boolean, steps: number}} [control] what is asked of it meanwhile: to pause between
 *     two steps, or to stop after one; `steps` is how many of its last epoch it made then
 */

const PAUSE_MS = 50;
/** So long the processor makes steps before the event loop has its turn. */
const SLICE_MS = 8;

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

/**
 * The scalars of a step.
 * @param {Segment} segment
 * @param {number} epoch
 * @param {number} number of the step
 */
function scalarsOf({scalars, values}, epoch, number) {
  for (let i = 0; i < values.length; i++) {
    values[i] = scalars[3 * i] + epoch * scalars[3 * i + 1] + number * scalars[3 * i + 2];
  }
  return values;
}

/**
 * What a step reads.
 * @param {import('./device.js').Device} device
 * @param {LoopSpec} spec
 * @param {Segment} segment
 */
function inputsOf(device, {state, constants}, {inputs}) {
  return Array.from(inputs, (at) => device.tensor(at >= 0 ? state[at] : constants[-1 - at]));
}

/** The logs of all epochs: those that lie on the GPU are copied there as they come, and read once. */
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
    /** @type {(Elements | null)[]} of each epoch, where it lay in the processor's memory */
    this.known = [];
  }

  /**
   * @param {number} epoch
   * @param {import('./values.js').Tensor} tensor
   */
  note(epoch, tensor) {
    const {gl, readback, values} = this.device;
    this.known[epoch] = values.elements(tensor);
    if (this.known[epoch]) return;
    const texture = values.textureOf(tensor);
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
    if (words) {
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, this.buffer);
      gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, raw);
      gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    }
    const rows = new Float32Array(epochs * this.size);
    for (let epoch = 0; epoch < epochs; epoch++) {
      const row = this.known[epoch] ?? raw.subarray(epoch * words, epoch * words + this.size);
      rows.set(row, epoch * this.size);
    }
    return rows;
  }

  free() {
    this.device.gl.deleteBuffer(this.buffer);
  }
}

/** Tells how far the loop is, as soon as the device has come there. */
class ProgressReporter {
  /**
   * @param {import('./device.js').Device} device
   * @param {LoopSpec} spec
   */
  constructor(device, spec) {
    this.device = device;
    this.spec = spec;
    this.toldAt = performance.now();
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
    if (!this.open || now - this.toldAt < (spec.progressMs ?? 0)) return;
    this.toldAt = Infinity; // until this one has arrived
    device
      .readAsync(spec.state[spec.log])
      .then((row) => {
        if (this.open) spec.progress?.(epoch, steps, /** @type {Float32Array} */ (row));
        this.toldAt = performance.now();
      })
      .catch((error) => {
        this.failure = error;
      });
  }

  free() {
    this.open = false;
  }
}

/** Lets one step at a time run: loops that share variables take turns, step by step, and none sees half a step of another. */
export class Turns {
  constructor() {
    this.taken = false;
    /** @type {(() => void)[]} */
    this.waiting = [];
  }

  /** @returns {Promise<void> | undefined} what to wait for, if it is another's turn */
  take() {
    if (this.taken) return new Promise((resolve) => this.waiting.push(resolve));
    this.taken = true;
    return undefined;
  }

  /** Gives the turn to who waits longest. */
  give() {
    const next = this.waiting.shift();
    if (next) next();
    else this.taken = false;
  }
}

/**
 * A step under way. It goes slice by slice, and at its end its outputs take the places of the states that they replace: until
 * then the states hold the values of the step before.
 */
export class Step {
  /**
   * @param {import('./device.js').Device} device
   * @param {LoopSpec} spec
   * @param {Segment} segment
   * @param {number} epoch
   * @param {number} number
   */
  constructor(device, spec, segment, epoch, number) {
    this.device = device;
    this.spec = spec;
    this.segment = segment;
    this.done = false;
    /** @type {unknown} what went wrong when somebody else brought it to its end */
    this.failure = null;
    device.link(segment.plan);
    const sources = inputsOf(device, spec, segment).map((tensor) => device.values.textureOf(tensor));
    this.run = device.executor.begin(segment.plan, sources, scalarsOf(segment, epoch, number), true);
  }

  /**
   * Whether it may replace a tensor's value.
   * @param {number} handle
   */
  changes(handle) {
    return !this.done && this.spec.state.includes(handle);
  }

  /** The textures that it holds, once for each time. */
  held() {
    return this.done ? [] : this.run.slots.filter((texture) => texture !== undefined);
  }

  /**
   * Draws up to so many launches.
   * @param {number} count
   * @returns {number} how many were drawn
   */
  advance(count) {
    const drawn = this.device.executor.advance(this.run, count);
    if (this.run.next === this.segment.plan.launches.length) this.commit();
    return drawn;
  }

  commit() {
    const {device, spec, segment} = this;
    this.done = true;
    device.executor.results(this.run).forEach((texture, i) => {
      const at = segment.outputs[i];
      if (at < 0) {
        device.textures.release(texture);
        return;
      }
      device.values.replace(device.tensor(spec.state[at]), texture);
    });
    device.steps++;
    spec.made++;
  }

  /** Draws all that is left of it, for somebody who needs the states now. */
  complete() {
    try {
      this.advance(this.segment.plan.launches.length);
    } catch (error) {
      this.failure = error;
      this.abandon();
    }
  }

  /** Ends it as if it had not begun. */
  abandon() {
    if (this.done) return;
    this.done = true;
    this.device.executor.abandon(this.run);
  }
}

/** Replays epochs. */
export class TrainingLoop {
  /**
   * @param {import('./device.js').Device} device
   * @param {LoopSpec} spec
   */
  constructor(device, spec) {
    this.device = device;
    this.spec = spec;
    this.aborted = false;
    this.throttle = new LaunchThrottle(device.gl, device.surroundings);
    this.reporter = new ProgressReporter(device, spec);
    /** @type {Step | null} */
    this.step = null;
    this.onProcessor = false;
    this.yieldedAt = performance.now();
  }

  /** Raises if the loop must end. */
  check() {
    const {tfjsPyoInterrupted: interrupted} = /** @type {{tfjsPyoInterrupted?: () => boolean}} */ (
      globalThis
    );
    this.device.assertAlive();
    if (this.aborted || interrupted?.()) throw interruption();
    if (this.reporter.failure) throw this.reporter.failure;
  }

  /** Ends the loop; see `Device.abort`. */
  abort() {
    this.aborted = true;
    this.reporter.free();
    this.step?.abandon();
  }

  /** @returns {Promise<Float32Array>} the log after each epoch */
  async run() {
    const {device, spec} = this;
    const {control} = spec;
    const segments = segmentsOf(device, spec);
    this.onProcessor = segments.every(({plan}) => device.placement.suitsAsStep(plan));
    const log = new Log(device, spec.epochs, spec.logSize);
    let epochs = 0;
    try {
      while (epochs < spec.epochs && !control?.stopped) {
        const steps = await this.epoch(segments, epochs);
        if (control?.stopped) control.steps = steps;
        log.note(epochs++, device.tensor(spec.state[spec.log]));
      }
      await (this.onProcessor ? yieldToEventLoop() : waitForGpu(device.gl));
      this.check();
      return log.read(epochs);
    } finally {
      this.reporter.free();
      log.free();
      this.throttle.free();
    }
  }

  /**
   * @param {Segment[]} segments
   * @param {number} epoch
   * @returns {Promise<number>} how many steps it made
   */
  async epoch(segments, epoch) {
    const {control} = this.spec;
    let steps = 0;
    for (const segment of segments) {
      for (let i = 0; i < segment.count && !control?.stopped; i++) {
        await this.makeStep(segment, epoch, steps++);
        this.reporter.note(epoch, steps);
        while (control?.paused) {
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
          this.check();
        }
      }
    }
    return steps;
  }

  /**
   * @param {Segment} segment
   * @param {number} epoch
   * @param {number} number
   */
  async makeStep(segment, epoch, number) {
    const {device, throttle} = this;
    const turn = device.turns.take();
    if (turn) await turn;
    try {
      if (turn) this.check();
      if (this.onProcessor && (await this.stepOnProcessor(segment, epoch, number))) return;
      const step = new Step(device, this.spec, segment, epoch, number);
      this.step = device.stepping = step;
      while (!step.done) {
        const {warm} = segment.plan;
        const wait = throttle.drawn(step.advance(throttle.available(segment.plan)), warm);
        if (wait) {
          await wait;
          this.check();
        }
      }
      if (step.failure) throw step.failure;
    } finally {
      this.step?.abandon();
      this.step = device.stepping = null;
      device.turns.give();
    }
  }

  /**
   * Makes a step on the processor.
   * @param {Segment} segment
   * @param {number} epoch
   * @param {number} number
   * @returns {Promise<boolean>} whether it could: if not, this loop goes on on the GPU
   */
  async stepOnProcessor(segment, epoch, number) {
    const {device, spec} = this;
    const now = performance.now();
    if (now - this.yieldedAt > SLICE_MS) {
      await yieldToEventLoop();
      this.yieldedAt = performance.now();
    }
    this.check();
    const tensors = inputsOf(device, spec, segment);
    const outputs = device.placement.run(segment.plan, tensors, scalarsOf(segment, epoch, number), true);
    this.onProcessor = outputs !== null;
    if (!outputs) return false;
    outputs.forEach((address, i) => {
      const at = segment.outputs[i];
      if (at < 0) device.processor.memory.give(address);
      else device.values.moveState(spec.state[at], address);
    });
    device.steps++;
    spec.made++;
    return true;
  }
}

function interruption() {
  const error = new Error('the training loop was interrupted');
  error.name = 'Interrupted';
  return error;
}
