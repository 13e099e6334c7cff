"""The one bridge between the spellings: Python's, TF.js's and Keras's names all mean the same thing.

Two names are the same if they are equal without underscores and case: `maxPooling2d`, `MaxPooling2D`, `max_pooling_2d`.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import re
import sys
import threading
import types
import weakref
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from tfjs_pyo.documenting import spelled_doc
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError
from tfjs_pyo.later import difflib, names_later
from tfjs_pyo.options import shown
from tfjs_pyo.rules import Checks, Parameters, explain

C = TypeVar("C")
F = TypeVar("F", bound=Callable[..., Any])


# Where TF.js writes an acronym as one word, or keeps its capitals, differently from the rule of `snake` and `camel`.
_WORDS = {"RMSProp": "Rmsprop", "PReLU": "Prelu"}
_CAPITALS = frozenset(["http", "json", "nd", "rgb"])
_TFJS_SPELLINGS = {
    "Cropping2D": "cropping2D", "L1L2": "l1l2", "LeakyReLU": "leakyReLU", "ReLU": "reLU",
    "ReduceLROnPlateau": "reduceLROnPlateau", "SimpleRNN": "simpleRNN", "SimpleRNNCell": "simpleRNNCell",
    "StackedRNNCells": "stackedRNNCells", "ThresholdedReLU": "thresholdedReLU",
    **{f"as{rank}d": f"as{rank}D" for rank in range(1, 6)}, "basic_lstm_cell": "basicLSTMCell", "data_to_gpu": "dataToGPU",
    "get_array_from_dtype": "getArrayFromDType", "get_typed_array_from_dtype": "getTypedArrayFromDType", "is_nan": "isNaN",
    "multi_rnn_cell": "multiRNNCell",
}  # fmt: skip


@functools.cache
def fold(name: str) -> str:
    """Returns what all spellings of a name have in common.

    >>> fold("maxPooling2d") == fold("MaxPooling2D") == fold("max_pooling_2d")
    True
    """
    return name.replace("_", "").lower()


@functools.lru_cache(4096)
def snake(name: str) -> str:
    """Returns a name in snake_case; digits stay with the letters before them, acronyms in one piece.

    >>> snake("batchNormalization"), snake("Conv2DTranspose"), snake("CSVLogger")
    ('batch_normalization', 'conv2d_transpose', 'csv_logger')
    """
    for word, spelled in _WORDS.items():
        name = name.replace(word, spelled)
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name)
    return re.sub(r"(?<=\d)_(?=D(?![a-z]))", "", spaced).lower()


@functools.lru_cache(4096)
def camel(name: str) -> str:
    """Returns a name in lowerCamelCase, as TF.js spells it.

    >>> camel("batch_normalization"), camel("MaxPooling2D"), camel("LeakyReLU"), camel("leaky_relu")
    ('batchNormalization', 'maxPooling2d', 'leakyReLU', 'leakyRelu')
    >>> camel("to_json"), camel("gather_nd"), camel("http")
    ('toJSON', 'gatherND', 'http')
    """
    if name in _TFJS_SPELLINGS:
        return _TFJS_SPELLINGS[name]
    head, *tail = snake(name).split("_")
    return head + "".join(part.upper() if part in _CAPITALS else part[:1].upper() + part[1:] for part in tail)


def keras_snake(name: str) -> str:
    """Returns what Keras calls an object of a class.

    >>> [keras_snake(name) for name in ("Dense", "Conv2D", "LeakyReLU", "TopKCategoricalAccuracy", "F1Score")]
    ['dense', 'conv2d', 'leaky_re_lu', 'top_k_categorical_accuracy', 'f1_score']
    """
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", name)).lower()


_making = threading.Lock()
_made: dict[str, int] = {}
"""How many objects without a name Keras's API has named, by the beginnings of their names."""


def keras_unique(kind: str) -> str:
    """Returns a name for an object of a class, as Keras makes it up: `dense`, then `dense_1`, `dense_2`."""
    prefix = keras_snake(kind)
    with _making:
        number = _made.get(prefix, 0)
        _made[prefix] = number + 1
    return f"{prefix}_{number}" if number else prefix


def reset_keras_names() -> None:
    """Begins the numbers of made-up names anew, as Keras's `clear_session` does."""
    _made.clear()


def nearest_spelling(name: str, candidates: Iterable[str]) -> str | None:
    """Returns the candidate that is another spelling of `name`, or None."""
    wanted = fold(name)
    return next((candidate for candidate in candidates if fold(candidate) == wanted), None)


