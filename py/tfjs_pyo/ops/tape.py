"""GradientTape: derivatives as Keras's own training loops take them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Self

from tfjs_pyo import nests
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.core.graph import REALIZED, Node
from tfjs_pyo.core.tape import Tape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Reading, Variable
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.ops.arithmetic import add_n
from tfjs_pyo.ops.creation import tensor
from tfjs_pyo.ops.gradients import derivatives, zero_gradient
from tfjs_pyo.ops.movement import reshape
from tfjs_pyo.ops.reduction import sum_
from tfjs_pyo.ops.splitting import stack

__all__ = ["GradientTape"]


class GradientTape:
    """A scope whose computations can be differentiated afterwards.

    Tensors need not be watched: everything that was computed inside has its history.

    Args:
        persistent: whether `gradient` may be called more than once.
        watch_accessed_variables: accepted for TensorFlow's sake.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(3.0))
        >>> with tf.GradientTape() as tape:
        ...     loss = w * w
        >>> tape.gradient(loss, w).array_sync()
        6.0

    Source: https://www.tensorflow.org/api_docs/python/tf/GradientTape
    """

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:  # noqa: ARG002
        self._persistent = persistent
        self._reading = Variable.reading()
        self._read = Reading()
        self._tape = Tape(keep=True)
        self._used = False

    def __enter__(self) -> Self:
        self._tape.__enter__()
        self._read = self._reading.__enter__()
        return self

    def __exit__(self, *exc: object) -> None:
        self._reading.__exit__(None, None, None)
        self._tape.__exit__(*exc)

    def __del__(self) -> None:
        self._tape.release()

    def watch(self, tensor: Tensor) -> None:
        """Does nothing: the history of every tensor is known.

        Args:
            tensor: that gradients are to be taken of.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.scalar(3)
            >>> with tf.GradientTape() as tape:
            ...     tape.watch(x)
            ...     y = x * x
            >>> tape.gradient(y, x).item()
            6.0
        """

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: str | None = None,
    ) -> Any:
        """Returns the derivative of the sum of a target with respect to each source.

        Args:
            target: float32 tensor computed inside the scope, or a list or dict of such: the derivative is that of their sum.
            sources: a tensor or variable, or a list or dict of them.
            output_gradients: weights of the target's elements, ones unless given; for several targets as many of them.
            unconnected_gradients: for sources that the target does not depend on: 'none' for None, 'zero' for zeros. By
                default it is None, as long as the target depends on another source.

        Returns:
            A tensor for each source, in the same form.

        Raises:
            ArgumentError: the tape is not persistent and was used before.
            GradientError: the target was computed outside; or it depends on none of the sources, and
                `unconnected_gradients` says nothing.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.variable(tf.scalar(3))
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            >>> tape.gradient(y, x).item()
            6.0
        """
        if self._used and not self._persistent:
            raise ArgumentError(
                "gradient: expected one call for each tape; for more make it with GradientTape(persistent=True)."
            )
        targets = _targets(target)
        if unconnected_gradients not in (None, "none", "zero"):
            raise OptionError(
                f"gradient: expected 'unconnectedGradients' to be 'none' or 'zero', received {unconnected_gradients!r}."
            )
        keys = list(sources) if isinstance(sources, Mapping) else None
        several = keys is not None or isinstance(sources, (list, tuple))
        listed = (
            [sources[key] for key in keys] if keys is not None else list(sources) if several else [sources]
        )
        nodes = [self._nodes_of(source) for source in listed]
        known = [node for each in nodes for node in each]
        for each in targets:
            if each.node.op is REALIZED and all(each.node is not node for node in known):
                raise GradientError(
                    "gradient: the target has no history. Compute it inside the `with` block."
                )
        self._used = True
        if not isinstance(target, Tensor):
            target, output_gradients = _sum_of(targets, output_gradients), None
        found = derivatives(target, nodes, output_gradients)
        if unconnected_gradients is None and listed and all(derivative is None for derivative in found):
            raise GradientError(
                "gradient: expected a target that depends on a source, but it depends on none. Compute it from the sources, "
                "inside the `with` block, with operations that can be differentiated; or choose what such derivatives are: "
                "unconnected_gradients='zero' or 'none'."
            )
        if unconnected_gradients == "zero":
            found = [
                zero_gradient(source) if derivative is None else derivative
                for source, derivative in zip(listed, found, strict=True)
            ]
        if not self._persistent:
            self._tape.release()
            self._read = Reading()
        if keys is not None:
            return dict(zip(keys, found, strict=True))
        return found if several else found[0]

    def jacobian(
        self, target: Tensor, sources: Any, unconnected_gradients: str | None = None, **_options: Any
    ) -> Any:
        """Returns the derivatives of each element of a target: tensors of the target's shape and then the source's.

        Args:
            target: float32 tensor computed inside the scope.
            sources: a tensor or variable, or a list or dict of them.
            unconnected_gradients: as for `gradient`.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.tensor([1.0, 2.0])
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            >>> tape.jacobian(y, x).array_sync()
            [[2.0, 0.0], [0.0, 4.0]]

        Source: https://www.tensorflow.org/api_docs/python/tf/GradientTape#jacobian
        """
        (flat,) = _targets(target)
        persistent, self._persistent = self._persistent, True
        try:
            rows = [
                self.gradient(target, sources, _one_hot(flat.shape, place), unconnected_gradients)
                for place in range(flat.size)
            ]
        finally:
            self._persistent = persistent
        if not persistent:
            self._tape.release()
        structures = [nests.take(row, lambda value: isinstance(value, Tensor)) for row in rows]
        stacked_rows = [
            reshape(stack(list(column)), [*flat.shape, *column[0].shape])
            for column in zip(*(tensors for _, tensors in structures), strict=True)
        ]
        return nests.fill(structures[0][0], stacked_rows)

    def batch_jacobian(
        self, target: Tensor, source: Tensor, unconnected_gradients: str | None = None, **_options: Any
    ) -> Tensor:
        """Returns, for each sample of a batch, the derivatives of its elements of a target by its elements of a source.

        Args:
            target: of shape (batch, ...), where each sample depends on its own row of the source only.
            source: of shape (batch, ...).
            unconnected_gradients: as for `gradient`.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.tensor2d([[1, 2]])
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            >>> tape.batch_jacobian(y, x).arraySync()
            [[[2.0, 0.0], [0.0, 4.0]]]

        Source: https://www.tensorflow.org/api_docs/python/tf/GradientTape#batch_jacobian
        """
        batch, *inner = target.shape
        count = target.size // batch if batch else 0
        persistent, self._persistent = self._persistent, True
        try:
            rows = [
                self.gradient(target, source, _one_hot([batch, *inner], place, count), unconnected_gradients)
                for place in range(count)
            ]
        finally:
            self._persistent = persistent
        if not persistent:
            self._tape.release()
        return reshape(stack(rows, 1), [batch, *inner, *source.shape[1:]])

    def stop_recording(self) -> AbstractContextManager[None]:
        """Returns a context in which code runs as ever: recording costs nothing where no gradient goes.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.variable(tf.scalar(3))
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            ...     with tape.stop_recording():
            ...         shown = y + 1
            >>> tape.gradient(y, x).item()
            6.0
        """
        return nullcontext()

    def reset(self) -> None:
        """Forgets what was recorded so far.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.variable(tf.scalar(3))
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            ...     tape.reset()
            >>> len(tape.watched_variables())
            0
        """
        self._used = False
        self._read.forget()

    def watched_variables(self) -> tuple[Variable, ...]:
        """Returns the variables that were read inside the scope.

        Example:
            >>> import tfjs_pyo as tf
            >>> x = tf.variable(tf.scalar(3))
            >>> with tf.GradientTape() as tape:
            ...     y = x * x
            >>> [variable is x for variable in tape.watched_variables()]
            [True]
        """
        return tuple(self._read.nodes)

    def _nodes_of(self, source: Tensor) -> list[Node]:
        """Returns what stands for a source in the target's history."""
        read = self._read.nodes.get(source, ()) if isinstance(source, Variable) else (source.node,)
        return list(read)


