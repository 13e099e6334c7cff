"""`keras.ops.nn`: connectionist temporal classification, its loss and its decoding."""

from __future__ import annotations

import math
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.keras.ops.declare import Group, as_float, require_rank, tensor
from tfjs_pyo.keras.ops.sorting import order, take_last
from tfjs_pyo.losses.ctc_steps import ctc_losses

nn = Group()


@nn.op(2)
def ctc_loss(
    target: Tensor, output: Tensor, target_length: Any, output_length: Any, mask_index: int = 0
) -> Tensor:
    """Returns how unlikely each sequence of labels is, over all ways in which the steps may give it.

    Args:
        target: int32 [batch, labels].
        output: float32 [batch, steps, classes], logits.
        target_length, output_length: int32 [batch], how many labels and steps count.
        mask_index: the class that stands for no label.

    Raises:
        ShapeError: other ranks, or shapes that do not fit together.

    Example:
        >>> from tfjs_pyo import keras
        >>> logits = keras.ops.log([[[0.1, 0.9], [0.1, 0.9]]])
        >>> keras.ops.exp(-keras.ops.ctc_loss([[1]], logits, [1], [2])).numpy().round(2)
        array([0.99], dtype=float32)

    Source: https://keras.io/api/ops/nn/
    """
    target = ops.cast(target, "int32")
    require_rank("ctc_loss", target, 2)
    require_rank("ctc_loss", output, 3)
    lengths = [tensor(each) for each in (target_length, output_length)]
    if (
        any(each is None or each.shape != (target.shape[0],) for each in lengths)
        or output.shape[0] != target.shape[0]
    ):
        raise ShapeError(
            f"ctc_loss: expected outputs and two lengths for each of {target.shape[0]} targets, received shapes {output.shape}, "
            f"{' and '.join(str(getattr(each, 'shape', None)) for each in lengths)}."
        )
    return ctc_losses(target, as_float(output), tensor(target_length), tensor(output_length), mask_index)


@nn.op(2)
def ctc_decode(
    inputs: Tensor,
    sequence_lengths: Tensor,
    strategy: str = "greedy",
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
    mask_index: int | None = 0,
) -> tuple[Tensor, Tensor]:
    """Returns the labels that steps most likely give, filled up with -1, and how likely they are.

    Args:
        inputs: float32 [batch, steps, classes], logits.
        sequence_lengths: int32 [batch], how many steps count.
        strategy: 'greedy' takes the best class of each step; 'beam_search' follows several sequences, in Python on the processor.
        beam_width: how many sequences are followed.
        top_paths: how many are returned, by 'beam_search'.
        merge_repeated: whether equal labels in a row are one, by 'greedy'.
        mask_index: the class that stands for no label; the last one if None.

    Returns:
        int32 [paths, batch, steps], and float32: minus the sum of the best logits for 'greedy', [batch, paths] of
        log-probabilities for 'beam_search'.

    Raises:
        ShapeError: inputs of another rank than 3.
        OptionError: another strategy.

    Example:
        >>> from tfjs_pyo import keras
        >>> logits = [[[0.0, 0.0, 9.0], [0.0, 0.0, 9.0], [9.0, 0.0, 0.0], [0.0, 9.0, 0.0]]]
        >>> keras.ops.ctc_decode(logits, [4])[0].tolist()
        [[[2, 1, -1, -1]]]

    Source: https://keras.io/api/ops/nn/
    """
    inputs = as_float(inputs)
    require_rank("ctc_decode", inputs, 3)
    blank = inputs.shape[-1] - 1 if mask_index is None else mask_index
    if strategy == "greedy":
        return _greedy(inputs, sequence_lengths, merge_repeated, blank)
    if strategy == "beam_search":
        return _beam_search(inputs, sequence_lengths, beam_width, top_paths, blank)
    raise OptionError(
        f"ctc_decode: expected `strategy` to be 'greedy' or 'beam_search', received {strategy!r}."
    )


def _greedy(inputs: Tensor, lengths: Tensor, merge: bool, mask: int) -> tuple[Tensor, Tensor]:
    batch, steps, _ = inputs.shape
    beyond = ops.range(0, steps, 1, "int32") >= ops.expand_dims(ops.cast(lengths, "int32"), -1)
    classes = ops.where(beyond, ops.scalar(mask, "int32"), ops.arg_max(inputs, -1))
    scores = -ops.sum(ops.where(beyond, 0.0, ops.max(inputs, -1)), 1, True)
    if merge and steps > 1:
        now, before = (ops.slice(classes, [0, first], [batch, steps - 1]) for first in (1, 0))
        again = ops.pad(ops.cast(ops.equal(now, before), "int32"), [[0, 0], [1, 0]])
        classes = ops.where(ops.cast(again, "bool"), ops.scalar(mask, "int32"), classes)
    gone = ops.equal(classes, mask)
    classes = ops.where(gone, ops.scalar(-1, "int32"), classes)
    return ops.expand_dims(take_last(classes, order(gone)), 0), scores


def _log_sum(a: float, b: float) -> float:
    if a == b == -math.inf:
        return a
    high, low = max(a, b), min(a, b)
    return high + math.log1p(math.exp(low - high))


def _beam_search(inputs: Tensor, lengths: Tensor, width: int, paths: int, mask: int) -> tuple[Tensor, Tensor]:
    """Follows the most likely prefixes: each has the probabilities of ending with its last label, and with none."""
    rows = ops.log_softmax(inputs).array_sync()
    found: list[list[tuple[tuple[int, ...], float]]] = []
    for row, length in zip(rows, lengths.array_sync(), strict=True):
        beams: dict[tuple[int, ...], tuple[float, float]] = {(): (-math.inf, 0.0)}
        for step in row[: int(length)]:
            beams = _stepped(beams, step, width, mask)
        scored = [(path, _log_sum(*both)) for path, both in beams.items()]
        scored.sort(key=lambda pair: -pair[1])
        found.append((scored + [((), -math.inf)] * paths)[:paths])
    steps = inputs.shape[1]
    padded = [
        [[*each[place][0], *[-1] * (steps - len(each[place][0]))] for each in found] for place in range(paths)
    ]
    classes = ops.tensor(padded, [paths, len(found), steps], "int32")
    return classes, ops.tensor([[score for _, score in each] for each in found], [len(found), paths])


def _stepped(
    beams: dict[tuple[int, ...], tuple[float, float]], step: list[float], width: int, mask: int
) -> dict[tuple[int, ...], tuple[float, float]]:
    """Returns the best prefixes after one more step."""
    after: dict[tuple[int, ...], list[float]] = {}
    for path, (label, none) in beams.items():
        total = _log_sum(label, none)
        same = after.setdefault(path, [-math.inf, -math.inf])
        same[1] = _log_sum(same[1], total + step[mask])
        if path:
            same[0] = _log_sum(same[0], label + step[path[-1]])
        for number, score in enumerate(step):
            if number != mask:
                longer = after.setdefault((*path, number), [-math.inf, -math.inf])
                before = none if path and path[-1] == number else total
                longer[0] = _log_sum(longer[0], before + score)
    best = sorted(after.items(), key=lambda item: -_log_sum(*item[1]))[:width]
    return {path: (both[0], both[1]) for path, both in best}


__all__ = ["nn"]
