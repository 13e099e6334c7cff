"""Writes the body of a fragment shader: follows the graph from a kernel's roots down to what is stored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from tfjs_pyo.compiler.coords import Coords, Mode, texel_of
from tfjs_pyo.core.graph import SCALARS, Node
from tfjs_pyo.dtypes import DType
from tfjs_pyo.shapes import Shape, size

MAX_TEXTURE_INPUTS = 12
"""Textures that one kernel reads; WebGL2 guarantees 16."""


def glsl_type(dtype: DType) -> str:
    """Returns the type of four elements in GLSL."""
    return "vec4" if dtype == "float32" else "ivec4"


class TextureInput(NamedTuple):
    """A stored tensor that a kernel reads.

    Attributes:
        slot: its place in the plan.
        layers: of its texture.
        texels_per_layer: uniform, texels of a layer (only where there are several).
        texels: of a layer.
    """

    slot: int
    dtype: DType
    layers: int
    texels_per_layer: str
    texels: int


@dataclass(slots=True)
class _Scope:
    """A block of GLSL in the making: its lines, and what is known in it by which name."""

    is_loop: bool = False
    lines: list[str] = field(default_factory=list)
    lets: dict[str, str] = field(default_factory=dict)
    values: dict[object, str] = field(default_factory=dict)


_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")


class Emitter:
    """One fragment shader in the making.

    Args:
        stored: `(node) -> (slot, layers, texels per layer)` for nodes whose values lie in textures, None for the others.
        scalar: `(node) -> index` of constants and counters among the scalars of the plan.
    """

    def __init__(
        self,
        stored: Callable[[Node], tuple[int, int, int] | None],
        scalar: Callable[[Node], int],
    ) -> None:
        self._stored = stored
        self._scalar = scalar
        self.helpers: list[str] = []
        self.textures: list[TextureInput] = []
        self.ints: list[int | tuple[str, int]] = []
        """Values of the uniform ints `u`; ('scalar', i) stands for the scalar i of the plan."""
        self.floats: list[int] = []
        """For each uniform float `f`, the scalar of the plan that it shows."""
        self._sampler_of: dict[int, int] = {}
        self._dims: dict[tuple[int, int], str] = {}
        self._nodes: list[Node] = []
        self._scopes = [_Scope()]
        self._expressions: dict[str, str] = {}
        self._depths: dict[str, int] = {}
        """Of the blocks in which names were given their values; None of those in it can change."""
        self._changing: set[str] = set()
        self._scalars: dict[int, str] = {}
        self._count = 0
        self.crosses_rows = False
        """Whether neighbours along a row of the result lie in different rows of what is read."""
        self.target = 0
        """Texels of what a fragment computes the texel `t` of, where that is all that it computes; else 0."""

    # Names and constants

    def fresh(self, prefix: str = "v") -> str:
        """Returns an unused identifier, of what may change."""
        name = self._new(prefix)
        self._changing.add(name)
        return name

    def _new(self, prefix: str) -> str:
        self._count += 1
        return f"{prefix}{self._count}"

    def let(self, kind: str, expression: str) -> str:
        """Declares a local of this GLSL type; equal expressions in reach share one."""
        if expression.isidentifier() or expression.isdigit():
            return expression
        declared = f"{kind} {expression}"
        for scope in self._scopes:
            if declared in scope.lets:
                return scope.lets[declared]
        name = self._new("v")
        self._expressions[name] = expression
        depth = self._depths[name] = self._depth_of(expression)
        scope = self._scopes[depth]
        scope.lines.append(f"{kind} {name} = {expression};")
        scope.lets[declared] = name
        return name

    def expression(self, name: str) -> str:
        """Returns what a local of `let` was declared to be; other names as they are."""
        return self._expressions.get(name, name)

    def _depth_of(self, expression: str) -> int:
        """Returns the outermost block where an expression has its value: loops do not compute what is the same each time."""
        depth = len(self._scopes) - 1
        names = _IDENTIFIER.findall(expression)
        if not self._changing.isdisjoint(names):
            return depth
        needed = max((self._depths.get(name, 0) for name in names), default=0)
        while depth > needed and self._scopes[depth].is_loop:
            depth -= 1
        return depth

    @property
    def lines(self) -> list[str]:
        """Lines of the outermost block."""
        return self._scopes[0].lines

    def statement(self, line: str) -> None:
        """Adds a line."""
        self._scopes[-1].lines.append(line)

    def uniform(self, value: int) -> str:
        """Returns a uniform of this value: it can change without another program."""
        self.ints.append(value)
        return f"u[{len(self.ints) - 1}]"

    def dims(self, node: Node, coords: Coords | None = None) -> tuple[str, ...]:
        """Returns uniforms for the dimensions of a node; the same ones each time."""
        if coords is not None and coords.shape == node.shape:
            return coords.dims
        return tuple(self._dim(node, axis) for axis in range(node.rank))

    def _dim(self, node: Node, axis: int) -> str:
        if node.shape[axis] == 1:
            return "1"
        key = (id(node), axis)
        if key not in self._dims:
            self._nodes.append(node)  # keeps the id valid
            self._dims[key] = self.uniform(node.shape[axis])
        return self._dims[key]

    def helper(self, source: str) -> None:
        """Adds the functions of a helper source, each once."""
        for function in source.strip().split("\n}\n"):
            text = function if function.endswith("}") else function + "\n}"
            if text not in self.helpers:
                self.helpers.append(text)

    @contextmanager
    def block(self, opening: str, is_loop: bool = False) -> Iterator[None]:
        """Writes `opening {` ... `}`; what is declared inside is not in reach outside."""
        self._scopes.append(_Scope(is_loop))
        yield
        inner = self._scopes.pop()
        self._scopes[-1].lines += [opening + " {", *inner.lines, "}"]

    # Values

    def define(self, node: Node, coords: Coords, name: str) -> None:
        """Makes `name` the value of `node` at these coordinates."""
        self._scopes[-1].values[(id(node), coords.key)] = name

    def value(self, node: Node, coords: Coords) -> str:
        """Returns the name of four elements of `node` (vec4, or ivec4 for int32 and bool)."""
        if node.op in SCALARS and node.buffer is None:
            return self._scalar_value(node)
        key = (id(node), coords.key)
        for scope in self._scopes:
            if key in scope.values:
                return scope.values[key]
        stored = self._stored(node)
        if stored is not None:
            name = self._load(node, coords, *stored)
        elif node.op.emit is None:
            raise NotImplementedError(f"{node.op.name} cannot be computed inside another kernel.")
        else:
            name = node.op.emit(self, node, coords)
        self._scopes[-1].values[key] = name
        return name

    def _scalar_value(self, node: Node) -> str:
        index = self._scalar(node)
        if index not in self._scalars:
            if node.dtype == "float32":
                self.floats.append(index)
                self._scalars[index] = f"vec4(f[{len(self.floats) - 1}])"
            else:
                self.ints.append(("scalar", index))
                self._scalars[index] = f"ivec4(u[{len(self.ints) - 1}])"
        return self._scalars[index]

    def _load(self, node: Node, coords: Coords, slot: int, layers: int, texels_per_layer: int) -> str:
        sampler = self.sampler(slot, node.dtype, layers, texels_per_layer)
        kind = glsl_type(node.dtype)
        if size(node.shape) == 1:
            return self.let(kind, f"{kind}(fetch{sampler}(0).x)")
        if coords.is_texel:
            texel = coords.texel()
            own = texel == "t" and layers == 1 and texels_per_layer == self.target
            return self.let(kind, f"fetchSameTexel{sampler}()" if own else f"fetch{sampler}({texel})")
        if coords.mode is Mode.SPLAT:
            return self.let(kind, f"{kind}(element{sampler}({coords.linear()}))")
        if coords.mode is Mode.ROW:
            return self._load_from(sampler, coords, kind)
        index = coords.lanes().linear()
        lanes = ", ".join(f"element{sampler}({index}.{lane})" for lane in "xyzw")
        return self.let(kind, f"{kind}({lanes})")

    def _load_from(self, sampler: int, coords: Coords, kind: str) -> str:
        """Returns four elements in a row that begin anywhere in a texel."""
        first = coords.linear()
        texel = self.let("int", texel_of(first, size(coords.shape)))
        if size(coords.shape) == coords.shape[-1]:  # of a single row, which begins with a texel
            return self.let(kind, f"fetch{sampler}({texel})")
        self.helper(_FOUR_FROM.replace("TYPE", kind).replace("PAIR", f"{kind[:-1]}2"))
        return self.let(kind, f"four_from_(fetch{sampler}({texel}), fetch{sampler}({texel} + 1), {first})")

    def sampler(self, slot: int, dtype: DType, layers: int, texels_per_layer: int) -> int:
        """Returns the number of the texture that holds a slot."""
        if slot not in self._sampler_of:
            self._sampler_of[slot] = len(self.textures)
            self.operand(slot, dtype, layers, texels_per_layer)
        return self._sampler_of[slot]

    def operand(self, slot: int, dtype: DType, layers: int, texels_per_layer: int) -> None:
        """Binds the next texture of a kernel file, which knows its operands by their order."""
        self.textures.append(
            TextureInput(
                slot, dtype, layers, self.uniform(texels_per_layer) if layers > 1 else "", texels_per_layer
            )
        )

    # Shared pieces of emit rules

    def cast(self, name: str, source: DType, target: DType) -> str:
        """Returns a value in another dtype, as NumPy converts it; float to int saturates, NaN gives 0."""
        if source == target or (source == "bool" and target == "int32"):
            return name
        if target == "float32":
            return self.let("vec4", f"vec4({name})")
        if target == "bool":
            zero = "vec4(0.)" if source == "float32" else "ivec4(0)"
            return self.let("ivec4", f"ivec4(notEqual({name}, {zero}))")
        self.helper(_TO_INT)
        return self.let("ivec4", f"to_int_({name})")

    def select(self, coords: Coords, condition: str, dtype: DType, yes: str, no: str) -> str:
        """Returns `yes` where a condition of `at.inside` holds and `no` elsewhere."""
        if coords.mode is not Mode.LANES:
            return self.let(glsl_type(dtype), f"{condition} ? {yes} : {no}")
        return self.select_lanes(condition, dtype, yes, no)

    def select_lanes(self, condition: str, dtype: DType, yes: str, no: str) -> str:
        """Returns, in each lane, `yes` where it is set in a bvec4 and `no` elsewhere."""
        if dtype == "float32":
            return self.let("vec4", f"mix({no}, {yes}, {condition})")
        return self.let("ivec4", f"select({condition}, {yes}, {no})")

    def root(self, shape: Shape, node: Node, texel: str = "t") -> Coords:
        """Returns the coordinates of the texel that a fragment computes."""
        return Coords(self, shape, self.dims(node), Mode.FLAT, linear=texel)

    def loops(
        self,
        counts: Sequence[str],
        body: Callable[[list[list[str]]], None],
        steps: Sequence[int],
        repeats: int = 1,
    ) -> None:
        """Writes nested loops and, inside them, `body(names of the counters, for each step of a turn)`.

        Args:
            counts: expressions of the ends of the counters.
            body: is called where the innermost loop is open.
            steps: of the counters.
            repeats: steps that a turn of the innermost loop takes; they divide its count.
        """

        def nest(names: list[str]) -> None:
            depth = len(names)
            if depth == len(counts):
                later = [self.let("int", f"{names[-1]} + {n * steps[-1]}") for n in range(1, repeats)]
                body([names, *([*names[:-1], last] for last in later)])
                return
            name = self._new("i")
            self._depths[name] = len(self._scopes)
            stride = steps[depth] * (repeats if depth == len(counts) - 1 else 1)
            step = f"{name} += {stride}" if stride != 1 else f"{name}++"
            with self.block(f"for (int {name} = 0; {name} < {counts[depth]}; {step})", is_loop=True):
                nest([*names, name])

        nest([])


_FOUR_FROM = """
TYPE four_from_(TYPE a, TYPE b, int i) {
  bvec2 offset = bvec2(i & 1, i & 2);
  TYPE first = offset.x ? TYPE(a.yzw, b.x) : a;
  PAIR second = offset.x ? b.yz : b.xy;
  return offset.y ? TYPE(first.zw, second) : first;
}
"""

_TO_INT = """
ivec4 to_int_(vec4 x) {
  ivec4 y = ivec4(min(max(x, vec4(-2147483648.)), vec4(2147483520.)));
  y = select(greaterThanEqual(x, vec4(2147483648.)), ivec4(2147483647), y);
  return select(notEqual(x, x), ivec4(0), y);
}
"""
