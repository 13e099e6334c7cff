"""Weights and activations as images: what a pixel stands for, how many tiles there are, and what is said of them."""

import numpy as np
import pytest

import tfjs_pyo as tf

L = tf.layers


def pixels(image):
    picture = image.picture
    return np.frombuffer(picture.data, np.uint8).reshape(picture.height, picture.width, 4)


def built(layer, *weights):
    tf.sequential(layers=[layer])
    layer.setWeights([tf.tensor(np.asarray(w, np.float32)) for w in weights])
    return layer


def test_a_matrix_is_shown_as_it_is_blue_below_zero_and_red_above():
    layer = built(L.dense(units=2, inputShape=[3], name="d"), [[1, 0], [-1, 0.5], [0, 0]], [0, 2])
    sheet = tf.vis.show.weights("Weights", layer)
    kernel, bias = map(pixels, sheet.images)
    assert kernel.shape == (3, 2, 4)
    assert kernel[0, 0].tolist() == [255, 0, 0, 255]
    assert kernel[0, 1].tolist() == [255, 255, 255, 255]
    assert kernel[1, 0].tolist() == [0, 0, 255, 255]
    assert bias.shape == (1, 2, 4)
    assert sheet.images[0].caption == "d/kernel [3, 2]: -1 to 1"


def test_filters_are_tiles_a_pixel_apart():
    kernel = np.arange(2 * 2 * 1 * 3).reshape(2, 2, 1, 3) / 11
    (image,) = tf.vis.show.weights(
        None, built(L.conv2d(filters=3, kernelSize=2, useBias=False, inputShape=[4, 4, 1]), kernel)
    ).images
    found = pixels(image)
    assert found.shape == (2, 3 * 2 + 2, 4)
    assert found[:, 2, 3].tolist() == [0, 0], "nothing between the tiles"
    for number in range(3):
        shade = found[:, 3 * number : 3 * number + 2, 1]
        np.testing.assert_allclose(shade, 255 * (1 - kernel[:, :, 0, number]), atol=1)


def test_filters_on_three_channels_are_in_colours():
    kernel = np.zeros((1, 1, 3, 2))
    kernel[0, 0, :, 0], kernel[0, 0, :, 1] = [1, 0, 0.5], [0, 1, 1]
    (image,) = tf.vis.show.weights(
        None, built(L.conv2d(filters=2, kernelSize=1, useBias=False, inputShape=[4, 4, 3]), kernel)
    ).images
    assert pixels(image)[0, [0, 2], :3].tolist() == [[255, 0, 128], [0, 255, 255]]


def test_many_filters_are_cut_and_it_is_said():
    layer = L.conv2d(filters=9, kernelSize=3, inputShape=[4, 4, 9], useBias=False)
    tf.sequential(layers=[layer])
    (image,) = tf.vis.show.weights(None, layer).images
    assert image.caption.endswith("; the first 64 of 81 images")
    assert (image.picture.width, image.picture.height) == (8 * 4 - 1, 8 * 4 - 1)


def test_activations_are_those_of_the_first_input():
    model = tf.sequential(
        layers=[
            L.conv2d(filters=2, kernelSize=1, inputShape=[2, 2, 1], useBias=False, name="conv"),
            L.flatten(name="flat"),
        ]
    )
    model.setWeights([tf.tensor([1.0, -1.0], [1, 1, 1, 2])])
    x = tf.tensor([0.0, 1, 2, 3, 9, 9, 9, 9], [2, 2, 2, 1])
    (image,) = tf.vis.show.activations("A", model, "conv", x).images
    assert pixels(image)[:, :2, 0].tolist() == [[128, 170], [212, 255]]
    assert image.caption == "conv [2, 2, 2]: -3 to 3"
    assert tf.vis.show.activations("A", model, 1, x).images[0].picture.width == 8
    assert tf.vis.show.activations("A", model, model.layers[0], x).images[0].picture.width == 5


def test_what_is_no_number_stands_out():
    layer = built(L.dense(units=2, inputShape=[1], useBias=False), [[np.nan, 1]])
    (image,) = tf.vis.show.weights(None, layer).images
    assert pixels(image)[0, 0, :3].tolist() == [255, 0, 255]


def test_the_sheet_is_html_and_escaped():
    layer = built(L.dense(units=1, inputShape=[1], name="<b>"), [[1]], [0])
    sheet = tf.vis.show.weights({"name": "W", "tab": "T"}, layer)
    bundle = sheet._repr_mimebundle_()
    assert "<h3>weights of &lt;b&gt;</h3>" in bundle["text/html"]
    assert bundle["text/html"].count("data:image/png;base64,") == 2
    assert bundle["application/vnd.tfjs-pyo.surface"] == "T/W"
    assert "It has none" in tf.vis.show.weights(None, built(L.flatten(inputShape=[2, 2])))._repr_html_()


def test_it_is_saved_as_a_picture(tmp_path):
    layer = built(L.dense(units=2, inputShape=[3]), np.ones((3, 2)), [0, 1])
    tf.vis.show.weights(None, layer).save(str(tmp_path / "w.png"))
    assert (tmp_path / "w.png").read_bytes().startswith(b"\x89PNG")


def test_what_has_no_weights_yet_is_refused():
    with pytest.raises(tf.errors.ArgumentError, match="is not built"):
        tf.vis.show.weights(None, L.dense(units=2))
    with pytest.raises(tf.errors.ArgumentError, match="expected a layer, received int"):
        tf.vis.show.weights(None, 3)
