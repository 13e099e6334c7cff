"""`keras.preprocessing.image.ImageDataGenerator`: images transformed at random and standardized while a model is trained."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.config import checked_data_format, floatx
from tfjs_pyo.keras.preprocessing.affine import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
)
from tfjs_pyo.keras.preprocessing.file_iterators import DataFrameIterator, DirectoryIterator
from tfjs_pyo.keras.preprocessing.iterators import NumpyArrayIterator, warn_of_channels
from tfjs_pyo.options import shown
from tfjs_pyo.types import NDArray

_SMALL = 1e-6
"""Is added to what is divided by."""
_AFFINE = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}
"""Parameters of an affine transform, with the values that change nothing."""


class ImageDataGenerator:
    """Batches of images, transformed at random and standardized.

    Whatever is random is drawn by NumPy's generator, in the order that Keras draws it in. Where an option needs another one, that
    is set as well, with a warning.

    Args:
        featurewise_center: whether the mean of all images (see `fit`) is subtracted from each.
        samplewise_center: whether its own mean is subtracted from each image.
        featurewise_std_normalization: whether each image is divided by the standard deviation of all.
        samplewise_std_normalization: whether each image is divided by its own standard deviation.
        zca_whitening: whether values of pixels are made uncorrelated.
        zca_epsilon: is added to the singular values there.
        rotation_range: the largest angle, in degrees.
        width_shift_range, height_shift_range: the largest distance: a share of the size below 1, else pixels; or the
            distances to choose from.
        brightness_range: the smallest and the largest brightness, 1 for that of the image.
        shear_range: the largest angle, in degrees.
        zoom_range: the smallest and the largest zoom, or the largest difference from 1.
        channel_shift_range: the largest number that is added to all values.
        fill_mode: what lies beyond the edges: 'nearest', 'constant', 'reflect' or 'wrap'.
        cval: the value beyond the edges in mode 'constant'.
        horizontal_flip, vertical_flip: whether half of the images are mirrored.
        rescale: all values are multiplied by it.
        preprocessing_function: is given each image after the transforms, and returns one of the same shape.
        data_format: where channels are; default: `keras.config.image_data_format()`.
        validation_split: the share of images that are for validation.
        interpolation_order: 1 for bilinear values, 0 for those of the nearest pixel.
        dtype: of batches; default: `keras.config.floatx()`.

    Raises:
        OptionError: an option with another value.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> generator = keras.preprocessing.image.ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
        >>> x, y = next(generator.flow(np.full((3, 8, 8, 1), 255.0), [0, 1, 0], batch_size=2, seed=1))
        >>> x.shape, round(float(x.max()), 6)
        ((2, 8, 8, 1), 1.0)

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/ImageDataGenerator
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Sequence[float] | None = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[Any], Any] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
    ) -> None:
        self.samplewise_std_normalization = samplewise_std_normalization
        self.featurewise_std_normalization = featurewise_std_normalization and not zca_whitening
        self.samplewise_center = samplewise_center or samplewise_std_normalization
        self.featurewise_center = featurewise_center or zca_whitening or featurewise_std_normalization
        self.zca_whitening, self.zca_epsilon = zca_whitening, zca_epsilon
        self.rotation_range, self.shear_range = rotation_range, shear_range
        self.width_shift_range, self.height_shift_range = width_shift_range, height_shift_range
        self.channel_shift_range = channel_shift_range
        self.fill_mode, self.cval, self.interpolation_order = fill_mode, cval, interpolation_order
        self.horizontal_flip, self.vertical_flip = horizontal_flip, vertical_flip
        self.rescale, self.preprocessing_function = rescale, preprocessing_function
        self.data_format = checked_data_format(data_format)
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        self.dtype = dtype or floatx()
        self.mean: Any = None
        self.std: Any = None
        self.zca_whitening_matrix: Any = None
        if validation_split and not 0 < validation_split < 1:
            raise OptionError(
                f"ImageDataGenerator: expected `validation_split` to be between 0 and 1, received {validation_split}."
            )
        self.validation_split = validation_split
        share = isinstance(zoom_range, (int, float))
        self.zoom_range = _two("zoom_range", [1 - zoom_range, 1 + zoom_range] if share else zoom_range)
        self.brightness_range = (
            None if brightness_range is None else _two("brightness_range", brightness_range)
        )
        for name, given in (
            ("featurewise_center", featurewise_center), ("samplewise_center", samplewise_center),
            ("featurewise_std_normalization", featurewise_std_normalization),
        ):  # fmt: skip
            if getattr(self, name) != given:
                warnings.warn(
                    f"ImageDataGenerator: other options set {name}={getattr(self, name)}.", stacklevel=2
                )

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Returns batches of images of an array. Arguments as for `NumpyArrayIterator`.

        Args:
            x, y, batch_size, shuffle, sample_weight, seed, save_to_dir, save_prefix, save_format, ignore_class_split,
                subset: as there.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator(rescale=0.5)
            >>> batches = generator.flow(np.full((3, 8, 8, 1), 4.0), [0, 1, 2], batch_size=2, shuffle=False)
            >>> x, y = next(batches)
            >>> len(batches), x.shape, float(x.max()), y.tolist()
            (2, (2, 8, 8, 1), 2.0, [0, 1])
        """
        return NumpyArrayIterator(
            x, y, self, batch_size, shuffle, sample_weight, seed, self.data_format, save_to_dir, save_prefix, save_format,
            subset, ignore_class_split, self.dtype,
        )  # fmt: skip

    def flow_from_directory(
        self,
        directory: Any,
        target_size: Sequence[int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
    ) -> DirectoryIterator:
        """Returns batches of images of a folder with one folder for each class. Arguments as for `DirectoryIterator`.

        Args:
            directory, target_size, color_mode, classes, class_mode, batch_size, shuffle, seed, save_to_dir, save_prefix,
                save_format, follow_links, subset, interpolation, keep_aspect_ratio: as there.

        Example:
            >>> import os, tempfile
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator()
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     for kind in ("cat", "dog"):
            ...         os.mkdir(f"{folder}/{kind}")
            ...         keras.utils.save_img(f"{folder}/{kind}/1.png", keras.ops.zeros([8, 8, 3]))
            ...     x, y = next(generator.flow_from_directory(folder, target_size=(4, 4), shuffle=False))
            Found 2 images belonging to 2 classes.
            >>> x.shape, y.tolist()
            ((2, 4, 4, 3), [[1.0, 0.0], [0.0, 1.0]])
        """
        return DirectoryIterator(
            directory, self, target_size, color_mode, classes, class_mode, batch_size, shuffle, seed, self.data_format,
            save_to_dir, save_prefix, save_format, follow_links, subset, interpolation, keep_aspect_ratio, self.dtype,
        )  # fmt: skip

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: Any = None,
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
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        **kwargs: Any,
    ) -> DataFrameIterator:
        """Returns batches of images of files that a table names. Arguments as for `DataFrameIterator`.

        Args:
            dataframe, directory, x_col, y_col, weight_col, target_size, color_mode, classes, class_mode, batch_size,
                shuffle, seed, save_to_dir, save_prefix, save_format, subset, interpolation, validate_filenames: as there.
            **kwargs: `has_ext`, `sort` and `drop_duplicates` of former versions, which do nothing.

        Raises:
            ArgumentError: an argument of another name.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator()
            >>> table = {"filename": ["1.png", "2.png"], "class": ["cat", "dog"]}
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     for name in table["filename"]:
            ...         keras.utils.save_img(f"{folder}/{name}", keras.ops.zeros([8, 8, 3]))
            ...     x, y = next(generator.flow_from_dataframe(table, folder, target_size=(4, 4), shuffle=False))
            Found 2 validated image filenames belonging to 2 classes.
            >>> x.shape, y.tolist()
            ((2, 4, 4, 3), [[1.0, 0.0], [0.0, 1.0]])
        """
        other = next((name for name in kwargs if name not in ("has_ext", "sort", "drop_duplicates")), None)
        if other is not None:
            raise ArgumentError(f"ImageDataGenerator.flow_from_dataframe: expected no argument {other!r}.")
        return DataFrameIterator(
            dataframe, directory, self, x_col, y_col, weight_col, target_size, color_mode, classes,
            "raw" if class_mode == "other" else class_mode, batch_size, shuffle, seed, self.data_format, save_to_dir,
            save_prefix, save_format, subset, interpolation, False, self.dtype, validate_filenames,
        )  # fmt: skip

    def standardize(self, x: Any) -> NDArray:
        """Returns an image, or several, standardized as the options say; `x` itself is changed.

        Args:
            x: array of floats.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator(rescale=0.5, samplewise_center=True)
            >>> generator.standardize(np.array([2.0, 6.0])).tolist()
            [-1.0, 1.0]
        """
        np = engine.import_numpy("ImageDataGenerator.standardize")
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + _SMALL
        if self.featurewise_center and self._is_fitted("featurewise_center", self.mean):
            x -= self.mean
        if self.featurewise_std_normalization and self._is_fitted("featurewise_std_normalization", self.std):
            x /= self.std + _SMALL
        if self.zca_whitening and self._is_fitted("zca_whitening", self.zca_whitening_matrix):
            size = len(self.zca_whitening_matrix)
            x = (x.reshape(-1, size) @ self.zca_whitening_matrix).reshape(x.shape)
        return x

    @staticmethod
    def _is_fitted(option: str, statistics: Any) -> bool:
        if statistics is None:
            warnings.warn(
                f"ImageDataGenerator: {option} does nothing before a call of fit(images).", stacklevel=3
            )
        return statistics is not None

    def get_random_transform(self, img_shape: Sequence[int], seed: int | None = None) -> dict[str, Any]:
        """Returns random parameters of a transform, which `apply_transform` takes.

        Args:
            img_shape: shape of the image.
            seed: of NumPy's generator, which is set to it; default: it goes on.

        Returns:
            'theta', 'tx', 'ty', 'shear', 'zx', 'zy', 'flip_horizontal', 'flip_vertical', 'channel_shift_intensity', 'brightness'.

        Example:
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator(rotation_range=20)
            >>> drawn = generator.get_random_transform((8, 8, 3))
            >>> -20 <= drawn["theta"] <= 20, drawn["tx"]
            (True, 0)
        """
        np = engine.import_numpy("ImageDataGenerator.get_random_transform")
        if seed is not None:
            np.random.seed(seed)

        def within(limit: float) -> Any:
            return np.random.uniform(-limit, limit) if limit else 0

        theta = within(self.rotation_range)
        tx = _distance(np, self.height_shift_range, img_shape[self.row_axis - 1])
        ty = _distance(np, self.width_shift_range, img_shape[self.col_axis - 1])
        shear = within(self.shear_range)
        least, most = self.zoom_range
        zx, zy = (1, 1) if least == most == 1 else np.random.uniform(least, most, 2)
        flips = [(np.random.random() < 0.5) * wanted for wanted in (self.horizontal_flip, self.vertical_flip)]
        brightness = self.brightness_range
        return {
            "theta": theta, "tx": tx, "ty": ty, "shear": shear, "zx": zx, "zy": zy,
            "flip_horizontal": flips[0], "flip_vertical": flips[1],
            "channel_shift_intensity": within(self.channel_shift_range) if self.channel_shift_range else None,
            "brightness": None if brightness is None else np.random.uniform(*brightness),
        }  # fmt: skip

    def apply_transform(self, x: Any, transform_parameters: Mapping[str, Any]) -> NDArray:
        """Returns an image transformed by parameters.

        Args:
            x: array of rank 3.
            transform_parameters: as `get_random_transform` gives them; what is missing does nothing.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator()
            >>> image = np.array([[[1.0], [2.0]], [[3.0], [4.0]]])
            >>> generator.apply_transform(image, {"flip_horizontal": True}).tolist()
            [[[2.0], [1.0]], [[4.0], [3.0]]]
        """
        np = engine.import_numpy("ImageDataGenerator.apply_transform")
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        affine: dict[str, Any] = {
            name: transform_parameters.get(name, value) for name, value in _AFFINE.items()
        }
        x = apply_affine_transform(
            x, **affine, row_axis=rows, col_axis=columns, channel_axis=channels, fill_mode=self.fill_mode, cval=self.cval,
            order=self.interpolation_order,
        )  # fmt: skip
        intensity, brightness = (
            transform_parameters.get(name) for name in ("channel_shift_intensity", "brightness")
        )
        if intensity is not None:
            x = apply_channel_shift(x, intensity, channels)
        for name, axis in (("flip_horizontal", columns), ("flip_vertical", rows)):
            if transform_parameters.get(name, False):
                x = np.flip(x, axis)
        return x if brightness is None else apply_brightness_shift(x, brightness, False)

    def random_transform(self, x: Any, seed: int | None = None) -> NDArray:
        """Returns an image transformed at random.

        Args:
            x: array of rank 3.
            seed: as for `get_random_transform`.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator(horizontal_flip=True)
            >>> image = np.array([[[1.0], [2.0]]])
            >>> generator.random_transform(image, seed=1).tolist() in ([[[1.0], [2.0]]], [[[2.0], [1.0]]])
            True
        """
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Computes what the options with 'featurewise' and 'zca_whitening' need: mean, standard deviation, principal axes.

        Args:
            x: images, [images, height, width, channels] or channels first.
            augment: whether they are transformed at random first.
            rounds: how often each is.
            seed: of NumPy's generator, which is set to it; default: it goes on.

        Raises:
            ShapeError: no images.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator(featurewise_center=True)
            >>> generator.fit(np.array([1.0, 3.0]).reshape(2, 1, 1, 1))
            >>> generator.mean.tolist(), generator.standardize(np.array([[[5.0]]])).tolist()
            ([[[2.0]]], [[[3.0]]])
        """
        np = engine.import_numpy("ImageDataGenerator.fit")
        images = np.array(array_of("ImageDataGenerator.fit", "x", x, self.dtype))
        if images.ndim != 4:
            raise ShapeError(
                f"ImageDataGenerator.fit: expected images of rank 4, received shape {images.shape}."
            )
        warn_of_channels("ImageDataGenerator.fit", images.shape, self.data_format)
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            images *= self.rescale
        if augment:
            drawn = [self.random_transform(image) for _ in range(rounds) for image in images]
            images = np.array(drawn, dtype=self.dtype).reshape(-1, *images.shape[1:])
        axes = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(images, axis=axes, keepdims=True)[0]
            images -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(images, axis=axes, keepdims=True)[0]
            images /= self.std + _SMALL
        if self.zca_whitening:
            flat = images.reshape(len(images), -1)
            axes_of_data, sizes, _ = np.linalg.svd(flat.T, full_matrices=False)
            scales = np.sqrt(len(images)) / (sizes + self.zca_epsilon)
            self.zca_whitening_matrix = (axes_of_data * scales) @ axes_of_data.T


def _two(name: str, value: Any) -> list[Any]:
    """Returns two numbers that a user gave."""
    found = list(value) if isinstance(value, (tuple, list)) else []
    if len(found) != 2 or not all(isinstance(each, (int, float)) for each in found):
        raise OptionError(
            f"ImageDataGenerator: expected `{name}` to be two numbers, received {shown(value)}."
        )
    return found


def _distance(np: Any, limit: Any, size: int) -> Any:
    """Returns a random distance in pixels: one of those that a list or a whole number gives, or one below a share of the size."""
    if not np.size(limit) or (np.ndim(limit) == 0 and not limit):
        return 0
    whole = np.ndim(limit) == 1 or isinstance(limit, (int, np.integer))
    drawn = np.random.choice(limit) * np.random.choice([-1, 1]) if whole else np.random.uniform(-limit, limit)
    return drawn * size if np.max(limit) < 1 else drawn


__all__ = ["ImageDataGenerator"]
