"""Graph models as users meet them: inputs and outputs by name, loops, memory, files, custom ops, and what goes wrong."""

from __future__ import annotations

import asyncio
import gc
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.graph_models.helpers import RECORDS, artifacts_of, computed, inputs_of, model_of
from tfjs_pyo.errors import DTypeError
from tfjs_pyo.graph_models.executor import Known, Run, at_once
from tfjs_pyo.graph_models.graph import Input, graph_of

X = {
    "name": "x",
    "op": "Placeholder",
    "attr": {"dtype": {"type": "DT_FLOAT"}, "shape": {"shape": {"dim": [{"size": "-1"}]}}},
}
BY_NAME = {record["name"]: record for record in RECORDS}


def _node(name: str, op: str, *inputs: str, **attr: Any) -> dict[str, Any]:
    return {"name": name, "op": op, "input": list(inputs), "attr": attr}


def _signed() -> tf.GraphModel:
    """Returns a model of two inputs and two outputs, with a signature whose keys are not the names of the nodes."""
    nodes = [X, {**X, "name": "z"}, _node("sum", "AddV2", "x", "z"), _node("product", "Mul", "x", "z")]
    signature = {
        "inputs": {
            "right": {"name": "z:0", "dtype": "DT_FLOAT"},
            "left": {"name": "x:0", "dtype": "DT_FLOAT"},
        },
        "outputs": {"plus": {"name": "sum:0"}, "times": {"name": "product:0"}},
    }
    return tf.loadGraphModelSync({"modelTopology": {"node": nodes}, "signature": signature})


def test_inputs_come_by_key_by_node_or_in_order() -> None:
    model = _signed()
    a, b = tf.tensor1d([1, 2]), tf.tensor1d([3, 4])
    for given in ([b, a], {"left": a, "right": b}, {"x": a, "z": b}, {"x:0": a, "z:0": b}):
        plus, times = model.predict(given)
        assert plus.array_sync() == [4, 6]
        assert times.array_sync() == [3, 8]
    assert model.execute({"left": a, "right": b}, "times").array_sync() == [3, 8]
    assert model.execute({"left": a, "right": b}, ["product", "sum:0"])[1].array_sync() == [4, 6]


def test_a_model_says_what_it_takes_and_gives() -> None:
    model = _signed()
    assert model.inputNodes == ["right", "left"]
    assert model.outputNodes == ["plus", "times"]
    assert [info.name for info in (*model.inputs, *model.outputs)] == ["z", "x", "sum", "product"]
    plain = model_of(X, _node("y", "Neg", "x"))
    assert (plain.inputNodes, plain.outputNodes) == (["x"], ["y"])
    assert model.inputs[1].shape == (None,)
    assert model.inputs[1].dtype == "float32"


def test_later_outputs_of_nodes_keep_their_number() -> None:
    nodes = [
        X,
        _node("top", "TopKV2", "x", "k"),
        {"name": "k", "op": "Const", "attr": {"dtype": {"type": "DT_INT32"}}},
    ]
    artifacts = {
        "modelTopology": {"node": nodes},
        "signature": {
            "inputs": {"x": {"name": "x:0"}},
            "outputs": {"places": {"name": "top:1"}, "best": {"name": "top:0"}},
        },
        "weightSpecs": [{"name": "k", "shape": [], "dtype": "int32"}],
        "weightData": array("i", [1]).tobytes(),
    }
    model = tf.loadGraphModelSync(artifacts)
    assert model.modelUrl is artifacts
    assert model.outputNodes == ["places:1", "best"]
    x = tf.tensor1d([3, 7, 5])
    assert [t.array_sync() for t in model.predict(x)] == [[1], [7]]
    for name in ("places", "places:1", "top:1"):
        assert model.execute(x, name).array_sync() == [1]


