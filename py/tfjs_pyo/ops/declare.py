"""How ops are declared: the forms that most of them share, and the step from public calls to graph nodes.

Bodies of ops work on nodes. `public` turns such a body into the function that users call: it takes tensors, numbers and
nested lists, and returns a tensor; called with nodes (by other ops and by gradients) it is the body itself.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming
from tfjs_pyo.compiler.coords import Coords
from tfjs_pyo.compiler.emitter import Emitter, glsl_type
from tfjs_pyo.core.graph import CONST, Kind, Node, NotDifferentiable, Op, const
from tfjs_pyo.core.tensor import Tensor, float_node, floats_of_one_shape
from tfjs_pyo.dtypes import STORED, DType, promote, saturated_int32
from tfjs_pyo.errors import ArgumentError, DisposedError, DTypeError
from tfjs_pyo.ops.convert import index_node, nodes_of
from tfjs_pyo.rules import Checks
from tfjs_pyo.shapes import Shape, broadcast

OPS: dict[str, Op] = {}
"""Every op of the graph, by name."""

ELEMENTWISE: dict[str, Callable[..., Any]] = {}
"""Public functions of the elementwise ops, by the name of the op."""

PUBLIC: dict[str, Callable[..., Any]] = {}
"""Functions that users call, by name."""

LATER: dict[str, Callable[[], Any]] = {}
"""Modules that are loaded when the first of their functions is asked for, by the beginning of these functions' names."""


def public_function(name: str) -> Callable[..., Any] | None:
    """Returns the function of a name that users call, None if there is none."""
    if name not in PUBLIC:
        for prefix, load in LATER.items():
            if name.startswith(prefix):
                load()
    return PUBLIC.get(name)


class Symbolic:
    """Base of what stands for tensors of a model in the making: ops that are called with one do what it says.

    Attributes:
        exist: whether any was made; until then no op looks for them.
    """

    exist: ClassVar[bool] = False
    apply_op: ClassVar[Callable[[str, Sequence[Any], Mapping[str, Any]], Any]]

    @property
    def _keras_mask(self) -> Any:
        """The mask that goes with it, or None."""
        return None


_DEEPEST = 16
"""How deep symbolic tensors lie in lists at most; a list that holds itself has no end."""


def symbol_in(values: Iterable[Any], depth: int = 0) -> Symbolic | None:
    """Returns a symbolic tensor among values, or in lists among them."""
    for value in values:
        if isinstance(value, Symbolic):
            return value
        if type(value) in (list, tuple) and depth < _DEEPEST:
            found = symbol_in(value, depth + 1)
            if found is not None:
                return found
    return None


PublicOp = Callable[..., Any]
"""What users call: tensors give a tensor, nodes a node."""

Glsl = str | Mapping[str, str]
"""An expression over `{a}`, `{b}`, `{c}` (vec4 for float32, ivec4 else), or one per dtype of the first input."""


def declare(op: Op) -> Op:
    """Enters an op into the table of all ops."""
    if op.name in OPS:
        raise ArgumentError(f"declare: op {op.name!r} is declared twice.")
    OPS[op.name] = op
    return op


