// Writes graphs_by_tfjs.json: drawn graphs of layers, and what TensorFlow.js makes of them, for test_orders.py.
// node tests/graphs/record_graphs.mjs [seed] (after `make setup`); `drawn.py` makes the same models of the same descriptions.
import {writeFileSync} from 'node:fs';
import {argv} from 'node:process';
import {URL} from 'node:url';
import tf from '@tensorflow/tfjs';

const WIDTH = 3;
const SEED = Number(argv[2] ?? 14);
const COUNT = 60;

/** mulberry32: numbers from [0, 1). */
function generator(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const random = generator(SEED);
const below = (n) => Math.floor(random() * n);
const pick = (items) => items[below(items.length)];

/** Numbers that look random and are the same everywhere. */
const filled = (shape, seed) =>
  tf.tensor(
    Array.from(
      {length: shape.reduce((a, b) => a * b, 1)},
      (_, i) => 0.8 * Math.sin(12.9898 * (i + 1) + 78.233 * seed),
    ),
    shape,
  );

// A description: layers {id: {kind, name, ...}}, and steps {layer, inputs: numbers of tensors}; all tensors are [batch, WIDTH].

const MERGES = ['add', 'average', 'maximum', 'concatenate'];
const SINGLE = ['dense', 'dense', 'dense', 'batch', 'prelu', 'dropout'];

let lastId = 0;
const named = (custom) =>
  custom ? {name: `${pick('abcdefghijklmnopqrstuvwxyz')}${below(100)}_${++lastId}`} : {};

/** Draws a graph whose inner models are at most so deep. */
function drawGraph(depth, custom, id) {
  const inputs = 1 + below(depth < 2 ? 2 : 3);
  const graph = {id, kind: 'graph', inputs: [], layers: {}, steps: [], outputs: [], ...named(custom)};
  const tensors = [];
  const used = new Set();
  for (let i = 0; i < inputs; i++) {
    graph.inputs.push({id: `${id}/in${i}`, ...named(custom)});
    tensors.push(tensors.length);
  }
  const layers = graph.layers;
  const choose = () => {
    const fresh = tensors.filter((t) => !used.has(t));
    const chosen = fresh.length && random() < 0.5 ? pick(fresh) : pick(tensors);
    used.add(chosen);
    return chosen;
  };
  const call = (layer, wanted, given, outputs) => {
    graph.steps.push({layer, inputs: Array.from({length: wanted}, () => choose())});
    for (let i = 0; i < given; i++) if (i < outputs) tensors.push(tensors.length);
  };
  const steps = 4 + below(depth < 2 ? 4 : 9);
  for (let i = 0; i < steps; i++) {
    const again = Object.values(layers).filter(
      (l) => l.wanted === 1 && l.given === 1 && l.kind !== 'dropout',
    );
    const roll = random();
    if (again.length && roll < 0.18) {
      call(pick(again).id, 1, 1, 1);
      continue;
    }
    const own = `${id}/${i}`;
    let layer;
    if (depth > 0 && roll < 0.34) {
      layer = random() < 0.5 ? drawGraph(depth - 1, custom, own) : drawStack(custom, own);
    } else if (roll < 0.42) layer = {kind: 'lstm', wanted: 1, given: 3};
    else if (roll < 0.6) layer = {kind: pick(MERGES), wanted: 2 + below(2), given: 1};
    else layer = {kind: pick(SINGLE), wanted: 1, given: 1};
    layer = {...layer, id: own, ...(layer.name ? {} : named(custom))};
    layers[own] = layer;
    call(own, layer.wanted, layer.given, layer.given);
  }
  // Every input is used, and what nothing uses is an output, up to three.
  for (let i = 0; i < inputs; i++) {
    if (used.has(i)) continue;
    const own = `${id}/late${i}`;
    layers[own] = {id: own, kind: 'dense', wanted: 1, given: 1, ...named(custom)};
    used.add(i);
    graph.steps.push({layer: own, inputs: [i]});
    tensors.push(tensors.length);
  }
  const ends = tensors.filter((t) => !used.has(t) && t >= inputs);
  while (ends.length > 3) ends.splice(below(ends.length), 1);
  if (random() < 0.5) ends.reverse();
  graph.outputs = ends.length ? ends : [tensors[tensors.length - 1]];
  return {...graph, wanted: inputs, given: graph.outputs.length};
}

function drawStack(custom, id) {
  const layers = Array.from({length: 1 + below(3)}, (_, i) => ({
    id: `${id}/${i}`,
    kind: pick(SINGLE),
    ...named(custom),
  }));
  return {id, kind: 'stack', stack: layers, wanted: 1, given: 1, ...named(custom)};
}

// TensorFlow.js's models of descriptions

const made = new Map();

function plainLayer({kind, name}, first) {
  const given = first ? {name, inputShape: [WIDTH]} : {name};
  if (name === undefined) delete given.name;
  if (kind === 'dense') return tf.layers.dense({units: WIDTH, activation: 'tanh', ...given});
  if (kind === 'batch') return tf.layers.batchNormalization(given);
  if (kind === 'prelu') return tf.layers.prelu(given);
  if (kind === 'dropout') return tf.layers.dropout({rate: 0.5, ...given});
  if (kind === 'lstm') {
    return tf.layers.lstm({units: WIDTH, returnState: true, recurrentActivation: 'sigmoid', ...given});
  }
  return tf.layers[kind](given);
}

function makeLayer(layer) {
  if (layer.kind === 'graph') return makeGraph(layer);
  if (layer.kind === 'stack') {
    const stack = tf.sequential(layer.name ? {name: layer.name} : {});
    layer.stack.forEach((each, i) => {
      const one = plainLayer(each, i === 0);
      made.set(one, each.id);
      stack.add(one);
    });
    made.set(stack, layer.id);
    return stack;
  }
  const one = plainLayer(layer, false);
  made.set(one, layer.id);
  return one;
}

function makeGraph(graph) {
  const inputs = graph.inputs.map(({name}) => tf.input({shape: [WIDTH], ...(name ? {name} : {})}));
  inputs.forEach((input, i) => made.set(input.sourceLayer, graph.inputs[i].id));
  const tensors = [...inputs];
  const layers = {};
  for (const {layer: id, inputs: sources} of graph.steps) {
    const {kind, name} = graph.layers[id];
    const beside = (what) => (name ? {name: `${name}_${what}`} : {});
    const layer = (layers[id] ??= makeLayer(graph.layers[id]));
    let given = sources.map((number) => tensors[number]);
    if (kind === 'lstm') {
      const repeat = tf.layers.reshape({targetShape: [1, WIDTH], ...beside('repeat')});
      made.set(repeat, `${id}/repeat`);
      given = [repeat.apply(given[0])];
    }
    let result = layer.apply(given.length > 1 ? given : given[0]);
    if (kind === 'concatenate') {
      const narrow = tf.layers.dense({units: WIDTH, ...beside('narrow')});
      made.set(narrow, `${id}/narrow`);
      result = narrow.apply(result);
    }
    tensors.push(...(Array.isArray(result) ? result : [result]));
  }
  const outputs = graph.outputs.map((number) => tensors[number]);
  const model = tf.model({
    inputs: inputs.length > 1 ? inputs : inputs[0],
    outputs: outputs.length > 1 ? outputs : outputs[0],
    ...(graph.name ? {name: graph.name} : {}),
  });
  made.set(model, graph.id);
  return model;
}

/** Layers that are no models, each once, in the order of their ids. */
function leaves(model, found = new Map()) {
  for (const layer of model.layers) {
    if (layer.layers) leaves(layer, found);
    else found.set(made.get(layer), layer);
  }
  return found;
}

/** Gives each weight numbers of its own: variances positive, so that predictions are finite. */
function fill(model) {
  let seed = 0;
  for (const [, layer] of [...leaves(model)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    layer.setWeights(
      layer.getWeights().map((w, i) => {
        const values = filled(w.shape, ++seed);
        return layer.getClassName() === 'BatchNormalization' && i === 3 ? values.abs() : values;
      }),
    );
  }
}

const shaped = (tensor) => ({shape: tensor.shape, values: Array.from(tensor.dataSync())});
const order = (model) => model.layers.map((layer) => made.get(layer));

/** Predictions. TensorFlow.js frees an LSTM's output with its state, which are one tensor; so nothing is freed meanwhile. */
function predicted(model, inputs) {
  const {dispose} = tf.Tensor.prototype;
  tf.Tensor.prototype.dispose = () => {};
  const outputs = model.predict(inputs);
  tf.Tensor.prototype.dispose = dispose;
  return outputs;
}

/** The calls that a config names. */
const nodes = ({layers, input_layers, output_layers}) => ({
  layers: layers.map(({name, inbound_nodes}) => [name, inbound_nodes]),
  input_layers,
  output_layers,
});

async function record(graph) {
  const model = makeGraph(graph);
  fill(model);
  const inputs = graph.inputs.map((_, i) => filled([4, WIDTH], 500 + i));
  const outputs = predicted(model, inputs.length > 1 ? inputs : inputs[0]);
  let artifacts;
  await model.save(tf.io.withSaveHandler(async (given) => ((artifacts = given), {})));
  const inner = [];
  const models = (outer) => {
    inner.push([made.get(outer), order(outer)]);
    outer.layers.filter((layer) => layer.layers).forEach(models);
  };
  models(model);
  return {
    graph,
    layers: Object.fromEntries(inner),
    weights: model.getWeights().map((w) => ({shape: w.shape, first: w.dataSync()[0]})),
    saved: artifacts.weightSpecs.map(({name, shape}) => ({name, shape})),
    nodes: graph.name ? nodes(artifacts.modelTopology.config) : null,
    outputs: (Array.isArray(outputs) ? outputs : [outputs]).map(shaped),
  };
}

await tf.setBackend('cpu');
const records = [];
for (let i = 0; i < COUNT; i++) {
  lastId = 0;
  made.clear();
  records.push(await record(drawGraph(i % 3, i % 2 === 0, 'm')));
}
const text = JSON.stringify({seed: SEED, records}, (_, value) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(7)) : value,
);
writeFileSync(new URL('graphs_by_tfjs.json', import.meta.url), `${text}\n`);
