"""A small network of keras.applications, and layers of sounds, tokens and images, on WebGL2: what NumPy gives."""

import json

import numpy as np
import pytest

CASES = {
    "MobileNet": """
model = filled(keras.applications.MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 3), classes=5))
found = model(wave(1, 32, 32, 3), training=False)
""",
    "MelSpectrogram": """
layer = keras.layers.MelSpectrogram(64, 16, num_mel_bins=10, sampling_rate=800)
found = layer(wave(2, 300))
""",
    "STFTSpectrogram": """
layer = keras.layers.STFTSpectrogram("magnitude", frame_length=32, frame_step=8)
with tensorflow.GradientTape() as tape:
    x = wave(2, 100, 2)
    tape.watch(x)
    given = layer(x)
    loss = tensorflow.reduce_sum(given * given)
found = tensorflow.concat([tensorflow.reshape(given, [-1]), tensorflow.reshape(tape.gradient(loss, x), [-1])], 0)
""",
    "CTC": """
with tensorflow.GradientTape() as tape:
    x = wave(2, 8, 5) * 4.0
    tape.watch(x)
    loss = keras.losses.CTC()([[1, 2, 2], [4, 3, 0]], x)
found = tensorflow.concat([[loss], tensorflow.reshape(tape.gradient(loss, x), [-1])], 0)
""",
    "CLAHE": """
layer = keras.layers.ContrastLimitedAdaptiveHistogramEqualization(tile_grid_size=(2, 3))
found = layer(keras.ops.floor(wave(2, 7, 8, 3) * 100.0 + 128.0))
""",
    "RandomElasticTransform": """
layer = keras.layers.RandomElasticTransform((1.0, 1.0), (0.8, 0.8), value_range=(-1, 1), seed=5)
found = layer(wave(2, 16, 12, 2))
""",
    "Hashing": """
hashed = keras.layers.Hashing(11, salt=3, output_mode="count")([["a", "bb"], ["ccc", "d"]])
crossed = keras.layers.HashedCrossing(7, output_mode="one_hot")([["a", "bb"], ["x", "y"]])
found = keras.layers.Concatenate()([hashed, crossed])
""",
    "ReversibleEmbedding": """
layer = keras.layers.ReversibleEmbedding(6, 3, logit_soft_cap=0.5)
layer.build((None, 4))
layer.set_weights([wave(6, 3).tolist()])
found = layer(layer([[1, 2, 0, 5]]), reverse=True)
""",
}
PREPARED = """
import keras
import tensorflow

def wave(*shape):
    count = 1
    for length in shape:
        count *= length
    return keras.ops.reshape(keras.ops.sin(keras.ops.arange(count, dtype="float32") * 0.37), shape)

def filled(model):
    for number, weight in enumerate(model.weights):
        drawn = wave(*weight.shape) * (-1.0) ** number
        if "gamma" in weight.name or "variance" in weight.name:
            weight.assign(1.0 + 0.2 * drawn)
        elif len(weight.shape) < 2:
            weight.assign(0.1 * drawn)
        else:
            count = 1
            for length in weight.shape[:2] if "depthwise" in weight.path else weight.shape[:-1]:
                count *= length
            weight.assign(drawn * (4.5 / count) ** 0.5)
    return model
"""


def answered(case):
    """What NumPy gives."""
    from tfjs_pyo import keras

    keras.install(shadow=True)
    try:
        names = {}
        exec(PREPARED + case, names)
        return names["found"].numpy()
    finally:
        keras.uninstall()


@pytest.mark.parametrize("name", CASES)
def test_the_page_computes_what_numpy_computes(anywhere, name):
    anywhere.run(PREPARED + CASES[name])
    shape, values = json.loads(
        anywhere.run("__import__('json').dumps([list(found.shape), found.numpy().ravel().tolist()])")
    )
    expected = answered(CASES[name])
    assert tuple(shape) == expected.shape
    spread = np.abs(expected).max()
    np.testing.assert_allclose(np.reshape(values, shape), expected, rtol=1e-4, atol=1e-4 * spread)
