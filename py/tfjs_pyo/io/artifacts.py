"""What handlers save and load: the artifacts of a model, as dicts whose keys may be spelled in every way."""

from __future__ import annotations

import inspect
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.errors import NameNotFoundError


class Artifacts(dict[str, Any]):
    """A dict with TF.js's keys, which other spellings find too, and attributes of the same names.

    Example:
        >>> import tfjs_pyo as tf
        >>> made = tf.io.ModelArtifacts(modelTopology={}, weightData=b"")
        >>> made["weight_data"] == made.weightData == made.weight_data == b""
        True
    """

    def __missing__(self, key: str) -> Any:
        found = naming.nearest_spelling(key, self)
        if found is None:
            raise KeyError(key)
        return self[found]

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except KeyError:
            raise NameNotFoundError(naming.unknown_name(type(self).__name__, name, self)) from None

    def get(self, key: str, default: Any = None) -> Any:
        """Returns the value of a key in any spelling.

        Args:
            key: in any spelling, such as 'modelTopology' or 'model_topology'.
            default: returned where there is no such key.

        Example:
            >>> import tfjs_pyo as tf
            >>> made = tf.io.ModelArtifacts(modelTopology={"name": "m"})
            >>> made.get("model_topology"), made.get("weightData", b"")
            ({'name': 'm'}, b'')
        """
        try:
            return self[key]
        except KeyError:
            return default


def artifacts_of(value: Any) -> Artifacts | None:
    """Returns what a handler or a user gave as artifacts: a dict, or an object with such attributes; None for anything else."""
    if isinstance(value, Mapping):
        return Artifacts({str(key): item for key, item in value.items()})
    to_py = getattr(value, "to_py", None)  # an object of JavaScript
    if callable(to_py):
        return artifacts_of(to_py())
    names = ("modelTopology", "weightSpecs", "weightData", "trainingConfig", "userDefinedMetadata")
    found = {
        name: getattr(value, n) for name in names for n in (name, naming.snake(name)) if hasattr(value, n)
    }
    return Artifacts(found) if found else None


def data_size(data: Any) -> int:
    """Returns how many bytes weight data have, whole or in pieces."""
    return sum(map(len, data)) if isinstance(data, (list, tuple)) else len(data or b"")


def get_model_artifacts_info_for_json(model_artifacts: Mapping[str, Any]) -> Artifacts:
    """Returns what is told of artifacts after saving: when, and how many bytes their parts have.

    Example:
        >>> import tfjs_pyo as tf
        >>> info = tf.io.getModelArtifactsInfoForJSON({"modelTopology": {}, "weightData": bytes(8)})
        >>> info.modelTopologyType, info.modelTopologyBytes, info.weightDataBytes
        ('JSON', 2, 8)

    Source: https://js.tensorflow.org/api/latest/#io
    """
    given = Artifacts(model_artifacts)

    def length(key: str) -> int:
        value = given.get(key)
        return 0 if value is None else len(json.dumps(value, separators=(",", ":")).encode())

    return Artifacts(
        dateSaved=datetime.now(UTC),
        modelTopologyType="JSON",
        modelTopologyBytes=length("modelTopology"),
        weightSpecsBytes=length("weightSpecs"),
        weightDataBytes=data_size(given.get("weightData")),
    )


def info_as_json(info: Mapping[str, Any]) -> dict[str, Any]:
    """Returns an info with its date as text, as stores keep it."""
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in info.items()}


async def settled(value: Any) -> Any:
    """Returns a value, waiting for it if it is awaitable."""
    return await value if inspect.isawaitable(value) else value


__all__ = [
    "Artifacts",
    "artifacts_of",
    "data_size",
    "get_model_artifacts_info_for_json",
    "info_as_json",
    "settled",
]
