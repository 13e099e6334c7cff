"""What `await dataset.iterator()` gives: elements one by one, transformed on the way, in order whoever asks for them."""

import asyncio
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError


def count(n):
    return tf.data.array(list(range(n)))


def read(dataset, use):
    """What a function of an iterator gives: an iterator, whose elements are listed, or an awaitable."""

    async def run():
        found = use(await dataset.iterator())
        return await (found.to_array() if hasattr(found, "to_array") else found)

    return asyncio.run(run())


def fail_at(n):
    def check(x):
        if x == n:
            raise ValueError(f"no {x}")
        return x

    return check


NESTED = [{"a": i, "b": [10 * i, {"c": (i, str(i))}]} for i in range(3)]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (lambda it: it.map(lambda x: 2 * x), [0, 2, 4, 6, 8]),
        (lambda it: it.map_async(lambda x: asyncio.sleep(0, 2 * x)), [0, 2, 4, 6, 8]),
        (lambda it: it.serialMapAsync(lambda x: asyncio.sleep(0, 2 * x)), [0, 2, 4, 6, 8]),
        (lambda it: it.filter(lambda x: x % 2), [1, 3]),
        (lambda it: it.filter(lambda x: asyncio.sleep(0, x > 2)), [3, 4]),
        (lambda it: it.rowMajorBatch(2), [[0, 1], [2, 3], [4]]),
        (lambda it: it.row_major_batch(batchSize=2, smallLastBatch=False), [[0, 1], [2, 3]]),
        (lambda it: it.batch(3).map(lambda t: t.array_sync()), [[0, 1, 2], [3, 4]]),
        (lambda it: it.columnMajorBatch(4), [[0, 1, 2, 3], [4]]),
        (lambda it: it.concatenate(it.map(lambda x: -x)), [0, 1, 2, 3, 4]),  # the same elements: read already
        (lambda it: it.take(2), [0, 1]),
        (lambda it: it.take(-1), [0, 1, 2, 3, 4]),
        (lambda it: it.take(9), [0, 1, 2, 3, 4]),
        (lambda it: it.take(0), []),
        (lambda it: it.skip(3), [3, 4]),
        (lambda it: it.skip(9), []),
        (lambda it: it.skip(-1), [0, 1, 2, 3, 4]),  # as in TensorFlow.js; a dataset's skip(-1) leaves nothing
        (lambda it: it.prefetch(2), [0, 1, 2, 3, 4]),
        (lambda it: it.serial(), [0, 1, 2, 3, 4]),
        (lambda it: it.flatmap(lambda x: [x] * x), [1, 2, 2, 3, 3, 3, 4, 4, 4, 4]),
        (lambda it: it.flatmap(lambda x: asyncio.sleep(0, range(x % 3))), [0, 0, 1, 0]),
        (lambda it: it.to_array_for_test(), [0, 1, 2, 3, 4]),
        (lambda it: it.resolveFully(), None),
    ],
)
def test_what_becomes_of_elements(use, expected):
    assert read(count(5), use) == expected


def test_results_are_dicts_with_attributes():
    async def run():
        it = await count(1).iterator()
        first = await it.next()
        assert (first.value, first.done) == (first["value"], first["done"]) == (0, False)
        value, done = first.values()
        assert (value, done) == (0, False)
        for _ in range(2):
            last = await it.next()
            assert last == {"value": None, "done": True}
            assert last.done is True

    asyncio.run(run())


def test_derived_iterators_read_from_the_one_they_come_from():
    async def run():
        it = await count(6).iterator()
        first = await it.take(2).to_array()
        doubled = it.map(lambda x: 2 * x)
        return first, await anext(it), (await doubled.next()).value, [x async for x in it]

    assert asyncio.run(run()) == ([0, 1], 2, 6, [4, 5])


def test_concatenated_iterators():
    async def run():
        first, second = await count(2).iterator(), await count(3).iterator()
        return await first.concatenate(second).to_array()

    assert asyncio.run(run()) == [0, 1, 0, 1, 2]
    with pytest.raises(ArgumentError, match=r"expected another iterator, .*, received Dataset"):
        read(count(1), lambda it: it.concatenate(count(1)))


