"""Choosing boxes that hardly overlap. Source: https://js.tensorflow.org/api/latest/#Images

How many there are depends on values, so boxes and scores are read; the Async functions wait for them without blocking.
"""

from __future__ import annotations

import heapq
import math as python_math
from collections.abc import Sequence
from typing import Any, NamedTuple

from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.convert import node_of, uploaded
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.types import TensorLike

__all__ = [
    "non_max_suppression",
    "non_max_suppression_async",
    "non_max_suppression_padded",
    "non_max_suppression_padded_async",
    "non_max_suppression_with_score",
    "non_max_suppression_with_score_async",
]

Box = tuple[float, float, float, float]


class Request(NamedTuple):
    """Checked arguments."""

    boxes: Tensor
    scores: Tensor
    most: int
    overlap: float
    least: float
    sigma: float


def _request(
    owner: str,
    boxes: Any,
    scores: Any,
    max_output_size: int,
    iou_threshold: float | None,
    score_threshold: float | None,
    soft_nms_sigma: float | None = None,
) -> Request:
    """Returns checked arguments with TF.js's defaults in place of None."""
    table, values = (Tensor(cast_node(node_of(given, owner), "float32")) for given in (boxes, scores))
    if table.rank != 2 or table.shape[1] != 4:
        raise ShapeError(f"{owner}: expected boxes of shape [boxes, 4], received {table.shape}.")
    if values.shape != table.shape[:1]:
        raise ShapeError(f"{owner}: expected scores of shape [{table.shape[0]}], received {values.shape}.")
    overlap = 0.5 if iou_threshold is None else float(iou_threshold)
    sigma = float(soft_nms_sigma or 0)
    for name, value in (("iou_threshold", overlap), ("soft_nms_sigma", sigma)):
        if not 0 <= value <= 1:
            raise OptionError(f"{owner}: expected {name} from 0 to 1, received {value!r}.")
    if max_output_size < 0:
        raise OptionError(f"{owner}: expected max_output_size of 0 or more, received {max_output_size!r}.")
    least = -python_math.inf if score_threshold is None else float(score_threshold)
    return Request(table, values, min(int(max_output_size), table.shape[0]), overlap, least, sigma)


def _sorted_box(corners: Sequence[float]) -> Box:
    y1, x1, y2, x2 = corners
    return min(y1, y2), min(x1, x2), max(y1, y2), max(x1, x2)


def _overlap(a: Box, b: Box) -> float:
    """Returns the area of the intersection over that of the union."""
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (a, b)]
    if min(areas) <= 0:
        return 0.0
    height = max(min(a[2], b[2]) - max(a[0], b[0]), 0.0)
    width = max(min(a[3], b[3]) - max(a[1], b[1]), 0.0)
    return height * width / (areas[0] + areas[1] - height * width)


def _chosen(request: Request, corners: Sequence[float], scores: Sequence[float]) -> list[tuple[int, float]]:
    """Returns the boxes to keep, with scores: from the best on, those that overlap none kept before too much.

    With a sigma, overlap lowers scores, and a box whose score fell goes back among the candidates.
    """
    boxes = [_sorted_box(corners[4 * i : 4 * i + 4]) for i in range(len(scores))]
    # A candidate: its score negated, its index, and how many of the kept boxes it was compared with.
    candidates = [(-score, i, 0) for i, score in enumerate(scores) if score > request.least]
    heapq.heapify(candidates)
    kept: list[tuple[int, float]] = []
    while candidates and len(kept) < request.most:
        negated, index, compared = heapq.heappop(candidates)
        score: float | None = -negated
        for other, _ in reversed(kept[compared:]):
            score = _lowered(request, score or 0.0, _overlap(boxes[index], boxes[other]))
            if score is None or score <= request.least:
                break
        if score == -negated:
            kept.append((index, score))
        elif score is not None and score > request.least:
            heapq.heappush(candidates, (-score, index, len(kept)))
    return kept


def _lowered(request: Request, score: float, overlap: float) -> float | None:
    """Returns the score of a box that overlaps one kept before; None: it overlaps too much."""
    if overlap >= request.overlap:
        return None
    return score * python_math.exp(-0.5 / request.sigma * overlap * overlap) if request.sigma else score


def _read(request: Request) -> list[tuple[int, float]]:
    return _chosen(request, request.boxes.data_sync(), request.scores.data_sync())


async def _read_async(request: Request) -> list[tuple[int, float]]:
    return _chosen(request, await request.boxes.data(), await request.scores.data())


def _indices(kept: Sequence[tuple[int, float]], length: int | None = None) -> Tensor:
    """Returns the indices, filled up with 0 to a length."""
    values = [index for index, _ in kept]
    values += [0] * ((length or 0) - len(values))
    return Tensor(uploaded(values, (len(values),), "int32", "non_max_suppression"))


def _scored(kept: Sequence[tuple[int, float]]) -> dict[str, Tensor]:
    scores = uploaded([score for _, score in kept], (len(kept),), "float32", "non_max_suppression")
    return {"selectedIndices": _indices(kept), "selectedScores": Tensor(scores)}


def _padded(kept: Sequence[tuple[int, float]], request: Request, pad: bool) -> dict[str, Tensor]:
    count = uploaded([len(kept)], (), "int32", "non_max_suppression")
    return {"selectedIndices": _indices(kept, request.most if pad else None), "validOutputs": Tensor(count)}