def public(
    tensors: int = 1,
    sequence: bool = False,
    method: bool = True,
    composed: bool = False,
    short: Callable[..., Node | None] | None = None,
    indices: Collection[str] = (),
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator that makes a public op of a function over nodes.

    Args:
        tensors: how many leading parameters are tensors.
        sequence: whether the first parameter is a list of tensors.
        method: whether the op is also a method of Tensor.
        composed: whether the body calls public ops with its tensors, which know themselves what each dtype means.
        short: is asked first, with the positional arguments if there are no others: the short way for calls that need no
            conversion. Returns None for all other calls.
        indices: those of the tensors that are indices: numbers, lists and arrays given for them become int32, and say nothing
            of the dtype of numbers beside them. Bodies check them with `check_indices`.
    """

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        name = body.__name__ = body.__name__.rstrip(
            "_"
        )  # `sum_` in a file that needs Python's sum is the op `sum`
        names = body.__code__.co_varnames[:tensors]
        hints = body.__annotations__  # of the public op, for `help` and editors: users know tensors
        body.__annotations__ = {each: hint.replace("Node", "Tensor") for each, hint in hints.items()}
        checks = Checks(name, body, tensors)
        optional = _with_default(body, names)

        def run(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
            if composed:
                return body(*args, **kwargs)
            form = _form(args[0] if sequence else args) or (kwargs and _form(kwargs.values()))
            return meaning(name, form, body)(*args, **kwargs) if form else body(*args, **kwargs)

        @functools.wraps(body)
        def call(*args: Any, **kwargs: Any) -> Any:
            first = args[0] if args else None
            if type(first) is Node or (sequence and _is_nodes(first)):
                return run(args, kwargs)
            if Symbolic.exist and (found := symbol_in(args) or symbol_in(kwargs.values())) is not None:
                return type(found).apply_op(name, args, kwargs)
            try:
                if sequence:
                    _require_list(name, args)
                    args = (nodes_of(args[0], name), *args[1:])
                else:
                    args, kwargs = _convert(name, names, args, kwargs, indices, optional)
                if len(args) > tensors or kwargs:
                    args, kwargs = checks(args, kwargs)
                result = run(args, kwargs)
            except DisposedError as error:
                error.add_note(f"It was passed to {name}.")
                raise
            return wrap(result)

        bridged = _shortened(naming.bridge(call, checked=False), short, None if composed else run)
        PUBLIC[name] = bridged
        if method and not sequence and tensors:
            Tensor.methods[name] = bridged
        return bridged

    return decorate


def on_symbols(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Returns a decorator for what is no op itself, but becomes a layer as ops do when it is called with symbolic tensors."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(*args: Any, **kwargs: Any) -> Any:
            if Symbolic.exist and (found := symbol_in(args)) is not None:
                return type(found).apply_op(name, args, kwargs)
            return function(*args, **kwargs)

        PUBLIC[name] = call
        return call

    return decorate


def _require_list(name: str, args: Sequence[Any]) -> None:
    """Raises ArgumentError unless the first argument is a list of tensors."""
    if not args:
        raise ArgumentError(f"{name}: expected a list of tensors as its first argument, received none.")
    if isinstance(args[0], Tensor) or not isinstance(args[0], Iterable):
        raise ArgumentError(f"{name}: expected a list of tensors, received {type(args[0]).__name__}.")


def _shortened(
    whole: PublicOp,
    short: Callable[..., Node | None] | None,
    run: Callable[[tuple[Any, ...], dict[str, Any]], Any] | None,
) -> PublicOp:
    """Returns a public op that goes the short way where a call needs no conversion.

    Args:
        whole: the op.
        short: is asked first, with tensors and numbers.
        run: the body, for calls with nodes, which come from other ops and from gradients.
    """

    @functools.wraps(whole)
    def call(*args: Any, **kwargs: Any) -> Any:
        if kwargs or not args:
            return whole(*args, **kwargs)
        if run is not None and type(args[0]) is Node and None not in args:
            return run(args, kwargs)
        node = None if short is None else short(*args)
        return whole(*args) if node is None else Tensor(node)

    return call


def _form(nodes: Iterable[Any]) -> DType | None:
    """Returns the dtype among the arguments that is more than one stored node, if there is one."""
    for node in nodes:
        if type(node) is Node and node.op.kind is Kind.COMPOSITE:
            return node.dtype
    return None


Meaning = Callable[..., Any]
"""`(body, *args, **kwargs) -> nodes`: what an op means for complex numbers or strings, in terms of its body."""

FORMS: dict[DType, dict[str, Meaning]] = {"complex64": {}, "string": {}}
"""What ops mean for dtypes that are no plain node, by the name of the op; see ops.complex_numbers and ops.strings."""


def meaning(name: str, dtype: DType, body: Callable[..., Any]) -> Callable[..., Any]:
    """Returns what the op `name` does with values of `dtype`.

    Raises:
        DTypeError: it is not defined for them.
    """
    found = FORMS[dtype].get(name)
    if found is None:
        advice = " Take its parts with tf.real(x) and tf.imag(x)." if dtype == "complex64" else ""
        raise DTypeError(f"{name}: expected tensors of numbers, received {dtype}.{advice}")
    return functools.partial(found, body)


def _is_nodes(value: Any) -> bool:
    return type(value) in (list, tuple) and bool(value) and type(value[0]) is Node


def _convert(
    name: str,
    names: Sequence[str],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    indices: Collection[str],
    optional: Collection[str],
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Returns the arguments of a call with nodes for tensors, by place as far as they follow each other.

    Raises:
        ArgumentError: None was given for a tensor that there must be.
    """
    count = len(names)
    given = list(args[:count])
    if kwargs and len(args) < count:
        kwargs = dict(kwargs)
        for key in names[len(args) :]:
            if key not in kwargs:
                break
            given.append(kwargs.pop(key))
    later = [key for key in names[len(given) :] if key in kwargs]
    values = [*given, *(kwargs[key] for key in later)]
    if indices:
        keys = (*names[: len(given)], *later)
        values = [index_node(v, name) if key in indices else v for key, v in zip(keys, values, strict=True)]
        nodes = nodes_of(values, name, [key in indices for key in keys])
        for key, node in zip(keys, nodes, strict=True):
            if key in indices and node is not None and node.dtype not in STORED:
                raise DTypeError(f"{name}: expected `{key}` to be int32, received {node.dtype}.")
    else:
        nodes = nodes_of(values, name)
    for key, node in zip((*names[: len(given)], *later), nodes, strict=True):
        if node is None and key not in optional:
            raise ArgumentError(f"{name}: expected `{key}` to be a tensor, received None.")
    kwargs = {**kwargs, **dict(zip(later, nodes[len(given) :], strict=True))} if later else kwargs
    return (*nodes[: len(given)], *args[count:]), kwargs


def _with_default(body: Callable[..., Any], names: Sequence[str]) -> set[str]:
    """Returns those of a function's parameters that have a default."""
    code, defaults = body.__code__, len(body.__defaults__ or ())
    optional = {
        *code.co_varnames[code.co_argcount - defaults : code.co_argcount],
        *(body.__kwdefaults__ or ()),
    }
    return optional.intersection(names)


def wrap(result: Any) -> Any:
    """Returns tensors for nodes, also in lists, tuples and dicts."""
    if isinstance(result, Node):
        return Tensor(result)
    if isinstance(result, tuple) and hasattr(result, "_fields"):
        return type(result)(*map(wrap, result))
    if isinstance(result, (list, tuple)):
        return type(result)(map(wrap, result))
    if isinstance(result, dict):
        return {key: wrap(item) for key, item in result.items()}
    return result


def cast_node(x: Node, dtype: DType) -> Node:
    """Returns `x` with another dtype; constants change theirs without a node."""
    if x.dtype == dtype:
        return x
    if x.op is CONST:
        return const(saturated_int32(x.attrs) if dtype == "int32" else x.attrs, dtype)
    return Node(CAST, (x,), x.shape, dtype, dtype)


def _emit_elementwise(emitter: Emitter, node: Node, coords: Coords) -> str:
    names = [emitter.value(source, coords.broadcast_to_source(source)) for source in node.inputs]
    extra = node.op.extra
    template = extra["glsl"]
    if not isinstance(template, str):
        template = template[node.inputs[0].dtype]
    for helper in extra["helpers"]:
        emitter.helper(helper)
    expression = template.format(**dict(zip("abc", names, strict=False)))
    return emitter.let(glsl_type(node.dtype), expression)


CAST = declare(
    Op(
        "cast",
        Kind.POINTWISE,
        numpy=lambda np, node, x: _numpy_cast(np, x, node.dtype),
        gradient=lambda node, g: (
            cast_node(g, node.inputs[0].dtype) if node.inputs[0].dtype == "float32" else None,
        ),
        emit=lambda emitter, node, coords: emitter.cast(
            emitter.value(node.inputs[0], coords), node.inputs[0].dtype, node.dtype
        ),
        identity=True,
    )
)


def _numpy_cast(np: Any, x: Any, dtype: DType) -> Any:
    if dtype == "int32" and x.dtype.kind == "f":
        # As dtypes.saturated_int32 and GLSL's to_int_; float32 does not have the largest int32.
        return np.nan_to_num(np.clip(x.astype(np.float64), -(2.0**31), 2.0**31 - 1), nan=0.0).astype(np.int32)
    return x != 0 if dtype == "bool" else x


def elementwise(
    name: str,
    *,
    glsl: Glsl,
    numpy: Callable[..., Any],
    gradient: Callable[..., Sequence[Node | None]] | NotDifferentiable,
    arity: int = 1,
    takes: str = "same",
    gives: DType | None = None,
    helpers: Sequence[str] = (),
    cost: int = 1,
    samples: Any = None,
    doc: str = "",
    method: bool = True,
) -> Callable[..., Any]:
    """Declares an elementwise op and returns its public function.

    Args:
        name: snake_case.
        glsl: expression for four elements.
        numpy: `(np, *arrays) -> array`.
        gradient: `(inputs, y, g) -> one node or None per input`; shapes may still be the broadcast ones.
        arity: number of tensor parameters.
        takes: 'same' (inputs are promoted to one dtype, bool to int32), 'any' (promoted, bool stays bool), 'float'
            (promoted to float32), 'bool' (must be bool or are compared with 0).
        gives: dtype of the result, if it is not that of the inputs.
        helpers: GLSL functions that the expression uses.
        cost: multiply-add equivalents.
        samples: domain of test data: `Samples` of `ops.samples`.
        doc: docstring of the public function.
        method: whether it is also a method of Tensor.
    """

    def rule(node: Node, g: Node) -> tuple[Node | None, ...]:
        if isinstance(gradient, NotDifferentiable):
            return (None,) * len(node.inputs)
        return tuple(gradient(node.inputs, node, g))

    op = declare(
        Op(
            name,
            Kind.POINTWISE,
            numpy=lambda np, node, *arrays: numpy(np, *arrays),
            gradient=gradient if isinstance(gradient, NotDifferentiable) else rule,
            emit=_emit_elementwise,
            cost=cost,
            identity=True,
            samples=samples,
            extra={"glsl": glsl, "helpers": tuple(helpers), "arity": arity, "takes": takes},
        )
    )

    def build(*inputs: Node) -> Node:
        dtype: DType = promote(*[x.dtype for x in inputs])
        if takes == "float":
            dtype = "float32"
        elif takes == "bool":
            dtype = "bool"
        elif takes == "same" and dtype == "bool":
            dtype = "int32"
        sources = tuple([x if x.dtype == dtype else cast_node(x, dtype) for x in inputs])
        shape = inputs[0].shape if arity == 1 else broadcast(name, *[x.shape for x in inputs])
        return Node(op, sources, shape, gives or dtype)

    body = _with_arity(build, arity)
    body.__name__ = body.__qualname__ = name
    body.__doc__ = doc
    function = public(
        arity, method=method, short=None if takes == "bool" else _of_floats(op, arity, gives or "float32")
    )(body)
    ELEMENTWISE[name] = function
    return function


def _of_floats(op: Op, arity: int, gives: DType) -> Callable[..., Node | None]:
    """Returns the short way of an elementwise op: float tensors of one shape, and numbers beside them, are what they are."""

    def short(*args: Any) -> Node | None:
        if len(args) != arity:
            return None
        nodes: list[Node] = []
        shape: Shape = ()
        for arg in args:
            node = float_node(arg) if type(arg) is Tensor else None
            if node is None and nodes and type(arg) in (float, int):
                node = const(arg, "float32")
            if node is None:
                return None
            if node.shape != shape:
                if shape and node.shape:
                    return None
                shape = shape or node.shape
            nodes.append(node)
        return Node(op, tuple(nodes), shape, gives)

    def pair(*args: Any) -> Node | None:
        nodes = floats_of_one_shape(*args) if len(args) == 2 else None
        return short(*args) if nodes is None else Node(op, nodes, nodes[0].shape, gives)

    return pair if arity == 2 else short


def _with_arity(build: Callable[..., Node], arity: int) -> Callable[..., Node]:
    """Returns `build` with a signature of its own, which errors and the naming bridge read."""
    if arity == 1:

        def unary(x: Node) -> Node:
            return build(x)

        return unary
    if arity == 2:

        def binary(a: Node, b: Node) -> Node:
            return build(a, b)

        return binary

    def ternary(a: Node, b: Node, c: Node) -> Node:
        return build(a, b, c)

    return ternary


def require(node: Node, dtypes: Sequence[DType], owner: str, parameter: str) -> None:
    """Raises DTypeError unless `node` has one of `dtypes`."""
    if node.dtype not in dtypes:
        raise DTypeError(
            f"{owner}: expected `{parameter}` to be {' or '.join(dtypes)}, received {node.dtype}."
        )
