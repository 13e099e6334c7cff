"""`keras.preprocessing`: names that programs of Keras 2 use; `keras.utils` has the functions."""

from tfjs_pyo import naming
from tfjs_pyo.keras.preprocessing import image, sequence, text
from tfjs_pyo.keras.utils.directories import image_dataset_from_directory, text_dataset_from_directory
from tfjs_pyo.keras.utils.samples import timeseries_dataset_from_array

__all__ = [
    "image", "image_dataset_from_directory", "sequence", "text", "text_dataset_from_directory", "timeseries_dataset_from_array",
]  # fmt: skip
__dir__ = naming.public_dir(__name__)
