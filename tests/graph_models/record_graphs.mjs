// Writes graphs.json: graphs in which each op of TensorFlow.js's converter stands, and what TensorFlow.js computes with them.
// node tests/graph_models/record_graphs.mjs (after `make setup`); for test_ops.py and test_models.py.
import {
  b,
  bools,
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
  positive,
  s,
  save,
  shape,
  single,
  texts,
  type,
  unit,
  whole,
  x,
} from './graphs.mjs';

// Arithmetic
for (const name of ['Add', 'AddV2', 'Sub', 'Mul', 'Maximum', 'Minimum', 'SquaredDifference', 'BiasAdd']) {
  await single(name, [x(2, 3), x(3)]);
}
for (const name of ['RealDiv', 'Div', 'DivNoNan', 'FloorDiv', 'Mod', 'FloorMod', 'Pow', 'Atan2']) {
  await single(name, [positive(2, 3), positive(2, 3)]);
}
await single('AddN', [x(2, 3), x(2, 3), x(2, 3)]);
await single('FloorMod', [whole(6), c([3, 2, 3, 2, 3, 2])]);
const UNARY =
  'Abs Atan Ceil Cos Cosh Elu Exp Floor Neg Relu Relu6 Selu Sigmoid Sin Sinh Square Tan ' +
  'Tanh Sign Round Expm1 Softplus Asinh Erf IsNan IsFinite IsInf Softmax LogSoftmax Identity Snapshot StopGradient OnesLike ZerosLike FakeQuantWithMinMaxVars';
for (const name of UNARY.split(' ')) {
  await single(name, [x(3, 4)]);
}
for (const name of ['Log', 'Sqrt', 'Rsqrt', 'Log1p', 'Reciprocal']) await single(name, [positive(3, 4)]);
for (const name of ['Acos', 'Asin', 'Atanh']) await single(name, [unit(3, 4)]);
await single('Acosh', [{shape: [3, 4], low: 1.1, high: 4}]);
await single('Prelu', [x(2, 3), x(3)]);
await single('LeakyRelu', [x(2, 3)], {alpha: f(0.3)});
await single('LeakyRelu', [x(2, 3)]);
await single('ClipByValue', [x(2, 3), c(-0.5, 'float32'), c(0.5, 'float32')]);
await single('Print', [x(2), x(2)]);

// Comparisons and logic
for (const name of ['Equal', 'NotEqual', 'Greater', 'GreaterEqual', 'Less', 'LessEqual']) {
  await single(name, [whole(3, 4), whole(4)]);
}
for (const name of ['LogicalAnd', 'LogicalOr']) await single(name, [bools(2, 3), bools(2, 3)]);
await single('LogicalNot', [bools(2, 3)]);
for (const name of ['Select', 'SelectV2']) await single(name, [bools(2, 3), x(2, 3), x(2, 3)]);
await single('SelectV2', [bools(2, 1), x(2, 3), x(3)]);
await single('BitwiseAnd', [whole(5), whole(5)]);

// Complex numbers and transforms
await graph(
  'Complex',
  {a: x(4), b: x(4)},
  [
    ['z', 'Complex', ['a', 'b']],
    ['re', 'Real', ['z']],
    ['im', 'Imag', ['z']],
    ['size', 'ComplexAbs', ['z']],
  ],
  ['re', 'im', 'size'],
);
await graph(
  'FFT',
  {a: x(2, 4), b: x(2, 4)},
  [
    ['z', 'Complex', ['a', 'b']],
    ['y', 'FFT', ['z']],
    ['w', 'IFFT', ['y']],
    ['re', 'Real', ['y']],
    ['im', 'Imag', ['y']],
    ['back', 'Real', ['w']],
  ],
  ['re', 'im', 'back'],
);
await graph(
  'RFFT',
  {a: x(2, 8), n: c([8])},
  [
    ['z', 'RFFT', ['a', 'n']],
    ['re', 'Real', ['z']],
    ['im', 'Imag', ['z']],
    ['back', 'IRFFT', ['z', 'n']],
  ],
  ['re', 'im', 'back'],
);

