"""Blocks of space moved to the batch or the depth and back, and padding with what is there. All of it is movement."""

from __future__ import annotations

from collections.abc import Sequence

from tfjs_pyo.core.graph import Node
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.movement import concat_node, pad, reshape_node, reverse_node, slice_node, transpose_node
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.shapes import size

Pairs = Sequence[Sequence[int]]


def _check_blocks(owner: str, x: Node, block: Sequence[int], pairs: Pairs, what: str) -> None:
    if x.rank < 1 + len(block):
        raise ShapeError(
            f"{owner}: expected a tensor of rank {1 + len(block)} or more for {len(block)} block sizes, received shape "
            f"{x.shape}."
        )
    if min(block, default=1) < 1:
        raise OptionError(f"{owner}: expected positive block sizes, received {list(block)}.")
    if len(pairs) != len(block) or any(len(pair) != 2 or min(pair) < 0 for pair in pairs):
        raise ShapeError(
            f"{owner}: expected {len(block)} pairs of non-negative numbers for {what}, received {list(pairs)}."
        )


@tested_with(
    Case(((8, 1, 2, 3),), ((2, 2), ((0, 0), (0, 0)))),
    Case(((6, 3, 2),), ((3,), ((1, 2),))),
)
@public()
def batch_to_space_nd(x: Node, block_shape: Sequence[int], crops: Pairs) -> Node:
    """Returns x with its batch spread out as blocks of space; undoes `space_to_batch_nd`.

    Args:
        x: shape [batch, *space, ...].
        block_shape: size of a block along each axis of space; their product divides the batch.
        crops: how much to cut off at the beginning and the end of each axis afterwards.

    Raises:
        ShapeError: a batch, crops or a rank that do not suit the blocks.
        OptionError: a block size below 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.batchToSpaceND([[1], [2], [3], [4]], [2], [[0, 0]])
        Tensor
            [[1, 3],
             [2, 4]]

    Source: https://js.tensorflow.org/api/latest/#batchToSpaceND
    """
    owner = "batch_to_space_nd"
    _check_blocks(owner, x, block_shape, crops, "crops")
    block, many = tuple(block_shape), len(block_shape)
    batch, odd = divmod(x.shape[0], size(block))
    if odd:
        raise ShapeError(
            f"{owner}: expected a batch that {size(block)} divides, for blocks {block}, received {x.shape[0]}."
        )
    space, rest = x.shape[1 : 1 + many], x.shape[1 + many :]
    apart = reshape_node(x, (*block, batch, *space, *rest))
    pairs = [axis for i in range(many) for axis in (many + 1 + i, i)]
    order = (many, *pairs, *range(2 * many + 1, apart.rank))
    wide = tuple(b * s for b, s in zip(block, space, strict=True))
    whole = reshape_node(transpose_node(apart, order), (batch, *wide, *rest))
    begin = [0, *(first for first, _ in crops), *(0 for _ in rest)]
    lengths = [w - first - last for w, (first, last) in zip(wide, crops, strict=True)]
    if min(lengths, default=0) < 0:
        raise ShapeError(f"{owner}: expected crops within {wide}, received {list(crops)}.")
    return slice_node(whole, begin, [batch, *lengths, *rest])


