"""Calls of every function of keras.ops on drawn inputs: what the recorder asks Keras, and the tests ask here."""

from __future__ import annotations

from typing import Any

from tests.keras.ops.further_calls import IMAGES, MATRICES, TRANSFORMS
from tests.keras.ops.specs import NANS, ORDERED, POSITIVE, UNIT, A, B, Call, I, V, X, drawn, inputs_of

__all__ = ["A", "Call", "calls", "drawn", "inputs_of"]


def calls() -> list[Call]:
    """Returns all calls, in an order that stays."""
    found: list[Call] = []

    def add(names: str, *sets: tuple[Any, ...], **options: Any) -> None:
        for name in names.split():
            for given in sets:
                args = tuple(each for each in given if not isinstance(each, dict))
                kwargs = next((each for each in given if isinstance(each, dict)), {})
                found.append(Call(name, args, kwargs, **options))

    _elementwise(add)
    _reducing(add)
    _moving(add)
    _creating(add)
    _choosing(add)
    _products(add)
    _neural(add)
    _convolving(add)
    for further in (TRANSFORMS, MATRICES, IMAGES):
        further(add)
    return found


def _elementwise(add: Any) -> None:
    add(
        "abs absolute arctan arcsinh cos cosh exp exp2 expm1 negative sign sin sinh square tan tanh ceil floor trunc fabs copy "
        "cbrt sinc i0 conj conjugate deg2rad rad2deg isfinite isinf isnan isneginf isposinf signbit round nan_to_num angle "
        "real imag isreal",
        (X,),
        (I,),
    )
    add("abs square sign exp tanh logical_not isnan round copy floor ceil", (B,))
    add("arccos arcsin arctanh erfinv", (UNIT,))
    add("erf erfc erfinv", (UNIT,))
    add("arccosh", (A((3, 4), low=1.1, high=5.0),))
    add("log log2 log10 log1p sqrt rsqrt reciprocal", (POSITIVE,))
    add("log sqrt log1p log2", (A((3, 4), "int32", 1, 9),))
    add("logical_not isfinite isinf isnan isneginf isposinf nan_to_num sign", (NANS,), gradient=False)
    add("nan_to_num", (NANS, {"nan": 1.5, "posinf": 2.0, "neginf": -3.0}), gradient=False)
    add("round", (X, 1), (A((5,), low=-100, high=100), -1), (I, -1), gradient=False)
    pairs = ((X, X), (X, A((4,))), (X, I), (I, A((3, 1), "int32", 1, 5)), (X, 2), (X, 0.5), (I, 2), (I, 1.5))
    add("add subtract multiply maximum minimum fmax fmin", *pairs)
    add("add multiply maximum logical_and equal", (B, B), (B, I), (True, I))
    add("add subtract multiply", (3, 4), (3, 4.5), ([1, 2], [3.5, 4]), ([True, False], [1, 2]))
    divisors = A((3, 4), low=0.5, high=3.0)
    add(
        "divide true_divide floor_divide mod",
        (X, divisors),
        (I, A((4,), "int32", 1, 4)),
        (X, 2),
        (I, 2),
        (I, 2.5),
    )
    add("fmod", (X, divisors), (I, A((4,), "int32", 1, 4)))
    add("divide_no_nan", (X, A((3, 4), special=(0.0,))), (I, A((3, 4), "int32", 0, 2)), gradient=False)
    add(
        "power",
        (POSITIVE, X),
        (X, 2),
        (A((3, 4), "int32", 0, 4), A((3, 4), "int32", 0, 3)),
        (I, 2),
        (POSITIVE, 0.5),
    )
    add("arctan2 hypot logaddexp logaddexp2", (X, A((4,))), (I, X))
    add("equal not_equal greater greater_equal less less_equal", (I, I), (X, I), (I, 1), (X, 0.0))
    add("logical_and logical_or logical_xor", (B, B), (I, I), (X, B))
    add("heaviside", (A((3, 4), "int32", -1, 1), X), (X, X), gradient=False)
    add("gcd lcm", (A((3, 4), "int32", 0, 30), A((4,), "int32", 1, 30)))
    add("ldexp", (X, A((3, 4), "int32", -3, 3)), gradient=False)
    add("nextafter", (X, A((3, 4))), gradient=False, tolerance=(1e-7, 0))
    add("isclose allclose", (X, X), (X, X, {"rtol": 0.5, "atol": 0.3}), (NANS, NANS, {"equal_nan": True}))
    add("clip", (X, -0.5, 0.7), (I, -1, 2), (X, A((4,), low=-1, high=0), 1.0), (B, 0, 1))
    add("bitwise_and bitwise_or bitwise_xor", (I, I), (I, 3), (B, B))
    add("bitwise_not bitwise_invert", (I,), (B,))
    shifts = A((3, 4), "int32", 0, 5)
    add("left_shift right_shift bitwise_left_shift bitwise_right_shift", (I, shifts), (I, 2))


