"""tf.util against TensorFlow.js (record_util.mjs), and what has no recorded answer: random orders, waiting, servers."""

import asyncio
import http.server
import json
import math
import random
import threading
from array import array
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError, TfError

RECORDED = json.loads(Path(__file__).with_name("util.json").read_text(encoding="utf-8"))
CODES = {"Float32Array": "f", "Int32Array": "i", "Uint8Array": "B"}
BY_NAME: dict[str, list[dict[str, Any]]] = defaultdict(list)
for each in RECORDED["records"]:
    BY_NAME[each["fn"]].append(each)

ELSEWHERE = {
    "shuffle", "shuffleCombo", "createShuffledIndices", "swap", "randUniform", "isPromise", "now", "fetch", "repeatedTry",
    "convertBackendValuesAndArrayBuffer",
}  # fmt: skip
"""Functions with tests of their own below."""


def given(value: Any) -> Any:
    """Returns a recorded value."""
    if isinstance(value, list):
        return [given(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "typed" in value:
        return array(CODES[value["typed"]], [given(item) for item in value["values"]])
    if "object" in value:
        return {key: given(item) for key, item in value["object"].items()}
    return int(value["long"]) if "long" in value else float(value["number"].replace("Infinity", "inf"))


def same(found: Any, expected: Any) -> None:
    """Asserts that values are equal; arrays by their elements, floats to float32's digits."""
    if isinstance(expected, (list, array)):
        if isinstance(expected, array) and expected.typecode != "B":
            assert isinstance(found, array)
            assert found.typecode == expected.typecode
        assert len(found) == len(expected)
        for one, other in zip(found, expected, strict=True):
            same(one, other)
    elif isinstance(expected, float):
        assert found == pytest.approx(expected, nan_ok=True)
    elif isinstance(expected, dict):
        assert set(found) == set(expected)
        for key, item in expected.items():
            same(found[key], item)
    else:
        assert found == expected


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_like_tensorflow_js(name):
    function = getattr(tf.util, name)
    for record in BY_NAME[name]:
        args = given(record["args"])
        if "error" in record:
            with pytest.raises(TfError):
                function(*args)
        else:
            result = function(*args)
            expected = given(record["result"])
            if name == "fingerPrint64":
                expected %= 1 << 64
            same(result, expected)


def test_every_function_is_compared():
    assert set(RECORDED["names"]) - set(RECORDED["covered"]) == ELSEWHERE


@pytest.mark.parametrize(
    "items",
    [
        list(range(50)),
        array("f", range(50)),
        np.arange(50),
        np.arange(100).reshape(50, 2),
        bytearray(range(50)),
    ],
)
def test_a_shuffle_is_a_permutation_in_place(items):
    random.seed(3)
    before = [tuple(np.atleast_1d(item)) for item in items]
    tf.util.shuffle(items)
    after = [tuple(np.atleast_1d(item)) for item in items]
    assert after != before
    assert sorted(after) == sorted(before)


def test_every_order_comes_up():
    random.seed(5)
    counts: dict[tuple[int, ...], int] = defaultdict(int)
    for _ in range(6000):
        items = [0, 1, 2]
        tf.util.shuffle(items)
        counts[tuple(items)] += 1
    assert len(counts) == 6
    assert all(abs(count - 1000) < 150 for count in counts.values())


def test_a_combined_shuffle_keeps_pairs():
    first, second = list(range(40)), np.arange(40) * 10
    tf.util.shuffleCombo(first, second)
    assert [10 * item for item in first] == second.tolist()
    with pytest.raises(ShapeError, match="received 2 and 1"):
        tf.util.shuffleCombo([1, 2], [1])


def test_shuffled_indices_gather():
    indices = tf.util.createShuffledIndices(20)
    assert sorted(tf.gather(tf.range(0, 20), indices).array_sync()) == list(range(20))


def test_swap_of_lists_mappings_and_rows():
    items, table, rows = [1, 2, 3], {"a": 1, "b": 2}, np.array([[1, 2], [3, 4]])
    tf.util.swap(items, 0, 2)
    tf.util.swap(table, "a", "b")
    tf.util.swap(rows, 0, 1)
    assert (items, table, rows.tolist()) == ([3, 2, 1], {"a": 2, "b": 1}, [[3, 4], [1, 2]])


def test_uniform_numbers_lie_between():
    numbers = [tf.util.randUniform(-2, 3) for _ in range(200)]
    assert all(-2 <= number < 3 for number in numbers)
    assert max(numbers) - min(numbers) > 3


def test_promises_are_what_can_be_awaited():
    async def wait():
        pass

    waiting = wait()
    assert tf.util.isPromise(waiting)
    waiting.close()
    assert not tf.util.isPromise(5)


def test_tries_until_it_works():
    calls: list[int] = []
    delays: list[float] = []

    def schedule(function, delay):
        delays.append(delay)
        function()

    def check():
        calls.append(1)
        return len(calls) == 4

    asyncio.run(tf.util.repeatedTry(check, lambda n: 10 * n, None, schedule))
    assert delays == [10, 20, 30]
    with pytest.raises(TfError, match="failed 3 times"):
        asyncio.run(tf.util.repeatedTry(lambda: False, maxCounter=3))


def test_fetch_awaits_what_a_server_answers():
    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/there" else 404)
            self.end_headers()
            self.wfile.write(b'{"a": "\xc3\x9f"}')

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()

        async def ask(path):
            answer = await tf.util.fetch(f"http://127.0.0.1:{server.server_port}/{path}")
            return (
                answer.ok,
                answer.status,
                await answer.json(),
                await answer.text(),
                await answer.arrayBuffer(),
            )

        text = '{"a": "ß"}'
        assert asyncio.run(ask("there")) == (True, 200, {"a": "ß"}, text, text.encode())
        assert asyncio.run(ask("missing"))[:2] == (False, 404)
        server.shutdown()


def test_bytes_become_elements():
    convert = tf.util.convertBackendValuesAndArrayBuffer
    assert convert(np.array([1.5, 2], np.float32).tobytes(), "float32") == array("f", [1.5, 2])
    assert convert(np.array([7, -1], np.int32).tobytes(), "int32") == array("i", [7, -1])
    assert convert(np.array([0, 1], np.int32).tobytes(), "bool") == array("B", [0, 1])
    assert convert([b"a"], "string") == [b"a"]


def test_numpy_counts_as_typed_arrays():
    assert tf.util.isTypedArray(np.ones(2))
    assert tf.util.flatten([np.ones((2, 2)), 3]) == [1, 1, 1, 1, 3]
    assert [tf.util.inferDtype(np.ones(1, dtype)) for dtype in ("f4", "i8", "?", "U1")] == [
        "float32", "int32", "bool", "string",
    ]  # fmt: skip
    assert tf.util.isNumber(np.float32(1))
    assert tf.util.isBoolean(np.bool_(True))
    assert tf.util.now() <= tf.util.now()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: tf.util.shuffle((1, 2)), ArgumentError, "expected a list or an array"),
        (lambda: tf.util.shuffle(tf.ones([2])), ArgumentError, "createShuffledIndices"),
        (lambda: tf.util.distSquared([1], [1, 2]), ShapeError, "of one length"),
        (lambda: tf.util.nearestDivisor(4, 0), OptionError, "1 or more"),
        (lambda: tf.util.encodeString("a", "none"), OptionError, "'none'"),
        (lambda: getattr(tf.util, "assert")(False, lambda: f"is {math.pi:.2f}"), TfError, "is 3.14"),
        (lambda: tf.util.sizeFromShape([2, None]), OptionError, "whole numbers"),
    ],
)
def test_errors(call, error, message):
    with pytest.raises(error, match=message):
        call()
