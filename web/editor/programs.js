/** The program being written, kept in this browser while it is; those that others replaced are kept for a while. */

import {recall, remember} from '../layout/storage.js';

const CURRENT = 'program';
const EARLIER = 'earlier';
const MOST_EARLIER = 10;

/**
 * @typedef {object} Program
 * @property {string} name the name of its file
 * @property {string} text
 * @property {string} [folder] the folder of the site that it comes from; it finds its data there
 */

/** @typedef {Program & {when: number}} EarlierProgram when it was replaced, in milliseconds since 1970 */

/** @type {Program} */
export const FIRST = {
  name: 'program.py',
  text: `# Ctrl-Enter runs all, Shift-Enter one statement.
# Examples, above, has more programs. Keras programs run unchanged: import keras works.
import tfjs_pyo as tf

model = tf.sequential()
model.add(tf.layers.dense({'units': 1, 'inputShape': [1]}))
model.compile({'optimizer': 'sgd', 'loss': 'meanSquaredError'})

xs = tf.tensor2d([[1], [2], [3], [4]])
ys = tf.tensor2d([[1], [3], [5], [7]])
await model.fit(xs, ys, {'epochs': 1000})
model.predict(tf.tensor2d([[5]])).print()
`,
};

/**
 * @param {any} value
 * @returns {value is Program}
 */
const isProgram = (value) => typeof value?.name === 'string' && typeof value?.text === 'string';

/** @returns {Program} what was written last, or what a first visit begins with */
export function recallProgram() {
  const kept = recall(CURRENT);
  return isProgram(kept) ? kept : FIRST;
}

/** @param {Program} program */
export const rememberProgram = (program) => remember(CURRENT, program);

/**
 * @param {any} value
 * @returns {value is EarlierProgram}
 */
const isEarlier = (value) => isProgram(value) && 'when' in value && typeof value.when === 'number';

/** @returns {EarlierProgram[]} the newest first */
export function earlierPrograms() {
  const kept = recall(EARLIER);
  return Array.isArray(kept) ? kept.filter(isEarlier) : [];
}

/**
 * Keep a program that is about to be replaced; the same text is kept once.
 *
 * @param {Program} program
 */
export function keepEarlier(program) {
  if (program.text.trim() === '' || program.text === FIRST.text) return;
  const others = earlierPrograms().filter(({text}) => text !== program.text);
  remember(EARLIER, [{...program, when: Date.now()}, ...others].slice(0, MOST_EARLIER));
}
