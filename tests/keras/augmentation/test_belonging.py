"""Boxes, masks and labels change with their images: as Keras's do (belonging.json), and as the pixels do."""

import json
from pathlib import Path

import numpy as np
import pytest

from tests.keras.augmentation.belonging import FORMATS, SETTLED, drawn, given, parts
from tests.keras.augmentation.test_augmentation import title
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, OptionError, ShapeError
from tfjs_pyo.tensorflow import data

RECORD = json.loads(Path(__file__).with_name("belonging.json").read_text(encoding="utf-8"))
layers, convert = keras.layers, keras.utils.bounding_boxes.convert_format
MOVING = [
    ("RandomFlip", {"seed": 1}),
    ("RandomFlip", {"mode": "vertical"}),
    ("RandomCrop", {"height": 20, "width": 15}),
    ("RandomCrop", {"height": 40, "width": 20}),
    ("RandomTranslation", {"height_factor": 0.3, "width_factor": 0.3, "fill_mode": "constant"}),
    ("RandomRotation", {"factor": 0.3, "fill_mode": "constant"}),
    ("RandomZoom", {"height_factor": 0.3, "width_factor": 0.3, "fill_mode": "constant"}),
    ("RandomShear", {"x_factor": 0.4, "y_factor": 0.3, "fill_mode": "constant"}),
    ("RandomPerspective", {"scale": 0.8}),
    ("RandAugment", {}),
    ("Resizing", {"height": 20, "width": 40}),
    ("Resizing", {"height": 20, "width": 20, "crop_to_aspect_ratio": True}),
    ("Resizing", {"height": 20, "width": 20, "pad_to_aspect_ratio": True}),
    ("CenterCrop", {"height": 20, "width": 20}),
]


@pytest.mark.parametrize(("case", "recorded"), list(zip(SETTLED, RECORD["settled"], strict=True)), ids=title)
def test_settled_results_are_those_of_keras(case, recorded):
    name, config = case
    forms = [form for form in FORMATS if form in recorded]
    assert forms
    for form in forms:
        data = given(config)
        boxes = data["bounding_boxes"]
        boxes["boxes"] = convert(boxes["boxes"], "xyxy", form, height=7, width=8)
        found = parts(getattr(layers, name)(**config, bounding_box_format=form)(data, training=True))
        made = {
            "boxes": form,
            "images": "images",
            "segmentation_masks": "segmentation_masks",
            "box_labels": "box_labels",
        }
        if name == "CenterCrop" and max(config["height"] - 7, config["width"] - 8) > 0:
            made.pop("segmentation_masks")  # numbers of classes, between which Keras interpolates there
        for ours, theirs in made.items():
            shape, values = recorded[theirs]
            assert list(found[ours].shape) == shape
            step = 5 if ours == "images" else 1
            np.testing.assert_allclose(
                found[ours].ravel()[::step], values, rtol=1e-4, atol=2e-3, err_msg=f"{ours} {form}"
            )
        assert found["segmentation_masks"].dtype == "int32"
        np.testing.assert_array_equal(found["labels"], data["labels"])


@pytest.mark.parametrize(("call", "recorded"), list(zip(drawn(), RECORD["calls"], strict=True)), ids=title)
def test_arithmetic_of_boxes_is_that_of_keras(call, recorded):
    name, arguments, options = call
    shape, values = recorded
    found = np.asarray(getattr(keras.utils.bounding_boxes, name)(*arguments, **options))
    assert list(found.shape) == shape
    np.testing.assert_allclose(found.ravel(), values, rtol=2e-4, atol=2e-5)


def test_clipped_boxes_lose_their_labels():
    clip = keras.utils.bounding_boxes.clip_to_image_size
    given = {"boxes": [[-3.0, -2, 5, 20], [40, 1, 50, 2], [1, 2, 3, 4]], "labels": [3, 4, 5], "more": 1}
    found = clip(given, 10, 12)
    assert found["boxes"].tolist() == [[0, 0, 5, 10], [12, 1, 12, 2], [1, 2, 3, 4]]
    assert found["labels"].tolist() == [3, -1, 5]
    assert found["more"] == 1
    assert clip({"boxes": [[-0.5, 0.5, 2, 1]]}, bounding_box_format="rel_xyxy")["boxes"].tolist() == [
        [0, 0.5, 1, 1]
    ]


