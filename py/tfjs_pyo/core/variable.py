"""Variable: a tensor whose value can be replaced."""

from __future__ import annotations

import copy
import itertools
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar
from weakref import WeakValueDictionary

from tfjs_pyo.core import context, engine
from tfjs_pyo.core.graph import REALIZED, STOP, Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import ArgumentError, DisposedError, DTypeError, OptionError, ShapeError
from tfjs_pyo.options import shown
from tfjs_pyo.rules import CLASSES

if TYPE_CHECKING:
    from tfjs_pyo.backends.protocol import Backend


_OF_THE_VALUE = frozenset(
    {"_node", "_computed", "id", "trainable", "is_kept", "mask"}
    | {"_original_name", "_unique_name", "shared", "held_by"}
)


class Reading:
    """What was read of variables inside a scope.

    A gradient goes by the variable, not by its value: two variables may hold one node (`target.assign(w)`), and a tensor
    that was read before the scope is a constant in it. So each variable has nodes of its own in there.

    Attributes:
        nodes: of each variable that was read, in the order of their first reads; several where it was assigned in between.
    """

    def __init__(self) -> None:
        self.nodes: dict[Variable, dict[Node, None]] = {}
        self._own: dict[tuple[int, Node], Node] = {}

    def forget(self) -> None:
        """Begins anew: later reads have nodes of their own."""
        self.nodes.clear()
        self._own.clear()

    def own(self, variable: Variable, value: Node) -> Node:
        """Returns the node that stands for a variable while it holds `value`."""
        key = (variable.id, value)
        if key not in self._own:
            self._own[key] = Node(STOP, (value,), value.shape, value.dtype)
            if value.buffer is not None:
                self._own[key] = Node(REALIZED, (), value.shape, value.dtype)
                self._own[key].buffer = value.buffer
        return self._own[key]

    def note(self, variable: Variable, node: Node) -> None:
        """Notes that a variable was read as this node."""
        self.nodes.setdefault(variable, {})[node] = None


