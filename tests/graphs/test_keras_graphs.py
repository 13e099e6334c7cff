"""Drawn graphs in Keras 3's files, both ways, as record_keras_graphs.py noted it: places decide, whatever names say."""

import asyncio
import base64
import io
import json
import random
import warnings
import zipfile
import zlib

import h5py
import numpy as np
import pytest

import tfjs_pyo as tf
from tests.graphs.drawn import FOLDER, Drawn, inputs_of, outputs_of, records
from tests.graphs.record_keras_graphs import places
from tests.io.recorded import arrays
from tfjs_pyo.models.keras_files.places import keras_places

KERAS = json.loads((FOLDER / "graphs_by_keras.json").read_text(encoding="utf-8"))["records"]
NUMBERS = sorted(KERAS, key=int)


def graph(number):
    return records()[int(number)]["graph"]


def file_of(number, form):
    return zlib.decompress(base64.b64decode(KERAS[number]["files"][form]))


def without_names(content, rename=None):
    """A `.keras` or HDF5 file without the names of layers that groups have, or with others in their places."""
    if content[:2] == b"PK":
        result = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(result, "w") as new:
            for name in old.namelist():
                data = old.read(name)
                new.writestr(name, without_names(data, rename) if name.endswith(".h5") else data)
        return result.getvalue()
    held = io.BytesIO(content)
    with h5py.File(held, "r+") as file:
        groups = []
        file.visititems(lambda _, item: groups.append(item) if "name" in item.attrs else None)
        names = [group.attrs["name"] for group in groups]
        for group, name in zip(groups, rename(names) if rename else names, strict=True):
            del group.attrs["name"]
            if rename:
                group.attrs["name"] = name
    return held.getvalue()


