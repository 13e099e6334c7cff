"""Training, measuring and validating on batches that come one after the other."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

GENERATOR = np.random.default_rng(11)
X = GENERATOR.normal(size=(10, 3)).astype(np.float32)
Y = (X @ [[1.0], [-2.0], [0.5]] + 0.3).astype(np.float32)


def model(metrics=("mae",), **options):
    tf.layers.dense({"units": 1})
    dense = tf.layers.dense({"units": 1, "inputShape": [3], "kernelInitializer": "ones"})
    made = tf.sequential({"layers": [dense]})
    made.compile(
        {"optimizer": tf.train.adam(0.1), "loss": "meanSquaredError", "metrics": [*metrics], **options}
    )
    return made


def batches(size=4):
    for begin in range(0, len(X), size):
        yield X[begin : begin + size], Y[begin : begin + size]


async def batches_in_time():
    for x, y in batches():
        await asyncio.sleep(0)
        yield {"xs": tf.tensor(x), "ys": tf.tensor(y)}


class Loader:
    """What libraries call a data loader: it can be read again and again."""

    def __iter__(self):
        return ({"xs": x, "ys": y} for x, y in batches())


def fitted(start):
    made = model()
    history = asyncio.run(start(made)).history
    return history, [w.array_sync() for w in made.get_weights()]


SOURCES = {
    "a function that makes a generator": batches,
    "a function that makes an asynchronous one": batches_in_time,
    "a list": list(batches()),
    "an object with __iter__": Loader(),
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("listens", [False, True], ids=["alone", "with a callback for batches"])
def test_a_dataset_trains_as_the_same_samples_in_memory_do(source, listens):
    callbacks = {"onBatchEnd": lambda: None} if listens else None
    options = {"epochs": 3, "verbose": 0, "callbacks": callbacks}
    expected, weights = fitted(lambda m: m.fit(X, Y, {**options, "batchSize": 4, "shuffle": False}))
    for start in (
        lambda m: m.fitDataset(SOURCES[source], options),
        lambda m: (
            m.fit(SOURCES[source], **options)
            if source != "a list"
            else m.fit_dataset(SOURCES[source], options)
        ),
    ):
        found, changed = fitted(start)
        assert found.keys() == expected.keys()
        for name in expected:
            assert found[name] == pytest.approx(expected[name], rel=1e-5)
        for a, b in zip(weights, changed, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("kind", [np.asarray, tf.tensor], ids=["arrays", "tensors"])
def test_a_pair_of_arrays_is_read_in_batches_of_32(kind):
    x, y = np.tile(X, (10, 1))[:70], np.tile(Y, (10, 1))[:70]
    options = {"epochs": 2, "verbose": 0}
    expected, weights = fitted(lambda m: m.fit(x, y, {**options, "batchSize": 32, "shuffle": False}))
    found, changed = fitted(lambda m: m.fitDataset((kind(x), kind(y)), options))
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    for a, b in zip(weights, changed, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)
    made = model()
    measured = [float(t) for t in asyncio.run(made.evaluateDataset((kind(x), kind(y))))]
    assert measured == pytest.approx([float(t) for t in made.evaluate(x, y)], rel=1e-5)
    with pytest.raises(ShapeError, match="x and y of as many rows, received 70 and 69"):
        asyncio.run(made.fitDataset((kind(x), kind(y[:69])), {}))


def test_samples_that_are_no_batches_are_told_of():
    samples = tf.data.zip({"xs": tf.data.array(X), "ys": tf.data.array(Y)})
    with pytest.raises(ShapeError) as caught:
        asyncio.run(model().fitDataset(samples, {"epochs": 1}))
    assert "dataset.batch(32)" in "".join(caught.value.__notes__)
    history = asyncio.run(model().fitDataset(samples.batch(4), {"epochs": 1})).history
    assert len(history["loss"]) == 1


def test_evaluating_lets_other_tasks_run_and_asks_for_no_more_than_it_may():
    """Otherwise all batches of a large dataset would wait on the device at once."""
    asked, seen = [], []

    def many():
        for i in range(100):
            asked.append(i)
            yield X[:4], Y[:4]

    async def both():
        async def look():
            while True:
                seen.append(len(asked))
                await asyncio.sleep(0)

        looking = asyncio.ensure_future(look())
        await model().evaluateDataset(many)
        looking.cancel()

    asyncio.run(both())
    steps = np.diff(sorted(set(seen)))
    assert steps.size >= 5
    assert steps.max() <= 17


def test_batches_per_epoch_go_on_where_the_last_epoch_ended():
    seen = []

    def numbered():
        for i in range(100):
            seen.append(i)
            yield X[:4] * i, Y[:4]

    history = asyncio.run(model().fit_dataset(numbered, {"epochs": 3, "batchesPerEpoch": 5})).history
    assert len(history["loss"]) == 3
    assert seen == list(range(15))
    asyncio.run(model().fit_dataset(numbered(), epochs=2, batches_per_epoch=2))
    assert seen[15:] == list(range(4))


def test_a_dataset_that_runs_out_ends_training_with_a_warning():
    with pytest.warns(
        RuntimeWarning, match="expected 2 batches an epoch, but the dataset ran out of data after 1"
    ):
        history = asyncio.run(model().fit_dataset(batches, {"epochs": 5, "batchesPerEpoch": 2}))
    assert history.epoch == [0, 1]


def test_validation_on_a_dataset_and_in_memory():
    data = {"epochs": 2, "verbose": 0}
    in_memory, _ = fitted(lambda m: m.fitDataset(batches, {**data, "validationData": (X, Y)}))
    streamed, _ = fitted(lambda m: m.fitDataset(batches, {**data, "validationData": batches}))
    beside_arrays, _ = fitted(
        lambda m: m.fit(X, Y, {**data, "batchSize": 4, "shuffle": False, "validationData": batches})
    )
    assert in_memory.keys() == {"loss", "mae", "val_loss", "val_mae"}
    for other in (streamed, beside_arrays):
        for name in in_memory:
            assert other[name] == pytest.approx(in_memory[name], rel=1e-5)
    first, _ = fitted(
        lambda m: m.fitDataset(batches, {**data, "validationData": batches, "validationBatches": 1})
    )
    part, _ = fitted(lambda m: m.fitDataset(batches, {**data, "validationData": (X[:4], Y[:4])}))
    assert first["val_loss"] == pytest.approx(part["val_loss"], rel=1e-5)


def test_evaluate_dataset():
    made = model()
    loss, error = (float(t) for t in asyncio.run(made.evaluateDataset(batches)))
    expected = [float(t) for t in made.evaluate(X, Y, batch_size=4)]
    assert [loss, error] == pytest.approx(expected, rel=1e-5)
    one = asyncio.run(made.evaluate_dataset(batches, {"batches": 1}))
    assert float(one[0]) == pytest.approx(float(made.evaluate(X[:4], Y[:4])[0]), rel=1e-5)


def test_weights_of_samples_and_classes():
    weights = np.linspace(0, 2, 10).astype(np.float32)

    def weighted():
        for begin in range(0, 10, 5):
            part = slice(begin, begin + 5)
            yield X[part], Y[part], weights[part]

    expected, _ = fitted(lambda m: m.fit(X, Y, batchSize=5, shuffle=False, sampleWeight=weights))
    found, _ = fitted(lambda m: m.fit_dataset(weighted))
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    classes = np.arange(10) % 2
    by_class = {0: 0.5, 1: 3.0}
    expected, _ = fitted(lambda m: m.fit(X, classes, batchSize=5, shuffle=False, classWeight=by_class))
    halves = [(X[:5], classes[:5]), (X[5:], classes[5:])]
    found, _ = fitted(lambda m: m.fit_dataset(halves, classWeight=by_class))
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-5)


def test_steps_per_epoch_of_samples_in_memory():
    taken = []
    made = model()
    calls = {"onBatchEnd": lambda batch, logs: taken.append(logs["size"])}
    history = asyncio.run(made.fit(X, Y, epochs=5, batch_size=4, steps_per_epoch=2, callbacks=calls)).history
    assert taken == [4] * 10
    assert len(history["loss"]) == 5
    # Not shuffled, 5 epochs of 2 batches of 4 are 4 passes over 10 samples.
    found, weights = fitted(lambda m: m.fit(X, Y, epochs=5, batchSize=4, stepsPerEpoch=2, shuffle=False))
    order = np.tile(np.arange(10), 4)
    chunks = [(X[order[i : i + 4]], Y[order[i : i + 4]]) for i in range(0, 40, 4)]
    expected, same = fitted(lambda m: m.fit_dataset(chunks, epochs=5, batches_per_epoch=2))
    assert found["loss"] == pytest.approx(expected["loss"], rel=1e-5)
    np.testing.assert_allclose(weights[0], same[0], rtol=1e-5)


def test_validation_steps_and_frequency():
    history, _ = fitted(
        lambda m: m.fit(
            X,
            Y,
            epochs=4,
            validation_data=(X, Y),
            validation_freq=2,
            validation_steps=2,
            validation_batch_size=3,
        )
    )
    assert len(history["val_loss"]) == 2
    frozen = model(optimizer=tf.train.sgd(0.0))
    found = asyncio.run(frozen.fit(X, Y, validation_data=(X, Y), validation_steps=2, validation_batch_size=3))
    assert found.history["val_loss"][0] == pytest.approx(float(frozen.evaluate(X[:6], Y[:6])[0]), rel=1e-5)


def test_on_batch():
    made = model()
    before = asyncio.run(made.testOnBatch(X, Y))
    assert before == pytest.approx([float(t) for t in made.evaluate(X, Y)], rel=1e-5)
    assert asyncio.run(made.trainOnBatch(X, Y)) == pytest.approx(before, rel=1e-5)
    assert asyncio.run(made.test_on_batch(X, Y))[0] < before[0]
    weight = np.array([1] + [0] * 9, np.float32)
    one = asyncio.run(made.test_on_batch(X, Y, sample_weight=weight))[0]
    assert one == pytest.approx(asyncio.run(made.test_on_batch(X[:1], Y[:1]))[0] / 10, rel=1e-5)


def test_every_shape_of_batch_is_compiled_once():
    shapes = []

    def loss(true, predicted):
        """Called when a step is compiled, and no more when it runs."""
        shapes.append(tuple(predicted.shape))
        return tf.mean(tf.square(true - predicted), -1)

    made = model(loss=loss)
    asyncio.run(made.fit_dataset(batches, epochs=3))
    assert {(4, 1), (2, 1)} == set(shapes)
    known = list(shapes)
    asyncio.run(made.fit_dataset(batches, epochs=1))
    assert shapes == known


WRONG = [
    (
        lambda m: m.fit_dataset(batches(), epochs=2),
        ArgumentError,
        "expected a dataset that can be read 2 times",
    ),
    (lambda m: m.fit_dataset([]), ArgumentError, "expected batches, but the dataset is empty"),
    (lambda m: m.fit_dataset(7), ArgumentError, "expected batches: an iterable of .x, y. .*received int"),
    (
        lambda m: m.fit_dataset(lambda: 7),
        ArgumentError,
        "expected the function to return an iterable, received int",
    ),
    (lambda m: m.fit_dataset([{"x": X}]), ArgumentError, "received a dict with the keys 'x'"),
    (lambda m: m.fit_dataset([X]), ArgumentError, "fitDataset: expected y, received None"),
    (lambda m: m.fit_dataset([(X[:, :2], Y)]), ShapeError, "expected input .* received shape"),
    (lambda m: m.fit_dataset([(X, Y[:3])]), ShapeError, "fitDataset"),
    (lambda m: m.fit_dataset(batches, batches_per_epoch=0), OptionError, "batches_?[pP]er_?[eE]poch"),
    (lambda m: m.fit(batches, batch_size=3), ArgumentError, "expected no 'batch_size' with a dataset"),
    (lambda m: m.evaluate_dataset([]), ArgumentError, "the dataset is empty or was read before"),
    (lambda m: m.fit(X, Y, steps_per_epoch=0), OptionError, "steps_?[pP]er_?[eE]poch"),
]


@pytest.mark.parametrize(("start", "error", "message"), WRONG, ids=[m for _, _, m in WRONG])
def test_errors(start, error, message):
    made = model()

    async def run():
        await start(made)

    with pytest.raises(error, match=message):
        asyncio.run(run())
    assert not made.is_training


def test_evaluate_says_how_a_dataset_is_measured():
    with pytest.raises(ArgumentError, match=r"await model.evaluateDataset\(dataset\)"):
        model().evaluate(batches)


def test_registered_callbacks_join_every_run_that_is_verbose_enough(capsys):
    from tfjs_pyo.callbacks import base

    made = []

    class Counter(tf.Callback):
        def on_epoch_end(self, epoch):
            made.append(epoch)

    tf.registerCallbackConstructor(2, Counter)
    try:
        for verbose in (0, 1, 2):
            asyncio.run(model().fit(X, Y, epochs=2, verbose=verbose))
        assert made == [0, 1]
        with pytest.raises(ArgumentError, match="was registered before"):
            tf.registerCallbackConstructor(1, Counter)
        with pytest.raises(OptionError, match="a whole number from 0, received -1"):
            tf.registerCallbackConstructor(-1, tf.Callback)
    finally:
        base._CONSTRUCTORS.clear()
    assert capsys.readouterr().out.count("Epoch 1/2") == 2
