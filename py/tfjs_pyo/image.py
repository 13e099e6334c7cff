"""What `tf.image` holds: resizing, turning and cropping images, their colours, and choosing boxes."""

from tfjs_pyo import naming
from tfjs_pyo.ops.image_boxes import (
    non_max_suppression,
    non_max_suppression_async,
    non_max_suppression_padded,
    non_max_suppression_padded_async,
    non_max_suppression_with_score,
    non_max_suppression_with_score_async,
)
from tfjs_pyo.ops.image_colors import flip_left_right, grayscale_to_rgb, rgb_to_grayscale, threshold
from tfjs_pyo.ops.image_resizing import resize_bilinear, resize_nearest_neighbor
from tfjs_pyo.ops.image_transforms import crop_and_resize, rotate_with_offset, transform

__all__ = [
    "crop_and_resize",
    "flip_left_right",
    "grayscale_to_rgb",
    "non_max_suppression",
    "non_max_suppression_async",
    "non_max_suppression_padded",
    "non_max_suppression_padded_async",
    "non_max_suppression_with_score",
    "non_max_suppression_with_score_async",
    "resize_bilinear",
    "resize_nearest_neighbor",
    "rgb_to_grayscale",
    "rotate_with_offset",
    "threshold",
    "transform",
]
__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
