"""`keras.saving.KerasFileEditor`: weights in Keras's files, looked at and changed by their places."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from tfjs_pyo.core.engine import import_numpy
from tfjs_pyo.errors import ArgumentError, FormatError
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.io.hdf5_reading import Dataset, HDF5File
from tfjs_pyo.io.hdf5_writing import Group, hdf5_bytes
from tfjs_pyo.io.writing import write_atomically
from tfjs_pyo.later import zipfile
from tfjs_pyo.models.base import Model
from tfjs_pyo.models.keras_files.archive import dataset_of
from tfjs_pyo.models.keras_files.places import keras_places

Weights = dict[str, Any]
"""Arrays by the numbers of weights, and such dicts by the names of objects."""


class _Archive(NamedTuple):
    """What a file holds: weights, and in an archive what is beside them."""

    weights: bytes
    config: dict[str, Any] | None = None
    metadata: dict[str, Any] | None = None


def _opened(content: bytes, name: str) -> _Archive:
    """Returns what is in an archive."""
    with format_errors(name, "an archive of Keras's"), zipfile.ZipFile(io.BytesIO(content)) as archive:
        told = (json.loads(archive.read(f"{part}.json")) for part in ("config", "metadata"))
        return _Archive(archive.read("model.weights.h5"), *told)


class KerasFileEditor:
    """Shows what weights a file of Keras's holds, changes them, and saves them as a file of weights.

    Args:
        filepath: of a `.keras` or `.weights.h5` file.

    Attributes:
        weights_dict: arrays by their places: `weights_dict["layers"]["dense"]["0"]`.
        object_metadata: what the file says of objects besides, by their places.
        config, metadata: of a `.keras` file.

    Raises:
        ArgumentError: a file of another form.
        FormatError: a broken file.
        StorageError: there is none.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import keras
        >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     model.save_weights(f"{folder}/old.weights.h5")
        ...     editor = keras.saving.KerasFileEditor(f"{folder}/old.weights.h5")
        Keras weights file 'old.weights.h5'
        >>> editor.rename_object("dense", "dense_1")
        >>> editor.summary()
        Weights structure
          layers
            dense_1
              0: shape=(2, 1), dtype=float32
              1: shape=(1,), dtype=float32

    Source: https://keras.io/api/models/model_saving_apis/weights_saving_and_loading/
    """

    def __init__(self, filepath: str | os.PathLike[str]) -> None:
        path = Path(filepath)
        self.filepath = str(filepath)
        if not path.name.endswith((".keras", ".weights.h5")):
            raise ArgumentError(
                f"KerasFileEditor: expected a file that ends with '.keras' or '.weights.h5', received {str(filepath)!r}."
            )
        with storage_errors("KerasFileEditor", path, "read"):
            content = path.read_bytes()
        told = _opened(content, path.name) if path.suffix == ".keras" else _Archive(content)
        self.config, self.metadata = told.config, told.metadata
        self.object_metadata: dict[str, dict[str, Any]] = {}
        with format_errors(path.name, "weights in HDF5"):
            self.weights_dict: Weights = self._read(HDF5File(told.weights), "")
        print(f"Keras {'model' if path.suffix == '.keras' else 'weights'} file {path.name!r}")
        if self.metadata is not None:
            print("\n".join(f"  {name}: {value}" for name, value in self.metadata.items()))

    def _read(self, group: Any, place: str) -> Weights:
        """Returns the weights of a group: its own are in a group 'vars' within it."""
        if group.attrs:
            self.object_metadata[place.removesuffix("/vars")] = dict(group.attrs)
        found: Weights = {}
        for name in group:
            item, path = group[name], f"{place}/{name}"
            if isinstance(item, Dataset):
                found[name] = _array(item, path)
            elif inner := self._read(item, path):
                found.update(inner if name == "vars" else {name: inner})
        return found

    # Looking

    def summary(self) -> None:
        """Prints the objects of the file and their weights.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     keras.saving.KerasFileEditor(f"{folder}/some.weights.h5").summary()
            Keras weights file 'some.weights.h5'
            Weights structure
              layers
                dense
                  0: shape=(2, 1), dtype=float32
                  1: shape=(1,), dtype=float32
        """
        print("Weights structure")
        for depth, name, value in _lines(self.weights_dict, 1):
            told = "" if isinstance(value, Mapping) else f": shape={tuple(value.shape)}, dtype={value.dtype}"
            print(f"{'  ' * depth}{name}{told}")

    def compare(self, reference_model: Model) -> dict[str, Any]:
        """Prints how the weights of the file differ from those that a model would be saved with.

        Args:
            reference_model: built.

        Returns:
            'status', 'success' or 'error', 'error_count' and 'match_count'.

        Raises:
            ArgumentError: `reference_model` is no model.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> other = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     keras.saving.KerasFileEditor(f"{folder}/some.weights.h5").compare(other)
            Keras weights file 'some.weights.h5'
            layers/dense/0: shape (2, 1) in the file, (3, 1) in the model
            1 differences, 1 weights that match
            {'status': 'error', 'error_count': 1, 'match_count': 1}
        """
        if not isinstance(reference_model, Model):
            raise ArgumentError(f"compare: expected a model, received {type(reference_model).__name__}.")
        here, there = dict(_shapes(self.weights_dict)), dict(_shapes(_weights_of(reference_model)))
        told = [f"{path}: in the model, not in the file" for path in there if path not in here]
        told += [f"{path}: in the file, not in the model" for path in here if path not in there]
        both = [path for path in there if path in here]
        told += [
            f"{path}: shape {here[path]} in the file, {there[path]} in the model"
            for path in both
            if here[path] != there[path]
        ]
        matches = sum(here[path] == there[path] for path in both)
        print("\n".join([*told, f"{len(told)} differences, {matches} weights that match"]))
        status = "error" if told else "success"
        return {"status": status, "error_count": len(told), "match_count": matches}

    # Changing

    def _holder(self, name: str) -> tuple[Weights, str]:
        """Returns the dict that an object is in, and its name there.

        Args:
            name: of the object, if there is one of this name only; or its path.
        """
        if "/" in name:
            *path, last = name.strip("/").split("/")
            holder = self._at(path, name)
            if last not in holder:
                raise ArgumentError(
                    f"KerasFileEditor: expected the path of an object in the file, received {name!r}."
                )
            return holder, last
        found = [holder for holder in _dicts(self.weights_dict) if name in holder]
        if len(found) != 1:
            raise ArgumentError(
                f"KerasFileEditor: expected the name of one object in the file, received {name!r}, which {len(found)} have."
                + (" Give the whole path." if found else " `summary()` lists them.")
            )
        return found[0], name

    def _at(self, path: list[str], name: str) -> Weights:
        """Returns the dict of an object."""
        found: Any = self.weights_dict
        for step in path:
            found = found.get(step) if isinstance(found, dict) else None
        if not isinstance(found, dict):
            raise ArgumentError(
                f"KerasFileEditor: expected the path of an object in the file, received {name!r}."
            )
        return found

    def _object(self, name: str) -> Weights:
        holder, last = self._holder(name)
        if not isinstance(holder[last], dict):
            raise ArgumentError(f"KerasFileEditor: expected an object, but {name!r} is a weight.")
        found: Weights = holder[last]
        return found

    def rename_object(self, object_name: str, new_name: str) -> None:
        """Gives an object another name; its path stays as it is otherwise.

        Args:
            object_name: its name, if there is one object of this name only; or its path, such as 'layers/dense'.
            new_name: without '/'.

        Raises:
            ArgumentError: there is no such object, several have the name, or the new name is taken or has a '/'.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            Keras weights file 'some.weights.h5'
            >>> editor.rename_object("layers/dense", "output")
            >>> list(editor.weights_dict["layers"])
            ['output']
        """
        if "/" in new_name:
            raise ArgumentError(f"rename_object: expected a name without '/', received {new_name!r}.")
        holder, last = self._holder(object_name)
        if new_name in holder and new_name != last:
            raise ArgumentError(f"rename_object: there is {new_name!r} beside {object_name!r} already.")
        items = [(new_name if key == last else key, value) for key, value in holder.items()]
        holder.clear()
        holder.update(items)

    def delete_object(self, object_name: str) -> None:
        """Takes an object out.

        Args:
            object_name: its name, if there is one object of this name only; or its path.

        Raises:
            ArgumentError: there is no such object, or several have the name.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> dense = keras.layers.Dense
            >>> model = keras.Sequential([keras.Input((2,)), dense(3), dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            Keras weights file 'some.weights.h5'
            >>> editor.delete_object("dense_1")
            >>> list(editor.weights_dict["layers"])
            ['dense']
        """
        holder, last = self._holder(object_name)
        del holder[last]

    def add_object(self, object_path: str, weights: Mapping[str, Any]) -> None:
        """Puts an object at a path, whose last name is its own.

        Args:
            object_path: such as 'layers/dense_2'.
            weights: arrays by 0, 1, ...

        Raises:
            ArgumentError: the path does not begin with a known object, or `weights` is not a dict of arrays.

        Example:
            >>> import tempfile
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            Keras weights file 'some.weights.h5'
            >>> editor.add_object("layers/dense_1", {"0": np.ones((1, 4)), "1": np.zeros(4)})
            >>> list(editor.weights_dict["layers"])
            ['dense', 'dense_1']
        """
        *path, last = object_path.strip("/").split("/")
        self._at(path, object_path)[last] = _given("add_object", weights)

    def delete_weight(self, object_name: str, weight_name: str) -> None:
        """Takes a weight out of an object.

        Args:
            object_name: its name, if there is one object of this name only; or its path.
            weight_name: such as '0'.

        Raises:
            ArgumentError: there is no such object, or it has no such weight.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            Keras weights file 'some.weights.h5'
            >>> editor.delete_weight("dense", "1")
            >>> list(editor.weights_dict["layers"]["dense"])
            ['0']
        """
        held = self._object(object_name)
        if weight_name not in held:
            raise ArgumentError(
                f"delete_weight: expected one of the weights {list(held)} of {object_name!r}, received {weight_name!r}."
            )
        del held[weight_name]

    def add_weights(self, object_name: str, weights: Mapping[str, Any]) -> None:
        """Puts weights into an object.

        Args:
            object_name: its name, if there is one object of this name only; or its path.
            weights: arrays by 0, 1, ...; those that are there are replaced.

        Raises:
            ArgumentError: the object does not exist, or `weights` is not a dict of arrays.

        Example:
            >>> import tempfile
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            Keras weights file 'some.weights.h5'
            >>> editor.add_weights("dense", {"1": np.array([5.0])})
            >>> editor.weights_dict["layers"]["dense"]["1"].tolist()
            [5.0]
        """
        given = _given("add_weights", weights)
        self._object(object_name).update(given)

    # Saving

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Writes a file of weights.

        Args:
            filepath: ends with '.weights.h5'.

        Raises:
            ArgumentError: another end of the name.
            StorageError: the file cannot be written.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     model.save_weights(f"{folder}/some.weights.h5")
            ...     editor = keras.saving.KerasFileEditor(f"{folder}/some.weights.h5")
            ...     editor.rename_object("dense", "output")
            ...     editor.save(f"{folder}/other.weights.h5")
            ...     found = keras.saving.KerasFileEditor(f"{folder}/other.weights.h5")
            Keras weights file 'some.weights.h5'
            Keras weights file 'other.weights.h5'
            >>> list(found.weights_dict["layers"])
            ['output']
        """
        path = Path(filepath)
        if not path.name.endswith(".weights.h5"):
            raise ArgumentError(
                f"save: expected a file that ends with '.weights.h5', received {str(filepath)!r}."
            )
        root = Group()
        self._write(root, self.weights_dict, "")
        with storage_errors("save", path, "written"):
            write_atomically(path, hdf5_bytes(root))

    resave_weights: Callable[[KerasFileEditor, str | os.PathLike[str]], None] = save

    def _write(self, root: Group, weights: Mapping[str, Any], place: str) -> None:
        for name, value in weights.items():
            if isinstance(value, Mapping):
                self._write(root, value, f"{place}/{name}")
                continue
            group = root.group(f"{place}/vars")
            group.items[name] = dataset_of(value, f"{place}/{name}")
            known = self.object_metadata.get(place, {}).get("name")
            if isinstance(known, str):
                group.attributes["name"] = known


def _array(item: Dataset, path: str) -> Any:
    numpy, kind = import_numpy("KerasFileEditor"), item.dtype
    if kind.kind not in "fiub":
        raise FormatError(f"KerasFileEditor: expected numbers at {path!r}, but there are texts.")
    dtype = numpy.dtype(f"{'>' if kind.big_endian else '<'}{kind.kind}{kind.size}")
    found = numpy.frombuffer(item.values(path), dtype).reshape(item.shape)
    return found.astype(dtype.newbyteorder("="))


def _given(owner: str, weights: Any) -> Weights:
    """Returns weights that a user gave as arrays."""
    if not isinstance(weights, Mapping):
        raise ArgumentError(
            f"{owner}: expected weights as a dict of arrays, received {type(weights).__name__}."
        )
    numpy = import_numpy(owner)
    return {
        str(name): _given(owner, value) if isinstance(value, Mapping) else numpy.asarray(value)
        for name, value in weights.items()
    }


def _dicts(weights: Weights) -> Iterator[Weights]:
    yield weights
    for value in weights.values():
        if isinstance(value, dict):
            yield from _dicts(value)


def _lines(weights: Mapping[str, Any], depth: int) -> Iterator[tuple[int, str, Any]]:
    for name, value in weights.items():
        yield depth, name, value
        if isinstance(value, Mapping):
            yield from _lines(value, depth + 1)


def _shapes(weights: Mapping[str, Any], place: str = "") -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yields the shapes of weights by their paths."""
    for name, value in weights.items():
        if isinstance(value, Mapping):
            yield from _shapes(value, f"{place}{name}/")
        else:
            yield f"{place}{name}", tuple(value.shape)


def _weights_of(model: Any) -> Weights:
    """Returns the weights of a model, and of its optimizer, as a file would have them."""
    found: Weights = {}
    for place in keras_places(model):
        for number, weight in enumerate(place.weights):
            found[f"{place.path}{number}"] = weight
    for number, variable in enumerate(getattr(getattr(model, "optimizer", None), "variables", ())):
        found[f"optimizer/{number}"] = variable
    return found


__all__ = ["KerasFileEditor"]
