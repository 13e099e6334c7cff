"""Every way of writing a training loop, on WebGL2: TensorFlow.js's losses step by step, as on NumPy."""

import json
from pathlib import Path

import pytest

from tests.training import faces
from tests.training.loops import play
from tests.training.test_loops import assert_plays

AT_ONCE = 24
"""Programs in one cell of the page."""


def source():
    """Both files as one cell."""
    imports, programs = Path(play.__code__.co_filename).read_text().split(")\n", 1)
    assert "from tests.training.faces import (" in imports
    return f"{Path(faces.__file__).read_text()}\n{programs}"


NAMES = list(faces.PROGRAMS)


@pytest.mark.parametrize("face", faces.FACES)
@pytest.mark.parametrize(
    "names", [NAMES[at : at + AT_ONCE] for at in range(0, len(NAMES), AT_ONCE)], ids=lambda n: n[0]
)
def test_a_loop_gives_the_losses_of_tfjs_on_webgl2(pyo, names, face):
    played = json.loads(
        pyo.run(
            f"{source()}\nimport json\n"
            f"json.dumps([await play(name, {face!r}) for name in json.loads({json.dumps(names)!r})])"
        )
    )
    for name, (losses, weights) in zip(names, played, strict=True):
        assert_plays(name, losses, weights)
