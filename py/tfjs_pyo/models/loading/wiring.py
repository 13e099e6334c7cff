"""The calls between layers of a saved graph: read in the form of Keras 2 and TensorFlow.js, or that of Keras 3; and made."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tfjs_pyo import nests
from tfjs_pyo.errors import FormatError
from tfjs_pyo.layers.base import Layer, SymbolicTensor
from tfjs_pyo.layers.core import InputLayer
from tfjs_pyo.layers.symbols import is_symbol
from tfjs_pyo.models.loading.configs import class_and_config, plain, require_depth, shown
from tfjs_pyo.models.loading.functions import CLASSES, Function
from tfjs_pyo.models.loading.keras_ops import KerasOp, is_op
from tfjs_pyo.models.loading.reviving import Reviver
from tfjs_pyo.models.saving.topology import first_node, is_graph


class Ref(NamedTuple):
    """A tensor of the graph: which output of which call of which layer."""

    layer: str
    node: int
    output: int


class Use(NamedTuple):
    """A call of a layer: what it was given, with a Ref for each tensor."""

    inputs: list[Any]
    options: dict[str, Any]


Key = tuple[str, int]
Called = Layer | Function | KerasOp
"""What a graph calls."""


def connected(
    make: Callable[[Any, Any], Any], config: Mapping[str, Any], reviver: Reviver, where: str
) -> Any:
    """Returns what `make(inputs, outputs)` gives for the graph of a config.

    Raises:
        FormatError: layers of one name, calls that wait for each other, references to nothing.
    """
    entries = config["layers"]
    if not isinstance(entries, list):
        raise FormatError(f"{where}: expected 'layers' to be a list, received {shown(entries)}.")
    layers: dict[str, Called] = {}
    uses: dict[Key, Use] = {}
    for entry in entries:
        name, layer = _named(entry, reviver, where)
        if name in layers:
            raise FormatError(
                f"{where}: expected layers of different names, but two are named {name[:80]!r}."
            )
        layers[name] = layer
        nodes = entry.get("inbound_nodes", entry.get("inboundNodes")) or []
        if not isinstance(nodes, list):
            raise FormatError(
                f"{where}: layer {name[:80]!r}: expected 'inbound_nodes' to be a list, received {shown(nodes)}."
            )
        uses.update(
            {(name, number): _use(node, f"{where}: layer {name[:80]!r}") for number, node in enumerate(nodes)}
        )
    ends = {
        key: _ends(config.get(f"{key}_layers", config.get(f"{key}Layers")), f"{where}: {key}_layers")
        for key in ("input", "output")
    }
    of_keras_3 = any(
        isinstance(node, Mapping) and set(node) <= {"args", "kwargs"}
        for entry in entries
        for node in entry.get("inbound_nodes") or []
    )
    offsets = {} if of_keras_3 else _offsets(layers, uses, list(_refs(ends)))
    # Keras 3 counts a graph's own making among its calls where it names inputs and outputs, and there only.
    of_ends = (
        {name: int(isinstance(layer, Layer) and is_graph(layer)) for name, layer in layers.items()}
        if of_keras_3
        else offsets
    )
    tensors = _made(layers, uses, offsets, where)

    def find(refs: Any) -> Any:
        found = _filled(refs, lambda ref: _tensor(ref, tensors, of_ends, where))
        return found[0] if isinstance(found, list) and len(found) == 1 else found

    return make(find(ends["input"]), find(ends["output"]))


def _named(entry: Any, reviver: Reviver, where: str) -> tuple[str, Called]:
    """Returns a layer, or a function of TensorFlow or Keras in its place, and the name that the graph has for it."""
    kind, config = class_and_config(entry, where)
    if kind in CLASSES and kind not in reviver.custom:
        given = config if isinstance(config, Mapping) else {}
        name = str(entry.get("name", given.get("name")))
        return name, Function(name, given.get("function"), f"{where}: {kind} (layer {name[:80]!r})")
    if is_op(entry):
        given = config if isinstance(config, Mapping) else {}
        name = str(entry.get("name", given.get("name")))
        return name, KerasOp(name, kind, given, f"{where}: {kind[:80]} (layer {name[:80]!r})")
    layer = reviver.layer(entry)
    name = entry.get("name", layer.name)
    if not isinstance(name, str):
        raise FormatError(f"{where}: expected the name of a layer to be a string, received {shown(name)}.")
    return name, layer


_CONSTANT = "_CONSTANT_VALUE"
"""What stands in the place of a layer where Keras 2 notes a number."""


def _is_place(value: Any) -> bool:
    """Returns whether a list is [layer, call, output], perhaps with options after it."""
    return (
        isinstance(value, list)
        and len(value) in (3, 4)
        and isinstance(value[0], str)
        and all(isinstance(number, int) and not isinstance(number, bool) for number in value[1:3])
    )


def _ends(value: Any, where: str, depth: int = 0) -> Any:
    """Returns the tensors that 'input_layers' or 'output_layers' name: a Ref, or lists and dicts of them."""
    require_depth(depth, where)
    if _is_place(value):
        return Ref(*value[:3])
    if isinstance(value, list) and value:
        return [_ends(item, where, depth + 1) for item in value]
    if isinstance(value, Mapping) and value:
        return {str(key): _ends(item, where, depth + 1) for key, item in value.items()}
    raise FormatError(f"{where}: expected [layer, call, output] or a list of such, received {shown(value)}.")


def _use(node: Any, where: str) -> Use:
    """Returns a call in either form."""
    if isinstance(node, Mapping) and set(node) <= {"args", "kwargs"}:
        inputs, options = node.get("args", []), node.get("kwargs") or {}
        if not isinstance(inputs, list) or not isinstance(options, Mapping):
            raise FormatError(f"{where}: expected a call with 'args' and 'kwargs', received {shown(node)}.")
        return Use(
            [_with_refs(item, where) for item in inputs],
            {str(key): _with_refs(item, where) for key, item in options.items()},
        )
    given: dict[str, Any] = {}
    places = [node] if isinstance(node, list) and node and isinstance(node[0], str) else node
    first = _inputs(places, given, where)
    return Use([first[0] if isinstance(first, list) and len(first) == 1 else first], given)


def _inputs(places: Any, options: dict[str, Any], where: str, depth: int = 0) -> Any:
    """Returns what a call of Keras 2 is given: a Ref for each [layer, call, output, options], in the lists and dicts as they are.

    Args:
        places: a list or dict of them, or of such lists and dicts.
        options: the options of all are added to it.
        where: for errors.
        depth: how many lists are around it.
    """
    require_depth(depth, where)
    if isinstance(places, Mapping) and places:
        parts = {str(key): _inputs([place], options, where, depth + 1) for key, place in places.items()}
        return {key: part[0] for key, part in parts.items()}
    if not isinstance(places, list) or not places:
        raise FormatError(
            f"{where}: expected a call to be a list of [layer, call, output, options], received {shown(places)}."
        )
    found: list[Any] = []
    for place in places:
        if not _is_constant(place) and not _is_place(place):
            found.append(_inputs(place, options, where, depth + 1))
            continue
        given = place[3] if len(place) == 4 else {}
        if not isinstance(given, Mapping):
            raise FormatError(
                f"{where}: expected the options of a call to be an object, received {shown(given)}."
            )
        options.update({str(key): _with_places(plain(item, where)) for key, item in given.items()})
        found.append(plain(place[2], where) if _is_constant(place) else Ref(*place[:3]))
    return found


def _is_constant(value: Any) -> bool:
    return isinstance(value, list) and len(value) in (3, 4) and value[0] == _CONSTANT


def _with_places(value: Any) -> Any:
    """Returns a value, whose depth was checked, with a Ref in place of each [layer, call, output] of Keras 2."""
    if _is_constant(value) and len(value) == 3:
        return value[2]
    if _is_place(value) and len(value) == 3:
        return Ref(*value)
    if isinstance(value, list):
        return [_with_places(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _with_places(item) for key, item in value.items()}
    return value


def _with_refs(value: Any, where: str, depth: int = 0) -> Any:
    """Returns a value with a Ref in place of each of Keras 3's tensors."""
    require_depth(depth, where)
    if isinstance(value, list):
        return [_with_refs(item, where, depth + 1) for item in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("class_name") == "__keras_tensor__":
        config = value.get("config")
        place = config.get("keras_history") if isinstance(config, Mapping) else None
        if not isinstance(place, list) or not _is_place(place):
            raise FormatError(f"{where}: expected a tensor with 'keras_history', received {shown(value)}.")
        return Ref(*place)
    return {key: _with_refs(item, where, depth + 1) for key, item in value.items()}


def _refs(value: Any) -> Iterator[Ref]:
    if isinstance(value, Ref):
        yield value
    elif isinstance(value, (list, Mapping)):
        for item in value.values() if isinstance(value, Mapping) else value:
            yield from _refs(item)


def _offsets(layers: Mapping[str, Called], uses: Mapping[Key, Use], ends: list[Ref]) -> dict[str, int]:
    """Returns the number of each nested model's first call: 1 as TensorFlow.js and Keras 2 count, unless there is a 0."""
    named = {(ref.layer, ref.node) for use in uses.values() for ref in _refs([use.inputs, use.options])}
    named |= {(ref.layer, ref.node) for ref in ends}
    return {
        name: first_node(layer) if isinstance(layer, Layer) and (name, 0) not in named else 0
        for name, layer in layers.items()
    }


def _made(
    layers: Mapping[str, Called], uses: Mapping[Key, Use], offsets: Mapping[str, int], where: str
) -> dict[Key, list[SymbolicTensor]]:
    """Makes all calls, each after those that it needs; returns their outputs."""
    called = {name for name, _ in uses}
    tensors: dict[Key, list[SymbolicTensor]] = {
        (name, 0): [layer.output]
        for name, layer in layers.items()
        if name not in called and isinstance(layer, InputLayer)
    }
    needs = {
        key: {(ref.layer, ref.node - offsets.get(ref.layer, 0)) for ref in _refs([use.inputs, use.options])}
        for key, use in uses.items()
    }
    users: dict[Key, list[Key]] = {}
    for key, needed in needs.items():
        for source in needed:
            users.setdefault(source, []).append(key)
    waiting = {key: needed - tensors.keys() for key, needed in needs.items()}
    ready = deque(key for key in uses if not waiting[key])
    for key in ready:
        del waiting[key]
    while ready:
        key = ready.popleft()
        tensors[key] = _called(layers[key[0]], uses[key], tensors, offsets, where)
        for user in users.get(key, ()):
            left = waiting.get(user)
            if left is not None:
                left.discard(key)
                if not left:
                    del waiting[user]
                    ready.append(user)
    if waiting:
        names = ", ".join(sorted({name[:40] for name, _ in waiting})[:5])
        raise FormatError(
            f"{where}: expected every layer to depend on inputs only, but these wait for each other or for layers that do not "
            f"exist: {names}."
        )
    return tensors


def _tensor(
    ref: Ref, tensors: Mapping[Key, list[SymbolicTensor]], offsets: Mapping[str, int], where: str
) -> SymbolicTensor:
    found = tensors.get((ref.layer, ref.node - offsets.get(ref.layer, 0)), [])
    if not 0 <= ref.output < len(found):
        raise FormatError(
            f"{where}: there is no output {ref.output} of call {ref.node} of a layer {ref.layer[:80]!r}."
        )
    return found[ref.output]


def _says_nothing(value: Any) -> bool:
    """Returns whether an argument is None, or a list or dict of that: masks of inputs that have none."""
    if isinstance(value, Mapping):
        value = list(value.values())
    return value is None or (isinstance(value, list) and bool(value) and all(map(_says_nothing, value)))


def _filled(value: Any, find: Callable[[Ref], SymbolicTensor]) -> Any:
    """Returns a value with the symbolic tensor in place of each Ref."""
    if isinstance(value, list):
        return [_filled(item, find) for item in value]
    if isinstance(value, Mapping):
        return {key: _filled(item, find) for key, item in value.items()}
    return find(value) if isinstance(value, Ref) else value


def _called(
    layer: Called,
    use: Use,
    tensors: Mapping[Key, list[SymbolicTensor]],
    offsets: Mapping[str, int],
    where: str,
) -> list[SymbolicTensor]:
    def find(ref: Ref) -> SymbolicTensor:
        return _tensor(ref, tensors, offsets, where)

    inputs = [_filled(item, find) for item in use.inputs]
    options = {key: _filled(item, find) for key, item in use.options.items()}
    if isinstance(layer, KerasOp):
        return layer.apply(inputs, options)
    if isinstance(layer, Function):
        return layer.apply(inputs, {key: item for key, item in options.items() if item is not None})
    options = {key: item for key, item in options.items() if not _says_nothing(item)}
    if not any(map(is_symbol, nests.leaves([inputs, options]))):
        raise FormatError(
            f"{where}: layer {layer.name!r}: expected a call with tensors, received {shown([*use.inputs, use.options])}."
        )
    return list(nests.leaves(layer(*inputs, **options)))


__all__ = ["connected"]