def load(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return asyncio.run(tf.loadLayersModel(path))


def agree(model, number):
    found = outputs_of(model.predict(inputs_of(graph(number))))
    for a, b in zip(found, arrays(KERAS[number]["outputs"]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)


def renamed(described, stream):
    """A description whose layers have the names of one another."""
    names = []

    def collect(item):
        if isinstance(item, dict):
            if "name" in item:
                names.append(item["name"])
            for each in item.values():
                collect(each)
        elif isinstance(item, list):
            for each in item:
                collect(each)

    def replaced(item):
        if isinstance(item, list):
            return [replaced(each) for each in item]
        if not isinstance(item, dict):
            return item
        changed = {key: replaced(each) for key, each in item.items()}
        return {**changed, "name": swapped[item["name"]]} if "name" in item else changed

    collect(described)
    swapped = dict(zip(names, stream.sample(names, len(names)), strict=True))
    return replaced(described)


@pytest.mark.parametrize("number", NUMBERS)
def test_layers_are_in_the_order_of_keras(number):
    drawn = Drawn(graph(number), tf.keras)
    assert {name: drawn.order(model) for name, model in drawn.models()} == KERAS[number]["layers"]


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("names", ["names", "no names", "other names"])
def test_models(tmp_path, number, names):
    content = file_of(number, ".keras")
    if names != "names":
        stream = random.Random(int(number))
        rename = (lambda given: stream.sample(given, len(given))) if names == "other names" else None
        content = without_names(content, rename)
    agree(load(tmp_path, "model.keras", content), number)


@pytest.mark.parametrize("number", NUMBERS)
def test_models_in_hdf5(tmp_path, number):
    agree(load(tmp_path, "model.h5", file_of(number, ".h5")), number)


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("form", [".keras", ".weights.h5", ".h5"])
@pytest.mark.parametrize("names", ["its names", "made-up names", "names of one another"])
def test_weights_for_a_model_made_by_code(number, form, names, tmp_path):
    described = graph(number)
    if names == "names of one another":
        described = renamed(described, random.Random(int(number)))
    drawn = Drawn(described, tf.keras, unnamed=names == "made-up names")
    path = tmp_path / f"model{form}"
    path.write_bytes(file_of(number, form))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn.model.load_weights(path)
    agree(drawn.model, number)


@pytest.mark.parametrize("number", NUMBERS)
def test_weights_of_keras_models_are_in_the_order_of_keras(number):
    drawn = Drawn(graph(number), tf.keras)
    drawn.fill()
    found = [(list(w.shape), float(w.ravel()[0])) for w in drawn.model.get_weights()]
    expected = KERAS[number]["weights"]
    assert [shape for shape, _ in found] == [each["shape"] for each in expected]
    np.testing.assert_allclose([first for _, first in found], [each["first"] for each in expected], rtol=1e-5)


def two_layers(first, second):
    """A model of two layers, which have these names."""
    x = tf.keras.Input((3,))
    dense = [tf.keras.layers.Dense(3, name=name) for name in (first, second)]
    return tf.keras.Model(x, dense[1](dense[0](x)))


def write_layers(path, names):
    """Writes a file as Keras does, with the weights of two layers."""
    form = "".join(path.suffixes)
    layers = dict(zip(names, [(0.5, 1.5), (2.5, 3.5)], strict=True))
    with h5py.File(path, "w") as file:
        if form == ".h5":
            file.attrs["layer_names"] = list(layers)
        for number, (name, values) in enumerate(layers.items()):
            group = file.create_group(name if form == ".h5" else f"layers/dense{f'_{number}' * number}/vars")
            group.attrs["name"] = name
            group.attrs["weight_names"] = [f"{name}/kernel", f"{name}/bias"]
            for place, (value, shape) in enumerate(zip(values, [(3, 3), (3,)], strict=True)):
                group[f"{name}/{('kernel', 'bias')[place]}" if form == ".h5" else str(place)] = np.full(
                    shape, value
                )


@pytest.mark.parametrize("form", [".weights.h5", ".h5"])
def test_names_that_say_otherwise_are_told(form, tmp_path):
    model, path = two_layers("second", "first"), tmp_path / f"model{form}"
    write_layers(path, ["first", "second"])
    with pytest.warns(
        UserWarning, match="names of layers in the file are those of other layers here.*'first' to 'second'"
    ):
        model.load_weights(path)
    assert [w.ravel()[0] for w in model.get_weights()] == [0.5, 1.5, 2.5, 3.5]


@pytest.mark.parametrize("form", [".weights.h5", ".h5"])
@pytest.mark.parametrize("names", [("dense_1", "dense"), ("dense_Dense2", "dense_Dense1"), (None, None)])
def test_names_that_were_made_up_say_nothing(names, form, tmp_path, recwarn):
    model, path = two_layers(*names), tmp_path / f"model{form}"
    write_layers(path, [layer.name for layer in reversed(model.layers[1:])])
    model.load_weights(path)
    assert [w.ravel()[0] for w in model.get_weights()] == [0.5, 1.5, 2.5, 3.5]
    assert not recwarn.list


class Block(tf.keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.z, self.a = tf.keras.layers.Dense(3), tf.keras.layers.BatchNormalization()
        self._p = tf.keras.layers.Dense(3)
        self.many = [tf.keras.layers.Dense(3), tf.keras.layers.Dense(3)]

    def build(self, input_shape):  # noqa: ARG002 (what layers take)
        self.second = self.add_weight("b", (3,), trainable=False)
        self.first = self.add_weight("a", (3,))

    def call(self, inputs):
        return self.many[1](self.many[0](self._p(self.a(self.z(inputs))))) + self.first


class Whole(tf.keras.Model):
    def __init__(self):
        super().__init__()
        self.zz, self.block = tf.keras.layers.Dense(3, name="zz"), Block()
        self.aa = tf.keras.layers.Dense(3, name="aa")
        self.lst = [tf.keras.layers.Dense(3), tf.keras.layers.Dense(3)]
        self._private = tf.keras.layers.Dense(3)

    def call(self, inputs):
        for layer in [self.zz, self.block, self.aa, *self.lst, self._private]:
            inputs = layer(inputs)
        return inputs


PLACES = {
    "aa/", "block/", "block/a/", "block/many/dense/", "block/many/dense_1/", "block/z/", "block/_p/", "layers/dense/",
    "layers/dense_2/", "layers/dense_3/", "layers/dense_4/",
}  # fmt: skip
"""Where Keras 3.15 keeps the weights of this model."""


def test_places_of_layers_in_attributes_are_those_of_keras():
    model = Whole()
    model(tf.ones([1, 3]))
    held = {
        place.path: [w.original_name.rpartition("/")[2] for w in place.weights]
        for place in keras_places(model)
        if place.weights
    }
    assert set(held) == PLACES
    assert held["block/"] == ["a", "b"]
    assert held["block/a/"] == ["gamma", "beta", "moving_mean", "moving_variance"]
    names = [w.original_name for w in model.weights]
    assert [name.partition("/")[0] for name in names[:2]] == ["zz", "zz"]
    assert names[2].endswith("/a")
    assert names[3].endswith("/b")


@pytest.mark.parametrize("number", NUMBERS)
def test_keras_reads_what_is_written_here(number, tmp_path):
    drawn = Drawn(graph(number), tf.keras, KERAS[number]["unnamed"])
    drawn.fill()
    drawn.model.save(tmp_path / "model.keras")
    read = KERAS[number]["read"]
    assert places(tmp_path / "model.keras") == pytest.approx(read["places"], abs=2e-6)
    found = outputs_of(drawn.model.predict(inputs_of(graph(number))))
    for a, b in zip(found, arrays(read["outputs"]), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-4, atol=1e-5)
