"""Layers: `tf.layers.dense(...)`, `tf.layers.Dense(...)`, by TF.js's and by Keras's names.

A file is named as the field names its subject. Where that is the name of a layer as well, the module would hide its factory, as
`attention` would `tf.layers.attention`; so it ends in `_layers`.
"""

from tfjs_pyo import naming
from tfjs_pyo.layers.adaptive_pooling import (
    AdaptiveAveragePooling1D,
    AdaptiveAveragePooling2D,
    AdaptiveAveragePooling3D,
    AdaptiveMaxPooling1D,
    AdaptiveMaxPooling2D,
    AdaptiveMaxPooling3D,
)
from tfjs_pyo.layers.advanced_activations import ELU, LeakyReLU, PReLU, ReLU, Softmax, ThresholdedReLU
from tfjs_pyo.layers.area_augmentation import (
    CutMix,
    MixUp,
    RandomCrop,
    RandomErasing,
    RandomPerspective,
    RandomShear,
)
from tfjs_pyo.layers.attention_layers import AdditiveAttention, Attention, MultiHeadAttention
from tfjs_pyo.layers.augmentation import (
    RandomContrast,
    RandomFlip,
    RandomHeight,
    RandomRotation,
    RandomTranslation,
    RandomWidth,
    RandomZoom,
)
from tfjs_pyo.layers.base import LAYERS, Layer, SymbolicTensor
from tfjs_pyo.layers.binning import Discretization
from tfjs_pyo.layers.boxes import MaxNumBoundingBoxes
from tfjs_pyo.layers.chosen_augmentation import AugMix, Pipeline, RandAugment
from tfjs_pyo.layers.color_augmentation import (
    AutoContrast,
    Equalization,
    RandomBrightness,
    RandomColorDegeneration,
    RandomColorJitter,
    RandomGaussianBlur,
    RandomGrayscale,
    RandomHue,
    RandomInvert,
    RandomPosterization,
    RandomSaturation,
    RandomSharpness,
    Solarization,
)
from tfjs_pyo.layers.conv_lstm import ConvLSTM1D, ConvLSTM2D, ConvLSTM2DCell, ConvLSTM3D
from tfjs_pyo.layers.convolutional import Conv1D, Conv2D, Conv3D
from tfjs_pyo.layers.convolutional_transposed import Conv1DTranspose, Conv2DTranspose, Conv3DTranspose
from tfjs_pyo.layers.core import (
    Activation,
    ActivityRegularization,
    Dense,
    Dropout,
    Flatten,
    Identity,
    InputLayer,
    Lambda,
    Masking,
    Permute,
    RepeatVector,
    Reshape,
)
from tfjs_pyo.layers.core import input_ as Input  # noqa: N812 (Keras's name)
from tfjs_pyo.layers.depthwise import DepthwiseConv1D, DepthwiseConv2D, SeparableConv1D, SeparableConv2D
from tfjs_pyo.layers.einsum import EinsumDense
from tfjs_pyo.layers.elastic import RandomElasticTransform
from tfjs_pyo.layers.embeddings import Embedding, ReversibleEmbedding
from tfjs_pyo.layers.grouped_attention import GroupQueryAttention
from tfjs_pyo.layers.hashing_layers import HashedCrossing, Hashing
from tfjs_pyo.layers.local_contrast import ContrastLimitedAdaptiveHistogramEqualization
from tfjs_pyo.layers.lookup import IntegerLookup, StringLookup
from tfjs_pyo.layers.merge import Add, Average, Concatenate, Dot, Maximum, Minimum, Multiply, Subtract
from tfjs_pyo.layers.noise import (
    AlphaDropout,
    GaussianDropout,
    GaussianNoise,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from tfjs_pyo.layers.normalization_layers import (
    BatchNormalization,
    GroupNormalization,
    LayerNormalization,
    RMSNormalization,
    UnitNormalization,
)
from tfjs_pyo.layers.operations import Operation
from tfjs_pyo.layers.padding import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from tfjs_pyo.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from tfjs_pyo.layers.preprocessing import (
    CategoryEncoding,
    CenterCrop,
    Normalization,
    Rescaling,
    Resizing,
)
from tfjs_pyo.layers.recurrent import GRU, LSTM, GRUCell, LSTMCell, SimpleRNN, SimpleRNNCell
from tfjs_pyo.layers.rnn_layers import RNN, RNNCell, StackedRNNCells
from tfjs_pyo.layers.spectrograms import MelSpectrogram, STFTSpectrogram
from tfjs_pyo.layers.text import TextVectorization
from tfjs_pyo.layers.wrappers import Bidirectional, SpectralNormalization, TimeDistributed, Wrapper

_CLASSES = [each for each in tuple(globals().values()) if isinstance(each, type) and issubclass(each, Layer)]
for _each in _CLASSES:
    if _each is not Layer:
        LAYERS.register(_each)

__all__ = [
    "ELU",
    "GRU",
    "LSTM",
    "RNN",
    "Activation",
    "ActivityRegularization",
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "AdaptiveMaxPooling1D",
    "AdaptiveMaxPooling2D",
    "AdaptiveMaxPooling3D",
    "Add",
    "AdditiveAttention",
    "AlphaDropout",
    "Attention",
    "AugMix",
    "AutoContrast",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "Bidirectional",
    "CategoryEncoding",
    "CenterCrop",
    "Concatenate",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "ConvLSTM1D",
    "ConvLSTM2D",
    "ConvLSTM2DCell",
    "ConvLSTM3D",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "CutMix",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Discretization",
    "Dot",
    "Dropout",
    "EinsumDense",
    "Embedding",
    "Equalization",
    "Flatten",
    "GRUCell",
    "GaussianDropout",
    "GaussianNoise",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "GlobalMaxPooling1D",
    "GlobalMaxPooling2D",
    "GlobalMaxPooling3D",
    "GroupNormalization",
    "GroupQueryAttention",
    "HashedCrossing",
    "Hashing",
    "Identity",
    "Input",
    "InputLayer",
    "IntegerLookup",
    "LSTMCell",
    "Lambda",
    "Layer",
    "LayerNormalization",
    "LeakyReLU",
    "Masking",
    "MaxNumBoundingBoxes",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "Maximum",
    "MelSpectrogram",
    "Minimum",
    "MixUp",
    "MultiHeadAttention",
    "Multiply",
    "Normalization",
    "Operation",
    "PReLU",
    "Permute",
    "Pipeline",
    "RMSNormalization",
    "RNNCell",
    "RandAugment",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomCrop",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHeight",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomWidth",
    "RandomZoom",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "ReversibleEmbedding",
    "STFTSpectrogram",
    "SeparableConv1D",
    "SeparableConv2D",
    "SimpleRNN",
    "SimpleRNNCell",
    "Softmax",
    "Solarization",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
    "SpectralNormalization",
    "StackedRNNCells",
    "StringLookup",
    "Subtract",
    "SymbolicTensor",
    "TextVectorization",
    "ThresholdedReLU",
    "TimeDistributed",
    "UnitNormalization",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "Wrapper",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
]
_SHORT_NAMES = (("MaxPooling", "MaxPool"), ("AveragePooling", "AvgPool"), ("AveragePooling", "AvgPooling"))
LAYERS.add_aliases(
    {name.replace(long, short): name for name in LAYERS.items for long, short in _SHORT_NAMES if long in name}
)
__getattr__, __dir__ = naming.module_names(__name__, LAYERS.aliases)
