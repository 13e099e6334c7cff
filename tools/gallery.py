"""The gallery's list: what each example is called and does, from its docstring; its picture lies in web/gallery/."""

import ast
from pathlib import Path


def _entry(path: Path) -> dict[str, str]:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first, _, body = docstring.partition("\n\n")
    title, colon, summary = " ".join(first.split()).partition(": ")
    if not colon or not body:
        message = f"{path.name}: expected a docstring 'Title: what it does.' and a paragraph, received {docstring!r}"
        raise RuntimeError(message)
    text = f"{summary[0].upper()}{summary[1:]} {' '.join(body.split())}"
    return {"name": path.stem, "title": title, "text": text}


def gallery(examples: Path) -> list[dict[str, str]]:
    """Name, title and one paragraph of each example, the shortest program first.

    Raises:
        RuntimeError: A docstring has another form.
    """
    programs = [path for path in examples.glob("*.py") if path.stem != "__init__"]
    return [_entry(path) for path in sorted(programs, key=lambda path: (path.stat().st_size, path.stem))]
