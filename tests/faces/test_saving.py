"""keras.saving and the methods of models of Keras's face: what is saved comes back, in the same face, and training goes on."""

import asyncio

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError, StorageError, TfError

X = np.random.default_rng(4).normal(size=(16, 3)).astype("float32")
Y = X.sum(1, keepdims=True)


def trained(optimizer="adam"):
    layers = keras.layers
    model = keras.Sequential([keras.Input((3,)), layers.Dense(4, activation="relu"), layers.Dense(1)])
    model.compile(optimizer=optimizer, loss="mse", metrics=["mae"])
    model.fit(X, Y, epochs=2, verbose=0)
    return model


def graph():
    x = keras.Input((3,))
    return keras.Model(x, keras.layers.Dense(2)(keras.layers.Dense(4)(x)))


def values(model):
    return [np.asarray(each) for each in model.get_weights()]


def assert_same_weights(a, b):
    for one, other in zip(values(a), values(b), strict=True):
        np.testing.assert_array_equal(one, other)


OPTIMIZERS = {
    "adam": lambda o: o.Adam(0.01), "amsgrad": lambda o: o.Adam(amsgrad=True), "sgd": lambda o: o.SGD(0.1, momentum=0.9),
    "ema": lambda o: o.SGD(use_ema=True),
    "rms": lambda o: o.RMSprop(0.01, momentum=0.5, centered=True), "adamw": lambda o: o.AdamW(),
    "adagrad": lambda o: o.Adagrad(), "nadam": lambda o: o.Nadam(),
    "ftrl": lambda o: o.Ftrl(), "adadelta": lambda o: o.Adadelta(),
    "adamax": lambda o: o.Adamax(), "lion": lambda o: o.Lion(),
    "schedule": lambda o: o.Adam(o.schedules.ExponentialDecay(0.01, 10, 0.5)),
}  # fmt: skip


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on_where_it_was(name, tmp_path):
    model = trained(OPTIMIZERS[name](keras.optimizers))
    model.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    assert type(again) is keras.Sequential
    assert type(again.optimizer) is type(model.optimizer)
    assert again.optimizer.iterations == 2
    histories = [each.fit(X, Y, epochs=2, shuffle=False, verbose=0).history for each in (model, again)]
    for key, expected in histories[0].items():
        np.testing.assert_allclose(histories[1][key], expected, rtol=1e-5)
    for one, other in zip(values(model), values(again), strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("make", [trained, graph])
def test_models_come_back_in_this_face(make, tmp_path):
    model = make()
    keras.saving.save_model(model, str(tmp_path / "model.keras"))
    again = keras.models.load_model(str(tmp_path / "model.keras"), compile=False)
    assert type(again) is type(model)
    assert again.optimizer is None
    assert_same_weights(model, again)


@pytest.mark.parametrize("ending", [".weights.h5", ".keras"])
def test_weights_alone(ending, tmp_path):
    model, other = graph(), graph()
    path = tmp_path / f"w{ending}"
    (model.save_weights if ending == ".weights.h5" else model.save)(path)
    keras.saving.load_weights(other, path)
    assert_same_weights(model, other)
    x = keras.Input((3,))
    wider = keras.Model(x, keras.layers.Dense(5)(keras.layers.Dense(4)(x)))
    with pytest.raises(TfError):
        wider.load_weights(path)


def test_places_that_are_refused(tmp_path):
    model, path = trained(), tmp_path / "m.keras"
    model.save(path)
    for message, call in {
        "overwrite is False": lambda: model.save(path, overwrite=False),
        "expected a path of a whole model": lambda: model.save(tmp_path / "m.weights.h5"),
        "expected zipped": lambda: model.save(path, zipped=False),
        r"ends in '\.weights\.h5'": lambda: model.save_weights(tmp_path / "m.h5"),
        "max_shard_size": lambda: model.save_weights(tmp_path / "m.weights.h5", max_shard_size=1),
        "expected format 'tfjs'": lambda: model.export(tmp_path / "m", format="onnx"),
    }.items():
        with pytest.raises(ArgumentError, match=message):
            call()
    with pytest.raises(StorageError):
        keras.saving.load_model(tmp_path / "nothing.keras")
    assert [each.name for each in tmp_path.iterdir()] == ["m.keras"]


def test_export_writes_what_tensorflow_js_loads(tmp_path):
    import tfjs_pyo as tf

    model = trained()
    model.export(tmp_path / "web")
    assert (tmp_path / "web" / "model.json").exists()
    loaded = asyncio.run(tf.loadLayersModel(str(tmp_path / "web")))
    np.testing.assert_allclose(
        loaded.predict(tf.tensor(X)).numpy(), np.asarray(model.predict(X, verbose=0)), rtol=1e-6
    )


def test_saving_within_a_running_loop(tmp_path):
    async def main():
        model = trained_before
        model.save(tmp_path / "m.keras")
        return keras.saving.load_model(tmp_path / "m.keras")

    trained_before = trained()
    assert_same_weights(trained_before, asyncio.run(main()))


# Names


def twice(x):
    return 2 * x


def using(function):
    return keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation=function)])


