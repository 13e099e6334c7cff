"""Configured objects: one line per field gives constructor, attribute, config, errors. Layers, optimizers and others."""

from __future__ import annotations

import inspect
import math
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType, MappingProxyType
from typing import Any, ClassVar, Self

from tfjs_pyo import naming, options
from tfjs_pyo.dialects import TFJS, Dialect
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError
from tfjs_pyo.rules import Rule, rule_of

REQUIRED = object()
Convert = Callable[[str, str, Any], Any]
"""`(owner, field name, value) -> value`: checks and converts; raises OptionError."""


class Field:
    """A declared field; see `field`."""

    def __init__(
        self,
        default: Any,
        convert: Convert | None,
        keyword_only: bool,
        saved: bool,
        argument: str | None = None,
    ) -> None:
        self.default = default
        self.convert = convert
        self.keyword_only = keyword_only
        self.saved = saved
        self.argument = argument
        self.none_is_default = False
        """Whether the field cannot be None, which stands for the default, as undefined does in TF.js."""
        self.never_none = False
        """Whether the field must be given, and not as None."""
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        if self.argument is None:
            self.argument = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        try:
            return instance.__dict__[self.name]
        except KeyError:
            raise AttributeError(
                f"{owner.__name__}: {self.name!r} is not set; call super().__init__() first."
            ) from None

    def __set__(self, instance: Any, value: Any) -> None:
        value = options.plain(value)
        if self.convert is not None and value is not None:
            value = self.convert(instance.display_name, self.name, value)
        instance.__dict__[self.name] = value


def field(
    default: Any = REQUIRED,
    convert: Convert | None = None,
    *,
    keyword_only: bool = False,
    saved: bool = True,
    argument: str | None = None,
) -> Any:
    """Declares a field of a Configurable.

    Args:
        default: value if the field is not given; without one it must be.
        convert: checks and converts a value that is not None.
        keyword_only: whether it has no place among the positional arguments.
        saved: whether it is part of the config.
        argument: what users call it, where it cannot have the name of the attribute; '' if it cannot be given.
    """
    return Field(default, convert, keyword_only, saved, argument)


class shown:  # noqa: N801 (used as property is)
    """A property that an attribute of the same name replaces: users may want that name."""

    def __init__(self, text: Callable[[Any], Any]) -> None:
        self.text = text
        self.__doc__ = text.__doc__

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else self.text(instance)


