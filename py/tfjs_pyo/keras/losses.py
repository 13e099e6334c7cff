"""`keras.losses`: classes, and functions that give a number for each sample, by Keras's names."""

from tfjs_pyo.documenting import complete
from tfjs_pyo.errors import OptionError
from tfjs_pyo.keras.forms import access, keras_names
from tfjs_pyo.losses import classes
from tfjs_pyo.losses.functions import CLASSES, LOSSES
from tfjs_pyo.losses.keras_functions import FUNCTIONS, OLDER
from tfjs_pyo.options import shown

Loss = classes.Loss


class Reduction:
    """Names of what the `reduction` of a loss may be, as programs of Keras 2 write them: `Reduction.SUM`.

    Example:
        >>> from tfjs_pyo import keras
        >>> keras.losses.Reduction.SUM_OVER_BATCH_SIZE
        'sum_over_batch_size'

    Source: https://www.tensorflow.org/api_docs/python/tf/keras/losses/Reduction
    """

    AUTO = "auto"
    NONE = "none"
    SUM = "sum"
    SUM_OVER_BATCH_SIZE = "sum_over_batch_size"

    @classmethod
    def all(cls) -> tuple[str, ...]:
        """Returns all names.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.losses.Reduction.all()
            ('auto', 'none', 'sum', 'sum_over_batch_size')

        Source: https://www.tensorflow.org/api_docs/python/tf/keras/losses/Reduction
        """
        return cls.AUTO, cls.NONE, cls.SUM, cls.SUM_OVER_BATCH_SIZE

    @classmethod
    def validate(cls, key: str) -> None:
        """Checks that a name is one of them.

        Args:
            key: the name.

        Raises:
            OptionError: it is none of them.

        Example:
            >>> from tfjs_pyo import keras
            >>> keras.losses.Reduction.validate("sum")
            >>> try:
            ...     keras.losses.Reduction.validate("max")
            ... except ValueError as error:
            ...     print(error)
            losses.Reduction: expected one of auto, none, sum, sum_over_batch_size, received 'max'.

        Source: https://www.tensorflow.org/api_docs/python/tf/keras/losses/Reduction
        """
        if key not in cls.all():
            raise OptionError(
                f"losses.Reduction: expected one of {', '.join(cls.all())}, received {shown(key)}."
            )


_CLASSES = {**CLASSES.items, "Loss": Loss, "Reduction": Reduction}
_ACCESS = access(LOSSES, "keras.losses", CLASSES)

__all__ = [*_CLASSES, *FUNCTIONS, *OLDER, *_ACCESS]  # noqa: PLE0604 (names)
__getattr__, __dir__ = keras_names(__name__, _CLASSES, {**FUNCTIONS, **OLDER, **_ACCESS})
complete(globals())
