"""Typical mistakes, one to a line marked `# wrong`: type checkers say so about each of these lines, and about no other."""

import asyncio

import tfjs_pyo as tf
from tfjs_pyo import keras

x = tf.tensor2d([[1, 2], [3, 4]])
y = tf.tensor2d([[1], [2]])
layer = tf.layers.dense({"units": 1, "inputShape": [2]})
model = tf.sequential({"layers": [layer]})
image = tf.input({"shape": [8, 8, 1]})
network = keras.Sequential([keras.layers.Dense(1)])

# Misspelt names
tf.layers.dnese({"units": 1})  # wrong
tf.tesnor2d([[1]])  # wrong
tf.train.adma(0.1)  # wrong
tf.matmull(x, y)  # wrong
tf.losses.meanSquareError(x, y)  # wrong
tf.linalg.bandpart(x, 1, 1)  # wrong
x.squeze()  # wrong
model.sumary()  # wrong
model.compil({"optimizer": "sgd", "loss": "meanSquaredError"})  # wrong
keras.layers.Densee(3)  # wrong
keras.ops.mat_mul(x, y)  # wrong
keras.optimizers.Adamm()  # wrong

# Wrong keys of configs
tf.layers.dense({"unit": 1})  # wrong
tf.layers.dense({"units": 1, "activaton": "relu"})  # wrong
tf.layers.conv2d({"filters": 1, "kernel": 3})  # wrong
tf.sequential({"layer": []})  # wrong
model.compile({"optimiser": "sgd", "loss": "meanSquaredError"})  # wrong
tf.input({"shapes": [3]})  # wrong
tf.layers.dropout({"rates": 0.5})  # wrong
tf.initializers.randomNormal({"std": 1.0})  # wrong

# Wrong keywords
tf.layers.dense(unit=1)  # wrong
tf.sum(x, axes=1)  # wrong
tf.matMul(x, y, transposeC=True)  # wrong
keras.layers.Dense(3, activaton="relu")  # wrong
keras.ops.sum(x, keep_dims=True)  # wrong
network.fit(x, y, epoch=3)  # wrong

# Wrong types
tf.layers.dense({"units": "one"})  # wrong
tf.add("1", 2)  # wrong
tf.reshape(x, "two by two")  # wrong
tf.train.sgd("fast")  # wrong
tf.layers.conv2d({"filters": 1, "kernelSize": 3, "padding": "smae"})  # wrong
tf.sequential([1, 2])  # wrong
model.add("dense")  # wrong
keras.layers.Dense("three")  # wrong

# Missing arguments
tf.layers.dense()  # wrong
tf.layers.conv2d({"filters": 1})  # wrong
tf.matMul(x)  # wrong
tf.reshape(x)  # wrong
keras.layers.Conv2D(8)  # wrong
model.fit()  # wrong

# Misused results


async def main() -> None:
    history = await model.fit(x, y, {"epochs": 1})
    print(history.hisotry)  # wrong
    print(model.fit(x, y).history)  # wrong
    print(len(await x.data()), x.shape.rank)  # wrong
    total: float = tf.sum(x)  # wrong
    print(total, model.predict(x).arraySnyc())  # wrong
    print(layer.apply(image).dataSync())  # wrong
    tf.train.sgd(0.1).minimize(lambda: tf.sum(x)).print()  # wrong
    print(tf.unstack(x).shape)  # wrong
    print(tf.memory()["numTensors"], tf.memory().numTensors)  # wrong


asyncio.run(main())
