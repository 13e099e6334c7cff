"""Kernels are cut for the device: within its render targets, and into as many fragments as it keeps busy."""

from dataclasses import replace

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan, plan_of_step
from tests.compiler.models import convnet, lstm, mlp, training_step
from tfjs_pyo.compiler.tuning import TABLE, tuning_of


def targets_of(launch):
    return sum(storage.layers for _, _, storage in launch.outputs)


@pytest.mark.parametrize("targets", [4, 6, 8])
def test_no_launch_writes_more_targets_than_the_device_has(targets):
    tuning = tuning_of("ANGLE (some device, OpenGL ES 3.2)", targets)
    steps = [(mlp(), 32, [64], 10), (convnet(), 32, [8, 8, 1], 10), (lstm(3), 32, [3, 16], 1)]
    made = [launch for step in steps for launch in plan_of_step(training_step(*step), tuning).launches]
    assert max(map(targets_of, made)) <= targets


def test_devices_with_many_lanes_share_less_where_little_is_left():
    product = tf.matMul(tf.ones([64, 1024]), tf.ones([1024, 64]))
    large = tf.matMul(tf.ones([512, 256]), tf.ones([256, 512]))
    found = {}
    for renderer in ("SwiftShader", "Mali-G78", "NVIDIA GeForce RTX 4090"):
        plans = [
            plan(x, tuning=replace(tuning_of(renderer, 8), most_on_processor=0)) for x in (product, large)
        ]
        found[renderer] = tuple(targets_of(made.launches[-1]) for made in plans)
    assert found == {"SwiftShader": (8, 8), "Mali-G78": (1, 4), "NVIDIA GeForce RTX 4090": (1, 8)}


def test_every_row_says_why_and_the_last_one_fits_all():
    assert all(row.why for row in TABLE)
    assert tuning_of("a renderer that nobody knows", 8) == TABLE[-1]
