"""`keras.preprocessing.image`: images as arrays and files."""

from tfjs_pyo import naming
from tfjs_pyo.keras.utils.images import array_to_img, img_to_array, load_img, save_img, smart_resize

__all__ = ["array_to_img", "img_to_array", "load_img", "save_img", "smart_resize"]
__dir__ = naming.public_dir(__name__)
