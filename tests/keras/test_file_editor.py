"""KerasFileEditor: files of Keras's and our own, changed and loaded again; h5py says what is in them."""

import lzma
from pathlib import Path

import h5py
import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError

Editor = keras.saving.KerasFileEditor
OF_KERAS = Path(__file__).parent / "applications" / "files" / "MobileNet.weights.h5.xz"


def model(*units):
    return keras.Sequential([keras.Input((2,)), *(keras.layers.Dense(each) for each in units)])


def places(path):
    """The places of all arrays in a file."""
    found = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: found.update({name: item[()]}) if isinstance(item, h5py.Dataset) else None
        )
    return found


def test_what_is_saved_unchanged_is_the_same(tmp_path, capsys):
    path = tmp_path / "of_keras.weights.h5"
    path.write_bytes(lzma.decompress(OF_KERAS.read_bytes()))
    editor = Editor(path)
    editor.save(tmp_path / "again.weights.h5")
    before, after = places(path), places(tmp_path / "again.weights.h5")
    assert list(before) == list(after)
    assert all(
        before[name].dtype == after[name].dtype and (before[name] == after[name]).all() for name in before
    )
    editor.summary()
    shown = capsys.readouterr().out
    assert "of_keras.weights.h5" in shown
    assert "0: shape=(3, 3, 3, 1), dtype=float32" in shown


def test_models_and_their_optimizers(tmp_path, capsys):
    made = model(3, 1)
    made.compile("adam", "mse")
    made.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0)
    made.save(tmp_path / "model.keras")
    editor = Editor(str(tmp_path / "model.keras"))
    assert editor.config["class_name"] == "Sequential"
    assert editor.metadata["keras_version"] in capsys.readouterr().out
    counted = 4 + len(made.optimizer.variables)
    assert editor.compare(made) == {"status": "success", "error_count": 0, "match_count": counted}
    np.testing.assert_array_equal(editor.weights_dict["layers"]["dense_1"]["0"], made.get_weights()[2])


def test_weights_are_fitted_to_another_model(tmp_path, capsys):
    old, new = model(3, 1), model(3, 4, 1)
    old.save_weights(tmp_path / "old.weights.h5")
    editor = Editor(tmp_path / "old.weights.h5")
    assert editor.compare(new)["error_count"] == 4
    told = capsys.readouterr().out
    assert "layers/dense_2/0: in the model, not in the file" in told
    assert "layers/dense_1/0: shape (3, 1) in the file, (3, 4) in the model" in told
    editor.rename_object("dense_1", "dense_2")
    editor.delete_weight("layers/dense_2", "0")
    editor.add_weights("dense_2", {"0": np.full((4, 1), 2.0, "float32")})
    editor.add_object("layers/dense_1", {"0": np.zeros((3, 4), "float32"), "1": np.ones(4, "float32")})
    assert editor.compare(new)["status"] == "success"
    editor.resave_weights(str(tmp_path / "new.weights.h5"))
    new.load_weights(tmp_path / "new.weights.h5")
    np.testing.assert_array_equal(new.predict(np.ones((1, 2)), verbose=0), [[8.0]])
    editor.delete_object("layers")
    assert editor.weights_dict == {}


def test_refusals(tmp_path):
    model(3, 1).save_weights(tmp_path / "a.weights.h5")
    editor = Editor(tmp_path / "a.weights.h5")
    for call, words in (
        (lambda: Editor("a.h5"), "ends with '.keras' or '.weights.h5'"),
        (lambda: editor.save(tmp_path / "b.h5"), "ends with '.weights.h5'"),
        (lambda: editor.rename_object("dense", "layers/d"), "without '/'"),
        (lambda: editor.rename_object("dense", "dense_1"), "there is 'dense_1' beside"),
        (lambda: editor.delete_object("0"), "which 2 have. Give the whole path"),
        (lambda: editor.delete_object("lstm"), "which 0 have"),
        (lambda: editor.delete_object("layers/lstm"), "the path of an object"),
        (lambda: editor.add_object("a/b/c", {}), "the path of an object"),
        (lambda: editor.add_object("b", [1]), "a dict of arrays, received list"),
        (lambda: editor.delete_weight("dense", "7"), r"one of the weights \['0', '1'\]"),
        (lambda: editor.add_weights("layers/dense/0", {}), "is a weight"),
        (lambda: editor.compare(3), "expected a model"),
    ):
        with pytest.raises(ArgumentError, match=words):
            call()
    with pytest.raises(StorageError):
        Editor(tmp_path / "none.keras")
    for name in ("broken.keras", "broken.weights.h5"):
        (tmp_path / name).write_bytes(b"no such file")
        with pytest.raises(FormatError):
            Editor(tmp_path / name)