def test_columns_of_nested_elements():
    expected = [
        {"a": [0, 1], "b": [[0, 10], {"c": ([0, 1], ["0", "1"])}]},
        {"a": [2], "b": [[20], {"c": ([2], ["2"])}]},
    ]
    assert read(tf.data.array(NESTED), lambda it: it.columnMajorBatch(2)) == expected
    assert (
        read(tf.data.array(NESTED), lambda it: it.column_major_batch(2, small_last_batch=False))
        == expected[:1]
    )
    assert read(tf.data.array([[1, 2], [3, 4]]), lambda it: it.columnMajorBatch(2)) == [[[1, 3], [2, 4]]]
    tensors = read(tf.data.array([tf.ones([2]), tf.zeros([2])]), lambda it: it.columnMajorBatch(2))
    assert [t.shape for t in tensors[0]] == [(2,), (2,)]


def test_a_function_says_how_columns_are_put_together():
    def zip_fn(values):
        inwards = isinstance(values[0], dict)
        return {"value": None if inwards else sum(map(len, values)), "recurse": inwards}

    dataset = tf.data.array([{"a": [1, 2], "b": {"c": "x"}}, {"a": [3], "b": {"c": "yz"}}])
    assert read(dataset, lambda it: it.columnMajorBatch(2, True, zip_fn)) == [{"a": 3, "b": {"c": 3}}]


@pytest.mark.parametrize(
    ("elements", "zip_fn", "message"),
    [
        (
            [{"a": 1}, {"a": 1}, {"b": 2}],
            None,
            r"keys \['a'\] each, received a dict with \['b'\] in element 2\.",
        ),
        (
            [{"a": [1]}, {"a": [1, 2]}],
            None,
            "lists of 1 parts each, as in element 0, received a list of 2 in element 1",
        ),
        ([1, [1]], None, "expected a number as element 0 has, received a list of 1 in element 1"),
        ([1], lambda values: values, "expected zipFn to return .*, received a list of 1"),
        ([1], lambda _: {"recurse": True}, "zipFn says 'recurse', where there are no dicts"),
    ],
)
def test_columns_that_do_not_fit(elements, zip_fn, message):
    with pytest.raises(ArgumentError, match=message):
        read(tf.data.array(elements), lambda it: it.columnMajorBatch(3, True, zip_fn))


def test_reading_until_something_is_false():
    async def run():
        seen = []
        it = await count(9).iterator()
        await it.resolveWhile(lambda x: x < 2)
        second = (await it.next()).value
        await it.serialForEach(lambda x: asyncio.sleep(0, seen.append(x) or x < 5))
        return second, seen, (await it.next()).value

    assert asyncio.run(run()) == (3, [4, 5], 6)


@pytest.mark.parametrize("prefetched", [False, True])
@pytest.mark.parametrize(
    "failing",
    [
        lambda it: it.map(fail_at(2)),
        lambda it: it.mapAsync(fail_at(2)),
        lambda it: it.filter(lambda x: fail_at(2)(x) >= 0),
        lambda it: it.flatmap(lambda x: [fail_at(2)(x)]),
        lambda it: it.map(fail_at(2)).take(9).skip(0).filter(lambda _: True),
    ],
)
def test_an_error_costs_its_element_only(failing, prefetched):
    def made(it):
        return failing(it).prefetch(3) if prefetched else failing(it)

    async def steps(it):
        with pytest.raises(ValueError, match="no 2"):
            await made(it).toArray()
        return await it.toArray()

    if not prefetched:
        assert read(count(5), steps) == [3, 4]
    errors = []
    assert read(count(5), lambda it: made(it).handleErrors(lambda e: errors.append(str(e)) or True)) == [
        0,
        1,
        3,
        4,
    ]
    assert errors == ["no 2"]
    assert read(count(5), lambda it: made(it).handle_errors(lambda _: asyncio.sleep(0, False))) == [0, 1]

    def own(error):
        raise KeyError("mine") from error

    with pytest.raises(KeyError, match="mine"):
        read(count(5), lambda it: made(it).handleErrors(own))


