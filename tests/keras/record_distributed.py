"""Notes the losses of one program as Keras computes them on eight devices at once: from the tab to a fleet.

    pip install keras==3.15.1 jax==0.10.2
    python -m tests.keras.record_distributed

The program is the very file that runs in the page. On a fleet two lines stand before it: the backend, and
`keras.distribution.set_distribution(keras.distribution.DataParallel())`. Eight virtual devices of one processor stand for it.
"""

import json
import os

NAME, DEVICES = "unet_segmentation", 8
os.environ["KERAS_BACKEND"] = "jax"
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={DEVICES}"

import keras  # noqa: E402 (reads the variables above)

from tests.keras.programs import FOLDER, RECORD, fixed_numbers, run  # noqa: E402
from tests.keras.record_programs import random_initializers  # noqa: E402

if __name__ == "__main__":
    keras.distribution.set_distribution(keras.distribution.DataParallel())
    path = FOLDER / f"{NAME}.py"
    with fixed_numbers(keras, random_initializers(), "__call__"):
        losses = [round(loss, 7) for loss in run(path.read_text(encoding="utf-8"), path)]
    record = json.loads(RECORD.read_text(encoding="utf-8"))
    devices = len(keras.distribution.list_devices())
    record["data_parallel"] = {
        "program": NAME,
        "backend": keras.backend.backend(),
        "devices": devices,
        "losses": losses,
    }
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
