"""Elements put together: what is at the same place of nested dicts and tuples becomes one tensor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError


def stacked(elements: Sequence[Any], place: str = "") -> Any:
    """Returns elements of one form as one element whose leaves are tensors with a batch axis.

    Args:
        elements: numbers, strings, lists, arrays or tensors of one shape; or dicts or tuples of these.
        place: where in the elements these are, for errors.

    Raises:
        ArgumentError: they have different forms.
        ShapeError: they have different shapes.
    """
    first = elements[0]
    missing = [element is None for element in elements]
    if any(missing):
        if all(missing):
            return None
        raise ArgumentError(
            f"batch: expected a value in every element{place}, received None in some. Give it a default, or filter these out."
        )
    if isinstance(first, Mapping):
        keys = list(first)
        for element in elements:
            if not isinstance(element, Mapping) or set(element) != set(keys):
                raise ArgumentError(
                    f"batch: expected elements with the keys {keys} each, received {_form(element)}."
                )
        return {key: stacked([element[key] for element in elements], f"{place} at {key!r}") for key in keys}
    if isinstance(first, tuple):
        for element in elements:
            if not isinstance(element, tuple) or len(element) != len(first):
                raise ArgumentError(
                    f"batch: expected tuples of {len(first)} parts each, received {_form(element)}."
                )
        return tuple(stacked(parts, f"{place} at {i}") for i, parts in enumerate(zip(*elements, strict=True)))
    return _stack(elements)


def _stack(leaves: Sequence[Any]) -> Tensor:
    if isinstance(leaves[0], (bool, int, float, str)):
        return ops.tensor(list(leaves))
    tensors = [leaf if isinstance(leaf, Tensor) else ops.tensor(leaf) for leaf in leaves]
    shapes = list(dict.fromkeys(tensor.shape for tensor in tensors))
    if len(shapes) > 1:
        raise ShapeError(
            f"batch: expected elements of one shape, received {' and '.join(map(str, shapes[:3]))}. Pad or cut them in a map "
            "before."
        )
    result: Tensor = ops.stack(tensors)
    return result


def _form(element: Any) -> str:
    if isinstance(element, Mapping):
        return f"a dict with {list(element)}"
    return f"a tuple of {len(element)}" if isinstance(element, tuple) else f"a {type(element).__name__}"


__all__ = ["stacked"]
