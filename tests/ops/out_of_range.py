"""The rule for indices out of range, as a table of all functions that take indices: they read zeros and write nothing.

Runs in CPython and, shipped as source, in the page; needs no NumPy.
"""

import tfjs_pyo as tf

PLACES = (1, -1, 9, 0, 2147483647, -2147483648, 3)
"""Of three rows: two that are there, and five that are not."""
ROWS = [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
WIDE = [[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]]
ROWS_READ = [ROWS[1], [0, 0], [0, 0], ROWS[0], [0, 0], [0, 0], [0, 0]]
WIDE_READ = [WIDE[1], [0] * 4, [0] * 4, WIDE[0], [0] * 4, [0] * 4, [0] * 4]
COLUMNS_READ = [[2, 0, 0, 1, 0, 0, 4], [6, 0, 0, 5, 0, 0, 8], [10, 0, 0, 9, 0, 0, 12]]


def _embedding(x, i):
    layer = tf.layers.embedding(3, x.shape[1], weights=[x])
    return layer.apply(i)


def _multi(i):
    """Returns pairs of row and column."""
    return tf.stack([i, tf.zeros_like(i)], 1)


def _crop(i):
    images = tf.tensor([1.0, 2.0, 3.0]).reshape([3, 1, 1, 1])
    boxes = tf.tile(tf.tensor([[0.0, 0.0, 1.0, 1.0]]), [len(PLACES), 1])
    return lambda method, outside: tf.image.cropAndResize(images, boxes, i, [1, 1], method, outside).flatten()


def _gradient(function, x):
    return tf.grad(lambda x: (function(x) * function(x)).sum())(x).mul(0.5)


def cases():
    """Returns (found, right) of every function by name."""
    i = tf.tensor(list(PLACES), None, "int32")
    x, wide = tf.tensor(ROWS), tf.tensor(WIDE)
    ones = tf.ones([len(PLACES), 2])
    crop = _crop(i)
    reads = {
        "gather": lambda x: tf.gather(x, i),
        "method": lambda x: x.gather(i),
        "gather of a batch": lambda x: tf.gather(tf.stack([x, x]), tf.stack([i, i]), 1, 1)[1],
        "gatherND": lambda x: tf.gatherND(x, i.reshape([-1, 1])),
        "embedding": lambda x: _embedding(x, i),
        "gather in a graph": lambda x: tf.add(tf.gather(tf.neg(x), i), 0).neg(),
    }
    found = {}
    for name, read in reads.items():
        found[name] = (read(x), ROWS_READ)
        found[f"{name}, whole texels"] = (read(wide), WIDE_READ)
        if "embedding" not in name:
            found[f"gradient of {name}"] = (_gradient(read, x), [ROWS[0], ROWS[1], [0, 0]])
    whole = tf.cast(wide, "int32")
    found |= {
        "gather of int32": (tf.gather(whole, i), WIDE_READ),
        "gather of bool": (
            tf.gather(tf.greater(x, 0), i),
            [[v != 0 for v in row] for row in ROWS_READ],
        ),
        "gather, last axis": (tf.gather(wide, tf.where(tf.equal(i, 9), 5, i), 1), COLUMNS_READ),
        "gradient, last axis": (
            _gradient(lambda x: tf.gather(x, i, 1), wide),
            [[row[0], row[1], 0, row[3]] for row in WIDE],
        ),
        "gather of strings": (tf.gather(["a", "b", "c"], i), ["b", "", "", "a", "", "", ""]),
        "gather of complex numbers": (
            tf.gather(tf.complex([1, 2, 3], [4, 5, 6]), i),
            [2 + 5j, 0, 0, 1 + 4j, 0, 0, 0],
        ),
        "gather of nothing": (tf.gather(tf.zeros([0, 2]), i), [[0, 0]] * len(PLACES)),
        "gather of a product": (tf.gather(tf.matMul(x, tf.eye(2)), i), ROWS_READ),
        "gatherND of elements": (tf.gatherND(x, _multi(i)), [row[0] for row in ROWS_READ]),
        "brackets": (x[i], [ROWS[1], ROWS[2], [0, 0], ROWS[0], [0, 0], [0, 0], [0, 0]]),
        "brackets, second axis": (wide.transpose()[:, i][0], [5, 9, 0, 1, 0, 0, 0]),
        "scatterND": (tf.scatterND(i.reshape([-1, 1]), ones, [3, 2]), [[1, 1], [1, 1], [0, 0]]),
        "scatterND of int32": (
            tf.scatterND(i.reshape([-1, 1]), tf.cast(ones, "int32"), [3, 2]),
            [[1, 1], [1, 1], [0, 0]],
        ),
        "tensorScatterUpdate": (
            tf.tensorScatterUpdate(x, i.reshape([-1, 1]), ones.mul(9)),
            [[9, 9], [9, 9], ROWS[2]],
        ),
        "sparseToDense": (tf.sparseToDense(i, 7.0, [3], -1.0), [7, 7, -1]),
        "unsortedSegmentSum": (tf.unsortedSegmentSum(ones, i, 3), [[1, 1], [1, 1], [0, 0]]),
        "bincount": (tf.bincount(i, tf.tensor1d([], "int32"), 3), [1, 1, 0]),
        "denseBincount": (
            tf.denseBincount(tf.stack([i, i]), tf.tensor1d([], "int32"), 3),
            [[1, 1, 0], [1, 1, 0]],
        ),
        "oneHot": (tf.oneHot(i, 3, 1, 0)[0:3], [[0, 1, 0], [0, 0, 0], [0, 0, 0]]),
        "confusionMatrix": (tf.math.confusionMatrix(i, tf.onesLike(i), 3), [[0, 1, 0], [0, 1, 0], [0, 0, 0]]),
        "cropAndResize": (crop("bilinear", 0), [2, 0, 0, 1, 0, 0, 0]),
        "cropAndResize, nearest, filled": (crop("nearest", 5), [2, 0, 0, 1, 0, 0, 0]),
    }
    return found


def differing():
    """Returns the names of functions that break the rule, and what they give."""
    wrong = {}
    for name, (found, right) in cases().items():
        values = found.array_sync()
        if values != right:
            wrong[name] = values
    return wrong
