"""What is hashed, and how: for record_hashing.py and for the test."""

import numpy as np

TEXTS = [
    "", "A", "b", "ab", "abc", "Hallo", "Straße", "日本語", "seven77", "eight888", "nine-bytes", "exactly16bytes!!",
    "seventeen bytes 17", "x" * 32, "y" * 33, "z" * 63, "w" * 64, "v" * 65, "lorem ipsum " * 20,
]  # fmt: skip
NUMBERS = [0, 1, -1, 7, 42, -12345, 2**24 + 1, 2**31 - 1, -(2**31), 2**40 + 3, -(2**62)]
FLOATS = [0.0, 1.7, -3.2, 10.0, 16777217.0, -0.5]
HASHING = [
    ("texts", {"num_bins": 3}),
    ("texts", {"num_bins": 1000003}),
    ("texts", {"num_bins": 17, "mask_value": "A"}),
    ("texts", {"num_bins": 1, "mask_value": "A"}),
    ("texts", {"num_bins": 1000, "salt": 133}),
    ("texts", {"num_bins": 50, "salt": [133, 137], "mask_value": ""}),
    ("numbers", {"num_bins": 100000}),
    ("numbers", {"num_bins": 100, "mask_value": 7}),
    ("numbers", {"num_bins": 100, "salt": [1, 2**40]}),
    ("floats", {"num_bins": 1000}),
    ("column", {"num_bins": 6, "output_mode": "one_hot"}),
    ("row", {"num_bins": 6, "output_mode": "one_hot"}),
    ("row", {"num_bins": 6, "output_mode": "multi_hot"}),
    ("row", {"num_bins": 6, "output_mode": "count"}),
    ("table", {"num_bins": 9, "output_mode": "count", "mask_value": "ab"}),
]
"""Kind of data and options of Hashing."""
CROSSING = [
    (["words", "ids"], {"num_bins": 1000}),
    (["words", "words"], {"num_bins": 7}),
    (["ids", "ids", "words"], {"num_bins": 100}),
    (["ids", "words"], {"num_bins": 5, "output_mode": "one_hot"}),
    (["columns", "column of ids"], {"num_bins": 5, "output_mode": "one_hot"}),
    (["columns", "column of ids"], {"num_bins": 77}),
]
"""Kinds of features and options of HashedCrossing."""
WORDS = ["A", "B", "", "ccc", "日本語", "longer than eight", "A"]
IDS = [101, 101, -7, 0, 2**31 - 1, 5, 102]


def data(kind):
    """An array of a kind."""
    return {
        "texts": lambda: np.array(TEXTS),
        "numbers": lambda: np.array(NUMBERS, "int64"),
        "floats": lambda: np.array(FLOATS),
        "column": lambda: np.array(TEXTS)[:, None],
        "row": lambda: np.array(TEXTS[:6]),
        "table": lambda: np.array(TEXTS[:18]).reshape(6, 3),
        "words": lambda: np.array(WORDS),
        "ids": lambda: np.array(IDS, "int64"),
        "columns": lambda: np.array(WORDS)[:, None],
        "column of ids": lambda: np.array(IDS, "int64")[:, None],
    }[kind]()
