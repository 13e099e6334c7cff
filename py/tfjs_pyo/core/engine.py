"""Makes values exist: lowers pending graphs (once per structure), runs them on the backend, and owns the bytes."""

from __future__ import annotations

import importlib
import time
from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tfjs_pyo.backends.protocol import Backend, KernelInfo
from tfjs_pyo.compiler import lower
from tfjs_pyo.compiler.numbering import Graph, number
from tfjs_pyo.core.graph import (
    BUFFER,
    CONST,
    COPY,
    COUNTER,
    CUSTOM_GRAD,
    KEY,
    PLACEHOLDER,
    PLAIN,
    Kind,
    Node,
    stored_parts,
    topological,
)
from tfjs_pyo.dtypes import ARRAY_CODE, DType
from tfjs_pyo.errors import DeviceError, TraceError
from tfjs_pyo.shapes import Shape, size

MAX_DEPTH = 400
"""An eager chain longer than this is realized, so that graphs stay small whatever a program does."""

MAX_PLANS = 512
"""Plans kept for eager graphs; the least recently used goes first."""


class Buffer:
    """Bytes on a backend, freed when the last node that holds them goes."""

    __slots__ = ("backend", "handle", "layout")

    def __init__(self, backend: Backend, handle: int, layout: tuple[int, int] = PLAIN) -> None:
        self.backend = backend
        self.handle = handle
        self.layout = layout

    def __del__(self) -> None:
        self.backend.free(self.handle)


@dataclass(frozen=True, slots=True)
class Executable:
    """A lowered graph on its backend, unloaded when nobody can run it any more.

    `outputs[i]` is the backend's output that holds root i, `layouts[i]` how it lies there.
    """

    backend: Backend
    loaded: Any
    outputs: Sequence[int]
    layouts: Sequence[tuple[int, int]]
    inputs: Sequence[int]
    """Positions in `Graph.leaves` of what the backend binds, in its order."""
    kernels: Sequence[KernelInfo]

    def run(self, handles: Sequence[int], scalars: Sequence[float]) -> list[int]:
        """Runs once; returns a handle for each distinct output."""
        latest["graph"] = self
        began = time.perf_counter()
        results = self.backend.run(self.loaded, handles, scalars)
        for observe in observers:
            observe(self, time.perf_counter() - began)
        return results

    @property
    def number(self) -> int:
        """What timings call it by."""
        return self.backend.number_of(self.loaded)

    def __del__(self) -> None:
        self.backend.unload(self.loaded)


observers: list[Callable[[Executable, float], None]] = []
"""Called after each run with the seconds that handing it over took (NumPy: computing it); for profiles."""


latest: dict[str, Executable] = {}
"""The 'step' that was replayed last and the 'graph' that ran last, for those who look inside."""


class _Engine:
    """The backend in use and the plans it knows."""

    def __init__(self) -> None:
        self.backends: dict[str, Callable[[], Backend]] = {}
        self.opened: dict[str, Backend] = {}
        self.name: str | None = None
        self.plans: dict[Hashable, Executable] = {}


_engine = _Engine()


def register_backend(name: str, open_backend: Callable[[], Backend]) -> None:
    """Makes a backend available under `name`; the last one registered is the default."""
    _engine.backends[name] = open_backend
    if _engine.name is None:
        _engine.name = name


def use_backend(name: str) -> Backend:
    """Makes `name` the backend of every tensor from now on and returns it.

    Raises:
        DeviceError: no such backend here, or it cannot be opened.
    """
    if name not in _engine.backends:
        known = ", ".join(sorted(_engine.backends)) or "none"
        raise DeviceError(
            f"set_backend: expected one of the backends available here ({known}), received {name!r}."
        )
    if name not in _engine.opened:
        _engine.opened[name] = _engine.backends[name]()
    if _engine.name != name:
        _engine.plans.clear()
    _engine.name = name
    return _engine.opened[name]


def backend() -> Backend:
    """Returns the backend in use."""
    if _engine.name is None:
        raise DeviceError(
            "backend: none is available. In CPython install NumPy; in the browser WebGL2 is needed."
        )
    return _engine.opened.get(_engine.name) or use_backend(_engine.name)


def backend_name() -> str:
    """Returns the name of the backend in use, whether it was needed already or not; 'none' where there is none."""
    return _engine.name or "none"


def backend_names() -> list[str]:
    """Returns the names of the backends available here."""
    return list(_engine.backends)


def open_backend() -> Backend | None:
    """Returns the backend in use if it was needed already."""
    return _engine.opened.get(_engine.name or "")


def replace_backend(new: Backend) -> Backend | None:
    """Puts `new` in place of the open backend of its name; returns the former one. For tests."""
    former = _engine.opened.get(new.name)
    _engine.opened[new.name] = new
    _engine.plans.clear()
    return former


def upload(data: Any, shape: Shape, dtype: DType) -> Node:
    """Returns a node that holds a copy of row-major `data` (anything with the buffer protocol)."""
    node = Node(BUFFER, (), shape, dtype)
    device = backend()
    node.buffer = Buffer(device, device.upload(data, dtype, size(shape)))
    return node


def compile_graph(graph: Graph, plain: bool = False) -> Executable:
    """Lowers a graph for the backend in use and loads it there; `plain` forbids layered outputs."""
    device = backend()
    return Executable(device, *lower.load(graph, device, plain))


