"""Complete fragment shaders: declarations, fetch functions, helpers, and the body that an emitter wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tfjs_pyo.compiler.coords import MOST_DIVIDED, MOST_EXACT, quotient_of
from tfjs_pyo.compiler.emitter import Emitter, Tap, glsl_type
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
vec2 place(float t, vec4 d) {
  float y = floor(t * d.y);
  return vec2(t - y * d.x + 0.5, y + 0.5) * d.zw;
}
float pick(vec4 v, int lane) {
  bool last = lane > 1;
  float even = last ? v.z : v.x, odd = last ? v.w : v.y;
  return (lane & 1) != 0 ? odd : even;
}
int pick(ivec4 v, int lane) {
  bool last = lane > 1;
  int even = last ? v.z : v.x, odd = last ? v.w : v.y;
  return (lane & 1) != 0 ? odd : even;
}
"""
"""What all programs share. `place` is where texel t lies in a texture whose width, 1 / width (twice) and 1 / height are d: the
uniforms of `dimensions` in web/webgl/plan.js. Textures are read there, which software GPUs do in half the time of texelFetch."""


def _whole_numbers(divided: int = 0, elements: int = 0) -> str:
    """Returns the functions that divide whole numbers (see compiler.coords).

    Args:
        divided: the largest that a kernel file divides.
        elements: of the largest tensor whose texels it asks for.
    """
    fourth = "int(floor(float(i) * 0.25))" if elements <= MOST_EXACT else "i >> 2"
    divide = "int((float(a) + 0.5) / float(b))" if divided <= MOST_DIVIDED else "a / b"
    return (
        f"int fourth(int i) {{ return {fourth}; }}\n"
        f"int divide(int a, int b) {{ return {divide}; }}\n"
        "ivec4 divide(ivec4 a, int b) { return ivec4((vec4(a) + 0.5) / float(b)); }\n"
    )


class StorageLike(Protocol):
    """Slot and layout of a stored value."""

    @property
    def slot(self) -> int: ...
    @property
    def layers(self) -> int: ...
    @property
    def block(self) -> int: ...


def _tap_source(index: int, tap: Tap) -> str:
    """Returns the sampler of a tap and the functions that read a texel and an element of it."""
    vector, prefix = glsl_type(tap.dtype), "" if tap.dtype == "float32" else "i"
    scalar = "float" if tap.dtype == "float32" else "int"
    sampler, dimensions = f"s{index}", f"d[{index}]"
    texel, layer = "t", ""
    lines = []
    if tap.layers > 1:
        lines.append(f"int l = {quotient_of('t', tap.block, tap.texels * tap.layers)};")
        texel, layer = f"t - l * {tap.block}", ", l"
    if tap.texels <= MOST_EXACT:
        at = f"place(float({texel}), {dimensions})"
        lines.append(f"return texture({sampler}, {f'vec3({at}{layer})' if layer else at});")
    else:
        lines.append(f"int w = int({dimensions}.x), r = {texel}, y = r / w;")
        at = "r - y * w, y"
        lines.append(
            f"return texelFetch({sampler}, {f'ivec3({at}{layer})' if layer else f'ivec2({at})'}, 0);"
        )
    quad = "fourth(i)" if tap.texels * tap.layers * 4 <= MOST_EXACT else "i >> 2"
    return (
        f"uniform {prefix}sampler2D{'Array' if tap.layers > 1 else ''} {sampler};\n"
        f"{vector} fetch{index}(int t) {{ {' '.join(lines)} }}\n"
        f"{scalar} element{index}(int i) {{ return pick(fetch{index}({quad}), i & 3); }}\n"
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
    texels = node.texels
    k.ints.extend([inner // 4 if aligned else inner, node.shape[0]])
    for operand, source in zip(operands, (index, rows), strict=True):
        k.operand(operand.slot, source.dtype, operand.layers, operand.block)
    largest = max(rows.size, node.size)
    generated = _COMMON + _whole_numbers(largest, largest) + _inputs(k)
    vertex = complete("scatter_add.vert", {"ALIGNED": int(aligned)}, generated)
    points = rows.size // 4 if aligned else rows.size
    return f"{vertex}{FRAGMENT_FOLLOWS}{kernel_text('scatter_add')}", texels, points


FRAGMENT_FOLLOWS = "// @fragment\n"
"""Stands between the shaders of a program with a vertex shader of its own; web/webgl/programs.js splits there."""


def _inputs(k: Emitter) -> str:
    """Returns the uniforms, and the functions that read what a kernel reads."""
    lines = [f"uniform vec4 d[{len(k.taps) + 1}];", f"uniform int u[{max(1, len(k.ints))}];"]
    if k.floats:
        lines.append(f"uniform float f[{len(k.floats)}];")
    return "\n".join(lines) + "\n" + "".join(_tap_source(i, tap) for i, tap in enumerate(k.taps))


def _declarations(k: Emitter, out_types: Sequence[str]) -> str:
    lines = [f"layout(location = {i}) out {kind} out{i};" for i, kind in enumerate(out_types)]
    helpers = "".join(f"{helper}\n" for helper in k.helpers)
    own_places = "".join(
        f"{glsl_type(tap.dtype)} here{i}() {{ return texture(s{i}, gl_FragCoord.xy * d[{i}].zw); }}\n"
        for i, tap in enumerate(k.taps)
        if any(f"here{i}()" in line for line in k.lines)
    )
    texel = f"int texel() {{ return int(gl_FragCoord.y) * int(d[{len(k.taps)}].x) + int(gl_FragCoord.x); }}\n"
    return "\n".join(lines) + "\n" + _inputs(k) + own_places + texel + helpers


def pointwise_source(k: Emitter, stages: Sequence[Node], roots: Sequence[Node]) -> tuple[str, int]:
    """Returns the program of a kernel without a kernel file, and its texels.

    Args:
        k: an emitter that nothing was written with.
        stages: what is written first to last, the roots among them.
        roots: those that it stores.
    """
    texels = k.target = roots[0].texels
    limit = k.uniform(texels)
    values = {}
    for stage in stages:
        at = k.root(stage.shape, stage)
        values[stage] = k.value(stage, at)
        k.define(stage, at, values[stage])
    body = "".join(f"  {line}\n" for line in k.lines)
    stores = "".join(f"  out{i} = {values[root]};\n" for i, root in enumerate(roots))
    source = (
        PRECISION
        + _COMMON
        + _whole_numbers()
        + _declarations(k, [glsl_type(root.dtype) for root in roots])
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
    stages: Sequence[Node],
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
    values = {}
    for stage in stages:
        here = at if stage.shape == anchor.shape else at.reshape(stage)
        values[stage] = k.value(stage, here)
        k.define(stage, here, values[stage])
    out_types = [glsl_type(root.dtype) for root in roots]
    if kernel.layers > 1:
        stores = " ".join(
            f"{'else ' if i else ''}if (layer == {i}) out{i} = {values[roots[0]]};"
            for i in range(kernel.layers)
        )
        out_types *= kernel.layers
    else:
        stores = " ".join(f"out{i} = {values[root]};" for i, root in enumerate(roots))
    body = "".join(f"  {line}\n" for line in k.lines)
    texels = kernel.block if kernel.layers > 1 else anchor.texels
    elements = max(source.size for source in (anchor, *anchor.inputs))
    generated = (
        _COMMON
        + _whole_numbers(4 * texels, elements)
        + _declarations(k, out_types)
        + "void finish(int layer, vec4 acc, int t) {\n"
        + body
        + f"  {stores}\n}}\n"
    )
    return complete(kernel.file, kernel.defines, generated), texels
