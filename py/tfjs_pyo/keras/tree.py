"""`keras.tree`: nested lists, tuples and dicts, flattened, mapped and compared."""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from tfjs_pyo import naming, nests
from tfjs_pyo.documenting import complete
from tfjs_pyo.errors import ArgumentError, ShapeError
from tfjs_pyo.rules import check_public

Path = tuple[Any, ...]


class MAP_TO_NONE:  # noqa: N801 (Keras's name)
    """What a function of `traverse` returns to put None in the place of a part.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.traverse(lambda part: keras.tree.MAP_TO_NONE if part == "secret" else None, ["name", "secret"])
        ['name', None]
    """


_CONTAINERS = (list, tuple, dict, OrderedDict, defaultdict, deque)


def is_nested(structure: Any) -> bool:
    """Returns whether a value is a list, a tuple, a dict, or one of their kind.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.is_nested([1, 2]), keras.tree.is_nested(1)
        (True, False)

    Source: https://github.com/keras-team/keras/blob/master/keras/src/tree/tree_api.py
    """
    kind = type(structure)
    return kind in _CONTAINERS or (isinstance(structure, tuple) and hasattr(structure, "_fields"))


def _items(structure: Any) -> list[tuple[Any, Any]]:
    """Returns the parts of a container with their keys; those of dicts are in the order of sorted keys."""
    if isinstance(structure, dict):
        keys = list(structure)
        if not isinstance(structure, OrderedDict):
            try:
                keys.sort()
            except TypeError:
                keys.sort(key=lambda key: (type(key).__qualname__, str(key)))
        return [(key, structure[key]) for key in keys]
    return list(enumerate(structure))


def _rebuilt(structure: Any, parts: Sequence[Any]) -> Any:
    """Returns a container like another one with other parts."""
    if isinstance(structure, dict):
        found = dict(zip([key for key, _ in _items(structure)], parts, strict=True))
        ordered = {key: found[key] for key in structure}
        if isinstance(structure, defaultdict):
            return defaultdict(structure.default_factory, ordered)
        return type(structure)(ordered)
    if hasattr(structure, "_fields"):
        return type(structure)(*parts)
    return deque(parts, structure.maxlen) if isinstance(structure, deque) else type(structure)(parts)


def flatten_with_path(structure: Any) -> list[tuple[Path, Any]]:
    """Returns the leaves with the keys that lead to them.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.flatten_with_path({"a": [1, 2]})
        [(('a', 0), 1), (('a', 1), 2)]

    Source: https://keras.io/api/utils/tree_utils/
    """
    if not is_nested(structure):
        return [((), structure)]
    nests.require_end(structure)
    return [((key, *path), leaf) for key, part in _items(structure) for path, leaf in flatten_with_path(part)]


def flatten(structure: Any) -> list[Any]:
    """Returns the leaves of a structure; those of dicts in the order of sorted keys.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.flatten({"b": 2, "a": [1, (3,)]})
        [1, 3, 2]

    Source: https://keras.io/api/utils/tree_utils/
    """
    return [leaf for _, leaf in flatten_with_path(structure)]


def pack_sequence_as(structure: Any, flat_sequence: Sequence[Any]) -> Any:
    """Returns a structure like another one with other leaves.

    Raises:
        ShapeError: another number of leaves.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.pack_sequence_as({"a": 0, "b": [0, 0]}, [1, 2, 3])
        {'a': 1, 'b': [2, 3]}

    Source: https://keras.io/api/utils/tree_utils/
    """
    if not isinstance(flat_sequence, Iterable):
        raise ArgumentError(
            f"pack_sequence_as: expected a list of leaves, received {type(flat_sequence).__name__}."
        )
    leaves = list(flat_sequence)
    count = len(flatten(structure))
    if len(leaves) != count:
        raise ShapeError(f"pack_sequence_as: expected {count} leaves, received {len(leaves)}.")
    following = iter(leaves)

    def packed(part: Any) -> Any:
        if not is_nested(part):
            return next(following)
        return _rebuilt(part, [packed(inner) for _, inner in _items(part)])

    return packed(structure)


def _kind(structure: Any) -> type:
    """Returns what a container has to be for others to have its form: dicts of all classes are alike."""
    return dict if isinstance(structure, dict) else type(structure)


def _parts(owner: str, first: Any, other: Any) -> list[Any]:
    """Returns the parts of a container in the order of those of the first, which it has to be like."""
    if not is_nested(other) or _kind(first) is not _kind(other):
        raise ShapeError(
            f"{owner}: expected structures of one form, received {first!r} and {other!r}: {_kind(first).__name__} beside "
            f"{_kind(other).__name__}."
        )
    keys = [key for key, _ in _items(first)]
    if len(other) != len(keys) or (isinstance(first, dict) and other.keys() != first.keys()):
        raise ShapeError(f"{owner}: expected structures of one form, received {first!r} and {other!r}.")
    return [other[key] for key in keys]


def _mapped(
    owner: str, func: Callable[..., Any], structures: Sequence[Any], leaf: Callable[[Any], bool], deep: bool
) -> Any:
    """Returns a function's results for the leaves of the first structure; `deep` asks the others to end there, too."""
    first, *others = structures
    if leaf(first):
        if deep and any(is_nested(other) for other in others):
            raise ShapeError(f"{owner}: expected structures of one form, received leaves beside containers.")
        return func(*structures)
    columns = zip(
        [part for _, part in _items(first)], *(_parts(owner, first, other) for other in others), strict=True
    )
    return _rebuilt(first, [_mapped(owner, func, column, leaf, deep) for column in columns])


