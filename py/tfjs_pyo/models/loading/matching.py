"""Which weight of a file is which of a model."""

from __future__ import annotations

import re
import warnings
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import FormatError, ShapeError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.saving.weight_names import named_weights

Named = tuple[str, Tensor]


def assign_weights(
    model: Layer,
    given: Sequence[Named],
    strict: bool,
    owner: str,
    exactly: bool = False,
    without: Collection[int] = (),
) -> None:
    """Gives a model the weights of a file: by name; then by the parts of names; where no name is known, by order and shape.

    Args:
        model: built.
        given: names and values.
        strict: whether all weights of both must find each other.
        owner: who asks, for errors.
        exactly: whether the names are those that weights have here, and nothing else is meant.
        without: the ids of weights that are loaded otherwise.

    Raises:
        FormatError: weights are left over, and `strict`.
        ShapeError: a weight of the same name has another shape.
    """
    found = matched(model, given, strict, owner, exactly, without)
    for name, variable in named_weights(model):
        if name in found:
            value = found[name]
            variable.assign(value if value.dtype == variable.dtype else ops.cast(value, variable.dtype))


def matched(
    model: Layer,
    given: Sequence[Named],
    strict: bool,
    owner: str,
    exactly: bool = False,
    without: Collection[int] = (),
) -> dict[str, Tensor]:
    """Returns the values for the weights of a model, by the names that these have here."""
    left = {name: variable for name, variable in named_weights(model) if id(variable) not in without}
    values = dict(given)
    if len(values) < len(given):
        names = [name for name, _ in given]
        twice = next(name for name in names if names.count(name) > 1)
        raise FormatError(f"{owner}: expected weights of different names, but two are named {twice[:80]!r}.")
    found = _by(_itself, left, values)
    for key in () if exactly else (_without_cell, _layer_and_kind):
        found.update(_by(key, left, values))
    if not exactly:
        found.update(_within_layers(left, values))
    if left and values and not found and not exactly:
        found.update(_by_order(model, left, values, strict, owner))
    if strict and (left or values):
        told = []
        if left:
            told.append(f"received none for {_listed(left)}")
        if values:
            told.append(f"received {_listed(values)}, which the model does not have")
        raise FormatError(
            f"{owner}: expected weights for every weight of the model and no others, but {' and '.join(told)}. With "
            "{'strict': False} what fits is loaded."
        )
    return found


def _listed(names: Sequence[str] | dict[str, object] | dict[str, Variable] | dict[str, Tensor]) -> str:
    shown = [repr(name[:60]) for name in list(names)[:4]]
    return ", ".join(shown) + (f" and {len(names) - 4} more" if len(names) > 4 else "")


def _itself(name: str) -> str:
    return re.sub(r":\d+$", "", name)


def _without_cell(name: str) -> str:
    """Returns a name without the part before the last, which is that of a cell: 'gru/gru_cell/kernel'."""
    parts = _itself(name).split("/")
    return "/".join([*parts[:-2], parts[-1]]) if len(parts) > 2 else "/".join(parts)


def _layer_and_kind(name: str) -> str:
    """Returns the last two parts of a name: 'sequential/dense/kernel' is 'dense/kernel'."""
    layer, mark, kind = "/".join(_itself(name).split("/")[-2:]).rpartition("/")
    return f"{layer}{mark}{kind.removeprefix('depthwise_')}"  # Keras 3 says 'kernel'; no layer has both


def _by(key: Callable[[str], str], left: dict[str, Variable], values: dict[str, Tensor]) -> dict[str, Tensor]:
    """Takes out of both those whose keys are the same, and unlike all others, and returns the values."""
    counts, here = Counter(map(key, values)), Counter(map(key, left))
    named = {key(name): name for name in values if counts[key(name)] == 1 and here[key(name)] == 1}
    found = {}
    for name in list(left):
        source = (
            named.pop(key(name), None)
            if key is _itself
            else named.pop(name, None) or named.pop(key(name), None)
        )
        if source is not None and values[source].shape == left[name].shape:
            found[name] = values.pop(source)
            del left[name]
        elif source is not None and key is _itself:
            raise ShapeError(
                f"weight {name!r}: expected shape {list(left[name].shape)}, received {list(values[source].shape)}."
            )
    return found


def _within_layers(left: dict[str, Variable], values: dict[str, Tensor]) -> dict[str, Tensor]:
    """Takes out of both, in order, those of a layer of one name, if as many of a kind are left in both and shapes agree."""
    layers = {name.partition("/")[0] for name in left}

    def grouped(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
        groups: dict[tuple[str, str], list[str]] = {}
        for name in names:
            parts = _itself(name).split("/")
            layer = next(
                (part for part in parts if part in layers), parts[0]
            )  # the model's name may come first
            groups.setdefault((layer, parts[-1]), []).append(name)
        return groups

    sources, found = grouped(values), {}
    for key, names in grouped(left).items():
        same = sources.get(key, [])
        pairs = list(zip(names, same, strict=False))
        if len(names) == len(same) and all(left[a].shape == values[b].shape for a, b in pairs):
            found.update({name: values.pop(source) for name, source in pairs})
            for name in names:
                del left[name]
    return found


def _by_order(
    model: Layer, left: dict[str, Variable], values: dict[str, Tensor], strict: bool, owner: str
) -> dict[str, Tensor]:
    """Takes what fits by order and shape out of both, if all does, and says so."""
    if len(left) != len(values) and strict:
        return {}
    own = {id(variable): name for name, variable in left.items()}
    orders = [
        [own[id(v)] for v in weights if id(v) in own] for weights in (model.weights, model._all_weights())
    ]
    sources = list(values)
    pairs: list[tuple[str, str]] = []
    for names in orders:
        fits = [
            left[name].shape == values[source].shape for name, source in zip(names, sources, strict=False)
        ]
        kinds = [
            name.split("/")[-1] == source.split("/")[-1] for name, source in zip(names, sources, strict=False)
        ]
        if all(fits) and (all(kinds) or not pairs):
            pairs = list(zip(names, sources, strict=False))
            if all(kinds):
                break
    if not pairs:
        return {}
    shown = ", ".join(f"{source[:60]!r} -> {name[:60]!r}" for name, source in pairs[:8])
    warnings.warn(
        f"{owner}: weights whose names differ were matched by order and shape: {shown}{', ...' if len(pairs) > 8 else ''}",
        stacklevel=2,
    )
    found = {name: values.pop(source) for name, source in pairs}
    for name in found:
        del left[name]
    return found


__all__ = ["assign_weights", "matched"]
