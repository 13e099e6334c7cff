"""Calls of Keras that leave its defaults alone: for record_defaults.py, which notes what Keras gives, and test_defaults.py."""

import numpy as np

from tests.waves import filled

X = [2, 5, 4]
IMAGE = [2, 6, 5, 4]
VOLUME = [1, 4, 3, 5, 2]
PAIR = [X, X]


def layer(name, **config):
    """A layer among the options of another one."""
    return {"layer": name, "config": config}


LAYERS = [
    ("Dense", {"units": 3}, X, {}),
    ("Dense", {"units": 3, "activation": "hard_sigmoid"}, X, {}),
    ("Activation", {"activation": "gelu"}, X, {}),
    ("EinsumDense", {"equation": "abc,cd->abd", "output_shape": [None, 3]}, X, {}),
    ("Embedding", {"input_dim": 7, "output_dim": 3}, [3, 4], {}),
    *((name, {"units": 3}, X, {}) for name in ("LSTM", "GRU", "SimpleRNN")),
    *((name, {"units": 3, "return_sequences": True}, X, {}) for name in ("LSTM", "GRU", "SimpleRNN")),
    *(("RNN", {"cell": layer(name, units=3)}, X, {}) for name in ("LSTMCell", "GRUCell", "SimpleRNNCell")),
    ("RNN", {"cell": layer("StackedRNNCells", cells=[layer("LSTMCell", units=2), layer("GRUCell", units=3)])}, X, {}),
    *(("Bidirectional", {"layer": layer(name, units=3)}, X, {}) for name in ("LSTM", "GRU", "SimpleRNN")),
    ("TimeDistributed", {"layer": layer("Dense", units=3)}, X, {}),
    ("ConvLSTM1D", {"filters": 2, "kernel_size": 2}, [1, 3, 4, 2], {}),
    ("ConvLSTM2D", {"filters": 2, "kernel_size": 2}, [1, 3, 4, 4, 2], {}),
    ("ConvLSTM3D", {"filters": 2, "kernel_size": 2}, [1, 2, 3, 4, 3, 2], {}),
    *((f"{kind}{rank}D", {"filters": 3, "kernel_size": 2}, shape, {})
      for kind, ranks in (("Conv", (1, 2, 3)), ("SeparableConv", (1, 2)))
      for rank, shape in ((1, X), (2, IMAGE), (3, VOLUME)) if rank in ranks),
    *((f"Conv{rank}DTranspose", {"filters": 3, "kernel_size": 2}, shape, {})
      for rank, shape in ((1, X), (2, IMAGE), (3, VOLUME))),
    *((f"DepthwiseConv{rank}D", {"kernel_size": 2}, shape, {}) for rank, shape in ((1, X), (2, IMAGE))),
    *((f"{kind}{rank}D", config, shape, {})
      for kind, config in (("MaxPooling", {}), ("AveragePooling", {"pool_size": 2}), ("GlobalMaxPooling", {}),
                           ("GlobalAveragePooling", {}), ("ZeroPadding", {}), ("Cropping", {}), ("UpSampling", {}))
      for rank, shape in ((1, X), (2, IMAGE), (3, VOLUME))),
    *((f"Adaptive{kind}Pooling{rank}D", {"output_size": 2}, shape, {})
      for kind in ("Average", "Max") for rank, shape in ((1, X), (2, IMAGE), (3, VOLUME))),
    ("UpSampling2D", {"interpolation": "bilinear"}, IMAGE, {}),
    ("BatchNormalization", {}, X, {}),
    ("BatchNormalization", {}, X, {"training": True}),
    *((name, {}, X, {}) for name in (
        "LayerNormalization", "UnitNormalization", "RMSNormalization", "PReLU", "LeakyReLU", "ELU", "ReLU", "Softmax",
        "Identity", "Flatten", "Masking", "ActivityRegularization")),
    ("GroupNormalization", {"groups": 2}, X, {}),
    ("SpectralNormalization", {"layer": layer("Dense", units=3)}, X, {}),
    ("Permute", {"dims": [2, 1]}, X, {}),
    ("RepeatVector", {"n": 3}, [2, 4], {}),
    ("Reshape", {"target_shape": [4, 5]}, X, {}),
    *((name, {}, PAIR, {}) for name in ("Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum", "Concatenate")),
    ("Dot", {"axes": 2}, PAIR, {}),
    ("Attention", {}, PAIR, {}),
    ("AdditiveAttention", {}, PAIR, {}),
    ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}, PAIR, {}),
    ("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}, PAIR, {}),
    *((name, {"rate": 0.3}, X, {}) for name in ("Dropout", "GaussianDropout", "AlphaDropout", "SpatialDropout1D")),
    ("GaussianNoise", {"stddev": 0.3}, X, {}),
    ("Resizing", {"height": 4, "width": 7}, IMAGE, {}),
    ("CenterCrop", {"height": 3, "width": 2}, IMAGE, {}),
    ("CenterCrop", {"height": 7, "width": 3}, IMAGE, {}),
    ("Rescaling", {"scale": 0.5}, X, {}),
    ("Discretization", {"bin_boundaries": [-0.5, 0.0, 0.5]}, X, {}),
    ("CategoryEncoding", {"num_tokens": 7}, [3, 4], {}),
    ("Normalization", {"mean": 0.5, "variance": 2.0}, X, {}),
]  # fmt: skip
"""Name, options, shapes of inputs, further arguments."""
VALUES = ("MultiHeadAttention", "GroupQueryAttention")
"""Layers whose inputs are arguments of their own."""
INTEGERS = ("Embedding", "CategoryEncoding")
"""Layers whose inputs are numbers of classes."""

