"""The examples at small size: what is passed to `main`, and what its result must be. For CPython and for the page."""

SMALL = {
    "addition_rnn": ({"epochs": 8, "count": 400}, lambda share: 0.4 < share <= 1),
    "autoencoder": ({"epochs": 3}, lambda error: error < 0.08),
    "cartpole_dqn": ({"episodes": 5}, lambda lengths: len(lengths) == 5 and min(lengths) > 0),
    "date_attention": ({"epochs": 4, "count": 300}, lambda share: share > 0.2),
    "multi_input": ({"epochs": 6, "count": 300}, lambda losses: losses[1] < 0.2 and losses[2] < 0.65),
    "sentiment_lstm": ({"epochs": 5, "count": 400, "longest": 10}, lambda accuracy: 0.4 < accuracy <= 1),
    "transfer_learning": ({"epochs": 2}, lambda found: found[0] > 0.85 and found[1] > 0.2),
    "variational_autoencoder": ({"steps": 40}, lambda losses: losses[-1] < 0.75 * losses[0]),
    "wasserstein_gan": ({"rounds": 12}, lambda radius: 0.2 < radius[0] < 2),
}
