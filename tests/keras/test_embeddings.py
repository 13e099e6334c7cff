"""ReversibleEmbedding and Wrapper compute what Keras's do (embeddings.json, by record_embeddings.py)."""

import json
from pathlib import Path

import pytest

import tfjs_pyo as tf
from tests.keras.embedding_cases import IDS, REVERSIBLE, numbers, reversible, wrapped
from tests.waves import assert_seen
from tfjs_pyo import keras

RECORD = json.loads(Path(__file__).with_name("embeddings.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("number", range(len(REVERSIBLE)))
def test_embeddings_go_both_ways(number):
    layer, recorded = reversible(keras, REVERSIBLE[number]), RECORD["reversible"][number]
    vectors = layer(IDS)
    assert_seen(vectors.numpy(), recorded["vectors"])
    assert_seen(layer(vectors, reverse=True).numpy(), recorded["scores"])
    assert_seen(keras.layers.GlobalAveragePooling1D()(layer(IDS)).numpy(), recorded["pooled"])
    assert [float(each) for each in layer.losses] == pytest.approx(recorded["penalties"], rel=1e-5)
    squares = lambda: tf.sum(tf.square(layer(layer(IDS), reverse=True)))  # noqa: E731
    gradients = tf.variable_grads(squares, list(layer.weights))["grads"]
    for found, expected in zip(gradients.values(), recorded["gradients"], strict=True):
        assert_seen(found.numpy(), expected)


def test_the_way_back_has_no_constraint():
    layer = keras.layers.ReversibleEmbedding(6, 3, False, embeddings_constraint="non_neg")
    layer.build((None, 4))
    assert [weight.constraint is not None for weight in layer.weights] == RECORD["constrained"]


def test_a_wrapper_holds_a_layer():
    keras.utils.clear_session()
    layer, recorded = wrapped(keras), RECORD["wrapper"]
    x = tf.variable(tf.tensor(numbers((2, 4), 1)))
    assert_seen(layer(x.read()).numpy(), recorded["value"])
    assert [weight.path for weight in layer.weights] == recorded["weights"]
    variables = [x, *layer.trainable_weights]
    gradients = tf.variable_grads(lambda: tf.sum(tf.square(layer(x.read()))), variables)["grads"]
    for found, expected in zip(gradients.values(), recorded["gradients"], strict=True):
        assert_seen(found.numpy(), expected)
