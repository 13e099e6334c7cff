"""Ops that compute element by element, compare, multiply matrices, reduce and normalize."""

from __future__ import annotations

import functools
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.graph_models.declare import Call, op, same
from tfjs_pyo.ops import fused, linear_algebra

same(
    {
        "Add": ops.add, "AddV2": ops.add, "BiasAdd": ops.add, "Sub": ops.sub, "RealDiv": ops.div, "Div": ops.div,
        "DivNoNan": ops.div_no_nan, "FloorDiv": ops.floor_div, "Mul": ops.mul, "Maximum": ops.maximum,
        "Minimum": ops.minimum, "Pow": ops.pow, "SquaredDifference": ops.squared_difference, "Mod": ops.mod,
        "FloorMod": ops.mod, "Abs": ops.abs, "Acos": ops.acos, "Asin": ops.asin, "Atan": ops.atan, "Atan2": ops.atan2,
        "Ceil": ops.ceil, "Complex": ops.complex, "ComplexAbs": ops.abs, "Cos": ops.cos, "Cosh": ops.cosh, "Elu": ops.elu,
        "Exp": ops.exp, "Floor": ops.floor, "Log": ops.log, "Imag": ops.imag, "Neg": ops.neg, "Real": ops.real,
        "Prelu": ops.prelu, "Relu": ops.relu, "Relu6": ops.relu6, "Selu": ops.selu, "Sigmoid": ops.sigmoid, "Sin": ops.sin,
        "Sinh": ops.sinh, "Sqrt": ops.sqrt, "Rsqrt": ops.rsqrt, "Square": ops.square, "Tan": ops.tan, "Tanh": ops.tanh,
        "Sign": ops.sign, "Round": ops.round, "Expm1": ops.expm1, "Log1p": ops.log1p, "Reciprocal": ops.reciprocal,
        "Softplus": ops.softplus, "Asinh": ops.asinh, "Acosh": ops.acosh, "Atanh": ops.atanh, "Erf": ops.erf,
        "IsNan": ops.is_nan, "IsFinite": ops.is_finite, "IsInf": ops.is_inf, "Equal": ops.equal, "NotEqual": ops.not_equal,
        "Greater": ops.greater, "GreaterEqual": ops.greater_equal, "Less": ops.less, "LessEqual": ops.less_equal,
        "LogicalAnd": ops.logical_and, "LogicalNot": ops.logical_not, "LogicalOr": ops.logical_or, "SelectV2": ops.where,
        "BitwiseAnd": ops.bitwise_and, "Softmax": ops.softmax, "LogSoftmax": ops.log_softmax, "FFT": ops.spectral.fft,
        "IFFT": ops.spectral.ifft,
    }
)  # fmt: skip


@op("RFFT")
async def rfft(call: Call) -> Any:
    points = await call.ints(1) if len(call.inputs) > 1 else [None]
    return ops.spectral.rfft(call[0], points[0])


@op("IRFFT")
async def irfft(call: Call) -> Any:
    """Inverts a transform of an even number of points, as `ops.spectral.irfft` does; frequencies are cut or filled up."""
    z = call[0]
    wanted = (await call.ints(1))[0] // 2 + 1 if len(call.inputs) > 1 else z.shape[-1]
    if wanted < z.shape[-1]:
        z = ops.slice(z, [0] * z.rank, [*z.shape[:-1], wanted])
    elif wanted > z.shape[-1]:
        z = ops.pad(z, [[0, 0]] * (z.rank - 1) + [[0, wanted - z.shape[-1]]])
    return ops.spectral.irfft(z)


@op("AddN")
def add_n(call: Call) -> Any:
    return ops.add_n(list(call.inputs))


@op("Select")
def select(call: Call) -> Any:
    condition, a, b = call.inputs
    if condition.rank == 1 and a.rank > 1:  # a choice of whole rows
        condition = ops.reshape(condition, [-1, *[1] * (a.rank - 1)])
    return ops.where(condition, a, b)


@op("ClipByValue")
async def clip_by_value(call: Call) -> Any:
    return ops.clip_by_value(call[0], float(await call.number(1)), float(await call.number(2)))


@op("LeakyRelu")
def leaky_relu(call: Call) -> Any:
    return ops.leaky_relu(call[0], call.attr("alpha", 0.2))


