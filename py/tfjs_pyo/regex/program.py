"""From the tree of a regular expression to the steps of an automaton."""

from __future__ import annotations

from typing import NamedTuple

from tfjs_pyo.regex.syntax import Assertion, Chars, Choice, Group, Node, PatternError, Repeat, Sequence

_MOST_STEPS = 20_000
_MOST_WORK = 200_000


class Take(NamedTuple):
    """Reads a character of a set, and goes on behind this step."""

    chars: Chars


class Split(NamedTuple):
    """Goes on at the first place, or where that leads nowhere at the second."""

    first: int
    second: int


class Save(NamedTuple):
    """Notes the place in the text."""

    slot: int


class Test(NamedTuple):
    """Goes on where a condition holds."""

    kind: str


class Jump(NamedTuple):
    """Goes on elsewhere."""

    target: int


class Accept(NamedTuple):
    """The text up to here matches."""


Step = Take | Split | Save | Test | Jump | Accept


class Program:
    """The steps of a pattern.

    Args:
        root: its tree.

    Raises:
        PatternError: there would be too many.
    """

    def __init__(self, root: Node) -> None:
        self.steps: list[Step] = []
        self._work = 0
        self._emit(root)
        self.steps.append(Accept())

    def _emit(self, node: Node) -> None:
        self._work += 1
        if len(self.steps) > _MOST_STEPS or self._work > _MOST_WORK:
            raise PatternError(f"it is too large: it has more than {_MOST_STEPS} steps")
        if isinstance(node, Chars):
            self.steps.append(Take(node))
        elif isinstance(node, Assertion):
            self.steps.append(Test(node.kind))
        elif isinstance(node, Sequence):
            for item in node.items:
                self._emit(item)
        elif isinstance(node, Group):
            self.steps.append(Save(2 * node.number))
            self._emit(node.item)
            self.steps.append(Save(2 * node.number + 1))
        elif isinstance(node, Choice):
            self._emit_choice(node)
        else:
            self._emit_repeat(node)

    def _reserve(self) -> int:
        self.steps.append(Jump(0))
        return len(self.steps) - 1

    def _split(self, at: int, one: int, other: int, greedy: bool) -> None:
        self.steps[at] = Split(one, other) if greedy else Split(other, one)

    def _emit_choice(self, node: Choice) -> None:
        ends = []
        for item in node.items[:-1]:
            split = self._reserve()
            self._emit(item)
            ends.append(self._reserve())
            self._split(split, split + 1, len(self.steps), greedy=True)
        self._emit(node.items[-1])
        for end in ends:
            self.steps[end] = Jump(len(self.steps))

    def _emit_repeat(self, node: Repeat) -> None:
        """Emits `x{2,4}` as xx(x(x)?)?, `x{2,}` as xx+, and `x*` as (x+)?: so an x that may be empty is tried once, too."""
        once_more = node.most is None
        for _ in range(node.least - once_more):
            self._emit(node.item)
        optional = int(node.least == 0) if node.most is None else node.most - node.least
        splits = []
        for _ in range(optional):
            splits.append(self._reserve())
            if not once_more:
                self._emit(node.item)
        if once_more:
            begin = len(self.steps)
            self._emit(node.item)
            split = self._reserve()
            self._split(split, begin, len(self.steps), node.greedy)
        for split in splits:
            self._split(split, split + 1, len(self.steps), node.greedy)


__all__ = ["Accept", "Jump", "Program", "Save", "Split", "Step", "Take", "Test"]
