"""Examples of the methods of `tf.data.Dataset` of `import tensorflow`, and what their parameters mean."""

from __future__ import annotations

from tfjs_pyo.doc_examples import Examples

_NO_EFFECT = "has no effect."
_AS_BATCH = "whether a last batch with fewer elements is left out."
MEANINGS = {
    "tensors": "an element: a tensor, an array or numbers, or a tuple or a dict of these.",
    "generator": "a function that yields elements.",
    "output_types": "the dtype of each value, in the form of the elements.",
    "output_shapes": "has no effect.",
    "output_signature": "a `TensorSpec` of each value, in the form of the elements; its dtype counts.",
    "args": "arguments: of `generator`; of `range` start, stop and step, or the stop alone.",
    "output_type": "int32, or a float for float32.",
    "datasets": "datasets; for `zip` also a tuple or a dict of them.",
    "map_func": "takes an element, of a tuple its parts.",
    "predicate": "takes an element, of a tuple its parts; gives whether it holds.",
    "num_parallel_calls": _NO_EFFECT,
    "deterministic": _NO_EFFECT,
    "name": _NO_EFFECT,
    "batch_size": "elements of a batch.",
    "drop_remainder": _AS_BATCH,
    "size": "elements of a window.",
    "shift": "elements between the beginnings of two windows; default: `size`.",
    "stride": "distance of the elements of a window.",
    "start": "the first number.",
    "step": "the difference of two numbers.",
    "dtype": _NO_EFFECT,
    "transformation_func": "takes the dataset.",
    "buffer_size": "elements in the window that is drawn from.",
    "seed": "for the same numbers, or the same order, each time.",
    "reshuffle_each_iteration": "whether each reading has an order of its own.",
    "rerandomize_each_iteration": "whether each reading has numbers of its own.",
    "count": "how many elements, or how often; None or a negative number: all of them, or without end.",
    "num_shards": "how many parts there are.",
    "index": "which of them, from 0.",
    "dataset": "whose elements come after those of this one.",
    "options": _NO_EFFECT,
    "filename": "has no effect: elements are kept in memory.",
    "initial_state": "the first state.",
    "reduce_func": "takes the state and an element, and gives the next state; of `group_by_window` a key and a dataset.",
    "file_pattern": "a pattern such as 'data/*.csv', or a list of patterns.",
    "shuffle": "whether the order is drawn at random; default: yes.",
    "choice_dataset": "numbers of datasets, from 0.",
    "stop_on_empty_dataset": "whether the end of one dataset is the end.",
    "weights": "how often each dataset is drawn, relative to the others; default: all as often.",
    "scan_func": "takes the state and an element, and gives the next state and what comes.",
    "log_warning": "whether errors are printed.",
    "key_func": "gives a whole number for an element.",
    "window_size": "elements of a window.",
    "window_size_func": "gives the size of the windows of a key.",
}
_NUMBERS = "numbers = tf.data.Dataset.range(5)"


def _listed(dataset: str, *values: str) -> tuple[str, str]:
    """Returns a statement that reads a dataset, and what it prints."""
    return f"[int(x) for x in {dataset}]", f"[{', '.join(values)}]"


def _arrays(dataset: str, output: str) -> tuple[str, str]:
    return f"[x.tolist() for x in {dataset}.as_numpy_iterator()]", output


