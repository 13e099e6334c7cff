"""`keras.ops`: conditions and loops. A loop in a compiled step is unrolled; where its end depends on data, it says so."""

from __future__ import annotations

import builtins
from collections.abc import Callable, Sequence
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core.tape import Tape
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError, TraceError
from tfjs_pyo.keras import tree
from tfjs_pyo.keras.ops.declare import Group, alike, as_float, tensor
from tfjs_pyo.keras.ops.moving import concatenate, flip, stack
from tfjs_pyo.options import shown

core = Group()
numpy = Group()

Function = Callable[..., Any]


def _known(value: Any) -> Any:
    """Returns a number, None where it depends on data that a compiled step gets later."""
    if not isinstance(value, Tensor):
        return value
    try:
        return value.item()
    except TraceError:
        return None


def _chosen(condition: Tensor, first: Any, second: Any) -> Any:
    """Returns one of two structures of tensors, leaf by leaf."""
    return tree.map_structure(
        lambda a, b: a if a is b or a is None else ops.where(condition, *alike(a, b)), first, second
    )


@core.plain
def cond(pred: Any, true_fn: Function, false_fn: Function) -> Any:
    """Returns what one of two functions gives. In a compiled step where the condition depends on data, both are computed.

    Args:
        pred: a bool, or a tensor of one.
        true_fn, false_fn: without arguments; they give structures of one form.

    Example:
        >>> from tfjs_pyo import keras
        >>> x = keras.ops.array([3.0, -4.0])
        >>> keras.ops.cond(keras.ops.sum(x) > 0, lambda: x, lambda: -x)
        Tensor
            [-3, 4]

    Source: https://keras.io/api/ops/core/
    """
    found = _known(pred)
    if found is not None:
        return true_fn() if found else false_fn()
    return _chosen(ops.cast(pred, "bool"), true_fn(), false_fn())


@core.plain
def switch(index: Any, branches: Sequence[Function], *operands: Any) -> Any:
    """Returns what one of several functions gives for the operands; an index out of range takes the nearest.

    Raises:
        ArgumentError: there are no branches.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.switch(1, [keras.ops.add, keras.ops.multiply], 3, 4)
        Tensor
            12

    Source: https://keras.io/api/ops/core/
    """
    if not branches:
        raise ArgumentError("switch: expected at least one function, received an empty list.")
    last = len(branches) - 1
    found = _known(index)
    if found is not None:
        return branches[max(0, min(last, int(found)))](*operands)
    number = ops.maximum(ops.minimum(ops.cast(index, "int32"), last), 0)
    result = branches[0](*operands)
    for place, branch in enumerate(branches[1:], 1):
        result = _chosen(ops.equal(number, place), branch(*operands), result)
    return result


@core.plain
def while_loop(cond: Function, body: Function, loop_vars: Any, maximum_iterations: int | None = None) -> Any:
    """Returns the variables of a loop after it: `body` is called while `cond` holds.

    In a compiled step a condition that depends on data needs `maximum_iterations`: so many turns are computed, and those
    after the end change nothing.

    Args:
        cond: takes the variables, tells whether there is another turn.
        body: takes the variables, returns them for the next turn.
        loop_vars: a tensor, or a list or tuple of structures of tensors.
        maximum_iterations: the most turns.

    Raises:
        TraceError: the number of turns depends on data of a compiled step, and there is no most.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.while_loop(lambda i, total: i < 5, lambda i, total: (i + 1, total + i), (0, 0))[1]
        Tensor
            10

    Source: https://keras.io/api/ops/core/
    """
    several = isinstance(loop_vars, (list, tuple))
    variables = tuple(tree.map_structure(tensor, list(loop_vars) if several else [loop_vars]))
    turn = 0
    alive: Any = None
    while maximum_iterations is None or turn < maximum_iterations:
        goes_on = cond(*variables)
        found = _known(goes_on)
        if found is None:
            if maximum_iterations is None:
                raise TraceError(
                    "while_loop: the number of turns depends on data that a compiled step gets later. Pass "
                    "`maximum_iterations`, or compile the model with run_eagerly=True."
                )
            alive = ops.cast(goes_on, "bool") if alive is None else ops.logical_and(alive, goes_on)
        elif not found:
            break
        result = body(*variables)
        after = tuple(result) if isinstance(result, (list, tuple)) else (result,)
        variables = after if alive is None else _chosen(alive, after, variables)
        turn += 1
    return variables if several else variables[0]


