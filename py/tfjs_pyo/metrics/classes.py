"""Keras's classes of metrics by name; `tf.keras.metrics` hands them on."""

from __future__ import annotations

from tfjs_pyo.metrics import counts, matrices, means
from tfjs_pyo.metrics.base import Metric
from tfjs_pyo.registry import Registry

_KINDS: tuple[type[Metric], ...] = (
    means.Mean, means.Sum, means.RootMeanSquaredError,
    counts.TruePositives, counts.FalsePositives, counts.TrueNegatives, counts.FalseNegatives, counts.Precision,
    counts.Recall, counts.AUC, counts.SensitivityAtSpecificity, counts.SpecificityAtSensitivity,
    counts.PrecisionAtRecall, counts.RecallAtPrecision, counts.FBetaScore, counts.F1Score,
    matrices.IoU, matrices.MeanIoU, matrices.BinaryIoU, matrices.OneHotIoU, matrices.OneHotMeanIoU, matrices.R2Score,
    *means.MEANS.values(),
)  # fmt: skip
CLASSES = Registry("metric", _KINDS)
