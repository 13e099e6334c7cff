"""Calls of keras.preprocessing: for record_preprocessing.py and for the test."""

import io
import os
import random
import tempfile
import warnings
from contextlib import redirect_stdout
from pathlib import Path

import numpy as np

TEXTS = ["The cat sat on the mat.", "A dog, a CAT; and the\tbird!", "", "mat mat\nmat", "e-mail me: x_y"]
OTHERS = ["the unknown cat", "dog dog bird sat", ""]


def picture(height=5, width=4, channels=3, seed=0, dtype="float32"):
    """An image of whole numbers, below 256."""
    return np.random.RandomState(seed).randint(0, 256, (height, width, channels)).astype(dtype)


def pictures(count=5, **options):
    return np.stack([picture(seed=seed, **options) for seed in range(count)])


def gallery(folder):
    """Writes small images of three classes to a folder, and a file that is none."""
    from PIL import Image

    for name, count in (("b", 5), ("a", 3), ("c", 2)):
        Path(folder, name).mkdir()
        for number in range(count):
            pixels = picture(6, 4, seed=ord(name) * 10 + number, dtype="uint8")
            Image.fromarray(pixels).save(Path(folder, name, f"{number}.png"))
    Path(folder, "a", "notes.txt").write_text("none", encoding="utf-8")


# Text


def text_calls(keras):
    text = keras.preprocessing.text
    yield "words", [text.text_to_word_sequence(each) for each in TEXTS]
    yield "other words", text.text_to_word_sequence("A,b;C d", filters=",", lower=False, split=";")
    yield "md5", text.hashing_trick(TEXTS[0], 20, hash_function="md5")
    yield "own hash", text.hashing_trick("a bb ccc", 3, hash_function=len, analyzer=str.split)
    for name, options in {
        "all": {},
        "few": {"num_words": 4},
        "few and others": {"num_words": 5, "oov_token": "<?>"},
        "characters": {"char_level": True, "oov_token": "*"},
        "as they are": {"lower": False, "filters": "", "split": "a"},
        "own": {"analyzer": lambda text: text.split()[::-1]},
    }.items():
        tokenizer = text.Tokenizer(**options)
        tokenizer.fit_on_texts(TEXTS)
        tokenizer.fit_on_texts([["the", "New"], ["dog"]])
        sequences = tokenizer.texts_to_sequences([*OTHERS, ["the", "NEW", "bird"]])
        yield (
            name,
            [
                sequences,
                tokenizer.sequences_to_texts([*sequences, [0, 99, 1]]),
                [
                    tokenizer.texts_to_matrix(OTHERS, mode=mode).tolist()
                    for mode in ("binary", "count", "freq", "tfidf")
                ],
                tokenizer.word_index,
                dict(tokenizer.word_counts),
                sorted(tokenizer.word_docs.items()),
                sorted(tokenizer.index_docs.items()),
                tokenizer.document_count,
            ],
        )
    tokenizer = text.Tokenizer(num_words=6)
    tokenizer.fit_on_sequences([[1, 2, 2], [2, 5, 7]])
    yield "sequences", tokenizer.sequences_to_matrix([[1, 2, 2, 7], [5]], "tfidf").tolist()
    tokenizer = text.Tokenizer(oov_token="?")
    tokenizer.fit_on_texts(["b b"])
    again = text.tokenizer_from_json(tokenizer.to_json())
    yield "json", [tokenizer.to_json(), again.to_json(), again.texts_to_sequences(["a b c"])]


# Sequences


def sequence_calls(keras):
    sequence = keras.preprocessing.sequence
    series = np.arange(40).reshape(20, 2)
    for name, options in {
        "plain": {"length": 4, "batch_size": 5},
        "strides": {"length": 6, "sampling_rate": 2, "stride": 3, "batch_size": 2, "start_index": 3},
        "reverse": {"length": 3, "reverse": True, "end_index": 11, "batch_size": 4},
        "shuffled": {"length": 3, "shuffle": True, "batch_size": 4},
    }.items():
        np.random.seed(3)
        windows = sequence.TimeseriesGenerator(series, series[:, 0] * 10, **options)
        batches = [windows[number] for number in range(len(windows))]
        yield name, [len(windows), [[x.tolist(), y.tolist()] for x, y in batches]]
    windows = sequence.TimeseriesGenerator(list(range(9)), list(range(9)), length=2)
    yield "list", [each.tolist() for each in windows[0]]
    yield "table", sequence.make_sampling_table(7, 1e-2).tolist()
    for name, options in {
        "pairs": {"negative_samples": 0, "shuffle": False},
        "negative": {"window_size": 1, "seed": 4},
        "categorical": {"window_size": 2, "negative_samples": 0.5, "categorical": True, "shuffle": False},
        "sampled": {"sampling_table": [0.0, 0.5, 0.9, 0.2, 1.0, 0.5], "seed": 1},
    }.items():
        random.seed(11)
        yield name, list(sequence.skipgrams([1, 2, 0, 3, 4, 5, 1], 6, **options))


