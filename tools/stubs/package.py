"""The stubs of the whole package: which modules users see, where each class is at home, and the files that come of it."""

from __future__ import annotations

import importlib
import inspect
import keyword
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.forms import keras_form
from tfjs_pyo.keras import KerasTensor
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.ops.declare import PUBLIC
from tools.stubs.classes import ClassWriter, configs_of, constructor_of, is_keras
from tools.stubs.functions import AS_IS, BOTH, Spell, signature_of, write
from tools.stubs.module import Module
from tools.stubs.rendering import IN_BOTH, PACKAGE, SHARED, Renderer

ROOTS = (PACKAGE, f"{PACKAGE}.tensorflow")
KERAS = (f"{PACKAGE}.keras", f"{PACKAGE}.tensorflow")
HERE = Path(__file__).parent
SOURCE = HERE.parent.parent / "py"


def is_function(value: Any) -> bool:
    """Returns whether a value is called and no class."""
    return callable(value) and not isinstance(value, type)


def is_public_module(value: Any) -> bool:
    """Returns whether a value is a module of ours that says what users see in it."""
    ours = isinstance(value, types.ModuleType) and value.__name__.startswith(f"{PACKAGE}.")
    return ours and hasattr(value, "__all__")


def is_ours(value: Any) -> bool:
    """Returns whether a value is a class of the package."""
    return isinstance(value, type) and value.__module__.partition(".")[0] == PACKAGE


def _chain(function: Callable[..., Any]) -> Iterator[Callable[..., Any]]:
    """Yields a function and those that it wraps."""
    yield function
    while (function := getattr(function, "__wrapped__", None)) is not None:  # type: ignore[assignment]
        yield function