@core.plain
def fori_loop(lower: Any, upper: Any, body_fun: Function, init_val: Any) -> Any:
    """Returns a value after a loop over whole numbers: `body_fun` takes the number and the value.

    Raises:
        TraceError: bounds that depend on data of a compiled step.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.fori_loop(0, 5, lambda i, total: total + i, 0)
        10

    Source: https://keras.io/api/ops/core/
    """
    ends = [_known(lower), _known(upper)]
    if None in ends:
        raise TraceError("fori_loop: expected bounds that do not depend on data of a compiled step.")
    for number in builtins.range(int(ends[0]), int(ends[1])):
        init_val = body_fun(number, init_val)
    return init_val


def _slices(xs: Any, count: int) -> list[Any]:
    """Returns the structures of the elements along the first axis of tensors."""
    rows = [ops.unstack(leaf) for leaf in tree.flatten(xs)]
    return [tree.pack_sequence_as(xs, [row[place] for row in rows]) for place in builtins.range(count)]


def _tensors(owner: str, xs: Any) -> tuple[Any, int]:
    """Returns a structure as tensors, and the common length of their first axis."""
    found = tree.map_structure(tensor, xs)
    lengths = {leaf.shape[:1] for leaf in tree.flatten(found)}
    if len(lengths) != 1 or () in lengths:
        raise ShapeError(f"{owner}: expected tensors of one length along the first axis, received {lengths}.")
    return found, lengths.pop()[0]


@core.plain
def scan(
    f: Function,
    init: Any,
    xs: Any = None,
    length: int | None = None,
    reverse: bool = False,
    unroll: int | bool = 1,  # noqa: ARG001 (loops are unrolled in any case)
) -> tuple[Any, Any]:
    """Returns the last carry, and what each turn gave, stacked.

    Args:
        f: takes the carry and an element, returns the next carry and what the turn gives (or None).
        init: the first carry.
        xs: structure of tensors, whose first axis is gone through; None with a `length`.
        length: the number of turns.
        reverse: whether to begin at the end.
        unroll: no matter here.

    Raises:
        ArgumentError: `f` is no function.
        OptionError: neither `xs` nor a `length`.
        ShapeError: tensors of different lengths in `xs`.

    Example:
        >>> from tfjs_pyo import keras
        >>> total, sums = keras.ops.scan(lambda carry, x: (carry + x, carry + x), 0, keras.ops.array([1, 2, 3]))
        >>> sums
        Tensor
            [1, 3, 6]

    Source: https://keras.io/api/ops/core/
    """
    if not callable(f):
        raise ArgumentError(f"scan: expected a function, received {type(f).__name__}.")
    if xs is None and length is None:
        raise OptionError("scan: expected `xs` to go through, or a `length`, received neither.")
    elements: list[Any] = [None] * int(length or 0)
    if xs is not None:
        found, count = _tensors("scan", xs)
        elements = _slices(found, count if length is None else int(length))
    carry = tree.map_structure(tensor, init)
    given = []
    for element in reversed(elements) if reverse else elements:
        carry, result = f(carry, element)
        given.append(result)
    given = given[::-1] if reverse else given
    if not given or all(each is None for each in given):
        empty = tree.map_structure(ops.zeros_like, carry)
        return carry, tree.map_structure(lambda leaf: stack([leaf] * len(given)), empty) if given else None
    return carry, tree.map_structure(lambda *leaves: stack(list(leaves)), *given)


@core.plain
def map_(f: Function, xs: Any) -> Any:
    """Returns what a function gives for each element of the first axis, stacked.

    Raises:
        ShapeError: tensors of different lengths in `xs`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.map(keras.ops.max, keras.ops.array([[1, 5], [7, 2]]))
        Tensor
            [5, 7]

    Source: https://keras.io/api/ops/core/
    """
    found, count = _tensors("map", xs)
    given = [f(element) for element in _slices(found, count)]
    return tree.map_structure(lambda *leaves: stack([tensor(leaf) for leaf in leaves]), *given)