def _activated(call: Call, compute: Any) -> Any:
    """Calls a fused op with what a node of Grappler has fused into it: a bias or a batch norm, and an activation."""
    done = [name.lower() for name in call.attr("fused_ops", [])]
    extra = list(call.inputs[2:])
    bias = extra.pop(0) if "biasadd" in done and extra else None
    last = (
        done[-1] if done and done[-1] not in {"biasadd", "fusedbatchnorm", "fusedbatchnormv3"} else "linear"
    )
    name = {"leakyrelu": "leakyrelu", "relu6": "relu6"}.get(last, last)
    prelu = extra.pop() if name == "prelu" and extra else None
    normalized = any(each.startswith("fusedbatchnorm") for each in done)
    result = compute(
        bias=bias,
        activation="linear" if normalized else name,
        prelu_activation_weights=prelu,
        leakyrelu_alpha=call.attr("leakyrelu_alpha", 0.2),
    )
    if not normalized:
        return result
    scale, offset, mean, variance = extra[:4]
    result = ops.batch_norm(result, mean, variance, offset, scale, call.attr("epsilon", 0.0001))
    return result if name == "linear" else getattr(ops, {"leakyrelu": "leaky_relu"}.get(name, name))(result)


activated = _activated


@op("_FusedMatMul")
def fused_mat_mul(call: Call) -> Any:
    transposes = call.attr("transpose_a", False), call.attr("transpose_b", False)
    return _activated(call, functools.partial(fused.mat_mul, call[0], call[1], *transposes))


@op("MatMul")
def mat_mul(call: Call) -> Any:
    return ops.mat_mul(call[0], call[1], call.attr("transpose_a", False), call.attr("transpose_b", False))


@op("BatchMatMul", "BatchMatMulV2")
def batch_mat_mul(call: Call) -> Any:
    return ops.mat_mul(call[0], call[1], call.attr("adj_x", False), call.attr("adj_y", False))


@op("Transpose")
async def transpose(call: Call) -> Any:
    return ops.transpose(call[0], await call.ints(1))


@op("Einsum")
def einsum(call: Call) -> Any:
    return ops.einsum(call.attr("equation"), *call.inputs)


@op("MatrixBandPart")
async def matrix_band_part(call: Call) -> Any:
    return linear_algebra.band_part(call[0], int(await call.number(1)), int(await call.number(2)))


def _reduction(name: str, function: Any) -> None:
    @op(name)
    async def reduce(call: Call) -> Any:
        return function(call[0], await call.ints(1), call.attr("keep_dims", False))


for _name, _function in {
    "Max": ops.max, "Mean": ops.mean, "Min": ops.min, "Sum": ops.sum, "All": ops.all, "Any": ops.any, "Prod": ops.prod,
    "EuclideanNorm": ops.euclidean_norm,
}.items():  # fmt: skip
    _reduction(_name, _function)


@op("ArgMax")
async def arg_max(call: Call) -> Any:
    return ops.arg_max(call[0], int(await call.number(1)))


@op("ArgMin")
async def arg_min(call: Call) -> Any:
    return ops.arg_min(call[0], int(await call.number(1)))


@op("Cumsum")
async def cumsum(call: Call) -> Any:
    return ops.cumsum(
        call[0], int(await call.number(1)), call.attr("exclusive", False), call.attr("reverse", False)
    )


@op("Cumprod")
async def cumprod(call: Call) -> Any:
    return ops.cumprod(
        call[0], int(await call.number(1)), call.attr("exclusive", False), call.attr("reverse", False)
    )


@op("Bincount")
async def bincount(call: Call) -> Any:
    return ops.bincount(call[0], call[2], int(await call.number(1)))


@op("DenseBincount")
async def dense_bincount(call: Call) -> Any:
    return ops.dense_bincount(call[0], call[2], int(await call.number(1)), call.attr("binary_output", False))


@op(
    "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3",
    outputs=("y", "batch_mean", "batch_variance", "reserve_space_1", "reserve_space_2", "reserve_space_3"),
)  # fmt: skip
def fused_batch_norm(call: Call) -> Any:
    x, scale, offset, mean, variance = call.inputs[:5]
    return [ops.batch_norm(x, mean, variance, offset, scale, call.attr("epsilon", 0.001)), mean, variance]


@op("LRN")
def local_response_normalization(call: Call) -> Any:
    radius, bias = call.attr("depth_radius", 5), call.attr("bias", 1.0)
    return ops.local_response_normalization(
        call[0], radius, bias, call.attr("alpha", 1.0), call.attr("beta", 0.5)
    )


@op("FakeQuantWithMinMaxVars")
def fake_quant(call: Call) -> Any:
    return call[0]
