"""From JSON to layers and models: the forms of TensorFlow.js, Keras 2 and Keras 3. Code in files is never run."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tfjs_pyo import activations, constraints, initializers, metrics, naming, optimizers, regularizers
from tfjs_pyo.config import DECLARED, Configurable
from tfjs_pyo.dialects import KERAS, Dialect
from tfjs_pyo.errors import FormatError, OptionError, TfError
from tfjs_pyo.forms import keras_form
from tfjs_pyo.layers.base import LAYERS, Layer
from tfjs_pyo.layers.core import Lambda
from tfjs_pyo.layers.trials import as_shapes
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.models.classes import MODELS
from tfjs_pyo.models.loading.configs import (
    class_and_config,
    is_object,
    known_options,
    plain,
    require_depth,
    shown,
    without_version,
)
from tfjs_pyo.models.loading.cudnn import OPTIONS
from tfjs_pyo.models.loading.op_layers import TensorFlowOpLayer
from tfjs_pyo.models.loading.saved_functions import GIVE, function_of
from tfjs_pyo.registry import Registry
from tfjs_pyo.serialization import custom_objects as known_objects
from tfjs_pyo.serialization import registered_functions

_LAYER_OPTIONS = {"layer", "cell", "cells", "forward_layer", "backward_layer"}
_REGISTRIES = {
    "initializer": initializers.INITIALIZERS,
    "regularizer": regularizers.REGULARIZERS,
    "constraint": constraints.CONSTRAINTS,
    "activation": activations.ACTIVATIONS,
}
_LONGEST = 2000
"""Messages are cut there: files may hold names of megabytes."""
_BROKEN = (
    TypeError, ValueError, KeyError, IndexError, AttributeError, ArithmeticError, RecursionError, MemoryError, AssertionError,
)  # fmt: skip
"""What code that meets a config of the wrong form raises."""


class Reviver:
    """Makes layers of their configs.

    Args:
        owner: who asks, for errors.
        custom_objects: classes and functions that the files name, or that take the place of ours; by name.
        safe_mode: False where code that files hold may be run.
    """

    def __init__(
        self, owner: str, custom_objects: Mapping[str, Any] | None = None, safe_mode: bool = True
    ) -> None:
        if custom_objects is not None and not isinstance(custom_objects, Mapping):
            raise OptionError(
                f"{owner}: expected `custom_objects` to be a dict, received {shown(custom_objects)}."
            )
        self.owner = owner
        self.safe_mode = safe_mode
        self.custom: dict[str, Any] = {**registered_functions(), **known_objects(), **(custom_objects or {})}
        self.depth = 0
        self.version = ""

    def whole(self, saved: Any) -> Layer:
        """Returns the model or layer that a JSON value, or its text, stands for.

        Raises:
            FormatError: it stands for none.
        """
        version = saved.get("keras_version") if isinstance(saved, Mapping) else None
        self.version = str(version)
        with self._custom_names(), naming_errors(self.owner):
            return self.layer(saved)

    def of_class(self, cls: Any, config: Any) -> Any:
        """Returns the model of a class that a config stands for."""
        if not isinstance(config, Mapping):
            raise FormatError(f"{self.owner}: expected the config to be an object, received {shown(config)}.")
        with self._custom_names(), naming_errors(self.owner):
            return cls._revive(config, self)

    @contextmanager
    def _custom_names(self) -> Iterator[None]:
        """Lets the registries know the caller's functions and classes for a while."""
        kinds: dict[type, Registry] = {
            initializers.Initializer: initializers.INITIALIZERS,
            regularizers.Regularizer: regularizers.REGULARIZERS,
            constraints.Constraint: constraints.CONSTRAINTS,
            optimizers.Optimizer: optimizers.OPTIMIZERS,
            Layer: LAYERS,
        }
        plain_functions = [activations.ACTIVATIONS, losses.LOSSES, metrics.METRICS]
        targets: list[tuple[Registry, str, Any]] = []
        for name, item in self.custom.items():
            if isinstance(item, type):
                found = [registry for base, registry in kinds.items() if issubclass(item, base)]
            else:
                found = plain_functions
            targets += [(registry, name, item) for registry in found]
        before = [(registry, dict(registry.items)) for registry, _, _ in targets]
        for registry, name, item in targets:
            registry.items[name] = item
        try:
            yield
        finally:
            for registry, items in reversed(before):
                registry.items.clear()
                registry.items.update(items)

    # Layers

    def layer(self, saved: Any) -> Layer:
        """Returns the layer, or nested model, that `{'class_name', 'config'}` stands for."""
        kind, config = class_and_config(saved, self.owner)
        if isinstance(config, list):  # how the first versions of Keras saved a stack
            config = {"layers": config}
        if not isinstance(config, Mapping):
            raise FormatError(
                f"{self.owner}: expected the config of {kind[:80]!r} to be an object, received {shown(config)}."
            )
        if kind in OPTIONS and kind not in {**self.custom, **LAYERS.items}:
            kind, options = OPTIONS[kind]
            config = {**config, **options}
        if kind in ("Resizing", "UpSampling2D", "CenterCrop") and self.version[:2] in ("1.", "2."):
            config = {"half_pixel_centers": True, **config}
        name = config.get("name")
        where = f"{self.owner}: {kind[:80]}{f' (layer {name[:80]!r})' if isinstance(name, str) else ''}"
        if "name" in config and not isinstance(name, (str, type(None))):
            raise FormatError(f"{where}: expected 'name' to be a string, received {shown(name)}.")
        self.depth += 1
        require_depth(self.depth, where)
        try:
            with naming_errors(where):
                cls = self._class(kind, saved, where)
                of_keras_3 = self._is_of_keras_3(saved) and not cls._is_model
                made = self._made(keras_form(cls) if of_keras_3 else cls, kind, config, where)
                _build_as(made, saved.get("build_config"))
                return made
        finally:
            self.depth -= 1

    def _is_of_keras_3(self, saved: Mapping[str, Any]) -> bool:
        """Returns whether names mean what they mean in Keras 3: by the version, else by the form."""
        if self.version.startswith(("1.", "2.")):
            return False
        return self.version.startswith("3.") or "module" in saved

    def _class(self, kind: str, saved: Mapping[str, Any], where: str) -> type[Layer]:
        """Returns the class of a layer: one of the caller's, one registered, or one of ours."""
        of_keras_3 = str(saved.get("module", "")).startswith(("keras.src.ops", "keras.ops"))
        if of_keras_3 or kind in ("TFOpLambda", "SlicingOpLambda"):  # which stand in graphs only
            library = "keras.ops" if of_keras_3 else "TensorFlow"
            raise FormatError(
                f"{where}: it is a function of {library}, no layer; make the model with layers, such as Add in place of +."
            )
        named = [each for each in (saved.get("registered_name"), kind) if isinstance(each, str)]
        for name in (*named, *(each.rpartition(">")[2] for each in named)):
            if isinstance(self.custom.get(name), type):
                return self.custom[name]
            for registry in (LAYERS, MODELS):
                known = [*registry.items, *registry.aliases]
                found = name if name in known else naming.nearest_spelling(name, known)
                if found is not None:
                    return registry.items[registry.aliases.get(found, found)]
            if name == TensorFlowOpLayer.__name__:
                return TensorFlowOpLayer
            declared = DECLARED.get(name)
            if declared is not None and issubclass(declared, Layer):
                return declared
        short = without_version(kind.rpartition(">")[2]).removeprefix("Sync")
        if short != kind and short in LAYERS.items:
            return LAYERS.items[short]
        raise OptionError(_unknown(where, kind))

    def _made(self, cls: type[Layer], kind: str, config: Mapping[str, Any], where: str) -> Layer:
        revive = getattr(cls, "_revive", None)
        config = config if _is_ours(cls) else _of_users(config, where)
        if _has_own_way(cls):
            made = cls.from_config(dict(config))
        elif revive is not None:
            made = revive(config, self)
        elif issubclass(cls, Lambda):
            made = self._lambda(cls, config, where)
        elif _is_ours(cls):
            made = cls(**self.options(cls, config, where))
        else:
            made = cls.from_config(dict(config))
        if not isinstance(made, Layer):
            raise FormatError(f"{where}: expected {kind!r} to be a layer, received {type(made).__name__}.")
        return made

    def options(self, cls: type[Configurable], config: Mapping[str, Any], where: str) -> dict[str, Any]:
        """Returns the options of a class of ours, with the objects that they name made."""
        given = known_options(cls.__name__, config, cls.fields, where)
        if cls.__name__ == "Bidirectional":
            given["layer"] = _without_direction(given.get("layer"))
        return {name: self._option(name, value, where, cls.dialect) for name, value in given.items()}

    def _option(self, name: str, value: Any, where: str, dialect: Dialect) -> Any:
        value = plain(value, where)
        if name in _LAYER_OPTIONS:
            if isinstance(value, list):
                return [self.layer(item) if is_object(item) else item for item in value]
            return self.layer(value) if is_object(value) else value
        if isinstance(value, str) and name.endswith("activation"):
            known = naming.nearest_spelling(value, activations.ACTIVATIONS.items) is not None
            return value if known else without_version(value)
        if not is_object(value):
            return value
        registry = _REGISTRIES.get(name.rpartition("_")[2])
        if registry is None:
            return value
        return self._named(registry.in_keras if dialect is KERAS else registry, value, where)

    def _named(self, registry: Registry, value: Mapping[str, Any], where: str) -> Any:
        """Returns an initializer, a regularizer and the like."""
        kind, config = class_and_config(value, where)
        if kind == "__lambda__":
            raise FormatError(f"{where}: it holds Python code, which is never run; {GIVE}")
        if (
            registry.kind == activations.ACTIVATIONS.kind
            and naming.nearest_spelling(kind, registry.items) is None
        ):
            return self.layer(value)
        own = value.get("registered_name")
        known = own if isinstance(own, str) and own in registry.items else kind
        item = registry.find(kind.rpartition(">")[2] if known not in registry.items else known, where)
        if isinstance(item, type) and issubclass(item, Configurable) and isinstance(config, Mapping):
            if _is_ours(item):
                config = {key: plain(each, where) for key, each in config.items()}
                config = known_options(kind, config, item.fields, where)
            return item.from_config(config)
        return item

    def _lambda(self, cls: type[Layer], config: Mapping[str, Any], where: str) -> Layer:
        """Returns a Lambda layer: with the caller's function of the layer's name, or the one that the file names."""
        saved = config.get("function")
        names = [config.get("name"), saved if isinstance(saved, str) else None]
        if isinstance(saved, Mapping) and isinstance(saved.get("config"), str):
            names.append(saved["config"])
        function = next(
            (self.custom[n] for n in names if isinstance(n, str) and callable(self.custom.get(n))), None
        )
        if function is None and isinstance(saved, Mapping) and is_object(saved):
            function = function_of(saved, self, f"under the name {config.get('name')!r:.80}")
        if function is None:
            wanted = " or ".join(repr(name) for name in names if isinstance(name, str))
            raise FormatError(
                f"{where}: a file's code is never run; {GIVE} under the name {wanted or 'of the layer'}."
            )
        known = {key: value for key, value in config.items() if key in cls.fields}
        kept = known_options("Lambda", known, cls.fields, where)
        given = {
            name: function_of(value, self)
            if is_object(value) and name in _FUNCTIONS_OF_LAMBDA
            else plain(value, where)
            for name, value in kept.items()
            if name != "function"
        }
        return cls(**given, function=function)