def test_after_an_error_that_ends_there_is_nothing():
    async def run():
        it = (await count(5).iterator()).map(fail_at(1)).handleErrors(lambda _: False)
        return [(await it.next()).done for _ in range(3)]

    assert asyncio.run(run()) == [False, True, True]


def test_elements_come_in_order_to_those_who_ask_at_once():
    async def late(x):
        for _ in range(5 - x):
            await asyncio.sleep(0)
        return x

    async def run(use):
        it = use(await count(5).iterator())
        found = await asyncio.gather(*(it.next() for _ in range(5)))
        return [each.value for each in found]

    for use in (
        lambda it: it,
        lambda it: it.mapAsync(late),
        lambda it: it.mapAsync(late).filter(lambda _: True),
        lambda it: it.mapAsync(late).prefetch(2).map(lambda x: x),
        lambda it: it.rowMajorBatch(1).flatmap(lambda x: x).take(9),
    ):
        assert asyncio.run(run(use)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("use", "most"),
    [
        (lambda it, f: it.mapAsync(f), 1),
        (lambda it, f: it.mapAsync(f).prefetch(4), 4),
        (lambda it, f: it.mapAsync(f).map(lambda x: x).prefetch(4), 4),
        (lambda it, f: it.serialMapAsync(f).prefetch(4), 1),
        (lambda it, f: it.mapAsync(f).serial().prefetch(4), 1),
        (lambda it, f: it.mapAsync(f).filter(lambda _: True).prefetch(4), 1),
    ],
)
def test_as_many_calls_are_under_way_as_a_prefetch_asks_for(use, most):
    running, seen = set(), []

    async def slow(x):
        running.add(x)
        seen.append(len(running))
        for _ in range(3):
            await asyncio.sleep(0)
        running.discard(x)
        return x

    assert read(count(12), lambda it: use(it, slow)) == list(range(12))
    assert max(seen) == most


def test_a_prefetch_asks_slow_sources_in_turns():
    async def slowly():
        for i in range(6):
            await asyncio.sleep(0)
            yield i

    async def twice(x):
        await asyncio.sleep(0)
        return 2 * x

    dataset = tf.data.generator(slowly).mapAsync(twice).map(lambda x: x + 1)
    assert asyncio.run(dataset.prefetch(4).toArray()) == [1, 3, 5, 7, 9, 11]
    assert read(dataset, lambda it: it.prefetch(2).prefetch(3)) == [1, 3, 5, 7, 9, 11]


def test_a_prefetch_that_nobody_reads_on_leaves_nothing_under_way():
    async def run():
        async for _ in count(9).mapAsync(lambda x: asyncio.sleep(0, x)).prefetch(4):
            break
        for _ in range(9):
            await asyncio.sleep(0)
        return len(asyncio.all_tasks())

    assert asyncio.run(run()) == 1


@pytest.mark.parametrize("size", [1, 3])
def test_prefetch_holds_at_most_what_it_says(size):
    made = []

    async def run():
        it = (await count(20).map(lambda x: made.append(x) or x).iterator()).prefetch(size)
        held = []
        for taken in range(1, 21):
            await it.next()
            for _ in range(10):
                await asyncio.sleep(0)
            held.append(len(made) - taken)
        return held

    assert asyncio.run(run()) == [min(size, 20 - taken) for taken in range(1, 21)]


def test_shuffling_draws_from_a_window():
    once = read(count(50), lambda it: it.shuffle(10, "seed"))
    assert sorted(once) == list(range(50)) != once
    assert once == read(count(50), lambda it: it.shuffle(bufferSize=10, seed="seed"))
    assert once != read(count(50), lambda it: it.shuffle(10, "other"))
    assert all(place >= element - 10 for place, element in enumerate(once))


