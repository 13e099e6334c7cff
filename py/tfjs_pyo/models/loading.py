"""Models made again of what was saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tfjs_pyo.errors import FormatError
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.reviving import Reviver, parsed

CustomObjects = Mapping[str, Any] | None


def topology_of(saved: Any, owner: str) -> Mapping[str, Any]:
    """Returns the `{'class_name', 'config'}` of a model within what programs write around it."""
    value = parsed(saved, owner)
    for key in ("modelTopology", "model_topology", "model_config"):
        if isinstance(value, Mapping) and key in value and "class_name" not in value:
            value = parsed(value[key], owner)
    if not isinstance(value, Mapping):
        raise FormatError(f"{owner}: expected the JSON of a model, received {type(value).__name__}.")
    return value


def revived(topology: Mapping[str, Any], owner: str, custom_objects: CustomObjects = None) -> Layer:
    """Returns the model or layer of a topology; a subclass with a `call` is built as it was."""
    made = Reviver(owner, custom_objects).whole(topology)
    built = topology.get("build_config")
    shape = built.get("input_shape") if isinstance(built, Mapping) else None
    if isinstance(shape, list) and shape and not made.built:
        made.ensure_built([tuple(each) for each in shape] if isinstance(shape[0], list) else tuple(shape))
    return made


async def model_from_json(config: Any, custom_objects: CustomObjects = None) -> Any:
    """Returns the model of a JSON, without the weights that it had.

    Args:
        config: what `model.toJSON()` gave, as text or as a dict; also what Keras 2 or Keras 3 wrote.
        custom_objects: classes and functions that the JSON names, by name; functions of Lambda layers by the layer's name.
            Code in the JSON is never run.

    Raises:
        FormatError: the JSON is broken.
        OptionError: it names an unknown class or option; the message has the nearest ones.

    Example:
        >>> import asyncio, tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> asyncio.run(tf.models.modelFromJSON(model.toJSON())).predict(tf.ones([1, 2])).shape
        (1, 3)

    Source: https://js.tensorflow.org/api/latest/#models.modelFromJSON
    """
    owner = "modelFromJSON"
    return revived(topology_of(config, owner), owner, custom_objects)


def deserialize(config: Any, custom_objects: CustomObjects = None) -> Any:
    """Returns the layer or model that `{'class_name', 'config'}` stands for.

    Args:
        config: in the form of TF.js, Keras 2 or Keras 3, as text or as a dict.
        custom_objects: classes and functions that it names, by name.

    Raises:
        FormatError: the config is broken.
        OptionError: it names an unknown class or option; the message has the nearest ones.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.deserialize({"class_name": "Dense", "config": {"units": 3}}).units
        3

    Source: https://keras.io/api/models/model_saving_apis/serialization_utils/
    """
    return revived(topology_of(config, "deserialize"), "deserialize", custom_objects)


__all__ = ["deserialize", "model_from_json", "revived", "topology_of"]