@tested_with(
    Case(((2, 4, 6, 3),), ((2, 3), ((0, 0), (0, 0)))),
    Case(((2, 5, 2),), ((3,), ((1, 0),))),
)
@public()
def space_to_batch_nd(x: Node, block_shape: Sequence[int], paddings: Pairs) -> Node:
    """Returns x with blocks of space moved into the batch: each place of a block becomes an image of its own.

    Args:
        x: shape [batch, *space, ...].
        block_shape: size of a block along each axis of space; divides it after padding.
        paddings: zeros before and after each axis of space.

    Raises:
        ShapeError: space, paddings or a rank that do not suit the blocks.
        OptionError: a block size below 1.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.spaceToBatchND([[1, 2], [3, 4]], [2], [[0, 0]])
        Tensor
            [[1],
             [3],
             [2],
             [4]]

    Source: https://js.tensorflow.org/api/latest/#spaceToBatchND
    """
    owner = "space_to_batch_nd"
    _check_blocks(owner, x, block_shape, paddings, "paddings")
    block, many = tuple(block_shape), len(block_shape)
    whole: Node = pad(x, [(0, 0), *(tuple(p) for p in paddings), *[(0, 0)] * (x.rank - 1 - many)])
    space, rest = whole.shape[1 : 1 + many], whole.shape[1 + many :]
    if any(s % b for s, b in zip(space, block, strict=True)):
        raise ShapeError(f"{owner}: expected space that {block} divide after padding, received {space}.")
    small = tuple(s // b for s, b in zip(space, block, strict=True))
    pairs = [dim for s, b in zip(small, block, strict=True) for dim in (s, b)]
    apart = reshape_node(whole, (x.shape[0], *pairs, *rest))
    inner = [2 + 2 * i for i in range(many)]
    outer = [1 + 2 * i for i in range(many)]
    order = (*inner, 0, *outer, *range(2 * many + 1, apart.rank))
    return reshape_node(transpose_node(apart, order), (x.shape[0] * size(block), *small, *rest))


@tested_with(Case(((2, 2, 3, 8),), (2,)), Case(((1, 9, 2, 2),), (3, "NCHW")))
@public()
def depth_to_space(x: Node, block_size: int, data_format: str = "NHWC") -> Node:
    """Returns images with groups of channels spread out as blocks of pixels.

    Args:
        x: shape [batch, height, width, channels], or [batch, channels, height, width].
        block_size: height and width of a block; its square divides the channels.
        data_format: 'NHWC' or 'NCHW'.

    Raises:
        ShapeError: another rank, or channels that the block does not divide.
        OptionError: a block size below 1, or an unknown format.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.depthToSpace([[[[1, 2, 3, 4]]]], 2)
        Tensor
            [[[[1], [2]], [[3], [4]]]]

    Source: https://js.tensorflow.org/api/latest/#depthToSpace
    """
    owner = "depth_to_space"
    if data_format not in ("NHWC", "NCHW"):
        raise OptionError(f"{owner}: expected data_format to be 'NHWC' or 'NCHW', received {data_format!r}.")
    if x.rank != 4:
        raise ShapeError(f"{owner}: expected a tensor of rank 4, received shape {x.shape}.")
    if block_size < 1:
        raise OptionError(f"{owner}: expected a positive block size, received {block_size}.")
    last = data_format == "NHWC"
    batch, height, width, channels = x.shape if last else (x.shape[0], *x.shape[2:], x.shape[1])
    depth, odd = divmod(channels, block_size**2)
    if odd:
        raise ShapeError(
            f"{owner}: expected channels that {block_size**2} divides, for blocks of {block_size}, received {channels}."
        )
    b = block_size
    if last:
        apart = transpose_node(reshape_node(x, (batch, height, width, b, b, depth)), (0, 1, 3, 2, 4, 5))
        return reshape_node(apart, (batch, height * b, width * b, depth))
    apart = transpose_node(reshape_node(x, (batch, b, b, depth, height, width)), (0, 3, 4, 1, 5, 2))
    return reshape_node(apart, (batch, depth, height * b, width * b))


@tested_with(
    Case(((3, 4),), (((1, 2), (2, 0)), "reflect")),
    Case(((3, 4),), (((3, 1), (0, 4)), "symmetric")),
    Case(((5,),), (((0, 0),), "reflect")),
)
@public()
def mirror_pad(x: Node, paddings: Pairs, mode: str) -> Node:
    """Returns x with its mirror image around it.

    Args:
        x: any tensor.
        paddings: how many elements before and after each axis.
        mode: 'symmetric', the element at the border comes twice, or 'reflect', it does not.

    Raises:
        ShapeError: wrong pairs, or more elements than there are to mirror.
        OptionError: another mode.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.mirrorPad([1, 2, 3], [[1, 2]], "reflect")
        Tensor
            [2, 1, 2, 3, 2, 1]

    Source: https://js.tensorflow.org/api/latest/#mirrorPad
    """
    if mode not in ("reflect", "symmetric"):
        raise OptionError(f"mirror_pad: expected mode to be 'reflect' or 'symmetric', received {mode!r}.")
    if len(paddings) != x.rank or any(len(pair) != 2 for pair in paddings):
        raise ShapeError(
            f"mirror_pad: expected {x.rank} pairs for shape {x.shape}, received {list(paddings)}."
        )
    skipped = 1 if mode == "reflect" else 0
    for axis, (before, after) in enumerate(paddings):
        dim = x.shape[axis]
        most = max(0, dim - skipped)
        if not 0 <= before <= most or not 0 <= after <= most:
            raise ShapeError(
                f"mirror_pad: expected between 0 and {most} elements at axis {axis} of length {dim} in mode {mode!r}, "
                f"received {before} and {after}."
            )
        left = _part(x, axis, skipped, before)
        right = _part(x, axis, dim - skipped - after, after)
        x = concat_node([reverse_node(left, [axis]), x, reverse_node(right, [axis])], axis)
    return x


def _part(x: Node, axis: int, begin: int, length: int) -> Node:
    start = [begin if a == axis and length else 0 for a in range(x.rank)]
    return slice_node(x, start, [*x.shape[:axis], length, *x.shape[axis + 1 :]])