def _one_hot(shape: Sequence[int], place: int, every: int = 0) -> Tensor:
    """Returns zeros with a one in one place, or in the same place of each row of `every` elements."""
    size = math.prod(shape)
    numbers = [float(each % every == place if every else each == place) for each in range(size)]
    return tensor(numbers, list(shape))


def _targets(target: Any) -> list[Tensor]:
    """Returns the tensors of a target."""
    found = [target] if isinstance(target, Tensor) else list(nests.leaves(target))
    for each in found:
        if not isinstance(each, Tensor):
            raise ArgumentError(
                f"gradient: expected a tensor to differentiate, received {type(each).__name__}. Numbers of Python, as "
                "trainOnBatch gives them, have no history."
            )
    if not found:
        raise ArgumentError("gradient: expected a tensor to differentiate, received an empty list.")
    return found


def _sum_of(targets: list[Tensor], output_gradients: Any) -> Tensor:
    """Returns one number whose derivative is that of several targets."""
    if output_gradients is not None:
        weights = list(nests.leaves(output_gradients))
        if len(weights) != len(targets):
            raise ArgumentError(
                f"gradient: expected outputGradients for {len(targets)} targets, received {len(weights)}."
            )
        targets = [
            each if weight is None else each * weight for each, weight in zip(targets, weights, strict=True)
        ]
    return add_n([sum_(each) for each in targets])
