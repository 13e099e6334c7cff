"""Random numbers from Threefry-4x32, a counter-based generator: element i depends on the key and on i alone.

Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tfjs_pyo import dtypes, naming
from tfjs_pyo.compiler.coords import Coords, Mode
from tfjs_pyo.compiler.emitter import Emitter
from tfjs_pyo.core import context, rng
from tfjs_pyo.core.graph import KEY, NONDIFFERENTIABLE, Kind, Node, Op, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dtypes import DType
from tfjs_pyo.errors import OptionError, ShapeError
from tfjs_pyo.fingerprint import fingerprint64
from tfjs_pyo.ops.arithmetic import add, mul, neg, sub
from tfjs_pyo.ops.bits import shift_right
from tfjs_pyo.ops.comparison import greater_equal, less, where
from tfjs_pyo.ops.declare import cast_node, declare, public
from tfjs_pyo.ops.math import floor, log, log1p, sqrt
from tfjs_pyo.ops.movement import broadcast_node, reshape_node, slice_node
from tfjs_pyo.ops.trigonometry import cos
from tfjs_pyo.shapes import Dims, Shape, dimensions

_ROTATIONS = ((10, 26), (11, 21), (13, 27), (23, 5), (6, 20), (17, 11), (25, 10), (18, 20))
_PARITY = 0x1BD11BDA
_ROUNDS = 20


def _glsl_rounds() -> str:
    lines = []
    for r in range(_ROUNDS):
        a, b = _ROTATIONS[r % 8]
        first, second = ("y", "w") if r % 2 == 0 else ("w", "y")
        lines.append(f"  x.x += x.{first}; x.{first} = ((x.{first} << {a}) | (x.{first} >> {32 - a})) ^ x.x;")
        lines.append(
            f"  x.z += x.{second}; x.{second} = ((x.{second} << {b}) | (x.{second} >> {32 - b})) ^ x.z;"
        )
        if r % 4 == 3:
            s = r // 4 + 1
            keys = ", ".join(f"k{(s + i) % 5}" for i in range(4))
            lines.append(f"  x += uvec4({keys}); x.w += {s}u;")
    return "\n".join(lines)


_THREEFRY = f"""
ivec4 threefry_(int texel, int key0, int key1) {{
  uint k0 = uint(key0), k1 = uint(key1), k2 = 0u, k3 = 0u;
  uint k4 = {_PARITY}u ^ k0 ^ k1 ^ k2 ^ k3;
  uvec4 x = uvec4(uint(texel), 0u, 0u, 0u) + uvec4(k0, k1, k2, k3);
{_glsl_rounds()}
  return ivec4(x);
}}
"""


_BLOCK = 4096
"""Texels that are computed together in NumPy, so that what lies between rounds stays in the processor's cache."""


def _numpy_threefry(np: Any, node: Node, key0: Any, key1: Any) -> Any:
    key = [np.uint32(int(each) & 0xFFFFFFFF) for each in (key0, key1, 0, 0)]
    key.append(np.uint32(_PARITY) ^ key[0] ^ key[1])
    words = np.empty((node.texels, 4), np.uint32)
    for begin in range(0, node.texels, _BLOCK):
        end = min(begin + _BLOCK, node.texels)
        _threefry_block(np, np.arange(begin, end, dtype=np.uint32), key, words[begin:end])
    return words.reshape(-1)[: node.size].reshape(node.shape).view(np.int32)


def _threefry_block(np: Any, texels: Any, key: Sequence[Any], words: Any) -> None:
    """Writes the words of some texels into an array of shape [texels, 4]."""
    x = [texels + key[0], *(np.full(len(texels), key[i], np.uint32) for i in (1, 2, 3))]
    high = np.empty_like(texels)

    def mix(a: Any, b: Any, bits: int) -> None:
        a += b
        np.left_shift(b, np.uint32(bits), out=high)
        b >>= np.uint32(32 - bits)
        b |= high
        b ^= a

    for r in range(_ROUNDS):
        a, b = _ROTATIONS[r % 8]
        first, second = (1, 3) if r % 2 == 0 else (3, 1)
        mix(x[0], x[first], a)
        mix(x[2], x[second], b)
        if r % 4 == 3:
            s = r // 4 + 1
            for i in range(4):
                x[i] += key[(s + i) % 5]
            x[3] += np.uint32(s)
    for i in range(4):
        words[:, i] = x[i]


