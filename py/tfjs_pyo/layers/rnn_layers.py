"""Running a cell over the steps of a sequence: RNN, stacked cells, and what all recurrent layers share.

Source: https://js.tensorflow.org/api/latest/#Layers-Recurrent
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from tfjs_pyo import naming, nests, ops
from tfjs_pyo.config import Order, field, keras_field
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.core.variable import Variable
from tfjs_pyo.dialects import KERAS
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.layers.base import LAYERS, BatchShape, InputSpec, Layer, SymbolicTensor
from tfjs_pyo.layers.input_spec import array_arguments
from tfjs_pyo.layers.trials import as_shapes
from tfjs_pyo.options import shown
from tfjs_pyo.types import LayersLike, Result, Shapes

Size = int | Sequence[int]
States = list[Tensor]
Advance = Callable[[Any, States], tuple[Any, States]]
"""`(input of a step, states) -> (output, new states)`."""


class RNNCell(Layer):
    """Base of recurrent cells: one step of a sequence.

    A subclass has `state_size` (a number, a shape, or a list of them) and defines `call`: as in TF.js,
    `call(inputs)` with `inputs = [x, *states]` returns `[output, *new states]`; as in Keras, `call(inputs, states)` returns
    `(output, new states)`.

    Example:
        >>> import tfjs_pyo as tf
        >>> class Sum(tf.layers.RNNCell):
        ...     state_size = 2
        ...     def call(self, inputs):
        ...         total = inputs[0] + inputs[1]
        ...         return [total, total]
        >>> tf.layers.rnn({"cell": Sum()})(tf.ones([1, 3, 2])).array_sync()
        [[3.0, 3.0]]

    Source: https://js.tensorflow.org/api/latest/#tf.RNNCell
    """

    per_sample = True

    further = ("state_size",)
    state_size: Any = 0

    def _state_shapes(self) -> list[tuple[int, ...]]:
        """Returns the shape of each state, without batch."""
        return shapes_of(self.state_size)

    def _output_of_step(self, input_shape: BatchShape) -> BatchShape:  # noqa: ARG002 (cells over images need it)
        """Returns the shape of the output of a step, without batch."""
        return self._state_shapes()[0]

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        first = first_shape(input_shape)
        states = [(first[0], *shape) for shape in self._state_shapes()]
        return [(first[0], *self._output_of_step(first)), *states]


def shapes_of(sizes: Any) -> list[tuple[int, ...]]:
    """Returns state sizes as shapes."""
    if isinstance(sizes, int):
        return [(sizes,)]
    items = list(sizes)
    if items and isinstance(sizes, tuple) and all(isinstance(item, int) for item in items) and len(items) > 2:
        return [tuple(items)]
    return [(item,) if isinstance(item, int) else tuple(item) for item in items]


def states_of_cell(cell: Layer) -> list[tuple[int, ...]]:
    """Returns the shape of each state of a cell, without batch; one of a user's own in Keras's form has a `state_size`."""
    if isinstance(cell, RNNCell):
        return cell._state_shapes()
    sizes: Any = getattr(cell, "state_size", None)
    if sizes is None:
        raise ArgumentError(f"{cell.display_name}: expected a cell to have a state_size.")
    return [
        (size,) if isinstance(size, int) else tuple(size)
        for size in ([sizes] if isinstance(sizes, int) else sizes)
    ]


def output_of_cell(cell: Layer, input_shape: Any) -> Any:
    """Returns the shape of the output of a step, without batch: `output_size`, or the size of the first state.

    A user's cell may give several outputs: these have a list of shapes.
    """
    if isinstance(cell, RNNCell):
        return cell._output_of_step(input_shape)
    size: Any = vars(cell).get("output_size", getattr(type(cell), "output_size", None))
    if isinstance(size, property):
        size = getattr(cell, "output_size")  # noqa: B009 (a property of a user's class)
    if size is None:
        return states_of_cell(cell)[0]
    if isinstance(size, int):
        return (size,)
    nested = isinstance(size, (list, tuple)) and not all(isinstance(dim, int) for dim in size)
    return [tuple(each) for each in size] if nested else tuple(size)


def first_shape(input_shape: Any) -> BatchShape:
    """Returns the shape of the sequence among those of sequence and states."""
    given = as_shapes(input_shape)
    found: BatchShape = given[0] if isinstance(given, list) else given
    return found


class StackedRNNCells(RNNCell):
    """Cells one on top of the other, as one cell.

    Args:
        cells: from the first to the last. States are listed from the last cell to the first, as in TF.js.

    Example:
        >>> import tfjs_pyo as tf
        >>> cells = [tf.layers.gruCell({"units": 4}), tf.layers.lstmCell({"units": 6})]
        >>> stacked = tf.layers.stackedRNNCells({"cells": cells})
        >>> tf.layers.rnn({"cell": stacked})(tf.ones([2, 3, 5])).shape
        (2, 6)

    Source: https://js.tensorflow.org/api/latest/#layers.stackedRNNCells
    """

    _internal = ("by_cell", "joined")
    _several_inputs = True
    per_sample = True

    cells: LayersLike = field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not isinstance(self.cells, (list, tuple)):
            raise ArgumentError(
                f"{self.display_name}: expected a list of cells, received {shown(self.cells)}."
            )
        self.cells = [LAYERS.get(cell, f"{self.display_name}: cells") for cell in self.cells]

    def _state_shapes(self) -> list[tuple[int, ...]]:
        return self.joined([states_of_cell(cell) for cell in self.cells])

    def by_cell(self, states: Sequence[Any]) -> list[list[Any]]:
        """Returns states as a list for each cell, from the first to the last, as Keras has them."""
        rest, found = list(states), []
        for cell in reversed(self.cells):
            count = len(states_of_cell(cell))
            found.append(rest[:count])
            rest = rest[count:]
        return found[::-1]

    def joined(self, states: Sequence[Sequence[Any]]) -> list[Any]:
        """Returns a list of states for each cell as one list, as TF.js has them."""
        return [state for own in reversed(states) for state in own]

    def _output_of_step(self, input_shape: BatchShape) -> BatchShape:
        for cell in self.cells:
            input_shape = (None, *output_of_cell(cell, input_shape))
        return input_shape[1:]

    def build(self, input_shape: Any) -> None:
        shape = first_shape(input_shape)
        for cell in self.cells:
            cell._ensure_built(shape)
            shape = (shape[0], *output_of_cell(cell, shape))

    def call(self, inputs: Sequence[Tensor], training: bool = False) -> list[Tensor]:
        output = inputs[0]
        found: list[States] = []
        for cell, states in zip(self.cells, self.by_cell(inputs[1:]), strict=True):
            output, states_after = step_of(cell, training)(output, states)
            found.append(states_after)
        return [output, *self.joined(found)]


def step_of(cell: Layer, training: bool) -> Advance:
    """Returns a cell as a function of input and states, whichever way its `call` is written."""
    names = inspect.signature(cell.call).parameters
    arguments = {"training": training} if "training" in names else {}

    def advance(x: Any, states: States) -> tuple[Any, States]:
        if "states" in names:
            output, after = cell._run(x, {"states": states, **arguments})
            return output, list(after) if isinstance(after, (list, tuple)) else [after]
        result = cell._run([x, *states], arguments)
        return result[0], list(result[1:])

    return advance


def unrolled(
    advance: Advance,
    steps: Sequence[Any],
    states: States,
    masks: Sequence[Tensor] | None,
    zeros: bool = False,
) -> tuple[list[Any], States]:
    """Runs all steps; where a mask does not hold, output and states stay those of the step before (first: 0).

    Args:
        advance: runs a step.
        steps: the inputs of the steps.
        states: before the first one.
        masks: of the steps, or None.
        zeros: whether outputs are 0 where the mask does not hold.
    """
    outputs: list[Any] = []
    for number, x in enumerate(steps):
        output, after = advance(x, states)
        if masks is not None:
            before = outputs[-1] if outputs and not zeros else nests.mapped(ops.zeros_like, output)
            output = _held(masks[number], output, before)
            after = [_held(masks[number], new, old) for new, old in zip(after, states, strict=True)]
        outputs.append(output)
        states = after
    return outputs, states


def _held(mask: Tensor, new: Any, old: Any) -> Any:
    """Returns new values where the mask holds, else old ones; of each of several outputs."""
    if isinstance(new, (list, tuple)):
        return [_held(mask, *pair) for pair in zip(new, old, strict=True)]
    held: Tensor = ops.where(ops.reshape(mask, (mask.shape[0], *(1 for _ in new.shape[1:]))), new, old)
    return held


class Recurrent(Layer):
    """Base of layers that run a cell over sequences [batch, steps, ...].

    Args:
        return_sequences: whether the output is that of every step, or that of the last one.
        return_state: whether the last states follow the output.
        go_backwards: whether steps run from the last to the first (outputs stay in that order).
        stateful: whether a batch begins with the last states of the one before; needs a known batch size.
        unroll: accepted for TF.js's sake: steps always become one compiled plan.
    """

    _several_inputs = True
    per_sample = True

    return_sequences: bool = field(False)
    return_state: bool = field(False)
    go_backwards: bool = field(False)
    stateful: bool = field(False)
    unroll: bool = field(False)
    zero_output_for_mask: bool = keras_field(False, keyword_only=True)
    input_dim: int | None = field(None, keyword_only=True, saved=False)
    input_length: int | None = field(None, keyword_only=True, saved=False)

    cell: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._kept: list[Variable] = []
        self._seen: BatchShape | None = None
        super().__init__(*args, **kwargs)
        if self.batch_input_shape is None and self.input_dim is not None:
            self.batch_input_shape = (self.batch_size, self.input_length, self.input_dim)

    def build(self, input_shape: Any) -> None:
        shape = self._seen = first_shape(input_shape)
        self._require_sequence(shape)
        self.cell._ensure_built(self._step_shape(input_shape))
        if self.stateful:
            batch = self._require_known(
                shape[0], "the batch size of a stateful layer (batchInputShape)", shape
            )
            self._kept = [
                Variable(ops.zeros((batch, *state)), False, f"{self.name}/state_{number}")
                for number, state in enumerate(self._state_shapes(shape))
            ]

    def _step_shape(self, input_shape: Any) -> Any:
        """Returns the shape of what a step is given; a list where there are several sequences."""
        if self._is_several(input_shape):
            return [(shape[0], *shape[2:]) for shape in input_shape]
        shape = first_shape(input_shape)
        return (shape[0], *shape[2:])

    def _is_several(self, inputs: Any) -> bool:  # noqa: ARG002 (cells of users tell)
        """Returns whether inputs, or their shapes, are several sequences for the same steps, and not one and its states."""
        return False

    def _require_sequence(self, shape: BatchShape) -> None:
        """Raises ShapeError unless inputs are sequences."""
        self._require_rank(shape, 3, "[batch, steps, features]")

    def _state_shapes(self, input_shape: BatchShape) -> list[tuple[int, ...]]:  # noqa: ARG002 (images need it)
        """Returns the shape of each state, without batch."""
        return states_of_cell(self.cell)

    def _takes_samples_alone(self) -> bool:
        return not self.stateful and super()._takes_samples_alone()

    # Calling

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Applies the layer; `initial_state` is a state or a list of them, symbolic where the inputs are.

        Args:
            inputs: sequences, [batch, steps, features], or a list of them and first states.
            args: options as a mapping, as in TensorFlow.js.
            kwargs: `initial_state`, `training` and `mask`, in any spelling.

        Returns:
            The last output, [batch, units]; all outputs with `return_sequences`; with `return_state` a list of that and
                the states.

        Raises:
            ArgumentError: states that are no tensors, or several sequences beside them.
            ShapeError: shapes that do not fit.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.simpleRNN({"units": 2, "kernelInitializer": "zeros", "recurrentInitializer": "identity",
            ...     "activation": "linear"})
            >>> layer.apply(tf.ones([1, 3, 1]), {"initialState": tf.tensor2d([[5, 6]])}).array_sync()
            [[5.0, 6.0]]
        """
        kwargs = array_arguments(self._named_arguments(args, kwargs))
        name = naming.nearest_spelling("initialState", kwargs)
        first = kwargs.pop(name) if name is not None else None
        if first is None:
            return super().apply(inputs, **kwargs)
        states = self._flat_states(list(first) if isinstance(first, (list, tuple)) else [first])
        given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        if len(given) > 1:
            raise ArgumentError(
                f"{self.display_name}: expected one sequence beside initialState, received {len(given)} tensors."
            )
        if not all(isinstance(state, (Tensor, SymbolicTensor)) for state in states):
            raise ArgumentError(
                f"{self.display_name}: expected initialState to be tensors, received {first!r}."
            )
        return super().apply([*given, *states], **kwargs)

    def _states_by_cell(self) -> StackedRNNCells | None:
        """Returns the cells whose states are a list for each, as Keras has them."""
        stacked = isinstance(self.cell, StackedRNNCells) and type(self).dialect is KERAS
        return self.cell if stacked else None

    def _flat_states(self, given: list[Any]) -> list[Any]:
        """Returns the states that a user gives as one list."""
        cells = self._states_by_cell()
        if cells is None:
            return given
        items = [list(each) if isinstance(each, (list, tuple)) else [each] for each in given]
        return cells.joined(items) if len(items) == len(cells.cells) else [x for item in items for x in item]

    def _shown_states(self, states: Sequence[Any]) -> Sequence[Any]:
        """Returns states as they follow the output."""
        cells = self._states_by_cell()
        return states if cells is None else cells.by_cell(states)

    def _argument_names(self) -> list[str]:
        return ["initial_state", *super()._argument_names()]

    def call(self, inputs: Any, mask: Any = None, training: bool = False) -> Result:
        given = list(inputs) if isinstance(inputs, (list, tuple)) else [inputs]
        several = self._is_several(given)
        x, states = given[0], [] if several else given[1:]
        mask = mask[0] if isinstance(mask, list) else mask
        self._require_sequence(x.shape)
        self._check_batch(x.shape)
        states = self._first_states(x, states)
        steps: list[Any]
        if several:
            steps, advance = list(zip(*map(_steps, given), strict=True)), step_of(self.cell, training)
        else:
            steps, advance = self._prepared(_time_major(x), training)
        masks = ops.unstack(ops.cast(mask, "bool"), 1) if mask is not None else None
        if self.go_backwards:
            steps, masks = steps[::-1], masks[::-1] if masks is not None else None
        if not steps:
            raise ShapeError(
                f"{self.display_name}: expected sequences of at least one step, received shape {x.shape}."
            )
        outputs, states = unrolled(advance, steps, states, masks, self.zero_output_for_mask)
        for variable, state in zip(self._kept, states, strict=False):
            variable.assign(state)
        output = outputs[-1]
        if self.return_sequences and isinstance(output, (list, tuple)):
            output = [ops.stack(column, 1) for column in zip(*outputs, strict=True)]
        elif self.return_sequences:
            output = ops.stack(outputs, 1)
        return [output, *self._shown_states(states)] if self.return_state else output

    def _prepared(self, sequence: Tensor, training: bool) -> tuple[list[Tensor], Advance]:
        """Returns the input of each step of [steps, batch, ...], and what runs a step.

        Cells that can do part of their work for all steps at once do it here.
        """
        return ops.unstack(sequence), step_of(self.cell, training)

    def _check_batch(self, shape: BatchShape) -> None:
        if self._kept and self._kept[0].shape[0] != shape[0]:
            raise ShapeError(
                f"{self.display_name}: expected batches of {self._kept[0].shape[0]} samples, as its states are of so many, "
                f"received {shape[0]}. A stateful layer keeps the batch size that it was built with (batchInputShape)."
            )

    def _first_states(self, x: Tensor, states: States) -> States:
        shapes = self._state_shapes(x.shape)
        if states and len(states) != len(shapes):
            raise ArgumentError(
                f"{self.display_name}: expected {len(shapes)} tensors of initialState, received {len(states)}."
            )
        if not states and self._kept:
            return [variable.read() for variable in self._kept]
        for state, shape in zip(states, shapes, strict=False):
            if state.shape != (x.shape[0], *shape):
                raise ShapeError(
                    f"{self.display_name}: expected an initial state of shape {(x.shape[0], *shape)}, received {state.shape}."
                )
        return states or [ops.zeros((x.shape[0], *shape)) for shape in shapes]

    def compute_output_shape(self, input_shape: Any) -> Shapes:
        shape = first_shape(input_shape)
        self._require_sequence(shape)
        output = output_of_cell(self.cell, self._step_shape(input_shape))
        before = shape[: 1 + self.return_sequences]
        whole: Any = [(*before, *each) for each in output] if isinstance(output, list) else (*before, *output)
        if not self.return_state:
            return whole
        return [whole, *self._shown_states([(shape[0], *state) for state in self._state_shapes(shape)])]

    def compute_mask(self, inputs: Any, mask: Any = None) -> Result:  # noqa: ARG002 (the mask tells)
        first = (mask[0] if mask else None) if isinstance(mask, list) else mask
        return first if self.return_sequences else None

    def get_initial_state(self, inputs: Any) -> list[Tensor]:
        """Returns the zeros that a sequence [batch, steps, ...] begins with.

        Args:
            inputs: a tensor of shape [batch, steps, ...].

        Raises:
            ShapeError: another rank.

        Example:
            >>> import tfjs_pyo as tf
            >>> [state.shape for state in tf.layers.lstm({"units": 2}).getInitialState(tf.ones([3, 4, 1]))]
            [(3, 2), (3, 2)]

        Source: https://js.tensorflow.org/api/latest/#tf.RNN
        """
        shape: Any = (inputs if isinstance(inputs, (Tensor, SymbolicTensor)) else ops.tensor(inputs)).shape
        self._require_sequence(shape)
        return [ops.zeros((shape[0], *each)) for each in self._state_shapes(shape)]

    # States kept between batches

    @property
    def states(self) -> list[Tensor]:
        """What a stateful layer remembers."""
        return [variable.read() for variable in self._kept]

    def get_states(self) -> list[Tensor]:
        """Returns what a stateful layer remembers.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.simpleRNN({"units": 1, "activation": "linear", "kernelInitializer": "ones",
            ...     "recurrentInitializer": "ones", "stateful": True, "batchInputShape": [1, None, 1]})
            >>> _ = layer.apply(tf.tensor3d([[[1], [2]]]))
            >>> layer.getStates()[0].array_sync()
            [[3.0]]
        """
        return self.states

    def set_states(self, states: Any) -> None:
        """Replaces what a stateful layer remembers.

        Args:
            states: a tensor for each state, or a single one, [batch, units]; None: zeros.

        Raises:
            ArgumentError: the layer is not stateful, has seen no batch size yet, or another number of states is given.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.simpleRNN({"units": 1, "activation": "linear", "kernelInitializer": "ones",
            ...     "recurrentInitializer": "ones", "stateful": True, "batchInputShape": [1, None, 1]})
            >>> _ = layer.apply(tf.tensor3d([[[1], [2]]]))
            >>> layer.setStates([tf.tensor2d([[10]])])
            >>> layer.apply(tf.tensor3d([[[4]]])).array_sync()
            [[14.0]]
        """
        self.reset_states(states)

    @property
    def state_spec(self) -> list[InputSpec]:
        """What the states have to be; nothing before the layer is built."""
        shapes = [] if self._seen is None else self._state_shapes(self._seen)
        return [InputSpec(shape=(None, *shape)) for shape in shapes]

    def reset_states(self, states: Any = None) -> None:
        """Sets what a stateful layer remembers to 0, or to the states given.

        Args:
            states: a tensor for each state, or a single one, [batch, units]; default: zeros.

        Raises:
            ArgumentError: the layer is not stateful, or has seen no batch size yet.

        Example:
            >>> import tfjs_pyo as tf
            >>> layer = tf.layers.simpleRNN({"units": 1, "activation": "linear", "kernelInitializer": "ones",
            ...     "recurrentInitializer": "ones", "stateful": True, "batchInputShape": [1, None, 1]})
            >>> _ = layer.apply(tf.tensor3d([[[1], [2]]]))
            >>> layer.resetStates()
            >>> layer.apply(tf.tensor3d([[[4]]])).array_sync()
            [[4.0]]

        Source: https://js.tensorflow.org/api/latest/#tf.RNN.resetStates
        """
        if not self._kept:
            raise ArgumentError(
                f"{self.display_name}: expected a stateful layer that is built; it keeps no states."
            )
        given = [None] * len(self._kept) if states is None else states
        items = list(given) if isinstance(given, (list, tuple)) else [given]
        if len(items) != len(self._kept):
            raise ArgumentError(
                f"{self.display_name}: expected {len(self._kept)} states, received {len(items)}."
            )
        for variable, state in zip(self._kept, items, strict=True):
            variable.assign(ops.zeros(variable.shape) if state is None else state)


