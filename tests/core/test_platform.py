"""Timing, profiles, debug mode, scopes, the environment."""

import asyncio
import gc
import math
import warnings

import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError


@pytest.fixture
def debugging():
    tf.enableDebugMode()
    yield
    tf.env().set("DEBUG", False)


def regression(rate: float) -> tf.Sequential:
    model = tf.sequential()
    model.add(tf.layers.dense(units=1, inputShape=[1]))
    model.compile(optimizer=tf.train.sgd(rate), loss="meanSquaredError")
    return model


DATA = (tf.tensor2d([[1.0], [2], [3], [4]]), tf.tensor2d([[1.0], [3], [5], [7]]))


def test_time_covers_what_a_function_leaves_pending():
    timing = asyncio.run(tf.time(lambda: tf.matMul(tf.ones([200, 200]), tf.ones([200, 200]))))
    assert timing["wallMs"] >= timing["kernelMs"] > 0


def test_profile_names_kernels_and_counts_memory():
    gc.collect()  # models that other tests dropped go now, not while something is counted
    found = asyncio.run(tf.profile(lambda: tf.ones([2, 8]).sum(0).exp()))
    assert found["result"].shape == (8,)
    assert [name for name in found["kernelNames"] if name != "reshape"] == ["broadcast_to", "sum", "exp"]
    summed = next(kernel for kernel in found["kernels"] if kernel["name"] == "sum")
    assert summed.pop("kernelTimeMs") > 0
    assert summed == {"name": "sum", "inputShapes": [[2, 8]], "outputShapes": [[8]]}
    assert (found["newTensors"], found["newBytes"]) == (1, 32)
    assert found["peakBytes"] >= 32


def test_profile_of_a_fit():
    model = regression(0.01)
    found = asyncio.run(tf.profile(lambda: model.fit(*DATA, epochs=2, verbose=0)))
    assert "mat_mul" in found["kernelNames"]
    assert all(kernel["kernelTimeMs"] > 0 for kernel in found["kernels"])


def test_profiles_within_profiles_leave_the_times_to_the_outer_one():
    inner = []

    async def profiled():
        inner.append(await tf.profile(lambda: tf.ones([2]).exp()))

    outer = asyncio.run(tf.profile(profiled))
    assert [kernel["kernelTimeMs"] for kernel in inner[0]["kernels"]].count(None) == len(inner[0]["kernels"])
    assert all(kernel["kernelTimeMs"] > 0 for kernel in outer["kernels"])


def test_debug_mode_names_the_op(debugging):
    with pytest.warns(
        tf.NumericWarning, match=r"log: its result has -inf, of inputs without \(shapes \[2\]\)"
    ) as caught:
        tf.log(tf.tensor([1.0, 0.0])) * 2
    assert caught[0].filename == __file__
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.divNoNan(1.0, tf.tensor([0.0, 1.0]))  # masked infinities are no fault


@pytest.mark.parametrize("values", [[2.0, math.nan], [[1.0], [math.inf]]])
def test_debug_mode_tells_of_data_that_are_not_finite(debugging, values):
    with pytest.warns(tf.NumericWarning, match=r"tensor: the values given have (nan|inf), value 1 of 2"):
        tf.tensor(values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tf.tensor([1.0, 2.0])


def test_debug_mode_looks_into_compiled_steps(debugging):
    with pytest.warns(tf.NumericWarning, match="its result has -?inf"):
        history = asyncio.run(regression(1e18).fit(*DATA, epochs=2, batchSize=2, verbose=0))
    assert len(history.history["loss"]) == 2


def test_debug_mode_changes_no_result():
    def train():
        model = regression(0.01)
        model.set_weights([tf.tensor([[0.5]]), tf.tensor([0.1])])
        return asyncio.run(model.fit(*DATA, epochs=3, batchSize=3, shuffle=False, verbose=0)).history["loss"]

    plain = train()
    tf.env().set("DEBUG", True)
    try:
        assert train() == pytest.approx(plain, rel=1e-6)
    finally:
        tf.env().set("DEBUG", False)


def test_scopes_without_a_function():
    before = tf.memory()["numTensors"]
    tf.engine().startScope()
    x = tf.ones([2])
    kept, returned = tf.keep(tf.ones([3])), tf.ones([4])
    tf.engine().endScope(returned)
    assert x.isDisposed
    assert not kept.isDisposed
    assert not returned.isDisposed
    tf.dispose([kept, returned])
    assert tf.memory()["numTensors"] == before
    with pytest.raises(ArgumentError, match="expected an open scope"):
        tf.engine().endScope()


def test_environment():
    assert tf.env().getBool("IS_BROWSER") is False
    assert tf.env().getNumber("WEBGL_VERSION") == 0
    assert tf.env().flags["DEBUG"] is False
    with pytest.raises(OptionError, match="received 'WEBGL_PACK'"):
        tf.env().get("WEBGL_PACK")
    with pytest.raises(OptionError, match=r"env.set: expected one of PROD, DEBUG"):
        tf.env().set("IS_BROWSER", True)


def test_engine_knows_variables_and_backends():
    v = tf.variable(tf.scalar(1.0), name="counted")
    assert tf.engine().registeredVariables["counted"] is v
    assert tf.engine().backendName in tf.engine().backendNames


def test_dispose_variables():
    v = tf.variable(tf.scalar(1.0))
    tf.disposeVariables()
    assert v.isDisposed
    asyncio.run(tf.nextFrame())
