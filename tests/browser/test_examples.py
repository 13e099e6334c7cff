"""The examples in the page, on WebGL2, at small size: they run, and from the same seed they say what CPython says."""

import asyncio

import numpy as np
import pytest

import examples
from tests.small_examples import SMALL

CHANCE = ("cartpole_dqn",)
"""A push to the other side, because of one rounding, makes another game."""


@pytest.mark.parametrize("name", SMALL)
def test_example(pyo, name, capsys):
    options, expected = SMALL[name]
    found = pyo.run(f"await examples.{name}.main(**{options!r})")
    assert expected(found)
    if name not in CHANCE:
        here = asyncio.run(getattr(examples, name).main(**options))
        np.testing.assert_allclose(np.array(found), np.array(here), rtol=0.1, atol=0.05)
    capsys.readouterr()
