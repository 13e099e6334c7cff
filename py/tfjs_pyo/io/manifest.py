"""`model.json`: the topology of a model and the manifest of its weights, which lie in files beside it."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.io.artifacts import Artifacts, settled
from tfjs_pyo.io.buffers import Bytes
from tfjs_pyo.io.weights import Spec, checked_spec, decoded

Group = dict[str, Any]
_BESIDES = ("trainingConfig", "signature", "userDefinedMetadata", "modelInitializer", "initializerSignature")


def model_json(artifacts: Mapping[str, Any], paths: Sequence[str]) -> str:
    """Returns the text of a model.json.

    Args:
        artifacts: of the model.
        paths: of the files with its weights.
    """
    given = Artifacts(artifacts)
    if isinstance(given.get("modelTopology"), (bytes, bytearray)):
        raise ArgumentError("save: expected the topology of a model as JSON, received bytes.")
    whole = {
        "modelTopology": given.get("modelTopology"),
        "format": given.get("format"),
        "generatedBy": given.get("generatedBy"),
        "convertedBy": given.get("convertedBy"),
        **{key: given.get(key) for key in _BESIDES if given.get(key) is not None},
        "weightsManifest": [{"paths": list(paths), "weights": given.get("weightSpecs") or []}],
    }
    return json.dumps(whole)


def parse_model_json(text: Bytes | str, where: str) -> Artifacts:
    """Returns what a model.json says.

    Args:
        text: of the file.
        where: it was, for errors.

    Raises:
        FormatError: it is no JSON, or not that of a model.
    """
    try:
        value = json.loads(text if isinstance(text, (str, bytes, bytearray)) else bytes(text))
    except (ValueError, RecursionError) as error:
        raise FormatError(
            f"{where}: expected the JSON of a model, received {len(text)} bytes that are none: {str(error)[:120]}. Is it a "
            "model.json, and whole?"
        ) from None
    if not isinstance(value, dict):
        raise FormatError(f"{where}: expected a model.json, received a JSON {type(value).__name__}.")
    whole = Artifacts(value)
    if whole.get("modelTopology") is None and whole.get("weightsManifest") is None:
        if "class_name" in value:  # what model.toJSON() gives
            return Artifacts(modelTopology=value)
        keys = ", ".join(repr(str(key)[:40]) for key in list(value)[:8])
        raise FormatError(
            f"{where}: expected 'modelTopology' and 'weightsManifest', received {keys or 'nothing'}."
        )
    return whole


def groups_of(manifest: Any, where: str) -> list[Group]:
    """Returns the checked groups of a manifest: `{'paths': [...], 'weights': [...]}`.

    Raises:
        FormatError: the manifest is broken.
    """
    if not isinstance(manifest, (list, tuple)):
        raise FormatError(
            f"{where}: expected 'weightsManifest' to be a list, received {type(manifest).__name__}."
        )
    groups = []
    for given in manifest:
        paths = given.get("paths") if isinstance(given, Mapping) else None
        weights = given.get("weights") if isinstance(given, Mapping) else None
        if not isinstance(paths, (list, tuple)) or not all(isinstance(path, str) for path in paths):
            raise FormatError(f"{where}: expected the 'paths' of a group of weights to be a list of strings.")
        if not isinstance(weights, (list, tuple)):
            raise FormatError(f"{where}: expected the 'weights' of a group to be a list of specs.")
        groups.append({"paths": list(paths), "weights": [checked_spec(spec) for spec in weights]})
    return groups


def get_weight_specs(weights_manifest: Any) -> list[Spec]:
    """Returns the specs of all weights of a manifest.

    Example:
        >>> import tfjs_pyo as tf
        >>> group = {"paths": ["w.bin"], "weights": [{"name": "w", "shape": [2], "dtype": "float32"}]}
        >>> tf.io.getWeightSpecs([group])
        [{'name': 'w', 'shape': [2], 'dtype': 'float32'}]

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return [spec for group in groups_of(weights_manifest, "getWeightSpecs") for spec in group["weights"]]


LoadWeights = Callable[[Any], Awaitable[tuple[list[Spec], Any]]]


