"""Symbolic tensors: what layers give while a model is put together, before there is data."""

from __future__ import annotations

import itertools
import weakref
from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from tfjs_pyo import naming, nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import NameNotFoundError
from tfjs_pyo.layers.passing import masks_of
from tfjs_pyo.ops.declare import Symbolic

if TYPE_CHECKING:
    from tfjs_pyo.config import Configurable
    from tfjs_pyo.layers.base import Layer

BatchShape = tuple[int | None, ...]


class KerasHistory(NamedTuple):
    """The layer that gives a symbolic tensor, the number of its call, and the place among the outputs."""

    operation: Layer
    node_index: int
    tensor_index: int


class SymbolicTensor(Symbolic):
    """A tensor of a model in the making: a shape (None where it is not known yet) and the call that gives it.

    Args:
        shape: with batch.
        dtype: of its values.
        layer: the layer that gives it.
        call: the layer call, None for an input.
        index: place among the call's outputs.
        number: its `id`; default: a new one.

    Attributes:
        shape: with batch.
        call: the layer call, None for an input.
        index: place among the call's outputs; also `tensor_index`.
        layer: the layer; also `source_layer`.
        node_index: the number of the call among those of the layer.
        id: a number of its own, which it keeps when a layer's call makes it again.
        name: unique, made of the layer's.
        original_name: the same for all that a layer gives.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.input({"shape": [8]})
        >>> y = tf.layers.dense({"units": 3}).apply(x)
        >>> isinstance(y, tf.SymbolicTensor), y.shape
        (True, (None, 3))
    """

    _internal = ("apply_op", "exist")
    _ids = itertools.count()
    _names: ClassVar[weakref.WeakValueDictionary[str, SymbolicTensor]] = weakref.WeakValueDictionary()
    _naming: ClassVar[Lock] = Lock()
    _numbers: ClassVar[dict[str, int]] = {}
    """The last number that was put after a name."""

    def __init__(
        self,
        shape: BatchShape,
        dtype: str,
        layer: Layer,
        call: LayerCall | None,
        index: int,
        number: int | None = None,
    ) -> None:
        Symbolic.exist = True
        self.shape = shape
        self.dtype = dtype
        self.layer = layer
        self.call = call
        self.index = self.tensor_index = index
        self.id = next(SymbolicTensor._ids) if number is None else number
        self.original_name: str = layer.name if call is None else f"{layer.name}/{layer.name}"
        self.name = self._register()

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Becomes a copy, with a number and a name of its own."""
        vars(self).update(state)
        self.id = next(SymbolicTensor._ids)
        self.name = self._register()

    def _register(self) -> str:
        """Takes a name that no other symbolic tensor has, and returns it."""
        name = self.original_name
        with SymbolicTensor._naming:
            if name not in SymbolicTensor._names:
                SymbolicTensor._numbers.pop(name, None)
            while name in SymbolicTensor._names:
                number = SymbolicTensor._numbers.get(self.original_name, 0) + 1
                SymbolicTensor._numbers[self.original_name] = number
                name = f"{self.original_name}_{number}"
            SymbolicTensor._names[name] = self
        return name

    @property
    def node_index(self) -> int:
        """Which call of its layer gives it, counted from 0; 0 for an input."""
        return 0 if self.call is None else self.layer._uses().index(self.call)

    @property
    def source_layer(self) -> Layer:
        """The layer that gives it."""
        return self.layer

    @property
    def inputs(self) -> list[SymbolicTensor]:
        """The symbolic tensors that it is computed from; none for an input."""
        return [] if self.call is None else list(self.call.inputs)

    @property
    def call_args(self) -> dict[str, Any]:
        """What the layer was given besides its inputs."""
        return {} if self.call is None else self.call.given(self.call.inputs)[1]

    @property
    def output_tensor_index(self) -> int | None:
        """The place among the layer's outputs where it has several, else None."""
        return self.index if self.call is not None and self.call.gives_several else None

    @property
    def _keras_history(self) -> KerasHistory:
        """Where it comes from, by the name under which programs for Keras read it."""
        return KerasHistory(self.layer, self.node_index, self.tensor_index)

    @property
    def _keras_mask(self) -> Any:
        """What masks the data that a model has here, symbolic, or None: by the name under which programs for Keras read it."""
        return None if self.call is None else self.call.mask_of(self.index)

    @property
    def rank(self) -> int:
        """The number of axes, that of the batch included."""
        return len(self.shape)

    ndim = rank
    sparse = False

    def __getattr__(self, name: str) -> Any:
        """Finds ops as methods, as tensors have them, and attributes in other spellings."""
        if name.startswith("_"):
            raise AttributeError(name)
        function = Tensor.methods.get(name)
        return naming.attribute(self, name, Tensor.methods) if function is None else function.__get__(self)

    def __dir__(self) -> list[str]:
        return naming.spellings(naming.visible(type(self), [*super().__dir__(), *Tensor.methods]))

    __array_ufunc__ = None  # so that NumPy's arrays leave `array * x` to x
    __iter__ = None

    def __getitem__(self, index: Any) -> Any:
        return Tensor.methods["get_item"](self, index)

    def __divmod__(self, other: Any) -> tuple[Any, Any]:
        return Tensor.methods["floor_div"](self, other), Tensor.methods["mod"](self, other)

    def __rdivmod__(self, other: Any) -> tuple[Any, Any]:
        return Tensor.methods["floor_div"](other, self), Tensor.methods["mod"](other, self)

    @property
    def T(self) -> Any:  # noqa: N802 (as tensors have it)
        """The transpose: axes in reverse order."""
        return Tensor.methods["transpose"](self)

    def __repr__(self) -> str:
        return f"<SymbolicTensor of shape {self.shape}, from layer {self.layer.name!r}>"