def _reducing(add: Any) -> None:
    axes = ({}, {"axis": 0}, {"axis": -1, "keepdims": True}, {"axis": (0, 2)})
    x, whole, truth = A((2, 3, 4)), A((2, 3, 4), "int32", -3, 4), A((2, 3, 4), "bool")
    add("sum mean max min amax amin std var ptp prod logsumexp", *((x, each) for each in axes))
    add("sum mean max min prod std var", *((whole, each) for each in axes[:2]))
    add("sum mean all any max prod count_nonzero", (truth,), (truth, {"axis": 1}))
    add("all any", *((whole, each) for each in axes))
    add("max min", (x, {"initial": 1.5}), (whole, {"axis": 1, "initial": 2}))
    add("prod", (whole, {"dtype": "float32"}))
    add("count_nonzero", (whole,), (whole, {"axis": (0, 1)}))
    for each in ({}, {"axis": 0}, {"axis": -1, "keepdims": True}):
        add("argmax argmin", (A((3, 4, 5), distinct=True), each), (whole, each))
        add("median", (A((3, 4, 5), distinct=True), each), (A((3, 5), "int32", 0, 9), each))
        nans = A((4, 5), special=(float("nan"), float("nan"), float("nan")))
        add(
            "nansum nanprod nanmax nanmin nanmean nanvar nanstd nanmedian nanargmax nanargmin",
            (nans, each),
            gradient=False,
        )
    add("nansum nanmean nanmax", (I,), gradient=False)
    add("average", (X,), (X, {"axis": 1}), (X, {"axis": 0, "weights": A((3,), low=0.1, high=1)}))
    add("average", (X, {"weights": A((3, 4), low=0.1, high=1)}), (I, {"axis": 1}))
    add(
        "cumsum cumprod",
        (X,),
        (X, {"axis": 1}),
        (I, {"axis": 0}),
        (B, {"axis": 0}),
        (I, {"dtype": "float32"}),
    )
    nans = A((4, 5), special=(float("nan"), float("nan")))
    add("nancumsum nancumprod", (nans,), (nans, {"axis": 1}), gradient=False)
    for method in ("linear", "lower", "higher", "midpoint", "nearest"):
        add(
            "quantile",
            (ORDERED, 0.3, {"axis": 1, "method": method}),
            (ORDERED, [0.1, 0.5, 1.0], {"method": method}),
        )
    add("quantile", (A((2, 3, 4), distinct=True), 0.4, {"axis": (0, 2), "keepdims": True}))
    add("percentile", (ORDERED, 30.0, {"axis": 0}), (ORDERED, [10.0, 90.0]))
    add("nanquantile", (nans, 0.3, {"axis": 1}), (nans, [0.2, 0.7]), gradient=False)
    add("nanpercentile", (nans, 40.0, {"axis": 0, "keepdims": True}), gradient=False)


