"""Calls that every op must pass, on every backend. Runs in CPython and, shipped as source, in the page; needs no NumPy."""

import itertools
import random
from array import array

from tfjs_pyo import ops
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import TfError
from tfjs_pyo.ops.declare import ELEMENTWISE, OPS
from tfjs_pyo.ops.samples import COMPOSED, TABLE

SEED = 1234
SHAPES = {
    1: [((3, 5),), ((2, 8),), ((),), ((0, 3),)],
    2: [
        ((3, 5), (3, 5)),
        ((3, 1), (4,)),
        ((2, 8), (8,)),
        ((2, 3, 4), (3, 1)),
        ((), (5,)),
        ((4,), ()),
        ((0,), (1,)),
    ],
    3: [((3, 5), (3, 5), (3, 5)), ((2, 8), (8,), ()), ((), (5,), (2, 1))],
}


class Call:
    """A function of tensors on given inputs.

    Attributes:
        name: what a failing test shows.
        function: of the tensors.
        inputs: (flat values, shape, dtype) of each.
        rtol, atol: agreement asked for.
        differentiable: whether gradients are asked for.
    """

    def __init__(self, name, function, inputs, rtol=1e-5, atol=1e-6, differentiable=True):
        self.name = name
        self.function = function
        self.inputs = inputs
        self.rtol = rtol
        self.atol = atol
        self.differentiable = differentiable

    def tensors(self):
        return [ops.tensor(values, shape, dtype) for values, shape, dtype in self.inputs]


def _size(shape):
    total = 1
    for dim in shape:
        total *= dim
    return total


def draw(stream, shape, dtype, low=-2.0, high=2.0, integers=5, kinks=()):
    """Returns reproducible values; float32 ones are exact in float32 and stay away from kinks."""
    if dtype == "bool":
        return [stream.random() < 0.5 for _ in range(_size(shape))]
    if dtype == "int32":
        return [stream.randrange(integers) for _ in range(_size(shape))]
    values = []
    while len(values) < _size(shape):
        value = array("f", [stream.uniform(low, high)])[0]
        if all(abs(value - kink) > 0.05 for kink in kinks):
            values.append(value)
    return values


def _elementwise(name):
    if name in COMPOSED:
        function, domain, arity = COMPOSED[name]
        smooth = True
    else:
        op, function = OPS[name], ELEMENTWISE[name]
        domain, arity = op.samples, op.extra["arity"]
        smooth = callable(op.gradient)
    stream = random.Random(f"{SEED}{name}")
    for dtype, shapes in itertools.product(domain.dtypes, SHAPES[arity]):
        inputs = [
            (draw(stream, s, dtype, domain.low, domain.high, 9, domain.kinks), s, dtype) for s in shapes
        ]
        label = f"{name}-{dtype}-{'x'.join(str(list(s)) for s in shapes)}"
        yield Call(label, function, inputs, domain.rtol, domain.atol, smooth and dtype == "float32")
    if "float32" in domain.dtypes:
        columns = list(zip(*itertools.product(domain.extremes, repeat=arity), strict=True))
        inputs = [(list(column), (len(column),), "float32") for column in columns]
        yield Call(f"{name}-extremes", function, inputs, domain.rtol, domain.atol, False)


def table_calls(name, change=lambda number: number):
    """Returns calls of an op that is not elementwise, with each whole number among its options changed."""
    return list(_table(name, change))


def _changed(value, change):
    if isinstance(value, (list, tuple)):
        return type(value)(_changed(item, change) for item in value)
    if isinstance(value, dict):
        return {key: _changed(item, change) for key, item in value.items()}
    return change(value) if type(value) is int else value


def _table(name, change):
    entry = TABLE[name]
    stream = random.Random(f"{SEED}{name}")
    joined = name in ("concat", "stack")
    for number, case in enumerate(entry.cases):
        dtypes = case.dtypes or ("float32",) * len(case.shapes)
        inputs = [
            (draw(stream, shape, dtype, integers=case.integers), shape, dtype)
            for shape, dtype in zip(case.shapes, dtypes, strict=True)
        ]

        def function(*tensors, case=case):
            given = (list(tensors),) if joined else tensors
            result = entry.function(*given, *_changed(case.args, change), **_changed(case.kwargs, change))
            return result[0] if isinstance(result, tuple) else result

        yield Call(
            f"{name}-{number}", function, inputs, 2e-5, 2e-5, case.differentiable and "float32" in dtypes
        )


def calls(name):
    """Returns the calls of one op or function."""
    return list(_elementwise(name) if name in ELEMENTWISE or name in COMPOSED else table_calls(name))


def names():
    """Returns everything that has calls."""
    return sorted([*ELEMENTWISE, *COMPOSED, *TABLE])


def weights(shape):
    """Returns fixed weights for the outputs, so that a gradient is one number per input element."""
    stream = random.Random(SEED)
    return draw(stream, shape, "float32", 0.5, 1.5)


def outcome(call):
    """Returns shape, dtype and bytes of a call's result, and bytes of its gradients."""
    rng.set_seed(SEED)
    inputs = call.tensors()
    result = call.function(*inputs)
    report = {"shape": list(result.shape), "dtype": result.dtype, "value": result.data_sync().tobytes().hex()}
    if call.differentiable and result.dtype == "float32" and result.size:
        floats = [t for t in inputs if t.dtype == "float32"]

        def loss(*chosen):
            given = iter(chosen)
            mixed = [next(given) if t.dtype == "float32" else t for t in inputs]
            y = call.function(*mixed)
            return ops.sum(ops.mul(y, ops.tensor(weights(y.shape), y.shape)))

        report["gradients"] = [g.data_sync().tobytes().hex() for g in ops.grads(loss)(floats)]
    return report


