"""tf.image against TensorFlow.js (record_images.mjs), and where that is wrong or has no gradients."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import launches
from tests.tfjs.replay import records, replay, title
from tfjs_pyo.errors import DTypeError, OptionError, ShapeError

RNG = np.random.default_rng(5)


@pytest.mark.parametrize("record", records(__file__, "images.json"), ids=title)
def test_like_tensorflow_js(record):
    replay(record)


@pytest.mark.parametrize("resize", [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor])
@pytest.mark.parametrize("size", [[2, 3], [9, 4]])
@pytest.mark.parametrize("places", [(False, False), (True, False), (False, True)])
def test_gradients_of_resizing_are_the_adjoint(resize, size, places):
    x = tf.tensor(RNG.normal(size=[2, 4, 5, 3]))
    y = resize(x, size, *places)
    other = tf.tensor(RNG.normal(size=y.shape))
    gradient = tf.grad(lambda x: (resize(x, size, *places) * other).sum())(x)
    assert (gradient * x).sum().item() == pytest.approx((y * other).sum().item(), rel=1e-4)


def test_a_place_on_a_pixel_is_exactly_there():
    # 1 / 49 * 49 is less than 1 in floating point.
    x = tf.range(0, 3).reshape([1, 3, 1])
    assert tf.image.resizeNearestNeighbor(x, [1, 147]).numpy()[0, 49, 0] == 1


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("resize", [tf.image.resizeBilinear, tf.image.resizeNearestNeighbor])
def test_resizing_takes_one_launch(resize, channels):
    images = tf.tensor(RNG.normal(size=[2, 64, 48, channels]))
    assert launches(resize(images * 2, [100, 30])) == 1


def difference(f, x, step=1e-2):
    """The gradient of a sum, by finite differences."""
    result = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        move = np.zeros(x.shape)
        move[at] = step
        result[at] = (f(tf.tensor(x + move)).sum().item() - f(tf.tensor(x - move)).sum().item()) / (2 * step)
    return result


def test_gradients_by_boxes_and_transforms():
    image = tf.tensor(RNG.normal(size=[1, 6, 7, 2]))
    boxes = np.array([[0.113, 0.207, 0.731, 0.859]])
    transforms = np.array([[0.913, 0.107, 0.312, 0.083, 0.871, 0.415, 0.0, 0.0]])

    def crop(boxes):
        return tf.image.cropAndResize(image, boxes, [0], [2, 3])

    def project(transforms):
        return tf.image.transform(image, transforms, "bilinear", "constant", 0, [3, 3])

    for function, at, step in ((crop, boxes, 1e-3), (project, transforms, 1e-3)):
        found = tf.grad(lambda x, function=function: function(x).sum())(tf.tensor(at))
        np.testing.assert_allclose(found.numpy(), difference(function, at, step), rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize("interpolation", ["nearest", "bilinear"])
@pytest.mark.parametrize("count", [1, 2])
def test_each_image_is_transformed(interpolation, count):
    images, tables = RNG.normal(size=[2, 4, 5, 2]), RNG.normal(size=[count, 8])
    together = tf.image.transform(images, tables, interpolation).numpy()
    for index in range(2):
        table = tables[index % count][None]
        alone = tf.image.transform(images[index : index + 1], table, interpolation).numpy()
        np.testing.assert_array_equal(together[index], alone[0])


def test_a_projection_to_infinity_is_filled():
    found = tf.image.transform(tf.ones([1, 1, 3, 1]), [[1, 0, 0, 0, 1, 0, -1, 0]], fillValue=5)
    assert found.numpy()[0, 0, 1, 0] == 5


IMAGE = tf.ones([1, 2, 2, 3])


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: tf.image.resizeBilinear([[1.0]], [1, 1]), ShapeError, "rank 4"),
        (lambda: tf.image.resizeBilinear(IMAGE, [1, 1], True, True), OptionError, "received both"),
        (lambda: tf.image.resizeNearestNeighbor(IMAGE, [0, 1]), OptionError, "height, width"),
        (lambda: tf.image.resizeBilinear(tf.zeros([1, 0, 2, 3]), [2, 2]), ShapeError, "with pixels"),
        (lambda: tf.image.flipLeftRight([[1.0]]), ShapeError, "rank 4"),
        (lambda: tf.image.grayscaleToRGB(IMAGE), ShapeError, "1 channels"),
        (lambda: tf.image.rgbToGrayscale([[1.0]]), ShapeError, "3 channels"),
        (lambda: tf.image.rotateWithOffset(IMAGE, 1.0, [1, 2]), OptionError, "fill_value"),
        (lambda: tf.image.rotateWithOffset(IMAGE, 1.0, 0, [1, 2, 3]), OptionError, "center"),
        (lambda: tf.image.transform(IMAGE, [[1.0]]), ShapeError, "8"),
        (lambda: tf.image.transform(IMAGE, tf.ones([1, 8]), "cubic"), OptionError, "interpolation"),
        (lambda: tf.image.transform(IMAGE, tf.ones([1, 8]), "nearest", "mirror"), OptionError, "fill_mode"),
        (lambda: tf.image.cropAndResize(IMAGE, [[1.0]], [0], [1, 1]), ShapeError, "boxes"),
        (lambda: tf.image.cropAndResize(IMAGE, tf.ones([2, 4]), [0], [1, 1]), ShapeError, "box_ind"),
        (lambda: tf.image.threshold(IMAGE), ShapeError, "3 or 1"),
        (lambda: tf.image.threshold(tf.ones([1, 1, 1], "bool")), DTypeError, "float32 or int32"),
        (lambda: tf.image.threshold(tf.ones([1, 1, 1]), "mean"), OptionError, "otsu"),
        (lambda: tf.image.nonMaxSuppression([[1.0]], [1.0], 1), ShapeError, "boxes"),
        (lambda: tf.image.nonMaxSuppression(tf.ones([2, 4]), [1.0], 1), ShapeError, "scores"),
        (lambda: tf.image.nonMaxSuppression(tf.ones([1, 4]), [1.0], 1, 2.0), OptionError, "iou_threshold"),
    ],
)
def test_errors(call, error, words):
    with pytest.raises(error, match=words):
        call()
