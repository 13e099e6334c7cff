"""A fit that is asked to stop while it waits for something else than its own steps: validation, or a slow dataset."""

import asyncio
import threading

import numpy as np
import pytest

import tfjs_pyo as tf

X = np.linspace(-1, 1, 64, dtype=np.float32).reshape(64, 1)
Y = 2 * X


def made():
    model = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [1]})]})
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})
    return model


def endless(model, after, stop):
    """Batches without end; `stop` is called when so many were given."""

    def batches():
        number = 0
        while True:
            number += 1
            if number == after:
                stop(model)
            assert number < after + 40, "it was not stopped"
            yield X[:8], Y[:8]

    return batches


def by_attribute(model):
    model.stop_training = True


@pytest.mark.parametrize("validation", ["a dataset", "samples"])
def test_a_stop_during_validation_ends_the_fit_after_the_batch(validation):
    model, seen = made(), []
    if validation == "a dataset":
        data, options = endless(model, 5, by_attribute), {}
    else:
        data, options = (np.repeat(X, 500, 0), np.repeat(Y, 500, 0)), {"validationBatchSize": 1}

    class Stops(tf.Callback):
        def on_test_begin(self):
            seen.append("test")
            if validation == "samples":
                asyncio.get_running_loop().call_later(0.01, by_attribute, self.model)

        def on_test_end(self, logs=None):
            seen.append(dict(logs))

    history = asyncio.run(model.fit(X, Y, epochs=3, validationData=data, callbacks=[Stops()], **options))
    assert seen == ["test", {}]
    assert history.epoch == [0]
    assert sorted(history.history) == ["loss"]
    assert not model.is_training


def test_a_stopped_epoch_is_not_validated_and_monitors_do_not_mind():
    model = made()

    def stop(batch):
        model.stop_training = batch == 1

    callbacks = [
        {"onBatchEnd": stop},
        tf.callbacks.earlyStopping(),
        tf.callbacks.ModelCheckpoint(save_best_only=True),
    ]
    callbacks.append(tf.callbacks.ReduceLROnPlateau())
    history = asyncio.run(model.fit(X, Y, epochs=3, validationData=(X, Y), callbacks=callbacks))
    assert sorted(history.history) == ["loss"]


@pytest.mark.parametrize("where", ["training", "validation"])
def test_a_stop_is_seen_while_a_slow_dataset_is_waited_for(where):
    model, closed, waiting = made(), [], asyncio.Event()

    class Slow:
        def __aiter__(self):
            return self.batches()

        async def batches(self):
            try:
                yield X[:8], Y[:8]
                waiting.set()
                await asyncio.sleep(3600)
            finally:
                closed.append(True)

    async def main():
        fit = model.fitDataset(Slow()) if where == "training" else model.fit(X, Y, validationData=Slow())
        task = asyncio.ensure_future(fit)
        await waiting.wait()
        model.stop_training = True
        return await asyncio.wait_for(task, 60)

    history = asyncio.run(main())
    assert history.epoch == [0]
    assert closed == [True]


def test_a_stop_may_come_from_another_thread():
    model, waiting = made(), threading.Event()

    class Slow:
        async def __aiter__(self):
            yield X[:8], Y[:8]
            waiting.set()
            await asyncio.sleep(3600)

    def stop():
        waiting.wait(60)
        model.stop_training = True

    thread = threading.Thread(target=stop)
    thread.start()
    history = asyncio.run(model.fitDataset(Slow()))
    thread.join()
    assert history.epoch == [0]
