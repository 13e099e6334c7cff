"""Files of records (TFRecord): `tf.io.TFRecordWriter` and `tf.data.TFRecordDataset`.

Source: https://www.tensorflow.org/tutorials/load_data/tfrecord
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Self

from tfjs_pyo import ops
from tfjs_pyo.core.tensor import Tensor
from tfjs_pyo.errors import ArgumentError, OptionError, StorageError
from tfjs_pyo.io.file_errors import format_errors, storage_errors
from tfjs_pyo.io.records import record, records
from tfjs_pyo.options import shown
from tfjs_pyo.tensorflow.datasets import Dataset
from tfjs_pyo.tensorflow.tables import named_files


def _compression(owner: str, given: Any) -> str:
    """Returns how files are compressed: '', 'GZIP' or 'ZLIB'."""
    found = getattr(given, "compression_type", given)
    name = "" if found is None else str(found).upper()
    if name not in ("", "GZIP", "ZLIB"):
        raise OptionError(f"{owner}: expected compression 'GZIP' or 'ZLIB', received {shown(given)}.")
    return name


@dataclass(frozen=True)
class TFRecordOptions:
    """How a file of records is written.

    Args:
        compression_type: 'GZIP', 'ZLIB', or '' for none.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     file = f"{folder}/some.tfrecord.gz"
        ...     with tf.io.TFRecordWriter(file, tf.io.TFRecordOptions("GZIP")) as writer:
        ...         writer.write(b"one")
        ...     [each.numpy() for each in tf.data.TFRecordDataset(file, "GZIP")]
        [b'one']

    Source: https://www.tensorflow.org/api_docs/python/tf/io/TFRecordOptions
    """

    compression_type: str | None = ""


class TFRecordWriter:
    """Writes a file of records.

    Args:
        path: of the file; its folder is to be there.
        options: 'GZIP' or 'ZLIB', or TFRecordOptions, for a compressed file.

    Raises:
        StorageError: the file cannot be written.

    Example:
        >>> import tempfile
        >>> from tfjs_pyo import tensorflow as tf
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with tf.io.TFRecordWriter(f"{folder}/some.tfrecord") as writer:
        ...         writer.write(b"one"); writer.write(b"two")
        ...     [each.numpy() for each in tf.data.TFRecordDataset(f"{folder}/some.tfrecord")]
        [b'one', b'two']

    Source: https://www.tensorflow.org/api_docs/python/tf/io/TFRecordWriter
    """

    def __init__(self, path: Any, options: Any = None) -> None:
        self._path = Path(named_files("TFRecordWriter", path)[0])
        self._compression = _compression("TFRecordWriter", options)
        with storage_errors("TFRecordWriter", self._path, "written"):
            self._file: IO[bytes] | None = self._path.open("wb")
        self._packer = (
            zlib.compressobj(wbits=31 if self._compression == "GZIP" else 15) if self._compression else None
        )

    def write(self, record_: Any) -> None:
        """Writes a record.

        Args:
            record_: its bytes.

        Raises:
            ArgumentError: no bytes.
            StorageError: the file is closed, or cannot be written.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import tensorflow as tf
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     with tf.io.TFRecordWriter(f"{folder}/some.tfrecord") as writer:
            ...         writer.write(b"one")
            ...     [each.numpy() for each in tf.data.TFRecordDataset(f"{folder}/some.tfrecord")]
            [b'one']
        """
        data = record_.numpy() if isinstance(record_, Tensor) else record_
        if not isinstance(data, bytes):
            raise ArgumentError(
                f"TFRecordWriter.write: expected bytes, such as example.SerializeToString(), received {shown(record_)}."
            )
        framed = record(data)
        self._put(self._packer.compress(framed) if self._packer else framed)

    def _put(self, data: bytes) -> None:
        if self._file is None:
            raise StorageError(f"TFRecordWriter: {str(self._path)!r} is closed.")
        with storage_errors("TFRecordWriter", self._path, "written"):
            self._file.write(data)

    def flush(self) -> None:
        """Hands to the system what was written; of a compressed file the rest comes with `close`.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import tensorflow as tf
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     with tf.io.TFRecordWriter(f"{folder}/some.tfrecord") as writer:
            ...         writer.write(b"one")
            ...         writer.flush()
            ...         [each.numpy() for each in tf.data.TFRecordDataset(f"{folder}/some.tfrecord")]
            [b'one']
        """
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Ends the file; closing twice is allowed.

        Raises:
            StorageError: the rest cannot be written.

        Example:
            >>> import tempfile
            >>> from tfjs_pyo import tensorflow as tf
            >>> with tempfile.TemporaryDirectory() as folder:
            ...     writer = tf.io.TFRecordWriter(f"{folder}/some.tfrecord", options="GZIP")
            ...     writer.write(b"one")
            ...     writer.close()
            ...     records = tf.data.TFRecordDataset(f"{folder}/some.tfrecord", compression_type="GZIP")
            ...     [each.numpy() for each in records]
            [b'one']
        """
        if self._file is None:
            return
        try:
            if self._packer:
                self._put(self._packer.flush())
        finally:
            self._file.close()
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        if getattr(self, "_file", None) is not None:
            self.close()


def tf_record_dataset(
    filenames: Any,
    compression_type: str | None = None,
    buffer_size: int | None = None,
    num_parallel_reads: int | None = None,
) -> Dataset:
    """Returns a dataset of the records of files, each a string of bytes, one file after the other.

    Args:
        filenames: of one file or several.
        compression_type: 'GZIP' or 'ZLIB' for compressed files.
        buffer_size, num_parallel_reads: have no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> import tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     with tf.io.TFRecordWriter(f"{folder}/some.tfrecord") as writer:
        ...         writer.write(b"one")
        ...     [each.numpy() for each in tf.data.TFRecordDataset(f"{folder}/some.tfrecord")]
        [b'one']

    Source: https://www.tensorflow.org/api_docs/python/tf/data/TFRecordDataset
    """
    names = [str(name) for name in named_files("TFRecordDataset", filenames)]
    compression = _compression("TFRecordDataset", compression_type)

    def read() -> Iterator[Tensor]:
        for name in names:
            where = f"TFRecordDataset: {name!r}"
            with (
                storage_errors("TFRecordDataset", Path(name), "read"),
                format_errors(where, f"a file that {compression} compressed"),
                _opened(name, compression) as file,
            ):
                for data in records(file, where):
                    yield ops.tensor(data, [], "string")

    return Dataset.from_generator(read)


def _opened(name: str, compression: str) -> IO[bytes]:
    if compression == "GZIP":
        return gzip.open(name, "rb")  # type: ignore[return-value]
    if compression == "ZLIB":
        return BytesIO(zlib.decompress(Path(name).read_bytes()))
    return Path(name).open("rb")


__all__ = ["TFRecordOptions", "TFRecordWriter", "tf_record_dataset"]
