"""How a name of TensorFlow finds the operation of this package that it means."""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import FunctionType, ModuleType
from typing import Any, TypeVar

from tfjs_pyo import documenting, nests
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.doc_examples import respelled, with_example, without_example
from tfjs_pyo.doc_examples.tensorflow import EXAMPLES
from tfjs_pyo.dtypes import fits_int32
from tfjs_pyo.errors import ArgumentError, NameNotFoundError, OptionError, TfError
from tfjs_pyo.later import difflib
from tfjs_pyo.ops import tensor
from tfjs_pyo.ops.declare import Symbolic
from tfjs_pyo.options import shown
from tfjs_pyo.rules import Checks

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True)
class Op:
    """An operation under TensorFlow's name for it.

    Attributes:
        target: the function that computes it.
        places: TensorFlow's parameters in their order, separated by blanks; each is passed by place, unless `names` has it.
        names: the target's name for a parameter that is passed by name, or None for one that has no effect here.
        defaults: what the target gets where nothing is given, if that is not its own default.
    """

    target: Callable[..., Any]
    places: str
    names: Mapping[str, str | None] = field(default_factory=dict)
    defaults: Mapping[str, Any] = field(default_factory=dict)


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Returns the end of an error message: the names nearest to an unknown one.

    >>> did_you_mean("reduce_men", ["reduce_mean", "cast"])
    " Did you mean 'reduce_mean'?"
    """
    close = difflib.get_close_matches(name, list(known), n=3, cutoff=0.6)
    return f" Did you mean {' or '.join(map(repr, close))}?" if close else ""


def spelled(name: str, op: Op, dtypes: Mapping[str, str] | None = None) -> Callable[..., Any]:
    """Returns a function with TensorFlow's parameters that calls an operation of this package.

    Args:
        name: TensorFlow's, for errors and help.
        op: what it means.
        dtypes: for names of dtypes, those that stand for them here.

    Raises:
        ArgumentError: when it is called with arguments that TensorFlow's function has not.

    Example:
        >>> from tfjs_pyo import ops
        >>> total = spelled("reduce_sum", Op(ops.sum, "input_tensor axis keepdims"))
        >>> total(input_tensor=[[1.0, 2.0], [3.0, 4.0]], axis=0).array_sync()
        [4.0, 6.0]
    """
    signature = _signature(op)
    order = list(signature.parameters)

    @functools.wraps(op.target)
    def call(*args: Any, **kwargs: Any) -> Any:
        if len(args) > len(order):
            raise ArgumentError(f"tf.{name}: expected at most {len(order)} arguments, received {len(args)}.")
        given = dict(zip(order, args, strict=False))
        for key, value in kwargs.items():
            if key not in order:
                raise ArgumentError(
                    f"tf.{name}: unknown argument {key!r}.{did_you_mean(key, order)} "
                    f"Expected tf.{name}({', '.join(order)})."
                )
            if key in given:
                raise ArgumentError(f"tf.{name}: {key!r} is given twice, by place and by name.")
            given[key] = value
        called = given.pop("name", None)
        if called is not None and (not isinstance(called, str) or called in _FORMATS):
            raise ArgumentError(
                f"tf.{name}: expected `name` to be a string, received {shown(called)}. Expected tf.{name}({', '.join(order)})."
            )
        for key in _DTYPES & given.keys():
            if dtypes and isinstance(given[key], str):
                given[key] = dtypes.get(given[key], given[key])
        return run(op, given)

    run = guarded(f"tf.{name}", _computed)
    call.__name__ = call.__qualname__ = name
    call.__signature__ = signature  # type: ignore[attr-defined]
    call.__doc__ = with_example(_documented(op), _section(name) or _example(name, op.target))
    return call


def _signature(op: Op) -> inspect.Signature:
    """Returns TensorFlow's parameters with the types and defaults of those of the target, and the target's result."""
    target = inspect.signature(op.target)
    own = [each for each in target.parameters.values() if each.kind in _NAMED]
    by_name = {each.name: each for each in own}
    parameters = []
    for number, place in enumerate(op.places.split()):
        name = op.names.get(place, place)
        by_place = own[number] if place not in op.names and number < len(own) else _UNUSED
        meant = by_name.get(name, by_place) if name else _UNUSED
        default = op.defaults.get(place, meant.default)
        parameters.append(meant.replace(name=place, kind=_UNUSED.kind, default=default))
    name_ = _UNUSED.replace(name="name", annotation=str | None)
    return inspect.Signature([*parameters, name_], return_annotation=target.return_annotation)


_NAMED = (
    inspect.Parameter.POSITIONAL_ONLY,
    inspect.Parameter.POSITIONAL_OR_KEYWORD,
    inspect.Parameter.KEYWORD_ONLY,
)
_UNUSED = inspect.Parameter("unused", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Any)
"""What there is to say of a parameter that has no effect here."""


def _section(name: str) -> str:
    """Returns the example of a name in the table, or that of the function in another module: `tf.math.abs` has `tf.abs`'s."""
    module, _, last = name.rpartition(".")
    for other in (module, *(_SHARING.get(module, ""))):
        path = f"{other}.{last}".lstrip(".")
        if path in EXAMPLES.calls:
            return EXAMPLES.section(path).replace(f"tf.{path}(", f"tf.{name}(")
    return ""