def test_functions_by_scope(tmp_path):
    model = using(twice)
    model.save(tmp_path / "m.keras")
    with pytest.raises(OptionError):
        keras.saving.load_model(tmp_path / "m.keras")
    with keras.saving.custom_object_scope({"twice": twice}):
        assert_same_weights(model, keras.saving.load_model(tmp_path / "m.keras"))
    assert "twice" not in keras.saving.get_custom_objects()
    keras.saving.get_custom_objects()["twice"] = twice
    keras.saving.load_model(tmp_path / "m.keras")
    del keras.saving.get_custom_objects()["twice"]
    keras.saving.load_model(tmp_path / "m.keras", custom_objects={"twice": twice})


def test_what_is_registered_is_found(tmp_path):
    @keras.saving.register_keras_serializable(package="mine")
    def thrice(x):
        return 3 * x

    @keras.saving.register_keras_serializable("mine")
    class Scale(keras.layers.Layer):
        def call(self, inputs):
            return inputs * 2

    assert keras.saving.get_registered_name(thrice) == "mine>thrice"
    assert keras.saving.get_registered_object("mine>thrice") is thrice
    assert keras.saving.get_registered_name(Scale) == "mine>Scale"
    assert keras.saving.get_registered_object("mine>Scale") is Scale
    assert keras.saving.get_registered_object("mine>nothing") is None
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, activation=thrice), Scale()])
    model.save(tmp_path / "m.keras")
    again = keras.saving.load_model(tmp_path / "m.keras")
    assert type(again.layers[-1]) is Scale
    assert_same_weights(model, again)


def test_what_is_registered_anew_is_what_a_file_gets(tmp_path):
    """As where the cell of a notebook that defines it is changed and runs again."""
    for factor in (2.0, 5.0):

        @keras.saving.register_keras_serializable("mine")
        def times(x, factor=factor):
            return factor * x

        @keras.saving.register_keras_serializable("mine")
        class Added(keras.layers.Layer):
            amount = factor

            def call(self, inputs):
                return inputs + self.amount

        if factor == 2.0:
            ones = keras.layers.Dense(1, activation=times, kernel_initializer="ones")
            model = keras.Sequential([keras.Input((1,)), ones, Added()])
            for name in ("m.keras", "m.h5"):
                model.save(tmp_path / name)
    for name in ("m.keras", "m.h5"):
        found = keras.saving.load_model(tmp_path / name)
        assert float(found.predict(np.ones((1, 1)), verbose=0)[0, 0]) == 10.0, name


def test_a_scope_ends_with_an_error():
    @keras.saving.CustomObjectScope({"a": twice})
    def fails():
        with keras.saving.CustomObjectScope({"b": twice}):
            met.update(keras.saving.get_custom_objects())
            return 1 / 0

    met = {}
    with pytest.raises(ZeroDivisionError):
        fails()
    assert met == {"a": twice, "b": twice}
    assert keras.saving.get_custom_objects() == {}


@pytest.mark.parametrize(
    "make",
    [lambda: keras.layers.Dense(3, activation="relu"), lambda: keras.initializers.RandomNormal(stddev=0.5),
     lambda: keras.regularizers.L1L2(0.25, 0.5),
     lambda: keras.optimizers.Adam(0.125), lambda: keras.losses.Huber(), lambda: keras.metrics.MeanSquaredError(name="m"),
     lambda: keras.constraints.UnitNorm(axis=0), lambda: keras.optimizers.schedules.ExponentialDecay(0.5, 2, 0.5), graph],
)  # fmt: skip
def test_objects_as_json(make):
    made = make()
    told = keras.saving.serialize_keras_object(made)
    again = keras.saving.deserialize_keras_object(told)
    assert type(again).__name__ == type(made).__name__
    assert keras.saving.serialize_keras_object(again)["config"] == told["config"]


def test_values_as_json():
    given = {"a": (1, [2.5, None, "x"]), "b": np.array([[1.0, 2.0]], np.float32), "c": True}
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(given))
    assert (again["a"], again["c"]) == ([1, [2.5, None, "x"]], True)  # JSON has no tuples
    np.testing.assert_array_equal(again["b"], given["b"])
    told = keras.saving.serialize_keras_object(twice)
    assert keras.saving.deserialize_keras_object(told, {"twice": twice}) is twice
    with pytest.raises(OptionError, match="no function 'twice'"):
        keras.saving.deserialize_keras_object(told)
    with pytest.raises(FormatError, match="the code of a function cannot be read"):
        keras.saving.deserialize_keras_object(
            {"class_name": "__lambda__", "config": {"value": "..."}}, safe_mode=False
        )
    with pytest.raises(OptionError, match="received object"):
        keras.saving.serialize_keras_object(object())


@pytest.mark.parametrize("make", [trained, graph])
def test_clones_have_weights_of_their_own(make):
    model = make()
    again = keras.models.clone_model(model)
    assert type(again) is type(model)
    assert [each.shape for each in values(again)] == [each.shape for each in values(model)]
    assert not any(a is b for a, b in zip(model.weights, again.weights, strict=True))
    shared = keras.models.clone_model(model, clone_function=lambda layer: layer)
    assert all(a is b for a, b in zip(model.weights, shared.weights, strict=True))
