"""TensorFlow's names for the functions of `further`, and for more operations of `keras.ops`. Data, no code."""

from __future__ import annotations

from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.keras import ops as _keras_ops
from tfjs_pyo.keras.ops import linalg as _linalg
from tfjs_pyo.ops import strings as string_ops
from tfjs_pyo.rules import checked
from tfjs_pyo.tensorflow import drawing, further, matrices, windows
from tfjs_pyo.tensorflow import strings as texts
from tfjs_pyo.tensorflow_names.bridge import Op

keras_ops: Any = _keras_ops  # its functions are declared, not written
linalg: Any = _linalg


def _named(text: str) -> dict[str, Op]:
    """Returns functions of `further`, `matrices` and `windows` by their names: a line for each, with TensorFlow's parameters."""
    found = {}
    for line in text.strip().splitlines():
        name, *places = line.split()
        names = {place.rstrip("*"): place.rstrip("*") for place in places if place.endswith("*")}
        ignored: dict[str, str | None] = {place.rstrip("!"): None for place in places if place.endswith("!")}
        order = " ".join(place.rstrip("*!") for place in places)
        owner = next(each for each in (matrices, windows, further) if hasattr(each, name))
        found[name] = Op(getattr(owner, name), order, {**names, **ignored})
    return found


_EIGEN = {
    "cholesky": Op(linalg.cholesky, "input"),
    "det": Op(linalg.det, "input"),
    "eigh": Op(linalg.eigh, "tensor"),
}
TOP: dict[str, Any] = {
    **_named("""
broadcast_static_shape shape_x shape_y
case pred_fn_pairs default* exclusive* strict*
custom_gradient f
dynamic_partition data partitions num_partitions
dynamic_stitch indices data
foldl fn elems initializer* parallel_iterations! back_prop! swap_memory!
foldr fn elems initializer* parallel_iterations! back_prop! swap_memory!
get_static_value tensor partial*
histogram_fixed_width values value_range nbins* dtype*
numpy_function func inp Tout* stateful*
py_function func inp Tout*
reverse_sequence input seq_lengths seq_axis* batch_axis*
scan fn elems initializer* parallel_iterations! back_prop! swap_memory! infer_shape! reverse*
sequence_mask lengths maxlen* dtype*
switch_case branch_index branch_fns default*
tensor_scatter_nd_add tensor indices updates
tensor_scatter_nd_max tensor indices updates
tensor_scatter_nd_min tensor indices updates
tensor_scatter_nd_sub tensor indices updates
timestamp
truncatediv x y
truncatemod x y
unique x out_idx*
unique_with_counts x out_idx*
unravel_index indices dims
"""),
    "as_string": Op(texts.as_string, "input precision scientific shortest width fill"),
    "batch_to_space": Op(ops.batch_to_space_nd, "input block_shape crops"),
    "identity_n": checked(further.identity_n),
    "space_to_batch": Op(ops.space_to_batch_nd, "input block_shape paddings"),
    "saturate_cast": further.saturate_cast,
    "realdiv": Op(ops.true_div, "x y"),
    "strided_slice": Op(
        ops.strided_slice,
        "input_ begin end strides begin_mask end_mask ellipsis_mask new_axis_mask shrink_axis_mask",
    ),
}
MATH: dict[str, Any] = {
    **_named("""
count_nonzero input axis keepdims dtype
cumulative_logsumexp x axis exclusive reverse
digamma x
erfcinv x
invert_permutation x
is_non_decreasing x
is_strictly_increasing x
lbeta x
lgamma x
ndtri x
polyval coeffs x
reciprocal_no_nan x
segment_max data segment_ids
segment_mean data segment_ids
segment_min data segment_ids
segment_prod data segment_ids
unsorted_segment_sqrt_n data segment_ids num_segments
xdivy x y
xlog1py x y
xlogy x y
zero_fraction value
"""),
}
NN: dict[str, Any] = {
    **_named("""
compute_average_loss per_example_loss sample_weight global_batch_size
convolution input filters strides* padding* data_format* dilations*
crelu features axis*
ctc_loss labels logits label_length logit_length logits_time_major* unique* blank_index*
log_poisson_loss targets log_input compute_full_loss
scale_regularization_loss regularization_loss
separable_conv2d input depthwise_filter pointwise_filter strides padding data_format* dilations*
sufficient_statistics x axes shift* keepdims*
weighted_moments x axes frequency_weights keepdims*
zero_fraction value
"""),
    "in_top_k": Op(keras_ops.in_top_k, "targets predictions k"),
    "lrn": Op(ops.local_response_normalization, "input depth_radius bias alpha beta"),
    "weighted_cross_entropy_with_logits": Op(further.weighted_cross_entropy, "labels logits pos_weight"),
    **{
        f"{kind}_pool{rank}d": Op(
            windows.pooled(f"{target}_pool", rank),
            "input ksize strides padding data_format",
            {"data_format": "data_format"},
        )
        for kind, target in (("avg", "average"), ("max", "max"))
        for rank in (1, 3)
    },
    **{
        f"conv{rank}d_transpose": Op(
            windows.transposed(rank),
            "input filters output_shape strides padding data_format dilations",
            {"padding": "padding", "data_format": "data_format", "dilations": "dilations"},
        )
        for rank in (1, 2)
    },
    "conv3d": Op(
        windows.convolution,
        "input filters strides padding data_format dilations",
        {"data_format": "data_format", "dilations": "dilations"},
    ),
}
LINALG: dict[str, Any] = {
    **_EIGEN,
    **_named("""
adjoint matrix
cholesky_solve chol rhs
diag diagonal
diag_part input k*
eigvalsh tensor
global_norm t_list
inv input adjoint
logdet matrix
lstsq matrix rhs l2_regularizer* fast*
matrix_rank a tol
matvec a b transpose_a*
normalize tensor ord* axis*
pinv a rcond*
set_diag input diagonal
slogdet input
solve matrix rhs adjoint
svd tensor full_matrices compute_uv
tensor_diag diagonal
tensor_diag_part input
trace x
triangular_solve matrix rhs lower adjoint
"""),
    "cross": Op(keras_ops.cross, "a b"),
}

