"""Which weight of a `.h5` file is which of a model: such files have a group for each layer, in the order of the model.

Source: https://github.com/keras-team/keras/blob/master/keras/src/legacy/saving/legacy_h5_format.py
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import FormatError, ShapeError
from tfjs_pyo.io.weights import checked_spec
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.preprocessing import Normalization
from tfjs_pyo.models.saving.weight_names import named_weights

Specs = list[dict[str, Any]]


def by_layers(
    model: Any,
    specs: Sequence[Mapping[str, Any]],
    owner: str,
    own: bool,
    strict: bool,
    by_name: bool = False,
    skip: bool = False,
) -> Specs:
    """Returns the specs of a `.h5` file, in their order, under the names that the weights have here.

    Args:
        model: built.
        specs: with the name of the group as 'layer'.
        owner: who asks, for errors.
        own: whether the model was made of the file's own config, so that names of layers say the same as their order.
        strict: whether there must be as many layers; else those of the same names get their weights.
        by_name: whether layers are found by their names whatever their number.
        skip: whether weights of other shapes are left out, which a warning says.

    Raises:
        FormatError: other numbers of layers or weights, and `strict`.
        ShapeError: a weight has another shape.
    """
    given = [dict(checked_spec(spec)) for spec in specs]
    groups: dict[str, Specs] = {}
    for spec in given:
        if spec.get("group") is None:
            groups.setdefault(str(spec.get("layer")), []).append(spec)
    layers = {layer.name: layer for layer in model.layers if layer._all_weights()}
    pairs = _pairs(groups, layers, owner, own, strict, by_name)
    names = {id(variable): name for name, variable in named_weights(model)}
    for name, layer in pairs:
        counts = [
            spec
            for spec in groups[name]
            if isinstance(layer, Normalization) and _kind(spec["name"]) == "count"
        ]
        for spec in counts:
            spec["group"] = "metrics"  # nothing reads it
            groups[name].remove(spec)
        if skip:
            groups[name] = _without_mismatches(layer, groups[name], owner)
        weights = _in_file_order(layer, groups[name], owner)
        if weights is None and strict:
            raise FormatError(
                f"{owner}: expected {len(layer._all_weights())} weights of layer {layer.name!r}, received {len(groups[name])}, "
                f"those of {name[:60]!r}."
            )
        for spec, variable in zip(groups.pop(name), weights or [], strict=False):
            spec["name"] = names[id(variable)]
    for name, others in groups.items():
        for spec in others:
            spec["name"] = f"{spec['name']} of layer {name}"
    return given


def _pairs(
    groups: Mapping[str, Specs],
    layers: Mapping[str, Layer],
    owner: str,
    own: bool,
    strict: bool,
    by_name: bool,
) -> list[tuple[str, Layer]]:
    """Returns the layer for each group of a file."""
    if by_name:
        return [(name, layers[name]) for name in groups if name in layers]
    if own and set(groups) <= set(layers):
        return [(name, layers[name]) for name in groups]
    if len(groups) == len(layers):
        pairs = list(zip(groups, layers.values(), strict=True))
        named = [(name, layer.name) for name, layer in pairs]
        warn_of_names(named, layers, owner, "the order of layers")
        return pairs
    if strict:
        raise FormatError(
            f"{owner}: expected weights of {len(layers)} layers ({_some(layers)}), received those of {len(groups)} "
            f"({_some(groups)}). With {{'strict': False}} layers of the same names get their weights."
        )
    return [(name, layers[name]) for name in groups if name in layers]


def _some(names: Mapping[str, Any]) -> str:
    return ", ".join([repr(name[:40]) for name in list(names)[:4]] + ["..."] * (len(names) > 4))


def warn_of_names(
    pairs: Iterable[tuple[str, str]], layers: Mapping[str, Layer], owner: str, went_by: str
) -> None:
    """Warns where a file calls a layer by the name that another one has here; names that were made up say nothing.

    Args:
        pairs: the name of a layer in the file, and that of the layer that got its weights.
        layers: those of the model by their names.
        owner: who asks.
        went_by: what weights found their layers by.
    """
    others = [
        (file, here)
        for file, here in dict.fromkeys(pairs)
        if file != here and file in layers and not layers[file]._has_made_up_name()
    ]
    if others:
        shown = ", ".join(f"those of {file[:60]!r} to {here[:60]!r}" for file, here in others[:4])
        warnings.warn(
            f"{owner}: names of layers in the file are those of other layers here; weights went by {went_by}, as in Keras: "
            f"{shown}{', ...' if len(others) > 4 else ''}. Check that the model is made as the saved one was.",
            stacklevel=2,
        )


def _without_mismatches(layer: Layer, specs: Specs, owner: str) -> Specs:
    """Returns the specs of a layer without those that do not fit, where there are as many as it has weights."""
    trained = {id(weight) for weight in layer.trainable_weights}
    every = list({id(weight): weight for weight in layer._all_weights()}.values())
    if len(every) != len(specs):
        return specs
    pairs = list(zip(sorted(every, key=lambda weight: id(weight) not in trained), specs, strict=True))
    others = [spec for weight, spec in pairs if list(weight.shape) != list(spec["shape"])]
    for spec in others:
        spec["group"] = "metrics"
        warn_of_shape(owner, layer.name, spec)
    return specs


def warn_of_shape(owner: str, layer: str, spec: Mapping[str, Any]) -> None:
    """Warns that a weight is left out."""
    warnings.warn(
        f"{owner}: layer {layer!r} has a weight of another shape than {list(spec['shape'])}, that of {spec['name'][:60]!r} in "
        "the file: it is left as it is.",
        stacklevel=2,
    )


def _in_file_order(layer: Layer, specs: Specs, owner: str) -> list[Variable] | None:
    """Returns the weights of a layer in the order of its group: what was trainable when it was saved comes first.

    Raises:
        ShapeError: shapes differ in every order.
    """
    trained = {id(weight) for weight in layer.trainable_weights}
    every = list({id(weight): weight for weight in layer._all_weights()}.values())
    if len(every) != len(specs):
        return None
    orders = [
        sorted(every, key=lambda weight: id(weight) not in trained),
        layer._declared_weights(True) + layer._declared_weights(False),
        every,
    ]
    fitting = [
        order
        for order in orders
        if all(
            spec.get("group") or list(weight.shape) == list(spec["shape"])
            for weight, spec in zip(order, specs, strict=True)
        )
    ]
    if not fitting:
        weight, spec = next(
            (weight, spec)
            for weight, spec in zip(orders[0], specs, strict=True)
            if list(weight.shape) != list(spec["shape"])
        )
        raise ShapeError(
            f"{owner}: layer {layer.name!r}: expected shape {list(weight.shape)} for weight {weight.original_name!r}, received "
            f"{list(spec['shape'])} of {spec['name'][:60]!r}."
        )
    kinds = [_kind(spec["name"]) for spec in specs]
    return next(
        (order for order in fitting if [_kind(weight.original_name) for weight in order] == kinds), fitting[0]
    )


def _kind(name: str) -> str:
    return name.rpartition("/")[2].partition(":")[0].removeprefix("depthwise_")


__all__ = ["by_layers", "warn_of_names", "warn_of_shape"]