def _moving(add: Any) -> None:
    x = A((2, 3, 4))
    add("reshape", (x, (4, 6)), (x, (-1, 2)), (x, -1))
    add("ravel transpose flip flipud fliplr squeeze", (x,), (I,))
    add("transpose", (x, (2, 0, 1)))
    add("swapaxes", (x, 0, -1))
    add("moveaxis", (x, 0, -1), (x, (0, 1), (2, 0)))
    add("expand_dims", (x, 1), (x, (0, -1)), (2.5, 0))
    add("squeeze", (A((1, 3, 1)),), (A((1, 3, 1)), {"axis": 0}), (A((1, 3, 1)), {"axis": (0, 2)}))
    add("flip", (x, 1), (x, (0, 2)))
    add("broadcast_to", (A((3, 1)), (2, 3, 4)))
    for k in (-1, 0, 1, 2, 3):
        add("rot90", (X, {"k": k}))
    add("rot90", (x, {"axes": (1, 2)}))
    add("roll", (x, 2), (x, 1, {"axis": 1}), (x, (1, -2), {"axis": (0, 2)}), (I, -3))
    add("concatenate", ([X, A((2, 4))],), ([X, I],), ([X, A((3, 2))], {"axis": 1}), ([B, I],))
    add("stack", ([X, X],), ([X, I], {"axis": -1}), ([1, 2.5, 3],))
    add("hstack vstack dstack", ([X, X],), ([A((3,)), A((3,))],), ([A((2, 3, 1)), A((2, 3, 1))],))
    add("append", (X, A((2, 4)), {"axis": 0}), (X, V), (I, X))
    add("split array_split", (A((6, 4)), 3), (A((6, 4)), [1, 4]), (A((6, 4)), 2, {"axis": 1}))
    add("array_split", (A((7, 4)), 3))
    add("hsplit vsplit", (A((4, 4)), 2), (A((4, 4)), [1, 3]))
    add("dsplit", (A((2, 2, 4)), 2))
    add("hsplit", (V, 3))
    add("tile", (X, 2), (X, (2, 1)), (A((3,)), (2, 2)), (x, (1, 2, 1)))
    add("repeat", (X, 2), (X, 3, {"axis": 1}), (X, (1, 0, 2), {"axis": 0}), (I, 2, {"axis": -1}))
    add(
        "pad",
        (X, 1),
        (X, ((1, 0), (2, 3))),
        (X, ((1, 0), (2, 3)), {"constant_values": 1.5}),
        (I, ((0, 1), (1, 0))),
    )
    for mode in ("reflect", "symmetric", "edge", "wrap"):
        if mode in ("reflect", "symmetric"):
            add("pad", (X, ((1, 2), (0, 3)), {"mode": mode}))
    add(
        "diagonal trace",
        (x,),
        (A((4, 3)), {"offset": 1}),
        (A((4, 3)), {"offset": -2}),
        (x, {"axis1": 1, "axis2": 2}),
    )
    add("trace", (I,), (A((3, 3), "bool"),))
    add("diag", (V,), (V, {"k": 1}), (A((4, 3)), {"k": -1}), (A((3,), "int32", 1, 4),), (A((3,), "bool"),))
    add("diagflat", (A((2, 2)),), (A((2, 2)), {"k": -1}))
    add("unstack", (x,), (x, {"axis": 1}), (x, {"num": 4, "axis": -1}))
    add("rearrange", (x, "a b c -> c (a b)"), (A((4, 6, 2)), "(h1 h) w c -> h1 w (h c)", {"h1": 2}))


def _creating(add: Any) -> None:
    add("zeros ones", ((2, 3),), ((2, 3), {"dtype": "int32"}), ((2,), {"dtype": "bool"}), (4,))
    add("full", ((2, 3), 1.5), ((2, 3), 2), ((2, 2), True), ((2, 2), 3, {"dtype": "float32"}))
    add("zeros_like ones_like", (X,), (I,), (B,), (X, {"dtype": "int32"}))
    add("full_like", (X, 3), (I, 2), (I, 2, {"dtype": "float32"}))
    add(
        "arange",
        (5,),
        (2, 9, 3),
        (0.0, 2.0, 0.25),
        (5, 0, -2),
        (3.0,),
        (4, {"dtype": "float32"}),
        (1, 4, 0.5),
    )
    add("linspace", (0, 10), (0.0, 1.0, 5), (0, 1, 5, {"endpoint": False}), (A((3,)), A((3,)), 4), (0, 1, 1))
    add("linspace", (0.0, 1.0, 5, {"retstep": True}), (A((3,)), A((3,)), 4, {"axis": -1}), gradient=False)
    add("logspace", (0, 2, 5), (0, 3, 4, {"base": 2}), gradient=False)
    add(
        "geomspace", (1, 1000, 4), (2.0, 32.0, 5, {"endpoint": False}), gradient=False, tolerance=(1e-4, 1e-5)
    )
    add("eye", (3,), (3, 4), (3, {"k": 1}), (3, 2, {"k": -1, "dtype": "int32"}))
    add("identity", (3,), (2, {"dtype": "int32"}))
    add("tri", (3,), (3, 4), (3, {"k": 1}), (3, 2, {"k": -1}))
    add("tril triu", (X,), (X, {"k": 1}), (A((2, 3, 3)), {"k": -1}), (I,))
    add("meshgrid", (A((3,)), A((4,))), (A((3,)), A((4,)), {"indexing": "ij"}), (A((3,)), A((2,)), A((4,))))
    add("vander", (A((4,)),), (A((4,)), 3), (A((4,)), {"increasing": True}))
    add("hamming hanning blackman bartlett", (7,), (1,), (8,))
    add("kaiser", (7, 2.5), (8, 0.5))
    add(
        "array convert_to_tensor",
        (X,),
        ([1, 2],),
        ([1, 2.5],),
        (3,),
        (2.5,),
        (True,),
        ([[True], [False]],),
        gradient=False,
    )
    add("convert_to_tensor", ([1, 2], {"dtype": "float32"}), (X, {"dtype": "int32"}), gradient=False)


