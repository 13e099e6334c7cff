"""Branches, loops, and the lists of tensors that loops fill.

Loops and branches of TensorFlow 2 call functions of the graph; those of TensorFlow 1 (Switch, Merge, Enter, Exit, NextIteration)
are nodes whose values belong to an iteration of a frame: executor.py keeps those apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.errors import FormatError, ShapeError
from tfjs_pyo.graph_models.declare import Call, op, require_places


class TensorList:
    """Tensors in order; ops never change one, they make another. None stands for an element that is not set."""

    def __init__(self, tensors: Sequence[Any], dtype: str, shape: Sequence[int] | None) -> None:
        self.tensors = list(tensors)
        self.dtype = dtype
        self.shape = shape

    def like(self, tensors: Sequence[Any]) -> TensorList:
        """Returns a list of the same kind."""
        return TensorList(tensors, self.dtype, self.shape)

    def element(self, place: int, shape: Sequence[int] | None, owner: str) -> Any:
        """Returns an element; zeros if it is not set."""
        if not 0 <= place < len(self.tensors):
            raise ShapeError(f"{owner}: expected an index below {len(self.tensors)}, received {place}.")
        found = self.tensors[place]
        return ops.zeros(self._known(shape), self.dtype) if found is None else found

    def _known(self, shape: Sequence[int] | None) -> list[int]:
        others = [each.shape for each in self.tensors if each is not None]
        for known in (shape, self.shape, *others):
            if known is not None and all(size >= 0 for size in known):
                return list(known)
        return []

    def all(self, shape: Sequence[int] | None, owner: str) -> list[Any]:
        """Returns all elements."""
        return [self.element(place, shape, owner) for place in range(len(self.tensors))]


class TensorArray(TensorList):
    """Tensors in order that writes change, as TensorArrayV3 does; its flow makes writes come before reads."""

    def write(self, place: int, tensor: Any) -> None:
        """Puts a tensor at a place, and makes room for it."""
        if place < 0:
            raise ShapeError(f"TensorArrayWriteV3: expected an index from 0, received {place}.")
        require_places(place + 1, "TensorArrayWriteV3")
        self.tensors.extend([None] * (place + 1 - len(self.tensors)))
        self.tensors[place] = tensor


def _joined(tensors: Sequence[Any], shape: Sequence[int] | None, dtype: str) -> Any:
    """Stacks tensors; none at all make an empty tensor."""
    if tensors:
        return ops.stack(list(tensors))
    return ops.zeros([0, *(max(size, 0) for size in shape or [])], dtype)


def _pieces(tensor: Any, lengths: Sequence[int]) -> list[Any]:
    if sum(lengths) != tensor.shape[0]:
        raise ShapeError(
            f"split: expected lengths that add up to {tensor.shape[0]}, received {list(lengths)}."
        )
    return list(ops.split(tensor, list(lengths)))


async def _shape(call: Call, place: int) -> list[int] | None:
    """Returns a shape that is given as a tensor; None if its rank is not known."""
    given = await call.ints(place)
    return None if call[place].rank == 0 else given


@op("PartitionedCall", "StatefulPartitionedCall")
async def partitioned_call(call: Call) -> Any:
    return await call.run.function(call.attr("f"), call.inputs)


@op("If", "StatelessIf")
async def if_(call: Call) -> Any:
    chosen = "then_branch" if any(await call.values(0)) else "else_branch"
    return await call.run.function(call.attr(chosen), call.inputs[1:])


@op("While", "StatelessWhile")
async def while_(call: Call) -> Any:
    values = list(call.inputs)
    while True:
        (going, *_) = await call.run.function(call.attr("cond"), values)
        if not any(await call.run.read(going)):
            return values
        values = await call.run.function(call.attr("body"), values)


@op("LoopCond", "Exit", "NextIteration", "Enter")
def passed_on(call: Call) -> Any:
    return call[0]


@op("Switch", outputs=("output_false", "output_true"))
async def switch(call: Call) -> Any:
    return [None, call[0]] if any(await call.values(1)) else [call[0], None]


@op("Merge", outputs=("output", "value_index"))
def merge(call: Call) -> Any:
    found = [(i, each) for i, each in enumerate(call.inputs) if each is not None]
    place, value = found[0]
    return [value, call.run.known([place], [])]


@op("TensorArrayV3", outputs=("handle", "flow"))
async def tensor_array(call: Call) -> Any:
    made = TensorArray(
        [None] * require_places(int(await call.number(0)), "TensorArrayV3"),
        call.attr("dtype", "float32"),
        call.attr("element_shape"),
    )
    return [made, ops.scalar(1.0)]


@op("TensorArrayWriteV3")
async def tensor_array_write(call: Call) -> Any:
    call[0].write(int(await call.number(1)), call[2])
    return call[3]


@op("TensorArrayReadV3")
async def tensor_array_read(call: Call) -> Any:
    return call[0].element(int(await call.number(1)), None, "TensorArrayReadV3")


@op("TensorArrayGatherV3")
async def tensor_array_gather(call: Call) -> Any:
    shape = call.attr("element_shape")
    found = [call[0].element(place, shape, "TensorArrayGatherV3") for place in await call.ints(1)]
    return _joined(found, shape, call[0].dtype)


@op("TensorArrayScatterV3")
async def tensor_array_scatter(call: Call) -> Any:
    for place, tensor in zip(await call.ints(1), ops.unstack(call[2]), strict=True):
        call[0].write(place, tensor)
    return call[3]


@op("TensorArrayConcatV3", outputs=("value", "lengths"))
async def tensor_array_concat(call: Call) -> Any:
    tensors = call[0].all(None, "TensorArrayConcatV3")
    return [ops.concat(tensors, 0), call.run.known([each.shape[0] for each in tensors], [len(tensors)])]


@op("TensorArraySplitV3")
async def tensor_array_split(call: Call) -> Any:
    for place, tensor in enumerate(_pieces(call[1], await call.ints(2))):
        call[0].write(place, tensor)
    return call[3]


@op("TensorArraySizeV3")
def tensor_array_size(call: Call) -> Any:
    return call.run.known([len(call[0].tensors)], [])


@op("TensorArrayCloseV3")
def tensor_array_close(call: Call) -> Any:
    call[0].tensors.clear()
    return []


@op("EmptyTensorList")
async def empty_tensor_list(call: Call) -> Any:
    return TensorList([], call.attr("element_dtype", "float32"), await _shape(call, 0))


@op("TensorListReserve")
async def tensor_list_reserve(call: Call) -> Any:
    count = require_places(int(await call.number(1)), "TensorListReserve")
    dtype = call.attr("element_dtype", "float32")
    return TensorList([None] * count, dtype, await _shape(call, 0))


@op("TensorListFromTensor")
async def tensor_list_from_tensor(call: Call) -> Any:
    return TensorList(ops.unstack(call[0]), call[0].dtype, await _shape(call, 1))


@op("TensorListScatter", "TensorListScatterV2")
async def tensor_list_scatter(call: Call) -> Any:
    places = await call.ints(1)
    size = int(await call.number(3)) if len(call.inputs) > 3 else -1
    made: list[Any] = [None] * require_places(max(size, max(places, default=-1) + 1, 0), call.node.op)
    for place, tensor in zip(places, ops.unstack(call[0]), strict=True):
        if place < 0:
            raise ShapeError(f"{call.node.op}: expected indices from 0, received {place}.")
        made[place] = tensor
    return TensorList(made, call[0].dtype, await _shape(call, 2))


@op("TensorListGather")
async def tensor_list_gather(call: Call) -> Any:
    shape = await _shape(call, 2)
    found = [call[0].element(place, shape, "TensorListGather") for place in await call.ints(1)]
    return _joined(found, shape, call[0].dtype)


@op("TensorListGetItem")
async def tensor_list_get_item(call: Call) -> Any:
    return call[0].element(int(await call.number(1)), await _shape(call, 2), "TensorListGetItem")


@op("TensorListSetItem")
async def tensor_list_set_item(call: Call) -> Any:
    tensors, place = list(call[0].tensors), int(await call.number(1))
    if place < 0:
        raise ShapeError(f"TensorListSetItem: expected an index from 0, received {place}.")
    require_places(place + 1, "TensorListSetItem")
    tensors.extend([None] * (place + 1 - len(tensors)))
    tensors[place] = call[2]
    return call[0].like(tensors)


@op("TensorListStack")
async def tensor_list_stack(call: Call) -> Any:
    shape = await _shape(call, 1)
    tensors = call[0].all(shape, "TensorListStack")
    expected = call.attr("num_elements", -1)
    if isinstance(expected, int) and expected not in (-1, len(tensors)):
        raise ShapeError(f"TensorListStack: expected {expected} elements, received {len(tensors)}.")
    return _joined(tensors, shape or call[0].shape, call[0].dtype)


@op("TensorListSplit")
async def tensor_list_split(call: Call) -> Any:
    return TensorList(_pieces(call[0], await call.ints(2)), call[0].dtype, await _shape(call, 1))


@op("TensorListConcat", "TensorListConcatV2", outputs=("tensor", "lengths"))
async def tensor_list_concat(call: Call) -> Any:
    tensors = call[0].all(call.attr("element_shape"), call.node.op)
    lengths = call.run.known([each.shape[0] for each in tensors], [len(tensors)])
    return [ops.concat(tensors, 0) if tensors else ops.zeros([0], call[0].dtype), lengths]


@op("TensorListPopBack", outputs=("output_handle", "tensor"))
async def tensor_list_pop_back(call: Call) -> Any:
    if not call[0].tensors:
        raise ShapeError("TensorListPopBack: expected a list with elements, received an empty one.")
    last = call[0].element(len(call[0].tensors) - 1, await _shape(call, 1), "TensorListPopBack")
    return [call[0].like(call[0].tensors[:-1]), last]


@op("TensorListPushBack")
def tensor_list_push_back(call: Call) -> Any:
    return call[0].like([*call[0].tensors, call[1]])


@op("TensorListLength")
def tensor_list_length(call: Call) -> Any:
    return call.run.known([len(call[0].tensors)], [])


@op("TensorListResize")
async def tensor_list_resize(call: Call) -> Any:
    count = require_places(int(await call.number(1)), "TensorListResize")
    kept = call[0].tensors[:count]
    return call[0].like([*kept, *[None] * (count - len(kept))])


class HashTable:
    """Values by key, both of one dtype each."""

    def __init__(self, key_dtype: str, value_dtype: str) -> None:
        self.key_dtype = key_dtype
        self.value_dtype = value_dtype
        self.values: dict[Any, Any] = {}


@op("HashTable", "HashTableV2")
def hash_table(call: Call) -> Any:
    dtypes = call.attr("key_dtype", "string"), call.attr("value_dtype", "float32")
    return call.run.tables.setdefault(call.node.name, HashTable(*dtypes))


@op("LookupTableImport", "LookupTableImportV2", "InitializeTable", "InitializeTableV2")
async def lookup_table_import(call: Call) -> Any:
    keys, values = await call.values(1), await call.values(2)
    if len(keys) != len(values):
        raise FormatError(
            f"{call.node.op}: expected a value for each key, received {len(keys)} and {len(values)}."
        )
    call[0].values = dict(zip(keys, values, strict=True))
    return call[0]


@op("LookupTableFind", "LookupTableFindV2")
async def lookup_table_find(call: Call) -> Any:
    default = await call.number(2)
    found = [call[0].values.get(key, default) for key in await call.values(1)]
    return ops.tensor(found, list(call[1].shape), call[2].dtype)


@op("LookupTableSize", "LookupTableSizeV2")
def lookup_table_size(call: Call) -> Any:
    return call.run.known([len(call[0].values)], [])
