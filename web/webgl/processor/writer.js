/** The code of a function: its statements and expressions as WebAssembly. */

import {FUNCTIONS} from './functions.js';
import {
  assembled,
  baseOf,
  constantOf,
  converted,
  kept,
  laneOf,
  made,
  negated,
  operated,
  splat,
  typeOf,
  widthOf,
  wasmOf,
} from './language.js';
import {TEXEL, VECTOR} from './memory.js';
import {CODE} from './module.js';
import {Unsupported} from './tokens.js';
import {assignedIn, targetOf} from './trees.js';

/** @typedef {import('./compile.js').LaunchCompiler} LaunchCompiler */
/** @typedef {import('./language.js').Value} Value */
/** @typedef {import('./module.js').Wasm} Wasm */
/** @typedef {import('./parse.js').Expression} Expression */
/** @typedef {import('./parse.js').FunctionTree} FunctionTree */
/** @typedef {import('./parse.js').Statement} Statement */
/**
 * What a name stands for: a local, a value that is known, or an array in memory.
 * @typedef {{type: string, local: number} | {type: string, value: Value} | {type: string, address: number, length: number}} Meaning
 */

const TEXTURE = /^(fetch|element|fetchSameTexel)(\d+)$/;

/**
 * Where a lane lies, from the beginning of its vector.
 * @param {Value} lane
 */
const laneAddress = ({code}) => [...code, ...CODE.int(3), 0x71, ...CODE.int(2), 0x74];

/** Writes the code of one function. */
export class FunctionWriter {
  /**
   * @param {LaunchCompiler} launch
   * @param {FunctionTree} tree
   * @param {Wasm[]} parameters
   */
  constructor(launch, tree, parameters) {
    this.launch = launch;
    this.assigned = assignedIn(tree);
    this.first = parameters.length;
    /** @type {Wasm[]} */
    this.locals = [];
    /** @type {number[]} */
    this.code = [];
    /** @type {Map<string, Meaning>[]} */
    this.scopes = [new Map()];
    this.depth = 0;
    /** Where `return` goes, and the local that takes the value. */
    this.returns = {depth: 0, local: -1};
    this.breaks = 0;
    this.continues = 0;
    /** @type {{t: number, scalars: number, inputs: number[]} | null} the locals of a launch's own function */
    this.main = null;
  }

  /** @param {Wasm} type */
  local(type) {
    this.locals.push(type);
    return this.first + this.locals.length - 1;
  }

  /** @param {number[][]} parts */
  push(...parts) {
    for (const part of parts) for (const byte of part) this.code.push(byte);
  }

  /**
   * Writes what `write` does into a block of its own, for code that has a place in the middle of a value's.
   * @param {() => void} write
   * @returns {number[]}
   */
  aside(write) {
    const before = this.code;
    this.code = [];
    write();
    const {code} = this;
    this.code = before;
    return code;
  }

  // Statements

  /** @param {Statement[]} body */
  statements(body) {
    for (const statement of body) this.statement(statement);
  }

  /** @param {Statement[]} body */
  scoped(body) {
    this.scopes.push(new Map());
    this.statements(body);
    this.scopes.pop();
  }

  /** @param {Statement} statement */
  statement(statement) {
    switch (statement.kind) {
      case 'declare':
        for (const each of statement.names) this.declare(statement.type, each);
        break;
      case 'expression':
        this.effect(statement.value);
        break;
      case 'block':
        this.scoped(statement.body);
        break;
      case 'if':
        this.if(statement);
        break;
      case 'for':
        this.for(statement);
        break;
      case 'return':
        if (statement.value) this.push(this.value(statement.value).code, CODE.set(this.returns.local));
        this.push(CODE.br(this.depth - this.returns.depth));
        break;
      case 'break':
        this.push(CODE.br(this.depth - this.breaks));
        break;
      case 'continue':
        this.push(CODE.br(this.depth - this.continues));
        break;
    }
  }

  /**
   * @param {string} type
   * @param {import('./parse.js').Declarator} declarator
   */
  declare(type, {name, length, value}) {
    const scope = /** @type {Map<string, Meaning>} */ (this.scopes.at(-1));
    if (length) {
      const count = this.value(length).constant ?? 0;
      const bytes = wasmOf(type) === 'v128' ? TEXEL : 4;
      const address = this.launch.reserve(Math.ceil((count * bytes) / TEXEL) * TEXEL);
      scope.set(name, {type, address, length: count});
      if (value?.kind !== 'call') return;
      value.given.forEach((each, i) => {
        this.push(CODE.int(0), this.value(each).code, CODE.store(wasmOf(type), address + i * bytes));
      });
      return;
    }
    const given = value && this.value(value);
    if (given?.constant !== undefined && !this.assigned.has(name)) {
      scope.set(name, {type, value: given});
      return;
    }
    const local = this.local(wasmOf(type));
    if (given) this.push(given.code, CODE.set(local));
    scope.set(name, {type, local});
  }

