/** How much work is handed to the GPU ahead of what it has done. */

import {fence, waitForFence, yieldToEventLoop} from './readback.js';

const SOON_MS = 24;
const LATE_MS = 36;
const MOST_LAUNCHES = 512;
/** How many times as many launches may follow those that were done soon; at least a half more, as their time may be noise. */
const MORE = 4;
const SOME_MORE = 1.5;
/** What is left of a slice's time where fewer launches are under way, if they are what it waits for. */
const LESS = 0.7;
/** Where so much is left of it, it waits for something else: the page's own drawing, on the same GPU. */
const SAME = 0.85;

/**
 * Hands launches to the GPU in slices, and keeps so many of them under way that the last is done after SOON_MS to LATE_MS:
 * enough that the GPU never waits for this thread, and few enough that the page's own drawing does not wait long for it. What a
 * slice waits for others (a notebook that repaints itself all the time) does not count: fewer launches would make nothing faster.
 */
export class LaunchThrottle {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {{others: number}} surroundings how long a slice waits for others, as far as that is known: what one loop has found
   *     out, the next one begins with
   */
  constructor(gl, surroundings) {
    this.gl = gl;
    this.surroundings = surroundings;
    /** How many launches may be under way. */
    this.maxInFlight = 4;
    this.drawnSince = 0;
    this.underWay = 0;
    /** @type {{sync: WebGLSync | null, launches: number, at: number}[]} */
    this.slices = [];
    this.changed = 0;
    /** How long it took before there were fewer launches; 0: the last change was none to fewer. */
    this.before = 0;
  }

  /**
   * How many launches the slice still takes; one at a time for a plan that is new, because drivers compile at first draws.
   * @param {import('./plan.js').Plan} plan
   */
  available(plan) {
    return plan.warm ? this.sliceSize() - this.drawnSince : 1;
  }

  /** Two slices at least are under way. */
  sliceSize() {
    return Math.max(1, this.maxInFlight >> 1);
  }

  /**
   * Notes launches, and ends the slice if it is full.
   * @param {number} launches
   * @param {boolean} warm
   * @returns {Promise<void> | null} what to wait for
   */
  drawn(launches, warm) {
    this.drawnSince += launches;
    return this.drawnSince >= this.sliceSize() || !warm ? this.turn(warm) : null;
  }

  /** @param {boolean} warm */
  async turn(warm) {
    const launches = this.drawnSince;
    this.drawnSince = 0;
    this.underWay += launches;
    this.slices.push({sync: fence(this.gl), launches, at: performance.now()});
    if (this.underWay + this.sliceSize() <= this.maxInFlight && warm) await yieldToEventLoop();
    while (this.slices.length && (this.underWay + this.sliceSize() > this.maxInFlight || !warm)) {
      const {sync, launches: done, at} = this.slices[0];
      await waitForFence(this.gl, sync);
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
    const {surroundings} = this;
    if (this.before && latency > this.before * SAME) surroundings.others = latency;
    this.before = 0;
    surroundings.others = Math.min(surroundings.others, latency);
    const own = latency - surroundings.others;
    const former = this.maxInFlight;
    const more = Math.max(SOME_MORE, Math.min(MORE, SOON_MS / own));
    if (own < SOON_MS) this.maxInFlight = Math.min(MOST_LAUNCHES, Math.ceil(former * more));
    else if (own > LATE_MS) this.maxInFlight = Math.max(2, Math.floor(former * LESS));
    else return;
    if (this.maxInFlight < former) this.before = latency;
    this.changed = now;
  }

  free() {
    for (const {sync} of this.slices) this.gl.deleteSync(sync);
  }
}
