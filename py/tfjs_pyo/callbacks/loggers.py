"""Callbacks that look at every epoch's numbers: a table in a file, and an end when they are no numbers any more."""

from __future__ import annotations

import math
import os
from typing import TYPE_CHECKING, Any

from tfjs_pyo.callbacks.base import Logs, OptionCallback
from tfjs_pyo.config import field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import OptionError
from tfjs_pyo.later import Later, csv, pathlib
from tfjs_pyo.types import PathLike

if TYPE_CHECKING:
    from tfjs_pyo.io import file_errors
else:
    file_errors = Later("tfjs_pyo.io.file_errors")


class NotFiniteError(RuntimeError, ArithmeticError):
    """A loss that is NaN or infinite."""


class TerminateOnNaN(OptionCallback):
    """Stops training after an epoch in which the loss became NaN or infinite.

    Keras looks after each batch. Here an epoch runs without Python; a loss that is not finite in any batch makes that
    of the epoch so.

    Args:
        raise_error: whether training ends with an error.
        restore_weights: whether the weights come back that the model had before that epoch.

    Raises:
        ArithmeticError: if `raise_error`.

    Attributes:
        stopped_epoch: number of the epoch, or None.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> stop = tf.callbacks.TerminateOnNaN()
        >>> history = asyncio.run(model.fit(x, y * float("inf"), {"epochs": 9, "callbacks": stop}))
        Epoch 1: the loss is inf, training stops.
        >>> stop.stopped_epoch
        0

    Source: https://keras.io/api/callbacks/terminate_on_nan/
    """

    raise_error: bool = field(False)
    restore_weights: bool = field(False, keyword_only=True)

    def on_train_begin(self) -> None:
        self.stopped_epoch: int | None = None
        self._keep()

    def _keep(self) -> None:
        self._weights: list[Tensor] = []
        if self.restore_weights:
            self._weights = self.copied_weights()

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        if math.isfinite(logs["loss"]):
            self._keep()
            return
        self.stopped_epoch = epoch
        self.model.stop_training = True
        if self.restore_weights:
            self.model.set_weights(self._weights)
        if self.raise_error:
            raise NotFiniteError(f"{self.display_name}: the loss of epoch {epoch + 1} is {logs['loss']}.")
        print(f"Epoch {epoch + 1}: the loss is {logs['loss']}, training stops.")


class CSVLogger(OptionCallback):
    """Writes a line per epoch to a file of comma-separated values; the first line has the names.

    Args:
        filename: path, or an open text file, which stays open.
        separator: between values.
        append: whether what the file has stays.

    Raises:
        OptionError: neither a path nor a file.

    Example:
        >>> import tfjs_pyo as tf
        >>> import asyncio, io
        >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
        >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
        >>> x, y = tf.tensor([[1], [2]]), tf.tensor([[2], [4]])
        >>> table = io.StringIO()
        >>> logger = tf.callbacks.CSVLogger(table)
        >>> history = asyncio.run(model.fit(x, y, {"epochs": 2, "callbacks": logger}))
        >>> [line.split(",")[0] for line in table.getvalue().splitlines()]
        ['epoch', '0', '1']

    Source: https://keras.io/api/callbacks/csv_logger/
    """

    filename: PathLike = field(saved=False)
    separator: str = field(",")
    append: bool = field(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not isinstance(self.filename, (str, os.PathLike)) and not hasattr(self.filename, "write"):
            raise OptionError(
                f"{self.display_name}: expected 'filename' to be a path or an open text file, received {self.filename!r}."
            )
        self._names: list[str] = []

    @property
    def _path(self) -> pathlib.Path | None:
        return None if hasattr(self.filename, "write") else pathlib.Path(self.filename)

    def on_train_begin(self) -> None:
        if self._path is not None and not self.append:
            with file_errors.storage_errors("csvLogger", self._path, "written"):
                self._path.write_text("", encoding="utf-8")
        self._names = []

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        if self._path is None:
            self._write(self.filename, epoch, logs, headed=False)
            return
        with file_errors.storage_errors("csvLogger", self._path, "written"):
            headed = self._path.exists() and self._path.stat().st_size > 0
            with self._path.open("a", encoding="utf-8", newline="") as file:
                self._write(file, epoch, logs, headed)

    def _write(self, file: Any, epoch: int, logs: Logs, headed: bool) -> None:
        rows = csv.writer(file, delimiter=self.separator, lineterminator="\n")
        if not self._names:
            self._names = sorted(logs)
            if not headed:
                rows.writerow(["epoch", *self._names])
        rows.writerow([epoch, *(logs.get(name, "NA") for name in self._names)])
