"""TensorFlow.js's Layers API in Python: `import tfjs_pyo as tf`. Every name in TF.js's, Keras's and Python's spelling."""

import importlib
from typing import Any

from tfjs_pyo import (
    activations,
    callbacks,
    constraints,
    hosts,
    image,
    initializers,
    layers,
    losses,
    metrics,
    models,
    naming,
    ops,
    optimizers,
    random,
    regularizers,
    serialization,
)
from tfjs_pyo import optimizers as train
from tfjs_pyo.callbacks import Callback, CustomCallback, EarlyStopping, History
from tfjs_pyo.callbacks.base import CallbackList, register_callback_constructor
from tfjs_pyo.core import backends
from tfjs_pyo.core.debug import NumericWarning
from tfjs_pyo.core.profiling import next_frame, profile, time
from tfjs_pyo.core.scopes import dispose, dispose_variables, keep, memory, tidy
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.core.variable import Variable as LayerVariable
from tfjs_pyo.forms import LATER as LATER_FORMS
from tfjs_pyo.layers.base import InputSpec, SymbolicTensor
from tfjs_pyo.layers.core import input_ as input
from tfjs_pyo.layers.rnn_layers import RNN
from tfjs_pyo.models import Model, Sequential
from tfjs_pyo.models import Model as LayersModel
from tfjs_pyo.models.training import watching
from tfjs_pyo.models.training.run import Run
from tfjs_pyo.ops import *  # noqa: F403 (every op is public)
from tfjs_pyo.ops import confusion as math
from tfjs_pyo.ops import fused, signal, sparse, spectral
from tfjs_pyo.ops import linear_algebra as linalg
from tfjs_pyo.ops import strings as string
from tfjs_pyo.ops.declare import LATER as LATER_OPS
from tfjs_pyo.ops.losses import Reduction
from tfjs_pyo.optimizers import SGD as SGDOptimizer  # noqa: N811 (TF.js's name)
from tfjs_pyo.optimizers import Adadelta as AdadeltaOptimizer
from tfjs_pyo.optimizers import Adagrad as AdagradOptimizer
from tfjs_pyo.optimizers import Adam as AdamOptimizer
from tfjs_pyo.optimizers import Adamax as AdamaxOptimizer
from tfjs_pyo.optimizers import Momentum as MomentumOptimizer
from tfjs_pyo.optimizers import Optimizer
from tfjs_pyo.optimizers import RMSProp as RMSPropOptimizer
from tfjs_pyo.platform import VERSION as __version__  # noqa: N811 (Python's name for it)
from tfjs_pyo.platform import (
    Environment,
    device_stats,
    disable_deprecation_warnings,
    enable_debug_mode,
    enable_prod_mode,
    engine,
    env,
    get_backend,
    ready,
    set_backend,
    version,
)

backends.register()
ops.vocabulary.complete(getattr(each, name) for each in (image, signal, sparse) for name in each.__all__)

__all__ = [
    "RNN",
    "AdadeltaOptimizer",
    "AdagradOptimizer",
    "AdamOptimizer",
    "AdamaxOptimizer",
    "Callback",
    "CallbackList",
    "CustomCallback",
    "EarlyStopping",
    "Environment",
    "History",
    "InputSpec",
    "LayerVariable",
    "LayersModel",
    "Model",
    "MomentumOptimizer",
    "NumericWarning",
    "Optimizer",
    "RMSPropOptimizer",
    "Reduction",
    "SGDOptimizer",
    "Sequential",
    "SymbolicTensor",
    "Tensor",
    "Variable",
    "__version__",
    "activations",
    "callbacks",
    "constraints",
    "device_stats",
    "disable_deprecation_warnings",
    "dispose",
    "dispose_variables",
    "enable_debug_mode",
    "enable_prod_mode",
    "engine",
    "env",
    "fused",
    "get_backend",
    "image",
    "initializers",
    "input",
    "keep",
    "layers",
    "linalg",
    "losses",
    "math",
    "memory",
    "metrics",
    "models",
    "next_frame",
    "optimizers",
    "profile",
    "random",
    "ready",
    "register_callback_constructor",
    "regularizers",
    "serialization",
    "set_backend",
    "signal",
    "sparse",
    "spectral",
    "string",
    "tidy",
    "time",
    "train",
    "version",
]
LATER = {
    "tfjs_pyo": ("browser", "data", "io", "keras", "util", "vis"),
    "tfjs_pyo.graph_models": (
        "GraphModel",
        "deregister_op",
        "load_graph_model",
        "load_graph_model_sync",
        "register_op",
    ),
    "tfjs_pyo.models": ("deserialize", "load_layers_model"),
}
"""Names whose modules are loaded when a program asks for them: together they are half of the package."""
__all__ += ops.__all__
__all__ += [name for names in LATER.values() for name in names]
__getattr__, __dir__ = naming.module_names(__name__, spelled=True, later=LATER)


def _keras() -> Any:
    """Loads Keras's names: when a program asks for a form of theirs, or a file needs one."""
    return importlib.import_module(f"{__name__}.keras")


def _array_api(version: str | None) -> Any:
    """Loads the array API's functions when a library asks a tensor for them."""
    return importlib.import_module(f"{__name__}.keras.array_api").namespace(version)


def _card(run: Run) -> watching.Watcher | None:
    """Returns what draws the card of a run in a notebook or a page of others, if this is one."""
    if hosts.host() is None:
        return None
    made: watching.Watcher | None = importlib.import_module(f"{__name__}.vis.fit_card").watcher(run)
    return made


Tensor.namespace = _array_api
LATER_FORMS.append(_keras)
LATER_OPS["keras.ops."] = lambda: importlib.import_module(f"{__name__}.keras.ops")
watching.use(_card)
