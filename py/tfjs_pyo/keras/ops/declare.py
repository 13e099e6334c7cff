"""How functions of `keras.ops` are declared: names and arguments as Keras has them, over the ops of layer 3.

Most are an op under another name: `Group.same` is a table of those. The others are functions of tensors with Keras's
signature, decorated with `Group.op`. Either way a call with symbolic tensors becomes a layer, and what is no tensor yet
(numbers, lists, arrays) becomes one by Keras's rules: Python's integers are int32, where TF.js has float32.
"""

from __future__ import annotations

import ast
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo import naming, nests, ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.doc_examples import respelled, with_example
from tfjs_pyo.doc_examples.keras_ops import EXAMPLES
from tfjs_pyo.dtype_names import standardize_dtype
from tfjs_pyo.dtypes import DType, fits_int32, promote
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.keras.ops.vocabulary import completed, inner_functions, summary_of
from tfjs_pyo.ops.declare import PUBLIC, Symbolic, symbol_in
from tfjs_pyo.options import shown
from tfjs_pyo.rules import Checks, checked, explained
from tfjs_pyo.types import TensorLike

PREFIX = "keras.ops."
"""Before the names of these functions among all that layers are made of."""


def tensor(value: Any) -> Any:
    """Returns what an argument stands for as a tensor, with the dtype that Keras gives it; None stays.

    Tensors inside lists are stacked, so that gradients reach them.
    """
    if value is None or isinstance(value, (Tensor, Symbolic)):
        return value
    if isinstance(value, bool):
        return ops.scalar(value, "bool")
    if isinstance(value, int):
        return ops.scalar(value, "int32" if fits_int32(value) else "float32")
    if isinstance(value, (list, tuple)):
        nests.require_end(value)
        if holds_tensors(value):
            parts = [tensor(item) for item in value]
            return ops.stack([ops.cast(part, common(*parts)) for part in parts])
        return ops.tensor(value, dtype=_listed(value))
    if hasattr(value, "__keras_tensor__"):
        return value.__keras_tensor__()
    return ops.tensor(value)


def require_rank(owner: str, x: Tensor, rank: int) -> None:
    """Raises ShapeError unless a tensor has a rank."""
    if x.rank != rank:
        raise ShapeError(f"{owner}: expected a tensor of rank {rank}, received shape {x.shape}.")


def holds_tensors(value: Any) -> bool:
    """Returns whether there are tensors in nested lists."""
    return isinstance(value, Tensor) or (
        isinstance(value, (list, tuple)) and any(holds_tensors(item) for item in value)
    )


def _listed(value: Sequence[Any]) -> str | None:
    """Returns int32 for nested lists of Python's integers, else None: the dtype is that of the elements."""
    level: list[Any] = list(value)
    while level and isinstance(level[0], (list, tuple)):
        level = [item for items in level for item in items]
    kinds = set(map(type, level))
    whole = bool(kinds) and kinds <= {int, bool} and kinds != {bool}
    return "int32" if whole and all(map(fits_int32, level)) else None


def common(*tensors: Any) -> DType:
    """Returns the dtype that Keras promotes operands to."""
    return promote(*(each.dtype for each in tensors if each is not None))


def as_float(x: TensorLike) -> Any:
    """Returns float32 for integers and bools; complex numbers stay."""
    return x if x.dtype in ("float32", "complex64") else ops.cast(x, "float32")


def as_number(x: TensorLike) -> Any:
    """Returns int32 for bools; others stay."""
    return ops.cast(x, "int32") if x.dtype == "bool" else x


def alike(*values: Any) -> list[Any]:
    """Returns operands as tensors of the dtype that they are promoted to."""
    tensors = [tensor(value) for value in values]
    dtype = common(*tensors)
    return [each if each.dtype == dtype else ops.cast(each, dtype) for each in tensors]


class Group:
    """One of the modules of `keras.ops`.

    Attributes:
        functions: what it has, by Keras's names.
    """

    def __init__(self) -> None:
        self.functions: dict[str, Callable[..., Any]] = {}

    def op(
        self, tensors: int = 1, *, also: Iterable[str] = (), sequence: bool = False, rank: int = 0
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Returns a decorator for a function of tensors with Keras's signature.

        Args:
            tensors: how many leading parameters are tensors.
            also: further names of Keras's for the same function.
            sequence: whether the first parameter is a list of tensors.
            rank: the least that the first tensor has.
        """

        def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
            name = body.__name__.rstrip("_")
            call = _called_as_keras(name, body, tensors, sequence, rank)
            for each in (name, *also):
                self.functions[each] = call
            return call

        return decorate

    def same(
        self,
        signature: str,
        functions: Mapping[str, Callable[..., Any]],
        before: Callable[[Any], Any] | None = None,
        tensors: int | None = None,
        rank: int = 0,
    ) -> None:
        """Declares functions that are an op with Keras's parameters, in the op's order.

        Args:
            signature: Keras's parameters: `"x1, x2"`, `"x, axis: int | None=None, keepdims=False"`. Arguments are of the type
                of the default where there is no annotation.
            functions: the ops, by Keras's names.
            before: what is done with each tensor first.
            tensors: how many leading parameters are tensors; default: those without a default.
            rank: the least that the first tensor has.
        """
        parameters = signature_of(signature)
        needed = [p for p in parameters.parameters.values() if p.default is inspect.Parameter.empty]
        count = len(needed) if tensors is None else tensors
        for name, function in functions.items():
            body = _body(name, function, parameters, count, before)
            self.functions[name] = _called_as_keras(name, body, count, False, rank)

    def plain(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Enters what takes no tensors, or functions of the user's: arguments are what annotations say, and stay as they are."""
        call = checked(function)
        self.functions[call.__name__] = call
        return call


def merged(*groups: Group) -> dict[str, Callable[..., Any]]:
    """Returns the functions of several groups; those of one name must be one function.

    Raises:
        ArgumentError: a name is declared twice.
    """
    found: dict[str, Callable[..., Any]] = {}
    for group in groups:
        for name, function in group.functions.items():
            if found.setdefault(name, function) is not function:
                raise ArgumentError(f"keras.ops: {name!r} is declared twice.")
    return found


def signature_of(text: str) -> inspect.Signature:
    """Returns the signature that a list of parameters with literal defaults describes."""
    found = []
    for part in text.split(", "):
        named, _, default = part.partition("=")
        name, _, hint = named.partition(": ")
        value = ast.literal_eval(default) if default else inspect.Parameter.empty
        known = value is not None and value is not inspect.Parameter.empty
        kind = hint or (type(value) if known else inspect.Parameter.empty)
        found.append(
            inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=value, annotation=kind)
        )
    return inspect.Signature(found)


