"""What Keras 3 keeps in files besides plain layers is read and written here: recorded by record_objects.py, both ways.

Of what is saved here, Keras opened the configs that are compared with; where one changes, it has to open that anew.
"""

import base64
import json
import zipfile
import zlib

import numpy as np
import pytest

from tests.io.objects_in_files import NAMES, compiled, flat, inputs_of, models, of, with_weights
from tests.io.recorded import FOLDER
from tests.io.test_keras_opening import form
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, FormatError

RECORDS = json.loads((FOLDER / "objects.json").read_text(encoding="utf-8"))
X, Y = np.linspace(-1, 1, 12, dtype="float32").reshape(4, 3), np.ones((4, 2), "float32")


@pytest.fixture
def kinds():
    return of(keras)


def written(content, path):
    path.write_bytes(zlib.decompress(base64.b64decode(content)))
    return path


def config_of(path):
    with zipfile.ZipFile(path) as archive:
        return json.loads(archive.read("config.json"))


def without_code(value):
    """A config without the code in it, which other versions of Python write otherwise."""
    if isinstance(value, dict):
        return {key: "code" if key == "code" else without_code(item) for key, item in value.items()}
    return [without_code(item) for item in value] if isinstance(value, list) else value


def agree(model, record):
    found = flat(model.predict(inputs_of(model), verbose=0))
    for a, b in zip(found, record["outputs"], strict=True):
        np.testing.assert_allclose(a, np.array(b, "float32").reshape(a.shape), rtol=1e-4, atol=1e-5)


WITHOUT_CODE = [name for name in NAMES if name != "lambdas"]
"""Code in files is for one version of Python."""


@pytest.mark.parametrize("name", WITHOUT_CODE)
def test_what_keras_saved_is_read(kinds, tmp_path, name):
    record = RECORDS["models"][name]
    agree(keras.saving.load_model(written(record["file"], tmp_path / "m.keras")), record)


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("name", NAMES)
def test_what_is_saved_is_read_again(kinds, tmp_path, name, ending):
    record, path = RECORDS["models"][name], tmp_path / f"m{ending}"
    model = with_weights(models(keras, kinds)[name]())
    agree(model, record)
    if ending == ".h5" and name in ("blocks", "own_compile"):
        with pytest.raises(ArgumentError, match="expected a graph or a stack of layers"):
            model.save(path)
        return
    model.save(path)
    if ending == ".keras":
        assert without_code(form(config_of(path))) == without_code(form(record["opened"]))
    if ending == ".keras" or name != "own_files":
        agree(keras.saving.load_model(path, safe_mode=False), record)


IN_FOLDERS = [
    name for name in NAMES if name not in ("lambdas", "own_files", "own_variables", "told", "own_compile")
]
"""What TensorFlow.js's form can hold, with structures as Keras 2 writes them."""


@pytest.mark.parametrize("name", IN_FOLDERS)
def test_what_is_saved_to_a_folder_is_read_again(kinds, tmp_path, name):
    model = with_weights(models(keras, kinds)[name]())
    model.save(tmp_path / "m")
    agree(keras.saving.load_model(tmp_path / "m"), RECORDS["models"][name])
    if name != "blocks":
        again = keras.models.model_from_json(model.to_json())
        again.set_weights(model.get_weights())
        agree(again, RECORDS["models"][name])


def test_initializers_and_their_kin_of_users(tmp_path):
    register = keras.saving.register_keras_serializable("theirs")

    @register
    class Filled(keras.initializers.Initializer):
        def __init__(self, value=1.0):
            self.value = value

        def __call__(self, shape, dtype=None, **_others):
            return keras.ops.full(shape, self.value, dtype)

        def get_config(self):
            return {"value": self.value}

    @register
    class Summed(keras.regularizers.Regularizer):
        def __call__(self, x):
            return 0.1 * keras.ops.sum(x)

        def get_config(self):
            return {}

    @register
    class Free(keras.constraints.Constraint):
        def __call__(self, w):
            return w

    @register
    class Falling(keras.optimizers.schedules.LearningRateSchedule):
        def __init__(self, rate=0.1):
            self.rate = rate

        def __call__(self, step):
            return self.rate / (1 + keras.ops.cast(step, "float32"))

        def get_config(self):
            return {"rate": self.rate}

    dense = keras.layers.Dense(
        2, kernel_initializer=Filled(3.0), kernel_regularizer=Summed(), bias_constraint=Free()
    )
    model = keras.Sequential([keras.Input((3,)), dense])
    model.compile(keras.optimizers.SGD(Falling(0.5)), "mse")
    for ending in (".keras", ".h5"):
        model.save(tmp_path / f"m{ending}")
        again = keras.saving.load_model(tmp_path / f"m{ending}")
        layer = again.layers[0]
        kinds = [
            type(each) for each in (layer.kernel_initializer, layer.kernel_regularizer, layer.bias_constraint)
        ]
        assert kinds == [Filled, Summed, Free]
        assert layer.kernel_initializer.value == 3.0
        rate = again.get_compile_config()["optimizer"]["config"]["learning_rate"]
        assert (rate["class_name"], rate["config"]) == ("Falling", {"rate": 0.5})


