"""Tensors go as soon as nobody has them: nothing waits for the garbage collector, on NumPy and on WebGL2."""

import asyncio
from pathlib import Path

from tests.memory import ways


def test_nothing_waits_for_the_garbage_collector():
    assert asyncio.run(ways.growth()) == {}


def test_nothing_waits_for_it_in_the_page(pyo):
    source = Path(ways.__file__).read_text(encoding="utf-8")
    assert pyo.run(f"{source}\nawait growth()") == {}
