"""`tf.distribute` and `tf.config`: programs that ask for devices run on the one that there is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

from tfjs_pyo import ops
from tfjs_pyo.core import engine
from tfjs_pyo.errors import OptionError
from tfjs_pyo.tensorflow.functions import constant


class Strategy:
    """A strategy of one replica: what is made in its scope, and what it runs, is on the one device.

    Args:
        devices: have no effect.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> strategy = tf.distribute.MirroredStrategy()
        >>> with strategy.scope():
        ...     model = tf.keras.Sequential([tf.keras.layers.Dense(1)])
        >>> strategy.num_replicas_in_sync
        1

    Source: https://www.tensorflow.org/api_docs/python/tf/distribute/Strategy
    """

    num_replicas_in_sync = 1

    def __init__(self, devices: Any = None, **_options: Any) -> None:
        """Nothing is to be set up."""

    def scope(self) -> AbstractContextManager[Strategy]:
        """Returns a context in which models are made.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> with tf.distribute.MirroredStrategy().scope():
            ...     model = tf.keras.Sequential([tf.keras.Input((2,)), tf.keras.layers.Dense(1)])
            >>> model.count_params()
            3
        """
        return nullcontext(self)

    def run(
        self, fn: Callable[..., Any], args: Sequence[Any] = (), kwargs: Mapping[str, Any] | None = None
    ) -> Any:
        """Returns what a function gives, which each replica would call.

        Args:
            fn: the function.
            args: its positional arguments.
            kwargs: its keyword arguments, a dict.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> strategy = tf.distribute.MirroredStrategy()
            >>> strategy.run(lambda x, y: x + y, args=(3,), kwargs={"y": 4})
            7
        """
        return fn(*args, **(kwargs or {}))

    def reduce(self, reduce_op: str, value: Any, axis: int | None) -> Any:
        """Returns the sum or the mean of a value over replicas, and along an axis if one is given.

        Args:
            reduce_op: `tf.distribute.ReduceOp.SUM`, `tf.distribute.ReduceOp.MEAN`, or their names.
            value: of the one replica.
            axis: of the value; None: the value stays as it is.

        Raises:
            OptionError: another `reduce_op`.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> strategy = tf.distribute.MirroredStrategy()
            >>> float(strategy.reduce("SUM", tf.constant([1.0, 2.0]), axis=0))
            3.0
        """
        name = str(reduce_op).upper()
        if name not in ("SUM", "MEAN"):
            raise OptionError(f"Strategy.reduce: expected 'SUM' or 'MEAN', received {reduce_op!r}.")
        if axis is None:
            return value
        return (ops.sum if name == "SUM" else ops.mean)(constant(value), axis)

    def experimental_distribute_dataset(self, dataset: Any, options: Any = None) -> Any:
        """Returns the dataset.

        Args:
            dataset: whose batches the one replica takes.
            options: has no effect.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> strategy = tf.distribute.MirroredStrategy()
            >>> batches = strategy.experimental_distribute_dataset(tf.data.Dataset.range(4).batch(2))
            >>> [batch.tolist() for batch in batches]
            [[0, 1], [2, 3]]
        """
        return dataset


class ReduceOp:
    """Names of ways to put the values of replicas together.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> strategy = tf.distribute.get_strategy()
        >>> float(strategy.reduce(tf.distribute.ReduceOp.MEAN, [1.0, 3.0], axis=0))
        2.0

    Source: https://www.tensorflow.org/api_docs/python/tf/distribute/ReduceOp
    """

    SUM = "SUM"
    MEAN = "MEAN"


class TPUClusterResolver:
    """Refuses: programs look for a TPU, and go on without it.

    Args:
        tpu: has no effect.

    Raises:
        OptionError: always; it is a ValueError, as programs expect it.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> try:
        ...     tf.distribute.cluster_resolver.TPUClusterResolver()
        ... except ValueError:
        ...     tf.distribute.get_strategy().num_replicas_in_sync
        1

    Source: https://www.tensorflow.org/api_docs/python/tf/distribute/cluster_resolver/TPUClusterResolver
    """

    def __init__(self, tpu: Any = None, **_options: Any) -> None:
        raise OptionError(
            "TPUClusterResolver: there is no TPU here, only the one device of this machine. "
            "tf.distribute.get_strategy() has it."
        )

    @classmethod
    def connect(cls, tpu: Any = None, **options: Any) -> None:
        """Refuses as well.

        Args:
            tpu: has no effect.
            **options: have no effect.

        Raises:
            OptionError: always.

        Example:
            >>> from tfjs_pyo import tensorflow as tf
            >>> try:
            ...     tf.distribute.cluster_resolver.TPUClusterResolver.connect()
            ... except ValueError:
            ...     print("no TPU")
            no TPU
        """
        cls(tpu, **options)


_DEFAULT = Strategy()


def get_strategy() -> Strategy:
    """Returns the strategy of one replica.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> strategy = tf.distribute.get_strategy()
        >>> strategy.run(lambda x: x * 2, args=(3,))
        6

    Source: https://www.tensorflow.org/api_docs/python/tf/distribute/get_strategy
    """
    return _DEFAULT


DISTRIBUTE: dict[str, Any] = {
    "MirroredStrategy": Strategy,
    "OneDeviceStrategy": Strategy,
    "ReduceOp": ReduceOp,
    "Strategy": Strategy,
    "TPUStrategy": Strategy,
    "get_strategy": get_strategy,
}


CLUSTER_RESOLVER: dict[str, Any] = {"TPUClusterResolver": TPUClusterResolver}


@dataclass(frozen=True)
class PhysicalDevice:
    """A device by its name and type."""

    name: str
    device_type: str


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """Returns the devices that compute: 'CPU' for NumPy, 'GPU' for WebGL, where the processor is one as well.

    Args:
        device_type: 'CPU' or 'GPU', for those of this type only; default: all.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> [device.name for device in tf.config.list_physical_devices("CPU")]
        ['/physical_device:CPU:0']

    Source: https://www.tensorflow.org/api_docs/python/tf/config/list_physical_devices
    """
    kinds = ["CPU"] if engine.backend_name() == "numpy" else ["CPU", "GPU"]
    return [
        PhysicalDevice(f"/physical_device:{kind}:0", kind) for kind in kinds if device_type in (None, kind)
    ]


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Has no effect: what a function computes does not depend on whether it is recorded.

    Args:
        run_eagerly: accepted as it is.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.config.run_functions_eagerly(True)
        >>> tf.function(lambda x: x * 2)(tf.constant(3))
        Tensor
            6

    Source: https://www.tensorflow.org/api_docs/python/tf/config/run_functions_eagerly
    """


