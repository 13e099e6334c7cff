"""Calls of keras.utils and keras.tree that Keras answers, for the tests beside this file."""

import numpy as np

NEST = {"b": [1, (2, 3)], "a": {"y": 4, "x": None}, "c": [[], ()]}
CALLS = [
    ("utils.pad_sequences", [[[1], [2, 3], [4, 5, 6]]], {}),
    ("utils.pad_sequences", [[[1], [2, 3], [4, 5, 6]], 2], {}),
    ("utils.pad_sequences", [[[1], [2, 3], [4, 5, 6]], 2], {"truncating": "post", "padding": "post"}),
    ("utils.pad_sequences", [[[1], [2, 3]], 4], {"value": -1, "dtype": "float32"}),
    ("utils.pad_sequences", [[[], [2, 3]]], {"padding": "post"}),
    ("utils.pad_sequences", [[[[1, 2]], [[3, 4], [5, 6]]]], {}),
    ("utils.to_categorical", [[0, 2, 1]], {}),
    ("utils.to_categorical", [[[0], [2]]], {}),
    ("utils.to_categorical", [[[0, 1], [2, 0]], 4], {}),
    ("utils.to_categorical", [1], {"num_classes": 3}),
    ("utils.to_categorical", [[-1, 0]], {"num_classes": 3}),
    ("utils.normalize", [np.array([[3.0, 4.0], [0.0, 0.0]])], {}),
    ("utils.unpack_x_y_sample_weight", [[1, 2]], {}),
    ("utils.pack_x_y_sample_weight", [1, 2, 3], {}),
    ("utils.standardize_dtype", ["float64"], {}),
    ("utils.standardize_dtype", [None], {}),
    ("tree.flatten", [NEST], {}),
    ("tree.flatten_with_path", [NEST], {}),
    ("tree.is_nested", [NEST], {}),
    ("tree.is_nested", ["text"], {}),
    ("tree.is_nested", [None], {}),
    ("tree.lists_to_tuples", [NEST], {}),
    ("tree.pack_sequence_as", [NEST, [10, 20, 30, 40, 50]], {}),
    ("backend.is_float_dtype", ["float16"], {}),
    ("backend.is_int_dtype", ["uint8"], {}),
    ("config.floatx", [], {}),
    ("config.epsilon", [], {}),
    ("config.image_data_format", [], {}),
]


def plain(value):
    """Returns a result as JSON, with what tells arrays, tuples and dicts apart."""
    if hasattr(value, "dtype"):
        return {"array": value.tolist(), "dtype": str(value.dtype)}
    if isinstance(value, tuple):
        return {"tuple": [plain(each) for each in value]}
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {"dict": [[key, plain(each)] for key, each in sorted(value.items())]}
    return value


def answers(keras):
    """Returns what a Keras gives for each call."""
    found = []
    for path, args, kwargs in CALLS:
        function = keras
        for part in path.split("."):
            function = getattr(function, part)
        found.append(plain(function(*args, **kwargs)))
    return found
