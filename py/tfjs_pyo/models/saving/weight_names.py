"""What weights are called in files, as TensorFlow.js calls them."""

from __future__ import annotations

from collections.abc import Iterator

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.layers.rnn_layers import Recurrent, StackedRNNCells
from tfjs_pyo.layers.wrappers import Bidirectional, TimeDistributed


def named_weights(model: Layer) -> list[tuple[str, Variable]]:
    """Returns the weights of a model in the order of TensorFlow.js's files, each under a name of its own."""
    scope = "" if _holds_by_attributes(model) else model.name  # such a model's name may be made up, too
    names = {id(variable): name.lstrip("/") for name, variable in _scoped(model, scope, set())}
    taken: dict[str, int] = {}
    result = []
    for variable in model._declared_weights(True) + model._declared_weights(False):
        name = names.get(id(variable), variable.original_name)
        count = taken[name] = taken.get(name, -1) + 1
        result.append((f"{name}_{count}" if count else name, variable))
    return result


def _scoped(layer: Layer, scope: str, met: set[int], placed: bool = False) -> Iterator[tuple[str, Variable]]:
    """Yields the weights of a layer, each under the name that TensorFlow.js gives it.

    What a class of a user's own holds goes by places, as names of such layers are made up anew in each program.

    Args:
        layer: whose weights are named.
        scope: what their names begin with.
        met: the layers that had their turn; layers may refer to each other by attributes.
        placed: whether it is within such a class.
    """
    met.add(id(layer))
    for name, variable in (*layer._declared_here(True), *layer._declared_here(False)):
        yield f"{scope}/{name}", variable
    placed = placed or _holds_by_attributes(layer)
    for number, (place, each) in enumerate(layer._held_layers()):
        if not (layer._holds_by_attributes and id(each) in met):
            yield from _scoped(
                each, _scope(layer, each, number, scope, place if placed else None), met, placed
            )


def _holds_by_attributes(layer: Layer) -> bool:
    return bool(layer._holds_by_attributes) if layer._is_model else not is_ours(type(layer))


def _scope(outer: Layer, inner: Layer, number: int, scope: str, place: str | None) -> str:
    if isinstance(outer, StackedRNNCells):
        return f"{scope}/RNNCell_{number}"
    if isinstance(outer, (Recurrent, TimeDistributed)):
        return scope
    if place is not None:
        return f"{scope}/{place}"
    if outer._is_model:
        return str(inner.name)
    return f"{scope}/{inner.name}" if isinstance(outer, Bidirectional) or not inner._is_model else inner.name


__all__ = ["named_weights"]
