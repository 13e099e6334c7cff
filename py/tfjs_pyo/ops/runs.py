"""Rows of any length, read by whole texels: those at the two ends hold elements of other rows, too, which are left out."""

from __future__ import annotations

from tfjs_pyo.compiler.coords import Coords, Mode, texel_of
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.core.graph import Node

SHORTEST = 8
"""Rows from so many elements on are read this way; for shorter ones texels at the ends are most of them."""

_WITHIN = """
bvec4 within_(ivec4 at, int end) {
  return bvec4(ivec4(greaterThanEqual(at, ivec4(0))) & ivec4(lessThan(at, ivec4(end))));
}
"""


class Run:
    """The texels of a tensor that a row of it lies in.

    Args:
        emitter: what is written with.
        source: the tensor.
        coords: of one element in a tensor of the leading axes: which row it is.
        length: of a row, the product of the other axes.

    Attributes:
        turns: how many texels there are at most.
        is_whole: whether it begins and ends with a texel: then nothing of other rows has to be left out.
    """

    def __init__(self, emitter: Emitter, source: Node, coords: Coords, length: int) -> None:
        self._emitter, self._source, self._row = emitter, source, coords
        self._dims = emitter.dims(source)
        self._is_last_axis = coords.rank == source.rank - 1
        self._length = self._dims[-1] if self._is_last_axis else emitter.uniform(length)
        self.is_whole = length % 4 == 0
        self.turns = length // 4 if self.is_whole else (length + 6) // 4
        begin = emitter.let("int", f"{coords.linear()} * {self._length}")
        self._texel = emitter.let("int", texel_of(begin, source.size))
        self._skipped = "0" if self.is_whole else emitter.let("int", f"{begin} - {self._texel} * 4")
        if not self.is_whole:
            emitter.helper(_WITHIN)

    def coords(self, turn: str) -> Coords:
        """Returns the coordinates of the elements of a texel."""
        texel = self._emitter.let("int", f"{self._texel} + {turn}")
        row = self._row.parts() if self._is_last_axis else None
        return Coords(self._emitter, self._source.shape, self._dims, Mode.FLAT, linear=texel, row=row)

    def columns(self, turn: str) -> str:
        """Returns the places of these elements in the row, as an ivec4."""
        first = f"{turn} * 4" if self.is_whole else f"{turn} * 4 - {self._skipped}"
        return self._emitter.let("ivec4", f"ivec4({first}) + ivec4(0, 1, 2, 3)")

    def inside(self, turn: str) -> str | None:
        """Returns which of these elements belong to the row, as a bvec4; None for all."""
        if self.is_whole:
            return None
        return self._emitter.let("bvec4", f"within_({self.columns(turn)}, {self._length})")
