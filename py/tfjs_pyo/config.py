"""Configured objects: one line per field gives constructor, attribute, config, errors. Layers, optimizers and others."""

from __future__ import annotations

import copy
import inspect
import math
import re
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import EllipsisType, MappingProxyType
from typing import Any, ClassVar, Self

from tfjs_pyo import naming, options
from tfjs_pyo.dialects import KERAS, TFJS, Dialect
from tfjs_pyo.documenting import Documentation, OfClass, options_of, text_of
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError
from tfjs_pyo.forms import FORMS, declared_name, defining, is_ours, takes_config, tfjs_bases
from tfjs_pyo.nests import require_end
from tfjs_pyo.rules import Rule, rule_of

REQUIRED = object()
Order = tuple[str | EllipsisType, ...]
"""The order of the places of fields."""
Convert = Callable[[str, str, Any], Any]
"""`(owner, field name, value) -> value`: checks and converts; raises OptionError."""


class ByClass:
    """A default of Keras's that depends on the class, such as the name of a loss."""

    def __init__(self, of: Callable[[type], Any]) -> None:
        self.of = of


SAME = object()  # stands for a default that is the same in both APIs


class Field:
    """A declared field; see `field`."""

    def __init__(
        self,
        default: Any,
        convert: Convert | None,
        keyword_only: bool = False,
        saved: bool | Dialect = True,
        argument: str | None = None,
        keras: Any = SAME,
        keras_name: str | None = None,
        doc: str | None = None,
    ) -> None:
        self.default = default
        self.convert = convert
        self.keyword_only = keyword_only
        self.saved = saved
        self.argument = argument
        self.keras = keras
        self.keras_name = keras_name
        self.doc = doc
        self.fallback = default
        """What stands in the place of None, where the field cannot be None."""
        self.declared = self
        """The field as it was declared: this one, or that of which this is Keras's form."""
        self.none_is_default = False
        """Whether the field cannot be None, which stands for the default, as undefined does in TF.js."""
        self.never_none = False
        """Whether the field must be given, and not as None."""
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        if self.argument is None:
            self.argument = name
        if self.keras_name == "":
            self.keras_name = name

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

    def in_keras(self, owner: type) -> Field:
        """Returns Keras's form of the field for a class: with Keras's default and name."""
        given = self.declared
        if given is not self and not isinstance(given.keras, ByClass):
            return self
        default = given.keras.of(owner) if isinstance(given.keras, ByClass) else given.keras
        registry: Any = getattr(given.convert, "__self__", None)
        form = copy.copy(given)
        form.declared = given
        form.argument = "" if given.saved is TFJS else given.keras_name or given.argument
        if hasattr(registry, "in_keras"):
            form.convert = registry.in_keras.convert
        if default is not SAME:
            form.default = default
            form.fallback = given.default if default is None else default
            form.none_is_default = given.none_is_default or (default is None and given.default is not None)
        return form

    def name_in(self, dialect: Dialect) -> str:
        """Returns what configs of an API call the field."""
        return self.keras_name or self.name if dialect is KERAS else self.name

    def is_saved(self, dialect: Dialect) -> bool:
        """Returns whether the field is part of configs of an API."""
        return self.saved if isinstance(self.saved, bool) else self.saved is dialect


def field(
    default: Any = REQUIRED,
    convert: Convert | None = None,
    *,
    keyword_only: bool = False,
    saved: bool | Dialect = True,
    argument: str | None = None,
    keras: Any = SAME,
    keras_name: str | None = None,
    doc: str | None = None,
) -> Any:
    """Declares a field of a Configurable.

    Args:
        default: value if the field is not given; without one it must be.
        convert: checks and converts a value that is not None.
        keyword_only: whether it has no place among the positional arguments.
        saved: whether it is part of the config; a dialect if only of that of one API.
        argument: what users call it, where it cannot have the name of the attribute; '' if it cannot be given.
        keras: Keras's default, where it is another one; None for 'as TensorFlow.js has it' where a field cannot be None.
        keras_name: Keras's name, where it is another one.
        doc: what it means, where its class and `meanings.py` do not say it.
    """
    return Field(default, convert, keyword_only, saved, argument, keras, keras_name, doc)


def keras_field(
    default: Any,
    convert: Convert | None = None,
    *,
    saved: bool = True,
    keyword_only: bool = False,
    keras: Any = SAME,
    doc: str | None = None,
) -> Any:
    """Declares a field that only Keras has.

    Args:
        default: value if it is not given, and always in TensorFlow.js's API.
        convert: checks and converts a value that is not None.
        saved: whether it is part of Keras's configs.
        keyword_only: whether it has no place among the positional arguments.
        keras, doc: the default that Keras shows, where it is another one, and what it means; see `field`.
    """
    return Field(default, convert, keyword_only, KERAS if saved else False, "", keras, "", doc)