_PAIR = "even, odd = tf.data.Dataset.range(0, 6, 2), tf.data.Dataset.range(1, 6, 2)"
_ROWS = "rows = tf.data.Dataset.from_generator(lambda: iter([[1], [2, 3]]))"
EXAMPLES = Examples(
    "from tfjs_pyo import tensorflow as tf",
    {
        "from_tensor_slices": (
            "pairs = tf.data.Dataset.from_tensor_slices(([1, 2], [3, 4]))",
            "[(int(x), int(y)) for x, y in pairs]",
            "[(1, 3), (2, 4)]",
        ),
        "from_tensors": _arrays("tf.data.Dataset.from_tensors([1, 2])", "[[1, 2]]"),
        "from_generator": _listed("tf.data.Dataset.from_generator(lambda: iter([1, 2]))", "1", "2"),
        "range": _listed("tf.data.Dataset.range(1, 6, 2)", "1", "3", "5"),
        "zip": (
            _PAIR,
            "[(int(x), int(y)) for x, y in tf.data.Dataset.zip((even, odd))]",
            "[(0, 1), (2, 3), (4, 5)]",
        ),
        "map": (_NUMBERS, *_listed("numbers.map(lambda x: x * x)", "0", "1", "4", "9", "16")),
        "filter": (_NUMBERS, *_listed("numbers.filter(lambda x: x > 2)", "3", "4")),
        "batch": (_NUMBERS, *_arrays("numbers.batch(2)", "[[0, 1], [2, 3], [4]]")),
        "padded_batch": (_ROWS, *_arrays("rows.padded_batch(2)", "[[[1, 0], [2, 3]]]")),
        "unbatch": (_NUMBERS, *_listed("numbers.batch(2).unbatch()", "0", "1", "2", "3", "4")),
        "flat_map": (
            _NUMBERS,
            *_listed("numbers.flat_map(lambda x: tf.data.Dataset.range(int(x))).take(4)", *"0010"),
        ),
        "interleave": (
            "few = tf.data.Dataset.range(2)",
            *_listed(
                "few.interleave(lambda x: tf.data.Dataset.from_tensors(x).repeat(2), cycle_length=2)", *"0101"
            ),
        ),
        "window": (
            _NUMBERS,
            "[[int(x) for x in window] for window in numbers.window(3, shift=2, drop_remainder=True)]",
            "[[0, 1, 2], [2, 3, 4]]",
        ),
        "enumerate": (_PAIR, "[(int(n), int(x)) for n, x in odd.enumerate()]", "[(0, 1), (1, 3), (2, 5)]"),
        "apply": (_NUMBERS, *_listed("numbers.apply(lambda data: data.take(2))", "0", "1")),
        "shuffle": (_NUMBERS, "sorted(int(x) for x in numbers.shuffle(5))", "[0, 1, 2, 3, 4]"),
        "repeat": (_PAIR, *_listed("odd.repeat(2)", *"135135")),
        "take": (_NUMBERS, *_listed("numbers.take(2)", "0", "1")),
        "skip": (_NUMBERS, *_listed("numbers.skip(3)", "3", "4")),
        "shard": (_NUMBERS, *_listed("numbers.shard(2, 1)", "1", "3")),
        "concatenate": (_PAIR, *_listed("odd.concatenate(even)", *"135024")),
        "prefetch": (_NUMBERS, "numbers.prefetch(tf.data.AUTOTUNE) is numbers", "True"),
        "with_options": (_NUMBERS, "numbers.with_options(tf.data.Options()) is numbers", "True"),
        "cache": (_NUMBERS, *_listed("numbers.cache()", *"01234")),
        "as_numpy_iterator": _arrays("tf.data.Dataset.from_tensors([1, 2])", "[[1, 2]]"),
        "reduce": (_NUMBERS, "int(numbers.reduce(0, lambda total, x: total + x))", "10"),
        "cardinality": (_NUMBERS, "int(numbers.batch(2).cardinality())", "3"),
        "list_files": (
            "import pathlib, tempfile",
            "folder = pathlib.Path(tempfile.mkdtemp())",
            '_ = (folder / "a.csv").write_text("1")',
            '[pathlib.Path(each.item()).name for each in tf.data.Dataset.list_files(f"{folder}/*.csv")]',
            "['a.csv']",
        ),
        "counter": _listed("tf.data.Dataset.counter(10, 5).take(3)", "10", "15", "20"),
        "random": (
            "draws = tf.data.Dataset.random(seed=1)",
            "[int(x) >= 0 for x in draws.take(2)]",
            "[True, True]",
        ),
        "choose_from_datasets": (
            _PAIR,
            "choices = tf.data.Dataset.from_tensor_slices([1, 1, 0])",
            *_listed("tf.data.Dataset.choose_from_datasets([even, odd], choices)", *"130"),
        ),
        "sample_from_datasets": (
            _PAIR,
            *_listed("tf.data.Dataset.sample_from_datasets([even, odd], weights=[0.0, 1.0])", *"135"),
        ),
        "scan": (
            _NUMBERS,
            *_listed("numbers.scan(0, lambda total, x: (total + x, total + x))", "0", "1", "3", "6", "10"),
        ),
        "take_while": (_NUMBERS, *_listed("numbers.take_while(lambda x: x < 2)", "0", "1")),
        "unique": _listed("tf.data.Dataset.from_tensor_slices([2, 1, 2]).unique()", "2", "1"),
        "ignore_errors": (_NUMBERS, *_listed("numbers.map(lambda x: 6 // int(x)).ignore_errors()", *"6321")),
        "rebatch": (_NUMBERS, *_arrays("numbers.batch(2).rebatch(3)", "[[0, 1, 2], [3, 4]]")),
        "group_by_window": (
            _NUMBERS,
            "groups = numbers.group_by_window(lambda x: x % 2, lambda key, window: window.batch(3), 3)",
            *_arrays("groups", "[[0, 2, 4], [1, 3]]"),
        ),
        "bucket_by_sequence_length": (
            _ROWS,
            "buckets = rows.bucket_by_sequence_length(lambda row: row.shape[0], [2], [1, 1])",
            *_arrays("buckets", "[[[1]], [[2, 3]]]"),
        ),
        "get_single_element": ("int(tf.data.Dataset.from_tensors(3).get_single_element())", "3"),
    },
)


__all__ = ["EXAMPLES", "MEANINGS"]
