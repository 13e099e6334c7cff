"""What ran last can be looked into and timed."""

import asyncio

import pytest

import tfjs_pyo as tf
from tfjs_pyo.core import inspection
from tfjs_pyo.errors import ArgumentError

DATA = (tf.tensor2d([[1.0], [2], [3], [4]]), tf.tensor2d([[1.0], [3], [5], [7]]))


def model():
    made = tf.sequential([tf.layers.dense(units=1, inputShape=[1])])
    made.compile(optimizer="sgd", loss="meanSquaredError")
    return made


def test_the_latest_step_is_that_of_the_last_fit():
    asyncio.run(model().fit(*DATA, epochs=1, verbose=0))
    kernels = inspection.latest()["step"]
    assert "mat_mul" in [kernel["name"] for kernel in kernels]
    assert all(set(kernel) == {"name", "inputShapes", "outputShapes", "kernelTimeMs"} for kernel in kernels)


def test_a_running_fit_can_be_timed():
    async def timed():
        running = asyncio.ensure_future(model().fit(*DATA, epochs=20_000, verbose=0))
        await asyncio.sleep(0)
        while not await inspection.measure("step"):
            pass
        running.cancel()
        await asyncio.wait([running])

    asyncio.run(timed())
    assert all(kernel["kernelTimeMs"] > 0 for kernel in inspection.latest()["step"])
    asyncio.run(model().fit(*DATA, epochs=1, verbose=0))
    assert all(kernel["kernelTimeMs"] is None for kernel in inspection.latest()["step"])


def test_measuring_while_nothing_runs_says_so(monkeypatch):
    monkeypatch.setattr(inspection, "_PATIENCE_SECONDS", 0.0)
    assert asyncio.run(inspection.measure("step")) is False


def test_sources_that_do_not_exist_are_named(monkeypatch):
    tf.tensor([1.0]).exp().data_sync()
    with pytest.raises(ArgumentError, match="backend 'numpy' have no source"):
        inspection.source("graph", 0)
    with pytest.raises(ArgumentError, match="no 'nothing' has run yet"):
        inspection.source("nothing", 0)
