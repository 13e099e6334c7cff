"""What numbers in a graph may cost: sizes are checked before anything is made of them, and loops without an end let others in."""

import asyncio

import pytest

import tfjs_pyo as tf
from tests.graph_models.helpers import model_of
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, TfError

HUGE = 2**31 - 1


def placeholder(name):
    return {"name": name, "op": "Placeholder", "attr": {"dtype": {"type": "DT_INT32"}}}


def asked(op, inputs, attrs=None):
    """The result of one op whose inputs are numbers."""
    names = [f"x{number}" for number in range(len(inputs))]
    model = model_of(*map(placeholder, names), {"name": "y", "op": op, "input": names, "attr": attrs or {}})
    return model.execute(
        {name: tf.tensor(value, dtype="int32") for name, value in zip(names, inputs, strict=True)}, "y"
    )


CASES = {
    "Range": [0, HUGE, 1], "Range down": [HUGE, 0, -1], "LinSpace": [0, 1, HUGE], "Fill": [[HUGE, 4], 1],
    "Tile": [[1, 2], [HUGE]],
    "BroadcastTo": [[1], [HUGE, 2]], "OneHot": [[1, 2], HUGE, 1, 0], "Ones": [[HUGE, 2]], "Zeros": [[HUGE]],
    "RandomUniform": [[HUGE, 2]], "RandomStandardNormal": [[HUGE, 2]], "ScatterNd": [[[0]], [1], [HUGE]],
    "PadV2": [[1], [[HUGE - 1, 0]], 0], "TensorListReserve": [[1], HUGE], "TensorListReserve below 0": [[1], -5],
    "TensorArrayV3": [HUGE],
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_sizes_that_numbers_of_a_graph_ask_for(name):
    with pytest.raises(TfError, match="expected"):
        asked(name.split()[0], CASES[name])


SPLITS = tf.tensor1d([0, 2], "int32")
LISTED = {
    "ragged range": lambda: tf.raggedRange([0], [HUGE], [1]),
    "ragged range of NaN": lambda: tf.raggedRange([0.0], [float("nan")], [1.0]),
    "ragged rows": lambda: tf.raggedTensorToTensor([HUGE, HUGE], [1.0, 2.0], 0.0, [SPLITS], ["ROW_SPLITS"]),
    "ragged row": lambda: tf.raggedTensorToTensor(
        [1, -1], [1.0], 0.0, [tf.tensor1d([0, HUGE], "int32")], ["ROW_SPLITS"]
    ),
    "ragged first": lambda: tf.raggedTensorToTensor(
        [-1, -1],
        [1.0],
        0.0,
        [tf.scalar(HUGE, "int32"), tf.tensor1d([0], "int32")],
        ["FIRST_DIM_SIZE", "VALUE_ROWIDS"],
    ),
    "sparse rows": lambda: tf.sparse.sparseFillEmptyRows([[0, 0]], [1.0], [HUGE, 2], 0.0),
    "segments": lambda: tf.sparse.sparseSegmentMean([[1.0]], [0], [HUGE - 1]),
    "ragged gather": lambda: tf.raggedGather(
        [tf.tensor1d([0, 5000], "int32")], tf.zeros([5000]), tf.zeros([5000], "int32"), 1
    ),
}


@pytest.mark.parametrize("name", LISTED)
def test_numbers_that_are_made_one_by_one(name):
    with pytest.raises(TfError, match="expected"):
        LISTED[name]()


@pytest.mark.parametrize("op", ["TensorListSetItem", "TensorListResize"])
def test_places_far_beyond_the_end_of_a_list(op):
    nodes = [placeholder(name) for name in ("shape", "count", "far", "item")]
    model = model_of(
        *nodes,
        {"name": "list", "op": "TensorListReserve", "input": ["shape", "count"]},
        {"name": "y", "op": op, "input": ["list", "far", "item"]},
    )
    feeds = {"shape": [1], "count": 2, "far": HUGE, "item": [1]}
    with pytest.raises(TfError, match="expected a list of 0 to"):
        model.execute({name: tf.tensor(value, dtype="int32") for name, value in feeds.items()}, "y")


def endless():
    """While True: pass."""
    x = {"name": "x", "type": "DT_INT32"}
    functions = [
        {"signature": {"name": name, "inputArg": [x], "outputArg": [x]}, "nodeDef": [], "ret": {"x": "x"}}
        for name in ("cond", "body")
    ]
    attrs = {name: {"func": {"name": name}} for name in ("cond", "body")}
    loop = {"name": "y", "op": "While", "input": ["x"], "attr": attrs}
    return model_of(placeholder("x"), loop, library={"function": functions})


def test_a_loop_without_an_end_can_be_cancelled(monkeypatch):
    """Each look at the clock is a second later, so that others have their turn at once."""
    from tfjs_pyo.graph_models import executor

    ticks = iter(range(10**9))
    monkeypatch.setattr(executor.time, "perf_counter", lambda: next(ticks))
    model, turns = endless(), []

    async def other(task):
        for turn in range(5):
            turns.append(turn)
            await asyncio.sleep(0)
        task.cancel()

    async def main():
        task = asyncio.ensure_future(model.executeAsync({"x": tf.scalar(1, "int32")}, "y"))
        await asyncio.gather(other(task))
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert turns == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("place", ["9" * 5000, "²", "-1", "1_0"])
def test_numbers_of_outputs_that_are_none(place):
    with pytest.raises((FormatError, ArgumentError), match="expected"):
        model_of(placeholder("x"), {"name": "y", "op": "Identity", "input": [f"x:{place}"]})


def test_names_with_numbers_of_any_length_have_an_order():
    from tfjs_pyo.graph_models.model import _natural

    names = [f"a_1{'0' * 5000}", "a_10", f"a_{'9' * 5000}", "a", "a_2"]
    assert sorted(names, key=_natural) == ["a", "a_2", "a_10", names[2], names[0]]


def test_texts_that_are_too_long_to_be_searched_at_once():
    attrs = {"pattern": {"s": "YQ=="}, "rewrite": {"s": "YWE="}, "replace_global": {"b": True}}  # a, aa
    start = {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_STRING"}}}
    model = model_of(start, {"name": "y", "op": "StaticRegexReplace", "input": ["x"], "attr": attrs})
    half = "a" * (2**21 + 1)
    with pytest.raises(OptionError, match="texts of at most 4194304 characters together, received more"):
        model.execute({"x": tf.tensor([half, half], dtype="string")}, "y")
