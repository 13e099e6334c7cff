"""Pads to draw on: what is drawn goes to a function, and what it returns is told in labels and scores."""

import asyncio
import json
from array import array

import pytest

import tfjs_pyo as tf
from tfjs_pyo import output
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.vis import pads


class Pixels:
    """What the page hands over: Pyodide's proxy of a Float32Array."""

    def __init__(self, *values):
        self._bytes = array("f", values).tobytes()

    def to_bytes(self):
        return self._bytes


@pytest.fixture
def shown():
    """What the page showed."""
    bundles = []
    output.use(lambda value: bundles.append(value._repr_mimebundle_()))
    yield bundles
    output.use(None)


@pytest.mark.parametrize(
    ("returned", "label", "scores"),
    [
        ([0.25, 0.75], "b", [("a", 0.25), ("b", 0.75)]),
        (tf.tensor2d([[3.0, 1.0]]), "a", [("a", 3.0), ("b", 1.0)]),
        ([tf.tensor2d([[3.0, 1.0]])], "a", [("a", 3.0), ("b", 1.0)]),
        (1, "b", []),
        (tf.scalar(0, "int32"), "a", []),
        ("a cat", "a cat", []),
    ],
)
def test_scores_numbers_and_labels_are_understood(returned, label, scores):
    pad = tf.vis.sketch(lambda _: returned, 2, labels=["a", "b"])
    assert asyncio.run(pad.feed([0, 0, 0, 1])) == {"label": label, "scores": scores}
    assert pad.label == label


def test_the_function_sees_a_batch_of_one_image_and_may_be_a_coroutine_function():
    seen = []

    async def read(image):
        seen.append(image)
        return "?"

    asyncio.run(tf.vis.sketch(read, 2).feed([[0, 0.5], [1, 0]]))
    assert seen[0].shape == (1, 2, 2, 1)
    assert seen[0].array_sync() == [[[[0.0], [0.5]], [[1.0], [0.0]]]]


def test_the_page_is_told_and_its_drawings_find_the_pad(shown):
    tf.vis.sketch(lambda image: [1 - image.mean(), image.mean()], 2, name="Dark?")
    spec = json.loads(shown[0][pads.MIME_TYPE])
    assert (spec["name"], spec["size"], spec["fit"], spec["margin"]) == ("Dark?", 2, True, 0.0)
    answer = json.loads(asyncio.run(pads.answer(spec["sketch"], Pixels(1, 1, 1, 0.5))))
    assert answer == {"label": "1", "scores": [["0", 0.125], ["1", 0.875]]}


def test_what_the_function_raises_is_told_in_words(shown):
    tf.vis.sketch(lambda image: 1 / 0, 1)
    number = json.loads(shown[0][pads.MIME_TYPE])["sketch"]
    answer = json.loads(asyncio.run(pads.answer(number, Pixels(1))))
    assert answer == {"error": "ZeroDivisionError: division by zero"}


def test_old_pads_say_that_they_are_gone(shown):
    for _ in range(5):
        tf.vis.sketch(lambda image: "?", 1)
    number = json.loads(shown[0][pads.MIME_TYPE])["sketch"]
    assert "gone" in json.loads(asyncio.run(pads.answer(number, Pixels(1))))["error"]


def test_bad_arguments_are_named():
    with pytest.raises(ArgumentError, match="expected 'read' to be a function, received 3"):
        tf.vis.sketch(3)
    with pytest.raises(OptionError, match="'size' to be a positive integer, received 0"):
        tf.vis.sketch(str, 0)
    with pytest.raises(ArgumentError, match="'size' from 1 to 256, received 1000"):
        tf.vis.sketch(str, 1000)
    with pytest.raises(ArgumentError, match=r"'margin' from 0 to less than 0.5, received 0.5"):
        tf.vis.sketch(str, margin=0.5)
    with pytest.raises(ShapeError, match=r"expected 2 x 2 pixels, received values of shape \(3,\)"):
        asyncio.run(tf.vis.sketch(str, 2).feed([1, 2, 3]))
    with pytest.raises(ShapeError, match="a score for each of the 3 labels"):
        asyncio.run(tf.vis.sketch(lambda _: [1, 2], 1, labels=["a", "b", "c"]).feed([1]))
