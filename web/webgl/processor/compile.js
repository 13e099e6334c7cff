/**
 * Launches as WebAssembly: the fragment shader of a kernel becomes a loop over texels, with textures that lie in memory one
 * texel after the other. GLSL's vectors of four are what the processor computes on at once.
 */

import {wasmOf} from './language.js';
import {ARRAYS, ARRAY_BYTES, TEXEL} from './memory.js';
import {CODE, moduleOf} from './module.js';
import {Unsupported} from './tokens.js';
import {namesIn, treeOf} from './trees.js';
import {FunctionWriter} from './writer.js';

/** @typedef {import('./language.js').Value} Value */
/** @typedef {import('./module.js').Body} Body */
/** @typedef {import('./module.js').Wasm} Wasm */
/** @typedef {import('./parse.js').FunctionTree} FunctionTree */
/**
 * A launch as it is compiled.
 * @typedef {object} Work
 * @property {string} source
 * @property {number} texels of one layer
 * @property {number[]} reads texels of each texture that it reads
 * @property {number} writes how many textures it writes
 * @property {number} layers of the texture that it writes
 * @property {ArrayLike<number>} ints
 * @property {number[]} intScalars pairs: place in ints, scalar
 * @property {number[]} floats the scalar that each float uniform shows
 */

/**
 * A module with a function for each launch, named by its place. Their parameters are addresses: of the scalars (8 bytes each:
 * as int, as float), of what they read, of what they write.
 * @param {Work[]} works
 */
export function compiled(works) {
  /** @type {Body[]} */
  const bodies = [];
  works.forEach((work, i) => new LaunchCompiler(work, bodies).compile(String(i)));
  return moduleOf(bodies);
}

const [ADD, LESS] = [[0x6a], [0x48]];

/** Rows that are computed at a time where a kernel reads across rows: a line of the cache has as many floats. */
const BLOCK = 16;

/** What textures and uniforms are called: functions that use them are written where they are called. */
const OUTSIDE = /^(?:fetch|element|fetchSameTexel|out)\d+$|^[uf]$/;

/** What one launch is compiled with; its functions are compiled when they are called. */
export class LaunchCompiler {
  /**
   * @param {Work} work
   * @param {Body[]} bodies
   */
  constructor(work, bodies) {
    this.work = work;
    this.bodies = bodies;
    this.tree = treeOf(work.source);
    /** @type {Map<string, {index: number, tree: FunctionTree}>} */
    this.compiledFunctions = new Map();
    /** @type {Map<FunctionTree, boolean>} */
    this.outside = new Map();
    this.arrays = ARRAYS;
  }

  /** @param {number} bytes */
  reserve(bytes) {
    const address = this.arrays;
    this.arrays += bytes;
    if (this.arrays > ARRAY_BYTES) {
      throw new Unsupported('a kernel has more arrays than there is room for');
    }
    return address;
  }

  /** @param {string} name */
  compile(name) {
    const {work, tree} = this;
    const main = /** @type {FunctionTree} */ (tree.functions.find((each) => each.name === 'main'));
    const inputs = work.reads.map((_, i) => 1 + i);
    const outputs = Array.from({length: work.writes}, (_, i) => 1 + inputs.length + i);
    /** @type {Wasm[]} */
    const parameters = new Array(1 + inputs.length + outputs.length).fill('i32');
    const writer = new FunctionWriter(this, main, parameters);
    const t = writer.local('i32');
    writer.main = {t, scalars: 0, inputs};
    /** @type {number[]} */
    const results = tree.outputs.map(({type, name: told}) => {
      const local = writer.local('v128');
      writer.scopes[0].set(told, {type, local});
      return local;
    });
    const order = this.visits(writer, t);
    writer.push(...order.begin, CODE.block);
    writer.depth += order.loops + 1;
    writer.returns = {depth: writer.depth, local: -1};
    writer.statements(main.body);
    results.forEach((local, i) => {
      const [output, layer] = work.layers > 1 ? [outputs[0], i] : [outputs[i], 0];
      const offset = layer * work.texels * TEXEL;
      writer.push(
        CODE.get(output),
        CODE.get(t),
        CODE.int(4),
        [0x74, 0x6a],
        CODE.get(local),
        CODE.store('v128', offset),
      );
    });
    writer.push(CODE.end, ...order.end);
    this.bodies.push({parameters, results: [], locals: writer.locals, code: writer.code, name});
  }

