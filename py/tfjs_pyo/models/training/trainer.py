"""Training: compiled steps over resident data. Python runs per epoch, not per batch, unless a batch callback listens."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tfjs_pyo import naming, ops, optimizers
from tfjs_pyo.backends.protocol import Control
from tfjs_pyo.callbacks.base import CallbackList
from tfjs_pyo.config import positive_int
from tfjs_pyo.core import context, engine, rng
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.trace import Step, Trace
from tfjs_pyo.doc_examples import methods as examples
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers import trials
from tfjs_pyo.metrics import get as metric_of
from tfjs_pyo.models.training.batch_sizes import batch_size as size_of_batch
from tfjs_pyo.models.training.batch_sizes import check_whole
from tfjs_pyo.models.training.checks import check_classes, check_places, explain_nan
from tfjs_pyo.models.training.compiled_steps import Outputs, Steps
from tfjs_pyo.models.training.inputs import (
    Rows,
    check_targets,
    columns,
    identity_order,
    part,
    sample_count,
    tensors_of,
)
from tfjs_pyo.models.training.iterables import Stream, count_of, is_stream, parts_of
from tfjs_pyo.models.training.log import Log
from tfjs_pyo.models.training.measuring import Audience, Streamed
from tfjs_pyo.models.training.pending import Pending
from tfjs_pyo.models.training.progress import Lines, Reporter
from tfjs_pyo.models.training.resident import Fit
from tfjs_pyo.models.training.run import Run
from tfjs_pyo.models.training.sample_weights import class_weights, multiplied, sample_weights
from tfjs_pyo.models.training.streamed import StreamFit
from tfjs_pyo.models.training.trained import Trained
from tfjs_pyo.types import (
    Batches,
    CallbacksLike,
    ClassWeights,
    Data,
    LossesLike,
    LossWeights,
    MetricsLike,
    OptimizerLike,
    Result,
    SampleWeights,
    YieldEvery,
)


@naming.spell_methods
class Trainer(Steps):
    """The part of a model that compiles, fits, evaluates and predicts."""

    # compile

    @naming.takes_config(mappings=("optimizer", "loss", "metrics", "loss_weights"))
    def compile(
        self,
        optimizer: OptimizerLike = "sgd",
        loss: LossesLike | None = None,
        metrics: MetricsLike | None = None,
        loss_weights: LossWeights | None = None,
    ) -> None:
        """Chooses how the model is trained.

        Args:
            optimizer: name, config or instance.
            loss: name or function; a list or dict of them for several outputs. A model that defines `train_step` may do without.
            metrics: names, functions, or objects of `keras.metrics`; a list, or a dict of lists by output.
            loss_weights: factors of the losses of several outputs in the total; a list, or a dict by output; default: 1.

        Losses and metrics of outputs with a mask count the steps that it counts in, as in Keras.

        Training changes the weights that are trainable now. What is frozen later stays as it is from then on, unless it is
        frozen for another model that is compiled after this one; what becomes trainable later waits for another `compile`.

        Raises:
            OptionError: an unknown name; the message has the nearest ones.

        Example:
            A discriminator that trains by itself, and stays as it is where it trains a generator:

            >>> import tfjs_pyo as tf
            >>> layer = lambda units: tf.keras.layers.Dense(units, input_shape=(2,))
            >>> generator, discriminator = tf.keras.Sequential([layer(2)]), tf.keras.Sequential([layer(1)])
            >>> discriminator.compile("sgd", "mean_squared_error")
            >>> discriminator.trainable = False
            >>> both = tf.keras.Sequential([generator, discriminator])
            >>> both.compile("sgd", "mean_squared_error")
            >>> [len(model.trained_weights()) for model in (discriminator, both)]
            [2, 2]

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.compile
        """
        self._check_idle("compile")
        owner = f"{self.display_name}: compile"
        if loss is None and not self._defines_step(training=True):
            raise OptionError(f"{owner}: expected 'loss', such as 'meanSquaredError', received none.")
        given = {"loss": loss, "metrics": metrics, "loss_weights": loss_weights}
        self._choose(optimizers.get(optimizer, owner), given)
        self._owns_optimizer = isinstance(optimizer, str)
        for metric in (m for each in self._objectives for m in each.metrics):
            metric_of(metric, owner)

    def _choose(self, optimizer: optimizers.Optimizer, given: dict[str, Any]) -> None:
        """Does what `compile` is for: `given` is what it was given, by the names of its arguments."""
        self.optimizer = optimizer
        self._compiled_with_names = given
        self._known_objectives = None
        self._training_log = Log()
        self._own_names = {}
        self._forget_steps()
        self._trained = Trained(self)
        if self.built:
            self._objectives  # noqa: B018 (says now what is wrong)

    def _prepare(self, owner: str, x: Any, y: Any, batch: int | None = None) -> tuple[Outputs, Outputs, int]:
        """Returns x and y as tensors; builds the model for batches of them."""
        inputs = self._inputs(owner, x)
        self._build_for(inputs, batch)
        names = self._names_of_targets(y)
        targets = columns(tensors_of(f"{self.display_name}: {owner}", "y", y, names)) if names else []
        if self._objectives:
            check_targets(f"{self.display_name}: {owner}", names, targets)
        return inputs, targets, sample_count(f"{self.display_name}: {owner}", [*inputs, *targets])

    def _build_for(self, inputs: Outputs, batch: int | None = None) -> None:
        """Builds the model for batches of at most so many samples, for all of them as one batch by default."""
        if not self.built:
            first = [t[: min(batch or t.shape[0], t.shape[0])] for t in inputs]
            given = first[0] if len(first) == 1 else first
            with trials.built_for(self, given):
                self._ensure_built(trials.shapes_of(given))

    def _names_of_targets(self, y: Any) -> list[str]:
        """Returns what targets are called: after the outputs; a model with a step of its own may take others, or none."""
        if self._objectives or not self._defines_step(training=True):
            return [objective.name for objective in self._objectives] or self.output_names
        several = isinstance(y, (list, tuple)) and all(hasattr(item, "shape") for item in y)
        return [f"y_{i + 1}" for i in range(0 if y is None else len(y) if several else 1)]

    @property
    def _target_names(self) -> list[str]:
        """The names of the outputs that are compared with targets."""
        return [objective.name for objective in self._objectives]

    def _sample_weights(self, owner: str, given: Any, count: int) -> Outputs:
        """Returns the weights of samples for each output; none if none are given.

        Raises:
            ArgumentError: the model was compiled without a loss.
        """
        if given is not None and not self._objectives:
            raise ArgumentError(
                f"{owner}: expected a loss for 'sampleWeight' to weigh; give one to model.compile(...)."
            )
        return sample_weights(owner, given, self._target_names, count)

    def _batch_of(self, owner: str, element: Any, by_class: Any = None) -> tuple[Outputs, Outputs, int]:
        """Returns x, y (followed by the weights of samples, if any) and the size of a batch of a dataset.

        Args:
            owner: who asks, for errors.
            element: (x, y), (x, y, sample_weight), or {'xs': x, 'ys': y}.
            by_class: weights of classes, or None.
        """
        x, y, given = parts_of(owner, element)
        try:
            inputs, targets, count = self._prepare(owner.rpartition(": ")[2], x, y)
        except ShapeError as error:
            error.add_note(
                "Each element of a dataset is a batch. dataset.batch(32) puts samples together to batches."
            )
            raise
        weights = self._sample_weights(owner, given, count)
        shares = self._class_weights(owner, by_class, targets)
        return inputs, targets + multiplied(weights, shares), count

    def _class_weights(self, owner: str, given: Any, targets: Outputs, usual: float | None = None) -> Outputs:
        """Returns the weights of samples that those of their classes give; none if none are given.

        Args:
            owner: who asks, for errors.
            given: by class; for several outputs several.
            targets: of the outputs.
            usual: weight of classes that are left out; None: there must be one for each.
        """
        return class_weights(owner, given, targets, self._target_names, usual)

    def _inputs(self, owner: str, x: Any) -> Outputs:
        """Returns x as tensors that fit the model's inputs."""
        specs = self._input_specs()
        names = [name for name, _ in specs] or ["x"]
        given = tensors_of(f"{self.display_name}: {owner}", "x", x, names)
        inputs = columns(given, [len(shape) for _, shape in specs])
        for place, (name, shape) in enumerate(specs):
            inputs[place] = self._fitted(name, shape, inputs[place], given[place])
        return self._looked_up(inputs)

    def _looked_up(self, inputs: Outputs) -> Outputs:
        """Returns numbers for inputs: graphs look up the strings among them."""
        return inputs

    def _fitted(self, name: str, expected: Any, value: Tensor, given: Tensor | None = None) -> Tensor:
        """Returns the value of an input in the rank that it has; raises ShapeError where it does not fit.

        Args:
            name, expected: of the input, and its shape with batch.
            value: what is given.
            given: what it was before axes were added.
        """
        adjusted = self._adjusted(value, expected)
        self._check_input(name, expected, adjusted.shape, (value if given is None else given).shape)
        return adjusted

    def _adjusted(self, value: Tensor, expected: Any) -> Tensor:  # noqa: ARG002 (Keras's models use it)
        """Returns what is given for an input in the rank that it has, where the API does so."""
        return value

    def _check_input(self, name: str, expected: Any, found: tuple[int, ...], given: tuple[int, ...]) -> None:
        """Raises unless data fits an input; models define it."""

    # fit

    @naming.takes_config(
        data=("x", "y"), mappings=("callbacks", "validation_data", "class_weight", "sample_weight")
    )
    def fit(
        self,
        x: Batches,
        y: Data | None = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int = 0,
        callbacks: CallbacksLike | None = None,
        validation_split: float | None = None,
        validation_data: Batches | None = None,
        shuffle: bool = True,
        class_weight: ClassWeights | None = None,
        sample_weight: SampleWeights | None = None,
        initial_epoch: int = 0,
        steps_per_epoch: int | None = None,
        validation_steps: int | None = None,
        validation_batch_size: int | None = None,
        validation_freq: int = 1,
        yield_every: YieldEvery | None = None,
    ) -> Pending:
        """Trains on data that fits in memory, or on batches that come one after the other.

        Args:
            x, y: tensors, arrays or nested lists; for several inputs or outputs a list or a dict by name. Without y, x may be a
                dataset, as for `fit_dataset`.
            batch_size: samples per step; default: 32.
            epochs: passes over the data.
            verbose: 1 or 2 prints a line per epoch; 0, the default, prints nothing (as TF.js in the browser).
            callbacks: a Callback, a dict of functions, or a list of them.
            validation_split: share of the last samples that is kept for validation.
            validation_data: (x, y), (x, y, sample_weight), or a dataset to evaluate after each epoch.
            shuffle: whether samples come in a new order in each epoch.
            class_weight: factors of the losses of samples by the number of their class, as {0: 1.0, 1: 5.0}; for several
                outputs a list or a dict of such by output, with None for those whose classes count alike.
            sample_weight: a factor of the loss of each sample, [samples], or of each step of it, [samples, steps]; for several
                outputs a list or a dict of such by output, with None for those whose samples count alike.
            initial_epoch: number of the first epoch.
            steps_per_epoch: batches of an epoch; the next one goes on where it ended. Default: all samples.
            validation_steps: batches to evaluate; default: all.
            validation_batch_size: samples per batch of evaluation; default: the batch size.
            validation_freq: an evaluation after every so many epochs.
            yield_every: when other tasks have their turn and `onYield(epoch, batch, logs)` is called: 'batch', 'epoch', after so
                many milliseconds, or 'never'; 'auto', the default, is 125 ms. The page stays responsive anyway.

        Returns:
            A coroutine that gives a History: `history = await model.fit(...)`.

        Raises:
            ArgumentError: not compiled, an unknown option, or another fit is running.
            ShapeError: the data do not fit the model; the message has both shapes.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
            >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
            >>> async def train():
            ...     return await model.fit(tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [3]]), {"epochs": 2})
            >>> len(asyncio.run(train()).history["loss"])
            2

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.fit
        """
        options = {
            "batch_size": batch_size, "epochs": epochs, "verbose": verbose, "callbacks": callbacks,
            "validation_split": validation_split, "validation_data": validation_data, "shuffle": shuffle,
            "class_weight": class_weight, "sample_weight": sample_weight, "initial_epoch": initial_epoch,
            "validation_steps": validation_steps, "validation_batch_size": validation_batch_size,
            "validation_freq": validation_freq, "yield_every": yield_every,
        }  # fmt: skip
        return Pending(self._fit_run(x, y, options, steps_per_epoch).run, "fit")

    def _count_of_epochs(self, owner: str, given: Any) -> int:
        """Returns the number of epochs that a run is given."""
        return positive_int(owner, "epochs", given)

    def _reporter(self, verbose: Any) -> Reporter:
        """Returns what prints how a run goes on."""
        return Lines(verbose)

    def _fit_run(self, x: Any, y: Any, options: dict[str, Any], steps_per_epoch: int | None) -> Run:
        """Returns a run of `fit` that can be started.

        Args:
            x, y: as `fit` takes them.
            options: of `fit`, by their names.
            steps_per_epoch: batches of an epoch, or None.
        """
        self._compiled("fit")
        if y is None and is_stream(x):
            options["batches_per_epoch"] = steps_per_epoch
            useless = [
                name
                for name in ("batch_size", "sample_weight", "validation_split")
                if options[name] is not None and (name != "validation_split" or options[name])
            ]
            if useless:
                raise ArgumentError(
                    f"{self.display_name}: fit: expected no {useless[0]!r} with a dataset, whose batches come as they are."
                )
            return StreamFit(self, x, options)
        options["steps_per_epoch"] = steps_per_epoch
        return Fit(self, x, y, options)

    @naming.takes_config(data=("dataset",), mappings=("callbacks", "validation_data", "class_weight"))
    def fit_dataset(
        self,
        dataset: Batches,
        epochs: int = 1,
        batches_per_epoch: int | None = None,
        verbose: int = 0,
        callbacks: CallbacksLike | None = None,
        validation_data: Batches | None = None,
        validation_batch_size: int | None = None,
        validation_batches: int | None = None,
        yield_every: YieldEvery | None = None,
        class_weight: ClassWeights | None = None,
        initial_epoch: int = 0,
    ) -> Pending:
        """Trains on batches that come one after the other, each by a compiled step.

        Args:
            dataset: an iterable (a generator, an asynchronous one, anything with `__iter__`) of batches, or a function that
                returns one: (x, y), (x, y, sample_weight) or {'xs': x, 'ys': y}. Or a tuple of arrays x, y, which are read in
                batches of 32.
            epochs: passes over the data. Each asks the dataset for a new iterator, or calls the function anew; a generator
                itself can be read only once.
            batches_per_epoch: batches of an epoch; then one iterator is read from epoch to epoch, and training stops with a
                warning when it ends. Unless told, an epoch ends with the dataset, and the next one reads it from its beginning.
            verbose, callbacks, class_weight, initial_epoch, yield_every: as for `fit`.
            validation_data: as for `fit`.
            validation_batches: how many batches of a dataset to evaluate; default: all.
            validation_batch_size: samples per step for validation data in memory; default: 32.

        Returns:
            A coroutine that gives a History: `history = await model.fit_dataset(...)`.

        Raises:
            ArgumentError: batches of another form, an empty dataset, or one that can be read only once for several epochs.
            ShapeError: a batch does not fit the model.

        Example:
            >>> import asyncio, tfjs_pyo as tf
            >>> model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
            >>> model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
            >>> def pairs():
            ...     for i in range(3):
            ...         yield tf.ones([4, 1]) * i, tf.ones([4, 1])
            >>> asyncio.run(model.fit_dataset(pairs, {"epochs": 2})).epoch
            [0, 1]

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.fitDataset
        """
        options = {
            "epochs": epochs, "batches_per_epoch": batches_per_epoch, "verbose": verbose, "callbacks": callbacks,
            "validation_data": validation_data, "validation_batch_size": validation_batch_size,
            "validation_steps": validation_batches, "yield_every": yield_every, "class_weight": class_weight,
            "initial_epoch": initial_epoch,
        }  # fmt: skip
        self._compiled("fitDataset")
        return Pending(StreamFit(self, dataset, options).run, "fitDataset")

    # evaluate, predict

    @naming.takes_config(data=("x", "y"), mappings=("sample_weight",))
    def evaluate(
        self,
        x: Batches,
        y: Data | None = None,
        batch_size: int | None = None,
        verbose: int = 0,  # noqa: ARG002 (TF.js's signature)
        sample_weight: SampleWeights | None = None,
    ) -> Result:
        """Returns the loss on data as a scalar tensor, or loss and metrics as a list of them.

        Args:
            x, y: as for `fit`.
            batch_size: samples per step.
            sample_weight: as for `fit`.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.evaluate
        """
        self._compiled("evaluate")
        owner = f"{self.display_name}: evaluate"
        if y is None and is_stream(x):
            raise ArgumentError(
                f"{owner}: expected x and y. For a dataset: `await model.evaluateDataset(dataset)`."
            )
        batch = size_of_batch(owner, self, batch_size)
        inputs, targets, count = self._prepare("evaluate", x, y, batch)
        is_checked = check_classes(self, owner, targets)
        targets += self._sample_weights(owner, sample_weight, count)
        batch = min(batch, count)
        check_whole(owner, self, count)
        if context.is_recorded():
            return self._evaluated(inputs, targets, count, batch)
        order, number, sums = identity_order(count), 0, self._training_log.sums(False)
        segments = self._segments(count, batch, inputs, targets, order, training=False)
        if not is_checked:
            check_classes(self, owner, targets)
        for step, times in segments:
            check_places(owner, (step, inputs))
            for _ in range(times):
                begin = number * batch
                counters = {"start": begin, "left": count - begin, "batch": number, "step": number, "rng": 0}
                sums.run(step, [*inputs, *targets, order], counters)
                number += 1
        scalars = self._training_log.summary(False, sums.read(), count)
        return scalars if len(scalars) > 1 else scalars[0]

    def _evaluated(self, inputs: Outputs, targets: Outputs, count: int, batch: int) -> Any:
        """Returns what `evaluate` does, computed so that gradients can be taken of it."""
        log = Log()
        totals = []
        for begin in range(0, count, batch):
            size = min(batch, count - begin)
            data = [part(t, begin, size) for t in (*inputs, *targets)]
            totals.append(log.sums_of(False, self._entries_of(data, len(inputs), Rows(size), False), size))
        scalars = log.summary(False, ops.add_n(totals), count)
        return scalars if len(scalars) > 1 else scalars[0]

    @naming.takes_config(data=("dataset",))
    async def evaluate_dataset(
        self,
        dataset: Batches,
        batches: int | None = None,
        verbose: int = 0,  # noqa: ARG002 (TF.js's signature)
    ) -> Result:
        """Returns the loss on batches as a scalar tensor, or loss and metrics as a list of them.

        Args:
            dataset: as for `fit_dataset`.
            batches: how many of its batches; default: all.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.evaluateDataset
        """
        self._compiled("evaluateDataset")
        owner = f"{self.display_name}: evaluateDataset"
        data = Streamed(Stream(owner, dataset), count_of(owner, "batches", batches))
        found = await data.measure(self, Audience(CallbackList([], self, {}), Control()))
        scalars = [ops.scalar(value) for value in found or []]
        return scalars if len(scalars) > 1 else scalars[0]

    @naming.takes_config(data=("x",))
    def predict(
        self,
        x: Batches,
        batch_size: int | None = None,
        verbose: int = 0,  # noqa: ARG002 (TF.js's signature)
    ) -> Result:
        """Returns the outputs for data, computed batch by batch.

        Where a gradient is taken (`minimize`, `variableGrads`, `grad`, GradientTape), or a step of a model's own is recorded, the
        outputs depend on x and on the weights as those of `apply` do; elsewhere a compiled step computes them.

        Args:
            x: tensor, array or nested list; for several inputs a list or a dict by name.
            batch_size: samples per step; default: 32.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predict
        """
        owner = f"{self.display_name}: predict"
        inputs = self._inputs("predict", x)
        count = sample_count(owner, inputs)
        batch = min(size_of_batch(owner, self, batch_size), count)
        self._build_for(inputs, batch)
        check_whole(owner, self, count)
        pieces = list(self._pieces(inputs, count, batch))
        joined = [ops.concat([piece[i] for piece in pieces]) for i in range(len(pieces[0]))]
        return joined if len(joined) > 1 else joined[0]

    def _pieces(self, inputs: Outputs, count: int, batch: int) -> Iterator[Outputs]:
        """Yields the outputs of batches of resident data; the last one goes through the step of the others where it can."""
        whole = count > batch and self._is_per_sample() and not context.is_recorded()
        for begin in range(0, count, batch):
            size = min(batch, count - begin)
            first, length = (count - batch, batch) if whole and size < batch else (begin, size)
            rows = [t if size == count else part(t, first, length) for t in inputs]
            yield [part(t, begin - first, size) if length > size else t for t in self._predicted(rows)]

    def predict_on_batch(self, x: Batches) -> Result:
        """Returns the outputs for one batch. Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.predictOnBatch"""
        inputs = self._inputs("predictOnBatch", x)
        self._build_for(inputs)
        results = self._predicted(inputs)
        return results if len(results) > 1 else results[0]

    def _predicted(self, inputs: Outputs) -> Outputs:
        """Returns the outputs for a batch: by a compiled step, unless somebody needs to know how they are computed."""
        if context.is_recorded():
            return self._outputs_for(inputs)
        step = self._predict_step(inputs)
        if step.tables:
            check_places(f"{self.display_name}: predict", (step, inputs))
        return step.run(inputs)

    def _outputs_for(self, inputs: Outputs) -> Outputs:
        """Returns what `predict` gives for a batch."""
        return self._forward(inputs, training=False)

    def _predict_step(self, inputs: Outputs) -> Step:
        key = ("predict", tuple((t.shape, t.dtype) for t in inputs), self._python_values())
        with engine.exclusive:
            if key not in self._steps:
                with Trace() as trace:
                    outputs = self._outputs_for([trace.input(t.shape, t.dtype) for t in inputs])
                self._steps[key] = trace.compile(outputs)
            return self._steps[key]

    @naming.takes_config(data=("x", "y"), mappings=("sample_weight", "class_weight"))
    async def train_on_batch(
        self,
        x: Batches,
        y: Data | None = None,
        sample_weight: SampleWeights | None = None,
        class_weight: ClassWeights | None = None,
    ) -> Result:
        """Makes one step on one batch; returns the loss, or loss and metrics, as numbers.

        Args:
            x, y: the batch.
            sample_weight, class_weight: as for `fit`.

        Source: https://js.tensorflow.org/api/latest/#tf.LayersModel.trainOnBatch
        """
        return await self._on_batch("trainOnBatch", x, y, sample_weight, class_weight)

    @naming.takes_config(data=("x", "y"), mappings=("sample_weight",))
    async def test_on_batch(
        self,
        x: Batches,
        y: Data | None = None,
        sample_weight: SampleWeights | None = None,
    ) -> Result:
        """Returns loss, or loss and metrics, of one batch as numbers; the weights stay as they are.

        Args:
            x, y: the batch.
            sample_weight: as for `fit`.

        Source: https://keras.io/api/models/model_training_apis/
        """
        return await self._on_batch("testOnBatch", x, y, sample_weight, None)

    async def _on_batch(self, what: str, x: Any, y: Any, sample_weight: Any, class_weight: Any) -> Any:
        values = await self._row_of_batch(what, x, y, sample_weight, class_weight)
        return values if len(values) > 1 else values[0]

    async def _row_of_batch(
        self, what: str, x: Any, y: Any, sample_weight: Any, class_weight: Any
    ) -> list[float]:
        """Runs a batch; returns its loss and metrics."""
        self._compiled(what)
        training = what == "trainOnBatch"
        element = (x, y, sample_weight)
        owner = f"{self.display_name}: {what}"
        inputs, targets, count = self._batch_of(owner, element, class_weight)
        step = self._batch_step(inputs, targets, training)
        check_places(owner, (step, inputs))
        sums = self._training_log.sums(training)
        sums.run(step, [*inputs, *targets], {"batch": 0, "step": 0, "rng": rng.reserve(1)})
        values = await sums.values()
        explain_nan(self, owner, values[0], [targets])
        return await self._training_log.numbers(training, values, count)


examples.complete(Trainer, examples.MODELS, examples.MEANINGS, examples.ERRORS)
