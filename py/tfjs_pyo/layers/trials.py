"""Shapes of what a layer gives, found by calling it: `call` is recorded twice, on tensors without values.

Lengths that are not known yet are one number in the first call and another in the second: what differs then is not known either.
Where `call` reads values it is run on zeros.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tfjs_pyo import nests, ops
from tfjs_pyo.core import context
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Trace
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, ShapeError, TfError, TraceError
from tfjs_pyo.layers.passing import set_masks
from tfjs_pyo.layers.symbols import BatchShape, SymbolicTensor
from tfjs_pyo.options import shown
from tfjs_pyo.variables import StatelessScope

if TYPE_CHECKING:
    from tfjs_pyo.layers.base import Layer

_LENGTHS = ((84, 108), (132, 156))
"""Numbers with many divisors, so that reshapes and strides work; others if a length of the layer's own is one of the first."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What is known of a tensor, and of the mask that it carries, before there is data."""

    shape: BatchShape
    dtype: str
    mask: Spec | None = None


def spec_of(symbol: SymbolicTensor, masked: bool) -> Spec:
    """Returns what is known of a symbolic tensor.

    Args:
        symbol: the tensor.
        masked: whether its mask is wanted, too.
    """
    mask = symbol._keras_mask if masked else None
    return Spec(symbol.shape, symbol.dtype, None if mask is None else Spec(mask.shape, mask.dtype))


def shapes_of(tensors: Any) -> Any:
    """Returns the shapes of what has one, in lists and dicts as they are; None for everything else."""
    if isinstance(tensors, Mapping):
        return {key: shapes_of(item) for key, item in tensors.items()}
    if isinstance(tensors, (list, tuple)):
        return [shapes_of(item) for item in tensors]
    shape = getattr(tensors, "shape", None)
    return None if shape is None else tuple(shape)


def as_shapes(given: Any, depth: int = 0) -> Any:
    """Returns shapes as tuples, in lists and dicts; layers of users give lists and tuples for either."""
    if isinstance(given, Mapping) and depth < _DEEPEST:
        return {key: as_shapes(item, depth + 1) for key, item in given.items()}
    if not isinstance(given, Sequence) or isinstance(given, str) or depth == _DEEPEST:
        raise ArgumentError(f"expected a shape, or shapes in lists and dicts, received {shown(given)}.")
    if given and all(isinstance(item, (list, tuple, Mapping)) for item in given):
        return [as_shapes(item, depth + 1) for item in given]
    return tuple(given)


_DEEPEST = 16
"""How deep shapes lie in lists at most; a list that holds itself has no end."""


def specs_of(shapes: Any, dtype: str) -> Any:
    """Returns a Spec of one dtype for each shape."""
    if isinstance(shapes, Mapping):
        return {key: specs_of(item, dtype) for key, item in shapes.items()}
    known = as_shapes(shapes)
    return [specs_of(item, dtype) for item in known] if isinstance(known, list) else Spec(known, dtype)


_built_for: ContextVar[tuple[Layer, Any] | None] = ContextVar("tfjs_pyo.built_for", default=None)
"""The layer that is being built, and what it was called with: `build` is told shapes only."""


@contextmanager
def built_for(layer: Layer, inputs: Any) -> Iterator[None]:
    """Lets a layer be built for these inputs.

    Args:
        layer: that is built inside.
        inputs: tensors or Specs, in lists and dicts.
    """
    token = _built_for.set((layer, inputs))
    try:
        yield
    finally:
        _built_for.reset(token)


def specs_to_build(layer: Layer, shapes: Any) -> Any:
    """Returns a Spec for each shape that a layer is built for: of the dtypes it was called with, or of float32."""
    specs, (owner, inputs) = specs_of(shapes, "float32"), _built_for.get() or (None, None)
    taken = nests.take(specs, lambda item: isinstance(item, Spec))
    dtypes = [item.dtype for item in nests.leaves(inputs) if hasattr(item, "dtype")]
    if owner is not layer or len(taken.values) != len(dtypes):
        return specs
    typed = [replace(spec, dtype=dtype) for spec, dtype in zip(taken.values, dtypes, strict=True)]
    return nests.fill(taken.structure, typed)