@naming.spell_methods
class Configurable:
    """Base of everything that is made from a config.

    Example:
        >>> class Scale(Configurable):
        ...     factor: int = field(convert=positive_int)
        ...     axis: int = field(-1)
        >>> Scale({"factor": 2}).get_config() == Scale(2).get_config() == {"factor": 2, "axis": -1}
        True
    """

    dialect: ClassVar[Dialect] = TFJS
    """The API that the class is part of."""
    fields: ClassVar[dict[str, Field]] = {}
    """The fields in the order of their positions: a base's first, also where a subclass declares them anew."""
    further: ClassVar[tuple[str, ...]] = ()
    """What users set besides fields and properties, such as `stop_training`: it has spellings as well."""
    settable: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """What has other spellings when it is set: fields, settable properties, and what is `further`; by folded names."""
    __signature__: ClassVar[inspect.Signature]

    def __init_subclass__(cls, dialect: Dialect | None = None, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if dialect is not None:
            cls.dialect = dialect
        naming.spell_methods(cls)
        own = {name: value for name, value in vars(cls).items() if isinstance(value, Field)}
        inherited: dict[str, Field] = {}
        for base in cls.__bases__:
            inherited = {
                **inherited,
                **{n: f for n, f in getattr(base, "fields", {}).items() if n not in inherited},
            }
        redeclared = {name: own.get(name, f) for name, f in inherited.items()}
        cls.fields = {**redeclared, **own}
        cls.settable = MappingProxyType(
            {naming.fold(name): name for name in (*cls.fields, *_set_by_users(cls)) if name[0] != "_"}
        )
        _read_annotations(cls, own)
        cls.__signature__ = _signature(cls.fields)
        name = declared_name(cls)
        if name is not None:
            DECLARED[name] = cls

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        owner = self.display_name
        fields = type(self).fields
        known = [(f.argument, f.keyword_only) for f in fields.values() if f.argument]
        places = [name for name, keyword_only in known if not keyword_only]
        others = [name for name, keyword_only in known if keyword_only]
        given = naming.arguments(owner, places, args, kwargs, others, type(self).field_aliases)
        for name, f in fields.items():
            value = given.get(f.argument, f.default) if f.argument else f.default
            if value is None and f.none_is_default:
                value = f.default
            if value is REQUIRED or (value is None and f.never_none):
                raise ArgumentError(
                    f"{owner}: expected the argument {naming.camel(name)!r}, which is missing."
                )
            setattr(self, name, value)

    field_aliases: ClassVar[Mapping[str, str]] = {}
    """Further names of fields, which Keras has for them."""

    @shown
    def display_name(self) -> str:
        """What errors call this object."""
        return naming.camel(type(self).__name__)

    @classmethod
    def saved_class_name(cls) -> str:
        """Returns the class that a saved config names: one that can be made from what `get_config` gives."""
        return vars(cls).get("registered_name") or declared_name(cls) or cls.__name__

    def get_class_name(self) -> str:
        """Returns the name under which such an object is saved."""
        return self.saved_class_name()

    registered_name: ClassVar[str | None] = None
    """The name under which a class of a user's own was registered."""

    def get_config(self) -> dict[str, Any]:
        """Returns the fields as JSON values; `from_config` takes them."""
        return {name: serialized(getattr(self, name)) for name, f in type(self).fields.items() if f.saved}

    @classmethod
    def from_config(cls, config: Mapping[str, Any]) -> Self:
        """Returns an object made from what `get_config` gave."""
        return cls(config) if _takes_config(cls, config) else cls(**config)

    def __getattr__(self, name: str) -> Any:
        if not name.startswith("__") and any(declared not in vars(self) for declared in type(self).fields):
            raise NameNotFoundError(
                f"{type(self).__name__}: there is no {name!r} yet. Does its __init__ call super().__init__() first?"
            )
        return naming.attribute(self, name)

    def __setattr__(self, name: str, value: Any) -> None:
        """Sets an attribute; one that is declared, under its own name: `model.stopTraining = True`.

        Whatever else a user sets stays under the name that was given, so that it can be read back.
        """
        if name[0].islower() and not name.islower():
            name = type(self).settable.get(naming.fold(name), name)
        object.__setattr__(self, name, value)

    def __dir__(self) -> list[str]:
        """The names that users may rely on: not those of how fields are declared."""
        public = [name for name in super().__dir__() if name not in _OF_DECLARATIONS]
        if type(self).dialect.every_spelling:
            return naming.spellings(public)
        own = vars(self)
        return sorted(n for n in public if n[0] != "_" and (n in own or n == naming.snake(n)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items() if v is not None)
        return f"{type(self).__name__}({shown})"


_OF_DECLARATIONS = frozenset(
    naming.spellings(
        (
            "dialect",
            "display_name",
            "field_aliases",
            "fields",
            "further",
            "registered_name",
            "saved_class_name",
            "settable",
        )
    )
)
"""What the package's classes have because their options are declared."""


def _read_annotations(owner: type[Configurable], own: Mapping[str, Field]) -> None:
    """Notes what annotations say of a class's fields: which cannot be None, and the values of those without a conversion."""
    if owner.__module__.partition(".")[0] != __name__.partition(".")[0]:
        return  # classes of users say themselves what None means to them
    hints = {name: str(hint) for name, hint in inspect.get_annotations(owner).items()}

    def cannot_be(name: str, f: Field) -> bool:
        registry = getattr(f.convert, "__self__", None)
        if isinstance(registry, Registry):
            return registry.always
        words = set(re.findall(r"\w+", hints.get(name, "object")))
        return "None" not in words and (f.convert is not None or not words & {"Any", "object"})

    names = vars(sys.modules[owner.__module__])
    for name, f in own.items():
        f.none_is_default = f.default not in (None, REQUIRED) and cannot_be(name, f)
        f.never_none = f.default is REQUIRED and cannot_be(name, f)
        if f.convert is None and (rule := rule_of(hints.get(name, "object"), names)) is not None:
            f.convert = _by(rule)


def by_annotation(annotation: Any) -> Convert:
    """Returns what an annotation says of values as a conversion, for fields that type checkers know as something else.

    Raises:
        OptionError: it says nothing of values.
    """
    rule = rule_of(annotation, {})
    if rule is None:
        raise OptionError(f"by_annotation: expected types of options, received {annotation!r}.")
    return _by(rule)


def _by(rule: Rule) -> Convert:
    """Returns a rule as the conversion of a field."""
    return lambda owner, name, value: rule(owner, repr(naming.camel(name)), value)


DECLARED: dict[str, type[Configurable]] = {}
"""Classes of users that say what they are called (`className`), by that name: they are found without being registered."""


def declared_name(cls: type) -> str | None:
    """Returns what a class says that it is called, as in TensorFlow.js: an attribute `className`, or a static method."""
    found = next((vars(cls)[name] for name in ("className", "class_name") if name in vars(cls)), None)
    found = getattr(cls, "className", None) if isinstance(found, (staticmethod, classmethod)) else found
    found = found() if callable(found) else found
    return found if isinstance(found, str) else None


def _takes_config(cls: type, config: Mapping[str, Any]) -> bool:
    """Returns whether a class of a user's own is made from one dict, as in TensorFlow.js: `__init__(self, config)`."""
    made = vars(next(base for base in cls.__mro__ if "__init__" in vars(base)))["__init__"]
    if not isinstance(made, FunctionType) or made.__module__.startswith(f"{__name__.partition('.')[0]}."):
        return False
    parameters = list(inspect.signature(made).parameters.values())[1:]
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return len(parameters) == 1 and parameters[0].kind in kinds and parameters[0].name not in config


def _set_by_users(owner: type[Configurable]) -> list[str]:
    """Returns the names of attributes of a class that can be set and are no fields."""
    found = [name for base in owner.__mro__ for name in vars(base).get("further", ())]
    for base in owner.__mro__:
        found += [n for n, p in vars(base).items() if isinstance(p, property) and p.fset and n[0] != "_"]
    return found


def _signature(fields: Mapping[str, Field]) -> inspect.Signature:
    """Returns the signature that `help` and editors show for a class with these fields."""
    parameters = []
    for keyword_only in (False, True):
        kind = inspect.Parameter.KEYWORD_ONLY if keyword_only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        for declared in fields.values():
            if declared.keyword_only is keyword_only and declared.argument:
                default = inspect.Parameter.empty if declared.default is REQUIRED else declared.default
                parameters.append(inspect.Parameter(declared.argument, kind, default=default))
    parameters.sort(key=lambda p: (p.kind, p.default is not inspect.Parameter.empty))
    return inspect.Signature(parameters)


def serialized(value: Any) -> Any:
    """Returns a value as JSON: objects as class name and config, functions by name, tuples as lists."""
    if isinstance(value, Configurable):
        return {"class_name": value.saved_class_name(), "config": value.get_config()}
    if isinstance(value, (tuple, list)):
        return [serialized(item) for item in value]
    if callable(value):
        return getattr(value, "__name__", repr(value))
    return value


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
            raise OptionError(
                f"{owner}: there is no {self.kind} named {name!r}.{naming.suggestions(str(name), known)}"
            )
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
            keys = {naming.fold(key): entry for key, entry in value.items()}
            if "classname" not in keys:
                raise OptionError(
                    f"{owner}: expected a config of {self.kind} with 'className', received {dict(value)!r}."
                )
            item = self.find(keys["classname"], owner)
            if isinstance(item, type) and issubclass(item, Configurable):
                return item.from_config(keys.get("config", {}))
            return item(**keys.get("config", {})) if isinstance(item, type) else item
        if isinstance(value, type):
            return value()
        if callable(value) or isinstance(value, Configurable):
            return value
        raise OptionError(
            f"{owner}: expected {self.kind} to be a name, a config or an object, received {value!r} of type "
            f"{type(value).__name__}."
        )

    def convert(self, owner: str, name: str, value: Any) -> Any:
        """`get`, as the conversion of a field."""
        return self.get(value, f"{owner}: {naming.camel(name)!r}" if name else owner)


# Conversions for fields


LARGEST = 2**31 - 1
"""What sizes and counts are at most: they are int32 on devices."""


def positive_int(owner: str, name: str, value: Any) -> int:
    """Returns a positive integer."""
    found = options.whole(value)
    if found is None or not 0 < found <= LARGEST:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a positive integer, received {options.shown(value)}."
        )
    return found


def positive_ints(count: int) -> Convert:
    """Returns a conversion to `count` positive integers; a single one is repeated."""

    def convert(owner: str, name: str, value: Any) -> tuple[int, ...]:
        single = options.whole(value)
        given = options.whole_items(value) if single is None else (single,) * count
        if given is None or len(given) != count or any(not 0 < v <= LARGEST for v in given):
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a positive integer or {count} of them, received {value!r}."
            )
        return given

    return convert


