"""A FeatureSpace of columns of all kinds: for record_features.py and for the test."""

FURTHER = {
    "f": [0.5, 1.5, 2.5, 4.0],
    "s": ["a", "b", "a", "c"],
    "i": [1, 2, 2, 7],
    "d": [0.5, 1.5, 2.5, 4.0],
    "h": ["a", "b", "a", "c"],
}
FURTHER_ROWS = {"f": [1.0, 3.0], "s": ["c", "z"], "i": [7, 5], "d": [1.0, 3.0], "h": ["a", "q"]}


def further(keras):
    """The space, before it is adapted."""
    kinds = keras.utils.FeatureSpace
    features = {
        "f": "float_normalized",
        "s": "string_categorical",
        "i": "integer_categorical",
        "d": kinds.float_discretized(3),
        "h": kinds.string_hashed(4),
    }
    return kinds(features, crosses=[("s", "i")], crossing_dim=5)
