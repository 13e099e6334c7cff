"""What layers of images have in common: in a dict, boxes, masks and labels change with the images that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.layers import box_formats
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.types import Shapes

Boxes = tuple[Tensor, Tensor]
"""Boxes 'xyxy' in pixels, [batch, boxes, 4], and their labels, [batch, boxes] or [batch, boxes, classes]."""


@dataclass(frozen=True)
class Change:
    """What a layer does to the images of a call, and to what belongs to them; nothing of it is drawn anew.

    Attributes:
        images: takes images [batch, height, width, channels].
        masks: takes classes of pixels [batch, height, width, channels]; None where pixels stay in their places.
        boxes: takes boxes and their labels; None where pixels stay in their places.
        labels: takes labels of images; None where they stay.
    """

    images: Callable[[Tensor], Tensor]
    masks: Callable[[Tensor], Tensor] | None = None
    boxes: Callable[[Tensor, Tensor], Boxes] | None = None
    labels: Callable[[Tensor], Tensor] | None = None


def moved(corners: Callable[[Tensor], Tensor], size: Sequence[Any]) -> Callable[[Tensor, Tensor], Boxes]:
    """Returns what becomes of boxes where the pixels in them move.

    Args:
        corners: gives boxes 'xyxy' for boxes 'xyxy', in pixels.
        size: height and width of the new images. What lies beyond is cut off; boxes of which nothing is left have the label -1.
    """

    def boxes_of(boxes: Tensor, labels: Tensor) -> Boxes:
        found = box_formats.clipped("bounding_boxes", corners(boxes), *size)
        return found, box_formats.kept_labels("bounding_boxes", found, labels)

    return boxes_of


def as_classes(look: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    """Returns a function of masks whose results have the dtype of what it is given: they are numbers of classes."""
    return lambda masks: ops.cast(look(masks), masks.dtype)


def no_boxes(layer: Layer) -> Callable[[Tensor, Tensor], Boxes]:
    """Returns what refuses boxes, for layers after which nobody knows where things are."""

    def refused(*_: Tensor) -> Boxes:
        raise OptionError(
            f"{layer.display_name}: expected no 'bounding_boxes': where things are afterwards is not known."
        )

    return refused


class ImageLayer(Layer):
    """Base of layers that take images, or a dict of 'images' and what belongs to them.

    Of the dict change 'images', 'bounding_boxes' (a dict of 'boxes' and 'labels'), 'segmentation_masks' and 'labels'.
    """

    bounding_box_format: str | None = field(None, box_formats.require_format, keyword_only=True, saved=KERAS)
    data_format: str = "channels_last"

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()
        without = self.bounding_box_format is None
        return {
            name: value for name, value in config.items() if not (without and name == "bounding_box_format")
        }

    def _change(self, images: Tensor) -> Change:
        """Returns what happens to images [batch, height, width, channels] and to what belongs to them."""
        raise NotImplementedError(f"{self.display_name}: a layer of images must define _change(images).")

    def _one_or_several(self, inputs: Any) -> Any:
        return inputs if isinstance(inputs, Mapping) else super()._one_or_several(inputs)

    def _shape_of_images(self, shape: BatchShape) -> BatchShape:
        """Returns the shape of images, and of masks, afterwards."""
        return shape

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        if not isinstance(input_shape, Mapping):
            return self._shape_of_images(input_shape)
        found = {**input_shape, "images": self._shape_of_images(input_shape["images"])}
        if "segmentation_masks" in input_shape:
            found["segmentation_masks"] = self._shape_of_masks(
                input_shape["segmentation_masks"], len(input_shape["images"])
            )
        return found

    def _shape_of_masks(self, shape: BatchShape, rank: int) -> BatchShape:
        """Returns the shape of masks afterwards; `rank` is that of the images, which masks need not have."""
        if len(shape) == rank:
            return self._shape_of_images(shape)
        if self.data_format == "channels_last":
            return self._shape_of_images((*shape, 1))[:-1]
        found = self._shape_of_images((*shape[:-2], 1, *shape[-2:]))
        return (*found[:-3], *found[-2:])

    def _changed(self, inputs: Any) -> Any:
        """Returns what comes of images, or of a dict of them and of what belongs to them."""
        given = inputs if isinstance(inputs, Mapping) else {"images": inputs}
        if "images" not in given:
            raise OptionError(
                f"{self.display_name}: expected a dict with 'images', received {', '.join(map(repr, given))}."
            )
        require_images(self, given["images"].shape)
        view = _View(self, given["images"])
        images = view.opened(given["images"])
        change = self._change(images)
        found = {"images": view.closed(change.images(images))}
        if not isinstance(inputs, Mapping):
            return found["images"]
        if "segmentation_masks" in given and change.masks is not None:
            found["segmentation_masks"] = view.masks(given["segmentation_masks"], change.masks)
        if "labels" in given and change.labels is not None:
            found["labels"] = view.without_batch(change.labels(view.with_batch(given["labels"])))
        if "bounding_boxes" in given:
            size = [tuple(images.shape[1:3]), view.size(found["images"])]
            found["bounding_boxes"] = self._changed_boxes(given["bounding_boxes"], change, view, size)
        return {**given, **found}

    def _changed_boxes(self, given: Any, change: Change, view: _View, sizes: Sequence[Any]) -> Any:
        owner, form = self.display_name, self.bounding_box_format
        if not isinstance(given, Mapping) or not {"boxes", "labels"} <= set(given):
            raise OptionError(
                f"{owner}: expected 'bounding_boxes' to be a dict with 'boxes' and 'labels', received {given!r:.80}."
            )
        if form is None:
            raise OptionError(
                f"{owner}: expected 'bounding_box_format' where there are 'bounding_boxes': what their numbers mean, as 'xyxy'."
            )
        boxes, labels = view.with_batch(ops.cast(given["boxes"], "float32")), view.with_batch(given["labels"])
        if boxes.rank != 3 or tuple(labels.shape[:2]) != tuple(boxes.shape[:2]) or labels.rank > 3:
            raise ShapeError(
                f"{owner}: expected boxes [batch, boxes, 4], or [boxes, 4] of one image, with a label each, received shapes "
                f"{tuple(given['boxes'].shape)} and {tuple(given['labels'].shape)}."
            )
        if change.boxes is not None:
            boxes = box_formats.converted(owner, boxes, form, "xyxy", *sizes[0])
            boxes, labels = change.boxes(boxes, labels)
            boxes = box_formats.converted(owner, boxes, "xyxy", form, *sizes[1])
        return {**given, "boxes": view.without_batch(boxes), "labels": view.without_batch(labels)}


class _View:
    """How what is given for images becomes batches with the channels last, and what comes of those is given back."""

    def __init__(self, layer: ImageLayer, images: Tensor) -> None:
        self._owner = layer.display_name
        self._last = layer.data_format == "channels_last"
        self._single = images.rank == 3
        self._spatial = self.size(images)

    def with_batch(self, x: Tensor) -> Tensor:
        return ops.expand_dims(x, 0) if self._single else x

    def without_batch(self, x: Tensor) -> Tensor:
        return ops.squeeze(x, (0,)) if self._single else x

    def opened(self, images: Tensor) -> Tensor:
        batch = self.with_batch(images)
        return batch if self._last else ops.transpose(batch, (0, 2, 3, 1))

    def closed(self, images: Tensor) -> Tensor:
        return self.without_batch(images if self._last else ops.transpose(images, (0, 3, 1, 2)))

    def size(self, images: Tensor) -> tuple[int, int]:
        """Returns height and width of what is given."""
        height, width = images.shape[-3:-1] if self._last else images.shape[-2:]
        return height, width

    def masks(self, masks: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
        """Returns changed masks; they have a number, or several, for each pixel."""
        axis = -1 if self._last else -3
        flat = masks.rank == (2 if self._single else 3) and tuple(masks.shape[-2:]) == self._spatial
        given = ops.expand_dims(masks, axis) if flat else masks
        if given.rank != (3 if self._single else 4) or self.size(given) != self._spatial:
            raise ShapeError(
                f"{self._owner}: expected 'segmentation_masks' of the size of the images, {self._spatial}, received shape "
                f"{tuple(masks.shape)}."
            )
        found = self.closed(change(self.opened(given)))
        return ops.squeeze(found, (found.rank + axis,)) if flat else found


def require_images(layer: Layer, shape: Sequence[Any]) -> None:
    """Raises ShapeError unless a shape is that of images, or of one image without batch."""
    if len(shape) not in (3, 4):
        raise ShapeError(
            f"{layer.display_name}: expected images [batch, height, width, channels], or one without batch, received shape "
            f"{tuple(shape)}."
        )


__all__ = ["Boxes", "Change", "ImageLayer", "as_classes", "moved", "no_boxes", "require_images"]
