"""Every numeric function says what it does, what its parameters are, and which page it follows."""

import inspect

import pytest

import tfjs_pyo as tf
from tfjs_pyo import ops

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
