/**
 * The device: WebGL2 behind a dozen calls that Python makes. It knows textures, programs and plans; no shapes, no layers.
 */

import {Backup, lostError} from './backup.js';
import {probe} from './probe.js';
import {runLoop} from './loop.js';
import {Executor, decode} from './plan.js';
import {Programs} from './programs.js';
import {Readback} from './readback.js';
import {Stopwatch} from './stopwatch.js';
import {SPARE_UNIT, Textures} from './textures.js';

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {import('./readback.js').Elements} Elements */
/**
 * `version` counts assignments from outside, so that a training step in flight does not undo one.
 * `host` is the last known value in the processor's memory, from which a tensor comes back after the GPU was lost.
 * @typedef {{texture: Texture, size: number, block: number, version: number, host: Elements | null}} Tensor
 */
/** @typedef {{getBuffer(type: string): {data: Float32Array | Int32Array | Int8Array, release(): void}}} Bufferable */

const ARRAY_TYPES = ['f32', 'i32', 'i8'];
const DTYPE_NAMES = ['float32', 'int32', 'bool'];

/** Why WebGL2 may be missing, and what to do. */
const NO_WEBGL =
  'This browser gives no WebGL2 here. Use a current Chrome, Edge, Firefox or Safari, switch on hardware acceleration in ' +
  'its settings, and update the graphics driver. On a machine without a GPU start Chromium with ' +
  '--use-angle=swiftshader --enable-unsafe-swiftshader.';

