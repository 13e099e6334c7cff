"""One run of `fit`: stretches of epochs that the backend replays by itself, callbacks, validation, history."""

from __future__ import annotations

import random
import time
import warnings
from array import array
from collections.abc import Callable, Coroutine, Generator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any

from tfjs_pyo import ops
from tfjs_pyo.callbacks.base import CallbackList, History, Logs
from tfjs_pyo.config import positive_int
from tfjs_pyo.core import rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import run_loop
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.models.data import batches, identity_order, part
from tfjs_pyo.models.weights import class_weights, sample_weights

if TYPE_CHECKING:
    from tfjs_pyo.models.training import Trainer

_STRETCH_INDICES = 1 << 18
"""Indices of shuffled samples uploaded for one stretch of epochs."""
_STRETCH_EPOCHS = 200


class NotAwaitedError(ArgumentError, AttributeError):
    """The result of `fit` was used as if training had run, but nobody awaited it."""


class Pending(Coroutine[Any, Any, History]):
    """What `fit` returns: training that starts when it is awaited; a coroutine for `asyncio.run` and `create_task`."""

    def __init__(self, start: Callable[[], Coroutine[Any, Any, History]], what: str) -> None:
        self._start = start
        self._what = what
        self._running: Coroutine[Any, Any, History] | None = None

    def _coroutine(self) -> Coroutine[Any, Any, History]:
        if self._running is None:
            self._running = self._start()
        return self._running

    def __await__(self) -> Generator[Any, Any, History]:
        return self._coroutine().__await__()

    def send(self, value: Any) -> Any:
        """Goes on; for the event loop."""
        return self._coroutine().send(value)

    def throw(
        self,
        typ: type[BaseException] | BaseException,
        val: BaseException | object = None,
        tb: TracebackType | None = None,
    ) -> Any:
        """Raises an exception inside; for the event loop."""
        if isinstance(typ, BaseException):
            return self._coroutine().throw(typ)
        error = val if isinstance(val, BaseException) else typ()
        return self._coroutine().throw(error.with_traceback(tb))

    def close(self) -> None:
        """Ends training, or says that it shall never start."""
        self._coroutine().close()

    def __getattr__(self, name: str) -> Any:
        if name.startswith(("_", "cr_", "gi_")):
            raise AttributeError(name)
        raise NotAwaitedError(
            f"{self._what}: expected `await` before the call: `history = await model.{self._what}(...)`."
        )

    def __repr__(self) -> str:
        if self._running is not None:
            return f"<{self._what} has started>"
        return f"<{self._what} has not started: write `await model.{self._what}(...)`>"

    def __del__(self) -> None:
        if self._running is None:
            warnings.warn(
                f"model.{self._what}(...) was not awaited, so nothing was trained. Write `await model.{self._what}(...)`.",
                RuntimeWarning,
                stacklevel=2,
            )


