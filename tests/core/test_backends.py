"""Values move to the backend that computes: tensors, variables, slots of optimizers, data of a fit, compiled steps."""

import asyncio
import itertools
from dataclasses import replace

import pytest

import tfjs_pyo as tf
from tfjs_pyo.backends.numpy import NumpyBackend
from tfjs_pyo.core import engine
from tfjs_pyo.core.trace import Trace, run_loop
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import DeviceError


class Foreign(NumpyBackend):
    """A backend whose handles and executables mean nothing elsewhere."""

    name = "foreign"

    def __init__(self):
        super().__init__()
        self._handles = itertools.count(10**6)

    def load(self, lowered):
        return ("foreign", super().load(lowered))

    def unload(self, executable):
        super().unload(executable[1])

    def run(self, executable, inputs, scalars):
        return super().run(executable[1], inputs, scalars)

    def _replay(self, segment, *rest):
        return super()._replay(engine_segment(segment), *rest)


def engine_segment(segment):
    """A loop's segment with the executable that NumPy runs."""
    return replace(segment, executable=segment.executable[1])


@pytest.fixture
def foreign():
    backend = Foreign()
    engine.register_backend("foreign", lambda: backend)
    engine.use_backend("numpy")
    yield backend
    engine.use_backend("numpy")
    del engine._engine.backends["foreign"]
    engine._engine.instances.pop("foreign", None)


def use(name):
    asyncio.run(tf.setBackend(name))


VALUES = {
    "float32": [1.5, -2.0, 3.25],
    "int32": [1, -2, 2**31 - 1],
    "bool": [True, False, True],
}


@pytest.mark.parametrize("dtype", VALUES)
def test_tensors_move_there_and_back(foreign, dtype):
    x = tf.tensor(VALUES[dtype], None, dtype)
    view = x.reshape([3, 1])
    view.data_sync()
    use("foreign")
    assert (x + 0).array_sync() == [value + 0 for value in VALUES[dtype]]
    assert x.array_sync() == VALUES[dtype]
    assert view.reshape([3]).array_sync() == VALUES[dtype]
    made = x.concat(x)
    made.data_sync()
    use("numpy")
    assert made.slice(3).array_sync() == VALUES[dtype]
    assert (x + 0).array_sync() == [value + 0 for value in VALUES[dtype]]


def test_values_that_are_pending_complex_or_strings(foreign):
    a, pending = tf.tensor([1.0, 2.0]), tf.tensor([3.0, 4.0]) * 2
    z, words = tf.complex(a, a * 3), tf.tensor(["a", "b"])
    z.data_sync()
    use("foreign")
    assert pending.array_sync() == [6, 8]
    assert (z * 2).array_sync() == [2 + 6j, 4 + 12j]
    assert words.array_sync() == ["a", "b"]


def test_what_moved_is_freed_where_it_was(foreign):
    x = tf.ones([100])
    x.data_sync()
    before = len(engine.backend()._arrays)
    use("foreign")
    (x * 1).data_sync()
    use("numpy")
    assert len(engine.backend()._arrays) == before - 1
    del x
    assert not foreign._arrays


def test_variables_and_slots_of_optimizers(foreign):
    def train(switching):
        w, optimizer = tf.variable(tf.tensor([1.0, 2.0])), tf.train.adam(0.1)
        for step in range(6):
            if switching:
                use(["numpy", "foreign"][step % 2])
            optimizer.minimize(lambda: (w - 3.0).square().sum())
        return w.array_sync()

    assert train(True) == train(False)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_models_between_and_during_fits(foreign, batch_norm):
    x, y = tf.tensor([[i / 8, 1.0] for i in range(8)]), tf.tensor([[i / 4] for i in range(8)])

    def train(switch):
        model = tf.sequential()
        model.add(tf.layers.dense(units=3, inputShape=[2], activation="tanh"))
        if batch_norm:
            model.add(tf.layers.batchNormalization())
        model.add(tf.layers.dense(units=1))
        weights = [tf.linspace(0.1, 0.9, w.size).reshape(w.shape) for w in model.getWeights()]
        model.setWeights(weights)
        model.compile(optimizer="adam", loss="meanSquaredError")
        losses = []
        switches = itertools.cycle(["foreign", "numpy"])

        async def changed(epoch, logs):
            if switch:
                engine.use_backend(next(switches))

        for _ in range(2):
            history = asyncio.run(
                model.fit(
                    x, y, epochs=3, batchSize=3, shuffle=False, verbose=0, callbacks={"onEpochEnd": changed}
                )
            )
            losses += history.history["loss"]
        return losses, model.predict(x).array_sync(), float(model.evaluate(x, y).array_sync())

    plain = train(False)
    switched = train(True)
    assert switched[0] == pytest.approx(plain[0], rel=1e-6)
    assert switched[1:] == plain[1:]


def test_a_compiled_step_runs_on_either(foreign):
    w = Variable(tf.tensor([1.0, 2.0]))
    captured = tf.tensor([10.0, 20.0])
    with Trace() as trace:
        x = trace.input((2,), "float32")
        w.assign(w * x + captured)
    step = trace.compile([x * 2])
    feed = tf.tensor([2.0, 3.0])
    assert step.run([feed])[0].array_sync() == [4, 6]
    use("foreign")
    assert step.run([feed])[0].array_sync() == [4, 6]
    assert w.array_sync() == [34, 98]
    use("numpy")
    step.run([feed])
    assert w.array_sync() == [78, 314]


def counting_loop():
    w, log = Variable(tf.scalar(0.0)), Variable(tf.zeros([1]))
    with Trace() as trace:
        x = trace.input((), "float32")
        w.assign(w + x)
        log.assign(w.read().reshape([1]))
    return w, log, trace.compile()


def test_a_running_loop_keeps_its_values_while_others_move_them(foreign):
    w, log, step = counting_loop()
    one = tf.scalar(1.0)
    one.data_sync()

    async def elsewhere():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        engine.use_backend("foreign")
        assert (one + 1).array_sync() == 2
        seen = (w * 1).array_sync()
        assert 0 < seen < 20
        w.assign(tf.scalar(100.0))
        assert (w * 1).array_sync() >= 100

    async def both():
        return (await asyncio.gather(run_loop([(step, 20)], [one], 1, {}, log), elsewhere()))[0]

    rows = asyncio.run(both())
    assert rows[0][0] == w.array_sync() > 100


def test_two_loops_on_two_backends_do_not_share_a_variable(foreign):
    w, log, step = counting_loop()
    one = tf.scalar(1.0)

    async def elsewhere():
        await asyncio.sleep(0)
        engine.use_backend("foreign")
        with pytest.raises(DeviceError, match="is in use by a training loop on another backend"):
            await run_loop([(step, 20)], [one], 1, {}, log)
        engine.use_backend("numpy")

    async def both():
        await asyncio.gather(run_loop([(step, 20)], [one], 1, {}, log), elsewhere())

    asyncio.run(both())
    assert w.array_sync() == 20
    assert w.shared == 0
