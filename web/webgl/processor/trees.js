/** What is known of the trees of shaders before they are compiled. */

import {FUNCTIONS} from './functions.js';
import {parse} from './parse.js';

/** @typedef {import('./parse.js').Expression} Expression */
/** @typedef {import('./parse.js').FunctionTree} FunctionTree */
/** @typedef {import('./parse.js').Tree} Tree */

/** @type {Map<string, Tree>} trees by source, the last ones */
const trees = new Map();
const MOST_TREES = 256;

/** @param {string} source */
export function treeOf(source) {
  const tree = trees.get(source) ?? parse(source);
  trees.delete(source);
  trees.set(source, tree);
  for (const oldest of trees.keys()) {
    if (trees.size <= MOST_TREES) break;
    trees.delete(oldest);
  }
  return tree;
}

/** What constructors and textures are called: nothing comes back through their arguments. */
const NO_RESULTS = /^(?:fetch\w*|element\d+|[biu]?vec[234]|int|uint|float|bool)$/;

/** The names of variables that a function gives new values after they were declared. */
const assignedNames = new WeakMap();

/** @param {FunctionTree} tree */
export function assignedIn(tree) {
  let names = assignedNames.get(tree);
  if (!names) {
    names = new Set();
    collect(tree.body, names);
    assignedNames.set(tree, names);
  }
  return /** @type {Set<string>} */ (names);
}

/**
 * Notes the names at which assignments and calls with results in their arguments aim.
 * @param {unknown} tree
 * @param {Set<string>} names
 */
function collect(tree, names) {
  if (Array.isArray(tree)) {
    for (const each of tree) collect(each, names);
    return;
  }
  if (!tree || typeof tree !== 'object') return;
  const node = /** @type {Expression} */ (tree);
  if (node.kind === 'assign') names.add(targetOf(node.to));
  if (node.kind === 'call' && !NO_RESULTS.test(node.name) && !(node.name in FUNCTIONS)) {
    for (const each of node.given) names.add(targetOf(each));
  }
  for (const each of Object.values(tree)) collect(each, names);
}

/**
 * @param {Expression} expression
 * @returns {string}
 */
export function targetOf(expression) {
  if (expression.kind === 'index' || expression.kind === 'member') return targetOf(expression.of);
  return expression.kind === 'name' ? expression.name : '';
}

/**
 * @param {unknown} tree
 * @param {Set<string>} names
 */
export function namesIn(tree, names) {
  if (Array.isArray(tree)) for (const each of tree) namesIn(each, names);
  else if (tree && typeof tree === 'object') {
    const node = /** @type {Expression} */ (tree);
    if (node.kind === 'name' || node.kind === 'call') names.add(node.name);
    for (const each of Object.values(tree)) namesIn(each, names);
  }
  return names;
}
