"""Examples of methods of tensors and of models in TensorFlow.js's API."""

from __future__ import annotations

import inspect
import re
import textwrap
from collections.abc import Mapping
from types import FunctionType

from tfjs_pyo import documenting, naming
from tfjs_pyo.doc_examples import Examples, with_example

_TF, _ASYNC = "import tfjs_pyo as tf", "import asyncio, tfjs_pyo as tf"
_GIVEN = "t = tf.tensor2d([[1, 2], [3, 4]])"
_MODEL = (
    'model = tf.sequential([tf.layers.dense({"units": 1, "inputShape": [2], "kernelInitializer": "ones"})])',
    'model.compile({"optimizer": "sgd", "loss": "meanSquaredError", "metrics": ["mae"]})',
)
_BATCH = "tf.tensor2d([[1, 2]]), tf.tensor2d([[1]])"

TENSORS = Examples(
    _TF,
    {
        "get_shape": (_GIVEN, "t.get_shape().as_list()", "[2, 2]"),
        "set_shape": (_GIVEN, "t.set_shape([None, 2])", ""),
        "dispose": (_GIVEN, "t.dispose()", "t.isDisposed", "True"),
        "data_sync": (_GIVEN, "t.dataSync().tolist()", "[1.0, 2.0, 3.0, 4.0]"),
        "data": (_GIVEN, "import asyncio", "asyncio.run(t.data()).tolist()", "[1.0, 2.0, 3.0, 4.0]"),
        "array_sync": (_GIVEN, "t.arraySync()", "[[1.0, 2.0], [3.0, 4.0]]"),
        "array": (_GIVEN, "import asyncio", "asyncio.run(t.array())", "[[1.0, 2.0], [3.0, 4.0]]"),
        "numpy": (_GIVEN, "t.numpy()", "array([[1., 2.],\n       [3., 4.]], dtype=float32)"),
        "tolist": (_GIVEN, "t.tolist()", "[[1.0, 2.0], [3.0, 4.0]]"),
        "to_device": (_GIVEN, "t.to_device(t.device) is t", "True"),
        "item": ("tf.scalar(0.5).item()", "0.5"),
        "print": (_GIVEN, "t.print()", "Tensor\n    [[1, 2],\n     [3, 4]]"),
        "to_string": ("tf.tensor1d([1, 2]).toString()", r"'Tensor\n    [1, 2]'"),
    },
)
MODELS = Examples(
    _ASYNC,
    {
        "evaluate": (
            *_MODEL,
            f"[value.arraySync() for value in model.evaluate({_BATCH})]",
            "[4.0, 2.0]",
        ),
        "evaluate_dataset": (
            *_MODEL,
            'batches = tf.data.array([{"xs": [1, 2], "ys": [1]}]).batch(1)',
            "[value.arraySync() for value in asyncio.run(model.evaluateDataset(batches))]",
            "[4.0, 2.0]",
        ),
        "predict": (*_MODEL, "model.predict(tf.tensor2d([[1, 2], [3, 4]])).arraySync()", "[[3.0], [7.0]]"),
        "predict_on_batch": (*_MODEL, "model.predictOnBatch(tf.tensor2d([[1, 2]])).arraySync()", "[[3.0]]"),
        "train_on_batch": (*_MODEL, f"asyncio.run(model.trainOnBatch({_BATCH}))", "[4.0, 2.0]"),
        "test_on_batch": (*_MODEL, f"asyncio.run(model.testOnBatch({_BATCH}))", "[4.0, 2.0]"),
    },
)


STEPS = Examples(
    _TF,
    {
        "trained_weights": (*_MODEL, "[weight.shape for weight in model.trainedWeights()]", "[(2, 1), (1,)]"),
        "test_step": (
            *_MODEL,
            f"numbers = model.testStep(({_BATCH}))",
            '[numbers["loss"].array_sync(), numbers["mae"].array_sync()]',
            "[4.0, 2.0]",
        ),
        "compute_loss": (
            *_MODEL,
            "x, y = tf.tensor2d([[1, 2]]), tf.tensor2d([[1]])",
            "model.computeLoss(x, y, model.apply(x)).array_sync()",
            "4.0",
        ),
    },
)
OBJECTS = Examples(
    _TF,
    {
        "get_class_name": ("tf.regularizers.l1().getClassName()", "'L1L2'"),
        "get_config": ('tf.regularizers.l1l2({"l1": 0.5}).getConfig()', "{'l1': 0.5, 'l2': 0.01}"),
        "from_config": ('tf.layers.Dropout.fromConfig({"rate": 0.5}).rate', "0.5"),
    },
)
MEANINGS = {
    "config": "what `getConfig` returned; or the class, followed by that.",
    "config_of_class": "what `getConfig` returned, where the class comes first.",
    "x": "inputs: tensor, array or nested list; for several inputs a list or a dict by name.",
    "verbose": "accepted as TensorFlow.js takes it; it has no effect.",
    "force": "accepted as Keras takes it; it has no effect.",
}
"""What parameters of these methods mean."""
ERRORS = {
    "evaluate": "ArgumentError: the model is not compiled, or a dataset is given: `evaluateDataset` reads it.",
    "compute_loss": "ArgumentError: targets or outputs are missing.\nShapeError: they have no batch axis.",
}


def complete(
    kind: type,
    examples: Examples,
    meanings: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
) -> None:
    """Gives methods of a class, in all their spellings, what their docstrings lack.

    Args:
        kind: the class.
        examples: by names in snake_case.
        meanings: what parameters mean, by their names.
        errors: lines of the section "Raises", by names of methods.
    """
    for name, member in vars(kind).items():
        method = getattr(member, "__func__", member)
        if (
            isinstance(method, FunctionType)
            and method.__doc__
            and (section := examples.section(naming.snake(name)))
        ):
            raised = (errors or {}).get(naming.snake(name), "")
            doc = with_example(with_errors(inspect.cleandoc(method.__doc__), raised), section)
            taken = inspect.signature(method).parameters if meanings is not None else ()
            method.__doc__ = documenting.completed(doc, taken, (meanings or {}).get)


def with_errors(doc: str, lines: str) -> str:
    r"""Returns a docstring with a section "Raises" before its example and its source; one that has it stays.

    Args:
        doc: without indentation.
        lines: of the section; "": it has none.

    Example:
        >>> with_errors("Divides.\n\nSource: a book", "ValueError: by 0.")
        'Divides.\n\nRaises:\n    ValueError: by 0.\n\nSource: a book'
    """
    if not lines or "Raises:" in doc:
        return doc
    place = re.search(r"^(?:Example|Source):", doc, re.MULTILINE)
    cut = place.start() if place else len(doc)
    parts = (doc[:cut].rstrip(), "Raises:\n" + textwrap.indent(lines, "    "), doc[cut:])
    return "\n\n".join(filter(None, parts))


__all__ = ["ERRORS", "MEANINGS", "MODELS", "OBJECTS", "STEPS", "TENSORS", "complete"]
