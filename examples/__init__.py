"""Programs to read, run and change: `await examples.linear_regression.main()`, `await examples.digits.main()`."""

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
