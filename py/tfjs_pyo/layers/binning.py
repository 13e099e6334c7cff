"""The layer Discretization: numbers as numbers of bins, whose boundaries `adapt` finds as Keras does."""

from __future__ import annotations

import bisect
import itertools
import math
from array import array
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from tfjs_pyo import naming, ops, options
from tfjs_pyo.config import choice, field, keras_field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtype_names import DTYPE_OPTION
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.layers.base import BatchShape, Layer
from tfjs_pyo.layers.preprocessing import dense_only, encoded, encoded_shape, without_trainable


class Summary(NamedTuple):
    """Numbers that stand for many: each for as many as its weight says. Both are float32.

    Source: https://github.com/keras-team/keras/blob/master/keras/src/layers/preprocessing/discretization.py
    """

    values: Sequence[float] = ()
    weights: Sequence[float] = ()

    def merged(self, other: Summary, epsilon: float) -> Summary:
        """Returns the summary of what both stand for."""
        pairs = [*zip(*self, strict=True), *zip(*other, strict=True)]
        pairs.sort(key=lambda pair: (math.isnan(pair[0]), pair[0]))
        return Summary([value for value, _ in pairs], [weight for _, weight in pairs]).compressed(epsilon)

    def compressed(self, epsilon: float) -> Summary:
        """Returns about 1 / epsilon numbers for as many, between which lie equal weights."""
        if len(self.values) * epsilon < 1:
            return self
        sums = array("f", itertools.accumulate(self.weights, lambda a, b: _float32(a + b)))
        shares = array("f", [each / sums[-1] for each in sums])
        wanted = [epsilon + step * epsilon for step in range(math.ceil(1 / epsilon))]
        reached = [_between(share, shares, sums) for share in wanted]
        weights = [after - before for before, after in itertools.pairwise([0.0, *reached])]
        values = [_between(share, shares, self.values) for share in wanted]
        return Summary(array("f", values), array("f", weights))


def _float32(value: float) -> float:
    return array("f", [value])[0]


def _between(place: float, places: Sequence[float], values: Sequence[float]) -> float:
    """Returns the value at a place, on the line between those of its neighbours."""
    after = bisect.bisect_right(places, place)
    if after in (0, len(places)):
        return values[after and -1]
    low, high = places[after - 1], places[after]
    slope = (values[after] - values[after - 1]) / (high - low)
    return slope * (place - low) + values[after - 1]


def summary_of(values: Iterable[float], epsilon: float) -> Summary:
    """Returns about 1 / epsilon of numbers, each with how many there are for each."""
    ordered = sorted(values, key=lambda value: (math.isnan(value), value))
    step = max(len(ordered) / (1.0 / epsilon), 1)
    chosen = ordered[int(step - 1) :: int(step)]
    return Summary(chosen, array("f", [step] * len(chosen)))


def _boundaries(owner: str, name: str, value: Any) -> tuple[float, ...]:
    convert = number()
    items = options.items(value)
    given = tuple(convert(owner, name, each) for each in items or ())
    if items is None or any(a > b for a, b in itertools.pairwise(given)):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be numbers in ascending order, received {value!r}."
        )
    return given