_FUNCTIONS_OF_LAMBDA = ("output_shape", "mask")


def _unknown(where: str, kind: str) -> str:
    known = [*LAYERS.items, *MODELS.items, *MODELS.aliases]
    short = kind.rpartition(">")[2]
    name = short if short.isidentifier() and len(short) < 40 else "MyLayer"
    return (
        f"{where}: there is no class of this name.{naming.suggestions(short, known, str)} A class of your own is made known "
        "before loading:\n"
        f"    class {name}(tf.layers.Layer): ...\n"
        f"    tf.serialization.registerClass({name})\n"
        "    model = await tf.loadLayersModel(...)"
    )


def _of_users(config: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Returns the config of a class of a user's own, with Keras's dtype policy as the name that it has."""
    found = dict(config)
    if isinstance(found.get("dtype"), Mapping):
        found["dtype"] = plain(found["dtype"], where)
    return found


def _build_as(made: Any, built: Any) -> None:
    """Builds a layer as its file says, unless it is built, or finds out by itself."""
    if not isinstance(built, Mapping) or not isinstance(made, Layer) or made.built:
        return
    own = getattr(made, "build_from_config", None)
    if own is not None and not _is_ours(type(made)):
        own(dict(built))
    elif made._is_model and isinstance(built.get("input_shape"), (list, Mapping)) and built["input_shape"]:
        made._ensure_built(as_shapes(built["input_shape"]))


def _has_own_way(cls: type) -> bool:
    """Returns whether a user's class says itself how it is made from a config."""
    owner = next(base for base in cls.__mro__ if "from_config" in vars(base))
    return not _is_ours(owner)


def _is_ours(cls: type) -> bool:
    return cls.__module__.partition(".")[0] == __name__.partition(".")[0]


def _without_direction(layer: Any) -> Any:
    """Returns the config of a layer within Bidirectional under the name that it had before: Keras 3 saves its copy's."""
    config = layer.get("config") if isinstance(layer, Mapping) else None
    name = config.get("name") if isinstance(config, Mapping) else None
    if not isinstance(name, str) or not isinstance(config, Mapping) or not name.startswith("forward_"):
        return layer
    return {**layer, "config": {**config, "name": name.removeprefix("forward_")}}


@contextmanager
def naming_errors(where: str) -> Iterator[None]:
    """Turns what code raises that meets a config of the wrong form into a FormatError that says where."""
    try:
        yield
    except TfError as error:
        text = str(error)
        if len(text) > _LONGEST:
            error.args = (f"{text[:_LONGEST]}... ({len(text)} characters)",)
        raise
    except _BROKEN as error:
        raise FormatError(
            f"{where}: the config cannot be read: {type(error).__name__}: {str(error)[:200]}"
        ) from error


def parsed(text: Any, owner: str) -> Any:
    """Returns a JSON value, given as it is or as text.

    Raises:
        FormatError: the text is no JSON.
    """
    if not isinstance(text, (str, bytes, bytearray)):
        return text
    try:
        return json.loads(text)
    except RecursionError:
        raise FormatError(f"{owner}: the JSON is nested too deep.") from None
    except ValueError as error:
        raise FormatError(
            f"{owner}: expected JSON, received {len(text)} characters that are none: {error}"
        ) from None


__all__ = ["MODELS", "Reviver", "parsed"]