WIDE = (2**24 + 1, -(2**24) - 1, 2**31 - 1, -(2**31), 1, 0, -1)


def wide_integers(stream, size):
    """Returns int32 from all over the range, its ends among them, and many beyond 2^24 that float32 does not have."""
    return [
        stream.choice(WIDE) if stream.random() < 0.3 else stream.randrange(-(2**31), 2**31)
        for _ in range(size)
    ]


def wide_calls(name):
    """Yields the calls of an op with wide integers in place of its float32 inputs; those of int32 may be indices."""
    stream = random.Random(f"{SEED}{name} wide")
    for call in calls(name):
        elementwise = name in ELEMENTWISE or name in COMPOSED
        if call.name.endswith("-extremes"):
            continue
        inputs = [
            (wide_integers(stream, len(values)), shape, "int32")
            if elementwise or dtype == "float32"
            else (values, shape, dtype)
            for values, shape, dtype in call.inputs
        ]
        yield Call(call.name, call.function, inputs, differentiable=False)


def wide_outcomes(name):
    """Returns the outcomes of `wide_calls` that are integers, by the calls' names; an op may refuse them."""
    found = {}
    for call in wide_calls(name):
        try:
            report = outcome(call)
        except TfError:
            continue
        if report["dtype"] != "float32":
            found[call.name] = report
    return found


def _drawn_product(stream):
    while True:
        m, k, n = (stream.randint(3, 150) for _ in range(3))
        batch = (stream.randint(2, 5),) if stream.random() < 0.3 else ()
        if 1 << 18 <= _size((*batch, m, k, n)) <= 1 << 20:
            break
    left, right = stream.random() < 0.5, stream.random() < 0.5
    shapes = [(*batch, *((k, m) if left else (m, k))), (*batch, *((n, k) if right else (k, n)))]
    return shapes, lambda a, b: ops.mat_mul(a, b, left, right)


def _drawn_convolution(stream):
    while True:
        images = (stream.randint(1, 21), stream.randint(5, 13), stream.randint(5, 13), stream.randint(1, 13))
        filters = (stream.randint(1, 4), stream.randint(1, 4), images[3], stream.randint(1, 19))
        stride, dilation = stream.choice([(1, 1), (1, 1), (2, 1), (3, 1), (1, 2)])
        if 1 << 17 <= _size((*images, *filters)) // images[3] // stride**2 <= 1 << 20:
            break
    padding = stream.choice(["same", "valid"]) if dilation == 1 else "same"
    return [images, filters], lambda x, w: ops.conv2d(x, w, stride, padding, "NHWC", dilation)


def _drawn_depthwise(stream):
    images = stream.randint(1, 9), stream.randint(5, 13), stream.randint(5, 13), stream.randint(1, 13)
    filters = (stream.randint(1, 4), stream.randint(1, 4), images[3], stream.choice([1, 1, 2, 3]))
    stride, padding = stream.choice([1, 2]), stream.choice(["same", "valid"])
    return [images, filters], lambda x, w: ops.depthwise_conv2d(x, w, stride, padding)


def _drawn_layers(stream):
    rows, inputs, units, outputs = (stream.randint(65, 110) for _ in range(4))
    shapes = [(rows, inputs), (inputs, units), (units,), (rows, 1), (units, outputs)]

    def layers(x, w, b, scale, v):
        hidden = ops.tanh(ops.add(ops.mul(ops.mat_mul(x, w), 0.1), b))
        return ops.mat_mul(ops.mul(ops.concat([hidden, hidden], 0)[: hidden.shape[0]], scale), v)

    return shapes, layers


def _drawn_reduction(stream):
    shape = *(stream.randint(1, 9) for _ in range(stream.randint(0, 2))), stream.randint(5, 400)
    names = ["sum", "max", "arg_max", "arg_min", "log_sum_exp", "softmax", "cumsum"]
    name, axis = stream.choice(names), len(shape) - 1
    return [shape], lambda x: getattr(ops, name)(x, axis)


def odd_calls(seed, count=10):
    """Returns contractions and reductions of drawn sizes, most of them no multiples of four, for every form of kernel."""
    stream = random.Random(f"{SEED}{seed}")
    found = []
    for number in range(count):
        kinds = (_drawn_product, _drawn_convolution, _drawn_depthwise, _drawn_layers, _drawn_reduction)
        shapes, function = kinds[number % len(kinds)](stream)
        inputs = [(draw(stream, shape, "float32", -1, 1), shape, "float32") for shape in shapes]
        label = f"odd-{seed}-{number}-{' by '.join(str(list(shape)) for shape in shapes)}"
        found.append(Call(label, function, inputs, 1e-4, 2e-4))
    return found


def odd_outcomes(seed):
    """Returns the outcomes of `odd_calls`, by the calls' names."""
    return {call.name: outcome(call) for call in odd_calls(seed)}


def outcomes(name):
    """Returns the outcomes of all calls of one op, by the calls' names."""
    return {call.name: outcome(call) for call in calls(name)}


__all__ = [
    "Call",
    "Tensor",
    "calls",
    "draw",
    "names",
    "odd_calls",
    "odd_outcomes",
    "outcome",
    "outcomes",
    "weights",
    "wide_integers",
    "wide_outcomes",
]
