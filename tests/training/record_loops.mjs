// Writes loops_by_tfjs.json: what TensorFlow.js's losses are step by step in every way of writing a training loop, for loops.py.
// node tests/training/record_loops.mjs (after `make setup`)
import {writeFileSync} from 'node:fs';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

const STEPS = 6;

/** Numbers that look random and are the same in every language. */
const wave = (shape, seed, scale = 1) => {
  const count = shape.reduce((a, b) => a * b, 1);
  const values = Array.from({length: count}, (_, i) => scale * Math.sin(12.9898 * (i + 1) + 78.233 * seed));
  return tf.tensor(values, shape);
};
const X = wave([8, 3], 1);
const Y = wave([8, 1], 2, 1.5);
const Z = wave([8, 3], 3);
const round = (value) => Number(value.toPrecision(7));
const number = (loss) => (typeof loss === 'number' ? loss : loss.dataSync()[0]);

/** Gives a model the same weights everywhere. */
const filled = (model, seed) => {
  model.setWeights(model.getWeights().map((w, i) => wave(w.shape, seed + i, 0.7)));
  return model;
};
const dense = (units, activation = 'linear', more = {}) => tf.layers.dense({units, activation, ...more});
const net = (seed = 10, units = 1, last = 'linear') =>
  filled(tf.sequential({layers: [dense(4, 'tanh', {inputShape: [3]}), dense(units, last)]}), seed);
const mse = (predicted, y = Y) => tf.losses.meanSquaredError(y, predicted);
const variables = (...models) => models.flatMap((m) => m.trainableWeights.map((w) => w.val));
const adam = () => tf.train.adam(0.05);
const compiled = (model, optimizer = adam(), loss = 'meanSquaredError') => {
  model.compile({optimizer, loss});
  return model;
};

/** How outputs are computed. */
const THROUGH = {
  predict: (m, x) => m.predict(x),
  predict_in_batches: (m, x) => m.predict(x, {batchSize: 3}),
  predict_on_batch: (m, x) => m.predictOnBatch(x),
  apply: (m, x) => m.apply(x),
  apply_training: (m, x) => m.apply(x, {training: true}),
  layer_by_layer: (m, x) => m.layers.reduce((value, layer) => layer.apply(value), x),
};

/** How a step is made: optimizer, function, the variables of its model; returns the loss. */
const WAYS = {
  minimize: (o, f) => o.minimize(f, true),
  minimize_list: (o, f, list) => o.minimize(f, true, list),
  variable_grads: (o, f) => {
    const {value, grads} = tf.variableGrads(f);
    o.applyGradients(grads);
    return value;
  },
  variable_grads_list: (o, f, list) => {
    const {value, grads} = tf.variableGrads(f, list);
    o.applyGradients(grads);
    return value;
  },
  compute_gradients: (o, f) => {
    const {value, grads} = o.computeGradients(f);
    o.applyGradients(grads);
    return value;
  },
  clipped_by_name: (o, f) => {
    const {value, grads} = tf.variableGrads(f);
    const clipped = {};
    for (const name of Object.keys(grads)) clipped[name] = grads[name].clipByValue(-0.1, 0.1);
    o.applyGradients(clipped);
    return value;
  },
  list_of_names: (o, f, list) => {
    const {value, grads} = tf.variableGrads(f, list);
    o.applyGradients(list.map((v) => ({name: v.name, tensor: grads[v.name]})));
    return value;
  },
};

/** Losses of some steps, each made by a function. */
const steps = async (make) => {
  const losses = [];
  for (let i = 0; i < STEPS; i++) losses.push(number(await make(i)));
  return losses;
};

const PROGRAMS = {};
const program = (name, run) => {
  PROGRAMS[name] = run;
};

for (const [through, outputs] of Object.entries(THROUGH)) {
  for (const [way, step] of Object.entries(WAYS)) {
    program(`${way} through ${through}`, async () => {
      const model = net();
      const optimizer = adam();
      return [await steps(() => step(optimizer, () => mse(outputs(model, X)), variables(model))), model];
    });
  }
}
for (const [name, make] of Object.entries({
  sgd: () => tf.train.sgd(0.1),
  momentum: () => tf.train.momentum(0.05, 0.9),
  rmsprop: () => tf.train.rmsprop(0.01),
  adagrad: () => tf.train.adagrad(0.1),
  adadelta: () => tf.train.adadelta(0.5),
  adamax: () => tf.train.adamax(0.05),
})) {
  program(`minimize with ${name}`, async () => {
    const model = net();
    const optimizer = make();
    return [await steps(() => optimizer.minimize(() => mse(model.predict(X)), true)), model];
  });
}

