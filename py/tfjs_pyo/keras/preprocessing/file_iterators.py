"""`keras.preprocessing.image`: batches of images of files, of a folder or of those that a table names."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import DTypeError, MissingFileError, OptionError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.preprocessing.iterators import ImageIterator, require_choice
from tfjs_pyo.keras.utils.images import img_to_array, load_img
from tfjs_pyo.options import shown
from tfjs_pyo.types import NDArray

_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}
_WITH_CLASSES = ("binary", "categorical", "sparse")
"""Values of `class_mode` that need the class of each image."""


class FileIterator(ImageIterator):
    """Batches of images of files. Options that `DirectoryIterator` and `DataFrameIterator` share.

    Attributes:
        filepaths: the paths of the files.
        filenames: as they are in the folder or in the table.
        samples: how many there are.
        class_mode: what the targets of a batch are.
        classes: the number of the class of each image.
        class_indices: the number of each class, by its name.
        labels: targets of all images.
        sample_weight: weights of all images, or None.
        image_shape: shape of an image of a batch.
    """

    filepaths: list[str]
    filenames: list[str]
    samples: int
    class_mode: str | None
    classes: Any
    class_indices: dict[Any, int]
    sample_weight: Any = None
    _largest_number = 10_000_000

    def _set_file_attributes(
        self,
        target_size: Sequence[int],
        color_mode: str,
        subset: str | None,
        interpolation: str,
        keep_aspect_ratio: bool,
    ) -> None:
        owner = type(self).__name__
        require_choice(owner, "color_mode", color_mode, list(_CHANNELS))
        if len(target_size) != 2:
            raise OptionError(
                f"{owner}: expected `target_size` to be height and width, received {shown(target_size)}."
            )
        self.target_size, self.color_mode, self.subset = tuple(target_size), color_mode, subset
        self.interpolation, self.keep_aspect_ratio = interpolation, keep_aspect_ratio
        channels, first = (_CHANNELS[color_mode],), self.data_format == "channels_first"
        self.image_shape = channels + self.target_size if first else self.target_size + channels
        self.split = self._split(subset)

    @property
    def labels(self) -> NDArray:
        """The class of each image, or other targets."""
        return self.classes

    def _image(self, number: int) -> Any:
        image = load_img(
            self.filepaths[number],
            self.color_mode,
            self.target_size,
            self.interpolation,
            self.keep_aspect_ratio,
        )
        return img_to_array(image, self.data_format)

    def _targets(self, images: Any, indices: Any) -> Any:
        np = engine.import_numpy(type(self).__name__)
        if self.class_mode == "input":
            return images.copy()
        if self.class_mode == "multi_output":
            return [each[indices] for each in self.labels]
        if self.class_mode == "raw":
            return self.labels[indices]
        chosen = [self.classes[number] for number in indices]
        if self.class_mode != "categorical":
            return np.array(chosen, dtype=self.dtype)
        targets = np.zeros((len(indices), len(self.class_indices)), dtype=self.dtype)
        for row, number in zip(targets, chosen, strict=True):
            row[number] = 1
        return targets

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        images = self._batch_of_images(index_array, self.image_shape)
        if self.class_mode is None:
            return images
        weights = () if self.sample_weight is None else (self.sample_weight[index_array],)
        return (images, self._targets(images, index_array), *weights)


def _files_below(folder: Path, ends: tuple[str, ...], follow_links: bool) -> list[Path]:
    """Returns the files of a folder and of those below it that are images by their names, in the order of their names."""
    places = sorted(os.walk(folder, followlinks=follow_links), key=lambda place: place[0])
    return [
        Path(root, name) for root, _, names in places for name in sorted(names) if name.lower().endswith(ends)
    ]


class DirectoryIterator(FileIterator):
    """Batches of images of a folder with one folder for each class: what `ImageDataGenerator.flow_from_directory` gives.

    Args:
        directory: the folder.
        image_data_generator: an ImageDataGenerator.
        target_size: height and width to which images are resized.
        color_mode: 'rgb', 'rgba' or 'grayscale'.
        classes: names of the folders of classes, in the order of their numbers; default: all, by name.
        class_mode: what targets are: 'categorical' (one-hot rows), 'binary' or 'sparse' (numbers of classes), 'input' (the images
            themselves), or None: there are none.
        batch_size, shuffle, seed: as for `Iterator`.
        data_format, save_to_dir, save_prefix, save_format, dtype: as for `NumpyArrayIterator`.
        follow_links: whether folders are looked into that are links.
        subset: 'training' or 'validation': which part of each class is used.
        interpolation, keep_aspect_ratio: as for `load_img`.

    Raises:
        OptionError: an option with another value.
        MissingFileError: there is no such folder.

    Example:
        >>> import os, tempfile, numpy as np
        >>> from tfjs_pyo import keras
        >>> folder = tempfile.TemporaryDirectory()
        >>> for name in ("cats", "dogs"):
        ...     os.mkdir(f"{folder.name}/{name}")
        ...     keras.utils.save_img(f"{folder.name}/{name}/1.png", np.ones((8, 8, 3)))
        >>> images = keras.preprocessing.image.ImageDataGenerator().flow_from_directory(folder.name, target_size=(4, 4))
        Found 2 images belonging to 2 classes.
        >>> images.class_indices, next(images)[0].shape
        ({'cats': 0, 'dogs': 1}, (2, 4, 4, 3))
        >>> folder.cleanup()

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/DirectoryIterator
    """

    allowed_class_modes = ("categorical", "binary", "sparse", "input", None)
    """What `class_mode` may be."""

    def __init__(
        self,
        directory: Any,
        image_data_generator: Any,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = None,
    ) -> None:
        self._set_attributes(
            image_data_generator, data_format, dtype, (save_to_dir, save_prefix, save_format)
        )
        self._set_file_attributes(target_size, color_mode, subset, interpolation, keep_aspect_ratio)
        require_choice("DirectoryIterator", "class_mode", class_mode, self.allowed_class_modes)
        self.directory, self.class_mode = directory, class_mode
        folder = Path(directory)
        if not folder.is_dir():
            raise MissingFileError(f"DirectoryIterator: there is no folder {str(directory)!r}.")
        names = list(classes) if classes else sorted(each.name for each in folder.iterdir() if each.is_dir())
        missing = [name for name in names if not (folder / name).is_dir()]
        if missing:
            warnings.warn(
                f"DirectoryIterator: {str(directory)!r} has no folder {missing[0]!r}.", stacklevel=3
            )
        self.num_classes = len(names)
        self.class_indices = {name: number for number, name in enumerate(names)}
        found = [
            (number, path)
            for name, number in self.class_indices.items()
            for path in self._of_class(folder / name, follow_links)
        ]
        self.filenames = [os.path.relpath(path, folder) for _, path in found]
        self.filepaths = [os.path.join(directory, name) for name in self.filenames]  # noqa: PTH118 (as it was written)
        self.classes = engine.import_numpy("DirectoryIterator").array(
            [number for number, _ in found], dtype="int32"
        )
        self.samples = len(found)
        print(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _of_class(self, folder: Path, follow_links: bool) -> list[Path]:
        """Returns the files of a class that are in the part which is used."""
        files = _files_below(folder, self.white_list_formats, follow_links)
        begin, end = self.split or (0, 1)
        return files[int(begin * len(files)) : int(end * len(files))]


class DataFrameIterator(FileIterator):
    """Batches of images of files that a table names: what `ImageDataGenerator.flow_from_dataframe` gives.

    Args:
        dataframe: a table: what gives a column for its name, such as a DataFrame of pandas.
        directory: the folder of the files; default: their names are whole paths.
        image_data_generator: an ImageDataGenerator.
        x_col: the column of names of files.
        y_col: the column of targets, or a list of columns.
        weight_col: the column of weights of images.
        target_size, color_mode: as for `DirectoryIterator`.
        classes: names of classes, in the order of their numbers; images of others are left out; default: all, by name.
        class_mode: what targets are: as for `DirectoryIterator`, or 'raw' (the values of the column), or 'multi_output' (a
            list of the values of each column).
        batch_size, shuffle, seed, data_format, save_to_dir, save_prefix, save_format, interpolation, keep_aspect_ratio,
            dtype: as for `DirectoryIterator`.
        subset: 'training' or 'validation': which part of the table is used.
        validate_filenames: whether files that there are not are left out, with a warning.

    Raises:
        OptionError: an option with another value, or 'binary' for other than two classes.
        DTypeError: values of a column are none that the mode takes.

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator#flow_from_dataframe
    """

    allowed_class_modes = ("binary", "categorical", "input", "multi_output", "raw", "sparse", None)
    """What `class_mode` may be."""

    def __init__(
        self,
        dataframe: Any,
        directory: Any = None,
        image_data_generator: Any = None,
        x_col: str = "filename",
        y_col: Any = "class",
        weight_col: str | None = None,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = "channels_last",
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = "float32",
        validate_filenames: bool = True,
    ) -> None:
        np = engine.import_numpy("DataFrameIterator")
        self._set_attributes(
            image_data_generator, data_format, dtype, (save_to_dir, save_prefix, save_format)
        )
        self._set_file_attributes(target_size, color_mode, subset, interpolation, keep_aspect_ratio)
        require_choice("DataFrameIterator", "class_mode", class_mode, self.allowed_class_modes)
        self.directory, self.class_mode = directory or "", class_mode
        if class_mode == "multi_output" and not isinstance(y_col, list):
            raise DTypeError(
                f"DataFrameIterator: class_mode='multi_output': expected `y_col` to be a list, received {shown(y_col)}."
            )
        names = list(dataframe[x_col])
        self._require_kind(names, x_col, (str,))
        paths = [os.path.join(self.directory, name) for name in names]  # noqa: PTH118 (as they were written)
        rows = self._valid(paths, x_col) if validate_filenames else list(range(len(names)))
        if class_mode in _WITH_CLASSES:
            labels = self._labels(list(dataframe[y_col]), y_col, classes)
            rows = [row for row in rows if labels[row] is not None]
        elif classes:
            warnings.warn(
                f"DataFrameIterator: class_mode={class_mode!r} has no use for `classes`.", stacklevel=3
            )
        begin, end = self.split or (0, 1)
        rows = rows[int(begin * len(rows)) : int(end * len(rows))]
        self.filenames, self.filepaths = [names[row] for row in rows], [paths[row] for row in rows]
        if class_mode in _WITH_CLASSES:
            self.classes = [labels[row] for row in rows]
        elif class_mode in ("raw", "multi_output"):
            columns = y_col if isinstance(y_col, list) else [y_col]
            values = [
                np.array([column[row] for row in rows])
                for column in (list(dataframe[name]) for name in columns)
            ]
            whole = class_mode == "multi_output"
            self._values = values if whole else np.stack(values, 1) if isinstance(y_col, list) else values[0]
        if weight_col is not None:
            column = list(dataframe[weight_col])
            self.sample_weight = array_of("DataFrameIterator", "weight_col", [column[row] for row in rows])
            if self.sample_weight.dtype.kind not in "fiu":
                raise DTypeError(f"DataFrameIterator: expected numbers in the column {weight_col!r}.")
        self.samples = len(rows)
        kind = "validated" if validate_filenames else "non-validated"
        known = f" belonging to {len(self.class_indices)} classes" if class_mode in _WITH_CLASSES else ""
        print(f"Found {self.samples} {kind} image filenames{known}.")
        super().__init__(self.samples, batch_size, shuffle, seed)

    @property
    def labels(self) -> Any:
        """The class of each image, or other targets."""
        return self._values if self.class_mode in ("raw", "multi_output") else self.classes

    def _require_kind(self, values: Sequence[Any], column: Any, kinds: tuple[type, ...]) -> None:
        odd = next((value for value in values if not isinstance(value, kinds)), None)
        if odd is not None or None in values:
            words = " or ".join(kind.__name__ for kind in kinds)
            raise DTypeError(
                f"DataFrameIterator: class_mode={self.class_mode!r}: expected values of {words} in the column {column!r}, "
                f"received {shown(odd)}."
            )

    def _valid(self, paths: Sequence[str], column: str) -> list[int]:
        """Returns the rows whose files are there, and are images by their names."""
        ends = self.white_list_formats
        rows = [row for row, path in enumerate(paths) if path.lower().endswith(ends) and Path(path).is_file()]
        if len(rows) < len(paths):
            warnings.warn(
                f"DataFrameIterator: {len(paths) - len(rows)} of the files in the column {column!r} are no images or are not "
                "there; they are left out.",
                stacklevel=4,
            )
        return rows

    def _labels(self, values: list[Any], column: Any, classes: Sequence[str] | None) -> list[Any]:
        """Returns the number of the class of each row, or of each of its classes; None where it has none of those wanted."""
        self._require_kind(values, column, (str, list, tuple) if self.class_mode == "categorical" else (str,))
        seen = {name for value in values for name in ([value] if isinstance(value, str) else value)}
        names = list(dict.fromkeys(classes)) if classes else sorted(seen)
        if self.class_mode == "binary" and len(names) != 2:
            raise OptionError(
                f"DataFrameIterator: class_mode='binary': expected two classes, received {len(names)}."
            )
        self.class_indices = {name: number for number, name in enumerate(names)}
        return [
            self.class_indices.get(value)
            if isinstance(value, str)
            else [self.class_indices[name] for name in value if name in self.class_indices] or None
            for value in values
        ]


__all__ = ["DataFrameIterator", "DirectoryIterator", "FileIterator"]
