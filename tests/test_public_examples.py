"""The examples of all public names run: those of docstrings that are made, too, which pytest does not find in modules."""

import doctest
import inspect

import pytest

from tests.test_documentation_gaps import methods, public

EXAMPLES = {name: doc for name, value in public() if ">>>" in (doc := inspect.cleandoc(value.__doc__ or ""))}
OF_METHODS = {name: doc for name, value in methods() if ">>>" in (doc := inspect.cleandoc(value.__doc__))}
_PARSER = doctest.DocTestParser()


@pytest.mark.parametrize("name", [*EXAMPLES, *OF_METHODS])
def test_example_runs(name):
    said = []
    test = _PARSER.get_doctest({**OF_METHODS, **EXAMPLES}[name], {}, name, None, None)
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE, verbose=False)
    runner.run(test, out=said.append)
    assert not said, "".join(said)


def wanted_import(name):
    """The import that an example begins with: that of the API whose name it explains."""
    face = name.split(".")[1]
    module = f"from tfjs_pyo import {face}" if face in ("keras", "tensorflow") else "import tfjs_pyo as tf"
    return f"{module} as tf" if face == "tensorflow" else module


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_speaks_the_words_of_its_api(name):
    statements = [line.split(">>> ")[1] for line in EXAMPLES[name].splitlines() if ">>> " in line]
    assert wanted_import(name) in statements
    others = {"import tfjs_pyo as tf", "from tfjs_pyo import keras", "from tfjs_pyo import tensorflow as tf"}
    assert not (others - {wanted_import(name)}) & set(statements)
