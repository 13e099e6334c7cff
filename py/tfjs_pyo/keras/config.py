"""`keras.config`: settings that hold for the whole program."""

from __future__ import annotations

import warnings
from typing import Any

from tfjs_pyo import naming
from tfjs_pyo.documenting import complete
from tfjs_pyo.dtype_names import standardize_dtype
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras import dtype_policies
from tfjs_pyo.keras.dtype_policies import DTypePolicy
from tfjs_pyo.options import whole
from tfjs_pyo.rules import check_public


class _Settings:
    """What was set."""

    epsilon = 1e-7
    image_data_format = "channels_last"
    interactive_logging = True
    traceback_filtering = True
    dtype_policy = dtype_policies.DTypePolicy("float32")
    safe_mode = True
    max_epochs: int | None = None
    max_steps_per_epoch: int | None = None


def backend() -> str:
    """Returns 'tfjs_pyo'.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.backend()
        'tfjs_pyo'

    Source: https://keras.io/api/utils/config_utils/
    """
    return "tfjs_pyo"


def set_backend(backend: str) -> None:
    """Refuses any other backend than this one.

    Raises:
        OptionError: another backend.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_backend(keras.config.backend())

    Source: https://keras.io/api/utils/config_utils/
    """
    if backend != "tfjs_pyo":
        raise OptionError(
            f"set_backend: this is Keras on 'tfjs_pyo' alone, received {backend!r}. Run the same program under Keras itself "
            "to compute with another backend."
        )


def floatx() -> str:
    """Returns 'float32', the dtype of floats.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.floatx()
        'float32'

    Source: https://keras.io/api/utils/config_utils/
    """
    return "float32"


def set_floatx(value: str) -> None:
    """Refuses any other dtype of floats than float32, in which everything is computed here.

    Args:
        value: 'float32'.

    Raises:
        OptionError: another dtype.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.set_floatx("float32")
        >>> keras.backend.floatx()
        'float32'

    Source: https://keras.io/api/utils/config_utils/
    """
    if standardize_dtype(value) != "float32":
        raise OptionError(f"set_floatx: everything is computed in float32 here, received {value!r}.")


def epsilon() -> float:
    """Returns the small number that keeps divisions and logarithms finite.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.epsilon()
        1e-07

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.epsilon


def set_epsilon(value: float) -> None:
    """Sets what `epsilon` returns.

    Args:
        value: number of 0 or more.

    Raises:
        OptionError: a negative number.

    Example:
        >>> from tfjs_pyo import keras
        >>> before = keras.backend.epsilon()
        >>> keras.backend.set_epsilon(1e-5)
        >>> keras.backend.epsilon()
        1e-05
        >>> keras.backend.set_epsilon(before)

    Source: https://keras.io/api/utils/config_utils/
    """
    if not value >= 0:
        raise OptionError(f"set_epsilon: expected a number of 0 or more, received {value}.")
    _Settings.epsilon = value


def image_data_format() -> str:
    """Returns where images have their channels by default.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.image_data_format()
        'channels_last'

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.image_data_format


def set_image_data_format(data_format: str) -> None:
    """Sets what `image_data_format` returns.

    Args:
        data_format: 'channels_last' or 'channels_first'.

    Raises:
        OptionError: another one.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.backend.set_image_data_format("channels_first")
        >>> keras.backend.image_data_format()
        'channels_first'
        >>> keras.backend.set_image_data_format("channels_last")

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.image_data_format = checked_data_format(data_format)


def checked_data_format(data_format: str | None) -> str:
    """Returns a data format, the one that is set for None.

    Raises:
        OptionError: it is none.
    """
    found = str(data_format or _Settings.image_data_format).lower()
    if found not in ("channels_last", "channels_first"):
        raise OptionError(f"expected 'channels_last' or 'channels_first', received {data_format!r}.")
    return found


def dtype_policy() -> DTypePolicy:
    """Returns the policy that layers have by default.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.dtype_policy().name
        'float32'

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.dtype_policy


def set_dtype_policy(policy: DTypePolicy | str | dict[str, Any]) -> None:
    """Sets the policy that layers have by default: noted, while float32 is computed.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_dtype_policy("float32")
        >>> keras.layers.Dense(1).dtype_policy.name
        'float32'

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.dtype_policy = dtype_policies.get(policy)


def enable_interactive_logging() -> None:
    """Lets progress be printed.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.enable_interactive_logging()
        >>> keras.config.is_interactive_logging_enabled()
        True

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.interactive_logging = True


def disable_interactive_logging() -> None:
    """Sends progress to Python's logging instead.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.disable_interactive_logging()
        >>> keras.config.is_interactive_logging_enabled()
        False
        >>> keras.config.enable_interactive_logging()

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.interactive_logging = False


def is_interactive_logging_enabled() -> bool:
    """Returns whether progress is printed.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.is_interactive_logging_enabled()
        True

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.interactive_logging


