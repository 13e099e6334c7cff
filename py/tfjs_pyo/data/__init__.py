"""`tf.data`: elements for training, one after the other. Source: https://js.tensorflow.org/api/latest/#Data"""

from tfjs_pyo import naming
from tfjs_pyo.data.dataset import Dataset
from tfjs_pyo.data.microphone import MicrophoneIterator, microphone
from tfjs_pyo.data.sources import array, func, generator, zip
from tfjs_pyo.data.tables import CSVDataset, csv
from tfjs_pyo.data.text import FileDataSource, TextLineDataset, URLDataSource
from tfjs_pyo.data.webcam import WebcamIterator, webcam

__all__ = [
    "CSVDataset",
    "Dataset",
    "FileDataSource",
    "MicrophoneIterator",
    "TextLineDataset",
    "URLDataSource",
    "WebcamIterator",
    "array",
    "csv",
    "func",
    "generator",
    "microphone",
    "webcam",
    "zip",
]
__getattr__, __dir__ = naming.module_names(__name__, spelled=True)
