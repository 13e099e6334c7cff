"""`tf.data.Dataset` of `import tensorflow`: dtypes of what programs give, and errors of single elements."""

import pytest

from tfjs_pyo import tensorflow as tf

Dataset = tf.data.Dataset


def dtypes(spec):
    if isinstance(spec, dict):
        return {key: dtypes(value) for key, value in spec.items()}
    return tuple(map(dtypes, spec)) if isinstance(spec, tuple) else str(spec.dtype)


@pytest.mark.parametrize(
    ("dataset", "expected"),
    [
        (Dataset.from_tensors(([1, 2], 0.5)), ("int32", "float32")),
        (Dataset.from_tensors({"a": 1, "b": True}), {"a": "int32", "b": "bool"}),
        (Dataset.range(2).map(lambda x: (x, 1, 0.5)).batch(2), ("int32", "int32", "float32")),
        (
            Dataset.from_generator(lambda: iter([(1, [2, 3])]), (tf.float32, tf.int32)),
            ("float32", "int32"),
        ),
        (
            Dataset.from_generator(
                lambda: iter([{"x": 1, "label": 2}]),
                output_signature={"x": tf.TensorSpec((), tf.float32), "label": tf.TensorSpec((), tf.int64)},
            ).batch(1),
            {"x": "float32", "label": "int32"},
        ),
        (Dataset.from_generator(lambda: iter(["a"]), tf.string), "string"),
    ],
)
def test_values_have_the_dtypes_of_tensorflow(dataset, expected):
    assert dtypes(dataset.element_spec) == expected


def test_errors_of_elements_do_not_end_what_comes_after(capsys):
    quotients = Dataset.from_tensor_slices([1, 0, 2, 0, 3]).map(lambda x: 6 // int(x))
    assert [int(x) for x in quotients.ignore_errors()] == [6, 3, 2]
    assert [int(x) for x in quotients.filter(lambda x: x < 6).ignore_errors(log_warning=True)] == [3, 2]
    assert capsys.readouterr().out.count("ignore_errors: ") == 2
    with pytest.raises(ZeroDivisionError):
        list(quotients)
