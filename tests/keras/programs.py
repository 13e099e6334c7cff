"""The programs of examples/keras, run so that their numbers can be compared: the same weights, batches and draws everywhere.

The programs are run as they are. Around them what is random in a Keras package gives numbers that depend on shapes only, and
`Dropout` keeps everything. This file knows no package: it is given Keras's own modules, or this package's, in CPython and in
the page.
"""

import contextlib
import functools
import math
import zlib
from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "examples" / "keras"
RECORD = Path(__file__).with_name("programs.json")
NAMES = sorted(path.stem for path in FOLDER.glob("*.py"))


def drawn(shape, scale=1.0):
    """Numbers between -scale and scale that depend on the shape only."""
    generator = np.random.default_rng(zlib.crc32(repr(tuple(int(size) for size in shape)).encode()))
    return generator.uniform(-scale, scale, tuple(shape)).astype("float32")


def first_weights(shape):
    """The first value of a weight of this shape."""
    return drawn(shape, math.sqrt(3 / max(1, math.prod(shape[:-1]))))


@contextlib.contextmanager
def replaced(*places):
    """Sets attributes for a while: (owner, name, value)."""
    missing = object()
    before = [(owner, name, vars(owner).get(name, missing)) for owner, name, _ in places]
    for owner, name, value in places:
        setattr(owner, name, value)
    try:
        yield
    finally:
        for owner, name, value in before:
            delattr(owner, name) if value is missing else setattr(owner, name, value)


def fixed_numbers(keras, initializers, method, **fixed):
    """Replaces what is random in a Keras package.

    Args:
        keras: its module.
        initializers: its classes whose weights are random.
        method: the name of theirs that makes a weight of a shape.
        fixed: options that `fit` gets in place of the program's own.
    """

    def weight(_self, shape, dtype=None, **_options):
        return keras.ops.convert_to_tensor(first_weights(shape), "float32")

    def rows(shape):
        """Numbers from -1 to 1; how many rows there are may be known only when it runs."""
        return keras.ops.convert_to_tensor(drawn((512, *shape[1:])))[: shape[0]]

    def normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
        return mean + stddev * math.sqrt(3) * rows(shape)

    def uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
        return minval + (maxval - minval) * (rows(shape) + 1) / 2

    def in_order(fit):
        return functools.wraps(fit)(
            lambda self, *args, **kwargs: fit(self, *args, **{**kwargs, "shuffle": False, **fixed})
        )

    def keeping(init):
        return functools.wraps(init)(lambda self, rate, **kwargs: init(self, 0.0, **kwargs))

    return replaced(
        *[(each, method, weight) for each in initializers],
        (keras.random, "normal", normal),
        (keras.random, "uniform", uniform),
        (keras.Model, "fit", in_order(keras.Model.fit)),
        (keras.layers.Dropout, "__init__", keeping(keras.layers.Dropout.__init__)),
    )


def losses_here(package, name, **fixed):
    """The losses of a program on this package, `tfjs_pyo`."""
    random = ("RandomUniform", "RandomNormal", "TruncatedNormal", "VarianceScaling", "Orthogonal")
    path = FOLDER / f"{name}.py"
    with fixed_numbers(
        package.keras, [getattr(package.initializers, each) for each in random], "apply", **fixed
    ):
        return run(path.read_text(encoding="utf-8"), path)


def run(source, file):
    """The losses that a program notes."""
    variables = {"__name__": "__main__", "__file__": str(file)}
    exec(compile(source, str(file), "exec"), variables)
    losses = [float(loss) for loss in variables["losses"]]
    variables.clear()  # a program's functions hold its variables, which hold the functions
    return losses
