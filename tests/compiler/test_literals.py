"""Numbers in GLSL that no translator prints as 0."""

import ast
import re
from pathlib import Path

import pytest

import tfjs_pyo

ROOT = Path(__file__).parents[2]
PACKAGE = Path(tfjs_pyo.__file__).parent
SOURCES = [
    *sorted((PACKAGE / "ops").glob("*.py")),
    *sorted((PACKAGE / "compiler").glob("*.py")),
    *sorted((ROOT / "web/glsl").iterdir()),
    *sorted((ROOT / "web/webgl").glob("*.js")),
]
TINY = re.compile(r"\b\d*\.?\d*[eE]-(?:2\d|3\d|4\d)\b")
"""Some translators print literals with a fixed number of decimals, so tiny ones become 0."""


def texts(path):
    """Returns the texts in which GLSL may stand: the strings of a Python file, else all of it."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [text]
    return [
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_no_number_in_glsl_is_tiny(path):
    found = [match[0] for text in texts(path) for match in TINY.finditer(text)]
    assert not found, "write them by their bits: uintBitsToFloat(0x00800000u)"


def test_the_check_finds_them():
    assert TINY.search("vec4(1.1754944e-38)")
    assert not TINY.search("2.5633440682570896e-12")
