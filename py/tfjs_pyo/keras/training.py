"""Keras's face of training: synchronous, NumPy out, Keras's names and defaults, over the one trainer of `models`."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from tfjs_pyo import ops, options
from tfjs_pyo.backends.protocol import Control
from tfjs_pyo.callbacks.base import CallbackList, History, Logs
from tfjs_pyo.config import positive_int
from tfjs_pyo.core import context
from tfjs_pyo.core.blocking import turn, wait
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.keras import optimizers
from tfjs_pyo.keras.arrays import as_arrays
from tfjs_pyo.keras.config import limited_epochs, limited_steps
from tfjs_pyo.keras.objectives import label_of, metric_for, names_of_metrics, objectives_for
from tfjs_pyo.keras.passes import FitInPasses
from tfjs_pyo.keras.progress import Bars
from tfjs_pyo.layers.holding import is_ours
from tfjs_pyo.layers.passing import masks_of
from tfjs_pyo.losses import functions as losses
from tfjs_pyo.losses.keras_functions import same_rank
from tfjs_pyo.metrics.base import MeanOf, Metric
from tfjs_pyo.metrics.means import MeanMetricWrapper
from tfjs_pyo.models.keras_files.objects import serialized
from tfjs_pyo.models.loading.objects import deserialized
from tfjs_pyo.models.loading.reviving import Reviver
from tfjs_pyo.models.training.batch_sizes import batch_size as size_of_batch
from tfjs_pyo.models.training.batch_sizes import check_whole
from tfjs_pyo.models.training.inputs import Rows, part, sample_count
from tfjs_pyo.models.training.iterables import END, Stream, count_of, is_stream, parts_of
from tfjs_pyo.models.training.log import Entry
from tfjs_pyo.models.training.measuring import Audience, Held, Streamed, Validation, evaluated
from tfjs_pyo.models.training.objectives import Objective
from tfjs_pyo.models.training.run import Run
from tfjs_pyo.models.training.trainer import Trainer
from tfjs_pyo.options import whole
from tfjs_pyo.shapes import can_broadcast
from tfjs_pyo.types import (
    Batches,
    CallbacksLike,
    ClassWeights,
    Data,
    LossesLike,
    LossWeights,
    MetricsLike,
    OptimizerLike,
    SampleWeights,
    Verbose,
)

_OF_ONE_SHAPE = (losses.binary_crossentropy, losses.categorical_crossentropy)
"""Losses that take targets and predictions of one shape only."""

Outputs = list[Tensor]
Batch = Callable[[], Outputs]
"""Computes the outputs of a batch."""


class Training(Trainer):
    """What models of Keras's face have in place of TensorFlow.js's methods of the same names."""

    run_eagerly: bool = False
    steps_per_execution: int = 1
    jit_compile: Any = "auto"
    auto_scale_loss: bool = True

    # compile

    def compile(  # type: ignore[override]
        self,
        optimizer: OptimizerLike = "rmsprop",
        loss: LossesLike | None = None,
        loss_weights: LossWeights | None = None,
        metrics: MetricsLike | None = None,
        weighted_metrics: MetricsLike | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: Any = "auto",
        auto_scale_loss: bool = True,
    ) -> None:
        """Chooses how the model is trained.

        Args:
            optimizer: name, config or instance.
            loss: name, function of (y_true, y_pred), or object of `keras.losses`; for several outputs a list, or a dict by their
                names, in which None or a missing name leaves an output without. Without any, losses are those of `add_loss`.
            loss_weights: factors of the losses of several outputs in the total; a list, or a dict by output.
            metrics: a list of names, functions or objects of `keras.metrics`; for several outputs a list of lists, or a dict.
            weighted_metrics: metrics in which samples count by their weights.
            run_eagerly: whether `train_step` and its kin run as they are written, batch by batch, instead of being recorded once.
            steps_per_execution: accepted as it is: steps run without Python in between wherever no callback asks for batches.
            jit_compile: accepted as it is: steps are compiled always.
            auto_scale_loss: accepted as it is: computing in float32 needs no scaled loss.

        Raises:
            OptionError: an unknown name; the message has the nearest ones.
            ArgumentError: not as many losses or metrics as outputs.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.keras.Sequential([tf.keras.layers.Dense(1, input_shape=(2,))])
            >>> model.compile("adam", "mse", metrics=["mae"])
            >>> model.evaluate([[1.0, 2.0]], [[0.0]], verbose=0, return_dict=True).keys()
            dict_keys(['loss', 'mae'])

        Source: https://keras.io/api/models/model_training_apis/#compile-method
        """
        self._check_idle("compile")
        owner = f"{self.display_name}: compile"
        self.steps_per_execution = positive_int(owner, "steps_per_execution", steps_per_execution)
        self.run_eagerly, self.jit_compile = bool(run_eagerly), jit_compile
        self.auto_scale_loss = bool(auto_scale_loss)
        given = {"loss": loss, "loss_weights": loss_weights, "metrics": metrics}
        self._choose(optimizers.get(optimizer), {**given, "weighted_metrics": weighted_metrics})
        self._owns_optimizer = isinstance(optimizer, str)
        self._compile_arguments = {
            **given,
            "weighted_metrics": weighted_metrics,
            "run_eagerly": self.run_eagerly,
            "steps_per_execution": self.steps_per_execution,
            "jit_compile": jit_compile,
        }

    def get_compile_config(self) -> dict[str, Any] | None:
        """Returns how the model was compiled, as files have it; None if it was not. A subclass may define it.

        Source: https://keras.io/api/models/model_saving_apis/
        """
        given = vars(self).get("_compile_arguments")
        if given is None or self.optimizer is None:
            return None
        told: dict[str, Any] = serialized({"optimizer": self.optimizer, **given})
        return told

    def compile_from_config(self, config: Mapping[str, Any]) -> None:
        """Compiles the model as `get_compile_config` says. A subclass may define it.

        Args:
            config: what `get_compile_config` gave.

        Raises:
            OptionError: it names an unknown class or function.

        Source: https://keras.io/api/models/model_saving_apis/
        """
        if not is_ours(next(base for base in type(self).__mro__ if "compile" in vars(base))):
            warnings.warn(
                f"{self.display_name}: compile() was not called when the model was loaded, as its class has one of its own. "
                "Call it, or define get_compile_config() and compile_from_config(config).",
                stacklevel=2,
            )
            return
        owner = f"{self.display_name}: compile_from_config"
        known = inspect.signature(Training.compile).parameters
        given = {name: value for name, value in config.items() if name in known}
        self.compile(**deserialized(given, Reviver(owner)))

    @property
    def compiled(self) -> bool:
        """Whether `compile` was called."""
        return self.optimizer is not None

    def _objectives_for(self, given: dict[str, Any], outputs: list[str]) -> list[Objective]:
        return objectives_for(f"{self.display_name}: compile", given, outputs)

    def _metric_for(self, wanted: Any, objective: Objective, true: Tensor, predicted: Tensor) -> Any:
        return metric_for(f"{self.display_name}: metrics", wanted, objective, true, predicted)

    def _target(self, objective: Objective, true: Tensor, predicted: Tensor) -> Tensor:
        """Returns targets as they are where Keras's losses bring shapes together; says else what does not fit."""
        loss = losses.like(objective.loss) if objective.loss is not None else None
        if loss is losses.sparse_categorical_crossentropy or true.shape == predicted.shape:
            return super()._target(objective, true, predicted)
        found, wanted = (each.shape for each in same_rank(true, predicted))
        if found == wanted and true.rank > 1:  # an axis of size 1 at the end of one of them
            return true
        spread = loss not in _OF_ONE_SHAPE and can_broadcast(found, wanted)
        return true if spread else super()._target(objective, true, predicted)

    @property
    def metrics_names(self) -> list[str]:
        """What the numbers of the log are called."""
        with_loss = [objective.name for objective in self._objectives if objective.loss is not None]
        several = len(self.output_names) > 1
        names = ["loss", *(f"{name}_loss" for name in with_loss if len(with_loss) > 1)]
        return [*names, *names_of_metrics(self._objectives, several)]

    def _in_order(self, logs: Logs) -> Logs:
        return dict(sorted(logs.items()))

    def _flattened(self, logs: Mapping[str, float]) -> float | list[float]:
        """Returns numbers in the order of Keras's lists: the loss, metrics of a single output, losses of outputs, others."""
        names = ["loss"]
        for metrics in ("metrics", "weighted_metrics"):
            names += [label_of(metric) for each in self._objectives for metric in getattr(each, metrics)]
        names += [f"{objective.name}_loss" for objective in self._objectives]
        first = [name for name in names if name in logs]
        numbers = [logs[name] for name in (*first, *sorted(set(logs) - set(first)))]
        return numbers[0] if len(numbers) == 1 else numbers

    # fit

    def fit(  # type: ignore[override]
        self,
        x: Batches = None,
        y: Data | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: Verbose = "auto",
        callbacks: CallbacksLike | None = None,
        validation_split: float = 0.0,
        validation_data: Batches | None = None,
        shuffle: bool = True,
        class_weight: ClassWeights | None = None,
        sample_weight: SampleWeights | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: Any = 1,
    ) -> History:
        """Trains the model, and returns when that is done; meanwhile the page and other cells go on where the browser allows it.

        Args:
            x, y: arrays, tensors, frames of pandas or nested lists; for several inputs or outputs a list or a dict by name.
                Or x is what gives batches (x, y) or (x, y, sample_weight): a generator, a PyDataset, a dataset of tf.data.
            batch_size: samples per step; default: 32.
            epochs: number of the epoch after which training ends.
            verbose: 0 prints nothing, 1 or 'auto' a progress bar for each epoch, 2 a line for each.
            callbacks: a list of `keras.callbacks`.
            validation_split: share of the last samples that is kept for validation.
            validation_data: (x, y), (x, y, sample_weight), or what gives batches, to evaluate after epochs.
            shuffle: whether samples come in a new order in each epoch; of a PyDataset, whether batches do.
            class_weight: factors of the losses of samples by the number of their class; 1 for classes that it leaves out.
            sample_weight: a factor of the loss of each sample, or of each step of it.
            initial_epoch: number of the first epoch.
            steps_per_epoch: batches of an epoch; the next one goes on where it ended. Default: all.
            validation_steps: batches to evaluate; default: all.
            validation_batch_size: samples per batch of evaluation; default: the batch size.
            validation_freq: an evaluation after every so many epochs, or a list of epochs, counted from 1.

        Returns:
            A History, whose `history` has a list of numbers for each key of the log.

        Raises:
            ArgumentError: the model was not compiled, or another fit is under way.
            ShapeError: the data do not fit the model; the message has both shapes.

        Example:
            >>> import tfjs_pyo as tf
            >>> model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
            >>> model.compile("sgd", "mse", metrics=["mae"])
            >>> history = model.fit([[1.0], [2.0]], [[1.0], [3.0]], epochs=3, verbose=0)
            >>> len(history.history["mae"]), history.epoch
            (3, [0, 1, 2])

        Source: https://keras.io/api/models/model_training_apis/#fit-method
        """
        owner = f"{self.display_name}: fit"
        steps_per_epoch = limited_steps(owner, "steps_per_epoch", steps_per_epoch)
        if validation_data is not None or validation_split:
            validation_steps = limited_steps(owner, "validation_steps", validation_steps)
        options = {
            "batch_size": batch_size, "epochs": limited_epochs(owner, epochs), "verbose": _verbosity(owner, verbose),
            "callbacks": callbacks, "validation_split": validation_split, "validation_data": validation_data,
            "shuffle": shuffle, "class_weight": class_weight, "sample_weight": sample_weight,
            "initial_epoch": initial_epoch, "validation_steps": validation_steps,
            "validation_batch_size": validation_batch_size, "validation_freq": validation_freq,
        }  # fmt: skip
        if y is None and is_stream(x):
            options["batch_size"] = None  # batches come as they are
        return wait(self._fit_run(x, y, options, steps_per_epoch).run())

    def _fit_run(self, x: Any, y: Any, options: dict[str, Any], steps_per_epoch: int | None) -> Run:
        if steps_per_epoch is None or (y is None and is_stream(x)):
            return super()._fit_run(x, y, options, steps_per_epoch)
        self._compiled("fit")
        steps = positive_int(f"{self.display_name}: fit", "steps_per_epoch", steps_per_epoch)
        return FitInPasses(self, x, y, options, steps)

    def _count_of_epochs(self, owner: str, given: Any) -> int:
        return 0 if whole(given) == 0 else super()._count_of_epochs(owner, given)

    def _reporter(self, verbose: Any) -> Bars:
        return Bars(verbose)

    def _class_weights(self, owner: str, given: Any, targets: Outputs, usual: float | None = 1.0) -> Outputs:
        return super()._class_weights(owner, given, targets, usual)

    def _names_of_targets(self, y: Any) -> list[str]:
        return super()._names_of_targets(y) if self._objectives or y is not None else []

    def _adjusted(self, value: Tensor, expected: Any) -> Tensor:
        """Returns the value of an input, with a last axis of length 1 more or less where it needs one, as in Keras."""
        if value.rank == len(expected) - 1 and expected[-1] == 1:
            value = ops.expand_dims(value, -1)
        elif value.rank == len(expected) + 1 and value.shape[-1] == 1:
            value = ops.squeeze(value, (-1,))
        return value

    def _measured(
        self,
        wanted: Any,
        objective: Objective,
        true: Tensor,
        predicted: Tensor,
        rows: Rows,
        weight: Tensor | None,
    ) -> Entry:
        mask = masks_of(predicted)
        metric = self._metric_for(wanted, objective, true, predicted)
        if abs(true.rank - predicted.rank) == 1 and true.size == predicted.size:
            true, predicted = same_rank(true, predicted)
        if mask is None or (isinstance(metric, Metric) and not isinstance(metric, MeanOf)):
            return super()._measured(metric, objective, true, predicted, rows, weight)
        mean = metric if isinstance(metric, MeanOf) else MeanMetricWrapper(metric)
        counted = ops.cast(mask, "float32")
        if weight is not None:
            counted = counted * ops.reshape(weight, (*weight.shape, *(1 for _ in mask.shape[weight.rank :])))
        return mean, mean.compared(true, predicted, rows.weights_times(counted))

    # evaluate, predict

    def evaluate(
        self,
        x: Batches = None,
        y: Data | None = None,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        sample_weight: SampleWeights | None = None,
        steps: int | None = None,
        callbacks: CallbacksLike | None = None,
        return_dict: bool = False,
    ) -> float | list[float] | Logs:
        """Returns the loss on data, or loss and metrics.

        Args:
            x, y: as for `fit`.
            batch_size: samples per step; default: 32.
            verbose: 0 prints nothing, 1 or 'auto' a progress bar, 2 a line.
            sample_weight: as for `fit`.
            steps: batches to evaluate; default: all.
            callbacks: a list of `keras.callbacks`, whose `on_test_*` are called.
            return_dict: whether to return a dict by names instead of a list.

        Returns:
            A number where there are no metrics, else a list of numbers; or a dict. Inside of a gradient (GradientTape,
            `minimize`), tensors that it can be taken of.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
            >>> model.compile(loss="mse", metrics=["mae"])
            >>> model.evaluate([[1, 2]], [[1]], verbose=0, return_dict=True)
            {'loss': 4.0, 'mae': 2.0}

        Source: https://keras.io/api/models/model_training_apis/#evaluate-method
        """
        self._compiled("evaluate")
        if context.is_recorded():
            return super().evaluate(x, y, batch_size, 0, sample_weight)
        owner = f"{self.display_name}: evaluate"
        steps = limited_steps(owner, "steps", steps)
        data = self._to_evaluate(owner, x, y, batch_size, sample_weight, count_of(owner, "steps", steps))
        level = _verbosity(owner, verbose)
        heard = CallbackList(callbacks, self, {"verbose": level, "epochs": 1, "steps": data.steps})
        return wait(self._evaluation(data, heard, Bars(level), return_dict))

    async def _evaluation(
        self, data: Validation, callbacks: CallbackList, bars: Bars, return_dict: bool
    ) -> float | list[float] | Logs:
        made = data.steps or 0

        def show(step: int, sums: Sequence[float], samples: int) -> None:
            nonlocal made
            made = max(made, step)
            if bars.live:
                named = self._training_log.sums_of_means(False, sums, self._log_names(False))
                bars.step(step, {name: value / samples for name, value in named.items()})

        bars.begin(0, 1, data.steps)
        try:
            logs = await evaluated(self, data, Audience(callbacks, Control(), show if bars.live else None))
            bars.end(logs or {}, made or 1)
        finally:
            bars.clear()
        return (logs or {}) if return_dict else self._flattened(logs or {})

    def _to_evaluate(
        self, owner: str, x: Any, y: Any, batch_size: int | None, sample_weight: Any, steps: int | None
    ) -> Validation:
        if y is None and is_stream(x):
            return Streamed(Stream(owner, x), steps)
        batch = size_of_batch(owner, self, batch_size)
        inputs, targets, count = self._prepare("evaluate", x, y, batch)
        targets += self._sample_weights(owner, sample_weight, count)
        if steps is not None and steps * batch < count:
            count = steps * batch
            inputs, targets = [part(t, 0, count) for t in inputs], [part(t, 0, count) for t in targets]
        check_whole(owner, self, count)
        return Held(inputs, targets, count, batch)

    def predict(
        self,
        x: Batches,
        batch_size: int | None = None,
        verbose: Verbose = "auto",
        steps: int | None = None,
        callbacks: CallbacksLike | None = None,
    ) -> Any:
        """Returns the outputs for data as NumPy arrays, computed batch by batch.

        Args:
            x: as for `fit`; of batches (x, y) their x.
            batch_size: samples per step; default: 32.
            verbose: 0 prints nothing, 1 or 'auto' a progress bar, 2 a line.
            steps: batches to predict; default: all.
            callbacks: a list of `keras.callbacks`, whose `on_predict_*` are called.

        Returns:
            An array; for several outputs a list or a dict of arrays. Tensors where NumPy cannot be had, and inside of a gradient
            (GradientTape, `minimize`), which can be taken of them.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
            >>> model.predict([[1, 2], [3, 4]], verbose=0).tolist()
            [[3.0], [7.0]]

        Source: https://keras.io/api/models/model_training_apis/#predict-method
        """
        if context.is_recorded() and not is_stream(x):
            return super().predict(x, batch_size)
        owner = f"{self.display_name}: predict"
        most = count_of(owner, "steps", limited_steps(owner, "steps", steps))
        level = _verbosity(owner, verbose)
        stream = Stream(owner, x) if is_stream(x) else None
        known = stream.length if stream is not None else None
        inputs: Outputs = []
        if stream is None:
            inputs = self._inputs("predict", x)
            count, batch = sample_count(owner, inputs), size_of_batch(owner, self, batch_size)
            batch = min(batch, count)
            self._build_for(inputs, batch)
            check_whole(owner, self, count)
            known = -(-count // batch)
            batches = self._resident_batches(inputs, count, batch)
        else:
            batches = self._streamed_batches(owner, stream)
        total = known if most is None else most if known is None else min(most, known)
        heard = CallbackList(callbacks, self, {"verbose": level, "epochs": 1, "steps": total})
        found = wait(self._collected(batches, most, total, heard, Bars(level)))
        if not found:
            raise ArgumentError(f"{owner}: expected batches, but the dataset is empty or was read before.")
        return as_arrays(
            self._packed([ops.concat([each[i] for each in found]) for i in range(len(found[0]))])
        )

    async def _resident_batches(self, inputs: Outputs, count: int, batch: int) -> AsyncIterator[Batch]:
        pieces = self._pieces(inputs, count, batch)
        for _ in range(0, count, batch):
            yield lambda: next(pieces)

    async def _streamed_batches(self, owner: str, stream: Stream) -> AsyncIterator[Batch]:
        stream.restart()
        while (element := await stream.next()) is not END:
            x = parts_of(owner, element)[0] if isinstance(element, (tuple, list)) else element
            inputs = self._inputs("predict", x)
            self._build_for(inputs)
            yield partial(self._predicted, inputs)

    async def _collected(
        self,
        batches: AsyncIterator[Batch],
        most: int | None,
        total: int | None,
        callbacks: CallbackList,
        bars: Bars,
    ) -> list[Outputs]:
        """Returns the outputs of batches, between the callbacks of a prediction."""
        found: list[Outputs] = []
        listens = callbacks.listens("on_predict_batch_begin", "on_predict_batch_end")
        await callbacks.call("on_predict_begin", {})
        bars.begin(0, 1, total)
        while (most is None or len(found) < most) and (batch := await anext(batches, None)) is not None:
            await callbacks.call("on_predict_batch_begin", len(found), {})
            found.append(batch())
            bars.step(len(found), {})
            outputs = {"outputs": as_arrays(self._packed(found[-1]))} if listens else {}
            await callbacks.call("on_predict_batch_end", len(found) - 1, outputs)
            await turn()
        if found:
            bars.end({}, len(found))
        await callbacks.call("on_predict_end", {})
        return found

    def predict_on_batch(self, x: Batches) -> Any:
        """Returns the outputs for one batch as arrays.

        Args:
            x: the batch.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
            >>> model.predict_on_batch([[1, 2]]).tolist()
            [[3.0]]

        Source: https://keras.io/api/models/model_training_apis/#predictonbatch-method
        """
        found = super().predict_on_batch(x)
        return found if context.is_recorded() else as_arrays(found)

    # single batches

    def train_on_batch(  # type: ignore[override]
        self,
        x: Batches,
        y: Data | None = None,
        sample_weight: SampleWeights | None = None,
        class_weight: ClassWeights | None = None,
        return_dict: bool = False,
    ) -> float | list[float] | Logs:
        """Makes one step on one batch.

        Args:
            x, y: the batch.
            sample_weight, class_weight: as for `fit`.
            return_dict: whether to return a dict by names instead of a list.

        Returns:
            A number where there are no metrics, else a list of numbers; or a dict.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
            >>> model.compile(loss="mse", metrics=["mae"])
            >>> model.train_on_batch([[1, 2]], [[1]])
            [4.0, 2.0]

        Source: https://keras.io/api/models/model_training_apis/#trainonbatch-method
        """
        return self._of_batch("trainOnBatch", x, y, sample_weight, class_weight, return_dict)

    def test_on_batch(  # type: ignore[override]
        self,
        x: Batches,
        y: Data | None = None,
        sample_weight: SampleWeights | None = None,
        return_dict: bool = False,
    ) -> float | list[float] | Logs:
        """Measures one batch; see `train_on_batch`.

        Args:
            x, y: the batch.
            sample_weight: as for `fit`.
            return_dict: whether to return a dict by names instead of a list.

        Returns:
            A number where there are no metrics, else a list of numbers; or a dict.

        Example:
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1, kernel_initializer="ones")])
            >>> model.compile(loss="mse", metrics=["mae"])
            >>> model.test_on_batch([[1, 2]], [[1]], return_dict=True)
            {'loss': 4.0, 'mae': 2.0}

        Source: https://keras.io/api/models/model_training_apis/#testonbatch-method
        """
        return self._of_batch("testOnBatch", x, y, sample_weight, None, return_dict)

    def _of_batch(
        self, what: str, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool
    ) -> float | list[float] | Logs:
        row = wait(self._row_of_batch(what, x, y, sample_weight, class_weight))
        logs = self._as_logs(row, what == "trainOnBatch")
        return logs if return_dict else self._flattened(logs)


def _verbosity(owner: str, verbose: Any) -> int:
    """Returns 0, 1 or 2."""
    verbose = options.plain(verbose)
    if isinstance(verbose, str) and verbose == "auto":
        return 1
    if not isinstance(verbose, (bool, int)) or verbose not in (0, 1, 2):
        raise OptionError(
            f"{owner}: expected verbose to be 'auto', 0, 1 or 2, received {options.shown(verbose)}."
        )
    return int(verbose)


__all__ = ["Training"]
