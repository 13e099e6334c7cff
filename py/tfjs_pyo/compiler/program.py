"""Complete fragment shaders: declarations, fetch functions, helpers, and the body that an emitter wrote."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tfjs_pyo.compiler.coords import MOST_DIVIDED, MOST_EXACT, quotient_of
from tfjs_pyo.compiler.emitter import Emitter, TextureInput, glsl_type
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
ivec4 select(bvec4 c, ivec4 a, ivec4 b) {
  ivec4 m = ivec4(c);
  return a * m + b * (1 - m);
}
vec2 texelUv(float t, vec4 d) {
  float y = floor(t * d.y);
  return vec2(t - y * d.x + 0.5, y + 0.5) * d.zw;
}
float laneOf(vec4 v, int lane) {
  bool last = lane > 1;
  float even = last ? v.z : v.x, odd = last ? v.w : v.y;
  return (lane & 1) != 0 ? odd : even;
}
int laneOf(ivec4 v, int lane) {
  bool last = lane > 1;
  int even = last ? v.z : v.x, odd = last ? v.w : v.y;
  return (lane & 1) != 0 ? odd : even;
}
"""
"""What all programs share. `texelUv` is where texel t lies in a texture whose width, 1 / width (twice) and 1 / height are d: the
uniforms of `dimensions` in web/webgl/plan.js. Textures are read there, which software GPUs do in half the time of texelFetch."""


