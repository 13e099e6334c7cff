"""`keras.preprocessing.image`: batches of images, each transformed as it is read; those of arrays."""

from __future__ import annotations

import math
import threading
import warnings
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import IndexingError, OptionError, ShapeError
from tfjs_pyo.keras.arrays import array_of
from tfjs_pyo.keras.config import checked_data_format, floatx
from tfjs_pyo.keras.utils.images import array_to_img
from tfjs_pyo.keras.utils.samples import PyDataset
from tfjs_pyo.options import shown

_SUBSETS = ("training", "validation")


def require_choice(owner: str, name: str, value: Any, known: Sequence[Any]) -> None:
    """Raises OptionError if a value is none of those that there are.

    Args:
        owner: who asks, for errors.
        name: of the option.
        value: that was given.
        known: all values.
    """
    if value not in known:
        raise OptionError(
            f"{owner}: expected `{name}` to be one of {', '.join(map(repr, known))}, received {shown(value)}."
        )


class Iterator(PyDataset):
    """Base of batches of images: by number, and by `next` without end.

    Indices are drawn by NumPy's generator, whose seed is set before each batch, so that batches are those of Keras.

    Args:
        n: how many images there are.
        batch_size: images of a batch.
        shuffle: whether they come in a new order in each epoch.
        seed: for the order and for what is done to the images; default: the generator goes on.
        **kwargs: as for `PyDataset`.

    Raises:
        OptionError: no batch.

    Example:
        >>> from tfjs_pyo import keras
        >>> class Numbers(keras.preprocessing.image.Iterator):
        ...     def _get_batches_of_transformed_samples(self, index_array): return index_array
        >>> numbers = Numbers(5, 2, shuffle=False, seed=None)
        >>> len(numbers), numbers[2].tolist(), next(numbers).tolist()
        (3, [4], [0, 1])

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/Iterator
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")
    """Ends of the names of files that are images."""

    def __init__(self, n: int, batch_size: int, shuffle: bool, seed: int | None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if batch_size < 1:
            raise OptionError(
                f"{type(self).__name__}: expected `batch_size` to be 1 or more, received {batch_size}."
            )
        self.n, self.batch_size, self.shuffle, self.seed = n, batch_size, shuffle, seed
        self.batch_index = 0
        self.total_batches_seen = 0
        self.index_array: Any = None
        self.lock = threading.Lock()
        self.index_generator = self._flow_index()

    def _set_index_array(self) -> None:
        np = engine.import_numpy(type(self).__name__)
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def _count_batch(self) -> None:
        """Counts a batch, and sets the seed that is its own."""
        if self.seed is not None:
            engine.import_numpy(type(self).__name__).random.seed(self.seed + self.total_batches_seen)
        self.total_batches_seen += 1

    def __len__(self) -> int:
        """Returns how many batches an epoch has."""
        return math.ceil(self.n / self.batch_size)

    def __getitem__(self, idx: int) -> Any:
        """Returns a batch by its number.

        Raises:
            IndexingError: there is no such batch.
        """
        if not 0 <= idx < len(self):
            raise IndexingError(
                f"{type(self).__name__}: there are {len(self)} batches, received number {idx}."
            )
        self._count_batch()
        if self.index_array is None:
            self._set_index_array()
        begin = self.batch_size * idx
        return self._get_batches_of_transformed_samples(self.index_array[begin : begin + self.batch_size])

    def on_epoch_end(self) -> None:
        """Makes the order of the next epoch.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> batches = keras.preprocessing.image.ImageDataGenerator().flow(np.zeros((3, 2, 2, 1)))
            >>> batches.on_epoch_end()
            >>> sorted(batches.index_array.tolist())
            [0, 1, 2]
        """
        self._set_index_array()

    def reset(self) -> None:
        """Lets `next` begin anew with the first batch.

        Example:
            >>> import numpy as np
            >>> from tfjs_pyo import keras
            >>> generator = keras.preprocessing.image.ImageDataGenerator()
            >>> batches = generator.flow(np.zeros((3, 2, 2, 1)), [0, 1, 2], batch_size=1, shuffle=False)
            >>> first, second = next(batches)[1].tolist(), next(batches)[1].tolist()
            >>> batches.reset()
            >>> first, second, next(batches)[1].tolist()
            ([0], [1], [0])
        """
        self.batch_index = 0

    def _flow_index(self) -> Generator[Any, None, None]:
        while True:
            self._count_batch()
            if self.batch_index == 0:
                self._set_index_array()
            begin = self.batch_index * self.batch_size % max(self.n, 1)
            last = begin + self.batch_size >= self.n
            self.batch_index = 0 if last else self.batch_index + 1
            yield self.index_array[begin : begin + self.batch_size]

    def __iter__(self) -> Iterator:
        """Returns itself: batches without end."""
        return self

    def __next__(self) -> Any:
        """Returns the next batch."""
        with self.lock:
            indices = next(self.index_generator)
        return self._get_batches_of_transformed_samples(indices)

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        """Returns the images of a batch by their numbers: a class of one's own defines it."""
        raise NotImplementedError(
            f"{type(self).__name__}: expected a class that defines _get_batches_of_transformed_samples(self, index_array)."
        )


