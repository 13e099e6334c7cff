"""What a regular expression finds in a text, in time that grows with the length of the text, and no faster.

One pass from the end notes for each place which steps of the pattern can lead to a match from there. A second one, from the
beginning, follows the first of several ways that does, so that it never has to go back.
Source: https://doi.org/10.1007/978-3-540-27836-8_53 (Frisch and Cardelli, Greedy Regular Expression Matching)
"""

from __future__ import annotations

from collections.abc import Iterator

from tfjs_pyo.regex import syntax
from tfjs_pyo.regex.program import Accept, Jump, Program, Save, Split, Take, Test

_MOST_EDGES = 2_000_000
"""How many ways between steps a pattern may have; more would take seconds to find."""
_CACHED = 20_000
_NONE, _NEWLINE, _LETTER, _OTHER = range(4)
"""What stands beside a place: nothing, or which kind of character."""

Spans = list[int | None]
"""Begin and end of the whole match, then those of each group; None where a group has no part in it."""


def _kind(char: str) -> int:
    if char == "\n":
        return _NEWLINE
    return _LETTER if char == "_" or (char.isascii() and char.isalnum()) else _OTHER


def _holding(before: int, after: int) -> frozenset[str]:
    """Returns the conditions that hold between two kinds of neighbours."""
    conditions = {
        syntax.BEGIN_TEXT: before == _NONE,
        syntax.END_TEXT: after == _NONE,
        syntax.BEGIN_LINE: before in (_NONE, _NEWLINE),
        syntax.END_LINE: after in (_NONE, _NEWLINE),
        syntax.WORD: (before == _LETTER) != (after == _LETTER),
        syntax.NOT_WORD: (before == _LETTER) == (after == _LETTER),
    }
    return frozenset(name for name, holds in conditions.items() if holds)