def _choosing(add: Any) -> None:
    x, whole = A((4, 5)), A((2, 3), "int32", -4, 3)
    add("where", (B, X, X), (B, X, 0), (B, I, 1.5), (B, 1, 0), (A((4,), "bool"), X, A((3, 1))))
    add("where nonzero", (A((3, 3), "int32", 0, 1),))
    add("select", ([B, B], [X, X], {"default": 1.0}), ([B, B], [I, I]), gradient=False)
    add(
        "take",
        (x, A((2, 3), "int32", 0, 3), {"axis": 0}),
        (x, whole, {"axis": 1}),
        (x, whole),
        (x, 2, {"axis": 0}),
    )
    add(
        "take_along_axis",
        (x, A((4, 2), "int32", 0, 4), {"axis": 1}),
        (x, A((2, 5), "int32", 0, 3), {"axis": 0}),
    )
    add("take_along_axis", (x, A((6,), "int32", 0, 19)), (x, A((1, 2), "int32", -5, 4), {"axis": 1}))
    add("get_item", (x, 1), (x, (slice(None), slice(1, 3))))
    add("scatter", (A((4, 1), "int32", 0, 5), A((4,)), (6,)), (A((3, 2), "int32", 0, 3), A((3,)), (4, 4)))
    add("scatter", (A((3, 1), "int32", 0, 3), A((3, 2)), (4, 2)))
    add("scatter_update", (x, [[0, 1], [3, 2]], A((2,))), (x, [[1], [2]], A((2, 5))), gradient=False)
    for reduction in ("add", "max", "min", "mul"):
        add("scatter_update", (x, [[0, 1], [3, 2]], A((2,)), {"reduction": reduction}), gradient=False)
    add("slice", (x, (1, 2), (2, 3)), (I, (0, 1), (3, 2)))
    add("slice_update", (x, (1, 2), A((2, 3))), gradient=False)
    data, ids = A((6, 2)), [0, 0, 1, 2, 2, 2]
    add(
        "segment_sum segment_max segment_min segment_prod",
        (data, ids),
        (data, ids, {"num_segments": 3}),
        gradient=False,
    )
    add("unravel_index", (A((4,), "int32", 0, 23), (2, 3, 4)), gradient=False)
    add("sort argsort", (ORDERED,), (ORDERED, {"axis": 0}), (I,), (NANS,))
    add("top_k", (ORDERED, 2), (A((3, 5), "int32", -9, 9), 3))
    add("in_top_k", (A((3,), "int32", 0, 4), ORDERED, 2))
    add(
        "searchsorted",
        ([1.0, 2.0, 3.0, 5.0], A((4,), low=0, high=6)),
        ([1, 2, 2, 5], [2, 5, 0], {"side": "right"}),
    )
    add("digitize", (A((4,), low=-1, high=6), [0.0, 1.0, 3.0]))
    add("isin", (I, [1, 2, 3]), (I, [1, 2], {"invert": True}))
    repeated = A((8,), "int32", 0, 3)
    add("unique", (repeated,), (A((2, 4), "int32", 0, 3),), (A((6, 1), "int32", 0, 2), {"axis": 0}))
    add("unique", (repeated, {"return_index": True, "return_inverse": True, "return_counts": True}))
    add(
        "bincount",
        (repeated,),
        (repeated, {"minlength": 9}),
        (repeated, {"weights": A((8,))}),
        (A((2, 4), "int32", 0, 3),),
    )
    add("histogram", (A((20,)),), (A((20,)), {"bins": 4, "range": (-1.0, 1.5)}), gradient=False)