async def get_model_artifacts_for_json(model_json: Mapping[str, Any], load_weights: LoadWeights) -> Artifacts:
    r"""Returns the artifacts of a model.

    Args:
        model_json: what a model.json says.
        load_weights: takes the manifest and gives specs and data of the weights.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model_json = {"modelTopology": {}, "weightsManifest": [{"paths": ["w.bin"], "weights": []}]}
        >>> async def load_weights(manifest):
        ...     return [{"name": "w", "shape": [1], "dtype": "float32"}], bytes(4)
        >>> made = asyncio.run(tf.io.getModelArtifactsForJSON(model_json, load_weights))
        >>> made.weightSpecs[0]["name"], len(made.weightData)
        ('w', 4)

    Source: https://js.tensorflow.org/api/latest/#io
    """
    given = Artifacts(model_json)
    manifest = given.get("weightsManifest")
    specs, data = await settled(load_weights(manifest)) if manifest is not None else (None, None)
    return get_model_artifacts_for_json_sync(given, specs, data)


def get_model_artifacts_for_json_sync(
    model_json: Mapping[str, Any], weight_specs: Sequence[Spec] | None = None, weight_data: Any = None
) -> Artifacts:
    r"""Returns the artifacts of a model whose weights are at hand.

    Example:
        >>> import tfjs_pyo as tf
        >>> model_json = {"modelTopology": {}, "format": "layers-model", "weightsManifest": []}
        >>> specs = [{"name": "w", "shape": [1], "dtype": "float32"}]
        >>> made = tf.io.getModelArtifactsForJSONSync(model_json, specs, bytes(4))
        >>> made.format, made.weightSpecs[0]["name"], len(made.weightData)
        ('layers-model', 'w', 4)

    Source: https://js.tensorflow.org/api/latest/#io
    """
    given = Artifacts(model_json)
    kept = ("modelTopology", "format", "generatedBy", "convertedBy", *_BESIDES)
    result = Artifacts({key: given.get(key) for key in kept if given.get(key) is not None})
    if given.get("weightsManifest") is not None:
        result.update(weightSpecs=weight_specs, weightData=weight_data)
    return result


def weights_loader_factory(fetch_weights_function: Callable[[list[str]], Any]) -> Callable[..., Any]:
    """Returns a function that loads weights of a manifest.

    Args:
        fetch_weights_function: takes a list of paths and gives the bytes of each, perhaps awaited.

    Returns:
        A coroutine function of (manifest, prefix of the paths = '', names of the weights = all): the tensors by name.

    Raises:
        FormatError: names that the manifest does not have, or bytes that do not fit it.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> load = tf.io.weightsLoaderFactory(lambda paths: [bytes(4) for path in paths])
        >>> spec = {"name": "w", "shape": [], "dtype": "float32"}
        >>> asyncio.run(load([{"paths": ["w.bin"], "weights": [spec]}], "models"))["w"].array_sync()
        0.0

    Source: https://js.tensorflow.org/api/latest/#io
    """

    async def load(
        manifest: Any, file_path_prefix: str = "", weight_names: Sequence[str] | None = None
    ) -> dict[str, Tensor]:
        groups = groups_of(manifest, "loadWeights")
        known = [spec["name"] for group in groups for spec in group["weights"]]
        missing = [name for name in weight_names or () if name not in set(known)]
        if missing:
            raise FormatError(
                f"loadWeights: there are no weights named {', '.join(repr(name[:80]) for name in missing[:8])}; the manifest has "
                f"{', '.join(repr(name[:80]) for name in known[:20])}."
            )
        wanted = set(known if weight_names is None else weight_names)
        chosen = [group for group in groups if any(spec["name"] in wanted for spec in group["weights"])]
        slash = "" if not file_path_prefix or file_path_prefix.endswith("/") else "/"
        paths = [f"{file_path_prefix}{slash}{path}" for group in chosen for path in group["paths"]]
        pieces = list(await settled(fetch_weights_function(paths)))
        if len(pieces) != len(paths):
            raise FormatError(
                f"loadWeights: expected the bytes of {len(paths)} files, received {len(pieces)}."
            )
        found: dict[str, Tensor] = {}
        for group in chosen:
            own, pieces = pieces[: len(group["paths"])], pieces[len(group["paths"]) :]
            found.update(
                {spec["name"]: t for spec, t in decoded(own, group["weights"]) if spec["name"] in wanted}
            )
        return found

    return load


__all__ = [
    "get_model_artifacts_for_json", "get_model_artifacts_for_json_sync", "get_weight_specs", "groups_of", "model_json",
    "parse_model_json", "weights_loader_factory",
]  # fmt: skip
