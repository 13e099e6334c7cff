"""Functions in files: by their names; or as code, which is run only where whoever loads the file allows it."""

from __future__ import annotations

import base64
import marshal
from collections.abc import Mapping
from types import CellType, FunctionType
from typing import Any, Protocol

from tfjs_pyo import activations
from tfjs_pyo.errors import FormatError, OptionError
from tfjs_pyo.losses.functions import LOSSES
from tfjs_pyo.metrics.keras_functions import FUNCTIONS as METRIC_FUNCTIONS
from tfjs_pyo.models.loading.configs import shown
from tfjs_pyo.ops.declare import public_function
from tfjs_pyo.serialization import registered_object

_FUNCTIONS: dict[str, Any] = {
    "activations": activations.ACTIVATIONS.in_keras.items, "losses": LOSSES.in_keras.items, "metrics": METRIC_FUNCTIONS,
}  # fmt: skip
GIVE = "give the function in custom_objects={'name': function}"


class Knowing(Protocol):
    """What knows the user's functions while a file is read, and whether code may be run; see `reviving.Reviver`."""

    owner: str
    custom: dict[str, Any]
    safe_mode: bool


def function_of(value: Mapping[str, Any], reviver: Knowing, how: str = "") -> Any:
    """Returns the function of a name, or where it is allowed the one whose code is there.

    Args:
        value: its JSON.
        reviver: that knows the user's functions, and whether code may be run.
        how: the caller's way to give the function otherwise, for errors.

    Raises:
        FormatError: code that is not to be run, or that this Python does not know.
        OptionError: there is no such function.
    """
    name = value.get("config")
    if value.get("class_name") == "__lambda__":
        return _from_code(name, reviver, how)
    if not isinstance(name, str):
        raise FormatError(f"{reviver.owner}: expected the name of a function, received {shown(name)}.")
    for each in (name, value.get("registered_name"), name.rpartition(">")[2]):
        own = reviver.custom.get(each) if isinstance(each, str) and each != "function" else None
        own = own if own is not None else registered_object(str(each))
        if own is not None:
            return own
    module = str(value.get("module") or "")
    words = module.split(".")
    if "ops" in words and (found := public_function(f"keras.ops.{name}")) is not None:
        return found
    places = [_FUNCTIONS[word] for word in reversed(words) if word in _FUNCTIONS] or [*_FUNCTIONS.values()]
    found = next((items[name] for items in places if name in items), None)
    if found is None:
        raise OptionError(
            f"{reviver.owner}: there is no function {name[:80]!r} among custom_objects; {GIVE}."
        )
    return found


def _from_code(config: Any, reviver: Knowing, how: str) -> Any:
    """Returns a function that is in a file as code: marshalled, base64; with defaults and what its closure holds."""
    if reviver.safe_mode:
        raise FormatError(
            f"{reviver.owner}: it holds Python code, which is not run; {GIVE}{' ' if how else ''}{how}, "
            "or, if you trust whoever made the file, pass "
            "safe_mode=False to keras.models.load_model."
        )
    if isinstance(config, Mapping):
        config = config.get("value", [config.get(key) for key in ("code", "defaults", "closure")])
    code, defaults, closure = config if isinstance(config, list) and len(config) == 3 else (None, None, None)
    try:
        compiled = marshal.loads(base64.b64decode(str(code)))  # noqa: S302 (the caller allowed it)
        cells = tuple(CellType(each) for each in closure or ())
        known = {**reviver.custom, "__builtins__": __builtins__}
        return FunctionType(compiled, known, compiled.co_name, tuple(defaults) if defaults else None, cells)
    except (ValueError, EOFError, TypeError, AttributeError) as error:
        raise FormatError(
            f"{reviver.owner}: the code of a function cannot be read; it was written by another version of Python, or is "
            f"broken: {error}. {GIVE[0].upper()}{GIVE[1:]}."
        ) from error


__all__ = ["GIVE", "function_of"]
