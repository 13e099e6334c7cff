"""Every op of TensorFlow.js core, one declaration each, grouped by subject."""

from tfjs_pyo.ops.arithmetic import (
    add,
    add_n,
    atan2,
    div,
    div_no_nan,
    floor_div,
    maximum,
    minimum,
    mod,
    mul,
    neg,
    squared_difference,
    sub,
    true_div,
)
from tfjs_pyo.ops.bits import bitwise_and
from tfjs_pyo.ops.comparison import (
    equal,
    greater,
    greater_equal,
    less,
    less_equal,
    logical_and,
    logical_not,
    logical_or,
    logical_xor,
    not_equal,
    where,
)
from tfjs_pyo.ops.convolution import conv2d
from tfjs_pyo.ops.creation import (
    cast,
    clone,
    eye,
    fill,
    linspace,
    one_hot,
    ones,
    ones_like,
    scalar,
    tensor,
    tensor1d,
    tensor2d,
    tensor3d,
    tensor4d,
    tensor5d,
    tensor6d,
    to_bool,
    to_float,
    to_int,
    variable,
    zeros,
    zeros_like,
)
from tfjs_pyo.ops.gradients import custom_grad, grad, gradients, grads, value_and_grad, value_and_grads, variable_grads
from tfjs_pyo.ops.indexing import gather
from tfjs_pyo.ops.math import abs_ as abs  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.math import (
    acos,
    acosh,
    asin,
    asinh,
    atan,
    atanh,
    ceil,
    clip_by_value,
    cos,
    cosh,
    elu,
    erf,
    exp,
    expm1,
    floor,
    is_finite,
    is_inf,
    is_nan,
    leaky_relu,
    log,
    log1p,
    log_sigmoid,
    prelu,
    reciprocal,
    relu,
    relu6,
    rsqrt,
    selu,
    sigmoid,
    sign,
    sin,
    sinh,
    softplus,
    sqrt,
    square,
    step,
    tan,
    tanh,
)
from tfjs_pyo.ops.math import pow_ as pow  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.math import round_ as round  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.matrices import dot, mat_mul, outer_product
from tfjs_pyo.ops.movement import (
    broadcast_to,
    concat,
    expand_dims,
    pad,
    reshape,
    reverse,
    split,
    squeeze,
    stack,
    tile,
    transpose,
    unstack,
)
from tfjs_pyo.ops.pooling import avg_pool, max_pool
from tfjs_pyo.ops.random import dropout, random_normal, random_uniform, truncated_normal
from tfjs_pyo.ops.reduction import (
    arg_max,
    arg_min,
    log_softmax,
    log_sum_exp,
    mean,
    prod,
    softmax,
    stop_gradient,
)

from tfjs_pyo.ops.creation import range_ as range  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.movement import slice_ as slice  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.reduction import all_ as all  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.reduction import any_ as any  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.reduction import max_ as max  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.reduction import min_ as min  # noqa: A004 (TF.js's name)
from tfjs_pyo.ops.reduction import sum_ as sum  # noqa: A004 (TF.js's name)

__all__ = [name for name in dir() if not name.startswith("_") and callable(globals()[name])]
