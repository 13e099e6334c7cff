"""Twenty steps of every optimizer of `tf.keras` on WebGL2, compiled into one loop and one by one, against Keras 3's."""

import asyncio
import json

import numpy as np

from tests.keras.record_data import fit_data, fit_weights
from tests.keras.test_optimizers import RATES, RECORD, title

SOURCE = """
import json
import tfjs_pyo as tf

async def fitted(name, rate, config, weights, x, y):
    optimizer = getattr(tf.keras.optimizers, name)(learning_rate=rate, **config)
    layers = tf.keras.layers
    model = tf.keras.Sequential([layers.Embedding(5, 3, input_shape=[2]), layers.Flatten(), layers.Dense(2)])
    model.set_weights([tf.tensor(w) for w in weights])
    model.compile(optimizer, "mse")
    plateau = tf.keras.callbacks.ReduceLROnPlateau("loss", 0.5, 1, min_delta=10.0)
    log = await model.fit(
        tf.tensor(x), tf.tensor(y), batch_size=4, epochs=10, shuffle=False, callbacks=[plateau]
    )
    return [log.history["loss"], [(await w.data()).tolist() for w in model.weights]]
"""


def test_fits_whose_rate_falls_on_plateaus(anywhere):
    anywhere.run(SOURCE)
    x, y = (array.tolist() for array in fit_data())
    weights = [w.tolist() for w in fit_weights()]
    for record in RECORD["fits"]:
        given = (record["optimizer"], RATES.get(record["optimizer"], 0.1), record["config"], weights, x, y)
        losses, found = json.loads(anywhere.run(f"json.dumps(await fitted(*{given!r}))"))
        np.testing.assert_allclose(losses, record["losses"], rtol=1e-4, err_msg=title(record))
        for values, expected in zip(found, record["weights"], strict=True):
            np.testing.assert_allclose(values, expected, rtol=2e-4, atol=1e-5, err_msg=title(record))


AVERAGED = """
async def averaged(x, y):
    model = tf.keras.Sequential([tf.keras.layers.Dense(2, input_shape=[2], kernel_initializer="ones")])
    model.compile(tf.keras.optimizers.SGD(0.1, momentum=0.5, use_ema=True, ema_momentum=0.7), "mse")
    found = []
    for _ in range(3):
        await model.fit(tf.tensor(x), tf.tensor(y), batch_size=4, epochs=2, shuffle=False)
        found.append([list(await w.data()) for w in model.weights])
    return json.dumps(found)
"""


def test_a_fit_after_one_that_ended_with_averages(anywhere):
    """Weights and their averages are equal then, and change apart from each other."""
    x, y = (array.tolist() for array in fit_data())
    here = {}
    exec(SOURCE + AVERAGED, here)  # the same source runs in the page
    expected = json.loads(asyncio.run(here["averaged"](x, y)))
    found = json.loads(anywhere.run(f"{SOURCE}{AVERAGED}\nawait averaged({x!r}, {y!r})"))
    for ours, theirs in zip(found, expected, strict=True):
        for a, b in zip(ours, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-6)
