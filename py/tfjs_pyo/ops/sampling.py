"""Draws from further distributions, made of uniform and normal ones: with a seed the same in the browser and in CPython."""

from __future__ import annotations

import math as python_math
from collections.abc import Callable

from tfjs_pyo import dtypes, naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.ops.arithmetic import add, mod, mul, sub
from tfjs_pyo.ops.bits import shift_right
from tfjs_pyo.ops.comparison import greater, less, less_equal, logical_and, where
from tfjs_pyo.ops.convert import node_of, uploaded
from tfjs_pyo.ops.creation import iota_node
from tfjs_pyo.ops.cumulative import cumsum
from tfjs_pyo.ops.declare import cast_node
from tfjs_pyo.ops.math import log, pow_
from tfjs_pyo.ops.movement import reshape_node, slice_node
from tfjs_pyo.ops.random import (
    DRAWN,
    Seed,
    bits_node,
    derived,
    normal_node,
    random_normal,
    rounded_draws,
    uniform_node,
)
from tfjs_pyo.ops.reduction import SUM, reduce_node, softmax
from tfjs_pyo.shapes import Dims, dimensions, size
from tfjs_pyo.types import TensorLike

GAMMA_ROUNDS = 8
"""Proposals for each number: at least 95 of 100 are taken, so the last one has to be in fewer than 1 of 10^10 draws."""


@naming.bridge
def rand(shape: Dims, rand_function: Callable[[], float], dtype: str = "float32") -> Tensor:
    """Returns what a function of your own gives, called once for each element.

    Args:
        shape: of the result.
        rand_function: without parameters, gives a number.
        dtype: 'float32', 'int32' (truncated) or 'bool'.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.rand([2], lambda: 0.5)
        Tensor
            [0.5, 0.5]

    Source: https://js.tensorflow.org/api/latest/#rand
    """
    dims = dimensions("rand", shape)
    values = [rand_function() for _ in range(size(dims))]
    return Tensor(uploaded(values, dims, dtypes.check(dtype, "rand"), "rand"))


@naming.bridge
def random_standard_normal(shape: Dims, dtype: str = "float32", seed: Seed = None) -> Tensor:
    """Returns normally distributed numbers of mean 0 and deviation 1. Source: https://js.tensorflow.org/api/latest/#randomStandardNormal"""
    result: Tensor = random_normal(shape, 0, 1, dtype, seed)
    return result


@naming.bridge
def random_uniform_int(shape: Dims, minval: int, maxval: int, seed: Seed = None) -> Tensor:
    """Returns whole numbers drawn uniformly from [minval, maxval).

    The probability of a number is off by (maxval - minval) / 2^31 of it at most. TF.js prefers some of them where minval is
    negative; this does not.

    Args:
        shape: of the result.
        minval, maxval: integers, less than 2^31 apart.
        seed: for the same numbers each time.

    Returns:
        int32 tensor.

    Raises:
        OptionError: there is no number between the bounds, or too many.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.randomUniformInt([3], 4, 5)
        Tensor
            [4, 4, 4]

    Source: https://js.tensorflow.org/api/latest/#randomUniformInt
    """
    count = maxval - minval
    if not 0 < count < 2**31 or not dtypes.fits_int32(minval) or not dtypes.fits_int32(maxval - 1):
        raise OptionError(
            f"random_uniform_int: expected int32 with minval < maxval, less than 2^31 apart, received {minval=}, {maxval=}."
        )
    bits = shift_right(bits_node(dimensions("random_uniform_int", shape), seed), 1)
    return Tensor(add(mod(bits, const(count, "int32")), const(minval, "int32")))


