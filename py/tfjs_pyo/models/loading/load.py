"""Models made again of what was saved."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from tfjs_pyo import naming
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, FormatError, StorageError
from tfjs_pyo.initializers import Initializer
from tfjs_pyo.io.artifacts import Artifacts
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.files import path_of
from tfjs_pyo.io.handlers import handler_for, loaded
from tfjs_pyo.io.keras_files import BY_LAYER, BY_PLACE, KERAS_FORMATS, artifacts_in, kind_of, state_number
from tfjs_pyo.io.manifest import parse_model_json, weights_loader_factory
from tfjs_pyo.io.servers import HTTPHandler
from tfjs_pyo.io.weights import decoded
from tfjs_pyo.io.writing import IN_PAGE
from tfjs_pyo.layers.base import Layer
from tfjs_pyo.layers.holding import flatten_layers
from tfjs_pyo.layers.preprocessing import Normalization
from tfjs_pyo.models.keras_files.layer_groups import by_layers
from tfjs_pyo.models.keras_files.own import OWN, load_assets, load_own_variables, own_variables
from tfjs_pyo.models.keras_files.places import names_places, placed
from tfjs_pyo.models.loading.compiling import compile_as
from tfjs_pyo.models.loading.cudnn import without_cudnn
from tfjs_pyo.models.loading.matching import assign_weights
from tfjs_pyo.models.loading.reviving import Reviver, parsed
from tfjs_pyo.optimizers.keras_state import state_from_keras
from tfjs_pyo.types import ModelSource

if TYPE_CHECKING:
    from tfjs_pyo.models.base import Model

CustomObjects = Mapping[str, Any] | None


def topology_of(saved: Any, owner: str) -> Mapping[str, Any]:
    """Returns the `{'class_name', 'config'}` of a model within what programs write around it.

    Raises:
        FormatError: it is none, or a graph model.
    """
    value = parsed(saved, owner)
    for key in ("modelTopology", "model_topology", "model_config"):
        if isinstance(value, Mapping) and key in value and "class_name" not in value:
            version, value = value.get("keras_version"), parsed(value[key], owner)
            if version is not None and isinstance(value, Mapping):
                value = {"keras_version": version, **value}
    if (
        isinstance(value, Mapping)
        and "class_name" not in value
        and "className" not in value
        and "node" in value
    ):
        raise FormatError(
            f"{owner}: this is a graph model, converted from a SavedModel. Load it with tf.loadGraphModel(...); it predicts, "
            "but has no layers."
        )
    if not isinstance(value, Mapping):
        raise FormatError(f"{owner}: expected the JSON of a model, received {type(value).__name__}.")
    return value


def revived(topology: Mapping[str, Any], owner: str, custom_objects: CustomObjects = None) -> Layer:
    """Returns the model or layer of a topology; a subclass with a `call` is built as it was."""
    return Reviver(owner, custom_objects).whole(topology)


@partial(naming.bridge, config=False)
async def model_from_json(config: Any, custom_objects: CustomObjects = None) -> Model:
    """Returns the model of a JSON, without the weights that it had.

    Args:
        config: what `model.toJSON()` gave, as text or as a dict; also what Keras 2 or Keras 3 wrote. With 'weightsManifest' and
            'pathPrefix' in it, the weights are fetched from there.
        custom_objects: classes and functions that the JSON names, by name; functions of Lambda layers by the layer's name.
            Code in the JSON is never run.

    Raises:
        FormatError: the JSON is broken.
        OptionError: it names an unknown class or option; the message has the nearest ones.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> asyncio.run(tf.models.modelFromJSON(model.toJSON())).predict(tf.ones([1, 2])).shape
        (1, 3)

    Source: https://js.tensorflow.org/api/latest/#models.modelFromJSON
    """
    owner = "modelFromJSON"
    whole = parsed(config, owner)
    made = revived(topology_of(whole, owner), owner, custom_objects)
    if (
        isinstance(whole, Mapping)
        and whole.get("weightsManifest") is not None
        and whole.get("pathPrefix") is not None
    ):
        found = await weights_loader_factory(_fetched)(whole["weightsManifest"], str(whole["pathPrefix"]))
        assign_weights(made, list(found.items()), strict=True, owner=owner)
    return cast("Model", made)


async def _fetched(urls: list[str]) -> list[bytes]:
    return [await HTTPHandler(url).downloaded(url) for url in urls]


@partial(naming.bridge, config=False)
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


@naming.takes_config(data=("path_or_handler",), mappings=("request_init", "custom_objects"))
async def load_layers_model(
    path_or_handler: ModelSource,
    strict: bool = True,
    on_progress: Callable[[float], Any] | None = None,
    weight_path_prefix: str | None = None,
    weight_url_converter: Callable[[str], Any] | None = None,
    request_init: Mapping[str, Any] | None = None,
    fetch_func: Callable[..., Any] | None = None,
    stream_weights: bool = False,
    custom_objects: Mapping[str, Any] | None = None,
) -> Model:
    """Returns a model with the weights that it was saved with.

    Args:
        path_or_handler: a path or `file://` path of a model.json or its folder; an address of a model.json; `memory://name`;
            in the page `indexeddb://name`, `localstorage://name`; a list of two addresses (model.json, weights); or a handler,
            such as `tf.io.browserFiles`, `tf.io.fromMemory` and `tf.io.http` make.
        strict: whether all weights of the file and of the model must find each other.
        on_progress: called with shares from 0 to 1.
        weight_path_prefix, weight_url_converter: where weights are.
        request_init, fetch_func: how they are fetched.
        stream_weights: whether one file is fetched after the other.
        custom_objects: classes and functions that the file names, by name; code in files is never run.

    Raises:
        FormatError: the files do not hold what they promise. Nothing is made of them then.
        OptionError: an unknown class or option; the message has the nearest ones.
        StorageError: a file cannot be fetched.

    Example:
        >>> import asyncio
        >>> import tfjs_pyo as tf
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 3, "inputShape": [2]})]})
        >>> _ = asyncio.run(model.save("memory://example"))
        >>> asyncio.run(tf.loadLayersModel("memory://example")).predict(tf.ones([1, 2])).shape
        (1, 3)

    Source: https://js.tensorflow.org/api/latest/#loadLayersModel
    """
    told = {
        "strict": strict, "on_progress": on_progress, "weight_path_prefix": weight_path_prefix,
        "weight_url_converter": weight_url_converter, "request_init": request_init, "fetch_func": fetch_func,
        "stream_weights": stream_weights or None, "custom_objects": custom_objects,
    }  # fmt: skip
    given = {name: value for name, value in told.items() if value is not None}
    handler = _handler(path_or_handler, given)
    try:
        artifacts = await loaded(handler, "loadLayersModel")
    except StorageError as error:
        if isinstance(path_or_handler, str) and "://" not in path_or_handler and IN_PAGE:
            error.add_note(
                "In the page, a path that is no file of Pyodide's is taken as an address on this site."
            )
        raise
    return cast("Model", await model_of(artifacts, given))


def _handler(place: Any, options: Mapping[str, Any]) -> Any:
    try:
        return handler_for(place, "load", options)
    except ArgumentError:
        if not IN_PAGE or not isinstance(place, str) or "://" in place:
            raise
        return HTTPHandler(place, options)  # in the page a path that is no file is an address


async def model_of(
    artifacts: Artifacts, options: Mapping[str, Any], owner: str = "loadLayersModel", compiled: bool = True
) -> Any:
    """Returns the model of artifacts, or raises and leaves nothing behind.

    Args:
        artifacts: what a handler has loaded.
        options: 'strict' and 'custom_objects'.
        owner: who asks, for errors.
        compiled: whether the model is compiled as the file says.
    """
    topology = artifacts.get("modelTopology")
    if topology is None and artifacts.get("weightSpecs") is not None:
        raise FormatError(
            f"{owner}: the file holds weights only. Make the model first, then call model.loadWeights(path)."
        )
    if topology is None:
        raise FormatError(
            f"{owner}: expected 'modelTopology', received {', '.join(repr(key[:40]) for key in list(artifacts)[:8])}."
        )
    if isinstance(topology, (str, bytes)):
        topology = parse_model_json(topology, owner).get("modelTopology")
    data, specs = artifacts.get("weightData"), artifacts.get("weightSpecs")
    if data is not None and specs is None:
        raise FormatError(f"{owner}: expected 'weightSpecs' with 'weightData', received none.")
    if data is not None:
        specs, data = without_cudnn(specs, data)
    strict = options.get("strict") is not False
    with Initializer.skipping() if data is not None and strict else nullcontext():
        inner = topology_of(topology, owner)
        reviver = Reviver(owner, options.get("custom_objects"), options.get("safe_mode") is not False)
        model = reviver.whole(inner)
        if data is not None:
            _require_built(model, owner)
    form = BY_PLACE if names_places(specs) else artifacts.get("format")
    if form == BY_PLACE:
        specs = placed(model, specs, owner)
    elif form == BY_LAYER and hasattr(model, "layers"):
        specs = by_layers(model, specs, owner, own=True, strict=strict)
    exactly = form in KERAS_FORMATS
    state = _with_weights(model, data, specs, strict, owner, exactly) if data is not None else []
    load_assets(model, artifacts.get("assets") or {})
    if form == BY_PLACE:
        state.sort(key=lambda entry: state_number(entry["name"]))
    if compiled:
        await _with_training(model, _training_config(artifacts, topology, inner), state, form, reviver)
    metadata = artifacts.get("userDefinedMetadata")
    if metadata is not None and hasattr(model, "set_user_defined_metadata"):
        model.set_user_defined_metadata(metadata)
    return model


def _require_built(model: Layer, owner: str) -> None:
    if not model.built:
        raise FormatError(
            f"{owner}: the file does not say which shape {model.name!r} takes, so that it has no weights yet."
        )


def _with_weights(
    model: Layer, data: Any, specs: Any, strict: bool, owner: str, exactly: bool
) -> list[dict[str, Any]]:
    """Gives a model its weights; returns the state of the optimizer."""
    if not isinstance(specs, (list, tuple)):
        raise FormatError(f"{owner}: expected 'weightSpecs' to be a list, received {type(specs).__name__}.")
    weights, stores, state = _sorted_out(data, specs, True)
    counted = {layer.name for layer in flatten_layers(model) if isinstance(layer, Normalization)}
    weights = [(name, tensor) for name, tensor in weights if not _is_count(name, counted)]
    assign_weights(model, weights, strict, owner, exactly, without=own_variables(model) if stores else ())
    load_own_variables(model, stores)
    return state


Stores = dict[str, dict[str, Tensor]]


def _sorted_out(
    data: Any, specs: Any, whole: bool
) -> tuple[list[tuple[str, Tensor]], Stores, list[dict[str, Any]]]:
    """Returns the weights, what layers take in their own way, and the state of the optimizer."""
    weights: list[tuple[str, Tensor]] = []
    state: list[dict[str, Any]] = []
    stores: Stores = {}
    for spec, tensor in decoded(data, specs, whole=whole):
        group = spec.get("group")
        if group == "optimizer":
            state.append({"name": spec["name"], "tensor": tensor})
        elif group == OWN:
            place, _, key = spec["name"].rpartition("vars/")
            stores.setdefault(place, {})[key] = tensor
        elif group is None or (whole and group != "metrics"):
            weights.append((spec["name"], tensor))
    return weights, stores, state


def _is_count(name: str, counted: set[str]) -> bool:
    """Returns whether a weight is the number of samples that a Normalization of Keras 2 was adapted to; nothing reads it."""
    layer, _, weight = name.partition(":")[0].rpartition("/")
    return weight == "count" and layer.rpartition("/")[2] in counted


def _training_config(artifacts: Artifacts, topology: Any, inner: Mapping[str, Any]) -> tuple[Any, bool]:
    """Returns how a model is compiled, told beside it, around it or in it, and whether Keras wrote that."""
    beside = artifacts.get("trainingConfig")
    if beside:
        return beside, artifacts.get("format") in KERAS_FORMATS
    around = topology.get("training_config") if isinstance(topology, Mapping) else None
    return around or inner.get("compile_config"), True


async def _with_training(
    model: Any, told: tuple[Any, bool], state: list[dict[str, Any]], form: str | None, reviver: Reviver
) -> None:
    """Compiles a model as its file says, and gives the optimizer its state."""
    config, by_keras = told
    if config is None or not hasattr(model, "compile"):
        return
    owner = reviver.owner
    if not compile_as(model, config, reviver, by_keras) or not state or model.optimizer is None:
        return
    if form in KERAS_FORMATS:
        found = state_from_keras(model.optimizer, model.trainable_weights, state)
        if found is None:
            warnings.warn(
                f"{owner}: the state of the optimizer in the file is of another form than {model.optimizer.display_name} has "
                "here; training goes on without it.",
                stacklevel=2,
            )
            return
        state = found
    await model.optimizer.set_weights(state)
    model.optimizer.build(model.trainable_weights)


class Found(NamedTuple):
    """Weights in a file.

    Attributes:
        weights: by names.
        exactly: whether the names are those that the weights have here.
        stores: what layers take in their own way, by their places.
    """

    weights: dict[str, Any]
    exactly: bool
    stores: Stores


class Way(NamedTuple):
    """How weights of files and of models find each other.

    Attributes:
        strict: whether all are to.
        by_name: whether layers of `.h5` files go by their names, not by their order.
        skip: whether weights of other shapes are left out.
    """

    strict: bool = True
    by_name: bool = False
    skip: bool = False


def weights_in(model: Layer, file: Any, owner: str, way: Way) -> Found:
    """Returns the weights in a file.

    Args:
        model: that they are for.
        file: path or bytes.
        owner: who asks, for errors.
        way: how weights find each other.
    """
    path = path_of(file) if not isinstance(file, bytes) else None
    if path is None and not isinstance(file, bytes):
        raise ArgumentError(
            f"{owner}: expected tensors by name, a path or bytes, received {type(file).__name__}."
        )
    if path is None:
        content = file
    else:
        with storage_errors(owner, path, "read"):
            content = path.read_bytes()
    name = "weights.safetensors" if path is None else path.name
    if kind_of(name, content) is None:
        raise ArgumentError(f"{owner}: expected an HDF5, .keras or .safetensors file, received {name!r}.")
    found = artifacts_in(name, content)
    specs, data = without_cudnn(found["weightSpecs"], found["weightData"])
    if found["format"] == BY_PLACE:
        specs = placed(model, specs, owner, way.skip)
    elif found["format"] == BY_LAYER:
        specs = by_layers(model, specs, owner, False, way.strict, way.by_name, way.skip)
    weights, stores, _ = _sorted_out(data, specs, False)
    return Found(dict(weights), found["format"] in KERAS_FORMATS, stores)


__all__ = ["deserialize", "load_layers_model", "model_from_json", "model_of", "revived", "topology_of"]