class ImageIterator(Iterator):
    """What iterators have in common that hand images to an ImageDataGenerator.

    Attributes:
        image_data_generator: transforms and standardizes each image; None: nothing does.
        data_format: where the channels are.
        dtype: of the batches.
        save_to_dir, save_prefix, save_format: where images of batches are written as files, and how these are called.
    """

    image_data_generator: Any
    data_format: str
    dtype: str
    save_to_dir: Any
    save_prefix: str
    save_format: str
    _largest_number: int
    """Files that are written have random numbers below this one in their names."""

    def _set_attributes(
        self, generator: Any, data_format: str | None, dtype: Any, saving: Sequence[Any]
    ) -> None:
        self.image_data_generator = generator
        self.data_format = checked_data_format(data_format)
        self.dtype = dtype or floatx()
        self.save_to_dir, self.save_prefix, self.save_format = saving

    def _image(self, number: int) -> Any:
        raise NotImplementedError

    def _batch_of_images(self, indices: Any, shape: Sequence[int]) -> Any:
        """Returns images, transformed and standardized; writes them as files where that is wanted."""
        np = engine.import_numpy(type(self).__name__)
        batch = np.zeros((len(indices), *shape), dtype=self.dtype)
        generator = self.image_data_generator
        for place, number in enumerate(indices):
            image = self._image(number)
            if generator:
                image = generator.apply_transform(image, generator.get_random_transform(image.shape))
                image = generator.standardize(image)
            batch[place] = image
        if self.save_to_dir:
            for image, number in zip(batch, indices, strict=True):
                drawn = np.random.randint(self._largest_number)
                name = f"{self.save_prefix}_{number}_{drawn}.{self.save_format}"
                array_to_img(image, self.data_format, scale=True).save(Path(self.save_to_dir, name))
        return batch

    def _split(self, subset: str | None) -> tuple[float, float] | None:
        """Returns which share of the images is used: from where to where; None for all of them."""
        require_choice(type(self).__name__, "subset", subset, (*_SUBSETS, None))
        share = self.image_data_generator.validation_split if self.image_data_generator else 0.0
        return None if subset is None else (0, share) if subset == "validation" else (share, 1)


