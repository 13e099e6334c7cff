"""The models of keras.applications that are compared, and what is compared of them: for Keras and for this package."""

import hashlib
import json
import math
import re

import numpy as np

PLAIN = {"weights": None}
SMALL = {"weights": None, "include_top": False, "pooling": "avg"}

STRUCTURES = [
    *[
        (name, PLAIN)
        for name in (
            "ConvNeXtBase", "ConvNeXtLarge", "ConvNeXtSmall", "ConvNeXtTiny", "ConvNeXtXLarge", "DenseNet121", "DenseNet169",
            "DenseNet201", "EfficientNetB0", "EfficientNetB1", "EfficientNetB2", "EfficientNetB3", "EfficientNetB4",
            "EfficientNetB5", "EfficientNetB6", "EfficientNetB7", "EfficientNetV2B0", "EfficientNetV2B1", "EfficientNetV2B2",
            "EfficientNetV2B3", "EfficientNetV2L", "EfficientNetV2M", "EfficientNetV2S", "InceptionResNetV2", "InceptionV3",
            "MobileNet", "MobileNetV2", "MobileNetV3Large", "MobileNetV3Small", "NASNetLarge", "NASNetMobile", "ResNet101",
            "ResNet101V2", "ResNet152", "ResNet152V2", "ResNet50", "ResNet50V2", "VGG16", "VGG19", "Xception",
        )
    ],
    ("MobileNet", {**PLAIN, "alpha": 0.5, "depth_multiplier": 2, "input_shape": (128, 128, 3), "classes": 7}),
    ("MobileNetV2", {**PLAIN, "alpha": 1.4, "input_shape": (96, 96, 3), "classifier_activation": None}),
    ("MobileNetV2", {**SMALL, "alpha": 0.35, "name": "mine"}),
    ("MobileNetV3Small", {**PLAIN, "minimalistic": True, "alpha": 1.25, "include_preprocessing": False}),
    ("MobileNetV3Large", {**SMALL, "input_shape": (64, 96, 1)}),
    ("EfficientNetV2B1", {**SMALL, "include_preprocessing": False}),
    ("EfficientNetB0", {**SMALL, "input_shape": (45, 61, 3)}),
    ("ResNet50", {**SMALL, "pooling": "max", "input_shape": (64, 64, 1)}),
    ("ResNet50V2", {**SMALL, "pooling": None}),
    ("VGG16", {**PLAIN, "input_shape": (64, 48, 3), "classes": 3, "classifier_activation": "sigmoid"}),
    ("ConvNeXtTiny", SMALL),
    ("NASNetMobile", {**SMALL, "input_shape": (64, 64, 3)}),
]  # fmt: skip
"""Names and options of the models whose layers and weights are compared."""

OUTPUTS = [
    ("ConvNeXtTiny", {"input_shape": (32, 32, 3)}),
    ("DenseNet121", {"input_shape": (32, 32, 3)}),
    ("EfficientNetB0", {"input_shape": (33, 47, 3)}),
    ("EfficientNetV2B0", {"input_shape": (32, 32, 3)}),
    ("InceptionResNetV2", {"input_shape": (75, 75, 3)}),
    ("InceptionV3", {"input_shape": (75, 75, 3)}),
    ("MobileNet", {"input_shape": (32, 32, 3), "alpha": 0.25}),
    ("MobileNetV2", {"input_shape": (37, 32, 3), "alpha": 0.35}),
    ("MobileNetV3Small", {"input_shape": (32, 32, 3)}),
    ("MobileNetV3Large", {"input_shape": (32, 32, 3), "alpha": 0.75, "minimalistic": True}),
    ("NASNetMobile", {"input_shape": (35, 35, 3)}),
    ("ResNet50", {"input_shape": (32, 32, 3)}),
    ("ResNet50V2", {"input_shape": (33, 33, 3)}),
    ("VGG16", {"input_shape": (32, 32, 3)}),
    ("Xception", {"input_shape": (71, 71, 3)}),
]
"""Models whose outputs are compared, with images small enough for a test."""

FORMS = (".weights.h5", ".h5", ".keras")
FILES = {
    "MobileNet": ({"alpha": 0.05, "classes": 5}, FORMS),
    "MobileNetV2": ({"alpha": 0.05, "classes": 5}, FORMS),
    "MobileNetV3Small": ({"alpha": 0.05, "include_top": False}, FORMS),
    "EfficientNetB0": ({"classes": 5}, (".weights.h5", ".h5")),
    "ResNet50": ({"include_top": False, "pooling": "avg"}, (".h5",)),
    "VGG16": ({"include_top": False, "pooling": "avg"}, (".h5",)),
}
"""Options of models whose weights Keras wrote to files, and the forms of these; the files of ImageNet's weights are '.h5'."""
LARGE = ("EfficientNetB0", "ResNet50", "VGG16")
"""Those whose weights repeat themselves, so that the files can be packed."""


def file_options(name):
    """The options of a model whose weights are in a file."""
    return {"weights": None, "input_shape": (32, 32, 3), **FILES[name][0]}


_OPTIONS = (
    "filters", "units", "kernel_size", "strides", "padding", "groups", "depth_multiplier", "use_bias", "activation", "axis",
    "epsilon", "momentum", "scale", "center", "rate", "noise_shape", "pool_size", "max_value", "target_shape", "keepdims",
    "offset", "cropping", "drop_path_rate", "init_values", "projection_dim", "mean", "variance",
)  # fmt: skip


