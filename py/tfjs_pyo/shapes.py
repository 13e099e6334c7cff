"""Shape arithmetic: sizes, broadcasting, axes, windows. Shapes are tuples of non-negative ints."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.options import shown

Shape = tuple[int, ...]

Dims = int | Sequence[int]
"""What users give as a shape, where a single number will do."""


def size(shape: Iterable[int]) -> int:
    """Returns the number of elements of a tensor of this shape (1 for rank 0)."""
    return math.prod(shape)


def can_broadcast(a: Shape, b: Shape) -> bool:
    """Returns whether two shapes broadcast together.

    >>> can_broadcast((3, 1), (4,)), can_broadcast((3,), (4,))
    (True, False)
    """
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b), strict=False))


def broadcast(owner: str, *shapes: Shape) -> Shape:
    """Returns the shape to which all `shapes` broadcast, by NumPy's rule; `owner` names the op in the error.

    >>> broadcast("add", (3, 1), (4,))
    (3, 4)
    """
    first = shapes[0]
    if all(shape == first for shape in shapes):
        return first
    rank = max(map(len, shapes))
    padded = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    result = []
    for dims in zip(*padded, strict=True):
        wide = {dim for dim in dims if dim != 1}
        if len(wide) > 1:
            listed = " and ".join(str(shape) for shape in shapes)
            raise ShapeError(
                f"{owner}: expected shapes that broadcast together, received {listed}. "
                "Aligned at the right, dimensions must be equal or 1."
            )
        result.append(wide.pop() if wide else 1)
    return tuple(result)


def normalize_axis(owner: str, axis: int, rank: int) -> int:
    """Returns `axis` counted from the front.

    Raises:
        OptionError: `axis` lies outside [-rank, rank).
    """
    if isinstance(axis, bool) or not isinstance(axis, int):
        raise OptionError(f"{owner}: expected axis to be an integer, received {axis!r}.")
    if not -rank <= axis < rank:
        raise OptionError(
            f"{owner}: expected axis between {-rank} and {rank - 1} for a tensor of rank {rank}, received {axis}."
        )
    return axis % rank


def normalize_axes(owner: str, axis: int | Sequence[int] | None, rank: int) -> tuple[int, ...]:
    """Returns sorted axes counted from the front; `None` means all of them.

    Raises:
        OptionError: an axis is out of range or named twice.
    """
    if axis is None:
        return tuple(range(rank))
    axes = [axis] if isinstance(axis, int) else list(axis)
    normal = tuple(sorted(normalize_axis(owner, a, rank) for a in axes))
    if len(set(normal)) != len(normal):
        raise OptionError(f"{owner}: expected each axis once, received axis={axis!r}.")
    return normal


def reduced(shape: Shape, axes: Iterable[int], keep_dims: bool) -> Shape:
    """Returns `shape` after reducing over `axes` (normalized)."""
    gone = set(axes)
    if keep_dims:
        return tuple(1 if axis in gone else dim for axis, dim in enumerate(shape))
    return tuple(dim for axis, dim in enumerate(shape) if axis not in gone)


def infer_reshape(owner: str, source: Shape, target: Sequence[int]) -> Shape:
    """Returns `target` with a single -1 replaced by what `source`'s size asks for.

    Raises:
        ShapeError: the sizes do not fit, or more than one dimension is -1.
    """
    total = size(source)
    target = tuple(target)
    unknown = [axis for axis, dim in enumerate(target) if dim == -1]
    if len(unknown) > 1 or any(dim < -1 for dim in target):
        raise ShapeError(
            f"{owner}: expected non-negative dimensions and at most one -1, received shape {target}."
        )
    if unknown:
        known = size(dim for dim in target if dim != -1)
        if known == 0 or total % known:
            raise ShapeError(
                f"{owner}: cannot infer -1 in shape {target} for {total} elements of a tensor of shape {source}."
            )
        target = tuple(total // known if dim == -1 else dim for dim in target)
    if size(target) != total:
        raise ShapeError(
            f"{owner}: expected a shape of {total} elements, as in the input of shape {source}, "
            f"received shape {target} of {size(target)}."
        )
    return target


def integers(owner: str, parameter: str, value: Any, optional: bool = False) -> Any:
    """Returns whole numbers, also in lists (which become tuples), as plain Python integers.

    Args:
        owner, parameter: named in the error.
        value: integers of Python or NumPy, int32 tensors and arrays of any shape (which are read), lists of all these.
        optional: whether None stands where it is.

    Raises:
        OptionError: anything else.

    >>> integers("reshape", "shape", [2, [3]])
    (2, (3,))
    """
    return _integers(owner, parameter, value, optional, 0)


def _integers(owner: str, parameter: str, value: Any, optional: bool, depth: int) -> Any:
    if type(value) is int or (value is None and optional):
        return value
    if isinstance(value, (list, tuple, range)) and depth < _DEEPEST:
        return tuple([_integers(owner, parameter, item, optional, depth + 1) for item in value])
    found = value
    if hasattr(value, "array_sync"):
        found = value.array_sync()
    elif hasattr(value, "tolist"):
        found = value.tolist()
    if found is not value:
        return _integers(owner, parameter, found, optional, depth + 1)
    advice = " Divide with // where a whole number is wanted." if isinstance(value, float) else ""
    raise OptionError(
        f"{owner}: expected `{parameter}` to be whole numbers, received {shown(value)}.{advice}"
    )


_DEEPEST = 16
"""How deep lists of whole numbers are nested at most; one that holds itself has no end."""

MAX_ELEMENTS = 2**31 - 1
"""What a tensor has of elements at most: places of elements are int32 on devices."""


def check_elements(owner: str, shape: Shape) -> None:
    """Raises ShapeError where a tensor of this shape would have too many elements."""
    if size(shape) > MAX_ELEMENTS:
        raise ShapeError(
            f"{owner}: expected a shape of at most {MAX_ELEMENTS} elements, received {shown(shape)}."
        )


MOST_LISTED = 2**24


def check_listed(owner: str, count: float) -> None:
    """Raises ShapeError where an op makes too many numbers one by one, as those of ragged and sparse tensors are."""
    if not count <= MOST_LISTED:  # nor NaN
        raise ShapeError(f"{owner}: expected at most {MOST_LISTED} numbers, but there would be {count:.3g}.")


def dimensions(owner: str, shape: Any) -> Shape:
    """Returns a shape that users give: non-negative whole numbers, or a single one.

    >>> dimensions("zeros", 3)
    (3,)

    Raises:
        OptionError: it is none of whole numbers.
        ShapeError: one of them is negative.
    """
    dims = integers(owner, "shape", shape)
    dims = (dims,) if isinstance(dims, int) else dims
    if not all(map(is_dimension, dims)):
        raise ShapeError(f"{owner}: expected a shape of non-negative integers, received {shape!r}.")
    check_elements(owner, dims)
    return dims


def is_dimension(value: object) -> bool:
    """Returns whether a value is a non-negative integer."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def batch_advice(found: Sequence[int | None], rank: int) -> str:
    """Returns what errors say of the shape `found` where `rank` axes, with batch, are expected: how a sample becomes a batch."""
    if len(found) != rank - 1:
        return ""
    return " If this is a single sample, give it a batch axis, x[None]; a dataset makes batches by batch(32)."