_BINARY = {
    "add": "add", "sub": "sub", "mul": "mul", "truediv": "true_div", "floordiv": "floor_div", "mod": "mod", "pow": "pow",
    "matmul": "mat_mul",
}  # fmt: skip
_COMPARING = {"lt": "less", "le": "less_equal", "gt": "greater", "ge": "greater_equal"}
_UNARY = {"neg": "neg", "abs": "abs", "pos": "clone"}


def _operator(op: Callable[..., Any], reflected: bool = False) -> Callable[..., Any]:
    """Returns what an operator of Python does with symbolic tensors."""

    def operate(self: SymbolicTensor, *others: Any) -> Any:
        return op(*others, self) if reflected else op(self, *others)

    return operate


for _name, _op in {**_BINARY, **_COMPARING, **_UNARY}.items():
    setattr(SymbolicTensor, f"__{_name}__", _operator(Tensor.methods[_op]))
for _name, _bits in Tensor.operators.items():
    setattr(SymbolicTensor, f"__{_name}__", _operator(_bits))
for _name in (*_BINARY, *Tensor.operators.keys() - {"invert"}):
    _meaning = Tensor.operators.get(_name) or Tensor.methods[_BINARY[_name]]
    setattr(SymbolicTensor, f"__r{_name}__", _operator(_meaning, reflected=True))


class Remade:
    """Symbolic tensors of a layer, kept weakly and made again when they are asked for and are gone.

    A symbolic tensor refers to its layer. If the layer, or a call that the layer keeps, referred back to it, the weights
    of models that are dropped would live until the garbage collector runs.
    """

    def __init__(self, symbols: Sequence[SymbolicTensor]) -> None:
        self._options = [(symbol.shape, symbol.dtype, symbol.index, symbol.id) for symbol in symbols]
        self._alive = [weakref.ref(symbol) for symbol in symbols]

    def __len__(self) -> int:
        return len(self._options)

    def of(self, layer: Layer, call: LayerCall | None) -> list[SymbolicTensor]:
        """Returns the symbolic tensors, which are of this layer and call."""
        found = []
        for place, (shape, dtype, index, number) in enumerate(self._options):
            symbol = self._alive[place]()
            if symbol is None:
                symbol = SymbolicTensor(shape, dtype, layer, call, index, number)
                self._alive[place] = weakref.ref(symbol)
            found.append(symbol)
        return found


def is_symbol(value: Any) -> bool:
    """Returns whether a value is a symbolic tensor."""
    return isinstance(value, SymbolicTensor)