@core.plain
def vectorized_map(function: Function, elements: Any) -> Any:
    """Returns what a function gives for each element of the first axis, stacked.

    The calls are recorded one by one and computed together.

    Raises:
        ShapeError: tensors of different lengths in `elements`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.vectorized_map(lambda row: row / keras.ops.sum(row), keras.ops.array([[1.0, 3.0], [4.0, 4.0]]))
        Tensor
            [[0.25, 0.75],
             [0.5 , 0.5 ]]

    Source: https://keras.io/api/ops/core/
    """
    return map_(function, elements)


def _part(x: Tensor, start: int, stop: int | None, step: int, axis: int) -> Tensor:
    index = [slice(None)] * x.rank
    index[axis] = slice(start, stop, step)
    return x[tuple(index)]


@core.plain
def associative_scan(f: Function, elems: Any, reverse: bool = False, axis: int = 0) -> Any:
    """Returns all beginnings of a sequence, combined by an associative function, in about 2 log(n) calls.

    Args:
        f: takes two structures of tensors, combines them element by element.
        elems: structure of tensors of one length along the axis.
        reverse: whether to begin at the end.
        axis: along which.

    Raises:
        ArgumentError: `f` is no function.
        ShapeError: tensors of different lengths along the axis.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.ops.associative_scan(keras.ops.maximum, keras.ops.array([2, 1, 5, 3]))
        Tensor
            [2, 2, 5, 5]

    Source: https://keras.io/api/ops/core/
    """
    if not callable(f):
        raise ArgumentError(f"associative_scan: expected a function, received {type(f).__name__}.")
    leaves = [tensor(leaf) for leaf in tree.flatten(elems)]
    if (
        not all(-leaf.rank <= axis < leaf.rank for leaf in leaves)
        or len({leaf.shape[axis] for leaf in leaves}) != 1
    ):
        raise ShapeError(
            f"associative_scan: expected tensors of one length along axis {axis}, received {[t.shape for t in leaves]}."
        )
    leaves = [flip(leaf, axis) if reverse else leaf for leaf in leaves]
    at = axis % leaves[0].rank

    def combined(first: list[Tensor], second: list[Tensor]) -> list[Tensor]:
        return tree.flatten(f(tree.pack_sequence_as(elems, first), tree.pack_sequence_as(elems, second)))

    def scanned(parts: list[Tensor]) -> list[Tensor]:
        count = parts[0].shape[at]
        if count < 2:
            return parts
        ends = count - 1
        pairs = combined(
            [_part(each, 0, ends, 2, at) for each in parts], [_part(each, 1, None, 2, at) for each in parts]
        )
        odd = scanned(pairs)
        before = [_part(each, 0, -1, 1, at) for each in odd] if count % 2 == 0 else odd
        even = combined(before, [_part(each, 2, None, 2, at) for each in parts]) if count > 2 else None
        return [
            _interleaved(
                _part(each, 0, 1, 1, at)
                if even is None
                else concatenate([_part(each, 0, 1, 1, at), even[place]], at),
                odd[place],
                at,
            )
            for place, each in enumerate(parts)
        ]

    found = [flip(leaf, axis) if reverse else leaf for leaf in scanned(leaves)]
    return tree.pack_sequence_as(elems, found)


def _interleaved(first: Tensor, second: Tensor, axis: int) -> Tensor:
    """Returns elements of two tensors in turn, beginning with the first."""
    common = second.shape[axis]
    pairs = stack([_part(first, 0, common, 1, axis), second], axis + 1)
    shape = list(first.shape)
    shape[axis] = 2 * common
    joined = ops.reshape(pairs, shape)
    return (
        joined
        if first.shape[axis] == common
        else concatenate([joined, _part(first, common, None, 1, axis)], axis)
    )


@core.plain
def custom_gradient(f: Function) -> Function:
    """Returns a function with a gradient of your own.

    Args:
        f: takes tensors, returns its value and a function of the derivative by it, which gives those by the tensors.

    Example:
        >>> from tfjs_pyo import keras
        >>> @keras.ops.custom_gradient
        ... def double(x):
        ...     return x * 2.0, lambda upstream: upstream * 2.0
        >>> double(keras.ops.array([1.0]))
        Tensor
            [2]

    Source: https://keras.io/api/ops/core/
    """

    def called(*args: Any) -> Any:
        def computed(*given: Any) -> dict[str, Any]:
            value, gradient = f(*given[:-1])
            return {"value": value, "gradFunc": lambda dy, _saved: gradient(dy)}

        return ops.custom_grad(computed)(*(tensor(arg) for arg in args))

    called.__name__ = getattr(f, "__name__", "custom_gradient")
    called.__doc__ = f.__doc__
    return called


