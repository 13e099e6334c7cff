"""`keras.utils`: symbolic tensors, parts of batches, a dict with attributes, the state of a program."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from typing import Any

from tfjs_pyo.errors import ArgumentError
from tfjs_pyo.layers.symbols import SymbolicTensor
from tfjs_pyo.naming import reset_keras_names


def is_keras_tensor(x: Any) -> bool:
    """Returns whether x is symbolic: what layers give while a model is put together.

    Args:
        x: anything.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.Input((3,))
        >>> keras.backend.is_keras_tensor(x), keras.backend.is_keras_tensor(keras.ops.ones([3]))
        (True, False)

    Source: https://keras.io/api/utils/python_utils/
    """
    return isinstance(x, SymbolicTensor)


def get_source_inputs(tensor: Any) -> list[Any]:
    """Returns the inputs that a symbolic tensor is computed from.

    Args:
        tensor: symbolic tensor.

    Raises:
        ArgumentError: it is not symbolic.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.Input((2,), name="x")
        >>> [each.name for each in keras.utils.get_source_inputs(keras.layers.Dense(3)(x))]
        ['x']

    Source: https://keras.io/api/utils/python_utils/
    """
    if not is_keras_tensor(tensor):
        raise ArgumentError(
            f"get_source_inputs: expected a symbolic tensor, received {type(tensor).__name__}."
        )
    found: list[Any] = []
    seen: set[int] = set()
    stack = [tensor]
    while stack:
        each = stack.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if each.inputs:
            stack.extend(reversed(each.inputs))
        else:
            found.append(each)
    return found


def clear_session(free_memory: bool = True) -> None:
    """Lets names of layers begin anew, and frees what nothing refers to.

    Args:
        free_memory: whether memory is collected now.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.clear_session()
        >>> keras.layers.Dense(1).name, keras.layers.Dense(1).name
        ('dense', 'dense_1')
        >>> keras.backend.clear_session()
        >>> keras.layers.Dense(1).name
        'dense'

    Source: https://keras.io/api/utils/config_utils/#clear_session-function
    """
    reset_keras_names()
    if free_memory:
        gc.collect()


class Config:
    """A dict whose entries are attributes, too.

    Args:
        **kwargs: the entries.

    Example:
        >>> from tfjs_pyo import keras
        >>> config = keras.utils.Config(units=3)
        >>> config.units, config["units"], list(config)
        (3, 3, ['units'])

    Source: https://keras.io/api/utils/experiment_management_utils/
    """

    def __init__(self, **kwargs: Any) -> None:
        vars(self)["_entries"] = dict(kwargs)
        vars(self)["_frozen"] = False

    def __getattr__(self, name: str) -> Any:
        entries: dict[str, Any] = vars(self).get("_entries", {})
        if name not in entries:
            raise AttributeError(f"Config: there is no entry {name!r}, only {', '.join(entries) or 'none'}.")
        return entries[name]

    def __setattr__(self, name: str, value: Any) -> None:
        self._change()
        self._entries[name] = value

    def __delattr__(self, name: str) -> None:
        self._change()
        del self._entries[name]

    __getitem__ = __getattr__
    __setitem__ = __setattr__
    __delitem__ = __delattr__

    def _change(self) -> None:
        if vars(self)["_frozen"]:
            raise ArgumentError("Config: it is frozen; call unfreeze() to change it.")

    def freeze(self) -> None:
        """Allows no more changes.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3)
            >>> config.freeze()
            >>> config.units = 4
            Traceback (most recent call last):
                ...
            tfjs_pyo.errors.ArgumentError: Config: it is frozen; call unfreeze() to change it.
        """
        vars(self)["_frozen"] = True

    def unfreeze(self) -> None:
        """Allows changes again.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3)
            >>> config.freeze()
            >>> config.unfreeze()
            >>> config.units = 4
            >>> config.units
            4
        """
        vars(self)["_frozen"] = False

    def as_dict(self) -> dict[str, Any]:
        """Returns the entries as a dict.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.utils.Config(units=3, rate=0.1).as_dict()
            {'units': 3, 'rate': 0.1}
        """
        return dict(self._entries)

    def to_json(self) -> str:
        """Returns the entries as JSON.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.utils.Config(units=3, rate=0.1).to_json()
            '{"units": 3, "rate": 0.1}'
        """
        return json.dumps(self._entries)

    def keys(self) -> Any:
        """Returns the names.

        Example:
            >>> from tfjs_pyo import keras
            >>> list(keras.utils.Config(units=3, rate=0.1).keys())
            ['units', 'rate']
        """
        return self._entries.keys()

    def items(self) -> Any:
        """Returns names and values.

        Example:
            >>> from tfjs_pyo import keras
            >>> list(keras.utils.Config(units=3, rate=0.1).items())
            [('units', 3), ('rate', 0.1)]
        """
        return self._entries.items()

    def values(self) -> Any:
        """Returns the values.

        Example:
            >>> from tfjs_pyo import keras
            >>> list(keras.utils.Config(units=3, rate=0.1).values())
            [3, 0.1]
        """
        return self._entries.values()

    def pop(self, name: str, *default: Any) -> Any:
        """Takes an entry out.

        Args:
            name: of the entry.
            *default: what is returned where there is no such entry; without it that is a KeyError.

        Returns:
            The value that it had.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3, rate=0.1)
            >>> config.pop("rate"), list(config), config.pop("rate", None)
            (0.1, ['units'], None)
        """
        self._change()
        return self._entries.pop(name, *default)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Changes entries, or adds some.

        Args:
            *args: a dict, or pairs of names and values.
            **kwargs: further entries.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3)
            >>> config.update({"units": 4}, rate=0.1)
            >>> config
            <Config {'units': 4, 'rate': 0.1}>
        """
        self._change()
        self._entries.update(*args, **kwargs)

    def get(self, name: str, default: Any = None) -> Any:
        """Returns an entry, or a default.

        Args:
            name: of the entry.
            default: what is returned where there is no such entry.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3)
            >>> config.get("units"), config.get("rate", 0.5)
            (3, 0.5)
        """
        return self._entries.get(name, default)

    def setdefault(self, name: str, default: Any = None) -> Any:
        """Returns an entry, which is added if it is not there.

        Args:
            name: of the entry.
            default: its value where it is added.

        Example:
            >>> from tfjs_pyo import keras
            >>> config = keras.utils.Config(units=3)
            >>> config.setdefault("units", 8), config.setdefault("rate", 0.5)
            (3, 0.5)
            >>> config
            <Config {'units': 3, 'rate': 0.5}>
        """
        if name not in self._entries:
            self._change()
        return self._entries.setdefault(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def __repr__(self) -> str:
        return f"<Config {self._entries}>"


__all__ = ["Config", "clear_session", "get_source_inputs", "is_keras_tensor"]