def map_structure(func: Callable[..., Any], *structures: Any, none_is_leaf: bool = True) -> Any:
    """Returns a structure of a function's results for the leaves of structures of one form.

    A list and a tuple differ in form, as do two classes of named tuples; dicts of all classes with the same keys are alike.

    Args:
        func: takes a leaf of each.
        *structures: of one form.
        none_is_leaf: whether the function is called for None; else None stays.

    Raises:
        ArgumentError: `func` is no function.
        ShapeError: the structures differ, or there are none.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.map_structure(lambda x, y: x + y, {"a": [1, 2]}, {"a": [10, 20]})
        {'a': [11, 22]}

    Source: https://keras.io/api/utils/tree_utils/
    """
    if not callable(func):
        raise ArgumentError(f"map_structure: expected a function, received {type(func).__name__}.")
    if not structures:
        raise ShapeError("map_structure: expected at least one structure.")

    def applied(*leaves: Any) -> Any:
        if none_is_leaf or all(leaf is not None for leaf in leaves):
            return func(*leaves)
        if any(leaf is not None for leaf in leaves):
            raise ShapeError(
                "map_structure: expected structures of one form, received None beside other leaves."
            )
        return None

    return _mapped("map_structure", applied, structures, lambda part: not is_nested(part), True)


def map_structure_up_to(shallow_structure: Any, func: Callable[..., Any], *structures: Any) -> Any:
    """Returns a function's results for the parts of structures where the shallow one has leaves.

    Raises:
        ShapeError: there are no structures, or one without the form of the shallow one.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.map_structure_up_to([0, 0], len, [[1, 2], [3]])
        [2, 1]

    Source: https://keras.io/api/utils/tree_utils/
    """
    if not structures:
        raise ShapeError("map_structure_up_to: expected at least one structure.")
    return _mapped(
        "map_structure_up_to",
        lambda _, *parts: func(*parts),
        (shallow_structure, *structures),
        lambda part: not is_nested(part),
        False,
    )


def map_shape_structure(func: Callable[[Any], Any], structure: Any) -> Any:
    """Returns a structure of a function's results for the shapes in it: lists or tuples of whole numbers and None.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.map_shape_structure(lambda shape: shape[-1], {"a": (None, 3)})
        {'a': 3}

    Source: https://keras.io/api/utils/tree_utils/
    """

    def is_shape(part: Any) -> bool:
        return not is_nested(part) or (
            isinstance(part, (list, tuple)) and all(each is None or isinstance(each, int) for each in part)
        )

    return _mapped("map_shape_structure", func, (structure,), is_shape, False)


def traverse(func: Callable[[Any], Any], structure: Any, top_down: bool = True) -> Any:
    """Returns what a function makes of each part of a structure, containers included.

    Args:
        func: returns what goes in the place of a part; None leaves it, `MAP_TO_NONE` puts None there.
        structure: any.
        top_down: whether containers come before their parts; then parts of what was replaced are not visited.

    Raises:
        ArgumentError: `func` is no function.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.traverse(lambda part: tuple(part) if isinstance(part, list) else None, [1, [2]], top_down=False)
        (1, (2,))

    Source: https://keras.io/api/utils/tree_utils/
    """
    if not callable(func):
        raise ArgumentError(f"traverse: expected a function, received {type(func).__name__}.")

    def inner(part: Any) -> Any:
        if not is_nested(part):
            return part
        return _rebuilt(part, [traverse(func, each, top_down) for _, each in _items(part)])

    below = structure if top_down else inner(structure)
    found = func(below)
    if found is None:
        return inner(structure) if top_down else below
    return None if found is MAP_TO_NONE else found


def lists_to_tuples(structure: Any) -> Any:
    """Returns a structure with tuples in the place of lists.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.lists_to_tuples({"a": [1, [2]]})
        {'a': (1, (2,))}

    Source: https://keras.io/api/utils/tree_utils/
    """
    return traverse(lambda part: tuple(part) if isinstance(part, list) else None, structure, top_down=False)


def assert_same_structure(a: Any, b: Any, check_types: Any = None) -> None:  # noqa: ARG001 (deprecated in Keras)
    """Raises unless two structures have the same form; `assert_same_paths` lets lists and tuples pass as alike.

    Args:
        a, b: values, or lists, tuples and dicts of values.
        check_types: has no effect.

    Raises:
        ShapeError: they differ.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.assert_same_structure({"a": [1, 2]}, {"a": [3, 4]})
        >>> try:
        ...     keras.tree.assert_same_structure([1, 2], (1, 2))
        ... except ValueError as error:
        ...     print("different")
        different

    Source: https://keras.io/api/utils/tree_utils/
    """
    _mapped("assert_same_structure", lambda *_: None, (a, b), lambda part: not is_nested(part), True)


def assert_same_paths(a: Any, b: Any) -> None:
    """Raises unless the leaves of two structures have the same keys.

    Args:
        a, b: nested lists, tuples and dicts.

    Raises:
        ShapeError: they differ.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.tree.assert_same_paths([1, 2], (3, 4))

    Source: https://keras.io/api/utils/tree_utils/
    """
    first, second = ({path for path, _ in flatten_with_path(each)} for each in (a, b))
    if first != second:
        raise ShapeError(
            f"assert_same_paths: expected the same paths, received only in `a`: {sorted(map(str, first - second))}, only in "
            f"`b`: {sorted(map(str, second - first))}."
        )


__all__ = [
    "MAP_TO_NONE", "assert_same_paths", "assert_same_structure", "flatten", "flatten_with_path", "is_nested",
    "lists_to_tuples", "map_shape_structure", "map_structure", "map_structure_up_to", "pack_sequence_as", "traverse",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
