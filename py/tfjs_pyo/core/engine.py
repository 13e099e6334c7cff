"""Makes values exist: lowers pending graphs (once per structure), runs them on the backend, and owns the bytes.

Threads share backends, plans and values: one of them at a time computes or moves values. Training loops run beside each other.
"""

from __future__ import annotations

import importlib
import threading
import time
from array import array
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, NamedTuple
from weakref import WeakValueDictionary

from tfjs_pyo.backends.protocol import Backend, KernelInfo
from tfjs_pyo.compiler.lower import lowered_for
from tfjs_pyo.compiler.numbering import Graph, canonicalize
from tfjs_pyo.core import context, tape
from tfjs_pyo.core.graph import (
    CONST,
    COPY,
    COUNTER,
    KEY,
    PLACEHOLDER,
    PLAIN,
    REALIZED,
    Kind,
    Node,
    stored_parts,
    topological,
)
from tfjs_pyo.dtypes import ARRAY_CODE, DType
from tfjs_pyo.errors import DeviceError, TfError, TraceError
from tfjs_pyo.shapes import Shape, check_elements, size

MAX_DEPTH = 400
"""An eager chain longer than this is realized, so that graphs stay small whatever a program does."""

MAX_PLANS = 512
"""Plans kept for eager graphs; the least recently used goes first."""


class Buffer:
    """Bytes on a backend, freed when the last node that holds them goes."""

    __slots__ = ("__weakref__", "backend", "handle", "layout", "moved")

    def __init__(self, backend: Backend, handle: int, layout: tuple[int, int] = PLAIN) -> None:
        self.backend = backend
        self.handle = handle
        self.layout = layout
        self.moved: Buffer | None = None
        """The same value on another backend, for all nodes that share these bytes; see `bring`."""

    def __del__(self) -> None:
        self.backend.free(self.handle)


class Executable(NamedTuple):
    """A lowered graph on its backend, unloaded when nobody can run it any more.

    `outputs[i]` is the backend's output that holds root i, `layouts[i]` how it lies there; see `protocol.Lowered`.
    """

    backend: Backend
    loaded: Any
    outputs: Sequence[int]
    layouts: Sequence[tuple[int, int]]
    constants: Sequence[float]
    kernels: Sequence[KernelInfo]

    def run(self, handles: Sequence[int], scalars: Sequence[float]) -> list[int]:
        """Runs once; returns a handle for each distinct output."""
        latest["graph"] = self
        began = time.perf_counter()
        results = self.backend.run(self.loaded, handles, [*scalars, *self.constants])
        for observe in context.current().observers:
            observe(self, time.perf_counter() - began)
        return results

    @property
    def number(self) -> int:
        """What timings call it by."""
        return self.backend.number_of(self.loaded)

    def __del__(self) -> None:
        self.backend.unload(self.loaded)


latest: dict[str, Executable] = {}
"""The 'step' that was replayed last and the 'graph' that ran last, for those who look inside."""


class _Engine:
    """The backend in use and the plans it knows; `lock` is held by who changes them."""

    def __init__(self) -> None:
        self.backends: dict[str, Callable[[], Backend]] = {}
        self.instances: dict[str, Backend] = {}
        self.name: str | None = None
        self.plans: dict[Hashable, Executable] = {}
        self.due: WeakValueDictionary[int, Node] = WeakValueDictionary()
        self.lock = threading.RLock()


_engine = _Engine()

exclusive = _engine.lock
"""Held by the thread that computes, records a step, or makes what others may ask for at the same time: weights, slots."""


def register_backend(name: str, open_backend: Callable[[], Backend]) -> None:
    """Makes a backend available under `name`; the first one registered is the default."""
    _engine.backends[name] = open_backend
    if _engine.name is None:
        _engine.name = name


def use_backend(name: str) -> Backend:
    """Makes `name` compute from now on and returns it; values of other backends move to it when they are used.

    Raises:
        DeviceError: no such backend here, or it cannot be opened.
    """
    if name not in _engine.backends:
        known = ", ".join(sorted(_engine.backends)) or "none"
        raise DeviceError(
            f"set_backend: expected one of the backends available here ({known}), received {name!r}."
        )
    with _engine.lock:
        if name not in _engine.instances:
            _engine.instances[name] = _engine.backends[name]()
        if _engine.name != name:
            _engine.plans.clear()
        _engine.name = name
        return _engine.instances[name]


