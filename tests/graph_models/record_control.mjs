// Writes control.json: graphs with branches, loops, lists and tables, and what TensorFlow.js computes with them.
// node tests/graph_models/record_control.mjs (after `make setup`); for test_ops.py and test_models.py.
import {
  b,
  c,
  DTYPES,
  drawn,
  f,
  fed,
  func,
  graph,
  i,
  ints,
  made,
  s,
  save,
  shape,
  texts,
  type,
  x,
} from './graphs.mjs';

// Branches and loops
await graph(
  'Switch and Merge',
  {a: x(2), p: fed([1], 'bool', [])},
  [
    ['switch', 'Switch', ['a', 'p']],
    ['no', 'Neg', ['switch']],
    ['yes', 'Square', ['switch:1']],
    ['y', 'Merge', ['no', 'yes']],
  ],
  ['y'],
);
const frame = {frame_name: s('frame')};
const counting = [
  ['enter', 'Enter', ['start'], frame],
  ['sum', 'Enter', ['a'], frame],
  ['limit', 'Enter', ['ten'], {...frame, is_constant: b(true)}],
  ['i', 'Merge', ['enter', 'next']],
  ['s', 'Merge', ['sum', 'nextSum']],
  ['less', 'Less', ['i', 'limit']],
  ['going', 'LoopCond', ['less']],
  ['iSwitch', 'Switch', ['i', 'going']],
  ['sSwitch', 'Switch', ['s', 'going']],
  ['step', 'AddV2', ['iSwitch:1', 'one']],
  ['double', 'AddV2', ['sSwitch:1', 'sSwitch:1']],
  ['next', 'NextIteration', ['step']],
  ['nextSum', 'NextIteration', ['double']],
  ['count', 'Exit', ['iSwitch']],
  ['y', 'Exit', ['sSwitch']],
];
await graph('Enter, NextIteration, Exit', {start: c(0), ten: c(10), one: c(1), a: x(3)}, counting, [
  'count',
  'y',
]);
const argument = (name, dtype = 'float32') => ({name, type: DTYPES[dtype]});
const functionOf = (name, inputArg, outputArg, nodes, ret) => ({
  signature: {name, inputArg, outputArg},
  nodeDef: nodes.map(made),
  ret,
});
const branches = [
  functionOf('then', [argument('v')], [argument('w')], [['w', 'Square', ['v']]], {w: 'w:y:0'}),
  functionOf('else', [argument('v')], [argument('w')], [['w', 'Neg', ['v']]], {w: 'w:y:0'}),
];
for (const name of ['If', 'StatelessIf']) {
  for (const chosen of [0, 1]) {
    const attrs = {then_branch: func('then'), else_branch: func('else')};
    await graph(name, {p: fed([chosen], 'bool', []), a: x(3)}, [['y', name, ['p', 'a'], attrs]], ['y'], {
      functions: branches,
    });
  }
}
const looped = [
  functionOf(
    'cond',
    [argument('i', 'int32'), argument('v'), argument('n', 'int32')],
    [argument('go', 'bool')],
    [['less', 'Less', ['i', 'n']]],
    {go: 'less:z:0'},
  ),
  functionOf(
    'body',
    [argument('i', 'int32'), argument('v'), argument('n', 'int32')],
    [argument('i2', 'int32'), argument('v2'), argument('n2', 'int32')],
    [
      ['ones', 'OnesLike', ['i']],
      ['i2', 'AddV2', ['i', 'ones:y:0']],
      ['v2', 'AddV2', ['v', 'v']],
      ['n2', 'Identity', ['n']],
    ],
    {i2: 'i2:z:0', v2: 'v2:z:0', n2: 'n2:output:0'},
  ),
];
for (const name of ['While', 'StatelessWhile']) {
  const attrs = {cond: func('cond'), body: func('body')};
  await graph(
    name,
    {start: c(0), a: x(3), n: c(5)},
    [['y', name, ['start', 'a', 'n'], attrs]],
    ['y', 'y:1'],
    {
      functions: looped,
    },
  );
}

