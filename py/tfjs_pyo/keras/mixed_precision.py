"""`keras.mixed_precision`: policies are accepted, and say that float32 is computed."""

from tfjs_pyo import naming
from tfjs_pyo.keras.config import dtype_policy, set_dtype_policy
from tfjs_pyo.keras.dtype_policies import DTypePolicy
from tfjs_pyo.optimizers.wrapping import LossScaleOptimizer

Policy = DTypePolicy
global_policy = dtype_policy
set_global_policy = set_dtype_policy

__all__ = [
    "DTypePolicy",
    "LossScaleOptimizer",
    "Policy",
    "dtype_policy",
    "global_policy",
    "set_dtype_policy",
    "set_global_policy",
]
__dir__ = naming.public_dir(__name__)
