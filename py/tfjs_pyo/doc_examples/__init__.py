"""Examples in docstrings that are made: tables of calls, one for each module, and an example in the words of another API.

A docstring that somebody wrote has its example in it. Ops that are declared by a formula, Keras's names for them and
TensorFlow's have theirs here, or that of the function that they are another name of.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import FunctionType
from typing import Any

_SECTION = re.compile(r"^Example:\n(?:(?: {4}.*)?(?:\n|\Z))+", re.MULTILINE)
_CALL = re.compile(r"\b(?:tf|keras)(?:\.\w+)+\(")
_PROMPT = "    >>> "


class Examples:
    """Calls of functions, each with what the last one prints.

    Args:
        imports: the statement before them.
        calls: by names of functions: statements, then the output, '' where there is none. A tensor is written in one line.

    Example:
        >>> made = Examples("import tfjs_pyo as tf", {"abs": ("tf.abs([-1, 2])", "Tensor [1, 2]")})
        >>> made.section("abs").splitlines()[1:]
        ['    >>> import tfjs_pyo as tf', '    >>> tf.abs([-1, 2])', '    Tensor', '        [1, 2]']
    """

    def __init__(self, imports: str, calls: Mapping[str, Sequence[str]]) -> None:
        self.imports = imports
        self.calls = calls

    def section(self, name: str) -> str:
        """Returns the section of a docstring, '' without an example."""
        if name not in self.calls:
            return ""
        return section(self.imports, *self.calls[name])

    def complete(self, functions: Iterable[Callable[..., Any]]) -> None:
        """Gives functions of the package the examples that their docstrings lack."""
        for function in functions:
            if isinstance(function, FunctionType) and function.__doc__:
                doc = inspect.cleandoc(function.__doc__)
                function.__doc__ = with_example(doc, self.section(function.__name__))


def section(imports: str, *calls: str) -> str:
    """Returns the section of a docstring.

    Args:
        imports: the statement before the others.
        calls: statements, then the output, '' where there is none. A tensor is written in one line.
    """
    *statements, output = calls
    lines = [_PROMPT + each.replace("\n", "\n    ... ") for each in (imports, *statements)]
    if output:
        lines.append("    " + _as_printed(output).replace("\n", "\n    "))
    return "\n".join(["Example:", *lines])


def _as_printed(output: str) -> str:
    """Returns a tensor as the prompt shows it, its rows below each other, without the empty lines between blocks."""
    if not output.startswith("Tensor "):
        return output
    rows = output.removeprefix("Tensor ")
    rank = len(rows) - len(rows.lstrip("["))
    return "Tensor\n    " + re.sub(
        r"(\]+), (?=\[)", lambda end: f"{end[1]},\n{' ' * (4 + rank - len(end[1]))}", rows
    )


def with_example(doc: str, section: str) -> str:
    """Returns a docstring with an example before its source; one that has an example stays.

    Args:
        doc: without indentation.
        section: the example.
    """
    if not section or ">>>" in doc:
        return doc
    before, source, after = doc.rpartition("Source:")
    if not source:
        before, after = doc, ""
    return "\n\n".join(filter(None, [before.rstrip(), section, source and f"Source:{after}"]))


def without_example(doc: str) -> str:
    """Returns a docstring without its example."""
    return _SECTION.sub("", doc).rstrip()


def respelled(doc: str, imports: str, names: Mapping[str, str]) -> str:
    r"""Returns the example of a docstring in the words of another API.

    Args:
        doc: of the function that the other API has, too.
        imports: the statement that takes the place of the first one.
        names: which call stands for which: `{"tf.matMul(": "keras.ops.matmul("}`. Names of `tf` are found in any module of it and
            in any spelling: `tf.mat_mul(`, `tf.image.cropAndResize(`.

    Example:
        >>> doc = "Tells.\n\nExample:\n    >>> import tfjs_pyo as tf\n    >>> tf.isNaN([1.0])"
        >>> respelled(doc, "from tfjs_pyo import keras", {"tf.is_nan(": "keras.ops.isnan("}).splitlines()[1:]
        ['    >>> from tfjs_pyo import keras', '    >>> keras.ops.isnan([1.0])']
    """
    found = _SECTION.search(inspect.cleandoc(doc))
    if found is None:
        return ""
    heading, *lines = found[0].rstrip().split("\n")
    own = lines[1:] if re.match(r" {4}>>> (?:import|from) tfjs_pyo\b", lines[0]) else lines
    text = "\n".join([heading, _PROMPT + imports, *own])
    others = {_key(name): other for name, other in names.items()}
    return _CALL.sub(lambda call: others.get(_key(call[0]), call[0]), text)


def _key(call: str) -> str:
    """Returns what all spellings of a call have in common."""
    parts = call.lower().replace("_", "").split(".")
    return f"tf.{parts[-1]}" if parts[0] == "tf" else ".".join(parts)


__all__ = ["Examples", "respelled", "section", "with_example", "without_example"]
