"""Writes applications.json: layers, weights and outputs of the models of keras.applications.

`pip install keras==3.15.1 jax` in an environment of its own, then
`KERAS_BACKEND=jax python -m tests.keras.applications.record [part ...]`. (NASNetMobile is not there with Keras's torch backend.)
"""

import gc
import inspect
import itertools
import json
import lzma
import re
import sys
from pathlib import Path

import h5py
import keras
import numpy as np
from keras.src.legacy.saving import legacy_h5_format

from tests.keras.applications import cases

FILES = Path(__file__).parent / "files"


def parameters(function):
    return [
        [p.name, *([] if p.default is p.empty else [p.default])]
        for p in inspect.signature(function).parameters.values()
    ]


def without_first_values():
    """Lets models of hundreds of millions of weights be made quickly: their values are not looked at."""
    for name in ("VarianceScaling", "GlorotUniform", "HeNormal"):
        kind = getattr(keras.initializers, name)
        kind.__call__ = lambda _self, shape, dtype=None, **_options: np.zeros(shape, dtype or "float32")


def files():
    """Writes weights in each form that Keras has, packed, and returns what the models give then."""
    FILES.mkdir(exist_ok=True)
    images = cases.image((32, 32, 3)).astype("float32") / 255
    found = {}

    def packed(name, write):
        path = FILES / name
        write(path)
        (FILES / f"{name}.xz").write_bytes(lzma.compress(path.read_bytes()))
        path.unlink()
        found[name] = value

    def in_old_form(path):
        with h5py.File(path, "w") as file:
            legacy_h5_format.save_weights_to_hdf5_group(file, model)

    for kind, (_, forms) in cases.FILES.items():
        keras.utils.clear_session()
        (
            keras.layers.Conv2D(1, 1),
            keras.layers.BatchNormalization(),
            keras.layers.ReLU(),
        )  # other made-up names
        made = getattr(keras.applications, kind)(**cases.file_options(kind))
        model = cases.with_made_up_weights(made, 251 if kind in cases.LARGE else None)
        value = model.predict(images, verbose=0).ravel()[:12].astype(float).tolist()
        writers = dict(zip(cases.FORMS, (model.save_weights, in_old_form, model.save), strict=True))
        for form in forms:
            packed(f"{kind}{form}", writers[form])
    return found


def imagenet():
    """The hashes of files of weights in Keras's source, by module."""
    found = {}
    for path in Path(keras.src.applications.__file__).parent.glob("*.py"):
        hashes = re.findall(r'"([0-9a-f]{32}|[0-9a-f]{64})"', path.read_text(encoding="utf-8"))
        if hashes and not path.stem.endswith(("_test", "_utils")):
            found[path.stem] = sorted(hashes)
    return found


def structure(case):
    gc.collect()
    return cases.structure(keras, *case)


def modules():
    found = {}
    for name in sorted(dir(keras.applications)):
        item = getattr(keras.applications, name)
        if inspect.ismodule(item) and not name.startswith("_"):
            functions = [f for f in sorted(dir(item)) if not f.startswith("_")]
            found[name] = {f: parameters(getattr(item, f)) for f in functions}
    return found


def models():
    return {
        name: parameters(item)
        for name in sorted(dir(keras.applications))
        if inspect.isfunction(item := getattr(keras.applications, name))
    }


def preprocessed():
    preprocess = keras.applications.imagenet_utils.preprocess_input
    return {
        cases.title(*case): np.ravel(
            preprocess(cases.preprocessed_image(*case[1:], "float32"), case[1], case[0])
        ).tolist()
        for case in itertools.product(("caffe", "tf", "torch"), (None, "channels_first"), (True, False))
    }


def by_module():
    found = {}
    for name in modules():
        if name != "imagenet_utils":
            image = cases.preprocessed_image(None, True, "float32")
            found[name] = np.ravel(getattr(keras.applications, name).preprocess_input(image)).tolist()
    return found


def outputs():
    return [cases.outputs(keras, *case) for case in cases.OUTPUTS]


def structures():
    without_first_values()
    return [structure(case) for case in cases.STRUCTURES]


PARTS = (models, modules, preprocessed, by_module, imagenet, files, outputs, structures)


def main(names):
    target = Path(__file__).with_name("applications.json")
    record = json.loads(target.read_text(encoding="utf-8")) if target.exists() else {}
    record["version"] = keras.__version__
    for part in PARTS:
        if not names or part.__name__ in names:
            record[part.__name__] = part()
    target.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