_SHARING = {
    "": ("math", "nn", "linalg", "debugging"),
    "io": ("image",),
    "linalg": ("", "math"),
    "math": ("", "nn"),
    "nn": ("", "math"),
}
"""Modules that have functions of others by the same names, and these others."""


def _example(name: str, target: Callable[..., Any]) -> str:
    """Returns the example of a target in TensorFlow's words."""
    own = target.__name__.strip("_")
    calls = {f"tf.{own}(": f"tf.{name}(", "tf.tensor(": "tf.constant("}
    text = respelled(target.__doc__ or "", EXAMPLES.imports, calls)
    calls = {own: name, "array": "constant"}
    return re.sub(r"\bkeras\.ops\.(?:\w+\.)*(\w+)\(", lambda call: f"tf.{calls.get(call[1], call[1])}(", text)


def renamed(function: F) -> F:
    """Returns a function of another API as one of its own, whose docstring takes its example from the table."""

    @functools.wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    call.__doc__ = without_example(inspect.cleandoc(function.__doc__ or ""))
    return call  # type: ignore[return-value]


def with_examples(names: Mapping[str, Any], prefix: str = "") -> None:
    """Gives functions of a module the examples that they lack.

    Args:
        names: its `__dict__`, with `__all__`.
        prefix: of their names in the table: 'linalg.'.
    """
    for name in names["__all__"]:
        function = names[name]
        if isinstance(function, FunctionType) and function.__doc__:
            function.__doc__ = with_example(function.__doc__, _section(f"{prefix}{name}"))


def _documented(op: Op) -> str:
    """Returns the docstring of a target with TensorFlow's parameters, which mean what those of the target do."""
    text = without_example(inspect.cleandoc(op.target.__doc__ or ""))
    said = documenting.entries(text)
    own = list(said)
    meaning: dict[str, str | None] = {}
    renamed: dict[str, str] = {}
    for number, place in enumerate(op.places.split()):
        name = op.names.get(place, place)
        if name is None:
            meaning[place] = "without effect here."
            continue
        if name not in said and place not in op.names and number < len(own):
            name = own[number]
        meaning[place] = said.get(name)
        renamed[name] = place
    told = documenting.completed(documenting.without_args(text), op.places.split(), meaning.get)
    return documenting.with_names(told, {name: place for name, place in renamed.items() if name != place})


_FORMATS = {"NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW"}
"""What stands in the place of `name` where TensorFlow has an option that is not here."""


_DTYPES = {"dtype", "output_type", "out_type"}
"""Parameters that are dtypes."""


_VALUES = frozenset(
    (
        "a", "b", "condition", "data", "input", "input_", "input_tensor", "inputs", "params", "t", "tensor", "updates", "value",
        "values", "x", "y",
    )
)  # fmt: skip
"""Parameters that are tensors, whatever they are given as."""
_LISTS = frozenset(("inputs", "values"))
"""Those of them that are lists of tensors."""


def _with_whole_numbers(given: dict[str, Any]) -> dict[str, Any]:
    """Returns arguments with Python's whole numbers as int32, as TensorFlow reads them, unless tensors beside them decide."""
    values = {key: value for key, value in given.items() if key in _VALUES}
    beside = [leaf for value in values.values() for leaf in nests.leaves(value)]
    whole = all(
        getattr(leaf, "dtype", "bool") in ("int32", "bool") and isinstance(leaf, (Tensor, Symbolic, int))
        for leaf in beside
    )
    return given | {key: _as_int32(value, key in _LISTS) for key, value in values.items()} if whole else given


def _as_int32(value: Any, is_list: bool) -> Any:
    """Returns whole numbers, in lists of any depth, as a tensor; of a list of tensors those in it."""
    leaves = list(nests.leaves(value))
    if isinstance(value, (list, tuple)) and (
        is_list or any(isinstance(leaf, (Tensor, Symbolic)) for leaf in leaves)
    ):
        return [_as_int32(item, is_list=False) for item in value]
    fits = leaves and all(type(leaf) is int and fits_int32(leaf) for leaf in leaves)
    return tensor(value, None, "int32") if fits else value


