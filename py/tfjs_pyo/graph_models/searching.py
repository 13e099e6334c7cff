"""Ops whose results depend on values: boxes, searches, sparse and ragged tensors, strings."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.graph_models.declare import Call, op
from tfjs_pyo.ops import image_boxes as boxes
from tfjs_pyo.ops import sparse, strings


@op("NonMaxSuppressionV2")
async def suppress_v2(call: Call) -> Any:
    most, overlap = int(await call.number(2)), float(await call.number(3))
    return await boxes.non_max_suppression_async(call[0], call[1], most, overlap)


@op("NonMaxSuppressionV3")
async def suppress_v3(call: Call) -> Any:
    most, overlap, least = int(await call.number(2)), float(await call.number(3)), float(await call.number(4))
    return await boxes.non_max_suppression_async(call[0], call[1], most, overlap, least)


@op("NonMaxSuppressionV4", outputs=("selected_indices", "valid_outputs"))
async def suppress_v4(call: Call) -> Any:
    most, overlap, least = int(await call.number(2)), float(await call.number(3)), float(await call.number(4))
    padded = call.attr("pad_to_max_output_size", False)
    found = await boxes.non_max_suppression_padded_async(call[0], call[1], most, overlap, least, padded)
    return [found["selectedIndices"], found["validOutputs"]]


@op("NonMaxSuppressionV5", outputs=("selected_indices", "selected_scores", "valid_outputs"))
async def suppress_v5(call: Call) -> Any:
    numbers = [float(await call.number(place)) for place in (3, 4, 5)]
    most = int(await call.number(2))
    found = await boxes.non_max_suppression_with_score_async(call[0], call[1], most, *numbers)
    return [found["selectedIndices"], found["selectedScores"]]


@op("Where")
async def where(call: Call) -> Any:
    return await ops.where_async(ops.cast(call[0], "bool"))


@op("ListDiff", outputs=("out", "idx"))
async def list_diff(call: Call) -> Any:
    return list(await ops.setdiff1d_async(call[0], call[1]))


@op("TopKV2", outputs=("values", "indices"))
async def top_k(call: Call) -> Any:
    found = ops.topk(call[0], int(await call.number(1)), call.attr("sorted", True))
    return [found.values, found.indices]


@op("Unique", outputs=("y", "idx"))
def unique(call: Call) -> Any:
    found = ops.unique(call[0])
    return [found["values"], found["indices"]]


@op("UniqueV2", outputs=("y", "idx"))
async def unique_v2(call: Call) -> Any:
    axis = await call.ints(1)
    found = ops.unique(call[0], axis[0] if axis else 0)
    return [found["values"], found["indices"]]


@op(
    "SparseFillEmptyRows",
    outputs=("output_indices", "output_values", "empty_row_indicator", "reverse_index_map"),
)
def sparse_fill_empty_rows(call: Call) -> Any:
    found = sparse.sparse_fill_empty_rows(*call.inputs)
    return [found[name] for name in ("outputIndices", "outputValues", "emptyRowIndicator", "reverseIndexMap")]


@op("SparseReshape", outputs=("output_indices", "output_shape"))
def sparse_reshape(call: Call) -> Any:
    found = sparse.sparse_reshape(*call.inputs)
    return [found["outputIndices"], found["outputShape"]]


@op("SparseSegmentMean")
def sparse_segment_mean(call: Call) -> Any:
    return sparse.sparse_segment_mean(*call.inputs)


@op("SparseSegmentSum")
def sparse_segment_sum(call: Call) -> Any:
    return sparse.sparse_segment_sum(*call.inputs)


@op("RaggedGather", outputs=("output_nested_splits", "output_dense_values"))
def ragged_gather(call: Call) -> Any:
    splits, (values, indices) = list(call.inputs[:-2]), call.inputs[-2:]
    found = ops.ragged_gather(splits, values, indices, call.attr("OUTPUT_RAGGED_RANK", len(splits)))
    return [*found["outputNestedSplits"], found["outputDenseValues"]]


@op("RaggedRange", outputs=("rt_nested_splits", "rt_dense_values"))
def ragged_range(call: Call) -> Any:
    found = ops.ragged_range(*call.inputs)
    return [found["rtNestedSplits"], found["rtDenseValues"]]


@op("RaggedTensorToTensor")
def ragged_tensor_to_tensor(call: Call) -> Any:
    shape, values, default, *parts = call.inputs
    return ops.ragged_tensor_to_tensor(shape, values, default, parts, call.attr("row_partition_types", []))


@op("StaticRegexReplace")
def static_regex_replace(call: Call) -> Any:
    everywhere = call.attr("replace_global", True)
    return strings.static_regex_replace(call[0], call.attr("pattern"), call.attr("rewrite"), everywhere)


@op("StringNGrams", outputs=("ngrams", "ngrams_splits"))
def string_n_grams(call: Call) -> Any:
    names = ("separator", "ngram_widths", "left_pad", "right_pad", "pad_width", "preserve_short_sequences")
    defaults: tuple[Any, ...] = ("", [], "", "", 0, False)
    attrs = [call.attr(name, default) for name, default in zip(names, defaults, strict=True)]
    found = strings.string_n_grams(call[0], call[1], *attrs)
    return [found["nGrams"], found["nGramsSplits"]]


@op("StringSplit", outputs=("indices", "values", "shape"))
def string_split(call: Call) -> Any:
    found = strings.string_split(call[0], call[1], call.attr("skip_empty", True))
    return [found["indices"], found["values"], found["shape"]]


@op("StringToHashBucketFast")
def string_to_hash_bucket_fast(call: Call) -> Any:
    return strings.string_to_hash_bucket_fast(call[0], call.attr("num_buckets", 1))
