"""Writes quantiles.json: the boundaries that Keras's Discretization finds in batches of data.

`pip install keras==3.15.1 torch` in an environment of its own, then `KERAS_BACKEND=torch python -m tests.keras.record_quantiles`.
"""

import json
from pathlib import Path

import keras

from tests.keras.quantile_cases import CASES, batches


def main():
    found = []
    for number, (_, bins, epsilon) in enumerate(CASES):
        layer = keras.layers.Discretization(num_bins=bins, epsilon=epsilon)
        for batch in batches(number):
            layer.update_state(batch)
        layer.finalize_state()
        found.append([float(value) for value in layer.bin_boundaries])
    text = json.dumps({"version": keras.__version__, "boundaries": found}, separators=(",", ":"))
    Path(__file__).with_name("quantiles.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
