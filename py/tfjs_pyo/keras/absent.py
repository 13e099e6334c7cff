"""Names of Keras 3.15 that are not here, and why: what a program is told that asks for one."""

from __future__ import annotations

from tfjs_pyo.errors import NameNotFoundError

_ONE_DEVICE = "there is one device here, and everything runs on it; leave it out"
_FLOATS = "weights and computations are float32 here, quantized ones are not; use 'float32'"
_OTHER_RUNTIME = "it runs code of another framework; write the layer with keras.ops"
_MATPLOTLIB = "it draws with matplotlib, which is not part of this package; tf.vis shows images and charts"
_SKLEARN = "it is for scikit-learn, which is not part of this package; call fit and predict of the model"

ABSENT: dict[str, dict[str, str]] = {
    "keras": {
        "SymbolicScope": "it is for code inside of Keras; keras.ops take symbolic tensors anywhere",
        "distillation": "write a model whose train_step adds a loss between the outputs of teacher and student",
        "distribution": _ONE_DEVICE,
        "export": "model.export(path) writes a model, in TensorFlow.js's format",
        "Quantizer": _FLOATS,
        "quantizers": _FLOATS,
        "visualization": _MATPLOTLIB,
        "wrappers": _SKLEARN,
    },
    "keras.callbacks": {
        "OrbaxCheckpoint": "it writes checkpoints of JAX with the library orbax; use ModelCheckpoint or BackupAndRestore",
    },
    "keras.dtype_policies": dict.fromkeys(
        (
            "AWQDTypePolicy", "GPTQDTypePolicy", "Int4DTypePolicy", "QuantizedDTypePolicy", "QuantizedFloat8DTypePolicy",
        ),
        _FLOATS,
    ),
    "keras.layers": {
        "FlaxLayer": _OTHER_RUNTIME,
        "JaxLayer": _OTHER_RUNTIME,
        "TFSMLayer": "it runs a SavedModel of TensorFlow; tfjs_pyo.loadGraphModel runs one that has been converted",
        "TorchModuleWrapper": _OTHER_RUNTIME,
    },
}  # fmt: skip
"""The reason, and what to use instead, by the modules and names of Keras."""

FORMER: dict[str, dict[str, str]] = {
    "keras.layers": {
        "CuDNNGRU": "it belongs to Keras 1 and 2; write GRU",
        "CuDNNLSTM": "it belongs to Keras 1 and 2; write LSTM",
    },
    "keras.utils": {"multi_gpu_model": _ONE_DEVICE},
}
"""The same for names that earlier versions of Keras had."""

MOVED: dict[str, frozenset[str]] = {
    "keras.layers": frozenset(
        (
            "advanced_activations", "convolutional", "convolutional_recurrent", "core", "embeddings", "experimental", "local",
            "merge", "noise", "normalization", "pooling", "preprocessing", "recurrent", "wrappers",
        )
    ),
    "keras.utils": frozenset(("data_utils", "generic_utils", "layer_utils", "np_utils", "vis_utils")),
}  # fmt: skip
"""Modules of Keras 1 and 2 whose names are now in the module that they were below: they mean that one."""


def moved(module: str, name: str) -> bool:
    """Returns whether a name of a module means the module itself: `keras.layers.core` is `keras.layers`.

    Args:
        module: its name, such as 'keras.layers' or 'tfjs_pyo.keras.layers'.
        name: that a program asked for.
    """
    return name in MOVED.get(module.removeprefix("tfjs_pyo."), ())


def reason(module: str, name: str) -> str | None:
    """Returns why a name of a module is not here; None where there is no reason.

    Args:
        module: its name in Keras, such as 'keras.callbacks'.
        name: that a program asked for.
    """
    return ABSENT.get(module, {}).get(name) or FORMER.get(module, {}).get(name)


def require(module: str, name: str) -> None:
    """Raises NameNotFoundError with the reason, if there is one why a name of a module is not here.

    Args:
        module: its name in Keras, such as 'keras.callbacks'.
        name: that a program asked for.
    """
    why = reason(module, name)
    if why is not None:
        raise NameNotFoundError(f"{module} has no {name!r}: {why}.")


__all__ = ["ABSENT", "FORMER", "MOVED", "moved", "reason", "require"]
