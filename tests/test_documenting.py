"""Docstrings of classes name all options, those that they leave to fields, bases or `meanings.py` as well."""

import inspect

import pytest

from tests.test_documentation_gaps import public
from tfjs_pyo import documenting, keras, meanings
from tfjs_pyo.config import Configurable, field

CLASSES = {
    name: value for name, value in public() if isinstance(value, type) and issubclass(value, Configurable)
}


@pytest.mark.parametrize("name", CLASSES)
def test_every_option_is_explained_once_in_its_own_spelling(name):
    doc = CLASSES[name].__doc__
    said = documenting.entries(doc)
    options = [f.argument for f in CLASSES[name].fields.values() if f.argument and not f.keyword_only]
    assert [option for option in options if not said.get(option)] == []
    assert doc.count("Args:\n") == bool(said)


def test_words_are_those_of_the_class_its_field_its_bases_and_then_of_all():
    class Base(Configurable):
        """Holds.

        Args:
            first: as the base has it.
        """

        first: int = field(1)
        second: int = field(2, doc="as the field has it.")
        seed: int = field(3)

    class Own(Base):
        """Holds more. Source: nowhere"""

    Base.__module__ = Own.__module__ = "tfjs_pyo.somewhere"
    told = documenting.entries(documenting.options_of(Own, documenting.text_of(Own)))
    assert told == {
        "first": "as the base has it.",
        "second": "as the field has it.",
        "seed": meanings.OPTIONS["seed"],
    }


def test_functions_of_tensorflow_explain_their_own_parameters():
    from tfjs_pyo import tensorflow

    said = documenting.entries(inspect.cleandoc(tensorflow.subtract.__doc__))
    assert list(said) == ["x", "y", "name"]
    assert "broadcast" in said["x"]


def test_a_class_of_a_user_keeps_its_docstring():
    class Own(keras.layers.Layer):
        """Mine."""

    assert Own.__doc__ == "Mine."
