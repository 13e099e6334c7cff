"""What users pass to fit, evaluate and predict, as tensors of known shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, ShapeError


def tensors_of(owner: str, what: str, value: Any, names: Sequence[str]) -> list[Tensor]:
    """Returns one tensor per name.

    Args:
        owner: who asks, for errors.
        what: 'x' or 'y'.
        value: a tensor, array or nested list; for several names a list of them or a dict by name.
        names: of the inputs or outputs.

    Raises:
        ArgumentError: not one for each name.
    """
    if isinstance(value, Mapping):
        missing = [name for name in names if name not in value]
        if missing or len(value) != len(names):
            raise ArgumentError(
                f"{owner}: expected {what} for {', '.join(names)}, received {', '.join(value)}."
            )
        items = [value[name] for name in names]
    elif len(names) == 1:
        single = isinstance(value, (list, tuple)) and len(value) == 1 and isinstance(value[0], Tensor)
        items = [value[0]] if single else [value]
    else:
        items = list(value) if isinstance(value, (list, tuple)) else [value]
        if len(items) != len(names):
            raise ArgumentError(
                f"{owner}: expected {len(names)} tensors for {what} ({', '.join(names)}), received {len(items)}."
            )
    result = []
    for item in items:
        if item is None:
            raise ArgumentError(f"{owner}: expected {what}, received None.")
        tensor = item if isinstance(item, Tensor) else ops.tensor(item)
        if tensor.rank == 0:
            raise ShapeError(f"{owner}: expected {what} with a batch axis, received a single number.")
        result.append(ops.cast(tensor, "float32") if tensor.dtype == "bool" else tensor)
    return result


def sample_count(owner: str, tensors: Sequence[Tensor]) -> int:
    """Returns the length of the batch axis, which all tensors must share.

    Raises:
        ShapeError: they differ, or there are no samples.
    """
    counts = {t.shape[0] for t in tensors}
    if len(counts) != 1:
        shapes = ", ".join(str(t.shape) for t in tensors)
        raise ShapeError(
            f"{owner}: expected x and y with the same number of samples, received shapes {shapes}."
        )
    count = counts.pop()
    if not count:
        raise ShapeError(f"{owner}: expected at least one sample, received none.")
    return count


def part(tensor: Tensor, begin: int, count: int) -> Tensor:
    """Returns samples begin to begin + count."""
    rest = tensor.rank - 1
    return ops.slice(tensor, (begin, *(0 for _ in range(rest))), (count, *(-1 for _ in range(rest))))
