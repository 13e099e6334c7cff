"""Elementwise functions, reductions, joining and creation against TensorFlow.js (record_arithmetic.mjs)."""

import pytest

from tests.tfjs.replay import records, replay, title

RECORDS = records(__file__, "arithmetic.json")


@pytest.mark.parametrize("record", RECORDS, ids=title)
def test_like_tensorflow_js(record):
    if (
        record["fn"] == "floorDiv"
    ):  # TensorFlow.js gives int32 for floats too, and with it nothing beyond 2^31
        record["outputs"][0]["dtype"] = record["inputs"][0].get("dtype", "float32")
    replay(record, rtol=3e-5, atol=3e-6)
