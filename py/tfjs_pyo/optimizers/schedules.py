"""Learning-rate schedules: the rate of a step as an expression of its number, so that compiled steps compute it themselves."""

from __future__ import annotations

import math
from typing import Any, ClassVar

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import SAME, ByClass, Configurable, Field, Order, field, number
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import OptionError
from tfjs_pyo.registry import Registry


def above_zero(owner: str, name: str, value: Any) -> float:
    """Returns a number above 0; a conversion for fields."""
    given = number(0)(owner, name, value)
    if not given:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a number above 0, received {value!r}."
        )
    return given


def _numbers(owner: str, name: str, value: Any) -> tuple[float, ...]:
    given = options.items(value)
    if given is None:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a list of numbers, received {value!r}."
        )
    return tuple(number()(owner, name, item) for item in value)


class LearningRateSchedule(Configurable, dialect=KERAS):
    """Base of schedules: a subclass defines `rate(step)` with ops, as compiled steps never run Python.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Halving(tf.optimizers.schedules.LearningRateSchedule):
        ...     def rate(self, step):
        ...         return 0.5**step
        >>> float(tf.train.sgd(Halving()).learning_rate(2))
        0.25

    Source: https://keras.io/api/optimizers/learning_rate_schedules/learning_rate_schedule/
    """

    keras_module = "tfjs_pyo.keras.optimizers.schedules"

    order: ClassVar[Order] = (..., "name")

    name: str | None = field(None, keras=ByClass(lambda kind: kind.__name__))

    def rate(self, step: Tensor) -> Tensor:
        """Returns the rate of a step.

        Args:
            step: float32 scalar, how many steps were made before.

        Raises:
            NotImplementedError: a subclass that does not define it.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Falling(tf.optimizers.schedules.LearningRateSchedule):
            ...     def rate(self, step):
            ...         return 1 / (1 + step)
            >>> [float(Falling()(step)) for step in (0, 1, 3)]
            [1.0, 0.5, 0.25]

        Source: https://keras.io/api/optimizers/learning_rate_schedules/learning_rate_schedule/
        """
        raise NotImplementedError(f"{self.display_name}: a schedule must define rate(step).")

    def __call__(self, step: Tensor | float) -> Tensor:
        """Returns the rate of a step as a scalar; `step` counts from 0."""
        if isinstance(step, Tensor):
            return self.rate(ops.cast(step, "float32"))
        number = options.real(step)
        if number is None:
            raise OptionError(
                f"{self.display_name}: expected `step` to be a number, received {options.shown(step)}."
            )
        return self.rate(ops.scalar(number))


Rate = float | LearningRateSchedule
"""What optimizers take as their learning rate."""


class _Stepped(LearningRateSchedule):
    """What falls with `step / decay_steps`, in whole numbers of it if it is a staircase."""

    initial_learning_rate: float = field(convert=number(0))
    decay_steps: float = field(convert=above_zero)
    decay_rate: float = field(convert=number(0))
    staircase: bool = field(False)

    def progress(self, step: Tensor) -> Tensor:
        """Returns how often `decay_steps` fit into the steps so far.

        Args:
            step: the step, from 0, as a float32 scalar.

        Returns:
            float32, whole numbers where the schedule is a staircase.

        Example:
            >>> import tfjs_pyo as tf
            >>> schedule = tf.optimizers.schedules.ExponentialDecay(0.5, decay_steps=10, decay_rate=0.5)
            >>> float(schedule.progress(tf.scalar(5)))
            0.5
        """
        share = step / self.decay_steps
        return ops.floor(share) if self.staircase else share


class ExponentialDecay(_Stepped):
    """rate = initial * decay_rate ^ (step / decay_steps).

    Args:
        initial_learning_rate: rate of the first step.
        decay_steps: steps after which the rate was multiplied by `decay_rate` once.
        decay_rate: that factor.
        staircase: whether the rate falls at once after each `decay_steps` steps, not bit by bit.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.ExponentialDecay(0.5, decay_steps=10, decay_rate=0.5)
        >>> [float(schedule(step)) for step in (0, 10, 20)]
        [0.5, 0.25, 0.125]
        >>> tf.train.adam(schedule).learning_rate is schedule
        True

    Source: https://keras.io/api/optimizers/learning_rate_schedules/exponential_decay/
    """

    def rate(self, step: Tensor) -> Tensor:
        return self.initial_learning_rate * ops.pow(self.decay_rate, self.progress(step))