  /** @param {Statement & {kind: 'if'}} statement */
  if({condition, yes, no}) {
    const test = this.value(condition);
    if (test.constant !== undefined) {
      if (test.constant) this.scoped([yes]);
      else if (no) this.scoped([no]);
      return;
    }
    this.push(test.code, CODE.if);
    this.depth++;
    this.scoped([yes]);
    if (no) {
      this.push(CODE.else);
      this.scoped([no]);
    }
    this.depth--;
    this.push(CODE.end);
  }

  /** @param {Statement & {kind: 'for'}} statement */
  for({first, condition, step, body}) {
    const {breaks, continues} = this;
    this.scopes.push(new Map());
    if (first) this.statement(first);
    this.push(CODE.block);
    this.breaks = ++this.depth;
    const leave = () => {
      if (!condition) return;
      this.push(this.value(condition).code, [0x45], CODE.brIf(this.depth - this.breaks));
    };
    leave();
    this.push(CODE.loop);
    this.depth++;
    this.push(CODE.block);
    this.continues = ++this.depth;
    this.scoped([body]);
    this.push(CODE.end);
    this.depth--;
    if (step) this.effect(step);
    if (condition) this.push(this.value(condition).code, CODE.brIf(0));
    else this.push(CODE.br(0));
    this.push(CODE.end, CODE.end);
    this.depth -= 2;
    this.scopes.pop();
    this.breaks = breaks;
    this.continues = continues;
  }

  /** @param {Expression} expression whose value nobody wants */
  effect(expression) {
    if (expression.kind === 'assign') {
      this.assign(expression);
      return;
    }
    if (expression.kind === 'call') {
      const {type, code} = this.call(expression);
      this.push(code, type === 'void' ? [] : CODE.drop);
    }
  }

  /** @param {Expression & {kind: 'assign'}} expression */
  assign({sign, to, value}) {
    const given = this.value(value);
    if (!sign) {
      this.put(to, given);
      return;
    }
    const former = this.value(to);
    this.put(
      to,
      operated(
        this,
        sign,
        former,
        given.type === 'int' && former.type === 'uint' ? {...given, type: 'uint'} : given,
      ),
    );
  }

  /**
   * @param {Expression} to
   * @param {Value} value
   */
  put(to, value) {
    if (to.kind === 'name') {
      const meaning = this.meaning(to.name);
      if (!('local' in meaning)) throw new Unsupported(`${to.name} cannot be assigned`);
      this.push(value.code, CODE.set(meaning.local));
      return;
    }
    if (to.kind === 'index' && to.of.kind === 'name') {
      const meaning = this.meaning(to.of.name);
      if ('address' in meaning) {
        this.push(
          this.addressOf(meaning, to.at),
          value.code,
          CODE.store(wasmOf(value.type), meaning.address),
        );
        return;
      }
    }
    if (to.kind !== 'index' && to.kind !== 'member') throw new Unsupported('this cannot be assigned');
    const vector = this.value(to.of);
    const at = to.kind === 'member' ? constantOf('int', 'xyzw'.indexOf(to.name)) : this.value(to.at);
    if (to.kind === 'member' && to.name.length > 1) {
      throw new Unsupported('several elements cannot be assigned at once');
    }
    if (at.constant !== undefined) {
      const replace = baseOf(vector.type) === 'float' ? 0x20 : 0x1c;
      this.put(to.of, made(vector.type, vector.code, value.code, [0xfd, replace, at.constant]));
      return;
    }
    const [place, given] = [kept(this, at), kept(this, value)];
    this.push(place.before, given.before);
    this.push(CODE.int(0), vector.code, CODE.store('v128', VECTOR));
    this.push(laneAddress(place.value), given.value.code, CODE.store(wasmOf(value.type), VECTOR));
    this.put(to.of, made(vector.type, CODE.int(0), CODE.load('v128', VECTOR)));
  }

  // Expressions

