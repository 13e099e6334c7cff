"""`keras.callbacks.TensorBoard`: numbers of a run in files that TensorBoard reads."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from tfjs_pyo.callbacks.base import KerasCallback, Logs
from tfjs_pyo.config import field, positive_int
from tfjs_pyo.keras.event_files import EventFile


def _frequency(owner: str, name: str, value: Any) -> Any:
    """Returns 'epoch' or a number of batches; a conversion for fields."""
    return value if value == "epoch" else 1 if value == "batch" else positive_int(owner, name, value)


class TensorBoard(KerasCallback):
    """Writes loss, metrics and the learning rate to files that TensorBoard reads.

    Args:
        log_dir: folder; 'train' and 'validation' are made in it.
        histogram_freq, write_graph, write_images, write_steps_per_second, profile_batch, embeddings_freq, embeddings_metadata:
            taken as they are: only numbers are written, which a warning says where more is asked for.
        update_freq: 'epoch', 'batch', or after how many batches each the numbers of batches are written, too.

    Raises:
        StorageError: the files cannot be written.

    Example:
        >>> from tfjs_pyo import keras
        >>> import os, tempfile
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     board = keras.callbacks.TensorBoard(folder)
        ...     history = model.fit([[1.0]], [[2.0]], verbose=0, callbacks=[board])
        ...     os.listdir(folder)
        ['train']

    Source: https://keras.io/api/callbacks/tensorboard/
    """

    log_dir: Any = field("logs", saved=False)
    histogram_freq: int = field(0)
    write_graph: bool = field(True)
    write_images: bool = field(False)
    write_steps_per_second: bool = field(False)
    update_freq: Any = field("epoch", _frequency)
    profile_batch: Any = field(0)
    embeddings_freq: int = field(0)
    embeddings_metadata: Any = field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._files: dict[str, EventFile] = {}
        self._batches = 0
        asked = (
            "histogram_freq",
            "write_images",
            "write_steps_per_second",
            "profile_batch",
            "embeddings_freq",
        )
        more = [name for name in asked if getattr(self, name)]
        if more:
            warnings.warn(
                f"{self.display_name}: only numbers are written; {', '.join(more)} has no effect.",
                stacklevel=2,
            )

    def handlers(self) -> dict[str, Any]:
        found = super().handlers()
        return {
            e: handler for e, handler in found.items() if e != "on_batch_end" or self.update_freq != "epoch"
        }

    def on_train_begin(self) -> None:
        self._files = {}

    def on_batch_end(self, batch: int, logs: Logs) -> None:
        del batch
        self._batches += 1
        if self._batches % self.update_freq == 0:
            self._add("train", {f"batch_{name}": value for name, value in logs.items()}, self._batches)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        of_training = {n: value for n, value in logs.items() if not n.startswith("val_")}
        rate = self.model.optimizer.rate.data_sync()[0]
        self._add(
            "train", {**{f"epoch_{n}": v for n, v in of_training.items()}, "epoch_learning_rate": rate}, epoch
        )
        of_validation = {n.removeprefix("val_"): value for n, value in logs.items() if n.startswith("val_")}
        if of_validation:
            self._add("validation", {f"epoch_{n}": value for n, value in of_validation.items()}, epoch)

    def _add(self, kind: str, numbers: dict[str, float], step: int) -> None:
        if kind not in self._files:
            self._files[kind] = EventFile(self.display_name, Path(os.fspath(self.log_dir)) / kind)
        for tag, value in numbers.items():
            self._files[kind].add(tag, float(value), step)


__all__ = ["TensorBoard"]
