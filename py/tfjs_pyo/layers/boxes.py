"""The layer MaxNumBoundingBoxes: as many boxes for each image."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, field, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.types import Result, Shapes


class MaxNumBoundingBoxes(Layer):
    """Cuts off boxes above a number, or fills them up, so that batches of images have as many; all else stays as it is.

    Args:
        max_number: of boxes for each image.
        fill_value: what boxes and labels that are missing consist of.
        bounding_box_format: what the numbers of boxes mean, which does not matter here.

    Example:
        >>> import tfjs_pyo as tf
        >>> boxes = {"boxes": [[0.0, 0.0, 2.0, 2.0]], "labels": [1]}
        >>> data = {"images": tf.ones([4, 4, 3]), "bounding_boxes": boxes}
        >>> tf.layers.maxNumBoundingBoxes({"maxNumber": 2})(data)["bounding_boxes"]["labels"]
        Tensor
            [1, -1]

    Source: https://keras.io/api/layers/preprocessing_layers/image_preprocessing/max_num_bounding_boxes/
    """

    per_sample = True
    _several_inputs = True
    order: ClassVar[Order] = ("max_number", "fill_value", ...)

    max_number: int = field(convert=positive_int)
    fill_value: int = field(-1)
    bounding_box_format: str | None = field(None, keyword_only=True)

    def call(self, inputs: Any) -> Result:
        if not isinstance(inputs, Mapping) or "bounding_boxes" not in inputs:
            return inputs
        given = inputs["bounding_boxes"]
        if not isinstance(given, Mapping) or set(given) != {"boxes", "labels"}:
            raise OptionError(
                f"{self.display_name}: expected 'bounding_boxes' to be a dict with 'boxes' and 'labels', received {given!r:.80}."
            )
        boxes, labels = (
            given[key] if isinstance(given[key], Tensor) else ops.tensor(given[key])
            for key in ("boxes", "labels")
        )
        if boxes.rank not in (2, 3) or boxes.shape[-1] != 4 or tuple(labels.shape) != tuple(boxes.shape[:-1]):
            raise ShapeError(
                f"{self.display_name}: expected boxes [batch, boxes, 4] or [boxes, 4] with a label each, received shapes "
                f"{tuple(boxes.shape)} and {tuple(labels.shape)}."
            )
        fitted = {"boxes": self._fitted(ops.cast(boxes, "float32"), boxes.rank - 2)}
        fitted["labels"] = self._fitted(labels, labels.rank - 1)
        return {**inputs, "bounding_boxes": fitted}

    def _fitted(self, x: Tensor, axis: int) -> Tensor:
        kept = min(x.shape[axis], self.max_number)
        sizes = [kept if place == axis else size for place, size in enumerate(x.shape)]
        pairs = [(0, self.max_number - kept if place == axis else 0) for place in range(x.rank)]
        return ops.pad(ops.slice(x, [0] * x.rank, sizes), pairs, self.fill_value)

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        if not isinstance(input_shape, Mapping) or "bounding_boxes" not in input_shape:
            return input_shape
        given = input_shape["bounding_boxes"]
        boxes = (*given["boxes"][:-2], self.max_number, 4)
        return {**input_shape, "bounding_boxes": {"boxes": boxes, "labels": boxes[:-1]}}


__all__ = ["MaxNumBoundingBoxes"]
