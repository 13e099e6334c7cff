"""Actor and critic with Keras: a network learns to keep a pole upright, in a loop of the program's own.

One output says how likely each action is, the other what reward is to come. No `fit`: the program plays, takes gradients with
TensorFlow's GradientTape, and lets the optimizer apply them.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

keras.utils.set_random_seed(31)
rng = np.random.default_rng(31)
GAMMA, EPISODES, LONGEST = 0.95, 12, 100
EPSILON = float(np.finfo(np.float32).eps)


class Pole:
    """A pole on a cart, by the laws of mechanics."""

    def reset(self):
        """Returns where a new game begins."""
        self.state = rng.uniform(-0.05, 0.05, size=4)
        return self.state

    def step(self, action):
        """Pushes the cart to one side; returns the state, and whether the pole fell."""
        _, speed, angle, turning = self.state
        force = 10.0 if action == 1 else -10.0
        push = (force + 0.05 * turning**2 * np.sin(angle)) / 1.1
        angular = (9.8 * np.sin(angle) - np.cos(angle) * push) / (
            0.5 * (4 / 3 - 0.1 * np.cos(angle) ** 2 / 1.1)
        )
        linear = push - 0.05 * angular * np.cos(angle) / 1.1
        self.state = self.state + 0.02 * np.array([speed, linear, turning, angular])
        return self.state, bool(abs(self.state[0]) > 2.4 or abs(self.state[2]) > 0.21)


inputs = layers.Input(shape=(4,))
common = layers.Dense(32, activation="relu")(inputs)
action = layers.Dense(2, activation="softmax")(common)
critic = layers.Dense(1)(common)
model = keras.Model(inputs=inputs, outputs=[action, critic])

optimizer = keras.optimizers.Adam(learning_rate=0.01)
huber_loss = keras.losses.Huber()
pole = Pole()
losses, lengths = [], []

for episode in range(EPISODES):
    state = pole.reset()
    action_probs_history, critic_value_history, rewards_history = [], [], []
    with tf.GradientTape() as tape:
        for _ in range(LONGEST):
            action_probs, critic_value = model(ops.expand_dims(ops.convert_to_tensor(state, "float32"), 0))
            critic_value_history.append(critic_value[0, 0])
            probabilities = ops.convert_to_numpy(action_probs)[0]
            chosen = int(rng.random() < probabilities[1])
            action_probs_history.append(ops.log(action_probs[0, chosen]))
            state, fell = pole.step(chosen)
            rewards_history.append(1.0)
            if fell:
                break

        discounted, discounted_sum = [], 0.0
        for reward in reversed(rewards_history):
            discounted_sum = reward + GAMMA * discounted_sum
            discounted.insert(0, discounted_sum)
        returns = np.array(discounted, dtype="float32")
        returns = (returns - returns.mean()) / (returns.std() + EPSILON)

        actor_losses, critic_losses = [], []
        for log_prob, value, expected in zip(
            action_probs_history, critic_value_history, returns, strict=True
        ):
            actor_losses.append(-log_prob * (expected - value))
            critic_losses.append(huber_loss(ops.expand_dims(value, 0), ops.expand_dims(expected, 0)))
        loss_value = sum(actor_losses) + sum(critic_losses)
    grads = tape.gradient(loss_value, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables, strict=True))
    losses.append(float(loss_value))
    lengths.append(len(rewards_history))
    print(f"episode {episode + 1:2}: upright for {lengths[-1]} steps, loss {losses[-1]:.3f}")
