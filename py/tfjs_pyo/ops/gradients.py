"""Derivatives of Python functions, by recording what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core import context, engine
from tfjs_pyo.core.autodiff import GradientError, depends, vjp_and_reached
from tfjs_pyo.core.graph import COPY, CUSTOM_GRAD, REALIZED, Node, complex_node, const, stored_parts
from tfjs_pyo.core.tape import Tape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ArgumentError, DTypeError, ShapeError
from tfjs_pyo.ops.arithmetic import add
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.movement import broadcast_node
from tfjs_pyo.ops.reduction import sum_to_node
from tfjs_pyo.options import shown
from tfjs_pyo.shapes import Shape
from tfjs_pyo.types import TensorLike

Function = Callable[..., Tensor]


@naming.bridge
def gradients(y: TensorLike, xs: Sequence[Any], dy: Tensor | None = None) -> list[Tensor | None]:
    """Returns the derivative of the sum of y with respect to each x; None where y does not depend on it.

    Args:
        y: float32 tensor computed from xs.
        xs: tensors (variables included) that y was computed from.
        dy: weights of y's elements, ones unless given.

    Raises:
        ArgumentError: they are no tensors of numbers.
        ShapeError: dy differs from y in its shape or dtype.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.tensor([1.0, 2.0])
        >>> tf.gradients(tf.sum(x * x), [x])[0]
        Tensor
            [2, 4]

    Source: `tape.gradient`, https://www.tensorflow.org/api_docs/python/tf/GradientTape
    """
    for name, value in (("y", y), ("dy", y if dy is None else dy), *(("xs", x) for x in xs)):
        if not isinstance(value, Tensor) or value.dtype == "string":
            raise ArgumentError(
                f"gradients: expected `{name}` to be tensors of numbers, received {shown(value)}."
            )
    if dy is not None and (dy.shape, dy.dtype == "complex64") != (y.shape, y.dtype == "complex64"):
        raise ShapeError(
            f"gradients: expected dy of the shape of y, {y.shape}, complex where y is, received {dy.shape} of {dy.dtype}."
        )
    return derivatives(y, [[x.node] for x in xs], dy)


def derivatives(y: Tensor, xs: Sequence[Sequence[Node]], dy: Tensor | None = None) -> list[Tensor | None]:
    """Returns the derivative with respect to each x, which several nodes may stand for; None where y depends on none."""
    if context.trace() is None and y.dtype != "complex64":
        engine.expect(y.node)
    seed = dy.node if dy is not None else broadcast_node(const(1.0, y.dtype), y.shape)
    parts = [part for nodes in xs for node in nodes for part in stored_parts(node)]
    values, reached = vjp_and_reached(stored_parts(y.node), stored_parts(seed), parts, add, sum_to_node)
    found = dict(zip(parts, values, strict=True))

    def derivative(node: Node) -> Node:
        value = found[node]
        return value if value is not None else broadcast_node(const(0.0, "float32"), node.shape)

    def total(nodes: Sequence[Node]) -> Tensor | None:
        met = [node for node in nodes if not reached.isdisjoint(stored_parts(node))]
        sums = [
            complex_node(*map(derivative, stored_parts(node)))
            if node.dtype == "complex64"
            else derivative(node)
            for node in met
        ]
        return Tensor(reduce(add, sums)) if sums else None

    return [total(nodes) for nodes in xs]


def zero_gradient(x: Tensor) -> Tensor:
    """Returns the derivative of what does not depend on x."""
    zero = broadcast_node(const(0.0, "float32"), x.shape)
    return Tensor(complex_node(zero, zero) if x.dtype == "complex64" else zero)


def _fresh(value: Any, owner: str) -> Tensor:
    """Returns a tensor of real or complex numbers on nodes of its own, so that its history starts here."""
    node = _numbers(value, owner)
    if node.dtype != "complex64":
        return Tensor(_own(cast_node(node, "float32")))
    return Tensor(complex_node(*map(_own, stored_parts(node))))


def _numbers(value: Any, owner: str) -> Node:
    node = node_of(value, owner, "float32")
    if node.dtype == "string":
        raise DTypeError(
            f"{owner}: expected tensors of numbers, received strings, which have no derivatives."
        )
    return node


def _own(node: Node) -> Node:
    if node.op is REALIZED and sum(tape.is_open for tape in context.current().tapes) == 1:
        own = Node(REALIZED, (), node.shape, "float32")
        own.buffer = node.buffer  # no gradient goes further back, so that nothing is copied
        return own
    return Node(COPY, (node,), node.shape, "float32")


def _call(owner: str, f: Function, args: Sequence[Any]) -> Tensor:
    if not callable(f):
        raise ArgumentError(f"{owner}: expected a function, received {type(f).__name__}.")
    y = f(*args)
    if not isinstance(y, Tensor):
        raise ArgumentError(
            f"{owner}: expected the function to return a tensor, received {type(y).__name__}."
        )
    return y


def _differentiate(owner: str, f: Function, xs: Sequence[Any], dy: Any) -> tuple[Tensor, list[Tensor]]:
    with Tape():
        watched = [_fresh(x, owner) for x in xs]
        y = _call(owner, f, watched)
        seed = Tensor(_numbers(dy, owner)) if dy is not None else None
        if seed is not None and seed.shape != y.shape:
            raise ShapeError(
                f"{owner}: expected dy of shape {y.shape}, that of the result, received {seed.shape}."
            )
        found = gradients(y, watched, seed)
        for place, (x, own) in enumerate(zip(xs, watched, strict=True)):
            is_discrete = isinstance(x, Tensor) and x.dtype in ("bool", "int32")
            if found[place] is None and is_discrete and depends(stored_parts(y.node), stored_parts(own.node)):
                found[place] = zero_gradient(own)  # a condition among the inputs, or indices
        missing = [i for i, derivative in enumerate(found) if derivative is None]
        if missing:
            which = "its input" if len(watched) == 1 else f"input {missing[0]} of {len(watched)}"
            raise GradientError(
                f"{owner}: expected a function whose result depends on {which}, but it does not. Compute the result from the "
                "inputs, inside the function, with operations that can be differentiated."
            )
        return y, [derivative for derivative in found if derivative is not None]


@naming.bridge
def grad(f: Function) -> Callable[..., Tensor]:
    """Returns a function of x (and dy) that gives the derivative of `sum(f(x) * dy)`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.grad(lambda x: x.square())(3.0)
        Tensor
            6

    Source: https://js.tensorflow.org/api/latest/#grad
    """
    return lambda x, dy=None: _differentiate("grad", f, [x], dy)[1][0]


@naming.bridge
def grads(f: Function) -> Callable[..., list[Tensor]]:
    """Returns a function of a list of inputs that gives the list of derivatives. Source: https://js.tensorflow.org/api/latest/#grads"""
    return lambda args, dy=None: _differentiate("grads", f, args, dy)[1]