def enable_traceback_filtering() -> None:
    """Notes that tracebacks are to be short; they are as they are here.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.enable_traceback_filtering()
        >>> keras.config.is_traceback_filtering_enabled()
        True

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.traceback_filtering = True


def disable_traceback_filtering() -> None:
    """Notes that tracebacks are to be whole; they are.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.disable_traceback_filtering()
        >>> keras.config.is_traceback_filtering_enabled()
        False
        >>> keras.config.enable_traceback_filtering()

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.traceback_filtering = False


def is_traceback_filtering_enabled() -> bool:
    """Returns what was set.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.is_traceback_filtering_enabled()
        True

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.traceback_filtering


def limited_epochs(owner: str, given: Any) -> Any:
    """Returns a number of epochs, no more than `max_epochs`."""
    return _limited(owner, "epochs", given, _Settings.max_epochs)


def limited_steps(owner: str, what: str, given: Any) -> Any:
    """Returns a number of steps, no more than `max_steps_per_epoch`; None for as many as there are stays without a limit.

    Args:
        owner: who asks.
        what: the argument: 'steps_per_epoch', 'steps'.
        given: its value.
    """
    return _limited(owner, what, given, _Settings.max_steps_per_epoch)


def _limited(owner: str, what: str, given: Any, most: int | None) -> Any:
    number = whole(given)
    if not most or (given is not None and (number is None or number <= most)):
        return given
    warnings.warn(f"{owner}: {what} is limited to {most} by the settings of keras.config.", stacklevel=4)
    return most


def max_epochs() -> int | None:
    """Returns the most epochs that `fit` runs, None for no limit.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_max_epochs(2)
        >>> keras.config.max_epochs()
        2
        >>> keras.config.set_max_epochs(None)

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.max_epochs


def set_max_epochs(max_epochs: int | None) -> None:
    """Limits the epochs of each `fit`, to try a program quickly.

    Args:
        max_epochs: most epochs of a `fit`; None: no limit.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_max_epochs(2)
        >>> keras.config.max_epochs()
        2
        >>> keras.config.set_max_epochs(None)

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.max_epochs = max_epochs


def max_steps_per_epoch() -> int | None:
    """Returns the most steps of an epoch, None for no limit.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_max_steps_per_epoch(10)
        >>> keras.config.max_steps_per_epoch()
        10
        >>> keras.config.set_max_steps_per_epoch(None)

    Source: https://keras.io/api/utils/config_utils/
    """
    return _Settings.max_steps_per_epoch


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limits the steps of each epoch of `fit`, and of `evaluate` and `predict`, to try a program quickly.

    Args:
        max_steps_per_epoch: most steps of an epoch; None: no limit.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.set_max_steps_per_epoch(10)
        >>> keras.config.max_steps_per_epoch()
        10
        >>> keras.config.set_max_steps_per_epoch(None)

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.max_steps_per_epoch = max_steps_per_epoch


def enable_flash_attention() -> None:
    """Refuses: attention is computed in one way here.

    Raises:
        OptionError: always.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.enable_flash_attention()
        Traceback (most recent call last):
            ...
        tfjs_pyo.errors.OptionError: ...

    Source: https://keras.io/api/utils/config_utils/
    """
    raise OptionError(
        "enable_flash_attention: there is no flash attention on WebGL2 and NumPy. Leave the call out."
    )


def disable_flash_attention() -> None:
    """Does nothing: there is no flash attention.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.disable_flash_attention()
        >>> keras.config.is_flash_attention_enabled()
        False

    Source: https://keras.io/api/utils/config_utils/
    """


def is_flash_attention_enabled() -> bool:
    """Returns False: there is no flash attention.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.is_flash_attention_enabled()
        False

    Source: https://keras.io/api/utils/config_utils/
    """
    return False


def is_nnx_enabled() -> bool:
    """Returns False: NNX is of JAX.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.is_nnx_enabled()
        False

    Source: https://keras.io/api/utils/config_utils/
    """
    return False


def enable_unsafe_deserialization() -> None:
    """Lets `load_model` and its kin run code that files hold, as `safe_mode=False` does each time.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.config.enable_unsafe_deserialization()  # doctest: +SKIP
        >>> model = keras.models.load_model("with_lambda.keras")  # doctest: +SKIP

    Source: https://keras.io/api/utils/config_utils/
    """
    _Settings.safe_mode = False


def in_safe_mode() -> bool:
    """Returns whether code that files hold is not run, unless a call says otherwise."""
    return _Settings.safe_mode


__all__ = [
    "backend", "disable_flash_attention", "disable_interactive_logging", "disable_traceback_filtering", "dtype_policy",
    "enable_flash_attention", "enable_interactive_logging", "enable_traceback_filtering",
    "enable_unsafe_deserialization", "epsilon", "floatx", "image_data_format", "is_flash_attention_enabled",
    "is_interactive_logging_enabled", "is_nnx_enabled", "is_traceback_filtering_enabled", "max_epochs",
    "max_steps_per_epoch", "set_backend", "set_dtype_policy", "set_epsilon", "set_floatx", "set_image_data_format",
    "set_max_epochs", "set_max_steps_per_epoch",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
check_public(globals())
complete(globals())
