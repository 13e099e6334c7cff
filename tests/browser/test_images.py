"""Pools and images on WebGL2: what the tables of the generic tests have no room for, against NumPy."""

import numpy as np
import pytest

from tfjs_pyo.core import engine

# Random-looking, so that no place falls between two pixels and no two boxes are alike.
SETUP = """
import tfjs_pyo as tf
def noise(*shape):
    size = 1
    for dim in shape:
        size *= dim
    return tf.sin(tf.range(0, size).square().mod(1000).mul(0.37)).reshape(list(shape))
image, thin = noise(2, 40, 30, 3), noise(2, 40, 30, 4)
table = tf.tensor([[1.1, 0.31, -4.37, -0.2, 0.9, 6.61, 0.001, -0.002]])
boxes = noise(30, 4).abs()
"""
CALLS = {
    **{
        f"{name} {size} {places}, {channels}{' gradient' if gradient else ''}": call
        for name in ("resizeBilinear", "resizeNearestNeighbor")
        for size in ([97, 13], [20, 77])
        for places in ("False, False", "True, False", "False, True")
        for channels in ("image", "thin")
        for gradient, call in (
            (False, f"tf.image.{name}({channels}.mul(2), {size}, {places})"),
            (
                True,
                f"tf.grad(lambda x: (tf.image.{name}(x, {size}, {places}) * noise(2, *{size}, 1)).sum())({channels})",
            ),
        )
    },
    "rotate": "tf.image.rotateWithOffset(thin, 0.77, [1, 2, 3])",
    "rotate gradient": "tf.grad(lambda x: tf.image.rotateWithOffset(x, 0.77).square().sum())(image)",
    **{
        f"transform {mode}": f"tf.image.transform(image, table, 'bilinear', '{mode}', 2, [60, 50])"
        for mode in ("constant", "reflect", "wrap", "nearest")
    },
    "transform gradient": "tf.grad(lambda t: tf.image.transform(image, t, 'bilinear').square().mean())(table)",
    "crop": "tf.image.cropAndResize(thin, boxes, tf.range(0, 30, 1, 'int32').mod(2), [9, 7])",
    "otsu": "tf.image.threshold(tf.round(image[0].abs().mul(200)), 'otsu')",
    "nonMaxSuppression": "tf.image.nonMaxSuppression(boxes, boxes.sum(1), 20, 0.3)",
    "maxPoolWithArgmax": "tf.maxPoolWithArgmax(image, 3, 2, 'same', True).indexes",
    "dilation2d gradient": "tf.grad(lambda f: tf.dilation2d(image, f, 2, 'same').square().mean())(noise(3, 2, 3))",
    "avgPool3d gradient": "tf.grad(lambda x: tf.avgPool3d(x, 3, 2, 'same').square().sum())(noise(1, 9, 8, 7, 5))",
}


@pytest.fixture(scope="module")
def expected():
    engine.use_backend("numpy")
    names: dict = {}
    exec(SETUP, names)
    return {name: eval(call, names).numpy() for name, call in CALLS.items()}


def test_webgl_agrees_with_numpy(pyo, expected):
    pyo.run(SETUP)
    for name, call in CALLS.items():
        found = np.array(pyo.run(f"({call}).array_sync()"))
        wanted = expected[name]
        scale = max(1.0, float(np.max(np.abs(wanted), initial=0)))
        np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=2e-5 * scale, err_msg=name)


def test_boxes_are_waited_for(pyo):
    pyo.run(SETUP)
    now = pyo.run(
        "tf.image.nonMaxSuppressionWithScore(boxes, boxes.sum(1), 9, 0.3, 0.1, 0.5)['selectedScores'].array_sync()"
    )
    later = pyo.run(
        "(await tf.image.nonMaxSuppressionWithScoreAsync(boxes, boxes.sum(1), 9, 0.3, 0.1, 0.5))['selectedScores'].array_sync()"
    )
    assert now == later
    assert len(now) > 1