program('fit', async () => {
  const model = compiled(net());
  const history = await model.fit(X, Y, {epochs: STEPS, batchSize: 8, shuffle: false});
  return [history.history.loss, model];
});
program('fit in batches', async () => {
  const model = compiled(net());
  const history = await model.fit(X, Y, {epochs: STEPS, batchSize: 3, shuffle: false});
  return [history.history.loss, model];
});
program('fit again and again', async () => {
  const model = compiled(net());
  return [
    await steps(
      async () => (await model.fit(X, Y, {epochs: 1, batchSize: 8, shuffle: false})).history.loss[0],
    ),
    model,
  ];
});
program('fit a dataset', async () => {
  const model = compiled(net());
  const data = tf.data.array([{xs: X, ys: Y}]);
  const history = await model.fitDataset(data, {epochs: STEPS});
  return [history.history.loss, model];
});
program('train on batch', async () => {
  const model = compiled(net());
  return [await steps(() => model.trainOnBatch(X, Y)), model];
});
program('fit, then minimize', async () => {
  const model = compiled(net());
  const own = adam();
  return [
    await steps((i) => (i % 2 ? own.minimize(() => mse(model.predict(X)), true) : model.trainOnBatch(X, Y))),
    model,
  ];
});
program('minimize what evaluate gives', async () => {
  const model = compiled(net());
  const own = adam();
  return [await steps(() => own.minimize(() => model.evaluate(X, Y, {batchSize: 3}), true)), model];
});
program('minimize what evaluate gives beside metrics', async () => {
  const model = net();
  model.compile({optimizer: 'sgd', loss: 'meanSquaredError', metrics: [tf.metrics.meanAbsoluteError]});
  const own = adam();
  return [await steps(() => own.minimize(() => model.evaluate(X, Y)[1], true)), model];
});

// Derivatives of functions of tensors

const forward = (x, k1, b1, k2, b2) => x.matMul(k1).add(b1).tanh().matMul(k2).add(b2);
const descend = (model, take) => async () => {
  let values = model().getWeights();
  const losses = await steps(() => {
    const [loss, derivatives] = take(values);
    values = values.map((w, i) => w.sub(derivatives[i].mul(0.1)));
    return loss;
  });
  return [losses, filledWith(values)];
};
const filledWith = (values) => {
  const model = net();
  model.setWeights(values);
  return model;
};
const lossOf = (...w) => mse(forward(X, ...w));
program(
  'grads',
  descend(net, (w) => [lossOf(...w), tf.grads(lossOf)(w)]),
);
program(
  'value_and_grads',
  descend(net, (w) => {
    const {value, grads} = tf.valueAndGrads(lossOf)(w);
    return [value, grads];
  }),
);
program(
  'grad of each',
  descend(net, (w) => [
    lossOf(...w),
    w.map((_, i) => tf.grad((own) => lossOf(...w.map((v, j) => (i === j ? own : v))))(w[i])),
  ]),
);
program('value_and_grad of the inputs', async () => {
  const model = net();
  let x = X;
  const losses = await steps(() => {
    const {value, grad} = tf.valueAndGrad((own) => mse(model.predict(own)))(x);
    x = x.sub(grad.mul(0.5));
    return value;
  });
  return [losses, model];
});
program('custom_grad', async () => {
  const model = net();
  const optimizer = adam();
  const strange = tf.customGrad((x, save) => {
    save([x]);
    return {value: x.square(), gradFunc: (dy, saved) => [dy.mul(saved[0].abs())]};
  });
  return [await steps(() => optimizer.minimize(() => strange(model.predict(X).sub(Y)).mean(), true)), model];
});
// Frozen parts