_SAME = {"swish": "silu", "hard_swish": "hard_silu"}
"""Names of functions, with others of the same."""


def plain(value):
    """An option as it compares."""
    if isinstance(value, str):
        return _SAME.get(value, value)
    if isinstance(value, (list, tuple)):
        items = [plain(item) for item in value]
        return items[0] if items and all(item == items[0] for item in items) else items
    return f"{value:.7g}" if isinstance(value, (int, float)) and not isinstance(value, bool) else value


def initializer(config):
    """A kernel's initializer as it compares."""
    return [
        config["class_name"],
        {k: plain(config["config"].get(k)) for k in ("scale", "mode", "distribution")},
    ]


def short_name(weight):
    """The last part of a name, without the number that tells it from those of other models."""
    return re.sub(r"_\d+$", "", weight.name.rpartition("/")[2])


def weights_of(owner):
    """Names and shapes of weights, as in Keras: Normalization has a third one there, which nothing reads."""
    found = [(short_name(weight), weight.shape) for weight in owner.weights]
    if any(name == "count" for name, _ in found):
        return found
    return [each for one in found for each in ([one, ("count", ())] if one[0] == "variance" else [one])]


def layers_of(model):
    """Every layer: class, name, shape of its output, options that matter, names and shapes of its weights."""
    found = []
    for layer in model.layers:
        if hasattr(layer, "layers"):
            found.append([type(layer).__name__, layer.name, layers_of(layer)])
            continue
        if type(layer).__name__ == "Operation":  # Keras has these functions, too, but not among the layers
            continue
        config = layer.get_config()
        options = {key: plain(config[key]) for key in _OPTIONS if config.get(key) is not None}
        if config.get("axis") == len(layer.output.shape) - 1:
            options["axis"] = "-1"
        options |= {
            key: initializer(config[key])
            for key in ("kernel_initializer", "depthwise_initializer")
            if config.get(key)
        }
        weights = [[weight, list(shape)] for weight, shape in weights_of(layer)]
        if (
            type(layer).__name__ == "DepthwiseConv2D"
        ):  # the name in the constructor, in TensorFlow.js and in Keras 2
            weights[0][0] = weights[0][0].removeprefix("depthwise_")
        name = "input" if type(layer).__name__ == "InputLayer" else layer.name
        found.append([type(layer).__name__, name, list(layer.output.shape), options, weights])
    return found


def digest(value):
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:16]


def structure(keras, name, options):
    """What is recorded of a model's layers."""
    keras.utils.clear_session()
    model = getattr(keras.applications, name)(**options)
    layers = layers_of(model)
    return {
        "name": model.name,
        "layers": len(layers),
        "weights": len(weights_of(model)),
        "parameters": sum(math.prod(shape) for _, shape in weights_of(model)),
        "listing": digest(layers),
        "order": digest([list(shape) for _, shape in weights_of(model)]),
    }


def made_up(number, name, shape, period=None):
    """First values of a weight that follow from its number, name and shape, and repeat themselves after a period."""
    count = math.prod(shape)
    places = np.arange(count, dtype=np.float64)
    if period is not None:
        places %= period
    spread = np.sin(places * 12.9898 + number * 78.233) * 43758.5453
    drawn = 2 * (spread - np.floor(spread)) - 1
    if name in ("gamma", "moving_variance", "variance"):
        values = 1 + 0.2 * drawn
    elif len(shape) > 1:
        depthwise = len(shape) == 4 and shape[-1] == 1
        values = drawn * math.sqrt(4.5 / math.prod(shape[: 2 if depthwise else -1]))
    else:
        values = 0.1 * drawn
    return values.reshape(shape)


def image(shape, seed=0):
    """An image with values from 0 to 255."""
    return 127.5 + 1275 * made_up(seed + 5000, "bias", (math.prod(shape),)).reshape(1, *shape)


def with_made_up_weights(model, period=None):
    has_counts = len(weights_of(model)) == len(model.weights)
    made = [
        made_up(number, name, shape, period)
        for number, (name, shape) in enumerate(weights_of(model))
        if has_counts or name != "count"
    ]
    model.set_weights([value.astype(weight.dtype) for value, weight in zip(made, model.weights, strict=True)])
    return model


def outputs(keras, name, options):
    """What is recorded of a model's results: of one image, the mean of each channel."""
    keras.utils.clear_session()
    model = with_made_up_weights(getattr(keras.applications, name)(**SMALL, **options))
    result = model.predict(image(options["input_shape"]).astype("float32") / 255, verbose=0)[0]
    return {
        "values": [float(value) for value in result[:12]],
        "mean": float(result.mean()),
        "deviation": float(result.std()),
    }


def title(mode, data_format, batch):
    return f"{mode}-{data_format}-{batch}"


def preprocessed_image(data_format, batch, dtype):
    """Whole values from 0 to 255, as bytes or as floats."""
    values = (np.arange(18) * 37 % 256).reshape(2, 3, 3)
    values = values.transpose(2, 0, 1) if data_format == "channels_first" else values
    return (values[None] if batch else values).astype(dtype)
