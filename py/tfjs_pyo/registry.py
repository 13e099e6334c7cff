"""Named classes and functions, found by any spelling: what options such as `activation='relu'` stand for."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any

from tfjs_pyo import naming, options
from tfjs_pyo.config import DECLARED, Configurable
from tfjs_pyo.errors import OptionError
from tfjs_pyo.forms import keras_form


class Registry:
    """Named classes or functions of one kind: made from a name, a config dict, or taken as they are.

    Args:
        kind: what errors call them.
        items: classes (instantiated when asked for by name) or functions.
        aliases: further names, each for the name of an item.
        always: whether an object of this kind is needed, so that None stands for the default of a field.
    """

    def __init__(
        self, kind: str, items: Sequence[Any], aliases: Mapping[str, str] | None = None, always: bool = False
    ) -> None:
        self.kind = kind
        self.always = always
        self.items: dict[str, Any] = {item.__name__: item for item in items}
        self.aliases = dict(aliases or {})
        naming.refuse_collisions(kind, [*self.items, *self.aliases])

    @functools.cached_property
    def in_keras(self) -> Registry:
        """The same classes and functions, where names mean Keras's forms of them."""
        return _KerasRegistry(self)

    def register(self, item: Any, name: str | None = None) -> None:
        """Adds a class or function of your own."""
        self.items[name or item.__name__] = item

    def add_aliases(self, aliases: Mapping[str, str]) -> None:
        """Adds further names, each for the name of an item."""
        self.aliases.update(aliases)
        naming.refuse_collisions(self.kind, [*self.items, *self.aliases])

    def find(self, name: Any, owner: str) -> Any:
        """Returns the class or function of this name, in any spelling.

        Args:
            name: any spelling of an item's name or alias.
            owner: who asks, for errors.
        """
        known = [*self.items, *self.aliases]
        found = naming.nearest_spelling(name, known) if isinstance(name, str) else None
        if found is None and name in DECLARED:
            return DECLARED[name]
        if found is None:
            spelled = naming.snake if "_" in str(name) else None  # as whoever misspelt it writes names
            near = naming.suggestions(str(name), known, spelled)
            raise OptionError(f"{owner}: there is no {self.kind} named {name!r}.{near}")
        return self.items[self.aliases.get(found, found)]

    def get(self, value: Any, owner: str | None = None) -> Any:
        """Returns an item for a name, a `{'className', 'config'}` dict, a class, or the item itself.

        Args:
            value: what the user gave.
            owner: who asks, for errors.

        Raises:
            OptionError: an unknown name, or no item at all.
        """
        owner = owner or self.kind
        if isinstance(value, str):
            item = self.find(value, owner)
            return item() if isinstance(item, type) else item
        if isinstance(value, Mapping):
            config = naming.require_config(owner, value)
            keys = {naming.fold(key): entry for key, entry in config.items()}
            if "classname" not in keys:
                raise OptionError(
                    f"{owner}: expected a config of {self.kind} with 'className', received {dict(value)!r}."
                )
            item = self.find(keys["classname"], owner)
            if isinstance(item, type) and issubclass(item, Configurable):
                return item.from_config(keys.get("config", {}))
            config = naming.require_config(owner, keys.get("config", {}))
            return item(**config) if isinstance(item, type) else item
        if isinstance(value, type):
            value = _made(value, owner)
        if callable(value) or isinstance(value, Configurable):
            return value
        raise OptionError(
            f"{owner}: expected {self.kind} to be a name, a config or an object, received {options.shown(value)} of type "
            f"{type(value).__name__}."
        )

    def convert(self, owner: str, name: str, value: Any) -> Any:
        """`get`, as the conversion of a field."""
        return self.get(value, f"{owner}: {naming.camel(name)!r}" if name else owner)


def _made(kind: type, owner: str) -> Any:
    """Returns an object of a class that was given in the place of one."""
    try:
        return kind()
    except TypeError as error:
        raise OptionError(
            f"{owner}: expected an object, or a class that is made without arguments, received {kind.__name__}: {error}."
        ) from error


class _KerasRegistry(Registry):
    """A registry where names mean Keras's forms."""

    def __init__(self, registry: Registry) -> None:
        self.kind, self.always = registry.kind, registry.always
        self.items, self.aliases = registry.items, registry.aliases

    def find(self, name: Any, owner: str) -> Any:
        return keras_form(super().find(name, owner))

    def get(self, value: Any, owner: str | None = None) -> Any:
        return super().get(keras_form(value) if isinstance(value, (type, FunctionType)) else value, owner)


__all__ = ["Registry"]
