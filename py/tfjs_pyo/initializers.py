"""First values of weights, following TF.js's and Keras's initializers."""

from __future__ import annotations

import importlib
import importlib.util
import math
import operator
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self

from tfjs_pyo import naming, ops
from tfjs_pyo.config import Configurable, choice, field, keras_field, number, written_dialect
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import KERAS, TFJS
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.registry import Registry
from tfjs_pyo.shapes import Shape, dimensions
from tfjs_pyo.windows import values_of, window_option

_skipped: ContextVar[bool] = ContextVar("tfjs_pyo.skipped", default=False)
"""Whether a `skipping` scope is open: in a task or thread, others may make layers meanwhile."""


class Initializer(Configurable):
    """Base: `apply(shape)` gives a tensor.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Counting(tf.initializers.Initializer):
        ...     def apply(self, shape, dtype="float32"):
        ...         return tf.reshape(tf.linspace(1, 4, 4), shape)
        >>> layer = tf.layers.dense({"units": 2, "kernelInitializer": Counting()})
        >>> layer(tf.tensor([[1, 1]]))
        Tensor
             [[4, 6],]

    Source: https://js.tensorflow.org/api/latest/#initializers
    """

    keras_module = "tfjs_pyo.keras.initializers"

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        """Returns first values of a weight; a subclass defines it.

        Args:
            shape: of the weight.
            dtype: of the values; default: 'float32'.

        Raises:
            NotImplementedError: a subclass that does not define it.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.initializers.constant({"value": 2}).apply([3])
            Tensor
                [2, 2, 2]

        Source: https://js.tensorflow.org/api/latest/#initializers
        """
        raise NotImplementedError(f"{self.display_name}: an initializer must define apply(shape, dtype).")

    _internal = ("skipping",)

    def clone(self) -> Self:
        """Returns an initializer made of the same config.

        Example:
            >>> import tfjs_pyo as tf
            >>> first = tf.initializers.randomNormal({"stddev": 0.5, "seed": 1})
            >>> second = first.clone()
            >>> second is first, second.stddev
            (False, 0.5)

        Source: https://keras.io/api/layers/initializers/
        """
        return type(self).from_config(self.get_config())

    @staticmethod
    @contextmanager
    def skipping() -> Iterator[None]:
        """Makes all first values 0 inside: what is loaded takes their place at once, and some take long to draw."""
        token = _skipped.set(True)
        try:
            yield
        finally:
            _skipped.reset(token)

    def __call__(self, shape: Shape, dtype: str = "float32") -> Tensor:
        dims = dimensions(self.display_name, shape)
        return ops.zeros(dims, dtype) if _skipped.get() else self.apply(dims, dtype)


class Zeros(Initializer):
    """All zeros.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.initializers.zeros().apply([3])
        Tensor
            [0, 0, 0]

    Source: https://js.tensorflow.org/api/latest/#initializers.zeros
    """

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        return ops.zeros(shape, dtype)


class Ones(Initializer):
    """All ones.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.initializers.ones().apply([3])
        Tensor
            [1, 1, 1]

    Source: https://js.tensorflow.org/api/latest/#initializers.ones
    """

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        return ops.ones(shape, dtype)


def _constant(owner: str, name: str, value: Any) -> Any:
    """Returns a number, or the numbers of an array in lists."""
    if isinstance(value, (list, tuple)) or bool(getattr(value, "shape", None)):
        found = ops.tensor(value)
        if found.dtype != "string" and found.size:
            return found.tolist()
    return number()(owner, name, value)


class Constant(Initializer):
    """One value everywhere, or those of an array, which broadcasts to the shape of the weight.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.initializers.constant({"value": 0.5}).apply([3])
        Tensor
            [0.5, 0.5, 0.5]
    """

    value: Any = field(0.0, _constant)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        if isinstance(self.value, float):
            return ops.fill(shape, self.value, dtype)
        values = ops.cast(ops.tensor(self.value), dtype)
        pairs = zip(reversed(values.shape), reversed(shape), strict=False)
        if values.rank > len(shape) or any(size not in (1, wanted) for size, wanted in pairs):
            raise ShapeError(
                f"constant: expected values for a weight of shape {shape}, received {values.shape}."
            )
        return ops.broadcast_to(values, shape)


