"""`keras.preprocessing.image`: images as arrays and files, and batches of them, transformed at random, as Keras 2 makes them."""

from tfjs_pyo import naming
from tfjs_pyo.keras.preprocessing.affine import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
)
from tfjs_pyo.keras.preprocessing.file_iterators import DirectoryIterator
from tfjs_pyo.keras.preprocessing.image_generator import ImageDataGenerator
from tfjs_pyo.keras.preprocessing.iterators import Iterator, NumpyArrayIterator
from tfjs_pyo.keras.preprocessing.random_transforms import (
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)
from tfjs_pyo.keras.utils.images import array_to_img, img_to_array, load_img, save_img, smart_resize

__all__ = [
    "DirectoryIterator", "ImageDataGenerator", "Iterator", "NumpyArrayIterator", "apply_affine_transform",
    "apply_brightness_shift", "apply_channel_shift", "array_to_img", "img_to_array", "load_img", "random_brightness",
    "random_channel_shift", "random_rotation", "random_shear", "random_shift", "random_zoom", "save_img", "smart_resize",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
