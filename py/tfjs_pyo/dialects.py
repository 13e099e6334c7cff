"""The two faces of the one engine, TensorFlow.js's API and Keras's: each class has one. What a face settles is data, no code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Dialect:
    """What an API means by the same words.

    Attributes:
        name: of the API.
        weights_by_layer: whether `weights` are those of one layer after the other, each once; else what was declared
            trainable comes first in the whole model.
        every_spelling: whether `dir` and completion list names in every spelling; else in Python's.
        running_logs: whether logs of batches are means over the epoch so far; else of the batch, with its number and size.
        validates_when_stopped: whether an epoch that `stop_training` ended is validated as others are.
        logs_at_the_end: whether `on_train_end` is given the logs of the last epoch; else none.
        may_train_nothing: whether a model without weights that are trained may be fitted, with a warning; else that is an error.
        snake_names: whether objects without a name are called `dense`, `dense_1`; else `dense_Dense1`, `dense_Dense2`.
        whole_deviation: whether truncated normal numbers of VarianceScaling have the deviation that it asks for; else they
            have that before they are truncated.
        reads_again: whether data that have been read to their end are read again in the next epoch, where epochs are of so many
            batches; else training stops there.
        masked_zeros: whether sequences that Bidirectional gives are 0 in masked steps; else these repeat the step before.
    """

    name: str
    weights_by_layer: bool
    every_spelling: bool
    running_logs: bool
    validates_when_stopped: bool
    logs_at_the_end: bool
    may_train_nothing: bool
    snake_names: bool
    whole_deviation: bool
    reads_again: bool
    masked_zeros: bool


TFJS = Dialect(
    "TensorFlow.js",
    weights_by_layer=False,
    every_spelling=True,
    running_logs=False,
    validates_when_stopped=False,
    logs_at_the_end=False,
    may_train_nothing=False,
    snake_names=False,
    whole_deviation=False,
    reads_again=False,
    masked_zeros=False,
)
KERAS = Dialect(
    "Keras",
    weights_by_layer=True,
    every_spelling=False,
    running_logs=True,
    validates_when_stopped=True,
    logs_at_the_end=True,
    may_train_nothing=True,
    snake_names=True,
    whole_deviation=True,
    reads_again=True,
    masked_zeros=True,
)

__all__ = ["KERAS", "TFJS", "Dialect"]