def test_refusals_of_boxes():
    boxes = keras.utils.bounding_boxes
    with pytest.raises(OptionError, match="one of xyxy"):
        boxes.convert_format([[0, 0, 1, 1]], "xyxy", "corners")
    with pytest.raises(ArgumentError, match="'height' and 'width'"):
        boxes.convert_format([[0, 0, 1, 1]], "xyxy", "rel_xyxy")
    with pytest.raises(ShapeError, match="4 numbers"):
        boxes.convert_format([[0, 0, 1]], "xyxy", "xywh")
    with pytest.raises(OptionError, match="convert_format"):
        boxes.crop([[0, 0, 1, 1]], 0, 0, 1, 1, "xywh")
    with pytest.raises(OptionError, match="center_xywh"):
        boxes.encode_box_to_deltas([[0, 0, 1, 1]], [[0, 0, 1, 1]], "xyxy", "xyxy", "xyxy")


def scene(single):
    """One thing in each of 20 images [30, 25]: as pixels, as a mask and as a box."""
    random = np.random.default_rng(3)
    count = 1 if single else 20
    tops, lefts = random.integers(2, 18, count), random.integers(2, 13, count)
    images = np.zeros((count, 30, 25, 3), "float32")
    boxes = []
    for image, top, left in zip(images, tops, lefts, strict=True):
        image[top : top + 9, left : left + 7] = 255
        boxes.append([[left, top, left + 7, top + 9]])
    data = {
        "images": images,
        "segmentation_masks": (images[..., 0] > 0).astype("int32"),
        "bounding_boxes": {"boxes": np.array(boxes, "float32"), "labels": np.ones((count, 1), "int32")},
    }
    if single:
        data = {**data, "images": images[0], "segmentation_masks": data["segmentation_masks"][0]}
        data["bounding_boxes"] = {key: value[0] for key, value in data["bounding_boxes"].items()}
    return data


@pytest.mark.parametrize("single", [False, True], ids=["batch", "single"])
@pytest.mark.parametrize("case", MOVING, ids=title)
def test_boxes_stay_around_what_is_in_them(case, single):
    name, config = case
    keras.utils.set_random_seed(5)
    data = scene(single)
    layer = getattr(layers, name)(**config, bounding_box_format="xywh")
    data["bounding_boxes"]["boxes"] = np.asarray(convert(data["bounding_boxes"]["boxes"], "xyxy", "xywh"))
    found = layer(data, training=True)
    assert set(found) == set(data)
    boxes = np.asarray(convert(found["bounding_boxes"]["boxes"], "xywh", "xyxy"))
    labels, masks = found["bounding_boxes"]["labels"].numpy(), found["segmentation_masks"].numpy()
    assert masks.dtype == "int32"
    assert masks.shape == found["images"].shape[:-1]
    if single:
        boxes, labels, masks = boxes[None], labels[None], masks[None]
    checked = 0
    for box, label, mask in zip(boxes[:, 0], labels[:, 0], masks, strict=True):
        rows, columns = np.nonzero(mask == 1)
        assert (label == -1) == ((box[2] - box[0]) * (box[3] - box[1]) <= 0)
        if not rows.size:
            continue
        checked += 1
        seen = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
        assert (box[:2] <= np.add(seen[:2], 1.5)).all(), (box, seen)
        assert (box[2:] >= np.subtract(seen[2:], 1.5)).all(), (box, seen)
        if name not in ("RandomRotation", "RandomShear", "RandomPerspective", "RandAugment"):
            np.testing.assert_allclose(box, seen, atol=1.6)
    assert checked


def test_what_is_not_trained_stays():
    data = scene(False)
    found = layers.RandomFlip(bounding_box_format="xyxy")(data, training=False)
    np.testing.assert_array_equal(found["bounding_boxes"]["boxes"], data["bounding_boxes"]["boxes"])
    np.testing.assert_array_equal(found["segmentation_masks"], data["segmentation_masks"])


def test_mixed_images_have_the_boxes_of_both_and_masks_that_are_mixed():
    data = scene(False)
    found = layers.MixUp(bounding_box_format="xyxy")(data)
    boxes = found["bounding_boxes"]
    assert boxes["boxes"].shape == (20, 2, 4)
    assert boxes["labels"].shape == (20, 2)
    np.testing.assert_array_equal(boxes["boxes"].numpy()[:, :1], data["bounding_boxes"]["boxes"])
    np.testing.assert_allclose(
        found["segmentation_masks"] * 255, found["images"][..., 0], rtol=1e-4, atol=1e-3
    )