def _whole_numbers(divided: int = 0, elements: int = 0) -> str:
    """Returns the functions that divide whole numbers (see compiler.coords).

    Args:
        divided: the largest that a kernel file divides.
        elements: of the largest tensor whose texels it asks for.
    """
    quarter = "int(floor(float(i) * 0.25))" if elements <= MOST_EXACT else "i >> 2"
    divide = "int((float(a) + 0.5) / float(b))" if divided <= MOST_DIVIDED else "a / b"
    return (
        f"int texelOf(int i) {{ return {quarter}; }}\n"
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
    def texels_per_layer(self) -> int: ...


def _sampler_source(index: int, texture: TextureInput) -> str:
    """Returns the sampler of a texture and the functions that read a texel and an element of it."""
    vector, prefix = glsl_type(texture.dtype), "" if texture.dtype == "float32" else "i"
    scalar = "float" if texture.dtype == "float32" else "int"
    sampler, dimensions = f"s{index}", f"d[{index}]"
    texel, layer = "t", ""
    lines = []
    if texture.layers > 1:
        lines.append(
            f"int l = {quotient_of('t', texture.texels_per_layer, texture.texels * texture.layers)};"
        )
        texel, layer = f"t - l * {texture.texels_per_layer}", ", l"
    if texture.texels <= MOST_EXACT:
        at = f"texelUv(float({texel}), {dimensions})"
        lines.append(f"return texture({sampler}, {f'vec3({at}{layer})' if layer else at});")
    else:
        lines.append(f"int w = int({dimensions}.x), r = {texel}, y = r / w;")
        at = "r - y * w, y"
        lines.append(
            f"return texelFetch({sampler}, {f'ivec3({at}{layer})' if layer else f'ivec2({at})'}, 0);"
        )
    quad = "texelOf(i)" if texture.texels * texture.layers * 4 <= MOST_EXACT else "i >> 2"
    return (
        f"uniform {prefix}sampler2D{'Array' if texture.layers > 1 else ''} {sampler};\n"
        f"{vector} fetch{index}(int t) {{ {' '.join(lines)} }}\n"
        f"{scalar} element{index}(int i) {{ return laneOf(fetch{index}({quad}), i & 3); }}\n"
    )


def scatter_source(emitter: Emitter, node: Node, operands: Sequence[StorageLike]) -> tuple[str, int, int]:
    """Returns vertex and fragment shader of a sum of rows by index, the texels of the result, and the points to draw.

    Args:
        emitter: an emitter that nothing was written with.
        node: inputs are the indices [N], int32, and the rows [N, ...].
        operands: where they are stored.
    """
    index, rows = node.inputs
    inner = rows.size // max(1, index.size)
    aligned = inner % 4 == 0
    texels = node.texels
    emitter.ints.extend([inner // 4 if aligned else inner, node.shape[0]])
    for operand, source in zip(operands, (index, rows), strict=True):
        emitter.operand(operand.slot, source.dtype, operand.layers, operand.texels_per_layer)
    largest = max(rows.size, node.size)
    generated = _COMMON + _whole_numbers(largest, largest) + _inputs(emitter)
    vertex = complete("scatter_add.vert", {"ALIGNED": int(aligned)}, generated)
    points = rows.size // 4 if aligned else rows.size
    return f"{vertex}{FRAGMENT_FOLLOWS}{kernel_text('scatter_add')}", texels, points


FRAGMENT_FOLLOWS = "// @fragment\n"
"""Stands between the shaders of a program with a vertex shader of its own; web/webgl/programs.js splits there."""


def _inputs(emitter: Emitter) -> str:
    """Returns the uniforms, and the functions that read what a kernel reads."""
    lines = [f"uniform vec4 d[{len(emitter.textures) + 1}];", f"uniform int u[{max(1, len(emitter.ints))}];"]
    if emitter.floats:
        lines.append(f"uniform float f[{len(emitter.floats)}];")
    return (
        "\n".join(lines)
        + "\n"
        + "".join(_sampler_source(i, texture) for i, texture in enumerate(emitter.textures))
    )


def _declarations(emitter: Emitter, out_types: Sequence[str]) -> str:
    lines = [f"layout(location = {i}) out {kind} out{i};" for i, kind in enumerate(out_types)]
    helpers = "".join(f"{helper}\n" for helper in emitter.helpers)
    own_places = "".join(
        f"{glsl_type(texture.dtype)} fetchSameTexel{i}() {{ return texture(s{i}, gl_FragCoord.xy * d[{i}].zw); }}\n"
        for i, texture in enumerate(emitter.textures)
        if any(f"fetchSameTexel{i}()" in line for line in emitter.lines)
    )
    texel = f"int texel() {{ return int(gl_FragCoord.y) * int(d[{len(emitter.textures)}].x) + int(gl_FragCoord.x); }}\n"
    return "\n".join(lines) + "\n" + _inputs(emitter) + own_places + texel + helpers


def pointwise_source(emitter: Emitter, stages: Sequence[Node], roots: Sequence[Node]) -> tuple[str, int]:
    """Returns the program of a kernel without a kernel file, and its texels.

    Args:
        emitter: an emitter that nothing was written with.
        stages: what is written first to last, the roots among them.
        roots: those that it stores.
    """
    texels = emitter.target = roots[0].texels
    limit = emitter.uniform(texels)
    values = {}
    for stage in stages:
        coords = emitter.root(stage.shape, stage)
        values[stage] = emitter.value(stage, coords)
        emitter.define(stage, coords, values[stage])
    body = "".join(f"  {line}\n" for line in emitter.lines)
    stores = "".join(f"  out{i} = {values[root]};\n" for i, root in enumerate(roots))
    row_length = _row_length(emitter, roots[0])
    source = (
        PRECISION
        + _COMMON
        + _whole_numbers()
        + _declarations(emitter, [glsl_type(root.dtype) for root in roots])
        + row_length
        + "void main() {\n"
        + "  int t = texel();\n"
        + f"  if (t >= {limit}) return;\n"
        + body
        + stores
        + "}\n"
    )
    return source, texels


def _row_length(emitter: Emitter, root: Node) -> str:
    """Returns what tells the processor the order in which texels are best computed: see `web/webgl/processor/compile.js`."""
    is_of_texels = root.rank > 1 and root.shape[-1] % 4 == 0
    return f"#define ROW_LENGTH {emitter.dims(root)[-1]}\n" if emitter.crosses_rows and is_of_texels else ""


def contraction_source(
    emitter: Emitter,
    main_op: Node,
    stages: Sequence[Node],
    roots: Sequence[Node],
    kernel: Kernel,
    operands: Sequence[StorageLike],
    dtypes: Sequence[DType],
) -> tuple[str, int]:
    """Returns the program of a kernel file with its inputs and epilogue, and the texels of one layer."""
    emitter.ints.extend(kernel.sizes)
    for operand, dtype in zip(operands, dtypes, strict=True):
        emitter.operand(operand.slot, dtype, operand.layers, operand.texels_per_layer)
    coords = emitter.root(main_op.shape, main_op)
    emitter.define(main_op, coords, "acc")
    values = {}
    for stage in stages:
        here = coords if stage.shape == main_op.shape else coords.reshape(stage)
        values[stage] = emitter.value(stage, here)
        emitter.define(stage, here, values[stage])
    out_types = [glsl_type(root.dtype) for root in roots]
    if kernel.layers > 1:
        stores = " ".join(
            f"{'else ' if i else ''}if (layer == {i}) out{i} = {values[roots[0]]};"
            for i in range(kernel.layers)
        )
        out_types *= kernel.layers
    else:
        stores = " ".join(f"out{i} = {values[root]};" for i, root in enumerate(roots))
    body = "".join(f"  {line}\n" for line in emitter.lines)
    texels = kernel.texels_per_layer if kernel.layers > 1 else main_op.texels
    elements = max(source.size for source in (main_op, *main_op.inputs))
    generated = (
        _COMMON
        + _whole_numbers(4 * texels, elements)
        + _declarations(emitter, out_types)
        + "void finish(int layer, vec4 acc, int t) {\n"
        + body
        + f"  {stores}\n}}\n"
    )
    return complete(kernel.file, kernel.defines, generated), texels
