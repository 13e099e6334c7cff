"""Ops that make tensors, ask for shapes, and move elements."""

from __future__ import annotations

import math
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.graph_models.declare import Call, op, require_size, same

same(
    {
        "Identity": lambda x: x, "Snapshot": lambda x: x, "StopGradient": lambda x: x, "Print": lambda x, *_: x,
        "OnesLike": ops.ones_like, "ZerosLike": ops.zeros_like, "GatherNd": ops.gather_nd,
        "TensorScatterUpdate": ops.tensor_scatter_update, "LowerBound": ops.lower_bound, "UpperBound": ops.upper_bound,
        "BroadcastArgs": ops.broadcast_args,
    }
)  # fmt: skip


@op("IdentityN")
def identity_n(call: Call) -> Any:
    return list(call.inputs)


@op("NoOp")
def no_op(_call: Call) -> Any:
    return []


@op("Rank")
def rank(call: Call) -> Any:
    return call.run.known([call[0].rank], [])


@op("Size")
def size(call: Call) -> Any:
    return call.run.known([call[0].size], [])


@op("Shape")
def shape(call: Call) -> Any:
    return call.run.known(list(call[0].shape), [call[0].rank])


@op("ShapeN")
def shape_n(call: Call) -> Any:
    return [call.run.known(list(each.shape), [each.rank]) for each in call.inputs]


@op("Fill")
async def fill(call: Call) -> Any:
    dtype = call[1].dtype if call.attr("T") is None else call.attr("T")
    value = await call.number(1)
    if dtype == "string":
        sizes = await call.ints(0)
        require_size(math.prod(sizes), "Fill")
        return ops.broadcast_to(ops.reshape(call[1], [1] * len(sizes)), sizes)
    return ops.fill(await call.ints(0), value, dtype)


@op("LinSpace")
async def lin_space(call: Call) -> Any:
    require_size(await call.number(2), "LinSpace")
    return ops.linspace(float(await call.number(0)), float(await call.number(1)), int(await call.number(2)))


@op("OneHot")
async def one_hot(call: Call) -> Any:
    depth = int(await call.number(1))
    return ops.one_hot(
        call[0], depth, await call.number(2), await call.number(3), call.attr("T", call[2].dtype)
    )


@op("Ones")
async def ones(call: Call) -> Any:
    return ops.ones(await call.ints(0), call.attr("T", "float32"))


@op("Zeros")
async def zeros(call: Call) -> Any:
    return ops.zeros(await call.ints(0), call.attr("T", "float32"))


def _seed(call: Call) -> int | None:
    return call.attr("seed") or None


@op("RandomStandardNormal")
async def random_standard_normal(call: Call) -> Any:
    return ops.random_normal(await call.ints(0), 0, 1, call.attr("dtype", "float32"), _seed(call))


@op("RandomUniform")
async def random_uniform(call: Call) -> Any:
    least, most = call.attr("minval", 0), call.attr("maxval", 1)
    return ops.random_uniform(await call.ints(0), least, most, call.attr("dtype", "float32"), _seed(call))


@op("RandomUniformInt")
async def random_uniform_int(call: Call) -> Any:
    return ops.random_uniform_int(
        await call.ints(0), int(await call.number(1)), int(await call.number(2)), _seed(call)
    )


@op("TruncatedNormal")
async def truncated_normal(call: Call) -> Any:
    mean, deviation = call.attr("means", 0), call.attr("stddev", 1)
    return ops.truncated_normal(
        await call.ints(0), mean, deviation, call.attr("dtype", "float32"), _seed(call)
    )


@op("Multinomial")
async def multinomial(call: Call) -> Any:
    return ops.multinomial(call[0], int(await call.number(1)), _seed(call))


@op("Range")
async def range_(call: Call) -> Any:
    start, stop, step = (await call.number(0), await call.number(1), await call.number(2))
    if step:
        require_size((stop - start) / step, "Range")
    return ops.range(start, stop, step, call.attr("Tidx", call[0].dtype))


@op("ConcatV2")
async def concat_v2(call: Call) -> Any:
    return _concat(call.inputs[:-1], int(await call.number(len(call.inputs) - 1)))