def suggestions(name: str, candidates: Iterable[str], spelled: Callable[[str], str] | None = None) -> str:
    """Returns the end of an error message: the spellings nearest to an unknown name.

    Args:
        name: that was not found.
        candidates: the names that there are; of many thousands only the first are compared.
        spelled: gives the spelling that is shown; `str` for names of files, which have one spelling only. Else camelCase.

    >>> suggestions("desne", ["dense", "dropout"])
    " Did you mean 'dense'?"
    >>> suggestions("identity", ["Identity", "x"], str)
    " Did you mean 'Identity'?"
    """
    spell = spelled or camel
    known = {fold(each[:_COMPARED]): each for each in itertools.islice(candidates, _MOST_COMPARED)}
    found = difflib.get_close_matches(fold(name[:_COMPARED]), list(known), n=3, cutoff=0.6)
    close = [spell(known[key]) for key in found]
    if close:
        return f" Did you mean {' or '.join(repr(c[:_COMPARED]) for c in close)}?"
    few = sorted(spell(candidate)[:_COMPARED] for candidate in known.values())
    return f" There are: {', '.join(few)}." if 0 < len(few) <= 30 else ""


_COMPARED, _MOST_COMPARED = 100, 5000
"""How many characters of names, and how many names, are compared: files may have millions of both."""


def unknown_name(owner: str, name: str, candidates: Iterable[str]) -> str:
    """Returns the message for a name that does not exist in any spelling."""
    return f"{owner} has no {name!r}.{suggestions(name, candidates)}"


def refuse_collisions(owner: str, names: Iterable[str]) -> None:
    """Raises unless every name can be told from the others in every spelling.

    Names that differ in case only at their beginning stand for a class and a function (`Tensor` and `tensor`) and may
    live side by side: each is found under its own spelling.

    >>> refuse_collisions("tf", ["Tensor", "tensor", "max_pool"])

    Raises:
        OptionError: two names fold the same.
    """
    seen: dict[str, str] = {}
    for name in names:
        if name.startswith("__"):
            continue
        other = seen.setdefault(fold(name), name)
        if other != name and other.lower() != name.lower():
            raise OptionError(f"{owner}: the names {other!r} and {name!r} are spellings of the same name.")


def resolve(name: Any, candidates: Iterable[str], what: str) -> str:
    """Returns the candidate that `name` spells.

    Raises:
        OptionError: none does; the message names `what` and the nearest candidates.
    """
    known = list(candidates)
    found = nearest_spelling(name, known) if isinstance(name, str) else None
    if found is None:
        raise OptionError(
            f"{what}: expected one of the known names, received {name!r}.{suggestions(str(name), known)}"
        )
    return found


def keyword_arguments(owner: str, given: Mapping[Any, Any], known: Iterable[str]) -> dict[str, Any]:
    """Returns keyword arguments under the names of a signature, whatever their spelling.

    Raises:
        ArgumentError: a keyword is unknown, or given twice in two spellings.
    """
    spelled = {fold(name): name for name in known}
    result: dict[str, Any] = {}
    for key, value in given.items():
        if not isinstance(key, str):
            raise ArgumentError(f"{owner}: expected names of arguments as keys, received {shown(key)}.")
        name = spelled.get(fold(key))
        if name is None:
            raise ArgumentError(f"{owner}: unknown argument {key!r}.{suggestions(key, spelled.values())}")
        if name in result:
            raise ArgumentError(f"{owner}: {camel(name)!r} is given twice, once as {key!r}.")
        result[name] = value
    return result


def with_config(
    owner: str, args: Sequence[Any], kwargs: Mapping[Any, Any]
) -> tuple[Sequence[Any], dict[Any, Any]]:
    """Returns the arguments of a call where a mapping in the last place holds keyword arguments.

    Raises:
        ArgumentError: one comes in both.

    >>> with_config("sum", (1, {"axis": 2}), {"name": "x"})
    ((1,), {'axis': 2, 'name': 'x'})
    """
    if args and isinstance(args[-1], Mapping):
        return args[:-1], _merged(owner, args[-1], kwargs)
    return args, dict(kwargs)


def _merged(owner: str, config: Mapping[Any, Any], kwargs: Mapping[Any, Any]) -> dict[Any, Any]:
    """Returns the entries of a config and keyword arguments as one dict."""
    twice = next((name for name in kwargs if name in config), None)
    if twice is not None:
        raise ArgumentError(f"{owner}: {camel(twice)!r} is given twice, in the dict and by name.")
    return {**config, **kwargs}


