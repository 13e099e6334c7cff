"""What `train_step` is given: inputs, targets and weights of samples, as one."""

from __future__ import annotations

from typing import Any

from tfjs_pyo.errors import ArgumentError


def unpack_x_y_sample_weight(data: Any) -> tuple[Any, Any, Any]:
    """Returns x, y and sample_weight of what `train_step` is given; None for what is missing.

    Args:
        data: x; (x,), (x, y) or (x, y, sample_weight).

    Raises:
        ArgumentError: more than three.

    Example:
        >>> from tfjs_pyo import keras
        >>> x, y, sample_weight = keras.utils.unpack_x_y_sample_weight(([1, 2], [3, 4]))
        >>> x, y, sample_weight
        ([1, 2], [3, 4], None)

    Source: https://keras.io/api/utils/
    """
    if not isinstance(data, (tuple, list)):
        return data, None, None
    if not 1 <= len(data) <= 3:
        raise ArgumentError(
            f"unpack_x_y_sample_weight: expected x, (x, y) or (x, y, sample_weight), received {len(data)} parts."
        )
    x, y, weights = (*data, None, None)[:3]
    return x, y, weights


def pack_x_y_sample_weight(x: Any, y: Any = None, sample_weight: Any = None) -> Any:
    """Returns what `train_step` is given: x, (x, y) or (x, y, sample_weight).

    Args:
        x: inputs.
        y: targets; default: none.
        sample_weight: weights of samples; default: none.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.pack_x_y_sample_weight([1, 2])
        ([1, 2],)
        >>> keras.utils.pack_x_y_sample_weight([1, 2], [3, 4])
        ([1, 2], [3, 4])

    Source: https://keras.io/api/utils/
    """
    if y is None and sample_weight is None:
        return (x,) if isinstance(x, (tuple, list)) else x
    return (x, y) if sample_weight is None else (x, y, sample_weight)


__all__ = ["pack_x_y_sample_weight", "unpack_x_y_sample_weight"]
