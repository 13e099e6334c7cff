"""What annotations say of arguments: numbers, booleans, strings, functions, and lists of these, are checked by them."""

from __future__ import annotations

import functools
import inspect
import math
import os
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin

from tfjs_pyo import options
from tfjs_pyo.errors import ArgumentError, OptionError, TfError

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


class _UnfitError(Exception):
    """A value does not fit a rule."""


Convert = Callable[[Any], Any]


def _bool(value: Any) -> bool:
    value = options.plain(value)
    if isinstance(value, bool) or (isinstance(value, int) and value in (0, 1)):
        return bool(value)
    raise _UnfitError


def _int(value: Any) -> int:
    found = options.whole(value)
    if found is None:
        raise _UnfitError
    return found


def _float(value: Any) -> float:
    found = options.real(value)
    if found is None:
        raise _UnfitError
    return found


def _str(value: Any) -> str:
    value = options.plain(value)
    if not isinstance(value, str):
        raise _UnfitError
    return value


def _none(value: Any) -> None:
    if value is not None:
        raise _UnfitError


def _function(value: Any) -> Any:
    if not callable(value):
        raise _UnfitError
    return value


def _mapping(value: Any) -> Any:
    if not isinstance(value, Mapping):
        raise _UnfitError
    return value


class Rule:
    """What values of an annotation are.

    Attributes:
        convert: returns a value as Python's own.
        text: for errors, `'a whole number'`.
        known: exact types that need no look.
        parts: the rules of which values fit one.
    """

    error: type[TfError] = OptionError

    def __init__(
        self, convert: Convert, text: str, known: Collection[type] = (), parts: Sequence[Rule] = ()
    ) -> None:
        self.convert = convert
        self.text = text
        self.known = frozenset(known)
        self.parts = parts

    def __call__(self, owner: str, parameter: str, value: Any) -> Any:
        """Returns a value as Python's own.

        Args:
            owner: who was called.
            parameter: as errors show it.
            value: that was given.

        Raises:
            OptionError: it does not fit; ArgumentError where a function belongs.

        Example:
            >>> rule_of("int | None", globals())("sum", "`axis`", "x")
            Traceback (most recent call last):
            ...
            tfjs_pyo.errors.OptionError: sum: expected `axis` to be a whole number or None, received 'x'.
        """
        if type(value) in self.known:
            return value
        try:
            return self.convert(value)
        except _UnfitError:
            raise self.error(
                f"{owner}: expected {parameter} to be {self.text}, received {options.shown(value)}.{self._advice(value)}"
            ) from None

    def _advice(self, value: Any) -> str:
        given = options.items(value) or [value]
        whole = "whole number" in self.text and any(
            type(each) is float and math.isfinite(each) for each in given
        )
        return " Divide with // where a whole number is wanted." if whole else ""


class _Function(Rule):
    """A rule for objects, not for values."""

    error = ArgumentError


_SIMPLE: dict[Any, tuple[Convert, str, tuple[type, ...]]] = {
    bool: (_bool, "True or False", (bool,)),
    int: (_int, "a whole number", (int,)),
    float: (_float, "a number", (float,)),
    str: (_str, "a string", (str,)),
    NoneType: (_none, "None", (NoneType,)),
}
_NONE = Rule(*_SIMPLE[NoneType])
_PLURAL = {
    "a whole number": "whole numbers",
    "a number": "numbers",
    "a string": "strings",
    "a function": "functions",
    "a variable": "variables",
}


def _choice(known: Sequence[Any]) -> Rule:
    def convert(value: Any) -> Any:
        value = options.plain(value)
        if not isinstance(value, str) or value not in known:
            raise _UnfitError
        return value

    *first, last = map(repr, known)
    return Rule(convert, f"{', '.join(first)} or {last}" if first else last)


def _path(value: Any) -> Any:
    if not isinstance(value, os.PathLike):
        raise _UnfitError
    return value


def _list(value: Any) -> Any:
    if isinstance(value, (str, bytes, Mapping)) or not (
        hasattr(value, "__len__") and hasattr(value, "__getitem__")
    ):
        raise _UnfitError
    return value


def _listed(item: Rule | None) -> Rule:
    if item is None:
        return Rule(_list, "a list", (list, tuple))

    def convert(value: Any) -> Any:
        found = options.items(value.array_sync() if hasattr(value, "array_sync") else value)
        if found is None:
            raise _UnfitError
        return tuple([each if type(each) in item.known else item.convert(each) for each in found])

    kind = type(item)  # a list of functions is refused as a function is
    return kind(convert, f"a list of {_PLURAL.get(item.text, 'lists' if 'list' in item.text else item.text)}")


