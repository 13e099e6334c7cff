"""One step of LSTM cells, and averages over steps. Source: https://js.tensorflow.org/api/latest/#Operations-RNN"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.core.graph import Node, const
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, DTypeError, ShapeError
from tfjs_pyo.ops.arithmetic import add, divide_real, mul, sub
from tfjs_pyo.ops.convert import node_of
from tfjs_pyo.ops.declare import public
from tfjs_pyo.ops.math import pow_, sigmoid, tanh
from tfjs_pyo.ops.matrices import mat_mul
from tfjs_pyo.ops.movement import concat
from tfjs_pyo.ops.samples import Case, tested_with
from tfjs_pyo.ops.splitting import split
from tfjs_pyo.types import TensorLike

Cell = Callable[[Any, Any, Any], Sequence[Any]]
"""`(data, c, h) -> [new c, new h]`."""


@tested_with(Case(((), (5, 8), (8,), (3, 3), (3, 2), (3, 2))))
@public(6, method=False)
def basic_lstm_cell(
    forget_bias: Node, lstm_kernel: Node, lstm_bias: Node, data: Node, c: Node, h: Node
) -> tuple[Node, Node]:
    """Returns the next state and output of an LSTM cell.

    Args:
        forget_bias: scalar, added to the forget gate.
        lstm_kernel: shape [inputs + units, 4 * units]: of input gate, new input, forget gate and output gate.
        lstm_bias: shape [4 * units].
        data: shape [batch, inputs].
        c, h: state and output of the step before, shape [batch, units].

    Returns:
        `(new c, new h)`.

    Raises:
        ShapeError: shapes that do not suit each other.

    Example:
        >>> import tfjs_pyo as tf
        >>> zeros = tf.zeros([1, 2])
        >>> c, h = tf.basicLSTMCell(1.0, tf.zeros([5, 8]), tf.zeros([8]), tf.zeros([1, 3]), zeros, zeros)
        >>> h.shape
        (1, 2)

    Source: https://js.tensorflow.org/api/latest/#basicLSTMCell
    """
    units = c.shape[-1] if c.rank else 0
    wanted = (data.shape[-1] + units if data.rank else 0, 4 * units)
    if c.rank != 2 or c.shape != h.shape or data.rank != 2 or lstm_kernel.shape != wanted:
        raise ShapeError(
            f"basic_lstm_cell: expected data [batch, inputs], c and h [batch, units] and a kernel "
            f"[inputs + units, 4 * units], received shapes {data.shape}, {c.shape}, {h.shape} and {lstm_kernel.shape}."
        )
    gates = add(mat_mul(concat([data, h], 1), lstm_kernel), lstm_bias)
    let_in, new, forget, let_out = split(gates, 4, 1)
    new_c = add(mul(sigmoid(let_in), tanh(new)), mul(c, sigmoid(add(forget_bias, forget))))
    return new_c, mul(tanh(new_c), sigmoid(let_out))


@naming.bridge
def multi_rnn_cell(
    lstm_cells: Sequence[Cell], data: Any, c: Sequence[Any], h: Sequence[Any]
) -> tuple[list[Any], list[Any]]:
    """Returns the next states and outputs of a stack of cells; each one's output is the next one's input.

    Args:
        lstm_cells: functions of data, c and h that return the new c and h.
        data: input of the first one.
        c, h: a state and an output for each cell.

    Returns:
        `(new c of each, new h of each)`.

    Raises:
        ArgumentError: not as many states as cells.

    Example:
        >>> import tfjs_pyo as tf
        >>> cell = lambda data, c, h: tf.basicLSTMCell(1.0, tf.ones([2, 4]), tf.zeros([4]), data, c, h)
        >>> c, h = tf.multiRNNCell([cell, cell], tf.ones([1, 1]), [tf.zeros([1, 1])] * 2, [tf.zeros([1, 1])] * 2)
        >>> len(h)
        2

    Source: https://js.tensorflow.org/api/latest/#multiRNNCell
    """
    if not len(lstm_cells) == len(c) == len(h):
        raise ArgumentError(
            f"multi_rnn_cell: expected a state and an output for each of {len(lstm_cells)} cells, received {len(c)} and "
            f"{len(h)}."
        )
    states, outputs = [], []
    for cell, state, output in zip(lstm_cells, c, h, strict=True):
        new_state, data = cell(data, state, output)
        states.append(new_state)
        outputs.append(data)
    return states, outputs


@naming.bridge
def moving_average(
    v: TensorLike, x: TensorLike, decay: TensorLike, step: TensorLike = None, zero_debias: bool = True
) -> Tensor:
    """Returns the next value of an exponential moving average.

    Args:
        v: its present value.
        x: what is new, of the shape and dtype of v.
        decay: how much of v stays, a number or scalar.
        step: number of this step, from 1; needed for `zero_debias`.
        zero_debias: whether to correct for a start at 0: the change is divided by 1 - decay^step.

    Raises:
        ShapeError: v and x have different shapes.
        DTypeError: they have different dtypes.
        ArgumentError: `zero_debias` without a step.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.movingAverage([0.0], [8.0], 0.5, 1).array_sync()
        [8.0]

    Source: https://js.tensorflow.org/api/latest/#movingAverage
    """
    old, new = node_of(v, "moving_average"), node_of(x, "moving_average")
    if old.shape != new.shape:
        raise ShapeError(f"moving_average: expected x of shape {old.shape}, received {new.shape}.")
    if old.dtype != new.dtype:
        raise DTypeError(f"moving_average: expected x of dtype {old.dtype}, received {new.dtype}.")
    if zero_debias and step is None:
        raise ArgumentError("moving_average: expected a step for zero_debias, received none.")
    kept, one = node_of(decay, "moving_average", "float32"), const(1.0, "float32")
    update = mul(sub(new, old), sub(one, kept))
    if zero_debias:
        update = divide_real(update, sub(one, pow_(kept, node_of(step, "moving_average", "float32"))))
    return Tensor(add(old, update))
