"""Saves whose process is killed in the middle: the place holds the old model or the new one, whatever the form of the file."""

import asyncio
import os
import signal
import sys

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a process is copied and killed")


def of_tensorflow_js(number):
    """A model whose weights are all `number`."""
    layers = [
        tf.layers.dense({"units": 2, "inputShape": [3], "name": "d"}),
        tf.layers.dense({"units": 1, "name": "e"}),
    ]
    return filled(tf.sequential({"layers": layers, "name": "s"}), number)


def of_keras(number):
    layers = [keras.layers.Input((3,)), keras.layers.Dense(2, name="d"), keras.layers.Dense(1, name="e")]
    return filled(keras.Sequential(layers, name="s"), number)


def filled(model, number):
    model.set_weights([np.full(weight.shape, number, np.float32) for weight in model.get_weights()])
    return model


def save(number, target):
    asyncio.run(of_tensorflow_js(number).save(target))


def load(target):
    return asyncio.run(tf.loadLayersModel(target))


def restored(target):
    model = of_keras(0)
    model.load_weights(target)
    return model


def checkpoint(number, target):
    callback = keras.callbacks.ModelCheckpoint(
        str(target), save_weights_only=target.name.endswith(".weights.h5")
    )
    callback.set_model(of_keras(number))
    asyncio.run(callback.on_epoch_end(0, {}))


def backup(target, number=0):
    callback = keras.callbacks.BackupAndRestore(str(target))
    model = of_keras(number)
    model.compile("sgd", "mse")
    callback.set_model(model)
    return model, callback


def back_up(number, target):
    asyncio.run(backup(target, number)[1].on_epoch_end(0))


def backed_up(target):
    model, callback = backup(target)
    asyncio.run(callback.on_train_begin())
    return model


FORMS = {
    "folder": ("m", save, load),
    "json": ("m.json", save, load),
    "archive": ("m.keras", save, load),
    "h5": ("m.h5", save, load),
    "archive of Keras": ("m.keras", lambda number, target: of_keras(number).save(target), keras.models.load_model),
    "h5 of Keras": ("m.h5", lambda number, target: of_keras(number).save(target), keras.models.load_model),
    "weights of Keras": ("m.weights.h5", lambda number, target: of_keras(number).save_weights(target), restored),
    "checkpoint": ("m.keras", checkpoint, keras.models.load_model),
    "backup": ("m", back_up, backed_up),
    "checkpoint of weights": ("m.weights.h5", checkpoint, restored),
}  # fmt: skip


WATCHED = ("open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir")
"""What Python tells of what it does with files."""


def number_of(model):
    """The number of the one save that a loaded model comes from."""
    (number,) = {value for weight in model.get_weights() for value in np.asarray(weight).ravel().tolist()}
    return int(number)


def files(folder):
    return {path.name for path in folder.rglob("*")}


def killed_at(event, work, folder):
    """Does `work` in a copy of this process, which dies before it touches files for the `event`-th time; whether it died."""
    child = os.fork()
    if child == 0:
        left = event

        def watch(name, args):
            nonlocal left
            if name in WATCHED and str(args[0]).startswith(str(folder)):
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(watch)
        try:
            work()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WIFSIGNALED(status)


@pytest.mark.parametrize("form", FORMS)
def test_a_killed_save_leaves_the_old_model_or_the_new_one(tmp_path, form):
    name, write, read = FORMS[form]
    target, event, seen = tmp_path / "place" / name, 0, []
    write(1, target)
    usual = len(files(tmp_path))
    while killed_at(event, lambda: write(2, target), tmp_path):
        seen.append(number_of(read(target)))
        write(1, target)
        assert number_of(read(target)) == 1
        # 'weights.bin', which may be somebody else's, stays where no model.json names it any more.
        assert len(files(tmp_path) - {"weights.bin", "m.weights.bin"}) <= usual
        event += 1
    assert event >= 3
    assert seen[0] == 1
    assert seen == sorted(seen)
    assert number_of(read(target)) == 2
