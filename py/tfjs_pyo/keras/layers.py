"""`keras.layers`: classes, and functions such as `add`, by Keras's names and with Keras's defaults."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence  # noqa: F401 (named by signatures, as tensors are)
from typing import Any

from tfjs_pyo import meanings, naming
from tfjs_pyo.config import Configurable
from tfjs_pyo.core.tensor import Tensor  # noqa: F401
from tfjs_pyo.documenting import complete, completed, entries, options_of
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.forms import keras_form
from tfjs_pyo.keras import layer as keras_layer
from tfjs_pyo.keras import normalization, resizing
from tfjs_pyo.keras.forms import access, class_names, keras_names, respell
from tfjs_pyo.layers import base, core, merge
from tfjs_pyo.layers.base import LAYERS, SymbolicTensor
from tfjs_pyo.options import shown
from tfjs_pyo.types import ShapeLike, TensorLike  # noqa: F401

_SHORTER = (("MaxPooling", "MaxPool"), ("AveragePooling", "AvgPool"), ("Conv", "Convolution"))
"""Where Keras has a second name for classes: what stands for what in it."""
_AXES = {"Dot": -1}
"""Defaults of the functions that their classes lack."""
_RESULTS = {
    "add": "[[4.0, 6.0]]", "average": "[[2.0, 3.0]]", "concatenate": "[[1.0, 2.0, 3.0, 4.0]]", "dot": "[[11.0]]",
    "maximum": "[[3.0, 4.0]]", "minimum": "[[1.0, 2.0]]", "multiply": "[[3.0, 8.0]]", "subtract": "[[-2.0, -2.0]]",
}  # fmt: skip
"""What the functions make of [[1, 2]] and [[3, 4]]."""


_MEANINGS = {**meanings.OPTIONS, **entries(keras_layer.Layer.__doc__ or "")}


def _second_names(classes: dict[str, type]) -> dict[str, type]:
    """Returns classes by Keras's second names for them, such as `MaxPool2D`."""
    return {
        name.replace(word, other): kind
        for name, kind in classes.items()
        for word, other in _SHORTER
        if word in name and "LSTM" not in name
    }


def _merging(kind: type[Configurable]) -> Callable[..., Any]:
    """Returns the function that makes a layer and calls it at once: `add([a, b])`."""
    name = naming.snake(kind.__name__)

    def call(inputs: Any, *args: Any, **kwargs: Any) -> Any:
        if kind.__name__ in _AXES and not args:
            kwargs = {"axes": _AXES[kind.__name__], **kwargs}
        return keras_form(kind)(*args, **kwargs)(inputs)

    given = list(keras_form(kind).__signature__.parameters.values())
    if kind.__name__ in _AXES:
        given[0] = given[0].replace(default=_AXES[kind.__name__])
    if kind.__name__ in _AXES:
        given = given[:1] + [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in given[1:]]
    first = inspect.Parameter(
        "inputs", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation="Sequence[TensorLike]"
    )
    call.__name__ = call.__qualname__ = name
    doc = options_of(keras_form(kind), _doc_of_merging(kind.__name__, name))
    call.__doc__ = completed(doc, [each.name for each in given], _MEANINGS.get)
    call.takes_symbols = True  # type: ignore[attr-defined]
    call.__signature__ = inspect.Signature([first, *given], return_annotation="Tensor")  # type: ignore[attr-defined]
    return call


def _doc_of_merging(kind: str, name: str) -> str:
    """Returns the docstring of a function, which lacks the options of the class."""
    return f"""Returns what a layer `{kind}` makes of a list of tensors.

    Args:
        inputs: list of tensors, or of symbolic tensors of a model.

    Example:
        >>> from tfjs_pyo import keras
        >>> a, b = keras.ops.array([[1.0, 2.0]]), keras.ops.array([[3.0, 4.0]])
        >>> keras.layers.{name}([a, b]).tolist()
        {_RESULTS[name]}

    Source: https://keras.io/api/layers/merging_layers/{name}/
    """


def Input(  # noqa: N802 (Keras's name)
    shape: ShapeLike | None = None,
    batch_size: int | None = None,
    dtype: str | None = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: ShapeLike | None = None,
    name: str | None = None,
    tensor: SymbolicTensor | None = None,
    optional: bool = False,
) -> SymbolicTensor:
    """Returns the symbolic tensor of an input.

    Args:
        shape: of one sample.
        batch_size: how many samples a batch has; any number if None.
        dtype: 'float32' if None.
        sparse, ragged: whether data are such tensors, which there are none of here.
        batch_shape: shape with batch, in place of the two.
        name: of the input.
        tensor: a symbolic tensor whose shape and dtype are taken.
        optional: whether None may be given in its place.

    Raises:
        ArgumentError: no shape is given.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.Input((8,), batch_size=4).shape
        (4, 8)

    Source: https://keras.io/api/layers/core_layers/input/
    """
    for what, given in (("sparse", sparse), ("ragged", ragged)):
        if given is not None and given is not False:
            raise OptionError(f"Input: {what}=True: there are no {what} tensors here; give dense ones.")
    if tensor is not None:
        if not isinstance(tensor, SymbolicTensor):
            raise ArgumentError(f"Input: expected 'tensor' to be symbolic, received {shown(tensor)}.")
        shape, dtype = tensor.shape[1:], dtype or tensor.dtype
    if shape is None and batch_shape is None:
        raise ArgumentError("Input: expected 'shape' (of one sample) or 'batch_shape'.")
    options = {"batch_shape": batch_shape, "name": name, "dtype": dtype, "optional": optional}
    if batch_shape is None:
        options.update(shape=shape, batch_size=batch_size)
    made: SymbolicTensor = keras_form(core.InputLayer)(
        **{k: v for k, v in options.items() if v is not None}
    ).output
    return made


Layer, BatchNormalization = keras_layer.Layer, normalization.BatchNormalization
Resizing, UpSampling2D = resizing.Resizing, resizing.UpSampling2D
InputSpec = respell(keras_form(base.InputSpec))
_CLASSES = class_names(LAYERS.items)
_CLASSES["GroupQueryAttention"] = _CLASSES.pop(
    "GroupedQueryAttention"
)  # Keras's class has another name than its API
_FUNCTIONS = {
    naming.snake(kind.__name__): _merging(kind)
    for kind in LAYERS.items.values()
    if issubclass(kind, merge.Merge)
}
_ACCESS = access(LAYERS, "keras.layers")
_FUNCTIONS.update({name: _ACCESS[name] for name in ("serialize", "deserialize")})
_NAMES = {**_CLASSES, **_second_names(_CLASSES), "Layer": Layer, "InputSpec": InputSpec}

__all__ = ["Input", *_NAMES, *_FUNCTIONS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _NAMES, _FUNCTIONS)
complete(globals())
