"""`tf.keras.utils`."""

from tfjs_pyo import naming, ops
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.core.tensor import Tensor


def set_random_seed(seed: int) -> None:
    """Makes everything random that follows reproducible. Source: https://keras.io/api/utils/python_utils/#set_random_seed-function"""
    set_seed(seed)


def to_categorical(x: Tensor, num_classes: int) -> Tensor:
    """Returns one-hot rows for class numbers. Source: https://keras.io/api/utils/python_utils/#to_categorical-function"""
    return ops.one_hot(ops.cast(x, "int32"), num_classes, dtype="float32")


__all__ = ["set_random_seed", "to_categorical"]
__getattr__, __dir__ = naming.module_names(__name__)
