"""Our side of the programs that bench/cases/cases.js names; TensorFlow.js's side, bench/tfjs_programs.js, has the same."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import tfjs_pyo as tf

RATE = 0.001
DISCOUNT = 0.95


@dataclass
class Parts:
    """What a program works with; `kept` is what it keeps from step to step."""

    model: Any
    second: Any
    tensors: Mapping[str, Any]
    kept: dict[str, Any] = field(default_factory=dict)

    def optimizer(self, name: str = "optimizer") -> Any:
        """One of the program's optimizers."""
        if name not in self.kept:
            self.kept[name] = tf.train.adam(RATE, 0.9, 0.999, 1e-7)
        return self.kept[name]

    def cross_entropy(self) -> Any:
        """The loss of a prediction."""
        loss = tf.metrics.categoricalCrossentropy(self.tensors["y"], self.model.predict(self.tensors["x"]))
        return loss.mean()


def _variables(model: Any) -> list[Any]:
    return [weight.val for weight in model.trainableWeights]


async def predict_sync(parts: Parts) -> Iterable[float]:
    """One prediction, read at once."""
    values: Iterable[float] = parts.model.predict(parts.tensors["x"]).dataSync()
    return values


async def predict_await(parts: Parts) -> Iterable[float]:
    """One prediction, awaited."""
    values: Iterable[float] = await parts.model.predict(parts.tensors["x"]).data()
    return values


async def minimize(parts: Parts) -> Iterable[float]:
    """A step of an optimizer."""
    cost: Iterable[float] = await parts.optimizer().minimize(parts.cross_entropy, True).data()
    return cost


async def minimize_list(parts: Parts) -> Iterable[float]:
    """A step of an optimizer that is given its variables."""
    cost = parts.optimizer().minimize(parts.cross_entropy, True, _variables(parts.model))
    values: Iterable[float] = await cost.data()
    return values


async def variable_grads(parts: Parts) -> Iterable[float]:
    """Gradients of the variables, then a step."""
    found = tf.variableGrads(parts.cross_entropy)
    parts.optimizer().applyGradients(found["grads"])
    values: Iterable[float] = await found["value"].data()
    return values


async def tape(parts: Parts) -> Iterable[float]:
    """The same by a tape."""
    with tf.GradientTape() as history:
        cost = parts.cross_entropy()
    weights = _variables(parts.model)
    grads = history.gradient(cost, weights)
    named = {weight.name: grad for weight, grad in zip(weights, grads, strict=True)}
    parts.optimizer().applyGradients(named)
    values: Iterable[float] = await cost.data()
    return values


async def value_and_grads(parts: Parts) -> Iterable[float]:
    """A network of ops, and gradient descent by hand."""
    weights = _variables(parts.model)

    def forward(*values: Any) -> Any:
        found = parts.tensors["x"]
        for place in range(0, len(values), 2):
            found = tf.add(tf.matMul(found, values[place]), values[place + 1])
            if place + 2 < len(values):
                found = tf.tanh(found)
        return tf.losses.softmaxCrossEntropy(parts.tensors["y"], found)

    found = tf.valueAndGrads(forward)(weights)
    for weight, grad in zip(weights, found["grads"], strict=True):
        weight.assign(tf.sub(weight, tf.mul(grad, RATE)))
    values: Iterable[float] = await found["value"].data()
    return values


async def train_on_batch(parts: Parts) -> Iterable[float]:
    """A compiled model's own step."""
    return [await parts.model.trainOnBatch(parts.tensors["x"], parts.tensors["y"])]


async def dqn(parts: Parts) -> Iterable[float]:
    """Deep Q-learning: an action for one state, then a step on a batch of remembered ones."""
    model, tensors = parts.model, parts.tensors
    action = model.predict(tensors["row"]).argMax(-1).dataSync()[0]
    best = model.predict(tensors["next"]).max(-1)
    wanted = tensors["reward"].add(best.mul(DISCOUNT)).expandDims(1)
    known = model.predict(tensors["x"])
    targets = known.add(tensors["action"].mul(tf.sub(wanted, known)))
    return [action, await model.trainOnBatch(tensors["x"], targets)]


async def gan(parts: Parts) -> Iterable[float]:
    """The discriminator's step of a generative adversarial network, then the generator's."""
    model, second, tensors = parts.model, parts.second, parts.tensors

    def loss(label: float, logits: Any) -> Any:
        return tf.losses.sigmoidCrossEntropy(tf.fill(logits.shape, label), logits)

    def critic_cost() -> Any:
        real, fake = second.predict(tensors["x"]), second.predict(model.predict(tensors["z"]))
        return tf.add(loss(1, real), loss(0, fake))

    def generator_cost() -> Any:
        return loss(1, second.predict(model.predict(tensors["z"])))

    critic = parts.optimizer("critic").minimize(critic_cost, True, _variables(second))
    generator = parts.optimizer("generator").minimize(generator_cost, True, _variables(model))
    return [*await critic.data(), *await generator.data()]


PROGRAMS: dict[str, Callable[[Parts], Awaitable[Iterable[float]]]] = {
    "predictSync": predict_sync,
    "predictAwait": predict_await,
    "minimize": minimize,
    "minimizeList": minimize_list,
    "variableGrads": variable_grads,
    "tape": tape,
    "valueAndGrads": value_and_grads,
    "trainOnBatch": train_on_batch,
    "dqn": dqn,
    "gan": gan,
}
