"""The graph that everything records into: one kind of node, one kind of op declaration.

A node is what an op will compute: immutable but for `buffer`, which is filled once its value exists. Nodes hold no bytes
and know no backend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from tfjs_pyo.dtypes import DType, as_element, held
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.shapes import Shape


class Kind(Enum):
    """How the compiler treats an op."""

    LEAF = "leaf"
    """Bound from outside at each run: a buffer, a placeholder, a scalar."""
    POINTWISE = "pointwise"
    """Any element can be computed alone, at any coordinates: elementwise, movement, random. Fuses everywhere."""
    REDUCTION = "reduction"
    """Loops over axes of its input; takes pointwise prologues and epilogues."""
    CONTRACTION = "contraction"
    """A kernel file of its own (`web/glsl/`); takes pointwise epilogues."""
    SCATTER = "scatter"
    """Points that are added to where an index says; nothing fuses with it."""
    COMPOSITE = "composite"
    """Never lowered: what a value is made of (two parts, or strings in Python)."""


class BufferLike(Protocol):
    """Bytes on a backend; freed when the last reference goes."""

    backend: Any
    handle: int
    layout: tuple[int, int]


class NotDifferentiable(Enum):
    """Declared instead of a gradient by ops that have none: they are piecewise constant or integer."""

    REASON = "piecewise constant or integer-valued"
    STOPS = "taken for a constant"
    """What is behind it counts as no input at all, so that nothing depends on it; the others have derivatives of zero."""


NONDIFFERENTIABLE = NotDifferentiable.REASON

GradientRule = Callable[["Node", "Node"], "tuple[Any, ...]"]


@dataclass(frozen=True, eq=False, slots=True)
class Op:
    """One op, declared once.

    Attributes:
        name: snake_case, unique; what errors and printed plans show.
        kind: how the compiler treats it.
        numpy: `(np, node, *arrays) -> array`: the meaning.
        gradient: `(node, g) -> one node or None per input`, in terms of ops, or NONDIFFERENTIABLE; None for leaves. A node may
            have the shape that the input was broadcast to.
        emit: `(emitter, node, coords) -> GLSL name`: for POINTWISE and REDUCTION; an `Emitter` and `Coords` of compiler/.
        kernel: `(node, most_layers) -> Kernel`: for CONTRACTION; see `compiler.kernels`.
        lower: `(node, tuning) -> Node | None`: an equal graph that suits GLSL on a device better, tried before scheduling.
        cost: multiply-add equivalents of one element, for the decision between recomputing and storing.
        view: True where the result is the input's bytes (reshape).
        identity: True where output element i depends on element i of same-sized inputs only (elementwise, reshape).
        samples: example calls for the generic tests; see `tests/ops`.
    """

    name: str
    kind: Kind
    numpy: Callable[..., Any] | None = None
    gradient: GradientRule | NotDifferentiable | None = None
    emit: Callable[[Any, Node, Any], str] | None = None
    kernel: Callable[[Node, int], Any] | None = None
    lower: Callable[[Node, Any], Node | None] | None = None
    cost: int = 1
    view: bool = False
    identity: bool = False
    samples: Callable[[], Iterable[Any]] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    def __repr__(self) -> str:
        return self.name


INTEGERS = frozenset({int})


class Node:
    """What an op will compute: `op` applied to `inputs` with `attrs` gives a value of `shape` and `dtype`."""

    __slots__ = (
        "__weakref__",
        "attrs",
        "buffer",
        "bytes",
        "depth",
        "dtype",
        "inputs",
        "live_tensors",
        "op",
        "rule",
        "shape",
        "tape",
        "was_computed",
    )
    shape: Shape
    rule: Callable[[Node], tuple[Any, ...]]
    """The gradient of this very node, for CUSTOM_GRAD; it may refer to values, so it is no part of `attrs`."""
    tape: Any
    """The tape that the value belongs to, if it was made inside one; see `core.tape`."""

    def __init__(
        self, op: Op, inputs: tuple[Node, ...], shape: Shape, dtype: DType, attrs: Hashable = None
    ) -> None:
        known = bool(inputs) and shape is inputs[0].shape
        if shape and not known and not INTEGERS.issuperset(map(type, shape)):
            raise ShapeError(f"{op.name}: expected a shape of whole numbers, received {shape}.")
        self.op = op
        self.inputs = inputs
        self.bytes: int = inputs[0].bytes if known and dtype == inputs[0].dtype else -1
        """What `values.logical_bytes` found; -1 until then."""
        self.shape = shape
        self.dtype: DType = dtype
        self.attrs: Any = attrs
        self.buffer: BufferLike | None = None
        self.live_tensors = 0
        """Live Tensor objects on this node: their values will probably be asked for."""
        self.was_computed = False
        """Whether a run has computed the value on the way to others, and has let go of it."""
        depth: int = 0
        for node in inputs:
            if node.depth >= depth and node.buffer is None:
                depth = node.depth + 1
        self.depth: int = depth

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def texels(self) -> int:
        """How many groups of four elements hold the value."""
        return -(-self.size // 4)

    def __repr__(self) -> str:
        inputs = ", ".join(f"{node.op.name}{list(node.shape)}" for node in self.inputs)
        return f"{self.op.name}({inputs}) -> {self.dtype}{list(self.shape)}"


REALIZED = Op("realized", Kind.LEAF)
"""A value that exists: `node.buffer` is set."""

PLACEHOLDER = Op("placeholder", Kind.LEAF)
"""A feed of a trace, or a variable read inside one."""

CONST = Op("const", Kind.LEAF)
"""A rank-0 number, `attrs` its value: a uniform, never compiled into a program."""

COUNTER = Op("counter", Kind.LEAF)
"""A rank-0 int32 that the replay supplies, `attrs` its name."""


PLAIN = (1, 0)
"""Layout (layers, texels per layer) of a value in one plain texture, as all are but some results of contractions."""

COPY = Op(
    "copy",
    Kind.POINTWISE,
    numpy=lambda np, node, x: x.copy(),
    gradient=lambda node, g: (g,),
    emit=lambda emitter, node, coords: emitter.value(node.inputs[0], coords),
    cost=0,
    identity=True,
)
"""The same value in bytes of its own."""

CUSTOM_GRAD = Op(
    "custom_grad",
    Kind.POINTWISE,
    numpy=lambda np, node, x, *_: x,
    gradient=lambda node, g: node.rule(g),
    lower=lambda node, tuning: Node(COPY, node.inputs[:1], node.shape, node.dtype),
    cost=0,
)
"""The first input as it is; the others are what `node.rule` gives derivatives for."""

STOP = Op(
    "stop_gradient",
    Kind.POINTWISE,
    numpy=lambda np, node, x: x,
    gradient=NotDifferentiable.STOPS,
    emit=lambda emitter, node, coords: emitter.value(node.inputs[0], coords),
    cost=0,
    identity=True,
)
"""The same value, which gradients take for a constant. It is no work: numbering takes it for its input."""


KEY = Op("key", Kind.LEAF)
"""A rank-0 int32 that seeds random numbers, `attrs` its value: like a constant, but equal ones are not taken for one."""

COMPLEX = Op("complex", Kind.COMPOSITE)
"""A complex64 value: its inputs are the real and the imaginary part. The only op whose nodes have this dtype."""

STRINGS = Op("strings", Kind.COMPOSITE)
"""A string value: `attrs` is the tuple of its elements, which stay in Python. The only op whose nodes have this dtype."""

SCALARS = (CONST, COUNTER, KEY)
"""Leaves that a run binds as numbers."""


def const(value: float, dtype: DType) -> Node:
    """Returns a rank-0 node of this value.

    Raises:
        DTypeError: it does not fit the dtype.
    """
    return Node(CONST, (), (), dtype, held(value, dtype, "const"))


def complex_node(real: Node, imag: Node) -> Node:
    """Returns the complex64 value of two float32 parts of one shape."""
    return Node(COMPLEX, (real, imag), real.shape, "complex64")


def strings_node(values: Iterable[str | bytes], shape: Shape) -> Node:
    """Returns a string value of row-major elements; bytes that are UTF-8 become text."""
    return Node(STRINGS, (), shape, "string", tuple(map(as_element, values)))


def stored_parts(node: Node) -> tuple[Node, ...]:
    """Returns the nodes whose bytes a backend has for this value: itself, the parts of a complex one, none of strings."""
    if node.op.kind is not Kind.COMPOSITE:
        return (node,)
    return node.inputs


def topological(roots: Iterable[Node]) -> list[Node]:
    """Returns every pending node under `roots`, inputs before users; nodes with a buffer are leaves.

    Iterative, so that chains of any length fit.
    """
    order: list[Node] = []
    done: set[Node] = set()
    stack = list(roots)
    stack.reverse()
    while stack:
        node = stack[-1]
        if node not in done:
            if node.buffer is None:
                waits = False
                for source in reversed(node.inputs):
                    if source not in done:
                        stack.append(source)
                        waits = True
                if waits:
                    continue  # comes again when its inputs are in order
            done.add(node)
            order.append(node)
        stack.pop()
    return order


def describe(roots: Iterable[Node]) -> str:
    """Returns the graph under `roots` as text, one node a line.

    >>> x = Node(PLACEHOLDER, (), (2, 3), "float32")
    >>> print(describe([x]))
    %0 = placeholder : float32[2, 3]
    """
    names: dict[Node, str] = {}
    lines = []
    for node in topological(roots):
        names[node] = f"%{len(names)}"
        inputs = "" if node.buffer else " ".join(names[source] for source in node.inputs)
        name = "buffer" if node.buffer else node.op.name
        attrs = "" if node.attrs is None or node.buffer else f" {node.attrs}"
        lines.append(
            f"{names[node]} = {' '.join(filter(None, (name, inputs)))}{attrs} : {node.dtype}{list(node.shape)}"
        )
    return "\n".join(lines)