class Variable(Tensor):
    """A tensor with a name whose value `assign` replaces. Reading it gives the value of that moment.

    Args:
        initial: first value: a tensor, a number, an array, nested lists; its shape and dtype stay.
        trainable: whether optimizers change it by default.
        name: for messages and saved models; made up if missing.
        dtype: of the value; default: its own.

    No other living variable has the same `name`: a second 'w' is called 'w_1', as layers' weights are in TF.js.

    Example:
        >>> import tfjs_pyo as tf
        >>> speed = tf.variable(1.0, name="speed")
        >>> speed.assign(tf.scalar(2.5))
        >>> speed
        Tensor
            2.5
        >>> other = tf.variable(0.0, name="speed")
        >>> other.name, other.original_name
        ('speed_1', 'speed')

    Source: https://js.tensorflow.org/api/latest/#variable
    """

    _internal = (
        "check_disposable", "dispose_all", "held_by", "hold", "hold_all", "holding", "last_computed", "living", "made_of",
        "named", "noted", "put", "reading", "settle", "shared", "stored", "unique_name",
    )  # fmt: skip
    made_of: ClassVar[Callable[[Any, str | None], Tensor]]
    """Makes a tensor of a first value; given by ops."""
    _alive: ClassVar[WeakValueDictionary[str, Variable]] = WeakValueDictionary()
    """By name."""
    _naming: ClassVar[Lock] = Lock()
    _numbers: ClassVar[dict[str, int]] = {}
    """For names that several variables asked for: the number that was given last."""
    _count = itertools.count()

    held_by: tuple[str, ...] = ()
    """The training runs under way that need it."""

    def __init__(
        self, initial: Any, trainable: bool = True, name: str | None = None, dtype: str | None = None
    ) -> None:
        if name is not None and not isinstance(name, str):
            raise OptionError(f"variable: expected `name` to be a string or None, received {shown(name)}.")
        if dtype is not None or not isinstance(initial, Tensor):
            initial = Variable.made_of(initial, dtype)
        if initial.dtype not in STORED:
            raise DTypeError(
                f"variable: expected {', '.join(STORED)}, received {initial.dtype}. Keep the real and the imaginary part "
                "of a complex number in two variables."
            )
        super().__init__(initial.node)
        self.trainable = trainable
        self._original_name = name if name is not None else f"variable_{next(Variable._count)}"
        with Variable._naming:
            self._unique_name = self._register()
        self.constraint: Callable[[Tensor], Tensor] | None = None
        """What `write` projects values with: layers note the constraint of their weight."""
        self._computed: weakref.ref[engine.Buffer] | None = None
        self.shared = 0
        """Running training loops that replace this variable's contents in place."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Variable:
        """A variable of its own with the value of now."""
        made: Variable = memo.setdefault(id(self), self._twin(self._original_name))
        vars(made).update({name: copy.deepcopy(value, memo) for name, value in self.noted().items()})
        return made

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        """How pickle makes the variable anew: of its value, with a name that no other living variable has."""
        made_of = (type(self), self.read(), self.trainable, self._original_name)
        return _remade, made_of, self.noted() or None

    def noted(self) -> dict[str, Any]:
        """Returns what was noted about the variable besides its value and name, for copies."""
        now = list(vars(self).items())  # another thread may set attributes
        return {name: value for name, value in now if name not in _OF_THE_VALUE}

    def _register(self) -> str:
        """Takes a name that no living variable has, and returns it."""
        name = self._original_name
        if Variable.named(name) is None:
            Variable._numbers.pop(name, None)
        while Variable.named(name) is not None:
            number = Variable._numbers[self._original_name] = (
                Variable._numbers.get(self._original_name, 0) + 1
            )
            name = f"{self._original_name}_{number}"
        Variable._alive[name] = self
        return name

    @property
    def name(self) -> str:
        """The name, which no other living variable has."""
        return self._unique_name

    @property
    def unique_name(self) -> str:
        """The name that no other living variable has, whatever `name` is in the variable's API."""
        return self._unique_name

    @property
    def original_name(self) -> str:
        """The name as it was given; files have it."""
        return self._original_name

    @staticmethod
    def living() -> list[Variable]:
        """Returns the variables that were not disposed, in the order in which they were made."""
        found = [reference() for reference in Variable._alive.valuerefs()]
        return sorted((v for v in found if v is not None and not v.is_disposed), key=lambda v: v.id)

    @staticmethod
    def named(name: str) -> Variable | None:
        """Returns the living variable of this name."""
        found = Variable._alive.get(name)
        return None if found is None or found.is_disposed else found

    @staticmethod
    @contextmanager
    def reading() -> Iterator[Reading]:
        """Notes the variables read inside."""
        noted = Reading()
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
        if not around.readers:
            return self._value(around)
        node = around.readers[0].own(self, self._value(around))
        for reading in around.readers:
            reading.note(self, node)
        return node

    def _value(self, around: context.Context) -> Node:
        if self._node is None:
            raise DisposedError(
                f"Variable {self.unique_name!r}: it was disposed and holds no value any more."
            )
        if around.traces:
            return around.traces[-1].read(self)
        if self.shared:
            return engine.copy(self._node)
        return self._node

    @property
    def shape(self) -> tuple[int, ...]:
        """The sizes of the axes; they do not change."""
        return self.stored.shape

    @property
    def last_computed(self) -> engine.Buffer | None:
        """Where the last value lies that was replaced and had been computed, while something still needs it."""
        return None if self._computed is None else self._computed()

    @property
    def stored(self) -> Node:
        """The node of the current value, whatever trace is open."""
        if self._node is None:
            raise DisposedError(
                f"Variable {self.unique_name!r}: it was disposed and holds no value any more."
            )
        return self._node

    def check_disposable(self) -> None:
        """Raises ArgumentError if a training run needs the variable."""
        if self.held_by:
            raise ArgumentError(
                f"dispose: expected a variable that no fit needs, but {self.held_by[0]} of variable {self.unique_name!r} is "
                "still running. Await its end before; `model.stopTraining = True` ends it early."
            )

    def dispose(self) -> None:
        """Lets go of the value, as of that of any tensor.

        Raises:
            ArgumentError: a training run that is under way needs it.

        Example:
            >>> import tfjs_pyo as tf
            >>> kernel = tf.LayerVariable(tf.zeros([2]))
            >>> kernel.dispose()
            >>> kernel.isDisposed
            True
        """
        self.check_disposable()
        super().dispose()

    def __del__(self) -> None:
        self.held_by = ()
        super().__del__()

    @staticmethod
    def dispose_all(variables: Iterable[Variable]) -> None:
        """Disposes all of them, or none.

        Raises:
            ArgumentError: a training run that is under way needs one.
        """
        listed = list(variables)
        for variable in listed:
            variable.check_disposable()
        for variable in listed:
            variable.dispose()

    @staticmethod
    def hold_all(owner: str, variables: Iterable[Variable]) -> Callable[[], None]:
        """Keeps variables from being disposed; returns what ends that.

        Args:
            owner: the training run that needs them, for errors.
            variables: of its model and its optimizer.
        """
        held = list(variables)
        with Variable._naming:
            for variable in held:
                variable.held_by = (*variable.held_by, owner)

        def end() -> None:
            with Variable._naming:
                for variable in held:
                    others = list(variable.held_by)
                    if owner in others:
                        others.remove(owner)
                    variable.held_by = tuple(others)
                held.clear()

        return end

    def read(self) -> Tensor:
        """Returns the value of this moment as a tensor of its own.

        Example:
            >>> import tfjs_pyo as tf
            >>> kernel = tf.LayerVariable(tf.zeros([2]))
            >>> before = kernel.read()
            >>> _ = kernel.write([1, 2])
            >>> before.array_sync(), kernel.array_sync()
            ([0.0, 0.0], [1.0, 2.0])
        """
        return Tensor(self.node)

    @property
    def val(self) -> Variable:
        """The variable itself: TensorFlow.js keeps the variable of a layer's weight there."""
        return self

    def _given(self, value: Any) -> Tensor:
        """Returns a new value as a tensor; numbers, arrays and lists take the variable's dtype."""
        return value if isinstance(value, Tensor) else Variable.made_of(value, self.stored.dtype)

    def write(self, new_val: Any) -> Variable:
        """Replaces the value by another one, projected by the constraint if there is one.

        Args:
            new_val: the new value: a tensor, a number, an array or nested lists, of the same shape and dtype.

        Returns:
            The variable.

        Raises:
            ShapeError: the shape differs from the variable's.
            DTypeError: the dtype differs.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.dense({"units": 1, "inputShape": [2], "kernelConstraint": "nonNeg"})
            >>> layer.build([None, 2])
            >>> layer.weights[0].write([[-1], [2]]).array_sync()
            [[0.0], [2.0]]

        Source: https://github.com/tensorflow/tfjs/blob/tfjs-v4.22.0/tfjs-layers/src/variables.ts
        """
        new_val = self._given(new_val)
        if new_val.shape == self.shape and self.constraint is not None:
            new_val = self.constraint(new_val)
        self.assign(new_val)
        return self

    def __copy__(self) -> Variable:
        """A variable of its own with the value of this moment."""
        made = self._twin(self.unique_name)
        vars(made).update(self.noted())
        return made

    def _twin(self, name: str) -> Variable:
        """Returns a variable of the same class with the value of this moment."""
        return _remade(type(self), self.read(), self.trainable, name)

    def assign(self, value: Any) -> None:
        """Replaces the value: by a tensor, a number, an array or nested lists.

        Args:
            value: the new value, of the same shape and dtype.

        Raises:
            ShapeError: the shape differs from the variable's.
            DTypeError: the dtype differs.

        Example:
            >>> import tfjs_pyo as tf
            >>> w = tf.variable(tf.tensor1d([1, 2]))
            >>> w.assign(tf.tensor1d([3, 4]))
            >>> w.array_sync()
            [3.0, 4.0]
        """
        value = self._given(value)
        if value.shape != self.shape:
            raise ShapeError(
                f"assign: expected shape {self.shape} for variable {self.unique_name!r}, received shape {value.shape}."
            )
        if value.dtype != self.stored.dtype:
            raise DTypeError(
                f"assign: expected dtype {self.stored.dtype} for variable {self.unique_name!r}, received {value.dtype}."
            )
        trace = context.trace()
        if trace is not None:
            trace.write(self, value.node)
            return
        with engine.exclusive:  # a training loop may begin in another thread
            self.put(value.node)

    def put(self, node: Node) -> None:
        """Makes `node`, which fits, the value, where no step is traced; the caller holds `engine.exclusive`."""
        if self.shared:
            engine.overwrite(self.stored, node)
        else:
            self.hold(node)
            engine.expect(node)

    def hold(self, node: Node) -> None:
        """Makes `node` the value; for traces and training loops."""
        if self._node is not None and isinstance(self._node.buffer, engine.Buffer):
            self._computed = weakref.ref(self._node.buffer)
        self._hold(node)
        if node.depth > engine.MAX_DEPTH:
            engine.realize([node])


def _remade(kind: type[Variable], value: Tensor, trainable: bool, name: str) -> Variable:
    made = kind.__new__(kind)
    Variable.__init__(made, value, trainable, name)
    return made


CLASSES[Variable] = "a variable"
NO_HANDLE = -1


def variable_handles(backend: Backend) -> list[int]:
    """Returns the id and the handle, in turn, of each variable whose value is on `backend`, or is to be computed.

    The latter has the handle of its last computed value, from which the new one is computed as a rule: so that it, too, comes
    back after a loss of the GPU. NO_HANDLE: nobody needs that value any more.
    """
    found: list[int] = []
    for variable in Variable.living():
        buffer = variable.stored.buffer
        if buffer is None:
            former = variable.last_computed
            handle = former.handle if former is not None and former.backend is backend else NO_HANDLE
            found += [variable.id, handle]
        elif isinstance(buffer, engine.Buffer) and buffer.backend is backend:
            found += [variable.id, buffer.handle]
    return found