def config_of(config: Mapping[Any, Any], known: Collection[str]) -> dict[Any, Any]:
    """Returns what of a config is no own affair of a class that takes it apart itself, as classes do in TensorFlow.js.

    Args:
        config: that `super().__init__` is given.
        known: the names that it knows.
    """
    folded = {fold(name) for name in known}
    return {name: value for name, value in config.items() if fold(str(name)) in folded}


def require_config(owner: str, config: Any) -> Mapping[str, Any]:
    """Returns a config if it is one: a mapping whose keys are names.

    Raises:
        OptionError: it is none.
    """
    if not isinstance(config, Mapping):
        raise OptionError(f"{owner}: expected a dict, as getConfig gives, received {shown(config)}.")
    wrong = [key for key in config if not isinstance(key, str)]
    if wrong:
        raise OptionError(f"{owner}: expected names as the keys of a config, received {shown(wrong[0])}.")
    return config


def arguments(
    owner: str,
    places: Sequence[str],
    args: Sequence[Any],
    kwargs: Mapping[str, Any],
    further: Iterable[str] = (),
    also: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Returns arguments by name, for functions whose parameters are not in their own signature.

    Args:
        owner: who was called, for errors.
        places: names of what may come by place.
        args: what came by place; a mapping at the end holds keyword arguments.
        kwargs: what came by name, in any spelling.
        further: names of what may come by name only.
        also: further names, each for one of the others.

    Raises:
        ArgumentError: an unknown argument, too many of them, or one that is given twice.

    Example:
        >>> arguments("scale", ["factor", "useBias"], [2, {"use_bias": True}], {})
        {'useBias': True, 'factor': 2}
    """
    args, kwargs = with_config(owner, args, kwargs)
    if len(args) > len(places):
        raise ArgumentError(
            f"{owner}: expected at most {len(places)} positional arguments, received {len(args)}."
        )
    if also:
        others = {fold(name): known for name, known in also.items()}
        kwargs = {
            others.get(fold(name), name) if isinstance(name, str) else name: value
            for name, value in kwargs.items()
        }
    given = keyword_arguments(owner, kwargs, [*places, *further])
    for name, value in zip(places, args, strict=False):
        if name in given:
            raise ArgumentError(f"{owner}: {camel(name)!r} is given twice, by place and by name.")
        given[name] = value
    return given


def takes_config(data: Collection[str] = (), mappings: Collection[str] = ()) -> Callable[[F], F]:
    """Returns `bridge` as a decorator for functions with parameters that may be dicts themselves.

    Args:
        data: parameters whose dicts are never configs.
        mappings: parameters whose dicts are configs where one of their keys is a parameter.

    Example:
        >>> @takes_config(data=("x",), mappings=("weights",))
        ... def fit(x, weights=None, epochs=1): return x, weights, epochs
        >>> fit({"epochs": 1}), fit(0, {0: 2.0}), fit(0, {"epochs": 2}, weights=3)
        (({'epochs': 1}, None, 1), (0, {0: 2.0}, 1), (0, 3, 2))
    """
    return functools.partial(bridge, data=frozenset(data), mappings=frozenset(mappings))


def bridge(
    function: F,
    config: bool = True,
    data: Collection[str] = (),
    mappings: Collection[str] = (),
    checked: bool = True,
    owner: str | None = None,
) -> F:
    """Returns a function that takes its keyword arguments in any spelling, and a config dict in their place.

    None stands for the default, as undefined and null do in TF.js, where an argument cannot be None. Arguments are what
    their annotations say (`rules.py`): NumPy's numbers become Python's own.

    Args:
        function: to be called in other spellings.
        config: whether a dict as its last argument stands for keyword arguments.
        data, mappings: exceptions to that, see `takes_config`.
        checked: whether arguments are checked by their annotations.
        owner: what errors call it; a class, where this is its `__init__`.

    Example:
        >>> @bridge
        ... def scale(x, by_factor=1): return x * by_factor
        >>> scale(3, byFactor=2), scale(3, {"byFactor": 2}), scale(3, 2)
        (6, 6, 6)
    """
    owner = owner or function.__name__.rstrip("_")
    checks = Checks(owner, function, quoted=lambda name: repr(camel(name)))
    parameters = functools.cache(lambda: Parameters(function))  # found when it is first called

    def is_config(given: dict[Any, Any], place: str) -> bool:
        """Returns whether a dict in the place of a parameter stands for keyword arguments."""
        return place not in data and (
            place not in mappings
            or not given
            or not {fold(key) for key in given if isinstance(key, str)}.isdisjoint(
                map(fold, parameters().names)
            )
        )

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        known = parameters()
        names = known.names
        if (
            config
            and args
            and isinstance(args[-1], dict)
            and len(args) <= len(names)
            and is_config(args[-1], names[len(args) - 1])
        ):
            kwargs = _merged(owner, args[-1], kwargs)
            args = args[:-1]
        if kwargs and not known.open_ended:
            kwargs = keyword_arguments(owner, kwargs, names)
        if known.defaults and (kwargs or len(args) > known.required):
            args, kwargs = known.without_none(args, kwargs)
        if checked and (kwargs or len(args) > checks.first):
            args, kwargs = checks(args, kwargs)
        try:
            return function(*args, **kwargs)
        except TypeError:
            explain(owner, known.signature, args, kwargs)
            raise

    vars(call)["is_bridged"] = True
    vars(call)["config_data"] = data if config else None  # for the type stubs
    return call  # type: ignore[return-value]


def spelled(function: F) -> F:
    """Returns a function that takes its arguments in other spellings; dicts are arguments like any others."""
    return bridge(function, config=False)


def spellings(names: Iterable[str]) -> list[str]:
    """Returns public names in every spelling, for `dir` and completion.

    >>> spellings(["mat_mul", "MaxPooling2D"])
    ['MaxPooling2D', 'matMul', 'mat_mul', 'maxPooling2d', 'max_pooling2d']
    """
    public = [name for name in names if not name.startswith("_")]
    return sorted({spelling for name in public for spelling in (name, snake(name), camel(name))})


def spelled_as(name: str, function: F) -> F:
    """Returns a function of the package under another spelling of its name: `help` shows the name that was asked for.

    Args:
        name: the spelling.
        function: whose parameters and documentation are spelled likewise.
    """
    original: Any = function
    if not isinstance(function, types.FunctionType) or "is_bridged" not in vars(function):
        return function
    spell = snake if name == snake(name) else camel
    copy: Any = renamed(name, function)
    signature = inspect.signature(original)
    parameters = [p.replace(name=spell(p.name)) for p in signature.parameters.values()]
    copy.__signature__ = signature.replace(parameters=parameters)
    copy.__doc__ = spelled_doc(function.__doc__ or "", {p: spell(p) for p in signature.parameters})
    return copy


def renamed(name: str, function: types.FunctionType) -> types.FunctionType:
    """Returns a function of the package that calls itself by another name."""
    copy = types.FunctionType(
        function.__code__, function.__globals__, name, function.__defaults__, function.__closure__
    )
    vars(copy).update(vars(function), spelling_of=function)
    copy.__module__, copy.__doc__ = function.__module__, function.__doc__
    copy.__qualname__ = f"{function.__qualname__.rpartition('.')[0]}.{name}".lstrip(".")
    copy.__kwdefaults__, copy.__annotations__ = function.__kwdefaults__, function.__annotations__
    return copy


def module_names(
    module: str,
    aliases: Mapping[str, str] | None = None,
    spelled: bool = False,
    later: Mapping[str, Collection[str]] | None = None,
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Returns a module's `__getattr__` and `__dir__`: any spelling of the names in its `__all__`.

    Args:
        module: its name.
        aliases: further names, each for one in `__all__`.
        spelled: whether a function in another spelling calls itself by that.
        later: names whose modules are loaded when they are first asked for, see `names_later`.

    Raises:
        OptionError: two names of the module fold the same.
    """
    further = dict(aliases or {})
    load, comes_later = names_later(module, later or {}), frozenset(itertools.chain(*(later or {}).values()))
    refuse_collisions(module, [*sys.modules[module].__all__, *further])

    def find(name: str) -> Any:
        owner = sys.modules[module]
        if name in comes_later:
            return load(name)
        if not name.startswith("__"):
            public: list[str] = [*owner.__all__, *further]
            found = nearest_spelling(name, public)
            if found is not None and (found != name or found in further):
                value = getattr(owner, further.get(found, found))
                value = spelled_as(name, value) if spelled else value
                if callable(value) or isinstance(value, types.ModuleType):
                    setattr(owner, name, value)  # the next look-up costs nothing
                return value
            raise NameNotFoundError(unknown_name(module.replace("tfjs_pyo", "tf", 1), name, public))
        raise AttributeError(name)

    def names() -> list[str]:
        own = vars(sys.modules[module])
        return [*spellings([*own["__all__"], *further]), *(name for name in own if name.startswith("__"))]

    return find, names


def visible(owner: type, names: Iterable[str]) -> list[str]:
    """Returns the names of an object that users may rely on, for `__dir__`.

    Args:
        owner: its class. Classes of the package say in `_internal` which of their names only the package uses.
        names: all of them.
    """
    hidden = internal(owner)
    return [name for name in names if name[0] != "_" and fold(name) not in hidden]


def internal(owner: type) -> set[str]:
    """Returns the names of a class that only the package uses, folded."""
    return {fold(name) for base in owner.__mro__ for name in vars(base).get("_internal", ())}


def public_dir(module: str) -> Callable[[], list[str]]:
    """Returns a module's `__dir__`: the names in its `__all__` and those that Python gives it, not what it imports.

    Args:
        module: its name.
    """

    def names() -> list[str]:
        own = vars(sys.modules[module])
        return sorted({*own["__all__"], *(name for name in own if name.startswith("__"))})

    return names


def spell_methods(owner: type[C]) -> type[C]:
    """Gives the methods that a class defines their other spellings: so that overriding, and `super()`, know all of them.

    Methods of this package also take their keyword arguments in any spelling; those of users stay as they are.

    Example:
        >>> @spell_methods
        ... class Base:
        ...     def get_config(self): return {}
        >>> @spell_methods
        ... class Own(Base):
        ...     def getConfig(self): return {**super().getConfig(), "own": True}
        >>> Own().get_config()
        {'own': True}
    """
    own = dict(vars(owner))
    ours = owner.__module__.partition(".")[0] == __name__.partition(".")[0]
    for name, method in own.items():
        if name.startswith("_") or not isinstance(method, (types.FunctionType, classmethod, staticmethod)):
            continue
        spelled = method
        if ours and isinstance(method, types.FunctionType) and _has_spellings(method):
            spelled = bridge(method, config=False)
            setattr(owner, name, spelled)
        for spelling in (snake(name), camel(name)):
            if spelling not in own:
                plain = ours and isinstance(spelled, types.FunctionType)
                setattr(owner, spelling, renamed(spelling, spelled) if plain else spelled)  # type: ignore[arg-type]
    return owner


def _has_spellings(function: types.FunctionType) -> bool:
    """Returns whether a function has parameters that are spelled in several ways, or that annotations say something of."""
    if "is_bridged" in vars(function):
        return False
    code = function.__code__
    spelled = any("_" in name for name in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    hints = [str(hint) for name, hint in function.__annotations__.items() if name != "return"]
    return spelled or any(_CHECKED.intersection(re.findall(r"\w+", hint)) for hint in hints)


_CHECKED = frozenset({"Callable", "PlainVariable", "Variable", "bool", "float", "int", "str"})
"""Words in annotations of what is checked; see `rules.py`."""


_resolved: weakref.WeakKeyDictionary[type, dict[str, str]] = weakref.WeakKeyDictionary()
"""The names that spellings of attributes stand for, by class: each is looked for once."""


def attribute(instance: Any, name: str, further: Iterable[str] = ()) -> Any:
    """Returns an attribute in another spelling, for `__getattr__` of a class.

    Args:
        instance: that `name` was asked of.
        name: any spelling.
        further: names of what `__getattr__` itself finds.

    Raises:
        NameNotFoundError: it has none of that name.
    """
    if name.startswith("_"):
        raise AttributeError(name)
    owner = type(instance)
    resolved = _resolved.get(owner)
    if resolved is None:
        resolved = _resolved[owner] = {}
    found = resolved.get(name)
    own = vars(instance)
    if found is None or not (found in own or found in further or hasattr(owner, found)):
        known = [n for n in (*further, *dir(owner), *own) if not n.startswith("_")]
        found = nearest_spelling(name, known)
        if found is None or found == name:
            raise NameNotFoundError(unknown_name(owner.__name__, name, known))
        resolved[name] = found
    value = getattr(instance, found)
    return _method_spelled(name, value) if type(value) is types.MethodType else value


def _method_spelled(name: str, method: types.MethodType) -> types.MethodType:
    """Returns a method of the package that calls itself by the spelling under which it was asked for."""
    function = method.__func__
    if not isinstance(function, types.FunctionType) or not function.__module__.startswith(_PACKAGE):
        return method
    spelled = _spelled.get((function, name))
    if spelled is None:
        bridged = spelled_as(name, function)
        spelled = _spelled[function, name] = renamed(name, function) if bridged is function else bridged
    return types.MethodType(spelled, method.__self__)


_PACKAGE = __name__.partition(".")[0]
_spelled: dict[tuple[types.FunctionType, str], types.FunctionType] = {}
"""Functions of the package under other spellings, which methods of objects were asked for."""
