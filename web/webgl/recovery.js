/** What happens when the browser takes the GPU away: it comes back, another context takes its place, or it is gone for good. */

import {lostError} from './backup.js';
import {contextOf} from './context.js';
import {probe} from './probe.js';

/** @typedef {import('./readback.js').Elements} Elements */

/** A context that was lost and has not come back by then is replaced; so long a driver's reset takes. */
const REPLACED_AFTER_MS = 8000;

export class Recovery {
  /** @param {import('./device.js').Device} device */
  constructor(device) {
    this.device = device;
    this.restorable = false;
    /** Whether no other context could be had in place of the lost one. */
    this.gone = false;
    /** @type {() => void} is told when that turns out */
    this.whenGone = () => {};
    this.replacedAfterMs = REPLACED_AFTER_MS;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.replacing = undefined;
    this.follow();
  }

  /** Notices when the context goes and comes back; where it stays away another is asked for. */
  follow() {
    const {device} = this;
    const {canvas} = device;
    canvas.addEventListener('webglcontextlost', (event) => {
      if (canvas !== device.canvas) return;
      event.preventDefault(); // without this the browser would not give it back
      device.lost = true;
      this.replaceLater(this.replacedAfterMs);
    });
    canvas.addEventListener('webglcontextrestored', () => {
      if (canvas !== device.canvas) return;
      this.restorable = true;
      this.rebuild();
    });
  }

  /**
   * Asks for another context after a while, and again after twice as long.
   * @param {number} pauseMs
   */
  replaceLater(pauseMs) {
    clearTimeout(this.replacing); // of an earlier loss
    this.replacing = setTimeout(() => {
      if (!this.device.lost || this.restorable || this.replace()) return;
      this.replaceLater(pauseMs * 2);
      if (this.device.loops.length || this.gone) return; // loops end soon, as they know the former context
      this.gone = true;
      this.whenGone();
    }, pauseMs);
  }

  /**
   * Takes a context of another canvas in place of a lost one that does not come back.
   * @returns {boolean} whether there is one
   */
  replace() {
    const {device} = this;
    if (device.loops.length) return false;
    const gl = contextOf(new OffscreenCanvas(1, 1));
    if (!gl || gl.isContextLost() || !gl.getExtension('EXT_color_buffer_float')) return false;
    if (gl.getParameter(gl.MAX_TEXTURE_SIZE) < device.textures.maxSize) return false; // values are laid out for the former
    device.canvas = gl.canvas;
    for (const part of [device, device.textures, device.programs, device.executor, device.readback]) {
      part.gl = gl;
    }
    this.restorable = true;
    this.rebuild();
    if (device.lost) return false;
    this.follow();
    device.blendsFloats = Boolean(gl.getExtension('EXT_float_blend'));
    device.told = device.asked();
    device.probeResult = probe(device);
    return true;
  }

  /** Builds everything anew on a restored context, as soon as no loop is left that knows the former one. */
  rebuild() {
    const {device} = this;
    const {gl} = device;
    if (!this.restorable || device.loops.length || gl.isContextLost()) return;
    this.restorable = false;
    device.epoch++;
    for (const name of ['EXT_color_buffer_float', 'EXT_float_blend']) gl.getExtension(name);
    device.align();
    device.textures.forget();
    device.executor.boundTextures.length = 0;
    device.readback.framebuffer = gl.createFramebuffer();
    try {
      device.programs.restore();
      for (const plan of device.plans.values()) plan.warm = false;
      for (const tensor of device.tensors.values()) if (tensor.address) tensor.texture = null;
      for (const [handle, host] of device.backup.copies()) this.bringBack(handle, host);
    } catch (error) {
      if (gl.isContextLost()) return; // again: it begins anew when that one is back
      throw error;
    }
    device.lost = this.gone = false;
  }

  /**
   * Puts a value that was lost on the device again; one for which there is no memory any more stays lost.
   * @param {number} handle
   * @param {Elements} host
   */
  bringBack(handle, host) {
    const {values, tensors, backup} = this.device;
    const tensor = tensors.get(handle);
    if (!tensor || tensor.address) return;
    try {
      tensor.texture = values.filled(tensor, host);
    } catch (error) {
      if (error instanceof RangeError) return;
      throw error;
    }
    backup.put(tensor, host);
  }

  /**
   * The last known value of a tensor while the context is away, if there is one: as it will come back.
   * @param {number} handle
   * @returns {Elements | null}
   */
  copyOf(handle) {
    const {device} = this;
    if (!device.unavailable()) return null;
    const tensor = device.tensors.get(handle);
    const host =
      (tensor && device.values.elements(tensor)) ?? tensor?.host ?? device.backup.copies().get(handle);
    if (!host) return null;
    device.calls++;
    return host.slice();
  }

  /** What to say to a call while the context is away. */
  error() {
    if (this.gone) {
      return lostError(
        'the GPU is lost for good: no other context of it can be had. What had a copy can be read and saved; a value that ' +
          "had none is lost: compute it again. `await tf.setBackend('numpy')` computes on the processor, with those copies.",
      );
    }
    return lostError(
      'the browser took the GPU away (driver reset, or too much memory in use), and this call with it. Most browsers give ' +
        'it back within seconds, else another is asked for: call again. Variables and data come back with their last known ' +
        'values, which can be read and saved meanwhile. If it stays away, NumPy computes on, where it can be had.',
    );
  }
}
