"""Layers of images: settled results are Keras's (augmentation.json, by record.py); what is drawn is tested by its properties."""

import json
from pathlib import Path

import numpy as np
import pytest

import tfjs_pyo as tf
from tests.keras.augmentation.cases import SETTLED, images
from tfjs_pyo import keras
from tfjs_pyo.errors import OptionError, ShapeError

RECORD = json.loads(Path(__file__).with_name("augmentation.json").read_text(encoding="utf-8"))
layers = keras.layers
DRAWN = [
    ("AugMix", {}),
    ("CutMix", {}),
    ("MixUp", {}),
    ("MixUp", {"alpha": 3.0}),
    ("RandAugment", {}),
    ("RandomBrightness", {"factor": 0.3}),
    ("RandomColorDegeneration", {"factor": 0.5}),
    (
        "RandomColorJitter",
        {
            "brightness_factor": 0.2,
            "contrast_factor": 0.2,
            "saturation_factor": [0.4, 0.6],
            "hue_factor": 0.1,
        },
    ),
    ("RandomContrast", {"factor": 0.5}),
    ("RandomElasticTransform", {}),
    ("RandomElasticTransform", {"fill_mode": "constant", "interpolation": "nearest", "scale": [0.9, 1.0]}),
    ("RandomErasing", {}),
    ("RandomFlip", {}),
    ("RandomGaussianBlur", {"kernel_size": 5}),
    ("RandomGrayscale", {}),
    ("RandomHue", {"factor": 0.5}),
    ("RandomInvert", {}),
    ("RandomPerspective", {}),
    ("RandomPosterization", {"factor": 4}),
    ("RandomRotation", {"factor": 0.3}),
    ("RandomSaturation", {"factor": [0.1, 0.9]}),
    ("RandomSharpness", {"factor": 1.0}),
    ("RandomShear", {"x_factor": 0.3, "y_factor": 0.3}),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3}),
    ("RandomZoom", {"height_factor": 0.3}),
    ("Solarization", {"addition_factor": 0.2, "threshold_factor": 0.8}),
]
title = lambda case: f"{case[0]}-{case[1]}".replace(" ", "") if isinstance(case, tuple) else ""  # noqa: E731


def many(count=300):
    return np.tile(images()[:1], (count, 1, 1, 1))


@pytest.mark.parametrize(("case", "recorded"), list(zip(SETTLED, RECORD["settled"], strict=True)), ids=title)
def test_settled_results_are_those_of_keras(case, recorded):
    name, config = case
    shape, values = recorded
    found = getattr(layers, name)(**config)(images(), training=True).numpy()
    assert list(found.shape) == shape
    np.testing.assert_allclose(found.ravel()[::5], values, rtol=1e-4, atol=2e-3)


@pytest.mark.parametrize("case", DRAWN, ids=title)
def test_each_layer_changes_images_unless_it_is_no_training(case):
    name, config = case
    x = images()
    layer = getattr(layers, name)(**config)
    assert (layer(x, training=False).numpy() == x).all()
    changed = (layer(x).numpy() for _ in range(60))
    assert any(
        each.shape == x.shape and np.isfinite(each).all() and np.abs(each - x).max() > 1 for each in changed
    )
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    single = layer(x[0]).numpy()
    assert single.shape == x[0].shape


@pytest.mark.parametrize("case", DRAWN, ids=title)
def test_dicts_come_back_with_changed_images(case):
    name, config = case
    given = {"images": images(), "labels": np.eye(2, dtype="float32")}
    found = getattr(layers, name)(**config)(given)
    assert set(found) == {"images", "labels"}
    assert found["images"].shape == given["images"].shape
    np.testing.assert_allclose(found["labels"].numpy().sum(1), 1, rtol=1e-5)
    if name not in ("MixUp", "CutMix"):
        assert (found["labels"].numpy() == given["labels"]).all()


def test_a_model_augments_while_it_trains_only():
    model = keras.Sequential(
        [keras.Input((7, 8, 3)), layers.RandomBrightness(0.5), layers.RandomHue(0.5), layers.Flatten()]
    )
    x = images()
    np.testing.assert_array_equal(model.predict(x, verbose=0), x.reshape(2, -1))
    assert np.abs(model(x, training=True).numpy() - x.reshape(2, -1)).max() > 1


def test_each_step_of_a_fit_draws_anew():
    inputs = keras.Input((7, 8, 3))
    x = layers.RandomBrightness(0.5)(inputs)
    outputs = layers.Dense(1, kernel_initializer="ones")(layers.Flatten()(x))
    model = keras.Model(inputs, outputs)
    model.compile(keras.optimizers.SGD(0.0), "mse")
    losses = model.fit(images(), np.zeros((2, 1)), epochs=4, verbose=0).history["loss"]
    assert len(set(losses)) == 4


def test_brightness_is_uniform():
    x = np.full((4000, 1, 1, 1), 100.0, "float32")
    found = (layers.RandomBrightness(0.2)(x).numpy().ravel() - 100) / 255
    assert abs(found.mean()) < 0.01
    assert abs(found.std() - 0.4 / np.sqrt(12)) < 0.005
    assert np.abs(found).max() <= 0.2 + 1e-6