# Images


MODES = ("nearest", "constant", "reflect", "wrap")
AFFINE = {
    "rotation": {"theta": 33},
    "half turn": {"theta": 180},
    "shift": {"tx": 1.25, "ty": -2.5},
    "far": {"tx": -13.5, "ty": 17},
    "shear": {"shear": 25},
    "zoom": {"zx": 1.7, "zy": 0.6},
    "all": {"theta": -70, "tx": 3, "ty": 0.5, "shear": 15, "zx": 0.5, "zy": 2.5},
}


def affine_calls(keras):
    image = keras.preprocessing.image
    for mode in MODES:
        for name, options in AFFINE.items():
            for order in (1, 0):
                found = image.apply_affine_transform(
                    picture(channels=1),
                    row_axis=0,
                    col_axis=1,
                    channel_axis=2,
                    fill_mode=mode,
                    cval=7.5,
                    order=order,
                    **options,
                )
                yield f"{mode} {name} {order}", found.ravel().tolist()
    first = picture().transpose(2, 0, 1)
    yield "first", image.apply_affine_transform(first, theta=40, tx=1, zx=0.7).tolist()
    yield "swapped", image.apply_affine_transform(first, theta=40, ty=1, row_axis=2, col_axis=1).tolist()
    yield "bytes", image.apply_affine_transform(first.astype("uint8"), theta=20).tolist()
    yield "row", image.apply_affine_transform(first[:, :1], theta=90, fill_mode="reflect").tolist()


def image_calls(keras):
    image = keras.preprocessing.image
    x, last = picture(), {"row_axis": 0, "col_axis": 1, "channel_axis": 2}
    yield "channels", image.apply_channel_shift(x, 30.5, channel_axis=2).tolist()
    for scale in (True, False):
        yield f"brightness {scale}", image.apply_brightness_shift(x, 1.3, scale=scale).tolist()
        yield f"range {scale}", image.apply_brightness_shift(x / 100 - 1, 0.6, scale=scale).tolist()
    np.random.seed(5)
    yield "rotation", image.random_rotation(x, 50, **last).tolist()
    yield "shift", image.random_shift(x, 0.4, 0.3, **last, fill_mode="wrap").tolist()
    yield "shear", image.random_shear(x, 30, **last, fill_mode="reflect").tolist()
    yield "zoom", image.random_zoom(x, (0.5, 1.5), **last, interpolation_order=0).tolist()
    yield "no zoom", image.random_zoom(x, (1, 1), **last).tolist()
    yield "channel", image.random_channel_shift(x, 40, channel_axis=2).tolist()
    yield "brightness", image.random_brightness(x, (0.5, 1.5)).tolist()


AUGMENT = {
    "rotation_range": 40, "width_shift_range": 0.3, "height_shift_range": 0.2, "shear_range": 20, "zoom_range": 0.3,
    "channel_shift_range": 20.0, "horizontal_flip": True, "vertical_flip": True, "brightness_range": (0.5, 1.5),
}  # fmt: skip
GENERATORS = {
    "rescale": {"rescale": 1 / 255},
    "all": AUGMENT,
    "modes": {"rotation_range": 90, "fill_mode": "constant", "cval": 3, "interpolation_order": 0},
    "pixels": {"width_shift_range": 2, "height_shift_range": [-1, 2, 0.5], "fill_mode": "wrap"},
    "share": {"width_shift_range": 1.5, "zoom_range": [0.5, 1.2], "fill_mode": "reflect"},
    "samples": {"samplewise_center": True, "samplewise_std_normalization": True},
    "features": {"featurewise_std_normalization": True, "rescale": 0.1},
    "whitened": {"zca_whitening": True, "zca_epsilon": 0.1},
    "own": {"preprocessing_function": lambda x: x[::-1] * 2, "horizontal_flip": True},
}


