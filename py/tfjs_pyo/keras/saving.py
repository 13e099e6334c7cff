"""`keras.saving`: models in files, objects as JSON, and classes of your own that are found by name."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Mapping
from typing import Any, Self, cast

from tfjs_pyo import naming, nests
from tfjs_pyo.core.blocking import wait
from tfjs_pyo.documenting import complete
from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.io.artifacts import Artifacts
from tfjs_pyo.io.handlers import handler_for, loaded
from tfjs_pyo.keras.cloning import clone_model
from tfjs_pyo.keras.config import in_safe_mode
from tfjs_pyo.keras.faces import with_faces
from tfjs_pyo.later import names_later
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.keras_files.objects import serialized
from tfjs_pyo.models.loading.load import model_of, revived, topology_of
from tfjs_pyo.models.loading.objects import deserialized
from tfjs_pyo.models.loading.reviving import Reviver
from tfjs_pyo.rules import check_public
from tfjs_pyo.serialization import (
    custom_objects,
    get_registered_name,
    register_keras_serializable,
    registered_object,
)


def load_model(
    filepath: Any,
    custom_objects: Mapping[str, Any] | None = None,
    compile: bool = True,
    safe_mode: bool = True,
) -> Model:
    """Returns a model with the weights that it was saved with, compiled as it was, with its optimizer's state.

    Args:
        filepath: of a `.keras` or `.h5` file; also what `tf.loadLayersModel` takes: a folder, a model.json, an address.
        custom_objects: classes and functions that the file names, by name.
        compile: whether the model is compiled as the file says.
        safe_mode: False to run code that the file holds, of Lambda layers without a named function. Do so only where you
            trust whoever made the file.

    Raises:
        FormatError: the file does not hold what it promises.
        StorageError: it cannot be read.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save(f"{folder}/model.keras")
        ...     again = keras.saving.load_model(f"{folder}/model.keras")
        >>> type(again) is keras.Sequential, bool((again.get_weights()[0] == model.get_weights()[0]).all())
        (True, True)

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
    """

    async def load() -> Any:
        artifacts = await loaded(handler_for(filepath, "load"), "load_model")
        told = artifacts.get("modelTopology")
        if isinstance(told, Mapping) and told.get("class_name") == "FeatureSpace":
            return _feature_space(artifacts, custom_objects)
        options = {"custom_objects": with_faces(custom_objects), "safe_mode": safe_mode and in_safe_mode()}
        return await model_of(artifacts, options, "load_model", compiled=compile)

    return cast("Model", wait(load()))


def _feature_space(artifacts: Artifacts, custom_objects: Mapping[str, Any] | None) -> Any:
    """Returns what `FeatureSpace.save` wrote."""
    files, spaces = (
        importlib.import_module(f"tfjs_pyo.keras.utils.{name}") for name in ("feature_files", "feature_space")
    )
    return files.space_of(artifacts, spaces.FeatureSpace, custom_objects)


def _require_model(owner: str, model: Any) -> None:
    if not isinstance(model, Model):
        raise ArgumentError(f"{owner}: expected a model, received {type(model).__name__}.")


def model_from_json(json_string: str, custom_objects: Mapping[str, Any] | None = None) -> Model:
    """Returns the model of what `model.to_json()` gave, without the weights that it had.

    Args:
        json_string: also what Keras 2 and Keras 3 wrote.
        custom_objects: classes and functions that it names, by name.

    Raises:
        FormatError: it is broken.
        OptionError: it names an unknown class or option.

    Example:
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> copy = keras.models.model_from_json(model.to_json())
        >>> copy.output_shape
        (None, 3)

    Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/
    """
    owner = "model_from_json"
    return cast("Model", revived(topology_of(json_string, owner), owner, with_faces(custom_objects)))


def save_model(
    model: Any, filepath: Any, overwrite: bool = True, zipped: bool | None = None, **options: Any
) -> None:
    """Saves a model; arguments and errors as those of `model.save`.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     keras.models.save_model(model, f"{folder}/model.keras")
        ...     loaded = keras.models.load_model(f"{folder}/model.keras")
        >>> loaded.output_shape
        (None, 3)

    Source: https://keras.io/api/models/model_saving_apis/model_saving_and_loading/
    """
    _require_model("save_model", model)
    model.save(filepath, overwrite=overwrite, zipped=zipped, **options)


def save_weights(
    model: Any, filepath: Any, overwrite: bool = True, max_shard_size: float | None = None
) -> None:
    """Saves the weights of a model; arguments and errors as those of `model.save_weights`.

    Example:
        >>> import os, tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     keras.saving.save_weights(model, f"{folder}/model.weights.h5")
        ...     os.listdir(folder)
        ['model.weights.h5']

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
    """
    _require_model("save_weights", model)
    model.save_weights(filepath, overwrite=overwrite, max_shard_size=max_shard_size)


def load_weights(model: Any, filepath: Any, skip_mismatch: bool = False, **options: Any) -> None:
    """Sets the weights of a model to those of a file; arguments and errors as those of `model.load_weights`.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
        >>> other = keras.models.clone_model(model)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save_weights(f"{folder}/model.weights.h5")
        ...     keras.saving.load_weights(other, f"{folder}/model.weights.h5")
        >>> other.get_weights()[0].tolist() == model.get_weights()[0].tolist()
        True

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
    """
    _require_model("load_weights", model)
    model.load_weights(filepath, skip_mismatch=skip_mismatch, **options)


# Names


def get_custom_objects() -> dict[str, Any]:
    """Returns the dict of what files may name besides what is here; it may be changed.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Half(keras.layers.Layer):
        ...     def call(self, inputs):
        ...         return inputs * 0.5
        >>> keras.saving.get_custom_objects()["Half"] = Half
        >>> layer = keras.saving.deserialize_keras_object({"class_name": "Half", "config": {}})
        >>> layer(keras.ops.array([3.0])).tolist()
        [1.5]
        >>> del keras.saving.get_custom_objects()["Half"]

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """
    return custom_objects()


class CustomObjectScope(contextlib.ContextDecorator):
    """Lets files name classes and functions of your own in a block of code.

    Args:
        custom_objects: classes and functions, by name.

    Example:
        >>> from tfjs_pyo import keras
        >>> def twice(x):
        ...     return 2 * x
        >>> with keras.saving.custom_object_scope({"twice": twice}):
        ...     "twice" in keras.saving.get_custom_objects()
        True
        >>> "twice" in keras.saving.get_custom_objects()
        False

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """

    def __init__(self, custom_objects: Mapping[str, Any]) -> None:
        self.custom_objects = dict(custom_objects or {})
        self._before: list[dict[str, Any]] = []

    def __enter__(self) -> Self:
        known = custom_objects()
        self._before.append(dict(known))
        known.update(self.custom_objects)
        return self

    def __exit__(self, *_error: object) -> None:
        known = custom_objects()
        known.clear()
        known.update(self._before.pop())


custom_object_scope = CustomObjectScope


def get_registered_object(
    name: str,
    custom_objects: Mapping[str, Any] | None = None,
    module_objects: Mapping[str, Any] | None = None,
) -> Any:
    """Returns the class or function that is known under a name; None if there is none.

    Args:
        name: as `get_registered_name` gives it.
        custom_objects: further ones, by name.
        module_objects: further ones that are asked last.

    Example:
        >>> from tfjs_pyo import keras
        >>> @keras.saving.register_keras_serializable("shop")
        ... def halve(x):
        ...     return x / 2
        >>> keras.saving.get_registered_object("shop>halve")(3)
        1.5
        >>> keras.saving.get_registered_object("shop>missing") is None
        True

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """
    known: Mapping[str, Any]
    for known in (custom_objects or {}, get_custom_objects()):
        if name in known:
            return known[name]
    found = registered_object(name)
    return found if found is not None else (module_objects or {}).get(name)


# Objects as JSON


def serialize_keras_object(obj: Any) -> Any:
    """Returns an object as JSON: class name and config; tuples, tensors and functions in Keras's form.

    Args:
        obj: a layer, a model, an optimizer, ..., a function, a tensor, or lists and dicts of such.

    Raises:
        ArgumentError: something of it cannot be saved.

    Example:
        >>> from tfjs_pyo import keras
        >>> told = keras.saving.serialize_keras_object(keras.layers.Dense(3))
        >>> told["module"], told["class_name"], told["config"]["units"]
        ('keras.layers', 'Dense', 3)

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """
    nests.require_end(obj)
    return serialized(obj)


def deserialize_keras_object(
    config: Any, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True, **_options: Any
) -> Any:
    """Returns the object that `serialize_keras_object` was given.

    Args:
        config: JSON values.
        custom_objects: classes and functions that it names, by name.
        safe_mode: False to run code that it holds. Do so only where you trust whoever wrote it.

    Raises:
        FormatError: it stands for nothing.
        OptionError: it names an unknown class or function.

    Example:
        >>> from tfjs_pyo import keras
        >>> told = keras.saving.serialize_keras_object((1, keras.layers.Dense(3)))
        >>> one, layer = keras.saving.deserialize_keras_object(told)
        >>> one, layer.units
        (1, 3)

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """
    nests.require_end(config)
    reviver = Reviver("deserialize_keras_object", with_faces(custom_objects), safe_mode and in_safe_mode())
    return deserialized(config, reviver)


__all__ = [
    "CustomObjectScope", "clone_model", "custom_object_scope", "deserialize_keras_object", "get_custom_objects",
    "get_registered_name", "get_registered_object", "load_model", "load_weights", "register_keras_serializable",
    "save_model", "save_weights", "serialize_keras_object",
]  # fmt: skip
check_public(globals())
LATER = {"tfjs_pyo.keras.file_editor": ("KerasFileEditor",)}
"""Names whose modules are loaded when a program first asks for them."""
__all__ += [name for names in LATER.values() for name in names]
__getattr__ = names_later(__name__, LATER)
__dir__ = naming.public_dir(__name__)
complete(globals())
