"""Models that say themselves what a batch goes through: `train_step`, `test_step`."""

import asyncio

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.counting import runs_of
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError

GENERATOR = np.random.default_rng(5)
X = GENERATOR.normal(size=(10, 3)).astype(np.float32)
Y = (X @ [[1.0], [-2.0], [0.5]]).astype(np.float32)


def dense():
    return tf.layers.dense({"units": 1, "inputShape": [3], "kernelInitializer": "ones"})


class ByHand(tf.Sequential):
    """The step that `fit` makes, spelled out."""

    traced = 0

    def trainStep(self, data):  # noqa: N802 (as TensorFlow.js would spell it)
        x, y = data
        type(self).traced += 1
        with tf.GradientTape() as tape:
            predicted = self(x, training=True)
            loss = tf.mean(tf.square(y - predicted))
        gradients = tape.gradient(loss, self.trainable_weights)
        self.optimizer.apply_gradients(zip(gradients, self.trainable_weights, strict=True))
        return {"loss": loss, "largest": tf.max(tf.abs(y - predicted))}

    def testStep(self, data):  # noqa: N802
        x, y = data
        return {"loss": tf.mean(tf.square(y - self(x)))}


class ByMinimize(tf.Sequential):
    def train_step(self, data):
        x, y = data
        cost = self.optimizer.minimize(
            lambda: self.compute_loss(y=y, y_pred=self(x, training=True)), True, self.trainable_weights
        )
        return {"loss": cost}


class Extended(tf.Sequential):
    def train_step(self, data):
        return {**super().train_step(data), "three": 3}


def trained(kind, loss="meanSquaredError", **options):
    model = kind({"layers": [dense()]})
    model.compile(optimizer=tf.train.adam(0.1), loss=loss)
    settings = {"epochs": 4, "batchSize": 4, "shuffle": False, **options}
    return model, asyncio.run(model.fit(X, Y, settings)).history


def test_an_own_step_trains_as_the_common_one():
    expected_model, expected = trained(tf.Sequential)
    for kind in (ByHand, ByMinimize, Extended):
        model, found = trained(kind)
        assert found["loss"] == pytest.approx(expected["loss"], rel=1e-5)
        for a, b in zip(model.get_weights(), expected_model.get_weights(), strict=True):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-5, atol=1e-6)


def test_it_is_recorded_once_for_each_shape_of_batch():
    ByHand.traced = 0
    _, history = trained(ByHand, loss=None, epochs=20)
    assert ByHand.traced == 2
    assert set(history) == {"loss", "largest"}
    assert len(history["largest"]) == 20
    assert history["largest"][-1] < history["largest"][0]


def test_validation_goes_through_the_own_test_step():
    _, history = trained(ByHand, loss=None, validationData=(X, Y))
    assert set(history) == {"loss", "largest", "val_loss"}
    model, history = trained(ByMinimize, validationSplit=0.3)
    assert set(history) == {"loss", "val_loss"}
    assert float(model.evaluate(X, Y)) > 0


def test_numbers_added_by_a_subclass_stand_beside_the_common_ones():
    _, history = trained(Extended)
    assert history["three"] == [3.0] * 4


class Adversaries(tf.Model):
    """Two models with an optimizer each, and no call of their own."""

    def __init__(self):
        super().__init__()
        self.critic = tf.sequential({"layers": [tf.layers.dense({"units": 1, "inputShape": [2]})]})
        self.maker = tf.sequential({"layers": [tf.layers.dense({"units": 2, "inputShape": [3]})]})

    def compile(self, critic_optimizer, maker_optimizer):
        super().compile(optimizer="sgd")
        self.critic_optimizer = critic_optimizer
        self.maker_optimizer = maker_optimizer

    def train_step(self, real):
        noise = tf.randomNormal([real.shape[0], 3])

        def critic_loss():
            return self.critic(self.maker(noise)).mean() - self.critic(real).mean()

        def maker_loss():
            return -self.critic(self.maker(noise)).mean()

        first = self.critic_optimizer.minimize(critic_loss, True, self.critic.trainable_weights)
        second = self.maker_optimizer.minimize(maker_loss, True, self.maker.trainable_weights)
        return {"critic": first, "maker": second}


def test_two_optimizers_in_one_step_on_data_without_targets():
    model = Adversaries()
    model.compile(tf.train.adam(0.01), tf.train.rmsprop(0.02))
    before = [w.numpy().copy() for w in (*model.critic.weights, *model.maker.weights)]
    history = asyncio.run(model.fit(X[:, :2], epochs=3, batch_size=4)).history
    assert set(history) == {"critic", "maker"}
    after = [w.numpy() for w in (*model.critic.weights, *model.maker.weights)]
    # The critic's bias is added to both of its scores: nothing pulls at it.
    changed = [not np.allclose(a, b) for a, b in zip(before, after, strict=True)]
    assert changed == [True, False, True, True]
    # Steps are compiled with what an optimizer has built in; a new learning rate changes none of it.
    runs = runs_of(model.critic)
    model.critic_optimizer.learning_rate = 0.5
    asyncio.run(model.fit(X[:, :2], epochs=3, batch_size=4))
    assert runs == []


def test_a_dataset_goes_through_the_own_step():
    model = ByHand({"layers": [dense()]})
    model.compile(optimizer="sgd")
    history = asyncio.run(model.fit_dataset([(X[:5], Y[:5]), (X[5:], Y[5:])], epochs=2)).history
    assert set(history) == {"loss", "largest"}
    assert asyncio.run(model.train_on_batch(X, Y))[1] > 0


@pytest.mark.parametrize(
    ("step", "error", "message"),
    [
        (lambda self, data: None, ArgumentError, "expected train_step to return a dict of scalars"),
        (lambda self, data: {"loss": self(data[0])}, ShapeError, r"received shape \(4, 1\) for 'loss'"),
        (
            lambda self, data: {"loss": self.compute_loss(y=data[1], y_pred=self(data[0]))},
            ArgumentError,
            "a loss",
        ),
    ],
)
def test_errors_of_own_steps(step, error, message):
    kind = type("Own", (tf.Sequential,), {"train_step": step})
    model = kind({"layers": [dense()]})
    model.compile(optimizer="sgd")
    with pytest.raises(error, match=message):
        asyncio.run(model.fit(X, Y, batchSize=4))


def test_without_a_loss_there_is_nothing_to_weigh_or_to_measure():
    model, _ = trained(ByHand, loss=None)
    with pytest.raises(ArgumentError, match="expected a loss for 'sampleWeight'"):
        asyncio.run(model.fit(X, Y, sampleWeight=np.ones(10)))
    common = ByMinimize({"layers": [dense()]})
    common.compile(optimizer="sgd")
    with pytest.raises(ArgumentError, match=r"expected a loss; give one to model\.compile"):
        common.evaluate(X, Y)
    with pytest.raises(OptionError, match="expected 'loss'"):
        tf.sequential({"layers": [dense()]}).compile(optimizer="sgd")