const FROZEN = {
  'a layer': (m) => {
    m.layers[0].trainable = false;
  },
  'all, then the last layer not': (m) => {
    m.layers.forEach((layer) => {
      layer.trainable = false;
    });
    m.layers[1].trainable = true;
  },
};
for (const [what, freeze] of Object.entries(FROZEN)) {
  program(`fit with frozen ${what}`, async () => {
    const model = net();
    freeze(model);
    compiled(model);
    return [(await model.fit(X, Y, {epochs: STEPS, batchSize: 8, shuffle: false})).history.loss, model];
  });
  program(`fit with ${what} frozen since compile`, async () => {
    const model = compiled(net());
    freeze(model);
    return [(await model.fit(X, Y, {epochs: STEPS, batchSize: 8, shuffle: false})).history.loss, model];
  });
  for (const way of ['minimize', 'variable_grads', 'minimize_list']) {
    program(`${way} with frozen ${what}`, async () => {
      const model = net();
      freeze(model);
      const optimizer = adam();
      const list = model.layers.flatMap((layer) => layer.weights.map((w) => w.val));
      return [await steps(() => WAYS[way](optimizer, () => mse(model.predict(X)), list)), model];
    });
  }
}
/** Sets what is trained: of each layer, since TF.js's fit does not look at the flag of a sequential model inside another. */
const setTrainable = (model, trainable) => {
  model.layers.forEach((layer) => {
    layer.trainable = trainable;
  });
};
const onBase = (freeze) => {
  const base = net(20, 3, 'tanh');
  const model = filled(tf.sequential({layers: [base, dense(1)]}), 30);
  if (freeze) setTrainable(base, false);
  return [base, model];
};
program('fit on a frozen base', async () => {
  const [, model] = onBase(true);
  return [
    (await compiled(model).fit(X, Y, {epochs: STEPS, batchSize: 8, shuffle: false})).history.loss,
    model,
  ];
});
program('minimize on a frozen base', async () => {
  const [, model] = onBase(true);
  const optimizer = adam();
  return [await steps(() => optimizer.minimize(() => mse(model.predict(X)), true)), model];
});
program('fit on the layers of a frozen base', async () => {
  const base = net(20, 3, 'tanh');
  const cut = tf.model({inputs: base.inputs, outputs: base.layers[base.layers.length - 1].output});
  const model = filled(tf.sequential({layers: [cut, dense(1)]}), 30);
  setTrainable(base, false);
  return [
    (await compiled(model).fit(X, Y, {epochs: STEPS, batchSize: 8, shuffle: false})).history.loss,
    model,
  ];
});
program('fit on a base, then with the base frozen and compiled again', async () => {
  const [base, model] = onBase(false);
  compiled(model);
  const first = await model.fit(X, Y, {epochs: 3, batchSize: 8, shuffle: false});
  setTrainable(base, false);
  compiled(model);
  const second = await model.fit(X, Y, {epochs: 3, batchSize: 8, shuffle: false});
  setTrainable(base, true);
  compiled(model);
  const third = await model.fit(X, Y, {epochs: 3, batchSize: 8, shuffle: false});
  return [[...first.history.loss, ...second.history.loss, ...third.history.loss], model];
});

// Shared layers, several inputs and outputs

const twins = () => {
  const [a, b] = [tf.input({shape: [3]}), tf.input({shape: [3]})];
  const shared = dense(4, 'tanh');
  const joined = tf.layers.concatenate().apply([shared.apply(a), shared.apply(b)]);
  const outputs = [dense(1).apply(joined), shared.apply(a)];
  return filled(tf.model({inputs: [a, b], outputs}), 40);
};
const twinLoss = (m) => {
  const [y, hidden] = m.predict([X, Z]);
  return mse(y).add(hidden.square().mean());
};
for (const way of Object.keys(WAYS)) {
  program(`${way} of shared layers`, async () => {
    const model = twins();
    const optimizer = adam();
    return [await steps(() => WAYS[way](optimizer, () => twinLoss(model), variables(model))), model];
  });
}
program('fit of shared layers', async () => {
  const model = twins();
  model.compile({optimizer: adam(), loss: ['meanSquaredError', 'meanAbsoluteError']});
  const hidden = wave([8, 4], 5);
  const found = await model.fit([X, Z], [Y, hidden], {epochs: STEPS, batchSize: 8, shuffle: false});
  return [found.history.loss, model];
});

// Two models, two optimizers

