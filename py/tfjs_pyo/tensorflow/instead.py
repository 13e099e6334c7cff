"""What to write in place of names of TensorFlow that are not here. Data, no code."""

from __future__ import annotations

_GRAPHS = "it belongs to graphs of TensorFlow 1; code runs as it is written, and tf.function records it"
_RAGGED = (
    "there are no ragged tensors; pad rows to one length, with keras.utils.pad_sequences or padded_batch"
)
_SPARSE = "there are no sparse tensors; use dense ones, or numbers of classes instead of one-hot rows"
_QUANTIZED = "values are float32, int32, bool, complex64 or strings"
_WEIGHTS = "model.save_weights and keras.callbacks.ModelCheckpoint keep weights"
_ONE_DEVICE = "there is one device"
_CANDIDATES = "sampled losses are not there; use keras.losses.SparseCategoricalCrossentropy over all classes"

INSTEAD: dict[str, str] = {
    "tf.Graph": _GRAPHS, "tf.Session": _GRAPHS, "tf.placeholder": _GRAPHS, "tf.get_variable": _GRAPHS,
    "tf.global_variables_initializer": _GRAPHS, "tf.compat": _GRAPHS, "tf.control_dependencies": _GRAPHS,
    "tf.Operation": _GRAPHS, "tf.import_graph_def": _GRAPHS, "tf.graph_util": _GRAPHS, "tf.init_scope": _GRAPHS,
    "tf.group": _GRAPHS, "tf.no_op": _GRAPHS,
    "tf.gradients": "write with tf.GradientTape() as tape: ..., then tape.gradient(target, sources)",
    "tf.hessians": "take tape.jacobian of a gradient, with one tape inside of another",
    "tf.autodiff": "forward mode is not there; use tf.GradientTape",
    "tf.RaggedTensor": _RAGGED, "tf.RaggedTensorSpec": _RAGGED, "tf.ragged": _RAGGED,
    "tf.SparseTensor": _SPARSE, "tf.SparseTensorSpec": _SPARSE, "tf.IndexedSlices": _SPARSE,
    **{
        f"tf.sparse.{name}": _SPARSE
        for name in ("SparseTensor", "from_dense", "reorder", "reshape", "concat", "reduce_sum", "sparse_dense_matmul")
    },
    "tf.sets": "use sets of Python",
    "tf.Module": "write a subclass of keras.layers.Layer or keras.Model",
    "tf.autograph": "if and while of Python work as they are, on values; tf.cond and tf.while_loop, too",
    **{f"tf.train.{name}": _WEIGHTS for name in ("Checkpoint", "CheckpointManager", "latest_checkpoint", "load_checkpoint")},
    **{
        f"tf.train.{name}Optimizer": "keras.optimizers has the optimizers"
        for name in ("Adadelta", "Adagrad", "Adam", "Ftrl", "GradientDescent", "Momentum", "RMSProp")
    },
    "tf.train.SequenceExample": "parse the features of tf.train.Example",
    "tf.saved_model": "model.save(path) and keras.models.load_model keep models; tfjs_pyo.loadGraphModel reads converted ones",
    "tf.summary": "use keras.callbacks.TensorBoard, or keras.callbacks.CSVLogger",
    "tf.feature_column": "use keras.utils.FeatureSpace",
    "tf.estimator": "use keras.Model with compile and fit",
    "tf.lite": "it makes files for other programs; model.export writes TensorFlow.js's format",
    "tf.raw_ops": "use the function of the same name in tf, tf.math or tf.nn",
    "tf.contrib": "it belongs to TensorFlow 1; look for the same in keras.layers",
    "tf.layers": "it belongs to TensorFlow 1; use keras.layers",
    "tf.test": "use unittest, and numpy.testing.assert_allclose",
    "tf.profiler": "tfjs_pyo.profile tells what runs, and how long",
    "tf.bitcast": _QUANTIZED, "tf.quantization": _QUANTIZED,
    "tf.tpu": _ONE_DEVICE, "tf.dtensor": _ONE_DEVICE,
    "tf.nn.nce_loss": _CANDIDATES, "tf.nn.sampled_softmax_loss": _CANDIDATES,
    "tf.nn.ctc_greedy_decoder": "use keras.ops.ctc_decode", "tf.nn.ctc_beam_search_decoder": "use keras.ops.ctc_decode",
    "tf.nn.fractional_max_pool": "use tf.nn.max_pool", "tf.nn.fractional_avg_pool": "use tf.nn.avg_pool",
    "tf.random.Generator": "use keras.random with keras.random.SeedGenerator, or tf.random with seeds",
}  # fmt: skip

__all__ = ["INSTEAD"]