def values_to_build(layer: Layer) -> Any:
    """Returns the tensors that a layer is called with while it is being built; None where there are none."""
    owner, inputs = _built_for.get() or (None, None)
    has_tensors = any(isinstance(item, Tensor) for item in nests.leaves(inputs))
    return inputs if owner is layer and has_tensors and _open.get() is None else None


@dataclass(frozen=True)
class Trial:
    """A call that is being recorded.

    Attributes:
        length: what stands for unknown lengths.
        batch: whether the number of samples is unknown.
        inner: whether other lengths are.
    """

    length: int
    batch: bool
    inner: bool


_open: ContextVar[Trial | None] = ContextVar("tfjs_pyo.trial", default=None)


def stand_in(spec: Callable[[], Spec]) -> Tensor | None:
    """Returns a tensor without values for what code outside of the graph gives, within a trial; elsewhere None.

    Args:
        spec: tells what is known of that tensor.
    """
    trial, trace = _open.get(), context.trace()
    return None if trial is None or not isinstance(trace, Trace) else _fed(trace, trial, spec())


def shapes_to_build(shapes: Any) -> Any:
    """Returns the shapes of inputs for `build`: within a trial, with None where lengths are not known."""
    trial = _open.get()
    if trial is None or shapes is None:
        return shapes
    if isinstance(shapes, Mapping):
        return {key: shapes_to_build(shape) for key, shape in shapes.items()}
    if any(dim is not None and not isinstance(dim, int) for dim in shapes):
        return [shapes_to_build(shape) for shape in shapes]
    known = tuple(None if trial.inner and dim == trial.length else dim for dim in shapes)
    return (None, *known[1:]) if trial.batch and known else known


def outputs_of(layer: Layer, inputs: Any, arguments: Mapping[str, Any]) -> Any:
    """Returns what a layer gives, in the same lists, tuples and dicts, with a Spec for each tensor.

    Layers that it calls are built meanwhile.

    Args:
        layer: built.
        inputs: a Spec, or a structure of them.
        arguments: what else `call` takes, with a Spec for each tensor.

    Raises:
        ShapeError: a weight needs a length that is not known.
        ArgumentError: `call` gives no tensor.
    """
    specs = [item for item in nests.leaves((inputs, dict(arguments))) if isinstance(item, Spec)]
    batch = any(spec.shape[:1] == (None,) for spec in specs)
    inner = any(None in spec.shape[1:] for spec in specs)
    pairs = _LENGTHS if inner else _LENGTHS[:1]
    for number, lengths in enumerate(pairs):
        try:
            first, second = (
                _tried(layer, inputs, arguments, Trial(length, batch, inner)) for length in lengths
            )
            found = _same(first, second)
            return nests.mapped(_of_any_number, found) if layer._reads_values and batch else found
        except TfError as error:
            if isinstance(error, ShapeError) and number + 1 < len(pairs):
                continue
            shown = shapes_of(inputs)
            data = "data other than zeros" if layer._reads_values else "data"
            error.add_note(
                f"This came up when {layer.display_name} was called without {data}, to find what it gives for inputs of shape "
                f"{shown}. A layer that defines computeOutputShape(inputShape) is not called for that."
            )
            raise
    raise AssertionError("there is at least one pair")


