"""Records graphs with functions of TensorFlow among the layers, as Keras 2 saves them, and what they predict.

`pip install tensorflow-cpu==2.16.* tf_keras==2.16.*`, then `python tests/io/record_functions.py` writes functions.json.
"""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras as keras

SHAPE, IMAGE = (4, 3), (4, 4, 4)
VECTORS = {
    "add": lambda x: x + 1.0, "radd": lambda x: 1 + x, "subtract": lambda x: x - 3, "rsubtract": lambda x: 2.0 - x,
    "multiply": lambda x: x * 2.0, "rmultiply": lambda x: tf.constant([1.0, 2.0, 4.0]) * x, "divide": lambda x: x / 4,
    "rdivide": lambda x: 2.0 / (x * x + 1.0), "power": lambda x: x**2, "rpower": lambda x: 2.0**x, "negative": lambda x: -x,
    "abs": abs, "floordiv": lambda x: x // 0.5, "mod": lambda x: x % 0.75, "itself": lambda x: x * x + x,
    "list": lambda x: tf.add(x, [[1.0, 0.0, 2.0]]), "matmul": lambda x: tf.matmul(x, x, transpose_b=True),
    "compare": lambda x: [x > 0, x >= 0.5, tf.equal(x, x), tf.logical_and(x > -1, x < 1)],
    "slice": lambda x: [x[:, 1:, ::2], x[..., 0], x[:, -1], x[:, tf.newaxis, 0], x[:, :, ::-1], x[:, 1], x[:, 0:3:2, 1:2], x[:2]],
    "concat": lambda x: [tf.concat([x, x - 3.0], -1), tf.concat([x, x], axis=1), tf.stack([x, -x], axis=1)],
    "split": lambda x: [tf.split(x, 2, axis=1)[1], *tf.split(x, [1, 2], -1), *tf.unstack(x, axis=2)],
    "reduce": lambda x: [tf.reduce_mean(x, 1), tf.reduce_sum(x, axis=-1, keepdims=True), tf.reduce_max(x, [1, 2]),
                         tf.reduce_min(x, axis=-1), tf.reduce_prod(x, 1), tf.math.reduce_std(x, 1),
                         tf.math.reduce_variance(x, [1]),
                         tf.reduce_logsumexp(x, -1), tf.reduce_any(x > 1, 1), tf.reduce_all(x > -9, 1)],
    "shapes": lambda x: [tf.reshape(x, [-1, 12]), tf.transpose(x, [0, 2, 1]), tf.expand_dims(x, 1), tf.squeeze(x[:, :1], [1]),
                         tf.tile(x, [1, 2, 1]), tf.pad(x, [[0, 0], [1, 0], [0, 2]]), tf.reverse(x, [1]), tf.identity(x)],
    "lengths": lambda x: [tf.reshape(x, (tf.shape(x)[0], 12)), tf.reshape(x, tf.stack([tf.shape(x)[0], tf.shape(x)[1] * 3])),
                          tf.reshape(x, tf.concat([tf.shape(x)[:1], [2, 6]], 0)), x / tf.cast(tf.shape(x)[1], tf.float32),
                          x[:, : tf.shape(x)[1] // 2]],
    "unary": lambda x: [tf.exp(x), tf.math.log(x * x + 1.0), tf.sqrt(x * x), tf.square(x), tf.math.rsqrt(x * x + 1.0), tf.sign(x),
                        tf.floor(x), tf.math.ceil(x), tf.round(x), tf.sin(x), tf.cos(x), tf.tanh(x), tf.sigmoid(x),
                        tf.math.erf(x)],
    "binary": lambda x: [tf.maximum(x, 0.5), tf.minimum(x, x * 2.0), tf.math.squared_difference(x, 1.0), tf.add(x, x),
                         tf.subtract(1.0, x), tf.multiply(x, 3.0), tf.divide(x, 2.0), tf.math.divide_no_nan(x, 2.0)],
    "nn": lambda x: [tf.nn.relu(x), tf.nn.relu6(x * 4.0), tf.nn.elu(x), tf.nn.selu(x), tf.nn.leaky_relu(x, 0.1), tf.nn.softmax(x),
                     tf.nn.softmax(x, axis=1), tf.nn.log_softmax(x), tf.nn.softplus(x), tf.nn.softsign(x), tf.nn.silu(x),
                     tf.nn.swish(x),
                     tf.nn.gelu(x), tf.nn.gelu(x, approximate=True), tf.nn.sigmoid(x), tf.math.l2_normalize(x, axis=-1),
                     tf.nn.bias_add(x, tf.constant([1.0, 2.0, 3.0])), keras.activations.relu(x, max_value=1.0)],
    "choose": lambda x: [tf.where(x > 0, x, 0.0), tf.clip_by_value(x, -0.5, 0.5), tf.cast(x > 0, "float32"), tf.cast(x, tf.int32),
                         tf.zeros_like(x), tf.ones_like(x), tf.math.top_k(x, 2).values, tf.argmax(x, -1),
                         tf.gather(x, [2, 0], axis=2),
                         tf.one_hot(tf.argmax(x, 1), 4), tf.cumsum(x, 1)],
    "backend": lambda x: [keras.backend.mean(x, axis=1), keras.backend.square(x), keras.backend.expand_dims(x, 1)],
    "shared": lambda x: keras.Sequential([keras.layers.InputLayer(SHAPE), keras.layers.ReLU()])(x) * 2.0 + x,
}  # fmt: skip
IMAGES = {
    "images": lambda x: [tf.image.resize(x, (8, 2)), tf.image.resize(x, (2, 8), method="nearest"), tf.nn.depth_to_space(x, 2),
                         tf.nn.space_to_depth(x, 2), tf.nn.max_pool(x, 2, 2, "VALID"), tf.nn.avg_pool(x, [2, 2], [1, 1], "SAME")],
}  # fmt: skip


def recorded(make, shape, rng):
    x = keras.Input(shape, name="x")
    made = make(x)
    outputs = list(made) if isinstance(made, (list, tuple)) else [made]
    model = keras.Model(x, outputs, name="functions")
    data = rng.normal(size=(2, *shape)).round(2).astype("float32")
    found = model(data)
    found = found if isinstance(found, (list, tuple)) else [found]
    text = json.loads(model.to_json())
    return {
        "config": text,
        "x": data.tolist(),
        "outputs": [np.asarray(each).astype(float).round(7).tolist() for each in found],
    }


def efficient():
    """The beginning of an EfficientNet, and of what it holds: the kinds of layers, and the weights."""
    model = keras.applications.EfficientNetB0(weights=None, include_top=False, input_shape=(32, 32, 3))
    inner = keras.Model(model.input, model.get_layer("block1a_project_bn").output, name="efficientnet")
    rng = np.random.default_rng(5)
    inner.set_weights(
        [np.abs(rng.normal(size=w.shape) * 0.3).round(2).astype(w.dtype) for w in inner.get_weights()]
    )
    data = (rng.random((1, 32, 32, 3)) * 255).round().astype("float32")
    weights = [
        [w.name, np.asarray(w).astype(float).round(2).tolist(), np.asarray(w).dtype.name]
        for w in inner.weights
    ]
    outputs = [np.asarray(inner(data))[0, ::5, ::5].tolist()]
    return {"config": json.loads(inner.to_json()), "x": data.tolist(), "outputs": outputs, "weights": weights}


def main():
    rng = np.random.default_rng(2)
    found = {name: recorded(make, SHAPE, rng) for name, make in VECTORS.items()}
    found.update({name: recorded(make, IMAGE, rng) for name, make in IMAGES.items()})
    found["efficientnet"] = efficient()
    Path(__file__).with_name("functions.json").write_text(json.dumps(found))


main()
