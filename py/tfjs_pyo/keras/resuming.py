"""Callbacks that keep what training has made: a backup to go on from, and averages of weights for evaluation."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.callbacks.base import KerasCallback, Logs
from tfjs_pyo.config import REQUIRED, field, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.errors import ArgumentError, FormatError, OptionError
from tfjs_pyo.io.file_errors import storage_errors
from tfjs_pyo.io.weights import decode_weights, encode_weights
from tfjs_pyo.io.writing import write_atomically
from tfjs_pyo.later import shutil
from tfjs_pyo.optimizers.slots import AVERAGE

_STATE, _BEFORE = "training_state", "training_state_before"


def _folder(owner: str, name: str, value: Any) -> Path:
    if not isinstance(value, (str, os.PathLike)) or not os.fspath(value):
        raise OptionError(f"{owner}: expected {name!r} to be the path of a folder, received {value!r}.")
    return Path(value)


def _frequency(owner: str, name: str, value: Any) -> Any:
    """Returns 'epoch' or a number of batches; a conversion for fields."""
    return value if value == "epoch" else positive_int(owner, name, value)


class BackupAndRestore(KerasCallback):
    """Keeps the state of training in a folder, and goes on from it in the next `fit` after one that was interrupted.

    Weights and the state of the optimizer are kept, and the epoch. In the page files last as long as the tab.

    Args:
        backup_dir: folder of the backup, for no other use.
        save_freq: 'epoch', or after how many batches each it is made.
        double_checkpoint: whether the backup before the last one is kept, for a last one that is broken.
        delete_checkpoint: whether the folder is removed after training.

    Raises:
        ArgumentError: the backup is of another model.
        StorageError: the folder cannot be written.
        FormatError: the backup is broken.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        >>> model.compile("sgd", "mse")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     backup = keras.callbacks.BackupAndRestore(folder, delete_checkpoint=False)
        ...     first = model.fit([[1.0]], [[2.0]], epochs=2, verbose=0, callbacks=[backup])
        ...     second = model.fit([[1.0]], [[2.0]], epochs=3, verbose=0, callbacks=[backup])
        >>> first.epoch, second.epoch
        ([0, 1], [2])

    Source: https://keras.io/api/callbacks/backup_and_restore/
    """

    backup_dir: Any = field(REQUIRED, _folder, saved=False)
    save_freq: Any = field("epoch", _frequency)
    double_checkpoint: bool = field(False)
    delete_checkpoint: bool = field(True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._epoch = self._batches = 0

    def handlers(self) -> dict[str, Any]:
        found = super().handlers()
        return {
            e: handler for e, handler in found.items() if e != "on_batch_end" or self.save_freq != "epoch"
        }

    async def on_train_begin(self) -> None:
        self._epoch = self._batches = 0
        with storage_errors(self.display_name, Path(self.backup_dir), "read"):
            found = self._read(_STATE) or self._read(_BEFORE)
            is_broken = found is None and self._path(_STATE).exists()
        if is_broken:
            raise FormatError(
                f"{self.display_name}: the backup in {str(self.backup_dir)!r} is broken. Remove the folder to begin anew."
            )
        if found is not None:
            await self._restore(*found)

    async def on_epoch_end(self, epoch: int) -> None:
        self._epoch = epoch + 1
        if self.save_freq == "epoch":
            await self._save()

    async def on_batch_end(self, batch: int) -> None:
        del batch
        self._batches += 1
        if self._batches % self.save_freq == 0:
            await self._save()

    def on_train_end(self) -> None:
        if self.delete_checkpoint:
            shutil.rmtree(self.backup_dir, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return Path(self.backup_dir) / name

    async def _save(self) -> None:
        weights = [{"name": str(i), "tensor": w.read()} for i, w in enumerate(self.model.weights)]
        state = await self.model.optimizer.state_of(self.model.trainable_weights)
        parts = [await encode_weights(weights), await encode_weights(state)]
        told = {
            "epoch": self._epoch,
            "specs": [part["specs"] for part in parts],
            "size": len(parts[0]["data"]),
        }
        head = json.dumps(told).encode()
        with storage_errors(self.display_name, self.backup_dir, "written"):
            if self.double_checkpoint and self._path(_STATE).exists():
                self._path(_STATE).replace(self._path(_BEFORE))
            write_atomically(self._path(_STATE), b"".join((head, b"\n", parts[0]["data"], parts[1]["data"])))

    def _read(self, name: str) -> tuple[int, list[Tensor], list[dict[str, Any]]] | None:
        """Returns epoch, weights and state of the optimizer; None if there is no such file, or a broken one."""
        if not self._path(name).exists():
            return None
        head, _, data = self._path(name).read_bytes().partition(b"\n")
        try:
            told = json.loads(head)
            size = told["size"]
            weights = decode_weights(data[:size], told["specs"][0])
            state = decode_weights(data[size:], told["specs"][1])
        except (ValueError, KeyError, TypeError, FormatError):
            return None
        return told["epoch"], list(weights.values()), [{"name": n, "tensor": t} for n, t in state.items()]

    async def _restore(self, epoch: int, weights: list[Tensor], state: list[dict[str, Any]]) -> None:
        shapes = [tuple(weight.shape) for weight in self.model.weights]
        if shapes != [tuple(value.shape) for value in weights]:
            raise ArgumentError(
                f"{self.display_name}: the backup in {str(self.backup_dir)!r} is of another model: its weights have shapes "
                f"{[tuple(value.shape) for value in weights]}, those of this one {shapes}."
            )
        for weight, value in zip(self.model.weights, weights, strict=True):
            weight.assign(value)
        self.model.optimizer.build(self.model.trainable_weights)
        await self.model.optimizer.set_weights(state)
        self.model._epoch_to_begin_with = self._epoch = epoch


class SwapEMAWeights(KerasCallback):
    """Lets evaluation use the moving averages of weights, which an optimizer with `use_ema=True` keeps.

    Args:
        swap_on_epoch: whether weights are also averages between the end of an epoch and the beginning of the next one, for
            callbacks that save the model.

    Raises:
        ArgumentError: the optimizer keeps no averages.

    Example:
        >>> from tfjs_pyo import keras
        >>> optimizer = keras.optimizers.SGD(0.25, use_ema=True, ema_momentum=0.5)
        >>> model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")])
        >>> model.compile(optimizer, "mse")
        >>> swap = keras.callbacks.SwapEMAWeights(swap_on_epoch=True)
        >>> history = model.fit([[1.0]], [[1.0]], epochs=2, verbose=0, callbacks=[swap])
        >>> model.get_weights()
        [array([[0.625]], dtype=float32)]

    Source: https://keras.io/api/callbacks/swap_ema_weights/
    """

    swap_on_epoch: bool = field(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._swapped = False

    def on_epoch_begin(self) -> None:
        if self.swap_on_epoch and self._swapped:
            self._swap(False)

    def on_epoch_end(self, epoch: int, logs: Logs) -> None:
        del logs
        if self.swap_on_epoch and not self._swapped:
            self._swap(True)
            if epoch == self.params["epochs"] - 1:
                for variable, average in self._pairs():
                    average.assign(variable.read())

    def on_test_begin(self) -> None:
        if not self._swapped:
            self._swap(True)

    def on_test_end(self) -> None:
        if self._swapped:
            self._swap(False)

    def on_predict_begin(self) -> None:
        self.on_test_begin()

    def on_predict_end(self) -> None:
        self.on_test_end()

    def _pairs(self) -> list[tuple[Variable, Variable]]:
        """Returns each trained variable with its average."""
        optimizer = getattr(self.model.optimizer, "inner_optimizer", self.model.optimizer)
        inner = optimizer.optimizers if hasattr(optimizer, "optimizers") else [optimizer]
        if not any(each.use_ema for each in inner):
            raise ArgumentError(
                f"{self.display_name}: expected an optimizer with use_ema=True, which keeps averages of weights, received "
                f"{optimizer.display_name}."
            )
        found = [
            (variable, each._slots.get((variable.id, AVERAGE)))
            for each in inner
            for variable in self.model.trainable_weights
        ]
        return [(variable, average) for variable, average in found if average is not None]

    def _swap(self, swapped: bool) -> None:
        for variable, average in self._pairs():
            before = ops.clone(variable.read())
            variable.assign(average.read())
            average.assign(before)
        self._swapped = swapped


__all__ = ["BackupAndRestore", "SwapEMAWeights"]