@pytest.mark.parametrize(
    "given",
    [np.array([1.0, -2.0]), np.array([1, -2]), np.array([1, -2], np.float32), [1.0, -2.0], (1, -2)],
)
def test_arrays_and_lists_are_predicted_as_tensors_are(given: Any) -> None:
    model = model_of(X, _node("y", "Neg", "x"))
    feeds = given if hasattr(given, "shape") else {"x": given}
    assert model.predict(feeds).array_sync() == model.execute({"x": given}).array_sync() == [-1, 2]
    whole = model_of(
        {"name": "x", "op": "Placeholder", "attr": {"dtype": {"type": "DT_INT32"}}}, _node("y", "Neg", "x")
    )
    assert whole.predict({"x": given}).array_sync() == [-1, 2]
    with pytest.raises(DTypeError, match="expected int32 for 'x', received float32"):
        whole.predict({"x": [0.5]})


def test_an_inner_value_can_be_fed_and_asked_for() -> None:
    model = model_of(X, _node("middle", "Square", "x"), _node("y", "Neg", "middle"))
    assert model.execute({"x": tf.tensor1d([3])}, "middle").array_sync() == [9]
    assert model.execute({"middle": tf.tensor1d([5])}, "y").array_sync() == [-5]


def test_a_structured_result_is_a_mapping() -> None:
    nodes = [X, _node("Identity", "Neg", "x"), _node("Identity_1", "Square", "x")]
    model = tf.loadGraphModelSync(
        {
            "modelTopology": {"node": nodes},
            "signature": {
                "outputs": {"Identity:0": {"name": "Identity"}, "Identity_1:0": {"name": "Identity_1"}}
            },
            "userDefinedMetadata": {"structuredOutputKeys": ["down", "up"]},
        }
    )
    found = model.predict(tf.tensor1d([2]))
    assert {key: tensor.array_sync() for key, tensor in found.items()} == {"down": [-2], "up": [4]}


def test_a_structured_result_is_named_whatever_the_order_of_the_signature() -> None:
    """The converter writes the signature in no order, and outputs of equal shapes under the names of their nodes."""
    nodes = [X, *(_node(f"Identity_{i}", "Mul", "x", f"c{i}") for i in (2, 10, 1))]
    constants = [{"name": f"c{i}", "op": "Const"} for i in (1, 2, 10)]
    specs = [{"name": f"c{i}", "shape": [], "dtype": "float32"} for i in (1, 2, 10)]
    outputs = {
        "Identity_10:0": {"name": "Identity_10:0"},
        "b": {"name": "Identity_2:0"},
        "Identity_1:0": {"name": "Identity_1:0"},
    }
    model = tf.loadGraphModelSync(
        {
            "modelTopology": {"node": [*nodes, *constants]},
            "signature": {"outputs": outputs},
            "userDefinedMetadata": {"structuredOutputKeys": ["a", "b", "c"]},
            "weightSpecs": specs,
            "weightData": np.array([1, 2, 10], np.float32).tobytes(),
        }
    )
    found = model.predict(tf.tensor1d([1]))
    assert {key: tensor.array_sync() for key, tensor in found.items()} == {"a": [1], "b": [2], "c": [10]}


def test_predict_and_predict_async_agree() -> None:
    model = tf.loadGraphModelSync(artifacts_of(BY_NAME["a network"]))
    image = inputs_of(BY_NAME["a network"])["image"]
    np.testing.assert_array_equal(
        model.execute(image, "probabilities").array_sync(),
        asyncio.run(model.executeAsync(image, "probabilities")).array_sync(),
    )


def test_shapes_are_followed_without_reading_a_value() -> None:
    record = BY_NAME["a network"]
    constants = dict(
        tf.io.decodeWeights(artifacts_of(record)["weightData"], record["artifacts"]["weightSpecs"])
    )
    known = Known()
    for name in ("first", "second", "rest", "minusOne"):
        known.add(constants[name], [int(value) for value in constants[name].data_sync()])

    async def never(tensor: tf.Tensor) -> list[Any]:
        raise AssertionError(f"read {tensor.shape}")

    run = Run(constants, {}, known, never)
    graph = graph_of(record["artifacts"]["modelTopology"])
    (found,) = at_once(run.compute(graph, inputs_of(record), [Input("probabilities")]))
    assert found.shape == (2, 5)