def unsupported(what: str) -> Convert:
    """Returns a conversion of a field that takes nothing but its default, as this package has not what others ask for.

    Args:
        what: it is, in a sentence: "LoRA is not available here".
    """

    def convert(owner: str, name: str, value: Any) -> Any:
        if value is False:
            return value
        raise OptionError(f"{owner}: {name} = {value!r}: {what}.")

    return convert


_written: ContextVar[Dialect | None] = ContextVar("written", default=None)


@contextmanager
def writing(dialect: Dialect) -> Iterator[None]:
    """Makes configs in the words of one API inside, for its files; each object's own otherwise."""
    token = _written.set(dialect)
    try:
        yield
    finally:
        _written.reset(token)


def written_dialect(kind: type[Configurable]) -> Dialect:
    """Returns in whose words configs of a class are made now."""
    return _written.get() or kind.dialect


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
        >>> import tfjs_pyo as tf
        >>> issubclass(tf.layers.Dense, tf.serialization.Serializable)
        True
        >>> tf.regularizers.l1l2({"l1": 0.5}).getConfig()
        {'l1': 0.5, 'l2': 0.01}
    """

    _internal: ClassVar[tuple[str, ...]] = (
        "dialect", "display_name", "fields", "further", "keras_class_name", "keras_module", "order", "other_names",
        "registered_name", "saved_class_name", "settable", "tfjs_class_name",
    )  # fmt: skip
    """What is no name for users: of this class because options are declared; see `naming.visible`."""
    dialect: ClassVar[Dialect] = TFJS
    """The API that the class is part of."""
    keras_module: ClassVar[str] = "tfjs_pyo.keras"
    """Where Keras's form of a class is found."""
    keras_class_name: ClassVar[str | None] = None
    """What Keras calls the class, where it is another name; of this class only."""
    tfjs_class_name: ClassVar[str | None] = None
    """The class that TF.js's files name in place of this one."""
    order: ClassVar[Order] = (...,)
    """The order of the places of fields, where it is not that of their declaration; `...` is for all that are not named."""
    other_names: ClassVar[Mapping[str, str]] = MappingProxyType({})
    """The names that the other API has for arguments, with this one's."""
    fields: ClassVar[dict[str, Field]] = {}
    """The fields in the order of their positions: a base's first, also where a subclass declares them anew.

    One that had no position takes that where a subclass gives it one.
    """
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
        placed = {n for n, f in own.items() if n in inherited and inherited[n].keyword_only > f.keyword_only}
        redeclared = {name: own.get(name, f) for name, f in inherited.items() if name not in placed}
        _read_annotations(cls, own)
        cls.fields = _ordered({**redeclared, **own}, cls.order)
        if cls.dialect is KERAS:
            _take_keras_fields(cls)
            if dialect is KERAS:
                FORMS.update(dict.fromkeys(tfjs_bases(cls), cls))
        for name, f in cls.fields.items():
            renamed = f.declared.keras_name
            if renamed and naming.fold(renamed) != naming.fold(name) and not hasattr(cls, renamed):
                setattr(cls, renamed, _renamed(name))
        cls.settable = MappingProxyType(
            {naming.fold(name): name for name in (*cls.fields, *_set_by_users(cls)) if name[0] != "_"}
        )
        for name in [n for n in vars(cls) if n[0] != "_" and cls.settable.get(naming.fold(n), n) != n]:
            setattr(cls, cls.settable[naming.fold(name)], vars(cls)[name])  # `stateSize = 2` in a class
        cls.other_names = _other_names(cls.fields, cls.dialect)
        cls.__signature__ = OfClass(_signature)  # type: ignore[assignment]
        if is_ours(cls) and (text := text_of(cls)):
            cls.__doc__ = Documentation(text, options_of)  # type: ignore[assignment]
        called = declared_name(cls)
        if called is not None:
            DECLARED[called] = cls

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        owner = self.display_name
        fields = type(self).fields
        known = [(f.argument, f.keyword_only) for f in fields.values() if f.argument]
        places = [name for name, keyword_only in known if not keyword_only]
        others = [name for name, keyword_only in known if keyword_only]
        if args and isinstance(args[-1], Mapping) and not is_ours(defining(type(self), "__init__")):
            args = (*args[:-1], naming.config_of(args[-1], [name for name, _ in known]))
        given = naming.arguments(owner, places, args, kwargs, others, type(self).other_names)
        for name, f in fields.items():
            value = given.get(f.argument, f.default) if f.argument else f.default
            if value is None and f.none_is_default:
                value = f.fallback
            if value is REQUIRED or (value is None and f.never_none):
                raise ArgumentError(
                    f"{owner}: expected the argument {naming.camel(name)!r}, which is missing."
                )
            setattr(self, name, value)

    @shown
    def display_name(self) -> str:
        """What errors call this object."""
        return naming.camel(type(self).__name__)

    @classmethod
    def saved_class_name(cls) -> str:
        """Returns the class that a saved config names: one that can be made from what `get_config` gives."""
        named = vars(cls).get("registered_name") or declared_name(cls)
        if named:
            return str(named)
        if written_dialect(cls) is KERAS:
            return str(vars(cls).get("keras_class_name") or cls.__name__)
        bases = tfjs_bases(cls) if cls.dialect is KERAS and is_ours(cls) else []
        return bases[0].saved_class_name() if bases else cls.tfjs_class_name or cls.__name__

    def get_class_name(self) -> str:
        """Returns the name under which such an object is saved."""
        return self.saved_class_name()

    registered_name: ClassVar[str | None] = None
    """The name under which a class of a user's own was registered."""

    def get_config(self) -> dict[str, Any]:
        """Returns the fields as JSON values; `from_config` takes them."""
        dialect = written_dialect(type(self))
        return {
            f.name_in(dialect): serialized(self._saved_value(name), dialect)
            for name, f in type(self).fields.items()
            if f.is_saved(dialect)
        }

    def _saved_value(self, name: str) -> Any:
        """Returns what configs have of a field."""
        return getattr(self, name)

    @classmethod
    def from_config(cls, config: Any, config_of_class: Mapping[str, Any] | None = None) -> Self:
        """Returns an object made from what `get_config` gave; in TensorFlow.js's programs its class may come before that."""
        if isinstance(config, type) and issubclass(config, cls) and config_of_class is not None:
            return config.from_config(config_of_class)
        naming.require_config(f"{naming.camel(cls.__name__)}.fromConfig", config)
        settled = {f.name_in(written_dialect(cls)) for f in cls.fields.values() if f.argument == ""}
        config = {name: value for name, value in config.items() if name not in settled}
        return cls(config) if takes_config(cls, config) else cls(**config)

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

    def __getstate__(self) -> dict[str, Any]:
        """What copies and pickles keep: the attributes of this moment, as another thread may set some meanwhile."""
        return dict(vars(self))

    def __dir__(self) -> list[str]:
        """The names that users may rely on: not those of how fields are declared."""
        kind = type(self)
        other = [name for name, f in kind.fields.items() if not f.argument]  # the other API's
        public = [name for name in naming.visible(kind, super().__dir__()) if name not in other]
        if type(self).dialect.every_spelling:
            return naming.spellings(public)
        return sorted(n for n in public if n[0] != "_" and (n in vars(self) or n == naming.snake(n)))

    def __repr__(self) -> str:
        shown = ", ".join(f"{k}={v!r}" for k, v in self.get_config().items() if v is not None)
        return f"{type(self).__name__}({shown})"


