"""What the prompt knows about names: `help(name)`, `name?`, and completions, arguments of calls among them."""

import contextlib
import functools
import importlib
import inspect
import re
import rlcompleter
import textwrap
from typing import Any

WORD_BREAKS = " \t\n`~!@#$%^&*()-=+[{]}\\|;:'\",<>/?"


def explain(value: object, width: int = 88) -> str:
    """How something is called, and its docstring: readable in a terminal that scrolls, so without what is inherited."""
    name = getattr(value, "__name__", type(value).__name__)
    lines = [name]
    if isinstance(value, type) or inspect.isroutine(value):
        with contextlib.suppress(TypeError, ValueError):
            head = f"{name}{inspect.signature(value)}"
            lines = textwrap.wrap(
                head, width, subsequent_indent="    ", break_long_words=False, break_on_hyphens=False
            )
    elif not inspect.ismodule(value):
        lines = [f"{name} object"]
    lines += ["", inspect.getdoc(value) or "It has no docstring."]
    if inspect.ismodule(value):
        names = ", ".join(getattr(value, "__all__", None) or sorted(n for n in vars(value) if n[0] != "_"))
        lines += ["", *textwrap.wrap(f"Names: {names}", width, subsequent_indent="    ")]
    return "\n".join(lines)


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


def called(before: str, variables: dict[str, Any]) -> object:
    """What the innermost open bracket at the end of a line calls, found without running anything of the line; or None."""
    depth = 0
    for place in range(len(before) - 1, -1, -1):
        depth += (before[place] in ")]}") - (before[place] in "([{")
        if depth < 0:
            break
    dotted = re.search(r"[^\W\d][\w.]*$", before[:place]) if depth < 0 and before[place] == "(" else None
    if dotted is None:
        return None
    first, *rest = dotted[0].split(".")
    try:
        return functools.reduce(getattr, rest, variables[first])
    except (AttributeError, KeyError):
        return None


def keywords(function: object, word: str) -> list[str]:
    """The keyword arguments of a function that begin with a word, as completions.

    >>> keywords(lambda units, use_bias=True: None, "u")
    ['units=', 'use_bias=']
    """
    try:
        parameters = inspect.signature(function).parameters.values()  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return []
    named = (p.name for p in parameters if p.kind in (p.POSITIONAL_OR_KEYWORD, p.KEYWORD_ONLY))
    return [f"{name}=" for name in named if name.startswith(word)]


def completions(source: str, variables: dict[str, Any]) -> tuple[list[str], int]:
    """What the word that `source` ends in may become, and where that word starts.

    >>> completions("print(values", {"values_of": 3})
    (['values_of'], 6)
    """
    start = max(map(source.rfind, WORD_BREAKS)) + 1
    word = source[start:]
    completer = rlcompleter.Completer(variables)
    if "." in word:
        return sorted(set(completer.attr_matches(word))), start
    arguments = keywords(called(source[:start].rpartition("\n")[2], variables), word)
    found = completer.global_matches(word) if word else []
    return [*arguments, *sorted(set(found))], start
