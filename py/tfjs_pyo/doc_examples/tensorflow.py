"""Examples of TensorFlow's names, but for those that are an op by another name: theirs are its."""

from __future__ import annotations

from tfjs_pyo.doc_examples import Examples
from tfjs_pyo.doc_examples.tensorflow_images import IMAGES
from tfjs_pyo.doc_examples.tensorflow_math import MATH
from tfjs_pyo.doc_examples.tensorflow_texts import TEXTS

EXAMPLES = Examples(
    "from tfjs_pyo import tensorflow as tf",
    {
        "argmax": ("tf.argmax([[1.0, 5.0, 2.0], [7.0, 0.0, 3.0]], axis=1)", "Tensor [1, 0]"),
        "argmin": ("tf.argmin([[1.0, 5.0, 2.0], [7.0, 0.0, 3.0]], axis=1)", "Tensor [0, 1]"),
        "argsort": ('tf.argsort([3, 1, 2], direction="DESCENDING")', "Tensor [0, 2, 1]"),
        "sort": ('tf.sort([3, 1, 2], direction="DESCENDING")', "Tensor [3, 2, 1]"),
        "boolean_mask": (
            "tf.boolean_mask([[1, 2], [3, 4], [5, 6]], [True, False, True])",
            "Tensor [[1, 2], [5, 6]]",
        ),
        "broadcast_static_shape": ("tf.broadcast_static_shape((3, 1), (1, 4))", "(3, 4)"),
        "case": (
            "x = 5",
            'tf.case([(x < 3, lambda: "small"), (x < 10, lambda: "medium")], default=lambda: "large")',
            "'medium'",
        ),
        "cast": ('tf.cast([1.8, -1.8], "int32")', "Tensor [1, -1]"),
        "clip_by_global_norm": (
            "clipped, norm = tf.clip_by_global_norm([[3.0], [4.0]], clip_norm=1.0)",
            "[round(float(t), 2) for t in clipped], float(norm)",
            "([0.6, 0.8], 5.0)",
        ),
        "clip_by_norm": ("tf.clip_by_norm([3.0, 4.0], clip_norm=1.0)", "Tensor [0.6, 0.8]"),
        "cond": ("x = tf.constant(3)", "tf.cond(x > 2, lambda: x * 10, lambda: x)", "Tensor 30"),
        "constant": ("tf.constant([[1, 2], [3, 4]])", "Tensor [[1, 2], [3, 4]]"),
        "convert_to_tensor": ('tf.convert_to_tensor([1, 2, 3], dtype="float32") / 2', "Tensor [0.5, 1, 1.5]"),
        "custom_gradient": (
            (
                "@tf.custom_gradient\n"
                "def straight_through(x):\n"
                "    return tf.round(x), lambda upstream: upstream"
            ),
            "x = tf.Variable(1.4)",
            ("with tf.GradientTape() as tape:\n    y = straight_through(x)"),
            "float(y), float(tape.gradient(y, x))",
            "(1.0, 1.0)",
        ),
        "dynamic_partition": (
            "odd, even = tf.dynamic_partition([1, 2, 3, 4], [0, 1, 0, 1], num_partitions=2)",
            "odd.tolist(), even.tolist()",
            "([1, 3], [2, 4])",
        ),
        "dynamic_stitch": (
            "tf.dynamic_stitch([[0, 2], [1, 3]], [[10, 30], [20, 40]])",
            "Tensor [10, 20, 30, 40]",
        ),
        "einsum": ('tf.einsum("ij,ij->i", [[1, 2], [3, 4]], [[10, 1], [10, 1]])', "Tensor [12, 34]"),
        "foldl": ("tf.foldl(lambda total, x: total * 10 + x, tf.constant([1, 2, 3]))", "Tensor 123"),
        "foldr": ("tf.foldr(lambda total, x: total * 10 + x, tf.constant([1, 2, 3]))", "Tensor 321"),
        "get_static_value": ("tf.get_static_value(tf.constant([1, 2]))", "array([1, 2], dtype=int32)"),
        "histogram_fixed_width": (
            "tf.histogram_fixed_width([0.5, 1.5, 1.6, 9.0], [0.0, 3.0], nbins=3)",
            "Tensor [1, 2, 1]",
        ),
        "identity_n": (
            "first, second = tf.identity_n([[1, 2], [3]])",
            "first.tolist(), second.tolist()",
            "([1, 2], [3])",
        ),
        "map_fn": (
            "tf.map_fn(lambda row: tf.reduce_max(row) * 10, tf.constant([[1, 2], [4, 3]]))",
            "Tensor [20, 40]",
        ),
        "vectorized_map": (
            "tf.vectorized_map(lambda row: row - tf.reduce_max(row), tf.constant([[1, 2], [3, 5]]))",
            "Tensor [[-1, 0], [-2, 0]]",
        ),
        "numpy_function": (
            "import numpy as np",
            "tf.numpy_function(np.sort, [[3, 1, 2]], tf.int32)",
            "Tensor [1, 2, 3]",
        ),
        "py_function": (
            "tf.py_function(lambda x: x * 2 if float(x) > 0 else x, [3.0], tf.float32)",
            "Tensor 6",
        ),
        "one_hot": ("tf.one_hot([0, 2], depth=3)", "Tensor [[1, 0, 0], [0, 0, 1]]"),
        "pad": ("tf.pad([[1, 2]], [[1, 0], [0, 1]])", "Tensor [[0, 0, 0], [1, 2, 0]]"),
        "print": ('tf.print("sum:", tf.constant([1, 2]) + 1)', "sum: [2 3]"),
        "range": ("tf.range(2, 11, delta=3)", "Tensor [2, 5, 8]"),
        "rank": ("tf.rank([[1, 2, 3]])", "2"),
        "reduce_max": ("tf.reduce_max([[1, 5], [7, 2]], axis=1)", "Tensor [5, 7]"),
        "reduce_min": ("tf.reduce_min([[1, 5], [7, 2]], axis=1)", "Tensor [1, 2]"),
        "reverse_sequence": (
            "tf.reverse_sequence([[1, 2, 3, 0], [4, 5, 0, 0]], [3, 2], seq_axis=1)",
            "Tensor [[3, 2, 1, 0], [5, 4, 0, 0]]",
        ),
        "saturate_cast": ("tf.saturate_cast([-5.0, 100.0, 300.0], tf.uint8)", "Tensor [0, 100, 255]"),
        "scan": ("tf.scan(lambda total, x: total + x, tf.constant([1, 2, 3, 4]))", "Tensor [1, 3, 6, 10]"),
        "sequence_mask": (
            "tf.sequence_mask([1, 3], maxlen=4, dtype=tf.int32)",
            "Tensor [[1, 0, 0, 0], [1, 1, 1, 0]]",
        ),
        "shape": ("tf.shape([[1, 2, 3], [4, 5, 6]])", "(2, 3)"),
        "switch_case": ('tf.switch_case(1, [lambda: "first", lambda: "second"])', "'second'"),
        "tensor_scatter_nd_add": (
            "tf.tensor_scatter_nd_add([1, 1, 1], [[0], [2]], [10, 20])",
            "Tensor [11, 1, 21]",
        ),
        "tensor_scatter_nd_sub": (
            "tf.tensor_scatter_nd_sub([1, 1, 1], [[0], [2]], [10, 20])",
            "Tensor [-9, 1, -19]",
        ),
        "tensor_scatter_nd_max": (
            "tf.tensor_scatter_nd_max([5, 5, 5], [[0], [2]], [1, 9])",
            "Tensor [5, 5, 9]",
        ),
        "tensor_scatter_nd_min": (
            "tf.tensor_scatter_nd_min([5, 5, 5], [[0], [2]], [1, 9])",
            "Tensor [1, 5, 5]",
        ),
        "tensor_scatter_nd_update": (
            "tf.tensor_scatter_nd_update([1, 1, 1], [[0], [2]], [10, 20])",
            "Tensor [10, 1, 20]",
        ),
        "timestamp": ("start = tf.timestamp()", "bool(tf.timestamp() >= start)", "True"),
        "truncatediv": ("tf.truncatediv([7, -7], 2)", "Tensor [3, -3]"),
        "truncatemod": ("tf.truncatemod([7, -7], 2)", "Tensor [1, -1]"),
        "unique": (
            "values, places = tf.unique([5, 3, 5, 5])",
            "values.tolist(), places.tolist()",
            "([5, 3], [0, 1, 0, 0])",
        ),
        "unique_with_counts": (
            "values, places, counts = tf.unique_with_counts([5, 3, 5, 5])",
            "values.tolist(), places.tolist(), counts.tolist()",
            "([5, 3], [0, 1, 0, 0], [3, 1])",
        ),
        "unravel_index": ("tf.unravel_index([5, 2], [2, 3])", "Tensor [[1, 0], [2, 2]]"),
        "where": ("tf.where([True, False, True], [1, 2, 3], 0)", "Tensor [1, 0, 3]"),
        "while_loop": (
            "i, total = tf.while_loop(lambda i, total: i < 4, lambda i, total: (i + 1, total + i), [0, 0])",
            "i, total",
            "(4, 6)",
        ),
        "device": (('with tf.device("/GPU:0"):\n    total = tf.add(1, 2)'), "total", "Tensor 3"),
        "executing_eagerly": ("tf.executing_eagerly()", "True"),
        "is_tensor": ("tf.is_tensor(tf.constant(1)), tf.is_tensor(1)", "(True, False)"),
        "name_scope": (('with tf.name_scope("loss"):\n    total = tf.add(1, 2)'), "total", "Tensor 3"),
        "nn.avg_pool": (
            "images = tf.reshape(tf.range(16.0), [1, 4, 4, 1])",
            'tf.squeeze(tf.nn.avg_pool(images, ksize=2, strides=2, padding="VALID"))',
            "Tensor [[2.5 , 4.5 ], [10.5, 12.5]]",
        ),
        "nn.max_pool": (
            "images = tf.reshape(tf.range(16.0), [1, 4, 4, 1])",
            'tf.squeeze(tf.nn.max_pool(images, ksize=2, strides=2, padding="VALID"))',
            "Tensor [[5 , 7 ], [13, 15]]",
        ),
        "nn.avg_pool1d": (
            'tf.squeeze(tf.nn.avg_pool1d([[[1.0], [3.0], [5.0], [7.0]]], ksize=2, strides=2, padding="VALID"))',
            "Tensor [2, 6]",
        ),
        "nn.max_pool1d": (
            'tf.squeeze(tf.nn.max_pool1d([[[1.0], [3.0], [7.0], [5.0]]], ksize=2, strides=2, padding="VALID"))',
            "Tensor [3, 7]",
        ),
        "nn.avg_pool3d": (
            "volume = tf.reshape(tf.range(8.0), [1, 2, 2, 2, 1])",
            'tf.squeeze(tf.nn.avg_pool3d(volume, ksize=2, strides=2, padding="VALID"))',
            "Tensor 3.5",
        ),
        "nn.max_pool3d": (
            "volume = tf.reshape(tf.range(8.0), [1, 2, 2, 2, 1])",
            'tf.squeeze(tf.nn.max_pool3d(volume, ksize=2, strides=2, padding="VALID"))',
            "Tensor 7",
        ),
        "nn.batch_normalization": (
            "tf.nn.batch_normalization([1.0, 3.0], mean=2.0, variance=1.0, offset=10.0, scale=2.0, variance_epsilon=0.0)",
            "Tensor [8, 12]",
        ),
        "nn.compute_average_loss": (
            "tf.nn.compute_average_loss([1.0, 2.0], global_batch_size=4)",
            "Tensor 0.75",
        ),
        "nn.conv1d_transpose": (
            "tf.squeeze(tf.nn.conv1d_transpose([[[1.0], [2.0]]], tf.ones([2, 1, 1]), [1, 4, 1], strides=2))",
            "Tensor [1, 1, 2, 2]",
        ),
        "nn.conv2d": (
            "edges = tf.reshape([-1.0, 1.0], [1, 2, 1, 1])",
            "images = tf.reshape([[0.0, 0.0, 5.0], [0.0, 5.0, 5.0]], [1, 2, 3, 1])",
            'tf.squeeze(tf.nn.conv2d(images, edges, strides=1, padding="VALID"))',
            "Tensor [[0, 5], [5, 0]]",
        ),
        "nn.conv2d_transpose": (
            "filters = tf.ones([2, 2, 1, 1])",
            "tf.squeeze(tf.nn.conv2d_transpose([[[[1.0], [2.0]]]], filters, [1, 2, 4, 1], strides=2))",
            "Tensor [[1, 1, 2, 2], [1, 1, 2, 2]]",
        ),
        "nn.conv3d": (
            'tf.nn.conv3d(tf.ones([1, 4, 4, 4, 2]), tf.ones([2, 2, 2, 2, 5]), strides=[1, 1, 1, 1, 1], padding="VALID").shape',
            "(1, 3, 3, 3, 5)",
        ),
        "nn.convolution": (
            "tf.squeeze(tf.nn.convolution([[[1.0], [2.0], [4.0], [8.0]]], tf.ones([2, 1, 1])))",
            "Tensor [3, 6, 12]",
        ),
        "nn.crelu": ("tf.nn.crelu([-1.0, 2.0])", "Tensor [0, 2, 1, 0]"),
        "nn.ctc_loss": (
            "logits = tf.zeros([4, 1, 3])  # steps, batch, classes: blank, 1 and 2",
            "tf.nn.ctc_loss([[1, 2]], logits, label_length=[2], logit_length=[4])  # 15 of 81 paths fit",
            "Tensor [1.686...]",
        ),
        "nn.depthwise_conv2d": (
            "filters = tf.reshape([1.0, 10.0], [1, 1, 2, 1])",
            'tf.squeeze(tf.nn.depthwise_conv2d([[[[1.0, 2.0], [3.0, 4.0]]]], filters, strides=[1, 1, 1, 1], padding="SAME"))',
            "Tensor [[1, 20], [3, 40]]",
        ),
        "nn.l2_loss": ("tf.nn.l2_loss([3.0, 4.0])", "Tensor 12.5"),
        "nn.log_poisson_loss": (
            "tf.nn.log_poisson_loss(targets=[1.0, 2.0], log_input=[0.0, 1.0])",
            "Tensor [1, 0.7182...]",
        ),
        "nn.moments": (
            "mean, variance = tf.nn.moments([[1.0, 2.0], [3.0, 6.0]], axes=[0])",
            "mean.tolist(), variance.tolist()",
            "([2.0, 4.0], [1.0, 4.0])",
        ),
        "nn.scale_regularization_loss": ("tf.nn.scale_regularization_loss([0.5, 0.25])", "Tensor 0.75"),
        "nn.separable_conv2d": (
            "depthwise, pointwise = tf.ones([2, 2, 3, 1]), tf.ones([1, 1, 3, 8])",
            'tf.nn.separable_conv2d(tf.ones([1, 4, 4, 3]), depthwise, pointwise, [1, 1, 1, 1], "SAME").shape',
            "(1, 4, 4, 8)",
        ),
        "nn.sigmoid_cross_entropy_with_logits": (
            "tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0, 1.0], logits=[0.0, 100.0])",
            "Tensor [0.6931472, 0]",
        ),
        "nn.silu": ("tf.nn.silu([-1.0, 0.0, 1.0])", "Tensor [-0.2689..., 0, 0.7310...]"),
        "nn.softmax_cross_entropy_with_logits": (
            "tf.nn.softmax_cross_entropy_with_logits(labels=[[0.0, 1.0], [0.5, 0.5]], logits=[[0.0, 100.0], [0.0, 0.0]])",
            "Tensor [0, 0.6931472]",
        ),
        "nn.sparse_softmax_cross_entropy_with_logits": (
            "tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 0], logits=[[0.0, 100.0], [0.0, 0.0]])",
            "Tensor [0, 0.6931472]",
        ),
        "nn.space_to_depth": (
            "images = tf.reshape([[1, 2], [3, 4]], [1, 2, 2, 1])",
            "tf.squeeze(tf.nn.space_to_depth(images, block_size=2))",
            "Tensor [1, 2, 3, 4]",
        ),
        "nn.sufficient_statistics": (
            "count, total, squares, shift = tf.nn.sufficient_statistics([1.0, 2.0, 3.0], axes=[0])",
            "float(count), float(total), float(squares), shift",
            "(3.0, 6.0, 14.0, None)",
        ),
        "nn.swish": ("tf.nn.swish([-1.0, 0.0, 1.0])", "Tensor [-0.2689..., 0, 0.7310...]"),
        "nn.weighted_cross_entropy_with_logits": (
            "tf.nn.weighted_cross_entropy_with_logits([1.0, 0.0], [0.0, 0.0], pos_weight=3.0)",
            "Tensor [2.0794415, 0.6931472]",
        ),
        "nn.weighted_moments": (
            "mean, variance = tf.nn.weighted_moments([1.0, 5.0], axes=[0], frequency_weights=[3.0, 1.0])",
            "float(mean), float(variance)",
            "(2.0, 3.0)",
        ),
        "random.categorical": (
            "tf.random.categorical([[0.0, 100.0], [100.0, 0.0]], num_samples=3)",
            "Tensor [[1, 1, 1], [0, 0, 0]]",
        ),
        "random.gamma": (
            "drawn = tf.random.gamma([1000], alpha=4.0, beta=2.0, seed=1)",
            "drawn.shape, bool(tf.reduce_min(drawn) > 0)",
            "((1000,), True)",
        ),
        "random.normal": ("tf.random.normal([2, 3], mean=10.0, seed=1).shape", "(2, 3)"),
        "random.poisson": ("tf.random.poisson([4], lam=[1.0, 20.0], seed=1).shape", "(4, 2)"),
        "random.shuffle": ("tf.sort(tf.random.shuffle([1, 2, 3, 4], seed=1))", "Tensor [1, 2, 3, 4]"),
        "random.stateless_categorical": (
            "tf.random.stateless_categorical([[0.0, 100.0], [100.0, 0.0]], 3, seed=[1, 2])",
            "Tensor [[1, 1, 1], [0, 0, 0]]",
        ),
        "random.stateless_normal": (
            "first, again = (tf.random.stateless_normal([3], seed=[1, 2]) for _ in range(2))",
            "bool(tf.reduce_all(first == again))",
            "True",
        ),
        "random.stateless_truncated_normal": (
            "drawn = tf.random.stateless_truncated_normal([100], seed=[1, 2])",
            "bool(tf.reduce_all(tf.abs(drawn) <= 2))",
            "True",
        ),
        "random.stateless_uniform": (
            "first, again = (tf.random.stateless_uniform([3], seed=[1, 2]) for _ in range(2))",
            "bool(tf.reduce_all(first == again))",
            "True",
        ),
        "random.truncated_normal": (
            "drawn = tf.random.truncated_normal([100], mean=10.0, seed=1)",
            "bool(tf.reduce_all((drawn >= 8) & (drawn <= 12)))",
            "True",
        ),
        "random.uniform": (
            "drawn = tf.random.uniform([100], minval=5, maxval=8, dtype=tf.int32)",
            "sorted(set(drawn.tolist()))",
            "[5, 6, 7]",
        ),
        "random.set_seed": (
            "tf.random.set_seed(7)",
            "first = tf.random.normal([2]).tolist()",
            "tf.random.set_seed(7)",
            "tf.random.normal([2]).tolist() == first",
            "True",
        ),
        "signal.frame": (
            "tf.signal.frame([1, 2, 3, 4, 5], frame_length=3, frame_step=1)",
            "Tensor [[1, 2, 3], [2, 3, 4], [3, 4, 5]]",
        ),
        "signal.hamming_window": ("tf.round(tf.signal.hamming_window(4) * 100)", "Tensor [8, 54, 100, 54]"),
        "signal.hann_window": ("tf.signal.hann_window(4)", "Tensor [0, 0.5, 1, 0.5]"),
        "signal.rfft": ("tf.math.abs(tf.signal.rfft([1.0, 1.0, 1.0, 1.0]))", "Tensor [4, 0, 0]"),
        "signal.stft": (
            "tf.signal.stft(tf.ones([16000]), frame_length=256, frame_step=128).shape",
            "(124, 129)",
        ),
        "signal.fft": (
            "tf.signal.fft(tf.complex([1.0, 0.0, 0.0, 0.0], tf.zeros([4])))",
            "Tensor [1 + 0j, 1 + 0j, 1 + 0j, 1 + 0j]",
        ),
        "signal.ifft": (
            "tf.math.real(tf.signal.ifft(tf.signal.fft(tf.complex([1.0, 2.0], [0.0, 0.0]))))",
            "Tensor [1, 2]",
        ),
        "signal.irfft": ("tf.signal.irfft(tf.signal.rfft([1.0, 2.0, 3.0, 4.0]))", "Tensor [1, 2, 3, 4]"),
        "nn.avg_pool2d": (
            "images = tf.reshape(tf.range(16.0), [1, 4, 4, 1])",
            'tf.squeeze(tf.nn.avg_pool2d(images, ksize=2, strides=2, padding="VALID"))',
            "Tensor [[2.5 , 4.5 ], [10.5, 12.5]]",
        ),
        "nn.max_pool2d": (
            "images = tf.reshape(tf.range(16.0), [1, 4, 4, 1])",
            'tf.squeeze(tf.nn.max_pool2d(images, ksize=2, strides=2, padding="VALID"))',
            "Tensor [[5 , 7 ], [13, 15]]",
        ),
        "scalar_mul": ("tf.scalar_mul(10, [1, 2])", "Tensor [10, 20]"),
        "math.scalar_mul": ("tf.math.scalar_mul(10, [1, 2])", "Tensor [10, 20]"),
        "identity": ("tf.identity([1, 2])", "Tensor [1, 2]"),
        "stop_gradient": (
            "x = tf.Variable(3.0)",
            ("with tf.GradientTape() as tape:\n    y = x * tf.stop_gradient(x)"),
            "float(tape.gradient(y, x))",
            "3.0",
        ),
        "meshgrid": (
            "columns, rows = tf.meshgrid([1, 2, 3], [10, 20])",
            "columns.tolist(), rows.tolist()",
            "([[1, 2, 3], [1, 2, 3]], [[10, 10, 10], [20, 20, 20]])",
        ),
        "nn.bias_add": ("tf.nn.bias_add([[1, 2], [3, 4]], [10, 20])", "Tensor [[11, 22], [13, 24]]"),
        "nn.conv1d": (
            'tf.squeeze(tf.nn.conv1d([[[1.0], [2.0], [4.0]]], [[[1.0]], [[1.0]]], stride=1, padding="VALID"))',
            "Tensor [3, 6]",
        ),
        "nn.gelu": ("tf.nn.gelu([0.0, 1.0])", "Tensor [0, 0.8413...]"),
        "nn.local_response_normalization": (
            "tf.squeeze(tf.nn.local_response_normalization([[[[3.0, 4.0]]]], depth_radius=1, bias=0, alpha=1, beta=0.5))",
            "Tensor [0.6, 0.8]",
        ),
        "nn.lrn": (
            "tf.squeeze(tf.nn.lrn([[[[3.0, 4.0]]]], depth_radius=1, bias=0, alpha=1, beta=0.5))",
            "Tensor [0.6, 0.8]",
        ),
        **IMAGES,
        **MATH,
        **TEXTS,
    },
)
