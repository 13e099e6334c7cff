"""Tapes, scopes of memory, readers and debug mode belong to a task or thread; what they share works in all of them."""

import asyncio
import gc
import sys
import threading
import warnings
import weakref

import pytest

import tfjs_pyo as tf
from tfjs_pyo.backends.numpy import NumpyBackend
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.variable import Variable


@pytest.fixture(autouse=True)
def closed():
    yield
    assert context.current() is context.NOTHING, "nothing stays open"


def together(*tasks):
    """Runs coroutines in turns, a step each."""

    async def all_of_them():
        return await asyncio.gather(*tasks)

    return asyncio.run(all_of_them())


def buffers():
    gc.collect()
    return tf.memory()["numDataBuffers"]


async def derivative(w, factor, turns=5):
    with tf.GradientTape() as tape:
        y = w * 1
        for _ in range(turns):
            y = y * factor
            y.data_sync()
            await asyncio.sleep(0)
    return tape.gradient(y, w).array_sync()


def test_tapes_of_interleaved_tasks_do_not_disturb_each_other():
    factors = [2.0, 3.0, 5.0]
    ws = [tf.variable(tf.scalar(1.0)) for _ in factors]
    found = together(*[derivative(w, f, 3 + i) for i, (w, f) in enumerate(zip(ws, factors, strict=True))])
    assert found == [2.0**3, 3.0**4, 5.0**5]


def test_other_tasks_keep_no_history_for_a_tape():
    done = []

    async def with_tape():
        with tf.GradientTape():
            while not done:
                await asyncio.sleep(0)

    async def without():
        x = tf.ones([10])
        before = buffers()
        for _ in range(100):
            x = x * 1.01
            x.data_sync()
            await asyncio.sleep(0)
        done.append(buffers() - before)

    together(with_tape(), without())
    assert done[0] <= 1


def test_a_value_that_another_task_reads_keeps_its_history():
    w, made = tf.variable(tf.scalar(3.0)), []

    async def differentiating():
        with tf.GradientTape() as tape:
            made.append(w * w)
            await asyncio.sleep(0)
            y = made[0] * 2
        return tape.gradient(y, w).array_sync()

    async def reading():
        return made[0].array_sync()

    assert together(differentiating(), reading()) == [12, 9]
    gc.collect()
    assert not made[0].node.inputs, "and lets go of it with the tape"


def test_a_task_of_a_tape_goes_on_after_it():
    """It inherits the tape; what it computes once that is released, keeps nothing."""
    w = tf.variable(tf.scalar(3.0))

    async def child():
        for _ in range(10):
            await asyncio.sleep(0)
        y = w * w
        y.data_sync()
        return y.node.inputs

    async def parent():
        with tf.GradientTape() as tape:
            y = w * w
            task = asyncio.ensure_future(child())
            await asyncio.sleep(0)
        assert tape.gradient(y, w).array_sync() == 6
        return await task

    assert asyncio.run(parent()) == ()


def test_a_task_started_inside_is_inside():
    w = tf.variable(tf.scalar(3.0))

    async def square():
        return w * w

    async def parent():
        with tf.GradientTape() as tape:
            y = sum(await asyncio.gather(square(), square()))
            y.data_sync()
        return tape.gradient(y, w).array_sync()

    assert asyncio.run(parent()) == 12


def test_nested_tapes_released_in_any_order():
    w = tf.variable(tf.scalar(2.0))
    outer, inner = tf.GradientTape(persistent=True), tf.GradientTape(persistent=True)
    with outer, inner:
        y = w * w * w
        y.data_sync()
    assert inner.gradient(y, w).array_sync() == 12
    del inner
    gc.collect()
    assert outer.gradient(y, w).array_sync() == 12, "the outer tape still needs it"
    del outer
    gc.collect()
    assert not y.node.inputs


def test_scopes_of_interleaved_tasks():
    async def scoped(n):
        tf.engine().startScope()
        mine = [tf.ones([2])]
        await asyncio.sleep(0)
        mine.append(tf.ones([3]))
        for _ in range(n):
            await asyncio.sleep(0)
        kept = tf.ones([4])
        tf.engine().endScope(kept)
        return [t.is_disposed for t in mine], kept.is_disposed

    async def without():
        made = []
        for _ in range(6):
            made.append(tf.ones([5]))
            await asyncio.sleep(0)
        return [t.is_disposed for t in made]

    first, second, third = together(scoped(3), scoped(0), without())
    assert first == second == ([True, True], False)
    assert third == [False] * 6


def test_what_a_task_makes_after_the_scope_it_was_started_in_is_its_own():
    async def child():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return tf.ones([2])

    async def parent():
        tf.engine().startScope()
        task = asyncio.ensure_future(child())
        await asyncio.sleep(0)
        tf.engine().endScope()
        return await task

    assert not asyncio.run(parent()).is_disposed


def test_readers_of_interleaved_tasks():
    a, b = tf.variable(tf.scalar(1.0)), tf.variable(tf.scalar(2.0))

    async def noting(variable):
        with Variable.reading() as read:
            for _ in range(3):
                variable.read()
                await asyncio.sleep(0)
        return list(read.nodes)

    first, second = together(noting(a), noting(b))
    assert (first[0] is a, len(first)) == (True, 1)
    assert (second[0] is b, len(second)) == (True, 1)


