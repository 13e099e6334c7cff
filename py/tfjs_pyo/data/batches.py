"""Elements put together: what is at the same place of them becomes one tensor, or one list."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, ShapeError

_PLAIN = {bool, int, float, str}


def stacked(elements: Sequence[Any], start: int = 0, place: str = "") -> Any:
    """Returns elements of one form as one element whose leaves are tensors with a batch axis.

    Args:
        elements: numbers, strings, lists, arrays or tensors of one shape; or dicts or tuples of these.
        start: number of the first of them, for errors.
        place: where in the elements these are, for errors.

    Raises:
        ArgumentError: they have different forms, or cannot become a tensor.
        ShapeError: they have different shapes.
    """
    first = elements[0]
    missing = [i for i, element in enumerate(elements, start) if element is None]
    if missing:
        if len(missing) == len(elements):
            return None
        raise ArgumentError(
            f"batch: expected a value in every element{place}, received None in some: element {missing[0]} has none. Give it "
            "a default, or filter these out."
        )
    if isinstance(first, (Mapping, tuple)):
        _same_form("batch", elements, start, place)
        return _at_each_place(elements, place, lambda parts, inner: stacked(parts, start, inner))
    return _stack(elements, start, place)


def columns(
    elements: list[Any], zip_fn: Callable[[list[Any]], Any] | None, start: int, place: str = ""
) -> Any:
    """Returns elements of one form as one of that form, with the list of their values at each place.

    Args:
        elements: dicts, lists and tuples of anything.
        zip_fn: what to put at a place, or to go on into it; without one, into all dicts, lists and tuples.
        start: number of the first element, for errors.
        place: where in the elements these are, for errors.

    Raises:
        ArgumentError: they have different forms, or `zip_fn` gives something else.
    """
    inwards = any(isinstance(element, (Mapping, list, tuple)) for element in elements)
    if zip_fn is not None:
        told = zip_fn(elements)
        if not isinstance(told, Mapping) or "recurse" not in told:
            raise ArgumentError(
                "columnMajorBatch: expected zipFn to return {'value': ..., 'recurse': ...}, received "
                f"{_form(told)}{place}."
            )
        if not told["recurse"]:
            return told.get("value")
        if not inwards:
            raise ArgumentError(
                f"columnMajorBatch: zipFn says 'recurse'{place}, where there are no dicts, lists or tuples but "
                f"{_form(elements[0])}."
            )
    if not inwards:
        return elements
    _same_form("columnMajorBatch", elements, start, place)
    return _at_each_place(elements, place, lambda parts, inner: columns(parts, zip_fn, start, inner))


def _at_each_place(elements: Sequence[Any], place: str, put: Callable[[list[Any], str], Any]) -> Any:
    first = elements[0]
    if isinstance(first, Mapping):
        return {key: put([element[key] for element in elements], f"{place} at {key!r}") for key in first}
    parts = [put([element[i] for element in elements], f"{place} at {i}") for i in range(len(first))]
    return tuple(parts) if isinstance(first, tuple) else parts


def _same_form(owner: str, elements: Sequence[Any], start: int, place: str) -> None:
    """Raises unless all are dicts with the same keys, or lists or tuples of the same length."""
    first = elements[0]
    for number, element in enumerate(elements, start):
        expected = _otherwise(first, element, start)
        if expected:
            raise ArgumentError(
                f"{owner}: expected {expected}, received {_form(element)} in element {number}{place}."
            )


def _otherwise(first: Any, element: Any, start: int) -> str | None:
    """Returns what was expected where an element has not the form of the first."""
    if isinstance(first, Mapping):
        same = isinstance(element, Mapping) and element.keys() == first.keys()
        return None if same else f"elements with the keys {list(first)} each"
    if isinstance(first, (list, tuple)):
        same = isinstance(element, type(first)) and len(element) == len(first)
        kind = "tuples" if isinstance(first, tuple) else "lists"
        return None if same else f"{kind} of {len(first)} parts each, as in element {start}"
    inwards = isinstance(element, (Mapping, list, tuple))
    return f"{_form(first)} as element {start} has" if inwards else None


def _stack(leaves: Sequence[Any], start: int, place: str) -> Tensor:
    kinds = set(map(type, leaves))
    if kinds <= _PLAIN:
        if str in kinds and len(kinds) > 1:
            odd = next(
                i for i, leaf in enumerate(leaves) if isinstance(leaf, str) != isinstance(leaves[0], str)
            )
            raise ArgumentError(
                f"batch: expected {_form(leaves[0])} as in element {start}, received {leaves[odd]!r} in element "
                f"{start + odd}{place}."
            )
        return ops.tensor(list(leaves))
    at_once = _at_once(leaves, kinds)
    if at_once is not None:
        return at_once
    tensors = [_tensor(leaf, number, place) for number, leaf in enumerate(leaves, start)]
    for number, tensor in enumerate(tensors, start):
        if tensor.shape != tensors[0].shape:
            raise ShapeError(
                f"batch: expected elements of one shape, received {tensors[0].shape} in element {start} and {tensor.shape} in "
                f"element {number}{place}. Pad or cut them in a map before."
            )
    result: Tensor = ops.stack(tensors)
    return result


def _at_once(leaves: Sequence[Any], kinds: set[type]) -> Tensor | None:
    """Returns lists, or arrays of NumPy, as one tensor that goes to the device in one piece; None if they do not fit."""
    if kinds == {list}:
        with contextlib.suppress(DTypeError, ShapeError, ArgumentError):
            return ops.tensor(list(leaves))
    elif all(hasattr(type(leaf), "__array_interface__") for leaf in leaves):
        first = leaves[0]
        if all(leaf.shape == first.shape and leaf.dtype == first.dtype for leaf in leaves):
            return ops.tensor(engine.import_numpy("batch").stack(leaves))
    return None


def _tensor(leaf: Any, number: int, place: str) -> Tensor:
    if isinstance(leaf, Tensor):
        return leaf
    try:
        return ops.tensor(leaf)
    except (DTypeError, ShapeError, ArgumentError) as error:
        hint = ""
        if isinstance(leaf, list):
            hint = " A list is one tensor; parts that stand side by side belong into a tuple or a dict."
        raise ArgumentError(
            "batch: expected numbers, strings, arrays, tensors, lists of equal depth, or dicts and tuples of these, received "
            f"{_form(leaf)} in element {number}{place}.{hint}"
        ) from error


def _form(element: Any) -> str:
    if isinstance(element, Mapping):
        return f"a dict with {list(element)}"
    if isinstance(element, (tuple, list)):
        return f"a {type(element).__name__} of {len(element)}"
    kind = {str: "a string", bool: "a boolean", int: "a number", float: "a number"}.get(type(element))
    return kind or f"a {type(element).__name__}"


__all__ = ["columns", "stacked"]
