"""What the models of `keras.applications` share: what they are asked for, their ends, and the files of their weights."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from tfjs_pyo.errors import OptionError, ShapeError, StorageError
from tfjs_pyo.keras import config, layers
from tfjs_pyo.keras.models import Functional
from tfjs_pyo.keras.utils.files import get_file
from tfjs_pyo.keras.utils.objects import get_source_inputs, is_keras_tensor

STORAGE = "https://storage.googleapis.com/"
"""Where Keras's weights lie."""
KERAS_FILES = f"{STORAGE}tensorflow/keras-applications/"
CLASSES = 1000
"""The classes of ImageNet."""
FEATURES = {
    "ConvNeXtBase": 1024, "ConvNeXtLarge": 1536, "ConvNeXtSmall": 768, "ConvNeXtTiny": 768, "ConvNeXtXLarge": 2048,
    "DenseNet121": 1024, "DenseNet169": 1664, "DenseNet201": 1920, "EfficientNetB0": 1280, "EfficientNetB1": 1280,
    "EfficientNetB2": 1408, "EfficientNetB3": 1536, "EfficientNetB4": 1792, "EfficientNetB5": 2048,
    "EfficientNetB6": 2304, "EfficientNetB7": 2560, "EfficientNetV2B0": 1280, "EfficientNetV2B1": 1280,
    "EfficientNetV2B2": 1408, "EfficientNetV2B3": 1536, "EfficientNetV2L": 1280, "EfficientNetV2M": 1280,
    "EfficientNetV2S": 1280, "InceptionResNetV2": 1536, "InceptionV3": 2048, "MobileNet": 1024, "MobileNetV2": 1280,
    "MobileNetV3Large": 960, "MobileNetV3Small": 576, "NASNetLarge": 4032, "NASNetMobile": 1056, "ResNet101": 2048,
    "ResNet101V2": 2048, "ResNet152": 2048, "ResNet152V2": 2048, "ResNet50": 2048, "ResNet50V2": 2048, "VGG16": 512,
    "VGG19": 512, "Xception": 2048,
}  # fmt: skip
"""How many numbers a model makes of an image where there is no top, after pooling."""
Step = Callable[[Any], Any]
"""Adds layers to a symbolic tensor."""


class WeightsFile(NamedTuple):
    """A file of weights: its address and the hash of its content, if that is known."""

    address: str
    hash: str | None = None


class Weights(NamedTuple):
    """The two files of a model's weights: with its top layers and without."""

    whole: WeightsFile
    without_top: WeightsFile


def usual_weights(folder: str, model: str, hashes: Sequence[str]) -> Weights:
    """Returns the files of a model by the names that most of Keras's have."""
    address = f"{KERAS_FILES}{folder}/{model}_weights_tf_dim_ordering_tf_kernels"
    return Weights(WeightsFile(f"{address}.h5", hashes[0]), WeightsFile(f"{address}_notop.h5", hashes[1]))


@dataclass(frozen=True)
class Asked:
    """What a program asks of a model; see `constructor`."""

    model: str
    include_top: bool = True
    weights: Any = "imagenet"
    input_tensor: Any = None
    input_shape: Any = None
    pooling: str | None = None
    classes: int = CLASSES
    classifier_activation: Any = "softmax"
    name: str | None = None

    def __post_init__(self) -> None:
        if self.pooling not in (None, "avg", "max"):
            raise OptionError(
                f"{self.model}: expected pooling to be None, 'avg' or 'max', received {self.pooling!r}."
            )
        if self.weights is not None and not _is_place(self.weights):
            raise OptionError(
                f"{self.model}: expected weights to be None, 'imagenet', or a path or address of a file of weights, received "
                f"{str(self.weights)[:200]!r}, which does not exist."
            )
        if self.weights == "imagenet" and self.include_top and self.classes != CLASSES:
            raise OptionError(
                f"{self.model}: expected classes={CLASSES} with weights='imagenet' and include_top=True, received "
                f"{self.classes}. Take include_top=False and add a Dense layer of your own."
            )
        if self.weights is not None and self.include_top and _word(self.classifier_activation) is None:
            raise OptionError(
                f"{self.model}: expected classifier_activation to be 'softmax' or None with weights of a file, received "
                f"{self.classifier_activation!r}."
            )
        if self.input_tensor is not None and not is_keras_tensor(self.input_tensor):
            raise OptionError(
                f"{self.model}: expected input_tensor to be a symbolic tensor, what keras.Input(...) and layers give, received "
                f"{type(self.input_tensor).__name__}."
            )
        if config.image_data_format() != "channels_last":
            raise OptionError(
                f"{self.model}: models are built for images with their channels last. Call "
                "keras.config.set_image_data_format('channels_last')."
            )

    def called(self, name: str) -> Asked:
        """Returns the same with a name for the model."""
        return replace(self, name=name)


