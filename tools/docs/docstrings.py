"""Docstrings as Markdown: Griffe reads their sections, programs in them get a link that runs them."""

import logging
import re
from collections.abc import Iterator

import griffe

from tools.docs.blocks import run_link

MARKS = re.compile(r"([*_\[\]<|{])")
"""What Markdown would read as a mark."""
logging.getLogger("griffe").setLevel(logging.ERROR)  # types are in the signature


def code_of(example: str) -> str:
    """Returns the program of a doctest, without prompts and without what it prints."""
    lines = [line[4:] for line in example.splitlines() if re.match(r"(>>>|\.\.\.)( |$)", line)]
    return "\n".join(lines) + "\n"


def _fenced(example: str, page: str) -> str:
    source = code_of(example)
    return f"```pycon\n{example.strip()}\n```\n\n{run_link(source, page)}"


def _text(text: str, page: str) -> str:
    """Returns free text: what stands indented after `>>>` becomes a program, sources become links."""
    parts = []
    for paragraph in re.split(r"\n\s*\n", text.strip("\n")):
        if ">>>" in paragraph:
            before, mark, rest = paragraph.partition(">>>")
            parts += [before.strip(), _fenced(mark + rest, page)]
        else:
            parts.append(escape(paragraph))
    return "\n\n".join(filter(None, parts))


def escape(text: str) -> str:
    """Returns text of a docstring so that Markdown leaves it as it is outside of its backticks; addresses become links."""
    pieces = re.split(r"(`[^`]+`|https?://[^\s,;)]*[^\s,;).])", text)
    return "".join(
        _literal(piece) if at % 2 else MARKS.sub(r"\\\1", piece) for at, piece in enumerate(pieces)
    )


def _literal(piece: str) -> str:
    return piece if piece.startswith("`") else f"<{piece}>"


def _items(title: str, rows: list[tuple[str, str]]) -> str:
    lines = [f"- {f'`{name}`: ' if name else ''}{escape(' '.join(text.split()))}" for name, text in rows]
    return f"**{title}**\n\n" + "\n".join(lines)


def _part(section: griffe.DocstringSection, page: str) -> str:
    value = section.value
    match section.kind.value:
        case "text":
            return _text(value, page)
        case "parameters" | "other parameters":
            return _items("Arguments", [(each.name, each.description) for each in value])
        case "attributes":
            return _items("Attributes", [(each.name, each.description) for each in value])
        case "returns" | "yields":
            return _items(section.kind.value.title(), [("", each.description) for each in value])
        case "raises":
            return _items("Raises", [(str(each.annotation), each.description) for each in value])
        case "examples":
            shown = [
                _fenced(text, page) if kind.value == "examples" else _text(text, page) for kind, text in value
            ]
            return "**Example**\n\n" + "\n\n".join(shown)
        case "admonition":
            title = section.title or value.kind.title()
            return f"**{title}**\n\n{_text(value.contents, page)}"
        case kind:
            raise NotImplementedError(kind)


def parts(doc: str, page: str) -> Iterator[str]:
    """Yields the sections of a docstring as Markdown.

    Args:
        doc: the docstring, without its indentation.
        page: the relative address of the page that runs programs.
    """
    sections = griffe.Docstring(doc, lineno=1).parse(
        "google", returns_named_value=False, returns_multiple_items=False
    )
    yield from (_part(section, page) for section in sections)


def summary(doc: str) -> str:
    """Returns the first sentence of a docstring, on one line."""
    first = " ".join(doc.partition("\n\n")[0].split())
    return re.split(r"(?<=[.!?])\s", first, maxsplit=1)[0]