def test_a_batch_of_another_size_passes() -> None:
    artifacts = artifacts_of(BY_NAME["a network"])
    placeholder, *nodes = artifacts["modelTopology"]["node"]
    free = {"shape": {"dim": [{"size": size} for size in ("-1", "8", "8", "3")]}}
    topology = {"node": [{**placeholder, "attr": {**placeholder["attr"], "shape": free}}, *nodes]}
    model = tf.loadGraphModelSync({**artifacts, "modelTopology": topology})
    image = inputs_of(BY_NAME["a network"])["image"]
    alone = [model.execute({"image": image[i : i + 1].tile([3, 1, 1, 1])}, "probabilities") for i in range(2)]
    both = model.execute({"image": image.concat(image).concat(image)}, "probabilities")
    assert both.shape == (6, 5)
    np.testing.assert_allclose(both.array_sync()[1], alone[1].array_sync()[2], rtol=1e-6)


@pytest.mark.parametrize(
    "name", ["a network", "While", "Enter, NextIteration, Exit", "TensorListReserve, set, get"]
)
def test_a_model_leaves_nothing_behind(name: str) -> None:
    computed(BY_NAME[name])
    gc.collect()
    before = tf.memory()["numTensors"]
    for _ in range(5):
        computed(BY_NAME[name])
    gc.collect()
    assert tf.memory()["numTensors"] == before


def test_disposing_frees_the_weights_and_ends_the_model() -> None:
    before = tf.memory()["numTensors"]
    model = tf.loadGraphModelSync(artifacts_of(BY_NAME["a network"]))
    assert tf.memory()["numTensors"] == before + len(model.weights)
    model.dispose()
    assert tf.memory()["numTensors"] == before
    with pytest.raises(tf.errors.DisposedError, match="Load it again"):
        model.predict(inputs_of(BY_NAME["a network"])["image"])


def test_a_model_is_saved_and_loaded_again(tmp_path: Path) -> None:
    record = BY_NAME["a network"]
    image = inputs_of(record)["image"]
    model = tf.loadGraphModelSync(artifacts_of(record))
    asyncio.run(model.save(f"file://{tmp_path}"))
    again = asyncio.run(tf.loadGraphModel(str(tmp_path / "model.json")))
    found, expected = again.execute(image, "probabilities"), model.execute(image, "probabilities")
    np.testing.assert_array_equal(found.array_sync(), expected.array_sync())


def test_an_op_can_be_registered_and_taken_back() -> None:
    model = model_of(X, _node("y", "Mystery", "x", factor={"f": 3}))
    with pytest.raises(tf.errors.OptionError, match=r"'Mystery' of node 'y' is not known here.*registerOp"):
        model.predict(tf.tensor1d([2]))
    tf.registerOp("Mystery", lambda node: tf.mul(node.inputs[0], node.attrs["factor"]))
    try:
        assert model.predict(tf.tensor1d([2])).array_sync() == [6]
    finally:
        tf.deregisterOp("Mystery")
    with pytest.raises(tf.errors.OptionError, match="Mystery"):
        model.predict(tf.tensor1d([2]))


def test_a_registered_op_may_wait() -> None:
    async def patient(node: Any) -> Any:
        await asyncio.sleep(0)
        return tf.neg(node.inputs[0])

    model = model_of(X, _node("y", "Patient", "x"))
    tf.registerOp("Patient", patient)
    try:
        assert asyncio.run(model.predictAsync(tf.tensor1d([2]))).array_sync() == [-2]
        with pytest.raises(tf.errors.ArgumentError, match="executeAsync"):
            model.predict(tf.tensor1d([2]))
    finally:
        tf.deregisterOp("Patient")


def test_an_op_with_a_near_miss_is_named() -> None:
    with pytest.raises(tf.errors.OptionError, match="Softmax"):
        model_of(X, _node("y", "SoftMax", "x")).predict(tf.tensor1d([1]))


def test_an_ops_error_names_the_node() -> None:
    model = model_of(X, {**X, "name": "z"}, _node("y", "AddV2", "x", "z"))
    with pytest.raises(tf.errors.ShapeError) as raised:
        model.predict([tf.tensor1d([1, 2]), tf.tensor1d([1, 2, 3])])
    assert "node 'y' (AddV2)" in "".join(raised.value.__notes__)