def _body(
    name: str,
    function: Callable[..., Any],
    parameters: inspect.Signature,
    count: int,
    before: Callable[[Any], Any] | None,
) -> Callable[..., Any]:
    """Returns an op as a function with a signature of Keras's."""
    names = list(parameters.parameters)

    def body(*args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != len(names):
            bound = parameters.bind(*args, **kwargs)
            bound.apply_defaults()
            args = tuple(bound.arguments[each] for each in names)
        if before is not None:
            args = (*map(before, args[:count]), *args[count:])
        return function(*args)

    body.__name__ = name
    body.__doc__ = _documented(name, function, names)
    vars(body)["example"] = _example(name, function)
    vars(body)["__signature__"] = parameters.replace(return_annotation=_result(function))
    return body


def _result(function: Callable[..., Any]) -> Any:
    """Returns what a function says that it gives."""
    result = inspect.signature(function).return_annotation
    return "Tensor" if result in ("Node", inspect.Signature.empty) else result


def _documented(name: str, function: Callable[..., Any], parameters: Sequence[str]) -> str:
    return f"{summary_of(name, function, parameters)} Source: https://keras.io/api/ops/ ({name})"


def _example(name: str, function: Callable[..., Any]) -> str:
    """Returns the example of an op in Keras's words."""
    for each in (function, *inner_functions(function)):
        names = {f"tf.{naming.camel(each.__name__)}(": f"keras.ops.{name}(", "tf.tensor(": "keras.ops.array("}
        if found := respelled(each.__doc__ or "", EXAMPLES.imports, names):
            return found
    return ""


def _called_as_keras(
    name: str, body: Callable[..., Any], tensors: int, sequence: bool, rank: int
) -> Callable[..., Any]:
    signature = inspect.signature(body)
    names = list(signature.parameters)[:tensors]
    required = {each for each in names if signature.parameters[each].default is inspect.Parameter.empty}
    key = PREFIX + name
    checks = Checks(name, body, tensors)

    @functools.wraps(body)
    def call(*args: Any, **kwargs: Any) -> Any:
        if Symbolic.exist and (found := symbol_in(args) or symbol_in(kwargs.values())) is not None:
            return type(found).apply_op(key, [*map(_saved, args)], {k: _saved(v) for k, v in kwargs.items()})
        if not sequence:
            args = tuple([tensor(arg) if at < tensors else arg for at, arg in enumerate(args)])
            if kwargs:
                kwargs = {k: tensor(v) if k in names else v for k, v in kwargs.items()}
            given = {**dict(zip(names, args, strict=False)), **kwargs}
            _require_tensors(name, given, required, names[0] if rank else None, rank)
        elif args:
            args = (_parts(name, args[0]), *args[1:])
        elif names[0] in kwargs:
            kwargs = {**kwargs, names[0]: _parts(name, kwargs[names[0]])}
        if len(args) > tensors or kwargs:
            args, kwargs = checks(args, kwargs)
        return body(*args, **kwargs)

    named = explained(call, name, signature)
    example = EXAMPLES.section(name) or vars(body).get("example", "")
    named.__doc__ = with_example(completed(body.__doc__ or "", body), example)
    vars(named)["tensors"] = tuple(names)  # for the type stubs
    PUBLIC[key] = named
    return named


def _require_tensors(
    owner: str, given: Mapping[str, Any], required: Iterable[str], first: str | None, rank: int
) -> None:
    """Raises an error where None is given for a tensor, or one has a lower rank."""
    for name in required:
        if name in given and given[name] is None:
            raise ArgumentError(f"{owner}: expected `{name}` to be a tensor, received None.")
    x = given.get(first) if first else None
    if isinstance(x, Tensor) and x.rank < rank:
        raise ShapeError(
            f"{owner}: expected `{first}` to be a tensor of rank {rank} or more, received shape {x.shape}."
        )


def _parts(owner: str, value: Any) -> list[Any]:
    """Returns the elements of a list, or the rows of a tensor, as tensors."""
    items = value if isinstance(value, (list, tuple)) or value is None else tensor(value)
    if items is None or (isinstance(items, Tensor) and not items.rank) or not len(items):
        raise ArgumentError(f"{owner}: expected a list of tensors, received {shown(value)}.")
    parts = [tensor(item) for item in items]
    if any(part is None for part in parts):
        raise ArgumentError(f"{owner}: expected a list of tensors, received None in it.")
    return parts


def _saved(value: Any) -> Any:
    """Returns an argument as a layer saves it: types and NumPy's dtypes by their names."""
    return standardize_dtype(value) if isinstance(value, type) or hasattr(value, "newbyteorder") else value


__all__ = [
    "Group",
    "alike",
    "as_float",
    "as_number",
    "common",
    "holds_tensors",
    "merged",
    "require_rank",
    "signature_of",
    "tensor",
]
