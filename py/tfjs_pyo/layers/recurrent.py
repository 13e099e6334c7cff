"""SimpleRNN, GRU and LSTM, and their cells. Source: https://js.tensorflow.org/api/latest/#Layers-Recurrent

The inputs of all steps are multiplied by the kernel in one product before the first step runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from tfjs_pyo import activations, constraints, initializers, naming, ops, regularizers
from tfjs_pyo.config import Configurable, Order, field, keras_field, number, positive_int
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.dialects import TFJS
from tfjs_pyo.errors import ShapeError
from tfjs_pyo.forms import form_for
from tfjs_pyo.layers.rnn_layers import Advance, Recurrent, RNNCell, States, first_shape
from tfjs_pyo.shapes import Shape

_initializer = initializers.INITIALIZERS.convert
_regularizer = regularizers.REGULARIZERS.convert
_constraint = constraints.CONSTRAINTS.convert


class UnitFields(Configurable):
    """The size of the output."""

    units: int = field(convert=positive_int)


class KernelFields(Configurable):
    """What all kinds of cells are told, the layers as well as the cells themselves."""

    activation: Any = field("tanh", activations.ACTIVATIONS.convert)
    use_bias: bool = field(True)
    kernel_initializer: Any = field("glorot_normal", _initializer, keras="glorot_uniform")
    recurrent_initializer: Any = field("orthogonal", _initializer)
    bias_initializer: Any = field("zeros", _initializer)
    kernel_regularizer: Any = field(None, _regularizer)
    recurrent_regularizer: Any = field(None, _regularizer)
    bias_regularizer: Any = field(None, _regularizer)
    kernel_constraint: Any = field(None, _constraint)
    recurrent_constraint: Any = field(None, _constraint)
    bias_constraint: Any = field(None, _constraint)
    dropout: float = field(0.0, number(0, 1, open_high=True))
    recurrent_dropout: float = field(0.0, number(0, 1, open_high=True))
    seed: int | None = keras_field(None)


class GateFields(Configurable):
    """What cells with gates are told besides."""

    recurrent_activation: Any = field("hard_sigmoid", activations.ACTIVATIONS.convert, keras="sigmoid")
    implementation: int = field(1, keyword_only=True, saved=TFJS)


class ResetFields(Configurable):
    """What GRUs are told besides."""

    reset_after: bool = field(False, keras=True)


class ForgetFields(Configurable):
    """What LSTMs are told besides."""

    unit_forget_bias: bool = field(False, keras=True)


class CellFields(UnitFields, KernelFields):
    """Fields of SimpleRNN."""


class GRUFields(CellFields, GateFields, ResetFields):
    """Fields of GRU."""


class LSTMFields(CellFields, GateFields, ForgetFields):
    """Fields of LSTM."""


_ORDER = (
    "units", "filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation",
    "recurrent_activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer",
    "unit_forget_bias", "kernel_regularizer", "recurrent_regularizer", "bias_regularizer", "activity_regularizer",
    "kernel_constraint", "recurrent_constraint", "bias_constraint", "dropout", "recurrent_dropout",
)  # fmt: skip
"""The order of what recurrent layers and cells are told, as Keras has it."""
_RETURNS = ("return_sequences", "return_state", "go_backwards", "stateful", "unroll")


class Cell(KernelFields, RNNCell):
    """Base of the cells: the two halves of a step."""

    _several_inputs = True
    per_sample = True
    order: ClassVar[Order] = (*_ORDER, "reset_after", "seed", ...)

    def _project(self, x: Tensor) -> Tensor:
        """Returns what inputs of any leading shape add to the gates: their product with the kernel, and the bias."""
        raise NotImplementedError(f"{self.display_name}: a cell must define _project(x).")

    def _kernels(self) -> list[Tensor]:
        """Returns what `advance` multiplies states by: the same tensors in all steps, whose gradients are then one product."""
        return [self.recurrent_kernel]

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        """Returns output and states after a step.

        Args:
            projected: what `project` gave for its inputs.
            states: those before.
            kept: factors of the recurrent dropout, or None.
            kernels: what `kernels` gave.
        """
        raise NotImplementedError(
            f"{self.display_name}: a cell must define _advance(projected, states, kept, kernels)."
        )

    def call(self, inputs: Sequence[Tensor], training: bool = False) -> list[Tensor]:
        x, states = inputs[0], list(inputs[1:])
        factors = self._recurrent_factors(states[0].shape, training)
        projected = self._project(dropped(x, self.dropout, training))
        output, after = self._advance(projected, states, factors, self._kernels())
        return [output, *after]

    def _recurrent_factors(self, shape: Shape, training: bool) -> Tensor | None:
        """Returns what the state is multiplied by in every step of a sequence, None without dropout."""
        if not training or not self.recurrent_dropout:
            return None
        factors: Tensor = ops.dropout(ops.ones(shape), self.recurrent_dropout)
        return factors


class _UnitCell(CellFields, Cell):
    """Base of cells over vectors: weights."""

    order: ClassVar[Order] = (*_ORDER, "reset_after", "seed", ...)
    _gate_count: ClassVar[int] = 1
    """How many blocks of `units` columns the kernels have."""

    @property
    def state_size(self) -> int:
        return self.units

    def build(self, input_shape: Any) -> None:
        shape = first_shape(input_shape)
        if not shape:
            raise ShapeError(f"{self.display_name}: expected a shape with features, received {shape}.")
        features = self._require_known(shape[-1], "the number of features", shape)
        columns = self._gate_count * self.units
        self.kernel = self._declared_weight("kernel", (features, columns))
        self.recurrent_kernel = self.add_weight(
            "recurrent_kernel", (self.units, columns), **recurrent_of(self)
        )
        self.bias = self._make_bias() if self.use_bias else None

    def _make_bias(self) -> Tensor:
        """Makes the bias."""
        return self._declared_weight("bias", (self._gate_count * self.units,))

    def _input_bias(self) -> Tensor | None:
        """Returns what is added to the product of inputs and kernel."""
        return self.bias

    def _project(self, x: Tensor) -> Tensor:
        """Returns inputs [..., features] times the kernel, with bias."""
        rows = ops.mat_mul(ops.reshape(x, (-1, x.shape[-1])), self.kernel)
        bias = self._input_bias()
        rows = rows if bias is None else rows + bias
        whole: Tensor = ops.reshape(rows, (*x.shape[:-1], rows.shape[-1]))
        return whole


def dropped(x: Tensor, rate: float, training: bool, noise_shape: Sequence[int] | None = None) -> Tensor:
    """Returns x with dropout while training."""
    if not training or not rate:
        return x
    result: Tensor = ops.dropout(x, rate, noise_shape)
    return result


def recurrent_of(cell: Any) -> dict[str, Any]:
    """Returns the arguments for the recurrent kernel of a cell."""
    return {part: getattr(cell, f"recurrent_{part}") for part in ("initializer", "regularizer", "constraint")}


def times(state: Tensor, kept: Tensor | None) -> Tensor:
    """Returns a state times the factors of its dropout."""
    return state if kept is None else state * kept


class CellLayer(KernelFields, Recurrent):
    """Base of layers that are made with a cell of their own."""

    order: ClassVar[Order] = (*_ORDER, "seed", *_RETURNS, "reset_after", ...)
    _cell_class: ClassVar[type[Cell]]
    activity_regularizer: Any = field(None, _regularizer)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = form_for(type(self), self._cell_class)
        told = {n: f for n, f in kind.fields.items() if n not in RNNCell.fields and f.argument}
        own = {f.argument: getattr(self, n) for n, f in told.items()}
        self.cell = kind(**own, name=self.name, dtype=self.dtype)
        self.cell._name_in_paths = naming.keras_snake(kind.__name__)

    def _prepared(self, sequence: Tensor, training: bool) -> tuple[list[Tensor], Advance]:
        cell = self.cell
        # One choice of dropped features for all steps of a sequence.
        kept = dropped(sequence, self.dropout, training, (1, *sequence.shape[1:]))
        batch, steps = sequence.shape[1], sequence.shape[0]
        state = self._state_shapes((batch, steps, *sequence.shape[2:]))[0]
        factors = cell._recurrent_factors((batch, *state), training)
        kernels = cell._kernels()
        return ops.unstack(cell._project(kept)), lambda x, states: cell._advance(x, states, factors, kernels)


class SimpleRNNCell(_UnitCell):
    """A step of a plain recurrent network: activation(x @ kernel + h @ recurrent_kernel + bias).

    Args:
        units: size of the output.
        activation: of the output.
        use_bias: whether there is a bias.
        kernel_initializer, recurrent_initializer, bias_initializer: first values.
        kernel_regularizer, recurrent_regularizer, bias_regularizer: penalties.
        kernel_constraint, recurrent_constraint, bias_constraint: projections after updates.
        dropout, recurrent_dropout: shares of features and of the state that are dropped.

    Example:
        >>> import tfjs_pyo as tf
        >>> cell = tf.layers.simpleRNNCell({"units": 4})
        >>> tf.layers.rnn({"cell": cell, "returnSequences": True})(tf.ones([2, 3, 5])).shape
        (2, 3, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.simpleRNNCell
    """

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        h = self.activation(projected + ops.mat_mul(times(states[0], kept), kernels[0]))
        return h, [h]


class GRUCell(GRUFields, _UnitCell):
    """A step of a gated recurrent unit (Cho et al., 2014); columns of the kernels: update, reset, new state.

    Args:
        units, activation, use_bias, dropout, ...: as for SimpleRNNCell.
        recurrent_activation: of the gates.
        implementation: accepted for TF.js's sake: the products of all gates are always one.
        reset_after: whether the reset gate applies after the product with the recurrent kernel, as in Keras's default; then
            there is a second bias.

    Example:
        >>> import tfjs_pyo as tf
        >>> cell = tf.layers.gruCell({"units": 4})
        >>> tf.layers.rnn({"cell": cell})(tf.ones([2, 3, 5])).shape
        (2, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.gruCell
    """

    _gate_count = 3

    def _make_bias(self) -> Tensor:
        columns = self._gate_count * self.units
        return self._declared_weight("bias", (2, columns) if self.reset_after else (columns,))

    def _kernels(self) -> list[Tensor]:
        whole, gates = self.recurrent_kernel, 2 * self.units
        return [whole] if self.reset_after else [whole[:, :gates], whole[:, gates:]]

    def _input_bias(self) -> Tensor | None:
        return self.bias if self.bias is None or not self.reset_after else self.bias[0]

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        h = times(states[0], kept)
        gates = 2 * self.units
        if self.reset_after:
            inner = ops.mat_mul(h, kernels[0])
            inner = inner if self.bias is None else inner + self.bias[1]
            update, reset = self._gates(projected[:, :gates] + inner[:, :gates])
            new = self.activation(projected[:, gates:] + reset * inner[:, gates:])
        else:
            update, reset = self._gates(projected[:, :gates] + ops.mat_mul(h, kernels[0]))
            new = self.activation(projected[:, gates:] + ops.mat_mul(reset * h, kernels[1]))
        after = update * states[0] + (1.0 - update) * new
        return after, [after]

    def _gates(self, x: Tensor) -> list[Tensor]:
        parts: list[Tensor] = ops.split(self.recurrent_activation(x), 2, 1)
        return parts


def bias_of(cell: Any, width: int) -> dict[str, Any]:
    """Returns the arguments for the bias of an LSTM cell of so many columns a gate."""
    first = cell.bias_initializer

    def with_forget_bias(_shape: Sequence[int], dtype: str) -> Tensor:
        parts = [first((width,), dtype), ops.ones((width,), dtype), first((2 * width,), dtype)]
        joined: Tensor = ops.concat(parts)
        return joined

    return {
        "initializer": with_forget_bias if cell.unit_forget_bias else first,
        "regularizer": cell.bias_regularizer,
        "constraint": cell.bias_constraint,
    }


class LSTMCell(LSTMFields, _UnitCell):
    """A step of long short-term memory (Hochreiter and Schmidhuber, 1997); columns: input, forget, new memory, output.

    Args:
        units, activation, use_bias, dropout, ...: as for SimpleRNNCell.
        recurrent_activation: of the gates.
        unit_forget_bias: whether the bias of the forget gate begins at 1; in Keras it does by default, in TF.js not.
        implementation: accepted for TF.js's sake: the products of all gates are always one.

    Example:
        >>> import tfjs_pyo as tf
        >>> cell = tf.layers.lstmCell({"units": 4})
        >>> tf.layers.rnn({"cell": cell})(tf.ones([2, 3, 5])).shape
        (2, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.lstmCell
    """

    _gate_count = 4

    @property
    def state_size(self) -> list[int]:  # type: ignore[override]
        return [self.units, self.units]

    def _make_bias(self) -> Tensor:
        return self.add_weight("bias", (self._gate_count * self.units,), **bias_of(self, self.units))

    def _advance(
        self, projected: Tensor, states: States, kept: Tensor | None, kernels: Sequence[Tensor]
    ) -> tuple[Tensor, States]:
        z = projected + ops.mat_mul(times(states[0], kept), kernels[0])
        let_in, forget, new, out = ops.split(z, 4, 1)
        gate = self.recurrent_activation
        c = gate(forget) * states[1] + gate(let_in) * self.activation(new)
        h = gate(out) * self.activation(c)
        return h, [h, c]


class SimpleRNN(CellFields, CellLayer):
    """A plain recurrent network over sequences.

    Args:
        units, activation, use_bias, dropout, ...: as for SimpleRNNCell.
        return_sequences: whether the output is that of every step, or that of the last one.
        return_state: whether the last states follow the output.
        go_backwards: whether steps run from the last to the first.
        stateful: whether a batch begins with the last states of the one before; needs a known batch size.
        unroll: accepted for TF.js's sake.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.simpleRNN({"units": 4, "returnSequences": True})(tf.ones([2, 3, 5])).shape
        (2, 3, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.simpleRNN
    """

    order: ClassVar[Order] = (*_ORDER, *_RETURNS, "seed", ...)
    _cell_class = SimpleRNNCell


class GRU(GRUFields, CellLayer):
    """Gated recurrent units over sequences.

    Args:
        units, activation, recurrent_activation, reset_after, ...: as for GRUCell.
        return_sequences, return_state, go_backwards, stateful, unroll: as for SimpleRNN.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.layers.gru({"units": 4})(tf.ones([2, 3, 5])).shape
        (2, 4)

    Source: https://js.tensorflow.org/api/latest/#layers.gru
    """

    order: ClassVar[Order] = CellLayer.order
    _cell_class = GRUCell

    use_cudnn: Any = keras_field("auto", saved=False)


class LSTM(LSTMFields, CellLayer):
    """Long short-term memory over sequences.

    Args:
        units, activation, recurrent_activation, unit_forget_bias, ...: as for LSTMCell.
        return_sequences, return_state, go_backwards, stateful, unroll: as for SimpleRNN.

    Example:
        >>> import tfjs_pyo as tf
        >>> output, h, c = tf.layers.lstm({"units": 4, "returnState": True})(tf.ones([2, 3, 5]))
        >>> output.shape, h.shape, c.shape
        ((2, 4), (2, 4), (2, 4))

    Source: https://js.tensorflow.org/api/latest/#layers.lstm
    """

    order: ClassVar[Order] = CellLayer.order
    _cell_class = LSTMCell

    use_cudnn: Any = keras_field("auto", saved=False)
