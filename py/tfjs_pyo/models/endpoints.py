"""The inputs and outputs of a graph as its maker gave them: a tensor, a list, or dicts and lists in any depth."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import nests
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.nests import Slot


def is_plain(structure: Any) -> bool:
    """Returns whether a structure is a tensor, or a list of tensors, which the TensorFlow.js API has."""
    if isinstance(structure, (list, tuple)):
        return all(isinstance(item, Slot) for item in structure)
    return isinstance(structure, Slot)


def filled(structure: Any, values: Sequence[Any]) -> Any:
    """Returns values in their structure; one value of a list by itself."""
    if is_plain(structure):
        return list(values) if len(values) > 1 else values[0]
    return nests.fill(structure, values)


def saved_places(structure: Any, places: list[Any]) -> Any:
    """Returns where inputs or outputs come from, for files: a list; of structures that have dicts the structure, as in Keras."""
    return places if is_plain(structure) else nests.fill(structure, places)


def names_of(structure: Any, names: Sequence[str]) -> list[str]:
    """Returns what the values of a structure are called: the keys of a dict, else the names that are given."""
    if isinstance(structure, Mapping) and is_plain(list(structure.values())):
        return [str(key) for key in nests.ordered_keys(structure)]
    return list(names)


def in_order(
    owner: str,
    structure: Any,
    names: Sequence[str],
    given: Any,
    is_value: Callable[[Any], bool] = lambda value: not nests.is_nest(value),
) -> list[Any]:
    """Returns the values for the inputs of a graph, in their order.

    Args:
        owner: the model, for errors.
        structure: of the inputs, with slots.
        names: of the inputs.
        given: values in the same structure, in a list in the order of the inputs, or in a dict by their names.
        is_value: whether something is one value.

    Raises:
        ArgumentError: one is missing, or there are too many.
    """
    found: dict[int, Any] = {}
    waiting = [(structure, given)]
    while waiting:
        place, value = waiting.pop()
        if isinstance(value, Mapping):
            waiting += [(part, _by_name(owner, value, key, part, names)) for key, part in _parts(place)]
            continue
        whole = [value] if is_value(value) else list(value)
        if isinstance(place, Slot) and len(whole) == 1:
            found[place.number] = whole[0]
            continue
        parts = [part for _, part in _parts(place)]
        if len(whole) != len(parts):
            raise ArgumentError(f"{owner}: expected {len(parts)} inputs, received {len(whole)}.")
        waiting += zip(parts, whole, strict=True)
    return [found[number] for number in range(len(names))]


def _parts(structure: Any) -> list[tuple[Any, Any]]:
    """Returns the parts of a structure with their keys."""
    if isinstance(structure, Slot):
        return [(None, structure)]
    if isinstance(structure, Mapping):
        return [(key, structure[key]) for key in nests.ordered_keys(structure)]
    return list(enumerate(structure))


def _by_name(owner: str, values: Mapping[Any, Any], key: Any, part: Any, names: Sequence[str]) -> Any:
    """Returns the value for a part of the inputs from a dict: by its key, or by the name of the input."""
    known = [key, *([names[part.number]] if isinstance(part, Slot) else [])]
    for name in known:
        if name in values:
            return values[name]
    if isinstance(part, Slot) and key is None and len(values) == 1:
        return next(iter(values.values()))
    wanted = next((name for name in reversed(known) if isinstance(name, str)), key)
    raise ArgumentError(
        f"{owner}: expected a value for the input {wanted!r}, received values for {', '.join(map(str, values))}."
    )


__all__ = ["filled", "in_order", "is_plain", "names_of", "saved_places"]
