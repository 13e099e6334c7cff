"""What the pages of the reference are about: the subject of each source file, in the words that readers look for."""

import inspect
import sys
from collections.abc import Iterable
from functools import cache
from typing import Any

from tfjs_pyo.keras.ops.declare import Group

DTYPES = "Dtype constants"
"""The subject of what cannot be called: in the modules that have so many names these are the dtypes."""
SUBJECTS = {
    "Automatic differentiation": ["ops.gradients", "ops.tape"],
    "Callback classes": ["callbacks.base", "callbacks.monitors"],
    "Complex numbers": ["ops.complex_numbers"],
    "Convolution": ["ops.convolution", "ops.convolution3d", "ops.depthwise"],
    "Creating tensors": ["ops.creation", "ops.buffers"],
    "Elementwise math": [
        "ops.declare", "ops.arithmetic", "ops.math", "ops.trigonometry", "ops.bits", "ops.comparison",
        "keras.ops.declare", "keras.ops.elementwise",
    ],
    "Indexing, gathering and scattering": ["ops.scatter", "ops.selection", "ops.indexing", "ops.strides"],
    "Backends, environment and devices": ["platform", "core.debug", "core.profiling"],
    "Matrix products and cumulative sums": ["ops.matrices", "ops.einsum", "ops.cumulative"],
    "Memory management": ["core.scopes"],
    "Models and loading": [
        "models.base", "models.sequential_model", "models.loading.load", "graph_models.model", "graph_models.declare",
    ],
    "Normalization and moments": ["ops.normalization"],
    "Optimizer classes": [
        "optimizers.base", "optimizers.sgd_optimizer", "optimizers.momentum_optimizer", "optimizers.rmsprop_optimizer",
        "optimizers.adagrad_optimizer", "optimizers.adadelta_optimizer", "optimizers.adam_optimizer",
        "optimizers.adamax_optimizer",
    ],
    "Pooling": ["ops.pooling"],
    "Random numbers": ["ops.sampling", "ops.random"],
    "Reductions": ["ops.reduction"],
    "Shapes, joining and splitting": ["ops.movement", "ops.blocks", "ops.shaping", "ops.splitting"],
    "Slicing, joining and padding by rank": ["ops.ranked"],
    "Sorting and searching": ["ops.sorting"],
    "Spectral transforms": ["ops.spectral", "ops.signal"],
    # Layers
    "Activation layers": ["layers.advanced_activations"],
    "Adaptive pooling layers": ["layers.adaptive_pooling"],
    "Attention layers": ["layers.attention_layers", "layers.grouped_attention"],
    "Color augmentation layers": ["layers.color_augmentation", "layers.local_contrast"],
    "Convolutional layers": ["layers.convolutional", "layers.convolutional_transposed", "layers.depthwise"],
    "Core layers": ["layers.core", "layers.einsum", "layers.embeddings", "layers.base"],
    "Crop and mix augmentation layers": ["layers.area_augmentation", "layers.chosen_augmentation"],
    "Geometric augmentation layers": ["layers.augmentation", "layers.elastic"],
    "Layers as functions": ["keras.layers"],
    "Merging layers": ["layers.merge"],
    "Noise and dropout layers": ["layers.noise"],
    "Normalization layers": ["layers.normalization_layers"],
    "Padding, cropping and upsampling layers": ["layers.padding"],
    "Pooling layers": ["layers.pooling"],
    "Preprocessing layers": [
        "layers.preprocessing", "layers.binning", "layers.hashing_layers", "layers.lookup", "layers.text",
        "layers.spectrograms", "layers.boxes",
    ],
    "Recurrent layers": ["layers.recurrent", "layers.rnn_layers", "layers.conv_lstm"],
    "Layer wrappers": ["layers.wrappers"],
    # keras.ops
    "Activations, losses and attention": ["keras.ops.neural", "keras.ops.ctc"],
    "Conditions and loops": ["keras.ops.control"],
    "Conversion and dtypes": ["keras.ops.core"],
    "Convolution and pooling": ["keras.ops.convolving"],
    "Array creation": ["keras.ops.creating"],
    "Fourier transforms": ["keras.ops.spectral"],
    "Matrix decompositions and solvers": ["keras.ops.matrices"],
    "Products, differences and correlations": ["keras.ops.products"],
    "Repeating, padding and diagonals": ["keras.ops.padding"],
    "Selecting and updating elements": ["keras.ops.choosing"],
    "Shape manipulation": ["keras.ops.moving"],
    "Sorting, searching and counting": ["keras.ops.sorting"],
    "Statistics and reductions": ["keras.ops.reducing"],
    # The functions of TensorFlow
    "Assertions": ["tensorflow.debugging"],
    "Initializers": ["initializers"],
    "Execution, devices and names": ["tensorflow"],
    "Conversion, selection and reduction": ["tensorflow.functions", "tensorflow_names.functions"],
    "Control flow, partitions and special functions": ["tensorflow.further"],
}  # fmt: skip
"""The source files of each subject, without the package's name. What is written elsewhere stays on its module's page."""
_SUBJECT_OF = {f"tfjs_pyo.{home}": subject for subject, homes in SUBJECTS.items() for home in homes}


@cache
def _declared() -> dict[int, str]:
    """Returns the file of each function of `keras.ops`, whose code is that of a declaration."""
    found: dict[int, str] = {}
    for name, module in sorted(sys.modules.items()):
        if name.startswith("tfjs_pyo.keras.ops."):
            groups: Iterable[Group] = [each for each in vars(module).values() if isinstance(each, Group)]
            for function in (function for group in groups for function in group.functions.values()):
                found.setdefault(id(function), name)
    return found


def home_of(value: Any) -> str:
    """Returns the name of the module that an object is written in; that of a form of Keras's is the one of its class."""
    if id(value) in _declared():
        return _declared()[id(value)]
    homes = [each.__module__ for each in getattr(value, "__mro__", [inspect.unwrap(value)])]
    return next((each for each in homes if not each.startswith("tfjs_pyo.keras.")), homes[0])


def subject_of(value: Any) -> str | None:
    """Returns what the page of an object is about; None where it stands on the page of its module."""
    return _SUBJECT_OF.get(home_of(value)) if callable(value) else DTYPES