class NumpyArrayIterator(ImageIterator):
    """Batches of images of an array: what `ImageDataGenerator.flow` gives.

    Args:
        x: images, [images, height, width, channels] or channels first; or a tuple of them and of other arrays with as many rows.
        y: their targets; None: none.
        image_data_generator: an ImageDataGenerator.
        batch_size, shuffle, seed: as for `Iterator`.
        sample_weight: weights of the images.
        data_format: where the channels are.
        save_to_dir, save_prefix, save_format: where images of batches are written as files, and how these are called.
        subset: 'training' or 'validation': which part of the images is used.
        ignore_class_split: whether both parts may have other classes.
        dtype: of the batches.

    Raises:
        ShapeError: no images, or other numbers of rows.
        OptionError: an option with another value, or a part without some class.

    Example:
        >>> import numpy as np
        >>> from tfjs_pyo import keras
        >>> images = keras.preprocessing.image.ImageDataGenerator(rescale=0.5).flow(np.ones((5, 4, 4, 1)), np.arange(5))
        >>> x, y = next(images)
        >>> x.shape, float(x.max()), sorted(y.tolist())
        ((5, 4, 4, 1), 0.5, [0, 1, 2, 3, 4])

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/preprocessing/image/NumpyArrayIterator
    """

    _largest_number = 10_000

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: Any = None,
    ) -> None:
        self._set_attributes(
            image_data_generator, data_format, dtype, (save_to_dir, save_prefix, save_format)
        )
        np = engine.import_numpy("NumpyArrayIterator")
        images, others = (x[0], x[1]) if isinstance(x, (tuple, list)) and len(x) == 2 else (x, [])
        self.x = array_of("NumpyArrayIterator", "x", images, self.dtype)
        self.x_misc = [np.asarray(each) for each in (others if isinstance(others, list) else [others])]
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        if self.x.ndim != 4:
            raise ShapeError(f"NumpyArrayIterator: expected images of rank 4, received shape {self.x.shape}.")
        for each in (*self.x_misc, self.y, self.sample_weight):
            if each is not None and (not each.ndim or len(each) != len(self.x)):
                raise ShapeError(
                    f"NumpyArrayIterator: expected {len(self.x)} rows, one for each image, received shape {each.shape}."
                )
        warn_of_channels("NumpyArrayIterator", self.x.shape, self.data_format)
        split = self._split(subset)
        if split is not None:
            validation = subset == "validation"
            self._take(np, validation, int(len(self.x) * split[validation]), ignore_class_split)
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _take(self, np: Any, validation: bool, count: int, ignore_classes: bool) -> None:
        """Keeps the first images for validation, or the others for training."""
        if self.y is not None and not ignore_classes:
            first, second = np.unique(self.y[:count]), np.unique(self.y[count:])
            if not np.array_equal(first, second):
                raise OptionError(
                    "NumpyArrayIterator: both parts of validation_split must have the same classes. Shuffle the images and "
                    "targets first, or pass ignore_class_split=True."
                )
        part = slice(count) if validation else slice(count, None)
        self.x, self.x_misc = self.x[part], [each[part] for each in self.x_misc]
        self.y = None if self.y is None else self.y[part]
        self.sample_weight = None if self.sample_weight is None else self.sample_weight[part]

    def _image(self, number: int) -> Any:
        return self.x[number].astype(self.dtype)

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        images = self._batch_of_images(index_array, self.x.shape[1:])
        inputs = [images, *(each[index_array] for each in self.x_misc)] if self.x_misc else images
        if self.y is None:
            return inputs
        weights = () if self.sample_weight is None else (self.sample_weight[index_array],)
        return (inputs, self.y[index_array], *weights)


def warn_of_channels(owner: str, shape: Sequence[int], data_format: str) -> None:
    """Warns where the size of an axis shows that it does not hold channels.

    Args:
        owner: who asks, for the warning.
        shape: of images.
        data_format: where the channels are.
    """
    axis = 3 if data_format == "channels_last" else 1
    if shape[axis] not in (1, 3, 4):
        warnings.warn(
            f"{owner}: expected 1, 3 or 4 channels on axis {axis} ({data_format}), received images of shape {tuple(shape)}.",
            stacklevel=3,
        )


__all__ = ["ImageIterator", "Iterator", "NumpyArrayIterator", "require_choice", "warn_of_channels"]