class Identity(Initializer):
    """A square matrix with `gain` on its diagonal.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.initializers.identity({"gain": 2}).apply([2, 2])
        Tensor
            [[2, 0],
             [0, 2]]
    """

    gain: float = field(1.0, number())

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        if len(shape) != 2 or shape[0] != shape[1]:
            raise ShapeError(f"identity: expected the shape of a square matrix, received {shape}.")
        return ops.cast(ops.eye(shape[0]) * self.gain, dtype)


class RandomUniform(Initializer):
    """Uniform numbers from [minval, maxval).

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.initializers.randomUniform({"minval": -1, "maxval": 1}).apply([100])
        >>> -1 <= float(tf.min(x)) < 0 < float(tf.max(x)) < 1
        True
    """

    minval: float = field(-0.05, number())
    maxval: float = field(0.05, number())
    seed: int | None = field(None)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        return ops.random_uniform(shape, self.minval, self.maxval, dtype, self.seed)


class RandomNormal(Initializer):
    """Normal numbers.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.initializers.randomNormal({"mean": 5, "stddev": 0.1}).apply([1000])
        >>> round(float(tf.mean(x)), 1)
        5.0
    """

    mean: float = field(0.0, number())
    stddev: float = field(0.05, number(0))
    seed: int | None = field(None)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        return ops.random_normal(shape, self.mean, self.stddev, dtype, self.seed)


class TruncatedNormal(Initializer):
    """Normal numbers within two standard deviations.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.initializers.truncatedNormal({"stddev": 1}).apply([1000])
        >>> 1 < float(tf.max(x)) <= 2
        True
    """

    mean: float = field(0.0, number())
    stddev: float = field(0.05, number(0))
    seed: int | None = field(None)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        return ops.truncated_normal(shape, self.mean, self.stddev, dtype, self.seed)


_DISTRIBUTIONS = ("normal", "uniform", "truncated_normal", "untruncated_normal")
_KEPT_DEVIATION = 0.87962566103423978
"""The standard deviation of normal numbers of which those beyond two standard deviations are drawn again."""


def fans(shape: Shape, inputs: Any = None, outputs: Any = None) -> tuple[float, float]:
    """Returns how many inputs an output has, and how many outputs an input has, of a kernel of this shape.

    Args:
        shape: of the kernel.
        inputs, outputs: its axes that belong to inputs and to outputs; the last but one and the last one if not given.

    >>> fans((3, 3, 4, 8)), fans((4, 2, 8), 0, (1, 2))
    ((36.0, 72.0), (4.0, 16.0))
    """
    if inputs is not None or outputs is not None:
        sizes = [[axes] if isinstance(axes, int) else list(axes or ()) for axes in (inputs, outputs)]
        named = {axis % len(shape) for axes in sizes for axis in axes}
        field_size = math.prod(dim for axis, dim in enumerate(shape) if axis not in named)
        fan_in, fan_out = (math.prod(shape[axis] for axis in axes) * field_size for axes in sizes)
        return float(fan_in), float(fan_out)
    if len(shape) < 2:
        edge = math.sqrt(shape[0] if shape else 1)
        return edge, edge
    field_size = math.prod(shape[:-2])
    return float(shape[-2] * field_size), float(shape[-1] * field_size)


