/** Programs, cached by their full source: two kernels that read the same are one program. */

import {lostError} from './backup.js';

const VERTEX = `#version 300 es
void main() {
  gl_Position = vec4(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1., 0., 1.);
}`;

/** Stands between a vertex shader and its fragment shader (compiler/program.py). */
const FRAGMENT_FOLLOWS = '// @fragment\n';

/**
 * @typedef {object} Program
 * @property {WebGLProgram} gl
 * @property {WebGLUniformLocation | null} ints
 * @property {WebGLUniformLocation | null} floats
 * @property {WebGLUniformLocation | null} dimensions
 */

/**
 * A program that the driver is at work on.
 * @typedef {object} Begun
 * @property {WebGLProgram} gl
 * @property {string} source
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
    /** @type {Program[]} */
    this.list = [];
    /** @type {Map<string, number>} */
    this.ids = new Map();
    /** @type {WebGLShader | null} */
    this.vertex = null;
  }

  /**
   * Returns the numbers of the programs with these sources. Those that are new are all begun before the first is waited for,
   * so that the driver compiles them side by side.
   * @param {string[]} sources fragment shaders, after a vertex shader where one has its own
   * @param {string[]} names what errors call them
   * @returns {number[]}
   */
  compile(sources, names) {
    /** @type {Begun[]} */
    const begun = [];
    const numbers = sources.map((source, i) => {
      const known = this.ids.get(source);
      if (known !== undefined) return known;
      begun.push(this.begin(source, names[i]));
      this.ids.set(source, this.list.length + begun.length - 1);
      return this.list.length + begun.length - 1;
    });
    try {
      this.list.push(...begun.map((program) => this.finish(program)));
    } catch (error) {
      for (const {source} of begun) this.ids.delete(source);
      throw error;
    }
    return numbers;
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
    return {gl: program, source, name, texts: [own || VERTEX, fragment], shaders};
  }

  /**
   * @param {Begun} begun
   * @returns {Program}
   */
  finish({gl: program, name, texts, shaders}) {
    const {gl} = this;
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const broken = shaders.findIndex((shader) => !gl.getShaderParameter(shader, gl.COMPILE_STATUS));
      const log = broken < 0 ? gl.getProgramInfoLog(program) : gl.getShaderInfoLog(shaders[broken]); // null: lost context
      const what = broken < 0 ? 'does not link' : 'does not compile';
      throw shaderError(name, what, log ?? 'no log', texts[Math.max(0, broken)]);
    }
    for (const shader of shaders) if (shader !== this.vertex) gl.deleteShader(shader);
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