def generator_calls(keras):
    image = keras.preprocessing.image
    for name, options in GENERATORS.items():
        generator = image.ImageDataGenerator(**options)
        x = pictures(5, height=4, width=3)
        generator.fit(x, augment=name == "features", rounds=2, seed=9)
        flow = generator.flow(x, np.arange(5), batch_size=2, seed=3)
        batches = [next(flow), next(flow), next(flow), next(flow), flow[1]]
        yield name, [[len(batch), batch.ravel()[:20].tolist(), y.tolist()] for batch, y in batches]
        if name not in ("rescale", "samples", "own"):
            parameters = generator.get_random_transform((8, 6, 3), seed=4)
            yield (
                f"{name} parameters",
                {key: None if value is None else float(value) for key, value in parameters.items()},
            )
    flow = image.ImageDataGenerator(validation_split=0.4)
    y, weights = np.array([0, 1, 0, 1, 0]), np.arange(5) / 2
    for subset in ("training", "validation"):
        part = flow.flow(pictures(), y, batch_size=2, subset=subset, seed=1)
        yield subset, [part.n, len(part), [part[number][1].tolist() for number in range(len(part))]]
    part = flow.flow((pictures(), [y, weights]), y, sample_weight=weights, shuffle=False, batch_size=3)
    (images, first, second), labels, weight = part[1]
    yield "more inputs", [list(images.shape), *(each.tolist() for each in (first, second, labels, weight))]


def shown(batch):
    """A batch of images, with targets and weights or without, as JSON."""
    parts = batch if isinstance(batch, tuple) else (batch,)
    rest = [
        [each.tolist() for each in part] if isinstance(part, list) else part.tolist() for part in parts[1:]
    ]
    return [list(parts[0].shape), parts[0].ravel()[::17].tolist(), str(parts[0].dtype), rest]


DIRECTORIES = {
    "all": {},
    "sparse": {"class_mode": "sparse", "color_mode": "grayscale", "interpolation": "bilinear"},
    "chosen": {"class_mode": "binary", "classes": ["c", "a"], "shuffle": False},
    "training": {"subset": "training"},
    "validation": {"subset": "validation", "class_mode": None, "color_mode": "rgba"},
    "input": {"class_mode": "input", "keep_aspect_ratio": True},
}
FRAMES = {
    "classes": {},
    "chosen": {"classes": ["c", "b"], "class_mode": "sparse", "weight_col": "weight"},
    "raw": {"y_col": "weight", "class_mode": "raw", "subset": "training"},
    "columns": {"y_col": ["weight", "class"], "class_mode": "multi_output", "shuffle": False},
    "several": {"y_col": "tags"},
    "none": {"class_mode": None, "subset": "validation"},
}


def table():
    names = [
        f"{folder}/{number}.png"
        for folder, count in (("b", 5), ("a", 3), ("c", 2))
        for number in range(count)
    ]
    labels = [name[0] for name in names]
    return {
        "filename": [*names, "a/9.png"],
        "class": [*labels, "a"],
        "weight": [number / 4 for number in range(11)],
        "tags": [[each, "a"] for each in labels] + [["c"]],
    }


def file_calls(keras, frame=dict):
    image = keras.preprocessing.image
    with (
        tempfile.TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()) as output,
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        gallery(folder)
        generator = image.ImageDataGenerator(
            validation_split=0.4, rescale=0.5, horizontal_flip=True, zoom_range=0.2
        )
        for name, options in DIRECTORIES.items():
            flow = generator.flow_from_directory(folder, target_size=(5, 4), batch_size=3, seed=2, **options)
            batches = [flow[0], next(flow), next(flow)]
            yield f"directory {name}", [
                flow.class_indices, flow.num_classes, flow.samples, flow.classes.tolist(), list(flow.image_shape),
                [each.replace(os.sep, "/") for each in flow.filenames], len(flow), [shown(batch) for batch in batches],
            ]  # fmt: skip
        for name, options in FRAMES.items():
            flow = generator.flow_from_dataframe(
                frame(table()), folder, target_size=(4, 4), batch_size=4, seed=6, **options
            )
            yield f"frame {name}", [
                getattr(flow, "class_indices", None), flow.filenames, len(flow),
                [shown(flow[number]) for number in range(len(flow))],
            ]  # fmt: skip
        yield "output", output.getvalue()


CALLS = {
    "text": text_calls, "sequence": sequence_calls, "affine": affine_calls, "image": image_calls,
    "generator": generator_calls, "files": file_calls,
}  # fmt: skip
