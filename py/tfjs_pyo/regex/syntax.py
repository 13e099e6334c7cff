"""From the text of a regular expression to a tree. Source: https://github.com/google/re2/wiki/Syntax"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import NoReturn

MOST_LEVELS = 100
MOST_REPEATS = 1000
"""As RE2 has it."""
_LAST = 0x10FFFF


class PatternError(ValueError):
    """A pattern that is no regular expression of RE2, or one that is too large."""


@dataclass(frozen=True)
class Chars:
    """A set of characters.

    Attributes:
        ranges: first and last code point of each.
        categories: those of Unicode, such as 'Lu' or 'L', and whether what is outside of it counts.
        negated: whether it is the others that are meant.
        folded: whether upper and lower case are the same.
    """

    ranges: tuple[tuple[int, int], ...] = ()
    categories: tuple[tuple[str, bool], ...] = ()
    negated: bool = False
    folded: bool = False

    def __contains__(self, char: str) -> bool:
        forms = {char}
        if self.folded:
            forms |= {form for form in (char.lower(), char.upper()) if len(form) == 1}
        return any(map(self._has, forms)) != self.negated

    def _has(self, char: str) -> bool:
        code = ord(char)
        return any(first <= code <= last for first, last in self.ranges) or any(
            unicodedata.category(char).startswith(name) != outside for name, outside in self.categories
        )


@dataclass(frozen=True)
class Assertion:
    r"""A condition on a place: `^`, `$`, `\b` and their kin."""

    kind: str


@dataclass(frozen=True)
class Sequence:
    """One node after the other."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Choice:
    """The first node that leads to a match."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class Repeat:
    """A node several times; `most` None: any number of times; `greedy`: as often as possible."""

    item: Node
    least: int
    most: int | None
    greedy: bool


@dataclass(frozen=True)
class Group:
    """A node whose place is noted under a number."""

    item: Node
    number: int


Node = Chars | Assertion | Sequence | Choice | Repeat | Group

BEGIN_TEXT, END_TEXT, BEGIN_LINE, END_LINE, WORD, NOT_WORD = ("A", "z", "^", "$", "b", "B")

_DIGITS = ((48, 57),)
_SPACES = ((9, 10), (12, 13), (32, 32))
_WORDS = ((48, 57), (65, 90), (95, 95), (97, 122))
_PERL = {"d": _DIGITS, "s": _SPACES, "w": _WORDS}
_NAMED = {
    "alnum": ((48, 57), (65, 90), (97, 122)), "alpha": ((65, 90), (97, 122)), "ascii": ((0, 127),), "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 31), (127, 127)), "digit": _DIGITS, "graph": ((33, 126),), "lower": ((97, 122),), "print": ((32, 126),),
    "punct": ((33, 47), (58, 64), (91, 96), (123, 126)), "space": ((9, 13), (32, 32)), "upper": ((65, 90),), "word": _WORDS,
    "xdigit": ((48, 57), (65, 70), (97, 102)),
}  # fmt: skip
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PARTS = {"C": "cfnos", "L": "lmotu", "M": "cen", "N": "dlo", "P": "cdefios", "S": "ckmo", "Z": "lps"}
_CATEGORIES = {*_PARTS, *(kind + part for kind, parts in _PARTS.items() for part in parts)}
_COUNTS = re.compile(r"\{([0-9]+)(,([0-9]*))?\}")
_HEX = re.compile(r"x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})")
_OCTAL = re.compile(r"0[0-7]{0,2}|[1-7][0-7]{1,2}")
_FLAGS = re.compile(r"\?([imsU]*)(-[imsU]+)?([:)])")
_NAME = re.compile(r"\?P?<([A-Za-z0-9_]+)>")
_UNKNOWN_TO_RE2 = (("?=", "lookahead"), ("?!", "lookahead"), ("?<=", "lookbehind"), ("?<!", "lookbehind"))


class Parser:
    """Reads a pattern.

    Args:
        pattern: its text.
    """

    def __init__(self, pattern: str) -> None:
        self.text = pattern
        self.position = 0
        self.groups = 0
        self._flags: frozenset[str] = frozenset()
        self._quoting = False

    def whole(self) -> Node:
        """Returns the tree of the pattern.

        Raises:
            PatternError: it is none of RE2's.
        """
        found = self._choice(0)
        if self.position < len(self.text):
            self._fail("unexpected )")
        return found

    def _fail(self, reason: str) -> NoReturn:
        raise PatternError(f"{reason} at position {self.position}")

    def _take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found

    def _take_text(self, text: str) -> bool:
        found = self.text.startswith(text, self.position)
        self.position += len(text) if found else 0
        return found

    def _choice(self, level: int) -> Node:
        """Returns what stands until the end, or the parenthesis that closes; flags that are set within end with it."""
        if level > MOST_LEVELS:
            self._fail(f"more than {MOST_LEVELS} levels of parentheses")
        flags = self._flags
        branches: list[Node] = []
        items: list[Node] = []
        while self.position < len(self.text) and (self._quoting or self.text[self.position] != ")"):
            if not self._quoting and self._take_text("|"):
                branches.append(Sequence(tuple(items)))
                items = []
                continue
            found = self._atom(level)
            if found is not None:
                items.append(self._repeated(found))
        self._flags = flags
        branches.append(items[0] if len(items) == 1 else Sequence(tuple(items)))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _repeated(self, item: Node) -> Node:
        """Returns a node with the quantifier behind it."""
        counts = None if self._quoting else self._counts()
        if counts is None:
            return item
        lazy = self._take_text("?")
        if self.text[self.position : self.position + 1] in ("*", "+", "?") or _COUNTS.match(
            self.text, self.position
        ):
            self._fail("a repetition of a repetition")
        return Repeat(item, *counts, lazy == ("U" in self._flags))

    def _counts(self) -> tuple[int, int | None] | None:
        for mark, counts in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._take_text(mark):
                return counts
        found = self._take(_COUNTS)
        if found is None:
            return None
        if max(map(len, (found[1], found[3] or ""))) > 4:
            self._fail(f"more than {MOST_REPEATS} repetitions")
        least = int(found[1])
        most = least if found[2] is None else int(found[3]) if found[3] else None
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            self._fail(f"expected repetitions that rise from 0 to {MOST_REPEATS}")
        return least, most

    def _atom(self, level: int) -> Node | None:
        """Returns what a quantifier may follow; None where flags are set or quoting begins or ends."""
        char = self.text[self.position]
        if self._quoting:
            if self._take_text("\\E"):
                self._quoting = False
                return None
            self.position += 1
            self._quoting = not self._take_text("\\E")  # a quantifier behind it is meant for this character
            return self._literal(ord(char))
        if char == "[":
            return self._set()
        if char == "\\":
            return self._escape()
        if char in "*+?" or _COUNTS.match(self.text, self.position):
            self._fail("nothing to repeat")
        self.position += 1
        if char == "(":
            return self._group(level)
        if char == ".":
            return Chars(((0, _LAST),)) if "s" in self._flags else Chars(((10, 10),), negated=True)
        if char in "^$":
            in_lines = "m" in self._flags
            return Assertion(
                (BEGIN_LINE if in_lines else BEGIN_TEXT)
                if char == "^"
                else (END_LINE if in_lines else END_TEXT)
            )
        return self._literal(ord(char))

    def _literal(self, code: int) -> Chars:
        return Chars(((code, code),), folded="i" in self._flags)

    def _group(self, level: int) -> Node | None:
        for mark, what in _UNKNOWN_TO_RE2:
            if self.text.startswith(mark, self.position):
                self._fail(f"RE2, which TensorFlow uses, has no {what}")
        if self.text.startswith("?", self.position) and self._take(_NAME) is None:
            return self._flagged(level)
        self.groups += 1
        number = self.groups
        return Group(self._closed(level), number)

    def _flagged(self, level: int) -> Node | None:
        """Returns what stands in a group that only sets flags, for it or, where it is empty, for what follows."""
        found = self._take(_FLAGS)
        if found is None:
            self._fail("an unknown kind of group")
        before = self._flags
        self._flags = (before | set(found[1])) - set(found[2] or "")
        if found[3] == ")":
            return None
        node = self._closed(level)
        self._flags = before
        return node

    def _closed(self, level: int) -> Node:
        found = self._choice(level + 1)
        if not self._take_text(")"):
            self._fail("a parenthesis that is not closed")
        return found

    def _escape(self) -> Node | None:
        for name in (BEGIN_TEXT, END_TEXT, WORD, NOT_WORD):
            if self._take_text(f"\\{name}"):
                return Assertion(name)
        if self._take_text("\\Q"):
            self._quoting = True
            return None
        if (self.text[self.position + 1 : self.position + 2] or " ") in "123456789":
            after = self.text[self.position + 2 : self.position + 3]
            if not after or after not in "01234567":
                self._fail("RE2, which TensorFlow uses, has no references to groups within a pattern")
        ranges, categories = self._escaped()
        return Chars(ranges, categories, folded="i" in self._flags)

    def _escaped(self) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[str, bool], ...]]:
        """Returns ranges and categories of what a backslash begins, outside of a set or in it."""
        self.position += 1
        char = self.text[self.position : self.position + 1]
        if not char:
            self._fail("a backslash at the end")
        code = self._code()
        if code is not None:
            return ((code, code),), ()
        self.position += 1
        if char in _PERL:
            return _PERL[char], ()
        if char.lower() in _PERL:
            return _others(_PERL[char.lower()]), ()
        if char in "pP":
            return self._category(char == "P")
        if char in _CONTROLS:
            return ((_CONTROLS[char],) * 2,), ()
        if char.isascii() and char.isalnum():
            self._fail(f"RE2 has no \\{char}")
        return ((ord(char),) * 2,), ()

    def _code(self) -> int | None:
        """Returns the code point that hexadecimal or octal digits name."""
        found = self._take(_HEX)
        if found is not None:
            code = int(found[1] or found[2] or found[3], 16)
            if code > _LAST:
                self._fail("a code point beyond 10FFFF")
            return code
        found = self._take(_OCTAL)
        return int(found[0], 8) if found is not None else None

    def _category(self, outside: bool) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[str, bool], ...]]:
        if self._take_text("{"):
            end = self.text.find("}", self.position)
            name = self.text[self.position : end] if end >= 0 else ""
            self.position = end + 1 if end >= 0 else self.position
        else:
            name = self.text[self.position : self.position + 1]
            self.position += 1
        if name.startswith("^"):
            name, outside = name[1:], not outside
        if name == "Any":
            return () if outside else ((0, _LAST),), ()
        if name not in _CATEGORIES:
            self._fail(f"expected a category of Unicode such as L or Lu, received {name[:40]!r}")
        return (), ((name, outside),)

    def _set(self) -> Chars:
        self.position += 1
        negated = self._take_text("^")
        ranges: list[tuple[int, int]] = []
        categories: list[tuple[str, bool]] = []
        first = True
        while first or not self._take_text("]"):
            if self.position >= len(self.text):
                self._fail("a set that is not closed")
            first = False
            found, named = self._member()
            low = found[0][0] if len(found) == 1 and not named and found[0][0] == found[0][1] else None
            is_range = self.text.startswith("-", self.position) and not self.text.startswith(
                "-]", self.position
            )
            if is_range and low is not None:
                self.position += 1
                end, named_too = self._member() if self.position < len(self.text) else ((), ())
                if len(end) != 1 or named_too or end[0][0] != end[0][1] or end[0][0] < low:
                    self._fail("a range of characters that does not rise from one to another")
                found = ((low, end[0][0]),)
            ranges += found
            categories += named
        return Chars(tuple(ranges), tuple(categories), negated, "i" in self._flags)

    def _member(self) -> tuple[tuple[tuple[int, int], ...], tuple[tuple[str, bool], ...]]:
        if self.text.startswith("[:", self.position):
            end = self.text.find(":]", self.position)
            name = self.text[self.position + 2 : end] if end >= 0 else ""
            if end >= 0:
                known = _NAMED.get(name.removeprefix("^"))
                if known is None:
                    self._fail(f"there is no set [:{name[:40]}:]")
                self.position = end + 2
                return (_others(known) if name.startswith("^") else known), ()
        if self.text.startswith("\\", self.position):
            return self._escaped()
        self.position += 1
        code = ord(self.text[self.position - 1])
        return ((code, code),), ()


def _others(ranges: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Returns the ranges between ranges that rise."""
    found, begin = [], 0
    for first, last in ranges:
        if first > begin:
            found.append((begin, first - 1))
        begin = last + 1
    return (*found, (begin, _LAST))


__all__ = [
    "BEGIN_LINE", "BEGIN_TEXT", "END_LINE", "END_TEXT", "NOT_WORD", "WORD", "Assertion", "Chars", "Choice", "Group", "Node",
    "Parser", "PatternError", "Repeat", "Sequence",
]  # fmt: skip