SIGNAL: dict[str, Any] = {
    "fft": Op(ops.fft, "input"),
    "ifft": Op(ops.ifft, "input"),
    "rfft": Op(drawing.rfft, "input_tensor fft_length"),
    "irfft": Op(ops.irfft, "input_tensor"),
    "frame": Op(drawing.frame, "signal frame_length frame_step pad_end pad_value axis"),
    "hann_window": Op(drawing.hann_window, "window_length periodic dtype"),
    "hamming_window": Op(drawing.hamming_window, "window_length periodic dtype"),
    "stft": Op(drawing.stft, "signals frame_length frame_step fft_length window_fn pad_end"),
}
IMAGE: dict[str, Any] = {
    "adjust_gamma": Op(drawing.adjust_gamma, "image gamma gain"),
    "hsv_to_rgb": Op(drawing.hsv_to_rgb, "images"),
    "rgb_to_hsv": Op(drawing.rgb_to_hsv, "images"),
    "transpose": Op(drawing.transposed_image, "image"),
}
RANDOM: dict[str, Any] = {
    "poisson": Op(drawing.poisson, "shape lam dtype seed"),
    "stateless_categorical": Op(drawing.stateless_categorical, "logits num_samples seed dtype"),
    "stateless_normal": Op(drawing.stateless_normal, "shape seed mean stddev dtype"),
    "stateless_truncated_normal": Op(drawing.stateless_truncated_normal, "shape seed mean stddev dtype"),
    "stateless_uniform": Op(drawing.stateless_uniform, "shape seed minval maxval dtype"),
}
STRINGS: dict[str, Any] = {
    "to_hash_bucket_fast": Op(string_ops.string_to_hash_bucket_fast, "input num_buckets"),
    "bytes_split": Op(drawing.bytes_split, "input"),
    "format": Op(drawing.format_, "template inputs placeholder summarize"),
    "regex_full_match": Op(drawing.regex_full_match, "input pattern"),
}

__all__ = ["IMAGE", "LINALG", "MATH", "NN", "RANDOM", "SIGNAL", "STRINGS", "TOP"]
