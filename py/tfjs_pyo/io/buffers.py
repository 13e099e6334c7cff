"""Bytes in pieces: weight data may be too large for one."""

from __future__ import annotations

import bisect
from collections.abc import Iterable, Sequence

from tfjs_pyo.errors import FormatError

Bytes = bytes | bytearray | memoryview


class CompositeArrayBuffer:
    """Several pieces of bytes as one, without joining them.

    Args:
        buffers: the pieces, or a single one.

    Example:
        >>> import tfjs_pyo as tf
        >>> whole = tf.io.CompositeArrayBuffer([b"abc", b"de"])
        >>> whole.byteLength, whole.slice(2, 4)
        (5, b'cd')

    Source: https://js.tensorflow.org/api/latest/#io
    """

    def __init__(self, buffers: Bytes | Sequence[Bytes] | CompositeArrayBuffer | None = None) -> None:
        pieces: Sequence[Bytes]
        if isinstance(buffers, CompositeArrayBuffer):
            pieces = buffers.pieces
        elif isinstance(buffers, (bytes, bytearray, memoryview)):
            pieces = [buffers]
        elif buffers is None:
            pieces = []
        elif isinstance(buffers, Iterable):
            pieces = list(buffers)
        else:
            raise FormatError(
                f"weight data: expected bytes or a list of bytes, received {type(buffers).__name__}."
            )
        if not all(isinstance(piece, (bytes, bytearray, memoryview)) for piece in pieces):
            kinds = sorted({type(piece).__name__ for piece in pieces})
            raise FormatError(f"weight data: expected bytes or a list of bytes, received {', '.join(kinds)}.")
        self.pieces: list[memoryview] = [memoryview(piece).cast("B") for piece in pieces]
        self._ends: list[int] = []
        for piece in self.pieces:
            self._ends.append(len(piece) + (self._ends[-1] if self._ends else 0))

    @property
    def byte_length(self) -> int:
        """How many bytes there are."""
        return self._ends[-1] if self._ends else 0

    byteLength = byte_length  # noqa: N815 (TF.js's spelling)

    def slice(self, start: int = 0, end: int | None = None) -> bytes:
        """Returns the bytes from `start` to before `end`; only these are copied.

        Args:
            start: place of the first byte.
            end: place after the last one; default: the end.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.io.CompositeArrayBuffer([b"abc", b"de"]).slice(2, 4)
            b'cd'
        """
        stop = self.byte_length if end is None else min(end, self.byte_length)
        parts = []
        index = bisect.bisect_right(self._ends, start)
        while start < stop:
            piece, begin = self.pieces[index], self._ends[index] - len(self.pieces[index])
            parts.append(piece[start - begin : stop - begin])
            start, index = self._ends[index], index + 1
        return b"".join(parts)

    @staticmethod
    def join(buffers: Bytes | Sequence[Bytes] | None) -> bytes:
        """Returns pieces as one.

        Args:
            buffers: the pieces, or a single one; None: no bytes.

        Example:
            >>> import tfjs_pyo as tf
            >>> tf.io.CompositeArrayBuffer.join([b"ab", b"c"])
            b'abc'
        """
        return CompositeArrayBuffer(buffers).slice()


def concatenate_array_buffers(buffers: Sequence[Bytes]) -> bytes:
    """Returns pieces of bytes as one.

    Example:
        >>> import tfjs_pyo as tf
        >>> tf.io.concatenateArrayBuffers([b"ab", b"c"])
        b'abc'

    Source: https://js.tensorflow.org/api/latest/#io
    """
    return CompositeArrayBuffer.join(buffers)


__all__ = ["Bytes", "CompositeArrayBuffer", "concatenate_array_buffers"]
