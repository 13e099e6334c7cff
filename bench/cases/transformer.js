/** A transformer encoder of two blocks, written with ops: each block is one layer that evaluates an expression. */

const STEPS = 16;
const WIDTH = 32;
const HEADS = 4;
const INNER = 64;
const DEPTH = WIDTH / HEADS;

/** @param {any[]} values */
const list = (...values) => ({list: values});

/**
 * @param {string} input
 * @param {string} weight
 * @param {string} bias
 * @param {number} from
 * @returns {any} a product with the same matrix in each step; both sides want matrices for it
 */
const project = (input, weight, bias, from) => [
  'add',
  ['matMul', ['reshape', input, list(-1, from)], weight],
  bias,
];

/** @param {any} rows */
const heads = (rows) => ['transpose', ['reshape', rows, list(-1, STEPS, HEADS, DEPTH)], list(0, 2, 1, 3)];

/**
 * @param {string} input
 * @param {string} name of its moments, its scale and its shift
 * @returns {[string, any][]}
 */
export const normalized = (input, name) => [
  [`${name}Moments`, ['moments', input, -1, true]],
  [
    `${name}Normal`,
    [
      'add',
      [
        'mul',
        ['mul', ['sub', input, `$${name}Moments.mean`], ['rsqrt', ['add', `$${name}Moments.variance`, 1e-5]]],
        `$${name}Scale`,
      ],
      `$${name}Shift`,
    ],
  ],
];

/** @type {[string, any][]} */
const BLOCK = [
  ['q', heads(project('$x', '$query', '$queryBias', WIDTH))],
  ['k', heads(project('$x', '$key', '$keyBias', WIDTH))],
  ['v', heads(project('$x', '$value', '$valueBias', WIDTH))],
  ['scores', ['softmax', ['mul', ['matMul', '$q', '$k', false, true], 1 / Math.sqrt(DEPTH)]]],
  ['mixed', ['transpose', ['matMul', '$scores', '$v'], list(0, 2, 1, 3)]],
  ['attended', ['reshape', project('$mixed', '$out', '$outBias', WIDTH), list(-1, STEPS, WIDTH)]],
  ['a', ['add', '$x', '$attended']],
  ...normalized('$a', 'first'),
  ['inner', ['relu', project('$firstNormal', '$wide', '$wideBias', WIDTH)]],
  ['outer', ['reshape', project('$inner', '$narrow', '$narrowBias', INNER), list(-1, STEPS, WIDTH)]],
  ['b', ['add', '$firstNormal', '$outer']],
  ...normalized('$b', 'second'),
];

/** @type {Record<string, [number[], string]>} shapes and initializers */
const WEIGHTS = {
  ...Object.fromEntries(
    ['query', 'key', 'value', 'out'].flatMap((name) => [
      [name, [[WIDTH, WIDTH], 'glorotUniform']],
      [`${name}Bias`, [[WIDTH], 'zeros']],
    ]),
  ),
  wide: [[WIDTH, INNER], 'glorotUniform'],
  wideBias: [[INNER], 'zeros'],
  narrow: [[INNER, WIDTH], 'glorotUniform'],
  narrowBias: [[WIDTH], 'zeros'],
  firstScale: [[WIDTH], 'ones'],
  firstShift: [[WIDTH], 'zeros'],
  secondScale: [[WIDTH], 'ones'],
  secondShift: [[WIDTH], 'zeros'],
};

const block = {
  layer: 'expression',
  config: {weights: WEIGHTS, expression: {steps: BLOCK}, shape: [STEPS, WIDTH]},
};

export const TOKENS = STEPS;

/** @type {import('./networks.js').Entry[]} */
export const TRANSFORMER = [
  {layer: 'input', config: {shape: [STEPS]}},
  {layer: 'embedding', config: {inputDim: 200, outputDim: WIDTH}},
  block,
  block,
  {layer: 'globalAveragePooling1d', config: {}},
  {layer: 'dense', config: {units: 4, activation: 'softmax'}},
];