// Matrices
for (const name of ['MatMul', '_FusedMatMul']) await single(name, [x(2, 3), x(3, 4)]);
await single('MatMul', [x(3, 2), x(4, 3)], {transpose_a: b(true), transpose_b: b(true)});
for (const name of ['BatchMatMul', 'BatchMatMulV2']) {
  await single(name, [x(2, 3, 4), x(2, 5, 4)], {adj_y: b(true)});
}
await single('BatchMatMulV2', [x(2, 4, 3), x(1, 4, 5)], {adj_x: b(true)});
await single('_FusedMatMul', [x(2, 3), x(3, 4), x(4)], {num_args: i(1), fused_ops: texts('BiasAdd', 'Relu')});
await single('_FusedMatMul', [x(2, 3), x(3, 4), x(4)], {num_args: i(1), fused_ops: texts('BiasAdd')});
await single('_FusedMatMul', [x(2, 3), x(3, 4), x(4)], {
  num_args: i(1),
  fused_ops: texts('BiasAdd', 'LeakyRelu'),
  leakyrelu_alpha: f(0.3),
});
await single('_FusedMatMul', [x(2, 3), x(3, 4), x(4), x(4)], {
  num_args: i(2),
  fused_ops: texts('BiasAdd', 'Prelu'),
});
await single('Transpose', [x(2, 3, 4), c([2, 0, 1])]);
await single('Einsum', [x(2, 3), x(3, 4)], {equation: s('ij,jk->ik'), N: i(2)});
await single('MatrixBandPart', [x(4, 5), c(1), c(2)]);
await single('MatrixBandPart', [x(4, 4), c(-1), c(0)]);

// Reductions and normalization
for (const name of ['Max', 'Mean', 'Min', 'Sum', 'Prod', 'EuclideanNorm']) {
  await single(name, [x(2, 3, 4), c([1])], {keep_dims: b(true)});
  await single(name, [x(2, 3, 4), c([0, 2])]);
  await single(name, [x(2, 3), c(-1)]);
}
for (const name of ['All', 'Any']) await single(name, [bools(4, 3), c([1])], {keep_dims: b(false)});
for (const name of ['ArgMax', 'ArgMin']) await single(name, [x(3, 4), c(1)]);
for (const name of ['Cumsum', 'Cumprod']) {
  await single(name, [x(3, 4), c(1)], {exclusive: b(true), reverse: b(false)});
  await single(name, [x(3, 4), c(0)], {exclusive: b(false), reverse: b(true)});
}
await single('Bincount', [whole(8), c(4), fed([1, 2, 3, 4, 5, 6, 7, 8])]);
await single('DenseBincount', [whole(2, 5), c(4), x(0)], {binary_output: b(true)});
await single('DenseBincount', [whole(7), c(4), x(7)], {binary_output: b(false)});
for (const name of ['FusedBatchNorm', 'FusedBatchNormV2', 'FusedBatchNormV3']) {
  await single(name, [x(2, 3, 3, 4), x(4), x(4), x(4), positive(4)], {epsilon: f(0.01)});
}
await single('LRN', [x(1, 2, 2, 6)], {depth_radius: i(2), bias: f(1.5), alpha: f(0.3), beta: f(0.6)});

