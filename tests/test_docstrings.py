"""Every numeric function says what it does, what its parameters are, and which page it follows."""

import inspect

import pytest

import tfjs_pyo as tf
from tfjs_pyo import ops
from tools.site import ROOT

OWNERS = [
    ops,
    tf.linalg,
    tf.losses,
    tf.image,
    tf.signal,
    tf.spectral,
    tf.sparse,
    tf.string,
    tf.fused,
    tf.math,
    tf.util,
]
FUNCTIONS = {
    f"{owner.__name__.split('.')[-1]}.{name}": getattr(owner, name)
    for owner in OWNERS
    for name in owner.__all__
    if not isinstance(getattr(owner, name), type)
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_docstring(name):
    function = FUNCTIONS[name]
    doc = inspect.cleandoc(function.__doc__)
    first = doc.split("\n")[0]
    assert first[0].isupper()
    assert "." in first
    assert "Source:" in doc
    parameters = list(inspect.signature(function).parameters)
    if parameters:
        section = doc.split("Args:", 1)[1]
        missing = [p for p in parameters if p not in section]
        assert not missing or "as for" in section or "as of" in section


def test_defaults_are_named_as_everybody_names_them():
    odd = "unless " + "told"
    folders = [ROOT / name for name in ("py", "web", "tools", "examples")]
    files = [
        path
        for folder in folders
        for path in folder.rglob("*")
        if path.suffix in {".py", ".js", ".mjs", ".html"}
    ]
    found = [str(path) for path in files if odd in path.read_text(encoding="utf-8")]
    assert found == [], "say 'default: ...', or '... by default'"
