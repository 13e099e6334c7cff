"""Docstrings that name every parameter: what their own Args section leaves out is said by the declarations."""

from __future__ import annotations

import functools
import inspect
import itertools
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping
from types import FunctionType
from typing import TYPE_CHECKING, Any

from tfjs_pyo.later import Later

if TYPE_CHECKING:
    from tfjs_pyo import meanings
else:
    meanings = Later("tfjs_pyo.meanings")

_ENTRY = re.compile(r"^    (\*{0,2}\w+(?:,\s+(?:\*{0,2}\w+|\.\.\.))*)(?: \([^)]*\))?:\s", re.MULTILINE)
_AFTER_ARGS = re.compile(
    r"^(?:Returns|Yields|Raises|Attributes|Example|Examples|Source|Input shape|Output shape):", re.MULTILINE
)
_WIDTH = 110


def entries(doc: str) -> dict[str, str]:
    r"""Returns what the Args section of a docstring says of each parameter; parameters that stand together say the same.

    Args:
        doc: without indentation, as `inspect.cleandoc` gives it.

    Example:
        >>> entries("Adds.\n\nArgs:\n    a, b: numbers,\n        of any shape.\n")
        {'a': 'numbers, of any shape.', 'b': 'numbers, of any shape.'}
    """
    section = _section(doc)[1]
    found = list(_ENTRY.finditer(section))
    return {
        name.strip("* "): " ".join(section[each.end() : following.start() if following else None].split())
        for each, following in itertools.zip_longest(found, found[1:])
        for name in each[1].split(",")
    }


def _section(doc: str) -> tuple[str, str, str]:
    """Returns what stands before the entries of the Args section, these, and what follows; without entries: where they belong."""
    before, heading, rest = doc.partition("Args:\n")
    if heading:
        end = re.search(r"\n(?=\n*\S)", rest)
        cut = end.start() + 1 if end else len(rest)
        return before.rstrip(), rest[:cut].rstrip(), rest[cut:].strip()
    place = _AFTER_ARGS.search(doc)
    if place is None and " Source:" in doc:  # a docstring of one line
        before, _, rest = doc.partition(" Source:")
        return before, "", f"Source:{rest}"
    cut = place.start() if place else len(doc)
    return doc[:cut].rstrip(), "", doc[cut:].strip()


def completed(doc: str, names: Iterable[str], meaning: Callable[[str], str | None]) -> str:
    r"""Returns a docstring whose Args section says something of each parameter.

    Args:
        doc: the docstring.
        names: of the parameters, in their order.
        meaning: says what one means that the docstring leaves out; None: nothing is said of it.

    Example:
        >>> print(completed("Doubles. Source: a book", ["x"], {"x": "a number."}.get))
        Doubles.
        <BLANKLINE>
        Args:
            x: a number.
        <BLANKLINE>
        Source: a book
    """
    doc = inspect.cleandoc(doc)
    said = entries(doc)
    missing = [(meaning(name), name) for name in names if name not in said]
    alike = itertools.groupby(missing, key=lambda pair: pair[0])
    lines = [_entry(", ".join(name for _, name in pairs), text) for text, pairs in alike if text]
    if not lines:
        return doc
    before, section, after = _section(doc)
    parts = [before, "\n".join(["Args:", *filter(None, [section]), *lines]), after]
    return "\n\n".join(filter(None, parts))


def without_args(doc: str) -> str:
    """Returns a docstring without its Args section."""
    before, section, after = _section(doc)
    return "\n\n".join(filter(None, [before, after])) if section else doc


