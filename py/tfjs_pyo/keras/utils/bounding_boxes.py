"""`keras.utils.bounding_boxes`: boxes in other formats, cut, moved and compared, and what detectors say of them.

Boxes are [boxes, 4] or [batch, boxes, 4]; what the four numbers are, a format says: 'xyxy', 'yxyx', 'xywh', 'center_xywh',
'center_yxhw', and 'rel_xyxy', 'rel_yxyx', 'rel_xywh', 'rel_center_xywh' as parts of the image.

Source: https://keras.io/api/utils/bounding_boxes/
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.config import epsilon
from tfjs_pyo.layers import box_formats


def _boxes(value: Any, dtype: str = "float32") -> Tensor:
    return ops.cast(value if isinstance(value, Tensor) else ops.tensor(value), dtype)


def _size(image_shape: Sequence[int] | None) -> tuple[int | None, int | None]:
    """Returns height and width."""
    if image_shape is None:
        return None, None
    height, width = list(image_shape)[:2]
    return height, width


def _only(owner: str, given: str, *known: str) -> None:
    """Raises OptionError unless a format is one of those that a function takes."""
    if given not in known:
        raise OptionError(
            f"{owner}: expected 'bounding_box_format' to be {' or '.join(map(repr, known))}, received {given!r}; convert_format "
            "changes it."
        )


def convert_format(
    boxes: Any, source: str, target: str, height: Any = None, width: Any = None, dtype: str = "float32"
) -> Any:
    """Returns boxes in another format.

    Args:
        boxes: [..., 4], or a dict with such 'boxes', which comes back with the new ones.
        source, target: the formats.
        height, width: of the images, in pixels, between relative formats and others.
        dtype: of the result.

    Raises:
        OptionError: no such format.
        ArgumentError: the size of the images is missing.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.convert_format([[10, 20, 30, 40]], "xyxy", "xywh").tolist()
        [[10.0, 20.0, 20.0, 20.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    if isinstance(boxes, Mapping):
        return {**boxes, "boxes": convert_format(boxes["boxes"], source, target, height, width, dtype)}
    owner = "convert_format"
    start = box_formats.require_format(owner, "source", source)
    end = box_formats.require_format(owner, "target", target)
    return box_formats.converted(owner, _boxes(boxes, dtype), start, end, height, width)


def clip_to_image_size(
    bounding_boxes: Mapping[str, Any],
    height: Any = None,
    width: Any = None,
    bounding_box_format: str = "xyxy",
) -> dict[str, Any]:
    """Returns boxes without what lies beyond the image; boxes of which nothing is left get the label -1.

    Args:
        bounding_boxes: a dict with 'boxes' and perhaps 'labels'.
        height, width: of the images, in pixels.
        bounding_box_format: 'xyxy' or 'rel_xyxy', for which images have the size 1.

    Raises:
        OptionError: another format, or the size of the images is missing.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.clip_to_image_size({"boxes": [[-1, 2, 3, 9]], "labels": [7]}, 4, 4)["boxes"].tolist()
        [[0.0, 2.0, 3.0, 4.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    owner = "clip_to_image_size"
    _only(owner, bounding_box_format, "xyxy", "rel_xyxy")
    if bounding_box_format == "rel_xyxy":
        height = width = 1.0
    elif height is None or width is None:
        raise OptionError(
            f"{owner}: expected 'height' and 'width' of images, received {height!r} and {width!r}."
        )
    boxes = box_formats.clipped(owner, _boxes(bounding_boxes["boxes"]), height, width)
    found = {**bounding_boxes, "boxes": boxes}
    labels = bounding_boxes.get("labels")
    if labels is not None:
        labels = labels if isinstance(labels, Tensor) else ops.tensor(labels)
        found["labels"] = box_formats.kept_labels(owner, boxes, labels)
    return found


def affine_transform(
    boxes: Any,
    angle: Any,
    translate_x: Any,
    translate_y: Any,
    scale: Any,
    shear_x: Any,
    shear_y: Any,
    height: Any,
    width: Any,
    center_x: Any = None,
    center_y: Any = None,
    bounding_box_format: str = "xyxy",
) -> Tensor:
    """Returns the boxes around what was in boxes before images were turned, moved, made smaller and slanted.

    Args:
        boxes: [batch, boxes, 4].
        angle: degrees, [batch]; so are the others.
        translate_x, translate_y: as parts of width and height.
        scale: boxes become larger by it.
        shear_x, shear_y: degrees.
        height, width: of the images, in pixels.
        center_x, center_y: what stays in its place, as parts of width and height; the middle if None.
        bounding_box_format: 'xyxy'.

    Raises:
        OptionError: another format.
        ShapeError: boxes without a batch.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.affine_transform([[[0, 0, 4, 2]]], [90.0], [0], [0], [1], [0], [0], 5, 5).round().tolist()
        [[[0.0, 0.0, 2.0, 4.0]]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    _only("affine_transform", bounding_box_format, "xyxy")
    x = _boxes(boxes)
    if x.rank != 3:
        raise ShapeError(
            f"affine_transform: expected boxes [batch, boxes, 4], received shape {tuple(x.shape)}."
        )
    turn, right, down, size, slant_x, slant_y = (
        ops.reshape(_boxes(each), (-1, 1, 1))
        for each in (angle, translate_x, translate_y, scale, shear_x, shear_y)
    )
    turn, slant_x, slant_y = (each * (-math.pi / 180) for each in (turn, slant_x, slant_y))
    middle_x = (0.5 if center_x is None else center_x) * (width - 1)
    middle_y = (0.5 if center_y is None else center_y) * (height - 1)
    across, along = ops.cos(turn - slant_y) / ops.cos(slant_y), ops.sin(turn - slant_y) / ops.cos(slant_y)
    tangent = ops.tan(slant_x)

    def place(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        x, y = x - middle_x + right * (width - 1), y - middle_y + down * (height - 1)
        columns = (ops.cos(turn) + along * tangent) * x - (across * tangent + ops.sin(turn)) * y
        return middle_x + size * columns, middle_y + size * (along * x + across * y)

    return box_formats.around(x, place)


def crop(
    boxes: Any, top: Any, left: Any, height: Any, width: Any, bounding_box_format: str = "xyxy"
) -> Tensor:
    """Returns boxes in a part of the image, without what lies beyond it.

    Args:
        boxes: [..., 4].
        top, left: where the part begins.
        height, width: of the part.
        bounding_box_format: 'xyxy'.

    Raises:
        OptionError: another format.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.crop([[10, 20, 50, 60]], 5, 15, 40, 30).tolist()
        [[0.0, 15.0, 30.0, 40.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    _only("crop", bounding_box_format, "xyxy")
    return box_formats.clipped("crop", _boxes(boxes) - _boxes([left, top, left, top]), height, width)


def pad(
    boxes: Any,
    top: Any,
    left: Any,
    height: Any = None,  # noqa: ARG001 (as in Keras)
    width: Any = None,  # noqa: ARG001
    bounding_box_format: str = "xyxy",
) -> Tensor:
    """Returns boxes in an image that got borders.

    Args:
        boxes: [..., 4].
        top, left: how wide the borders there are.
        height, width: of the image, which do not matter.
        bounding_box_format: 'xyxy'.

    Raises:
        OptionError: another format.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.pad([[10, 20, 50, 60]], 1, 2).tolist()
        [[12.0, 21.0, 52.0, 61.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    _only("pad", bounding_box_format, "xyxy")
    return _boxes(boxes) + _boxes([left, top, left, top])


def compute_iou(
    boxes1: Any,
    boxes2: Any,
    bounding_box_format: str,
    use_masking: bool = False,
    mask_val: float = -1,
    image_shape: Sequence[int] | None = None,
) -> Tensor:
    """Returns how much of two boxes is common to both, for each pair: the area of what is, by that of both together.

    Args:
        boxes1: [first, 4] or [batch, first, 4].
        boxes2: [second, 4] or [batch, second, 4].
        bounding_box_format: of both.
        use_masking: whether pairs with a box of negative numbers only get `mask_val`.
        mask_val: what they get.
        image_shape: height, width and channels, for relative formats.

    Returns:
        [first, second] or [batch, first, second].

    Raises:
        ShapeError: boxes of other ranks.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.compute_iou([[0, 0, 2, 2]], [[0, 0, 2, 1], [5, 5, 6, 6]], "xyxy").tolist()
        [[0.5, 0.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    size = _size(image_shape)
    first, second = (convert_format(each, bounding_box_format, "xyxy", *size) for each in (boxes1, boxes2))
    if first.rank not in (2, 3) or second.rank not in (2, 3):
        raise ShapeError(
            f"compute_iou: expected boxes [boxes, 4] or [batch, boxes, 4], received shapes {tuple(first.shape)} and "
            f"{tuple(second.shape)}."
        )
    first, second = ops.expand_dims(first, -2), ops.expand_dims(second, -3)
    found = _ratio(first, second, epsilon())
    if not use_masking:
        return found
    empty = [ops.less(ops.max(each, -1), 0.0) for each in (first, second)]
    return ops.where(ops.logical_or(*empty), float(mask_val), found)


def _ratio(first: Tensor, second: Tensor, least: float) -> Tensor:
    """Returns the area that boxes 'xyxy' have in common by that of both together."""
    common = ops.minimum(first[..., 2:], second[..., 2:]) - ops.maximum(first[..., :2], second[..., :2])
    shared = ops.prod(ops.maximum(common, 0.0), -1)
    areas = [ops.prod(each[..., 2:] - each[..., :2], -1) for each in (first, second)]
    return shared / (areas[0] + areas[1] - shared + least)


def compute_ciou(
    boxes1: Any, boxes2: Any, bounding_box_format: str, image_shape: Sequence[int] | None = None
) -> Tensor:
    """Returns the complete intersection over union of boxes (Zheng et al., 2020): less with distance and other ratios.

    Args:
        boxes1, boxes2: [..., 4].
        bounding_box_format: of both.
        image_shape: height, width and channels, for relative formats.

    Returns:
        A number for each pair, [...].

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.compute_ciou([[0, 0, 2, 2]], [[0, 0, 2, 2]], "xyxy").tolist()
        [1.0]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    least, size = epsilon(), _size(image_shape)
    first, second = (convert_format(each, bounding_box_format, "xyxy", *size) for each in (boxes1, boxes2))
    common = _ratio(first, second, 2 * least)
    spans = ops.maximum(first[..., 2:], second[..., 2:]) - ops.minimum(first[..., :2], second[..., :2])
    middles = [(each[..., :2] + each[..., 2:]) / 2 for each in (first, second)]
    apart = ops.sum(ops.square(middles[0] - middles[1]), -1) / (ops.sum(ops.square(spans), -1) + least)
    sides = [each[..., 2:] - each[..., :2] for each in (first, second)]
    ratios = [ops.atan(each[..., 0] / (each[..., 1] + least)) for each in sides]
    unlike = ops.square(ratios[1] - ratios[0]) * (4 / math.pi**2)
    return common - (apart + unlike * (unlike / (unlike - common + (1 + least))))


def _variance(owner: str, variance: Any) -> Tensor | None:
    if variance is None:
        return None
    found = _boxes(variance)
    if tuple(found.shape) != (4,):
        raise ShapeError(
            f"{owner}: expected 'variance' to be 4 numbers, received shape {tuple(found.shape)}."
        )
    return found


def _of_centers(owner: str, name: str, form: str) -> None:
    if form not in ("center_xywh", "center_yxhw"):
        raise OptionError(
            f"{owner}: expected {name!r} to be 'center_xywh' or 'center_yxhw', received {form!r}."
        )


def encode_box_to_deltas(
    anchors: Any,
    boxes: Any,
    anchor_format: str,
    box_format: str,
    encoding_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Sequence[int] | None = None,
) -> Tensor:
    """Returns by how much boxes differ from anchors: the distance of their centers by the sides of the anchors, and log ratios.

    Args:
        anchors: [boxes, 4].
        boxes: [boxes, 4] or [batch, boxes, 4].
        anchor_format, box_format: their formats.
        encoding_format: 'center_yxhw' or 'center_xywh': the order of the four numbers.
        variance: four numbers that the result is divided by.
        image_shape: height, width and channels, for relative formats.

    Raises:
        OptionError, ShapeError: another encoding, or a variance of other than four numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.encode_box_to_deltas([[0, 0, 2, 2]], [[1, 0, 3, 2]], "xyxy", "xyxy").tolist()
        [[0.0, 0.5, 0.0, 0.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    owner = "encode_box_to_deltas"
    _of_centers(owner, "encoding_format", encoding_format)
    shares, size = _variance(owner, variance), _size(image_shape)
    around = convert_format(anchors, anchor_format, encoding_format, *size)
    inside = convert_format(boxes, box_format, encoding_format, *size)
    sides, own = (ops.maximum(each[..., 2:], epsilon()) for each in (around, inside))
    found = ops.concat([(inside[..., :2] - around[..., :2]) / sides, ops.log(own / sides)], -1)
    return found if shares is None else found / shares


def decode_deltas_to_boxes(
    anchors: Any,
    boxes_delta: Any,
    anchor_format: str,
    box_format: str,
    encoded_format: str = "center_yxhw",
    variance: Any = None,
    image_shape: Sequence[int] | None = None,
) -> Any:
    """Returns the boxes for anchors and by how much boxes differ from them, as `encode_box_to_deltas` gives it.

    Args:
        anchors: [boxes, 4], or a dict of such.
        boxes_delta: [boxes, 4] or [batch, boxes, 4], or a dict of such.
        anchor_format, box_format: formats of anchors and boxes.
        encoded_format: 'center_yxhw' or 'center_xywh': the order of the four numbers.
        variance: four numbers that the differences are multiplied by.
        image_shape: height, width and channels, for relative formats.

    Raises:
        OptionError, ShapeError: another encoding, or a variance of other than four numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.utils.bounding_boxes.decode_deltas_to_boxes([[0, 0, 2, 2]], [[0.0, 0.5, 0.0, 0.0]], "xyxy", "xyxy").tolist()
        [[1.0, 0.0, 3.0, 2.0]]

    Source: https://keras.io/api/utils/bounding_boxes/
    """
    owner = "decode_deltas_to_boxes"
    if isinstance(anchors, Mapping) and isinstance(boxes_delta, Mapping):
        options = (anchor_format, box_format, encoded_format, variance, image_shape)
        return {
            level: decode_deltas_to_boxes(each, boxes_delta[level], *options)
            for level, each in anchors.items()
        }
    _of_centers(owner, "encoded_format", encoded_format)
    shares, size = _variance(owner, variance), _size(image_shape)
    around = convert_format(anchors, anchor_format, encoded_format, *size)
    deltas = _boxes(boxes_delta) if shares is None else _boxes(boxes_delta) * shares
    sides = around[..., 2:]
    found = ops.concat([deltas[..., :2] * sides + around[..., :2], ops.exp(deltas[..., 2:]) * sides], -1)
    return convert_format(found, encoded_format, box_format, *size)


__all__ = [
    "affine_transform", "clip_to_image_size", "compute_ciou", "compute_iou", "convert_format", "crop", "decode_deltas_to_boxes",
    "encode_box_to_deltas", "pad",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
