"""Callbacks that only Keras's face has."""

import json
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.records import crc32c, record

keras = tf.keras
X, Y = np.linspace(-1, 1, 24, dtype=np.float32).reshape(8, 3), np.ones((8, 1), np.float32)

SWAPPED = {
    "False": {
        "loss": [4.023023, 1.393092, 0.4826431],
        "val_loss": [1.662551, 1.187055, 0.727038],
        "seen": [0.5508428, 0.2875432, 0.1331815],
        "weights": [0.3774513, 0.4328907, 0.4883302],
    },
    "True": {
        "loss": [4.023023, 1.393092, 0.4826431],
        "val_loss": [1.662551, 1.187055, 0.727038],
        "seen": [0.619507, 0.5078499, 0.3774513],
        "weights": [0.3774513, 0.4328907, 0.4883302],
    },
}
"""What Keras 3.15 makes of the fit of `test_evaluation_uses_averages_and_training_goes_on_with_weights`, on PyTorch."""


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


def fresh(**options):
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile(keras.optimizers.Adam(0.1, **options), "mse")
    return model


class StopError(Exception):
    """Ends a run at once."""


def stops(epoch):
    def raises(*_):
        raise StopError

    return keras.callbacks.LambdaCallback(on_epoch_begin=lambda at, logs: at == epoch and raises())


@pytest.mark.parametrize("options", [{}, {"use_ema": True}, {"gradient_accumulation_steps": 3}])
def test_a_backup_goes_on_where_training_was_interrupted(tmp_path, options):
    straight, interrupted, resumed = (fresh(**options) for _ in range(3))
    fit = {"epochs": 4, "batch_size": 4, "shuffle": False, "verbose": 0}
    whole = straight.fit(X, Y, **fit).history["loss"]
    backup = keras.callbacks.BackupAndRestore(tmp_path / "backup")
    with pytest.raises(StopError):
        interrupted.fit(X, Y, **fit, callbacks=[backup, stops(epoch=2)])
    history = resumed.fit(X, Y, **fit, callbacks=[keras.callbacks.BackupAndRestore(str(tmp_path / "backup"))])
    assert history.epoch == [2, 3]
    np.testing.assert_allclose(history.history["loss"], whole[2:], rtol=1e-5)
    for a, b in zip(straight.get_weights(), resumed.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5)
    assert resumed.optimizer.iterations == straight.optimizer.iterations
    assert not (tmp_path / "backup").exists()


def test_a_backup_of_batches_begins_its_epoch_anew(tmp_path):
    """As in Keras: a backup says which epochs were whole."""
    backup = keras.callbacks.BackupAndRestore(tmp_path, save_freq=1)
    with pytest.raises(StopError):
        fresh().fit(X, Y, epochs=4, batch_size=4, verbose=0, callbacks=[backup, stops(epoch=2)])
    assert fresh().fit(X, Y, epochs=4, verbose=0, callbacks=[backup]).epoch == [1, 2, 3]


def test_a_broken_backup_falls_back_to_the_one_before(tmp_path):
    options = {"double_checkpoint": True, "delete_checkpoint": False}
    fresh().fit(X, Y, epochs=3, verbose=0, callbacks=[keras.callbacks.BackupAndRestore(tmp_path, **options)])
    whole = (tmp_path / "training_state").read_bytes()
    (tmp_path / "training_state").write_bytes(whole[:40])
    backup = keras.callbacks.BackupAndRestore(tmp_path, **options)
    assert fresh().fit(X, Y, epochs=4, verbose=0, callbacks=[backup]).epoch == [2, 3]
    for path in tmp_path.iterdir():
        path.write_bytes(whole[:-4])
    with pytest.raises(tf.errors.FormatError, match="is broken"):
        fresh().fit(X, Y, epochs=4, verbose=0, callbacks=[backup])


def test_a_backup_of_another_model_is_refused(tmp_path):
    backup = keras.callbacks.BackupAndRestore(tmp_path, delete_checkpoint=False)
    fresh().fit(X, Y, verbose=0, callbacks=[backup])
    other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)])
    other.compile("adam", "mse")
    with pytest.raises(ArgumentError, match="of another model"):
        other.fit(X, np.ones((8, 2)), verbose=0, callbacks=[backup])


