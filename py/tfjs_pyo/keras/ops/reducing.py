"""`keras.ops`, NumPy-like functions that reduce axes: sums, extremes, moments, quantiles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import stored
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, as_number, common, tensor
from tfjs_pyo.keras.ops.sorting import sorted_along
from tfjs_pyo.shapes import normalize_axes
from tfjs_pyo.types import DTypeLike, TensorLike

numpy = Group()
math_group = Group()

Axis = int | Sequence[int] | None
_REDUCTION = "x, axis=None, keepdims=False"


def _of_bools(reduce: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Returns a reduction of truth values: numbers that are not 0 are true."""
    return lambda x, axis, keepdims: reduce(ops.cast(x, "bool"), axis, keepdims)


def variance(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the mean of the squared distances from the mean."""
    return ops.moments(as_float(x), axis, keepdims).variance


def _deviation(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    return ops.sqrt(variance(x, axis, keepdims))


def _spread(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    return ops.max(x, axis, keepdims) - ops.min(x, axis, keepdims)


def _extreme(reduce: Callable[..., Tensor], combine: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Returns the largest or smallest of the elements and, if there is one, an initial value; bools stay bools."""

    def reduced(x: Tensor, axis: Axis, keepdims: bool, initial: Any = None) -> Tensor:
        dtype = x.dtype
        x = as_number(x)
        if not x.size and initial is not None:  # of no elements it is what is left
            like = ops.sum(ops.cast(x, "float32"), axis, keepdims)
            return ops.fill(like.shape, initial, dtype)
        found = ops.cast(reduce(x, axis, keepdims), dtype) if x.size else reduce(x, axis, keepdims)
        return found if initial is None else ops.cast(combine(*alike(found, initial)), dtype)

    reduced.__doc__ = (reduce.__doc__ or "").partition("\n")[0]
    return reduced


_max = _extreme(ops.max, ops.maximum)
_min = _extreme(ops.min, ops.minimum)
numpy.same(
    _REDUCTION,
    {
        "sum": ops.sum,
        "mean": ops.mean,
        "all": _of_bools(ops.all),
        "any": _of_bools(ops.any),
        "amax": _max,
        "amin": _min,
        "var": variance,
        "std": _deviation,
        "ptp": _spread,
    },
)
numpy.same("x, axis=None, keepdims=False, initial=None", {"max": _max, "min": _min})
math_group.same(_REDUCTION, {"logsumexp": ops.log_sum_exp}, as_float)


@numpy.op()
def prod(x: Tensor, axis: Axis = None, keepdims: bool = False, dtype: DTypeLike | None = None) -> Tensor:
    """Returns the product of elements.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.prod([[1, 2], [3, 4]], axis=1)
        Tensor
            [2, 12]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.prod(as_number(x) if dtype is None else ops.cast(x, stored(dtype)), axis, keepdims)


def _place_of(choose: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Returns the index of an extreme along an axis, or among all elements."""

    def place(x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
        number = as_number(x)
        if axis is None:
            found = choose(ops.reshape(number, [-1]), 0)
            return ops.reshape(found, [1] * x.rank) if keepdims else found
        found = choose(number, axis)
        return ops.expand_dims(found, axis) if keepdims else found

    return place


numpy.same(_REDUCTION, {"argmax": _place_of(ops.arg_max), "argmin": _place_of(ops.arg_min)})


@numpy.op()
def count_nonzero(x: Tensor, axis: Axis = None) -> Tensor:
    """Returns how many elements are not 0.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.count_nonzero([[0, 1, 2], [0, 0, 3]], axis=1)
        Tensor
            [2, 1]

    Source: https://keras.io/api/ops/numpy/
    """
    return ops.sum(ops.cast(ops.cast(x, "bool"), "int32"), axis)


@numpy.op(1)
def average(x: Tensor, axis: Axis = None, weights: TensorLike | None = None) -> Tensor:
    """Returns the mean, weighted if there are weights.

    Raises:
        ShapeError: weights of another shape than x, and not one for each element of the axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.average([1, 2, 6], weights=[1, 1, 2])
        Tensor
            3.75

    Source: https://keras.io/api/ops/numpy/
    """
    x = as_float(x)
    if weights is None:
        return ops.mean(x, axis)
    weights = as_float(tensor(weights))
    if weights.shape != x.shape:
        axes = normalize_axes("average", axis, x.rank)
        if len(axes) != 1 or weights.shape != (x.shape[axes[0]],):
            raise ShapeError(
                f"average: expected weights of shape {x.shape}, or as many as along the axis, received {weights.shape}."
            )
        (along,) = axes
        weights = ops.reshape(weights, [-1 if place == along else 1 for place in range(x.rank)])
        weights = ops.broadcast_to(weights, x.shape)
    return ops.sum(x * weights, axis) / ops.sum(weights, axis)


# Those that pass over NaN


def _without_nan(reduce: Callable[..., Tensor], neutral: float) -> Callable[..., Tensor]:
    return lambda x, axis, keepdims: reduce(_filled(x, neutral), axis, keepdims)


def _filled(x: Tensor, value: float) -> Tensor:
    return ops.where(ops.is_nan(x), value, x) if x.dtype == "float32" else as_number(x)


def _nan_extreme(reduce: Callable[..., Tensor], neutral: float) -> Callable[..., Tensor]:
    def reduced(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
        found = reduce(_filled(x, neutral), axis, keepdims)
        if x.dtype != "float32":
            return found
        return ops.where(ops.all(ops.is_nan(x), axis, keepdims), float("nan"), found)

    return reduced


def _count(x: Tensor, axis: Axis) -> Tensor:
    return ops.sum(ops.cast(ops.logical_not(ops.is_nan(x)), "float32"), axis, True)


def _nanmean(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    found = as_float(ops.sum(_filled(x, 0.0), axis, True)) / _count(x, axis)
    return found if keepdims else ops.squeeze(found, normalize_axes("nanmean", axis, x.rank))


def _nanvar(x: Tensor, axis: Axis, keepdims: bool) -> Tensor:
    x = as_float(x)
    distances = ops.square(x - _nanmean(x, axis, True))
    return _nanmean(distances, axis, keepdims)


numpy.same(
    _REDUCTION,
    {
        "nansum": _without_nan(ops.sum, 0.0),
        "nanprod": _without_nan(ops.prod, 1.0),
        "nanmax": _nan_extreme(ops.max, float("-inf")),
        "nanmin": _nan_extreme(ops.min, float("inf")),
        "nanmean": _nanmean,
        "nanvar": _nanvar,
        "nanstd": lambda x, axis, keepdims: ops.sqrt(_nanvar(x, axis, keepdims)),
        "nanargmax": lambda x, axis, keepdims: _nan_place(ops.arg_max, float("-inf"))(x, axis, keepdims),
        "nanargmin": lambda x, axis, keepdims: _nan_place(ops.arg_min, float("inf"))(x, axis, keepdims),
    },
)


def _nan_place(choose: Callable[..., Tensor], neutral: float) -> Callable[..., Tensor]:
    """Returns where an extreme is among what is not NaN; -1 where all is."""

    def place(x: Tensor, axis: int | None, keepdims: bool) -> Tensor:
        found = _place_of(choose)(_filled(x, neutral), axis, keepdims)
        return ops.where(ops.all(ops.is_nan(x), axis, keepdims), ops.scalar(-1, "int32"), found)

    return place


def _scanned(scan: Callable[..., Tensor], fill: float | None) -> Callable[..., Tensor]:
    def scanned(x: Tensor, axis: int | None, dtype: Any) -> Tensor:
        x = as_number(x) if dtype is None else ops.cast(x, stored(dtype))
        if fill is not None:
            x = _filled(x, fill)
        return scan(ops.reshape(x, [-1]), 0) if axis is None else scan(x, axis)

    return scanned


numpy.same(
    "x, axis=None, dtype=None",
    {
        "cumsum": _scanned(ops.cumsum, None),
        "cumprod": _scanned(ops.cumprod, None),
        "nancumsum": _scanned(ops.cumsum, 0.0),
        "nancumprod": _scanned(ops.cumprod, 1.0),
    },
)


# Quantiles


def _rows(x: Tensor, axis: Axis) -> tuple[Tensor, tuple[int, ...], tuple[int, ...]]:
    """Returns x with the reduced axes as one last axis, the shape of the others, and the reduced axes."""
    axes = normalize_axes("quantile", axis, x.rank)
    others = [place for place in range(x.rank) if place not in axes]
    shape = tuple(x.shape[place] for place in others)
    return ops.reshape(ops.transpose(x, [*others, *axes]), [*shape, -1]), shape, axes


def _quantile(
    x: Tensor, q: Tensor, axis: Axis, method: str, keepdims: bool, count: Tensor | None = None
) -> Tensor:
    """Returns quantiles of the sorted elements; `count` is how many of each row there are (default: all)."""
    rows, shape, axes = _rows(as_float(x), axis)
    ordered = sorted_along(rows)
    last = ops.scalar(float(rows.shape[-1] - 1)) if count is None else count
    flat = ops.reshape(as_float(q), [-1])
    place = ops.reshape(flat, [-1, *[1] * len(shape)]) * last
    place = ops.broadcast_to(place, [flat.size, *shape])
    below, above = ops.floor(place), ops.ceil(place)
    weight = _WEIGHTS.get(method)
    if weight is None:
        raise OptionError(
            f"quantile: expected `method` to be one of {', '.join(_WEIGHTS)}, received {method!r}."
        )
    low, high = _picked(ordered, below), _picked(ordered, above)
    part = weight(place, below)
    found = ops.where(
        ops.equal(part, 0.0), low, ops.where(ops.equal(part, 1.0), high, low + (high - low) * part)
    )
    if count is None:  # one NaN makes the quantile NaN
        found = ops.where(ops.any(ops.is_nan(rows), -1), float("nan"), found)
    kept = [1 if place in axes else dim for place, dim in enumerate(x.shape)] if keepdims else list(shape)
    return ops.reshape(found, [*q.shape, *kept])


_WEIGHTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "linear": lambda place, below: place - below,
    "lower": lambda place, below: ops.zeros_like(place),
    "higher": lambda place, below: ops.ones_like(place),
    "midpoint": lambda place, below: ops.where(ops.equal(place, below), 0.0, 0.5) + ops.zeros_like(place),
    "nearest": lambda place, below: ops.round(place) - below,
}
"""How much of the element above counts, by Keras's `method`."""


def _picked(ordered: Tensor, place: Tensor) -> Tensor:
    """Returns, for each row and each place in it, the element there."""
    index = ops.cast(place, "int32")
    length = ordered.shape[-1]
    if not length:
        raise ShapeError(f"quantile: expected elements along the axes, received shape {ordered.shape}.")
    rows = ops.reshape(ops.range(0, ordered.size // length, 1, "int32"), index.shape[1:])
    index = ops.maximum(ops.scalar(0, "int32"), index)
    return ops.gather(ops.reshape(ordered, [-1]), index + rows * length)


@numpy.op(2)
def quantile(
    x: Tensor, q: Tensor, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns quantiles: between the sorted elements, q of the way.

    Raises:
        OptionError: no such `method`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.quantile([1, 2, 3, 4, 5], [0.25, 0.5])
        Tensor
            [2, 3]

    Source: https://keras.io/api/ops/numpy/
    """
    return _quantile(x, q, axis, method, keepdims)


@numpy.op(2)
def percentile(
    x: Tensor, q: Tensor, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns quantiles, with q between 0 and 100.

    Raises:
        OptionError: no such `method`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.percentile([1, 2, 3, 4, 5], 75)
        Tensor
            4

    Source: https://keras.io/api/ops/numpy/
    """
    return _quantile(x, as_float(q) / 100.0, axis, method, keepdims)


@numpy.op()
def median(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the element in the middle, or the mean of the two there.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.median([[3, 1, 2], [10, 40, 20]], axis=1)
        Tensor
            [2, 20]

    Source: https://keras.io/api/ops/numpy/
    """
    return _quantile(x, ops.scalar(0.5), axis, "linear", keepdims)


@numpy.op(2)
def nanquantile(
    x: Tensor, q: Tensor, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns quantiles of what is not NaN.

    Raises:
        OptionError: no such `method`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.nanquantile([1.0, float("nan"), 3.0], 0.5)
        Tensor
            2

    Source: https://keras.io/api/ops/numpy/
    """
    rows = _rows(as_float(x), axis)[0]
    last = ops.reshape(_count(rows, -1), rows.shape[:-1]) - 1.0
    return _quantile(x, q, axis, method, keepdims, ops.maximum(last, 0.0))


@numpy.op(2)
def nanpercentile(
    x: Tensor, q: Tensor, axis: Axis = None, method: str = "linear", keepdims: bool = False
) -> Tensor:
    """Returns percentiles of what is not NaN.

    Raises:
        OptionError: no such `method`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.nanpercentile([1.0, float("nan"), 3.0], 50)
        Tensor
            2

    Source: https://keras.io/api/ops/numpy/
    """
    found: Tensor = nanquantile(x, as_float(q) / 100.0, axis, method, keepdims)
    return found


@numpy.op()
def nanmedian(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Returns the median of what is not NaN.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.nanmedian([1.0, float("nan"), 3.0, 8.0])
        Tensor
            3

    Source: https://keras.io/api/ops/numpy/
    """
    found: Tensor = nanquantile(x, ops.scalar(0.5), axis, "linear", keepdims)
    return found


__all__ = ["common", "math_group", "numpy", "variance"]
