/** Compares, warms up, and measures cases on both sides in turn. The page and bench/run.py both come here. */

import {Ours, Theirs} from './sides.js';
import {summary} from './summary.js';

/** @typedef {import('./cases/cases.js').Case} Case */

/**
 * @typedef {object} SideResult
 * @property {number[]} times milliseconds a unit, of each round
 * @property {number} median
 * @property {number | null} first milliseconds from the call of fit or predict to its first result
 * @property {number} launches draws a unit
 * @property {number} programs
 * @property {number} peak bytes of textures, at most, in one measurement
 */

/**
 * @typedef {object} Result
 * @property {string} name
 * @property {string} title
 * @property {string} kind
 * @property {string} unit
 * @property {number} aim
 * @property {number | null} difference relative to the largest magnitude; null: not even the number of elements is right
 * @property {boolean} agrees
 * @property {string | null} error
 * @property {number | null} ratio how many times faster ours is
 * @property {SideResult | null} ours
 * @property {SideResult | null} tfjs
 * @property {SideResult | null} wasm TensorFlow.js's WASM backend, where it is measured beside
 * @property {string[] | null} kernels of ours, in one step or run of a drawn case
 * @property {{steps: number, bytes: number, tensors: number} | null} growth of ours
 * @property {number | null} longestTask milliseconds on the main thread while ours trained; 0: none over 50
 */

/**
 * @typedef {object} Options
 * @property {number} rounds
 * @property {boolean} quick
 * @property {{count: number, seed: number}} [drawn] cases that the seed draws, instead of those with names
 */

const TOLERANCE = 1e-3;
const QUICK_GROWTH = 500;

/** @param {number[]} values */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * @param {ArrayLike<number>} found
 * @param {ArrayLike<number>} expected
 * @returns {number} the largest difference, as a share of the largest expected magnitude; infinite where there is no number, or
 *   one and the same everywhere: that proves nothing
 */
export function difference(found, expected) {
  if (found.length !== expected.length) return Infinity;
  let largest = 0;
  let magnitude = 0;
  let varies = expected.length === 1;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(found[i] - expected[i]);
    if (Number.isNaN(apart)) return Infinity;
    largest = Math.max(largest, apart);
    magnitude = Math.max(magnitude, Math.abs(expected[i]));
    varies ||= expected[i] !== expected[0];
  }
  return varies && magnitude > 0 ? largest / magnitude : Infinity;
}

/**
 * @param {ArrayLike<number>} losses
 * @param {ArrayLike<number>} expected
 * @returns {number} the largest difference of a loss, each on its own: the last are much smaller than the first
 */
function eachApart(losses, expected) {
  if (losses.length !== expected.length) return Infinity;
  return Math.max(...Array.from(losses, (loss, i) => difference([loss], [expected[i]])));
}

/** Both sides, with the cases that they are given. */
class Session {
  /** @param {HTMLElement} place where the project's page is shown */
  constructor(place) {
    this.ours = new Ours(place);
    this.theirs = new Theirs('webgl');
    /** @type {Theirs | null} */
    this.wasm = null;
    /** @type {Record<string, any>} */
    this.facts = {};
  }

  async open() {
    const [ours, tfjs] = [await this.ours.open(), await this.theirs.open()];
    this.facts = {ours, tfjs};
  }

  close() {
    this.ours.close();
    this.theirs.close();
    this.wasm?.close();
  }

  /**
   * @param {Case} told
   * @returns {Promise<Theirs[]>} the sides of TensorFlow.js that the case is measured on
   */
  async rivals(told) {
    if (!told.wasm) return [this.theirs];
    if (this.wasm === null) {
      this.wasm = new Theirs('wasm');
      await this.wasm.open();
    }
    return [this.theirs, this.wasm];
  }

