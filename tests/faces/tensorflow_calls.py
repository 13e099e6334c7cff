"""What programs do with `tf.data` and with functions of TensorFlow, as expressions; see record_tensorflow.py.

The expressions know `tf`, `np`, `D` (tf.data.Dataset), `show`, and the arrays x, y, m and s.
"""

import numpy as np

DATASETS = [
    "show(D.from_tensor_slices(x))",
    "show(D.from_tensor_slices([1,2,3]))",
    "show(D.from_tensor_slices([[1,2],[3,4]]))",
    'show(D.from_tensor_slices(["a","b"]).batch(2))',
    "show(D.from_tensor_slices((x,y)).batch(2))",
    'show(D.from_tensor_slices(({"a":x,"b":y},y)).batch(2,drop_remainder=True))',
    "show(D.from_tensor_slices(([1,2],[3,4])))",
    "show(D.from_tensor_slices((x,y)).map(lambda a,b:(a*2,tf.cast(b,tf.float32)+1)).batch(3))",
    'show(D.from_tensor_slices({"a":x}).map(lambda d: d["a"]+1))',
    "show(D.range(2,9,3))",
    "show(D.range(6).filter(lambda v: v%2==0))",
    "show(D.zip((D.range(3),D.range(5))))",
    "show(D.zip(D.range(3),D.range(5)))",
    "show(D.range(5,7).enumerate())",
    "show(D.range(2).repeat(2))",
    "show(D.range(9).skip(2).take(3))",
    "show(D.range(2).concatenate(D.range(2)))",
    "show(D.from_tensor_slices((x,y)).batch(4).unbatch())",
    "show(D.range(5).window(2,1,drop_remainder=True).flat_map(lambda w: w.batch(2)))",
    "show(D.from_generator(lambda: iter([[1],[2,3],[4,5,6]]), output_signature=tf.TensorSpec((None,),tf.int32)).padded_batch(2, padded_shapes=[None]))",
    "show(D.range(7).shard(3,1))",
    "[int(D.range(3).cardinality()),int(D.range(3).repeat().cardinality()),int(D.range(3).filter(lambda v: True).cardinality()),len(D.range(7).batch(2))]",
    "show(D.range(3).cache().repeat(2))",
    "show([D.range(5).reduce(np.int64(0),lambda s,v:s+v)])",
    "show(D.from_tensors((x,y)))",
    "sorted(show(D.range(20).shuffle(5,seed=1)))",
    "[int(v) for v in D.range(3).as_numpy_iterator()]",
    "show(D.range(3).prefetch(tf.data.AUTOTUNE))",
    "show(D.range(8).batch(2).batch(2))",
    "show(D.range(3).apply(lambda d: d.map(lambda v: v*2)))",
    "sorted(map(str,show(D.range(2).interleave(lambda v: D.from_tensors(v).repeat(2)))))",
]

FUNCTIONS = []


def plain(value):
    """Tensors, arrays, datasets and structures of them as lists of numbers and strings."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, (tuple, list)):
        return [plain(part) for part in value]
    if hasattr(value, "numpy"):
        value = value.numpy()
    if isinstance(value, bytes):
        return value.decode()
    array = np.asarray(value)
    if array.dtype.kind in "SO":
        return (
            [plain(part) if isinstance(part, bytes) else part for part in array.tolist()]
            if array.ndim
            else array.item()
        )
    return array.astype("float64").round(5).tolist()


def shown(dataset):
    """The elements of a dataset."""
    return [plain(element) for element in dataset]


def answers(tf):
    """What a package says to each of the expressions."""
    names = {
        "tf": tf,
        "np": np,
        "D": tf.data.Dataset,
        "show": shown,
        "x": np.arange(10.0, dtype="float32").reshape(5, 2),
        "y": np.arange(5),
        "m": np.array([[0.5, -1.0, 2.0], [3.0, 0.25, -0.5]], "float32"),
        "s": np.array([[2.0, 1.0], [1.0, 3.0]], "float32"),
    }
    return {text: plain(eval(text, dict(names))) for text in [*DATASETS, *FUNCTIONS]}
