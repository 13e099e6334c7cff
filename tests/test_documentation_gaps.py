"""Every public function and class says what it takes, what it gives and what it raises, and shows an example."""

import enum
import inspect
import re
import types

import pytest

from tfjs_pyo.config import Configurable
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
    return [p.name for p in named if p.name[0] != "_"]


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


@pytest.mark.parametrize("part", ["Args", "Returns", "Raises", "Example"])
def test_nothing_is_missing(part):
    missing = [name for name, value in public() if part in gaps(value)]
    assert not missing
