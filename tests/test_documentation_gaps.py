"""Every public function, class and method says what it takes, what it gives and what it raises, and shows an example."""

import collections
import enum
import inspect
import re
import types

import pytest

from tfjs_pyo import naming
from tfjs_pyo.config import Configurable
from tools.docs.entries import Plain
from tools.stubs.classes import ClassWriter
from tools.stubs.package import Stubs, is_ours


def public():
    """Yields public functions and classes of the package, each once, with the names that they go by.

    What TensorFlow's names hand on as it is goes by its name elsewhere: its example is in the words of that API.
    """
    seen = set()
    for module in sorted(Stubs().public.values(), key=lambda module: "tensorflow" in module.__name__):
        for name in module.__all__:
            value = getattr(module, name)
            function = isinstance(value, types.FunctionType)
            if (function or is_ours(value)) and id(value) not in seen and not name.startswith("_"):
                seen.add(id(value))
                yield f"{module.__name__}.{name}", value


def methods():
    """Yields the documented methods that public classes have of their own, each in one spelling."""
    kinds = {value for _, value in public() if isinstance(value, type)}
    seen = set()
    for dotted, kind in public():
        if not isinstance(kind, type):
            continue
        for name, member, _ in ClassWriter(Plain(), kind, kinds).own():
            function = getattr(member, "__func__", member)
            where = (
                (function.__module__, naming.snake(getattr(function, "__qualname__", "")))
                if callable(function)
                else None
            )
            if (
                isinstance(function, types.FunctionType)
                and function.__doc__
                and name[0] != "_"
                and where not in seen
                and inspect.getattr_static(kind, name) is member
            ):
                seen.add(where)
                yield f"{dotted}.{name}", function


def attributes():
    """Yields the public methods and properties of public classes and of their bases here, each once, with where they stand."""
    seen = set()
    for dotted, kind in public():
        if not isinstance(kind, type):
            continue
        for base in kind.__mro__:
            for name, member in vars(base).items() if base.__module__.startswith("tfjs_pyo") else ():
                inner = getattr(member, "fget", None) or getattr(member, "func", None)
                function = inner or getattr(member, "__func__", member)
                code = getattr(function, "__code__", None)
                if isinstance(function, types.FunctionType) and name[0] != "_" and code not in seen:
                    seen.add(code)
                    yield f"{dotted}.{name}", getattr(kind, name)


def options(value):
    """The names of what a function or class takes."""
    if isinstance(value, enum.EnumType):
        return []
    if isinstance(value, type) and issubclass(value, Configurable):
        return [f.argument for f in value.fields.values() if f.argument and not f.keyword_only]
    try:
        parameters = inspect.signature(value).parameters.values()
    except ValueError:
        return []
    named = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return [p.name for p in named if p.name[0] != "_" and p.name not in ("self", "cls")]


def raises(value):
    """Whether a function says itself that something is wrong."""
    try:
        source = inspect.getsource(inspect.unwrap(value))
    except (OSError, TypeError):
        return False
    return re.search(r"^\s+raise \w+Error", source, re.MULTILINE) is not None


def gaps(value):
    """The parts that the documentation of a function or class lacks."""
    doc = inspect.cleandoc(value.__doc__ or "")
    if any(
        not re.search(rf"\b{re.escape(name)}\b", doc.partition("Args:")[2] or "") for name in options(value)
    ):
        yield "Args"
    gives = not isinstance(value, type) and inspect.signature(value).return_annotation not in (None, "None")
    if gives and not re.search(r"\b(Returns|Tells|Makes|Gives)\b", doc):
        yield "Returns"
    if not isinstance(value, type) and raises(value) and "Raises:" not in doc:
        yield "Raises"
    if ">>>" not in doc:
        yield "Example"


@pytest.fixture(scope="module")
def missing():
    found = collections.defaultdict(list)
    for name, value in (*public(), *methods()):
        for part in gaps(value):
            found[part].append(name)
    return found


@pytest.mark.parametrize("part", ["Args", "Returns", "Raises", "Example"])
def test_nothing_is_missing(missing, part):
    assert missing[part] == []


def test_every_method_and_property_has_a_docstring():
    """One of its own, or one that it inherits."""
    found = dict(attributes())
    assert len(found) > 400
    assert [name for name, member in found.items() if not inspect.getdoc(member)] == []
