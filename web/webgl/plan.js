/**
 * Plans: lists of draws, read from the words that compiler/plan.py writes (`encode`), and their execution.
 *
 * Slots are the plan's own numbers for tensors: first its inputs, then what its launches write.
 */

/** @typedef {import('./textures.js').Texture} Texture */
/** @typedef {{slot: number, dtype: number, layers: number, texels: number}} Output */

/**
 * @typedef {object} Launch
 * @property {string} source its fragment shader, after a vertex shader where it has its own
 * @property {string} name
 * @property {import('./programs.js').Program | null} program as soon as the plan is to run on the GPU
 * @property {number} texels
 * @property {number} points if not 0: points to draw and add up, instead of each texel once
 * @property {number[]} inputs
 * @property {Output[]} outputs
 * @property {Int32Array} ints
 * @property {number[]} intScalars pairs: place in ints, scalar
 * @property {number[]} floats the scalar that each float uniform shows
 * @property {Float32Array} floatValues
 * @property {Float32Array | null} dimensions of the textures read and of the one written, once they are known
 * @property {number[]} frees
 */

/**
 * What a run costs, in microseconds, by the cost model of compiler/costs.py.
 * @typedef {object} Costs
 * @property {number} gpu
 * @property {number} processor -1 where the plan is too large for it
 * @property {number} step on the processor, in a loop whose values stay there; -1 where it is too large for that
 * @property {number} readback of one value
 * @property {number} compile for the GPU, once
 */

/**
 * @typedef {object} Plan
 * @property {number} slots
 * @property {number} inputs
 * @property {number[]} inputTexels of each input
 * @property {number} scalars
 * @property {number[]} outputs
 * @property {number[]} outputDtypes
 * @property {Launch[]} launches
 * @property {Costs} costs
 * @property {number} number what Python calls it
 * @property {import('./processor/processor.js').Prepared | null} prepared for the processor
 * @property {number} credit microseconds that may be spent on reading inputs back for the processor
 * @property {boolean} warm whether it has run: drivers finish compiling at a program's first draw
 */

/**
 * @typedef {object} Run
 * @property {Plan} plan
 * @property {(Texture | undefined)[]} slots
 * @property {ArrayLike<number>} scalars
 * @property {number} next the launch to draw next
 * @property {import('./stopwatch.js').TimedRun | null} timed
 */

/**
 * Reads a plan.
 * @param {Int32Array} words
 * @param {string[]} sources of its launches
 * @param {string[]} names of its launches
 * @returns {Plan}
 */
export function decode(words, sources, names) {
  let at = 0;
  const next = () => words[at++];
  const list = () => Array.from({length: next()}, next);
  const [slots, scalars] = [next(), next()];
  const costs = {gpu: next(), processor: next(), step: next(), readback: next(), compile: next()};
  const inputTexels = list();
  const outputs = list();
  const launches = Array.from({length: next()}, (_, i) => {
    const texels = next();
    const points = next();
    const reads = list();
    const writes = Array.from({length: next()}, () => {
      const [slot, dtype, layers, texelsPerLayer] = [next(), next(), next(), next()];
      return {slot, dtype, layers, texels: texelsPerLayer};
    });
    const ints = Int32Array.from(list());
    const pairs = next();
    const intScalars = Array.from({length: pairs * 2}, next);
    const floats = list();
    const frees = list();
    return {
      source: sources[i],
      name: names[i],
      program: null,
      texels,
      points,
      inputs: reads,
      outputs: writes,
      ints,
      intScalars,
      floats,
      floatValues: new Float32Array(floats.length),
      dimensions: null,
      frees,
    };
  });
  const dtypes = new Map(launches.flatMap((launch) => launch.outputs.map(({slot, dtype}) => [slot, dtype])));
  const outputDtypes = outputs.map((slot) => dtypes.get(slot) ?? 0);
  const inputs = inputTexels.length;
  return {
    slots,
    inputs,
    inputTexels,
    scalars,
    outputs,
    outputDtypes,
    costs,
    credit: costs.compile,
    prepared: null,
    launches,
    number: 0,
    warm: false,
  };
}

/**
 * Where texels lie in textures, as programs want to know it: for each width, 1 / width twice, 1 / height.
 * @param {Texture[]} textures
 */
function dimensions(textures) {
  return Float32Array.from(textures.flatMap(({width, height}) => [width, 1 / width, 1 / width, 1 / height]));
}

/**
 * The programs of what is to run on the GPU.
 * @param {Iterable<Plan>} plans
 */
export function programsOf(plans) {
  return Array.from(plans).flatMap(({launches}) =>
    launches.flatMap(({program}) => (program ? [program] : [])),
  );
}

/**
 * Texels of one layer of a plan's output.
 * @param {Plan} plan
 * @param {number} position
 */
export function blockOf(plan, position) {
  const slot = plan.outputs[position];
  for (const launch of plan.launches) {
    for (const output of launch.outputs) if (output.slot === slot) return output.texels;
  }
  return 0;
}

/** Runs plans on a device. */
export class Executor {
  /**
   * @param {WebGL2RenderingContext} gl
   * @param {import('./textures.js').Textures} textures
   */
  constructor(gl, textures) {
    this.gl = gl;
    this.textures = textures;
    this.launches = 0;
    /** @type {import('./stopwatch.js').Stopwatch | null} */
    this.stopwatch = null;
    /** @type {(WebGLTexture | null)[]} */
    this.boundTextures = [];
  }