def set_memory_growth(device: Any, enable: bool) -> None:
    """Has no effect: memory is taken when it is needed.

    Args:
        device: accepted as it is.
        enable: accepted as it is.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> for device in tf.config.list_physical_devices("GPU"):
        ...     tf.config.experimental.set_memory_growth(device, True)

    Source: https://www.tensorflow.org/api_docs/python/tf/config/experimental/set_memory_growth
    """


def enable_op_determinism() -> None:
    """Has no effect: the same program gives the same numbers.

    Example:
        >>> from tfjs_pyo import tensorflow as tf
        >>> tf.config.experimental.enable_op_determinism()
        >>> tf.keras.utils.set_random_seed(1)
        >>> first = tf.random.normal([2]).tolist()
        >>> tf.keras.utils.set_random_seed(1)
        >>> tf.random.normal([2]).tolist() == first
        True

    Source: https://www.tensorflow.org/api_docs/python/tf/config/experimental/enable_op_determinism
    """


CONFIG: dict[str, Any] = {
    "list_logical_devices": list_physical_devices,
    "list_physical_devices": list_physical_devices,
    "run_functions_eagerly": run_functions_eagerly,
}
CONFIG_EXPERIMENTAL: dict[str, Any] = {
    "enable_op_determinism": enable_op_determinism,
    "list_physical_devices": list_physical_devices,
    "set_memory_growth": set_memory_growth,
}

__all__ = ["CLUSTER_RESOLVER", "CONFIG", "CONFIG_EXPERIMENTAL", "DISTRIBUTE", "Strategy"]