  /**
   * The loops over texels: one after the other, or in blocks of BLOCK rows, from one column of texels to the next, where a
   * kernel reads across the rows of what it reads (`ROW_LENGTH`): then each line of the cache is used while it is there.
   * @param {FunctionWriter} writer
   * @param {number} t the local that counts
   * @returns {{begin: number[][], end: number[][], loops: number}}
   */
  visits(writer, t) {
    const {source, ints, texels} = this.work;
    const told = /#define ROW_LENGTH u\[(\d+)\]/.exec(source);
    const width = told ? ints[Number(told[1])] / 4 : texels;
    const count = (
      /** @type {number} */ local,
      /** @type {number} */ step,
      /** @type {number[]} */ limit,
    ) => [CODE.get(local), CODE.int(step), ADD, CODE.tee(local), limit, LESS, CODE.brIf(0), CODE.end];
    if (width >= texels) return {begin: [CODE.loop], end: count(t, 1, CODE.int(texels)), loops: 1};
    const [first, column, limit] = [writer.local('i32'), writer.local('i32'), writer.local('i32')];
    const block = BLOCK * width;
    return {
      begin: [
        [CODE.loop, CODE.int(0), CODE.set(column)],
        [
          CODE.get(first),
          CODE.int(block),
          ADD,
          CODE.tee(limit),
          CODE.int(texels),
          CODE.get(limit),
          CODE.int(texels),
          LESS,
        ],
        [CODE.select, CODE.set(limit)],
        [CODE.loop, CODE.get(first), CODE.get(column), ADD, CODE.set(t), CODE.loop],
      ].flat(),
      end: [
        ...count(t, width, CODE.get(limit)),
        ...count(column, 1, CODE.int(width)),
        ...count(first, block, CODE.int(texels)),
      ],
      loops: 3,
    };
  }

  /**
   * The function that a call means.
   * @param {string} name
   * @param {Value[]} given
   */
  find(name, given) {
    const types = given.map(({type}) => type).join();
    const found = this.tree.functions.find(
      (each) => each.name === name && each.parameters.map(({type}) => type).join() === types,
    );
    if (!found) throw new Unsupported(`no function ${name}(${types}) is known here`);
    return found;
  }

  /**
   * Whether a function reads textures or uniforms, or writes results.
   * @param {FunctionTree} tree
   * @returns {boolean}
   */
  reachesOutside(tree) {
    const known = this.outside.get(tree);
    if (known !== undefined) return known;
    this.outside.set(tree, false); // while it is asked: functions of one name may call each other
    const names = namesIn(tree.body, new Set());
    const found = Array.from(names).some(
      (name) =>
        OUTSIDE.test(name) ||
        this.tree.functions.some((each) => each.name === name && each !== tree && this.reachesOutside(each)),
    );
    this.outside.set(tree, found);
    return found;
  }

  /**
   * The place of a function in the module.
   * @param {FunctionTree} tree
   */
  indexOf(tree) {
    const key = `${tree.name}(${tree.parameters.map(({type}) => type).join()})`;
    const known = this.compiledFunctions.get(key);
    if (known) return known.index;
    const given = tree.parameters.filter(({out}) => !out);
    const parameters = given.map(({type}) => wasmOf(type));
    const writer = new FunctionWriter(this, tree, parameters);
    given.forEach(({name, type}, i) => writer.scopes[0].set(name, {type, local: i}));
    const results = resultsOf(tree).map(({type, name}) => {
      const local = writer.local(wasmOf(type));
      if (name) writer.scopes[0].set(name, {type, local});
      return {type, local};
    });
    writer.push(CODE.block);
    writer.depth++;
    writer.returns = {depth: writer.depth, local: tree.type === 'void' ? -1 : results[0].local};
    writer.statements(tree.body);
    writer.push(CODE.end, ...results.map(({local}) => CODE.get(local)));
    const index = this.bodies.length;
    this.bodies.push({
      parameters,
      results: results.map(({type}) => wasmOf(type)),
      locals: writer.locals,
      code: writer.code,
      name: '',
    });
    this.compiledFunctions.set(key, {index, tree});
    return index;
  }
}

/**
 * What a function gives back: its own result, then what it puts into its arguments.
 * @param {FunctionTree} tree
 * @returns {{type: string, name: string}[]}
 */
function resultsOf({type, parameters}) {
  return [...(type === 'void' ? [] : [{type, name: ''}]), ...parameters.filter(({out}) => out)];
}