CALLS: dict[str, tuple[Callable[[tf.GraphModel], Any], type[Exception], str]] = {
    "too few inputs": (lambda m: m.predict(tf.tensor1d([1])), tf.errors.ArgumentError, "expected 2 inputs .*received 1"),
    "a missing input": (lambda m: m.predict({"x": tf.tensor1d([1])}), tf.errors.ArgumentError, "the input 'z'"),
    "an unknown input": (
        lambda m: m.predict({"x": tf.tensor1d([1]), "zz": tf.tensor1d([1])}), tf.errors.ArgumentError, "'zz' is no input"
    ),
    "a wrong dtype": (
        lambda m: m.predict([tf.tensor1d([1], "int32"), tf.tensor1d([1])]), tf.errors.DTypeError, "float32.*received int32"
    ),
    "a wrong rank": (lambda m: m.predict([tf.ones([2, 2]), tf.ones([2])]), tf.errors.ShapeError, r"\(None,\).*\(2, 2\)"),
    "no numbers": (lambda m: m.predict([["a"], [2.0]]), tf.errors.DTypeError, "expected float32 for 'z', received string"),
    "an unknown output": (
        lambda m: m.execute([tf.ones([2]), tf.ones([2])], "produkt"), tf.errors.ArgumentError, "product"
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CALLS)
def test_a_wrong_call_is_refused(case: str) -> None:
    call, kind, message = CALLS[case]
    with pytest.raises(kind, match=message):
        call(_signed())


FILES: dict[str, tuple[Any, str]] = {
    "no graph": ([], "expected a graph with 'node'"),
    "no nodes": ({}, "expected a list of nodes"),
    "a node without an op": ({"node": [{"name": "x"}]}, "'name' and 'op'"),
    "a name twice": ({"node": [X, X]}, "received 'x' twice"),
    "an input that is not there": (
        {"node": [_node("y", "Neg", "x")]},
        "inputs of node 'y' to be nodes, received 'x'",
    ),
    "an input that is no name": ({"node": [X, {"name": "y", "op": "Neg", "input": [7]}]}, "received 7"),
    "an unknown type": ({"node": [{**X, "attr": {"dtype": {"type": "DT_QINT8"}}}]}, "DT_QINT8"),
    "a weight that is not there": ({"node": [{"name": "w", "op": "Const"}]}, "weights for 'w'"),
    "a broken function": (
        {"node": [], "library": {"function": [{"nodeDef": [], "signature": {"outputArg": [7]}}]}},
        "function",
    ),
    "a cycle": ({"node": [X, _node("y", "AddV2", "x", "z"), _node("z", "Neg", "y")]}, "depends on itself"),
}


@pytest.mark.parametrize("case", FILES)
def test_a_lying_file_is_refused(case: str) -> None:
    topology, message = FILES[case]
    with pytest.raises(tf.errors.FormatError, match=message):
        tf.loadGraphModelSync({"modelTopology": topology}).execute({"x": tf.ones([1])}, ["y"])


def test_truncated_weights_are_refused() -> None:
    artifacts = artifacts_of(BY_NAME["a network"])
    with pytest.raises(tf.errors.FormatError):
        tf.loadGraphModelSync({**artifacts, "weightData": artifacts["weightData"][:-4]})


def test_a_function_that_calls_itself_ends() -> None:
    argument = {"name": "v", "type": "DT_FLOAT"}
    function = {
        "signature": {"name": "f", "inputArg": [argument], "outputArg": [{**argument, "name": "w"}]},
        "nodeDef": [_node("w", "PartitionedCall", "v", f={"func": {"name": "f"}})],
        "ret": {"w": "w:output:0"},
    }
    model = model_of(
        X, _node("y", "PartitionedCall", "x", f={"func": {"name": "f"}}), library={"function": [function]}
    )
    with pytest.raises(tf.errors.FormatError, match="without an end"):
        model.predict(tf.tensor1d([1]))
