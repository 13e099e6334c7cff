"""`keras.random`: random tensors. Seeds are numbers, or generators that give another one each time."""

from __future__ import annotations

import importlib
import math
import random as python_random
import sys
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import naming, ops, options
from tfjs_pyo.core import context, rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.documenting import complete
from tfjs_pyo.dtype_names import stored
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError
from tfjs_pyo.keras.ops import choosing, sorting
from tfjs_pyo.keras.ops.creating import number
from tfjs_pyo.keras.ops.declare import as_float, tensor
from tfjs_pyo.ops import sampling
from tfjs_pyo.rules import check_public
from tfjs_pyo.shapes import normalize_axis
from tfjs_pyo.types import DTypeLike


class SeedGenerator:
    """Gives another seed for each draw.

    In a compiled step draws are new each time the step runs, as those without a seed are.

    Args:
        seed: where it begins; default: drawn at random.
        name: for messages.

    Raises:
        OptionError: no whole number.

    Example:
        >>> from tfjs_pyo import keras
        >>> seed = keras.random.SeedGenerator(7)
        >>> a, b = keras.random.uniform([2], seed=seed), keras.random.uniform([2], seed=seed)
        >>> keras.ops.any(a == b).item()
        False
        >>> again = keras.random.uniform([2], seed=keras.random.SeedGenerator(7))
        >>> keras.ops.all(a == again).item()
        True

    Source: https://keras.io/api/random/seed_generator/
    """

    _internal = ("next_number",)

    def __init__(self, seed: int | None = None, name: str | None = None, **kwargs: Any) -> None:
        if kwargs:
            raise OptionError(f"SeedGenerator: unknown arguments {sorted(kwargs)}.")
        if isinstance(seed, (bool, float, str)):
            raise OptionError(f"SeedGenerator: expected a whole number, received {seed!r}.")
        self.name = name or "seed_generator"
        self._seed = rng.mix(rng.seed_word(), rng.reserve(1)) if seed is None else seed
        self._initial_seed = self._seed
        self._drawn = 0

    def next_number(self) -> int | None:
        """Returns the next seed as a number; None in a compiled step whose draws are to be new each time."""
        trace = context.trace()
        if trace is not None and trace.counter_node("rng") is not None:
            return None
        self._drawn += 1
        return rng.mix(self._seed & 0xFFFFFFFF, self._drawn)

    def next(self, ordered: bool = True) -> Tensor:  # noqa: ARG002 (Keras's parameter)
        """Returns the next seed as int32 [2], as Keras has it.

        Args:
            ordered: has no effect.

        Example:
            >>> from tfjs_pyo import keras
            >>> seeds = keras.random.SeedGenerator(7)
            >>> first, second = seeds.next(), seeds.next()
            >>> first.shape, first.dtype, bool(keras.ops.all(first == second))
            ((2,), 'int32', False)
        """
        self._drawn += 1
        first = rng.mix(self._seed & 0xFFFFFFFF, self._drawn)
        return ops.tensor([rng.as_int32(first), self._drawn], [2], "int32")

    def get_config(self) -> dict[str, Any]:
        """Returns what makes a generator of the same seeds.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.random.SeedGenerator(7).get_config()
            {'seed': 7}
        """
        return {"seed": self._initial_seed}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> SeedGenerator:
        """Returns a generator of a config.

        Args:
            config: of `get_config`.

        Example:
            >>> from tfjs_pyo import keras
            >>> first = keras.random.SeedGenerator(7)
            >>> again = keras.random.SeedGenerator.from_config(first.get_config())
            >>> bool(keras.ops.all(first.next() == again.next()))
            True
        """
        return cls(**naming.require_config("SeedGenerator", config))


Seed = int | SeedGenerator | None


def seed_of(seed: Any) -> Any:
    """Returns what ops take for a seed: a number, or None for the next of the program's own."""
    if isinstance(seed, SeedGenerator):
        return seed.next_number()
    if isinstance(seed, Tensor):
        if seed.dtype != "int32" or seed.shape != (2,):
            raise OptionError(
                f"seed: expected int32 [2] as SeedGenerator.next() gives, received {seed.dtype} {seed.shape}."
            )
        return rng.mix(*(each & 0xFFFFFFFF for each in seed.data_sync()))
    number = options.whole(seed)
    if seed is None or number is not None:
        return number
    raise OptionError(
        f"seed: expected a whole number, a SeedGenerator or None, received {options.shown(seed)}."
    )


def _given(owner: str, name: str, value: Any) -> Tensor:
    """Returns what must be a tensor."""
    if value is None:
        raise ArgumentError(f"{owner}: expected `{name}` to be numbers, received None.")
    found: Tensor = tensor(value)
    if found.dtype == "string":
        raise DTypeError(f"{owner}: expected `{name}` to be numbers, received strings.")
    return found