def test_evaluation_uses_averages_and_training_goes_on_with_weights():
    """Recorded with Keras 3.15 on PyTorch: SGD(0.1, use_ema=True, ema_momentum=0.8), three epochs of two steps."""
    for swap_on_epoch in (False, True):
        model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, kernel_initializer="ones")])
        model.compile(keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=0.8), "mse")
        seen = []
        note = keras.callbacks.LambdaCallback(
            on_epoch_end=lambda epoch, logs: seen.append(float(model.get_weights()[0][0, 0]))  # noqa: B023
        )
        swap = keras.callbacks.SwapEMAWeights(swap_on_epoch)
        history = model.fit(
            X,
            Y,
            epochs=3,
            batch_size=4,
            shuffle=False,
            verbose=0,
            validation_data=(X, Y),
            callbacks=[swap, note],
        ).history
        expected = SWAPPED[str(swap_on_epoch)]
        np.testing.assert_allclose(history["loss"], expected["loss"], rtol=1e-5)
        np.testing.assert_allclose(history["val_loss"], expected["val_loss"], rtol=1e-5)
        np.testing.assert_allclose(seen, expected["seen"], rtol=1e-5)
        np.testing.assert_allclose(model.get_weights()[0].reshape(-1), expected["weights"], rtol=1e-5)
    model.compile("sgd", "mse")
    with pytest.raises(ArgumentError, match="use_ema=True"):
        model.fit(X, Y, verbose=0, validation_data=(X, Y), callbacks=[swap])


def test_a_server_gets_the_numbers_of_epochs():
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            received.append((self.path, self.headers["Content-Type"], self.headers["X-Key"], body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = f"http://127.0.0.1:{server.server_address[1]}"
    monitors = [
        keras.callbacks.RemoteMonitor(root, "/form", headers={"X-Key": "k"}),
        keras.callbacks.RemoteMonitor(root, "/json", send_as_json=True),
    ]
    history = fresh().fit(X, Y, verbose=0, callbacks=monitors)
    server.shutdown()
    server.server_close()
    numbers = {"epoch": 0, "loss": history.history["loss"][0]}
    (form, json_) = received
    assert form[:3] == ("/form", "application/x-www-form-urlencoded", "k")
    assert json.loads(parse_qs(form[3])["data"][0]) == json.loads(json_[3]) == numbers
    with pytest.warns(UserWarning, match="remoteMonitor"):
        fresh().fit(X, Y, verbose=0, callbacks=[keras.callbacks.RemoteMonitor(root)])


def test_a_list_of_callbacks_in_a_loop_of_ones_own():
    seen, model = [], fresh()
    one = keras.callbacks.LambdaCallback(
        lambda epoch, logs: seen.append(("begin", epoch)),
        on_epoch_end=lambda epoch, logs: seen.append(("end", epoch, logs)),
        on_train_batch_end=lambda batch, logs: seen.append(("batch", batch, logs)),
    )
    listed = keras.callbacks.CallbackList([one], add_history=True, model=model, epochs=1)
    listed.on_train_begin()
    listed.on_epoch_begin(0)
    listed.on_train_batch_end(3, {"loss": 1.0})
    listed.on_epoch_end(0, logs={"loss": 2.0})
    listed.on_train_end({})
    assert seen == [("begin", 0), ("batch", 3, {"loss": 1.0}), ("end", 0, {"loss": 2.0})]
    assert listed.callbacks[-1].history == {"loss": [2.0]}
    assert one.model is model


def test_nan_can_be_an_error():
    model = fresh()
    with pytest.raises(RuntimeError, match="the loss of epoch 1 is nan"):
        model.fit(X * np.nan, Y, verbose=0, callbacks=[keras.callbacks.TerminateOnNaN(raise_error=True)])


def test_what_is_not_here_says_what_is():
    with pytest.raises(AttributeError, match=r"OrbaxCheckpoint.*use ModelCheckpoint"):
        _ = keras.callbacks.OrbaxCheckpoint