def _read_annotations(owner: type[Configurable], own: Mapping[str, Field]) -> None:
    """Notes what annotations say of a class's fields: which cannot be None, and the values of those without a conversion."""
    if not own or not is_ours(owner):
        return  # classes of users say themselves what None means to them
    hints = {name: str(hint) for name, hint in inspect.get_annotations(owner).items()}

    def cannot_be(name: str, f: Field) -> bool:
        registry: Any = getattr(f.convert, "__self__", None)
        if hasattr(registry, "always"):
            return bool(registry.always)
        words = set(re.findall(r"\w+", hints.get(name, "object")))
        return "None" not in words and (f.convert is not None or not words & {"Any", "object"})

    names = vars(sys.modules.get(owner.__module__, types))
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


def _take_keras_fields(owner: type[Configurable]) -> None:
    """Gives a class Keras's forms of its fields."""
    owner.fields = {name: f.in_keras(owner) for name, f in owner.fields.items()}
    for name, f in owner.fields.items():
        found = next((vars(base)[name] for base in owner.__mro__ if name in vars(base)), None)
        if found is not f and isinstance(found, Field):
            setattr(owner, name, f)


def _ordered(fields: dict[str, Field], order: Order) -> dict[str, Field]:
    """Returns fields in the order of their places."""
    others = [name for name in fields if name not in order]
    named = [others if entry is ... else [entry] for entry in order]
    named += [] if ... in order else [others]
    return {name: fields[name] for names in named for name in names if name in fields}