_INSIDE = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError, RecursionError)
"""What Python and NumPy raise of values that they cannot compute with."""
_PACKAGES = ("tfjs_pyo", "numpy", "PIL")
_SHOWN = 60


def guarded(owner: str, call: F) -> F:
    """Returns a function that says which call it was where its arguments are nothing to compute with.

    What functions of users raise, and our own errors, are as they were.

    Args:
        owner: what is called.
        call: that is given an Op and arguments by name.

    Raises:
        ArgumentError: in place of an error of Python's or NumPy's from inside; OptionError if it is a ValueError.
    """

    @functools.wraps(call)
    def run(op: Op, given: dict[str, Any]) -> Any:
        try:
            return call(op, given)
        except TfError:
            raise
        except _INSIDE as error:
            if not _is_from_inside(error):
                raise
            told = ", ".join(f"{key}={shown(value)[:_SHOWN]}" for key, value in given.items())
            kind = OptionError if isinstance(error, ValueError) else ArgumentError
            raise kind(
                f"{owner}: the arguments do not fit: {str(error)[:_LONGEST]}. Received {told}."
            ) from error

    return run  # type: ignore[return-value]


_LONGEST = 200


def _is_from_inside(error: BaseException) -> bool:
    """Returns whether an error was raised in this package or in one that it calls."""
    frame = error.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    return frame is None or str(frame.tb_frame.f_globals.get("__name__", "")).startswith(_PACKAGES)


def _computed(op: Op, given: dict[str, Any]) -> Any:
    """Calls the target with what was given, and with the defaults of TensorFlow's function."""
    return _called(op, {**op.defaults, **_with_whole_numbers(given)})


def _called(op: Op, given: dict[str, Any]) -> Any:
    """Calls the target: what TensorFlow's function has before the first gap goes by place, the rest by name."""
    args: Any = []
    by_place = True
    keywords: dict[str, Any] = {}
    for place in op.places.split():
        by_place = by_place and place in given and place not in op.names
        if by_place:
            args.append(given[place])
        elif place in given:
            name = op.names.get(place, place)
            if name is not None:
                keywords[name] = given[place]
    checks = _checks_of(op.target)
    if checks is not None:
        args, keywords = checks(tuple(args), keywords)
    return op.target(*args, **keywords)


@functools.cache
def _checks_of(target: Callable[..., Any]) -> Checks | None:
    """Returns what annotations say of the arguments of a function that does not check them itself."""
    checks_itself = "is_bridged" in getattr(target, "__dict__", {}) or not inspect.isfunction(target)
    return None if checks_itself else Checks(f"tf.{target.__name__.strip('_')}", target)


def namespace(
    name: str, doc: str, members: Mapping[str, Any], dtypes: Mapping[str, str] | None = None
) -> ModuleType:
    """Returns a module of TensorFlow's names.

    Args:
        name: below `tf`, as 'nn'.
        doc: what it holds.
        members: objects; an `Op` becomes a function.
        dtypes: as `spelled` has them.
    """
    made = ModuleType(f"tfjs_pyo.tensorflow.{name}", doc)
    vars(made).update(
        {
            each: spelled(f"{name}.{each}", value, dtypes) if isinstance(value, Op) else value
            for each, value in members.items()
        }
    )
    vars(made).update(__all__=list(members), __getattr__=missing(f"tf.{name}", members))
    documenting.complete(vars(made))
    with_examples(vars(made), f"{name}.")
    return made


INSTEAD: dict[str, str] = {}
"""What to write for names that are not here, by their whole names, as `tensorflow.instead` has them."""


def missing(owner: str, members: Iterable[str]) -> Callable[[str], Any]:
    """Returns a module's `__getattr__`: an error that says what to use instead of a name of TensorFlow that is not here."""

    def find(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        reason = INSTEAD.get(f"{owner}.{name}")
        if reason is not None:
            raise NameNotFoundError(f"{owner} has no {name!r} here: {reason}.")
        raise NameNotFoundError(
            f"{owner} has no {name!r} here: tfjs-pyo runs Keras programs, and of TensorFlow it has what these use."
            f"{did_you_mean(name, members)} See 'keras.ops' and 'tfjs_pyo' for other operations."
        )

    return find


__all__ = ["Op", "did_you_mean", "missing", "namespace", "renamed", "spelled", "with_examples"]
