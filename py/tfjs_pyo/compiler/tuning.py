"""What the choice of kernels depends on besides the graph: the one table of devices, each row with its reason.

Rows are found by what the device says of itself. Only software GPUs were measured (docs/measurements.md); the other rows keep to
what is known of how such devices work, on the safe side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Tuning:
    """How work is cut for a device.

    Attributes:
        device: what the row is about.
        why: its reason.
        renderer: regular expression that the name of the device's renderer fits.
        targets: render targets of a launch, at most.
        layers: blocks of a contraction's result that one fragment computes, at most. It reads what they share once.
        min_fragments: so many are left where a fragment computes several blocks; else it computes fewer.
        split_k_target: a sum with a small result is cut into parts until it has so many texels (split-K).
        launch: microseconds of one, whatever it computes.
        fetch: nanoseconds of reading an element of a texture, ...
        write: ... of writing one, ...
        arithmetic: ... and of a multiply-add.
        readback: microseconds until a value that lies on the device is in the processor's memory.
        compile: microseconds until a new program runs.
        products: multiply-adds of a contraction in a microsecond, for each render target that a fragment writes.
        most_on_processor: texels of all values of a plan, at most, that may run on the processor instead. A GPU with a memory of
            its own keeps larger ones, lest values go to and fro that nobody reads.
        uniforms: vectors of uniforms that a fragment shader may have; WebGL2 guarantees 224.
        scatters: whether the device can add rows up where an index says.
    """

    device: str
    why: str
    renderer: str
    targets: int
    layers: int
    min_fragments: int
    split_k_target: int
    launch: int
    fetch: float
    write: float
    arithmetic: float
    readback: int
    compile: int
    products: int
    most_on_processor: int
    uniforms: int = 224
    scatters: bool = True

    def most_layers(self, size: int) -> int:
        """Returns how many blocks of a result of so many elements one fragment may compute."""
        for layers in (8, 4):
            if layers <= self.layers and size // 4 // layers >= self.min_fragments:
                return layers
        return 1

    def work(self, elements: int, operations: int, fetches: int, writes: int = 0) -> float:
        """Returns the microseconds in which so many elements are computed, each of so many multiply-adds and fetches."""
        each = operations * self.arithmetic + fetches * self.fetch + writes * self.write
        return elements * each / 1000


class Processor:
    """What the processor does, where plans run on it as WebAssembly (web/webgl/processor): see `compiler.costs`."""

    LAUNCH = 1
    """Microseconds of a launch, whatever it computes."""
    PRODUCTS = 7000
    """Multiply-adds of a contraction in a microsecond, ..."""
    OTHERS = 5000
    """... and those of all else, and elements that are read."""
    MOST = 30_000
    """Microseconds of a plan at most: the thread does nothing else meanwhile."""
    MOST_STEP_TEXELS = 1 << 21
    """Texels of all values of a step of a loop at most: 32 MiB. Most are samples, brought once, of which a step reads a batch."""
    MOST_SCALARS = 1024
    """Scalars of a plan at most: so many have a place in the memory."""


TABLE = (
    Tuning(
        "software",
        "A few threads: what counts is how many multiply-adds each fetch serves.",
        r"SwiftShader|llvmpipe|softpipe|Software|Basic Render",
        targets=8,
        layers=8,
        min_fragments=64,
        split_k_target=1024,
        launch=30,
        fetch=0.5,
        write=1.4,
        arithmetic=0.12,
        readback=200,
        compile=20_000,
        products=700,
        most_on_processor=1 << 21,
    ),
    Tuning(
        "mobile",
        "Tiles hold few bytes a pixel: more than four targets of 16 bytes make them small. Hundreds of lanes.",
        r"Adreno|Mali|PowerVR|Apple GPU|Immortalis|Xclipse",
        targets=8,
        layers=4,
        min_fragments=512,
        split_k_target=4096,
        launch=20,
        fetch=0.05,
        write=0.14,
        arithmetic=0.012,
        readback=1500,
        compile=10_000,
        products=10_000,
        most_on_processor=1 << 16,
    ),
    Tuning(
        "desktop",
        "Thousands of lanes, and each wants work of its own before sharing pays.",
        r"",
        targets=8,
        layers=8,
        min_fragments=2048,
        split_k_target=8192,
        launch=10,
        fetch=0.005,
        write=0.014,
        arithmetic=0.0012,
        readback=1000,
        compile=5_000,
        products=100_000,
        most_on_processor=1 << 16,
    ),
)


def tuning_of(renderer: str, targets: int, uniforms: int = 224, scatters: bool = True) -> Tuning:
    """Returns the first row that fits a device, within what the device can do.

    Args:
        renderer: the name that it gives itself.
        targets: its render targets; WebGL2 grants four.
        uniforms: vectors of uniforms of a fragment shader.
        scatters: whether it can add up what it draws.

    Example:
        >>> tuning_of("ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero)))", 8).device
        'software'
        >>> tuning_of("ANGLE (ARM, Mali-G78, OpenGL ES 3.2)", 4).targets
        4
    """
    row = next(row for row in TABLE if re.search(row.renderer, renderer, re.IGNORECASE))
    most = min(row.targets, targets)
    layers = 8 if min(row.layers, most) >= 8 else 4
    return replace(row, targets=most, layers=layers, uniforms=uniforms, scatters=scatters)
