/** TensorFlow.js's side: models and expressions, made of what cases/ declares. */

/** @typedef {import('./cases/networks.js').Entry} Entry */

/**
 * @param {any} expression see cases/cases.js
 * @param {Record<string, any>} names
 * @param {any} tf
 * @returns {any}
 */
export function evaluate(tf, expression, names) {
  if (Array.isArray(expression)) {
    const [name, ...inputs] = expression;
    return tf[name](...inputs.map((input) => evaluate(tf, input, names)));
  }
  if (typeof expression === 'string' && expression.startsWith('$')) {
    const [name, field] = expression.slice(1).split('.');
    return field ? names[name][field] : names[name];
  }
  if (expression?.each) return expression.each.map((/** @type {any} */ one) => evaluate(tf, one, names));
  if (expression?.steps) {
    const known = {...names};
    let last = null;
    for (const [name, step] of expression.steps) last = known[name] = evaluate(tf, step, known);
    return last;
  }
  if (expression?.chain) {
    const [name, second] = expression.chain;
    const operand = evaluate(tf, second, names); // once: what is measured is the op, not this function
    let value = names.x;
    for (let i = 0; i < expression.times; i++) value = tf[name](value, operand);
    return value;
  }
  return expression?.list ?? expression;
}

/**
 * @param {any} tf
 * @returns {any} the class of layers that evaluate an expression
 */
function expressionClass(tf) {
  return class Expression extends tf.layers.Layer {
    static className = 'Expression';

    /** @param {any} config */
    constructor(config) {
      super({name: config.name});
      this.declared = config;
    }

    /** @param {number[]} inputShape */
    build(inputShape) {
      const own = Object.entries(this.declared.weights).map(([name, [shape, initializer]]) => {
        return [name, this.addWeight(name, shape, 'float32', tf.initializers[initializer]({}))];
      });
      this.own = Object.fromEntries(own);
      super.build(inputShape);
    }

    computeOutputShape() {
      return [null, ...this.declared.shape];
    }

    /** @param {any[]} inputs */
    call(inputs) {
      return tf.tidy(() => {
        const names = Object.fromEntries(
          Object.entries(this.own).map(([name, weight]) => [name, weight.read()]),
        );
        names.x = Array.isArray(inputs) ? inputs[0] : inputs;
        return evaluate(tf, this.declared.expression, names);
      });
    }
  };
}

/**
 * @param {any} tf
 * @param {import('./cases/cases.js').Case} told
 * @returns {{model: any, layers: any[]}}
 */
export function buildModel(tf, told) {
  const Expression = expressionClass(tf);
  /** @type {any[]} */
  const layers = [];
  /** @type {Record<string, any>} */
  const named = {};
  /** @type {any} */
  let first = null;
  /** @type {any} */
  let value = null;
  for (const {layer: kind, config = {}, as, from} of told.network ?? []) {
    if (kind === 'input') {
      first = tf.input(config);
      value = first;
    } else {
      const layer = kind === 'expression' ? new Expression(config) : tf.layers[kind](config);
      const inputs = from?.map((name) => named[name]) ?? [value];
      value = layer.apply(inputs.length > 1 ? inputs : inputs[0]);
      layers.push(layer);
    }
    if (as) named[as] = value;
  }
  const model = tf.model({inputs: first, outputs: value});
  if (told.optimizer) {
    const [name, ...numbers] = told.optimizer;
    model.compile({optimizer: tf.train[name](...numbers), loss: told.loss});
  }
  return {model, layers};
}
