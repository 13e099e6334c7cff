/**
 * Programs, cached by their full source: two kernels that read the same are one program. Those that no plan uses any more are
 * kept for the next model of the same kind, up to a number.
 */

import {lostError} from './backup.js';

const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1., 0., 1.);
}`;

/** Stands between a vertex shader and its fragment shader (compiler/program.py). */
const FRAGMENT_FOLLOWS = '// @fragment\n';

/** How many programs that no plan uses are kept. */
const MOST_IDLE = 256;

/**
 * @typedef {object} Linked
 * @property {WebGLProgram} gl
 * @property {WebGLUniformLocation | null} ints
 * @property {WebGLUniformLocation | null} floats
 * @property {WebGLUniformLocation | null} dimensions
 */
/** @typedef {Linked & {source: string, name: string, users: number}} Program `users` counts the launches of loaded plans */

/**
 * A program that the driver is at work on.
 * @typedef {object} Begun
 * @property {WebGLProgram} gl
 * @property {string} name
 * @property {string[]} texts of the shaders
 * @property {WebGLShader[]} shaders vertex, fragment
 */

/**
 * A shader source with line numbers, and the driver's messages under the lines that they are about.
 * @param {string} source
 * @param {string} log
 */
export function annotate(source, log) {
  /** @type {Map<number, string[]>} */
  const notes = new Map();
  for (const message of log.split('\n')) {
    const line = Number(/^ERROR: \d+:(\d+)/.exec(message)?.[1] ?? 0);
    notes.set(line, [...(notes.get(line) ?? []), message]);
  }
  return source
    .split('\n')
    .map((text, i) => [`${i + 1}: ${text}`, ...(notes.get(i + 1) ?? []).map((m) => `^^^ ${m}`)].join('\n'))
    .join('\n');
}

export class Programs {
  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.gl = gl;
    /** @type {Map<string, Program>} by source */
    this.known = new Map();
    /** @type {Set<Program>} those that no plan uses, in the order in which they were last used */
    this.idle = new Set();
    /** @type {WebGLShader | null} */
    this.vertex = null;
  }

  /**
   * Returns the programs with these sources, one for each launch of a plan; each of them has one user more. Those that are
   * new are all begun before the first is waited for, so that the driver compiles them side by side.
   * @param {string[]} sources fragment shaders, after a vertex shader where one has its own
   * @param {string[]} names what errors call them
   * @returns {Program[]}
   */
  use(sources, names) {
    /** @type {Map<string, string>} */
    const missing = new Map();
    sources.forEach((source, i) => {
      if (!this.known.has(source)) missing.set(source, names[i]);
    });
    const linked = this.link([...missing]);
    [...missing].forEach(([source, name], i) => {
      this.known.set(source, {...linked[i], source, name, users: 0});
    });
    return sources.map((source) => {
      const program = /** @type {Program} */ (this.known.get(source));
      program.users++;
      this.idle.delete(program);
      return program;
    });
  }

  /**
   * Takes back what `use` gave.
   * @param {Program[]} programs
   */
  release(programs) {
    for (const program of programs) if (!--program.users) this.idle.add(program);
    for (const program of this.idle) {
      if (this.idle.size <= MOST_IDLE) break;
      this.idle.delete(program);
      this.known.delete(program.source);
      this.gl.deleteProgram(program.gl);
    }
  }

  /**
   * Compares the books with the launches that there are.
   * @param {Program[]} used one entry for each launch
   * @returns {string[]} what is wrong
   */
  audit(used) {
    const programs = new Set([...used, ...this.known.values()]);
    return [...programs].flatMap((program) => {
      const found = used.filter((each) => each === program).length;
      const right = program.users === found && this.idle.has(program) === !found;
      if (right && this.known.get(program.source) === program) return [];
      return [`program '${program.name}': ${program.users} users noted, ${found} found`];
    });
  }

  /** Links anew, on a restored context, what plans use; the others went with the former one. */
  restore() {
    for (const {source} of this.idle) this.known.delete(source);
    this.idle.clear();
    this.vertex = null;
    const programs = [...this.known.values()];
    const linked = this.link(programs.map(({source, name}) => [source, name]));
    programs.forEach((program, i) => Object.assign(program, linked[i]));
  }

  /**
   * @param {[string, string][]} wanted sources and names
   * @returns {Linked[]}
   */
  link(wanted) {
    /** @type {Begun[]} */
    const begun = [];
    try {
      for (const [source, name] of wanted) begun.push(this.begin(source, name));
      return begun.map((program) => this.finish(program));
    } catch (error) {
      for (const {gl: program} of begun) this.gl.deleteProgram(program);
      throw error;
    } finally {
      for (const {shaders} of begun) {
        for (const shader of shaders) if (shader !== this.vertex) this.gl.deleteShader(shader);
      }
    }
  }

  /**
   * @param {string} source
   * @param {string} name
   * @returns {Begun}
   */
  begin(source, name) {
    const {gl} = this;
    const [own, fragment] = source.includes(FRAGMENT_FOLLOWS) ? source.split(FRAGMENT_FOLLOWS) : ['', source];
    this.vertex ??= this.shader(gl.VERTEX_SHADER, VERTEX);
    const shaders = [
      own ? this.shader(gl.VERTEX_SHADER, own) : this.vertex,
      this.shader(gl.FRAGMENT_SHADER, fragment),
    ];
    const program = gl.createProgram();
    if (!program) throw lostError('the GPU context is lost: no program could be created');
    for (const shader of shaders) gl.attachShader(program, shader);
    gl.linkProgram(program);
    return {gl: program, name, texts: [own || VERTEX, fragment], shaders};
  }

  /**
   * @param {Begun} begun
   * @returns {Linked}
   */
  finish({gl: program, name, texts, shaders}) {
    const {gl} = this;
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw this.failure(program, name, texts, shaders);
    gl.useProgram(program);
    for (let unit = 0; unit < 16; unit++) {
      const sampler = gl.getUniformLocation(program, `s${unit}`);
      if (sampler) gl.uniform1i(sampler, unit);
    }
    return {
      gl: program,
      ints: gl.getUniformLocation(program, 'u'),
      floats: gl.getUniformLocation(program, 'f'),
      dimensions: gl.getUniformLocation(program, 'd'),
    };
  }

  /**
   * Returns why a program cannot be used: the shader's fault, or that of a context that is lost and links nothing.
   * @param {WebGLProgram} program
   * @param {string} name
   * @param {string[]} texts
   * @param {WebGLShader[]} shaders
   */
  failure(program, name, texts, shaders) {
    const {gl} = this;
    const broken = shaders.findIndex((shader) => !gl.getShaderParameter(shader, gl.COMPILE_STATUS));
    const log = broken < 0 ? gl.getProgramInfoLog(program) : gl.getShaderInfoLog(shaders[broken]);
    if (!this.compiles()) {
      return lostError(`the GPU was lost while kernel '${name}' was compiled: call again.`);
    }
    const what = broken < 0 ? 'does not link' : 'does not compile';
    return shaderError(name, what, log || 'the driver gives no reason', texts[Math.max(0, broken)]);
  }

  /** Whether a shader that is right compiles; the context may be lost before `isContextLost` says so. */
  compiles() {
    const {gl} = this;
    const shader = gl.createShader(gl.VERTEX_SHADER);
    if (!shader) return false;
    gl.shaderSource(shader, VERTEX);
    gl.compileShader(shader);
    const compiled = Boolean(gl.getShaderParameter(shader, gl.COMPILE_STATUS)) && !gl.isContextLost();
    gl.deleteShader(shader);
    return compiled;
  }

  /**
   * @param {number} type
   * @param {string} source
   * @returns {WebGLShader}
   */
  shader(type, source) {
    const {gl} = this;
    const shader = gl.createShader(type);
    if (!shader) throw lostError('the GPU context is lost: no shader could be created');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  }
}

/**
 * @param {string} name
 * @param {string} what
 * @param {string} log
 * @param {string} source
 */
function shaderError(name, what, log, source) {
  const error = new Error(`kernel '${name}' ${what}:\n${log}\n${annotate(source, log)}`);
  error.name = 'ShaderError';
  return error;
}