def _either(rules: Sequence[Rule]) -> Rule:
    """Returns what says that a value fits one of several rules; those that are made of others are taken apart."""
    rules = [part for rule in rules for part in rule.parts or [rule]]

    def convert(value: Any) -> Any:
        for rule in rules:
            try:
                return rule.convert(value)
            except _UnfitError:
                continue
        raise _UnfitError

    known = [kind for rule in rules for kind in rule.known]
    return Rule(convert, " or ".join(dict.fromkeys(rule.text for rule in rules)), known, rules)


CLASSES: dict[type, str] = {}
"""Classes of the package whose objects are told by `isinstance`, with what errors call them."""


def _instance(kind: type) -> Rule:
    def convert(value: Any) -> Any:
        if not isinstance(value, kind):
            raise _UnfitError
        return value

    return _Function(convert, CLASSES[kind])


def _rule(hint: Any) -> Rule | None:
    if isinstance(hint, type) and hint in CLASSES:
        return _instance(hint)
    if hint in (None, *_SIMPLE):
        return Rule(*_SIMPLE[NoneType if hint is None else hint])
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (UnionType, Union):
        rules = [_rule(each) for each in sorted(inner, key=lambda each: each is NoneType)]
        return None if None in rules else _either([rule for rule in rules if rule])
    if origin is Literal:
        return _choice(inner) if all(isinstance(each, str) for each in inner) else None
    if origin in (list, Sequence) or (origin is tuple and inner[1:] == (...,)):
        return _listed(_rule(inner[0]))
    if origin is Callable or hint is Callable:
        return _Function(_function, "a function")
    if origin is os.PathLike:
        return Rule(_path, "a path")
    if origin in (Mapping, dict) or hint in (Mapping, dict):
        return Rule(_mapping, "a dict")
    return None


_PLAIN = frozenset({"bool", "float", "int", "str", "None"})
"""Types that mean the same in each module."""


@functools.cache
def _plain_rule(annotation: str) -> Rule | None:
    """Returns the rule of a union of plain types."""
    return _rule(eval(annotation))  # noqa: S307 (names of Python's own types)


def rule_of(annotation: Any, names: Mapping[str, Any]) -> Rule | None:
    """Returns what an annotation says of values; None if it names types that are not for this module to check.

    Args:
        annotation: a type, or its text.
        names: what names in the text stand for.
    """
    if isinstance(annotation, str):
        if _PLAIN.issuperset(annotation.split(" | ")):
            return _plain_rule(annotation)
        try:
            annotation = eval(annotation, dict(names))  # noqa: S307 (texts of our own annotations)
        except (NameError, TypeError):  # of names for type checkers only
            return None
    return _rule(annotation)