export class Device {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** Whether render targets of 32-bit floats can be blended. */
    this.blendsFloats = Boolean(gl.getExtension('EXT_float_blend'));
    this.textures = new Textures(gl);
    this.programs = new Programs(gl);
    this.executor = new Executor(gl, this.textures, this.programs);
    this.readback = new Readback(gl, this.textures);
    /** @type {Map<number, Tensor>} */
    this.tensors = new Map();
    /** @type {Map<number, Plan>} */
    this.plans = new Map();
    this.nextHandle = 1;
    this.nextPlan = 1;
    this.calls = 0;
    this.steps = 0;
    this.lost = false;
    /** How often the context came back. */
    this.epoch = 0;
    this.restorable = false;
    /** @type {import('./loop.js').LoopSpec[]} running ones */
    this.loops = [];
    this.backup = new Backup(this);
    this.probeResult = '';
    /** @type {WEBGL_lose_context | null} */
    this.loser = null;
    this.align();
    gl.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault(); // without this the browser would not give it back
      this.lost = true;
    });
    gl.canvas.addEventListener('webglcontextrestored', () => {
      this.restorable = true;
      this.revive();
    });
  }

  align() {
    const {gl} = this;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.pixelStorei(gl.PACK_ALIGNMENT, 1);
  }

  /** Builds everything anew on a restored context, as soon as no loop is left that knows the former one. */
  revive() {
    const {gl} = this;
    if (!this.restorable || this.loops.length || gl.isContextLost()) return;
    this.restorable = false;
    this.epoch++;
    for (const name of ['EXT_color_buffer_float', 'EXT_float_blend']) gl.getExtension(name);
    this.align();
    this.textures.forget();
    this.executor.bound.length = 0;
    this.readback.framebuffer = gl.createFramebuffer();
    const sources = [...this.programs.ids.keys()]; // in the order of their numbers, which plans know
    this.programs = this.executor.programs = new Programs(gl);
    this.programs.compile(
      sources,
      sources.map(() => 'kernel of before the loss'),
    );
    for (const plan of this.plans.values()) plan.warm = false;
    for (const tensor of this.tensors.values()) {
      const {host, size} = tensor;
      if (!host) continue;
      tensor.block = Math.ceil(size / 4);
      tensor.texture = this.textures.acquire(tensor.block, tensor.texture.dtype, 1);
      this.textures.upload(tensor.texture, host, size);
    }
    this.lost = false;
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
    if (!this.unavailable()) return;
    throw lostError(
      'the browser took the GPU away (driver reset, or too much memory in use), and this call with it. Most browsers give ' +
        'it back within seconds: call again. Variables and data come back with their last known values. If it stays away, ' +
        'save what matters and reload the page.',
    );
  }

  /**
   * @param {Texture} texture
   * @param {number} size
   * @param {number} block
   * @returns {number} a new handle
   */
  keep(texture, size, block) {
    const handle = this.nextHandle++;
    this.tensors.set(handle, {texture, size, block, version: 0, host: null});
    this.backup.note([handle]);
    return handle;
  }

  /**
   * @param {number} handle
   * @returns {Tensor}
   */
  tensor(handle) {
    const tensor = this.tensors.get(handle);
    if (!tensor) throw new Error(`no tensor has the handle ${handle}: it was freed`);
    if (tensor.texture.epoch !== this.textures.epoch) {
      throw lostError(
        `a ${DTYPE_NAMES[tensor.texture.dtype]} value of ${tensor.size} elements existed on the GPU only and was lost with ` +
          'it: compute it again. Uploaded data and values older than a second have copies; this one had none yet.',
      );
    }
    return tensor;
  }

  /**
   * Copies elements to the device.
   * @param {Bufferable | Float32Array | Int32Array | Int8Array} data a typed array, or a Python object with a buffer
   * @param {number} dtype
   * @param {number} size
   * @returns {number} handle
   */
  upload(data, dtype, size) {
    this.check();
    const texels = Math.ceil(size / 4);
    const texture = this.textures.acquire(texels, dtype, 1);
    /** @type {Elements} */
    let host;
    if ('getBuffer' in data) {
      const view = data.getBuffer(ARRAY_TYPES[dtype]);
      try {
        host = view.data.slice(0, size);
      } finally {
        view.release();
      }
    } else {
      host = data.slice(0, size);
    }
    this.textures.upload(texture, host, size);
    const handle = this.nextHandle++;
    this.tensors.set(handle, {texture, size, block: texels, version: 0, host});
    return handle;
  }

  /**
   * Returns the elements; blocks this thread.
   * @param {number} handle
   */
  read(handle) {
    this.check();
    const {texture, size, block} = this.tensor(handle);
    const elements = this.readback.now(texture, size, block);
    this.assertAlive();
    return elements;
  }

  /**
   * Returns the elements; does not block.
   * @param {number} handle
   */
  async readAsync(handle) {
    this.check();
    const {texture, size, block} = this.tensor(handle);
    const {epoch} = this;
    const elements = await this.readback.later(texture, size, block);
    this.check();
    if (epoch !== this.epoch) {
      throw lostError('the GPU was lost and came back while this value was read: read it again.');
    }
    return elements;
  }

  /** @param {number} handle */
  free(handle) {
    this.calls++;
    const tensor = this.tensors.get(handle);
    if (!tensor) return;
    this.tensors.delete(handle);
    this.backup.changed.delete(handle);
    this.textures.release(tensor.texture);
  }

  /**
   * Returns a handle on a copy.
   * @param {number} handle
   */
  copy(handle) {
    this.check();
    const {texture, size, block} = this.tensor(handle);
    const copy = this.keep(this.copied(texture, block), size, block);
    this.tensor(copy).host = this.tensor(handle).host;
    return copy;
  }

  /**
   * Replaces a tensor's contents by a copy of another's of the same size.
   * @param {number} handle
   * @param {number} source
   */
  overwrite(handle, source) {
    this.check();
    const {texture: from, host} = this.tensor(source);
    const to = this.tensor(handle);
    to.host = host ?? to.host;
    this.backup.note([handle]);
    this.copyTo(to.texture, from); // in place: a step in flight may be reading this texture
    to.version++;
  }

  /**
   * @param {Texture} texture
   * @param {number} block
   * @returns {Texture}
   */
  copied(texture, block) {
    const copy = this.textures.acquire(block, texture.dtype, texture.layers);
    this.copyTo(copy, texture);
    return copy;
  }

  /**
   * Copies between textures of one format and size.
   * @param {Texture} copy
   * @param {Texture} texture
   */
  copyTo(copy, texture) {
    const {gl} = this;
    gl.activeTexture(gl.TEXTURE0 + SPARE_UNIT);
    gl.bindTexture(copy.target, copy.gl);
    for (let layer = 0; layer < texture.layers; layer++) {
      gl.bindFramebuffer(gl.FRAMEBUFFER, this.readback.framebuffer);
      if (texture.layers > 1) {
        gl.framebufferTextureLayer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, texture.gl, 0, layer);
        gl.copyTexSubImage3D(copy.target, 0, 0, 0, layer, 0, 0, texture.width, texture.height);
      } else {
        gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture.gl, 0);
        gl.copyTexSubImage2D(copy.target, 0, 0, 0, 0, 0, texture.width, texture.height);
      }
    }
  }

  /**
   * Returns the numbers of programs.
   * @param {string[]} sources see programs.js
   * @param {string[]} names
   */
  compile(sources, names) {
    this.check();
    return this.programs.compile(sources, names);
  }

  /**
   * Returns the number of a plan.
   * @param {Int32Array} words see plan.js
   */
  load(words) {
    this.check();
    const plan = {...decode(words), number: this.nextPlan++};
    this.plans.set(plan.number, plan);
    return plan.number;
  }

  /** @param {number} plan */
  unload(plan) {
    this.calls++;
    this.plans.delete(plan);
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
    const inputs = Array.from(handles, (handle) => this.tensor(handle).texture);
    const outputs = this.executor.run(plan, inputs, scalars);
    return Int32Array.from(outputs, (texture, i) => this.keep(texture, sizes[i], blockOf(plan, i)));
  }

  /**
   * Replays whole epochs; see loop.js.
   * @param {import('./loop.js').LoopSpec} spec
   * @returns {Promise<Float32Array>} the log after each epoch, one row after the other
   */
  async loop(spec) {
    this.check();
    this.loops.push(spec);
    try {
      return await runLoop(this, spec);
    } finally {
      this.loops.splice(this.loops.indexOf(spec), 1);
      if (this.unavailable()) this.revive();
      else this.backup.note(spec.state);
    }
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
    const sources = [...this.programs.ids.keys()];
    return this.plan(id).launches.map(({program}) => sources[program]);
  }

  /** What the device can do. */
  limits() {
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
      float32: this.probeResult === 'ok',
      probe: this.probeResult,
    };
  }

  /** What is alive and what was done. */
  stats() {
    let bytes = 0;
    for (const {size, texture} of this.tensors.values()) bytes += size * (texture.dtype === 2 ? 1 : 4);
    return {
      tensors: this.tensors.size,
      bytes,
      textureBytes: this.textures.usedBytes,
      pooledBytes: this.textures.freeBytes,
      peakBytes: this.textures.peakBytes,
      programs: this.programs.list.length,
      plans: this.plans.size,
      launches: this.executor.launches,
      steps: this.steps,
      calls: this.calls,
    };
  }

  /** Takes the context away, as a driver reset would; for tests. */
  lose() {
    this.loser = this.gl.getExtension('WEBGL_lose_context');
    this.loser?.loseContext();
  }

  /** Gives a context back that `lose` took; for tests. */
  restore() {
    this.loser?.restoreContext();
  }
}

/**
 * Texels of one layer of a plan's output.
 * @param {Plan} plan
 * @param {number} position
 */
function blockOf(plan, position) {
  const slot = plan.outputs[position];
  for (const launch of plan.launches) {
    for (const output of launch.outputs) if (output.slot === slot) return output.texels;
  }
  return 0;
}

/**
 * Opens the device of this thread.
 * @param {{canvas?: OffscreenCanvas}} [options]
 * @returns {Promise<Device>}
 * @throws {Error} no WebGL2, no float32 rendering, or wrong results; the message says what to do.
 */
export async function openDevice(options = {}) {
  const canvas = options.canvas ?? new OffscreenCanvas(1, 1);
  const gl = canvas.getContext('webgl2', {
    alpha: false,
    antialias: false,
    depth: false,
    powerPreference: 'high-performance',
  });
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