def _tried(layer: Layer, inputs: Any, arguments: Mapping[str, Any], trial: Trial) -> Any:
    """Returns what one call gives: recorded, or on zeros where it reads values."""
    if not layer._reads_values:
        try:
            return _recorded(layer, inputs, arguments, trial)
        except TraceError:
            if (
                type(layer).dialect is not KERAS or values_to_build(layer) is not None
            ):  # values are better than zeros
                raise
            layer._reads_values = True
    token = _open.set(trial)
    try:
        with StatelessScope():
            given, others = nests.mapped(partial(_zeros, trial), (inputs, dict(arguments)))
            return _specs(layer, layer._call_for_shapes(given, others))
    finally:
        _open.reset(token)


def _of_any_number(item: Any) -> Any:
    """Returns a Spec for another number of samples: what zeros give is not always what data do."""
    return replace(item, shape=(None, *item.shape[1:])) if isinstance(item, Spec) and item.shape else item


def _zeros(trial: Trial, item: Any) -> Any:
    """Returns zeros for a spec, of strings empty ones, with masks that count all in; everything else as it is."""
    if not isinstance(item, Spec):
        return item
    shape = [trial.length if dim is None else dim for dim in item.shape]
    made = ops.fill(shape, "", "string") if item.dtype == "string" else ops.zeros(shape, item.dtype)
    if item.mask is not None:
        set_masks(made, ops.ones([trial.length if dim is None else dim for dim in item.mask.shape], "bool"))
    return made


def _recorded(layer: Layer, inputs: Any, arguments: Mapping[str, Any], trial: Trial) -> Any:
    """Returns what one call gives."""
    token = _open.set(trial)
    try:
        with Trace() as trace:
            feed = partial(_fed, trace, trial)
            given, others = nests.mapped(feed, (inputs, dict(arguments)))
            return _specs(layer, layer._call_for_shapes(given, others))
    finally:
        _open.reset(token)


def _fed(trace: Trace, trial: Trial, item: Any) -> Any:
    """Returns a tensor to be fed for a spec, with masks likewise; everything else as it is."""
    if not isinstance(item, Spec):
        return item
    shape = tuple(trial.length if dim is None else dim for dim in item.shape)
    made = trace.input(shape, item.dtype)  # type: ignore[arg-type]
    set_masks(made, _fed(trace, trial, item.mask))
    return made


def _specs(layer: Layer, outputs: Any) -> Any:
    if isinstance(outputs, (Tensor, Variable)):
        return Spec(tuple(outputs.shape), outputs.dtype)
    if isinstance(outputs, Mapping):
        return {key: _specs(layer, item) for key, item in outputs.items()}
    if isinstance(outputs, tuple) and hasattr(outputs, "_fields"):
        return type(outputs)(*(_specs(layer, item) for item in outputs))
    if isinstance(outputs, (list, tuple)):
        return type(outputs)(_specs(layer, item) for item in outputs)
    layer._require_output(outputs)
    raise ArgumentError(
        f"{layer.display_name}: expected call to return a tensor or a list of tensors, received {type(outputs).__name__}."
    )


def _same(first: Any, second: Any) -> Any:
    """Returns what two calls have in common."""
    if isinstance(first, Spec):
        if len(first.shape) != len(second.shape):
            raise ShapeError(
                f"expected results of one rank whatever the number of samples, received shapes {first.shape} and {second.shape}."
            )
        dims = [a if a == b else None for a, b in zip(first.shape, second.shape, strict=True)]
        return Spec(tuple(dims), first.dtype)
    if len(first) != len(second):
        raise ShapeError(
            f"expected as many results whatever the number of samples, received {len(first)} and {len(second)}."
        )
    if isinstance(first, Mapping):
        return {key: _same(item, second[key]) for key, item in first.items()}
    items = [_same(a, b) for a, b in zip(first, second, strict=True)]
    return type(first)(*items) if hasattr(first, "_fields") else type(first)(items)


__all__ = [
    "Spec", "Trial", "as_shapes", "built_for", "outputs_of", "shapes_of", "shapes_to_build", "spec_of", "specs_of",
    "specs_to_build", "stand_in", "values_to_build",
]  # fmt: skip
