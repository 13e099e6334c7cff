/**
 * The device: WebGL2 behind a dozen calls that Python makes. It knows textures, programs and plans; no shapes, no layers.
 */

import {Backup, lostError} from './backup.js';
import {contextOf} from './context.js';
import {probe} from './probe.js';
import {TrainingLoop, Turns} from './loop.js';
import {Executor, blockOf, decode, programsOf} from './plan.js';
import {Programs} from './programs.js';
import {Readback, waitForGpu} from './readback.js';
import {Recovery} from './recovery.js';
import {Placement} from './placement.js';
import {Processor} from './processor/processor.js';
import {Stopwatch} from './stopwatch.js';
import {BOOL, Textures} from './textures.js';
import {Values} from './values.js';

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./readback.js').Elements} Elements */
/** @typedef {import('./values.js').Tensor} Tensor */
/** @typedef {{getBuffer(type: string): {data: Float32Array | Int32Array | Int8Array, release(): void}}} Bufferable */

const ARRAY_TYPES = ['f32', 'i32', 'i8'];
const DTYPE_NAMES = ['float32', 'int32', 'bool'];

/** What is uploaded lies in the processor's memory up to so many elements, until a plan on the GPU asks for it. */
const FEW_ELEMENTS = 1 << 16;

/** Why WebGL2 may be missing, and what to do. */
const NO_WEBGL =
  'This browser gives no WebGL2 here. Use a current Chrome, Edge, Firefox or Safari, switch on hardware acceleration in ' +
  'its settings, and update the graphics driver. On a machine without a GPU start Chromium with ' +
  '--use-angle=swiftshader --enable-unsafe-swiftshader.';

const NO_OFFSCREEN_CANVAS =
  'This browser has no OffscreenCanvas, which WebGL2 needs in a worker, where Python runs. Update it: Chrome or Edge 119, ' +
  'Firefox 121, Safari 17.4, or later.';

