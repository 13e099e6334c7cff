"""tf.data: where elements come from, what becomes of them, how many there are."""

import asyncio
import gc
import math

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, DisposedError, OptionError, ShapeError


def listed(dataset):
    return asyncio.run(dataset.toArray())


def count(n):
    return tf.data.array(list(range(n)))


async def slowly(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


class Frame:
    """What of a pandas frame is needed."""

    columns = ("a", "b")

    def to_dict(self, orient):
        assert orient == "records"
        return [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


def test_a_dataset_that_was_disposed_of_cannot_be_read():
    held = [tf.tensor1d([1]), tf.tensor1d([2])]
    dataset = tf.data.array(held)
    doubled = dataset.map(lambda t: t * 2)
    assert len(asyncio.run(doubled.toArray())) == 2
    dataset.dispose()
    for each in (dataset, doubled):
        with pytest.raises(DisposedError, match="dataset: it was disposed of"):
            asyncio.run(each.toArray())
    assert held[1].array_sync() == [2], "elements are their owner's"


@pytest.mark.parametrize(
    ("make", "expected", "size"),
    [
        (lambda: tf.data.array([3, 1]), [3, 1], 2),
        (lambda: tf.data.array([]), [], 0),
        (lambda: tf.data.array(Frame()), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], 2),
        (lambda: tf.data.generator(lambda: iter([1, 2])), [1, 2], None),
        (lambda: tf.data.generator(lambda: slowly(3)), [0, 1, 2], None),
        (lambda: tf.data.zip([count(2), count(3)]), [[0, 0], [1, 1]], 2),
        (
            lambda: tf.data.zip({"a": count(2), "b": (count(3), count(4))}),
            [{"a": 0, "b": (0, 0)}, {"a": 1, "b": (1, 1)}],
            2,
        ),
        (lambda: count(3).map(lambda x: x + 1), [1, 2, 3], 3),
        (lambda: count(5).filter(lambda x: x % 2), [1, 3], None),
        (lambda: count(2).concatenate(count(3)), [0, 1, 0, 1, 2], 5),
        (lambda: count(2).repeat(3), [0, 1] * 3, 6),
        (lambda: count(2).repeat(0), [], 0),
        (lambda: count(2).repeat().take(5), [0, 1, 0, 1, 0], 5),
        (lambda: count(0).repeat(), [], 0),
        (lambda: count(5).take(2), [0, 1], 2),
        (lambda: count(5).take(9), [0, 1, 2, 3, 4], 5),
        (lambda: count(5).take(-1), [0, 1, 2, 3, 4], 5),
        (lambda: count(5).skip(3), [3, 4], 2),
        (lambda: count(5).skip(9), [], 0),
        (lambda: count(5).skip(-1), [], 0),
        (lambda: count(5).prefetch(2), [0, 1, 2, 3, 4], 5),
        (lambda: tf.data.generator(lambda: slowly(4)).skip(1).take(2), [1, 2], None),
    ],
)
def test_elements_and_sizes(make, expected, size):
    dataset = make()
    assert dataset.size == size or size is None
    for _ in range(2):  # a dataset can be read again
        assert listed(dataset) == expected


def test_sizes_without_end_and_unknown_ones():
    assert count(2).repeat().size == math.inf
    assert count(2).repeat().batch(2).size == math.inf
    assert count(2).concatenate(count(1).repeat()).size == math.inf
    assert tf.data.generator(lambda: iter([])).batch(2).size is None
    assert (count(5).batch(2).size, count(5).batch(2, False).size) == (3, 2)
    with pytest.raises(ArgumentError, match=r"take\(n\) gives it one"):
        listed(count(2).repeat())


def test_functions_give_elements_until_they_say_so():
    numbers = iter(range(9))
    assert listed(tf.data.func(lambda: next(numbers))) == list(range(9))
    state = {"i": 0}

    def like_tensorflow_js():
        state["i"] += 1
        return {"value": state["i"], "done": state["i"] > 3}

    assert listed(tf.data.func(like_tensorflow_js)) == [1, 2, 3]


def test_rows_of_arrays_and_tensors():
    rows = np.arange(6, dtype=np.float32).reshape(3, 2)
    for source in (rows, tf.tensor(rows)):
        batches = listed(tf.data.array(source).batch(2))
        np.testing.assert_array_equal(batches[0].numpy(), rows[:2])
        np.testing.assert_array_equal(batches[1].numpy(), rows[2:])


def test_batches_stack_what_is_at_the_same_place():
    elements = [{"x": [i, 2 * i], "y": (tf.scalar(i), "ab"[i % 2]), "z": None} for i in range(3)]
    first, last = listed(tf.data.array(elements).batch(2))
    assert first["x"].array_sync() == [[0, 0], [1, 2]]
    assert first["y"][0].array_sync() == [0, 1]
    assert first["y"][1].array_sync() == ["a", "b"]
    assert first["z"] is None
    assert last["x"].shape == (1, 2)
    assert len(listed(tf.data.array(elements).batch(2, small_last_batch=False))) == 1


def test_batches_of_lists_and_arrays_have_their_values_and_dtypes():
    rows = np.arange(24, dtype=np.int32).reshape(4, 3, 2)
    for leaves in (
        list(rows),
        rows.tolist(),
        list(rows[:, 0, 0]),
        list(rows > 5),
        list(rows.astype(np.float64)),
    ):
        (batch,) = listed(tf.data.array(leaves).batch(4))
        np.testing.assert_array_equal(batch.numpy(), np.array(leaves))
        assert batch.dtype == tf.tensor(leaves[0]).dtype
    mixed = [np.ones(2, np.float32), [2, 3], tf.tensor([4.0, 5.0])]
    (batch,) = listed(tf.data.array(mixed).batch(3))
    assert batch.array_sync() == [[1, 1], [2, 3], [4, 5]]


@pytest.mark.parametrize(
    ("elements", "error", "message"),
    [
        ([[1, 2], [1]], ShapeError, r"one shape, received \(2,\) in element 2 and \(1,\) in element 3\. Pad"),
        (
            [{"x": [1]}, {"x": tf.zeros([2])}],
            ShapeError,
            r"\(1,\) in element 2 and \(2,\) in element 3 at 'x'",
        ),
        (
            [{"a": 1}, {"b": 1}],
            ArgumentError,
            r"keys \['a'\] each, received a dict with \['b'\] in element 3\.",
        ),
        ([{"a": 1}, 5], ArgumentError, r"keys \['a'\] each, received a number in element 3\."),
        (
            [(1, {"a": 1}), (1, [2])],
            ArgumentError,
            r"keys \['a'\] each, received a list of 1 in element 3 at 1",
        ),
        (
            [{"a": {"b": 1}}, {"a": {"b": None}}],
            ArgumentError,
            "every element at 'a' at 'b', received None in some: element 3 has none",
        ),
        (
            [(1, 2), (1, 2, 3)],
            ArgumentError,
            "tuples of 2 parts each, as in element 2, received a tuple of 3",
        ),
        (
            [(1, 2), "ab"],
            ArgumentError,
            "tuples of 2 parts each, as in element 2, received a string in element 3",
        ),
        ([1, "b"], ArgumentError, "expected a number as in element 2, received 'b' in element 3"),
        ([{"a": 1}, {"a": {1}}], ArgumentError, "and tuples of these, received a set in element 3 at 'a'"),
        (
            [[[1, 2], 3], [[4, 5], 6]],
            ArgumentError,
            "received a list of 2 in element 2. A list is one tensor; parts .* tuple",
        ),
    ],
)
def test_what_cannot_be_stacked(elements, error, message):
    with pytest.raises(error, match=message):
        listed(tf.data.array([0, 0, *elements]).batch(2))


def test_shuffling_keeps_every_element_and_a_seed_its_order():
    once = listed(count(50).shuffle(20, seed=5))
    assert sorted(once) == list(range(50))
    assert once != list(range(50))
    assert once == listed(count(50).shuffle(20, seed=5))
    again = count(50).shuffle(20, seed=5)
    assert listed(again) != listed(again)
    fixed = count(50).shuffle(20, seed=5, reshuffleEachIteration=False)
    assert listed(fixed) == listed(fixed)
    # An element comes at most a window early.
    assert all(place >= element - 20 for place, element in enumerate(once))
    tf.random.set_seed(3)
    first = listed(count(50).shuffle(50))
    tf.random.set_seed(3)
    assert listed(count(50).shuffle(50)) == first


def test_prefetch_holds_at_most_what_it_says():
    made = []

    def source():
        for i in range(20):
            made.append(i)
            yield i

    async def read():
        most = 0
        taken = 0
        async for _ in tf.data.generator(source).prefetch(3):
            for _ in range(10):
                await asyncio.sleep(0)
            taken += 1
            most = max(most, len(made) - taken)
        return most, taken

    assert asyncio.run(read()) == (3, 20)


def test_an_error_in_prefetched_elements_is_raised_where_they_are_read():
    def broken():
        yield 1
        raise RuntimeError("out of ink")

    with pytest.raises(RuntimeError, match="out of ink"):
        listed(tf.data.generator(broken).prefetch(2))


def test_prefetch_closes_what_it_reads():
    closed = []

    async def source():
        try:
            for i in range(9):
                yield i
        finally:
            closed.append(True)

    async def read():
        elements = aiter(tf.data.generator(source).prefetch(2))
        assert await anext(elements) == 0
        await elements.aclose()
        gc.collect()
        await asyncio.sleep(0)

    asyncio.run(read())
    assert closed == [True]

    async def cancelled():
        yield 1
        raise asyncio.CancelledError

    async def wait():
        with pytest.raises(asyncio.CancelledError):
            await tf.data.generator(cancelled).prefetch(2).toArray()

    asyncio.run(wait())


def test_coroutine_functions_belong_into_map_async():
    async def double(x):
        return 2 * x

    with pytest.raises(ArgumentError, match="mapAsync takes these"):
        listed(count(2).map(double))
    assert listed(count(2).mapAsync(double)) == listed(count(2).mapAsync(lambda x: 2 * x)) == [0, 2]


def test_reading_by_hand():
    async def read():
        it = await count(2).iterator()
        steps = [await it.next() for _ in range(3)]
        seen = []
        await count(3).forEachAsync(seen.append)

        async def later(x):
            await asyncio.sleep(0)
            seen.append(10 * x)

        await count(2).forEachAsync(later)
        doubled = await count(3).mapAsync(lambda x: asyncio.sleep(0, 2 * x)).toArray()
        return steps, seen, doubled

    steps, seen, doubled = asyncio.run(read())
    assert steps == [{"value": 0, "done": False}, {"value": 1, "done": False}, {"value": None, "done": True}]
    assert seen == [0, 1, 2, 0, 10]
    assert doubled == [0, 2, 4]


def model():
    made = tf.sequential(
        {"layers": [tf.layers.dense({"units": 1, "inputShape": [2], "kernelInitializer": "ones"})]}
    )
    made.compile({"optimizer": tf.train.adam(0.1), "loss": "meanSquaredError", "metrics": ["mae"]})
    return made


def test_training_on_a_pipeline_is_training_on_its_arrays():
    x = np.random.default_rng(0).normal(size=(10, 2)).astype(np.float32)
    y = x.sum(1, keepdims=True)
    pipeline = (
        tf.data.zip({"xs": tf.data.array(x), "ys": tf.data.array(y)})
        .map(lambda e: {"xs": e["xs"] * 2, "ys": e["ys"]})
        .batch(4)
        .prefetch(2)
    )
    first, second = model(), model()
    found = asyncio.run(first.fitDataset(pipeline, {"epochs": 3})).history
    expected = asyncio.run(second.fit(2 * x, y, epochs=3, batchSize=4, shuffle=False)).history
    for name, values in expected.items():
        assert found[name] == pytest.approx(values, rel=1e-5)
    measured = [float(t) for t in asyncio.run(first.evaluateDataset(pipeline))]
    assert measured == pytest.approx([float(t) for t in second.evaluate(2 * x, y, batch_size=4)], rel=1e-4)


def test_an_epoch_leaves_no_tensors_behind():
    pipeline = (
        tf.data.array(np.ones((40, 2), np.float32)).map(lambda x: (tf.tensor(x) + 1, tf.ones([1]))).batch(4)
    )
    trained = model()

    def epoch():
        asyncio.run(trained.fit_dataset(pipeline))
        return tf.memory()["numTensors"]

    first = epoch()
    assert epoch() == first


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: tf.data.array(7), ArgumentError, "a list, a tensor, an array or a frame, received int"),
        (lambda: tf.data.generator(iter([1])), ArgumentError, "can be read only once"),
        (lambda: listed(tf.data.generator(lambda: 7)), ArgumentError, "to return an iterable, received int"),
        (lambda: tf.data.func(7), ArgumentError, "expected 'f' to be a function, received 7"),
        (lambda: tf.data.zip([count(1), 2]), ArgumentError, "expected datasets .*, received int"),
        (lambda: tf.data.zip([]), ArgumentError, "expected datasets"),
        (lambda: count(3).batch(0), OptionError, "'batchSize' to be an integer from 1, received 0"),
        (lambda: count(3).shuffle(None), OptionError, "'bufferSize' to be a whole number, received None"),
        (lambda: count(3).prefetch(-1), OptionError, "'bufferSize'"),
    ],
)
def test_errors(make, error, message):
    with pytest.raises(error, match=message):
        make()