def backend() -> Backend:
    """Returns the backend in use."""
    if _engine.name is None:
        raise DeviceError(
            "backend: none is available. In CPython install NumPy; in the browser WebGL2 is needed."
        )
    return _engine.instances.get(_engine.name) or use_backend(_engine.name)


def backend_name() -> str:
    """Returns the name of the backend in use, whether it was needed already or not; 'none' where there is none."""
    return _engine.name or "none"


def backend_names() -> list[str]:
    """Returns the names of the backends available here."""
    return list(_engine.backends)


def current_backend_or_none() -> Backend | None:
    """Returns the backend in use if it was needed already."""
    return _engine.instances.get(_engine.name or "")


def replace_backend(new: Backend) -> Backend | None:
    """Puts `new` in place of the open backend of its name; returns the former one. For tests."""
    with _engine.lock:
        former = _engine.instances.get(new.name)
        _engine.instances[new.name] = new
        _engine.plans.clear()
    return former


def upload(data: Any, shape: Shape, dtype: DType) -> Node:
    """Returns a node that holds a copy of row-major `data` (anything with the buffer protocol)."""
    node = Node(REALIZED, (), shape, dtype)
    device = backend()
    node.buffer = Buffer(device, device.upload(data, dtype, size(shape)))
    return node


def compile_graph(graph: Graph, plain: bool = False) -> Executable:
    """Lowers a graph for the backend in use and loads it there; `plain` forbids layered outputs."""
    device = backend()
    for node in graph.nodes:
        check_elements(node.op.name, node.shape)
    lowered = lowered_for(graph, device, plain)
    loaded = device.load(lowered)
    return Executable(
        device, loaded, lowered.root_outputs, lowered.root_layouts, lowered.constants, lowered.kernels
    )


def realize(roots: Iterable[Node]) -> None:
    """Gives every root its value, and with them every pending node on the way that a live tensor holds.

    Raises:
        TraceError: a root depends on a placeholder.
    """
    stored = [part for root in roots for part in stored_parts(root)]
    with _engine.lock:
        wanted = [root for root in dict.fromkeys(stored) if root.buffer is None]
        for root in [root for root in wanted if root.op in (CONST, KEY)]:
            device = backend()
            data = array(ARRAY_CODE[root.dtype], [root.attrs])
            root.buffer = Buffer(device, device.upload(data, root.dtype, 1))
            tape.detach_history(root)
            wanted.remove(root)
        if wanted:
            _compute_with_due(wanted)


def expect(node: Node) -> None:
    """Notes that a value will be asked for soon: it is computed with the next one that is, as what both need is there then.

    So what a step of a loop assigns to variables is one graph with the loss that is read after it, in each step the same.
    """
    if node.buffer is None:
        with _engine.lock:
            _engine.due[id(node)] = node


def _compute_with_due(wanted: list[Node]) -> None:
    """Computes pending nodes, and those that were expected and that somebody still holds."""
    asked = set(wanted)
    expected = [
        node
        for node in _engine.due.values()
        if node.live_tensors and node.buffer is None and node not in asked
    ]
    _engine.due.clear()
    try:
        _compute([*wanted, *expected])
    except TfError:
        if not expected:
            raise
        _compute(wanted)  # who asks for what was only expected is told what is wrong with it


def _compute(wanted: list[Node]) -> None:
    """Computes pending nodes, and those on the way that live tensors hold."""
    known = set(wanted)
    order = topological(wanted)
    device = backend()
    again: list[Node] = []
    for node in order:
        if node.buffer is not None:
            if node.buffer.backend is not device:
                bring(node)
            continue
        if node.op is PLACEHOLDER or node.op is COUNTER:
            raise TraceError(_needs_a_feed())
        if node.op.kind is Kind.LEAF or node in known:
            continue
        if node.live_tensors:
            wanted.append(node)
        elif node.was_computed:
            again.append(node)
        else:
            node.was_computed = True
    if again and not tape.is_any_in_force():
        wanted += _last_of(again, order)
    graph = canonicalize(wanted, order=order)
    executable = _engine.plans.pop(graph.key, None) or compile_graph(graph)
    _engine.plans[graph.key] = executable
    while len(_engine.plans) > MAX_PLANS:
        del _engine.plans[next(iter(_engine.plans))]
    leaves = [graph.nodes[leaf] for leaf in graph.leaves]
    handles = [buffer_of(leaf).handle for leaf in leaves]
    scalars = [float(value) for _, value in graph.scalar_values]
    store_results(wanted, executable, executable.run(handles, scalars), leaves)