def _products(add: Any) -> None:
    add(
        "matmul",
        (X, A((4, 2))),
        (A((2, 3, 4)), A((4, 2))),
        (A((4,)), A((4, 2))),
        (X, A((4,))),
        (A((4,)), A((4,))),
    )
    add("matmul", (I, A((4, 2), "int32", -3, 3)), (A((2, 1, 3, 4)), A((5, 4, 2))), (I, A((4, 2))))
    add("dot", (X, A((4, 2))), (A((2, 3, 4)), A((5, 4, 2))), (X, A((4,))), (X, 2.0))
    add(
        "tensordot",
        (A((2, 3, 4)), A((3, 4, 2))),
        (A((2, 3, 4)), A((4, 3, 2)), {"axes": [[1, 2], [1, 0]]}),
        (X, X, {"axes": 0}),
    )
    add("inner", (X, A((2, 4))), (A((4,)), A((4,))))
    add("outer vdot kron", (X, X), (A((3,)), A((3,))), (A((3,), "int32", 1, 4), A((3,))))
    add(
        "einsum",
        ("ij,jk->ik", X, A((4, 2))),
        ("bij->bji", A((2, 3, 4))),
        ("ij,ij->", X, X),
        ("ii->i", A((3, 3))),
    )
    add("cross", (A((4, 3)), A((4, 3))), (A((4, 2)), A((4, 2))), (A((3, 4)), A((3, 4)), {"axis": 0}))
    add("diff", (X,), (X, {"n": 2, "axis": 0}), (I,))
    add("trapezoid", (X,), (X, {"x": A((4,), low=0, high=3)}), (X, {"dx": 0.5, "axis": 0}))
    add(
        "correlate",
        (A((5,)), A((3,))),
        (A((5,)), A((3,)), {"mode": "same"}),
        (A((5,)), A((3,)), {"mode": "full"}),
    )
    add("correlate", (A((3,)), A((5,)), {"mode": "same"}), (A((3,)), A((5,))), gradient=False)
    add("corrcoef", (A((3, 6)),), (V,))
    add("cdist", (A((3, 4)), A((5, 4))), (A((2, 3, 4)), A((2, 5, 4))))


MASK = [[[[True, False, True, True, False]] * 3]] * 2


def _neural(add: Any) -> None:
    add(
        "celu elu exp gelu glu hard_shrink hard_sigmoid hard_silu hard_swish hard_tanh leaky_relu log_sigmoid log_softmax relu "
        "relu6 selu sigmoid silu soft_shrink softmax softplus softsign sparse_plus sparse_sigmoid squareplus swish tanh "
        "tanh_shrink sparsemax normalize rms_normalization layer_normalization",
        (A((3, 4), low=-4, high=8),),
    )
    add("gelu", (X, {"approximate": False}), tolerance=(1e-5, 1e-5))
    add("leaky_relu", (X, {"negative_slope": 0.4}))
    add("threshold", (X, 0.3, -1.0))
    add("softmax log_softmax sparsemax glu", (A((4, 3, 2)), {"axis": 0}))
    add("softmax", (A((4, 3, 2)), {"axis": (0, 1)}), (A((4, 3, 2)), {"axis": (1, 2)}))
    add(
        "one_hot",
        (A((4,), "int32", -1, 4), 4),
        (A((2, 3), "int32", 0, 3), 4, {"axis": 1}),
        (A((3,), "int32", 0, 2), 3, {"dtype": "int32"}),
    )
    add("multi_hot", (A((2, 3), "int32", 0, 3), 4), (A((3,), "int32", 0, 3), 4))
    probabilities = A((3, 4), low=0.05, high=0.95)
    for logits in (False, True):
        given = X if logits else probabilities
        add("categorical_crossentropy", (A((3, 4), low=0, high=1), given, {"from_logits": logits}))
        add("binary_crossentropy", (A((3, 4), low=0, high=1), given, {"from_logits": logits}))
        add("sparse_categorical_crossentropy", (A((3,), "int32", 0, 3), given, {"from_logits": logits}))
    add("psnr", (X, X, 2.0))
    add("moments", (A((2, 3, 4)), (0, 1)), (X, 0, {"keepdims": True}))
    stats = A((4,)), A((4,), low=0.5, high=2)
    add("batch_normalization", (X, *stats, -1), (X, *stats, 1, A((4,)), A((4,))))
    add("layer_normalization", (X, A((4,)), A((4,))), (X, {"epsilon": 0.1}), (A((2, 3, 4)), {"axis": (1, 2)}))
    add("rms_normalization", (X, A((4,))), (X, {"axis": 0, "epsilon": 0.1}))
    add("normalize", (X, {"axis": 0}), (X, {"order": 1}), (X, {"order": 3}))
    q, k = A((2, 3, 2, 4)), A((2, 5, 2, 4))
    add("dot_product_attention", (q, k, k), (q, k, k, {"bias": A((2, 2, 3, 5))}), (q, k, k, {"scale": 0.3}))
    add("dot_product_attention", (q, q, q, {"is_causal": True}), (q, k, k, {"mask": MASK}))
    add("ctc_loss", (A((2, 3), "int32", 1, 4), A((2, 6, 5)), [3, 2], [6, 5]), gradient=False)
    add(
        "ctc_decode",
        (A((2, 6, 5)), [6, 4]),
        (A((2, 6, 5)), [6, 4], {"merge_repeated": False}),
        gradient=False,
    )
    add("ctc_decode", (A((2, 4, 3)), [4, 3], {"strategy": "beam_search", "top_paths": 2}), gradient=False)


