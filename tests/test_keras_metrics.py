"""Keras's metrics, by hand and in training, against plain NumPy."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan, sources
from tests.compiler.test_programs import check
from tests.linear import run
from tfjs_pyo import naming
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

M = tf.keras.metrics
RNG = np.random.default_rng(3)
TRUE = RNG.normal(size=(7, 3))
PRED = RNG.normal(size=(7, 3))
BITS = (RNG.uniform(size=(7, 3)) > 0.5).astype(float)
SHARES = RNG.dirichlet([1, 1, 1], size=7)
CLASSES = np.array([0, 2, 1, 1, 0, 2, 2])
GUESSES = np.array([0, 2, 0, 1, 0, 1, 2])
ONE_HOT = np.eye(3)[CLASSES]


def unit(x):
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def top_k(true, scores, k):
    order = np.argsort(-scores, axis=-1)[:, :k]
    return np.mean([t in row for t, row in zip(true, order, strict=True)])


def confusion(t, p, cut=0.5):
    t, p = t > 0.5, p > cut
    return (t & p).sum(), (~t & p).sum(), (~t & ~p).sum(), (t & ~p).sum()


def precision(t, p, cut=0.5):
    hits, false, _, _ = confusion(t, p, cut)
    return hits / (hits + false) if hits + false else 0.0


def recall(t, p, cut=0.5):
    hits, _, _, misses = confusion(t, p, cut)
    return hits / (hits + misses) if hits + misses else 0.0


def cuts(n):
    return [-1e-7, *(i / (n - 1) for i in range(1, n - 1)), 1 + 1e-6]


def area(t, p, n=200, curve="roc", height=lambda a, b: (a + b) / 2):
    x, y = [], []
    for cut in cuts(n):
        _, false, right, _ = confusion(t, p, cut)
        x.append(false / (false + right) if curve == "roc" else recall(t, p, cut))
        y.append(recall(t, p, cut) if curve == "roc" else precision(t, p, cut))
    return sum((x[i] - x[i + 1]) * height(y[i], y[i + 1]) for i in range(n - 1))


def interpolated_area(t, p, n=200):
    total, there = 0.0, (t > 0.5).sum()
    for low, high in zip(cuts(n)[:-1], cuts(n)[1:], strict=True):
        (h0, f0, _, _), (h1, f1, _, _) = confusion(t, p, low), confusion(t, p, high)
        called0, called1 = h0 + f0, h1 + f1
        slope = (h0 - h1) / (called0 - called1) if called0 > called1 else 0.0
        intercept = h1 - slope * called1
        ratio = called0 / called1 if called0 > 0 and called1 > 0 else 1.0
        total += slope * ((h0 - h1) + intercept * np.log(ratio)) / there
    return total


def f_beta(t, p, beta=1.0, average=None):
    hits, called, there = (t * p).sum(0), p.sum(0), t.sum(0)
    if average == "micro":
        hits, called, there = hits.sum(), called.sum(), there.sum()
    scores = (1 + beta**2) * hits / (called + beta**2 * there)
    if average == "weighted":
        return (scores * there).sum() / there.sum()
    return scores.mean() if average == "macro" else scores


def iou(t, p, classes):
    found = []
    for c in classes:
        either = ((t == c) | (p == c)).sum()
        if either:
            found.append(((t == c) & (p == c)).sum() / either)
    return np.mean(found)


def r2(t, p, weighted=False):
    spread = ((t - t.mean(0)) ** 2).sum(0)
    scores = 1 - ((t - p) ** 2).sum(0) / spread
    return (scores * spread).sum() / spread.sum() if weighted else scores.mean()


def largest(p):
    return np.eye(p.shape[-1])[p.argmax(-1)]


CASES = {
    "accuracy": (lambda: M.Accuracy(), CLASSES, GUESSES, lambda t, p: (t == p).mean()),
    "binary accuracy": (lambda: M.BinaryAccuracy(), BITS, SHARES, lambda t, p: (t == (p > 0.5)).mean()),
    "binary accuracy, threshold": (
        lambda: M.BinaryAccuracy(threshold=0.2), BITS, SHARES, lambda t, p: (t == (p > 0.2)).mean(),
    ),
    "categorical accuracy": (
        lambda: M.CategoricalAccuracy(), ONE_HOT, SHARES, lambda t, p: (t.argmax(-1) == p.argmax(-1)).mean(),
    ),
    "sparse categorical accuracy": (
        lambda: M.SparseCategoricalAccuracy(), CLASSES, SHARES, lambda t, p: (t == p.argmax(-1)).mean(),
    ),
    "top k": (lambda: M.TopKCategoricalAccuracy(2), ONE_HOT, PRED, lambda t, p: top_k(CLASSES, p, 2)),
    "sparse top k": (lambda: M.SparseTopKCategoricalAccuracy({"k": 2}), CLASSES, PRED, lambda t, p: top_k(t, p, 2)),
    "mean squared error": (lambda: M.MeanSquaredError(), TRUE, PRED, lambda t, p: ((t - p) ** 2).mean()),
    "root mean squared error": (
        lambda: M.RootMeanSquaredError(), TRUE, PRED, lambda t, p: np.sqrt(((t - p) ** 2).mean()),
    ),
    "mean absolute error": (lambda: M.MeanAbsoluteError(), TRUE, PRED, lambda t, p: np.abs(t - p).mean()),
    "log cosh": (lambda: M.LogCoshError(), TRUE, PRED, lambda t, p: np.log(np.cosh(t - p)).mean()),
    "cosine": (lambda: M.CosineSimilarity(), TRUE, PRED, lambda t, p: (unit(t) * unit(p)).sum(-1).mean()),
    "cosine, axis": (
        lambda: M.CosineSimilarity(axis=0), TRUE, PRED, lambda t, p: (unit(t.T) * unit(p.T)).sum(-1).mean(),
    ),
    "kl": (lambda: M.KLDivergence(), SHARES, SHARES[::-1], lambda t, p: (t * np.log(t / p)).sum(-1).mean()),
    "crossentropy": (
        lambda: M.CategoricalCrossentropy(), ONE_HOT, SHARES, lambda t, p: -(t * np.log(p)).sum(-1).mean(),
    ),
    "crossentropy of logits": (
        lambda: M.BinaryCrossentropy(from_logits=True), BITS, PRED,
        lambda t, p: (np.log1p(np.exp(p)) - t * p).mean(),
    ),
    "precision": (lambda: M.Precision(), BITS, SHARES, precision),
    "precision, thresholds": (
        lambda: M.Precision([0.2, 0.6]), BITS, SHARES, lambda t, p: [precision(t, p, c) for c in (0.2, 0.6)],
    ),
    "precision, top k": (
        lambda: M.Precision(top_k=1), BITS, SHARES, lambda t, p: precision(t, largest(p)),
    ),
    "recall": (lambda: M.Recall(), BITS, SHARES, recall),
    "recall, threshold": (lambda: M.Recall(0.2), BITS, SHARES, lambda t, p: recall(t, p, 0.2)),
    "recall, class": (
        lambda: M.Recall({"classId": 1}), BITS, SHARES, lambda t, p: recall(t[:, 1], p[:, 1]),
    ),
    "true positives": (lambda: M.TruePositives(), BITS, SHARES, lambda t, p: confusion(t, p)[0]),
    "false positives": (lambda: M.FalsePositives(0.3), BITS, SHARES, lambda t, p: confusion(t, p, 0.3)[1]),
    "true negatives": (lambda: M.TrueNegatives(), BITS, SHARES, lambda t, p: confusion(t, p)[2]),
    "false negatives": (lambda: M.FalseNegatives(), BITS, SHARES, lambda t, p: confusion(t, p)[3]),
    "auc": (lambda: M.AUC(), BITS, SHARES, area),
    "auc, few": (lambda: M.AUC(5, summation_method="minoring"), BITS, SHARES, lambda t, p: area(t, p, 5, height=min)),
    "auc, own": (lambda: M.AUC(thresholds=[0.75, 0.25, 0.5]), BITS, SHARES, lambda t, p: area(t, p, 5)),
    "auc, logits": (
        lambda: M.AUC(50, from_logits=True), BITS, PRED, lambda t, p: area(t, 1 / (1 + np.exp(-p)), 50),
    ),
    "auc, precision": (lambda: M.AUC(curve="PR"), BITS, SHARES, interpolated_area),
    "auc, precision, majoring": (
        lambda: M.AUC(20, "PR", "majoring"), BITS, SHARES, lambda t, p: area(t, p, 20, "pr", max),
    ),
    "f1": (lambda: M.F1Score(), ONE_HOT, SHARES, lambda t, p: f_beta(t, largest(p))),
    "f1, macro": (
        lambda: M.F1Score("macro", 0.4), BITS, SHARES, lambda t, p: f_beta(t, p > 0.4, average="macro"),
    ),
    "f1, micro": (
        lambda: M.F1Score(average="micro"), ONE_HOT, SHARES, lambda t, p: f_beta(t, largest(p), average="micro"),
    ),
    "f2, weighted": (
        lambda: M.FBetaScore("weighted", 2.0, 0.4), BITS, SHARES, lambda t, p: f_beta(t, p > 0.4, 2.0, "weighted"),
    ),
    "iou": (lambda: M.IoU(3, [0, 2]), CLASSES, GUESSES, lambda t, p: iou(t, p, [0, 2])),
    "mean iou": (lambda: M.MeanIoU(4), CLASSES, GUESSES, lambda t, p: iou(t, p, range(4))),
    "mean iou, ignore": (
        lambda: M.MeanIoU(3, ignore_class=2), CLASSES, GUESSES,
        lambda t, p: iou(t[t != 2], p[t != 2], [0, 1]),
    ),
    "binary iou": (lambda: M.BinaryIoU([1], 0.3), BITS, SHARES, lambda t, p: iou(t, p >= 0.3, [1])),
    "one-hot iou": (
        lambda: M.OneHotIoU(3, [1]), ONE_HOT, SHARES, lambda t, p: iou(t.argmax(-1), p.argmax(-1), [1]),
    ),
    "one-hot mean iou": (
        lambda: M.OneHotMeanIoU(3), ONE_HOT, SHARES, lambda t, p: iou(t.argmax(-1), p.argmax(-1), range(3)),
    ),
    "r2": (lambda: M.R2Score(), TRUE, PRED, r2),
    "r2, weighted": (
        lambda: M.R2Score({"classAggregation": "varianceWeightedAverage"}), TRUE, PRED,
        lambda t, p: r2(t, p, weighted=True),
    ),
    "r2, adjusted": (
        lambda: M.R2Score(num_regressors=2), TRUE, PRED, lambda t, p: 1 - (1 - r2(t, p)) * (t.size - 1) / (t.size - 3),
    ),
    "wrapper": (
        lambda: M.MeanMetricWrapper(lambda t, p: tf.abs(t - p), "gap"), TRUE, PRED, lambda t, p: np.abs(t - p).mean(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_batches_add_up_to_the_number_of_all_samples(name):
    make, true, pred, expected = CASES[name]
    metric = make()
    batched = "axis" not in name
    for part in (slice(0, 4), slice(4, 7)) if batched else (slice(0, 7),):
        metric.update_state(true[part], pred[part])
    np.testing.assert_allclose(metric.result().numpy(), expected(true, pred), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", [name for name in CASES if "axis" not in name and "adjusted" not in name])
def test_weights_of_0_and_2_leave_samples_out_and_count_them_twice(name):
    make, true, pred, _ = CASES[name]
    weighted, plain = make(), make()
    weighted.update_state(true, pred, sample_weight=[1, 0, 2, 1, 0, 1, 1])
    kept = [0, 2, 2, 3, 5, 6]
    plain.update_state(true[kept], pred[kept])
    np.testing.assert_allclose(weighted.result().numpy(), plain.result().numpy(), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_configs_make_the_same_metric(name):
    metric = CASES[name][0]()
    if name != "wrapper":
        config = metric.get_config()
        assert type(metric).from_config(config).get_config() == config
        assert M.get({"className": type(metric).__name__, "config": config}).get_config() == config


@pytest.mark.parametrize("name", [name for name in CASES if "top k" not in name or "precision" not in name])
def test_metrics_are_valid_programs(name):
    make, true, pred, _ = CASES[name]
    totals = make().compared(tf.tensor(true) * 1, tf.tensor(pred) * 1)
    check(sources(plan(totals)) | sources(plan(make().compute(totals))))


def test_mean_and_sum_of_numbers():
    mean, total = M.Mean(), M.Sum("all")
    for metric in (mean, total):
        metric.update_state([1.0, 3.0], sample_weight=[3, 1])
        metric.update_state(5)
    assert (mean.result().item(), total.result().item()) == (pytest.approx(11 / 5), 11)
    assert (mean.name, total.name, M.F1Score().name) == ("mean", "all", "f1_score")
    naming.reset_keras_names()
    assert [M.AUC().name, M.AUC().name, M.Precision().name] == ["auc", "auc_1", "precision"]


def test_reset_merge_and_call():
    first, second = M.Precision(), M.Precision()
    assert first.result().item() == 0
    assert first(BITS[:4], SHARES[:4]).item() == pytest.approx(precision(BITS[:4], SHARES[:4]))
    second.updateState(BITS[4:], SHARES[4:])
    first.merge_state([second])
    assert first.result().item() == pytest.approx(precision(BITS, SHARES))
    first.resetState()
    assert first.result().item() == 0
    with pytest.raises(ArgumentError, match="precision: expected metrics of its kind"):
        first.merge_state([M.Recall()])


def test_targets_may_lack_or_have_an_axis_of_1():
    flat, column = M.BinaryAccuracy(), M.BinaryAccuracy()
    flat.update_state([1, 0, 1], [[0.9], [0.8], [0.7]])
    column.update_state([[1], [0], [1]], [0.9, 0.8, 0.7])
    assert flat.result().item() == column.result().item() == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (lambda: M.AUC(1), OptionError, "'numThresholds' to be 2 or more, received 1"),
        (lambda: M.Precision(1.5), OptionError, "'thresholds' to be a number from 0 to 1, received 1.5"),
        (lambda: M.MeanIoU(), ArgumentError, "the argument 'numClasses', which is missing"),
        (lambda: M.Precision()(CLASSES, SHARES), ShapeError, r"precision: expected targets of the shape of the pred"),
        (lambda: M.F1Score("most"), OptionError, "'average' to be one of 'micro', 'macro', 'weighted'"),
    ],
)  # fmt: skip
def test_mistakes_are_explained(make, error, message):
    with pytest.raises(error, match=message):
        make()


# In training


def classifier(metrics, units=3, activation="softmax", loss="categoricalCrossentropy", rate=0.0):
    model = tf.sequential()
    model.add(tf.layers.dense({"units": units, "activation": activation, "inputShape": [3]}))
    model.compile({"optimizer": tf.train.sgd(rate), "loss": loss, "metrics": metrics})
    return model


COUNTED = {
    "precision": precision,
    "recall": recall,
    "auc": area,
    "f1": lambda t, p: f_beta(t, largest(p), average="macro"),
    "r2Score": r2,
    "mae": lambda t, p: np.abs(t - p).mean(),
}


@pytest.mark.parametrize("how", ["stretch", "epoch", "batch", "evaluate", "single batch"])
def test_training_counts_over_all_samples_of_an_epoch(how):
    model = classifier(list(COUNTED))
    pred = model.predict(TRUE).numpy()
    if how == "single batch":
        values = dict(zip(model.metrics_names, run_value(model.train_on_batch(TRUE, ONE_HOT)), strict=True))
    elif how == "evaluate":
        found = model.evaluate(TRUE, ONE_HOT, {"batchSize": 2})
        values = dict(zip(model.metrics_names, [t.item() for t in found], strict=True))
    else:
        listen = {
            "stretch": {},
            "epoch": {"onEpochEnd": lambda: None},
            "batch": {"onBatchEnd": lambda: None},
        }[how]
        given = {"validation_data": (TRUE, ONE_HOT)} if how == "epoch" else {}
        history = run(model.fit(TRUE, ONE_HOT, batch_size=2, epochs=3, callbacks=listen, **given)).history
        values = {name: numbers[2] for name, numbers in history.items()}
        if given:
            assert history["val_auc"] == pytest.approx(history["auc"])
    for name, expected in COUNTED.items():
        assert values[name] == pytest.approx(expected(ONE_HOT, pred), rel=1e-4, abs=1e-6), name


def run_value(awaitable):
    async def wait():
        return await awaitable

    return run(wait())


def test_objects_and_functions_as_metrics_of_two_classes():
    given = [M.Recall(0.3, name="found"), tf.metrics.precision, "f1", "accuracy", M.Precision]
    model = classifier(given, 1, "sigmoid", "binaryCrossentropy", rate=0.1)
    model.fit  # noqa: B018 (the metrics are checked by compile)
    assert model.metrics_names[:5] == ["loss", "found", "precision", "f1", "acc"]
    true = BITS[:, :1]
    pred = model.predict(TRUE).numpy()
    values = [t.item() for t in model.evaluate(TRUE, true, batch_size=3)]
    assert values[1] == pytest.approx(recall(true, pred, 0.3))
    assert values[2] == values[5] == pytest.approx(precision(true, pred))
    expected = f_beta(true, pred > 0.5)[0] if (pred > 0.5).any() else 0
    assert values[3] == pytest.approx(expected)
    history = run(model.fit(TRUE, true, epochs=2, validation_split=0.3)).history
    assert {"found", "val_found", "val_f1"} <= set(history)


def test_a_metric_of_several_numbers_is_refused_by_the_log():
    with pytest.raises(
        ShapeError, match="f1Score: expected one number for the log, received 3; give it an average"
    ):
        classifier([M.F1Score()]).evaluate(TRUE, ONE_HOT)


def test_names_of_classes_and_mistakes_in_compile():
    model = classifier(["topKCategoricalAccuracy", "f1_score"])
    values = [t.item() for t in model.evaluate(TRUE, ONE_HOT)]
    pred = model.predict(TRUE).numpy()
    assert values[1:] == pytest.approx([1.0, f_beta(ONE_HOT, largest(pred), average="macro")])
    with pytest.raises(OptionError, match=r"mean: it takes numbers.*for use by hand"):
        classifier([M.Mean()]).evaluate(TRUE, ONE_HOT)
    with pytest.raises(OptionError, match=r"no metric named 'precison'. Did you mean 'precision'"):
        classifier(["precison"])