def _last_of(again: Sequence[Node], order: Sequence[Node]) -> list[Node]:
    """Returns those of the nodes that are computed a second time that others need, so that there is no third time.

    Of a loop such as `w = w - rate * gradient(w)`, in which only losses are read, each step would compute all before it again.
    """
    repeated = set(again)
    last = {
        source: None
        for node in order
        if node not in repeated
        for source in node.inputs
        if source in repeated and source.depth > 1
    }
    return list(last)


def _needs_a_feed() -> str:
    """Returns what to say where a value depends on what only a replay of a trace supplies."""
    if context.trace() is None:
        return (
            "data: this tensor was made while a step was traced and never had a value: it stands for one of each replay. "
            "Return what you need from the traced function, or assign it to a variable there."
        )
    return (
        "data: a value was asked for while a step is traced, where nothing computes yet. Do not call data(), "
        "numpy(), print() or float() in a function that is compiled; use tf.where for conditions on values."
    )


def bring(node: Node) -> None:
    """Moves the value of a realized node to the backend in use.

    The bytes on the former backend stay as long as somebody refers to them: a training loop there, another node.
    """
    device = backend()
    with _engine.lock:
        buffer = buffer_of(node)
        if buffer.backend is device:
            return
        if buffer.moved is None or buffer.moved.backend is not device:
            values = buffer.backend.read(buffer.handle)
            buffer.moved = Buffer(device, device.upload(values, node.dtype, node.size))
        node.buffer = buffer.moved


def store_results(
    roots: Sequence[Node],
    executable: Executable,
    handles: Sequence[int],
    leaves: Sequence[Node],
) -> None:
    """Hands the outputs of a run to the nodes that asked for them and lets go of what computed them.

    A negative output -1 - i stands for leaf i: a root that is only another view of a value that exists.
    """
    buffers: dict[int, Any] = {}
    inside = tape.innermost()
    for root, output, layout in zip(roots, executable.outputs, executable.layouts, strict=True):
        if output < 0:
            root.buffer = leaves[-1 - output].buffer
        else:
            if output not in buffers:
                buffers[output] = Buffer(executable.backend, handles[output], layout)
            root.buffer = buffers[output]
        tape.settle(root, inside)


def copy(node: Node) -> Node:
    """Returns a realized node with bytes of its own, on the backend in use, and the value that `node` has now."""
    realize([node])
    source, device = buffer_of(node), backend()
    if source.backend is not device:
        return upload(source.backend.read(source.handle), node.shape, node.dtype)
    result = Node(REALIZED, (), node.shape, node.dtype)
    result.buffer = Buffer(device, device.copy(source.handle), source.layout)
    return result


def plain(node: Node) -> Node:
    """Returns a realized node of the same value in a plain texture of the backend in use, as compiled steps expect leaves."""
    if node.buffer is not None and node.buffer.backend is backend() and node.buffer.layout == PLAIN:
        return node  # as most are, each time that a step is replayed
    realize([node])
    bring(node)
    if buffer_of(node).layout == PLAIN:
        return node
    graph = canonicalize([Node(COPY, (node,), node.shape, node.dtype)])
    executable = compile_graph(graph, plain=True)
    result = Node(REALIZED, (), node.shape, node.dtype)
    store_results([result], executable, executable.run([buffer_of(node).handle], []), [node])
    return result


def overwrite(target: Node, value: Node) -> None:
    """Puts the value of one node into the bytes of another, for variables that a training loop has in use."""
    value = plain(value)
    into, source = buffer_of(target), buffer_of(value)
    if into.backend is source.backend:
        into.backend.overwrite(into.handle, source.handle)
        return
    moved = Buffer(
        into.backend, into.backend.upload(source.backend.read(source.handle), value.dtype, value.size)
    )
    into.backend.overwrite(into.handle, moved.handle)


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
