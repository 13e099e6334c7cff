"""Callbacks that only Keras's face has."""

import struct

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.keras.event_files import crc32c, record

keras = tf.keras
X, Y = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3), np.ones((8, 1), np.float32)


def made():
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["mae"])
    return model


def fields(data):
    """The fields of a protocol buffer: their numbers with values."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = data[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    found = []
    while place < len(data):
        number, kind = divmod(varint(), 8)
        size = {0: 0, 1: 8, 5: 4}.get(kind)
        if kind == 0:
            found.append((number, varint()))
            continue
        size = varint() if size is None else size
        value = data[place : place + size]
        place += size
        found.append(
            (
                number,
                {1: "<d", 5: "<f"}[kind] and struct.unpack({1: "<d", 5: "<f"}[kind], value)[0]
                if kind != 2
                else value,
            )
        )
    return found


def scalars(folder):
    """Numbers by tag and step of the files of events in a folder; checks every checksum."""
    found = {}
    for path in folder.iterdir():
        data = path.read_bytes()
        while data:
            (size,) = struct.unpack_from("<Q", data)
            content = data[12 : 12 + size]
            assert data[: 16 + size] == record(content)
            data = data[16 + size :]
            event = dict(fields(content))
            if 5 in event:
                value = dict(fields(dict(fields(event[5]))[1]))
                found[value[1].decode(), event.get(2, 0)] = value[2]
            else:
                assert event[3] == b"brain.Event:2"
    return found


def test_checksums_are_those_of_castagnoli():
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA


def test_tensorboard_is_given_the_numbers_of_epochs(tmp_path):
    board = keras.callbacks.TensorBoard(tmp_path, update_freq=2)
    history = (
        made().fit(X, Y, batch_size=2, epochs=3, verbose=0, validation_data=(X, Y), callbacks=[board]).history
    )
    train, validation = scalars(tmp_path / "train"), scalars(tmp_path / "validation")
    for epoch in range(3):
        assert train["epoch_loss", epoch] == pytest.approx(history["loss"][epoch])
        assert train["epoch_mae", epoch] == pytest.approx(history["mae"][epoch])
        assert train["epoch_learning_rate", epoch] == pytest.approx(0.1)
        assert validation["epoch_loss", epoch] == pytest.approx(history["val_loss"][epoch])
    assert sorted(step for tag, step in train if tag == "batch_loss") == [2, 4, 6, 8, 10, 12]


def test_what_is_not_written_is_said(tmp_path):
    with pytest.warns(UserWarning, match="histogram_freq has no effect"):
        keras.callbacks.TensorBoard(tmp_path, histogram_freq=1)


def test_a_logger_of_progress_adds_nothing(capsys):
    made().fit(X, Y, verbose=0, callbacks=[keras.callbacks.ProgbarLogger()])
    assert capsys.readouterr().out == ""
