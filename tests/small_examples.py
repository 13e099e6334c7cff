"""The examples at small size: what is passed to `main`, and what its result must be. For CPython and for the page.

Each bound lies between what training gives and what the untrained networks give; tests/test_examples.py checks the latter.
"""

SMALL = {
    "addition_rnn": ({"epochs": 8, "count": 400}, lambda share: 0.4 < share <= 1),
    "autoencoder": ({"epochs": 3}, lambda error: error < 0.08),
    "cartpole_dqn": ({"episodes": 30, "seed": 3}, lambda lengths: sum(lengths[-10:]) > 200),
    "date_attention": ({"epochs": 4, "count": 300}, lambda share: share > 0.2),
    "multi_input": ({"epochs": 6, "count": 300}, lambda losses: losses[1] < 0.2 and losses[2] < 0.65),
    "sentiment_lstm": ({"epochs": 10, "longest": 6}, lambda accuracy: 0.9 < accuracy <= 1),
    "transfer_learning": ({"epochs": 2, "few": 300}, lambda found: found[0] > 0.85 and found[1] > 0.5),
    "variational_autoencoder": ({"steps": 40}, lambda losses: losses[-1] < 0.75 * losses[0]),
    "wasserstein_gan": ({"rounds": 60}, lambda radius: 0.6 < radius[0] < 1.5),
}
