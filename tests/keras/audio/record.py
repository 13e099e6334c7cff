"""Writes audio.json: Keras's spectrograms, their gradients, and kernels of the initializer STFT.

`pip install keras==3.15.1 torch scipy` in an environment of its own, then
`KERAS_BACKEND=torch python -m tests.keras.audio.record`.
"""

import json
from pathlib import Path

import keras
import torch

from tests.keras.audio.cases import KERNELS, MEL, STFT, sound
from tests.waves import seen


def spectrogram(name, shape, options):
    """What a layer gives, and for those with weights the gradients of the sum of squares."""
    layer = getattr(keras.layers, name)(**options)
    x = torch.tensor(sound(shape), requires_grad=True)
    y = layer(x)
    (y**2).sum().backward()
    return {
        "value": seen((torch.cos(y) if options.get("mode") == "angle" else y).detach().numpy()),
        "gradient": seen(x.grad.numpy()),
        "weights": [seen(w.value.grad.numpy()) for w in layer.trainable_weights],
    }


def main():
    record = {
        "version": keras.__version__,
        "mel": [spectrogram("MelSpectrogram", *case) for case in MEL],
        "stft": [spectrogram("STFTSpectrogram", *case) for case in STFT],
        "kernels": [
            seen(keras.initializers.STFT(**options)(shape).detach().numpy()) for shape, options in KERNELS
        ],
    }
    text = json.dumps(record, separators=(",", ":"))
    Path(__file__).with_name("audio.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
