"""Models, layers and optimizers that tasks and threads share: numbers are right, nothing is mixed, no step is lost."""

import asyncio
import copy
import itertools
import sys
import threading

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.weak import WeakObjects

X = np.linspace(-1, 1, 64, dtype=np.float32).reshape(16, 4)
Y = X.sum(1, keepdims=True)


def made(rate=0.0):
    first = [tf.initializers.glorotUniform({"seed": seed}) for seed in (1, 2)]
    model = tf.sequential(
        [
            tf.layers.dense(
                {"units": 5, "inputShape": [4], "activation": "tanh", "kernelInitializer": first[0]}
            ),
            tf.layers.dense({"units": 1, "kernelInitializer": first[1]}),
        ]
    )
    model.compile(tf.train.sgd(rate), "meanSquaredError", ["mae"])
    return model


def summing(rate=1.0, layer=None):
    """A model whose weight goes down by the rate in each step."""
    inside = layer or tf.layers.dense(
        {"units": 1, "useBias": False, "kernelInitializer": "zeros", "inputShape": [1]}
    )
    model = tf.sequential([inside])
    model.compile(tf.train.sgd(rate), lambda true, predicted: tf.mean(predicted))
    return model


ONES = np.ones((8, 1), np.float32)

# Tasks


def batches(first, last):
    return lambda: [(X[i : i + 2], Y[i : i + 2]) for i in range(first, last, 2)]


def numbers(values):
    return [value.array_sync() for value in values]


async def measured(model, part):
    return numbers(await model.evaluate_dataset(batches(*part), batches=4))


def test_evaluations_of_datasets_beside_each_other():
    model = made()

    async def run():
        parts = (0, 8), (8, 16)
        alone = [await measured(model, part) for part in parts]
        return alone, await asyncio.gather(*(measured(model, part) for part in parts))

    alone, together = asyncio.run(run())
    assert alone == together
    assert alone[0] != alone[1]


@pytest.mark.parametrize("listens", [False, True], ids=["compiled", "batch by batch"])
def test_a_fit_and_whatever_else_measures_or_trains_its_model(listens):
    """The rate is 0: the fit's numbers are those of the same fit alone."""
    callbacks = {"onBatchEnd": lambda batch, logs: None} if listens else None
    options = {
        "epochs": 3, "batchSize": 2, "shuffle": False, "validationData": [X[:8], Y[:8]], "callbacks": callbacks,
        "validationBatchSize": 1,
    }  # fmt: skip

    async def others(model, done):
        while not done:
            model.evaluate(X[8:], Y[8:])
            await model.train_on_batch(X[8:], Y[8:])
            await model.evaluate_dataset(batches(8, 16))
            await asyncio.sleep(0)

    async def run(beside):
        model, done = made(), []
        task = asyncio.ensure_future(others(model, done)) if beside else None
        history = (await model.fit(X, Y, options)).history
        done.append(True)
        if task is not None:
            await task
        return history

    alone, beside = asyncio.run(run(False)), asyncio.run(run(True))
    assert set(alone) == {"loss", "mae", "val_loss", "val_mae"}
    for name in alone:
        assert beside[name] == pytest.approx(alone[name], rel=1e-6), name


def test_a_save_during_a_fit_has_weights_and_steps_of_one_moment():
    """The rate is 1 and the gradient is 1: the weight says how many steps were made."""
    model, seen = summing(), []

    async def saved():
        kept = []
        handler = tf.io.with_save_handler(lambda artifacts: kept.append(artifacts) or {})
        await model.save(handler, {"includeOptimizer": True})
        weight, steps = (bytes(kept[0]["weightData"])[place : place + 4] for place in (0, 4))
        return -np.frombuffer(weight, np.float32)[0], np.frombuffer(steps, np.int32)[0]

    async def looking(fit):
        while not fit.done():
            seen.append((*await saved(), model.optimizer.iterations, -model.get_weights()[0].item()))
            await asyncio.sleep(0)

    async def run():
        fit = asyncio.ensure_future(model.fit(ONES, ONES, {"epochs": 20, "batchSize": 2}))
        await looking(fit)
        await fit

    asyncio.run(run())
    assert len({weight for weight, *_ in seen}) > 5
    for weight, steps, iterations, now in seen:
        assert weight == steps
        assert iterations == now
    assert model.optimizer.iterations == 80