@pytest.mark.parametrize("name", ["CutMix", "AugMix", "RandomElasticTransform"])
def test_masks_go_the_way_of_images(name):
    data = scene(False)
    data.pop("bounding_boxes")
    config = {"interpolation": "nearest"} if name == "RandomElasticTransform" else {}
    found = getattr(layers, name)(**config)(data)
    assert found["segmentation_masks"].shape == (20, 30, 25)
    if name != "AugMix":  # which changes colors, too
        np.testing.assert_array_equal(found["segmentation_masks"], found["images"][..., 0] > 127)


@pytest.mark.parametrize("name", ["RandomErasing", "RandomBrightness", "AugMix"])
def test_boxes_stay_where_pixels_do(name):
    data = scene(False)
    config = {"factor": 0.3} if name == "RandomBrightness" else {}
    found = getattr(layers, name)(**config, bounding_box_format="xyxy")(data)
    np.testing.assert_array_equal(found["bounding_boxes"]["boxes"], data["bounding_boxes"]["boxes"])


def test_a_model_changes_boxes_and_masks_and_is_saved(tmp_path):
    inputs = {
        "images": keras.Input((30, 25, 3)),
        "segmentation_masks": keras.Input((30, 25), dtype="int32"),
        "bounding_boxes": {"boxes": keras.Input((1, 4)), "labels": keras.Input((1,), dtype="int32")},
    }
    found = layers.Resizing(15, 50, bounding_box_format="xyxy")(inputs)
    assert found["images"].shape == (None, 15, 50, 3)
    assert found["segmentation_masks"].shape == (None, 15, 50)
    model = keras.Model(inputs, layers.RandomFlip(bounding_box_format="xyxy")(found))
    data = scene(False)
    boxes = model(data, training=False)["bounding_boxes"]["boxes"]
    np.testing.assert_allclose(boxes, data["bounding_boxes"]["boxes"] * [2, 0.5, 2, 0.5], atol=1e-4)
    model.save(tmp_path / "m.keras")
    again = keras.models.load_model(tmp_path / "m.keras")
    np.testing.assert_array_equal(again(data, training=False)["bounding_boxes"]["boxes"], boxes)


def test_datasets_change_boxes_with_images():
    layer = layers.RandomTranslation((0.1, 0.1), (0.2, 0.2), bounding_box_format="xyxy")
    dataset = data.Dataset.from_tensor_slices(scene(False)).batch(5).map(layer)
    whole = scene(False)["bounding_boxes"]["boxes"] + [5, 3, 5, 3]
    found = np.concatenate([batch["bounding_boxes"]["boxes"].numpy() for batch in dataset])
    np.testing.assert_allclose(found, np.minimum(whole, [25, 30, 25, 30]), atol=1e-4)


def test_refusals_say_what_is_missing():
    data = scene(False)
    with pytest.raises(OptionError, match="bounding_box_format"):
        layers.RandomFlip()(data)
    with pytest.raises(OptionError, match="one of xyxy"):
        layers.RandomFlip(bounding_box_format="corners")
    with pytest.raises(OptionError, match="where things are"):
        layers.CutMix(bounding_box_format="xyxy")(data)
    with pytest.raises(OptionError, match="'boxes' and 'labels'"):
        layers.RandomFlip(bounding_box_format="xyxy")(
            {**data, "bounding_boxes": {"boxes": np.zeros((20, 1, 4))}}
        )
    wrong = {"boxes": np.zeros((20, 2, 4), "float32"), "labels": np.zeros((20, 1))}
    with pytest.raises(ShapeError, match="a label each"):
        layers.RandomFlip(bounding_box_format="xyxy")({**data, "bounding_boxes": wrong})
    with pytest.raises(ShapeError, match="size of the images"):
        layers.RandomFlip()({"images": data["images"], "segmentation_masks": np.zeros((20, 3, 3, 1))})


def test_configs_name_the_format_where_it_is_given():
    assert "bounding_box_format" not in layers.RandomFlip().get_config()
    layer = layers.RandomFlip(bounding_box_format="xywh")
    assert layers.RandomFlip.from_config(layer.get_config()).bounding_box_format == "xywh"
