/** GLSL as a tree: the part of the language that kernels are written in (compiler/emitter.py, ops/glsl.py, web/glsl). */

import {Unsupported, preprocessed} from './tokens.js';

/** @typedef {import('./tokens.js').Token} Token */
/**
 * @typedef {{kind: 'number', type: string, value: number}
 *   | {kind: 'name', name: string}
 *   | {kind: 'call', name: string, length: Expression | null, given: Expression[]}
 *   | {kind: 'index', of: Expression, at: Expression}
 *   | {kind: 'member', of: Expression, name: string}
 *   | {kind: 'unary', sign: string, of: Expression}
 *   | {kind: 'binary', sign: string, left: Expression, right: Expression}
 *   | {kind: 'choice', condition: Expression, yes: Expression, no: Expression}
 *   | {kind: 'assign', sign: string, to: Expression, value: Expression}} Expression
 *   `length` of a call is that of the array that it makes; `sign` of an assignment is the operation that comes before it
 */
/** @typedef {{name: string, length: Expression | null, value: Expression | null}} Declarator */
/**
 * @typedef {{kind: 'declare', type: string, names: Declarator[]}
 *   | {kind: 'expression', value: Expression}
 *   | {kind: 'if', condition: Expression, yes: Statement, no: Statement | null}
 *   | {kind: 'for', first: Statement | null, condition: Expression | null, step: Expression | null, body: Statement}
 *   | {kind: 'block', body: Statement[]}
 *   | {kind: 'return', value: Expression | null}
 *   | {kind: 'break'}
 *   | {kind: 'continue'}} Statement
 */
/** @typedef {{type: string, name: string, out: boolean}} Parameter */
/** @typedef {{type: string, name: string, parameters: Parameter[], body: Statement[]}} FunctionTree */
/** @typedef {{functions: FunctionTree[], outputs: {type: string, name: string}[]}} Tree */

const TYPES = /^(?:void|bool|int|uint|float|[biu]?vec[234])$/;

const BINARY = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>='];

/** @type {Token} */
const END = {kind: 'end', text: ''};

/**
 * The tree of a shader.
 * @param {string} source
 * @returns {Tree}
 */
export function parse(source) {
  return new Parser(preprocessed(source)).program();
}

class Parser {
  /** @param {Token[]} list */
  constructor(list) {
    this.list = list;
    this.at = 0;
  }

  get token() {
    return this.list[this.at] ?? END;
  }

  take() {
    const {token} = this;
    this.at++;
    return token.text;
  }

  /**
   * Takes the next token if it is this one.
   * @param {string} text
   */
  accept(text) {
    if (this.token.text !== text) return false;
    this.at++;
    return true;
  }

  /** @param {string} text */
  expect(text) {
    if (!this.accept(text)) {
      const near = this.list.slice(Math.max(0, this.at - 8), this.at + 8);
      throw new Unsupported(
        `expected '${text}', found '${this.token.text}' in ${near.map((each) => each.text).join(' ')}`,
      );
    }
  }

  isType() {
    return TYPES.test(this.token.text);
  }

  /** @returns {Tree} */
  program() {
    /** @type {Tree} */
    const tree = {functions: [], outputs: []};
    while (this.token.kind !== 'end') {
      if (this.token.text === 'precision' || this.token.text === 'uniform') this.skip();
      else if (this.accept('layout')) this.output(tree);
      else if (this.token.text === 'flat') this.skip();
      else tree.functions.push(this.function());
    }
    return tree;
  }

  skip() {
    while (this.token.kind !== 'end' && !this.accept(';')) this.at++;
  }

  /** @param {Tree} tree */
  output(tree) {
    while (!this.accept(')')) this.at++;
    this.expect('out');
    const [type, name] = [this.take(), this.take()];
    tree.outputs.push({type, name});
    this.expect(';');
  }

  /** @returns {FunctionTree} */
  function() {
    const [type, name] = [this.take(), this.take()];
    /** @type {Parameter[]} */
    const parameters = [];
    this.expect('(');
    while (!this.accept(')')) {
      const out = this.accept('out');
      parameters.push({type: this.take(), name: this.take(), out});
      this.accept(',');
    }
    this.expect('{');
    return {type, name, parameters, body: this.statements()};
  }

  /** @returns {Statement[]} up to the closing brace */
  statements() {
    /** @type {Statement[]} */
    const body = [];
    while (!this.accept('}')) {
      if (!this.accept(';')) body.push(this.statement());
    }
    return body;
  }

  /** @returns {Statement} */
  statement() {
    if (this.accept('{')) return {kind: 'block', body: this.statements()};
    if (this.accept('if')) return this.if();
    if (this.accept('for')) return this.for();
    for (const kind of /** @type {const} */ (['break', 'continue'])) {
      if (this.accept(kind)) {
        this.expect(';');
        return {kind};
      }
    }
    if (this.accept('return')) {
      const value = this.token.text === ';' ? null : this.expression();
      this.expect(';');
      return {kind: 'return', value};
    }
    const simple = this.simple();
    this.expect(';');
    return simple;
  }

