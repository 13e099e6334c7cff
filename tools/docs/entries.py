"""Entries of the API reference: heading, spellings, signature, documentation, and the members of classes."""

import enum
import functools
import inspect
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, Protocol

from tfjs_pyo import naming
from tfjs_pyo.config import shown
from tfjs_pyo.core.tensor import Tensor
from tools.docs.docstrings import escape, parts, summary
from tools.stubs.classes import ClassWriter, configs_of, constructor_of, is_keras
from tools.stubs.functions import AS_IS, KINDS, Signature, Spell, parameter_text, signature_of, spelled_doc
from tools.stubs.module import Module
from tools.stubs.package import Stubs
from tools.stubs.rendering import Renderer

WIDTH = 88


class Named(Protocol):
    """What the writer needs of an entry."""

    @property
    def module(self) -> str: ...
    @property
    def names(self) -> Any: ...
    @property
    def value(self) -> Any: ...


class Plain(Module):
    """A module whose names go by themselves: signatures are to be read, not to be imported."""

    def __init__(self) -> None:
        super().__init__("reference", False, (), (), lambda kind: (kind.__module__, kind.__name__))

    def refer(self, module: str, name: str) -> str:  # noqa: ARG002
        """Returns the name."""
        return name


def documentation(value: Any) -> str:
    """Returns the docstring of a function or class, of the nearest base that has one; of other values, what they are."""
    if isinstance(value, type):
        own = next((base.__doc__ for base in value.__mro__[:-1] if base.__doc__), "")
        return inspect.cleandoc(own or "")
    if callable(value):
        return inspect.cleandoc(value.__doc__ or "")
    return f"`{value!r}`"


def documentation_of_member(value: Any) -> str:
    """Returns the docstring of a method or property; nothing for other members."""
    kinds = (classmethod, staticmethod, types.FunctionType, property, functools.cached_property, shown)
    return inspect.cleandoc(getattr(value, "__doc__", None) or "") if isinstance(value, kinds) else ""


class Writer:
    """Writes the entries of one module.

    Args:
        stubs: what is public.
        path: the module as users write it.
    """

    def __init__(self, stubs: Stubs, path: str) -> None:
        self.stubs = stubs
        self.spell: Spell = naming.camel if path.partition(".")[0] == "tf" else AS_IS[0]
        self.renderer = Renderer(Plain())
        self.page = "../../index.html"

    def entry(self, entry: Named) -> str:
        """Returns an entry as Markdown."""
        title = f"{entry.module}.{entry.names[0]}"
        heading = f'## {entry.names[0]} {{ #{title} data-toc-label="{entry.names[0]}" }}'
        others = ", ".join(f"`{entry.module}.{name}`" for name in entry.names[1:])
        found = [heading, f"Also {others}." if others else ""]
        value = entry.value
        if isinstance(value, type):
            found += self._class(title, value)
        elif callable(value):
            found += self._function(title, value)
        else:
            found.append(f"A constant: `{value!r}`.")
        return "\n\n".join(filter(None, found))

    def _signature(self, title: str, signature: Signature, result: bool = True) -> str:
        """Returns a signature as a block of code, broken where it is long."""
        taken = []
        starred = False
        for p in signature.parameters:
            if p.kind is KINDS.KEYWORD_ONLY and not starred:
                taken.append("*")
            starred = starred or p.kind in (KINDS.KEYWORD_ONLY, KINDS.VAR_POSITIONAL)
            taken.append(parameter_text(p, self.spell, self.renderer))
        given = f" -> {self.renderer.given(signature.result)}" if result else ""
        head = f"{'await ' if signature.asynchronous else ''}{title}("
        line = f"{head}{', '.join(taken)}){given}"
        if len(line) > WIDTH and taken:
            line = head + "\n" + "".join(f"    {each},\n" for each in taken) + f"){given}"
        return f"```{{ .python .signature .no-copy }}\n{line}\n```"

    def _documented(self, signature: Signature) -> Iterator[str]:
        doc = spelled_doc(signature.doc, self.spell, signature.parameters)
        yield from parts(doc, self.page)

    def _function(self, title: str, function: Callable[..., Any], method: bool = False) -> Iterator[str]:
        signature = signature_of(function, id(function) in self.stubs.operations, configs_of(function))
        if method:
            signature = replace(signature, parameters=signature.parameters[1:])
        yield self._signature(title, signature)
        yield from self._documented(signature)

    def _class(self, title: str, kind: type) -> Iterator[str]:
        owner = next((base for base in kind.__mro__ if constructor_of(base) is not None), kind)
        signature = constructor_of(kind) or constructor_of(owner)
        doc = documentation(kind)
        if signature is not None and not issubclass(kind, enum.Enum):
            yield self._signature(title, signature, result=False)
            doc = spelled_doc(doc, self.spell, signature.parameters)
        yield from parts(doc, self.page)
        writer = ClassWriter(Plain(), kind, set(self.stubs.classes))
        if writer.bases:
            yield (
                "Based on "
                + ", ".join(f"`{base.__name__}`" for base in writer.bases)
                + ", whose members it has."
            )
        yield from self._members(title, kind, writer)
        if kind is Tensor:
            names = ", ".join(
                f"`{self.spell(name)}`" for name in sorted(Tensor.methods) if name not in vars(kind)
            )
            yield f"### Ops as methods {{ #{title}.ops .member }}"
            yield f"Ops are methods of tensors as well: `x.matMul(y)` is `tf.matMul(x, y)`. They are {names}."

    def _members(self, title: str, kind: type, writer: ClassWriter) -> Iterator[str]:
        seen = set()
        for name, value, _ in sorted(writer.own(), key=lambda each: each[0]):
            spelled = name if is_keras(kind) else self.spell(name)
            if spelled in seen or name.startswith("__") or not documentation_of_member(value):
                continue  # what overrides, without words of its own, is explained by its base
            seen.add(spelled)
            yield from self._member(f"{title}.{spelled}", spelled, value)

    def _member(self, title: str, name: str, value: Any) -> Iterator[str]:
        heading = f'### {name} {{ #{title} .member data-toc-label="{name}" }}'
        if isinstance(value, classmethod | staticmethod):
            yield heading
            yield from self._function(title, value.__func__, isinstance(value, classmethod))
        elif isinstance(value, types.FunctionType):
            yield heading
            yield from self._function(title, value, True)
        elif isinstance(value, property | functools.cached_property | shown):
            yield heading
            yield escape(summary(documentation_of_member(value)))


__all__ = ["Writer", "documentation"]
