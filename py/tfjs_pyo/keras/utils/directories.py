"""`keras.utils`: datasets of files in folders, one folder for each class."""

from __future__ import annotations

import math
import os
import random
import wave
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import FormatError, OptionError
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.keras.config import checked_data_format
from tfjs_pyo.keras.ops.images import image
from tfjs_pyo.keras.utils.images import img_to_array, load_img
from tfjs_pyo.keras.utils.samples import dataset_of
from tfjs_pyo.rules import check_public
from tfjs_pyo.tensorflow.data import Dataset

_IMAGES = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_LABEL_MODES = ("int", "categorical", "binary", None)


class Files(NamedTuple):
    """The files of a folder, the class of each, and the names of the classes."""

    paths: list[Path]
    labels: list[int] | None
    class_names: list[str]


def _listed(folder: Path, endings: Sequence[str], follow_links: bool) -> list[Path]:
    """Returns the files of a folder and those below it, sorted."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_symlink() and path.is_dir() and not follow_links:
            continue
        if path.is_dir():
            found += _listed(path, endings, follow_links)
        elif path.suffix.lower() in endings:
            found.append(path)
    return found


def _files(
    owner: str,
    directory: str | os.PathLike[str],
    labels: Any,
    class_names: Sequence[str] | None,
    endings: Sequence[str],
    links: bool,
) -> Files:
    """Returns the files of a dataset with their classes.

    Raises:
        OptionError: labels, or names of classes, that do not fit the folder.
    """
    root = Path(directory)
    with storage_errors(owner, root, "read"):
        is_folder = root.is_dir()
    if not is_folder:
        raise OptionError(f"{owner}: expected a folder, received {str(directory)!r}.")
    if labels == "inferred":
        folders = sorted(path.name for path in root.iterdir() if path.is_dir())
        names = list(class_names) if class_names is not None else folders
        if set(names) != set(folders):
            raise OptionError(
                f"{owner}: expected `class_names` to be the folders {', '.join(folders)}, received {class_names}."
            )
        pairs = [
            (path, number)
            for number, name in enumerate(names)
            for path in _listed(root / name, endings, links)
        ]
        return Files([path for path, _ in pairs], [number for _, number in pairs], names)
    paths = _listed(root, endings, links)
    if labels is None:
        return Files(paths, None, [])
    if not isinstance(labels, (list, tuple)) or len(labels) != len(paths):
        raise OptionError(f"{owner}: expected 'inferred', None, or a label for each of {len(paths)} files.")
    return Files(paths, [int(label) for label in labels], [str(each) for each in sorted(set(labels))])


def _part(
    owner: str, files: Files, split: float | None, subset: str | None, order: random.Random | None
) -> list[Files]:
    """Returns the files of the subsets asked for, shuffled first.

    Raises:
        OptionError: a subset without a share, or the other way round.
    """
    places = list(range(len(files.paths)))
    if order is not None:
        order.shuffle(places)
    held = int((split or 0) * len(places))
    parts = {
        None: places,
        "training": places[: len(places) - held],
        "validation": places[len(places) - held :],
    }
    if (split is None) != (subset is None) or subset not in (*parts, "both") or not 0 <= (split or 0) < 1:
        raise OptionError(
            f"{owner}: expected `validation_split` between 0 and 1 together with `subset` 'training', 'validation' or 'both', "
            f"received {split!r} and {subset!r}."
        )
    wanted = ["training", "validation"] if subset == "both" else [subset]
    return [
        Files(
            [files.paths[place] for place in parts[name]],
            None if files.labels is None else [files.labels[place] for place in parts[name]],
            files.class_names,
        )
        for name in wanted
    ]


def _targets(labels: Sequence[int], mode: str | None, classes: int) -> Tensor:
    if mode == "categorical":
        return ops.one_hot(ops.tensor(list(labels), [len(labels)], "int32"), classes, dtype="float32")
    if mode == "binary":
        return ops.tensor([[float(label)] for label in labels], [len(labels), 1])
    return ops.tensor(list(labels), [len(labels)], "int32")


class _Request(NamedTuple):
    """What all datasets of folders have in common."""

    owner: str
    directory: Any
    labels: Any
    label_mode: str | None
    class_names: Sequence[str] | None
    batch_size: int | None
    shuffle: bool
    seed: int | None
    validation_split: float | None
    subset: str | None
    follow_links: bool
    verbose: bool


def _datasets(request: _Request, endings: Sequence[str], read: Callable[[Sequence[Path]], Any]) -> Any:
    """Returns a dataset of a folder, or two, whose batches of files `read` gives as a tensor."""
    owner = request.owner
    if request.label_mode not in _LABEL_MODES:
        raise OptionError(
            f"{owner}: expected `label_mode` to be one of {_LABEL_MODES}, received {request.label_mode!r}."
        )
    labels = None if request.label_mode is None else request.labels
    if request.subset and request.shuffle and request.seed is None:
        raise OptionError(
            f"{owner}: expected a `seed` with `subset` and `shuffle`, so that both parts do not overlap."
        )
    files = _files(owner, request.directory, labels, request.class_names, endings, request.follow_links)
    if not files.paths:
        raise OptionError(
            f"{owner}: expected files that end with {', '.join(endings)} in {str(request.directory)!r}."
        )
    if request.label_mode == "binary" and len(files.class_names) != 2:
        raise OptionError(f"{owner}: expected two classes for 'binary', received {files.class_names}.")
    order = random.Random(request.seed) if request.shuffle else None  # noqa: S311 (no secret)
    parts = _part(owner, files, request.validation_split, request.subset, order)
    if request.verbose:
        known = f" belonging to {len(files.class_names)} classes" if files.labels is not None else ""
        print(f"Found {len(files.paths)} files{known}.")
        for part, word in (
            zip(parts, ("training", "validation"), strict=False) if request.subset == "both" else []
        ):
            print(f"Using {len(part.paths)} files for {word}.")
        if request.subset in ("training", "validation"):
            print(f"Using {len(parts[0].paths)} files for {request.subset}.")
    made = [_dataset(request, part, read, order) for part in parts]
    return made if request.subset == "both" else made[0]


def _dataset(request: _Request, files: Files, read: Callable[[Sequence[Path]], Any], order: Any) -> Dataset:
    size = request.batch_size or 1
    classes = len(files.class_names)

    def batches() -> Iterator[Any]:
        places = list(range(len(files.paths)))
        if order is not None:
            order.shuffle(places)
        for begin in range(0, len(places), size):
            chosen = places[begin : begin + size]
            x = read([files.paths[place] for place in chosen])
            if files.labels is None:
                yield x if request.batch_size else x[0]
                continue
            y = _targets([files.labels[place] for place in chosen], request.label_mode, classes)
            yield (x, y) if request.batch_size else (x[0], y[0])

    dataset = dataset_of(batches, math.ceil(len(files.paths) / size))
    vars(dataset).update(class_names=files.class_names, file_paths=[str(path) for path in files.paths])
    return dataset


def image_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: Sequence[int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",  # noqa: ARG001 (there is one kind of dataset)
    verbose: bool = True,
) -> Any:
    """Returns a dataset of images, read from the files of a folder, all of one size. Files are read by Pillow.

    Args:
        directory: with a folder for each class.
        labels: 'inferred' from the folders, a list of numbers, or None.
        label_mode: 'int', 'categorical', 'binary', or None for images alone.
        class_names: the folders in the order of their numbers.
        color_mode: 'rgb', 'rgba' or 'grayscale'.
        batch_size: images of a batch; None for single images.
        image_size: height and width.
        shuffle: whether images come in a random order, another one each time.
        seed: number for the same order each time; default: another one each time.
        validation_split, subset: which part: 'training', 'validation' or 'both' of a share.
        interpolation: as for `keras.ops.image.resize`.
        follow_links: whether links to folders are followed.
        crop_to_aspect_ratio, pad_to_aspect_ratio: whether images are cut, or get a border, rather than distorted.
        data_format: where the channels are.
        format: no matter here.
        verbose: whether the number of files is printed.

    Raises:
        OptionError: an option that does not fit the folder.

    Example:
        >>> import os, tempfile
        >>> from tfjs_pyo import keras
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("cats", "dogs"):
        ...         os.mkdir(f"{folder}/{name}")
        ...         keras.utils.save_img(f"{folder}/{name}/1.png", keras.ops.ones([8, 8, 3]))
        ...     images = keras.preprocessing.image_dataset_from_directory(folder, image_size=(4, 4), shuffle=False)
        ...     for x, y in images:
        ...         print(images.class_names, x.shape, y.tolist())
        Found 2 files belonging to 2 classes.
        ['cats', 'dogs'] (2, 4, 4, 3) [0, 1]

    Source: https://keras.io/api/data_loading/image/#image_dataset_from_directory-function
    """
    request = _Request(
        "image_dataset_from_directory", directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip
    form = checked_data_format(data_format)
    options = {
        "interpolation": interpolation,
        "crop_to_aspect_ratio": crop_to_aspect_ratio,
        "pad_to_aspect_ratio": pad_to_aspect_ratio,
        "data_format": form,
    }
    resize = image.functions["resize"]

    def read(paths: Sequence[Path]) -> Tensor:
        found = [img_to_array(load_img(path, color_mode), form) for path in paths]
        return ops.stack([resize(ops.tensor(each), image_size, **options) for each in found])

    return _datasets(request, _IMAGES, read)


def text_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",  # noqa: ARG001 (there is one kind of dataset)
    verbose: bool = True,
) -> Any:
    """Returns a dataset of texts, read from the '.txt' files of a folder. Arguments as for images.

    Args:
        directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links, format,
            verbose: as for `image_dataset_from_directory`.
        max_length: bytes of a text that are kept.

    Returns:
        A dataset of batches (texts, labels), or of texts alone without labels; its `class_names` are the folders.

    Example:
        >>> import os, tempfile
        >>> from pathlib import Path
        >>> from tfjs_pyo import keras
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("cats", "dogs"):
        ...         os.mkdir(f"{folder}/{name}")
        ...         _ = Path(f"{folder}/{name}/1.txt").write_text(f"I like {name}.")
        ...     texts = keras.preprocessing.text_dataset_from_directory(folder, shuffle=False, verbose=False)
        ...     for x, y in texts:
        ...         print(texts.class_names, x.tolist(), y.tolist())
        ['cats', 'dogs'] ['I like cats.', 'I like dogs.'] [0, 1]

    Source: https://keras.io/api/data_loading/text/#text_dataset_from_directory-function
    """
    request = _Request(
        "text_dataset_from_directory", directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip

    def read(paths: Sequence[Path]) -> Tensor:
        texts = [path.read_bytes()[:max_length].decode("utf-8", "replace") for path in paths]
        return ops.tensor(texts, [len(texts)], "string")

    return _datasets(request, (".txt",), read)


def audio_dataset_from_directory(
    directory: str | os.PathLike[str],
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    sampling_rate: int | None = None,
    output_sequence_length: int | None = None,
    ragged: bool = False,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    verbose: bool = True,
) -> Any:
    """Returns a dataset of sounds, read from the '.wav' files of a folder: float32 [batch, samples, channels].

    Args:
        directory, labels, label_mode, class_names, batch_size, shuffle, seed, validation_split, subset, follow_links,
            verbose: as for `image_dataset_from_directory`.
        sampling_rate: what all files must have; sounds are not converted.
        output_sequence_length: samples that each sound is cut or filled up to; default: those of the longest of a batch.
        ragged: must be False.

    Raises:
        OptionError: ragged tensors, or another rate.

    Example:
        >>> import os, tempfile, wave
        >>> from tfjs_pyo import keras
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     for name in ("cats", "dogs"):
        ...         os.mkdir(f"{folder}/{name}")
        ...         with wave.open(f"{folder}/{name}/1.wav", "wb") as sound:
        ...             sound.setparams((1, 2, 8000, 0, "NONE", None))
        ...             sound.writeframes(bytes(8))
        ...     sounds = keras.utils.audio_dataset_from_directory(folder, shuffle=False, verbose=False)
        ...     for x, y in sounds:
        ...         print(sounds.class_names, x.shape, y.tolist())
        ['cats', 'dogs'] (2, 4, 1) [0, 1]

    Source: https://keras.io/api/data_loading/audio/#audio_dataset_from_directory-function
    """
    if ragged:
        raise OptionError(
            "audio_dataset_from_directory: ragged tensors are not there; pass `output_sequence_length`."
        )
    request = _Request(
        "audio_dataset_from_directory", directory, labels, label_mode, class_names, batch_size, shuffle, seed,
        validation_split, subset, follow_links, verbose,
    )  # fmt: skip

    def read(paths: Sequence[Path]) -> Tensor:
        np = engine.import_numpy("audio_dataset_from_directory")
        sounds = [_sound(np, path, sampling_rate) for path in paths]
        length = output_sequence_length or max(len(sound) for sound in sounds)
        out = np.zeros((len(sounds), length, sounds[0].shape[1]), "float32")
        for row, sound in enumerate(sounds):
            out[row, : min(length, len(sound))] = sound[:length]
        return ops.tensor(out)

    return _datasets(request, (".wav",), read)


def _sound(np: Any, path: Path, rate: int | None) -> Any:
    """Returns the samples of a WAV file of 16 bits, from -1 to 1, [samples, channels].

    Raises:
        FormatError: other samples than of 16 bits.
        OptionError: another rate than asked for.
    """
    with (
        format_errors(f"audio_dataset_from_directory: {path}", "the file of a sound"),
        wave.open(str(path), "rb") as file,
    ):
        if file.getsampwidth() != 2:
            raise FormatError(f"{path}: expected samples of 16 bits, received {8 * file.getsampwidth()}.")
        if rate is not None and file.getframerate() != rate:
            raise OptionError(
                f"audio_dataset_from_directory: expected {rate} samples a second, {path.name} has {file.getframerate()}. "
                "Convert the files; sounds are not converted here."
            )
        samples = array("h", file.readframes(file.getnframes()))
        return np.asarray(samples, "float32").reshape(-1, file.getnchannels()) / 32768


__all__ = ["audio_dataset_from_directory", "image_dataset_from_directory", "text_dataset_from_directory"]
check_public(globals())
