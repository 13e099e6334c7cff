"""Examples of `keras.ops.*`, but for those that are an op of TensorFlow.js's API by another name: theirs are its."""

from __future__ import annotations

from tfjs_pyo.doc_examples import Examples
from tfjs_pyo.doc_examples.keras_ops_arrays import CALLS as ARRAYS
from tfjs_pyo.doc_examples.keras_ops_neural import CALLS as NEURAL

EXAMPLES = Examples(
    "from tfjs_pyo import keras",
    {
        **ARRAYS,
        **NEURAL,
        "abs": ("keras.ops.abs([-1.5, 2.0])", "Tensor [1.5, 2]"),
        "absolute": ("keras.ops.absolute([-1.5, 2.0])", "Tensor [1.5, 2]"),
        "add": ("keras.ops.add([1, 2, 3], [10, 20, 30])", "Tensor [11, 22, 33]"),
        "bitwise_and": ("keras.ops.bitwise_and([6, 12], 10)", "Tensor [2, 8]"),
        "bitwise_invert": ("keras.ops.bitwise_invert([0, 5, -1])", "Tensor [-1, -6, 0]"),
        "bitwise_left_shift": ("keras.ops.bitwise_left_shift([1, 5], 2)", "Tensor [4, 20]"),
        "bitwise_not": ("keras.ops.bitwise_not([0, 5, -1])", "Tensor [-1, -6, 0]"),
        "bitwise_or": ("keras.ops.bitwise_or([6, 12], 10)", "Tensor [14, 14]"),
        "bitwise_right_shift": ("keras.ops.bitwise_right_shift([8, -8], 2)", "Tensor [2, -2]"),
        "bitwise_xor": ("keras.ops.bitwise_xor([6, 12], 10)", "Tensor [12, 6]"),
        "cbrt": ("keras.ops.cbrt([-8.0, 0.0, 27.0])", "Tensor [-2, 0, 3]"),
        "ceil": ("keras.ops.ceil([-1.5, 1.5])", "Tensor [-1, 2]"),
        "copy": (
            "x = keras.ops.array([1, 2])",
            "y = keras.ops.copy(x)",
            "y is x, y.tolist()",
            "(False, [1, 2])",
        ),
        "erf": ("keras.ops.erf([-10.0, 0.0, 10.0])", "Tensor [-1, 0, 1]"),
        "erfinv": ("keras.ops.erfinv([-1.0, 0.0, 0.5])", "Tensor [-Infinity, 0, 0.4769363]"),
        "exp2": ("keras.ops.exp2([0, 1, 3])", "Tensor [1, 2, 8]"),
        "fabs": ("keras.ops.fabs([-1.5, 2.0])", "Tensor [1.5, 2]"),
        "floor": ("keras.ops.floor([-1.5, 1.5])", "Tensor [-2, 1]"),
        "fmax": ('keras.ops.fmax([1.0, float("nan")], [2.0, 5.0])', "Tensor [2, 5]"),
        "fmin": ('keras.ops.fmin([1.0, float("nan")], [2.0, 5.0])', "Tensor [1, 5]"),
        "fmod": ("keras.ops.fmod([-7, 7], 3)", "Tensor [-1, 1]"),
        "gcd": ("keras.ops.gcd([12, 9], [18, 4])", "Tensor [6, 1]"),
        "heaviside": ("keras.ops.heaviside([-2.0, 0.0, 3.0], 0.5)", "Tensor [0, 0.5, 1]"),
        "hypot": ("keras.ops.hypot([3.0, 5.0], [4.0, 12.0])", "Tensor [5, 13]"),
        "i0": ("keras.ops.i0([0.0, 1.0]).numpy().round(3)", "array([1.   , 1.266], dtype=float32)"),
        "lcm": ("keras.ops.lcm([4, 6], [6, 9])", "Tensor [12, 18]"),
        "left_shift": ("keras.ops.left_shift([1, 5], 2)", "Tensor [4, 20]"),
        "log10": ("keras.ops.log10([1, 10, 1000])", "Tensor [0, 1, 3]"),
        "log2": ("keras.ops.log2([1, 2, 8])", "Tensor [0, 1, 3]"),
        "logaddexp": ("keras.ops.logaddexp([0.0, 0.0], [0.0, -100.0])", "Tensor [0.6931472, 0]"),
        "logaddexp2": ("keras.ops.logaddexp2([0.0, 3.0], [0.0, 3.0])", "Tensor [1, 4]"),
        "maximum": ("keras.ops.maximum([1, 5], [4, 2])", "Tensor [4, 5]"),
        "minimum": ("keras.ops.minimum([1, 5], [4, 2])", "Tensor [1, 2]"),
        "mod": ("keras.ops.mod([-7, 7], 3)", "Tensor [2, 1]"),
        "multiply": ("keras.ops.multiply([1, 2, 3], [10, 20, 30])", "Tensor [10, 40, 90]"),
        "nextafter": ("keras.ops.nextafter(1.0, 2.0).item() - 1.0 == 2**-23", "True"),
        "real": ("keras.ops.real(keras.ops.array([1 + 2j, 3 - 4j]))", "Tensor [1, 3]"),
        "right_shift": ("keras.ops.right_shift([8, -8], 2)", "Tensor [2, -2]"),
        "sign": ("keras.ops.sign([-3.5, 0.0, 2.0])", "Tensor [-1, 0, 1]"),
        "signbit": ("keras.ops.signbit([-2.0, -0.0, 3.0])", "Tensor [true, true, false]"),
        "sinc": ("keras.ops.sinc([0.0, 0.5]).numpy().round(4)", "array([1.    , 0.6366], dtype=float32)"),
        "trunc": ("keras.ops.trunc([-1.7, 0.2, 2.9])", "Tensor [-1, 0, 2]"),
    },
)
