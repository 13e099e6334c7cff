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
def test_a_loop_gives_the_losses_of_tfjs_on_webgl2(anywhere, names, face):
    played = json.loads(
        anywhere.run(
            f"{source()}\nimport json\n"
            f"json.dumps([await play(name, {face!r}) for name in json.loads({json.dumps(names)!r})])"
        )
    )
    for name, (losses, weights) in zip(names, played, strict=True):
        assert_plays(name, losses, weights)


@pytest.mark.parametrize("how", ["cancelled", "interrupted", "stopped", "finished"])
def test_an_optimizer_counts_the_finished_steps_of_a_loop(anywhere, how):
    """The weight says how many: each step takes 1 off it, and TensorFlow.js's optimizers count each."""
    counts = anywhere.run(
        f"""
import asyncio, js
from pyodide.ffi import create_proxy
import tfjs_pyo as tf
from tfjs_pyo.backends.protocol import Control
from tfjs_pyo.core.trace import Trace, run_loop
how = {how!r}
optimizer, w, log = tf.train.sgd(1.0), tf.variable(tf.scalar(0.0)), tf.variable(tf.zeros([1]))
optimizer.build([w])

def step():
    with Trace() as trace:
        optimizer.minimize(lambda: w * 1.0, False, [w])
        log.assign(log + 1.0)
    return trace.compile()

told, proxy = getattr(js.globalThis, "tfjsPyoInterrupted", None), create_proxy(lambda: True)
async def quietly(running):
    try:
        await running
    except (asyncio.CancelledError, KeyboardInterrupt):
        pass

async def count():
    counts = []
    for times in (1, 5, 23):
        epochs = times if how == "finished" else 10_000_000
        start = js.tfjsPyoDevice.steps
        control, segments = Control(), [(step(), 2), (step(), 1)]
        training = asyncio.ensure_future(quietly(run_loop(segments, [], epochs, {{}}, log, None, control)))
        while not training.done() and how != "finished" and js.tfjsPyoDevice.steps - start < times:
            await asyncio.sleep(0)
        if how == "cancelled":
            training.cancel()
        elif how == "interrupted":
            js.globalThis.tfjsPyoInterrupted = proxy
        elif how == "stopped":
            control.stop()
        await training
        js.globalThis.tfjsPyoInterrupted = told
        counts.append([int(optimizer.iterations), -(await w.data())[0]])
    return counts

counts = await count()
[proxy.destroy(), w.dispose(), log.dispose(), optimizer.dispose()]
counts
"""
    )
    assert [steps for steps, _ in counts] == [weight for _, weight in counts]
    assert all(steps >= least for (steps, _), least in zip(counts, (1, 6, 29), strict=True))
    if how == "finished":
        assert [steps for steps, _ in counts] == [3, 18, 87]
