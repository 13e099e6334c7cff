"""`keras.Variable`: a variable in Keras's spelling, which weights of Keras's layers and metrics are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any, ClassVar, Self

from tfjs_pyo import initializers, naming, ops
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable as Base
from tfjs_pyo.dtypes import STORED
from tfjs_pyo.errors import ArgumentError

_path: ContextVar[str] = ContextVar("tfjs_pyo.path", default="")
"""The names of the layers whose `build` or `call` the code is inside of, such as 'model/block'."""


def within_path(name: str) -> str:
    """Returns the path of what is made here with this name."""
    return "/".join(part for part in (_path.get(), name) if part)


@contextmanager
def name_scope(name: str) -> Iterator[None]:
    """Lets the paths of variables that are made inside have another part before their names.

    Args:
        name: the part.

    Returns:
        A context, for `with`.

    Raises:
        ArgumentError: it contains '/'.

    Example:
        >>> from tfjs_pyo import keras
        >>> with keras.name_scope("encoder"):
        ...     v = keras.Variable(1.0, name="v")
        >>> v.path
        'encoder/v'

    Source: https://github.com/keras-team/keras/blob/master/keras/src/backend/common/name_scope.py
    """
    if "/" in name:
        raise ArgumentError(f"name_scope: expected a name without '/', received {name!r}.")
    with inside_path(within_path(name)):
        yield


@contextmanager
def inside_path(path: str) -> Iterator[None]:
    """Lets the paths of what is made inside begin with this one."""
    token = _path.set(path)
    try:
        yield
    finally:
        _path.reset(token)


_scope: ContextVar[StatelessScope | None] = ContextVar("tfjs_pyo.stateless", default=None)


class StatelessScope:
    """A context in which variables have other values; what is assigned in it is noted in it, and variables stay as they are.

    Args:
        state_mapping: pairs of a variable and the value that it has inside; others have their own.
        collect_losses: accepted as it is.
        initialize_variables: accepted as it is; variables have their first values at once.

    Raises:
        ArgumentError: a key is no variable, or a value has another shape.

    Example:
        >>> from tfjs_pyo import keras
        >>> v = keras.Variable(1.0)
        >>> with keras.StatelessScope([(v, 5.0)]) as scope:
        ...     _ = v.assign_add(2)
        >>> float(scope.get_current_value(v)), float(v)
        (7.0, 1.0)

    Source: https://github.com/keras-team/keras/blob/master/keras/src/backend/common/stateless_scope.py
    """

    def __init__(
        self, state_mapping: Any = None, collect_losses: bool = False, initialize_variables: bool = True
    ) -> None:
        self.collect_losses, self.initialize_variables = collect_losses, initialize_variables
        self.losses: list[Any] = []
        self._values: dict[int, Tensor] = {}
        self._tokens: list[Token[StatelessScope | None]] = []
        for variable, value in state_mapping or ():
            if not isinstance(variable, Variable):
                raise ArgumentError(f"StatelessScope: expected variables as keys, received {variable!r}.")
            self.add_update((variable, value))

    def add_loss(self, loss: Any) -> None:
        """Notes a loss.

        Args:
            loss: a scalar.

        Example:
            >>> from tfjs_pyo import keras
            >>> scope = keras.StatelessScope(collect_losses=True)
            >>> scope.add_loss(0.5)
            >>> scope.losses
            [0.5]
        """
        self.losses.append(loss)

    def add_update(self, update: tuple[Variable, Any]) -> None:
        """Gives a variable another value inside.

        Args:
            update: the variable and its value.

        Raises:
            ArgumentError: no pair of a variable and a value.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable(1.0)
            >>> with keras.StatelessScope() as scope:
            ...     scope.add_update((variable, keras.ops.convert_to_tensor(2.0)))
            ...     inside = float(variable.value)
            >>> inside, float(variable.value)
            (2.0, 1.0)
        """
        variable, value = update
        found = value.read() if isinstance(value, Base) else value
        found = found if isinstance(found, Tensor) else ops.tensor(found)
        if found.shape != variable.shape:
            raise ArgumentError(
                f"StatelessScope: expected a value of shape {variable.shape} for {variable.path!r}, received {found.shape}."
            )
        self._values[variable.id] = ops.cast(found, variable.dtype)

    def get_current_value(self, variable: Variable) -> Tensor | None:
        """Returns the value that a variable has inside; None if that is its own.

        Args:
            variable: one of Keras's.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable(1.0)
            >>> with keras.StatelessScope([(variable, keras.ops.convert_to_tensor(2.0))]) as scope:
            ...     inside = float(scope.get_current_value(variable))
            >>> inside
            2.0
        """
        return self._values.get(variable.id)

    def __enter__(self) -> Self:
        self._tokens.append(_scope.set(self))
        return self

    def __exit__(self, *error: object) -> None:
        _scope.reset(self._tokens.pop())


def values_in(scope: StatelessScope, variables: Sequence[Any]) -> list[Tensor]:
    """Returns the values that variables have had at the end of a scope."""
    found = [scope.get_current_value(variable) for variable in variables]
    return [
        variable.read() if value is None else value for variable, value in zip(variables, found, strict=True)
    ]


def stored_dtype(dtype: Any) -> str:
    """Returns the dtype in which values of any dtype of Keras are stored: 'float32', 'int32' or 'bool'.

    >>> stored_dtype("float16"), stored_dtype("int64"), stored_dtype("uint8")
    ('float32', 'int32', 'int32')
    """
    name = str(getattr(dtype, "name", None) or getattr(dtype, "__name__", None) or dtype)
    if name in STORED:
        return name
    if "float" in name:
        return "float32"
    if "int" in name:
        return "int32"
    raise ArgumentError(f"variable: expected a dtype of numbers or truth values, received {dtype!r}.")


class Variable(Base):
    """A tensor whose value `assign` replaces; of any number or array, which is cast.

    Args:
        initializer: the first value, or what makes it: a name, or a function of shape and dtype.
        shape: where the first value is made.
        dtype: of the value; default: that of the first value, or 'float32'.
        trainable: whether training changes it.
        autocast, aggregation, synchronization: accepted as they are; they have no effect here.
        name: without '/'; made up if missing. Several variables may have one name; `path` has those of layers before it.
        others: further options of Keras, which have no effect here.

    Raises:
        ArgumentError: a first value that is to be made, but no shape; or a name with '/'.

    Example:
        >>> from tfjs_pyo import keras
        >>> total = keras.Variable(1.0, name="total")
        >>> _ = total.assign_add(2)
        >>> float(total), total.shape, total.trainable, total.name
        (3.0, (), True, 'total')

    Source: https://keras.io/api/models/variables/
    """

    aggregation: ClassVar[str] = "none"
    synchronization: ClassVar[str] = "auto"
    regularizer: Any = None
    overwrite_with_gradient: bool = False
    _short_name = ""
    _path = ""

    def __init__(
        self,
        initializer: Any,
        shape: Sequence[int] | None = None,
        dtype: Any = None,
        trainable: bool = True,
        autocast: bool = True,  # noqa: ARG002 (Keras's signature)
        aggregation: Any = None,  # noqa: ARG002
        synchronization: Any = None,  # noqa: ARG002
        name: str | None = None,
        **others: Any,  # noqa: ARG002
    ) -> None:
        if name is not None and "/" in str(name):
            raise ArgumentError(f"variable: expected a name without '/', received {name!r}.")
        kind = None if dtype is None else stored_dtype(dtype)
        makes = isinstance(initializer, str) or (
            callable(initializer) and not isinstance(initializer, Tensor)
        )
        with context.outside_traces():
            if makes:
                if shape is None:
                    raise ArgumentError("variable: expected a shape for an initializer to make values of.")
                first = _made(initializers.get(initializer, "variable"), tuple(shape), kind or "float32")
            else:
                first = initializer.read() if isinstance(initializer, Base) else initializer
                first = first if isinstance(first, Tensor) else ops.tensor(first)
            value = first if kind is None else ops.cast(first, kind)
        self._short_name = name or naming.keras_unique("Variable")
        self._path = within_path(self._short_name)
        super().__init__(value, trainable, self._short_name)

    @classmethod
    def holding(
        cls, value: Tensor, trainable: bool, original_name: str, name: str = "", path: str = ""
    ) -> Self:
        """Returns a variable with this first value.

        Args:
            value: what it holds.
            trainable: whether training changes it.
            original_name: what files call it.
            name: the last part of that by default.
            path: the whole of that by default.
        """
        made = cls.__new__(cls)
        made._short_name = name or original_name.rpartition("/")[2]
        made._path = path or original_name
        Base.__init__(made, value, trainable, original_name)
        return made

    @property
    def name(self) -> str:
        """The name, without those of layers; other variables may have it too."""
        return self._short_name

    @property
    def value(self) -> Tensor:
        """The value of this moment."""
        return self.read()

    @property
    def path(self) -> str:
        """The name with those of the layers before it, such as 'model/dense/kernel'."""
        return self._path

    def _value(self, around: context.Context) -> Node:
        scope = _scope.get()
        held = None if scope is None else scope.get_current_value(self)
        return super()._value(around) if held is None else held.node

    def assign(self, value: Any) -> Self:  # type: ignore[override]
        """Replaces the value by another one of its shape, cast to its dtype; returns the variable.

        Args:
            value: of the same shape.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable([1.0, 2.0])
            >>> variable.assign([3.0, 4.0]).numpy().tolist()
            [3.0, 4.0]
        """
        tensor = value if isinstance(value, Tensor) else ops.tensor(value)
        scope = _scope.get()
        if scope is not None:
            scope.add_update((self, tensor))
            return self
        if tensor.shape != self.shape and tensor.size == 1 == self.size:
            tensor = ops.reshape(tensor, self.shape)
        super().assign(ops.cast(tensor, self.dtype) if tensor.dtype != self.dtype else tensor)
        return self

    def assign_add(self, value: Any) -> Self:
        """Adds to the value; returns the variable.

        Args:
            value: what is added.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable([1.0, 2.0])
            >>> variable.assign_add([1.0, 1.0]).numpy().tolist()
            [2.0, 3.0]
        """
        return self.assign(self.read() + value)

    def assign_sub(self, value: Any) -> Self:
        """Takes from the value; returns the variable.

        Args:
            value: what is subtracted.

        Returns:
            The variable.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable([1.0, 2.0])
            >>> variable.assign_sub([1.0, 1.0]).numpy().tolist()
            [0.0, 1.0]
        """
        return self.assign(self.read() - value)

    def __repr__(self) -> str:
        return f"<Variable path={self.path}, shape={self.shape}, dtype={self.dtype}{self._value_text()}>"

    def _value_text(self) -> str:
        """Returns what `repr` says of the value: nothing while a step is recorded."""
        if self.is_disposed or not engine.has_value(self.node):
            return ""
        return f", value={self.item() if not self.shape else self.to_string()}"

    def read_value(self) -> Tensor:
        """Returns the value of this moment, as TensorFlow calls it.

        Example:
            >>> from tfjs_pyo import keras
            >>> variable = keras.Variable([1.0, 2.0])
            >>> variable.read_value().numpy().tolist()
            [1.0, 2.0]
        """
        return self.read()


def _made(initializer: Callable[..., Any], shape: tuple[int, ...], dtype: str) -> Tensor:
    """Returns what an initializer gives; those of users give anything that becomes a tensor."""
    try:
        value = initializer(shape, dtype=dtype)
    except TypeError:
        value = initializer(shape)
    return value if isinstance(value, Tensor) else ops.tensor(value)


__all__ = [
    "StatelessScope",
    "Variable",
    "inside_path",
    "name_scope",
    "stored_dtype",
    "values_in",
    "within_path",
]
