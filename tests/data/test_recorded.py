"""What TensorFlow.js's tf.data gives (`node tests/data/record_data.mjs`) is given here, but where it has a fault."""

import asyncio
import json
import math
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import TfError

RECORDS = json.loads(Path(__file__).with_name("tfjs.json").read_text(encoding="utf-8"))
ROW = {"a": 1, "b": 2}
SHAPES, KEYS, NO_NUMBER = (
    "of one shape, received",
    "with the keys .* each, received",
    "expected a number in column 'b'",
)
DIFFERENT = {
    "sizes that are none: negative, of a structure, of what has no known size": {
        "take -1": {"size": 5},
        "take without a count": {"size": 3},
        "zip a dict": {"size": 2},
        "zip one": {"size": 2},
        "zip a generator": {"size": None},
    },
    "all elements, though the documentation says that all are skipped, and the size is 0": {
        "skip -1": {"elements": []},
        "skip without a count": {"elements": []},
    },
    "numbers that nobody gave where elements do not fit together": {
        "zip a list of dicts and batch": {"error": "A list is one tensor; parts that stand side by side"},
        "batch rows of two lengths": {"error": SHAPES},
        "batch dicts with other keys": {"error": KEYS},
        "batch dicts with more keys": {"error": KEYS},
        "batch a number and a string": {
            "error": "expected a number as in element 0, received 'b' in element 1"
        },
        "batch with null": {"error": "expected a value in every element at 'a'"},
        "batch of null": {"elements": [{"a": None}]},
        "column-major of other keys": {"error": KEYS},
        "column-major of more keys": {"error": KEYS},
        "csv in batches with empty places": {"error": "expected a value in every element at 'b'"},
    },
    "a byte order mark in the first name or line": {
        'lines of "\ufeffa\\n"': {"elements": ["a"]},
        "csv with a byte order mark": {"names": ["a", "b"], "elements": [ROW]},
    },
    "quotes that are not those of RFC 4180, and empty lines and white space that make a table unreadable": {
        "csv with quotes within quotes": {"elements": [{"a": 'say "hi"', "b": 2}]},
        "csv with line ends within quotes": {"elements": [{"a": "x\ny", "b": 2}]},
        "csv with empty lines": {"elements": [ROW, {"a": 3, "b": 4}]},
        "csv by more white space": {"elements": [ROW]},
        "csv by white space around": {"elements": [ROW]},
    },
    "the number 0 for white space": {"csv with a value of spaces": {"elements": [{"a": " ", "b": 2}]}},
    "strings in columns of numbers, numbers in columns of strings": {
        **{
            f'csv with "{value}" as {dtype}': {"error": NO_NUMBER}
            for value in ("true", "FALSE", "x")
            for dtype in ("int32", "float32")
        },
        **{
            f'csv with "{value}" as string': {"elements": [{"a": 0, "b": value}]}
            for value in ("1", "0", "-1.5", "1.9")
        },
    },
}
"""By the fault of TensorFlow.js: what is given here instead."""
CHANGES = {name: changes for fault in DIFFERENT.values() for name, changes in fault.items()}


def not_two(x):
    if x == 2:
        raise ValueError("two")
    return x


FUNCTIONS = {
    "odd": lambda x: x % 2 == 1,
    "double": lambda x: 2 * x,
    "pair": lambda x: {"x": x, "y": [x, x * x]},
    "times": lambda x: [x] * x,
    "not_two": not_two,
    "yes": lambda _: True,
    "no": lambda _: False,
    "counted": lambda xs: (
        {"value": None, "recurse": True}
        if isinstance(xs[0], (dict, list))
        else {"value": len(xs), "recurse": False}
    ),
}


def values_of(given):
    """What a description's values stand for: `{tensor, dtype}` for tensors."""
    if isinstance(given, list):
        return [values_of(part) for part in given]
    if isinstance(given, dict):
        if "tensor" in given:
            return tf.tensor(given["tensor"], dtype=given.get("dtype"))
        return {key: values_of(part) for key, part in given.items()}
    return given


def counting(n):
    steps = iter(range(n + 1))

    def give():
        i = next(steps)
        return {"value": i, "done": i == n}

    return give


SOURCES = {
    "array": lambda given, _: tf.data.array(values_of(given)),
    "zip": lambda given, _: tf.data.zip(source(given)),
    "generator": lambda given, _: tf.data.generator(lambda: iter(range(given))),
    "func": lambda given, _: tf.data.func(counting(given)),
    "csv": lambda given, all_: tf.data.CSVDataset(text(given, all_), all_.get("config")),
    "lines": lambda given, all_: tf.data.TextLineDataset(text(given, all_)),
}


def text(given, all_):
    return tf.data.FileDataSource(given.encode(), all_.get("options"))


def source(given):
    """The dataset that a description begins with, or datasets in its form."""
    if isinstance(given, list):
        return [source(part) for part in given]
    for name, make in SOURCES.items():
        if name in given:
            return make(given[name], given)
    return {key: source(part) for key, part in given.items()}


def argument(given):
    if isinstance(given, str):
        return FUNCTIONS[given.removeprefix("$")]
    return source(given) if isinstance(given, dict) else given


def flat(values):
    return [leaf for part in values for leaf in flat(part)] if isinstance(values, list) else [values]


def told(value):
    """Values as the record has them."""
    if isinstance(value, Tensor):
        return {"tensor": list(value.shape), "dtype": value.dtype, "values": told(flat(value.array_sync()))}
    if isinstance(value, float) and not math.isfinite(value):
        return {"number": str(value).replace("inf", "Infinity").replace("nan", "NaN")}
    if isinstance(value, list):
        return [told(part) for part in value]
    if isinstance(value, dict):
        return {key: told(part) for key, part in value.items()}
    return value


async def replayed(record):
    found = {}
    at = source(record["from"])
    if isinstance(at, tf.data.CSVDataset):
        found["names"] = await at.column_names()
    for method, *args in record["steps"]:
        at = getattr(at, method)(*map(argument, args))
        at = await at if method == "iterator" else at
    found["size"] = told(at.size)
    found["elements"] = told(await at.to_array())
    return found


@pytest.mark.parametrize("record", RECORDS, ids=[record["name"] for record in RECORDS])
def test_elements_are_those_of_tensorflow_js(record):
    expected = {key: record[key] for key in ("names", "size", "elements") if key in record}
    changes = CHANGES.get(record["name"], {})
    fails = "error" in changes or ("error" in record and "elements" not in changes)
    if fails:
        error = ValueError if record["steps"] == [["map", "$not_two"]] else TfError
        with pytest.raises(error, match=changes.get("error")):
            asyncio.run(replayed(record))
        assert bool(changes) != ("error" in record)
        return
    found = asyncio.run(replayed(record))
    wanted = {**expected, **changes}
    assert {key: found[key] for key in wanted} == wanted
    assert (wanted == expected) == (not changes), "TensorFlow.js gives the same: no longer a difference"


def test_every_difference_is_one_of_a_record():
    assert set(CHANGES) <= {record["name"] for record in RECORDS}