def realize(roots: Iterable[Node]) -> None:
    """Gives every root its value, and with them every pending node on the way that a live tensor holds.

    Raises:
        TraceError: a root depends on a placeholder.
    """
    stored = [part for root in roots for part in stored_parts(root)]
    wanted = [root for root in dict.fromkeys(stored) if root.buffer is None]
    for root in [root for root in wanted if root.op in (CONST, KEY)]:
        device = backend()
        data = array(ARRAY_CODE[root.dtype], [root.attrs])
        root.buffer = Buffer(device, device.upload(data, root.dtype, 1))
        _forget(root)
        wanted.remove(root)
    if not wanted:
        return
    known = set(wanted)
    order = topological(wanted)
    for node in order:
        if node.buffer is not None:
            continue
        if node.op is PLACEHOLDER or node.op is COUNTER:
            raise TraceError(
                "data: a value was asked for while a step is traced, where nothing computes yet. Do not call data(), "
                "numpy(), print() or float() in a function that is compiled; use tf.where for conditions on values."
            )
        if node.holders and node.op.kind is not Kind.LEAF and node not in known:
            wanted.append(node)
    graph = number(wanted, order=order)
    executable = _engine.plans.pop(graph.key, None) or compile_graph(graph)
    _engine.plans[graph.key] = executable
    while len(_engine.plans) > MAX_PLANS:
        del _engine.plans[next(iter(_engine.plans))]
    leaves = [graph.nodes[leaf] for leaf in graph.leaves]
    handles = [buffer_of(leaves[position]).handle for position in executable.inputs]
    scalars = [float(value) for _, value in graph.scalar_values]
    install(wanted, executable, executable.run(handles, scalars), leaves)


def install(
    roots: Sequence[Node],
    executable: Executable,
    handles: Sequence[int],
    leaves: Sequence[Node],
) -> None:
    """Hands the outputs of a run to the nodes that asked for them and lets go of what computed them.

    A negative output -1 - i stands for leaf i: a root that is only another view of a value that exists.
    """
    buffers: dict[int, Any] = {}
    for root, output, layout in zip(roots, executable.outputs, executable.layouts, strict=True):
        if output < 0:
            root.buffer = leaves[-1 - output].buffer
        else:
            if output not in buffers:
                buffers[output] = Buffer(backend(), handles[output], layout)
            root.buffer = buffers[output]
        if not _tapes:
            _forget(root)
        else:
            _tapes[-1].append(root)


def _forget(node: Node) -> None:
    if node.op is CUSTOM_GRAD:
        del node.rule
    node.op = BUFFER
    node.inputs = ()
    node.attrs = None
    node.depth = 0


_tapes: list[list[Node]] = []
"""Open gradient scopes: while there is one, realized nodes keep their history, so that it can be differentiated."""


def copy(node: Node) -> Node:
    """Returns a realized node with bytes of its own and the value that `node` has now."""
    realize([node])
    source = buffer_of(node)
    result = Node(BUFFER, (), node.shape, node.dtype)
    result.buffer = Buffer(source.backend, source.backend.copy(source.handle), source.layout)
    return result


def plain(node: Node) -> Node:
    """Returns a realized node of the same value in a plain texture, as compiled steps expect their leaves."""
    realize([node])
    if buffer_of(node).layout == PLAIN:
        return node
    graph = number([Node(COPY, (node,), node.shape, node.dtype)])
    executable = compile_graph(graph, plain=True)
    result = Node(BUFFER, (), node.shape, node.dtype)
    install([result], executable, executable.run([buffer_of(node).handle], []), [node])
    return result


def overwrite(target: Node, value: Node) -> None:
    """Puts the value of one node into the bytes of another, for variables that a training loop has in use."""
    value = plain(value)
    buffer_of(target).backend.overwrite(buffer_of(target).handle, buffer_of(value).handle)


def has_value(node: Node) -> bool:
    """Returns whether `node` can be computed: it depends on no placeholder of a trace."""
    return all(n.buffer is not None or n.op not in (PLACEHOLDER, COUNTER) for n in topological([node]))


def buffer_of(node: Node) -> Buffer:
    """Returns the bytes of a realized node."""
    if not isinstance(node.buffer, Buffer):
        raise DeviceError(f"{node.op.name}: the value of this tensor does not exist yet.")
    return node.buffer


def import_numpy(what: str) -> Any:
    """Returns the NumPy module, which `what` needs.

    Raises:
        DeviceError: it is not there.
    """
    try:
        return importlib.import_module("numpy")
    except ImportError as error:
        raise DeviceError(
            f"{what}: NumPy is needed for this and could not be found. In the page, serve it with "
            "`python serve.py --wheels DIR` or allow Pyodide's CDN; array_sync() works without it."
        ) from error


_trace_depth = [0]
"""How many traces are open; nothing is realized for its depth inside one."""


def in_trace() -> bool:
    """Returns whether a trace is open."""
    return _trace_depth[0] > 0


def enter_trace(step: int) -> None:
    """Counts an opened (1) or closed (-1) trace."""
    _trace_depth[0] += step


class Tape:
    """A scope in which realizing a value does not forget how it was computed.

    Args:
        keep: whether the history is kept after the scope, until `release`.

    Example:
        >>> with Tape():
        ...     pass
    """

    def __init__(self, keep: bool = False) -> None:
        self._keep = keep
        self._kept: list[Node] = []

    def __enter__(self) -> Self:
        _tapes.append([])
        return self

    def __exit__(self, *exc: object) -> None:
        self._kept += _tapes.pop()
        if not self._keep:
            self.release()

    def release(self) -> None:
        """Forgets the history, unless a tape around this one still needs it."""
        realized, self._kept = self._kept, []
        if _tapes:
            _tapes[-1].extend(realized)
        else:
            for node in realized:
                _forget(node)