def _convolving(add: Any) -> None:
    line, image, volume = A((2, 9, 4)), A((2, 7, 6, 4)), A((1, 5, 4, 6, 2))
    for padding in ("valid", "same"):
        for options in ({}, {"strides": 2}, {"dilation_rate": 2}):
            given = {"padding": padding, **options}
            add("conv", (line, A((3, 4, 2)), given), (image, A((3, 2, 4, 2)), given), tolerance=(1e-5, 2e-5))
            add(
                "depthwise_conv",
                (line, A((3, 4, 2)), given),
                (image, A((2, 3, 4, 1)), given),
                tolerance=(1e-5, 2e-5),
            )
            if options != {"dilation_rate": 2} or padding == "valid":
                add("conv_transpose", (A((2, 4, 3)), A((3, 2, 3)), given), tolerance=(1e-5, 2e-5))
                add("conv_transpose", (A((1, 3, 4, 3)), A((3, 2, 2, 3)), given), tolerance=(1e-5, 2e-5))
        add("conv", (volume, A((2, 3, 2, 2, 3)), {"padding": padding}), tolerance=(1e-5, 2e-5))
        add("conv", (image, A((3, 3, 2, 4)), {"padding": padding}), tolerance=(1e-5, 2e-5))
        add(
            "separable_conv",
            (image, A((3, 3, 4, 2)), A((1, 1, 8, 3)), {"padding": padding}),
            tolerance=(1e-5, 5e-5),
        )
        for strides in (None, 1, 3):
            given = {"strides": strides, "padding": padding}
            add("max_pool average_pool", (line, 2, given), (image, (2, 3), given), (volume, 2, given))
    add("conv_transpose", (A((1, 2, 3, 2, 2)), A((2, 3, 2, 3, 2)), {"strides": 2}), tolerance=(1e-5, 2e-5))
    add(
        "conv_transpose",
        (A((1, 3, 4, 3)), A((3, 3, 2, 3)), {"strides": 2, "output_padding": 1, "padding": "same"}),
    )
    add("conv", (A((2, 4, 7, 6)), A((3, 2, 4, 2)), {"data_format": "channels_first"}), tolerance=(1e-5, 2e-5))
    add("max_pool average_pool", (A((2, 4, 7, 6)), 2, {"data_format": "channels_first"}))
    add("adaptive_max_pool adaptive_average_pool", (line, 4), (image, (3, 4)), (volume, 2), (image, 1))
    picture = A((2, 3, 6, 5))
    add("unfold", (picture, 2), (picture, (3, 2), {"dilation": 2, "padding": 1, "stride": (1, 2)}))
    add("fold", (A((2, 12, 20)), (6, 5), 2), (A((1, 12, 9)), (6, 6), 2, {"stride": 2}))
    add("fold", (A((1, 12, 16)), (6, 6), 2, {"stride": 2, "padding": 1}))
    for form in ("channels_last", "channels_first"):
        add("depth_to_space", (A((2, 8, 4, 8)), 2, {"data_format": form}))
        add("space_to_depth", (A((2, 4, 4, 8)), 2, {"data_format": form}))