def test_profiles_of_interleaved_tasks_count_their_own_kernels():
    async def work(n):
        for _ in range(n):
            (tf.ones([2]) * 3).data_sync()
            await asyncio.sleep(0)

    one, three = together(tf.profile(lambda: work(1)), tf.profile(lambda: work(3)))
    assert len(three["kernels"]) == 3 * len(one["kernels"])


def test_debug_mode_of_interleaved_tasks_names_the_op_of_each():
    async def failing(op, x):
        await asyncio.sleep(0)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            op(tf.tensor(x))
        return [str(warning.message) for warning in caught]

    tf.enableDebugMode()
    try:
        logs, roots = together(failing(tf.log, [0.0]), failing(tf.sqrt, [-1.0]))
    finally:
        tf.env().set("DEBUG", False)
    assert [text.partition(":")[0] for text in logs] == ["log"]
    assert [text.partition(":")[0] for text in roots] == ["sqrt"]


def test_compiled_training_of_interleaved_tasks():
    x, y = tf.tensor([[1.0], [2.0], [3.0], [4.0]]), tf.tensor([[1.0], [3.0], [5.0], [7.0]])

    def made():
        model = tf.sequential()
        model.add(tf.layers.dense(units=1, inputShape=[1]))
        model.setWeights([tf.tensor([[0.5]]), tf.tensor([0.1])])
        model.compile(optimizer=tf.train.sgd(0.01), loss="meanSquaredError")
        return model

    async def fitted(model):
        return (await model.fit(x, y, epochs=5, batchSize=2, shuffle=False, verbose=0)).history["loss"]

    async def own_loop():
        w, optimizer = tf.variable(tf.scalar(0.0)), tf.train.sgd(0.1)
        for _ in range(20):
            with tf.GradientTape() as tape:
                loss = (w - 3.0).square()
                await asyncio.sleep(0)
            optimizer.applyGradients({w.name: tape.gradient(loss, w)})
            await asyncio.sleep(0)
        return w.array_sync()

    alone = asyncio.run(fitted(made()))
    first, second, w = together(fitted(made()), fitted(made()), own_loop())
    assert first == second == alone
    assert w == pytest.approx(3 * (1 - 0.8**20), rel=1e-5)


# Threads


@pytest.fixture
def switching():
    """Threads that take turns as often as they can."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
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


def test_threads_with_tensors_of_their_own(switching):
    def work(i):
        x = tf.tensor([float(i), 1.0])
        return [(x * 2 + n).array_sync() for n in range(100)]

    before = tf.memory()["numTensors"]
    expected = [[[2.0 * i + n, 2.0 + n] for n in range(100)] for i in range(4)]
    assert in_threads(work) == expected
    assert tf.memory()["numTensors"] == before


def test_threads_that_open_the_backend_get_one(switching):
    opened = []

    def open_slowly():
        backend = NumpyBackend()
        backend.name = "slow"
        opened.append(backend)
        return backend

    former = engine.backend_name()
    engine.register_backend("slow", open_slowly)
    engine._engine.name = "slow"
    try:
        values = in_threads(lambda i: (tf.scalar(float(i)) + 1).array_sync())
    finally:
        engine.use_backend(former)
        del engine._engine.backends["slow"], engine._engine.instances["slow"]
    assert values == [1, 2, 3, 4]
    assert len(opened) == 1


def test_threads_share_pending_values(switching):
    for _ in range(20):
        x = tf.ones([8])
        for n in range(30):
            x = x * 1.5 - n
        expected = None
        found = in_threads(lambda _, x=x: (x + 1).array_sync())
        expected = (x + 1).array_sync()
        assert found == [expected] * 4


def test_fits_in_threads(switching):
    data = [[i / 8, 1.0] for i in range(8)]

    def work(_):
        model = tf.sequential()
        model.add(tf.layers.dense(units=3, inputShape=[2], activation="tanh"))
        model.add(tf.layers.dense(units=1))
        weights = [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]], [0.0] * 3, [[0.3], [0.2], [0.1]], [0.0]]
        model.setWeights([tf.tensor(w) for w in weights])
        model.compile(optimizer="adam", loss="meanSquaredError")
        x, y = tf.tensor(data), tf.tensor([[row[0] * 2] for row in data])
        history = asyncio.run(model.fit(x, y, epochs=4, batchSize=4, shuffle=False, verbose=0))
        with tf.GradientTape() as tape:
            loss = model.apply(x).square().sum()
            loss.data_sync()
        kernel = model.layers[0].kernel
        grads = tape.gradient(loss, kernel).array_sync()
        return history.history["loss"], model.predict(x).array_sync(), grads

    alone = work(0)
    for found in in_threads(work):
        assert found == alone


def test_variables_are_found_by_identity():
    v = tf.variable(tf.tensor([1.0, 2.0]))
    other = tf.variable(tf.tensor([1.0, 2.0]))
    living = Variable.living()
    assert sum(found is v for found in living) == 1
    v.dispose()
    assert not any(found is v for found in Variable.living())
    assert any(found is other for found in Variable.living())


def test_kept_tensors_leave_nothing_behind():
    kept = []
    tf.tidy(lambda: kept.append(tf.keep(tf.ones([2]))))
    reference = weakref.ref(kept[0])
    assert not kept[0].is_disposed
    kept.clear()
    assert reference() is None