class VarianceScaling(Initializer):
    """Numbers whose variance is `scale` by the number of inputs, of outputs, or their mean.

    Example:
        >>> import tfjs_pyo as tf
        >>> scaling = tf.initializers.varianceScaling({"scale": 3, "mode": "fanIn", "distribution": "uniform"})
        >>> x = scaling.apply([9, 100])
        >>> 0.9 < float(tf.max(x)) <= 1
        True
    """

    scale: float = field(1.0, number(0))
    mode: str = field("fan_in", choice("fan_in", "fan_out", "fan_avg"))
    distribution: str = field("normal", choice(*_DISTRIBUTIONS), keras="truncated_normal")
    seed: int | None = field(None)
    input_axes: Any = keras_field(None)
    output_axes: Any = keras_field(None)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()  # Keras calls 'truncated_normal' what TensorFlow.js calls 'normal'
        if config.get("distribution") == "normal" and written_dialect(type(self)) is KERAS:
            config["distribution"] = "truncated_normal"
        return config

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        fan_in, fan_out = fans(shape, self.input_axes, self.output_axes)
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return ops.random_uniform(shape, -limit, limit, dtype, self.seed)
        deviation = math.sqrt(variance)
        if self.distribution == "untruncated_normal":
            return ops.random_normal(shape, 0, deviation, dtype, self.seed)
        # Keras makes good what is lost in the tails; TensorFlow.js does not.
        kept = _KEPT_DEVIATION if type(self).dialect.whole_deviation else 1.0
        return ops.truncated_normal(shape, 0, deviation / kept, dtype, self.seed)


def _doc_of_scaled(name: str, scale: float, mode: str, distribution: str) -> str:
    """Returns the docstring of a kind of VarianceScaling.

    The kernel of its example has numbers up to 0.5, or a deviation of 0.1, less what is cut off at both ends.
    """
    inputs = round(scale * (12 if distribution == "uniform" else 100))
    shape = [inputs, inputs if mode == "fan_avg" else 100]
    shown = {
        "uniform": "0.4 < float(tf.max(x)) <= 0.5",
        "normal": "0.08 < float(tf.sqrt(tf.mean(x * x))) < 0.11",
    }
    return f"""VarianceScaling with scale {scale} by {mode}, {distribution}.

    Example:
        >>> import tfjs_pyo as tf
        >>> x = tf.initializers.{naming.camel(name)}().apply({shape})
        >>> {shown[distribution]}
        True

    Source: https://js.tensorflow.org/api/latest/#initializers.{naming.camel(name)}
    """


def _scaled(name: str, scale: float, mode: str, distribution: str) -> type[VarianceScaling]:
    """Returns a VarianceScaling of its own name, with only a seed to choose."""
    given: dict[str, Any] = {"scale": scale, "mode": mode, "distribution": distribution}
    own = {option: field(value, argument="", saved=TFJS) for option, value in given.items()}
    doc = _doc_of_scaled(name, scale, mode, distribution)
    names = {"tfjs_class_name": "VarianceScaling", "keras_class_name": name.replace("LeCun", "Lecun")}
    return type(name, (VarianceScaling,), {**own, **names, "__doc__": doc, "__module__": __name__})


class Orthogonal(Initializer):
    """Rows or columns, whichever are fewer, of length 1 and at right angles to each other.

    Args:
        gain: factor.
        seed: for the same values each time.

    Example:
        >>> import tfjs_pyo as tf
        >>> matrix = tf.initializers.orthogonal().apply([3, 3])
        >>> tf.matMul(matrix, tf.transpose(matrix)).round().abs()
        Tensor
            [[1, 0, 0],
             [0, 1, 0],
             [0, 0, 1]]

    Source: https://js.tensorflow.org/api/latest/#initializers.orthogonal
    """

    gain: float = field(1.0, number())
    seed: int | None = field(None)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        if len(shape) < 2:
            raise ShapeError(f"orthogonal: expected a shape of rank 2 or more, received {shape}.")
        rows, columns = math.prod(shape[:-1]), shape[-1]
        short, long = sorted((rows, columns))
        # On the CPU: each vector waits for all before it, which a GPU would spend one launch after the other on.
        drawn = ops.random_normal((short, long), seed=self.seed).array_sync()
        basis = _orthonormal(drawn)
        matrix = ops.tensor(basis, (short, long)) if short else ops.zeros((short, long))
        turned = matrix if rows == short else ops.transpose(matrix)
        return ops.cast(ops.reshape(turned * self.gain, shape), dtype)