@naming.bridge
def value_and_grad(f: Function) -> Callable[..., dict[str, Tensor]]:
    """Returns a function that gives `{'value': f(x), 'grad': ...}`. Source: https://js.tensorflow.org/api/latest/#valueAndGrad"""

    def both(x: Any, dy: Any = None) -> dict[str, Tensor]:
        y, found = _differentiate("value_and_grad", f, [x], dy)
        return {"value": y, "grad": found[0]}

    return both


@naming.bridge
def value_and_grads(f: Function) -> Callable[..., dict[str, Any]]:
    """Returns a function that gives `{'value': ..., 'grads': [...]}`. Source: https://js.tensorflow.org/api/latest/#valueAndGrads"""

    def both(args: Sequence[Any], dy: Any = None) -> dict[str, Any]:
        y, found = _differentiate("value_and_grads", f, args, dy)
        return {"value": y, "grads": found}

    return both


@naming.bridge
def variable_grads(f: Callable[[], Tensor], var_list: Sequence[Variable] | None = None) -> dict[str, Any]:
    """Returns `{'value': f(), 'grads': {name: derivative}}` for the trainable variables that f reads.

    Args:
        f: function without parameters that returns a scalar.
        var_list: variables to differentiate with respect to, instead of all that f reads. Those that are not trainable have
            None for a derivative, as in TF.js.

    Returns:
        The value, and the derivatives by the names of the variables, each of which only one variable has; those that the
        result does not depend on are left out.

    Raises:
        GradientError: f reads no trainable variable, or its result depends on none.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(3.0), name="w")
        >>> {name: g.array_sync() for name, g in tf.variable_grads(lambda: w * w)["grads"].items()}
        {'w': 6.0}

    Source: https://js.tensorflow.org/api/latest/#variableGrads
    """
    with Tape():
        with Variable.reading() as read:
            y = _call("variable_grads", f, ())
        if y.size != 1:
            raise ShapeError(
                f"variable_grads: expected the function to return a scalar, received shape {y.shape}."
            )
        given = list(var_list) if var_list is not None else list(read.nodes)
        chosen = [v for v in given if v.trainable]
        if not chosen:
            raise GradientError(_no_trainable(given, var_list is not None))
        found = derivatives(y, [list(read.nodes.get(v, ())) for v in chosen])
        if all(derivative is None for derivative in found):
            raise GradientError(
                "variable_grads: expected a result that depends on a trainable variable, but it depends on none of the "
                f"{len(chosen)}: a constant, a tensor computed before, a value that Python computed, or behind stop_gradient. "
                "Do all that uses the variables inside the function, with operations that can be differentiated."
            )
        grads = {v.unique_name: d for v, d in zip(chosen, found, strict=True) if d is not None}
        return {
            "value": y,
            "grads": {**grads, **{v.unique_name: None for v in given if not v.trainable and var_list}},
        }