class InverseTimeDecay(_Stepped):
    """rate = initial / (1 + decay_rate * step / decay_steps).

    Args:
        initial_learning_rate: rate of the first step.
        decay_steps: steps after which the divisor has grown by `decay_rate`.
        decay_rate: how much it grows.
        staircase: whether the rate falls at once after each `decay_steps` steps, not bit by bit.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.InverseTimeDecay(1.0, decay_steps=10, decay_rate=1.0)
        >>> [float(schedule(step)) for step in (0, 10, 30)]
        [1.0, 0.5, 0.25]

    Source: https://keras.io/api/optimizers/learning_rate_schedules/inverse_time_decay/
    """

    def rate(self, step: Tensor) -> Tensor:
        return self.initial_learning_rate / (1.0 + self.decay_rate * self.progress(step))


class PiecewiseConstantDecay(LearningRateSchedule):
    """rate = values[i], i the number of boundaries that lie before the step.

    Args:
        boundaries: steps in ascending order; up to and including the first one, the first value holds.
        values: rates, one more than boundaries.

    Raises:
        OptionError: as many values as boundaries, or boundaries that do not ascend.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.PiecewiseConstantDecay([10, 20], [1.0, 0.5, 0.25])
        >>> [float(schedule(step)) for step in (10, 11, 21)]
        [1.0, 0.5, 0.25]

    Source: https://keras.io/api/optimizers/learning_rate_schedules/piecewise_constant_decay/
    """

    name: str | None = field(None, keras="PiecewiseConstant")
    boundaries: tuple[float, ...] = field(convert=_numbers)
    values: tuple[float, ...] = field(convert=_numbers)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(self.values) != len(self.boundaries) + 1:
            raise OptionError(
                f"{self.display_name}: expected one more of 'values' than of 'boundaries', received {len(self.values)} and "
                f"{len(self.boundaries)}."
            )
        if list(self.boundaries) != sorted(self.boundaries):
            raise OptionError(
                f"{self.display_name}: expected 'boundaries' in ascending order, received {list(self.boundaries)}."
            )

    def rate(self, step: Tensor) -> Tensor:
        rate = ops.scalar(self.values[0])
        for boundary, value in zip(self.boundaries, self.values[1:], strict=True):
            rate = ops.where(ops.greater(step, boundary), value, rate)
        return rate


class PolynomialDecay(LearningRateSchedule):
    """rate = (initial - end) * (1 - step / decay_steps) ^ power + end, and the end rate after `decay_steps`.

    Args:
        initial_learning_rate: rate of the first step.
        decay_steps: steps until the end rate.
        end_learning_rate: rate from then on.
        power: 1 for a straight line.
        cycle: whether the decay starts anew, over as many further steps, whenever it has ended.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.PolynomialDecay(1.0, decay_steps=10, end_learning_rate=0.5)
        >>> [float(schedule(step)) for step in (0, 5, 10, 20)]
        [1.0, 0.75, 0.5, 0.5]

    Source: https://keras.io/api/optimizers/learning_rate_schedules/polynomial_decay/
    """

    initial_learning_rate: float = field(convert=number(0))
    decay_steps: float = field(convert=above_zero)
    end_learning_rate: float = field(0.0001, number(0))
    power: float = field(1.0, number(0))
    cycle: bool = field(False)

    def rate(self, step: Tensor) -> Tensor:
        share = step / self.decay_steps
        done = share / ops.maximum(ops.ceil(share), 1.0) if self.cycle else ops.minimum(share, 1.0)
        fall = self.initial_learning_rate - self.end_learning_rate
        return fall * ops.pow(1.0 - done, self.power) + self.end_learning_rate


def _half_cosine(done: Tensor) -> Tensor:
    """Returns what falls from 1 to 0 while `done` rises from 0 to 1."""
    return 0.5 * (1.0 + ops.cos(math.pi * done))