def _time_major(sequence: Tensor) -> Tensor:
    major: Tensor = ops.transpose(sequence, (1, 0, *range(2, sequence.rank)))
    return major


def _steps(sequence: Tensor) -> list[Tensor]:
    return list(ops.unstack(_time_major(sequence)))


class RNN(Recurrent):
    """Runs any cell over sequences.

    A cell of a user's own may be given several sequences, which it takes as a list, and may give several outputs, whose shapes
    its `output_size` lists.

    Args:
        cell: a cell, a list of them (stacked), or a config.
        return_sequences, return_state, go_backwards, stateful, unroll: as for the other recurrent layers.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.rnn({"cell": tf.layers.gruCell({"units": 4})})(tf.ones([2, 3, 5])).shape
        (2, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.rnn
    """

    order: ClassVar[Order] = ("cell", ...)

    cell: LayersLike = field()
    zero_output_for_mask: bool = keras_field(False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cell = self.cell
        if isinstance(cell, (list, tuple)):
            cell = StackedRNNCells({"cells": list(cell)})
        self.cell = LAYERS.get(cell, f"{self.display_name}: cell")
        if not hasattr(self.cell, "state_size"):
            raise OptionError(
                f"{self.display_name}: expected a cell with a state_size, received {type(self.cell).__name__}."
            )

    def _is_several(self, inputs: Any) -> bool:
        if isinstance(self.cell, RNNCell) or not isinstance(inputs[0], (list, tuple, Tensor)):
            return False
        return len(inputs) > 1 and len(inputs) != 1 + len(states_of_cell(self.cell))