// Arrays and lists of tensors
const flow = [
  'array',
  'TensorArrayV3',
  ['size'],
  {
    dtype: type('float32'),
    element_shape: shape(2),
    dynamic_size: b(true),
    clear_after_read: b(false),
    identical_element_shapes: b(true),
    tensor_array_name: s('array'),
  },
];
await graph(
  'TensorArrayV3, write, read',
  {size: c(2), zero: c(0), one: c(1), a: x(2), d: x(2)},
  [
    flow,
    ['w0', 'TensorArrayWriteV3', ['array', 'zero', 'a', 'array:1'], {T: type('float32')}],
    ['w1', 'TensorArrayWriteV3', ['array', 'one', 'd', 'w0'], {T: type('float32')}],
    ['r', 'TensorArrayReadV3', ['array', 'one', 'w1'], {dtype: type('float32')}],
    ['n', 'TensorArraySizeV3', ['array', 'w1']],
  ],
  ['r', 'n'],
);
await graph(
  'TensorArrayV3, scatter, gather',
  {size: c(3), where: c([2, 0, 1]), some: c([1, 2]), a: x(3, 2)},
  [
    flow,
    ['w', 'TensorArrayScatterV3', ['array', 'where', 'a', 'array:1'], {T: type('float32')}],
    ['y', 'TensorArrayGatherV3', ['array', 'some', 'w'], {dtype: type('float32'), element_shape: shape(2)}],
  ],
  ['y'],
);
await graph(
  'TensorArrayV3, split, concat',
  {size: c(2), lengths: c([1, 2]), a: x(3, 2)},
  [
    [
      flow[0],
      flow[1],
      flow[2],
      {...flow[3], element_shape: shape(-1, 2), identical_element_shapes: b(false)},
    ],
    ['w', 'TensorArraySplitV3', ['array', 'a', 'lengths', 'array:1'], {T: type('float32')}],
    ['y', 'TensorArrayConcatV3', ['array', 'w'], {dtype: type('float32'), element_shape_except0: shape(2)}],
  ],
  ['y'],
);
const kind = {element_dtype: type('float32')};
await graph(
  'TensorListReserve, set, get',
  {form: c([2]), size: c(2), zero: c(0), one: c(1), a: x(2), d: x(2)},
  [
    ['list', 'TensorListReserve', ['form', 'size'], kind],
    ['l0', 'TensorListSetItem', ['list', 'zero', 'a'], kind],
    ['l1', 'TensorListSetItem', ['l0', 'one', 'd'], kind],
    ['y', 'TensorListGetItem', ['l1', 'one', 'form'], kind],
    ['all', 'TensorListStack', ['l1', 'form'], {...kind, num_elements: i(2)}],
    ['n', 'TensorListLength', ['l1']],
  ],
  ['y', 'all', 'n'],
);
await graph(
  'TensorListFromTensor, gather',
  {form: c([2]), some: c([2, 0]), a: x(3, 2)},
  [
    ['list', 'TensorListFromTensor', ['a', 'form'], kind],
    ['y', 'TensorListGather', ['list', 'some', 'form'], kind],
  ],
  ['y'],
);
await graph(
  'EmptyTensorList, push, pop',
  {form: c([2]), most: c(5), a: x(2), d: x(2)},
  [
    ['list', 'EmptyTensorList', ['form', 'most'], kind],
    ['l0', 'TensorListPushBack', ['list', 'a'], kind],
    ['l1', 'TensorListPushBack', ['l0', 'd'], kind],
    ['y', 'TensorListPopBack', ['l1', 'form'], kind],
  ],
  ['y:1'],
);
for (const [name, extra] of [
  ['TensorListScatter', []],
  ['TensorListScatterV2', ['size']],
]) {
  await graph(
    name,
    {form: c([2]), where: c([1, 0]), size: c(2), a: x(2, 2)},
    [
      ['list', name, ['a', 'where', 'form', ...extra], kind],
      ['y', 'TensorListStack', ['list', 'form'], kind],
    ],
    ['y'],
  );
}
for (const name of ['TensorListConcat', 'TensorListConcatV2']) {
  await graph(
    `TensorListSplit, ${name}`,
    {form: c([-1, 2]), lengths: c([1, 2]), a: x(3, 2)},
    [
      ['list', 'TensorListSplit', ['a', 'form', 'lengths'], kind],
      ['y', name, ['list'], {...kind, element_shape: shape(-1, 2)}],
    ],
    ['y'],
  );
}
await graph(
  'TensorListResize',
  {form: c([2]), size: c(3), a: x(2, 2)},
  [
    ['list', 'TensorListFromTensor', ['a', 'form'], kind],
    ['long', 'TensorListResize', ['list', 'size'], kind],
    ['n', 'TensorListLength', ['long']],
  ],
  ['n'],
);

