"""Where Keras 3 keeps the weights of a model in a file: by the places of layers in it, not by names of weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.io.keras_files import state_name
from tfjs_pyo.io.weights import checked_spec
from tfjs_pyo.layers.attention_layers import MultiHeadAttention
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.core import InputLayer
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.layers.preprocessing import Normalization
from tfjs_pyo.models.keras_files.layer_groups import warn_of_names, warn_of_shape
from tfjs_pyo.models.saving.topology import is_graph
from tfjs_pyo.models.saving.weight_names import named_weights

_PROJECTIONS = ("query_dense", "key_dense", "value_dense", "output_dense")


class Place(NamedTuple):
    """Where a layer lies in a file.

    Attributes:
        path: of its group, '' or with a slash at its end.
        name: of the layer.
        weights: its own, in order.
        layer: the layer itself; of projections of attention, the whole layer.
    """

    path: str
    name: str
    weights: list[Variable]
    layer: Layer


def defines_own(layer: Layer, method: str) -> bool:
    """Returns whether the class of a layer is a user's own and defines a method of how it is kept in files."""
    owner = next((base for base in type(layer).__mro__ if method in vars(base)), None)
    return owner is not None and not is_ours(owner)


def keras_places(model: Layer) -> Iterator[Place]:
    """Yields the places of a model and of all layers in it, as Keras 3 walks through them.

    A place is told by attributes, and in lists by classes and how many of a class came before; names have no part in it. A layer
    that is met again has no second place, but is counted.

    Source: https://github.com/keras-team/keras/blob/master/keras/src/saving/saving_lib.py (`_save_state`)
    """
    yield from _walked(model, "", set())


def _by_place(model: Layer) -> dict[str, tuple[str, Variable]]:
    """Returns name of the layer and weight for each place of a weight, also as Keras 2 calls it."""
    found = {
        f"{place.path}vars/{number}": (place.name, weight)
        for place in keras_places(model)
        for number, weight in enumerate(place.weights)
    }
    of_keras_2 = {
        re.sub(r"/((?:query|key|value|output)_dense/)", r"/_\1", path): held for path, held in found.items()
    }
    return {**of_keras_2, **found}


def _mismatched(
    places: Mapping[str, tuple[str, Variable]], specs: Sequence[Mapping[str, Any]], owner: str
) -> set[str]:
    """Returns the places of weights of other shapes, and of those that come after one in its layer."""
    found: set[str] = set()
    layers: set[str] = set()
    for spec in map(checked_spec, specs):
        layer, variable = places.get(spec["name"], ("", None))
        group = spec["name"].rpartition("/")[0]
        if variable is not None and group not in layers and tuple(spec["shape"]) != tuple(variable.shape):
            layers.add(group)
            warn_of_shape(owner, layer, spec)
        if group in layers:
            found.add(spec["name"])
    return found


def _taken_otherwise(model: Layer) -> tuple[set[str], set[str]]:
    """Returns the places of numbers that nothing reads, and those of layers that load their variables in their own way."""
    counts, own = set(), set()
    for place in keras_places(model):
        if isinstance(place.layer, Normalization):
            counts.add(f"{place.path}vars/{len(place.weights)}")
        if defines_own(place.layer, "load_own_variables"):
            own.add(place.path)
    return counts, own


def names_places(specs: Any) -> bool:
    """Returns whether specs name weights by places, as the converter does that reads `.keras` files."""
    listed = specs if isinstance(specs, (list, tuple)) else ()
    names = [spec.get("name") for spec in listed if isinstance(spec, Mapping)]
    return any(isinstance(name, str) and re.search(r"(^|/)vars/\d+$", name) for name in names)


def placed(
    model: Layer, specs: Sequence[Mapping[str, Any]], owner: str, skip: bool = False
) -> list[dict[str, Any]]:
    """Returns specs of weights that are named by places under the names that the weights have here.

    Args:
        model: built.
        specs: of a file.
        owner: who asks, for errors.
        skip: whether a layer is left as it is from its first weight of another shape on, which a warning says.

    Warns where the file calls a layer by the name that another one was given here: Keras, too, goes by places then.
    """
    places = _by_place(model)
    counts, own = _taken_otherwise(model)
    names = {id(variable): name for name, variable in named_weights(model)}
    result = []
    pairs: list[tuple[str, str]] = []
    skipped = _mismatched(places, specs, owner) if skip else set()
    for given in specs:
        spec = checked_spec(given)
        name, variable = places.get(spec["name"], (None, None))
        number = re.fullmatch(r"optimizer/vars/(\d+)", spec["name"])
        if number is not None:
            result.append({**spec, "name": state_name(int(number[1])), "group": "optimizer"})
        elif spec["name"].startswith("metrics/") or spec["name"] in counts or spec["name"] in skipped:
            result.append({**spec, "group": "metrics"})
        elif spec["name"].rpartition("vars/")[0] in own:
            result.append({**spec, "group": "own"})
        elif name is not None:
            result.append({**spec, "name": names[id(variable)]})
            pairs.append((str(spec.get("layer", name)), name))
        else:
            result.append({**spec})
    warn_of_names(pairs, {place.name: place.layer for place in keras_places(model)}, owner, "their places")
    return result