def test_closing_lets_go_of_what_is_read():
    closed = []

    async def source():
        try:
            for i in range(9):
                yield i
        finally:
            closed.append(True)

    dataset = tf.data.generator(source)

    async def run(use):
        it = use(await dataset.iterator())
        assert (await it.next()).value == 0
        await it.aclose()
        assert closed.pop()
        assert (await it.next()).done

    for use in (
        lambda it: it,
        lambda it: it.map(lambda x: x).filter(lambda _: True).prefetch(3),
        lambda it: it.shuffle(1).take(5).prefetch(2).map(lambda x: x),
    ):
        asyncio.run(run(use))
    chained = asyncio.run(dataset.concatenate(dataset).repeat(2).batch(20).toArray())
    assert [len(batch.array_sync()) for batch in chained] == [20, 16]


def test_spellings_and_what_is_refused():
    async def run():
        return await count(1).iterator()

    it = asyncio.run(run())
    assert it.RowMajorBatch(2).size is None
    assert "LazyIterator" in it.summary()
    with pytest.raises(NameNotFoundError, match="Did you mean 'rowMajorBatch'"):
        _ = it.rowMajorBach
    with pytest.raises(
        OptionError, match="rowMajorBatch: expected 'batchSize' to be an integer from 1, received 0"
    ):
        it.rowMajorBatch(0)
    with pytest.raises(ArgumentError, match="flatmap: expected the function to return a list, received int"):
        read(count(1), lambda it: it.flatmap(lambda x: x))


async def double(x):
    await asyncio.sleep(0)
    return [x, x]


def kept(x, n):
    return zlib.crc32(repr(x).encode()) % 3 != n % 3


STEPS = {
    "map": (lambda at, n: at.map(lambda x: [x, n]), lambda xs, n: [[x, n] for x in xs]),
    "map_async": (lambda at, _: at.mapAsync(double), lambda xs, _: [[x, x] for x in xs]),
    "filter": (lambda at, n: at.filter(lambda x: kept(x, n)), lambda xs, n: [x for x in xs if kept(x, n)]),
    "take": (lambda at, n: at.take(n), lambda xs, n: xs[:n]),
    "skip": (lambda at, n: at.skip(n), lambda xs, n: xs[n:]),
    "prefetch": (lambda at, n: at.prefetch(n + 1), lambda xs, _: xs),
    "shuffle": (lambda at, _: at.shuffle(1), lambda xs, _: xs),
}  # fmt: skip
OF_DATASETS = {
    "repeat": (lambda at, n: at.repeat(n), lambda xs, n: xs * n),
    "concatenate": (lambda at, n: at.concatenate(at.take(n)), lambda xs, n: xs + xs[:n]),
}
OF_ITERATORS = {
    "flatmap": (lambda at, n: at.flatmap(lambda x: [x] * n), lambda xs, n: [x for x in xs for _ in range(n)]),
    "rows": (
        lambda at, n: at.rowMajorBatch(n + 1),
        lambda xs, n: [xs[i : i + n + 1] for i in range(0, len(xs), n + 1)],
    ),
    "serial": (lambda at, _: at.serial(), lambda xs, _: xs),
}


def some(steps):
    return st.lists(st.tuples(st.sampled_from(sorted(steps)), st.integers(0, 3)), max_size=5)


@settings(deadline=None, derandomize=True, max_examples=200)
@given(
    n=st.integers(0, 8),
    first=some(STEPS | OF_DATASETS),
    then=some(STEPS | OF_ITERATORS),
    at_once=st.integers(1, 12),
)
def test_any_steps_give_what_they_give_for_lists(n, first, then, at_once):
    dataset, expected = count(n), list(range(n))
    for name, k in first:
        make, model = (STEPS | OF_DATASETS)[name]
        dataset, expected = make(dataset, k), model(expected, k)
    assert dataset.size in (None, len(expected))

    async def run():
        it, rest = await dataset.iterator(), expected
        for name, k in then:
            make, model = (STEPS | OF_ITERATORS)[name]
            it, rest = make(it, k), model(rest, k)
        found = await asyncio.gather(*(it.next() for _ in range(at_once)))
        return [each.value for each in found if not each.done] + await it.toArray(), rest

    found, wanted = asyncio.run(run())
    assert found == wanted
    assert asyncio.run(dataset.toArray()) == expected
