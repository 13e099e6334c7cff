"""`tf.browser`: pixels to tensors and back, with NumPy, PIL and mappings as images."""

import asyncio
import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

import tfjs_pyo as tf
from tfjs_pyo import output
from tfjs_pyo.browser import Picture
from tfjs_pyo.errors import ArgumentError, DTypeError, OptionError, RangeError, ShapeError

RGBA = np.arange(2 * 3 * 4, dtype=np.uint8).reshape(2, 3, 4)


def pixels_of(image, *options):
    return np.frombuffer(asyncio.run(tf.browser.toPixels(image, *options)), np.uint8)


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize(
    "image",
    [RGBA, {"data": RGBA.tobytes(), "width": 3, "height": 2}, Image.fromarray(RGBA)],
    ids=["array", "mapping", "PIL"],
)
def test_the_first_channels_are_taken(image, channels):
    found = tf.browser.fromPixels(image, channels)
    assert found.dtype == "int32"
    np.testing.assert_array_equal(found.numpy(), RGBA[..., :channels])


def test_images_without_alpha_are_opaque_and_grey_ones_have_three_equal_colours():
    grey = np.array([[0, 200]], np.uint8)
    assert tf.browser.fromPixels(grey, 4).array_sync() == [[[0, 0, 0, 255], [200, 200, 200, 255]]]
    assert tf.browser.fromPixels(grey[..., None]).array_sync() == [[[0, 0, 0], [200, 200, 200]]]
    assert tf.browser.fromPixels(RGBA[..., :3], 4).numpy()[..., 3].tolist() == [[255] * 3] * 2
    assert asyncio.run(tf.browser.fromPixelsAsync(grey, 1)).array_sync() == [[[0], [200]]]


@given(hnp.arrays(np.uint8, st.tuples(st.integers(1, 5), st.integers(1, 5), st.just(4))))
def test_whole_numbers_come_back(values):
    back = pixels_of(tf.browser.from_pixels(values, num_channels=4))
    np.testing.assert_array_equal(back.reshape(values.shape), values)


def test_fractions_are_rounded_to_the_nearest_and_halves_to_the_even():
    assert pixels_of(tf.tensor2d([[0.5 / 255, 1.5 / 255, 0.499, 1.0]])).reshape(4, 4)[:, 0].tolist() == [
        0,
        2,
        127,
        255,
    ]


@pytest.mark.parametrize("shape", [(2, 3), (2, 3, 1), (2, 3, 3), (2, 3, 4)])
def test_every_number_of_channels_becomes_rgba(shape):
    values = (np.arange(np.prod(shape)) * 3 % 256).astype(np.int32).reshape(shape)
    found = pixels_of(tf.tensor(values)).reshape(2, 3, 4)
    wide = values.reshape(2, 3, -1)
    np.testing.assert_array_equal(found[..., :3], np.broadcast_to(wide[..., :3], (2, 3, 3)))
    np.testing.assert_array_equal(found[..., 3], wide[..., 3] if shape[-1] == 4 else 255)


def test_a_drawing_is_shown_as_a_png():
    shown = []
    output.use(shown.append)
    try:
        tf.browser.draw(tf.tensor(RGBA.astype(np.int32)), options={"imageOptions": {"alpha": 0.5}})
    finally:
        output.use(None)
    with Image.open(io.BytesIO(shown[0]._repr_png_())) as picture:
        found = np.asarray(picture)
    np.testing.assert_array_equal(found[..., :3], RGBA[..., :3])
    np.testing.assert_array_equal(found[..., 3], np.round(RGBA[..., 3] * 0.5))


def test_a_picture_is_drawn_by_matplotlib():
    image = Picture(RGBA.tobytes(), 3, 2).figure().axes[0].images[0]
    np.testing.assert_array_equal(image.get_array(), RGBA)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: tf.browser.fromPixels(None), ArgumentError, "received NoneType"),
        (lambda: tf.browser.fromPixels(RGBA, 5), OptionError, "'numChannels' from 1 to 4, received 5"),
        (
            lambda: tf.browser.fromPixels(RGBA.astype(float)),
            ArgumentError,
            r"received float64 of shape \(2, 3, 4\)",
        ),
        (lambda: tf.browser.fromPixels({"data": b"123"}), ArgumentError, "a mapping with width, height"),
        (
            lambda: tf.browser.fromPixels({"data": b"123", "width": 1, "height": 1}),
            ShapeError,
            "1 x 1 pixels of four bytes, 4 in all, received 3 bytes",
        ),
        (lambda: pixels_of(tf.ones([3])), ShapeError, r"received shape \(3,\)"),
        (lambda: pixels_of(tf.ones([3, 3, 2])), ShapeError, r"received shape \(3, 3, 2\)"),
        (lambda: pixels_of(tf.ones([3, 3], "bool")), DTypeError, "received bool"),
        (
            lambda: pixels_of([[0.0, 1.5]]),
            RangeError,
            "float32 values from 0 to 1, received values from 0 to 1.5",
        ),
        (lambda: pixels_of(tf.tensor2d([[-1, 256]], dtype="int32")), RangeError, "from -1 to 256"),
        (lambda: pixels_of([[0.0]], 3), ArgumentError, "a canvas element, received int"),
        (
            lambda: tf.browser.draw([[0.0]], options={"imageOptions": {"alpha": 2}}),
            OptionError,
            "'alpha' from 0 to 1",
        ),
        (
            lambda: tf.browser.draw([[0.0]], options={"contextOptions": {"contextType": "webgpu"}}),
            OptionError,
            "'contextType' '2d', received 'webgpu'",
        ),
    ],
)
def test_errors_say_what_was_expected(call, kind, message):
    with pytest.raises(kind, match=message):
        call()