// Convolutions and pools
const window = {
  strides: ints(1, 2, 2, 1),
  padding: s('SAME'),
  ksize: ints(1, 3, 2, 1),
  data_format: s('NHWC'),
};
for (const name of ['AvgPool', 'MaxPool']) await single(name, [x(2, 5, 6, 3)], window);
await single(
  'MaxPool',
  [x(1, 5, 6, 2)],
  {...window, padding: s('EXPLICIT'), explicit_paddings: ints(0, 0, 1, 0, 0, 1, 0, 0)},
  1,
  'MaxPool, explicit',
);
await single(
  'MaxPoolWithArgmax',
  [x(1, 4, 4, 2)],
  {...window, padding: s('VALID'), ksize: ints(1, 2, 2, 1)},
  2,
);
const cube = {
  strides: ints(1, 1, 2, 2, 1),
  padding: s('VALID'),
  ksize: ints(1, 2, 2, 2, 1),
  data_format: s('NDHWC'),
};
for (const name of ['AvgPool3D', 'MaxPool3D']) await single(name, [x(1, 3, 4, 4, 2)], cube);
await single('Conv1D', [x(2, 8, 3), x(3, 3, 4)], {
  stride: i(2),
  padding: s('SAME'),
  data_format: s('NWC'),
  dilation: i(1),
});
const conv = {
  strides: ints(1, 2, 1, 1),
  padding: s('SAME'),
  data_format: s('NHWC'),
  dilations: ints(1, 1, 1, 1),
};
await single('Conv2D', [x(1, 5, 6, 3), x(3, 2, 3, 4)], conv);
await single('Conv2D', [x(1, 7, 7, 2), x(3, 3, 2, 4)], {
  ...conv,
  strides: ints(1, 1, 1, 1),
  dilations: ints(1, 2, 2, 1),
  padding: s('VALID'),
});
await single('Conv2D', [x(1, 5, 6, 3), x(3, 2, 3, 4)], {
  ...conv,
  padding: s('EXPLICIT'),
  explicit_paddings: ints(0, 0, 1, 0, 2, 1, 0, 0),
});
for (const [fused, extra] of [
  [['BiasAdd'], [x(4)]],
  [['BiasAdd', 'Relu6'], [x(4)]],
  [
    ['BiasAdd', 'Prelu'],
    [x(4), x(1, 1, 4)],
  ],
]) {
  const attrs = {...conv, num_args: i(extra.length), fused_ops: texts(...fused)};
  await single('_FusedConv2D', [x(1, 5, 6, 3), x(3, 2, 3, 4), ...extra], attrs);
}
await single('_FusedConv2D', [x(1, 5, 6, 3), x(3, 2, 3, 4), x(4)], {
  ...conv,
  num_args: i(1),
  fused_ops: texts('BiasAdd', 'LeakyRelu'),
  leakyrelu_alpha: f(0.4),
});
await single('Conv2DBackpropInput', [c([1, 6, 6, 2]), x(3, 3, 2, 4), x(1, 3, 3, 4)], {
  ...conv,
  strides: ints(1, 2, 2, 1),
});
for (const name of ['DepthwiseConv2d', 'DepthwiseConv2dNative']) {
  await single(name, [x(1, 5, 5, 3), x(3, 3, 3, 2)], {...conv, strides: ints(1, 1, 1, 1)});
}
await single('FusedDepthwiseConv2dNative', [x(1, 5, 5, 3), x(3, 3, 3, 1), x(3)], {
  ...conv,
  strides: ints(1, 2, 2, 1),
  num_args: i(1),
  fused_ops: texts('BiasAdd', 'Relu'),
});
await single('Conv3D', [x(1, 3, 4, 4, 2), x(2, 2, 2, 2, 3)], {
  strides: ints(1, 1, 1, 1, 1),
  padding: s('SAME'),
  data_format: s('NDHWC'),
  dilations: ints(1, 1, 1, 1, 1),
});
await single('Dilation2D', [x(1, 5, 5, 2), x(2, 2, 2)], {
  strides: ints(1, 1, 1, 1),
  rates: ints(1, 2, 2, 1),
  padding: s('VALID'),
});

// Images
await single('ResizeBilinear', [x(1, 3, 4, 2), c([5, 7])], {
  align_corners: b(false),
  half_pixel_centers: b(true),
});
await single('ResizeBilinear', [x(1, 3, 4, 2), c([5, 7])], {
  align_corners: b(true),
  half_pixel_centers: b(false),
});
await single('ResizeNearestNeighbor', [x(1, 3, 4, 2), c([5, 7])], {
  align_corners: b(false),
  half_pixel_centers: b(true),
});
await single(
  'CropAndResize',
  [x(2, 5, 5, 2), fed([0, 0, 1, 1, 0.2, 0.1, 0.7, 0.9], 'float32', [2, 4]), fed([0, 1], 'int32'), c([3, 4])],
  {method: s('bilinear'), extrapolation_value: f(0.5)},
);
await single(
  'ImageProjectiveTransformV3',
  [x(1, 4, 5, 2), fed([1, 0.1, -0.5, 0.2, 1, 0.3, 0, 0], 'float32', [1, 8]), c([4, 5]), c(0.25, 'float32')],
  {interpolation: s('BILINEAR'), fill_mode: s('REFLECT')},
);
await single('DepthToSpace', [x(1, 2, 2, 8)], {block_size: i(2), data_format: s('NHWC')});
const boxes = fed([0, 0, 1, 1, 0, 0, 0.9, 1, 0.5, 0.5, 1.5, 1.5, 0, 0.6, 1, 1.6], 'float32', [4, 4]);
const scores = fed([0.9, 0.8, 0.7, 0.6]);
const least = [c(3), c(0.5, 'float32'), c(0.65, 'float32')];
await single('NonMaxSuppressionV2', [boxes, scores, ...least.slice(0, 2)]);
await single('NonMaxSuppressionV3', [boxes, scores, ...least]);
await single('NonMaxSuppressionV4', [boxes, scores, ...least], {pad_to_max_output_size: b(true)}, 2);
await single('NonMaxSuppressionV5', [boxes, scores, ...least, c(0.4, 'float32')], {}, 2);