@core.plain
def jvp(fun: Function, primals: Any, tangents: Any, has_aux: bool = False) -> Any:
    """Returns a function's value and its derivative in a direction: the gradient of a gradient, which is linear in its weights.

    Args:
        fun: takes tensors, returns one (with `has_aux` a pair of it and something else).
        primals: where.
        tangents: the direction, like the primals.
        has_aux: see `fun`.

    Raises:
        ArgumentError: primals or tangents that are no list of tensors.

    Example:
        >>> from tfjs_pyo import keras
        >>> value, slope = keras.ops.jvp(lambda x: x * x, [3.0], [1.0])
        >>> value.item(), slope.item()
        (9.0, 6.0)

    Source: https://keras.io/api/ops/core/
    """
    for name, values in (("primals", primals), ("tangents", tangents)):
        if not isinstance(values, (list, tuple)) or None in [each if each is None else 0 for each in values]:
            raise ArgumentError(f"jvp: expected `{name}` to be a list of tensors, received {shown(values)}.")
    points = [as_float(tensor(each)) for each in primals]
    ways = [as_float(tensor(each)) for each in tangents]
    with Tape():
        points = [point + 0.0 for point in points]
        result = fun(*points)
        y, aux = result if has_aux else (result, None)
        weights = ops.zeros_like(y) + 0.0
        found = ops.gradients(y, points, weights)
        products = [ops.sum(g * way) for g, way in zip(found, ways, strict=True) if g is not None]
        total = products[0] if products else ops.sum(weights) * 0.0
        for product in products[1:]:
            total = total + product
        (along,) = ops.gradients(total, [weights])
    along = ops.zeros_like(y) if along is None else along
    return (y, along, aux) if has_aux else (y, along)


@numpy.plain
def vectorize(
    pyfunc: Function, *, excluded: Sequence[int] | None = None, signature: str | None = None
) -> Function:
    """Returns a function that is called for each element of its arguments, broadcast, or for each of their parts.

    Args:
        pyfunc: takes and returns tensors.
        excluded: numbers of arguments that are passed as they are.
        signature: which axes each call takes, such as '(m,n),(n)->(m)'; default: numbers.

    Example:
        >>> from tfjs_pyo import keras
        >>> clipped = keras.ops.vectorize(lambda x, most: keras.ops.minimum(x, most))
        >>> clipped([1, 5, 9], 6)
        Tensor
            [1, 5, 6]

    Source: https://keras.io/api/ops/numpy/
    """
    left_out = set(excluded or ())
    cores = None
    if signature is not None:
        inputs = signature.replace(" ", "").partition("->")[0]
        cores = [len([name for name in part.strip("()").split(",") if name]) for part in inputs.split("),(")]

    def called(*args: Any) -> Any:
        given = [arg if place in left_out else tensor(arg) for place, arg in enumerate(args)]
        ranks = [cores[place] if cores else 0 for place in builtins.range(len(args))]
        leads = [x.shape[: x.rank - ranks[p]] for p, x in enumerate(given) if p not in left_out]
        lead = _broadcast(leads)
        flat = [
            x
            if p in left_out
            else ops.reshape(
                ops.broadcast_to(x, [*lead, *x.shape[x.rank - ranks[p] :]]),
                [-1, *x.shape[x.rank - ranks[p] :]],
            )
            for p, x in enumerate(given)
        ]
        count = 1
        for dim in lead:
            count *= dim
        results = [
            pyfunc(*(x if p in left_out else x[number] for p, x in enumerate(flat)))
            for number in builtins.range(count)
        ]

        def joined(*leaves: Any) -> Tensor:
            parts = [tensor(leaf) for leaf in leaves]
            return ops.reshape(stack(parts), [*lead, *parts[0].shape])

        return tree.map_structure(joined, *results)

    return called


def _broadcast(shapes: Sequence[Sequence[int]]) -> list[int]:
    from_ones = [1] * max((len(shape) for shape in shapes), default=0)
    for shape in shapes:
        for place, dim in enumerate(reversed(shape), 1):
            if dim != 1:
                from_ones[-place] = dim
    return from_ones


__all__ = ["core", "numpy"]
