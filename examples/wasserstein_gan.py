"""Two networks against each other: one makes points, the other tells them from those of a ring (Arjovsky et al., 2017).

The critic learns to give points of the ring higher marks than made ones; the generator learns to be given high marks. They are
trained in turn, the critic more often, and its weights are clipped, so that marks cannot grow without bound.
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
    """Trains both, and returns mean and deviation of the made points' radii."""
    tf.random.set_seed(seed)
    generator, critic = network(NOISE, 2), network(2, 1)
    makes, judges = tf.train.rmsprop(0.002), tf.train.rmsprop(0.002)

    def made(count: int) -> tf.Tensor:
        return generator.apply(tf.randomNormal([count, NOISE]))

    def judged() -> tf.Tensor:
        return critic.apply(made(batch)).mean() - critic.apply(ring(batch)).mean()

    critics, makers = critic.trainable_weights, generator.trainable_weights

    def judge() -> tf.Tensor:
        cost = judges.minimize(judged, True, critics)
        for weight in critics:
            weight.assign(tf.clipByValue(weight, -CLIP, CLIP))
        return cost

    for number in range(rounds):
        distance = [judge() for _ in range(3)][-1]
        makes.minimize(lambda: -critic.apply(made(batch)).mean(), False, makers)
        if number % 100 == 99:
            print(
                f"round {number + 1}: the critic tells them apart by {-float((await distance.data())[0]):.4f}"
            )
    radius = tf.norm(made(500), 2, 1)
    mean, variance = tf.moments(radius)
    found = float((await mean.data())[0]), float((await variance.data())[0]) ** 0.5
    print(f"made points have radius {found[0]:.2f}, give or take {found[1]:.2f}")
    return found


if __name__ == "__main__":
    asyncio.run(main())
