"""Linear regression: one neuron learns y = 2x - 1 from four points.

The smallest complete program: a model of one dense layer with one unit, which has one weight and one bias, trained by
gradient descent on the mean squared error. Asked for x = 5 after 1000 epochs, it answers 9 to within one percent.
"""

import asyncio

import tfjs_pyo as tf


async def main(epochs: int = 1000) -> float:
    """Trains, prints the prediction for x = 5, and returns it."""
    model = tf.sequential()
    model.add(tf.layers.dense({"units": 1, "inputShape": [1]}))
    model.compile({"optimizer": "sgd", "loss": "meanSquaredError"})

    xs = tf.tensor2d([[1], [2], [3], [4]], [4, 1])
    ys = tf.tensor2d([[1], [3], [5], [7]], [4, 1])

    def show(epoch: int, logs: dict[str, float]) -> None:
        if epoch % 100 == 99:
            print(f"epoch {epoch + 1}: loss {logs['loss']:.6f}")

    await model.fit(xs, ys, {"epochs": epochs, "callbacks": {"onEpochEnd": show}})

    prediction = model.predict(tf.tensor2d([[5]], [1, 1]))
    prediction.print()
    return float((await prediction.data())[0])


if __name__ == "__main__":
    asyncio.run(main())
