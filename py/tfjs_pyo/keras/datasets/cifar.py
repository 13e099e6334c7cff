"""What CIFAR-10 and CIFAR-100 have in common: archives of Python's pickles, of which only arrays are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tfjs_pyo.core import engine
from tfjs_pyo.errors import FormatError
from tfjs_pyo.io.file_errors import format_errors
from tfjs_pyo.keras import config
from tfjs_pyo.keras.datasets.sources import Split, unpickled


def batch(path: Path, labels: str) -> tuple[Any, Any]:
    """Returns the images [count, 3, 32, 32] and the labels of a file.

    Raises:
        FormatError: it has none.
    """
    np = engine.import_numpy("keras.datasets")
    if not path.is_file():
        raise FormatError(f"cifar: expected a file {path.name!r} in the archive.")
    with format_errors(f"cifar: {path}", "a pickle of arrays"):
        found = unpickled(path.read_bytes(), "bytes")
        if not isinstance(found, dict) or not {b"data", labels.encode()} <= set(found):
            raise FormatError(f"cifar: expected {path} to hold 'data' and {labels!r}.")
        return found[b"data"].reshape(-1, 3, 32, 32), np.asarray(found[labels.encode()], np.uint8)


def split(train: list[tuple[Any, Any]], test: tuple[Any, Any]) -> Split:
    """Returns batches as arrays, with the channels where the settings have them."""
    np = engine.import_numpy("keras.datasets")
    last = config.image_data_format() == "channels_last"
    parts = []
    for batches in (train, [test]):
        x = np.concatenate([images for images, _ in batches]).astype(np.uint8)
        y = np.concatenate([labels for _, labels in batches]).reshape(-1, 1)
        parts.append((x.transpose(0, 2, 3, 1) if last else x, y))
    return parts[0], parts[1]


__all__ = ["batch", "split"]
