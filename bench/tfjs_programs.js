/**
 * TensorFlow.js's side of the programs that cases/cases.js names, as its own tutorials write them. Each makes a step and
 * returns the numbers of it; our side, ours_programs.py, has the same.
 */

/** @typedef {import('@tensorflow/tfjs').Tensor} Tensor */

/**
 * @typedef {object} Parts
 * @property {any} tf
 * @property {any} model
 * @property {any} second the second model
 * @property {Record<string, Tensor>} tensors
 * @property {Record<string, any>} kept what a program keeps from step to step
 */

/** @typedef {(parts: Parts) => Promise<ArrayLike<number>>} Step */

const RATE = 0.001;
const DISCOUNT = 0.95;

/** @param {Parts} parts */
function crossEntropy({tf, model, tensors}) {
  return tf.metrics.categoricalCrossentropy(tensors.y, model.predict(tensors.x)).mean();
}

/**
 * @param {Parts} parts
 * @param {string} name
 */
function optimizer({tf, kept}, name = 'optimizer') {
  kept[name] ??= tf.train.adam(RATE, 0.9, 0.999, 1e-7);
  return kept[name];
}

/** @param {any} model */
const variables = (model) => model.trainableWeights.map((/** @type {any} */ weight) => weight.val);

/** @param {any} cost */
async function number(cost) {
  const values = await cost.data();
  cost.dispose();
  return values;
}

/** @type {Step} */
async function variableGrads(parts) {
  const {value, grads} = parts.tf.variableGrads(() => crossEntropy(parts));
  optimizer(parts).applyGradients(grads);
  parts.tf.dispose(grads);
  return number(value);
}

/**
 * The discriminator's step of a generative adversarial network, then the generator's.
 *
 * @type {Step}
 */
async function gan(parts) {
  const {tf, model, second, tensors} = parts;
  const loss = (/** @type {number} */ label, /** @type {Tensor} */ logits) =>
    tf.losses.sigmoidCrossEntropy(tf.fill(logits.shape, label), logits);
  const critic = optimizer(parts, 'critic').minimize(
    () => tf.add(loss(1, second.predict(tensors.x)), loss(0, second.predict(model.predict(tensors.z)))),
    true,
    variables(second),
  );
  const generator = optimizer(parts, 'generator').minimize(
    () => loss(1, second.predict(model.predict(tensors.z))),
    true,
    variables(model),
  );
  return [...(await number(critic)), ...(await number(generator))];
}

/**
 * Deep Q-learning: an action for one state, then a step on a batch of remembered ones.
 *
 * @type {Step}
 */
async function dqn({tf, model, tensors}) {
  const action = tf.tidy(() => model.predict(tensors.row).argMax(-1).dataSync()[0]);
  const targets = tf.tidy(() => {
    const best = model.predict(tensors.next).max(-1);
    const wanted = tensors.reward.add(best.mul(DISCOUNT)).expandDims(1);
    const known = model.predict(tensors.x);
    return known.add(tensors.action.mul(tf.sub(wanted, known)));
  });
  const loss = await model.trainOnBatch(tensors.x, targets);
  targets.dispose();
  return [action, loss];
}

/** @type {Step} */
async function valueAndGrads({tf, model, tensors}) {
  const weights = variables(model);
  /** @param {Tensor[]} values */
  const forward = (...values) => {
    /** @type {any} */
    let found = tensors.x;
    for (let i = 0; i < values.length; i += 2) {
      found = tf.add(tf.matMul(found, values[i]), values[i + 1]);
      if (i + 2 < values.length) found = tf.tanh(found);
    }
    return tf.losses.softmaxCrossEntropy(tensors.y, found);
  };
  const {value, grads} = tf.valueAndGrads(forward)(weights);
  tf.tidy(() => {
    for (const [i, weight] of weights.entries()) weight.assign(tf.sub(weight, tf.mul(grads[i], RATE)));
  });
  tf.dispose(grads);
  return number(value);
}

/** @type {Record<string, Step>} */
export const PROGRAMS = {
  async predictSync({model, tensors}) {
    const output = model.predict(tensors.x);
    const values = output.dataSync();
    output.dispose();
    return values;
  },
  predictAwait: ({model, tensors}) => number(model.predict(tensors.x)),
  minimize: (parts) => number(optimizer(parts).minimize(() => crossEntropy(parts), true)),
  minimizeList: (parts) =>
    number(optimizer(parts).minimize(() => crossEntropy(parts), true, variables(parts.model))),
  variableGrads,
  tape: variableGrads,
  valueAndGrads,
  trainOnBatch: async ({model, tensors}) => [await model.trainOnBatch(tensors.x, tensors.y)],
  dqn,
  gan,
};