def _entry(name: str, text: str) -> str:
    line = f"    {name}: {text}"
    if (
        len(line) <= _WIDTH and "\n" not in text
    ):  # of most; wrapping would cost an import of the package a tenth
        return line
    return textwrap.fill(f"{name}: {text}", _WIDTH, initial_indent="    ", subsequent_indent=" " * 8)


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Returns sentences with other names of parameters in them.

    Names of one or two characters are found where they stand, but for "a" before a word, which is an article; longer ones where
    they are in backticks, have an index or are a factor. Outside of formulas, a long name in the place of a short one gets
    backticks.

    Args:
        text: what is said of a function.
        names: by those in the text.

    Example:
        >>> with_names("Returns a tensor of a + b, the larger of a and b.", {"a": "x1", "b": "x2"})
        'Returns a tensor of x1 + x2, the larger of x1 and x2.'
        >>> with_names("Returns x repeated `reps[i]` times.", {"x": "input", "reps": "multiples"})
        'Returns `input` repeated `multiples[i]` times.'
        >>> with_names("Returns x if x > 0.", {"x": "features"})
        'Returns `features` if features > 0.'
    """
    found = [_IN_SENTENCES.get(name, _SHORT if len(name) < 3 else _LONG).format(name) for name in names]
    return re.sub("|".join(found), lambda word: _named(word, names[word[0]]), text) if found else text


def _named(word: re.Match[str], name: str) -> str:
    before, after = word.string[: word.start()], word.string[word.end() :]
    in_formula = re.search(r"[-+*/^<>=|([`]\s?$", before) or re.match(r"\s?[-+*/^<>=|([`]|\.\w", after)
    return name if len(name) < 3 or in_formula else f"`{name}`"


_SHORT = r"(?<![\w'-])\b{0}\b(?!['-]\w)"
_LONG = r"(?<=`)\b{0}\b(?=`)|\b{0}\b(?=\[| \*)|(?<=\* ){0}\b"
_IN_SENTENCES = {"a": r"\ba\b(?=$|[^\w\s]|\s+(?:[^\w\s(`'\"]|(?:to|and|or|is|has|moved|towards|where)\b))"}
"""How names are found: short ones, long ones, and those that are words."""


def spelled_doc(doc: str, names: Mapping[str, str]) -> str:
    r"""Returns a docstring with other names in its Args section.

    >>> spelled_doc("Sums. Args:\n    keep_dims, x: ...", {"keep_dims": "keepDims", "x": "x"})
    'Sums. Args:\n    keepDims, x: ...'
    """
    before, heading, after = doc.partition("Args:\n")
    section, blank, rest = after.partition("\n\n")

    def entry(found: re.Match[str]) -> str:
        return re.sub(r"\w+", lambda word: names.get(word[0], word[0]), found[0])

    return (
        before + heading + re.sub(r"^ +\w+(, \w+)*(?=:)", entry, section, flags=re.MULTILINE) + blank + rest
    )


def complete(module: Mapping[str, Any]) -> None:
    """Gives docstrings of a module's public functions what all functions mean by parameters that theirs do not explain.

    Args:
        module: its `globals()`; functions of others stay as they are.
    """
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    for function in (module.get(name) for name in module["__all__"]):
        if isinstance(function, FunctionType) and function.__doc__:
            parameters = inspect.signature(function).parameters.values()
            names = [each.name for each in parameters if each.kind not in kinds and each.name[0] != "_"]
            meaning = functools.partial(meanings.of, function.__name__)
            function.__doc__ = completed(function.__doc__, names, meaning)


class OfClass:
    """An attribute of a class that is made when it is first asked for, as `help`, editors and stubs do.

    Args:
        make: gives it for the class.
    """

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make
        self._made: Any = None

    def __get__(self, instance: object, owner: type) -> Any:
        if self._made is None:
            self._made = self._make(owner)
        return self._made


class Documentation(OfClass):
    """The docstring of a class.

    Args:
        text: what stands in the class.
        complete: gives the whole docstring for a class and its text.
    """

    def __init__(self, text: str, complete: Callable[[Any, str], str]) -> None:
        super().__init__(lambda owner: complete(owner, text))
        self.text = text


def text_of(owner: type) -> str:
    """Returns what stands in a class as its docstring, before it is completed; '' if nothing does."""
    found = vars(owner).get("__doc__")
    return found.text if isinstance(found, Documentation) else found or ""


def options_of(owner: Any, text: str) -> str:
    """Returns the docstring of a class with all options that have a place: what it does not say, fields, bases or all classes do.

    Args:
        owner: the class.
        text: what stands in it.
    """
    fields = {f.argument: f for f in owner.fields.values() if f.argument and (f.doc or not f.keyword_only)}
    spelled = {name: f.declared.argument or f.name for name, f in fields.items()}
    text = spelled_doc(inspect.cleandoc(text), {spelled[name]: name for name in fields})

    def meaning(name: str) -> str | None:
        return fields[name].doc or _inherited(owner, name, spelled[name]) or meanings.OPTIONS.get(name)

    return completed(text, fields, meaning)


def _inherited(owner: type, *names: str) -> str | None:
    """Returns what the docstrings of a class's bases say of a parameter, by any of its names."""
    for base in owner.__mro__[1:]:
        said = entries(inspect.cleandoc(text_of(base)))
        for name in names:
            if name in said:
                return said[name]
    return None


__all__ = [
    "Documentation",
    "OfClass",
    "complete",
    "completed",
    "entries",
    "options_of",
    "text_of",
    "without_args",
]
