"""The exceptions of tfjs-pyo: each says what was expected, what came, where, and what to do."""


class TfError(Exception):
    """Root of every error that tfjs-pyo raises on purpose.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> try:
        ...     tf.add([1, 2], [1, 2, 3])
        ... except tf.errors.InvalidArgumentError:
        ...     print("the shapes do not fit")
        the shapes do not fit
    """


class ShapeError(TfError, ValueError):
    """Shapes do not fit an op or a layer."""


class DTypeError(TfError, TypeError):
    """A dtype does not fit an op, or values do not fit a dtype."""


class RangeError(TfError, ValueError):
    """Values of a tensor lie outside of what a function takes."""


class IndexingError(TfError, IndexError):
    """An index in brackets is none, or lies outside of an axis."""


class OptionError(TfError, ValueError):
    """An option's name or value is unknown or out of range."""


class ArgumentError(TfError, TypeError):
    """A call does not fit a function's signature."""


class NameNotFoundError(TfError, AttributeError):
    """A public name does not exist in any spelling; the message has its own suggestions."""

    def __init__(self, message: str) -> None:
        # A name and an object of its own, or Python would add the object's nearest attribute to the message.
        AttributeError.__init__(self, message, name="", obj=None)


class DisposedError(TfError, RuntimeError):
    """A tensor or variable was used after `dispose()`."""


class TraceError(TfError, RuntimeError):
    """A value was asked for, or a side effect tried, where nothing computes: inside a trace."""


class DeviceError(TfError, RuntimeError):
    """The device cannot do what was asked, or its driver failed."""


class ShaderError(DeviceError):
    """A generated shader did not compile or link; the message holds the log and the numbered source."""


class DeviceLostError(DeviceError):
    """The browser took the GPU away (driver reset, too much memory); values on it are gone."""


class FormatError(TfError, ValueError):
    """A file, or something else that was saved, does not hold what its format promises."""


class StorageError(TfError, OSError):
    """Something could not be stored, fetched or found: a file, a key of a store, an address."""


class MissingFileError(StorageError, FileNotFoundError):
    """There is no file or folder of this name."""