const real = wave([8, 3], 6);
for (const through of ['predict', 'apply']) {
  program(`two networks against each other through ${through}`, async () => {
    const [g, d] = [net(50, 3), net(60)];
    const [ofG, ofD] = [adam(), adam()];
    const out = THROUGH[through];
    const dLoss = () =>
      tf.losses
        .sigmoidCrossEntropy(tf.onesLike(Y), out(d, real))
        .add(tf.losses.sigmoidCrossEntropy(tf.zerosLike(Y), out(d, out(g, Z))));
    const gLoss = () => tf.losses.sigmoidCrossEntropy(tf.onesLike(Y), out(d, out(g, Z)));
    const losses = [];
    for (let i = 0; i < STEPS; i++) {
      losses.push(number(ofD.minimize(dLoss, true, variables(d))));
      losses.push(number(ofG.minimize(gLoss, true, variables(g))));
    }
    return [losses, g, d];
  });
}
program('two networks against each other, frozen and not by turns', async () => {
  const [g, d] = [net(50, 3), net(60, 1, 'sigmoid')];
  compiled(d, adam(), 'binaryCrossentropy');
  setTrainable(d, false);
  const z = tf.input({shape: [3]});
  const both = compiled(tf.model({inputs: z, outputs: d.apply(g.apply(z))}), adam(), 'binaryCrossentropy');
  const losses = [];
  for (let i = 0; i < STEPS; i++) {
    const made = g.predict(Z);
    setTrainable(d, true);
    losses.push(await d.trainOnBatch(tf.concat([real, made]), tf.concat([tf.onesLike(Y), tf.zerosLike(Y)])));
    setTrainable(d, false);
    losses.push(await both.trainOnBatch(Z, tf.onesLike(Y)));
  }
  return [losses, g, d];
});
program('two optimizers of one model', async () => {
  const model = net();
  const [first, second] = [adam(), tf.train.momentum(0.05, 0.9)];
  const [k1, b1, k2, b2] = variables(model);
  return [
    await steps((i) =>
      i % 2
        ? first.minimize(() => mse(model.predict(X)), true, [k1, k2])
        : second.minimize(() => mse(model.apply(X)), true, [b1, b2]),
    ),
    model,
  ];
});
program('two models, each with its optimizer', async () => {
  const [a, b] = [net(10), net(70)];
  const [ofA, ofB] = [adam(), adam()];
  const losses = [];
  for (let i = 0; i < STEPS; i++) {
    losses.push(number(ofA.minimize(() => mse(a.predict(X)), true)));
    losses.push(number(ofB.minimize(() => mse(b.predict(Z)), true)));
  }
  return [losses, a, b];
});
program('one optimizer of two models', async () => {
  const [a, b] = [net(10), net(70)];
  const optimizer = adam();
  return [await steps(() => optimizer.minimize(() => mse(a.predict(X).add(b.predict(Z))), true)), a, b];
});
program('layers of one name in two models', async () => {
  const named = (seed, units) =>
    filled(tf.sequential({layers: [tf.layers.dense({units, inputShape: [3], name: 'd1'})]}), seed);
  const [a, b] = [named(10, 1), named(70, 2)];
  const optimizer = adam();
  const loss = () => mse(a.predict(X)).add(b.predict(Z).square().mean());
  return [await steps(() => optimizer.minimize(loss, true)), a, b];
});
program('a target network that takes over weights', async () => {
  const [online, target] = [net(10), net(70)];
  setTrainable(target, false);
  const optimizer = adam();
  return [
    await steps((i) => {
      if (i % 2 === 0) target.setWeights(online.getWeights());
      return optimizer.minimize(() => mse(online.predict(X), Y.add(target.predict(Z).mul(0.9))), true);
    }),
    online,
    target,
  ];
});
program('a target network in the loss, by list', async () => {
  const [online, target] = [net(10), net(70)];
  const optimizer = adam();
  return [
    await steps((i) => {
      if (i % 2 === 0) target.setWeights(online.getWeights());
      const loss = () =>
        online
          .predict(X)
          .mul(target.predict(X))
          .mean()
          .add(mse(online.predict(X)));
      return optimizer.minimize(loss, true, variables(online));
    }),
    online,
    target,
  ];
});
program('a distance to former weights', async () => {
  const model = net();
  const optimizer = adam();
  return [
    await steps(() => {
      const former = variables(model).map((v) => v.clone());
      const near = () =>
        variables(model)
          .map((v, i) => v.mul(former[i]).sum())
          .reduce((a, b) => a.add(b));
      return optimizer.minimize(() => mse(model.predict(X)).add(near().mul(0.1)), true);
    }),
    model,
  ];
});
program('variables of its own', async () => {
  const w = tf.variable(wave([3, 1], 80), true, 'w of loops');
  const b = tf.variable(tf.scalar(0), true, 'b of loops');
  const fixed = tf.variable(wave([1], 81), false, 'fixed of loops');
  const optimizer = adam();
  const losses = await steps(() => optimizer.minimize(() => mse(X.matMul(w).add(b).add(fixed)), true));
  return [losses, {getWeights: () => [w, b, fixed]}];
});

/** Weights layer by layer: the order of getWeights depends on what is frozen. */
const weightsOf = (m) =>
  m.layers ? m.layers.flatMap(weightsOf) : m.weights ? m.weights.map((w) => w.read()) : m.getWeights();

const results = {};
for (const [name, run] of Object.entries(PROGRAMS)) {
  try {
    const [losses, ...models] = await run();
    results[name] = {
      losses: losses.map((loss) => round(number(loss))),
      weights: models.flatMap(weightsOf).flatMap((w) => Array.from(w.dataSync(), round)),
    };
  } catch (error) {
    throw new Error(`in ${name}`, {cause: error});
  }
  tf.disposeVariables();
}
writeFileSync(new URL('./loops_by_tfjs.json', import.meta.url), JSON.stringify(results));