@naming.bridge
def random_gamma(
    shape: Dims, alpha: float, beta: float = 1, dtype: str = "float32", seed: Seed = None
) -> Tensor:
    """Returns numbers from the gamma distribution (Marsaglia and Tsang's method, 2000).

    Args:
        shape: of the result.
        alpha: shape parameter, positive.
        beta: inverse scale, positive: the mean is alpha / beta. (TF.js documents that, and computes alpha * beta.)
        dtype: 'float32' or 'int32' (rounded).
        seed: for the same numbers each time.

    Raises:
        OptionError: alpha or beta is not positive.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.randomGamma([2, 3], 2.0).shape
        (2, 3)

    Source: https://js.tensorflow.org/api/latest/#randomGamma
    """
    if not alpha > 0 or not beta > 0:
        raise OptionError(f"random_gamma: expected positive alpha and beta, received {alpha=}, {beta=}.")
    dims = dimensions("random_gamma", shape)
    kind = dtypes.check(dtype, "random_gamma", DRAWN)
    # Below 1 the method does not hold: gamma(a) is gamma(a + 1) times u^(1/a).
    raised = alpha + 1 if alpha < 1 else alpha
    values = mul(_gamma(dims, raised, seed), const(1 / beta, "float32"))
    if alpha < 1:
        half = const(2.0**-25, "float32")
        u = add(uniform_node(dims, derived(seed, 2)), half)
        values = mul(values, pow_(u, const(1 / alpha, "float32")))
    return Tensor(rounded_draws(values, kind))


def _gamma(shape: tuple[int, ...], alpha: float, seed: Seed) -> Node:
    """Returns gamma numbers of scale 1 for alpha of 1 or more: of some proposals the first that is taken."""
    d = alpha - 1 / 3
    many = (GAMMA_ROUNDS, *shape)
    z = normal_node(many, derived(seed, 0))
    u = add(uniform_node(many, derived(seed, 1)), const(2.0**-25, "float32"))
    base = add(mul(z, const(1 / python_math.sqrt(9 * d), "float32")), const(1.0, "float32"))
    v = mul(mul(base, base), base)
    inside = greater(v, const(0.0, "float32"))
    safe = where(inside, v, const(1.0, "float32"))
    bound = add(
        mul(mul(z, z), const(0.5, "float32")),
        mul(add(sub(const(1.0, "float32"), safe), log(safe)), const(d, "float32")),
    )
    taken = logical_and(inside, less(log(u), bound))
    scaled = mul(safe, const(d, "float32"))
    result = _round(scaled, GAMMA_ROUNDS - 1)
    for number in reversed(range(GAMMA_ROUNDS - 1)):
        result = where(_round(taken, number), _round(scaled, number), result)
    return result


def _round(x: Node, number: int) -> Node:
    shape = x.shape[1:]
    return reshape_node(slice_node(x, [number, *(0 for _ in shape)], (1, *shape)), shape)


@naming.bridge
def multinomial(logits: TensorLike, num_samples: int, seed: Seed = None, normalized: bool = False) -> Tensor:
    """Returns classes drawn with given probabilities, by inversion of their sums.

    Args:
        logits: logarithms of the weights of the classes, shape [classes] or [batch, classes].
        num_samples: how many draws of each row.
        seed: for the same draws each time.
        normalized: whether `logits` are the probabilities themselves.

    Returns:
        int32 of shape [num_samples] or [batch, num_samples].

    Raises:
        ShapeError: another rank, or fewer than two classes.
        OptionError: a negative number of samples.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.multinomial([0.0, 1.0], 3, None, True)
        Tensor
            [1, 1, 1]

    Source: https://js.tensorflow.org/api/latest/#multinomial
    """
    node = cast_node(node_of(logits, "multinomial"), "float32")
    if node.rank not in (1, 2) or node.shape[-1] < 2:
        raise ShapeError(
            f"multinomial: expected logits of shape [classes] or [batch, classes] with two classes or more, received "
            f"shape {node.shape}."
        )
    if num_samples < 0:
        raise OptionError(f"multinomial: expected num_samples of 0 or more, received {num_samples}.")
    rows, classes = (1, *node.shape)[-2:]
    matrix = reshape_node(node, (rows, classes))
    sums = cumsum(matrix if normalized else softmax(matrix), 1)
    total = slice_node(sums, [0, classes - 1], [rows, 1])
    u = mul(uniform_node((rows, num_samples), seed), total)
    shape = (rows, num_samples, classes)
    passed = less_equal(reshape_node(sums, (rows, 1, classes)), reshape_node(u, (rows, num_samples, 1)))
    # Rounding may leave u at the last sum: the last class has no end to pass.
    counted = logical_and(passed, less(iota_node(shape, 2), const(classes - 1, "int32")))
    drawn = reduce_node(SUM, cast_node(counted, "int32"), (2,))
    return Tensor(reshape_node(drawn, (*node.shape[:-1], num_samples)))