def _orthonormal(vectors: list[list[float]]) -> list[list[float]]:
    """Returns an orthonormal basis by the modified Gram-Schmidt process; by NumPy, which is faster, where it is."""
    if importlib.util.find_spec("numpy") is not None:
        np = importlib.import_module("numpy")
        q, r = np.linalg.qr(np.array(vectors, np.float64).T)
        # Gram and Schmidt's vectors point to where theirs do: R has a positive diagonal.
        found: list[list[float]] = (q * np.where(np.diag(r) < 0, -1, 1)).T.tolist()
        return found
    basis: list[list[float]] = []
    for vector in vectors:
        left = vector
        for unit in basis:
            along = sum(map(operator.mul, left, unit))
            left = [x - along * u for x, u in zip(left, unit, strict=True)]
        length = math.sqrt(sum(x * x for x in left)) or 1.0
        basis.append([x / length for x in left])
    return basis


class STFT(Initializer):
    """One side of the Fourier transform of a windowed frame, as a kernel [samples, 1, points // 2 + 1] of a convolution.

    Args:
        side: 'real' for the cosines, 'imag' for the sines.
        window: name of the window that frames are multiplied by, its values, or None for none.
        scaling: 'density' to divide by the root of the window's sum of squares, 'spectrum' by its sum, None for neither.
        periodic: whether the window is one period of a series.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.initializers.STFT({"side": "real", "window": None}).apply([4, 1, 3]).round().squeeze()
        Tensor
            [[1, 1 , 1 ],
             [1, 0 , -1],
             [1, -1, 1 ],
             [1, 0 , -1]]

    Source: https://keras.io/api/layers/initializers/
    """

    side: str = field("real", choice("real", "imag"))
    window: Any | None = field("hann", window_option)
    scaling: str | None = field("density", choice("density", "spectrum"))
    periodic: bool = field(False)

    def apply(self, shape: Shape, dtype: str = "float32") -> Tensor:
        if len(shape) != 3 or shape[1] != 1 or shape[2] < 2:
            raise ShapeError(f"stft: expected a shape (samples, 1, points // 2 + 1), received {shape}.")
        length, _, points = shape
        wave = math.cos if self.side == "real" else lambda angle: -math.sin(angle)
        given = values_of(self.window, length, self.periodic, "stft")
        values = given or [1.0] * length
        size = 1.0
        if given is not None and self.scaling == "density":
            size = math.sqrt(math.fsum(value * value for value in values))
        elif given is not None and self.scaling == "spectrum":
            size = math.fsum(map(abs, values))
        turn = math.pi / (points - 1)
        rows = [
            [value / size * wave(time * place % (2 * (points - 1)) * turn) for place in range(points)]
            for time, value in enumerate(values)
        ]
        return ops.cast(ops.reshape(ops.tensor(rows), shape), dtype)


GlorotUniform = _scaled("GlorotUniform", 1.0, "fan_avg", "uniform")
GlorotNormal = _scaled("GlorotNormal", 1.0, "fan_avg", "normal")
HeUniform = _scaled("HeUniform", 2.0, "fan_in", "uniform")
HeNormal = _scaled("HeNormal", 2.0, "fan_in", "normal")
LeCunUniform = _scaled("LeCunUniform", 1.0, "fan_in", "uniform")
LeCunNormal = _scaled("LeCunNormal", 1.0, "fan_in", "normal")

_CLASSES = (
    Zeros, Ones, Constant, Identity, RandomUniform, RandomNormal, TruncatedNormal, VarianceScaling,
    GlorotUniform, GlorotNormal, HeUniform, HeNormal, LeCunUniform, LeCunNormal, Orthogonal, STFT,
)  # fmt: skip
INITIALIZERS = Registry("initializer", _CLASSES, {"uniform": "RandomUniform", "normal": "RandomNormal"}, True)
get = INITIALIZERS.get

__all__ = [
    "STFT",
    "Constant",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "LeCunNormal",
    "LeCunUniform",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomUniform",
    "TruncatedNormal",
    "VarianceScaling",
    "Zeros",
]
__getattr__, __dir__ = naming.module_names(__name__)
