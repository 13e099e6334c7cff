"""Writes belonging.json: what Keras's layers of images make of boxes, masks and labels, where nothing is left to chance.

`pip install keras==3.15.1 jax` in an environment of its own, then
`KERAS_BACKEND=jax python -m tests.keras.augmentation.record_belonging`.
"""

import json
from pathlib import Path

import keras
import numpy as np

from tests.keras.augmentation.belonging import FORMATS, ONLY_XYXY, SETTLED, drawn, given, parts


def flat(array, step=1):
    return [
        list(array.shape),
        [float(f"{value:.6g}") for value in np.asarray(array, "float64").ravel()[::step]],
    ]


def main():
    settled = []
    for name, config in SETTLED:
        made = {}
        for form in ("xyxy",) if name in ONLY_XYXY else FORMATS:
            data = given(config)
            boxes = data["bounding_boxes"]
            size = {"height": 7, "width": 8}
            boxes["boxes"] = np.asarray(
                keras.utils.bounding_boxes.convert_format(boxes["boxes"], "xyxy", form, **size)
            )
            layer = getattr(keras.layers, name)(**config, bounding_box_format=form)
            found = parts(layer(data, training=True))
            made[form] = flat(found["boxes"])
        made |= {what: flat(found[what]) for what in ("segmentation_masks", "box_labels")}
        settled.append({**made, "images": flat(found["images"], 5)})
    utils = keras.utils.bounding_boxes
    calls = []
    for name, arguments, options in drawn():
        tensors = [np.array(each, "float32") if isinstance(each, list) else each for each in arguments]
        calls.append(flat(getattr(utils, name)(*tensors, **options)))
    record = {"version": keras.__version__, "settled": settled, "calls": calls}
    target = Path(__file__).with_name("belonging.json")
    target.write_text(json.dumps(record, separators=(",", ":")), encoding="utf-8")


if __name__ == "__main__":
    main()
