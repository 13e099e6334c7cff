"""Grey and coloured images, mirrored ones, and black and white. Source: https://js.tensorflow.org/api/latest/#Images"""

from __future__ import annotations

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mul, sub, true_div
from tfjs_pyo.ops.comparison import equal, greater, less_equal, where
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.cumulative import cumsum
from tfjs_pyo.ops.declare import cast_node, public
from tfjs_pyo.ops.image_sampling import check_images, check_word, number, whole
from tfjs_pyo.ops.math import round_
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, reverse_node, slice_node
from tfjs_pyo.ops.reduction import SUM, arg_max, reduce_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size

__all__ = ["flip_left_right", "grayscale_to_rgb", "rgb_to_grayscale", "threshold"]

LUMA = (0.2989, 0.587, 0.114)
"""How bright red, green and blue are (CCIR 601)."""

SHADES = 256


@tested_with(Case(((2, 3, 4, 3),)), Case(((1, 2, 5, 4),), dtypes=("int32",)))
@public(method=False)
def flip_left_right(image: Node) -> Node:
    """Returns mirrored images: left and right are exchanged.

    Args:
        image: [batch, height, width, channels].

    Raises:
        ShapeError: another rank.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.flipLeftRight([[[[1], [2]]]])
        Tensor
            [[[[2], [1]]]]

    Source: https://js.tensorflow.org/api/latest/#image.flipLeftRight
    """
    check_images("flip_left_right", image)
    return reverse_node(image, (2,))


def _check_channels(owner: str, image: Node, count: int) -> None:
    if image.rank < 2 or image.shape[-1] != count:
        raise ShapeError(
            f"{owner}: expected rank 2 or more and {count} channels along the last axis, received {image.shape}."
        )


@tested_with(Case(((2, 3, 4, 1),)), Case(((4, 1),), dtypes=("int32",)))
@public(method=False)
def grayscale_to_rgb(image: Node) -> Node:
    """Returns grey images with three equal channels.

    Args:
        image: rank 2 or more, one channel along the last axis.

    Raises:
        ShapeError: another shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.grayscaleToRGB([[7], [9]])
        Tensor
            [[7, 7, 7],
             [9, 9, 9]]

    Source: https://js.tensorflow.org/api/latest/#image.grayscaleToRGB
    """
    _check_channels("grayscale_to_rgb", image, 1)
    return broadcast_node(image, (*image.shape[:-1], 3))


def _gray(image: Node) -> Node:
    """Returns the brightness of red, green and blue, float32 with one channel."""
    shape, ones = [*image.shape[:-1], 1], [1] * image.rank
    red, green, blue = (
        mul(
            cast_node(slice_node(image, [0] * (image.rank - 1) + [channel], shape, ones), "float32"),
            number(weight),
        )
        for channel, weight in enumerate(LUMA)
    )
    result: Node = add(add(red, green), blue)
    return result


@tested_with(Case(((2, 3, 4, 3),)), Case(((5, 3),)))
@public(method=False)
def rgb_to_grayscale(image: Node) -> Node:
    """Returns the brightness of coloured images: 0.2989 red + 0.587 green + 0.114 blue.

    Args:
        image: rank 2 or more, three channels along the last axis.

    Returns:
        images with one channel, of the same dtype.

    Raises:
        ShapeError: another shape.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.rgbToGrayscale(tf.tensor([[100, 0, 0], [0, 100, 0]], dtype="int32"))
        Tensor
            [[29],
             [58]]

    Source: https://js.tensorflow.org/api/latest/#image.rgbToGrayscale
    """
    _check_channels("rgb_to_grayscale", image, 3)
    return cast_node(_gray(image), image.dtype)


def _otsu(gray: Node) -> Node:
    """Returns the shade that splits pixels into two groups of the greatest variance between them; -1 if there is one shade.

    Sums are whole numbers, so that splits which are equal are so exactly, and the first of them is taken.
    """
    shade = reshape_node(cast_node(round_(gray), "int32"), (size(gray.shape), 1))
    pairs = (shade.shape[0], SHADES)
    histogram = reduce_node(SUM, cast_node(equal(shade, iota_node(pairs, 1)), "int32"), (0,))
    levels = iota_node((SHADES,), 0)
    counts = (cumsum(histogram), reduce_node(SUM, histogram, (0,)))
    bright = mul(histogram, levels)
    sums = (cumsum(bright), reduce_node(SUM, bright, (0,)))
    below, below_sum = counts[0], sums[0]
    above, above_sum = sub(counts[1], below), sub(sums[1], below_sum)

    def ratio(a: Node, b: Node) -> Node:
        result: Node = true_div(cast_node(a, "float32"), cast_node(b, "float32"))
        return result

    total = counts[1]
    apart = sub(ratio(below_sum, below), ratio(above_sum, above))
    variance = mul(mul(mul(ratio(below, total), ratio(above, total)), apart), apart)
    # An empty group has no mean: its NaN is not greater than 0.
    found = where(greater(variance, number(0)), variance, number(0))
    best = arg_max(found)
    some = greater(reduce_node(SUM, found, (0,)), number(0))
    result: Node = where(some, best, whole(-1))
    return result


@tested_with(
    Case(((3, 4, 3),), ("binary", False, 0.002), differentiable=False),
    Case(((3, 4, 1),), ("binary", True, 0.0), differentiable=False),
    Case(((3, 4, 3),), ("otsu",), dtypes=("int32",), differentiable=False),
)
@public(method=False)
def threshold(image: Node, method: str = "binary", inverted: bool = False, thresh_value: float = 0.5) -> Node:
    """Returns a black and white image: 255 where the image is brighter than a threshold, else 0.

    Args:
        image: [height, width, 3 or 1], values from 0 to 255.
        method: 'binary': the threshold is `thresh_value`; 'otsu': it is found from the histogram of shades.
        inverted: whether dark pixels become 255 instead.
        thresh_value: from 0 to 1.

    Returns:
        int32 [height, width, 1].

    Raises:
        ShapeError: another shape.
        DTypeError: a bool image.
        OptionError: another method.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.image.threshold([[[20], [200]]])
        Tensor
            [[[0 ], [255]]]

    Source: https://js.tensorflow.org/api/latest/#image.threshold
    """
    if image.rank != 3 or image.shape[2] not in (1, 3):
        raise ShapeError(
            f"threshold: expected an image [height, width, 3 or 1], received shape {image.shape}."
        )
    if image.dtype == "bool":
        raise DTypeError("threshold: expected an image of float32 or int32, received bool.")
    check_word("threshold", "method", method, ("binary", "otsu"))
    if not 0 <= thresh_value <= 1:
        raise OptionError(f"threshold: expected thresh_value from 0 to 1, received {thresh_value!r}.")
    gray = _gray(image) if image.shape[2] == 3 else cast_node(image, "float32")
    limit = number(thresh_value * 255) if method == "binary" else cast_node(_otsu(gray), "float32")
    compare = less_equal if inverted else greater
    return mul(cast_node(compare(gray, limit), "int32"), whole(255))
