"""The gallery's list: what each example is called and does, from its docstring; its picture lies in web/gallery/."""

import ast
import itertools
from pathlib import Path


def _entry(path: Path, name: str) -> dict[str, str]:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first, _, body = docstring.partition("\n\n")
    title, colon, summary = " ".join(first.split()).partition(": ")
    if not colon or not body:
        message = f"{path.name}: expected a docstring 'Title: what it does.' and a paragraph, received {docstring!r}"
        raise RuntimeError(message)
    text = f"{summary[0].upper()}{summary[1:]} {' '.join(body.split())}"
    face = "Keras" if name.startswith("keras/") else "TensorFlow.js"
    return {"name": name, "title": title, "text": text, "face": face}


def gallery(examples: Path) -> list[dict[str, str]]:
    """Name, title, one paragraph and API of each example, those of both APIs in turn, the shortest programs first.

    Raises:
        RuntimeError: A docstring has another form.
    """
    folders = [("", examples), ("keras/", examples / "keras")]
    columns = []
    for prefix, folder in folders:
        programs = [path for path in folder.glob("*.py") if path.stem != "__init__"]
        in_order = sorted(programs, key=lambda path: (path.stat().st_size, path.stem))
        columns.append([_entry(path, prefix + path.stem) for path in in_order])
    return [entry for row in itertools.zip_longest(*columns) for entry in row if entry is not None]