class Checks:
    """The rules of a function's parameters, found when they are first needed.

    Args:
        owner: the function as errors call it.
        function: whose annotations say what its arguments are.
        skipped: how many leading parameters are not looked at.
        quoted: how errors show a parameter.
    """

    def __init__(
        self,
        owner: str,
        function: Callable[..., Any],
        skipped: int = 0,
        quoted: Callable[[str], str] = "`{}`".format,
    ) -> None:
        self.owner = owner
        self.function = function
        self.skipped = skipped
        self.quoted = quoted

    @functools.cached_property
    def named(self) -> dict[str, Rule]:
        """The rules, by the names of their parameters."""
        names = getattr(inspect.unwrap(self.function), "__globals__", {})
        found: dict[str, Rule] = {}
        for p in list(inspect.signature(self.function).parameters.values())[self.skipped :]:
            if p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) or p.annotation is p.empty:
                continue
            rule = rule_of(p.annotation, names)
            if rule is not None:
                found[p.name] = _either([rule, _NONE]) if p.default is None else rule
        return found

    @functools.cached_property
    def placed(self) -> list[tuple[str, Rule | None]]:
        """The parameters that may come by place, each with its rule."""
        parameters = list(inspect.signature(self.function).parameters.values())
        kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return [(p.name, self.named.get(p.name)) for p in parameters if p.kind in kinds]

    @functools.cached_property
    def first(self) -> int:
        """The first place with a rule."""
        return next((place for place, (_, rule) in enumerate(self.placed) if rule), len(self.placed))

    def __call__(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Returns arguments as what their annotations say.

        Raises:
            OptionError: one of them does not fit.
        """
        if len(args) > self.first:
            known = [self._checked(*each, value) for each, value in zip(self.placed, args, strict=False)]
            args = (*known, *args[len(known) :])
        if kwargs:
            kwargs = {key: self._checked(key, self.named.get(key), value) for key, value in kwargs.items()}
        return args, kwargs

    def _checked(self, name: str, rule: Rule | None, value: Any) -> Any:
        if rule is None or type(value) in rule.known:
            return value
        return rule(self.owner, self.quoted(name), value)


class Parameters:
    """What calls need to know of a function's parameters.

    Args:
        function: whose parameters these are.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.signature = inspect.signature(function)
        self.names = list(self.signature.parameters)
        self.open_ended = any(p.kind is p.VAR_KEYWORD for p in self.signature.parameters.values())
        self.defaults = _never_none(self.signature)
        """Those of the parameters that cannot be None."""
        self.required = min((self.names.index(name) for name in self.defaults), default=len(self.names))

    def without_none(
        self, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Returns arguments with defaults in the places of None."""
        defaults = self.defaults
        if any(value is None for value in args):
            named = zip(args, self.names, strict=False)
            known = [defaults.get(name) if value is None else value for value, name in named]
            args = (*known, *args[len(known) :])
        if any(value is None for value in kwargs.values()):
            kwargs = {key: defaults.get(key) if value is None else value for key, value in kwargs.items()}
        return args, kwargs


def _never_none(signature: inspect.Signature) -> dict[str, Any]:
    """Returns the defaults of the parameters that cannot be None, by what their annotations say."""
    return {
        name: p.default
        for name, p in signature.parameters.items()
        if p.default is not p.empty
        and p.default is not None
        and p.annotation is not p.empty
        and not re.search(r"\b(None|Any|Optional|object|\w+Like)\b", str(p.annotation))
    }


def shows(**defaults: Any) -> Callable[[F], F]:
    """Gives a method that takes its arguments in several orders the signature that `help` and completion show.

    Args:
        defaults: of the arguments, in the usual order.

    Example:
        >>> @shows(shape=None, name=None)
        ... def add(self, *args, **kwargs): ...
        >>> str(inspect.signature(add))
        '(self, shape=None, name=None)'
    """
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    parameters = [inspect.Parameter(name, kind, default=default) for name, default in defaults.items()]

    def show(method: F) -> F:
        own = inspect.Parameter("self", kind)
        vars(method)["__signature__"] = inspect.Signature([own, *parameters])
        return method

    return show


def explain(owner: str, signature: inspect.Signature, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    """Raises ArgumentError in place of Python's own TypeError if a call does not fit a signature."""
    try:
        signature.bind(*args, **kwargs)
    except TypeError as mismatch:
        raise ArgumentError(f"{owner}: {mismatch}. Expected {owner}{signature}.") from None


def explained(function: F, owner: str, signature: inspect.Signature) -> F:
    """Returns a function under a name, whose calls that do not fit its signature say so.

    Raises:
        ArgumentError: in place of Python's TypeError.
    """

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except TypeError:
            explain(owner, signature, args, kwargs)
            raise

    call.__name__ = call.__qualname__ = owner
    return call  # type: ignore[return-value]


def checked(function: F) -> F:
    """Returns a function whose arguments are what their annotations say, in the names that they have.

    Raises:
        OptionError: an argument does not fit its annotation.
        ArgumentError: the call does not fit the signature, or what should be a function is none.

    Example:
        >>> @checked
        ... def repeat(times: int): return "x" * times
        >>> repeat("3")
        Traceback (most recent call last):
        ...
        tfjs_pyo.errors.OptionError: repeat: expected `times` to be a whole number, received '3'.
    """
    name = function.__name__.rstrip("_")
    checks = Checks(name, function)

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = checks(args, kwargs)
        return function(*args, **kwargs)

    return explained(call, name, inspect.signature(function))  # type: ignore[return-value]


def all_checked(functions: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a table of names in which functions are `checked`."""
    return {name: checked(each) if inspect.isfunction(each) else each for name, each in functions.items()}


def require_store(owner: str, store: Any) -> Any:
    """Returns what values are kept in by name, if it is that: a dict, or a group of a file.

    Raises:
        ArgumentError: it is something else.
    """
    if not hasattr(store, "keys") or not hasattr(store, "__setitem__"):
        raise ArgumentError(f"{owner}: expected `store` to be a dict, received {options.shown(store)}.")
    return store


def checks_methods(owner: C) -> C:
    """Makes the public methods that a class defines `checked`, as a decorator of it."""
    for name, method in list(vars(owner).items()):
        if name.startswith("_"):
            continue
        if isinstance(method, (classmethod, staticmethod)):
            setattr(owner, name, type(method)(checked(method.__func__)))
        elif inspect.isfunction(method):
            setattr(owner, name, checked(method))
    return owner


def check_public(names: dict[str, Any]) -> None:
    """Makes the public functions of a module `checked`.

    Args:
        names: the module's `globals()`, with its `__all__`.
    """
    for name in names["__all__"]:
        if inspect.isfunction(names[name]) and names[name].__module__ == names["__name__"]:
            names[name] = checked(names[name])
