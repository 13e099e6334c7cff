"""Variable: a tensor whose value can be replaced."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import ClassVar
from weakref import WeakValueDictionary

from tfjs_pyo.core import context, engine
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import DisposedError, DTypeError, ShapeError


class Variable(Tensor):
    """A tensor with a name whose value `assign` replaces. Reading it gives the value of that moment.

    Args:
        initial: first value; its shape and dtype stay.
        trainable: whether optimizers change it by default.
        name: for messages and saved models; made up if missing.

    Source: https://js.tensorflow.org/api/latest/#variable
    """

    _alive: ClassVar[WeakValueDictionary[int, Variable]] = WeakValueDictionary()
    """By id, since variables compare element by element."""
    _numbers = itertools.count()

    def __init__(self, initial: Tensor, trainable: bool = True, name: str | None = None) -> None:
        if initial.dtype not in STORED:
            raise DTypeError(
                f"variable: expected {', '.join(STORED)}, received {initial.dtype}. Keep the real and the imaginary part "
                "of a complex number in two variables."
            )
        super().__init__(initial.node)
        self.trainable = trainable
        self.name = name if name is not None else f"variable_{next(Variable._numbers)}"
        self.shared = 0
        """Running training loops that replace this variable's contents in place."""
        Variable._alive[self.id] = self

    @staticmethod
    def living() -> list[Variable]:
        """Returns the variables that were not disposed."""
        found = [reference() for reference in Variable._alive.valuerefs()]
        return [v for v in found if v is not None and not v.is_disposed]

    @staticmethod
    @contextmanager
    def reading() -> Iterator[dict[Variable, None]]:
        """Notes the variables read inside, in order."""
        noted: dict[Variable, None] = {}
        with context.inside("readers", noted):
            yield noted

    @staticmethod
    def settle(variables: Iterable[Variable]) -> None:
        """Computes variables now, unless a step is traced: so that the steps of a loop have one graph each, all alike."""
        if context.trace() is None:
            engine.realize([variable.stored for variable in variables])

    @property
    def node(self) -> Node:
        around = context.current()
        for noted in around.readers:
            noted[self] = None
        if self._node is None:
            raise DisposedError(f"Variable {self.name!r}: it was disposed and holds no value any more.")
        if around.traces:
            return around.traces[-1].read(self)
        if self.shared:
            return engine.copy(self._node)
        return self._node

    @property
    def shape(self) -> tuple[int, ...]:
        return self.stored.shape

    @property
    def stored(self) -> Node:
        """The node of the current value, whatever trace is open."""
        if self._node is None:
            raise DisposedError(f"Variable {self.name!r}: it was disposed and holds no value any more.")
        return self._node

    def read(self) -> Tensor:
        """Returns the value of this moment as a tensor of its own."""
        return Tensor(self.node)

    def assign(self, value: Tensor) -> None:
        """Replaces the value.

        Raises:
            ShapeError: the shape differs from the variable's.
            DTypeError: the dtype differs.
        """
        if value.shape != self.shape:
            raise ShapeError(
                f"assign: expected shape {self.shape} for variable {self.name!r}, received shape {value.shape}."
            )
        if value.dtype != self.stored.dtype:
            raise DTypeError(
                f"assign: expected dtype {self.stored.dtype} for variable {self.name!r}, received {value.dtype}."
            )
        trace = context.trace()
        if trace is not None:
            trace.write(self, value.node)
        elif self.shared:
            engine.overwrite(self.stored, value.node)
        else:
            self.hold(value.node)

    def hold(self, node: Node) -> None:
        """Makes `node` the value; for traces and training loops."""
        self._hold(node)
        if node.depth > engine.MAX_DEPTH:
            engine.realize([node])
