"""Where the four lanes of a GLSL value lie in a tensor, as expressions: the language of movement ops.

A fragment computes one texel: four consecutive elements. Following the graph from a kernel's root to its inputs, ops turn
these coordinates into those of their sources. Four modes, from cheap to general:

FLAT   the texel at `t` of the row-major tensor: loading it is one fetch;
ROW    scalar coordinates, the last of them a multiple of 4, the lanes follow each other along the last axis: one fetch, or two
       where rows are no whole texels; lanes behind the end of a row are not asked for then;
SPLAT  scalar coordinates, the same element in all lanes: one fetch;
LANES  ivec4 coordinates, each lane somewhere: four fetches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import Protocol

from tfjs_pyo.core.graph import Node
from tfjs_pyo.shapes import Shape, size

MOST_DIVIDED = 1 << 20
"""Numbers below this are divided as floats, exactly: GLSL allows a quotient an error of 2.5 units in the last place."""

MOST_EXACT = 1 << 24
"""Numbers below this are exact as floats. Software GPUs shift and divide integers lane by lane, floats four at a time."""


def quotient_of(a: str, b: str, most: int) -> str:
    """Returns the expression a / b, rounded down, for 0 <= a < most."""
    return f"divide({a}, {b})" if most <= MOST_DIVIDED else f"{a} / {b}"


def texel_of(a: str, most: int) -> str:
    """Returns the expression of the texel that holds element a, for 0 <= a < most."""
    return f"texelOf({a})" if most <= MOST_EXACT else f"{a} >> 2"


class Names(Protocol):
    """What coordinates need of the emitter of their kernel: names for expressions and sizes."""

    def let(self, kind: str, expression: str) -> str:
        """Declares a local of this GLSL type; equal expressions in reach share one."""

    def dims(self, node: Node, coords: Coords | None = None) -> tuple[str, ...]:
        """Returns uniforms for the dimensions of a node; the same ones each time."""


class Mode(Enum):
    """How the four lanes lie; see the top of this file."""

    FLAT = "flat"
    ROW = "row"
    SPLAT = "splat"
    LANES = "lanes"


def matching_axes(first: Shape, second: Shape) -> Iterator[tuple[range, range]]:
    """Yields the smallest groups of neighbouring axes that hold the same number of elements in two shapes of equal size."""
    if not size(first):
        yield range(len(first)), range(len(second))
        return
    a = b = 0
    while a < len(first) or b < len(second):
        start_a, start_b = a, b
        a, b = min(a + 1, len(first)), min(b + 1, len(second))
        while (left := size(first[start_a:a])) != (right := size(second[start_b:b])):
            if left < right:
                a += 1
            else:
                b += 1
        if len(first) == a:
            b = len(second)  # what is left are axes of length 1
        elif len(second) == b:
            a = len(first)
        yield range(start_a, a), range(start_b, b)


class Coords:
    """Coordinates of four elements of a tensor of `shape`.

    Attributes:
        dims: expressions of the dimensions; sizes are uniforms, so that programs do not depend on them.

    The place is given as coordinates per axis (parts), as a row-major index (linear), or as that of the same elements in a
    tensor of another shape (origin); the others are computed where they are asked for. For a texel of which only the elements
    of one row matter, `row` has the coordinates of that row.
    """

    def __init__(
        self,
        emitter: Names,
        shape: Shape,
        dims: Sequence[str],
        mode: Mode,
        parts: Sequence[str] | None = None,
        linear: str | None = None,
        origin: Coords | None = None,
        row: Sequence[str] | None = None,
    ) -> None:
        self.emitter = emitter
        self.shape = shape
        self.dims = tuple(dims)
        self.mode = mode
        self._parts = tuple(parts) if parts is not None else None
        self._linear = linear
        self._origin = origin
        self._row = tuple(row) if row is not None else None

    @property
    def rank(self) -> int:
        return len(self.shape)

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for coordinates that load the same elements."""
        place = self._origin.key if self._origin else self._linear if self._parts is None else self._parts
        return (self.mode, place, self.shape)

    @property
    def int_type(self) -> str:
        return "ivec4" if self.mode is Mode.LANES else "int"

    @property
    def is_texel(self) -> bool:
        """Whether these four elements are one texel."""
        return self.mode is Mode.FLAT or (self.mode is Mode.ROW and self.shape[-1] % 4 == 0)

    # Conversions

    def texel(self) -> str:
        """Returns the texel index of FLAT and ROW coordinates."""
        if self.mode is Mode.FLAT and self._linear is not None:
            return self._linear
        return self.emitter.let("int", texel_of(self.linear(), size(self.shape)))

    def linear(self) -> str:
        """Returns the row-major index: of lane 0 (FLAT, ROW), of the element (SPLAT), of each lane (LANES)."""
        if self.mode is Mode.FLAT:
            return self.emitter.let("int", f"{self._linear} * 4")
        if self._origin is not None:
            return self._origin.linear()
        return self._horner(self.parts(), self.dims) if self._linear is None else self._linear

    def _horner(self, parts: Sequence[str], dims: Sequence[str]) -> str:
        total = ""
        for part, dim in zip(parts, dims, strict=True):
            if total in ("", "0"):
                total = part
                continue
            # In two steps: the first may be the same for all turns of a loop.
            total = total if dim == "1" else self.emitter.let(self.int_type, f"{total} * {dim}")
            total = total if part == "0" else self.emitter.let(self.int_type, f"{total} + {part}")
        if total in ("", "0"):
            return "ivec4(0)" if self.mode is Mode.LANES else "0"
        return total

    def parts(self) -> tuple[str, ...]:
        """Returns a coordinate per axis (for ROW the last one is that of lane 0)."""
        if self.mode is Mode.FLAT:
            return self.spread().parts()
        # Not remembered here: the emitter shares equal expressions as far as GLSL's scopes reach.
        if self._parts is not None:
            return self._parts
        if self._origin is not None:
            return self._regrouped(self._origin)
        return tuple(self._decompose(self._linear or "0", range(len(self.shape))))

    def _decompose(self, linear: str, axes: Sequence[int]) -> list[str]:
        """Returns the coordinates along some axes of the row-major index in the space of these axes."""
        parts = dict.fromkeys(axes, "0")
        rest = linear
        wide = [axis for axis in axes if self.shape[axis] != 1]
        most = size(self.shape[axis] for axis in axes)
        for axis in reversed(wide):
            if axis == wide[0]:
                parts[axis] = rest
            else:
                quotient = self.emitter.let(self.int_type, quotient_of(rest, self.dims[axis], most))
                parts[axis] = self.emitter.let(self.int_type, f"{rest} - {quotient} * {self.dims[axis]}")
                rest = quotient
        return [parts[axis] for axis in axes]

    def _regrouped(self, origin: Coords) -> tuple[str, ...]:
        """Returns coordinates from those in another shape: axes that both have need no division."""
        given = origin.parts()
        found: list[str] = []
        for theirs, ours in matching_axes(origin.shape, self.shape):
            dims = [origin.dims[axis] for axis in theirs]
            index = self._horner([given[axis] for axis in theirs], dims)
            found += self._decompose(index, ours)
        return tuple(found)

    def spread(self) -> Coords:
        """Returns FLAT coordinates as ROW where rows are whole texels, as SPLAT for a single element, else as LANES."""
        if self.mode is not Mode.FLAT:
            return self
        if size(self.shape) == 1:
            return Coords(self.emitter, self.shape, self.dims, Mode.SPLAT, parts=["0"] * len(self.shape))
        if self.shape and self.shape[-1] % 4 == 0:
            return Coords(
                self.emitter,
                self.shape,
                self.dims,
                Mode.ROW,
                linear=self.emitter.let("int", f"{self._linear} * 4"),
            )
        base = self.emitter.let("int", f"{self._linear} * 4")
        lanes = self.emitter.let("ivec4", f"ivec4({base}) + ivec4(0, 1, 2, 3)")
        return Coords(self.emitter, self.shape, self.dims, Mode.LANES, linear=lanes)

    def lanes(self) -> Coords:
        """Returns the same elements in LANES mode."""
        coords = self.spread()
        if coords.mode is Mode.LANES:
            return coords
        let = self.emitter.let
        parts = [part if part == "0" else let("ivec4", f"ivec4({part})") for part in coords.parts()]
        if coords.mode is Mode.ROW:
            last = coords.parts()[-1]
            parts[-1] = let(
                "ivec4", f"ivec4({last}) + ivec4(0, 1, 2, 3)" if last != "0" else "ivec4(0, 1, 2, 3)"
            )
        return Coords(self.emitter, self.shape, self.dims, Mode.LANES, parts=parts)

    def lane(self, index: str) -> Coords:
        """Returns SPLAT coordinates of one lane; `index` is an int expression."""
        coords = self.spread()
        if coords.mode is Mode.SPLAT:
            return coords
        if coords.mode is Mode.LANES:
            parts = [p if p == "0" else self.emitter.let("int", f"{p}[{index}]") for p in coords.parts()]
        else:
            parts = list(coords.parts())
            parts[-1] = self.emitter.let("int", f"{parts[-1]} + {index}")
        return Coords(self.emitter, self.shape, self.dims, Mode.SPLAT, parts=parts)

    # Moves

    def move(
        self,
        shape: Shape,
        dims: Sequence[str],
        change: Callable[[list[str]], list[str]],
        keeps_rows: bool,
    ) -> Coords:
        """Returns coordinates in another tensor: `change` maps the parts.

        Args:
            shape, dims: of the other tensor.
            change: from coordinates per axis here to coordinates per axis there.
            keeps_rows: whether four neighbours along the last axis stay neighbours along the last, aligned to 4.
        """
        coords = self.spread()
        if coords.mode is Mode.ROW and not (keeps_rows and shape and shape[-1] % 4 == 0):
            coords = coords.lanes()
        return Coords(self.emitter, shape, dims, coords.mode, parts=change(list(coords.parts())))

    def reshape(self, node: Node) -> Coords:
        """Returns the coordinates of the same elements in the row-major tensor of `node`, of equal size."""
        dims = self.emitter.dims(node, self)
        if self.mode is Mode.FLAT:
            return Coords(self.emitter, node.shape, dims, Mode.FLAT, linear=self._linear)
        if self.mode is Mode.ROW and not self.is_texel:
            if not node.rank or node.shape[-1] != self.shape[-1]:
                return self.lanes().reshape(node)
            return Coords(self.emitter, node.shape, dims, Mode.ROW, origin=self._origin or self)
        if self.mode is Mode.ROW and (not node.rank or node.shape[-1] % 4):
            return Coords(self.emitter, node.shape, dims, Mode.FLAT, linear=self.texel())
        if self._parts is None and self._origin is None:
            return Coords(self.emitter, node.shape, dims, self.mode, linear=self.linear())
        return Coords(self.emitter, node.shape, dims, self.mode, origin=self._origin or self)

    def broadcast_to_source(self, node: Node) -> Coords:
        """Returns the coordinates in `node` of what is broadcast to this shape."""
        if node.shape == self.shape:
            return self
        if size(node.shape) == 1:
            return Coords(self.emitter, node.shape, ["1"] * node.rank, Mode.SPLAT, parts=["0"] * node.rank)
        if size(node.shape) == size(self.shape):
            return self.reshape(node)
        lead = len(self.shape) - node.rank
        if self._row is not None and node.shape[-1] == 1:
            given = [*self._row, "0"][lead:]
            parts = ["0" if dim == 1 else part for part, dim in zip(given, node.shape, strict=True)]
            dims = [self.dims[lead + axis] if dim != 1 else "1" for axis, dim in enumerate(node.shape)]
            return Coords(self.emitter, node.shape, dims, Mode.SPLAT, parts=parts)
        coords = self.spread()
        dims = [
            self.dims[lead + axis] if dim == self.shape[lead + axis] else "1"
            for axis, dim in enumerate(node.shape)
        ]
        parts = list(coords.parts())[lead:]
        repeats_last = node.shape[-1] == 1 and self.shape[-1] != 1
        parts = ["0" if dim == 1 else part for part, dim in zip(parts, node.shape, strict=True)]
        mode = Mode.SPLAT if coords.mode is Mode.ROW and repeats_last else coords.mode
        return Coords(self.emitter, node.shape, dims, mode, parts=parts)

    def inside(self, checks: Sequence[str]) -> str:
        """Returns a bool (LANES: bvec4) expression that holds where all checks do; checks are comparisons of parts."""
        if self.mode is Mode.LANES:
            return "bvec4(" + " & ".join(f"ivec4({check})" for check in checks) + ")"
        return "(" + " && ".join(checks) + ")"

    def less(self, a: str, b: str) -> str:
        """Returns the comparison a < b of two coordinate expressions."""
        if self.mode is Mode.LANES:
            return f"lessThan({self.vector(a)}, {self.vector(b)})"
        return f"{a} < {b}"

    def not_less(self, a: str, b: str) -> str:
        """Returns the comparison a >= b of two coordinate expressions."""
        if self.mode is Mode.LANES:
            return f"greaterThanEqual({self.vector(a)}, {self.vector(b)})"
        return f"{a} >= {b}"

    def equals(self, a: str, b: str) -> str:
        """Returns the comparison a == b of two coordinate expressions."""
        if self.mode is Mode.LANES:
            return f"equal({self.vector(a)}, {self.vector(b)})"
        return f"{a} == {b}"

    @staticmethod
    def vector(expression: str) -> str:
        """Returns an expression as ivec4; ivec4(ivec4) is the identity."""
        return f"ivec4({expression})"