def _walked(layer: Layer, path: str, met: set[int]) -> Iterator[Place]:
    if id(layer) in met:
        return
    met.add(id(layer))
    if isinstance(layer, MultiHeadAttention):
        yield from _attention(layer, path)
        return
    held = _attributes(layer)
    inner = {id(w) for _, item in held for each in _items(item) for w in each._all_weights()}
    yield Place(path, layer.name, [w for w in layer._own_weights() if id(w) not in inner], layer)
    for name, item in held:
        if isinstance(item, Layer):
            yield from _walked(item, f"{path}{name}/", met)
        else:
            yield from _in_list(item, f"{path}{name}/", met)


Held = Layer | list[Any]
"""A layer, or a container of layers and of such containers."""


def _attributes(layer: Layer) -> list[tuple[str, Held]]:
    """Returns the layers that a layer holds, by the names of its attributes, in the order in which Keras goes through them.

    Those of graphs and stacks come first, of other models among its attributes; private names come last.
    """
    known = {id(each) for each in layer._sublayers()}
    found: list[tuple[str, Held]] = []
    for name, value in list(vars(layer).items()):  # another thread may set attributes
        kept = _kept(value, known, set())
        if kept is not None and _items(kept):
            found.append((name, kept))
    is_model = layer._is_model
    if is_model:
        found.append(("layers", [each for each in layer._sublayers() if not _is_first_of_stack(layer, each)]))
    first = "layers" if is_model and (is_graph(layer) or layer._stack is not None) else None
    return sorted(found, key=lambda item: (item[0] != first, item[0].startswith("_"), item[0]))


def _kept(value: Any, known: set[int], around: set[int]) -> Held | None:
    """Returns a layer, or a container as a list of layers, containers and None for all else."""
    if isinstance(value, Layer):
        return value if id(value) in known else None
    if not isinstance(value, (list, tuple, Mapping)):
        return None
    if id(value) in around:
        return []
    items = value.values() if isinstance(value, Mapping) else value
    return [_kept(item, known, {*around, id(value)}) for item in items]


def _is_first_of_stack(model: Layer, layer: Layer) -> bool:
    return isinstance(layer, InputLayer) and not is_graph(model)


def _items(value: Held | None) -> list[Layer]:
    if value is None:
        return []
    return [value] if isinstance(value, Layer) else [each for item in value for each in _items(item)]


def _in_list(items: list[Any], path: str, met: set[int]) -> Iterator[Place]:
    """Yields the places in a container: those of layers by their classes, those of containers as if that was their class."""
    counts: Counter[str] = Counter()
    for item in items:
        if item is None:
            continue
        kind = "container" if isinstance(item, list) else _kind(item)
        number = counts[kind]
        counts[kind] += 1
        place = f"{path}{kind}_{number}/" if number else f"{path}{kind}/"
        yield from _in_list(item, place, met) if isinstance(item, list) else _walked(item, place, met)


def _kind(layer: Layer) -> str:
    """Returns a class's name as Keras writes it in places.

    >>> from tfjs_pyo import layers
    >>> _kind(layers.Conv2D(1, 1)), _kind(layers.LSTMCell(1)), _kind(layers.PReLU())
    ('conv2d', 'lstm_cell', 'p_re_lu')
    """
    name = type(layer).__name__
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _attention(layer: MultiHeadAttention, path: str) -> Iterator[Place]:
    weights = layer._all_weights()
    each = len(weights) // len(_PROJECTIONS)
    yield Place(path, layer.name, [], layer)
    for number, name in enumerate(_PROJECTIONS):
        yield Place(
            f"{path}{name}/",
            name.removesuffix("_dense"),
            weights[number * each : (number + 1) * each],
            layer,
        )


__all__ = ["Place", "defines_own", "keras_places", "names_places", "placed"]
