"""`clone_model` with all of its arguments, as Keras 3.15 has them; and weights of files that fit in part."""

import numpy as np
import pytest

from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, ShapeError

L = keras.layers
X = np.ones((1, 3), "float32")


def graph():
    inputs = keras.Input((3,))
    hidden = L.Dense(4, activation="relu", name="hidden")(inputs)
    return keras.Model(inputs, L.Dense(2, name="last")(hidden * 2 + hidden))


def again(layer):
    return type(layer).from_config(layer.get_config())


def test_a_clone_has_layers_of_its_own_and_is_compiled():
    model = graph()
    model.compile("adam", "mse", metrics=["mae"])
    clone = keras.models.clone_model(model)
    assert type(clone) is type(model)
    assert clone.compiled
    assert clone.get_layer("hidden") is not model.get_layer("hidden")
    clone.set_weights(model.get_weights())
    np.testing.assert_array_equal(clone.predict(X, verbose=0), model.predict(X, verbose=0))


def test_a_function_gives_the_layers_of_a_clone():
    clone = keras.models.clone_model(
        graph(),
        clone_function=lambda layer: L.Dense(7, name="hidden") if layer.name == "hidden" else again(layer),
    )
    assert clone.get_layer("hidden").units == 7
    assert clone.predict(X, verbose=0).shape == (1, 2)


def test_a_function_calls_the_layers_of_a_clone():
    model = graph()

    def call(layer, *args, **kwargs):
        outputs = layer(*args, **kwargs)
        return L.Dropout(0.5)(outputs) if isinstance(layer, L.Dense) else outputs

    clone = keras.models.clone_model(model, clone_function=lambda layer: layer, call_function=call)
    assert clone.get_layer("hidden") is model.get_layer("hidden")
    assert sum(isinstance(layer, L.Dropout) for layer in clone.layers) == 2


def test_input_tensors_begin_a_clone():
    given = keras.Input((3,))
    assert keras.models.clone_model(graph(), input_tensors=given).inputs[0] is given
    stack = keras.models.clone_model(keras.Sequential([keras.Input((3,)), L.Dense(2)]), input_tensors=[given])
    assert stack.predict(X, verbose=0).shape == (1, 2)
    with pytest.raises(ArgumentError, match="expected input_tensors to be 1 symbolic tensors"):
        keras.models.clone_model(graph(), input_tensors=[given, given])


@pytest.mark.parametrize(("recursive", "count"), [(False, 2), (True, 3)])
def test_models_within_models_are_cloned_as_asked(recursive, count):
    inner = keras.Sequential([keras.Input((3,)), L.Dense(2), L.Dense(3)])
    asked = []

    def noted(layer):
        asked.append(layer)
        return again(layer)

    clone = keras.models.clone_model(
        keras.Sequential([keras.Input((3,)), inner, L.Dense(1)]), clone_function=noted, recursive=recursive
    )
    assert len(asked) == count
    assert clone.predict(X, verbose=0).shape == (1, 1)


def test_other_models_are_made_of_their_configs_only():
    class Own(keras.Model):
        def __init__(self, units=2, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.dense = L.Dense(units)

        def call(self, x):
            return self.dense(x)

    clone = keras.models.clone_model(Own(5))
    assert (type(clone), clone.units) == (Own, 5)
    with pytest.raises(ArgumentError, match="no graph and no stack of layers, such as Own"):
        keras.models.clone_model(Own(5), clone_function=again)
    with pytest.raises(ArgumentError, match="call_function"):
        keras.models.clone_model(keras.Sequential([L.Dense(1)]), call_function=lambda layer, x: layer(x))


@pytest.mark.filterwarnings("ignore:.*a weight of another shape than .2., that of")
@pytest.mark.parametrize("name", ["m.weights.h5", "m.keras", "m.h5"])
def test_weights_of_other_shapes_are_left_as_they_are(tmp_path, name):
    def model(units):
        return keras.Sequential([keras.Input((3,)), L.Dense(4), L.Dense(units)])

    saved, other = model(2), model(5)
    (saved.save_weights if "weights" in name else saved.save)(tmp_path / name)
    before = other.get_weights()
    with pytest.raises(ShapeError, match=r"expected shape \[4, 5\].* received \[4, 2\]"):
        other.load_weights(tmp_path / name)
    for a, b in zip(other.get_weights(), before, strict=True):
        np.testing.assert_array_equal(a, b)
    with pytest.warns(UserWarning, match=r"a weight of another shape than \[4, 2\]"):
        other.load_weights(tmp_path / name, skip_mismatch=True)
    for a, b in zip(other.get_weights(), [*saved.get_weights()[:2], *before[2:]], strict=True):
        np.testing.assert_array_equal(a, b)


def test_weights_go_by_the_names_of_layers_where_asked(tmp_path):
    saved = keras.Sequential([keras.Input((3,)), L.Dense(3, name="a"), L.Dense(3, name="b")])
    other = keras.Sequential([keras.Input((3,)), L.Dense(3, name="b"), L.Dense(3, name="c")])
    saved.save(tmp_path / "m.h5")
    before = other.get_weights()
    other.load_weights(tmp_path / "m.h5", by_name=True)
    for a, b in zip(other.get_weights(), [*saved.get_weights()[2:], *before[2:]], strict=True):
        np.testing.assert_array_equal(a, b)
