"""Wasserstein GAN: a generator turns noise into points of a ring (Arjovsky et al., 2017).

The critic's loss is the mean of its outputs for generated points minus that for real ones, an estimate of the negative
Wasserstein distance, up to a factor. The generator is trained to maximize the critic's output. They are trained in turn,
the critic three times for each step of the generator. Its weights are clipped, which keeps it Lipschitz continuous.
"""

import asyncio
import math

import tfjs_pyo as tf

NOISE, CLIP = 4, 0.1


def network(inputs: int, outputs: int) -> tf.Sequential:
    """A small network; the critic's weights stay within the clip."""
    return tf.sequential({"layers": [
        tf.layers.dense({"units": 32, "activation": "relu", "inputShape": [inputs]}),
        tf.layers.dense({"units": 32, "activation": "relu"}),
        tf.layers.dense({"units": outputs}),
    ]})  # fmt: skip


def ring(count: int) -> tf.Tensor:
    """Points of a ring of radius 1, with a little noise."""
    angle = tf.randomUniform([count], 0, 2 * math.pi)
    return tf.stack([tf.cos(angle), tf.sin(angle)], 1) + tf.randomNormal([count, 2], 0, 0.05)


async def main(rounds: int = 300, batch: int = 64, seed: int = 6) -> tuple[float, float]:
    """Trains both, and returns mean and standard deviation of the radii of generated points."""
    tf.random.setSeed(seed)
    generator, critic = network(NOISE, 2), network(2, 1)
    generator_optimizer, critic_optimizer = tf.train.rmsprop(0.002), tf.train.rmsprop(0.002)
    generator_weights, critic_weights = generator.trainableWeights, critic.trainableWeights

    def generated(count: int) -> tf.Tensor:
        return generator.apply(tf.randomNormal([count, NOISE]))

    def critic_loss() -> tf.Tensor:
        return critic.apply(generated(batch)).mean() - critic.apply(ring(batch)).mean()

    def generator_loss() -> tf.Tensor:
        return -critic.apply(generated(batch)).mean()

    def train_critic() -> tf.Tensor:
        loss = critic_optimizer.minimize(critic_loss, True, critic_weights)
        for weight in critic_weights:
            weight.assign(tf.clipByValue(weight, -CLIP, CLIP))
        return loss

    for number in range(rounds):
        loss = [train_critic() for _ in range(3)][-1]
        generator_optimizer.minimize(generator_loss, False, generator_weights)
        if number % 50 == 49:
            print(f"round {number + 1}: estimated distance {-float((await loss.data())[0]):.4f}")
    radius = tf.norm(generated(500), 2, 1)
    mean, variance = tf.moments(radius)
    found = float((await mean.data())[0]), float((await variance.data())[0]) ** 0.5
    print(f"radius of generated points: mean {found[0]:.2f}, standard deviation {found[1]:.2f}")
    return found


if __name__ == "__main__":
    asyncio.run(main())
