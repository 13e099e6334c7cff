"""Derivatives of Python functions, by recording what they do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.autodiff import GradientError, vjp
from tfjs_pyo.core.graph import COPY, CUSTOM_GRAD, Node, complex_node, const, stored_parts
from tfjs_pyo.core.tape import Tape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import ArgumentError, DTypeError, ShapeError
from tfjs_pyo.ops.arithmetic import add
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.movement import broadcast_node
from tfjs_pyo.shapes import Shape

Function = Callable[..., Tensor]


def gradients(y: Tensor, xs: Sequence[Tensor], dy: Tensor | None = None) -> list[Tensor]:
    """Returns the derivative of the sum of y with respect to each x; zeros where y does not depend on it.

    Args:
        y: float32 tensor computed from xs.
        xs: tensors (variables included) that y was computed from.
        dy: weights of y's elements, ones unless given.

    Example:
        >>> from tfjs_pyo import ops
        >>> x = ops.tensor([1.0, 2.0])
        >>> gradients(ops.sum(x * x), [x])[0].array_sync()
        [2.0, 4.0]

    Source: `tape.gradient`, https://www.tensorflow.org/api_docs/python/tf/GradientTape
    """
    seed = dy.node if dy is not None else broadcast_node(const(1.0, y.dtype), y.shape)
    targets = [x.node for x in xs]
    parts = [part for target in targets for part in stored_parts(target)]
    found = iter(vjp(stored_parts(y.node), stored_parts(seed), parts, add))

    def next_part(target: Node) -> Node:
        derivative = next(found)
        return derivative if derivative is not None else broadcast_node(const(0.0, "float32"), target.shape)

    return [
        Tensor(complex_node(next_part(x), next_part(x)) if x.dtype == "complex64" else next_part(x))
        for x in targets
    ]


def _fresh(value: Any, owner: str) -> Tensor:
    """Returns a tensor of real or complex numbers on nodes of its own, so that its history starts here."""
    node = node_of(value, owner, "float32")
    if node.dtype != "complex64":
        return Tensor(_own(cast_node(node, "float32")))
    return Tensor(complex_node(*map(_own, stored_parts(node))))


def _own(node: Node) -> Node:
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
        seed = Tensor(node_of(dy, owner, "float32")) if dy is not None else None
        if seed is not None and seed.shape != y.shape:
            raise ShapeError(
                f"{owner}: expected dy of shape {y.shape}, that of the result, received {seed.shape}."
            )
        return y, gradients(y, watched, seed)


@naming.bridge
def grad(f: Function) -> Callable[..., Tensor]:
    """Returns a function of x (and dy) that gives the derivative of `sum(f(x) * dy)`.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.grad(lambda x: x.square())(3.0).array_sync()
        6.0

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
        var_list: variables to differentiate with respect to, instead of all that f reads.

    Raises:
        GradientError: f reads no trainable variable.

    Source: https://js.tensorflow.org/api/latest/#variableGrads
    """
    with Tape():
        with Variable.reading() as read:
            y = _call("variable_grads", f, ())
        if y.size != 1:
            raise ShapeError(
                f"variable_grads: expected the function to return a scalar, received shape {y.shape}."
            )
        chosen = list(var_list) if var_list is not None else [v for v in read if v.trainable]
        if not chosen:
            raise GradientError(
                "variable_grads: expected a function that reads a trainable variable, it reads none."
            )
        return {"value": y, "grads": dict(zip([v.name for v in chosen], gradients(y, chosen), strict=True))}


@naming.bridge
def custom_grad(f: Callable[..., dict[str, Any]]) -> Callable[..., Tensor]:
    """Returns a function with a gradient of your own.

    Args:
        f: takes tensors and, last, a function `save`; returns `{'value': y, 'gradFunc': g}` where
            `g(dy, saved)` gives one derivative (or a list of them) for the inputs.

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
