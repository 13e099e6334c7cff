"""Spectrograms and their kernels are Keras's (audio.json, by record.py)."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.audio.cases import KERNELS, MEL, STFT, sound
from tests.waves import assert_seen
from tfjs_pyo import keras
from tfjs_pyo.errors import OptionError, ShapeError

RECORD = json.loads(Path(__file__).with_name("audio.json").read_text(encoding="utf-8"))
CASES = [("MelSpectrogram", *case) for case in MEL] + [("STFTSpectrogram", *case) for case in STFT]
title = lambda case: f"{case[0]}-{case[2]}".replace(" ", "") if isinstance(case, tuple) else ""  # noqa: E731


@pytest.mark.parametrize(
    ("case", "recorded"), list(zip(CASES, RECORD["mel"] + RECORD["stft"], strict=True)), ids=title
)
def test_spectrograms_and_gradients_are_those_of_keras(case, recorded):
    name, shape, options = case
    layer = getattr(keras.layers, name)(**options)
    x = tf.variable(tf.tensor(sound(shape)))
    plain = np.cos if options.get("mode") == "angle" else np.asarray  # angles of pi are those of -pi
    found = layer(x.read())
    assert_seen(plain(found.numpy()), recorded["value"], 1e-4)
    assert layer.compute_output_shape(shape) == found.shape
    variables = [x, *(weight for weight in layer.trainable_weights)]
    gradients = tf.variable_grads(lambda: tf.sum(tf.square(layer(x.read()))), variables)["grads"]
    if options.get("mode") != "angle":  # whose slopes are as steep as one likes near 0
        for each, expected in zip(
            gradients.values(), [recorded["gradient"], *recorded["weights"]], strict=True
        ):
            assert_seen(each.numpy(), expected, 1e-3)
    again = type(layer).from_config(layer.get_config())
    assert_seen(plain(again(sound(shape)).numpy()), recorded["value"], 1e-4)


@pytest.mark.parametrize("number", range(len(KERNELS)))
def test_kernels_are_those_of_keras(number):
    shape, options = KERNELS[number]
    assert_seen(keras.initializers.STFT(**options)(shape).numpy(), RECORD["kernels"][number], 1e-5)


def test_values_of_a_window_may_be_given():
    x = sound((1, 200, 1))
    named = keras.layers.STFTSpectrogram(frame_length=8, window="bartlett")
    given = keras.layers.STFTSpectrogram(frame_length=8, window=np.bartlett(8))
    np.testing.assert_allclose(named(x).numpy(), given(x).numpy(), rtol=1e-5, atol=1e-6)


def test_a_model_of_sounds_learns_and_is_saved(tmp_path):
    x = sound((16, 200, 1))
    layers = [
        keras.Input((200, 1)),
        keras.layers.STFTSpectrogram(frame_length=32),
        keras.layers.GlobalAveragePooling1D(),
    ]
    model = keras.Sequential([*layers, keras.layers.Dense(1)])
    model.compile("adam", "mse")
    losses = model.fit(x, np.arange(16.0) / 16, epochs=4, verbose=0).history["loss"]
    assert losses[-1] < losses[0]
    model.save(tmp_path / "sounds.keras")
    again = keras.models.load_model(tmp_path / "sounds.keras")
    np.testing.assert_allclose(again.predict(x, verbose=0), model.predict(x, verbose=0), rtol=1e-5)


def test_refusals():
    with pytest.raises(OptionError, match="'fftLength' of 100 or more"):
        keras.layers.MelSpectrogram(fft_length=64, sequence_length=100)
    with pytest.raises(OptionError, match="'frameStep' up to 'frameLength'"):
        keras.layers.STFTSpectrogram(frame_length=8, frame_step=9)
    with pytest.raises(OptionError, match="'window' to be one of 'boxcar'"):
        keras.layers.STFTSpectrogram(window="wall")
    with pytest.raises(OptionError, match="a window of 256 values, received 3"):
        keras.layers.STFTSpectrogram(window=[1, 2, 3])
    with pytest.raises(ShapeError, match="more samples than half"):
        keras.layers.MelSpectrogram()(np.zeros(5, "float32"))