class Stubs:
    """The stubs in the making.

    Args:
        known: the classes that will have stubs, as an earlier run has found them, with their modules.

    Attributes:
        modules: by name.
    """

    def __init__(self, known: Mapping[type, str] | None = None) -> None:
        self.modules: dict[str, Module] = {}
        self.known = dict(known or {})
        self.public = {module.__name__: module for module in self._below(ROOTS)}
        self.operations = {id(function) for function in PUBLIC.values()}
        self.classes: dict[type, str] = {}
        """The classes that have stubs, with the modules where they are."""
        self.waiting: list[type] = []
        self.functions: dict[tuple[int, str], str] = {}
        """The functions that are written, by identity and name, with the modules where they are."""

    def _below(self, roots: Iterable[str]) -> Iterator[types.ModuleType]:
        """Yields public modules and those that their `__all__` names."""
        waiting = [importlib.import_module(name) for name in roots]
        seen: set[str] = set()
        while waiting:
            module = waiting.pop(0)
            if module.__name__ in seen:
                continue
            seen.add(module.__name__)
            yield module
            waiting += [
                each for each in (getattr(module, name) for name in module.__all__) if is_public_module(each)
            ]

    def names_of(self, module: types.ModuleType) -> list[str]:
        """Returns the names that users see in a module."""
        if module.__name__.startswith(KERAS) or not hasattr(module, "__dir__"):
            return sorted(module.__all__)
        known = [n for n in dir(module) if n[0] != "_" and not keyword.iskeyword(n)]
        return sorted({*known, *module.__all__})

    def module(self, name: str) -> Module:
        """Returns the stub of a module; begins it where there is none."""
        if name not in self.modules:
            found = self.public.get(name) or importlib.import_module(name)
            public = self.names_of(found) if name in self.public else []
            classes = [kind.__name__ for kind, home in self.known.items() if home == name]
            made = Module(name, hasattr(found, "__path__"), public, classes, self.home_of)
            made.doc = inspect.cleandoc(found.__doc__ or "") if name in self.public else ""
            self.modules[name] = made
            for each in public:
                value = getattr(found, each)
                if is_ours(value) and value.__name__ == each and value is not KerasTensor:
                    made.handed_on.add(self.home_of(value))
        return self.modules[name]

    def home_of(self, kind: type) -> tuple[str, str]:
        """Returns module and name of the stub of a class, which will be written if it is not yet."""
        if kind not in self.classes:
            self.classes[kind] = self._place(kind)
            self.waiting.append(kind)
        return self.classes[kind], kind.__name__

    def _place(self, kind: type) -> str:
        """Returns the module where a class is: its own, where no other class has that name there."""
        taken = {other.__name__ for other, module in self.classes.items() if module == kind.__module__}
        return kind.__module__ if kind.__name__ not in taken else f"{kind.__module__}_"

    def make(self) -> None:
        """Makes all stubs."""
        for module in self.public.values():
            for name in module.__all__:
                value = getattr(module, name)
                if is_ours(value) and value is not KerasTensor:
                    self.home_of(value)
        for kind in IN_BOTH:
            self.home_of(keras_form(kind))
        others = f"{PACKAGE}.tensorflow"
        for module in sorted(self.public.values(), key=lambda each: each.__name__.startswith(others)):
            self._write_module(module)
        while self.waiting:
            self._write_class(self.waiting.pop())

    def _write_class(self, kind: type) -> None:
        home = self.module(self.classes[kind])
        home.add(ClassWriter(home, kind, set(self.classes)).text())

    def _write_module(self, module: types.ModuleType) -> None:
        stub = self.module(module.__name__)
        for name in self.names_of(module):
            value = getattr(module, name)
            if is_public_module(value):
                parent, _, own = value.__name__.rpartition(".")
                stub.export(parent, own, name)
            elif is_ours(value):
                self._write_name_of_class(stub, name, value)
            elif isinstance(value, type):
                stub.export(value.__module__, value.__name__, name)
            elif is_function(value):
                self._write_function(stub, name, getattr(value, "spelling_of", value))
            elif not isinstance(value, types.ModuleType):
                stub.add(f"{name}: {Renderer(stub).given(type(value))}\n")

    def _write_name_of_class(self, stub: Module, name: str, kind: type) -> None:
        if kind is KerasTensor:  # whose objects are symbolic tensors
            stub.add(f"{name} = {stub.refer_to(SymbolicTensor)}\n")
            return
        home, own = self.home_of(kind)
        if name == own:
            if home != stub.name:
                stub.export(home, own, name)
        elif name[0].isupper():
            stub.add(f"{name} = {stub.refer_to(kind)}\n")
        else:
            self._write_factory(stub, self.module(home), name, kind)

    def _write_factory(self, stub: Module, home: Module, name: str, kind: type) -> None:
        """Writes the function that makes objects of a class: `tf.layers.dense`."""
        key = (id(kind), name)
        if key not in self.functions:
            signature = constructor_of(kind)
            owner = next((base for base in kind.__mro__ if constructor_of(base) is not None), kind)
            signature = signature or constructor_of(owner)
            if signature is None:
                stub.add(f"{name} = {stub.refer_to(kind)}\n")
                return
            made = replace(
                signature, result=kind, doc=inspect.cleandoc(kind.__doc__ or ""), title=kind.__name__
            )
            home.add(write(home, name, made, self._spells(stub, name)))
            self.functions[key] = home.name
        if self.functions[key] != stub.name:
            stub.export(self.functions[key], name, name)

    def _write_function(self, stub: Module, name: str, function: Callable[..., Any]) -> None:
        key = (id(function), name)
        if key in self.functions:
            stub.export(self.functions[key], name, name)
            return
        self.functions[key] = stub.name
        is_op = any(
            id(each) in self.operations or getattr(each, "takes_symbols", False) for each in _chain(function)
        )
        configs = [] if is_op or stub.name.startswith(KERAS) else configs_of(function)
        stub.add(write(stub, name, signature_of(function, is_op, configs), self._spells(stub, name)))

    def _spells(self, stub: Module, name: str) -> tuple[Spell, ...]:
        """Returns the spellings of keywords that go with a name."""
        if stub.name.startswith(KERAS):
            return AS_IS
        if naming.snake(name) == naming.camel(name):
            return BOTH
        return (naming.snake,) if name == naming.snake(name) else (naming.camel,)

    def files(self) -> dict[str, str]:
        """Returns the text of each file, by its path."""
        found = {"_typing.pyi": (HERE / "typing.pyi").read_text(encoding="utf-8"), "py.typed": ""}
        parents = {name.rpartition(".")[0] for name in self.modules}
        for name, module in self.modules.items():
            parts = name.split(".")[1:]
            is_folder = module.package or name in parents  # modules that are made have children, but no path
            path = "/".join([*parts, "__init__.pyi"]) if is_folder else "/".join(parts) + ".pyi"
            found[path] = module.text()
        folders = {str(parent) for path in found for parent in Path(path).parents}
        for folder in folders:
            found.setdefault(f"{folder}/__init__.pyi".removeprefix("./"), "")
        return found


def write_stubs(destination: Path) -> None:
    """Writes the stubs of the package into a folder, and takes away what is no longer one of them."""
    first = Stubs()
    first.make()
    stubs = Stubs(first.classes)
    stubs.make()
    files = stubs.files()
    for path in destination.rglob("*.pyi"):
        if str(path.relative_to(destination)) not in files:
            path.unlink()
    for folder in sorted(filter(Path.is_dir, destination.rglob("*")), reverse=True):
        if not any(folder.iterdir()):
            folder.rmdir()
    for name, text in files.items():
        path = destination / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


__all__ = ["SHARED", "Stubs", "is_keras", "write_stubs"]