// Tensors out of nothing
await single('Fill', [c([2, 3]), c(7)], {T: type('int32')});
await single('Fill', [c([2, 3]), c(0.5, 'float32')], {T: type('float32')});
await single('LinSpace', [c(1, 'float32'), c(3, 'float32'), c(5)]);
await single('OneHot', [whole(5), c(4), c(2), c(-1)], {axis: i(-1), T: type('int32')});
await single('OneHot', [whole(5), c(4), c(1, 'float32'), c(0, 'float32')], {T: type('float32')});
await single('Ones', [c([2, 2])], {T: type('float32')});
await single('Zeros', [c([2, 2])], {T: type('int32')});
await single('Range', [c(2), c(11), c(3)], {Tidx: type('int32')});
await single('Range', [c(1, 'float32'), c(0, 'float32'), c(-0.25, 'float32')], {Tidx: type('float32')});

// Shapes
for (const name of ['Rank', 'Size', 'Shape']) await single(name, [x(2, 3, 4)]);
await single('ShapeN', [x(2, 3), x(4)], {}, 2);
await single('IdentityN', [x(2, 3), x(4)], {}, 2);
await single('Cast', [x(2, 3)], {SrcT: type('float32'), DstT: type('int32')});
await single('Cast', [whole(2, 3)], {SrcT: type('int32'), DstT: type('bool')});
await single('ExpandDims', [x(2, 3), c(-1)]);
await single('Squeeze', [x(2, 1, 3, 1)], {squeeze_dims: ints(1)});
await single('Squeeze', [x(2, 1, 3, 1)]);
for (const mode of ['REFLECT', 'SYMMETRIC']) {
  await single(
    'MirrorPad',
    [
      x(3, 4),
      c([
        [1, 2],
        [2, 0],
      ]),
    ],
    {mode: s(mode)},
  );
}
await single('Pad', [
  x(2, 3),
  c([
    [1, 0],
    [0, 2],
  ]),
]);
await single('PadV2', [
  x(2, 3),
  c([
    [1, 0],
    [0, 2],
  ]),
  c(0.5, 'float32'),
]);
await single('Reshape', [x(2, 6), c([3, -1])]);
await single('EnsureShape', [x(2, 6), c([-1, 6])]);
await single('SpaceToBatchND', [
  x(1, 4, 6, 2),
  c([2, 3]),
  c([
    [0, 0],
    [0, 0],
  ]),
]);
await single('BatchToSpaceND', [
  x(6, 2, 2, 2),
  c([2, 3]),
  c([
    [0, 0],
    [1, 0],
  ]),
]);
await single('BroadcastTo', [x(3, 1), c([2, 3, 4])]);
await single('BroadcastArgs', [fed([1, 3], 'int32'), fed([2, 1], 'int32')]);

