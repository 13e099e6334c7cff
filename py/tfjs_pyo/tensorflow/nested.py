"""`tf.nest`: nested lists, tuples and dicts, flattened, mapped and compared.

Two things differ from `keras.tree`: the keys of all dicts are sorted, those of an `OrderedDict`, too, and subclasses of lists,
tuples and dicts are containers.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from tfjs_pyo import nests
from tfjs_pyo.errors import ArgumentError, ShapeError


def is_nested(structure: Any) -> bool:
    """Returns whether a value is a list, a tuple, a dict, or one of their kind.

    Args:
        structure: any value; texts, arrays and tensors are values in a structure.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.nest.is_nested([1, 2]), tf.nest.is_nested("ab")
        (True, False)

    Source: https://www.tensorflow.org/api_docs/python/tf/nest/is_nested
    """
    return nests.is_nest(structure) or isinstance(structure, deque)


def _parts(structure: Any) -> list[Any]:
    """Returns the parts of a container; those of a dict by their sorted keys."""
    if isinstance(structure, Mapping):
        return [structure[key] for key in nests.ordered_keys(structure)]
    return list(structure)


def _rebuilt(structure: Any, parts: Sequence[Any]) -> Any:
    """Returns a container like another one with other parts."""
    if isinstance(structure, Mapping):
        found = dict(zip(nests.ordered_keys(structure), parts, strict=True))
        ordered = {key: found[key] for key in structure}
        if isinstance(structure, defaultdict):
            return type(structure)(structure.default_factory, ordered)
        return type(structure)(ordered)  # type: ignore[call-arg]
    if hasattr(structure, "_fields"):
        return type(structure)(*parts)
    return deque(parts, structure.maxlen) if isinstance(structure, deque) else type(structure)(parts)


def _leaves(structure: Any) -> list[Any]:
    if not is_nested(structure):
        return [structure]
    return [leaf for part in _parts(structure) for leaf in _leaves(part)]


def flatten(structure: Any, expand_composites: Any = False) -> list[Any]:
    """Returns the leaves of a structure; those of dicts in the order of sorted keys.

    Args:
        structure: nested lists, tuples and dicts, or a value.
        expand_composites: has no effect.

    Raises:
        ArgumentError: more than 100 levels, or a structure that holds itself.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.nest.flatten({"b": 2, "a": [1, (3,)]})
        [1, 3, 2]

    Source: https://www.tensorflow.org/api_docs/python/tf/nest/flatten
    """
    nests.require_end(structure)
    return _leaves(structure)


def pack_sequence_as(structure: Any, flat_sequence: Iterable[Any], expand_composites: Any = False) -> Any:
    """Returns a structure like another one with other leaves.

    Args:
        structure: nested lists, tuples and dicts, or a value.
        flat_sequence: its new leaves, in the order of `flatten`.
        expand_composites: has no effect.

    Raises:
        ArgumentError: `flat_sequence` is no list.
        ShapeError: another number of leaves.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.nest.pack_sequence_as({"a": 0, "b": [0, 0]}, [1, 2, 3])
        {'a': 1, 'b': [2, 3]}

    Source: https://www.tensorflow.org/api_docs/python/tf/nest/pack_sequence_as
    """
    if not isinstance(flat_sequence, Iterable):
        raise ArgumentError(
            f"tf.nest.pack_sequence_as: expected a list of leaves, received {type(flat_sequence).__name__}."
        )
    leaves = list(flat_sequence)
    count = len(flatten(structure))
    if len(leaves) != count:
        raise ShapeError(f"tf.nest.pack_sequence_as: expected {count} leaves, received {len(leaves)}.")
    following = iter(leaves)

    def packed(part: Any) -> Any:
        return (
            _rebuilt(part, [packed(inner) for inner in _parts(part)]) if is_nested(part) else next(following)
        )

    return packed(structure)


def _kind(structure: Any) -> Any:
    """Returns what is equal of two containers of one type, as TensorFlow compares types."""
    if isinstance(structure, Mapping):
        return dict
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure).__name__, structure._fields
    return list if isinstance(structure, list) else type(structure)


def _require_same(owner: str, first: Any, other: Any, check_types: bool) -> None:
    """Raises unless two structures have one form."""
    received = f"tf.nest.{owner}: expected structures of one form, received {first!r} and {other!r}"
    if is_nested(first) != is_nested(other):
        raise ShapeError(f"{received}.")
    if not is_nested(first):
        return
    if check_types and _kind(first) != _kind(other):
        raise ArgumentError(
            f"{received}: {type(first).__name__} beside {type(other).__name__}. Pass check_types=False to let them pass as alike."
        )
    if len(first) != len(other) or (
        check_types and isinstance(first, Mapping) and first.keys() != other.keys()
    ):
        raise ShapeError(f"{received}.")
    for one, two in zip(_parts(first), _parts(other), strict=True):
        _require_same(owner, one, two, check_types)


def assert_same_structure(
    nest1: Any,
    nest2: Any,
    check_types: Any = True,
    expand_composites: Any = False,
) -> None:
    """Raises unless two structures have the same form.

    Args:
        nest1, nest2: values, or lists, tuples and dicts of values.
        check_types: whether a list and a tuple differ, and dicts of different keys.
        expand_composites: has no effect.

    Raises:
        ArgumentError: they differ in types; also a structure that holds itself.
        ShapeError: they differ in lengths, keys, or in where they have containers.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.nest.assert_same_structure({"a": [1, 2]}, {"a": [3, 4]})
        >>> tf.nest.assert_same_structure([1, 2], (3, 4), check_types=False)
        >>> try:
        ...     tf.nest.assert_same_structure([1, 2], (3, 4))
        ... except TypeError:
        ...     print("different")
        different

    Source: https://www.tensorflow.org/api_docs/python/tf/nest/assert_same_structure
    """
    nests.require_end(nest1)
    _require_same("assert_same_structure", nest1, nest2, bool(check_types))


def map_structure(
    func: Callable[..., Any],
    *structure: Any,
    check_types: Any = True,
    expand_composites: Any = False,
) -> Any:
    """Returns a structure of a function's results for the leaves of structures of one form.

    Args:
        func: takes a leaf of each.
        *structure: of one form, which the result has as well.
        check_types: whether a list and a tuple differ, and dicts of different keys; without it, leaves are taken in their order.
        expand_composites: has no effect.

    Raises:
        ArgumentError: `func` is no function, or the structures differ in types.
        ShapeError: the structures differ in lengths, keys, or in where they have containers, or there are none.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.nest.map_structure(lambda x, y: x + y, {"a": [1, 2]}, {"a": [10, 20]})
        {'a': [11, 22]}

    Source: https://www.tensorflow.org/api_docs/python/tf/nest/map_structure
    """
    if not callable(func):
        raise ArgumentError(f"tf.nest.map_structure: expected a function, received {type(func).__name__}.")
    if not structure:
        raise ShapeError("tf.nest.map_structure: expected at least one structure.")
    flat = [flatten(structure[0])]
    for other in structure[1:]:
        _require_same("map_structure", structure[0], other, bool(check_types))
        flat.append(flatten(other))
    return pack_sequence_as(structure[0], [func(*leaves) for leaves in zip(*flat, strict=True)])


NEST: dict[str, Any] = {
    each.__name__: each
    for each in (assert_same_structure, flatten, is_nested, map_structure, pack_sequence_as)
}  # fmt: skip

__all__ = ["NEST"]
