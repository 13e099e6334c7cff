"""Muon: momentum whose steps are made nearly orthogonal matrices; AdamW for what is no matrix."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from tfjs_pyo import ops
from tfjs_pyo.config import Order, field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.optimizers.base import EPSILON, Optimizer
from tfjs_pyo.optimizers.schedules import Rate, rate_field


class Muon(Optimizer):
    """m = momentum * m + g; w -= rate * rms_rate * sqrt(longer side) * orthogonal(g + momentum * m).

    `orthogonal` is what `ns_steps` Newton-Schulz iterations x = a * x + (b * y + c * y @ y) @ x, y = x @ x^T, make of a matrix
    of norm 1. Weights that are no matrices, embeddings and excluded layers are trained by AdamW.

    Args:
        learning_rate: size of a step, or a schedule.
        adam_beta_1, adam_beta_2, epsilon: of AdamW.
        adam_weight_decay: how fast weights of AdamW shrink.
        weight_decay: how fast the others shrink.
        exclude_layers: regular expressions; weights whose names contain a match are AdamW's.
        exclude_embeddings: whether those of embeddings are.
        muon_a, muon_b, muon_c: coefficients of an iteration.
        adam_lr_ratio: what AdamW's rate is of the other.
        momentum: share of the last step that goes on.
        ns_steps: number of iterations.
        nesterov: whether a step looks ahead by the momentum.
        rms_rate: scale of steps, for which rates and weight decay of AdamW fit; None for the plain orthogonal matrix.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.eye(2))
        >>> tf.optimizers.Muon(0.1).minimize(lambda: tf.sum(w * w))
        >>> float(w[0, 0]) < 1, float(w[0, 1])
        (True, 0.0)

    Source: https://keras.io/api/optimizers/muon/
    """

    order: ClassVar[Order] = (
        "learning_rate", "adam_beta_1", "adam_beta_2", "adam_weight_decay", "epsilon", "weight_decay", "clip_norm",
        "clip_value", "global_clip_norm", "use_ema", "ema_momentum", "ema_overwrite_frequency", "loss_scale_factor",
        "gradient_accumulation_steps", "name", ...,
    )  # fmt: skip

    learning_rate: Rate = rate_field(0.001)
    adam_beta_1: float = field(0.9, number(0, 1, open_high=True))
    adam_beta_2: float = field(0.999, number(0, 1, open_high=True))
    adam_weight_decay: float | None = field(0.004, number(0))
    epsilon: float = field(EPSILON, number(0))
    weight_decay: float | None = field(0.004, number(0))
    exclude_layers: Sequence[str] | None = field(None)
    exclude_embeddings: bool = field(True)
    muon_a: float = field(3.4445, number())
    muon_b: float = field(-4.7750, number())
    muon_c: float = field(2.0315, number())
    adam_lr_ratio: float = field(1.0, number(0))
    momentum: float = field(0.95, number(0, 1))
    ns_steps: int = field(5, positive_int)
    nesterov: bool = field(True)
    rms_rate: float | None = field(0.2, number(0))

    @property
    def counts_steps(self) -> bool:
        return True

    def slots(self) -> Mapping[str, float]:
        return {"momentum": 0.0, "velocity": 0.0}

    def slots_of(self, variable: Variable) -> Mapping[str, float]:
        return self.slots() if self._is_for_adam(variable) else {"momentum": 0.0}

    def decay_for(self, variable: Variable) -> float | None:
        return self.adam_weight_decay if self._is_for_adam(variable) else self.weight_decay

    def _is_for_adam(self, variable: Variable) -> bool:
        name = variable.original_name
        return (
            len(variable.shape) != 2
            or (self.exclude_embeddings and "embedding" in name.lower())
            or any(re.search(pattern, name) for pattern in self.exclude_layers or ())
        )

    def update(self, gradient: Tensor, variable: Variable) -> None:
        if self._is_for_adam(variable):
            self._adam(gradient, variable)
            return
        m = self.slot(variable, "momentum")
        m.assign(gradient + self.momentum * m)
        ahead: Tensor = gradient + self.momentum * m if self.nesterov else m
        longer = 1.0 if self.rms_rate is None else math.sqrt(max(variable.shape)) * self.rms_rate
        variable.assign(variable - self.rate * longer * self._orthogonal(ahead))

    def _adam(self, gradient: Tensor, variable: Variable) -> None:
        step = self._steps_made() + 1.0
        m = self.running_mean(variable, "momentum", gradient, self.adam_beta_1)
        v = self.running_mean(variable, "velocity", ops.square(gradient), self.adam_beta_2)
        bias1, bias2 = (1.0 - ops.pow(beta, step) for beta in (self.adam_beta_1, self.adam_beta_2))
        size = self.rate * self.adam_lr_ratio * ops.sqrt(bias2) / bias1
        variable.assign(variable - size * m / (ops.sqrt(v) + self.epsilon))

    def _orthogonal(self, matrix: Tensor) -> Tensor:
        """Returns a matrix with about the same singular vectors, and singular values about 1."""
        tall = matrix.shape[0] > matrix.shape[1]
        x = ops.transpose(matrix) if tall else matrix
        x = x / (ops.sqrt(ops.sum(ops.square(x))) + 1e-7)
        for _ in range(self.ns_steps):
            y = ops.mat_mul(x, x, False, True)
            x = self.muon_a * x + ops.mat_mul(self.muon_b * y + self.muon_c * ops.mat_mul(y, y), x)
        return ops.transpose(x) if tall else x