  /** @returns {Statement} */
  simple() {
    this.accept('const');
    return this.isType() && this.list[this.at + 1]?.kind === 'name'
      ? this.declaration()
      : {kind: 'expression', value: this.expression()};
  }

  /** @returns {Statement} */
  declaration() {
    const type = this.take();
    /** @type {Declarator[]} */
    const names = [];
    do {
      const name = this.take();
      const length = this.accept('[') ? this.expression() : null;
      if (length) this.expect(']');
      names.push({name, length, value: this.accept('=') ? this.expression() : null});
    } while (this.accept(','));
    return {kind: 'declare', type, names};
  }

  /** @returns {Statement} */
  if() {
    this.expect('(');
    const condition = this.expression();
    this.expect(')');
    const yes = this.statement();
    return {kind: 'if', condition, yes, no: this.accept('else') ? this.statement() : null};
  }

  /** @returns {Statement} */
  for() {
    this.expect('(');
    const first = this.token.text === ';' ? null : this.simple();
    this.expect(';');
    const condition = this.token.text === ';' ? null : this.expression();
    this.expect(';');
    const step = this.token.text === ')' ? null : this.expression();
    this.expect(')');
    return {kind: 'for', first, condition, step, body: this.statement()};
  }

  /** @returns {Expression} */
  expression() {
    const left = this.choice();
    if (!ASSIGNMENTS.includes(this.token.text)) return left;
    const sign = this.take().slice(0, -1);
    return {kind: 'assign', sign, to: left, value: this.expression()};
  }

  /** @returns {Expression} */
  choice() {
    const condition = this.binary(0);
    if (!this.accept('?')) return condition;
    const yes = this.expression();
    this.expect(':');
    return {kind: 'choice', condition, yes, no: this.expression()};
  }

  /**
   * @param {number} level
   * @returns {Expression}
   */
  binary(level) {
    if (level === BINARY.length) return this.unary();
    let left = this.binary(level + 1);
    while (BINARY[level].includes(this.token.text)) {
      const sign = this.take();
      left = {kind: 'binary', sign, left, right: this.binary(level + 1)};
    }
    return left;
  }

  /** @returns {Expression} */
  unary() {
    for (const sign of ['-', '!', '~']) {
      if (this.accept(sign)) return {kind: 'unary', sign, of: this.unary()};
    }
    if (this.accept('+')) return this.unary();
    for (const sign of ['+', '-']) {
      if (this.accept(sign + sign)) return increased(this.unary(), sign);
    }
    return this.postfix();
  }

  /** @returns {Expression} */
  postfix() {
    let found = this.primary();
    for (;;) {
      if (this.accept('[')) {
        found = {kind: 'index', of: found, at: this.expression()};
        this.expect(']');
      } else if (this.accept('.')) {
        found = {kind: 'member', of: found, name: this.take()};
      } else if (this.accept('++')) {
        found = increased(found, '+'); // whose value nobody uses
      } else if (this.accept('--')) {
        found = increased(found, '-');
      } else {
        return found;
      }
    }
  }

  /** @returns {Expression} */
  primary() {
    const {kind, text} = this.token;
    if (this.accept('(')) {
      const inner = this.expression();
      this.expect(')');
      return inner;
    }
    this.at++;
    if (kind === 'number') return numberOf(text);
    if (text === 'true' || text === 'false') {
      return {kind: 'number', type: 'bool', value: Number(text === 'true')};
    }
    if (kind !== 'name') throw new Unsupported(`expected an expression, found '${text}'`);
    /** @type {Expression | null} */
    let length = null;
    if (TYPES.test(text) && this.accept('[')) {
      length = this.expression();
      this.expect(']');
    }
    if (!this.accept('(')) return {kind: 'name', name: text};
    /** @type {Expression[]} */
    const given = [];
    while (!this.accept(')')) {
      given.push(this.expression());
      this.accept(',');
    }
    return {kind: 'call', name: text, length, given};
  }
}

/**
 * @param {Expression} to
 * @param {string} sign
 * @returns {Expression}
 */
function increased(to, sign) {
  return {kind: 'assign', sign, to, value: {kind: 'number', type: 'int', value: 1}};
}

/**
 * @param {string} text
 * @returns {Expression}
 */
function numberOf(text) {
  const isWhole = /^(?:0[xX][0-9a-fA-F]+|\d+)u?$/.test(text);
  if (!isWhole) return {kind: 'number', type: 'float', value: Math.fround(Number(text))};
  const type = text.endsWith('u') ? 'uint' : 'int';
  return {kind: 'number', type, value: Number(text.replace('u', '')) | 0};
}