class Discretization(Layer):
    """The number of the bin that each input lies in: how many boundaries are not above it.

    Args:
        bin_boundaries: in ascending order; bins include their lower boundary.
        num_bins: how many bins `adapt` makes, where boundaries are not given.
        epsilon: how exact the boundaries are that `adapt` finds: with as many numbers as 1 / epsilon.
        output_mode: 'int' for numbers of bins; 'oneHot', 'multiHot' or 'count' as for categoryEncoding.

    Raises:
        ArgumentError: neither boundaries nor the number of bins are given; or called before `adapt`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.Discretization([0.0, 1.0])(tf.tensor([[-1, 0, 0.5, 3]])).array_sync()
        [[0, 1, 1, 2]]

    Source: https://keras.io/api/layers/preprocessing_layers/numerical/discretization/
    """

    per_sample = True

    bin_boundaries: tuple[float, ...] | None = field(None, _boundaries)
    num_bins: int | None = field(None, positive_int)
    epsilon: float = field(0.01, number(1e-9, 1))
    output_mode: str = field("int", choice("int", "one_hot", "multi_hot", "count"))
    sparse: bool = keras_field(False, dense_only, saved=False)
    dtype: str = field("float32", DTYPE_OPTION.convert, keras=None)
    name: str | None = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._summary = Summary()
        if self.bin_boundaries is None and self.num_bins is None:
            raise ArgumentError(
                f"{self.display_name}: expected 'binBoundaries' or 'numBins', received neither."
            )

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Puts the boundaries where they part data into bins of about the same count, exactly where Keras puts them.

        Args:
            data: a tensor or an array of numbers; a list, a generator or a dataset of such batches.
            steps: how many batches are taken; all if None.

        Raises:
            ArgumentError: 'numBins' is not given, or there are no numbers.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.Discretization(num_bins=2)
            >>> layer.adapt(tf.tensor1d([1, 2, 3, 4]))
            >>> layer.binBoundaries
            (2.0,)

        Source: https://keras.io/api/layers/preprocessing_layers/numerical/discretization/
        """
        self._require_bins("adapt")
        self.reset_state()
        single = isinstance(data, Tensor) or hasattr(type(data), "__array__")
        for batch in [data] if single else itertools.islice(data, steps):
            self.update_state(batch)
        if not self._summary.values:
            raise ArgumentError(f"{self.display_name}: adapt expects data, received none.")
        self.finalize_state()

    def _require_bins(self, method: str) -> int:
        if self.num_bins is None:
            raise ArgumentError(f"{self.display_name}: {method} expects 'numBins', which is missing.")
        return self.num_bins

    def update_state(self, data: Any) -> None:
        """Takes one more batch of numbers into account.

        Args:
            data: a tensor, an array or lists of numbers.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.Discretization(num_bins=2)
            >>> for batch in ([1, 2], [3, 4]):
            ...     layer.updateState(batch)
            >>> layer.finalizeState()
            >>> layer.binBoundaries
            (2.0,)
        """
        values = ops.reshape(ops.cast(ops.tensor(data), "float32"), [-1]).array_sync()
        self._summary = summary_of(values, self.epsilon).merged(self._summary, self.epsilon)

    def finalize_state(self) -> None:
        """Puts the boundaries where the batches so far say.

        Raises:
            ArgumentError: 'numBins' is not given.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.Discretization(num_bins=2)
            >>> layer.updateState([1, 2, 3, 4])
            >>> layer.finalizeState()
            >>> layer(tf.tensor1d([1, 5])).array_sync()
            [0, 1]
        """
        bins = self._require_bins("finalize_state")
        self.bin_boundaries = tuple(self._summary.compressed(1.0 / bins).values[:-1])

    def reset_state(self) -> None:
        """Forgets all batches.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.Discretization(num_bins=2)
            >>> layer.updateState([100, 200])
            >>> layer.resetState()
            >>> layer.updateState([1, 2, 3, 4])
            >>> layer.finalizeState()
            >>> layer.binBoundaries
            (2.0,)
        """
        self._summary = Summary()

    def call(self, inputs: Tensor) -> Tensor:
        edges = self.bin_boundaries
        if edges is None:
            raise ArgumentError(f"{self.display_name}: expected 'binBoundaries', which `adapt(data)` finds.")
        if edges:
            flat = ops.reshape(ops.cast(inputs, "float32"), [-1])
            numbers = ops.reshape(ops.upper_bound(ops.tensor(list(edges)), flat), inputs.shape)
        else:
            numbers = ops.zeros(inputs.shape, "int32")
        if self.output_mode == "int":
            return numbers
        return encoded(numbers, self.output_mode, len(edges) + 1)

    def compute_output_shape(self, input_shape: BatchShape) -> BatchShape:
        if self.output_mode == "int":
            return input_shape
        count = self.num_bins if self.bin_boundaries is None else len(self.bin_boundaries) + 1
        return encoded_shape(input_shape, self.output_mode, count or 1)

    def get_config(self) -> dict[str, Any]:
        return without_trainable(self, super().get_config())


__all__ = ["Discretization"]
