"""The API reference: a page for each public module, an entry for each of its names, in all their spellings."""

import re
import types
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from tfjs_pyo import naming
from tools.docs.docstrings import escape, summary
from tools.docs.entries import Writer, documentation
from tools.docs.subjects import subject_of
from tools.stubs.package import Stubs, is_function, is_public_module

ROOTS = {"tf": "tfjs_pyo", "keras": "tfjs_pyo.keras", "tensorflow": "tfjs_pyo.tensorflow"}
INTRODUCTIONS = {
    "tf": "`import tfjs_pyo as tf`: TensorFlow.js's API. Names and options go in TensorFlow.js's spelling (`tf.matMul`, "
    "`inputShape`) and in Python's (`tf.mat_mul`, `input_shape`).",
    "keras": "`import keras` in the page, `from tfjs_pyo import keras` everywhere: Keras 3's API.",
    "tensorflow": "`import tensorflow as tf` in the page and under `python -m tfjs_pyo`: the functions of TensorFlow that "
    "programs for Keras use.",
    "keras.datasets": "Data sets for examples and courses. `load_data` of each module below gives NumPy arrays.",
    "keras.legacy": "Old names that Keras keeps for programs of its earlier versions. New programs use `keras.saving`.",
    "tensorflow.experimental": "Of `tf.experimental` one module is here: NumPy's functions, of tensors.",
}
MOST = 60
"""A module with more entries has a page for each subject (`subjects.py`) ..."""
FEWEST = 5
"""... and that has so many of them."""


@dataclass(frozen=True)
class Entry:
    """What one object is called in one module.

    Attributes:
        module: the path of the module that users write: `tf.layers`.
        names: in its spellings, the first of them for headings.
        value: the object.
    """

    module: str
    names: Sequence[str]
    value: Any

    @property
    def anchor(self) -> str:
        return f"{self.module}.{self.names[0]}"

    @property
    def subject(self) -> str | None:
        """What the page is about that has the entry, where that is not its module's."""
        return subject_of(self.value)

    @property
    def key(self) -> Any:
        """What an object is known by in the whole reference."""
        return id(self.value) if callable(self.value) else self.anchor

    @cached_property
    def doc(self) -> str:
        return documentation(self.value)


def _preferred(module: str, name: str) -> tuple[bool, bool, str]:
    """Orders the spellings of a name: in TensorFlow.js's API the factory's before the class's, camelCase before snake_case."""
    if not module.startswith("tf"):
        return (False, False, name)
    return (name[0].isupper(), naming.camel(name) != name, name)


def _slug(subject: str) -> str:
    return re.sub(r"\W+", "-", subject.lower())


def _places(stubs: Stubs) -> dict[str, str]:
    """Returns the path that users write for each public module, by the module's own name."""
    found: dict[str, str] = {own: path for path, own in ROOTS.items()}
    waiting = list(found)
    while waiting:
        own = waiting.pop(0)
        module = stubs.public[own]
        for name in stubs.names_of(module):
            value = getattr(module, name)
            if getattr(value, "__name__", "") in stubs.public.keys() - found.keys() and is_public_module(
                value
            ):
                found[value.__name__] = f"{found[own]}.{name}"
                waiting.append(value.__name__)
    return found


def entries_of(stubs: Stubs, own: str, path: str) -> list[Entry]:
    """Returns the entries of a module, in the order of their names."""
    module = stubs.public[own]
    groups: dict[int, list[str]] = defaultdict(list)
    values: dict[int, Any] = {}
    for name in stubs.names_of(module):
        value = getattr(module, name)
        if isinstance(value, types.ModuleType) or name.startswith("__"):
            continue
        value = getattr(value, "spelling_of", value) if is_function(value) else value
        key = id(value) if is_function(value) or isinstance(value, type) else hash(name)
        groups[key].append(name)
        values[key] = value
    found = [
        Entry(path, sorted(names, key=lambda name: _preferred(path, name)), values[key])
        for key, names in groups.items()
    ]
    return sorted(found, key=lambda entry: entry.names[0].lower())