def _is_address(place: Any) -> bool:
    return str(place).startswith(("https://", "http://"))


def _is_place(weights: Any) -> bool:
    if isinstance(weights, str) and (weights == "imagenet" or _is_address(weights)):
        return True
    return isinstance(weights, (str, os.PathLike)) and Path(weights).exists()


def _word(activation: Any) -> str | None:
    """Returns the name of an activation that pretrained weights may have; None for another one."""
    name = "linear" if activation is None else getattr(activation, "__name__", activation)
    return name if name in ("softmax", "linear") else None


def shape_of_input(asked: Asked, usual: int, least: int, needs_sizes: bool = True) -> tuple[int | None, ...]:
    """Returns the shape of one image that a model takes.

    Args:
        asked: what the program asks for.
        usual: width and height where nothing else is asked for.
        least: the smallest width and height.
        needs_sizes: whether the top layers need to know them.

    Raises:
        ShapeError: the images are too small, or of a shape that the weights are not for.
    """
    given, needs = asked.input_shape, asked.include_top and needs_sizes
    if given is None:
        return (usual, usual, 3) if needs else (None, None, 3)
    shape = tuple(given)
    if len(shape) != 3:
        raise ShapeError(
            f"{asked.model}: expected input_shape of 3 numbers, rows, columns and channels, received {list(shape)}."
        )
    if asked.weights == "imagenet" and needs and shape != (usual, usual, 3):
        raise ShapeError(
            f"{asked.model}: expected input_shape ({usual}, {usual}, 3) with weights='imagenet' and include_top=True, received "
            f"{shape}. Take include_top=False for images of another size."
        )
    if asked.weights == "imagenet" and shape[-1] != 3:
        raise ShapeError(
            f"{asked.model}: expected images of 3 channels with weights='imagenet', received {shape}."
        )
    if any(size is not None and size < least for size in shape[:2]):
        raise ShapeError(f"{asked.model}: expected images of at least {least} x {least}, received {shape}.")
    if needs and None in shape:
        raise ShapeError(
            f"{asked.model}: expected input_shape without None with include_top=True, received {shape}."
        )
    return shape


def default_top(x: Any, asked: Asked) -> Any:
    """Returns the classes of an image: the mean of each channel, then a Dense layer."""
    x = layers.GlobalAveragePooling2D(name="avg_pool")(x)
    return classified(x, asked)


def classified(x: Any, asked: Asked, **options: Any) -> Any:
    """Returns the classes that a Dense layer sees in features."""
    return layers.Dense(asked.classes, activation=asked.classifier_activation, name="predictions", **options)(
        x
    )


def pooled(x: Any, pooling: str | None, named: bool = False) -> Any:
    """Returns features as they are, or one number for each channel."""
    if pooling is None:
        return x
    kind = layers.GlobalAveragePooling2D if pooling == "avg" else layers.GlobalMaxPooling2D
    return kind(name=f"{pooling}_pool" if named else None)(x)


def assembled(
    asked: Asked,
    shape: Sequence[int | None],
    body: Step,
    top: Callable[[Any, Asked], Any] = default_top,
    rest: Callable[[Any, str | None], Any] = pooled,
    files: Weights | None = None,
) -> Functional:
    """Returns a model with its weights.

    Args:
        asked: what the program asks for.
        shape: of one image.
        body: adds the layers between the input and the top.
        top: adds the top layers.
        rest: adds what comes in their place.
        files: of the weights of ImageNet.

    Raises:
        StorageError: a file of weights cannot be read; the error says what to do.
    """
    path = None if asked.weights is None else _path_of_weights(asked, files)
    given = asked.input_tensor
    x = layers.Input(shape=shape) if given is None else given
    sources = [x] if given is None else get_source_inputs(given)
    x = body(x)
    x = top(x, asked) if asked.include_top else rest(x, asked.pooling)
    model = Functional(sources[0] if len(sources) == 1 else sources, x, name=asked.name)
    if path is not None:
        model.load_weights(path)
    return model


