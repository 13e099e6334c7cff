"""The classes that functions of `keras.ops` have in files of Keras 3, and which arguments are parts of their configs.

In a graph Keras keeps a function of symbolic tensors as an object of such a class: what it calls with is in 'inbound_nodes',
other arguments are in the config. Made of Keras 3.15's sources.

Source: https://github.com/keras-team/keras/tree/master/keras/src/ops
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import NamedTuple

from tfjs_pyo import naming

_OPERATIONS: dict[str, dict[str, str]] = {
    "core": {
        "indices values": "Scatter(shape)",
        "inputs indices updates": "ScatterUpdate(reduction)",
        "inputs start_indices": "Slice(shape)",
        "inputs start_indices updates": "SliceUpdate",
        "variable": "StopGradient",
        "x": "Cast(dtype) ConvertToTensor(dtype,sparse,ragged) SaturateCast(dtype) Unstack(num,axis)",
    },
    "image": {
        "image1 image2": "SSIM(max_val,filter_size,filter_sigma,k1,k2,data_format)",
        "images": (
            "CropImages(top_cropping,left_cropping,bottom_cropping,right_cropping,target_height,target_width,data_format) "
            "ElasticTransform(alpha,sigma,interpolation,fill_mode,fill_value,seed,data_format) "
            "ExtractPatches(size,strides,dilation_rate,padding,data_format) "
            "GaussianBlur(kernel_size,sigma,data_format) HSVToRGB(data_format) "
            "PadImages(top_padding,left_padding,bottom_padding,right_padding,target_height,target_width,data_format) "
            "RGBToGrayscale(data_format) RGBToHSV(data_format) "
            "Resize(size,interpolation,antialias,crop_to_aspect_ratio,pad_to_aspect_ratio,fill_mode,fill_value,data_format) "
            "SobelEdges(data_format)"
        ),
        "images output_shape scale translation": "ScaleAndTranslate(spatial_dims,method,antialias)",
        "images start_points end_points": "PerspectiveTransform(interpolation,fill_value,data_format)",
        "images transform": "AffineTransform(interpolation,fill_mode,fill_value,data_format)",
        "inputs coordinates": "MapCoordinates(order,fill_mode,fill_value)",
    },
    "linalg": {
        "a b": "Lstsq(rcond) Solve SolveTriangular(lower)",
        "x": (
            "Cholesky(upper) CholeskyInverse(upper) Det Eig Eigh Inv LuFactor MatrixRank(tol) "
            "Norm(ord,axis,keepdims) Pinv(rcond) Qr(mode) SVD(full_matrices,compute_uv)"
        ),
    },
    "math": {
        "data segment_ids": (
            "SegmentMax(num_segments,sorted) SegmentMin(num_segments,sorted) SegmentProd(num_segments,sorted) "
            "SegmentSum(num_segments,sorted)"
        ),
        "targets predictions": "InTopK(k)",
        "x": (
            "Erf Erfc Erfinv ExtractSequences(sequence_length,sequence_stride) FFT FFT2 IFFT2 IRFFT(fft_length) "
            "ISTFT(sequence_length,sequence_stride,fft_length,length,window,center) Logdet "
            "Logsumexp(axis,keepdims) RFFT(fft_length) Rsqrt "
            "STFT(sequence_length,sequence_stride,fft_length,window,center) TopK(k,sorted) ViewAsComplex "
            "ViewAsReal"
        ),
        "x y": "CDist",
    },
    "nn": {
        "abs_ angle": "Polar",
        "inputs": (
            "AdaptiveAveragePool(output_size,data_format) AdaptiveMaxPool(output_size,data_format) "
            "AveragePool(pool_size,strides,padding,data_format) MaxPool(pool_size,strides,padding,data_format) "
            "MultiHot(num_classes,axis,dtype,sparse)"
        ),
        "inputs depthwise_kernel pointwise_kernel": "SeparableConv(strides,padding,data_format,dilation_rate)",
        "inputs kernel": (
            "Conv(strides,padding,data_format,dilation_rate) "
            "ConvTranspose(strides,padding,output_padding,data_format,dilation_rate) "
            "DepthwiseConv(strides,padding,data_format,dilation_rate)"
        ),
        "inputs sequence_lengths": "CTCDecode(strategy,beam_width,top_paths,merge_repeated,mask_index)",
        "query key value bias mask scale": "DotProductAttention(is_causal,flash_attention,attn_logits_soft_cap)",
        "target output": (
            "BinaryCrossentropy(from_logits) CategoricalCrossentropy(from_logits,axis) "
            "SparseCategoricalCrossentropy(from_logits,axis)"
        ),
        "target output target_length output_length": "CTCLoss(mask_index)",
        "x": (
            "Celu(alpha) DepthToSpace(block_size,data_format) Elu(alpha) "
            "Fold(output_size,kernel_size,dilation,padding,stride) Gelu(approximate) Glu(axis) "
            "HardShrink(threshold) HardSigmoid HardSilu HardTanh LeakyRelu(negative_slope) LogSigmoid "
            "LogSoftmax(axis) Moments(axes,keepdims,synchronized) Normalize(axis,order,epsilon) "
            "OneHot(num_classes,axis,dtype,sparse) Relu Relu6 Selu Sigmoid Silu SoftShrink(threshold) "
            "Softmax(axis) Softplus Softsign SpaceToDepth(block_size,data_format) SparsePlus SparseSigmoid "
            "Sparsemax(axis) Squareplus(b) TanhShrink Threshold(threshold,default_value) "
            "Unfold(kernel_size,dilation,padding,stride)"
        ),
        "x gamma beta": "LayerNorm(axis,epsilon,rms_scaling)",
        "x mean variance offset scale": "BatchNorm(axis,epsilon)",
        "x scale": "RMSNorm(axis,epsilon)",
        "x1 x2": "PSNR(max_val)",
    },
    "numpy": {
        "*operands": "Einsum(subscripts)",
        "*x": "Meshgrid(indexing)",
        "a": "Diff(n,axis)",
        "array": "Rot90(k,axes)",
        "condition x1 x2": "Where",
        "condlist choicelist default": "Select",
        "fill_value": "Full(shape,dtype)",
        "indices": "UnravelIndex(shape)",
        "sorted_sequence values": "SearchSorted(side)",
        "start stop": (
            "Geomspace(num,endpoint,dtype,axis) Linspace(num,endpoint,retstep,dtype,axis) "
            "Logspace(num,endpoint,base,dtype,axis)"
        ),
        "start stop step": "Arange(dtype)",
        "x": (
            "Abs Absolute All(axis,keepdims) Amax(axis,keepdims) Amin(axis,keepdims) Angle Any(axis,keepdims) "
            "Arccos Arccosh Arcsin Arcsinh Arctan Arctanh Argmax(axis,keepdims) Argmin(axis,keepdims) "
            "Argpartition(kth,axis) Argsort(axis) Array(dtype) ArraySplit(indices_or_sections,axis) "
            "Bincount(weights,minlength,sparse) BitwiseInvert BitwiseNot BroadcastTo(shape) Cbrt Ceil "
            "Clip(x_min,x_max) Conj Conjugate Copy Corrcoef Cos Cosh CountNonzero(axis) Cumprod(axis,dtype) "
            "Cumsum(axis,dtype) Deg2rad Diag(k) Diagflat(k) Diagonal(offset,axis1,axis2) "
            "Dsplit(indices_or_sections) EmptyLike(dtype) Exp Exp2 ExpandDims(axis) Expm1 Fabs Flip(axis) Fliplr "
            "Flipud Floor Histogram(bins,range) Hsplit(indices_or_sections) I0 Imag Isfinite Isinf Isnan Isneginf "
            "Isposinf Isreal Log Log10 Log1p Log2 LogicalNot Max(axis,keepdims,initial) Mean(axis,keepdims) "
            "Median(axis,keepdims) Min(axis,keepdims,initial) Moveaxis(source,destination) "
            "NanToNum(nan,posinf,neginf) Nanargmax(axis,keepdims) Nanargmin(axis,keepdims) Nancumprod(axis,dtype) "
            "Nancumsum(axis,dtype) Nanmax(axis,keepdims) Nanmean(axis,keepdims) Nanmedian(axis,keepdims) "
            "Nanmin(axis,keepdims) Nanprod(axis,keepdims) Nanstd(axis,keepdims) Nansum(axis,keepdims) "
            "Nanvar(axis,keepdims) Ndim Negative Nonzero OnesLike(dtype) Prod(axis,keepdims,dtype) "
            "Ptp(axis,keepdims) Rad2deg Ravel Real Reciprocal Repeat(repeats,axis) Reshape(newshape) "
            "Roll(shift,axis) Round(decimals) Sign Signbit Sin Sinc Sinh Size Slogdet Sort(axis) "
            "Split(indices_or_sections,axis) Sqrt Square Squeeze(axis) Stack(axis) Std(axis,keepdims) "
            "Sum(axis,keepdims) Swapaxes(axis1,axis2) Tan Tanh Tile(repeats) Trace(offset,axis1,axis2) "
            "Transpose(axes) Tril(k) Triu(k) Trunc "
            "Unique(sorted,return_index,return_inverse,return_counts,axis,size,fill_value) Vander(N,increasing) "
            "Var(axis,keepdims) View(dtype) Vsplit(indices_or_sections) ZerosLike(dtype)"
        ),
        "x bins": "Digitize",
        "x constant_values": "Pad(pad_width,mode)",
        "x fill_value": "FullLike(dtype)",
        "x indices": "Take(axis) TakeAlongAxis(axis)",
        "x key": "GetItem",
        "x q": (
            "Nanpercentile(axis,method,keepdims) Nanquantile(axis,method,keepdims) "
            "Percentile(axis,method,keepdims) Quantile(axis,method,keepdims)"
        ),
        "x weights": "Average(axis)",
        "x y": "BitwiseAnd BitwiseLeftShift BitwiseOr BitwiseRightShift BitwiseXor LeftShift RightShift",
        "x1 x2": (
            "Add AllClose(rtol,atol,equal_nan) Append(axis) Arctan2 Correlate(mode) Cross(axisa,axisb,axisc,axis) "
            "Divide DivideNoNan Dot Equal FloorDivide Fmax Fmin Fmod Gcd Greater GreaterEqual Heaviside Hypot "
            "Inner IsIn(assume_unique,invert) Kron Lcm Ldexp Less LessEqual Logaddexp Logaddexp2 LogicalAnd "
            "LogicalOr LogicalXor Matmul Maximum Minimum Mod Multiply Nextafter NotEqual Outer Power Subtract "
            "Tensordot(axes) TrueDivide Vdot"
        ),
        "x1 x2 rtol atol": "Isclose(equal_nan)",
        "xs": "Concatenate(axis) Dstack Hstack Vstack",
        "y": "Trapezoid(x,dx,axis)",
    },
}
"""By module and by what their `call` takes: classes, with what their `__init__` takes."""

_FUNCTIONS = {
    "Conj": "conjugate", "BatchNorm": "batch_normalization", "LayerNorm": "layer_normalization", "RMSNorm": "rms_normalization",
}  # fmt: skip
"""Classes whose names are other than those of their functions."""


class OpClass(NamedTuple):
    """A class of Keras's.

    Attributes:
        name: of the class.
        module: in which it is.
        call: names of what it is called with; one with a '*' stands for all that follow.
        config: names of what it is made with.
    """

    name: str
    module: str
    call: tuple[str, ...]
    config: tuple[str, ...]

    @property
    def function(self) -> str:
        """The folded name of the function."""
        return naming.fold(_FUNCTIONS.get(self.name, self.name))


@functools.cache
def op_classes() -> Mapping[str, OpClass]:
    """Returns all classes by their names."""
    found = {}
    for module, calls in _OPERATIONS.items():
        for call, classes in calls.items():
            for told in classes.split():
                name, _, config = told.partition("(")
                options = tuple(config.rstrip(")").split(",")) if config else ()
                found[name] = OpClass(name, f"keras.src.ops.{module}", tuple(call.split()), options)
    return found


@functools.cache
def classes_of_functions() -> Mapping[str, OpClass]:
    """Returns the classes by the folded names of their functions."""
    return {each.function: each for each in op_classes().values()}


__all__ = ["OpClass", "classes_of_functions", "op_classes"]