// A network as Grappler leaves it: fused convolutions, a batch norm, a shape that follows the batch
const conv = {padding: s('SAME'), data_format: s('NHWC'), dilations: ints(1, 1, 1, 1)};
await graph(
  'a network',
  {
    image: x(2, 8, 8, 3),
    filter: c(drawn(54), 'float32', [3, 3, 3, 2]),
    bias: c([0.1, -0.2], 'float32'),
    depthwise: c(drawn(18), 'float32', [3, 3, 2, 1]),
    ...Object.fromEntries(
      ['scale', 'offset', 'mean', 'variance'].map((key) => [key, c([0.5, 1.5], 'float32')]),
    ),
    first: c([0]),
    second: c([1]),
    rest: c(-1),
    weights: c(drawn(40), 'float32', [8, 5]),
    minusOne: c(-1),
  },
  [
    [
      'conv',
      '_FusedConv2D',
      ['image', 'filter', 'bias'],
      {
        ...conv,
        strides: ints(1, 2, 2, 1),
        num_args: i(1),
        fused_ops: texts('BiasAdd', 'Relu6'),
      },
    ],
    ['deep', 'DepthwiseConv2dNative', ['conv', 'depthwise'], {...conv, strides: ints(1, 2, 2, 1)}],
    ['norm', 'FusedBatchNormV3', ['deep', 'scale', 'offset', 'mean', 'variance'], {epsilon: f(0.001)}],
    ['shape', 'Shape', ['norm']],
    ['batch', 'StridedSlice', ['shape', 'first', 'second', 'second'], {shrink_axis_mask: i(1)}],
    ['form', 'Pack', ['batch', 'rest'], {axis: i(0), N: i(2)}],
    ['flat', 'Reshape', ['norm', 'form']],
    ['logits', 'MatMul', ['flat', 'weights']],
    ['probabilities', 'Softmax', ['logits']],
    ['class', 'ArgMax', ['probabilities', 'minusOne']],
  ],
  ['probabilities', 'class'],
);

// Tables
for (const [version, imported] of [
  ['', 'LookupTableImport'],
  ['V2', 'LookupTableImportV2'],
  ['', 'InitializeTable'],
  ['V2', 'InitializeTableV2'],
]) {
  const dtypes = {key_dtype: type('string'), value_dtype: type('float32')};
  const named = {
    keys: c(['a', 'b'], 'string'),
    values: c([5, 7], 'float32'),
    asked: fed(['b', 'z', 'a'], 'string'),
  };
  const table = ['table', `HashTable${version}`, [], dtypes];
  await graph(
    `${imported}`,
    {...named, none: c(-1, 'float32')},
    [
      table,
      [
        'found',
        `LookupTableFind${version}`,
        ['table', 'asked', 'none'],
        {Tin: type('string'), Tout: type('float32')},
      ],
      ['size', `LookupTableSize${version}`, ['table']],
    ],
    ['found', 'size'],
    {
      initializer: [
        table,
        ['keys', 'Const', [], {dtype: type('string'), shape: shape(2)}],
        ['values', 'Const', [], {dtype: type('float32'), shape: shape(2)}],
        ['import', imported, ['table', 'keys', 'values']],
      ],
    },
  );
}

save('control.json');
