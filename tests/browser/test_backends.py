"""Values move between WebGL2 and NumPy in the page."""

import pytest

PROGRAM = """
import tfjs_pyo as tf

async def trained(switching):
    x, y = tf.tensor([[i / 8, 1.0] for i in range(8)]), tf.tensor([[i / 4] for i in range(8)])
    model = tf.sequential()
    model.add(tf.layers.dense(units=8, inputShape=[2], activation='tanh'))
    model.add(tf.layers.batchNormalization())
    model.add(tf.layers.dense(units=1))
    model.setWeights([tf.linspace(0.1, 0.9, w.size).reshape(w.shape) for w in model.getWeights()])
    model.compile(optimizer='adam', loss='meanSquaredError')
    names = ['webgl', 'numpy'] if switching else ['webgl', 'webgl']
    losses = []
    for i in range(4):
        await tf.setBackend(names[i % 2])
        history = await model.fit(x, y, epochs=2, batchSize=3, shuffle=False, verbose=0)
        losses += history.history['loss']
    found = model.predict(x).array_sync()
    await tf.setBackend('webgl')
    return losses, found, model.predict(x).array_sync()

async def moved():
    x = tf.tensor([1.0, 2.0, 3.0])
    ints, bools = tf.tensor([1, -2, 2**31 - 1], None, 'int32'), tf.tensor([True, False, True])
    # Its result lies in layers of an array texture.
    a = tf.range(0, 128 * 128).reshape([128, 128]).mod(7.0)
    product = tf.matMul(a, a)
    product.data_sync()
    on = {}
    for name in ['webgl', 'numpy', 'webgl']:
        await tf.setBackend(name)
        on[name] = [(x + 0).array_sync(), (ints + 0).array_sync(), tf.logicalNot(bools).array_sync(), float((product + 0).sum())]
    return on
"""


@pytest.fixture
def both(pyo, numpy_in_page):
    """The page, where it can compute on WebGL2 and on NumPy."""
    pyo.run(PROGRAM + "\nNone")
    yield pyo
    pyo.run("await tf.setBackend('webgl')")


def test_tensors_and_models_move(both):
    on = both.run("await moved()")
    assert on["webgl"] == on["numpy"]
    assert on["numpy"][:3] == [[1, 2, 3], [1, -2, 2**31 - 1], [False, True, False]]
    plain, switched = both.run("await trained(False)"), both.run("await trained(True)")
    for left, right in zip(plain, switched, strict=True):
        assert flat(right) == pytest.approx(flat(left), rel=1e-4, abs=1e-6)


def flat(values):
    """The numbers in nested lists."""
    return [number for item in values for number in flat(item)] if isinstance(values, list) else [values]
