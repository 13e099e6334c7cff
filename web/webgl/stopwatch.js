/**
 * Times launches, one by one: with timer queries where the browser has them, else by letting the device finish after each.
 * Both keep launches from overlapping, so that a step that is timed takes longer than others.
 */

const POLL_MS = 2;

/** @typedef {import('./plan.js').Plan} Plan */
/** @typedef {{plan: Plan, launches: (number | WebGLQuery | null)[]}} TimedRun milliseconds, or queries that know them */

export class Stopwatch {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** @type {any} */
    this.timer = gl.getExtension('EXT_disjoint_timer_query_webgl2');
    /** @type {TimedRun[]} */
    this.runs = [];
    /** @type {Set<Plan>} */
    this.repeated = new Set();
  }

  /**
   * Begins a run, if it is one to time: a plan that a loop repeats is timed once, when its programs are compiled.
   * @param {Plan} plan
   * @param {boolean} repeats
   * @param {boolean} [ready] whether nothing of it is left to be compiled
   * @returns {TimedRun | null}
   */
  open(plan, repeats, ready = plan.warm) {
    if (repeats && (!ready || this.repeated.has(plan))) return null;
    if (repeats) this.repeated.add(plan);
    /** @type {TimedRun} */
    const run = {plan, launches: []};
    this.runs.push(run);
    return run;
  }

  /**
   * @param {TimedRun} run
   * @param {() => void} draw
   */
  time(run, draw) {
    const {gl, timer} = this;
    if (timer) {
      const query = gl.createQuery();
      if (query) gl.beginQuery(timer.TIME_ELAPSED_EXT, query);
      draw();
      if (query) gl.endQuery(timer.TIME_ELAPSED_EXT);
      run.launches.push(query);
      return;
    }
    gl.finish();
    const began = performance.now();
    draw();
    gl.finish();
    run.launches.push(performance.now() - began);
  }

  /** The numbers of the plans whose runs are done. */
  timed() {
    return this.runs.flatMap(({plan, launches}) =>
      launches.length === plan.launches.length ? [plan.number] : [],
    );
  }

  /**
   * Returns the number of each plan that was timed, with the milliseconds of its launches; NaN where the device knows none.
   * @returns {Promise<{plan: number, times: Float64Array}[]>}
   */
  async read() {
    const {gl, timer} = this;
    const queries = this.runs.flatMap(({launches}) => launches.filter((each) => each instanceof WebGLQuery));
    const last = queries.at(-1);
    while (last && !gl.isContextLost() && !gl.getQueryParameter(last, gl.QUERY_RESULT_AVAILABLE)) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const disjoint = timer !== null && gl.getParameter(timer.GPU_DISJOINT_EXT);
    const milliseconds = (/** @type {number | WebGLQuery | null} */ each) => {
      if (typeof each === 'number') return each;
      return disjoint || !each ? NaN : gl.getQueryParameter(each, gl.QUERY_RESULT) / 1e6;
    };
    const whole = this.runs.filter(({plan, launches}) => launches.length === plan.launches.length);
    const read = whole.map(({plan, launches}) => ({
      plan: plan.number,
      times: Float64Array.from(launches, milliseconds),
    }));
    for (const query of queries) gl.deleteQuery(query);
    return read;
  }
}