class CosineDecay(LearningRateSchedule):
    """rate = initial * ((1 - alpha) * (1 + cos(pi * step / decay_steps)) / 2 + alpha), after a warmup if there is one.

    Args:
        initial_learning_rate: rate of the first step.
        decay_steps: steps of the decay, those of the warmup not counted.
        alpha: last rate as a share of the first (or of the warmup's target).
        warmup_target: rate to rise to before the decay, in a straight line; None for no warmup.
        warmup_steps: steps until then.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.CosineDecay(0.0, 10, warmup_target=1.0, warmup_steps=2)
        >>> [float(schedule(step)) for step in (0, 1, 2, 12)]
        [0.0, 0.5, 1.0, 0.0]

    Source: https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay/
    """

    order: ClassVar[Order] = ("initial_learning_rate", "decay_steps", "alpha", "name", ...)

    initial_learning_rate: float = field(convert=number(0))
    decay_steps: float = field(convert=above_zero)
    alpha: float = field(0.0, number(0))
    warmup_target: float | None = field(None, number(0))
    warmup_steps: float = field(0, number(0))

    def rate(self, step: Tensor) -> Tensor:
        if self.warmup_target is None:
            return self._decay(step, self.initial_learning_rate)
        rise = (self.warmup_target - self.initial_learning_rate) / max(self.warmup_steps, 1.0)
        return ops.where(
            ops.less(step, self.warmup_steps),
            self.initial_learning_rate + rise * step,
            self._decay(step - self.warmup_steps, self.warmup_target),
        )

    def _decay(self, step: Tensor, first: float) -> Tensor:
        done = ops.minimum(step / self.decay_steps, 1.0)
        return first * ((1.0 - self.alpha) * _half_cosine(done) + self.alpha)


class CosineDecayRestarts(LearningRateSchedule):
    """Cosine decay that starts anew whenever it has ended, each time longer and from a lower rate.

    Args:
        initial_learning_rate: rate of the first step.
        first_decay_steps: steps of the first decay.
        t_mul: how much longer each decay is than the one before.
        m_mul: first rate of each decay as a share of that of the one before.
        alpha: last rate as a share of the first.

    Example:
        >>> import tfjs_pyo as tf
        >>> schedule = tf.optimizers.schedules.CosineDecayRestarts(1.0, 10, m_mul=0.5)
        >>> [round(float(schedule(step)), 4) for step in (0, 5, 10, 20)]
        [1.0, 0.5, 0.5, 0.25]

    Source: https://keras.io/api/optimizers/learning_rate_schedules/cosine_decay_restarts/
    """

    name: str | None = field(None, keras="SGDRDecay")
    initial_learning_rate: float = field(convert=number(0))
    first_decay_steps: float = field(convert=above_zero)
    t_mul: float = field(2.0, number(1))
    m_mul: float = field(1.0, number(0))
    alpha: float = field(0.0, number(0))

    def rate(self, step: Tensor) -> Tensor:
        restarts, done = self._position(step / self.first_decay_steps)
        cosine = ops.pow(self.m_mul, restarts) * _half_cosine(done)
        return self.initial_learning_rate * ((1.0 - self.alpha) * cosine + self.alpha)

    def _position(self, share: Tensor) -> tuple[Tensor, Tensor]:
        """Returns how many decays have ended, and how much of the running one is done."""
        if self.t_mul == 1:
            return ops.floor(share), share - ops.floor(share)
        exact = ops.log(1.0 + share * (self.t_mul - 1.0)) / math.log(self.t_mul)
        restarts = ops.floor(exact + 1e-5)  # the logarithm of a power may be rounded down
        length = ops.pow(self.t_mul, restarts)
        return restarts, (share - (length - 1.0) / (self.t_mul - 1.0)) / length


SCHEDULES = Registry(
    "learning-rate schedule",
    (
        ExponentialDecay, PiecewiseConstantDecay, PolynomialDecay, InverseTimeDecay, CosineDecay, CosineDecayRestarts,
    ),
)  # fmt: skip


class _RateField(Field):
    """The field `learning_rate`: what programs see of it their API says, as an optimizer keeps the number in a variable."""

    def __get__(self, instance: Any, owner: type) -> Any:
        found = super().__get__(instance, owner)
        return found if instance is None else instance._seen_rate(found)


def rate_field(default: Any, keras: Any = SAME) -> Any:
    """Declares the learning rate of an optimizer: a number, or a schedule."""
    return _RateField(default, rate_or_schedule, keras=keras)


def rate_or_schedule(owner: str, name: str, value: Any) -> Rate:
    """Returns a number from 0 or a schedule, which may come as its config; a conversion for fields."""
    if isinstance(value, LearningRateSchedule):
        return value
    if isinstance(value, dict):
        found: LearningRateSchedule = SCHEDULES.convert(owner, name, value)
        return found
    if options.real(value) is not None:
        return number(0)(owner, name, value)
    raise OptionError(
        f"{owner}: expected {naming.camel(name)!r} to be a number from 0 or a schedule, such as "
        f"keras.optimizers.schedules.ExponentialDecay(0.01, 1000, 0.9), received {value!r}."
    )


__all__ = [
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "InverseTimeDecay",
    "LearningRateSchedule",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
]
__getattr__, __dir__ = naming.module_names(__name__)