@pytest.mark.parametrize("ending", [".keras", ".h5"])
@pytest.mark.parametrize("name", sorted(RECORDS["training"]))
def test_training_goes_on_where_it_was(kinds, tmp_path, name, ending):
    record = RECORDS["training"][name]
    theirs = keras.saving.load_model(written(record[ending], tmp_path / f"a{ending}"))
    ours = with_weights(keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]))
    ours.compile(**compiled(keras, kinds)[name]())
    ours.fit(X, Y, batch_size=2, epochs=2, shuffle=False, verbose=0)
    ours.save(tmp_path / f"b{ending}")
    ours = keras.saving.load_model(tmp_path / f"b{ending}")
    for model in (theirs, ours):
        assert model.compiled
        model.fit(X, Y, batch_size=2, epochs=2, shuffle=False, verbose=0)
        for a, b in zip(model.get_weights(), record["weights"], strict=True):
            np.testing.assert_allclose(a, np.array(b), rtol=1e-4, atol=1e-5)


def test_a_class_compiles_in_its_own_way(kinds, tmp_path):
    model = kinds.OwnCompile(1)
    model.compile(keras.optimizers.SGD(0.25), own_factor=7.0, loss="mse")
    model.fit(X, Y[:, :1], verbose=0)
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    assert (again.own_factor, float(again.optimizer.learning_rate)) == (7.0, 0.25)
    assert not keras.saving.load_model(tmp_path / "m.keras", compile=False).compiled


def test_code_runs_only_where_it_is_allowed(tmp_path, monkeypatch):
    around = 3.0
    model = keras.Sequential(
        [
            keras.Input((2,)),
            keras.layers.Lambda(lambda x, k=2.0: x * k + around, output_shape=lambda shape: shape),
        ]
    )
    x = np.ones((1, 2), "float32")
    for ending in (".keras", ".h5"):
        model.save(tmp_path / f"m{ending}")
        with pytest.raises(FormatError, match=r"holds Python code, which is not run; .*safe_mode=False"):
            keras.saving.load_model(tmp_path / f"m{ending}")
        again = keras.saving.load_model(tmp_path / f"m{ending}", safe_mode=False)
        np.testing.assert_array_equal(again.predict(x, verbose=0), [[5.0, 5.0]])
    monkeypatch.setattr("tfjs_pyo.keras.config._Settings.safe_mode", True)
    keras.config.enable_unsafe_deserialization()
    assert keras.saving.load_model(tmp_path / "m.keras").built
    given = {model.layers[0].name: lambda x: x - 1}
    replaced = keras.saving.load_model(tmp_path / "m.keras", custom_objects=given, safe_mode=False)
    np.testing.assert_array_equal(replaced.predict(x, verbose=0), [[0.0, 0.0]])


@pytest.mark.parametrize("code", ["", "AAAA", "!!", 5, None])
def test_code_that_is_none_is_refused(code):
    told = {"class_name": "__lambda__", "config": {"code": code, "defaults": None, "closure": None}}
    with pytest.raises(FormatError, match="code of a function cannot be read"):
        keras.saving.deserialize_keras_object(told, safe_mode=False)


def test_functions_and_classes_go_by_names_scopes_and_custom_objects(tmp_path):
    def cubed(x):
        return x * x * x

    class Plus(keras.layers.Layer):
        def call(self, x):
            return x + 1

    model = keras.Sequential([keras.Input((2,)), Plus(), keras.layers.Activation(cubed)])
    model.save(tmp_path / "m.keras")
    x = np.ones((1, 2), "float32")
    given = {"cubed": cubed, "Plus": Plus}
    with keras.saving.custom_object_scope(given):
        scoped = keras.saving.load_model(tmp_path / "m.keras")
    told = keras.saving.load_model(tmp_path / "m.keras", custom_objects=given)
    for each in (scoped, told):
        np.testing.assert_array_equal(each.predict(x, verbose=0), [[8.0, 8.0]])
