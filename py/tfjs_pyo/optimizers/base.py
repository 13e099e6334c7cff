"""Optimizer: from gradients to updates of variables. All state lives in variables, so that a step compiles whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, ops
from tfjs_pyo.config import (
    REQUIRED,
    Order,
    field,
    keras_field,
    number,
    positive_int,
    shown,
    written_dialect,
)
from tfjs_pyo.core import context, engine, trace
from tfjs_pyo.core.autodiff import GradientError
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError
from tfjs_pyo.optimizers.counting import Iterations
from tfjs_pyo.optimizers.gradients import Gradients, clipped, pairs_of
from tfjs_pyo.optimizers.replays import Replays
from tfjs_pyo.optimizers.schedules import LearningRateSchedule, Rate, above_zero, rate_field
from tfjs_pyo.optimizers.slots import AVERAGE, WAITING, State

ITERATIONS = "iterations"
"""What the number of steps on the device is called."""
EPSILON = 1e-7
"""What TF.js adds to divisors by default."""

_CLIPS = ("clip_norm", "clip_value", "global_clip_norm")
_AVERAGES = ("use_ema", "ema_momentum", "ema_overwrite_frequency")
_OF_GRADIENTS = ("loss_scale_factor", "gradient_accumulation_steps")


class Optimizer(State):
    """Base of all optimizers.

    A subclass defines `update(gradient, variable)`, with its slots from `slot`, and may define `finish()` for what is
    done once a step.

    Args:
        learning_rate: a number, or a schedule from `keras.optimizers.schedules`.
        weight_decay: before each step, this share of `rate * w` is taken off each weight w.
        clip_norm: gradients whose Euclidean norm is larger are scaled down to it, each by itself.
        clip_value: elements of gradients are kept between minus this and this.
        global_clip_norm: all gradients together are scaled down to this norm if theirs is larger.
        use_ema: whether exponential moving averages of the variables are kept; at the end of `fit` the variables get them.
        ema_momentum: share of the past in these averages.
        ema_overwrite_frequency: number of steps after which the variables get their averages each time; None for not before
            the end.
        loss_scale_factor: `scale_loss` multiplies by it, and gradients are divided by it; `fit` does the former.
        gradient_accumulation_steps: how many gradients make one step, by their mean; None for one.

    Raises:
        OptionError: more than one way to clip.

    Example:
        >>> import tfjs_pyo as tf
        >>> w = tf.variable(tf.scalar(3))
        >>> tf.train.sgd({"learningRate": 0.1, "clipValue": 1}).minimize(lambda: w * w)
        >>> round(float(w), 4)
        2.9

    Source: https://js.tensorflow.org/api/latest/#Training-Optimizers
    """

    keras_module = "tfjs_pyo.keras.optimizers"
    _internal: ClassVar[tuple[str, ...]] = (
        "count", "count_from", "counts_in_copies", "counts_steps", "decay_for", "decay_of", "given_rate", "is_replayed",
        "numbers_after", "note_step", "prepare", "prepare_slots", "slot_groups", "slot_shape", "slots_of", "state", "state_of",
        "step", "take", "traits", "variables_in_copies",
    )  # fmt: skip
    order: ClassVar[Order] = (
        "learning_rate", ..., "weight_decay", "clip_norm", "clip_value", "global_clip_norm", "use_ema", "ema_momentum",
        "ema_overwrite_frequency", "loss_scale_factor", "gradient_accumulation_steps", "name",
    )  # fmt: skip

    is_replayed: ClassVar[bool] = True
    """Whether a step of the class depends on its options, its state and its gradients alone."""

    learning_rate: Rate = rate_field(0.01, keras=REQUIRED)
    weight_decay: float | None = field(None, number(0))
    clip_norm: float | None = field(None, above_zero, keras_name="clipnorm")
    clip_value: float | None = field(None, above_zero, keras_name="clipvalue")
    global_clip_norm: float | None = field(None, above_zero, keras_name="global_clipnorm")
    use_ema: bool = field(False)
    ema_momentum: float = field(0.99, number(0, 1))
    ema_overwrite_frequency: int | None = field(None, positive_int)
    loss_scale_factor: float | None = field(None, above_zero)
    gradient_accumulation_steps: int | None = field(None, positive_int)
    name: str | None = keras_field(None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._slots: dict[tuple[int, str], Variable] = {}
        self._named: dict[str, Variable] = {}
        self._made = 0
        self._restored: dict[str, list[Tensor]] = {}
        self._undecayed: tuple[Sequence[Variable], Sequence[str]] = ((), ())
        self._replays = Replays()
        super().__init__(*args, **kwargs)
        if type(self).dialect.snake_names and self.name is None:
            self.name = naming.keras_unique(type(self).__name__)
        clips = [name for name in _CLIPS if getattr(self, name) is not None]
        if len(clips) > 1:
            raise OptionError(
                f"{self.display_name}: expected at most one way to clip gradients, received {clips}."
            )

    def __setattr__(self, name: str, value: Any) -> None:
        found = getattr(type(self), naming.snake(name), None) if name[0] != "_" else None
        if not callable(value) and (callable(found) or (isinstance(found, property) and found.fset is None)):
            raise ArgumentError(f"{self.display_name}: optimizers have a method {name!r}; rename yours.")
        super().__setattr__(name, value)
        if name[0] != "_":
            self._replays.note_option()
            if callable(found):
                self._replays.note_method()
        rate = self.__dict__.get("_named", {}).get("rate")
        if rate is not None and naming.fold(name) == "learningrate":
            given = vars(self)["learning_rate"]
            if isinstance(given, float):
                rate.assign(ops.scalar(given))

    @property
    def given_rate(self) -> Rate:
        """The learning rate as it was given: a number, or a schedule."""
        rate: Rate = vars(self)["learning_rate"]
        return rate

    def _seen_rate(self, given: Rate) -> Any:
        """Returns what `learning_rate` is for programs."""
        return given

    def _saved_value(self, name: str) -> Any:
        return self.given_rate if name == "learning_rate" else super()._saved_value(name)

    def get_config(self) -> dict[str, Any]:
        config = super().get_config()  # without what TF.js's optimizers lack unless it is set
        if written_dialect(type(self)) is KERAS:
            return config
        unset = [k for k in ("weight_decay", *_CLIPS, *_OF_GRADIENTS) if config[k] is None] + (
            [] if self.use_ema else list(_AVERAGES)
        )
        return {k: v for k, v in config.items() if k not in unset}

    def traits(self) -> Hashable:
        """Returns what compiled steps have built in: if it changes they must be compiled anew; not so for the rate."""
        config = {**self.get_config(), "undecayed": [[v.id for v in self._undecayed[0]], self._undecayed[1]]}
        if isinstance(self.given_rate, float):
            config.pop("learning_rate", None)  # a user's own may not have it
        return repr(config)

    def set_learning_rate(self, learning_rate: Any) -> None:
        """Changes the learning rate, as setting the attribute does.

        Args:
            learning_rate: a number from 0, or a schedule.

        Example:
            >>> import tfjs_pyo as tf
            >>> optimizer = tf.train.sgd(0.5)
            >>> optimizer.setLearningRate(0.25)
            >>> optimizer.learningRate
            0.25

        Source: https://js.tensorflow.org/api/latest/#train.sgd
        """
        self.learning_rate = learning_rate

    @shown
    def rate(self) -> Tensor:
        """The learning rate of the next step. A number is kept in a variable: changing it compiles nothing anew."""
        given = self.given_rate
        if isinstance(given, LearningRateSchedule):
            return given(self._counter())
        return self.state("rate", given)

    @property
    def iterations(self) -> Iterations | Variable:
        """How many steps were made: a whole number, counted on the host; while a step is recorded, a float32 variable."""
        if context.trace() is not None:
            return self._counter()
        return Iterations(self._all_made() // (self.gradient_accumulation_steps or 1))

    _steps_on_device: bool = False
    """Whether only the device knows how many steps were made, as some were left out."""

    def _all_made(self) -> int:
        """Returns the number of steps, of those whose gradients only wait as well."""
        trace.settle_counts()
        return int(self._counter().data_sync()[0]) if self._steps_on_device else self._made

    @property
    def counts_steps(self) -> bool:
        """Whether the formula of a step has the number of steps in it, so that the device counts them, too."""
        asking = (self.use_ema, self.gradient_accumulation_steps, self._steps_on_device)
        return any(asking) or isinstance(self.given_rate, LearningRateSchedule)

    def _counter(self) -> Variable:
        """Returns the number of steps on the device."""
        if ITERATIONS not in self._named:
            counter = self.state(ITERATIONS, float(self._made))
            trace = context.trace()
            if trace is not None and trace.counted(self):
                counter.assign(counter + float(trace.counted(self)))
        return self._named[ITERATIONS]

    def count(self, steps: int, updated: Sequence[Variable]) -> None:
        """Adds steps that a compiled step has made; where it did not count them on the device, though it is asked to, now."""
        self._made += steps
        counter = self._named.get(ITERATIONS)
        if counter is not None and not any(variable is counter for variable in updated):
            counter.assign(ops.scalar(float(self._made)))

    def build(self, variables: Sequence[Variable]) -> None:
        """Makes the state that updates of variables need, such as momenta; the first step does so by itself.

        Args:
            variables: that are to be updated.

        Example:
            >>> import tfjs_pyo as tf
            >>> optimizer = tf.train.adam()
            >>> optimizer.build([tf.variable(tf.zeros([2]))])
            >>> [slot.shape for slot in optimizer.weights][-2:]
            [(2,), (2,)]

        Source: https://keras.io/api/optimizers/
        """
        self.prepare()
        for variable in variables:
            self.prepare_slots(variable)

    def _build_for(self, variables: Sequence[Variable]) -> None:
        """Makes the state that is missing for these variables."""
        self.build(variables)

    def prepare(self) -> None:
        """Makes the numbers of the optimizer's own."""
        _ = self.rate
        if self.counts_steps:
            self._counter()

    def prepare_slots(self, variable: Variable) -> None:
        """Makes the slots of a variable."""
        for name, initial in self.slots_of(variable).items():
            self.slot(variable, name, initial)
        if self.gradient_accumulation_steps is not None:
            self.slot(variable, WAITING)
        if self.use_ema and (variable.id, AVERAGE) not in self._slots:
            # Averages that later steps begin with go on from the values that they find.
            found = Tensor(variable.stored) if self._made else None
            self.slot(variable, AVERAGE, first=found)

    def update(self, gradient: Tensor, variable: Variable) -> None:
        """Assigns a variable and its slots their next values; a subclass defines it.

        Args:
            gradient: of the loss, with the shape of the variable.
            variable: that is trained.

        Raises:
            NotImplementedError: a subclass that does not define it.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Sign(tf.train.Optimizer):
            ...     def update(self, gradient, variable):
            ...         variable.assign(variable - tf.sign(gradient) * self.rate)
            >>> w = tf.variable(tf.tensor([1, -1]))
            >>> Sign({"learningRate": 0.25}).minimize(lambda: tf.sum(w * w))
            >>> w
            Tensor
                [0.75, -0.75]
        """
        raise NotImplementedError(
            f"{self.display_name}: an optimizer must define update(gradient, variable)."
        )

    def finish(self) -> None:
        """Updates what all variables share, after the last of them; a subclass may define it.

        Example:
            >>> import tfjs_pyo as tf
            >>> class Cooling(tf.train.Optimizer):
            ...     def update(self, gradient, variable):
            ...         variable.assign(variable - gradient * self.state("step", 1.0))
            ...     def finish(self):
            ...         self.state("step", 1.0).assign(self.state("step", 1.0) * 0.5)
            >>> w, optimizer = tf.variable(tf.scalar(4)), Cooling()
            >>> for _ in range(2):
            ...     optimizer.minimize(lambda: w * 2)
            >>> float(w)
            1.0
        """

    def exclude_from_weight_decay(
        self, var_list: Sequence[Variable] = (), var_names: Sequence[str] = ()
    ) -> None:
        """Lets weights keep their size.

        Args:
            var_list: variables.
            var_names: regular expressions; variables whose names contain a match, such as 'bias'.

        Example:
            >>> import tfjs_pyo as tf
            >>> w, bias = tf.variable(tf.scalar(8)), tf.variable(tf.scalar(8), True, "bias")
            >>> optimizer = tf.train.sgd({"learningRate": 0.5, "weightDecay": 0.5})
            >>> optimizer.excludeFromWeightDecay(varNames=["bias"])
            >>> optimizer.minimize(lambda: (w + bias) * 0)
            >>> float(w), float(bias)
            (6.0, 8.0)

        Source: https://keras.io/api/optimizers/
        """
        self._undecayed = (tuple(var_list or ()), tuple(var_names or ()))
        self._replays.note_option()

    def decay_of(self, variable: Variable) -> float:
        """Returns the weight decay of a variable; 0 for none."""
        variables, names = self._undecayed
        excluded = any(v is variable for v in variables) or any(
            re.search(n, variable.original_name) for n in names
        )
        return 0.0 if excluded else self.decay_for(variable) or 0.0

    def decay_for(self, variable: Variable) -> float | None:  # noqa: ARG002 (for subclasses)
        """Returns the weight decay of a variable that is not excluded, where a subclass has not one for all."""
        return self.weight_decay

    def step(self, pairs: Sequence[tuple[Tensor | None, Variable]]) -> None:
        """Updates variables by `apply_gradients`; one in TensorFlow.js's spelling is given gradients by names of variables."""
        if type(self).apply_gradients.__name__ == "applyGradients":
            self.apply_gradients({variable.unique_name: gradient for gradient, variable in pairs})
        else:
            self.apply_gradients(pairs)

    def apply_gradients(self, gradients: Gradients, variables: Sequence[Variable] | None = None) -> None:
        """Updates variables.

        Args:
            gradients: pairs of gradient and variable, gradients by the names of variables, or a list of `{'name', 'tensor'}`.
                Variables whose gradient is None stay as they are.
            variables: whose names are meant; all living ones unless given.

        Raises:
            ArgumentError: a name that no variable has.
            GradientError: there is no gradient at all.

        Example:
            >>> import tfjs_pyo as tf
            >>> w = tf.variable(tf.scalar(3), True, "applied")
            >>> tf.train.sgd(0.5).applyGradients({"applied": tf.scalar(4)})
            >>> float(w)
            1.0

        Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.applyGradients
        """
        with (
            engine.exclusive
        ):  # threads that share variables, or the optimizer, make one whole step after the other
            self._make_step(gradients, variables)

    def _make_step(self, gradients: Gradients, variables: Sequence[Variable] | None) -> None:
        pairs = [(g, v) for g, v in pairs_of(self.display_name, gradients, variables) if g is not None]
        if not pairs:
            raise GradientError(
                f"{self.display_name}: expected a gradient for at least one variable, received none. The loss depends on no "
                "variable, or no variable is trainable."
            )
        changed = [variable for _, variable in pairs]
        self._build_for(changed)
        self._replays.step(self, [gradient for gradient, _ in pairs], changed)
        Variable.settle([*(variable for _, variable in pairs), *self.weights])
        self.note_step()

    def take(self, gradients: Sequence[Tensor], variables: Sequence[Variable]) -> None:
        """Updates variables and all state by gradients as they are, unless they only wait for others."""
        if self.gradient_accumulation_steps is None:
            self._update_all(gradients, variables)
        else:
            self._accumulate(gradients, variables, self.gradient_accumulation_steps)
        if self.use_ema:
            self._take_averages(variables)
        counter = self._named.get(ITERATIONS)
        if counter is not None:
            counter.assign(counter + 1.0)

    def note_step(self) -> None:
        """Counts a step on the host: now, or whenever the trace is replayed."""
        trace = context.trace()
        if trace is None:
            self._made += 1
        else:
            trace.count(self)

    def _update_all(self, gradients: Sequence[Tensor], variables: Sequence[Variable]) -> None:
        """Makes the step of these gradients."""
        for gradient, variable in zip(clipped(self, gradients), variables, strict=True):
            decay = self.decay_of(variable)
            if decay:
                variable.assign(variable - (self.rate * decay) * variable)
            self.update(gradient, variable)
        self.finish()

    def _accumulate(self, gradients: Sequence[Tensor], variables: Sequence[Variable], steps: int) -> None:
        """Adds gradients up; each time that there are enough of them, makes the step of their mean."""
        is_step = ops.equal(ops.mod(self._counter() + 1.0, float(steps)), 0.0)
        waiting = [self.slot(variable, WAITING) for variable in variables]
        sums = [gradient + slot for gradient, slot in zip(gradients, waiting, strict=True)]
        aside = {id(self._counter()), *map(id, waiting)}
        changing = [v for v in (*variables, *self.weights) if id(v) not in aside]
        before = [(variable, variable.read()) for variable in changing]
        self._update_all([total / float(steps) for total in sums], variables)
        for variable, value in before:
            variable.assign(ops.where(is_step, variable, value))
        for slot, total in zip(waiting, sums, strict=True):
            slot.assign(ops.where(is_step, 0.0, total))

    def scale_loss(self, loss: Tensor) -> Tensor:
        """Returns a loss times `loss_scale_factor`, for a gradient that `apply_gradients` divides by it.

        Args:
            loss: a scalar.

        Example:
            >>> from tfjs_pyo import keras
            >>> optimizer = keras.optimizers.SGD(loss_scale_factor=8.0)
            >>> float(optimizer.scale_loss(keras.ops.array(0.5)))
            4.0

        Source: https://keras.io/api/optimizers/
        """
        return loss if self.loss_scale_factor is None else loss * self.loss_scale_factor

    def _steps_made(self) -> Tensor:
        """Returns the number of steps before this one on the device, without gradients that only wait."""
        return ops.floor(self._counter() / float(self.gradient_accumulation_steps or 1))

    def _take_averages(self, variables: Sequence[Variable]) -> None:
        """Updates the moving averages; the first step's values are the first averages."""
        past = ops.where(ops.equal(self._steps_made(), 0.0), 0.0, self.ema_momentum)
        for variable in variables:
            average = self.slot(variable, AVERAGE)
            average.assign(past * average + (1.0 - past) * variable)
            if self.ema_overwrite_frequency is not None:
                rest = ops.mod(self._steps_made() + 1.0, float(self.ema_overwrite_frequency))
                variable.assign(ops.where(ops.equal(rest, 0.0), average, variable))

    def finalize_variable_values(self, var_list: Sequence[Variable]) -> None:
        """Gives variables their moving averages, if the optimizer keeps them (`use_ema`); `fit` does so at its end.

        Args:
            var_list: the variables; one that no step has changed stays.

        Example:
            >>> from tfjs_pyo import keras
            >>> w = keras.Variable(0.0)
            >>> optimizer = keras.optimizers.SGD(1.0, use_ema=True, ema_momentum=0.5)
            >>> for _ in range(2):
            ...     optimizer.apply([keras.ops.array(-4.0)], [w])
            >>> before = float(w)
            >>> optimizer.finalize_variable_values([w])
            >>> before, float(w)
            (8.0, 6.0)

        Source: https://keras.io/api/optimizers/
        """
        for variable in var_list:
            average = self._slots.get((variable.id, AVERAGE))
            if average is not None:
                variable.assign(average)
        Variable.settle(var_list)

    def compute_gradients(
        self, f: Callable[[], Tensor], var_list: Sequence[Variable] | None = None
    ) -> dict[str, Any]:
        """Returns value and gradients of a scalar function, which stay as they are: `{'value': tensor, 'grads': {name: tensor}}`.

        Args:
            f: function without parameters that returns a scalar.
            var_list: variables to take gradients by; default: all trainable ones that f reads.

        Example:
            >>> import tfjs_pyo as tf
            >>> w = tf.variable(tf.scalar(3), True, "computed")
            >>> found = tf.train.sgd(0.5).computeGradients(lambda: w * w)
            >>> float(found["value"]), float(found["grads"]["computed"])
            (9.0, 6.0)

        Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.computeGradients
        """
        return ops.variable_grads(f, var_list)

    def minimize(
        self,
        f: Callable[[], Tensor],
        return_cost: bool | Sequence[Variable] = False,
        var_list: Sequence[Variable] | None = None,
    ) -> Tensor | None:
        """Makes one step that lowers a scalar function.

        Args:
            f: function without parameters that returns a scalar.
            return_cost: whether to return what f gave; or, as in Keras, the variables.
            var_list: variables to change, instead of all trainable ones that f reads.

        Raises:
            GradientError: none of the variables is trainable, or the result depends on none.

        Returns the scalar that f gave, if `return_cost`; otherwise None.

        Example:
            >>> import tfjs_pyo as tf
            >>> w, optimizer = tf.variable(tf.scalar(3)), tf.train.sgd(0.25)
            >>> float(optimizer.minimize(lambda: w * w, True))
            9.0
            >>> float(w)
            1.5

        Source: https://js.tensorflow.org/api/latest/#tf.train.Optimizer.minimize
        """
        if isinstance(return_cost, (list, tuple)):
            return self.minimize(f, False, return_cost)
        found = self.compute_gradients(lambda: self.scale_loss(f()), var_list)
        self.step(pairs_of(self.display_name, found["grads"], var_list))
        value: Tensor = found["value"] / self.loss_scale_factor if self.loss_scale_factor else found["value"]
        return value if return_cost else None

    # State

    def numbers_after(self, steps: int) -> dict[str, float]:
        """Returns what the numbers of the optimizer's own are after some steps; a subclass with more names them."""
        return {ITERATIONS: float(steps)} if self.counts_steps or ITERATIONS in self._named else {}

    def _set_numbers(self) -> None:
        """Sets the numbers of the optimizer's own to those after the steps that were made."""
        for name, after in self.numbers_after(self._made // (self.gradient_accumulation_steps or 1)).items():
            number = float(self._made) if name == ITERATIONS else after  # gradients that wait count there
            self.state(name, number).assign(ops.scalar(number))

    def dispose(self) -> None:
        """Frees the state: momenta and the like, and the number of steps. The next step begins with new state.

        Example:
            >>> import tfjs_pyo as tf
            >>> w, optimizer = tf.variable(tf.scalar(3)), tf.train.momentum(0.1, 0.9)
            >>> optimizer.minimize(lambda: w * w)
            >>> optimizer.dispose()
            >>> optimizer.weights, int(optimizer.iterations)
            ([], 0)

        Source: https://js.tensorflow.org/api/latest/#Training-Optimizers
        """
        Variable.dispose_all(self.weights)
        self._named, self._slots, self._made = {}, {}, 0
        self._replays.forget()
