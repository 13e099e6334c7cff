"""Cart-pole: a network learns by trial and error which way to push a cart to balance a pole (deep Q-learning, Mnih et al., 2015).

It estimates what each push will be worth, the reward now and what comes later. Transitions are remembered and drawn at random
to learn from; a copy of the network, renewed now and then, says what the next state is worth, so that the target stands
still for a while. The training loop is written by hand with tf.train.
"""

import asyncio
import math
import random
from collections import deque

import tfjs_pyo as tf

FORCE, GRAVITY, CART, POLE, HALF, TICK = 10.0, 9.8, 1.0, 0.1, 0.5, 0.02
DISCOUNT, BATCH, LONGEST = 0.98, 64, 200
State = tuple[float, float, float, float]
Transition = tuple[State, int, float, State, float]
"""A state, the push, the reward, the state after it, and whether the game ended."""


def push(state: State, right: bool) -> tuple[State, bool]:
    """Returns the state of cart and pole a moment later, and whether the pole has fallen or the cart has left."""
    x, speed, angle, turn = state
    force = FORCE if right else -FORCE
    total = CART + POLE
    pull = (force + POLE * HALF * turn**2 * math.sin(angle)) / total
    torque = GRAVITY * math.sin(angle) - math.cos(angle) * pull
    turning = torque / (HALF * (4 / 3 - POLE * math.cos(angle) ** 2 / total))
    moving = pull - POLE * HALF * turning * math.cos(angle) / total
    after = (x + TICK * speed, speed + TICK * moving, angle + TICK * turn, turn + TICK * turning)
    return after, abs(after[0]) > 2.4 or abs(after[2]) > math.pi / 15


def build() -> tf.Sequential:
    """What pushing left and pushing right are worth in a state."""
    return tf.sequential({"layers": [
        tf.layers.dense({"units": 32, "activation": "relu", "inputShape": [4]}),
        tf.layers.dense({"units": 32, "activation": "relu"}),
        tf.layers.dense({"units": 2}),
    ]})  # fmt: skip


def learn(model: tf.Model, fixed: tf.Model, optimizer: tf.Optimizer, memory: list[Transition]) -> tf.Tensor:
    """Takes one step towards reward plus what the fixed network says of the next state, and returns the loss."""
    states, pushes, rewards, after, ended = (list(column) for column in zip(*memory, strict=True))
    goes_on = 1.0 - tf.tensor1d(ended)
    best = tf.max(fixed.apply(tf.tensor2d(after)), 1)
    target = tf.tensor1d(rewards) + DISCOUNT * best * goes_on
    chosen, given = tf.oneHot(tf.tensor1d(pushes, "int32"), 2, dtype="float32"), tf.tensor2d(states)
    return optimizer.minimize(
        lambda: tf.losses.huberLoss(target, tf.sum(model.apply(given) * chosen, 1)), True
    )


async def main(episodes: int = 120, seed: int = 2) -> list[int]:
    """Plays and learns; returns how long the pole stood in each game."""
    tf.random.setSeed(seed)
    draw = random.Random(seed)
    model, fixed, optimizer = build(), build(), tf.train.adam(0.003)
    fixed.setWeights(model.getWeights())
    memory: deque[Transition] = deque(maxlen=5000)
    lengths = []
    loss = tf.scalar(0)
    for episode in range(episodes):
        x, speed, angle, turn = (draw.uniform(-0.05, 0.05) for _ in range(4))
        state = (x, speed, angle, turn)
        fallen = False
        length = 0
        while not fallen and length < LONGEST:
            if draw.random() < max(0.02, 0.6 * 0.97**episode):
                right = draw.random() < 0.5
            else:
                worth = await model.predict(tf.tensor2d([state])).data()
                right = worth[1] > worth[0]
            after, fallen = push(state, right)
            memory.append((state, int(right), 1.0, after, float(fallen)))
            state = after
            length += 1
            if len(memory) >= BATCH:
                loss = learn(model, fixed, optimizer, draw.sample(list(memory), BATCH))
        lengths.append(length)
        if episode % 5 == 4:
            fixed.setWeights(model.getWeights())
        if episode % 10 == 9:
            steps, error = sum(lengths[-10:]) / 10, (await loss.data())[0]
            print(f"game {episode + 1}: {steps:.0f} steps, averaged over 10 games; loss {error:.4f}")
    print(f"the longest of {episodes} games lasted {max(lengths)} steps")
    return lengths


if __name__ == "__main__":
    asyncio.run(main())