@op("Concat")
async def concat(call: Call) -> Any:
    return _concat(call.inputs[1:], int(await call.number(0)))


def _concat(tensors: Any, axis: int) -> Any:
    return ops.concat(list(tensors), axis)


@op("GatherV2")
async def gather_v2(call: Call) -> Any:
    axis, batch_dims = int(await call.number(2)), call.attr("batch_dims", 0)
    return ops.gather(call[0], ops.cast(call[1], "int32"), axis, batch_dims)


@op("Gather")
def gather(call: Call) -> Any:
    return ops.gather(call[0], ops.cast(call[1], "int32"))


@op("Reverse")
async def reverse(call: Call) -> Any:
    return ops.reverse(call[0], [axis for axis, chosen in enumerate(await call.values(1)) if chosen])


@op("ReverseV2")
async def reverse_v2(call: Call) -> Any:
    return ops.reverse(call[0], await call.ints(1))


@op("Slice")
async def slice_(call: Call) -> Any:
    return ops.slice(call[0], await call.ints(1), await call.ints(2))


@op("StridedSlice")
async def strided_slice(call: Call) -> Any:
    names = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    masks = [call.attr(name, 0) for name in names]
    return ops.strided_slice(call[0], await call.ints(1), await call.ints(2), await call.ints(3), *masks)


@op("Pack")
def pack(call: Call) -> Any:
    return ops.stack(list(call.inputs), call.attr("axis", 0))


@op("Unpack")
def unpack(call: Call) -> Any:
    return list(ops.unstack(call[0], call.attr("axis", 0)))


@op("Tile")
async def tile(call: Call) -> Any:
    return ops.tile(call[0], await call.ints(1))


@op("Split")
async def split(call: Call) -> Any:
    return list(ops.split(call[1], call.attr("num_split", 1), int(await call.number(0))))


@op("SplitV")
async def split_v(call: Call) -> Any:
    return list(ops.split(call[0], await call.ints(1), int(await call.number(2))))


@op("ScatterNd")
async def scatter_nd(call: Call) -> Any:
    return ops.scatter_nd(call[0], call[1], await call.ints(2))


@op("SparseToDense")
async def sparse_to_dense(call: Call) -> Any:
    return ops.sparse_to_dense(call[0], call[2], await call.ints(1), ops.cast(call[3], call[2].dtype))


@op("Cast")
def cast(call: Call) -> Any:
    return ops.cast(call[0], call.attr("DstT", "float32"))


@op("ExpandDims")
async def expand_dims(call: Call) -> Any:
    return ops.expand_dims(call[0], int(await call.number(1)))


@op("MirrorPad")
async def mirror_pad(call: Call) -> Any:
    return ops.mirror_pad(call[0], await call.pairs(1), call.attr("mode", "reflect").lower())


@op("Pad")
async def pad(call: Call) -> Any:
    return ops.pad(call[0], await call.pairs(1), call.attr("constant_value", 0))


@op("PadV2")
async def pad_v2(call: Call) -> Any:
    return ops.pad(call[0], await call.pairs(1), await call.number(2))


@op("Reshape")
async def reshape(call: Call) -> Any:
    return ops.reshape(call[0], await call.ints(1))


@op("EnsureShape")
async def ensure_shape(call: Call) -> Any:
    expected = await call.ints(1)
    fits = len(expected) == call[0].rank and all(
        e in (-1, size) for e, size in zip(expected, call[0].shape, strict=True)
    )
    if not fits:
        raise ShapeError(f"EnsureShape: expected a tensor of shape {expected}, received {call[0].shape}.")
    return call[0]


@op("Squeeze")
def squeeze(call: Call) -> Any:
    return ops.squeeze(call[0], call.attr("squeeze_dims") or call.attr("axis") or None)


@op("SpaceToBatchND")
async def space_to_batch(call: Call) -> Any:
    return ops.space_to_batch_nd(call[0], await call.ints(1), await call.pairs(2))


@op("BatchToSpaceND")
async def batch_to_space(call: Call) -> Any:
    return ops.batch_to_space_nd(call[0], await call.ints(1), await call.pairs(2))


@op("BroadcastTo")
async def broadcast_to(call: Call) -> Any:
    return ops.broadcast_to(call[0], await call.ints(1))