def whole_numbers(owner: str, name: str, value: Any) -> tuple[int, ...]:
    """Returns a tuple of integers."""
    given = options.whole_items(value)
    if given is None:
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a list of integers, received {value!r}."
        )
    return given


def choice(*known: str) -> Convert:
    """Returns a conversion to one of the given option strings, in any spelling."""

    def convert(owner: str, name: str, value: Any) -> str:
        found = naming.nearest_spelling(value, known) if isinstance(value, str) else None
        if found is None:
            listed = ", ".join(repr(naming.camel(o)) for o in known)
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be one of {listed}, received {value!r}."
            )
        return found

    return convert


def number(low: float | None = None, high: float | None = None, open_high: bool = False) -> Convert:
    """Returns a conversion to a number within bounds (`open_high`: below the upper one)."""

    def convert(owner: str, name: str, value: Any) -> float:
        found = options.real(value)
        found = None if found is None or math.isnan(found) else found
        above = found is not None and (low is None or found >= low)
        below = found is not None and (high is None or (found < high if open_high else found <= high))
        if found is None or not above or not below:
            bounds = f" from {low}" if low is not None else ""
            bounds += f" {'below' if open_high else 'to'} {high}" if high is not None else ""
            raise OptionError(
                f"{owner}: expected {naming.camel(name)!r} to be a number{bounds}, received {value!r}."
            )
        return float(found)

    return convert


def shape(owner: str, name: str, value: Any) -> tuple[int | None, ...]:
    """Returns a shape without batch; None stands for an unknown dimension."""
    single = options.whole(value)
    given = options.items(value) if single is None else [single]
    dims = [None if dim is None else options.whole(dim) for dim in given or ()]
    unknown = [dim is None for dim in given or ()]
    if given is None or [d is None for d in dims] != unknown or any(d is not None and d < 0 for d in dims):
        raise OptionError(
            f"{owner}: expected {naming.camel(name)!r} to be a list of dimensions, received {value!r}."
        )
    return tuple(dims)
