"""Complete fragment shaders: declarations, fetch functions, helpers, and the body that an emitter wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tfjs_pyo.compiler.emitter import Emitter, Tap, width_bits
from tfjs_pyo.compiler.kernels import Kernel, complete, kernel_text
from tfjs_pyo.core.graph import Node
from tfjs_pyo.dtypes import DType

PRECISION = """#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp isampler2D;
precision highp sampler2DArray;
precision highp isampler2DArray;
"""

_COMMON = """#define INF uintBitsToFloat(0x7f800000u)
#define NAN uintBitsToFloat(0x7fc00000u)
ivec4 sel(bvec4 c, ivec4 a, ivec4 b) {
  ivec4 m = ivec4(c);
  return a * m + b * (1 - m);
}
ivec2 place(int t, int bits) { return ivec2(t & ~(-1 << bits), t >> bits); }
"""


class StorageLike(Protocol):
    """Slot and layout of a stored value."""

    @property
    def slot(self) -> int: ...
    @property
    def layers(self) -> int: ...
    @property
    def block(self) -> int: ...


def _vector(dtype: DType) -> str:
    return "vec4" if dtype == "float32" else "ivec4"


def _tap_source(index: int, tap: Tap) -> str:
    """Returns the sampler of a tap and the functions that read a texel and an element of it."""
    vector, prefix = _vector(tap.dtype), "" if tap.dtype == "float32" else "i"
    scalar = "float" if tap.dtype == "float32" else "int"
    if tap.layers > 1:
        sampler = f"{prefix}sampler2DArray"
        # Comparisons, because software GPUs divide integers one by one.
        layer = " + ".join(f"int(t >= {i} * {tap.block})" for i in range(1, tap.layers))
        body = (
            f"int l = {layer}; int r = t - l * {tap.block}; "
            f"return texelFetch(s{index}, ivec3(place(r, {tap.bits}), l), 0);"
        )
    else:
        sampler = f"{prefix}sampler2D"
        body = f"return texelFetch(s{index}, place(t, {tap.bits}), 0);"
    return (
        f"uniform {sampler} s{index};\n"
        f"{vector} fetch{index}(int t) {{ {body} }}\n"
        f"{scalar} element{index}(int i) {{ return fetch{index}(i >> 2)[i & 3]; }}\n"
    )


def scatter_source(k: Emitter, node: Node, operands: Sequence[StorageLike]) -> tuple[str, int, int]:
    """Returns vertex and fragment shader of a sum of rows by index, the texels of the result, and the points to draw.

    Args:
        k: an emitter that nothing was written with.
        node: inputs are the indices [N], int32, and the rows [N, ...].
        operands: where they are stored.
    """
    index, rows = node.inputs
    inner = rows.size // max(1, index.size)
    aligned = inner % 4 == 0
    texels = -(-node.size // 4)
    bits = width_bits(texels)
    k.ints.extend([inner // 4 if aligned else inner, node.shape[0], bits, -(-texels // (1 << bits))])
    for operand, source in zip(operands, (index, rows), strict=True):
        k.operand(operand.slot, source.dtype, operand.layers, operand.block)
    generated = _COMMON + _inputs(k)
    vertex = complete("scatter_add.vert", {"ALIGNED": int(aligned)}, generated)
    points = rows.size // 4 if aligned else rows.size
    return f"{vertex}{FRAGMENT_FOLLOWS}{kernel_text('scatter_add')}", texels, points


FRAGMENT_FOLLOWS = "// @fragment\n"
"""Stands between the shaders of a program with a vertex shader of its own; web/webgl/programs.js splits there."""


def _inputs(k: Emitter) -> str:
    """Returns the uniforms, and the functions that read what a kernel reads."""
    lines = [f"uniform int u[{len(k.ints)}];"]
    if k.floats:
        lines.append(f"uniform float f[{len(k.floats)}];")
    return "\n".join(lines) + "\n" + "".join(_tap_source(i, tap) for i, tap in enumerate(k.taps))


def _declarations(k: Emitter, out_types: Sequence[str], texels: int) -> str:
    bits = k.uniform(width_bits(texels))
    lines = [f"layout(location = {i}) out {kind} out{i};" for i, kind in enumerate(out_types)]
    helpers = "".join(f"{helper}\n" for helper in k.helpers)
    texel = f"int texel() {{ return (int(gl_FragCoord.y) << {bits}) + int(gl_FragCoord.x); }}\n"
    return "\n".join(lines) + "\n" + _inputs(k) + texel + helpers


def pointwise_source(k: Emitter, roots: Sequence[Node]) -> tuple[str, int]:
    """Returns the program of a kernel without a kernel file, and its texels."""
    texels = -(-roots[0].size // 4)
    limit = k.uniform(texels)
    values = []
    for root in roots:
        at = k.root(root.shape, root)
        name = k.value(root, at)
        k.define(root, at, name)
        values.append(name)
    body = "".join(f"  {line}\n" for line in k.lines)
    stores = "".join(f"  out{i} = {name};\n" for i, name in enumerate(values))
    source = (
        PRECISION
        + _COMMON
        + _declarations(k, [_vector(root.dtype) for root in roots], texels)
        + "void main() {\n"
        + "  int t = texel();\n"
        + f"  if (t >= {limit}) return;\n"
        + body
        + stores
        + "}\n"
    )
    return source, texels


def contraction_source(
    k: Emitter,
    anchor: Node,
    roots: Sequence[Node],
    kernel: Kernel,
    operands: Sequence[StorageLike],
    dtypes: Sequence[DType],
) -> tuple[str, int]:
    """Returns the program of a kernel file with its inputs and epilogue, and the texels of one layer."""
    k.ints.extend(kernel.sizes)
    for operand, dtype in zip(operands, dtypes, strict=True):
        k.operand(operand.slot, dtype, operand.layers, operand.block)
    at = k.root(anchor.shape, anchor)
    k.define(anchor, at, "acc")
    values = []
    for root in roots:
        here = at if root.shape == anchor.shape else at.reshape(root)
        values.append(k.value(root, here))
        k.define(root, here, values[-1])
    out_types = [_vector(root.dtype) for root in roots]
    if kernel.layers > 1:
        stores = " ".join(
            f"{'else ' if i else ''}if (layer == {i}) out{i} = {values[0]};" for i in range(kernel.layers)
        )
        out_types *= kernel.layers
    else:
        stores = " ".join(f"out{i} = {name};" for i, name in enumerate(values))
    body = "".join(f"  {line}\n" for line in k.lines)
    texels = kernel.block if kernel.layers > 1 else -(-anchor.size // 4)
    generated = (
        _COMMON
        + _declarations(k, out_types, texels)
        + "void finish(int layer, vec4 acc, int t) {\n"
        + body
        + f"  {stores}\n}}\n"
    )
    return complete(kernel.file, kernel.defines, generated), texels
