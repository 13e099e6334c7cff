"""Examples of TensorFlow's names for texts, files, datasets, nested structures and checks."""

from __future__ import annotations

ERROR = "Traceback (most recent call last):\n    ...\ntfjs_pyo.errors."
"""How the errors of this package begin at the prompt."""
TEXTS: dict[str, tuple[str, ...]] = {
    "as_string": ("tf.as_string([1.5, 2.0], precision=2).tolist()", "['1.50', '2.00']"),
    "strings.as_string": ("tf.strings.as_string([1.5, 2.0], precision=2).tolist()", "['1.50', '2.00']"),
    "strings.bytes_split": ('tf.strings.bytes_split("abc").tolist()', "['a', 'b', 'c']"),
    "strings.format": (
        'tf.strings.format("{} of {}", (tf.constant(3), tf.constant([1, 2]))).item()',
        "'3 of [1 2]'",
    ),
    "strings.join": ('tf.strings.join([["a", "b"], "1"], separator="-").tolist()', "['a-1', 'b-1']"),
    "strings.length": ('tf.strings.length(["abc", "né"], unit="UTF8_CHAR")', "Tensor [3, 2]"),
    "strings.lower": ('tf.strings.lower(["Hello", "ABC"]).tolist()', "['hello', 'abc']"),
    "strings.reduce_join": (
        'tf.strings.reduce_join([["a", "b"], ["c", "d"]], axis=1, separator="+").tolist()',
        "['a+b', 'c+d']",
    ),
    "strings.regex_full_match": (
        'tf.strings.regex_full_match(["a1", "a1b"], "[a-z][0-9]")',
        "Tensor [true, false]",
    ),
    "strings.regex_replace": (
        'tf.strings.regex_replace(["2 cats", "10 dogs"], "[0-9]+", "#").tolist()',
        "['# cats', '# dogs']",
    ),
    "strings.split": ('tf.strings.split("the red fox").tolist()', "['the', 'red', 'fox']"),
    "strings.strip": ('tf.strings.strip(["  a b ", "c\\n"]).tolist()', "['a b', 'c']"),
    "strings.substr": ('tf.strings.substr(["hello", "world"], pos=1, len=3).tolist()', "['ell', 'orl']"),
    "strings.to_hash_bucket_fast": (
        'tf.strings.to_hash_bucket_fast(["a", "b", "a"], 10)',
        "Tensor [9, 2, 9]",
    ),
    "strings.to_number": ('tf.strings.to_number(["1.5", "2"])', "Tensor [1.5, 2]"),
    "strings.unicode_split": ('tf.strings.unicode_split("né").tolist()', "['n', 'é']"),
    "strings.upper": ('tf.strings.upper(["Hello", "abc"]).tolist()', "['HELLO', 'ABC']"),
    "io.matching_files": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/b.txt", "")\n'
            '    tf.io.write_file(f"{folder}/a.txt", "")\n'
            '    [name[-5:] for name in tf.io.matching_files(f"{folder}/*.txt").tolist()]'
        ),
        "['a.txt', 'b.txt']",
    ),
    "io.read_file": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/note.txt", "hello")\n'
            '    tf.io.read_file(f"{folder}/note.txt").item()'
        ),
        "'hello'",
    ),
    "io.write_file": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/sub/note.txt", "hello")\n'
            '    tf.io.read_file(f"{folder}/sub/note.txt").item()'
        ),
        "'hello'",
    ),
    "io.gfile.GFile": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    with tf.io.gfile.GFile(f"{folder}/note.txt", "w") as file:\n'
            '        _ = file.write("hello")\n'
            '    with tf.io.gfile.GFile(f"{folder}/note.txt") as file:\n'
            "        file.read()"
        ),
        "'hello'",
    ),
    "io.gfile.copy": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/a.txt", "hello")\n'
            '    tf.io.gfile.copy(f"{folder}/a.txt", f"{folder}/b.txt")\n'
            "    tf.io.gfile.listdir(folder)"
        ),
        "['a.txt', 'b.txt']",
    ),
    "io.gfile.exists": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.gfile.exists(folder), tf.io.gfile.exists(f"{folder}/none.txt")'
        ),
        "(True, False)",
    ),
    "io.gfile.glob": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/a.txt", "")\n'
            '    tf.io.write_file(f"{folder}/b.csv", "")\n'
            '    [name[-5:] for name in tf.io.gfile.glob(f"{folder}/*.csv")]'
        ),
        "['b.csv']",
    ),
    "io.gfile.isdir": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/a.txt", "")\n'
            '    tf.io.gfile.isdir(folder), tf.io.gfile.isdir(f"{folder}/a.txt")'
        ),
        "(True, False)",
    ),
    "io.gfile.listdir": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/b.txt", "")\n'
            '    tf.io.write_file(f"{folder}/a.txt", "")\n'
            "    tf.io.gfile.listdir(folder)"
        ),
        "['a.txt', 'b.txt']",
    ),
    "io.gfile.makedirs": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.gfile.makedirs(f"{folder}/models/first")\n'
            '    tf.io.gfile.isdir(f"{folder}/models/first")'
        ),
        "True",
    ),
    "io.gfile.remove": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/a.txt", "")\n'
            '    tf.io.gfile.remove(f"{folder}/a.txt")\n'
            "    tf.io.gfile.listdir(folder)"
        ),
        "[]",
    ),
    "io.gfile.rmtree": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/logs/a.txt", "")\n'
            '    tf.io.gfile.rmtree(f"{folder}/logs")\n'
            "    tf.io.gfile.listdir(folder)"
        ),
        "[]",
    ),
    "data.TextLineDataset": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/lines.txt", "one\\ntwo\\n")\n'
            '    [line.item() for line in tf.data.TextLineDataset(f"{folder}/lines.txt")]'
        ),
        "['one', 'two']",
    ),
    "data.experimental.cardinality": (
        "dataset = tf.data.Dataset.range(5).batch(2)",
        "tf.data.experimental.cardinality(dataset)",
        "3",
    ),
    "data.experimental.make_csv_dataset": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    tf.io.write_file(f"{folder}/a.csv", "x,y\\n1.5,0\\n2.5,1\\n")\n'
            "    make = tf.data.experimental.make_csv_dataset\n"
            '    rows = make(f"{folder}/a.csv", 2, label_name="y", num_epochs=1, shuffle=False)\n'
            '    [(columns["x"].tolist(), labels.tolist()) for columns, labels in rows]'
        ),
        "[([1.5, 2.5], [0, 1])]",
    ),
    "debugging.Assert": (
        "x = tf.constant([1, 2])",
        "tf.debugging.Assert(tf.reduce_all(x > 0), [x])",
        "tf.debugging.Assert(tf.reduce_all(x > 1), [x])",
        ERROR + "RangeError: tf.debugging.Assert: the condition does not hold. Values: [1, 2]",
    ),
    "debugging.assert_all_finite": (
        'loss = tf.debugging.assert_all_finite([1.0, 2.0], "The loss is not finite.")',
        'tf.debugging.assert_all_finite([1.0, float("nan")], "The loss is not finite.")',
        ERROR
        + "RangeError: tf.debugging.assert_all_finite: the condition does not hold. The loss is not finite. Values: [1.0, nan]",
    ),
    "debugging.check_numerics": (
        'tf.debugging.check_numerics([1.0, float("inf")], "The gradient is not finite.")',
        ERROR
        + "RangeError: tf.debugging.check_numerics: the condition does not hold. The gradient is not finite. Values: [1.0, inf]",
    ),
    "debugging.assert_near": (
        "tf.debugging.assert_near([1.0, 2.0], [1.0, 2.001], atol=0.01)",
        "tf.debugging.assert_near([1.0], [1.1])",
        ERROR + "RangeError: tf.debugging.assert_near: the condition does not hold. Values: [1.0]; [1.10...]",
    ),
    "debugging.assert_rank": (
        "tf.debugging.assert_rank([[1, 2]], 2)",
        'tf.debugging.assert_rank([[1, 2]], 1, message="Give a vector.")',
        ERROR
        + "ShapeError: tf.debugging.assert_rank: expected rank 1, received shape (1, 2). Give a vector.",
    ),
    "debugging.assert_rank_at_least": (
        "tf.debugging.assert_rank_at_least([[1, 2]], 1)",
        "tf.debugging.assert_rank_at_least(3, 1)",
        ERROR + "ShapeError: tf.debugging.assert_rank_at_least: expected rank at least 1, received shape ().",
    ),
    "debugging.assert_rank_in": (
        "tf.debugging.assert_rank_in([[1, 2]], [1, 2])",
        "tf.debugging.assert_rank_in(3, [1, 2])",
        ERROR + "ShapeError: tf.debugging.assert_rank_in: expected rank in [1, 2], received shape ().",
    ),
    "debugging.assert_scalar": (
        "tf.debugging.assert_scalar(3)",
        "tf.debugging.assert_scalar([3])",
        ERROR + "ShapeError: tf.debugging.assert_scalar: expected rank 0, received shape (1,).",
    ),
    "debugging.assert_shapes": (
        "x, y = tf.zeros([4, 3]), tf.zeros([5])",
        'tf.debugging.assert_shapes([(x, ("batch", 3)), (y, (5,))])',
        'tf.debugging.assert_shapes([(x, ("batch", 3)), (y, ("batch",))])',
        ERROR
        + "ShapeError: tf.debugging.assert_shapes: expected shape ('batch',), received (5,), with {'batch': 4}.",
    ),
    "debugging.assert_type": (
        "tf.debugging.assert_type([1.0, 2.0], tf.float32)",
        "tf.debugging.assert_type([1.0, 2.0], tf.int32)",
        ERROR + "DTypeError: tf.debugging.assert_type: expected int32, received float32.",
    ),
    "debugging.is_numeric_tensor": (
        'tf.debugging.is_numeric_tensor(tf.constant(1)), tf.debugging.is_numeric_tensor(tf.constant("a"))',
        "(True, False)",
    ),
    "debugging.assert_equal": (
        "tf.debugging.assert_equal([1, 2], [1, 2])",
        "tf.debugging.assert_equal([1, 2], [1, 3])",
        ERROR + "RangeError: tf.debugging.assert_equal: the condition does not hold. Values: [1, 2]; [1, 3]",
    ),
    "debugging.assert_none_equal": (
        "tf.debugging.assert_none_equal([1, 2], [2, 3])",
        "tf.debugging.assert_none_equal([1, 2], [1, 3])",
        ERROR
        + "RangeError: tf.debugging.assert_none_equal: the condition does not hold. Values: [1, 2]; [1, 3]",
    ),
    "debugging.assert_less": (
        "tf.debugging.assert_less([1, 2], 3)",
        "tf.debugging.assert_less([1, 3], 3)",
        ERROR + "RangeError: tf.debugging.assert_less: the condition does not hold. Values: [1, 3]; 3",
    ),
    "debugging.assert_less_equal": (
        "tf.debugging.assert_less_equal([1, 3], 3)",
        "tf.debugging.assert_less_equal([1, 4], 3)",
        ERROR + "RangeError: tf.debugging.assert_less_equal: the condition does not hold. Values: [1, 4]; 3",
    ),
    "debugging.assert_greater": (
        "tf.debugging.assert_greater([4, 5], 3)",
        "tf.debugging.assert_greater([3, 5], 3)",
        ERROR + "RangeError: tf.debugging.assert_greater: the condition does not hold. Values: [3, 5]; 3",
    ),
    "debugging.assert_greater_equal": (
        "tf.debugging.assert_greater_equal([3, 5], 3)",
        "tf.debugging.assert_greater_equal([2, 5], 3)",
        ERROR
        + "RangeError: tf.debugging.assert_greater_equal: the condition does not hold. Values: [2, 5]; 3",
    ),
    "debugging.assert_positive": (
        "tf.debugging.assert_positive([1, 2])",
        "tf.debugging.assert_positive([1, 0])",
        ERROR + "RangeError: tf.debugging.assert_positive: the condition does not hold. Values: [1, 0]",
    ),
    "debugging.assert_negative": (
        "tf.debugging.assert_negative([-1, -2])",
        "tf.debugging.assert_negative([-1, 0])",
        ERROR + "RangeError: tf.debugging.assert_negative: the condition does not hold. Values: [-1, 0]",
    ),
    "debugging.assert_non_negative": (
        "tf.debugging.assert_non_negative([1, 0])",
        "tf.debugging.assert_non_negative([1, -1])",
        ERROR + "RangeError: tf.debugging.assert_non_negative: the condition does not hold. Values: [1, -1]",
    ),
    "debugging.assert_non_positive": (
        "tf.debugging.assert_non_positive([-1, 0])",
        "tf.debugging.assert_non_positive([-1, 1])",
        ERROR + "RangeError: tf.debugging.assert_non_positive: the condition does not hold. Values: [-1, 1]",
    ),
}

__all__ = ["TEXTS"]