def seed_python(seed: int) -> None:
    """Restarts Python's stream of random numbers, and NumPy's where it is loaded."""
    python_random.seed(seed)
    if "numpy" in sys.modules:
        importlib.import_module("numpy").random.seed(seed % 2**32)


def normal(
    shape: Sequence[int], mean: Any = 0.0, stddev: Any = 1.0, dtype: DTypeLike | None = None, seed: Any = None
) -> Tensor:
    """Returns normally distributed numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.normal([1000], mean=5.0, stddev=0.1, seed=1)
        >>> x.shape, round(keras.ops.mean(x).item(), 1)
        ((1000,), 5.0)

    Source: https://keras.io/api/random/random_ops/#normal-function
    """
    drawn = ops.random_normal(list(shape), 0.0, 1.0, seed=seed_of(seed))
    return ops.cast(
        drawn * _given("normal", "stddev", stddev) + _given("normal", "mean", mean), stored(dtype)
    )


def truncated_normal(
    shape: Sequence[int], mean: Any = 0.0, stddev: Any = 1.0, dtype: DTypeLike | None = None, seed: Any = None
) -> Tensor:
    """Returns normally distributed numbers of at most two deviations.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.truncated_normal([1000], seed=1)
        >>> keras.ops.max(keras.ops.abs(x)).item() <= 2.0
        True

    Source: https://keras.io/api/random/random_ops/#truncated_normal-function
    """
    drawn = ops.truncated_normal(list(shape), 0.0, 1.0, seed=seed_of(seed))
    return ops.cast(
        drawn * _given("truncated_normal", "stddev", stddev) + _given("truncated_normal", "mean", mean),
        stored(dtype),
    )


def uniform(
    shape: Sequence[int],
    minval: Any = 0.0,
    maxval: Any = 1.0,
    dtype: DTypeLike | None = None,
    seed: Any = None,
) -> Tensor:
    """Returns numbers drawn uniformly from [minval, maxval); whole ones for a dtype of integers.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.uniform([2, 3], minval=-1.0, maxval=1.0, seed=1)
        >>> x.shape, keras.ops.all(keras.ops.abs(x) <= 1.0).item()
        ((2, 3), True)

    Source: https://keras.io/api/random/random_ops/#uniform-function
    """
    if stored(dtype) == "int32":
        return randint(shape, minval, maxval, dtype, seed)
    drawn = ops.random_uniform(list(shape), 0.0, 1.0, seed=seed_of(seed))
    low = as_float(_given("uniform", "minval", minval))
    return ops.cast(drawn * (as_float(_given("uniform", "maxval", maxval)) - low) + low, stored(dtype))


def randint(
    shape: Sequence[int], minval: Any, maxval: Any, dtype: DTypeLike | None = "int32", seed: Any = None
) -> Tensor:
    """Returns whole numbers from minval up to maxval, which is not reached.

    Raises:
        OptionError: bounds that are not finite, or minval that is not below maxval.

    Example:
        >>> from tfjs_pyo import keras
        >>> dice = keras.random.randint([100], 1, 7, seed=1)
        >>> keras.ops.unique(dice)
        Tensor
            [1, 2, 3, 4, 5, 6]

    Source: https://keras.io/api/random/random_ops/#randint-function
    """
    bounds = [number("randint", name, value) for name, value in (("minval", minval), ("maxval", maxval))]
    if not all(map(math.isfinite, bounds)):
        raise OptionError(f"randint: expected finite bounds, received {minval} and {maxval}.")
    low, high = map(math.trunc, bounds)
    if high <= low:
        raise OptionError(f"randint: expected minval < maxval, received {low} and {high}.")
    drawn = ops.random_uniform(list(shape), 0.0, 1.0, seed=seed_of(seed))
    found = ops.cast(ops.floor(drawn * float(high - low)), "int32") + low
    return ops.cast(ops.minimum(found, high - 1), stored(dtype))


def dropout(
    inputs: Any, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Any = None
) -> Tensor:
    """Returns inputs of which a share is 0 and the others are scaled up.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.dropout(keras.ops.ones([100]), 0.5, seed=1)
        >>> keras.ops.unique(x)
        Tensor
            [0, 2]

    Source: https://keras.io/api/random/random_ops/#dropout-function
    """
    return ops.dropout(_given("dropout", "inputs", inputs), rate, noise_shape, seed_of(seed))


