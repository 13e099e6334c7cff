"""`keras.applications.vgg19`. Source: https://arxiv.org/abs/1409.1556"""

from tfjs_pyo import naming
from tfjs_pyo.keras.applications.imagenet_utils import functions_for
from tfjs_pyo.keras.applications.vgg16 import vgg

VGG19 = vgg(19, (2, 2, 4, 4, 4), ("cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"))
preprocess_input, decode_predictions = functions_for(__name__, "caffe")

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]
__dir__ = naming.public_dir(__name__)
