"""None stands for the default of a field that cannot be None, as TensorFlow.js's undefined does: all fields of all classes."""

import re

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.test_numpy_options import kinds, needed
from tfjs_pyo.config import REQUIRED
from tfjs_pyo.initializers import VarianceScaling

CASES = [
    (kind, name)
    for kind in kinds()
    for name, each in kind.fields.items()
    if each.argument and each.default is not None and each.default is not REQUIRED
    if not issubclass(kind, VarianceScaling)
    or kind is VarianceScaling  # the others are named for their options
]
DEFAULTS = [(kind, name) for kind, name in CASES if kind.fields[name].none_is_default]


def test_the_table_has_all_kinds():
    assert len(DEFAULTS) > 550
    named = {(kind.__name__, name) for kind, name in DEFAULTS}
    assert {
        ("Dense", "use_bias"),
        ("Conv2D", "strides"),
        ("LSTM", "kernel_initializer"),
        ("EarlyStopping", "monitor"),
    } <= named
    assert not {("LSTM", "activation"), ("Bidirectional", "merge_mode")} & named  # None says something there


def shown(value):
    """A value without the number in the name of whose variable it is."""
    return re.sub(r"path=\w+/", "path=", repr(value))


@pytest.mark.parametrize(
    ("kind", "name"), DEFAULTS, ids=[f"{kind.__name__}.{name}" for kind, name in DEFAULTS]
)
def test_none_is_the_default(kind, name):
    others = {key: value for key, value in needed(kind).items() if key != name}
    plain, given = kind(**others), kind(**others, **{name: None})
    assert shown(getattr(given, name)) == shown(getattr(plain, name))
    assert getattr(given, name) is not None


def test_a_model_of_nones():
    x = np.ones((2, 5, 5, 1), np.float32)
    layer = tf.layers.conv2d(
        filters=2, kernelSize=2, strides=None, padding=None, useBias=None, kernelInitializer=None
    )
    assert layer.apply(tf.tensor(x)).shape == (2, 4, 4, 2)
    assert len(layer.weights) == 2