def _emit_bits(emitter: Emitter, node: Node, coords: Coords) -> str:
    emitter.helper(_THREEFRY)
    keys = ", ".join(f"{emitter.value(key, coords.broadcast_to_source(key))}.x" for key in node.inputs)
    if coords.mode is Mode.ROW and not coords.is_texel:
        coords = coords.lanes()
    if coords.is_texel:
        return emitter.let("ivec4", f"threefry_({coords.texel()}, {keys})")
    if coords.mode is Mode.SPLAT:
        return emitter.let(
            "ivec4", f"ivec4(threefry_({coords.linear()} >> 2, {keys})[{coords.linear()} & 3])"
        )
    index = coords.linear()
    lanes = ", ".join(f"threefry_({index}.{c} >> 2, {keys})[{index}.{c} & 3]" for c in "xyzw")
    return emitter.let("ivec4", f"ivec4({lanes})")


BITS = declare(
    Op(
        "random_bits",
        Kind.POINTWISE,
        numpy=_numpy_threefry,
        gradient=NONDIFFERENTIABLE,
        emit=_emit_bits,
        cost=100,
    )
)


Seed = int | float | str | None
"""Of random functions: a number or a word for the same numbers each time, None for others."""


def _seed_number(seed: float | str) -> int:
    """Returns a seed as a whole number: itself if it is one, else a fingerprint of what Python writes for it."""
    if isinstance(seed, float) and seed.is_integer():
        return int(seed)
    return seed if isinstance(seed, int) else fingerprint64(str(seed).encode("utf-8", "surrogatepass"))


def derived(seed: Seed, number: int) -> Seed:
    """Returns a seed for another of several draws that one function makes."""
    return None if seed is None else rng.mix(_seed_number(seed) & 0xFFFFFFFF, 1000003 + number)


def _key(seed: Seed) -> tuple[Node, Node]:
    """Returns the key of a draw: from the seed if one is given, else the next of the stream.

    In a trace with a counter 'rng' the second word is that counter, so that each replay draws new numbers.
    """
    word = rng.mix(_seed_number(seed) & 0xFFFFFFFF, 1) if seed is not None else rng.seed_word()
    number = rng.reserve(1) if seed is None else 0
    trace = context.trace()
    counter = trace.counter_node("rng") if trace is not None else None
    if counter is not None:
        return _key_node(rng.mix(word, number)), counter
    return _key_node(word), _key_node(number)


def _key_node(word: int) -> Node:
    return Node(KEY, (), (), "int32", rng.as_int32(word))


def bits_node(shape: Shape, seed: Seed) -> Node:
    """Returns 32 random bits an element, as int32."""
    return Node(BITS, _key(seed), shape, "int32")


def uniform_node(shape: Shape, seed: Seed) -> Node:
    """Returns float32 in [0, 1), multiples of 2^-24."""
    return mul(cast_node(shift_right(bits_node(shape, seed), 8), "float32"), const(2.0**-24, "float32"))


DRAWN: Sequence[DType] = ("float32", "int32")
"""The dtypes of draws from distributions of real numbers."""


def rounded_draws(values: Node, dtype: DType) -> Node:
    """Returns float32 draws in the dtype asked for; int32 ones are rounded, as in TF.js: truncating would favour 0."""
    if dtype == "int32":
        values = floor(add(values, const(0.5, "float32")))
    return cast_node(values, dtype)


@naming.bridge
def random_uniform(
    shape: Dims,
    minval: float = 0,
    maxval: float = 1,
    dtype: str = "float32",
    seed: Seed = None,
) -> Tensor:
    """Returns numbers drawn uniformly from [minval, maxval); with a seed the same in the browser and in CPython.

    int32 draws are rounded down, so that whole numbers between whole bounds are equally likely; bool draws tell which of
    these are not 0.

    Raises:
        OptionError: the upper bound is below the lower one.

    Source: https://js.tensorflow.org/api/latest/#randomUniform
    """
    kind = dtypes.check(dtype, "random_uniform")
    if not maxval >= minval:
        raise OptionError(f"random_uniform: expected minval <= maxval, received {minval=}, {maxval=}.")
    u = uniform_node(dimensions("random_uniform", shape), seed)
    values = add(mul(u, const(maxval - minval, "float32")), const(minval, "float32"))
    return Tensor(cast_node(values if kind == "float32" else floor(values), kind))


