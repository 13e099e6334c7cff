"""What users pass to fit, evaluate and predict, as tensors of known shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, ShapeError
from tfjs_pyo.options import shown


def tensors_of(owner: str, what: str, value: Any, names: Sequence[str]) -> list[Tensor]:
    """Returns one tensor per name.

    Args:
        owner: who asks, for errors.
        what: 'x' or 'y'.
        value: a tensor, array or nested list; for several names a list of them or a dict by name.
        names: of the inputs or outputs.

    Raises:
        ArgumentError: not one for each name.
        ShapeError: a single number.
    """
    if isinstance(value, Mapping):
        missing = [name for name in names if name not in value]
        if missing or len(value) != len(names):
            raise ArgumentError(
                f"{owner}: expected {what} for {', '.join(names)}, received {', '.join(value)}."
            )
        items = [value[name] for name in names]
    elif len(names) == 1:
        single = isinstance(value, (list, tuple)) and len(value) == 1 and _is_array(value[0])
        items = [value[0]] if single else [value]
    else:
        items = list(value) if isinstance(value, (list, tuple)) else [value]
        if len(items) != len(names):
            raise ArgumentError(
                f"{owner}: expected {len(names)} tensors for {what} ({', '.join(names)}), received {len(items)}."
            )
    result = []
    for item in items:
        if item is None:
            raise ArgumentError(f"{owner}: expected {what}, received None.")
        tensor = item if isinstance(item, Tensor) else ops.tensor(item)
        if tensor.rank == 0:
            raise ShapeError(f"{owner}: expected {what} with a batch axis, received a single number.")
        result.append(ops.cast(tensor, "float32") if tensor.dtype == "bool" else tensor)
    return result


def check_targets(owner: str, names: Sequence[str], targets: Sequence[Tensor]) -> None:
    """Raises DTypeError if targets are strings, which no loss takes."""
    for name, target in zip(names, targets, strict=True):
        if target.dtype == "string":
            first = target.flatten().slice(0, 1).data_sync()[0]
            raise DTypeError(
                f"{owner}: expected numbers as targets of output {name!r}, received strings, such as {shown(first)}. Give each "
                "class a number: labels = [names.index(label) for label in labels]."
            )


def _is_array(value: Any) -> bool:
    """Returns whether a value has a batch axis of its own: a tensor or array, or a frame."""
    return bool(getattr(value, "shape", ()))


def columns(tensors: Sequence[Tensor], ranks: Sequence[int] = ()) -> list[Tensor]:
    """Returns tensors whose plain lists of numbers became [samples, 1], as in TF.js.

    Args:
        tensors: with a batch axis.
        ranks: how many axes each should have, with batch, where that is known; 1 leaves a list alone.
    """
    known = [*ranks, *(2 for _ in tensors[len(ranks) :])]
    return [
        ops.expand_dims(t, 1) if t.rank == 1 and rank != 1 else t
        for t, rank in zip(tensors, known, strict=True)
    ]


class Rows:
    """The samples of a step, and the mean over them.

    Attributes:
        size: how many there are.
        last: number of the last one.
    """

    def __init__(self, size: Any, last: Tensor | None = None, valid: Tensor | None = None) -> None:
        self.size = size
        self.last = last
        self._valid = valid

    @classmethod
    def masked(cls, numbering: Tensor, left: Tensor) -> Rows:
        """Returns the rows of a step of which the last ones may be padding.

        Args:
            numbering: int32 0, 1, ... of shape [batch].
            left: int32, how many samples there are; more than the batch count as the batch.
        """
        count = ops.minimum(left, numbering.size)
        return cls(ops.cast(count, "float32"), count - 1, ops.less(numbering, count))

    @property
    def weights(self) -> Tensor | None:
        """1 for each sample and 0 for each of padding, float32; None if there is no padding."""
        return None if self._valid is None else ops.cast(self._valid, "float32")

    def weights_times(self, weight: Tensor | None) -> Tensor | None:
        """Returns a weight for each sample, or for each of its steps, 0 for padding; None if all are 1."""
        if weight is None or self.weights is None:
            return self.weights if weight is None else weight
        return weight * ops.reshape(self.weights, (-1, *(1 for _ in weight.shape[1:])))

    def mean(self, each: Tensor) -> Tensor:
        """Returns the mean of numbers of shape [batch] or [batch, ...], without those of padding."""
        if self._valid is None:
            return ops.mean(each)
        if each.rank > 1:
            each = ops.mean(each, tuple(range(1, each.rank)))
        return ops.sum(ops.where(self._valid, each, 0.0)) / self.size

    def sum_over(self, each: Tensor, mask: Tensor | None) -> Tensor:
        """Returns the sum of numbers of shape [batch, ...], without those of padding and of steps that a mask leaves out."""
        for counted in (self._valid, mask):
            if counted is not None and each.shape[: counted.rank] == counted.shape:
                spread = ops.reshape(counted, (*counted.shape, *(1 for _ in each.shape[counted.rank :])))
                each = ops.where(spread, each, 0.0)
        return ops.sum(each)

    def mean_over(self, each: Tensor, mask: Tensor | None) -> Tensor:
        """Returns the mean of numbers of shape [batch, steps, ...] over the steps that a mask [batch, steps] counts in.

        Numbers of another shape are taken as they are.
        """
        if mask is None or each.rank < mask.rank or each.shape[: mask.rank] != mask.shape:
            return self.mean(each)
        if each.rank > mask.rank:
            each = ops.mean(each, tuple(range(mask.rank, each.rank)))
        counted = ops.cast(mask, "float32")
        if self.weights is not None:
            counted = counted * ops.reshape(self.weights, (-1, *(1 for _ in mask.shape[1:])))
        return ops.div_no_nan(ops.sum(ops.where(ops.greater(counted, 0), each, 0.0)), ops.sum(counted))


def sample_count(owner: str, tensors: Sequence[Tensor]) -> int:
    """Returns the length of the batch axis, which all tensors must share.

    Raises:
        ShapeError: they differ, or there are no samples.
    """
    counts = {t.shape[0] for t in tensors}
    if len(counts) != 1:
        shapes = ", ".join(str(t.shape) for t in tensors)
        raise ShapeError(
            f"{owner}: expected x and y with the same number of samples, received shapes {shapes}."
        )
    count = counts.pop()
    if not count:
        raise ShapeError(f"{owner}: expected at least one sample, received none.")
    return count


def part(tensor: Tensor, begin: int, count: int) -> Tensor:
    """Returns samples begin to begin + count."""
    rest = tensor.rank - 1
    return ops.slice(tensor, (begin, *(0 for _ in range(rest))), (count, *(-1 for _ in range(rest))))


def identity_order(count: int) -> Tensor:
    """Returns the numbers of samples in the order in which they lie."""
    return ops.range(0, count, 1, "int32")


def batches(count: int, batch: int) -> list[tuple[int, int]]:
    """Returns batch sizes of an epoch with how often each comes: full ones, then the rest.

    >>> batches(10, 4)
    [(4, 2), (2, 1)]
    """
    full, rest = divmod(count, batch)
    return ([(batch, full)] if full else []) + ([(rest, 1)] if rest else [])


def listed(value: Any) -> list[Any]:
    """Returns a list of none, of one, or of what a list has."""
    return [] if value is None else list(value) if isinstance(value, (list, tuple)) else [value]


def per_output(owner: str, what: str, value: Any, outputs: Sequence[str]) -> list[Any]:
    """Returns one value per output.

    Args:
        owner: who asks, for errors.
        what: 'loss'.
        value: one for all, a list with one for each, or a dict by name.
        outputs: names of the outputs.

    Raises:
        OptionError: a dict that has not exactly the outputs' names.
        ArgumentError: a list of another length.
    """
    if isinstance(value, Mapping) and not any(naming.fold(str(key)) == "classname" for key in value):
        refuse_unknown_outputs(owner, what, value, outputs)
        missing = [name for name in outputs if name not in value]
        if missing:
            raise OptionError(
                f"{owner}: expected a {what} for each of {', '.join(outputs)}, none for {', '.join(missing)}."
            )
        return [value[name] for name in outputs]
    if isinstance(value, (list, tuple)):
        if len(value) != len(outputs):
            raise ArgumentError(
                f"{owner}: expected {len(outputs)} values of {what} ({', '.join(outputs)}), received {len(value)}."
            )
        return list(value)
    return [value] * len(outputs)


def metrics_per_output(owner: str, value: Any, outputs: Sequence[str]) -> list[list[Any]]:
    """Returns a list of metrics per output: a plain list is for all of them, a list of lists has one for each."""
    if isinstance(value, Mapping):
        refuse_unknown_outputs(owner, "metrics", value, outputs)
        return [listed(value.get(name)) for name in outputs]
    if isinstance(value, (list, tuple)) and any(isinstance(item, (list, tuple)) for item in value):
        return [listed(item) for item in per_output(owner, "metrics", value, outputs)]
    return [listed(value)] * len(outputs)


def refuse_unknown_outputs(owner: str, what: str, value: Mapping[str, Any], outputs: Sequence[str]) -> None:
    """Raises OptionError if a dict names an output that does not exist."""
    unknown = [name for name in value if name not in outputs]
    if unknown:
        raise OptionError(
            f"{owner}: expected {what} by names of outputs ({', '.join(outputs)}), received {', '.join(unknown)}."
        )
