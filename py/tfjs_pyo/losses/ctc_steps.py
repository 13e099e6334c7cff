"""Connectionist temporal classification: how unlikely labels are, over all ways in which steps may give them."""

from __future__ import annotations

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.ops import numeric

_NEVER = -1e5
"""The logarithm of a probability of about 0, as Keras has it."""


def ctc_losses(
    target: Tensor, output: Tensor, target_length: Tensor, output_length: Tensor, mask_index: int = 0
) -> Tensor:
    """Returns minus the logarithm of the probability of each sequence of labels (Graves et al., 2006).

    Args:
        target: int32 [batch, labels].
        output: float32 [batch, steps, classes], logits.
        target_length, output_length: int32 [batch], how many labels and steps count.
        mask_index: the class that stands for no label.
    """
    batch, steps, _ = output.shape
    labels = target.shape[1]
    log_p = ops.log_softmax(output)
    blank = ops.slice(log_p, [0, 0, mask_index], [batch, steps, 1])
    emit = ops.mat_mul(log_p, ops.one_hot(target, output.shape[2], dtype="float32"), False, True)
    ended = ops.range(0, steps, 1, "int32") >= ops.expand_dims(ops.cast(output_length, "int32"), -1)
    pads = ops.cast(ended, "float32")
    same = ops.equal(
        ops.slice(target, [0, 0], [batch, labels - 1]), ops.slice(target, [0, 1], [batch, labels - 1])
    )
    repeat = ops.pad(ops.cast(same, "float32"), [[0, 0], [0, 1]])
    phi = ops.concat([ops.zeros([batch, 1]), ops.fill([batch, labels], _NEVER)], 1)
    emitted = ops.fill([batch, labels], _NEVER)
    for step in range(steps):
        pad = ops.slice(pads, [0, step], [batch, 1])
        here = ops.reshape(ops.slice(emit, [0, step, 0], [batch, 1, labels]), [batch, labels])
        none = ops.reshape(ops.slice(blank, [0, step, 0], [batch, 1, 1]), [batch, 1])
        before = phi
        phi = _reached(phi, emitted + _NEVER * repeat)
        heads = ops.slice(phi, [0, 0], [batch, labels])
        next_emitted = numeric.logaddexp(heads + here, emitted + here)
        next_phi = _reached(phi + none, emitted + none + _NEVER * (1.0 - repeat))
        emitted = pad * emitted + (1.0 - pad) * next_emitted
        phi = pad * before + (1.0 - pad) * next_phi
    last = _reached(phi, emitted)
    return -ops.sum(last * ops.one_hot(ops.cast(target_length, "int32"), labels + 1, dtype="float32"), -1)


def _reached(phi: Tensor, added: Tensor) -> Tensor:
    """Returns phi with another way to all of its places but the first."""
    batch, count = phi.shape
    tails = ops.slice(phi, [0, 1], [batch, count - 1])
    return ops.concat([ops.slice(phi, [0, 0], [batch, 1]), numeric.logaddexp(tails, added)], 1)


__all__ = ["ctc_losses"]
