"""Kernel files: GLSL written by hand for contractions, completed with inputs and an epilogue by the compiler."""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tfjs_pyo.errors import DeviceError
from tfjs_pyo.later import pathlib, resources


@dataclass(frozen=True, slots=True)
class Kernel:
    """How a contraction runs.

    Attributes:
        file: name in `web/glsl/` without its ending.
        length: multiply-adds of one element of the result.
        sizes: values of the uniforms `u[0]`, `u[1]`, ... that the file names at its top.
        defines: values of the file's `#define`s.
        layers: render targets that one fragment writes; layer i holds the i-th block of the result.
        texels_per_layer: texels of one layer (only where layers > 1).
    """

    file: str
    length: int
    sizes: Sequence[int]
    defines: Mapping[str, int] = field(default_factory=dict)
    layers: int = 1
    texels_per_layer: int = 0


@functools.cache
def kernel_text(file: str) -> str:
    """Returns a kernel file; the wheel carries it, a checkout has it in web/glsl."""
    name = file if "." in file else f"{file}.frag"
    packaged = resources.files("tfjs_pyo.backends").joinpath("glsl", name)
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    checkout = pathlib.Path(__file__).parents[3] / "web" / "glsl" / name
    if checkout.is_file():
        return checkout.read_text(encoding="utf-8")
    raise DeviceError(
        f"kernel {file!r}: expected the file {name} in the package or the checkout; reinstall tfjs-pyo."
    )


_BEGIN = "// @generated"
_END = "// @end"


def complete(file: str, defines: Mapping[str, int], generated: str) -> str:
    """Returns a kernel with its defines set and the part between its markers replaced."""
    text = kernel_text(file)
    head, rest = text.split(_BEGIN, 1)
    _, tail = rest.split(_END, 1)
    for name, value in defines.items():
        lines = [
            f"#define {name} {value}" if line.split()[:2] == ["#define", name] else line
            for line in head.split("\n")
        ]
        head = "\n".join(lines)
    return head + generated + tail