// Slices and joins
await single('ConcatV2', [x(2, 3), x(2, 1), c(-1)], {N: i(2)});
await single('Concat', [c(0), x(2, 3), x(1, 3)], {N: i(2)});
await single('GatherV2', [x(2, 5, 2), whole(3), c(1)], {batch_dims: i(0)});
await single('Gather', [x(5, 2), whole(3)]);
await single('Reverse', [x(2, 3), c([false, true], 'bool')]);
await single('ReverseV2', [x(2, 3), c([0])]);
await single('Slice', [x(4, 5), c([1, 2]), c([2, -1])]);
await single('StridedSlice', [x(4, 5), c([1, 0]), c([4, 5]), c([2, 1])], {
  begin_mask: i(2),
  end_mask: i(2),
  shrink_axis_mask: i(0),
});
await single('StridedSlice', [x(4, 5), c([1]), c([2]), c([1])], {shrink_axis_mask: i(1)});
await single('StridedSlice', [x(2, 4, 5), c([0, 1]), c([0, 3]), c([1, 1])], {
  ellipsis_mask: i(1),
  end_mask: i(0),
});
await single('StridedSlice', [x(3, 4), c([0, 0, 1]), c([0, 0, 3]), c([1, 1, 1])], {
  begin_mask: i(1),
  end_mask: i(1),
  new_axis_mask: i(2),
});
await single('Pack', [x(2, 3), x(2, 3)], {axis: i(1), N: i(2)});
await single('Unpack', [x(2, 3)], {axis: i(0), num: i(2)}, 2);
await single('Tile', [x(2, 3), c([2, 1])]);
await single('Split', [c(1), x(2, 6)], {num_split: i(3)}, 3);
await single('SplitV', [x(2, 6), c([1, 2, 3]), c(1)], {}, 3);
await single('ScatterNd', [fed([0, 2, 2], 'int32', [3, 1]), x(3, 2), c([4, 2])]);
await single('GatherNd', [x(3, 4), fed([0, 1, 2, 3], 'int32', [2, 2])]);
await single('SparseToDense', [fed([1, 3], 'int32'), c([5]), x(2), c(0.5, 'float32')]);
await single('TensorScatterUpdate', [x(4, 2), fed([1, 3], 'int32', [2, 1]), x(2, 2)]);

// Searches, sparse, ragged, strings
await single('Where', [bools(3, 4)]);
await single('ListDiff', [whole(8), fed([1, 3], 'int32')], {}, 2);
for (const name of ['LowerBound', 'UpperBound']) {
  await single(name, [
    fed([0, 1, 1, 3, 1, 2, 5, 9], 'float32', [2, 4]),
    fed([1, 3, 5, 0], 'float32', [2, 2]),
  ]);
}
await single('TopKV2', [x(2, 6), c(3)], {sorted: b(true)}, 2);
await single('Unique', [whole(8)], {}, 2);
await single('UniqueV2', [whole(6, 2), c([0])], {}, 2);
const cells = fed([0, 0, 1, 1, 3, 0], 'int32', [3, 2]);
await single('SparseFillEmptyRows', [cells, x(3), fed([4, 2], 'int32'), fed([0.5], 'float32', [])], {}, 4);
await single('SparseReshape', [cells, fed([4, 2], 'int32'), fed([2, -1], 'int32')], {}, 2);
for (const name of ['SparseSegmentMean', 'SparseSegmentSum']) {
  await single(name, [x(4, 2), fed([0, 2, 3], 'int32'), fed([0, 0, 1], 'int32')]);
}
await single(
  'RaggedGather',
  [fed([0, 2, 3, 5], 'int32'), x(5), fed([2, 0], 'int32')],
  {
    OUTPUT_RAGGED_RANK: i(1),
    PARAMS_RAGGED_RANK: i(1),
  },
  2,
);
await single('RaggedRange', [fed([0, 5], 'int32'), fed([3, 9], 'int32'), fed([1, 2], 'int32')], {}, 2);
await single(
  'RaggedTensorToTensor',
  [fed([2, 3], 'int32'), x(4), fed([0.5], 'float32', []), fed([0, 1, 4], 'int32')],
  {row_partition_types: texts('ROW_SPLITS')},
);
const words = fed(['hello there', 'you', 'two  spaces'], 'string');
await single('StaticRegexReplace', [words], {
  pattern: s('[aeiou]'),
  rewrite: s('_'),
  replace_global: b(true),
});
await single(
  'StringNGrams',
  [fed(['a', 'b', 'c', 'd'], 'string'), fed([0, 3, 4], 'int32')],
  {
    separator: s('-'),
    ngram_widths: ints(2),
    left_pad: s('<'),
    right_pad: s('>'),
    pad_width: i(1),
    preserve_short_sequences: b(false),
  },
  2,
);
await single('StringSplit', [words, fed([' '], 'string', [])], {skip_empty: b(true)}, 3);
await single('StringToHashBucketFast', [words], {num_buckets: i(10)});

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

save('graphs.json');
