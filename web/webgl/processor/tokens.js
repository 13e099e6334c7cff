/** GLSL as tokens: comments go, directives are followed and macros replaced, as the language's preprocessor does. */

/** @typedef {{kind: 'name' | 'number' | 'sign' | 'end', text: string}} Token */
/** @typedef {{parameters: string[] | null, body: Token[]}} Macro `parameters` is null where it takes none, not even () */

/** GLSL that the processor has no meaning for: what says it runs on the GPU. */
export class Unsupported extends Error {
  /** @param {string} what */
  constructor(what) {
    super(`GLSL on the processor: ${what}`);
    this.name = 'Unsupported';
  }
}

const TOKEN =
  /[A-Za-z_]\w*|0[xX][0-9a-fA-F]+u?|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?u?|<<=|>>=|\+\+|--|&&|\|\||[<>=!+\-*/%&|^]=|<<|>>|[-+*/%<>=!&|^~?:;,.()[\]{}]/g;

/** @param {string} text */
export function tokens(text) {
  return Array.from(
    text.matchAll(TOKEN),
    ([found]) => /** @type {Token} */ ({kind: kindOf(found), text: found}),
  );
}

/** @param {string} text */
function kindOf(text) {
  if (/^[A-Za-z_]/.test(text)) return 'name';
  return /^\.?\d/.test(text) ? 'number' : 'sign';
}

/**
 * The tokens of a shader.
 * @param {string} source
 * @returns {Token[]}
 */
export function preprocessed(source) {
  const text = source
    .replace(/\\\n/g, ' ')
    .replace(/\/\/[^\n]*/g, '')
    .replace(/\/\*[\s\S]*?\*\//g, ' ');
  /** @type {Map<string, Macro>} */
  const macros = new Map();
  /** @type {{open: boolean, taken: boolean, outer: boolean}[]} the conditions that a line stands under */
  const conditions = [];
  /** @type {Token[]} */
  const out = [];
  /** @type {Token[]} what lines between two directives say */
  let pending = [];
  const flush = () => {
    for (const token of expanded(pending, macros)) out.push(token);
    pending = [];
  };
  for (const line of text.split('\n')) {
    const directive = /^\s*#\s*(\w+)\s*(.*)$/.exec(line);
    const open = conditions.at(-1)?.open ?? true;
    if (!directive) {
      if (open) for (const token of tokens(line)) pending.push(token);
      continue;
    }
    flush();
    const [, name, rest] = directive;
    const holds = () => value(rest, macros);
    const top = conditions.at(-1);
    if (name === 'if') {
      const taken = open && holds();
      conditions.push({open: taken, taken, outer: open});
    } else if (name === 'elif' && top) {
      top.open = top.outer && !top.taken && holds();
      top.taken ||= top.open;
    } else if (name === 'else' && top) {
      top.open = top.outer && !top.taken;
    } else if (name === 'endif') {
      conditions.pop();
    } else if (name === 'define' && open) {
      define(rest, macros);
    }
  }
  flush();
  return out;
}

/**
 * @param {string} text what follows #define
 * @param {Map<string, Macro>} macros
 */
function define(text, macros) {
  const [, name, list, body] = /** @type {RegExpExecArray} */ (/^(\w+)(?:\(([^)]*)\))?\s*(.*)$/.exec(text));
  const parameters = list === undefined ? null : list.split(',').map((each) => each.trim());
  macros.set(name, {parameters, body: tokens(body)});
}

/**
 * Replaces macros, also in what they stand for.
 * @param {Token[]} list
 * @param {Map<string, Macro>} macros
 * @param {Set<string>} [inside] those whose replacement this is
 * @returns {Token[]}
 */
function expanded(list, macros, inside = new Set()) {
  /** @type {Token[]} */
  const out = [];
  for (let i = 0; i < list.length; i++) {
    const token = list[i];
    const macro = token.kind === 'name' && !inside.has(token.text) ? macros.get(token.text) : undefined;
    if (!macro || (macro.parameters && list[i + 1]?.text !== '(')) {
      out.push(token);
      continue;
    }
    let body = macro.body;
    if (macro.parameters) {
      const {given, end} = argumentsAt(list, i + 1);
      i = end;
      const values = new Map(
        macro.parameters.map((name, n) => [name, expanded(given[n] ?? [], macros, inside)]),
      );
      body = body.flatMap((each) => {
        const name = each.text;
        // The name of a macro given to another one is put in as it is.
        return (each.kind === 'name' && values.get(name)) || [each];
      });
    }
    for (const each of expanded(body, macros, new Set([...inside, token.text]))) out.push(each);
  }
  return out;
}

/**
 * The arguments of a macro, and where they end.
 * @param {Token[]} list
 * @param {number} open the place of the bracket
 */
function argumentsAt(list, open) {
  /** @type {Token[][]} */
  const given = [[]];
  let depth = 0;
  let end = open;
  for (; end < list.length; end++) {
    const {text} = list[end];
    if (text === '(' && depth++ === 0) continue;
    if (text === ')' && --depth === 0) break;
    if (text === ',' && depth === 1) given.push([]);
    else given[given.length - 1].push(list[end]);
  }
  return {given, end};
}

const BINARY = [['||'], ['&&'], ['==', '!='], ['<', '>', '<=', '>='], ['+', '-'], ['*', '/', '%']];

/** @type {Record<string, (a: number, b: number) => number>} */
const OPERATIONS = {
  '||': (a, b) => Number(a || b),
  '&&': (a, b) => Number(a && b),
  '==': (a, b) => Number(a === b),
  '!=': (a, b) => Number(a !== b),
  '<': (a, b) => Number(a < b),
  '>': (a, b) => Number(a > b),
  '<=': (a, b) => Number(a <= b),
  '>=': (a, b) => Number(a >= b),
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => Math.trunc(a / b),
  '%': (a, b) => a % b,
};

/**
 * Whether the condition of an #if holds.
 * @param {string} text
 * @param {Map<string, Macro>} macros
 */
function value(text, macros) {
  const list = expanded(tokens(text), macros);
  let at = 0;
  /** @type {(level: number) => number} */
  const binary = (level) => {
    if (level === BINARY.length) return unary();
    let left = binary(level + 1);
    while (at < list.length && BINARY[level].includes(list[at].text)) {
      const {text: sign} = list[at++];
      left = OPERATIONS[sign](left, binary(level + 1));
    }
    return left;
  };
  /** @type {() => number} */
  const unary = () => {
    const {text: first} = list[at++];
    if (first === '!') return Number(!unary());
    if (first === '-') return -unary();
    if (first === '(') {
      const inner = binary(0);
      at++;
      return inner;
    }
    return Number(first) || 0; // a name that stands for nothing is 0
  };
  return Boolean(binary(0));
}