def _other_names(fields: Mapping[str, Field], dialect: Dialect) -> Mapping[str, str]:
    """Returns the names that the other API has for arguments, with those that this one has."""
    found: dict[str, str] = {}
    for f in fields.values():
        ours, keras = f.declared.argument, f.declared.keras_name
        if ours and keras:
            found.update({ours: keras} if dialect is KERAS else {keras: ours})
    return MappingProxyType(found)


def _renamed(name: str) -> property:
    """Returns a property that is another name of a field."""
    return property(
        lambda self: getattr(self, name),
        lambda self, value: setattr(self, name, value),
        doc=f"The same as {name!r}.",
    )


DECLARED: dict[str, type[Configurable]] = {}
"""Classes of users that say what they are called (`className`), by that name: they are found without being registered."""


def _set_by_users(owner: type[Configurable]) -> list[str]:
    """Returns the names of attributes of a class that can be set and are no fields of its own."""
    found = _set_here(owner)
    for base in owner.__bases__:
        own = getattr(base, "settable", None)  # of another Configurable
        found += [n for each in base.__mro__ for n in _set_here(each)] if own is None else own.values()
    return found


def _set_here(owner: type) -> list[str]:
    """Returns the names of what is set in a class itself: its properties, and what it says."""
    own = vars(owner)
    settable = [n for n, p in own.items() if isinstance(p, property) and p.fset and n[0] != "_"]
    return [*own.get("further", ()), *settable]


def _signature(owner: type[Configurable]) -> inspect.Signature:
    """Returns the signature that `help` and editors show for a class: its fields, or that of a user's `__init__`."""
    defined = defining(owner, "__init__")
    if not is_ours(defined):
        signature = inspect.signature(vars(defined)["__init__"])
        return signature.replace(parameters=list(signature.parameters.values())[1:])
    fields, parameters = owner.fields, []
    for keyword_only in (False, True):
        kind = inspect.Parameter.KEYWORD_ONLY if keyword_only else inspect.Parameter.POSITIONAL_OR_KEYWORD
        for declared in fields.values():
            if declared.keyword_only is keyword_only and declared.argument:
                default = inspect.Parameter.empty if declared.default is REQUIRED else declared.default
                parameters.append(inspect.Parameter(declared.argument, kind, default=default))
    parameters.sort(key=lambda p: (p.kind, p.default is not inspect.Parameter.empty))
    return inspect.Signature(parameters)


def serialized(value: Any, dialect: Dialect = TFJS) -> Any:
    """Returns a value as JSON: objects as class name and config, functions by name, tuples as lists.

    Args:
        value: what is saved.
        dialect: in whose names functions are saved.
    """
    require_end(value)
    if isinstance(value, Configurable):
        return {"class_name": value.saved_class_name(), "config": value.get_config()}
    if isinstance(value, (tuple, list)):
        return [serialized(item, dialect) for item in value]
    if callable(value):
        if dialect is KERAS and hasattr(value, "keras_name"):
            return value.keras_name
        return getattr(value, "__name__", repr(value))
    return value


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
            raise _refused(owner, name, f"a positive integer or {count} of them", value)
        return given

    return convert


def whole_numbers(owner: str, name: str, value: Any) -> tuple[int, ...]:
    """Returns a tuple of integers."""
    given = options.whole_items(value)
    if given is None:
        raise _refused(owner, name, "a list of integers", value)
    return given


def _refused(owner: str, name: str, what: str, value: Any) -> OptionError:
    return OptionError(f"{owner}: expected {naming.camel(name)!r} to be {what}, received {value!r}.")


def choice(*known: str) -> Convert:
    """Returns a conversion to one of the given option strings, in any spelling."""

    def convert(owner: str, name: str, value: Any) -> str:
        found = naming.nearest_spelling(value, known) if isinstance(value, str) else None
        if found is None:
            raise _refused(owner, name, f"one of {', '.join(repr(naming.camel(o)) for o in known)}", value)
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
            raise _refused(owner, name, f"a number{bounds}", value)
        return float(found)

    return convert


def shape(owner: str, name: str, value: Any) -> tuple[int | None, ...]:
    """Returns a shape without batch; None stands for an unknown dimension."""
    single = options.whole(value)
    given = options.items(value) if single is None else [single]
    dims = [None if dim is None else options.whole(dim) for dim in given or ()]
    unknown = [dim is None for dim in given or ()]
    if given is None or [d is None for d in dims] != unknown or any(d is not None and d < 0 for d in dims):
        raise _refused(owner, name, "a list of dimensions", value)
    return tuple(dims)
