"""The data of charts in the forms in which programs have them: lists, dicts of TF.js, pairs, tensors, arrays."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.naming import bridge
from tfjs_pyo.nests import require_end
from tfjs_pyo.options import real, shown
from tfjs_pyo.vis.parts import Series, Surface

F = TypeVar("F", bound=Callable[..., Any])
Place = Surface | Mapping[str, str] | str | Any | None


def spelled(function: F) -> F:
    """Returns a function that takes its keyword arguments in any spelling; dicts are data, as in tfjs-vis."""
    return bridge(function, config=False)


def surface_of(owner: str, place: Place) -> Surface | None:
    """Returns the surface that a program names: itself, {name, tab}, its name, or an element of the document.

    Raises:
        ArgumentError: it is none of these.
    """
    if place is None or isinstance(place, Surface):
        return place
    if isinstance(place, str):
        return Surface(place)
    given: Any = place
    if hasattr(given, "innerHTML"):
        return Surface("", element=given)
    if isinstance(given, Mapping) and isinstance(given.get("name"), str):
        return Surface(given["name"], str(given.get("tab") or "Visor"))
    raise ArgumentError(
        f"{owner}: expected a surface to draw on, {{'name': ..., 'tab': ...}}, its name or an element, received {shown(place)}."
    )


def listed(values: Any) -> Any:
    """Returns tensors and arrays as lists, and others as they are."""
    if isinstance(values, Tensor):
        return values.array_sync()
    return values.tolist() if hasattr(values, "tolist") else values


def numbers(owner: str, values: Any) -> list[float]:
    """Returns values as numbers.

    Raises:
        ArgumentError: one of them is none.
    """
    found = [float(value) if isinstance(value, bool) else real(value) for value in values]
    if None in found:
        raise ArgumentError(f"{owner}: expected numbers, received {shown(values)}.")
    return [value for value in found if value is not None]


def elements(owner: str, values: Any) -> list[Any]:
    """Returns tensors, arrays, lists and other iterables as a list.

    Raises:
        ArgumentError: it has no elements.
    """
    found = listed(values)
    if isinstance(found, (str, bytes)) or not isinstance(found, Iterable):
        raise ArgumentError(f"{owner}: expected a list of values, received {shown(values)}.")
    return list(found)


def points(owner: str, values: Any) -> tuple[list[Any], list[float | None]]:
    """Returns x and y of points: [{x, y}], [(x, y)], or a list of numbers, which are y of 0, 1, 2, ...

    Raises:
        ArgumentError: an element is none of these.
    """
    xs: list[Any] = []
    ys: list[float | None] = []
    for position, item in enumerate(elements(owner, values)):
        if isinstance(item, Mapping) and "x" in item and "y" in item:
            x, y = item["x"], item["y"]
        elif isinstance(item, (list, tuple)) and len(item) == 2:
            x, y = item
        elif item is None or isinstance(item, (int, float)):
            x, y = position, item
        else:
            raise ArgumentError(
                f"{owner}: expected points {{'x': ..., 'y': ...}} or numbers, received {shown(item)} at {position}."
            )
        xs.append(x)
        ys.append(None if y is None else numbers(owner, [y])[0])
    return xs, ys


def series_of(owner: str, data: Any) -> list[Series]:
    """Returns the series of {values, series}; values are points, or a list of points for each series.

    Raises:
        ArgumentError: the values have another form, or names and values differ in number.
    """
    if not isinstance(data, Mapping):
        data = {"values": data}
    if "values" not in data:
        raise ArgumentError(
            f"{owner}: expected {{'values': ..., 'series': [...]}}, received keys {shown(list(data))}."
        )
    values = elements(owner, data["values"])
    nested = bool(values) and isinstance(values[0], list)
    groups = values if nested else [values]
    given = data.get("series")
    names = [f"Series {i + 1}" for i in range(len(groups))] if given is None else elements(owner, given)
    if len(names) != len(groups):
        raise ArgumentError(
            f"{owner}: expected as many names in 'series' as there are lists of values, {len(groups)}, received {len(names)}."
        )
    return [Series(str(name), *points(owner, group)) for name, group in zip(names, groups, strict=True)]


def matrix(owner: str, values: Any) -> list[list[float]]:
    """Returns rows of numbers.

    Raises:
        ShapeError: they are no matrix.
    """
    rows = listed(values)
    lists = isinstance(rows, (list, tuple)) and all(isinstance(row, (list, tuple)) for row in rows)
    if not lists or not rows or any(len(row) != len(rows[0]) for row in rows):
        raise ShapeError(f"{owner}: expected 'values' to be a matrix, rows of equal length.")
    return [numbers(owner, row) for row in rows]


def flat(values: Any) -> list[Any]:
    """Returns the elements of nested lists in order."""
    require_end(values)
    if isinstance(values, (list, tuple)):
        return [item for value in values for item in flat(value)]
    return [values]
