// Writes ops.json: graphs of single ops of TensorFlow.js's converter, and what TensorFlow.js computes with them.
// node tests/graph_models/record_ops.mjs (after `make setup`); for test_ops.py.
import {
  b,
  bools,
  c,
  f,
  fed,
  graph,
  i,
  ints,
  positive,
  s,
  save,
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

save('ops.json');