def shuffle(x: Any, axis: int = 0, seed: Any = None) -> Tensor:
    """Returns x with the slices along an axis in a random order.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.shuffle([1, 2, 3, 4], seed=1)
        >>> keras.ops.sort(x)
        Tensor
            [1, 2, 3, 4]

    Source: https://keras.io/api/random/random_ops/#shuffle-function
    """
    x = _given("shuffle", "x", x)
    length = x.shape[normalize_axis("shuffle", axis, x.rank)]
    order = sorting.order(ops.random_uniform([length], 0.0, 1.0, seed=seed_of(seed)))
    found: Tensor = choosing.take(x, order, axis)
    return found


def categorical(logits: Any, num_samples: int, dtype: DTypeLike | None = "int32", seed: Any = None) -> Tensor:
    """Returns classes drawn by logits [batch, classes].

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.random.categorical([[-100.0, 0.0, -100.0], [0.0, -100.0, -100.0]], 3)
        Tensor
            [[1, 1, 1],
             [0, 0, 0]]

    Source: https://keras.io/api/random/random_ops/#categorical-function
    """
    return ops.cast(
        ops.multinomial(as_float(_given("categorical", "logits", logits)), num_samples, seed_of(seed)),
        stored(dtype),
    )


def gamma(shape: Sequence[int], alpha: Any, dtype: DTypeLike | None = None, seed: Any = None) -> Tensor:
    """Returns numbers of the gamma distribution of scale 1.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.gamma([1000], 2.0, seed=1)
        >>> keras.ops.min(x).item() > 0, round(keras.ops.mean(x).item())
        (True, 2)

    Source: https://keras.io/api/random/random_ops/#gamma-function
    """
    wanted = list(shape)
    if isinstance(alpha, (int, float)) and options.real(alpha) is not None:
        return ops.cast(sampling.random_gamma(wanted, float(alpha), seed=seed_of(seed)), stored(dtype))
    given = as_float(_given("gamma", "alpha", alpha))
    lead = wanted[: len(wanted) - given.rank]
    first = seed_of(seed)
    parts = [
        sampling.random_gamma(
            [max(1, math.prod(lead))],
            value,
            seed=None if first is None else rng.mix(first & 0xFFFFFFFF, place + 1),
        )
        for place, value in enumerate(ops.broadcast_to(given, wanted[len(lead) :]).data_sync())
    ]
    return ops.cast(ops.reshape(ops.stack(parts, -1), wanted), stored(dtype))


def beta(
    shape: Sequence[int], alpha: Any, beta: Any, dtype: DTypeLike | None = None, seed: Any = None
) -> Tensor:
    """Returns numbers of the beta distribution.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.beta([1000], 2.0, 2.0, seed=1)
        >>> keras.ops.max(x).item() <= 1, round(keras.ops.mean(x).item(), 1)
        (True, 0.5)

    Source: https://keras.io/api/random/random_ops/#beta-function
    """
    first = seed_of(seed)
    second = None if first is None else rng.mix(first & 0xFFFFFFFF, 12)
    a, b = gamma(shape, alpha, None, first), gamma(shape, beta, None, second)
    return ops.cast(a / (a + b), stored(dtype))


_MOST_TRIALS = 100_000


def binomial(
    shape: Sequence[int], counts: Any, probabilities: Any, dtype: DTypeLike | None = None, seed: Any = None
) -> Tensor:
    """Returns how many of `counts` trials succeed: the trials are drawn one by one.

    Raises:
        OptionError: more trials than can be drawn so.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.random.binomial([1000], 10, 0.5, seed=1)
        >>> keras.ops.max(x).item() <= 10, round(keras.ops.mean(x).item())
        (True, 5)

    Source: https://keras.io/api/random/random_ops/#binomial-function
    """
    wanted = list(shape)
    trials = ops.broadcast_to(as_float(_given("binomial", "counts", counts)), wanted)
    largest = ops.max(trials).item() if trials.size else 0
    if not largest <= _MOST_TRIALS:
        raise OptionError(f"binomial: expected at most {_MOST_TRIALS} trials, received {largest}.")
    most = int(largest)
    drawn = ops.random_uniform([most, *wanted], 0.0, 1.0, seed=seed_of(seed))
    number = ops.reshape(ops.range(0, most, 1, "float32"), [most, *[1] * len(wanted)])
    hit = ops.logical_and(
        drawn < as_float(_given("binomial", "probabilities", probabilities)), number < trials
    )
    return ops.cast(ops.sum(ops.cast(hit, "float32"), 0), stored(dtype))


__all__ = [
    "SeedGenerator", "beta", "binomial", "categorical", "dropout", "gamma", "normal", "randint", "shuffle",
    "truncated_normal", "uniform",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
