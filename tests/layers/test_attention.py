"""Attention against plain NumPy, masks, and what models make of it."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.layers.test_layers import softmax
from tests.linear import run
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

RNG = np.random.default_rng(7)
QUERY, VALUE, KEY = (RNG.normal(size=(2, steps, 4)).astype(np.float32) for steps in (3, 5, 5))
SEEN = np.array([[True, True, False, True, False], [True, False, False, False, True]])


def close(result, expected):
    np.testing.assert_allclose(np.asarray(result), expected, rtol=1e-4, atol=1e-5)


def dot(query, key):
    return query @ key.transpose(0, 2, 1)


def added(query, key, factors=1.0):
    return np.tanh(query[:, :, None] + key[:, None])


def tensors(*arrays):
    return [tf.tensor(array) for array in arrays]


def test_dot_product_of_query_and_key():
    close(tf.layers.attention()(tensors(QUERY, VALUE, KEY)), softmax(dot(QUERY, KEY)) @ VALUE)
    close(tf.layers.attention()(tensors(QUERY, VALUE)), softmax(dot(QUERY, VALUE)) @ VALUE)


def test_scale_that_is_learned():
    layer = tf.layers.attention({"useScale": True})
    query, value = tensors(QUERY, VALUE)
    layer(query, value)
    layer.set_weights([tf.scalar(0.5)])
    close(layer(query, value), softmax(dot(QUERY, VALUE) * 0.5) @ VALUE)


def test_concat_scores():
    layer = tf.keras.layers.Attention(score_mode="concat", use_scale=True)
    layer(*tensors(QUERY, VALUE))
    layer.set_weights([tf.scalar(0.5), tf.scalar(2)])
    scores = 2 * np.tanh(0.5 * (QUERY[:, :, None] + VALUE[:, None])).sum(-1)
    close(layer(*tensors(QUERY, VALUE)), softmax(scores) @ VALUE)


@pytest.mark.parametrize("scaled", [True, False])
def test_additive_scores(scaled):
    layer = tf.keras.layers.AdditiveAttention(use_scale=scaled)
    layer(*tensors(QUERY, VALUE))
    factors = layer.get_weights()[0] if scaled else 1.0
    assert len(layer.get_weights()) == scaled
    scores = (factors * np.tanh(QUERY[:, :, None] + KEY[:, None])).sum(-1)
    close(layer(tensors(QUERY, VALUE, KEY)), softmax(scores) @ VALUE)


def test_what_masks_count_out_has_no_share():
    queries = np.array([[True, False, True], [True, True, False]])
    scores = dot(QUERY, VALUE) + np.where(SEEN, 0, -np.inf)[:, None]
    expected = softmax(scores) @ VALUE * queries[..., None]
    close(tf.layers.attention()(tensors(QUERY, VALUE), mask=tensors(queries, SEEN)), expected)
    result, shares = tf.layers.attention()(
        *tensors(QUERY, VALUE),
        attention_mask=tf.tensor(np.broadcast_to(SEEN[:, None], (2, 3, 5))),
        return_attention_scores=True,
    )
    close(shares, softmax(scores))
    close(result, softmax(scores) @ VALUE)


def test_causal_queries_see_no_later_values():
    scores = np.where(np.tril(np.ones((3, 5), bool)), dot(QUERY, VALUE), -np.inf)
    close(tf.layers.attention()(*tensors(QUERY, VALUE), {"useCausalMask": True}), softmax(scores) @ VALUE)


def many_heads(layer, query, value, key, seen=True):
    """Multi-head attention from its formula, with the weights of a layer."""
    qk, qb, kk, kb, vk, vb, ok, ob = (np.asarray(weight) for weight in layer.get_weights())
    q = np.einsum("btf,fhd->bhtd", query, qk) + qb[:, None]
    k = np.einsum("btf,fhd->bhtd", key, kk) + kb[:, None]
    v = np.einsum("btf,fhd->bhtd", value, vk) + vb[:, None]
    scores = np.einsum("bhqd,bhkd->bhqk", q, k) / np.sqrt(q.shape[-1])
    shares = softmax(np.where(seen, scores, -np.inf))
    return np.einsum("bhqk,bhkd,hdo->bqo", shares, v, ok) + ob, shares


def test_multi_head_attention():
    layer = tf.keras.layers.MultiHeadAttention(
        num_heads=2, key_dim=3, value_dim=5, output_shape=6, bias_initializer="random_normal"
    )
    query, value, key = tensors(QUERY, VALUE, KEY)
    result, shares = layer(query, value, key=key, return_attention_scores=True)
    expected, attended = many_heads(layer, QUERY, VALUE, KEY)
    close(result, expected)
    close(shares, attended)
    seen = np.tril(np.ones((3, 3), bool))
    close(layer(query, query, use_causal_mask=True), many_heads(layer, QUERY, QUERY, QUERY, seen)[0])
    masked = layer([query, value, key], mask=[None, tf.tensor(SEEN)])
    close(masked, many_heads(layer, QUERY, VALUE, KEY, SEEN[:, None, None])[0])


@pytest.mark.parametrize("axis", [1, 2])
@pytest.mark.parametrize("lacks", [True, False])
def test_masks_of_attention_over_one_of_several_axes(axis, lacks):
    """It is attention of each row by itself: of [batch, 3, 4, features] along an axis, each with its part of the masks."""
    rng = np.random.default_rng(7)
    x, y = rng.normal(size=(2, 3, 4, 5)).astype("float32"), rng.normal(size=(2, 3, 4, 5)).astype("float32")
    steps, others = x.shape[axis], x.shape[3 - axis]
    layer = tf.layers.multi_head_attention(num_heads=2, key_dim=3, attention_axes=[axis])
    rows = tf.layers.multi_head_attention(num_heads=2, key_dim=3)
    layer(tf.tensor(x), tf.tensor(y)), rows(tf.tensor(x[:, 0]), tf.tensor(y[:, 0]))
    rows.set_weights(layer.get_weights())
    pairs = rng.random((2, others, steps, steps)) < 0.7
    pairs |= np.eye(steps, dtype=bool)
    pairs = pairs[:, :1] if lacks else pairs
    seen = np.ones((2, 3, 4), bool)
    seen[1, -1, -1] = False
    given = pairs[:, 0] if lacks else pairs
    result, scores = layer(
        [tf.tensor(x), tf.tensor(y)],
        mask=[None, tf.tensor(seen)],
        attention_mask=tf.tensor(given),
        return_attention_scores=True,
    )
    assert scores.shape == (2, others, 2, steps, steps)
    assert layer.compute_output_shape([x.shape, y.shape]) == x.shape
    for other in range(others):
        part = [np.take(each, other, 3 - axis) for each in (x, y, seen)]
        own = pairs[:, 0 if lacks else other] & part[2][:, None]
        expected, shares = many_heads(layer, part[0], part[1], part[1], own[:, None])
        close(np.take(result.numpy(), other, 3 - axis), expected)
        close(scores.numpy()[:, other], shares)


def test_masks_of_attention_over_all_of_several_axes():
    rng = np.random.default_rng(8)
    x = rng.normal(size=(2, 2, 3, 5)).astype("float32")
    layer = tf.layers.multi_head_attention(num_heads=2, key_dim=3)
    layer(tf.tensor(x), tf.tensor(x))
    pairs = rng.random((2, 2, 3, 2, 3)) < 0.7
    pairs[..., 0, 0] = True
    result, scores = layer(
        tf.tensor(x), tf.tensor(x), attention_mask=tf.tensor(pairs), return_attention_scores=True
    )
    flat = x.reshape(2, 6, 5)
    expected, shares = many_heads(layer, flat, flat, flat, pairs.reshape(2, 1, 6, 6))
    close(result.numpy().reshape(2, 6, 5), expected)
    assert scores.shape == (2, 2, 2, 3, 2, 3)
    close(scores.numpy().reshape(2, 2, 6, 6), shares)
    with pytest.raises(ShapeError, match="attentionMask of shape"):
        layer(tf.tensor(x), tf.tensor(x), attention_mask=tf.ones([2, 6, 6], "bool"))


def test_multi_head_attention_has_the_weights_of_keras():
    layer = tf.layers.multi_head_attention(num_heads=2, key_dim=3)
    layer(*tensors(QUERY, VALUE))
    shapes = [weight.shape for weight in layer.get_weights()]
    assert shapes == [(4, 2, 3), (2, 3), (4, 2, 3), (2, 3), (4, 2, 3), (2, 3), (2, 3, 4), (4,)]
    bare = tf.layers.multi_head_attention(num_heads=2, key_dim=3, use_bias=False)
    bare(*tensors(QUERY, VALUE))
    assert len(bare.get_weights()) == 4


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("Attention", {"use_scale": True, "score_mode": "concat", "dropout": 0.1}),
        ("AdditiveAttention", {"use_scale": False}),
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3, "kernel_regularizer": "l2"}),
    ],
)
def test_configs_make_the_same_layer(name, options):
    config = getattr(tf.keras.layers, name)(**options).get_config()
    again = tf.layers.LAYERS.in_keras.get({"className": name, "config": config})
    assert again.get_config() == config


def test_dropout_only_while_training():
    layer = tf.layers.attention(dropout=0.5)
    query, value = tensors(QUERY, VALUE)
    expected = softmax(dot(QUERY, VALUE)) @ VALUE
    close(layer(query, value), expected)
    tf.random.set_seed(3)
    assert abs(layer(query, value, training=True).numpy() - expected).max() > 1e-2


def test_a_model_learns_to_pick_the_step_that_a_token_marks():
    tf.random.set_seed(2)
    rng = np.random.default_rng(2)
    x = rng.integers(1, 9, (64, 6)).astype(np.int32)
    x[np.arange(64), rng.integers(0, 6, 64)] = 9
    x[:, -1] = np.where(x[:, -1] == 9, 9, 0)
    y = np.argmax(x == 9, 1)
    tokens = tf.keras.Input(shape=(6,), dtype="int32")
    embedded = tf.keras.layers.Embedding(10, 8, mask_zero=True)(tokens)
    places = tf.keras.layers.EinsumDense("abc,bc->abc", output_shape=(6, 8))(embedded)
    attended, shares = tf.keras.layers.MultiHeadAttention(2, 4)(
        embedded, places, return_attention_scores=True
    )
    assert attended.shape == (None, 6, 8)
    assert shares.shape == (None, 2, 6, 6)
    normal = tf.keras.layers.LayerNormalization()(tf.keras.layers.Add()([embedded, attended]))
    out = tf.keras.layers.Dense(6, activation="softmax")(tf.keras.layers.Flatten()(normal))
    model = tf.keras.Model(tokens, out)
    model.compile(optimizer=tf.keras.optimizers.Adam(0.02), loss="sparse_categorical_crossentropy")
    history = run(
        model.fit(tf.tensor(x, dtype="int32"), tf.tensor(y.astype(np.float32)), epochs=12, verbose=0)
    )
    losses = history.history["loss"]
    assert losses[-1] < losses[0] * 0.3


def test_errors_say_what_was_expected():
    query, value = tensors(QUERY, VALUE)
    layer = tf.layers.attention()
    with pytest.raises(ArgumentError, match="expected query, value and perhaps key, received 1"):
        layer(query)
    with pytest.raises(ShapeError, match="as many keys as values"):
        layer([value, query, value])
    with pytest.raises(ShapeError, match="rank 3"):
        tf.layers.multi_head_attention(num_heads=1, key_dim=2)(tf.ones([2, 3]), tf.ones([2, 3]))
    with pytest.raises(ArgumentError, match="Did you mean 'useCausalMask'"):
        layer(query, value, use_casual_mask=True)
    with pytest.raises(OptionError, match="scoreMode"):
        tf.layers.attention(score_mode="cosine")


def test_the_mask_of_attention_may_be_an_input_of_the_model():
    query, value = tensors(QUERY, VALUE)
    counts = tf.tensor([[[1, 0, 1, 1, 0]] * query.shape[1]] * query.shape[0], None, "bool")
    layer = tf.layers.attention()
    x, y = (tf.input({"shape": tensor.shape[1:]}) for tensor in (query, value))
    mask = tf.input({"shape": counts.shape[1:], "dtype": "bool"})
    model = tf.model({"inputs": [x, y, mask], "outputs": layer(x, y, attention_mask=mask)})
    close(model.apply([query, value, counts]), layer(query, value, attention_mask=counts).numpy())


def test_lambda_runs_a_function_and_never_one_from_a_file():
    layer = tf.keras.layers.Lambda(lambda x, factor: x * factor, arguments={"factor": 3})
    close(layer(tf.ones([2, 2])), np.full((2, 2), 3.0))
    a, b = tf.input({"shape": [3]}), tf.input({"shape": [3]})
    joined = tf.keras.layers.Lambda(lambda pair: tf.concat(pair, 1))([a, b])
    assert joined.shape == (None, 6)
    told = tf.keras.layers.Lambda(lambda x: tf.sum(x, 1, True), output_shape=(1,))(a)
    assert told.shape == (None, 1)
    with pytest.raises(ArgumentError, match="'function', which is missing"):
        type(layer).from_config(layer.get_config())


def test_outputs_may_have_several_last_axes():
    x = tf.randomNormal([2, 4, 6], 0, 1, "float32", 3)
    flat = tf.layers.multiHeadAttention(numHeads=2, keyDim=3, outputShape=15)
    deep = tf.layers.multiHeadAttention(numHeads=2, keyDim=3, outputShape=[5, 3])
    expected = flat(x, x).numpy()
    assert deep.computeOutputShape([(None, 4, 6), (None, 4, 6)]) == (None, 4, 5, 3)
    deep._ensure_built([(2, 4, 6), (2, 4, 6)])
    values = [
        tf.reshape(value, weight.shape) for value, weight in zip(flat.getWeights(), deep.weights, strict=True)
    ]
    deep.setWeights(values)
    np.testing.assert_array_equal(deep(x, x).numpy(), expected.reshape(2, 4, 5, 3))
    assert [w.shape for w in deep.weights][-2:] == [(2, 3, 5, 3), (5, 3)]
    assert tf.layers.multiHeadAttention(deep.getConfig()).output_shape == (5, 3)
    with pytest.raises(OptionError, match="outputShape"):
        tf.layers.multiHeadAttention(numHeads=2, keyDim=3, outputShape=[5, 0])
