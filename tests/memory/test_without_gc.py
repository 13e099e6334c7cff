"""Tensors go as soon as nobody has them: nothing waits for the garbage collector, on NumPy and on WebGL2."""

import asyncio
from pathlib import Path

import pytest

from tests.memory import ways


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_the_garbage_collector(cold):
    assert asyncio.run(ways.growth(cold)) == {}


@pytest.mark.parametrize("cold", [False, True])
def test_nothing_waits_for_it_in_the_page(pyo, cold):
    source = Path(ways.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait growth({cold})") == {}