  /**
   * @param {string} name
   * @returns {Meaning}
   */
  meaning(name) {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const found = this.scopes[i].get(name);
      if (found) return found;
    }
    throw new Unsupported(`${name} is not known here`);
  }

  /**
   * @param {Expression} expression
   * @returns {Value}
   */
  value(expression) {
    switch (expression.kind) {
      case 'number':
        return constantOf(expression.type, expression.value);
      case 'name': {
        const meaning = this.meaning(expression.name);
        if ('value' in meaning) return meaning.value;
        if ('address' in meaning) throw new Unsupported(`the array ${expression.name} is no value`);
        return made(meaning.type, CODE.get(meaning.local));
      }
      case 'unary':
        return negated(this, expression.sign, this.value(expression.of));
      case 'binary':
        return operated(this, expression.sign, this.value(expression.left), this.value(expression.right));
      case 'choice':
        return this.choice(expression);
      case 'index':
        return this.index(expression);
      case 'member':
        return this.member(expression);
      case 'call':
        return this.call(expression);
      default:
        throw new Unsupported('assignments are statements here');
    }
  }

  /**
   * @param {Expression & {kind: 'choice'}} expression
   * @returns {Value}
   */
  choice({condition, yes, no}) {
    const test = this.value(condition);
    if (test.constant !== undefined) return this.value(test.constant ? yes : no);
    const [first, second] = [this.value(yes), this.value(no)];
    const isVector = wasmOf(first.type) === 'v128';
    return made(first.type, first.code, second.code, test.code, isVector ? CODE.selectVector : CODE.select);
  }

  /**
   * Where an element of an array lies, from its beginning.
   * @param {{type: string, length: number}} array
   * @param {Expression} at
   * @returns {number[]}
   */
  addressOf({type, length}, at) {
    const place = this.value(at);
    const bytes = wasmOf(type) === 'v128' ? TEXEL : 4;
    const most = constantOf('int', length - 1);
    const held = FUNCTIONS.clamp(this, [place, constantOf('int', 0), most], 'clamp');
    return operated(this, '*', held, constantOf('int', bytes)).code;
  }

  /**
   * @param {Expression & {kind: 'index'}} expression
   * @returns {Value}
   */
  index({of, at}) {
    if (of.kind === 'name' && (of.name === 'u' || of.name === 'f') && this.main) {
      return this.uniform(of.name, this.value(at).constant ?? 0, this.main.scalars);
    }
    if (of.kind === 'name') {
      const meaning = this.meaning(of.name);
      if ('address' in meaning) {
        return made(
          meaning.type,
          this.addressOf(meaning, at),
          CODE.load(wasmOf(meaning.type), meaning.address),
        );
      }
    }
    const vector = this.value(of);
    const place = this.value(at);
    if (place.constant !== undefined) {
      const {before, value} = kept(this, vector);
      const lane = laneOf(value, place.constant);
      return {...lane, code: [...before, ...lane.code], lane: before.length ? undefined : lane.lane};
    }
    const type = baseOf(vector.type);
    const {before, value} = kept(this, place);
    const stored = [...CODE.int(0), ...vector.code, ...CODE.store('v128', VECTOR)];
    return made(type, before, stored, laneAddress(value), CODE.load(wasmOf(type), VECTOR));
  }

  /**
   * @param {string} array
   * @param {number} at
   * @param {number} scalars the local with their address
   * @returns {Value}
   */
  uniform(array, at, scalars) {
    const {ints, intScalars, floats} = this.launch.work;
    if (array === 'f') return made('float', CODE.get(scalars), CODE.load('f32', 8 * floats[at] + 4));
    for (let i = 0; i < intScalars.length; i += 2) {
      if (intScalars[i] === at) {
        return made('int', CODE.get(scalars), CODE.load('i32', 8 * intScalars[i + 1]));
      }
    }
    return constantOf('int', ints[at]);
  }

  /**
   * @param {Expression & {kind: 'member'}} expression
   * @returns {Value}
   */
  member({of, name}) {
    const {before, value} = kept(this, this.value(of));
    const lanes = Array.from(name, (each) => 'xyzw'.indexOf(each));
    if (lanes.length === 1) {
      const lane = laneOf(value, lanes[0]);
      return {...lane, code: [...before, ...lane.code], lane: before.length ? undefined : lane.lane};
    }
    const type = typeOf(baseOf(value.type), lanes.length);
    return made(type, before, value.code, value.code, CODE.shuffle([...lanes, 0, 0, 0].slice(0, 4)));
  }

  /**
   * @param {Expression & {kind: 'call'}} expression
   * @returns {Value}
   */
  call({name, given}) {
    if (name === 'texel' && this.main) return made('int', CODE.get(this.main.t));
    const texture = TEXTURE.exec(name);
    if (texture) return this.read(texture[1], Number(texture[2]), given);
    const values = given.map((each) => this.value(each));
    if (/^(?:[biu]?vec[234]|int|uint|float|bool)$/.test(name)) return this.constructed(name, values);
    if (name in FUNCTIONS) return FUNCTIONS[name](this, values, name);
    const tree = this.launch.find(name, values);
    if (this.launch.reachesOutside(tree)) return this.inlined(tree, values);
    const index = this.launch.indexOf(tree);
    const inputs = values.filter((_, i) => !tree.parameters[i].out);
    const call = [...inputs.flatMap(({code}) => code), ...CODE.call(index)];
    const targets = given.filter((_, i) => tree.parameters[i].out);
    if (!targets.length) return made(tree.type, call);
    const puts = targets.reverse().map((target) => {
      const meaning = this.meaning(targetOf(target));
      const type = target.kind === 'name' ? meaning.type : '';
      if (!type || !('local' in meaning)) {
        throw new Unsupported(`${name} gives results to variables only`);
      }
      return CODE.set(meaning.local);
    });
    return made(tree.type, call, ...puts);
  }

  /**
   * A function written where it is called.
   * @param {FunctionTree} tree
   * @param {Value[]} values
   * @returns {Value}
   */
  inlined(tree, values) {
    const {scopes, assigned, returns} = this;
    /** @type {Map<string, Meaning>} */
    const own = new Map();
    const changed = assignedIn(tree);
    const code = this.aside(() => {
      tree.parameters.forEach(({name, type}, i) => {
        const value = values[i];
        if (value.constant !== undefined && !changed.has(name)) {
          own.set(name, {type, value});
          return;
        }
        const local = this.local(wasmOf(type));
        this.push(value.code, CODE.set(local));
        own.set(name, {type, local});
      });
      this.scopes = [scopes[0], own];
      this.assigned = changed;
      this.push(CODE.block);
      this.returns = {depth: ++this.depth, local: tree.type === 'void' ? -1 : this.local(wasmOf(tree.type))};
      this.statements(tree.body);
      this.push(CODE.end);
      this.depth--;
      if (tree.type !== 'void') this.push(CODE.get(this.returns.local));
    });
    Object.assign(this, {scopes, assigned, returns});
    return made(tree.type, code);
  }

  /**
   * A texel or an element of a texture. Places outside of it are those at its ends, as textures have it.
   * @param {string} what
   * @param {number} texture
   * @param {Expression[]} given
   * @returns {Value}
   */
  read(what, texture, given) {
    const {main, launch} = this;
    if (!main) {
      throw new Unsupported('a function reads a texture and is not written where it is called');
    }
    const base = CODE.get(main.inputs[texture]);
    const texels = launch.work.reads[texture];
    const type = this.typeOfTexture(texture);
    if (what === 'fetchSameTexel') {
      return made(type, base, CODE.get(main.t), CODE.int(4), [0x74, 0x6a], CODE.load('v128'));
    }
    const [unit, shift, read] = what === 'fetch' ? [texels, 4, type] : [4 * texels, 2, baseOf(type)];
    const at = this.value(given[0]);
    const wasm = wasmOf(read);
    if (at.constant !== undefined) {
      const place = Math.max(0, Math.min(unit - 1, at.constant));
      return made(read, base, CODE.load(wasm, place << shift));
    }
    const {before, value} = kept(this, at);
    const last = CODE.int(unit - 1);
    const held = [...value.code, ...last, ...value.code, ...last, 0x49, ...CODE.select];
    return made(read, base, before, held, CODE.int(shift), [0x74, 0x6a], CODE.load(wasm));
  }

  /** @param {number} texture */
  typeOfTexture(texture) {
    const fetch = this.launch.tree.functions.find(({name}) => name === `fetch${texture}`);
    return /** @type {FunctionTree} */ (fetch).type;
  }

  /**
   * @param {string} type
   * @param {Value[]} values
   * @returns {Value}
   */
  constructed(type, values) {
    const [base, width] = [baseOf(type), widthOf(type)];
    const [first] = values;
    if (width === 1) {
      const scalar = widthOf(first.type) > 1 ? this.lanes(first)[0] : first;
      return converted(scalar, base);
    }
    if (values.length === 1 && widthOf(first.type) === width) return converted(first, base);
    if (values.length === 1 && widthOf(first.type) === 1) return splat(converted(first, base), width);
    /** @type {number[][]} */
    const before = [];
    const lanes = values.flatMap((each) => {
      const held = kept(this, each);
      before.push(held.before);
      if (widthOf(each.type) === 1) return [converted(held.value, base)];
      return Array.from({length: widthOf(each.type)}, (_, i) => converted(laneOf(held.value, i), base));
    });
    return made(type, ...before, assembled(type, lanes.slice(0, width)).code);
  }

  /** @param {Value} vector */
  lanes(vector) {
    const {before, value} = kept(this, vector);
    return Array.from({length: widthOf(vector.type)}, (_, i) => {
      const lane = laneOf(value, i);
      return i ? lane : {...lane, code: [...before, ...lane.code], lane: undefined};
    });
  }
}
