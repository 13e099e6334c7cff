"""Programs as books have them, and keras.backend, in the page and on WebGL2."""

import inspect

import numpy as np
import pytest

from tests.keras import backend_cases
from tests.keras.backend_cases import RANDOM
from tests.keras.test_backend import RECORD
from tests.keras.test_book_programs import TEXTS

IMAGES = """
from tensorflow.keras.preprocessing.image import ImageDataGenerator

np.random.seed(3)
generator = ImageDataGenerator(rescale=1 / 255, rotation_range=30, zoom_range=0.2, horizontal_flip=True, fill_mode="reflect")
pictures = np.random.randint(0, 256, (12, 8, 8, 1)).astype("float32")
pictures[::2] /= 4
flow = generator.flow(pictures, np.arange(12) % 2, batch_size=4, seed=1)
from tensorflow.keras.layers import Conv2D, Dense, Flatten
model = tf.keras.Sequential([Conv2D(4, 3, activation="relu"), Flatten(), Dense(1)])
model.compile("adam", "mse")
history = model.fit(flow, steps_per_epoch=3, epochs=8, verbose=0).history["loss"]
"""


@pytest.mark.usefixtures("numpy_in_page")
@pytest.mark.leaks(reason="models and variables stay in the namespace")
def test_books_run_in_the_page(pyo):
    pyo.run(TEXTS)
    losses = pyo.run("history.history['loss']")
    assert losses[-1] < losses[0] / 2
    assert pyo.run("[bool(scores[0, 0] > 0.5), bool(scores[1, 0] < 0.5)]") == [True, True]
    pyo.run(IMAGES)
    losses = pyo.run("history")
    assert len(losses) == 8
    assert losses[-1] < losses[0]


@pytest.mark.usefixtures("numpy_in_page")
@pytest.mark.leaks(reason="variables stay in the namespace")
def test_backend_gives_on_webgl2_what_keras_gives(pyo):
    pyo.run("import numpy as np\nimport tensorflow as tf\nfrom tensorflow import keras")
    pyo.run(inspect.getsource(backend_cases.values) + "\nnames = values(keras, tf.constant)")
    texts = [
        text
        for text, each in RECORD["results"].items()
        if isinstance(each, dict) and not text.startswith(RANDOM)
    ]
    found = pyo.run(f"[np.asarray(eval(text, names)).ravel().astype(float).tolist() for text in {texts!r}]")
    for text, ours in zip(texts, found, strict=True):
        wanted = np.array(RECORD["results"][text]["values"], float)
        np.testing.assert_allclose(ours, wanted, rtol=1e-4, atol=2e-5, err_msg=text)