@naming.bridge
def non_max_suppression(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
) -> Tensor:
    """Returns the indices of the best boxes of which no two overlap too much, the best first.

    Args:
        boxes: [boxes, 4]: rows [y1, x1, y2, x2] of two opposite corners.
        scores: [boxes].
        max_output_size: how many boxes are chosen at most.
        iou_threshold: from 0 to 1; boxes whose intersection is this part of their union or more overlap too much.
        score_threshold: boxes with this score or less are left out.

    Returns:
        int32 vector.

    Raises:
        ShapeError: other shapes.
        OptionError: a threshold out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> boxes = [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 5, 1, 6]]
        >>> tf.image.nonMaxSuppression(boxes, [0.5, 0.9, 0.7], 3)
        Tensor
            [1, 2]

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppression
    """
    owner = "non_max_suppression"
    return _indices(_read(_request(owner, boxes, scores, max_output_size, iou_threshold, score_threshold)))


@naming.bridge
async def non_max_suppression_async(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
) -> Tensor:
    """Waits for the values, then returns what `non_max_suppression` does.

    Args:
        boxes, scores, max_output_size, iou_threshold, score_threshold: as for `non_max_suppression`.

    Returns:
        int32 vector.

    Raises:
        ShapeError: other shapes.
        OptionError: a threshold out of range.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> boxes = [[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 5, 1, 6]]
        >>> asyncio.run(tf.image.nonMaxSuppressionAsync(boxes, [0.5, 0.9, 0.7], 3))
        Tensor
            [1, 2]

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppressionAsync
    """
    request = _request(
        "non_max_suppression_async", boxes, scores, max_output_size, iou_threshold, score_threshold
    )
    return _indices(await _read_async(request))


@naming.bridge
def non_max_suppression_with_score(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
    soft_nms_sigma: float = 0.0,
) -> dict[str, Tensor]:
    """Returns the indices of the best boxes, and their scores; with a sigma, overlap lowers scores.

    Args:
        boxes, scores, max_output_size, iou_threshold, score_threshold: as for `non_max_suppression`.
        soft_nms_sigma: from 0 to 1; scores are multiplied by exp(-overlap^2 / (2 sigma)), 0: they are not.

    Returns:
        `selectedIndices` (int32) and `selectedScores` (float32), vectors.

    Raises:
        ShapeError: other shapes.
        OptionError: an option out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> found = tf.image.nonMaxSuppressionWithScore([[0, 0, 1, 1], [0, 5, 1, 6]], [0.5, 0.75], 1)
        >>> found['selectedScores']
        Tensor
            [0.75]

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppressionWithScore
    """
    owner = "non_max_suppression_with_score"
    return _scored(
        _read(_request(owner, boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma))
    )


@naming.bridge
async def non_max_suppression_with_score_async(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
    soft_nms_sigma: float = 0.0,
) -> dict[str, Tensor]:
    """Waits for the values, then returns what `non_max_suppression_with_score` does.

    Args:
        boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma: as for `non_max_suppression_with_score`.

    Returns:
        `selectedIndices` (int32) and `selectedScores` (float32), vectors.

    Raises:
        ShapeError: other shapes.
        OptionError: an option out of range.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> boxes = [[0, 0, 1, 1], [0, 5, 1, 6]]
        >>> asyncio.run(tf.image.nonMaxSuppressionWithScoreAsync(boxes, [0.5, 0.75], 1))["selectedScores"]
        Tensor
            [0.75]

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppressionWithScoreAsync
    """
    owner = "non_max_suppression_with_score_async"
    request = _request(owner, boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma)
    return _scored(await _read_async(request))


@naming.bridge
def non_max_suppression_padded(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
    pad_to_max_output_size: bool = False,
) -> dict[str, Tensor]:
    """Returns the indices of the best boxes, filled up with zeros, and how many they are.

    Args:
        boxes, scores, max_output_size, iou_threshold, score_threshold: as for `non_max_suppression`.
        pad_to_max_output_size: whether indices are filled up to max_output_size, or the number of boxes if that is less.

    Returns:
        `selectedIndices` (int32 vector) and `validOutputs` (int32 scalar).

    Raises:
        ShapeError: other shapes.
        OptionError: a threshold out of range.

    Example:
        >>> import tfjs_pyo as tf
        >>> boxes = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 5, 1, 6]]
        >>> found = tf.image.nonMaxSuppressionPadded(boxes, [0.5, 0.6, 0.75], 3, 0.5, None, True)
        >>> found['selectedIndices'].array_sync(), found['validOutputs'].array_sync()
        ([2, 1, 0], 2)

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppressionPadded
    """
    owner = "non_max_suppression_padded"
    request = _request(owner, boxes, scores, max_output_size, iou_threshold, score_threshold)
    return _padded(_read(request), request, pad_to_max_output_size)


@naming.bridge
async def non_max_suppression_padded_async(
    boxes: TensorLike,
    scores: TensorLike,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float | None = None,
    pad_to_max_output_size: bool = False,
) -> dict[str, Tensor]:
    """Waits for the values, then returns what `non_max_suppression_padded` does.

    Args:
        boxes, scores, max_output_size, iou_threshold, score_threshold, pad_to_max_output_size: as for
            `non_max_suppression_padded`.

    Returns:
        `selectedIndices` (int32 vector) and `validOutputs` (int32 scalar).

    Raises:
        ShapeError: other shapes.
        OptionError: a threshold out of range.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> boxes = [[0, 0, 1, 1], [0, 0, 1, 1], [0, 5, 1, 6]]
        >>> found = asyncio.run(tf.image.nonMaxSuppressionPaddedAsync(boxes, [0.5, 0.6, 0.75], 3, 0.5, None, True))
        >>> found["selectedIndices"].array_sync(), found["validOutputs"].array_sync()
        ([2, 1, 0], 2)

    Source: https://js.tensorflow.org/api/latest/#image.nonMaxSuppressionPaddedAsync
    """
    owner = "non_max_suppression_padded_async"
    request = _request(owner, boxes, scores, max_output_size, iou_threshold, score_threshold)
    return _padded(await _read_async(request), request, pad_to_max_output_size)
