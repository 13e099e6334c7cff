/** Programs, cached by their full source: two kernels that read the same are one program. */

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
   * Returns the number of the program with this source, compiled if it is new.
   * @param {string} source a fragment shader, after a vertex shader where it has its own
   * @param {string} name what errors call it
   * @returns {number}
   */
  get(source, name) {
    const known = this.ids.get(source);
    if (known !== undefined) return known;
    const [own, fragment] = source.includes(FRAGMENT_FOLLOWS) ? source.split(FRAGMENT_FOLLOWS) : ['', source];
    this.vertex ??= this.shader(this.gl.VERTEX_SHADER, VERTEX, 'vertex shader');
    const vertex = own ? this.shader(this.gl.VERTEX_SHADER, own, name) : this.vertex;
    const program = this.link(vertex, fragment, name);
    if (own) this.gl.deleteShader(vertex);
    this.list.push(program);
    this.ids.set(source, this.list.length - 1);
    return this.list.length - 1;
  }

  /**
   * @param {WebGLShader} vertex
   * @param {string} source
   * @param {string} name
   * @returns {Program}
   */
  link(vertex, source, name) {
    const {gl} = this;
    const fragment = this.shader(gl.FRAGMENT_SHADER, source, name);
    const program = gl.createProgram();
    if (!program) throw new Error('the GPU context is lost: no program could be created');
    gl.attachShader(program, vertex);
    gl.attachShader(program, fragment);
    gl.linkProgram(program);
    gl.deleteShader(fragment);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
      const log = gl.getProgramInfoLog(program) ?? 'no log';
      throw shaderError(name, 'does not link', log, source);
    }
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
   * @param {string} name
   * @returns {WebGLShader}
   */
  shader(type, source, name) {
    const {gl} = this;
    const shader = gl.createShader(type);
    if (!shader) throw new Error('the GPU context is lost: no shader could be created');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
      throw shaderError(name, 'does not compile', gl.getShaderInfoLog(shader) ?? 'no log', source);
    }
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