class Fit:
    """One run of `fit`."""

    def __init__(self, model: Trainer, x: Any, y: Any, options: dict[str, Any]) -> None:
        self.model = model
        self.owner = f"{model.label}: fit"
        self.epochs = positive_int(self.owner, "epochs", options.get("epochs", 1))
        self.initial_epoch = self._first_epoch(options.get("initial_epoch", 0))
        self.verbose = options.get("verbose", 0)
        self.shuffle = bool(options.get("shuffle", True))
        self.batch_size = positive_int(self.owner, "batch_size", options.get("batch_size") or 32)
        self.x, self.y, self.count = model.prepare("fit", x, y)
        outputs = len(self.y)
        self.y += sample_weights(self.owner, options.get("sample_weight"), model.output_names(), self.count)
        self.validation = self._held_out(options.get("validation_split"), options.get("validation_data"))
        by_class = class_weights(
            self.owner, options.get("class_weight"), self.y[:outputs], model.output_names()
        )
        given = self.y[outputs:]
        if by_class:
            both = [a * b for a, b in zip(given, by_class, strict=True)] if given else by_class
            self.y = [*self.y[:outputs], *both]
        self.batch = min(self.batch_size, self.count)
        params = {
            "epochs": self.epochs,
            "initial_epoch": self.initial_epoch,
            "samples": self.count,
            "steps": sum(times for _, times in batches(self.count, self.batch)),
            "batch_size": self.batch,
            "verbose": self.verbose,
            "do_validation": self.validation is not None,
            "metrics": model.metrics_names,
        }
        self.callbacks = CallbackList(options.get("callbacks"), model, params)
        self.history = History()
        self.shuffler = random.Random(rng.mix(rng.seed_word(), rng.reserve(1)))  # noqa: S311 (an order, no secret)

    def _first_epoch(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise OptionError(
                f"{self.owner}: expected 'initialEpoch' to be an integer from 0, received {value!r}."
            )
        return value

    def _held_out(self, share: Any, data: Any) -> tuple[list[Tensor], list[Tensor], int] | None:
        """Returns x, y and count of the samples to validate with; takes those of validationSplit off the others."""
        if data is not None:
            if not isinstance(data, (list, tuple)) or len(data) not in (2, 3):
                raise ArgumentError(
                    f"{self.owner}: expected 'validationData' to be a pair (x, y), received {type(data).__name__}"
                    f"{f' of {len(data)}' if isinstance(data, (list, tuple)) else ''}."
                )
            x, y, count = self.model.prepare("fit: validationData", data[0], data[1])
            weights = data[2] if len(data) == 3 else None
            y += sample_weights(f"{self.owner}: validationData", weights, self.model.output_names(), count)
            return x, y, count
        if not share:
            return None
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 < share < 1:
            raise OptionError(
                f"{self.owner}: expected 'validationSplit' between 0 and 1, received {share!r}."
            )
        kept = int(self.count * (1 - share))
        if not 0 < kept < self.count:
            raise OptionError(
                f"{self.owner}: 'validationSplit' {share} of {self.count} samples leaves an empty part."
            )
        rest = self.count - kept
        held = [part(t, kept, rest) for t in self.x], [part(t, kept, rest) for t in self.y], rest
        self.x, self.y = [part(t, 0, kept) for t in self.x], [part(t, 0, kept) for t in self.y]
        self.count = kept
        return held

    @property
    def stretch(self) -> int:
        """How many epochs run without Python."""
        listens = self.callbacks.listens(
            "on_epoch_begin", "on_epoch_end", "on_batch_begin", "on_batch_end", "on_yield"
        )
        if self.verbose or self.validation or listens:
            return 1
        return max(1, min(_STRETCH_EPOCHS, _STRETCH_INDICES // self.count, self.epochs - self.initial_epoch))

    def order(self, epochs: int) -> Tensor:
        """Returns the order of samples of a stretch of epochs, padded to the length for which steps are compiled."""
        if not self.shuffle:
            return identity_order(self.count)
        rows, unshuffled = array("i"), range(self.count)
        for _ in range(epochs):
            row = array("i", unshuffled)
            self.shuffler.shuffle(row)
            rows.extend(row)
        rows.extend(array("i", bytes(4 * (self.stretch * self.count - len(rows)))))
        return ops.tensor1d(rows, "int32")

    async def run(self) -> History:
        """Trains.

        Raises:
            ArgumentError: the model is being trained already.
        """
        model = self.model
        if model.is_training:
            raise ArgumentError(
                f"{self.owner}: expected one fit at a time, but another one is still running."
            )
        model.is_training = True
        model.stop_training = False
        try:
            await self.callbacks.call("on_train_begin", {})
            await self._epochs()
            await self.callbacks.call("on_train_end", {})
        finally:
            model.is_training = False
        return self.history

    async def _epochs(self) -> None:
        model, calls = self.model, self.callbacks
        unshuffled = None if self.shuffle else self.order(1)
        epoch = self.initial_epoch
        while epoch < self.epochs and not model.stop_training:
            epochs = min(self.stretch, self.epochs - epoch)
            began = time.perf_counter()
            await calls.call("on_epoch_begin", epoch, {})
            order = self.order(epochs) if unshuffled is None else unshuffled
            if calls.listens("on_batch_begin", "on_batch_end"):
                rows = [await self._by_batch(order)]
            else:
                rows = await self._replay(order, epochs)
            for row in rows:
                logs: Logs = dict(zip(model.metrics_names, row, strict=True))
                if self.validation is not None:
                    values = await model.measure(*self.validation, self.batch_size)
                    logs.update(
                        (f"val_{name}", v) for name, v in zip(model.metrics_names, values, strict=True)
                    )
                if self.verbose:
                    print(_line(epoch, self.epochs, time.perf_counter() - began, logs))
                await calls.call("on_epoch_end", epoch, logs)
                self.history.note(epoch, logs)
                epoch += 1
            await calls.call("on_yield", epoch - 1, 0, {})

    async def _replay(self, order: Tensor, epochs: int) -> list[list[float]]:
        """Returns the means of loss and metrics of epochs that run without Python."""
        model = self.model
        segments = model.segments(self.count, self.batch, self.x, self.y, order, True)
        steps = sum(times for _, times in segments)
        counters = {
            "start": (0.0, float(self.count if self.shuffle else 0), float(self.batch)),
            "left": (float(self.count), 0.0, -float(self.batch)),
            "batch": (0.0, 0.0, 1.0),
            "rng": (float(rng.reserve(epochs * steps)), float(steps), 1.0),
        }
        feeds = [*self.x, *self.y, order]
        rows = await run_loop(segments, feeds, epochs, counters, model.training_log.variable(True))
        return [await model.training_log.numbers(row, self.count) for row in rows]

    async def _by_batch(self, order: Tensor) -> list[float]:
        """Runs one epoch step by step, with Python in between, because a callback listens to batches."""
        model, names = self.model, self.model.metrics_names
        totals: list[float] = []
        number = seen = 0
        for step, times in model.segments(self.count, self.batch, self.x, self.y, order, True):
            for _ in range(times):
                size = min(self.batch, self.count - seen)
                await self.callbacks.call("on_batch_begin", number, {"batch": number, "size": size})
                left = self.count - seen
                counters = {"start": seen, "left": left, "batch": 0, "rng": rng.reserve(1)}
                step.run([*self.x, *self.y, order], counters)
                sums = [float(value) for value in await model.training_log.variable(True).data()]
                totals = [total + value for total, value in zip(totals, sums, strict=True)] if seen else sums
                seen += size
                logs = dict(zip(names, await model.training_log.numbers(sums, size), strict=True))
                await self.callbacks.call("on_batch_end", number, {"batch": number, "size": size, **logs})
                number += 1
                if model.stop_training:
                    return await model.training_log.numbers(totals, seen)
        return await model.training_log.numbers(totals, seen)


def _line(epoch: int, epochs: int, seconds: float, logs: Logs) -> str:
    numbers: Sequence[str] = [f"{name}: {value:.4f}" for name, value in logs.items()]
    return f"Epoch {epoch + 1}/{epochs} - {seconds:.2f}s - {' - '.join(numbers)}"
