"""Networks of sizes that are no multiples of four give on WebGL2, and on the processor, what NumPy gives."""

from pathlib import Path

import pytest

from tests.compiler import drawn_graphs
from tests.compiler.helpers import assert_nearly_all_close
from tfjs_pyo.core import engine

SOURCE = Path(drawn_graphs.__file__).read_text(encoding="utf-8")
SETUP = f"import sys, types\ndrawn = sys.modules['drawn'] = types.ModuleType('drawn')\nexec({SOURCE!r}, drawn.__dict__)"
SEEDS = range(8)


def compare(place, kind, seed):
    engine.use_backend("numpy")
    expected = drawn_graphs.numbers(kind, seed)
    found = place.run(f"{SETUP}\ndrawn.numbers({kind!r}, {seed})")
    for ours, theirs in zip(found, expected, strict=True):
        assert_nearly_all_close(ours, theirs)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["products", "convolutions"])
def test_webgl_agrees_with_numpy(gpu, kind, seed):
    compare(gpu, kind, seed)


@pytest.mark.parametrize("kind", ["products", "convolutions"])
def test_the_processor_agrees_with_numpy(processor, kind):
    compare(processor, kind, SEEDS[0])
