"""`tf.data.webcam` and `tf.data.microphone` where there is no page, and with wrong options."""

import asyncio

import pytest

import tfjs_pyo as tf


@pytest.mark.parametrize("name", ["webcam", "microphone"])
def test_only_a_browser_has_them(name):
    with pytest.raises(tf.errors.DeviceError, match=rf"{name}: only a browser has one.*tf\.data\.generator"):
        asyncio.run(getattr(tf.data, name)())


@pytest.mark.parametrize(
    ("name", "config", "kind", "message"),
    [
        ("webcam", {"facingMode": "left"}, tf.errors.OptionError, "'user' or 'environment', received 'left'"),
        (
            "webcam",
            {"resizeWidth": 10},
            tf.errors.OptionError,
            "both 'resizeWidth' and 'resizeHeight'.*received 10",
        ),
        ("webcam", {"centerCrop": True}, tf.errors.OptionError, "which 'centerCrop' needs"),
        (
            "webcam",
            {"resizeWidth": 0, "resizeHeight": 5},
            tf.errors.OptionError,
            "positive integer, received 0",
        ),
        ("webcam", {"resizeWith": 10}, tf.errors.ArgumentError, "resizeWidth"),
        ("microphone", {"fftSize": 1000}, tf.errors.OptionError, "power of 2.*received 1000"),
        ("microphone", {"sampleRateHz": 1}, tf.errors.OptionError, "from 8000 to 96000, received 1"),
        ("microphone", {"columnTruncateLength": 2000}, tf.errors.OptionError, "at most 1024, received 2000"),
        ("microphone", {"smoothingTimeConstant": 2}, tf.errors.OptionError, "from 0 to 1, received 2"),
        ("microphone", {"includeSpectrogram": False}, tf.errors.OptionError, "received neither"),
        ("microphone", {"frames": 2}, tf.errors.ArgumentError, "frames"),
    ],
)
def test_wrong_options_are_named(name, config, kind, message):
    call = getattr(tf.data, name)
    with pytest.raises(kind, match=message):
        asyncio.run(call(None, config) if name == "webcam" else call(config))


def test_a_video_element_cannot_be_there():
    with pytest.raises(
        tf.errors.ArgumentError, match=r"expected None in place of a video element.*Received dict"
    ):
        asyncio.run(tf.data.webcam({"resizeWidth": 10, "resizeHeight": 10}))