def _no_trainable(given: Sequence[Variable], listed: bool) -> str:
    """Returns what is wrong if no variable may be trained."""
    if not given:
        what = (
            "a list with a trainable variable, it is empty"
            if listed
            else ("a function that reads a trainable variable, it reads none")
        )
        return f"variable_grads: expected {what}."
    return (
        f"variable_grads: expected a trainable variable, but none of the {len(given)} is trainable: "
        f"{', '.join(repr(v.unique_name) for v in given[:3])}{', ...' if len(given) > 3 else ''}. Set `layer.trainable = True` "
        "(or `variable.trainable`) for what shall be trained."
    )


@naming.bridge
def custom_grad(f: Callable[..., dict[str, Any]]) -> Callable[..., Tensor]:
    """Returns a function with a gradient of your own.

    Args:
        f: takes tensors and, last, a function `save`; returns `{'value': y, 'gradFunc': g}` where
            `g(dy, saved)` gives one derivative (or a list of them) for the inputs.

    Raises:
        ArgumentError: when it is called and f gives no value or no gradFunc.

    Source: https://js.tensorflow.org/api/latest/#customGrad
    """

    def call(*args: Any) -> Tensor:
        inputs = [node_of(a, "custom_grad", "float32") for a in args]
        saved: list[Tensor] = []
        result = f(*(Tensor(n) for n in inputs), saved.extend)
        rule = next((result[key] for key in result if naming.fold(key) == "gradfunc"), None)
        if rule is None or "value" not in result:
            raise ArgumentError(
                "custom_grad: expected the function to return {'value': tensor, 'gradFunc': function}."
            )

        value = result["value"].node
        node = Node(CUSTOM_GRAD, (value, *inputs), value.shape, value.dtype)
        node.rule = _custom_rule(rule, saved, [(x.shape, x.dtype) for x in inputs])
        return Tensor(node)

    return call


def _custom_rule(
    rule: Callable[..., Any], saved: list[Tensor], inputs: Sequence[tuple[Shape, DType]]
) -> Callable[[Node], tuple[Node | None, ...]]:
    """Returns the gradient of a `custom_grad` node: none for the value, the function's derivatives for the inputs."""

    def gradient(g: Node) -> tuple[Node | None, ...]:
        found = rule(Tensor(g), saved)
        found = [found] if isinstance(found, Tensor) else list(found)
        if len(found) != len(inputs):
            raise GradientError(f"custom_grad: expected {len(inputs)} derivatives, received {len(found)}.")
        for position, (derivative, (shape, dtype)) in enumerate(zip(found, inputs, strict=True)):
            if derivative.shape != shape:
                raise ShapeError(
                    f"custom_grad: expected derivative {position} to have the shape {shape} of its input, "
                    f"received {derivative.shape}."
                )
            if dtype == "float32" and derivative.dtype != dtype:
                raise DTypeError(
                    f"custom_grad: expected derivative {position} to be float32 as its input, received {derivative.dtype}."
                )
        return (None, *(t.node for t in found))

    return gradient