  /**
   * Runs a plan once.
   * @param {Plan} plan
   * @param {Texture[]} inputs a texture for each input slot; they stay the caller's
   * @param {ArrayLike<number>} scalars
   * @returns {Texture[]} a texture for each output; they become the caller's
   */
  run(plan, inputs, scalars) {
    const run = this.begin(plan, inputs, scalars);
    try {
      this.advance(run, plan.launches.length);
    } catch (error) {
      this.abandon(run);
      throw error;
    }
    return this.results(run);
  }

  /**
   * Starts a run that `advance` carries on, so that it can be handed to the GPU in slices. It holds its inputs until
   * `results` or `abandon` ends it: one of them must.
   * @param {Plan} plan
   * @param {Texture[]} inputs
   * @param {ArrayLike<number>} scalars
   * @param {boolean} [repeats] whether a loop runs it again and again
   * @returns {Run}
   */
  begin(plan, inputs, scalars, repeats = false) {
    /** @type {(Texture | undefined)[]} */
    const slots = new Array(plan.slots);
    for (let i = 0; i < plan.inputs; i++) {
      this.textures.pin(inputs[i]);
      slots[i] = inputs[i];
    }
    return {plan, slots, scalars, next: 0, timed: this.stopwatch?.open(plan, repeats) ?? null};
  }

  /**
   * Draws up to `count` launches more. Other plans may run between two calls.
   * @param {Run} run
   * @param {number} count
   * @returns {number} how many were drawn
   */
  advance(run, count) {
    const {plan, slots, scalars, timed} = run;
    const stopwatch = timed && this.stopwatch;
    const first = run.next;
    const end = Math.min(plan.launches.length, first + count);
    this.boundTextures.length = 0;
    for (; run.next < end; run.next++) {
      const launch = plan.launches[run.next];
      if (stopwatch) stopwatch.time(timed, () => this.draw(launch, slots, scalars));
      else this.draw(launch, slots, scalars);
      if (!plan.warm) this.gl.flush(); // drivers compile at first draws: let the page's own drawing come in between
      for (const slot of launch.frees) {
        this.textures.release(/** @type {Texture} */ (slots[slot]));
        slots[slot] = undefined;
      }
    }
    if (end === plan.launches.length) plan.warm = true;
    return end - first;
  }

  /**
   * Ends a run that has come to its end.
   * @param {Run} run
   * @returns {Texture[]} a texture for each output; they become the caller's
   */
  results({plan, slots}) {
    for (let i = 0; i < plan.inputs; i++) this.textures.release(/** @type {Texture} */ (slots[i]));
    return plan.outputs.map((slot) => /** @type {Texture} */ (slots[slot]));
  }

  /**
   * Ends a run in its middle: what it has computed so far is given back.
   * @param {Run} run
   */
  abandon({slots}) {
    for (const texture of slots) if (texture) this.textures.release(texture);
  }

  /**
   * @param {Launch} launch
   * @param {(Texture | undefined)[]} slots
   * @param {ArrayLike<number>} scalars
   */
  draw(launch, slots, scalars) {
    const {gl} = this;
    const targets = launch.outputs.map(({slot, dtype, layers, texels}) => {
      const texture = this.textures.acquire(texels, dtype, layers);
      slots[slot] = texture;
      return texture;
    });
    if (!launch.texels) return;
    const program = /** @type {import('./programs.js').Program} */ (launch.program);
    this.textures.bind(targets);
    gl.useProgram(program.gl);
    for (let unit = 0; unit < launch.inputs.length; unit++) {
      const texture = /** @type {Texture} */ (slots[launch.inputs[unit]]);
      if (!texture.holders) {
        throw new Error(`book-keeping: texture ${texture.id} is read, but nobody holds it`);
      }
      if (this.boundTextures[unit] === texture.gl) continue;
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(texture.target, texture.gl);
      this.boundTextures[unit] = texture.gl;
    }
    const {ints, intScalars, floats, floatValues} = launch;
    for (let i = 0; i < intScalars.length; i += 2) ints[intScalars[i]] = scalars[intScalars[i + 1]];
    if (program.ints) gl.uniform1iv(program.ints, ints);
    for (let i = 0; i < floats.length; i++) floatValues[i] = scalars[floats[i]];
    if (program.floats) gl.uniform1fv(program.floats, floatValues);
    // What lies in a slot has the same size each time.
    launch.dimensions ??= dimensions([
      ...launch.inputs.map((slot) => /** @type {Texture} */ (slots[slot])),
      targets[0],
    ]);
    if (program.dimensions) gl.uniform4fv(program.dimensions, launch.dimensions);
    const [{width, height}] = targets;
    gl.viewport(0, 0, width, Math.min(height, Math.ceil(launch.texels / width)));
    if (launch.points) this.drawAdditivePoints(launch.points);
    else gl.drawArrays(gl.TRIANGLES, 0, 3);
    this.launches++;
  }

  /**
   * Draws points, each added to what is at its place; they begin with zeros.
   * @param {number} points
   */
  drawAdditivePoints(points) {
    const {gl} = this;
    gl.clearBufferfv(gl.COLOR, 0, [0, 0, 0, 0]);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE);
    gl.drawArrays(gl.POINTS, 0, points);
    gl.disable(gl.BLEND);
  }
}