@pytest.mark.parametrize(
    ("layer", "rate"),
    [
        (lambda: layers.RandomGrayscale(0.3), 0.3),
        (lambda: layers.RandomInvert((0.25, 0.25)), 0.25),
        (lambda: layers.RandomErasing((0.4, 0.4)), 0.4),
        (lambda: layers.RandomGaussianBlur((0.6, 0.6), sigma=(1.0, 1.0)), 0.6),
        (lambda: layers.RandomPerspective((0.5, 0.5)), 0.5),
        (lambda: layers.RandomElasticTransform((0.3, 0.3), (1.0, 1.0)), 0.3),
    ],
)
@pytest.mark.slow
def test_as_many_images_are_changed_as_factor_says(layer, rate):
    x = many(1000)
    found = layer()(x).numpy()
    share = (np.abs(found - x).max((1, 2, 3)) > 1e-3).mean()
    assert abs(share - rate) < 4 * np.sqrt(rate * (1 - rate) / len(x))


def test_a_seed_gives_the_same_images_each_time():
    x = many(4)
    for name, config in DRAWN:
        first, second = (getattr(layers, name)(**config, seed=3)(x).numpy() for _ in range(2))
        np.testing.assert_array_equal(first, second, err_msg=name)


def test_crops_are_parts_of_the_images():
    x = images()
    starts = set()
    for _ in range(30):
        part = layers.RandomCrop(4, 5)(x).numpy()
        found = [
            (row, column)
            for row in range(4)
            for column in range(4)
            if (x[:, row : row + 4, column : column + 5] == part).all()
        ]
        assert len(found) == 1
        starts |= set(found)
    assert len(starts) > 5


@pytest.mark.parametrize("name", ["MixUp", "CutMix"])
def test_labels_are_mixed_as_images_are(name):
    x = np.stack([np.full((16, 16, 1), float(value)) for value in range(64)]).astype("float32")
    found = getattr(layers, name)()({"images": x, "labels": np.eye(64, dtype="float32")})
    mixed, labels = found["images"].numpy(), found["labels"].numpy()
    np.testing.assert_allclose(
        mixed.mean((1, 2, 3)), labels @ np.arange(64.0), atol=9 if name == "CutMix" else 1e-3
    )
    assert ((labels > 1e-6).sum(1) <= 2).all()


def test_shares_of_mix_up_have_the_beta_distribution():
    x = np.zeros((4000, 1, 1, 1), "float32")
    shares = np.concatenate(
        [
            layers.MixUp(0.4)({"images": x, "labels": np.eye(2, dtype="float32")[np.arange(4000) % 2]})[
                "labels"
            ].numpy()
            for _ in range(2)
        ]
    )[:, 0]
    spread = shares[(shares > 0) & (shares < 1)]
    assert abs(spread.mean() - 0.5) < 0.03
    assert abs(spread.var() - 1 / (4 * (2 * 0.4 + 1))) < 0.01


def test_a_pipeline_applies_its_layers():
    steps = layers.Pipeline([layers.RandomInvert((1.0, 1.0)), layers.Rescaling(1 / 255)])
    np.testing.assert_allclose(steps(images()).numpy(), 1 - images() / 255, atol=1e-5)
    np.testing.assert_allclose(steps(images(), training=False).numpy(), images() / 255, atol=1e-6)
    with pytest.raises(OptionError, match="list of layers"):
        layers.Pipeline(3)


def test_elastic_images_move_as_far_as_said():
    x = np.tile(np.arange(64, dtype="float32")[None, :, None, None], (40, 1, 64, 1))
    found = layers.RandomElasticTransform((1.0, 1.0), (0.4, 0.4), fill_mode="nearest", value_range=(-99, 99))(
        x
    )
    moved = (found.numpy() - x)[:, 16:-16]
    # Noise of deviation s, smoothed by a normal window of deviation s, has about the deviation 1 / (2 sqrt(pi)).
    expected = 0.1 * 64 * 0.4 / (2 * np.sqrt(np.pi))
    assert abs(moved.mean()) < 0.1 * expected
    assert abs(moved.std() / expected - 1) < 0.15


def test_boxes_are_cut_off_or_filled_up():
    boxes = {"boxes": np.arange(24.0).reshape(2, 3, 4), "labels": np.array([[1, 2, 3], [4, 5, 6]])}
    given = {"images": images(), "labels": np.array([1, 2]), "bounding_boxes": boxes}
    fewer = layers.MaxNumBoundingBoxes(2, bounding_box_format="xyxy")(given)["bounding_boxes"]
    np.testing.assert_array_equal(fewer["boxes"].numpy(), boxes["boxes"][:, :2])
    np.testing.assert_array_equal(fewer["labels"].numpy(), boxes["labels"][:, :2])
    layer = layers.MaxNumBoundingBoxes(4, fill_value=-2)
    more = layer(given)["bounding_boxes"]
    np.testing.assert_array_equal(more["labels"].numpy(), [[1, 2, 3, -2], [4, 5, 6, -2]])
    assert (more["boxes"].numpy()[:, 3] == -2).all()
    assert layers.MaxNumBoundingBoxes.from_config(layer.get_config()).fill_value == -2
    with pytest.raises(ShapeError, match="a label each"):
        layer({"images": images(), "bounding_boxes": {"boxes": boxes["boxes"], "labels": [[1], [2]]}})


def test_refusals():
    with pytest.raises(OptionError, match="factor"):
        layers.RandomBrightness(2)
    with pytest.raises(OptionError, match="number or two"):
        layers.RandomHue((0.1, 0.2, 0.3))
    with pytest.raises(OptionError, match="odd"):
        layers.RandomGaussianBlur(kernel_size=4)
    with pytest.raises(ShapeError, match="3 channels"):
        layers.RandomGrayscale(1.0)(tf.ones([1, 2, 2, 1]))
    with pytest.raises(ShapeError, match="one-hot"):
        layers.MixUp()({"images": images(), "labels": np.array([0, 1])})
    with pytest.raises(OptionError, match="'images'"):
        layers.RandomFlip()({"pictures": images()})
