"""`import tensorflow as tf` for Keras programs: `tf.keras`, and the functions of TensorFlow that such programs use.

The page and `python -m tfjs_pyo` give this module to `import tensorflow`. It has no code of its own for what an operation
computes: `tensorflow_names` says which operation of this package each name means.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from types import ModuleType
from typing import Any

from tfjs_pyo import documenting, keras
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import STORED_AS
from tfjs_pyo.errors import TfError
from tfjs_pyo.keras import initializers, losses, metrics, optimizers
from tfjs_pyo.ops import GradientTape
from tfjs_pyo.tensor_shape import TensorShape
from tfjs_pyo.tensorflow import audio as sounds
from tfjs_pyo.tensorflow import (
    data,
    devices,
    examples,
    files,
    further_names,
    instead,
    lookups,
    names,
    record_files,
)
from tfjs_pyo.tensorflow import debugging as checks
from tfjs_pyo.tensorflow.arrays import TensorArray
from tfjs_pyo.tensorflow.nested import NEST
from tfjs_pyo.tensorflow.shapes import TensorSpec
from tfjs_pyo.tensorflow.tracing import function
from tfjs_pyo.tensorflow.variable import Variable
from tfjs_pyo.tensorflow_names.bridge import INSTEAD, Op, missing, namespace, spelled, with_examples
from tfjs_pyo.tensorflow_names.functions import DType

__version__ = "2.21.0"
"""The version of TensorFlow whose names these are."""

newaxis = None
float32, int32 = DType("float32"), DType("int32")
bool, complex64, string = DType("bool"), DType("complex64"), DType("string")
float64, float16, bfloat16 = DType("float64"), DType("float16"), DType("bfloat16")
int64, int16, int8, uint8 = DType("int64"), DType("int16"), DType("int8"), DType("uint8")


def _namespace(name: str, about: str, members: Mapping[str, Any], **below: ModuleType) -> ModuleType:
    return namespace(name, f"{about} by TensorFlow's names.", {**members, **below}, STORED_AS)


_DTYPES = {
    each: DType(each)
    for each in (
        "bfloat16", "bool", "complex64", "float16", "float32", "float64", "int16", "int32", "int64", "int8", "string",
        "uint8",
    )
}  # fmt: skip
audio = _namespace("audio", "Sounds", sounds.AUDIO)
config = _namespace(
    "config",
    "Devices",
    devices.CONFIG,
    experimental=_namespace("config.experimental", "Devices", devices.CONFIG_EXPERIMENTAL),
)
debugging = _namespace("debugging", "Conditions", checks.DEBUGGING)
distribute = _namespace(
    "distribute",
    "Strategies for several devices",
    devices.DISTRIBUTE,
    cluster_resolver=_namespace(
        "distribute.cluster_resolver", "Clusters of devices", devices.CLUSTER_RESOLVER
    ),
)
dtypes = _namespace(
    "dtypes", "Dtypes", {**_DTYPES, "DType": DType, "as_dtype": DType, "cast": names.TOP["cast"]}
)
errors = _namespace(
    "errors",
    "Errors that programs catch",
    {
        "InvalidArgumentError": TfError, "OpError": TfError, "NotFoundError": FileNotFoundError,
        "OutOfRangeError": StopIteration, "ResourceExhaustedError": MemoryError, "UnimplementedError": TfError,
    },
)  # fmt: skip
experimental = _namespace(
    "experimental",
    "Experiments",
    {},
    numpy=_namespace("experimental.numpy", "Functions of NumPy", names.NUMPY),
)
image = _namespace("image", "Images", names.IMAGE)
io = _namespace(
    "io",
    "Files",
    {
        **names.IO,
        **examples.IO,
        "TFRecordOptions": record_files.TFRecordOptions,
        "TFRecordWriter": record_files.TFRecordWriter,
    },
    gfile=_namespace("io.gfile", "Files and folders", files.GFILE),
)
linalg = _namespace("linalg", "Linear algebra", names.LINALG)
lookup = _namespace(
    "lookup",
    "Tables",
    lookups.LOOKUP,
    experimental=_namespace("lookup.experimental", "Tables", lookups.LOOKUP_EXPERIMENTAL),
)
math = _namespace("math", "Mathematics", names.MATH)
nest = _namespace("nest", "Nested structures", NEST)
nn = _namespace("nn", "Neural networks", names.NN)
sparse = _namespace("sparse", "What of sparse tensors has a meaning for others", examples.SPARSE)
signal = _namespace("signal", "Signals", further_names.SIGNAL)
strings = _namespace("strings", "Texts", names.STRINGS)
random = _namespace("random", "Random numbers", names.RANDOM)
train = _namespace("train", "Examples in files", examples.TRAIN)


def name_scope(name: str) -> AbstractContextManager[None]:
    """Returns a context in which nothing changes. Source: https://www.tensorflow.org/api_docs/python/tf/name_scope"""
    return nullcontext()


def device(device_name: Any) -> AbstractContextManager[None]:
    """Returns a context in which nothing changes. Source: https://www.tensorflow.org/api_docs/python/tf/device"""
    return nullcontext()


def executing_eagerly() -> Any:
    """Returns True. Source: https://www.tensorflow.org/api_docs/python/tf/executing_eagerly"""
    return True


def get_logger() -> Any:
    """Returns TensorFlow's logger, which says nothing here.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.get_logger().setLevel("ERROR")

    Source: https://www.tensorflow.org/api_docs/python/tf/get_logger
    """
    return logging.getLogger("tensorflow")


def is_tensor(x: Any) -> Any:
    """Returns whether a value is a tensor. Source: https://www.tensorflow.org/api_docs/python/tf/is_tensor"""
    return isinstance(x, Tensor)


Assert, assert_equal, assert_greater, assert_less, assert_rank = (
    checks.DEBUGGING[name]
    for name in ("Assert", "assert_equal", "assert_greater", "assert_less", "assert_rank")
)
as_dtype = DType
constant_initializer = initializers.Constant
ones_initializer, zeros_initializer = initializers.Ones, initializers.Zeros
random_normal_initializer = initializers.RandomNormal
random_uniform_initializer = initializers.RandomUniform

globals().update(
    {name: spelled(name, op, STORED_AS) if isinstance(op, Op) else op for name, op in names.TOP.items()}
)

__all__ = [  # noqa: PLE0604 (names)
    "Assert", "GradientTape", "Tensor", "TensorArray", "TensorShape", "TensorSpec", "Variable", "as_dtype",
    "audio", "assert_equal", "assert_greater",
    "assert_less", "assert_rank", "bfloat16", "bool", "complex64", "config",
    "data", "debugging", "device", "distribute", "dtypes", "errors",
    "executing_eagerly", "experimental", "float16", "float32",
    "float64", "function", "image", "initializers", "int16", "int32", "int64", "int8", "io", "is_tensor", "keras",
    "linalg", "lookup", "losses", "math", "metrics", "name_scope", "nest", "newaxis", "nn", "optimizers", "random",
    "get_logger", "signal", "sparse", "string", "strings", "train", "uint8",
    "constant_initializer",
    "ones_initializer", "random_normal_initializer", "random_uniform_initializer", "zeros_initializer", *names.TOP,
]  # fmt: skip
documenting.complete(globals())
with_examples(globals())
INSTEAD.update(instead.INSTEAD)
__getattr__ = missing("tf", __all__)
