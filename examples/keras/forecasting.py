"""A time series with Keras: an LSTM foretells the next hours from the last days.

The series is made up: a daily wave, a weekly one, and noise. Callbacks stop the training in time and lower the learning rate;
the best weights are kept.
"""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(41)
rng = np.random.default_rng(41)
PAST, FUTURE = 24, 6

hours = np.arange(900)
series = (
    np.sin(2 * np.pi * hours / 24) + 0.5 * np.sin(2 * np.pi * hours / 168) + rng.normal(0, 0.1, hours.shape)
)
mean, std = series[:700].mean(), series[:700].std()
series = ((series - mean) / std).astype("float32")
starts = np.arange(len(series) - PAST - FUTURE)
x = np.stack([series[start : start + PAST] for start in starts])[..., None]
y = np.stack([series[start + PAST : start + PAST + FUTURE] for start in starts])

inputs = layers.Input(shape=(PAST, 1))
h = layers.Conv1D(8, 3, padding="causal", activation="relu")(inputs)
h = layers.LSTM(24)(h)
outputs = layers.Dense(FUTURE)(h)
model = keras.Model(inputs=inputs, outputs=outputs)
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01), loss="mse", metrics=["mae"])
model.summary()

history = model.fit(
    x[:700],
    y[:700],
    epochs=6,
    batch_size=50,
    validation_data=(x[730:], y[730:]),
    callbacks=[
        keras.callbacks.EarlyStopping(monitor="val_loss", min_delta=0, patience=3, restore_best_weights=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2),
    ],
)
losses = history.history["loss"]

forecast = model.predict(x[-1:], verbose=0)[0] * std + mean
print("Forecast:", np.round(forecast, 2))
print("Truth:   ", np.round(y[-1] * std + mean, 2))