  /**
   * @param {Case} told
   * @param {Theirs[]} rivals
   * @returns {Promise<{firsts: number[], apart: number}>}
   */
  async compare(told, rivals) {
    const {ours} = this;
    await ours.call('prepare', told);
    for (const side of rivals) await side.call('prepare', told);
    if (told.network) {
      await ours.call('weights');
      const weights = await ours.arrived();
      for (const side of rivals) await side.call('takeWeights', weights);
    }
    const firsts = [await ours.call('first')];
    const [found] = await ours.arrived();
    let apart = 0;
    for (const side of rivals) {
      const {time, values} = await side.call('first');
      firsts.push(time);
      apart = Math.max(apart, difference(found, values));
    }
    if (told.checked) {
      await ours.call('losses');
      const [losses] = await ours.arrived();
      for (const side of rivals) {
        const expected = /** @type {Float32Array} */ (await side.call('losses'));
        apart = Math.max(
          apart,
          told.kind === 'train' ? eachApart(losses, expected) : difference(losses, expected),
        );
      }
    }
    return {firsts, apart};
  }

  /** @param {Case} told */
  async release(told) {
    await this.ours.call('release');
    for (const side of await this.rivals(told)) await side.call('release');
  }

  /**
   * @param {Case} told
   * @param {Theirs[]} rivals
   * @param {number} rounds
   * @param {number[]} firsts
   * @returns {Promise<SideResult[]>} of ours, then of each rival
   */
  async race(told, rivals, rounds, firsts) {
    const calls = [this.ours, ...rivals].map(
      (side) => (/** @type {'count' | 'measure'} */ name) => side.call(name),
    );
    /** @type {SideResult[]} */
    const results = [];
    for (const [i, call] of calls.entries()) {
      const {launches, programs, peak} = await call('count'); // this warms up as well
      const first = told.kind === 'op' ? null : firsts[i];
      results.push({times: [], median: NaN, first, launches: launches / told.units, programs, peak});
    }
    for (let round = 0; round < rounds; round++) {
      for (const [i, call] of calls.entries()) results[i].times.push((await call('measure')) / told.units);
    }
    for (const result of results) result.median = median(result.times);
    return results;
  }
}

/**
 * @param {Session} session
 * @param {Case} told
 * @param {Options} options
 * @returns {Promise<Partial<Result>>}
 */
async function measureIn(session, told, {rounds, quick, drawn}) {
  const watch = told.kind === 'train' ? session.ours.watch() : null;
  const rivals = await session.rivals(told);
  const {firsts, apart} = await session.compare(told, rivals);
  const agrees = apart <= TOLERANCE;
  const compared = {agrees, difference: Number.isFinite(apart) ? apart : null};
  if (!agrees) return compared;
  const [ours, tfjs, wasm = null] = await session.race(told, rivals, rounds, firsts);
  const longestTask = watch?.stop() ?? null;
  const steps = told.growth && (quick ? Math.min(told.growth, QUICK_GROWTH) : told.growth);
  const growth = steps ? await session.ours.call('growth', steps) : null;
  const kernels = drawn ? await session.ours.call('kernels') : null;
  return {...compared, ours, tfjs, wasm, ratio: tfjs.median / ours.median, longestTask, growth, kernels};
}

/**
 * Measures cases.
 *
 * @param {Case[]} cases
 * @param {Options} options
 * @param {HTMLElement} place where the project's page is shown
 * @param {(result: Result) => void} tell is told each result
 */
export async function measureAll(cases, options, place, tell) {
  /** @type {Session | null} */
  let session = null;
  /** @type {Result[]} */
  const results = [];
  const boots = [];
  let facts = {};
  for (const told of cases) {
    const {name, title, kind, unit, aim} = told;
    const empty = {
      difference: null,
      agrees: false,
      error: null,
      ratio: null,
      ours: null,
      tfjs: null,
      wasm: null,
    };
    /** @type {Result} */
    const result = {name, title, kind, unit, aim, ...empty, growth: null, longestTask: null, kernels: null};
    try {
      // Models meet fresh sides, so that the first call has everything to compile; ops share the last ones.
      if (session === null || told.network) {
        session?.close();
        session = new Session(place);
        await session.open();
        boots.push(session.facts.ours.boot);
        facts = session.facts;
      }
      Object.assign(result, await measureIn(session, told, options));
      await session.release(told);
    } catch (error) {
      result.error = error instanceof Error ? error.message : String(error);
      session?.close();
      session = null;
    }
    results.push(result);
    tell(result);
  }
  session?.close();
  const {userAgent, hardwareConcurrency} = navigator;
  const date = new Date().toISOString();
  return {
    date,
    userAgent,
    hardwareConcurrency,
    ...facts,
    ...options,
    ...summary(results, boots),
    cases: results,
  };
}
