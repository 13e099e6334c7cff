"""`tf.image.sample_distorted_bounding_box`: parts of images, drawn at random."""

import numpy as np
import pytest

from tfjs_pyo import tensorflow as tf
from tfjs_pyo.errors import OptionError


def test_parts_of_images_cover_boxes_and_keep_to_their_ranges():
    box, size = [0.4, 0.3, 0.6, 0.5], [90, 120, 3]
    options = {"min_object_covered": 0.9, "area_range": (0.1, 0.5), "aspect_ratio_range": (0.5, 2.0)}
    for seed in range(20):
        begin, part, sides = tf.image.sample_distorted_bounding_box(size, [[box]], seed=seed, **options)
        (top, left, _), (height, width, _) = begin.tolist(), part.tolist()
        found = np.array(sides).reshape(4)
        np.testing.assert_allclose(
            found, [top / 90, left / 120, (top + height) / 90, (left + width) / 120], rtol=1e-6
        )
        overlap = np.minimum(found[2:], box[2:]) - np.maximum(found[:2], box[:2])
        assert np.prod(overlap.clip(0)) >= 0.9 * 0.04 - 1e-6
        assert 0.09 <= height * width / (90 * 120) <= 0.52
        assert 0.45 <= width / height <= 2.2
        assert tf.slice(tf.zeros(size), begin, part).shape == (height, width, 3)


def test_a_whole_image_is_taken_where_no_part_fits():
    begin, part, _ = tf.image.sample_distorted_bounding_box(
        [9, 9, 3], [[[0, 0, 1, 1]]], min_object_covered=0.9, area_range=(0.1, 0.2)
    )
    assert (begin.tolist(), part.tolist()) == ([0, 0, 0], [9, 9, -1])
    with pytest.raises(OptionError, match="received none"):
        tf.image.sample_distorted_bounding_box([9, 9, 3], np.zeros((0, 0, 4)))