export class Device {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** Held, since its listeners go with it where a browser makes it anew for each look at gl.canvas (WebKit). */
    this.canvas = gl.canvas;
    /** Whether render targets of 32-bit floats can be blended. */
    this.blendsFloats = Boolean(gl.getExtension('EXT_float_blend'));
    this.textures = new Textures(gl);
    this.programs = new Programs(gl);
    this.executor = new Executor(gl, this.textures);
    this.readback = new Readback(gl, this.textures);
    this.processor = new Processor();
    this.placement = new Placement(this);
    this.values = new Values(this);
    this.tensors = this.values.tensors;
    /** @type {Map<number, Plan>} */
    this.plans = new Map();
    this.nextPlan = 1;
    this.calls = 0;
    /** How long work waits for others who use this GPU, in milliseconds; training loops find it out. */
    this.surroundings = {others: 0};
    this.steps = 0;
    this.lost = false;
    /** How often the context came back. */
    this.epoch = 0;
    /** @type {TrainingLoop[]} running ones */
    this.loops = [];
    this.turns = new Turns();
    /** @type {import('./loop.js').Step | null} the step of a loop that is under way */
    this.stepping = null;
    this.backup = new Backup(this);
    this.probeResult = '';
    this.told = this.asked();
    /** @type {WEBGL_lose_context | null} */
    this.loseContextExtension = null;
    this.align();
    this.recovery = new Recovery(this);
  }

  align() {
    const {gl} = this;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
  }

  /** Whether there is no context to compute with at the moment. */
  unavailable() {
    return this.lost || this.gl.isContextLost();
  }

  /** Counts a call, and raises unless the context is there. */
  check() {
    this.calls++;
    this.assertAlive();
  }

  /** Raises unless the context is there. */
  assertAlive() {
    if (this.unavailable()) throw this.recovery.error();
  }

  /**
   * @param {number} handle
   * @returns {Tensor}
   */
  tensor(handle) {
    const tensor = this.tensors.get(handle);
    if (!tensor) throw new Error(`no tensor has the handle ${handle}: it was freed`);
    if (tensor.texture && tensor.texture.epoch !== this.textures.epoch) {
      throw lostError(
        `a ${DTYPE_NAMES[tensor.dtype]} value of ${tensor.size} elements existed on the GPU only and was lost with ` +
          'it: compute it again. Variables have copies that are about a second old, and so have other values as long as all ' +
          'copies together take 256 MiB; of this one there was none.',
      );
    }
    return tensor;
  }

  /**
   * A tensor as it is between two steps: a step under way that changes it is brought to its end before.
   * @param {number} handle
   */
  settled(handle) {
    if (this.stepping?.changes(handle)) this.stepping.complete();
    return this.tensor(handle);
  }

  /**
   * Copies elements to the device.
   * @param {Bufferable | Elements} data a typed array, or a Python object with a buffer
   * @param {number} dtype
   * @param {number} size
   * @returns {number} handle
   */
  upload(data, dtype, size) {
    this.check();
    if (!('getBuffer' in data)) return this.uploaded(data, dtype, size);
    const view = data.getBuffer(ARRAY_TYPES[dtype]);
    try {
      return this.uploaded(view.data, dtype, size);
    } finally {
      view.release();
    }
  }

  /**
   * @param {Elements} data
   * @param {number} dtype
   * @param {number} size
   */
  uploaded(data, dtype, size) {
    const texels = Math.ceil(size / 4);
    const address = size <= FEW_ELEMENTS ? this.processor.hold(data.subarray(0, size)) : 0;
    if (address) return this.values.keepOnProcessor(address, dtype, size);
    const texture = this.textures.acquire(texels, dtype, 1);
    this.textures.upload(texture, data, size, texels);
    const host = this.backup.admits(size * data.BYTES_PER_ELEMENT) ? data.slice(0, size) : null;
    return this.values.keep(texture, size, texels, host);
  }

  /**
   * Returns the elements; blocks this thread.
   * @param {number} handle
   */
  read(handle) {
    const copy = this.recovery.copyOf(handle);
    if (copy) return copy;
    this.check();
    const tensor = this.settled(handle);
    const known = this.values.elements(tensor);
    if (known) return known;
    const elements = this.readback.readSync(
      this.values.textureOf(tensor),
      tensor.size,
      tensor.texelsPerLayer,
    );
    this.assertAlive();
    return elements;
  }

  /**
   * Returns the elements; does not block.
   * @param {number} handle
   */
  async readAsync(handle) {
    const copy = this.recovery.copyOf(handle);
    if (copy) return copy;
    this.check();
    const tensor = this.settled(handle);
    const known = this.values.elements(tensor);
    if (known) return known;
    const {epoch} = this;
    const elements = await this.readback.readAsync(
      this.values.textureOf(tensor),
      tensor.size,
      tensor.texelsPerLayer,
    );
    this.check();
    if (epoch !== this.epoch) {
      throw lostError('the GPU was lost and came back while this value was read: read it again.');
    }
    return elements;
  }

  /** Waits until the GPU has done all that it was asked for; does not block. */
  async finish() {
    this.check();
    await waitForGpu(this.gl);
    this.check();
  }

  /** @param {number} handle */
  free(handle) {
    this.calls++;
    const tensor = this.tensors.get(handle);
    if (!tensor) return;
    this.tensors.delete(handle);
    this.backup.forget(handle, tensor);
    this.values.letGo(tensor);
  }

  /**
   * Returns a handle on a copy.
   * @param {number} handle
   */
  copy(handle) {
    this.check();
    const tensor = this.settled(handle);
    const {dtype, size, host} = tensor;
    const elements = this.values.elements(tensor);
    const address = elements ? this.processor.hold(elements) : 0;
    if (address) return this.values.keepOnProcessor(address, dtype, size);
    const texture = this.values.textureOf(tensor);
    const {texelsPerLayer} = tensor;
    const copy = this.textures.acquire(texelsPerLayer, texture.dtype, texture.layers);
    this.textures.copy(this.readback.framebuffer, copy, texture);
    return this.values.keep(copy, size, texelsPerLayer, host);
  }

  /**
   * Replaces a tensor's contents by a copy of another's of the same size.
   * @param {number} handle
   * @param {number} source
   */
  overwrite(handle, source) {
    this.check();
    const from = this.tensor(source);
    const target = this.settled(handle);
    const elements = this.values.elements(from);
    const address = elements ? this.processor.hold(elements) : 0;
    if (address) {
      this.backup.forget(handle, target);
      this.values.move(target, address);
      return;
    }
    const texture = this.values.textureOf(from);
    this.textures.copy(this.readback.framebuffer, this.values.textureOf(target), texture);
    if (target.address) this.processor.memory.give(target.address);
    target.address = 0;
    if (from.host) this.backup.put(target, from.host);
    this.backup.note([handle]);
  }

  /**
   * Returns the number of a plan.
   * @param {Int32Array} words see plan.js
   * @param {string[]} sources of its launches; see programs.js
   * @param {string[]} names of its launches
   */
  load(words, sources, names) {
    this.check();
    const plan = {...decode(words, sources, names), number: this.nextPlan++};
    if (!this.placement.suits(plan) && !this.placement.suitsAsStep(plan)) this.link(plan);
    this.plans.set(plan.number, plan);
    return plan.number;
  }

  /**
   * Gets a plan ready for the GPU.
   * @param {Plan} plan
   */
  link({launches}) {
    if (!launches.length || launches[0].program) return;
    const programs = this.programs.use(
      launches.map(({source}) => source),
      launches.map(({name}) => name),
    );
    launches.forEach((launch, i) => (launch.program = programs[i]));
  }

  /** @param {number} id */
  unload(id) {
    this.calls++;
    const plan = this.plans.get(id);
    if (!plan) return;
    this.plans.delete(id);
    this.programs.release(programsOf([plan]));
  }

  /**
   * @param {number} id
   * @returns {Plan}
   */
  plan(id) {
    const plan = this.plans.get(id);
    if (!plan) throw new Error(`no plan has the number ${id}: it was unloaded`);
    return plan;
  }

  /**
   * Runs a plan once.
   * @param {number} id
   * @param {Int32Array} handles of its inputs
   * @param {Float64Array} scalars
   * @param {Int32Array} sizes elements of each output
   * @returns {Int32Array} a new handle for each output
   */
  run(id, handles, scalars, sizes) {
    this.check();
    const plan = this.plan(id);
    const tensors = Array.from(handles, (handle) => this.settled(handle));
    if (this.placement.suits(plan) && this.placement.affords(plan, tensors)) {
      const outputs = this.placement.run(plan, tensors, scalars);
      if (outputs) {
        return Int32Array.from(outputs, (address, i) =>
          this.values.keepOnProcessor(address, plan.outputDtypes[i], sizes[i]),
        );
      }
    }
    this.link(plan);
    const inputs = tensors.map((tensor) => this.values.textureOf(tensor));
    const outputs = this.executor.run(plan, inputs, scalars);
    return Int32Array.from(outputs, (texture, i) => this.values.keep(texture, sizes[i], blockOf(plan, i)));
  }

  /**
   * Replays whole epochs; see loop.js.
   * @param {import('./loop.js').LoopSpec} spec
   * @returns {Promise<Float32Array>} the log after each epoch, one row after the other
   */
  async loop(spec) {
    this.check();
    const loop = new TrainingLoop(this, spec);
    this.loops.push(loop);
    try {
      return await loop.run();
    } finally {
      this.loops.splice(this.loops.indexOf(loop), 1);
      if (this.unavailable()) this.recovery.rebuild();
      else this.backup.note(spec.state);
    }
  }

  /**
   * Ends a loop that nobody waits for any more, at once: its step under way is as if it had not begun.
   * @param {import('./loop.js').LoopSpec} spec what the loop was begun with
   */
  abort(spec) {
    this.loops.find((loop) => loop.spec === spec)?.abort();
  }

  /**
   * Times the launches of what runs from now on.
   * @returns {boolean} whether that is possible: not while it is under way already
   */
  beginTiming() {
    this.check();
    if (this.executor.stopwatch) return false;
    this.executor.stopwatch = new Stopwatch(this.gl);
    return true;
  }

  /** The numbers of the plans that were timed since. */
  timed() {
    return this.executor.stopwatch?.timed() ?? [];
  }

  /** Ends what `beginTiming` began, and returns what was timed. */
  async endTiming() {
    const {stopwatch} = this.executor;
    this.executor.stopwatch = null;
    return stopwatch ? stopwatch.read() : [];
  }

  /**
   * The GLSL of the launches of a plan.
   * @param {number} id
   * @returns {string[]}
   */
  sources(id) {
    return this.plan(id).launches.map(({source}) => source);
  }

  /** What the device can do. */
  limits() {
    return {...this.told, float32: this.probeResult === 'ok', probe: this.probeResult};
  }

  /** Asks the driver, at the beginning: a lost context knows nothing. */
  asked() {
    const {gl} = this;
    const info = gl.getExtension('WEBGL_debug_renderer_info');
    const renderer = gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    const vendor = gl.getParameter(info ? info.UNMASKED_VENDOR_WEBGL : gl.VENDOR);
    return {
      renderer: String(renderer),
      vendor: String(vendor),
      maxTextureSize: this.textures.maxSize,
      maxDrawBuffers: Number(gl.getParameter(gl.MAX_DRAW_BUFFERS)),
      maxTextureUnits: Number(gl.getParameter(gl.MAX_TEXTURE_IMAGE_UNITS)),
      maxFragmentUniformVectors: Number(gl.getParameter(gl.MAX_FRAGMENT_UNIFORM_VECTORS)),
    };
  }

  /** What is alive and what was done. */
  stats() {
    let bytes = 0;
    for (const {size, dtype} of this.tensors.values()) bytes += size * (dtype === BOOL ? 1 : 4);
    return {
      tensors: this.tensors.size,
      bytes,
      textureBytes: this.textures.usedBytes,
      pooledBytes: this.textures.freeBytes,
      peakBytes: this.textures.peakBytes,
      programs: this.programs.known.size,
      copiedBytes: this.backup.bytes,
      processorBytes: this.processor.memory.usedBytes,
      plans: this.plans.size,
      launches: this.executor.launches,
      steps: this.steps,
      calls: this.calls,
    };
  }

  /**
   * Checks the book-keeping: that each texture is held by those that say so, each program used by as many launches as it says;
   * for tests.
   * @returns {string[]} what is wrong
   */
  audit() {
    const held = [...this.tensors.values()].flatMap(({texture}) =>
      texture?.epoch === this.textures.epoch ? [texture] : [],
    );
    const addresses = [...this.tensors.values()].flatMap(({address}) => (address ? [address] : []));
    return [
      ...this.textures.audit([...held, ...(this.stepping?.held() ?? [])]),
      ...this.programs.audit(programsOf(this.plans.values())),
      ...this.processor.audit(addresses),
    ];
  }

  /** Takes the context away, as a driver reset would; for tests. */
  lose() {
    this.loseContextExtension = this.gl.getExtension('WEBGL_lose_context');
    this.loseContextExtension?.loseContext();
  }

  /** Gives a context back that `lose` took; for tests. */
  restore() {
    this.loseContextExtension?.restoreContext();
  }
}

/**
 * Opens the device of this thread.
 * @param {{canvas?: OffscreenCanvas}} [options]
 * @returns {Promise<Device>}
 * @throws {Error} no WebGL2, no float32 rendering, or wrong results; the message says what to do.
 */
export async function openDevice(options = {}) {
  if (!options.canvas && typeof OffscreenCanvas === 'undefined') throw new Error(NO_OFFSCREEN_CANVAS);
  const gl = contextOf(options.canvas ?? new OffscreenCanvas(1, 1));
  if (!gl) throw new Error(NO_WEBGL);
  if (!gl.getExtension('EXT_color_buffer_float')) {
    throw new Error(
      'This GPU or its driver cannot render to 32-bit floats (EXT_color_buffer_float is missing), which training needs. ' +
        'Update the graphics driver or use another browser or device.',
    );
  }
  const device = new Device(gl);
  device.probeResult = probe(device);
  if (device.probeResult !== 'ok') {
    throw new Error(
      `This GPU computes wrong values at start-up (${device.probeResult}), so training on it would go wrong. ` +
        'Update the graphics driver or use another browser or device.',
    );
  }
  return device;
}