POINTS = [-1e4, -100, -20, -3.5, -2, -1.5, -0.7, -1e-4, 1e-4, 0.4, 1.5, 2, 3.5, 20, 100]
ACTIVATIONS = (
    "celu", "elu", "exponential", "gelu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "swish", "tanh",
    "tanh_shrink",
)  # fmt: skip

_KINDS = {
    "MeanSquaredError": "signed", "MeanAbsoluteError": "signed", "MeanAbsolutePercentageError": "signed",
    "MeanSquaredLogarithmicError": "bits", "Huber": "signed", "LogCosh": "signed", "CosineSimilarity": "signed",
    "KLDivergence": "hot", "Poisson": "bits", "Hinge": "bits", "SquaredHinge": "bits", "CategoricalHinge": "hot",
    "BinaryCrossentropy": "bits", "BinaryFocalCrossentropy": "bits", "CategoricalCrossentropy": "hot",
    "CategoricalFocalCrossentropy": "hot", "SparseCategoricalCrossentropy": "classes", "Dice": "bits", "Tversky": "bits",
}  # fmt: skip
LOSSES = [(name, kind, weight) for name, kind in _KINDS.items() for weight in (False, True)]
METRICS = [
    (name, config, kind, weight)
    for name, config, kind in (
        *((name, {}, kind) for name, kind in {
            "Accuracy": "bits", "AUC": "bits", "BinaryAccuracy": "bits", "BinaryCrossentropy": "bits",
            "CategoricalAccuracy": "hot", "CategoricalCrossentropy": "hot", "CategoricalHinge": "hot",
            "ConcordanceCorrelation": "signed", "CosineSimilarity": "signed", "F1Score": "bits", "FBetaScore": "bits",
            "FalseNegatives": "bits", "FalsePositives": "bits", "Hinge": "bits", "KLDivergence": "hot",
            "LogCoshError": "signed", "MeanAbsoluteError": "signed", "MeanAbsolutePercentageError": "signed",
            "MeanSquaredError": "signed", "MeanSquaredLogarithmicError": "bits", "PearsonCorrelation": "signed",
            "Poisson": "bits", "Precision": "bits", "R2Score": "signed", "Recall": "bits",
            "RootMeanSquaredError": "signed", "SparseCategoricalAccuracy": "classes",
            "SparseCategoricalCrossentropy": "classes", "SquaredHinge": "bits", "TrueNegatives": "bits",
            "TruePositives": "bits",
        }.items()),
        ("TopKCategoricalAccuracy", {"k": 2}, "hot"),
        ("SparseTopKCategoricalAccuracy", {"k": 2}, "classes"),
        ("PrecisionAtRecall", {"recall": 0.5}, "bits"), ("RecallAtPrecision", {"precision": 0.5}, "bits"),
        ("SensitivityAtSpecificity", {"specificity": 0.5}, "bits"),
        ("SpecificityAtSensitivity", {"sensitivity": 0.5}, "bits"),
        ("BinaryIoU", {}, "bits"),
    )
    for weight in (False, True)
]  # fmt: skip
REGULARIZERS = ["L1", "L2", "L1L2", "OrthogonalRegularizer"]
CONSTRAINTS = ["MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"]
INITIALIZERS = [
    *((name, {}, [5, 5]) for name in ("Zeros", "Ones", "Constant", "Identity")),
    *((name, {"seed": 1}, [200, 300]) for name in (
        "RandomNormal", "RandomUniform", "TruncatedNormal", "VarianceScaling", "GlorotNormal", "GlorotUniform", "HeNormal",
        "HeUniform", "LecunNormal", "LecunUniform", "Orthogonal")),
]  # fmt: skip


def given(keras, value):
    """Options with the layers among them made."""
    if isinstance(value, dict) and "layer" in value and "config" in value:
        return getattr(keras.layers, value["layer"])(**given(keras, value["config"]))
    if isinstance(value, dict):
        return {key: given(keras, item) for key, item in value.items()}
    return [given(keras, item) for item in value] if isinstance(value, list) else value


def inputs_of(name, shapes):
    """The inputs of a layer as arrays."""
    listed = shapes if isinstance(shapes[0], list) else [shapes]
    if name in INTEGERS:
        return [(np.arange(np.prod(shape)).reshape(shape) * 3 % 7).astype(np.int32) for shape in listed]
    return [filled(shape, 10 + i, 1.5) for i, shape in enumerate(listed)]


def weighted(wanted, shape=(8,)):
    """Weights of eight samples, or none."""
    return np.linspace(0.2, 1.6, 8).astype(np.float32).reshape(shape) if wanted else None