def _path_of_weights(asked: Asked, files: Weights | None) -> Any:
    """Returns where the weights lie, fetched if they are to be."""
    if asked.weights == "imagenet":
        if files is None:
            raise OptionError(
                f"{asked.model}: there are no weights of ImageNet for these options. Take weights=None, or a path to a file."
            )
        file = files.whole if asked.include_top else files.without_top
    elif _is_address(asked.weights):
        file = WeightsFile(str(asked.weights))
    else:
        return asked.weights
    try:
        return get_file(None, file.address, cache_subdir="models", file_hash=file.hash)
    except StorageError as error:
        error.add_note(
            f"{asked.model}: download {file.address} yourself, put it where this program runs (in a page: drop it there), and "
            "pass its path: weights='...'. weights=None begins with random weights."
        )
        raise


def padding_before(x: Any, size: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Returns the zeros around images that let a convolution of stride 2 see the pixels that Keras's weights were trained for.

    Args:
        x: symbolic images.
        size: of the kernel, odd.
    """
    half = size // 2
    rows, columns = ((1 if n is None else 1 - n % 2) for n in x.shape[1:3])
    return (half - rows, half), (half - columns, half)


def divisible(value: float, divisor: int = 8) -> int:
    """Returns the multiple of a divisor that is nearest to a number of channels, and not below nine tenths of it."""
    near = max(divisor, int(value + divisor / 2) // divisor * divisor)
    return near + divisor if near < 0.9 * value else near


def describe(
    make: Any,
    model: str,
    text: str,
    source: str,
    preprocessing: str,
    further: Mapping[str, str] | None = None,
) -> Any:
    """Returns a function that makes a model, with its name and what `help` shows.

    Args:
        make: the function.
        model: what it makes.
        text, source, preprocessing: of the model.
        further: what is said of options that other models lack.
    """
    make.__name__ = make.__qualname__ = model
    own = "".join(f"\n        {name}: {said}" for name, said in (further or {}).items())
    make.__doc__ = f"""Returns the model {model}: {text}

    {preprocessing}

    Args:{own}
        include_top: whether the layers that tell classes are part of it.
        weights: 'imagenet', fetched the first time; None for random ones; or a path or address of Keras's `.h5`, `.weights.h5` or
            `.keras` file.
        input_tensor: symbolic tensor that it goes on from.
        input_shape: (rows, columns, channels) of one image.
        pooling: what follows where there is no top: None, 'avg' or 'max' over all pixels of a channel.
        classes: how many the top tells apart.
        classifier_activation: of the top; None for logits.
        name: of the model.

    Returns:
        A `keras.Model`.

    Raises:
        OptionError: an option that the model does not have, or that does not go with the weights.
        ShapeError: images too small, or of a shape that the weights are not for.
        StorageError: the weights cannot be fetched.

    Example:
        >>> from tfjs_pyo import keras
        >>> make = keras.applications.{model}
        >>> base = make(include_top=False, weights=None, input_shape=(96, 96, 3), pooling="avg")
        >>> base.output_shape
        (None, {FEATURES[model]})

    Source: {source}
    """
    return make


def constructor(
    model: str,
    called: str,
    body: Step,
    text: str,
    source: str,
    usual: int = 224,
    least: int = 32,
    mode: str | None = None,
    **parts: Any,
) -> Any:
    """Returns the function that makes a model and has the parameters that most of Keras's have.

    Args:
        model: its name.
        called: what the models are called that it makes.
        body: adds the layers between the input and the top.
        text, source: for `help`.
        usual, least: sizes of images.
        mode: of `preprocess_input`; None where the model takes values from 0 to 255.
        parts: of `assembled`.
    """

    def make(
        include_top: bool = True,
        weights: Any = "imagenet",
        input_tensor: Any = None,
        input_shape: Any = None,
        pooling: str | None = None,
        classes: int = CLASSES,
        classifier_activation: Any = "softmax",
        name: str = called,
    ) -> Functional:
        asked = Asked(
            model,
            include_top,
            weights,
            input_tensor,
            input_shape,
            pooling,
            classes,
            classifier_activation,
            name,
        )
        return assembled(asked, shape_of_input(asked, usual, least), body, **parts)

    return describe(make, model, text, source, preprocessing_note(mode))


def preprocessing_note(mode: str | None) -> str:
    """Returns what `help` says of the images."""
    if mode is None:
        return "It takes images with values from 0 to 255."
    return "It takes images as `preprocess_input` of its module makes them of values from 0 to 255."


__all__ = [
    "CLASSES", "KERAS_FILES", "STORAGE", "Asked", "Step", "Weights", "WeightsFile", "assembled", "classified", "constructor",
    "default_top", "describe", "divisible", "padding_before", "pooled", "preprocessing_note", "shape_of_input", "usual_weights",
]  # fmt: skip
