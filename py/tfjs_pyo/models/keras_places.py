"""Where Keras 3 keeps the weights of a model in a file: by the places of layers in it, not by names of weights."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.io.keras_files import state_name
from tfjs_pyo.io.weights import checked_spec
from tfjs_pyo.layers.attending import MultiHeadAttention
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.core import InputLayer
from tfjs_pyo.models.weight_names import named_weights

_PROJECTIONS = ("query_dense", "key_dense", "value_dense", "output_dense")


def keras_places(model: Layer) -> dict[str, Variable]:
    """Returns the weights of a model by their places in Keras 3's files.

    Layers are found by their own names, which such files hold, or by their classes, as files of the first versions need.
    """
    found = {**dict(_places(model, "", by_name=False)), **dict(_places(model, "", by_name=True))}
    of_keras_2 = {
        re.sub(r"/((?:query|key|value|output)_dense/)", r"/_\1", place): weight
        for place, weight in found.items()
    }
    return {**of_keras_2, **found}


def names_places(specs: Any) -> bool:
    """Returns whether specs name weights by places, as the converter does that reads `.keras` files."""
    listed = specs if isinstance(specs, (list, tuple)) else ()
    names = [spec.get("name") for spec in listed if isinstance(spec, Mapping)]
    return any(isinstance(name, str) and re.search(r"(^|/)vars/\d+$", name) for name in names)


def placed(model: Layer, specs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Returns specs of weights that are named by places under the names that the weights have here."""
    places = keras_places(model)
    names = {id(variable): name for name, variable in named_weights(model)}
    result = []
    for given in specs:
        spec = checked_spec(given)
        variable, number = places.get(spec["name"]), re.fullmatch(r"optimizer/vars/(\d+)", spec["name"])
        if number is not None:
            result.append({**spec, "name": state_name(int(number[1])), "group": "optimizer"})
        elif spec["name"].startswith("metrics/"):
            result.append({**spec, "group": "metrics"})
        else:
            result.append({**spec, "name": names[id(variable)] if variable is not None else spec["name"]})
    return result


def _places(layer: Layer, place: str, by_name: bool) -> Iterator[tuple[str, Variable]]:
    if hasattr(layer, "input_specs") and layer.sublayers():
        yield from _in_list(_listed(layer), f"{place}layers/", by_name)
        return
    if isinstance(layer, MultiHeadAttention):
        yield from _attention(layer, place)
        return
    held = _attributes(layer)
    inner = {id(w) for _, item in held for each in _items(item) for w in each.all_weights()}
    own = [w for w in layer.all_weights() if id(w) not in inner]
    ordered = [w for w in own if w.trainable] + [w for w in own if not w.trainable]
    for number, weight in enumerate(ordered):
        yield f"{place}vars/{number}", weight
    for name, item in held:
        if isinstance(item, Layer):
            yield from _places(item, f"{place}{name}/", by_name)
        else:
            yield from _in_list(item, f"{place}{name}/", by_name=False)


def keras_places_twice(model: Layer) -> Iterator[tuple[str, str, Variable]]:
    """Yields each weight with its place by classes and its place by names."""
    pairs = zip(_places(model, "", by_name=False), _places(model, "", by_name=True), strict=True)
    for (place, weight), (named, _) in pairs:
        yield place, named, weight


def _listed(model: Any) -> list[Layer]:
    """Returns the layers of a model in Keras's order, inputs of a stack left out as there."""
    if getattr(model, "graph_calls", None):
        return list(model.layers)
    return [layer for layer in model.sublayers() if not isinstance(layer, InputLayer)]


def _attributes(layer: Layer) -> list[tuple[str, Layer | Sequence[Layer]]]:
    """Returns the layers that a layer holds, by the names of its attributes."""
    known = set(layer.sublayers())
    found: list[tuple[str, Layer | Sequence[Layer]]] = []
    for name, value in vars(layer).items():
        if isinstance(value, Layer) and value in known:
            found.append((name, value))
        elif isinstance(value, (list, tuple)) and value and all(isinstance(each, Layer) for each in value):
            found.append((name, [each for each in value if each in known]))
    return found


def _items(value: Layer | Sequence[Layer]) -> Sequence[Layer]:
    return [value] if isinstance(value, Layer) else value


def _in_list(layers: Sequence[Layer], place: str, by_name: bool) -> Iterator[tuple[str, Variable]]:
    counts: Counter[str] = Counter()
    for layer in layers:
        kind = _kind(layer)
        number = counts[kind]
        counts[kind] += 1
        name = layer.name if by_name else f"{kind}_{number}" if number else kind
        yield from _places(layer, f"{place}{name}/", by_name)


def _kind(layer: Layer) -> str:
    """Returns a class's name as Keras writes it in places.

    >>> from tfjs_pyo import layers
    >>> _kind(layers.Conv2D(1, 1)), _kind(layers.LSTMCell(1)), _kind(layers.PReLU())
    ('conv2d', 'lstm_cell', 'p_re_lu')
    """
    name = type(layer).__name__
    name = "Functional" if name == "Model" else name
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def _attention(layer: MultiHeadAttention, place: str) -> Iterator[tuple[str, Variable]]:
    weights = layer.all_weights()
    each = len(weights) // len(_PROJECTIONS)
    for number, weight in enumerate(weights):
        yield f"{place}{_PROJECTIONS[number // each]}/vars/{number % each}", weight


__all__ = ["keras_places", "keras_places_twice", "names_places", "placed"]