class Pattern:
    """A regular expression.

    Args:
        pattern: its text, in RE2's syntax.

    Raises:
        PatternError: it is none, or too large.

    Example:
        >>> [spans[:2] for spans in Pattern("a+|b").matches("aab")]
        [[0, 2], [2, 3]]
    """

    def __init__(self, pattern: str) -> None:
        parser = syntax.Parser(pattern)
        self._steps = Program(parser.whole()).steps
        self.groups = parser.groups
        takes = [(place, step) for place, step in enumerate(self._steps) if isinstance(step, Take)]
        self._number_of = {place: number for number, (place, _) in enumerate(takes)}
        self._start, self._accept = len(takes), len(takes) + 1
        # Where the pattern goes on: behind each step that takes a character, and at its beginning.
        self._entries = [place + 1 for place, _ in takes] + [0]
        by_set: dict[syntax.Chars, int] = {}
        for number, (_, step) in enumerate(takes):
            by_set[step.chars] = by_set.get(step.chars, 0) | 1 << number
        self._by_set = by_set
        self._masks: dict[str, int] = {}
        self._tested = frozenset(step.kind for step in self._steps if isinstance(step, Test))
        self._edges = 0
        self._sources: dict[frozenset[str], list[int]] = {}
        self._viable: dict[tuple[int, frozenset[str]], int] = {}
        self._ways: dict[tuple[int, int, frozenset[str]], tuple[int, tuple[int, ...]]] = {}
        self._sources_of(frozenset())

    def matches(self, text: str) -> Iterator[Spans]:
        """Yields what is found, one after the other; where several ways lead to a match the pattern's first one counts.

        Raises:
            PatternError: the pattern is too large.
        """
        masks = [self._mask(char) for char in text]
        places = self._places(text)
        viable = self._viable_places(masks, places)
        start, position, count = 1 << self._start, 0, len(text)
        while position <= count:
            if not viable[position] & start:
                position += 1
                continue
            found = self._followed(position, masks, places, viable)
            yield found
            end = found[1]
            position = end + (end == found[0]) if end is not None else count + 1

    def _mask(self, char: str) -> int:
        """Returns which steps take a character, as bits."""
        found = self._masks.get(char)
        if found is None:
            found = 0
            for chars, numbers in self._by_set.items():
                if char in chars:
                    found |= numbers
            self._masks[char] = found
        return found

    def _places(self, text: str) -> list[frozenset[str]]:
        """Returns the conditions that hold at each place, of those that the pattern asks for."""
        if not self._tested:
            return [frozenset()] * (len(text) + 1)
        table = [[_holding(before, after) & self._tested for after in range(4)] for before in range(4)]
        kinds = [_NONE, *map(_kind, text), _NONE]
        return [table[kinds[place]][kinds[place + 1]] for place in range(len(text) + 1)]

    def _viable_places(self, masks: list[int], places: list[frozenset[str]]) -> list[int]:
        """Returns for each place where the pattern can go on there so that it comes to an end, as bits."""
        accept, cache = 1 << self._accept, self._viable
        viable = [0] * len(places)
        after = 0
        for place in range(len(places) - 1, -1, -1):
            reached = (masks[place] & after if place < len(masks) else 0) | accept
            key = (reached, places[place])
            found = cache.get(key)
            if found is None:
                sources = self._sources_of(places[place])
                found, left = 0, reached
                while left:
                    lowest = left & -left
                    found |= sources[lowest.bit_length() - 1]
                    left ^= lowest
                if len(cache) >= _CACHED:
                    cache.clear()
                cache[key] = found
            viable[place] = after = found
        return viable

    def _sources_of(self, holding: frozenset[str]) -> list[int]:
        """Returns for each step that takes a character, and for the end, from where it is reached without one, as bits."""
        found = self._sources.get(holding)
        if found is None:
            found = [0] * (self._accept + 1)
            for number, entry in enumerate(self._entries):
                for reached in self._reached(entry, holding):
                    found[reached] |= 1 << number
            self._sources[holding] = found
        return found

    def _reached(self, entry: int, holding: frozenset[str]) -> Iterator[int]:
        """Yields the numbers of the steps that take a character, and of the end, that are reached without one."""
        met, stack = {entry}, [entry]
        while stack:
            place = stack.pop()
            self._edges += 1
            if self._edges > _MOST_EDGES:
                raise syntax.PatternError("it is too large: there are too many ways through it")
            step = self._steps[place]
            if isinstance(step, Take):
                yield self._number_of[place]
            elif isinstance(step, Accept):
                yield self._accept
            else:
                for target in self._targets(place, holding):
                    if target not in met:
                        met.add(target)
                        stack.append(target)

    def _targets(self, place: int, holding: frozenset[str]) -> tuple[int, ...]:
        """Returns where a step that takes no character leads, the first choice first."""
        step = self._steps[place]
        if isinstance(step, Split):
            return (step.first, step.second)
        if isinstance(step, Jump):
            return (step.target,)
        return () if isinstance(step, Test) and step.kind not in holding else (place + 1,)

    def _followed(
        self, position: int, masks: list[int], places: list[frozenset[str]], viable: list[int]
    ) -> Spans:
        """Returns the match that begins at a place where one does."""
        spans: Spans = [None] * (2 * self.groups + 2)
        spans[0] = position
        accept, cache, number = 1 << self._accept, self._ways, self._start
        while True:
            reached = (masks[position] & viable[position + 1] if position < len(masks) else 0) | accept
            key = (number, reached, places[position])
            way = cache.get(key)
            if way is None:
                if len(cache) >= _CACHED:
                    cache.clear()
                way = cache[key] = self._way(*key)
            number, slots = way
            for slot in slots:
                spans[slot] = position
            if number == self._accept:
                spans[1] = position
                return spans
            position += 1

    def _way(self, number: int, reached: int, holding: frozenset[str]) -> tuple[int, tuple[int, ...]]:
        """Returns the first step, in the order of the pattern, that can go on, and the slots that are noted on the way to it."""
        met: set[int] = set()
        stack: list[tuple[int, tuple[int, ...]]] = [(self._entries[number], ())]
        while stack:
            place, slots = stack.pop()
            if place in met:
                continue
            met.add(place)
            step = self._steps[place]
            if isinstance(step, Accept):
                return self._accept, slots
            if isinstance(step, Take):
                taken = self._number_of[place]
                if reached >> taken & 1:
                    return taken, slots
                continue
            if isinstance(step, Save):
                slots = (*slots, step.slot)
            stack += [(target, slots) for target in reversed(self._targets(place, holding))]
        raise AssertionError("a place that can go on does")  # pragma: no cover


__all__ = ["Pattern"]
