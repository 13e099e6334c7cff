"""What the prompt knows about names: `help(name)`, `name?`, and completions, arguments of calls among them."""

import builtins
import functools
import importlib
import inspect
import re
import rlcompleter
import textwrap
from dataclasses import dataclass
from typing import Any

from tfjs_pyo import naming

WORD_BREAKS = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"


def explain(value: object, width: int = 88) -> str:
    """How something is called, and its docstring: readable in a terminal that scrolls, so without what is inherited."""
    name = getattr(value, "__name__", type(value).__name__)
    lines = [name]
    if isinstance(value, type) or inspect.isroutine(value) or _is_function(value):
        lines = textwrap.wrap(
            f"{name}{signature(value)}",
            width,
            subsequent_indent="    ",
            break_long_words=False,
            break_on_hyphens=False,
        )
    elif not inspect.ismodule(value):
        lines = [f"{name} object"]
    lines += ["", inspect.getdoc(value) or "It has no docstring."]
    if inspect.ismodule(value):
        names = ", ".join(getattr(value, "__all__", None) or [name for name in dir(value) if name[0] != "_"])
        lines += ["", *textwrap.wrap(f"Names: {names}", width, subsequent_indent="    ")]
    return "\n".join(lines)


def _is_function(value: object) -> bool:
    """Whether an object is called as functions are and named like one, such as what a decorator made of one."""
    return callable(value) and hasattr(value, "__name__") and hasattr(value, "__wrapped__")


def show_help(*subjects: object) -> None:
    """Print what `explain` says of each value; of a name in a string, what that names."""
    if not subjects:
        print("help(tf.layers.dense) or tf.layers.dense? explains something; Tab lists what there is.")
    for subject in subjects:
        if isinstance(subject, str):
            pydoc = importlib.import_module(
                "pydoc"
            )  # large, and seldom wanted: the boot does not wait for it
            print(explain(pydoc.locate(subject) or subject))
        else:
            print(explain(subject))


def as_help(source: str) -> str:
    """The cell that a question stands for; any other source as it is.

    >>> as_help("tf.layers.dense?"), as_help("?tf"), as_help("1 + 1")
    ('help(tf.layers.dense)', 'help(tf)', '1 + 1')
    """
    asked = re.fullmatch(r"\s*(?:\?{1,2}\s*([\w.]+)|([\w.]+)\s*\?{1,2})\s*", source)
    return f"help({asked[1] or asked[2]})" if asked else source


def called(before: str) -> str:
    """The name of what the innermost open bracket at the end of a line calls; or ''.

    >>> called("x = tf.layers.dense(len('ab'), "), called("f(2)")
    ('tf.layers.dense', '')
    """
    depth = 0
    for place in range(len(before) - 1, -1, -1):
        depth += (before[place] in ")]}") - (before[place] in "([{")
        if depth < 0:
            break
    dotted = re.search(r"[^\W\d][\w.]*$", before[:place]) if depth < 0 and before[place] == "(" else None
    return dotted[0] if dotted else ""


def _lookup(dotted: str, variables: dict[str, Any]) -> object:
    """What a dotted name stands for, found without running anything of the line; or None."""
    first, *rest = dotted.split(".")
    try:
        return functools.reduce(getattr, rest, variables.get(first, getattr(builtins, first, None)))
    except AttributeError:
        return None


def parameters(function: object) -> list[inspect.Parameter]:
    """The arguments of a function without their types.

    Raises:
        TypeError, ValueError: it cannot be called, or nobody knows how.
    """
    found = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    return [p.replace(annotation=p.empty) for p in found if not p.name.startswith("_")]


def signature(function: object) -> str:
    """How something is called: its arguments in brackets; '' where nobody knows.

    >>> signature(lambda units, use_bias=True: None)
    '(units, use_bias=True)'
    """
    try:
        return str(inspect.Signature(parameters(function)))
    except (TypeError, ValueError):
        return ""


def _spellings(name: str) -> tuple[str, ...]:
    """A name, and TensorFlow.js's spelling of one that is written as Python's are."""
    return (name, naming.camel(name)) if name[0] != "_" and name == naming.snake(name) else (name,)


def keywords(function: object, word: str) -> list[str]:
    """The keyword arguments of a function that begin with a word, as completions, in the word's spelling.

    >>> keywords(lambda units, use_bias=True: None, "u"), keywords(lambda units, use_bias=True: None, "useB")
    (['units=', 'use_bias='], ['useBias='])
    """
    try:
        known = parameters(function)
    except (TypeError, ValueError):
        return []
    named = (p.name for p in known if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
    spelled = (next((s for s in _spellings(name) if s.startswith(word)), "") for name in named)
    return [f"{name}=" for name in spelled if name]


@dataclass
class Completion:
    """What a word may become, and what is known of that."""

    text: str
    signature: str = ""
    about: str = ""


@dataclass
class Completions:
    """What may stand at the end of a line.

    Args:
        start: where the word begins that they complete.
        call: how that is called in whose brackets the word stands, if in any.
    """

    found: list[Completion]
    start: int
    call: str = ""


def _described(text: str, variables: dict[str, Any]) -> Completion:
    dotted = text.rstrip("()")
    if dotted == text:
        return Completion(text)
    value = _lookup(dotted, variables)
    about = (inspect.getdoc(value) or "").partition("\n")[0]
    return Completion(text, signature(value), about)


def completions(source: str, variables: dict[str, Any]) -> Completions:
    """What the word that `source` ends in may become.

    >>> completions("print(values", {"values_of": 3}).found
    [Completion(text='values_of', signature='', about='')]
    """
    start = max(map(source.rfind, WORD_BREAKS)) + 1
    word = source[start:]
    completer = rlcompleter.Completer(variables)
    name = called(source[:start].rpartition("\n")[2])
    function = _lookup(name, variables) if name else None
    call = f"{name.rpartition('.')[2]}{signature(function)}" if function is not None else ""
    if "." in word:
        texts = sorted(set(completer.attr_matches(word)))
        return Completions([_described(text, variables) for text in texts], start, call)
    arguments = [Completion(name) for name in keywords(function, word)]
    texts = sorted(set(completer.global_matches(word))) if word else []
    return Completions([*arguments, *(_described(text, variables) for text in texts)], start, call)