def normal_node(shape: Shape, seed: Seed) -> Node:
    """Returns standard normal numbers by Box and Muller's transform, two uniform numbers each."""
    pair = uniform_node((2, *shape), seed)
    half = const(2.0**-25, "float32")
    parts = [slice_node(pair, (i, *(0 for _ in shape)), (1, *shape)) for i in (0, 1)]
    radius = sqrt(mul(const(-2.0, "float32"), log(add(parts[0], half))))
    return reshape_node(mul(radius, cos(mul(parts[1], const(2 * math.pi, "float32")))), shape)


@naming.bridge
def random_normal(
    shape: Dims,
    mean: float = 0,
    std_dev: float = 1,
    dtype: str = "float32",
    seed: Seed = None,
) -> Tensor:
    """Returns normally distributed numbers; int32 ones are rounded. Source: https://js.tensorflow.org/api/latest/#randomNormal"""
    kind = dtypes.check(dtype, "random_normal", DRAWN)
    values = add(
        mul(normal_node(dimensions("random_normal", shape), seed), const(std_dev, "float32")),
        const(mean, "float32"),
    )
    return Tensor(rounded_draws(values, kind))


def inverse_erf(y: Node) -> Node:
    """Returns the inverse error function (Giles, "Approximating the erfinv function", 2012), single precision."""
    w = neg(log1p(neg(mul(y, y))))
    near, far = sub(w, const(2.5, "float32")), sub(sqrt(w), const(3.0, "float32"))

    def polynomial(x: Node, coefficients: Sequence[float]) -> Node:
        total: Node = const(coefficients[0], "float32")
        for c in coefficients[1:]:
            total = add(mul(total, x), const(c, "float32"))
        return total

    central = polynomial(
        near,
        (
            2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503,
            -0.00417768164, 0.246640727, 1.50140941,
        ),
    )  # fmt: skip
    tails = polynomial(
        far,
        (
            -0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613,
            0.00943887047, 1.00167406, 2.83297682,
        ),
    )  # fmt: skip
    return mul(where(less(w, const(5.0, "float32")), central, tails), y)


@naming.bridge
def truncated_normal(
    shape: Dims,
    mean: float = 0,
    std_dev: float = 1,
    dtype: str = "float32",
    seed: Seed = None,
) -> Tensor:
    """Returns normally distributed numbers within two standard deviations, by inversion of the distribution.

    int32 ones are rounded.

    Source: https://js.tensorflow.org/api/latest/#truncatedNormal
    """
    kind = dtypes.check(dtype, "truncated_normal", DRAWN)
    edge = math.erf(2 / math.sqrt(2))
    u = uniform_node(dimensions("truncated_normal", shape), seed)
    y = mul(sub(mul(u, const(2.0, "float32")), const(1.0 - 2.0**-24, "float32")), const(edge, "float32"))
    values = mul(inverse_erf(y), const(math.sqrt(2.0) * std_dev, "float32"))
    return Tensor(rounded_draws(add(values, const(mean, "float32")), kind))


@public()
def dropout(x: Node, rate: float, noise_shape: Sequence[int | None] | None = None, seed: Seed = None) -> Node:
    """Returns x with elements set to 0 at random and the rest scaled to keep the mean.

    Args:
        x: float32 tensor.
        rate: probability of 0, in [0, 1).
        noise_shape: shape that broadcasts to x's: elements along its axes of length 1, or that it lacks, go together.
        seed: for the same choice each time.

    Raises:
        OptionError: rate lies outside [0, 1).
        ShapeError: noise_shape does not broadcast to x's shape.

    Source: https://js.tensorflow.org/api/latest/#dropout
    """
    if not 0 <= rate < 1:
        raise OptionError(f"dropout: expected rate in [0, 1), received {rate!r}.")
    x = cast_node(x, "float32")
    if rate == 0:
        return x
    shape = x.shape if noise_shape is None else _noise_shape(noise_shape, x.shape)
    kept = greater_equal(uniform_node(shape, seed), const(rate, "float32"))
    scaled = mul(x, const(1.0 / (1.0 - rate), "float32"))
    return where(broadcast_node(kept, x.shape), scaled, const(0.0, "float32"))


def _noise_shape(given: Sequence[int | None], shape: Shape) -> Shape:
    """Returns a noise shape with the lengths of `shape` for its Nones."""
    whole = (*(1 for _ in shape[len(given) :]), *given)
    if len(whole) != len(shape) or any(n not in (None, 1, d) for n, d in zip(whole, shape, strict=True)):
        raise ShapeError(
            f"dropout: expected a noise_shape with 1, None or the length of x along each axis of {shape}, received "
            f"{given!r}."
        )
    return tuple(d if n is None else n for n, d in zip(whole, shape, strict=True))
