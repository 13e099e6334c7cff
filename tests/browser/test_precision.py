"""Sums, means and variances on WebGL2 keep their digits, against sums of Python's that lose none."""

import pytest

SETUP = """
import math
def drawn(count, offset):
    x = tf.randomNormal([count], 0, 1, "float32", 5).add(offset)
    return x, x.data_sync()
def worst(x, axis, rows):
    '''How far mean, sum and variance are off: in float32's steps at the mean, relative to what is added, relative.'''
    found = tf.moments(x, axis)
    means, variances, sums, plain = (t.reshape([-1]).array_sync() for t in (*found, tf.sum(x, axis), tf.mean(x, axis)))
    errors = []
    for row, mean, variance, total, average in zip(rows, means, variances, sums, plain):
        exact = math.fsum(row)
        middle = exact / len(row)
        step = max(abs(middle) * 2**-23, 3e-7)
        spread = math.fsum((v - middle) ** 2 for v in row) / len(row)
        errors.append((
            abs(mean - middle) / step, abs(average - middle) / step, abs(total - exact) / math.fsum(map(abs, row)),
            abs(variance / spread - 1),
        ))
    return [max(column) for column in zip(*errors)]
"""
SHAPES = {
    "a million": ("x", None, "[v]", 1_000_000),
    "no multiple of four": ("x", None, "[v]", 100_003),
    "rows": ("x.reshape([20, 5000])", 1, "[v[i * 5000:(i + 1) * 5000] for i in range(20)]", 100_000),
    "columns": ("x.reshape([5000, 20])", 0, "[v[i::20] for i in range(20)]", 100_000),
    "odd columns": ("x.reshape([3001, 33])", 0, "[v[i::33] for i in range(33)]", 99_033),
    "short rows": ("x.reshape([500, 24])", 1, "[v[i * 24:(i + 1) * 24] for i in range(500)]", 12_000),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("offset", [0, 1234567.0, 1e6, -3e4])
def test_moments(gpu, name, offset):
    shaped, axis, rows, count = SHAPES[name]
    found = gpu.run(f"{SETUP}\nx, v = drawn({count}, {offset})\nworst({shaped}, {axis}, {rows})")
    mean, average, total, variance = found
    assert mean <= 1.5
    assert average <= 4
    assert total <= 3e-7
    assert variance <= 1e-5


def test_normalizations(gpu):
    found = gpu.run("""
import math
x = tf.randomNormal([64, 24], 0, 1, "float32", 5).add(1e6)
v = x.array_sync()
def normal(row, epsilon):
    mean = math.fsum(row) / len(row)
    spread = math.fsum((value - mean) ** 2 for value in row) / len(row)
    return [(value - mean) / math.sqrt(spread + epsilon) for value in row]
batch = tf.layers.batchNormalization()
of_batch = batch.apply(x, {"training": True}).transpose().array_sync()
layer = tf.layers.layerNormalization()
of_rows = layer.apply(x).array_sync()
pairs = [(of_rows, v, layer.epsilon), (of_batch, list(zip(*v)), batch.epsilon)]
[max(abs(a - b) for row, exact in zip(f, e) for a, b in zip(row, normal(exact, epsilon))) for f, e, epsilon in pairs]
""")
    assert max(found) < 2e-5


def test_sums_of_what_is_not_finite(gpu):
    found = gpu.run("""
def sums(special, length):
    x = tf.concat([tf.tensor(special), tf.ones([length - len(special)])])
    return [str(tf.sum(x).item()), str(tf.moments(x).mean.item()), str(tf.moments(x).variance.item())]
inf, nan = float("inf"), float("nan")
[sums(special, length) for special in ([inf, 1.0], [1.0, -inf], [inf, -inf], [1.0, nan], [3e38, 3e38]) for length in (4, 3000)]
""")
    assert found[:8] == [[value, value, "nan"] for value in ("inf", "-inf", "nan", "nan") for _ in range(2)]
    assert [row[0] for row in found[8:]] == ["inf", "inf"]
