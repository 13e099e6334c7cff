"""`keras.applications.imagenet_utils`: what images are brought to before a model, and what its classes are called."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.io.file_errors import read_json
from tfjs_pyo.keras import config, ops
from tfjs_pyo.keras.applications.building import STORAGE
from tfjs_pyo.keras.utils.files import get_file

_MEANS = {"caffe": (103.939, 116.779, 123.68), "torch": (0.485, 0.456, 0.406)}
_DEVIATIONS = (0.229, 0.224, 0.225)
_CLASSES = 1000
_PIXEL = {
    "caffe": "[[[151.06, 10.72, -123.68]]]",
    "tf": "[[[-1.0, 0.0, 1.0]]]",
    "torch": "[[[-2.12, 0.2, 2.64]]]",
    None: "[[[0.0, 127.5, 255.0]]]",
}
"""What each mode makes of a pixel [0, 127.5, 255], in the examples."""


def preprocess_input(x: Any, data_format: str | None = None, mode: str = "caffe") -> Any:
    """Returns images as a model was trained with. The images that are given stay as they are.

    Args:
        x: images of 3 channels, values from 0 to 255: an array, a tensor or a symbolic tensor, [..., 3].
        data_format: 'channels_last' or 'channels_first'; that of `keras.config.image_data_format()` if None.
        mode: 'tf' (from -1 to 1), 'torch' (from 0 to 1, then by means and deviations of ImageNet's channels) or 'caffe'
            (blue, green, red, less the means of ImageNet's channels).

    Returns:
        An array for an array, else a tensor; float32.

    Raises:
        OptionError: another mode or format.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> keras.applications.imagenet_utils.preprocess_input(np.array([[[[0, 255, 0]]]]), mode="tf").tolist()
        [[[[-1.0, 1.0, -1.0]]]]

    Source: https://keras.io/api/applications/
    """
    if mode not in ("caffe", "tf", "torch"):
        raise OptionError(f"preprocess_input: expected mode 'caffe', 'tf' or 'torch', received {mode!r}.")
    last = config.checked_data_format(data_format) == "channels_last"
    np = sys.modules.get("numpy")
    if np is not None and isinstance(x, np.ndarray):
        kind = x.dtype if np.issubdtype(x.dtype, np.floating) else config.floatx()
        return _scaled(np.array(x, kind), mode, last, np.flip, lambda values: np.array(values, kind))
    return _scaled(ops.cast(x, "float32"), mode, last, ops.flip, ops.array)


def _scaled(x: Any, mode: str, last: bool, flip: Callable[..., Any], array: Callable[..., Any]) -> Any:
    if mode == "tf":
        return x / 127.5 - 1.0
    axis = -1 if last else -3

    def by_channel(values: tuple[float, ...]) -> Any:
        return array(values) if last else array([[[value]] for value in values])

    if mode == "caffe":
        return flip(x, axis) - by_channel(_MEANS[mode])
    return (x / 255.0 - by_channel(_MEANS[mode])) / by_channel(_DEVIATIONS)


@functools.cache
def _class_index() -> dict[str, list[str]]:
    path = get_file(
        "imagenet_class_index.json",
        f"{STORAGE}download.tensorflow.org/data/imagenet_class_index.json",
        cache_subdir="models",
        file_hash="c2c37ea517e94d9795004a39431a14cb",
    )
    return read_json("decode_predictions", Path(path))


def decode_predictions(preds: Any, top: int = 5) -> list[list[tuple[str, str, Any]]]:
    """Returns the likeliest classes of ImageNet by name; their list is fetched the first time.

    Args:
        preds: what `predict` of a model with 1000 classes gives, [samples, 1000].
        top: how many of each sample.

    Returns:
        For each sample tuples `(identifier, name, score)`, the likeliest first.

    Raises:
        ShapeError: another shape.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> scores = np.zeros((1, 1000))
        >>> scores[0, 281] = 1.0
        >>> keras.applications.imagenet_utils.decode_predictions(scores, top=1)  # doctest: +SKIP
        [[('n02123045', 'tabby', np.float64(1.0))]]

    Source: https://keras.io/api/applications/
    """
    if len(preds.shape) != 2 or preds.shape[1] != _CLASSES:
        raise ShapeError(
            f"decode_predictions: expected predictions of shape [samples, {_CLASSES}], received {list(preds.shape)}."
        )
    rows = preds.tolist() if isinstance(preds, Tensor) else preds
    names = _class_index()

    def best(row: Any) -> list[tuple[str, str, Any]]:
        places = sorted(range(_CLASSES), key=lambda place: -float(row[place]))[:top]
        return [(names[str(place)][0], names[str(place)][1], row[place]) for place in places]

    return [best(row) for row in rows]


def functions_for(module: str, mode: str | None) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """Returns `preprocess_input` and `decode_predictions` for a family of models.

    Args:
        module: that of the family.
        mode: of `imagenet_utils.preprocess_input`; None where the models take values from 0 to 255 themselves.
    """
    if mode is None:

        def preprocess(x: Any, data_format: str | None = None) -> Any:  # noqa: ARG001 (Keras's parameter)
            """Returns images as they are: this model takes values from 0 to 255.

            Args:
                x: images.
                data_format: without effect.
            """
            return x

    else:

        def preprocess(x: Any, data_format: str | None = None) -> Any:
            """Returns images as the model was trained with; see `imagenet_utils.preprocess_input`.

            Args:
                x: images of 3 channels, values from 0 to 255: an array or a tensor.
                data_format: 'channels_last' or 'channels_first'; that of `keras.config.image_data_format()` if None.
            """
            return preprocess_input(x, data_format, mode)

    preprocess.__name__ = preprocess.__qualname__ = "preprocess_input"
    name = f"{module.removeprefix('tfjs_pyo.')}.preprocess_input"
    preprocess.__doc__ = f"""{inspect.cleandoc(preprocess.__doc__ or "")}

Returns:
    An array for an array, else a tensor; the shape stays.

Example:
    >>> import numpy as np
    >>> from tfjs_pyo import keras
    >>> {name}(np.array([[[0.0, 127.5, 255.0]]])).round(2).tolist()
    {_PIXEL[mode]}

Source: https://keras.io/api/applications/"""
    return preprocess, decode_predictions


__all__ = ["decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
