"""Images with boxes, masks and labels, and layers whose result is settled: for record_belonging.py and for the tests."""

import numpy as np

from tests.keras.augmentation.cases import images

SETTLED = [
    ("Resizing", {"height": 5, "width": 4}),
    ("Resizing", {"height": 6, "width": 11, "interpolation": "bicubic"}),
    ("Resizing", {"height": 3, "width": 3, "interpolation": "lanczos3", "antialias": True}),
    ("Resizing", {"height": 6, "width": 9, "crop_to_aspect_ratio": True}),
    ("Resizing", {"height": 9, "width": 5, "pad_to_aspect_ratio": True, "fill_value": 3.0}),
    ("Resizing", {"height": 4, "width": 6, "data_format": "channels_first"}),
    ("CenterCrop", {"height": 4, "width": 5}),
    ("CenterCrop", {"height": 9, "width": 5}),
    ("CenterCrop", {"height": 5, "width": 12}),
    ("CenterCrop", {"height": 4, "width": 4, "data_format": "channels_first"}),
    ("RandomTranslation", {"height_factor": [0.25, 0.25], "width_factor": [-0.1, -0.1]}),
    (
        "RandomTranslation",
        {"height_factor": 0.0, "width_factor": [0.3, 0.3], "data_format": "channels_first"},
    ),
    ("RandomRotation", {"factor": [0.1, 0.1]}),
    ("RandomRotation", {"factor": [-0.35, -0.35], "fill_mode": "constant"}),
    ("RandomZoom", {"height_factor": [0.3, 0.3], "width_factor": [-0.2, -0.2]}),
    ("RandomZoom", {"height_factor": [-0.4, -0.4]}),
    ("RandomPerspective", {"scale": 0.0}),
    ("RandomShear", {}),
    ("RandomContrast", {"factor": [0.0, 0.0]}),
    ("AutoContrast", {}),
]
"""Name and options."""

FORMATS = (
    "xyxy",
    "yxyx",
    "xywh",
    "center_xywh",
    "center_yxhw",
    "rel_xyxy",
    "rel_yxyx",
    "rel_xywh",
    "rel_center_xywh",
)
ONLY_XYXY = ("RandomRotation", "RandomPerspective")
"""Layers of Keras 3.15 that take boxes of every format for 'xyxy'."""


def given(config):
    """A dict of images [2, 7, 8, 3], boxes 'xyxy', masks and labels, in the data format of a layer."""
    x = images()
    masks = (x[..., :1] // 50).astype("int32")
    if config.get("data_format") == "channels_first":
        x, masks = x.transpose(0, 3, 1, 2), masks.transpose(0, 3, 1, 2)
    boxes = [[[1, 2, 6, 5], [0, 0, 8, 7], [0, 0, 0, 0]], [[3, 1, 4, 2], [5, 4, 7.5, 6], [2, 0, 3, 7]]]
    return {
        "images": x,
        "labels": np.array([[0.0, 1], [1, 0]], "float32"),
        "segmentation_masks": masks,
        "bounding_boxes": {
            "boxes": np.array(boxes, "float32"),
            "labels": np.array([[1, 2, -1], [3, 4, 5]], "int32"),
        },
    }


def parts(found):
    """What comes out, by names, as arrays."""
    boxes = found["bounding_boxes"]
    names = ("images", "labels", "segmentation_masks")
    return {name: np.asarray(found[name]) for name in names} | {
        "boxes": np.asarray(boxes["boxes"]), "box_labels": np.asarray(boxes["labels"])
    }  # fmt: skip


def drawn():
    """Calls of keras.utils.bounding_boxes: names with arguments, drawn."""
    random = np.random.default_rng(5)

    def boxes(*shape):
        first = random.uniform(0, 20, (*shape, 2))
        return (
            np.concatenate([first, first + random.uniform(0.5, 15, (*shape, 2))], -1)
            .astype("float32")
            .tolist()
        )

    def numbers(low, high, count=2):
        return random.uniform(low, high, count).astype("float32").tolist()

    size, image = {"height": 30, "width": 40}, {"image_shape": [30, 40, 3]}
    pairs = [(a, b) for a in FORMATS for b in FORMATS]
    calls = [("convert_format", [boxes(2, 3), *pair], size) for pair in pairs]
    calls += [("crop", [boxes(4), 5, 7, 12, 9], {}), ("pad", [boxes(2, 2), 5, 7], {})]
    for first, second in (((3,), (2,)), ((2, 3), (2, 2)), ((2, 3), (4,)), ((3,), (2, 4))):
        calls.append(("compute_iou", [boxes(*first), boxes(*second), "xyxy"], {}))
    calls.append(("compute_iou", [boxes(3), boxes(4), "rel_xywh"], image))
    masked = [[-1.0] * 4, *boxes(2)]
    calls.append(("compute_iou", [masked, boxes(4), "yxyx"], {"use_masking": True, "mask_val": -5}))
    calls += [("compute_ciou", [boxes(5), boxes(5), form], {}) for form in ("xyxy", "center_xywh")]
    for form in ("center_yxhw", "center_xywh"):
        for more in ({}, {"variance": [0.1, 0.2, 0.3, 0.4]}):
            calls.append(("encode_box_to_deltas", [boxes(3), boxes(2, 3), "xyxy", "xywh", form], more))
            deltas = random.normal(0, 0.3, (2, 3, 4)).tolist()
            calls.append(
                ("decode_deltas_to_boxes", [boxes(3), deltas, "xyxy", "rel_xyxy", form], {**more, **image})
            )
    for center in ({}, {"center_x": 0.2, "center_y": 0.7}):
        options = [
            numbers(-90, 90),
            numbers(-0.3, 0.3),
            numbers(-0.3, 0.3),
            numbers(0.5, 2),
            numbers(-20, 20),
            numbers(-20, 20),
        ]
        calls.append(("affine_transform", [boxes(2, 3), *options], {**size, **center}))
    return calls
