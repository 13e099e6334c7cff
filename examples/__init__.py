"""Programs to read, run and change: `await examples.linear_regression.main()`, `await examples.digits.main()`."""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from examples import (
        addition_rnn,
        autoencoder,
        cartpole_dqn,
        date_attention,
        digits,
        linear_regression,
        multi_input,
        sentiment_lstm,
        transfer_learning,
        variational_autoencoder,
        wasserstein_gan,
    )

__all__ = [
    "addition_rnn",
    "autoencoder",
    "cartpole_dqn",
    "date_attention",
    "digits",
    "linear_regression",
    "multi_input",
    "sentiment_lstm",
    "transfer_learning",
    "variational_autoencoder",
    "wasserstein_gan",
]


def __getattr__(name: str) -> ModuleType:
    """Imports a program when it is first used."""
    if name not in __all__:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return importlib.import_module(f"{__name__}.{name}")


def __dir__() -> list[str]:
    return [*globals(), *__all__]
