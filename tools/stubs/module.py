"""One stub: what it imports, what it defines, and its text."""

from __future__ import annotations

import builtins
import typing
from collections.abc import Callable, Iterable


class Module:
    """A `.pyi` file in the making.

    Args:
        name: dotted.
        package: whether it is a folder with an `__init__.pyi`.
        public: the names that users see in it: a type of another meaning goes under another name.
        classes: the names of the classes that are at home in it.
        home_of: gives the module and name where the stub of a class is.
    """

    def __init__(
        self,
        name: str,
        package: bool,
        public: Iterable[str],
        classes: Iterable[str],
        home_of: Callable[[type], tuple[str, str]],
    ) -> None:
        self.name = name
        self.package = package
        self.public = set(public)
        self.handed_on: set[tuple[str, str]] = set()
        """The classes of other modules that users find here under their own names."""
        self.taken = self.public | set(classes)
        self.parts: list[str] = []
        self.configs: dict[tuple[str, str], str] = {}
        self.exported: list[str] = []
        self.doc = ""
        self._home_of = home_of
        self._imports: dict[tuple[str, str], str] = {}

    def refer(self, module: str, name: str) -> str:
        """Returns what a name of another module is called in this one; imports it."""
        if module == self.name or (module, name) in self.handed_on:
            return name
        known = self._imports.get((module, name))
        if known is None:
            known = name if name not in self.taken and name not in self._imports.values() else f"_{name}"
            while known in self._imports.values():
                known = f"_{known}"
            self._imports[module, name] = known
        return known

    def refer_to(self, kind: type) -> str:
        """Returns what a class of the package is called in this module."""
        return self.refer(*self._home_of(kind))

    def builtin(self, name: str) -> str:
        """Returns what a type of Python's is called: another name where the module has a function of that name."""
        return self.refer("builtins", name) if name in self.public and hasattr(builtins, name) else name

    def export(self, module: str, name: str, alias: str) -> None:
        """Hands on a name of another module."""
        self.exported.append(f"from {module} import {name} as {alias}")

    def add(self, text: str) -> None:
        """Adds a definition."""
        self.parts.append(text)

    def text(self) -> str:
        """Returns the whole file."""
        lines = [f'"""{self.doc}"""\n'] if self.doc else []
        for (module, name), known in sorted(self._imports.items()):
            lines.append(f"from {module} import {name}" + (f" as {known}" if known != name else ""))
        lines += sorted(set(self.exported))
        listed = sorted(self.public)
        if listed:
            lines.append("\n__all__ = [\n" + "".join(f'    "{name}",\n' for name in listed) + "]")
        return "\n".join([*lines, "", *self.parts]) + "\n"


OVERLOAD: typing.Final = ("typing", "overload")

__all__ = ["OVERLOAD", "Module"]