class LayerCall:
    """One use of a layer in a model: what it was given, and what it gave.

    Symbolic tensors hold their call and their layer, calls hold their inputs, and a layer holds its first call (see
    `Members._note_call`). A call holds neither its layer nor its outputs: there are no cycles.

    Args:
        layer: that is used.
        inputs: the first argument: a symbolic tensor, or a structure of them.
        arguments: the others by name; symbolic tensors may be among them, and in structures.

    Attributes:
        inputs: all symbolic tensors that it was given, those of the first argument first.
        structure: the first argument, with slots in place of symbolic tensors.
        arguments: the others, with slots in place of symbolic tensors.
        result: the structure of these, with slots in their places.
    """

    def __init__(self, layer: Layer, inputs: Any, arguments: Mapping[str, Any]) -> None:
        (self.structure, self.arguments), self.inputs = nests.take((inputs, dict(arguments)), is_symbol)
        self._layer = weakref.ref(layer)
        self._outputs = Remade([])
        self._masks: list[Any] | None = None
        self.result: Any = nests.Slot(0)

    @property
    def single(self) -> bool:
        """Whether the first argument is one tensor."""
        return isinstance(self.structure, nests.Slot)

    def given(self, values: Sequence[Any]) -> tuple[Any, dict[str, Any]]:
        """Returns the first argument and the others with values in place of the symbolic tensors."""
        inputs, arguments = nests.fill((self.structure, self.arguments), values)
        return inputs, arguments

    @property
    def layer(self) -> Layer:
        """The layer; who has a call has one of its outputs, or the layer, too."""
        layer = self._layer()
        if layer is None:
            raise ReferenceError("the layer of this call is gone: keep one of the call's outputs.")
        return layer

    def give(self, outputs: Sequence[tuple[BatchShape, str]]) -> list[SymbolicTensor]:
        """Makes the outputs, of these shapes and dtypes, and returns them."""
        layer = self.layer
        made = [
            SymbolicTensor(shape, dtype, layer, self, place) for place, (shape, dtype) in enumerate(outputs)
        ]
        self._outputs = Remade(made)
        return made

    def mask_of(self, place: int) -> Any:
        """Returns the mask that one of the outputs carries, as the layer makes it of the inputs and of theirs."""
        if self._masks is None:
            inputs, arguments = self.given(self.inputs)
            given = arguments.get("mask")
            found = self.layer.compute_mask(inputs, masks_of(inputs) if given is None else given)
            self._masks = list(found) if isinstance(found, (list, tuple)) else [found]
        return self._masks[place] if place < len(self._masks) else None

    @property
    def gives_several(self) -> bool:
        """Whether there are several outputs."""
        return len(self._outputs) > 1

    @property
    def outputs(self) -> list[SymbolicTensor]:
        """The symbolic tensors that the layer gave."""
        return self._outputs.of(self.layer, self)

    def __getstate__(self) -> dict[str, Any]:
        return {**vars(self), "_layer": self.layer, "_outputs": self.outputs}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(
            {**state, "_layer": weakref.ref(state["_layer"]), "_outputs": Remade(state["_outputs"])}
        )


def symbols_of(
    layer: Configurable, what: str, calls: Sequence[LayerCall], node_index: int | None = None
) -> Any:
    """Returns what a layer takes or gives in models: symbolic tensors, or their shapes.

    Args:
        layer: the layer.
        what: 'input', 'output' or 'output_shape'.
        calls: its uses.
        node_index: which of them is meant; default: the only one.

    Raises:
        NameNotFoundError: it has no use, not so many, or several that differ.
    """
    if not calls:
        raise NameNotFoundError(
            f"{layer.display_name}: there is no {naming.camel(what)!r} yet, because the layer is part of no model whose shapes "
            "are known. Give the first layer an 'inputShape', or apply the layer to tf.input(...)."
        )
    if node_index is not None and not 0 <= node_index < len(calls):
        raise NameNotFoundError(
            f"{layer.display_name}: expected the number of a use from 0 to {len(calls) - 1}, received {node_index}."
        )
    found = [_symbols(call, what) for call in (calls if node_index is None else [calls[node_index]])]
    if len(found) > 1 and not (what == "output_shape" and all(shape == found[0] for shape in found)):
        raise NameNotFoundError(
            f"{layer.display_name}: {naming.camel(what)!r} is not one thing, because the layer is used {len(found)} times. "
            f"layer.get{what.partition('_')[0].title()}At(0) is that of the first use."
        )
    return found[0]


def _symbols(call: LayerCall, what: str) -> Any:
    """Returns the symbolic tensors of a call, or their shapes: one by itself, several as a list or in the structure of a dict."""
    symbols = call.inputs if what == "input" else call.outputs
    found = [symbol.shape for symbol in symbols] if what.endswith("_shape") else list(symbols)
    if what.startswith("output") and isinstance(call.result, Mapping):
        return nests.fill(call.result, found)
    return found[0] if len(found) == 1 else found


__all__ = ["BatchShape", "LayerCall", "Remade", "SymbolicTensor", "is_symbol", "symbols_of"]
