/** Compares, warms up, and measures cases on both sides in turn. The page and bench/run.py both come here. */

import {CASES} from './cases/cases.js';
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
 * @property {{steps: number, bytes: number, tensors: number} | null} growth of ours
 * @property {number | null} longestTask milliseconds on the main thread while ours trained; 0: none over 50
 */

/** @typedef {{rounds: number, quick: boolean}} Options */

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

/** Both sides, with the cases that they are given. */
class Session {
  /** @param {HTMLElement} place where the project's page is shown */
  constructor(place) {
    this.ours = new Ours(place);
    this.theirs = new Theirs();
    /** @type {Record<string, any>} */
    this.facts = {};
  }

  async open() {
    const [ours, tfjs] = [await this.ours.open(), await this.theirs.call('open')];
    this.facts = {ours, tfjs};
  }

  close() {
    this.ours.close();
    this.theirs.close();
  }

  /**
   * @param {Case} told
   * @returns {Promise<{firsts: [number, number], apart: number}>}
   */
  async compare(told) {
    const {ours, theirs} = this;
    await ours.call('prepare', told);
    await theirs.call('prepare', told);
    if (told.network) {
      await ours.call('weights');
      await theirs.call('takeWeights', await ours.arrived());
    }
    const first = await ours.call('first');
    const [found] = await ours.arrived();
    const {time, values} = await theirs.call('first');
    let apart = difference(found, values);
    if (told.kind === 'train') {
      await ours.call('losses');
      const [losses] = await ours.arrived();
      const expected = /** @type {Float32Array} */ (await theirs.call('losses'));
      // Each loss on its own: the last are much smaller than the first.
      const steps = Array.from(losses, (loss, i) => difference([loss], [expected[i]]));
      apart = losses.length === expected.length ? Math.max(apart, ...steps) : Infinity;
    }
    return {firsts: [first, time], apart};
  }

  /**
   * @param {Case} told
   * @param {number} rounds
   * @param {[number, number]} firsts
   * @returns {Promise<[SideResult, SideResult]>}
   */
  async race(told, rounds, firsts) {
    const calls = [
      (/** @type {'count' | 'measure'} */ name) => this.ours.call(name),
      (/** @type {'count' | 'measure'} */ name) => this.theirs.call(name),
    ];
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
    return [results[0], results[1]];
  }
}

/**
 * @param {Session} session
 * @param {Case} told
 * @param {Options} options
 * @returns {Promise<Partial<Result>>}
 */
async function measureIn(session, told, {rounds, quick}) {
  const watch = told.kind === 'train' ? session.ours.watch() : null;
  const {firsts, apart} = await session.compare(told);
  const agrees = apart <= TOLERANCE;
  const compared = {agrees, difference: Number.isFinite(apart) ? apart : null};
  if (!agrees) return compared;
  const [ours, tfjs] = await session.race(told, rounds, firsts);
  const longestTask = watch?.stop() ?? null;
  const steps = told.growth && (quick ? Math.min(told.growth, QUICK_GROWTH) : told.growth);
  const growth = steps ? await session.ours.call('growth', steps) : null;
  return {...compared, ours, tfjs, ratio: tfjs.median / ours.median, longestTask, growth};
}

/**
 * Measures the cases with these names.
 *
 * @param {string[]} names
 * @param {Options} options
 * @param {HTMLElement} place where the project's page is shown
 * @param {(result: Result) => void} tell is told each result
 */
export async function measureAll(names, options, place, tell) {
  /** @type {Session | null} */
  let session = null;
  /** @type {Result[]} */
  const results = [];
  const boots = [];
  let facts = {};
  for (const told of CASES.filter(({name}) => names.includes(name))) {
    const {name, title, kind, unit, aim} = told;
    const empty = {difference: null, agrees: false, error: null, ratio: null, ours: null, tfjs: null};
    /** @type {Result} */
    const result = {name, title, kind, unit, aim, ...empty, growth: null, longestTask: null};
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
      await session.ours.call('release');
      await session.theirs.call('release');
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
