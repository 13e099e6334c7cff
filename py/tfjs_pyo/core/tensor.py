"""Tensor: what users hold. A handle on a node; the value appears when it is asked for."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming
from tfjs_pyo.core import context, debug, engine, formatting, tape, values
from tfjs_pyo.core.graph import Node
from tfjs_pyo.core.numpy_protocol import call_numpy
from tfjs_pyo.doc_examples import methods as examples
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ArgumentError, DisposedError, OptionError, ShapeError
from tfjs_pyo.rules import checked
from tfjs_pyo.shapes import Shape
from tfjs_pyo.tensor_shape import TensorShape
from tfjs_pyo.types import NDArray


class TensorStats:
    """What is alive: tensors, and the logical bytes of the values they hold."""

    __slots__ = ("bytes", "tensors")

    def __init__(self) -> None:
        self.tensors = 0
        self.bytes = 0


alive = TensorStats()

_ids = itertools.count()


class Tensor:
    """An n-dimensional array of numbers whose value is computed when it is needed.

    Made by ops and by `tf.tensor`; never constructed directly. Memory is freed when nothing refers to the tensor any more;
    `dispose()` frees it earlier.

    Args:
        node: of the graph that computes its value.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([[1, 2], [3, 4]])
        >>> x.shape, x.dtype
        ((2, 2), 'float32')
        >>> (x + 1).numpy().tolist()
        [[2.0, 3.0], [4.0, 5.0]]
    """

    __array_priority__ = 1000
    _internal: ClassVar[tuple[str, ...]] = ("methods", "namespace", "node", "operators", "reduced")
    methods: dict[str, Callable[..., Any]] = {}  # noqa: RUF012 (filled by ops: every op whose first input is a tensor)
    operators: ClassVar[dict[str, Callable[..., Any]]] = {}
    """What Python's operators on bits mean; filled by ops."""
    namespace: ClassVar[Callable[[str | None], Any]]
    """Returns the array API's functions of a version; given by the package."""
    reduced: ClassVar[Callable[[Tensor], tuple[Any, ...]]]
    """How pickle makes a tensor anew; given by ops."""

    is_kept = False
    """Whether `tf.keep` keeps it beyond the scopes of memory that it was made in."""

    _node: Node | None = None

    def __init__(self, node: Node) -> None:
        self._node = node
        size = node.bytes if node.bytes >= 0 else values.logical_bytes(node)
        if not node.live_tensors:
            alive.bytes += size  # no call in here, during which another thread or a finalizer would count
        node.live_tensors += 1
        self.id = next(_ids)
        alive.tensors += 1
        around = context.current()
        if around is not context.NOTHING and (around.scopes or around.tapes):
            self._enter(around)
        if node.depth > engine.MAX_DEPTH and not around.traces:
            engine.realize([node])
        if debug.mode.is_enabled and not around.traces:
            debug.check([node])

    def _enter(self, around: context.Context) -> None:
        """Makes this tensor one of the innermost scope of memory, and its value one of the innermost tape."""
        for scope in reversed(around.scopes):
            if scope.is_open:
                scope.add(self)
                break
        if around.tapes and self._node is not None:
            tape.claim(self._node)

    def _hold(self, node: Node) -> None:
        """Moves this handle from its node to another one."""
        size = values.logical_bytes(node)
        if not node.live_tensors:
            alive.bytes += size
        node.live_tensors += 1
        self._let_go()
        self._node = node

    def _let_go(self) -> None:
        """Takes this handle from its node."""
        node = self._node
        if node is not None:
            node.live_tensors -= 1
            if not node.live_tensors:
                alive.bytes -= node.bytes
            self._node = None

    @property
    def node(self) -> Node:
        """The graph node of this tensor's value.

        Raises:
            DisposedError: the tensor was disposed.
        """
        if self._node is None:
            raise DisposedError(
                f"Tensor {self.id}: it was disposed and holds no value any more. "
                "Keep it alive with tf.keep(t), or return it from the function given to tf.tidy."
            )
        return self._node

    @property
    def shape(self) -> Shape:
        """The sizes of the axes, as a tuple."""
        return self.node.shape

    @property
    def dtype(self) -> DType:
        """The data type of the elements, such as 'float32'."""
        return self.node.dtype

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.node.shape)

    ndim = rank

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.node.size

    def get_shape(self) -> TensorShape:
        """Returns the shape in TensorFlow's form: `t.get_shape().as_list()`.

        Source: https://www.tensorflow.org/api_docs/python/tf/Tensor#get_shape
        """
        return TensorShape(self.shape)

    @checked
    def set_shape(self, shape: Sequence[int | None] | None) -> None:
        """Checks what a program knows of the shape; it has all of its sizes in any case.

        Args:
            shape: sizes, None for those that may be any; None: nothing is known.

        Raises:
            ShapeError: the tensor has another one.

        Source: https://www.tensorflow.org/api_docs/python/tf/Tensor#set_shape
        """
        if shape is not None and not self.get_shape().is_compatible_with(shape):
            raise ShapeError(
                f"set_shape: expected shape {tuple(shape)}, received a tensor of shape {self.shape}."
            )

    # Life

    def dispose(self) -> None:
        """Lets go of the value; the tensor cannot be used afterwards. Disposing twice is allowed, as in TF.js."""
        if self._node is not None:
            self._let_go()
            alive.tensors -= 1

    @property
    def is_disposed(self) -> bool:
        """Whether the value was disposed; the tensor cannot be used then."""
        return self._node is None

    def __del__(self) -> None:
        if self._node is not None:
            self._let_go()
            alive.tensors -= 1

    # Values

    def data_sync(self) -> Any:
        """Returns the elements in row-major order, waiting for the device.

        Returns:
            An `array.array` of numbers (bool: 0 and 1; complex64: real and imaginary parts in turn), or a list of strings.
        """
        return values.read(self.node)

    async def data(self) -> Any:
        """Returns the elements in row-major order, as `data_sync` does; the event loop runs on while the device computes."""
        return await values.read_async(self.node)

    def array_sync(self) -> Any:
        """Returns the value as nested lists (a plain number for rank 0), waiting for the device."""
        return formatting.nest(self.data_sync(), self.shape, self.dtype)

    async def array(self) -> Any:
        """Returns the value as nested lists (a plain number for rank 0)."""
        return formatting.nest(await self.data(), self.shape, self.dtype)

    def numpy(self) -> NDArray:
        """Returns the value as a NumPy array of this shape and dtype.

        It has TensorFlow's form: a scalar of NumPy for rank 0, and bytes for strings.

        Raises:
            DeviceError: NumPy is not installed (in the page: could not be loaded).
        """
        np = engine.import_numpy("numpy()")
        return values.as_array(np, self.data_sync(), self.shape, self.dtype)[()]

    def tolist(self) -> Any:
        """Returns the value as nested lists, as `array_sync` does: NumPy's name for it."""
        return self.array_sync()

    @property
    def _keras_mask(self) -> Tensor | None:
        """The mask that layers hand on with the tensor, by the name under which programs for Keras read and set it."""
        mask: Tensor | None = vars(self).get("mask")
        return mask

    @_keras_mask.setter
    def _keras_mask(self, mask: Tensor | None) -> None:
        vars(self)["mask"] = mask

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if copy is False:
            raise OptionError(
                "array: expected a copy to be allowed, as the device holds the values, received copy=False."
            )
        np = engine.import_numpy("array")
        found = values.as_array(np, self.data_sync(), self.shape, self.dtype)  # is a copy already
        return found if dtype is None else found.astype(dtype, copy=False)

    def __array_function__(
        self, function: Any, _types: Any, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Lets NumPy's functions compute with the value: `np.mean(t)`, `np.clip(t, 0, 1)`."""
        return call_numpy(Tensor, function, args, kwargs)

    def __dlpack__(self, **options: Any) -> Any:
        """Hands a copy of the values in the processor's memory to other libraries: `np.from_dlpack(t)`."""
        if options.get("copy") is False:
            raise BufferError("dlpack: expected a copy to be allowed, as the device holds the values.")
        return self.__array__().__dlpack__(**options)

    def __dlpack_device__(self) -> tuple[int, int]:
        return (1, 0)  # the processor

    def __array_namespace__(self, *, api_version: str | None = None) -> Any:
        """Returns the functions of the array API for tensors: for libraries that compute with arrays of any kind.

        Args:
            api_version: of the standard, such as '2023.12'; default: the newest that is known.

        Raises:
            OptionError: there is no such version, or it is not known here.

        Source: https://data-apis.org/array-api/2023.12/
        """
        return Tensor.namespace(api_version)

    @property
    def device(self) -> str:
        """The name of the backend that computes: 'numpy' or 'webgl'; the array API's name for it."""
        return engine.backend_name()

    @checked
    def to_device(self, device: str, *, stream: Any = None) -> Tensor:
        """Returns the tensor: values move by themselves to where they are computed with.

        Args:
            device: the name of the backend that computes.
            stream: for other devices; expected to be None.

        Raises:
            OptionError: another device, or a stream.
        """
        if stream is not None or device != self.device:
            raise OptionError(
                f"to_device: expected {self.device!r} and no stream, received {device!r} and {stream!r}. "
                "tf.setBackend chooses what computes."
            )
        return self

    def __format__(self, form: str) -> str:
        """Formats the value of a tensor of one element: `f"{loss:.3f}"`.

        Raises:
            ShapeError: there are more or fewer elements, and a format is given.
        """
        if not form:
            return str(self)
        if self.size != 1:
            raise ShapeError(
                f"format: expected a tensor of one element for {form!r}, received shape {self.shape}. Round it, "
                "round(t, 2), or format its elements one by one."
            )
        return format(self.item(), form)

    def item(self) -> Any:
        """Returns the only element as a Python number (or string).

        Raises:
            ShapeError: the tensor has more or fewer elements than one.
        """
        if self.size != 1:
            raise ShapeError(f"item: expected a tensor of one element, received shape {self.shape}.")
        return formatting.items(self.data_sync(), self.dtype)[0]

    def __float__(self) -> float:
        return float(self.item())

    def __int__(self) -> int:
        return int(self.item())

    def __trunc__(self) -> int:
        return math.trunc(self.item())

    def __complex__(self) -> complex:
        return complex(self.item())

    def __round__(self, digits: int | None = None) -> Any:
        """Returns a number for a scalar, else a tensor: each element is rounded, halves to the even digit."""
        return self._call("round_to", digits or 0) if self.shape else round(self.item(), digits)

    def __divmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Tensor, Tensor]:
        return other // self, other % self

    def __bool__(self) -> bool:
        return bool(self.item())

    def __index__(self) -> int:
        if self.dtype != "int32":
            raise ArgumentError(f"index: expected an int32 tensor, received dtype {self.dtype}.")
        return int(self.item())

    def __len__(self) -> int:
        if not self.shape:
            raise ArgumentError("len: expected a tensor of rank 1 or more, received rank 0.")
        return self.shape[0]

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    @checked
    def print(self, verbose: bool = False) -> None:
        """Prints the value as TF.js does; `verbose` adds dtype, rank and shape.

        Args:
            verbose: whether to add dtype, rank and shape.
        """
        print(self.to_string(verbose))

    @checked
    def to_string(self, verbose: bool = False) -> str:
        """Returns what `print` prints.

        Args:
            verbose: whether to add dtype, rank and shape.
        """
        return formatting.tensor_text(self.data_sync(), self.shape, self.dtype, verbose)

    def _repr_html_(self) -> str | None:
        """Returns a table for notebooks and the page; None where there is nothing to show beyond the text."""
        if self.is_disposed or not self.shape or not engine.has_value(self.node):
            return None
        return formatting.tensor_html(self.data_sync(), self.shape, self.dtype)

    def __repr__(self) -> str:
        if self.is_disposed:
            return f"<Tensor {self.id}, disposed>"
        if engine.has_value(self.node):
            return formatting.tensor_text(self.data_sync(), self.shape, self.dtype, False)
        return f"<Tensor of shape {self.shape}, {self.dtype}, traced>"

    # Spellings and operators

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Finds ops as methods, and any method in another dialect's spelling (`t.arraySync()`, `t.matMul(b)`)."""
        if name.startswith("_"):
            raise AttributeError(name)
        function = self.methods.get(name)
        return function.__get__(self) if function is not None else naming.attribute(self, name, self.methods)

    def __dir__(self) -> list[str]:
        return naming.spellings(naming.visible(type(self), [*super().__dir__(), *type(self).methods]))

    def __hash__(self) -> int:
        return id(self)

    def __copy__(self) -> Tensor:
        """A tensor of its own with this value, which nothing changes."""
        return Tensor(self.node)

    def __reduce_ex__(self, _protocol: Any) -> tuple[Any, ...]:
        return type(self).reduced(self)

    def __deepcopy__(self, memo: dict[int, Any]) -> Tensor:
        return self.__copy__()

    def _call(self, op: str, *args: Any) -> Tensor:
        result: Tensor = Tensor.methods[op](self, *args)
        return result

    def _reflected(self, op: str, other: Any) -> Tensor:
        """Calls `op(other, self)`; `other` is a number or an array."""
        result: Tensor = Tensor.methods[op](self._call("like", other), self)
        return result

    def __add__(self, other: Any) -> Tensor:
        return self._call("add", other)

    def __radd__(self, other: Any) -> Tensor:
        return self._reflected("add", other)

    def __sub__(self, other: Any) -> Tensor:
        return self._call("sub", other)

    def __rsub__(self, other: Any) -> Tensor:
        return self._reflected("sub", other)

    def __mul__(self, other: Any) -> Tensor:
        return self._call("mul", other)

    def __rmul__(self, other: Any) -> Tensor:
        return self._reflected("mul", other)

    def __truediv__(self, other: Any) -> Tensor:
        return self._call("true_div", other)

    def __rtruediv__(self, other: Any) -> Tensor:
        return self._reflected("true_div", other)

    def __floordiv__(self, other: Any) -> Tensor:
        return self._call("floor_div", other)

    def __rfloordiv__(self, other: Any) -> Tensor:
        return self._reflected("floor_div", other)

    def __mod__(self, other: Any) -> Tensor:
        return self._call("mod", other)

    def __rmod__(self, other: Any) -> Tensor:
        return self._reflected("mod", other)

    def __pow__(self, other: Any, modulo: Any = None) -> Tensor:
        if modulo is not None:
            raise ArgumentError(
                "pow: expected a base and an exponent, received a third number. Write a ** b % modulo."
            )
        return self._call("pow", other)

    def __rpow__(self, other: Any) -> Tensor:
        return self._reflected("pow", other)

    def __matmul__(self, other: Any) -> Tensor:
        return self._call("mat_mul", other)

    def __rmatmul__(self, other: Any) -> Tensor:
        return self._reflected("mat_mul", other)

    def __and__(self, other: Any) -> Tensor:
        return self._bits("and", self, other)

    def __rand__(self, other: Any) -> Tensor:
        return self._bits("and", other, self)

    def __or__(self, other: Any) -> Tensor:
        return self._bits("or", self, other)

    def __ror__(self, other: Any) -> Tensor:
        return self._bits("or", other, self)

    def __xor__(self, other: Any) -> Tensor:
        return self._bits("xor", self, other)

    def __rxor__(self, other: Any) -> Tensor:
        return self._bits("xor", other, self)

    def __lshift__(self, other: Any) -> Tensor:
        return self._bits("lshift", self, other)

    def __rlshift__(self, other: Any) -> Tensor:
        return self._bits("lshift", other, self)

    def __rshift__(self, other: Any) -> Tensor:
        return self._bits("rshift", self, other)

    def __rrshift__(self, other: Any) -> Tensor:
        return self._bits("rshift", other, self)

    def __invert__(self) -> Tensor:
        return self._bits("invert", self)

    def _bits(self, operator: str, *operands: Any) -> Tensor:
        result: Tensor = Tensor.operators[operator](*operands)
        return result

    def __eq__(self, other: object) -> Tensor:  # type: ignore[override]
        return self._call("equal", other)

    def __ne__(self, other: object) -> Tensor:  # type: ignore[override]
        return self._call("not_equal", other)

    def __lt__(self, other: Any) -> Tensor:
        return self._call("less", other)

    def __le__(self, other: Any) -> Tensor:
        return self._call("less_equal", other)

    def __gt__(self, other: Any) -> Tensor:
        return self._call("greater", other)

    def __ge__(self, other: Any) -> Tensor:
        return self._call("greater_equal", other)

    def __neg__(self) -> Tensor:
        return self._call("neg")

    def __abs__(self) -> Tensor:
        return self._call("abs")

    def __pos__(self) -> Tensor:
        return self._call("clone")

    @property
    def T(self) -> Tensor:  # noqa: N802 (NumPy's name)
        """The transpose: axes in reverse order."""
        return self._call("transpose")

    @property
    def mT(self) -> Tensor:  # noqa: N802 (the array API's name)
        """The transposed matrices: the last two axes in reverse order.

        Raises:
            ShapeError: the rank is lower than 2.
        """
        if self.rank < 2:
            raise ShapeError(f"mT: expected a tensor of rank 2 or more, received shape {self.shape}.")
        return self._call("transpose", [*range(self.rank - 2), self.rank - 1, self.rank - 2])

    def __contains__(self, value: Any) -> bool:
        """Tells whether any element is equal to a value, broadcast."""
        return bool(Tensor.methods["any"](self._call("equal", value)))

    def __getitem__(self, index: Any) -> Tensor:
        return self._call("get_item", index)


examples.complete(Tensor, examples.TENSORS)


def float_node(tensor: Tensor) -> Node | None:
    """Returns the node of a float32 tensor, None for any other and for one that was disposed."""
    node = tensor._node  # noqa: SLF001 (of this file; properties cost more, and this is asked for each operand)
    return node if node is not None and node.dtype == "float32" else None


def floats_of_one_shape(a: Any, b: Any) -> tuple[Node, Node] | None:
    """Returns the nodes of two float32 tensors of one shape, None for all else."""
    if type(a) is not Tensor or type(b) is not Tensor:
        return None
    first, second = a._node, b._node  # noqa: SLF001 (as in `float_node`)
    if first is None or second is None or first.shape != second.shape:
        return None
    return (first, second) if first.dtype == second.dtype == "float32" else None