def test_own_steps_that_run_as_they_are_written_add_up_by_themselves():
    class Own(tf.keras.Sequential):
        def test_step(self, data):
            x, y = data
            return {"loss": tf.mean(tf.square(self(x) - y))}

    model = Own([tf.keras.layers.Dense(1, kernel_initializer="zeros", input_shape=(4,))])
    model.compile("sgd", "mse", run_eagerly=True)

    async def measure(part):
        return numbers([await super(tf.keras.Model, model).evaluate_dataset(batches(*part))])

    async def run():
        parts = (0, 8), (8, 16)
        alone = [await measure(part) for part in parts]
        return alone, await asyncio.gather(*map(measure, parts))

    alone, together = asyncio.run(run())
    assert alone == together
    assert alone[0] != alone[1]


# Threads


@pytest.fixture(autouse=True)
def switching():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def in_threads(work, count=4):
    """What `work(i)` returns in each thread, or raises."""
    results = [None] * count
    start = threading.Barrier(count)

    def run(i):
        start.wait()
        try:
            results[i] = work(i)
        except BaseException as error:  # noqa: BLE001 (told to the test)
            results[i] = error

    threads = [threading.Thread(target=run, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def fitted(model, x, y, **options):
    return asyncio.run(model.fit(x, y, {"shuffle": False, "batchSize": 2, **options}))


class Holding(tf.layers.Layer):
    """A layer whose layer is built when it is first called."""

    def __init__(self):
        super().__init__({})
        self.inner = tf.layers.dense({"units": 3})

    def call(self, inputs):
        return self.inner.apply(tf.relu(inputs))


USES = {
    "predict": lambda layer: tf.sequential([layer]).predict(X),
    "apply": lambda layer: layer.apply(tf.tensor(X)),
    "build": lambda layer: layer.build([None, 4]),
    "graph": lambda layer: layer.apply(tf.input({"shape": [4]})),
}


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("make", [lambda: tf.layers.dense({"units": 3}), Holding], ids=["dense", "own"])
def test_a_layer_that_threads_meet_first_is_built_once(make, use):
    for _ in range(5):
        layer = make()
        found = in_threads(lambda _, layer=layer: USES[use](layer))
        assert not [each for each in found if isinstance(each, Exception)]
        assert len(layer.weights) == 2


def test_a_layer_is_built_only_when_it_has_the_values_that_it_was_given():
    first = [np.ones((4, 3), np.float32), np.zeros(3, np.float32)]
    for _ in range(5):
        layer = tf.layers.dense({"units": 3, "weights": first})
        found = in_threads(lambda _, layer=layer: layer.apply(tf.tensor(X)).array_sync())
        assert all(each == found[0] for each in found)
        np.testing.assert_allclose(found[0], X @ first[0], atol=1e-6)


METHODS = {
    "predict": lambda model, rows: model.predict(X[:rows]).array_sync(),
    "evaluate": lambda model, rows: numbers(model.evaluate(X[:rows], Y[:rows], {"batchSize": 3})),
    "testOnBatch": lambda model, rows: asyncio.run(model.test_on_batch(X[:rows], Y[:rows])),
    "trainOnBatch": lambda model, rows: asyncio.run(model.train_on_batch(X[:rows], Y[:rows])),
}


@pytest.mark.parametrize("method", METHODS)
def test_one_model_in_several_threads(method):
    model, alone = made(), made()
    expected = [METHODS[method](alone, 4 * i + 4) for i in range(4)]
    run = lambda i: [METHODS[method](model, 4 * i + 4) for _ in range(5)]  # noqa: E731
    for i, found in enumerate(in_threads(run)):
        for each in found:
            np.testing.assert_allclose(each, expected[i], rtol=1e-5)


def test_one_fit_of_a_model_at_a_time():
    model = summing()
    found = in_threads(lambda _: fitted(model, ONES, ONES, epochs=20))
    refused = [each for each in found if isinstance(each, ArgumentError)]
    done = [each for each in found if not isinstance(each, Exception)]
    assert len(refused) + len(done) == 4
    assert all("a fit is still running" in str(each) for each in refused)
    assert model.get_weights()[0].array_sync() == [[-80.0 * len(done)]]


def test_no_step_on_shared_layers_is_lost():
    layer = tf.layers.dense({"units": 1, "useBias": False, "kernelInitializer": "zeros", "inputShape": [1]})
    layer.build([None, 1])
    models = [summing(layer=layer) for _ in range(4)]
    found = in_threads(lambda i: fitted(models[i], ONES, ONES, epochs=10 + i))
    assert not [each for each in found if isinstance(each, Exception)]
    assert layer.get_weights()[0].array_sync() == [[-sum((10.0 + i) * 4 for i in range(4))]]
    assert not layer.weights[0].shared
    assert not layer.weights[0].held_by


def test_no_step_of_a_shared_optimizer_is_lost():
    w, optimizer = tf.variable(tf.scalar(0.0)), tf.train.momentum(1.0, 0.5)
    alone, other = tf.variable(tf.scalar(0.0)), tf.train.momentum(1.0, 0.5)
    for _ in range(40):
        other.minimize(lambda: alone * 1.0, False, [alone])
    in_threads(lambda _: [optimizer.minimize(lambda: w * 1.0, False, [w]) for _ in range(10)])
    assert optimizer.iterations == 40
    assert w.array_sync() == alone.array_sync()


def test_whoever_looks_at_a_model_in_training_sees_whole_steps():
    """Both weights have the same value after each step."""

    def twins():
        x = tf.input({"shape": [1]})
        options = {"units": 1, "useBias": False, "kernelInitializer": "zeros"}
        ends = [tf.layers.dense({**options, "name": name}).apply(x) for name in "ab"]
        model = tf.model({"inputs": x, "outputs": tf.layers.concatenate().apply(ends)})
        model.compile(tf.train.adam(1.0), "meanAbsoluteError")
        return model

    async def saved(model):
        kept = []
        await model.save(
            tf.io.with_save_handler(lambda artifacts: kept.append(artifacts) or {}),
            {"includeOptimizer": True},
        )
        values = np.frombuffer(bytes(kept[0]["weightData"]), np.float32)
        return values[:2]

    model, done = twins(), threading.Event()
    ways = [
        lambda: model.predict(ONES[:1]).array_sync()[0],
        lambda: [weight.data_sync()[0] for weight in model.get_weights()],
        lambda: asyncio.run(saved(model)),
    ]
    target = np.full((8, 2), -1e6, np.float32)

    def work(i):
        if i == len(ways):
            try:
                return fitted(model, ONES, target, epochs=40)
            finally:
                done.set()
        seen = [ways[i]()]
        while not done.is_set():
            seen.append(ways[i]())
        return seen

    *seen, history = in_threads(work, len(ways) + 1)
    assert len(history.epoch) == 40
    for pairs in seen:
        assert not isinstance(pairs, Exception), pairs
        assert all(a == b for a, b in pairs)


def test_penalties_on_outputs_belong_to_a_thread():
    class Penalized(tf.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.mean(tf.square(inputs)))
            return inputs

    def loss(_):
        model = tf.sequential(
            [tf.layers.dense({"units": 3, "inputShape": [4], "kernelInitializer": "ones"}), Penalized()]
        )
        model.compile(tf.train.sgd(0.0), lambda true, predicted: tf.mean(predicted) * 0)
        return fitted(model, X, Y, epochs=1).history["loss"]

    assert in_threads(loss) == [loss(0)] * 4


def test_losses_of_a_call_belong_to_a_thread():
    class Penalized(tf.keras.layers.Layer):
        def call(self, inputs):
            self.add_loss(tf.sum(inputs))
            return inputs

    layer = Penalized()

    def work(i):
        for _ in range(20):
            layer(np.full((1, 2), i, np.float32))
            yield [float(loss) for loss in layer.losses]

    assert in_threads(lambda i: list(work(i))) == [[[2.0 * i]] * 20 for i in range(4)]
    layer(ONES)
    assert [float(loss) for loss in copy.deepcopy(layer).losses] == []


def test_made_up_names_differ():
    makers = [
        lambda: tf.layers.dense({"units": 1}).name,
        lambda: tf.keras.layers.Dense(1).name,
        lambda: tf.input({"shape": [1]}).name,
    ]
    for make in makers:
        found = in_threads(lambda _, make=make: [make() for _ in range(30)])
        names = list(itertools.chain(*found))
        assert len(set(names)) == len(names) == 120


def test_weak_objects_can_be_looked_through_while_others_are_added():
    class Thing:
        pass

    known, kept = WeakObjects(), [Thing() for _ in range(50)]
    for thing in kept:
        known.add(thing)
        known.add(thing)

    def work(i):
        for _ in range(50):
            if i % 2:
                known.add(Thing())
            else:
                assert len(list(known)) >= 50

    assert in_threads(work) == [None] * 4
    known.discard(kept[0])
    assert kept[0] not in list(known)
    assert list(known) == kept[1:]


def test_a_model_is_loaded_while_others_are_made():
    """First values are left out for what is loaded, and for nothing else."""
    first = made()
    asyncio.run(first.save("memory://beside"))

    def work(i):
        if i % 2:
            for _ in range(20):
                asyncio.run(tf.load_layers_model("memory://beside"))
            return 1.0
        ones = [tf.layers.dense({"units": 2, "kernelInitializer": "ones"}) for _ in range(40)]
        return min(layer.apply(tf.ones([1, 1])).array_sync()[0][0] for layer in ones)

    assert in_threads(work) == [1.0] * 4
    asyncio.run(tf.io.remove_model("memory://beside"))
