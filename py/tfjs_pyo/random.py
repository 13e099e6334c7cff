"""Seeds, as in `tf.random.set_seed`."""

from tfjs_pyo import naming
from tfjs_pyo.core.rng import set_seed
from tfjs_pyo.ops import random_normal, random_uniform, truncated_normal

__all__ = ["random_normal", "random_uniform", "set_seed", "truncated_normal"]
__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
