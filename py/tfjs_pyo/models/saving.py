"""What saves a model: its JSON, and its weights with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Self

from tfjs_pyo import naming
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.models.reviving import Reviver
from tfjs_pyo.models.topology import topology


@naming.spell_methods
class Saved(Layer):
    """The part of a model that saves it."""

    def to_json(self, unused: Any = None, return_string: bool = True) -> Any:  # noqa: ARG002 (TF.js's signature)
        """Returns the model without its weights as JSON, in TF.js's form; `tf.models.modelFromJSON` reads it.

        Args:
            unused: as in TF.js.
            return_string: whether to return text, or dicts and lists.

        Raises:
            ArgumentError: the model holds something that JSON cannot.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
            >>> model.toJSON(None, False)["class_name"]
            'Sequential'

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.toJSON
        """
        whole = topology(self)
        text = json.dumps(whole)
        return text if return_string else json.loads(text)

    @classmethod
    def from_config(cls, config: Mapping[str, Any], custom_objects: Mapping[str, Any] | None = None) -> Self:
        """Returns a model made from what `get_config` gave, with weights of its own.

        Args:
            config: also in the forms of Keras 2 and Keras 3.
            custom_objects: classes and functions that it names, by name.

        Raises:
            FormatError: the config is broken.
            OptionError: it names an unknown class or option.

        Source: https://keras.io/api/models/model_saving_apis/model_config_serialization/
        """
        reviver = Reviver(f"{naming.camel(cls.__name__)}.fromConfig", custom_objects)
        return reviver.of_class(cls, config)


__all__ = ["Saved"]
