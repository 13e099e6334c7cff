"""Running coroutines to their end from synchronous code, whatever event loops there are."""

import asyncio
import contextvars
import signal
import threading
import time
import warnings

import pytest

import tfjs_pyo as tf
from tfjs_pyo.core import blocking
from tfjs_pyo.errors import ArgumentError


async def added(a, b):
    await blocking.turn()
    await blocking.turn(0.001)
    return a + b


@pytest.mark.parametrize("run", [blocking.wait, blocking.drive], ids=["in a loop", "by hand"])
def test_a_coroutine_gives_what_it_returns(run):
    assert run(added(1, 2)) == 3


@pytest.mark.parametrize("run", [blocking.wait, blocking.drive], ids=["in a loop", "by hand"])
def test_what_it_raises_is_raised(run):
    async def fails():
        await blocking.turn()
        raise LookupError("nothing")

    with pytest.raises(LookupError, match="nothing"):
        run(fails())


def test_it_works_where_a_loop_is_running_and_within_itself():
    async def inner():
        return blocking.wait(added(3, 4))

    async def outer():
        task = asyncio.current_task()
        first = blocking.wait(inner())
        await asyncio.sleep(0)
        assert asyncio.current_task() is task
        return first + await added(1, 1)

    assert asyncio.run(outer()) == 9
    assert blocking.wait(outer()) == 9
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


def test_coroutines_that_wait_for_events_run_in_a_loop():
    async def waits():
        loop = asyncio.get_running_loop()
        future = loop.create_future()
        loop.call_later(0.001, future.set_result, "came")
        return await future, await asyncio.to_thread(lambda: "thread")

    async def within_a_loop():
        return blocking.wait(waits())

    assert blocking.wait(waits()) == ("came", "thread")
    assert asyncio.run(within_a_loop()) == ("came", "thread")


def test_driven_by_hand_they_are_refused_in_words():
    def ready():
        yield object()

    class Waits:
        def __await__(self):
            return ready()

    async def waits():
        await Waits()

    with pytest.raises(ArgumentError, match="nothing that waits"):
        blocking.drive(waits())
    assert not blocking.is_blocking()


def test_threads_run_beside_each_other():
    found, errors = {}, []
    met = threading.Barrier(4)

    def work(number):
        async def together():
            met.wait(10)
            return await added(number, number)

        try:
            found[number] = [blocking.wait(together()) for _ in range(3)]
        except Exception as error:  # noqa: BLE001 (noted, and looked at below)
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert found == {number: [2 * number] * 3 for number in range(4)}


def test_context_variables_are_those_of_the_caller():
    told = contextvars.ContextVar("told", default="nothing")
    told.set("caller")

    async def reads():
        return told.get()

    assert blocking.wait(reads()) == "caller"


@pytest.mark.parametrize("waits", [True, False], ids=["while it waits", "while it computes"])
def test_ctrl_c_ends_the_coroutine_in_order(waits):
    ended = []
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it

    async def long():
        try:
            signal.raise_signal(signal.SIGINT) if not waits else asyncio.get_running_loop().call_soon(
                signal.raise_signal, signal.SIGINT
            )
            await asyncio.sleep(60)
        finally:
            ended.append(True)

    try:
        with pytest.raises(KeyboardInterrupt):
            blocking.wait(long())
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == [True]
    assert blocking.wait(added(1, 1)) == 2


def test_a_notice_comes_once():
    with pytest.warns(RuntimeWarning, match="once is enough"):
        blocking.notice("once is enough")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        blocking.notice("once is enough")


@pytest.mark.parametrize("read", ["data", "array", "bytes"])
def test_a_loop_that_only_reads_gives_others_their_turn(read):
    async def main():
        ended, reads = [], 0
        value = tf.ones([2]) * 2

        async def end():
            ended.append(True)

        other = asyncio.create_task(end())
        deadline = time.monotonic() + 60
        while not ended and time.monotonic() < deadline:
            await getattr(value, read)()
            reads += 1
        assert ended, f"nobody had a turn in {reads} reads"
        await other

    asyncio.run(main())
