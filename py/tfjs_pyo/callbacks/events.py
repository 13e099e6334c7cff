"""The events of callbacks: methods that do nothing, until a subclass overrides them, and what their documentation says."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

EVENTS = (
    "on_train_begin",
    "on_train_end",
    "on_epoch_begin",
    "on_epoch_end",
    "on_batch_begin",
    "on_batch_end",
    "on_test_begin",
    "on_test_end",
    "on_test_batch_begin",
    "on_test_batch_end",
    "on_predict_begin",
    "on_predict_end",
    "on_predict_batch_begin",
    "on_predict_batch_end",
    "on_yield",
)
KERAS_EVENTS = {"on_train_batch_begin": "on_batch_begin", "on_train_batch_end": "on_batch_end"}
"""Keras's names for events."""


class _Done:
    """What can be awaited, or not: the methods of Callback may be called by functions as well as by coroutines."""

    def __await__(self) -> Generator[Any, None, None]:
        return iter(())  # type: ignore[return-value]


DONE = _Done()

_WORDS = {"epoch": "number of the epoch, from 0.", "batch": "number of the batch, from 0."}
_LOGS = {
    "on_train_end": "dict of loss and metrics of the last epoch; empty in TensorFlow.js's form.",
    "on_epoch_end": "dict of loss and metrics of the epoch, those of validation as 'val_loss' and the like.",
    "on_test_end": "dict of loss and metrics.",
    "on_predict_batch_end": "dict with the batch's 'outputs'.",
    **dict.fromkeys(
        ("on_batch_begin", "on_test_batch_begin"),
        "dict, empty; in TensorFlow.js's form with 'batch', its number, and 'size'.",
    ),
    **dict.fromkeys(
        ("on_batch_end", "on_test_batch_end"),
        "dict of loss and metrics so far; in TensorFlow.js's form those of the batch, with its 'batch' and 'size'.",
    ),
}
"""What the logs of events are, where they are not empty."""
_DATA = "[[1.0], [2.0]], [[2.0], [4.0]], batch_size=1"
_TFJS, _KERAS = (
    "https://js.tensorflow.org/api/latest/#callbacks",
    "https://keras.io/api/callbacks/base_callback/",
)
_PAGES = {"train": _TFJS, "test": _TFJS, "predict": _KERAS}
_RUNS = {
    "train": f"model.fit({_DATA}, epochs=2, verbose=0, callbacks=[Note()])",
    "test": f"model.evaluate({_DATA}, verbose=0, callbacks=[Note()])",
    "predict": "model.predict([[1.0], [2.0]], batch_size=1, verbose=0, callbacks=[Note()])",
}


def hook(event: str, run: str, when: str, printed: str, *lines: str) -> Callable[..., Any]:
    """Returns the method of an event that does nothing.

    Args:
        event: its name.
        run: 'train', 'test' or 'predict': what calls it, in the example.
        when: at which moment.
        printed: what the method of the example prints.
        lines: what comes then.
    """

    def method(self: Any, *_: Any, **__: Any) -> Any:  # noqa: ARG001 (subclasses name the parameters as they like)
        return DONE

    numbered = [name for name in ("epoch", "batch") if name in event]
    taken = [*numbered, "logs"]
    words = {**_WORDS, "logs": _LOGS.get(event, "dict, empty.")}
    said = "\n".join(f"    {name}: {words[name]}" for name in taken)
    method.__name__, method.__qualname__ = event, f"Callback.{event}"
    method.__doc__ = f"""Is called {when}; a subclass overrides it, as a method or as a coroutine. Here it does nothing.

Args:
{said}

Returns nothing; a coroutine is awaited.

Example:
    >>> from tfjs_pyo import keras
    >>> class Note(keras.callbacks.Callback):
    ...     def {event}(self, {", ".join(taken)}=None):
    ...         print({printed})
    >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    >>> model.compile("sgd", "mse")
    >>> _ = {_RUNS[run]}
    {f"{chr(10)}    ".join(lines)}

Source: {_PAGES[run]}
"""
    return method


__all__ = ["DONE", "EVENTS", "KERAS_EVENTS", "hook"]