class Reference:
    """All pages of the reference.

    Attributes:
        pages: the text of each, by its place under `reference/`.
        where: page and anchor of the entry that documents a name, by the name as users write it.
    """

    def __init__(self) -> None:
        self.stubs = Stubs()
        self.stubs.make()
        self.places = _places(self.stubs)
        self.entries = {path: entries_of(self.stubs, own, path) for own, path in self.places.items()}
        self.homes: dict[Any, tuple[str, Entry]] = {}
        self.where: dict[str, tuple[str, str]] = {}
        self.on: dict[str, list[Entry]] = defaultdict(list)
        for path, entries in self.entries.items():
            self._settle(path, entries)
        self.pages = dict(self._pages())

    def _settle(self, path: str, entries: Sequence[Entry]) -> None:
        """Decides on which page each entry of a module stands; what another module has already is not told twice."""
        new = [entry for entry in entries if entry.key not in self.homes]
        sizes = Counter(entry.subject for entry in new)
        for entry in new:
            apart = entry.subject and len(new) > MOST and sizes[entry.subject] >= FEWEST
            page = f"{path}.{_slug(entry.subject)}.md" if entry.subject and apart else f"{path}.md"
            self.homes[entry.key] = (page, entry)
            self.on[page].append(entry)
        for entry in entries:
            page, home = self.homes[entry.key]
            for name in entry.names:
                self.where[f"{path}.{name}"] = (page, home.anchor)

    def _pages(self) -> Iterator[tuple[str, str]]:
        for path, entries in self.entries.items():
            yield f"{path}.md", self._module_page(path, entries)
        for page, entries in self.on.items():
            if page.removesuffix(".md") not in self.entries:
                yield page, self._subject_page(entries)

    def _below(self, path: str) -> list[str]:
        return [each for each in self.entries if each.rpartition(".")[0] == path]

    def _subjects(self, path: str) -> list[str]:
        """Returns the pages that a module is split into."""
        return [
            page
            for page, entries in self.on.items()
            if entries[0].module == path and page.removesuffix(".md") not in self.entries
        ]

    def _module_page(self, path: str, entries: Sequence[Entry]) -> str:
        page = f"{path}.md"
        own = next(own for own, place in self.places.items() if place == path)
        text = INTRODUCTIONS.get(path) or escape(summary(self.stubs.public[own].__doc__ or ""))
        parts = [f"# {path}", text]
        if below := self._below(path):
            parts.append("Modules: " + ", ".join(f"[`{each}`]({each}.md)" for each in below))
        rows = [self._row(page, entry) for entry in entries]
        parts.append("\n".join(["| Name | |", "| --- | --- |", *rows]) if rows else "")
        parts += [Writer(self.stubs, path).entry(entry) for entry in self.on.get(page, [])]
        return "\n\n".join(filter(None, parts)) + "\n"

    def _subject_page(self, entries: Sequence[Entry]) -> str:
        path = entries[0].module
        writer = Writer(self.stubs, path)
        parts = [f"# {entries[0].subject} ({path})", f"A part of [`{path}`]({path}.md)."]
        return "\n\n".join([*parts, *(writer.entry(entry) for entry in entries)]) + "\n"

    def _row(self, page: str, entry: Entry) -> str:
        target, anchor = self.where[entry.anchor]
        address = f"#{anchor}" if target == page else f"{target}#{anchor}"
        names = ", ".join(f"[`{name}`]({address})" for name in entry.names)
        return f"| {names} | {escape(summary(entry.doc))} |"

    def nav(self) -> list[dict[str, Any]]:
        """Returns the navigation."""

        def under(path: str) -> Any:
            inner: list[Any] = [
                {str(self.on[page][0].subject): f"reference/{page}"} for page in self._subjects(path)
            ]
            inner += [{each: under(each)} for each in self._below(path)]
            return [f"reference/{path}.md", *inner] if inner else f"reference/{path}.md"

        return [{path: under(path)} for path in ROOTS]


@cache
def the_reference() -> Reference:
    """Returns the reference; made once, as it takes seconds."""
    return Reference()


def reference_pages() -> tuple[dict[str, str], list[dict[str, Any]]]:
    """Returns the pages of the reference by their places, and their navigation."""
    made = the_reference()
    return {f"reference/{place}": text for place, text in made.pages.items()}, made.nav()


__all__ = ["Entry", "Reference", "reference_pages", "the_reference"]
