"""Writes converter.json: what tensorflowjs's converter makes of models of Keras 2, Keras 3 and TensorFlow, and what they predict.

pip install tensorflow-cpu tf_keras; pip install --no-deps tensorflowjs tensorflow-hub
python -m tests.io.record_converter
"""

import base64
import importlib
import json
import sys
import tempfile
import types
from pathlib import Path

import numpy as np

from tests.io.record_keras import filled, shaped

ABSENT = ("tensorflow_decision_forests", "jax", "jax.experimental", "jax.experimental.jax2tf")
"""What the converter imports and needs for other kinds of models only."""
SHARD = 200  # bytes, so that weights lie in several files


def recurrent(layers):
    return [
        layers.GRU(2, return_sequences=True, name="after"),
        layers.GRU(3, reset_after=False, return_sequences=True, name="before"),
        layers.Bidirectional(layers.LSTM(2, recurrent_activation="hard_sigmoid"), name="both"),
        layers.Dense(2),
    ]


def images(layers):
    return [
        layers.Conv2D(3, 3, padding="same", activation="elu"),
        layers.BatchNormalization(),
        layers.SeparableConv2D(2, 2),
        layers.DepthwiseConv2D(2),
        layers.LeakyReLU(),
        layers.ZeroPadding2D(((1, 0), (0, 2))),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(4, activation="softmax", kernel_regularizer="l2"),
    ]


def graph(library):
    a, b = library.Input((3,), name="a"), library.Input((3,), name="b")
    shared = library.layers.Dense(2, name="shared", activation="tanh")
    within = library.Input((2,), name="within")
    nested = library.Model(within, library.layers.Dense(2, name="deep")(within), name="nested")
    joined = library.layers.Concatenate(name="joined")([nested(shared(a)), nested(shared(b))])
    return library.Model([a, b], [library.layers.Dense(3, name="last")(joined), joined], name="whole")


def attended(library):
    steps, small = library.Input((4, 3), name="steps"), library.Input((3,), name="small")
    layers = library.layers
    outputs = [
        layers.MultiHeadAttention(2, 3, value_dim=2, name="heads")(steps, steps),
        layers.Attention(use_scale=True)([steps, steps]),
        layers.Subtract()([layers.Dense(3, name="inner")(small), small]),
    ]
    return library.Model([steps, small], outputs)


def pixels(layers):
    return [
        layers.UpSampling2D(2, interpolation="bilinear"),
        layers.Resizing(5, 4),
        layers.Rescaling(2.0),
        layers.CenterCrop(3, 3),
        layers.CenterCrop(4, 2),
        layers.Dense(2),
    ]


def stack(library, shape, layers):
    return library.Sequential([library.layers.InputLayer(shape), *layers(library.layers)])


MODELS = {
    "recurrent": lambda library: stack(library, (4, 3), recurrent),
    "images": lambda library: stack(library, (6, 6, 2), images),
    "graph": graph,
    "attended": attended,
    "pixels": lambda library: stack(library, (6, 6, 2), pixels),
}


def files(folder):
    return {path.name: base64.b64encode(path.read_bytes()).decode() for path in sorted(folder.iterdir())}


def answers(model):
    inputs = [filled((2, *t.shape[1:]), 90 + i) for i, t in enumerate(model.inputs)]
    outputs = model.predict(inputs if len(inputs) > 1 else inputs[0], verbose=0)
    outputs = outputs if isinstance(outputs, list) else [outputs]
    return {"inputs": [shaped(x) for x in inputs], "outputs": [shaped(y) for y in outputs]}


def converter(name):
    """A module of the converter."""
    importlib.import_module("keras")  # it looks for JAX itself, which must not find what stands in for it
    for absent in ABSENT:
        sys.modules.setdefault(absent, types.ModuleType(absent))
    return importlib.import_module(f"tensorflowjs.converters.{name}")


def converted(path, quantized=None):
    """The files that the converter makes of a file of Keras's."""
    kind = "keras_keras" if path.suffix == ".keras" else "keras_h5"
    convert = getattr(converter("converter"), f"dispatch_{kind}_to_tfjs_layers_model_conversion")
    target = path.parent / f"of {path.name} {quantized}"
    convert(str(path), str(target), {quantized: "*"} if quantized else None, weight_shard_size_bytes=SHARD)
    return files(target)


def of_keras(folder):
    import keras
    import tf_keras

    records = {}
    for version, library in (("keras2", tf_keras), ("keras3", keras)):
        for name, make in MODELS.items():
            library.backend.clear_session()
            model = make(library)
            model.set_weights([np.abs(filled(w.shape, i + 1)) for i, w in enumerate(model.weights)])
            told = answers(model)
            model.compile("adam", "mse")
            for form in (".h5", ".keras"):
                path = folder / f"{version}-{name}{form}"
                model.save(path)
                record = records[f"{version} {name} {form}"] = {**told, "files": converted(path)}
                if version == "keras2":
                    record["source"] = base64.b64encode(path.read_bytes()).decode()
                if (version, name, form) == ("keras2", "images", ".h5"):
                    for quantized in ("uint8", "uint16", "float16"):
                        files_of = converted(path, quantized)
                        records[f"{version} {name} {quantized}"] = {**told, "files": files_of}
    return records


def program():
    """Loops, branches, a list of tensors and a recurrent layer, as TensorFlow's own functions."""
    import tensorflow as tf
    import tf_keras

    module = tf.Module()
    module.kernel = tf.Variable(filled((3, 3), 1), name="kernel")
    module.cell = tf_keras.layers.LSTM(2)
    module.cell.build((None, 4, 3))
    module.cell.set_weights([filled(w.shape, i + 2) for i, w in enumerate(module.cell.weights)])

    @tf.function(input_signature=[tf.TensorSpec([2, 4, 3], tf.float32, name="x")])
    def call(x):
        total, steps = tf.reduce_sum(x, 1), tf.constant(0)
        while steps < 5 and tf.reduce_sum(total) < 40.0:
            total = tf.nn.relu(tf.matmul(total, module.kernel)) + 1.0
            steps += 1
        kept = tf.TensorArray(tf.float32, 3)
        for i in tf.range(3):
            kept = kept.write(i, total * tf.cast(i, tf.float32))
        if tf.reduce_mean(x) > 0.0:  # noqa: SIM108 (the statement becomes a branch of the graph)
            sign = total
        else:
            sign = -total
        return {"total": total, "steps": steps, "kept": kept.stack(), "sign": sign, "state": module.cell(x)}

    module.call = call
    return module


def of_tensorflow(folder):
    import tensorflow as tf

    saved_models = converter("tf_saved_model_conversion_v2")
    module = program()
    x = filled((2, 4, 3), 90)
    outputs = {name: np.asarray(value, np.float32) for name, value in module.call(tf.constant(x)).items()}
    tf.saved_model.save(module, str(folder / "program"))
    records = {}
    for version in (1, 2):
        target = folder / f"control flow {version}"
        saved_models.convert_tf_saved_model(
            str(folder / "program"),
            str(target),
            control_flow_v2=version == 2,
            use_structured_outputs_names=True,
            weight_shard_size_bytes=SHARD,
        )
        told = {name: shaped(value) for name, value in outputs.items()}
        records[f"control flow {version}"] = {"inputs": [shaped(x)], "named": told, "files": files(target)}
    return records


def main():
    with tempfile.TemporaryDirectory() as name:
        records = {"layers": of_keras(Path(name)), "graphs": of_tensorflow(Path(name))}
    Path(__file__).with_name("converter.json").write_text(json.dumps(records), encoding="utf-8")


if __name__ == "__main__":
    main()
