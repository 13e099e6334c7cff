"""Files that are cut short or damaged: whoever reads one says so in a FormatError, whatever the reader below met."""

import gzip
import io
import json
import pickle
import random
import tarfile
import zipfile

import numpy as np
import pytest

from tests.isolation import SEED
from tfjs_pyo import keras
from tfjs_pyo import tensorflow as tf
from tfjs_pyo.errors import FormatError, StorageError
from tfjs_pyo.keras.datasets import cifar, sources
from tfjs_pyo.keras.utils import files
from tfjs_pyo.layers import lookup

LINES = "".join(f"{n},{n / 2},text {n}\n" for n in range(60))
TABLE = f"a,b,c\n{LINES}"


def records(path, compression):
    with tf.io.TFRecordWriter(str(path), compression) as writer:
        for number in range(20):
            writer.write(bytes([number]) * 40)


def archive(path):
    data = io.BytesIO(np.random.default_rng(SEED).bytes(3000))
    if path.suffix == ".zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr("some.bin", data.getvalue())
    else:
        with tarfile.open(path, "w:gz") as packed:
            told = tarfile.TarInfo("some.bin")
            told.size = 3000
            packed.addfile(told, data)


def picture(path):
    pixels = np.random.default_rng(SEED).integers(0, 255, (12, 10, 3))
    keras.utils.save_img(path, pixels.astype("uint8"))


def model(path):
    keras.Sequential([keras.Input((3,)), keras.layers.Dense(4)]).save(path)


def sound(path):
    path.write_bytes(tf.audio.encode_wav(np.zeros((200, 1), "float32"), 8000).numpy())


def text(content):
    return lambda path: path.write_bytes(content)


def rows(path, **options):
    return list(tf.data.experimental.make_csv_dataset(str(path), 5, num_epochs=1, shuffle=False, **options))


def table_of_words(path):
    return tf.lookup.TextFileInitializer(
        str(path),
        tf.string,
        tf.lookup.TextFileIndex.WHOLE_LINE,
        tf.int64,
        tf.lookup.TextFileIndex.LINE_NUMBER,
    )


READERS = {
    "TFRecord GZIP": ("a.rec", lambda p: records(p, "GZIP"), lambda p: list(tf.data.TFRecordDataset(str(p), "GZIP"))),
    "TFRecord ZLIB": ("a.rec", lambda p: records(p, "ZLIB"), lambda p: list(tf.data.TFRecordDataset(str(p), "ZLIB"))),
    "TFRecord": ("a.rec", lambda p: records(p, None), lambda p: list(tf.data.TFRecordDataset(str(p)))),
    "TextLine GZIP": ("a.gz", text(gzip.compress(LINES.encode())), lambda p: list(tf.data.TextLineDataset(str(p), "GZIP"))),
    "csv GZIP": ("a.gz", text(gzip.compress(TABLE.encode())), lambda p: rows(p, compression_type="GZIP")),
    "csv": ("a.csv", text(TABLE.encode()), rows),
    "tar": ("a.tar.gz", archive, lambda p: files._unpacked(p, "auto")),
    "zip": ("a.zip", archive, lambda p: files._unpacked(p, "auto")),
    "npz": ("a.npz", lambda p: np.savez_compressed(p, x=np.arange(500), y=np.ones(9)), sources.arrays),
    "pickle": ("a.pkl", text(pickle.dumps({b"data": np.zeros((2, 3072), "uint8"), b"labels": [1, 2]})),
               lambda p: cifar.batch(p, "labels")),
    "word index": ("a.json", text(json.dumps({f"word{n}": n for n in range(40)}).encode()), keras.datasets.imdb.get_word_index),
    "load_img": ("a.png", picture, keras.utils.load_img),
    "decode_image": ("a.png", picture, lambda p: tf.image.decode_image(p.read_bytes())),
    "decode_wav": ("a.wav", sound, lambda p: tf.audio.decode_wav(p.read_bytes())),
    "model": ("a.keras", model, keras.models.load_model),
    "weights": ("a.h5", model, keras.models.load_model),
    "KerasFileEditor": ("a.keras", model, keras.saving.KerasFileEditor),
    "vocabulary": ("a.txt", text("wörter\näpfel\n".encode()), lookup._lines),
    "lookup table": ("a.txt", text("wörter\näpfel\n".encode()), table_of_words),
}  # fmt: skip
"""Name of a file, what writes it, and what reads it."""


def damages(whole, draw):
    """Yields a file cut short and with bytes changed, at drawn places; and what is no such file at all."""
    for end in draw.sample(range(len(whole)), min(12, len(whole))):
        yield whole[:end]
    for place in draw.sample(range(len(whole)), min(25, len(whole))):
        yield whole[:place] + bytes([whole[place] ^ 1 << draw.randrange(8)]) + whole[place + 1 :]
    yield from (b"", b"\xff\xfe\x00", b"<html>not found</html>", draw.randbytes(300))


@pytest.mark.filterwarnings("ignore")  # of options that a changed letter makes unknown
@pytest.mark.parametrize("name", READERS)
def test_a_broken_file_is_told_or_harmless(tmp_path, name, capsys):
    filename, write, read = READERS[name]
    path = tmp_path / filename
    write(path)
    whole = path.read_bytes()
    read(path)
    told = 0
    for number, data in enumerate(damages(whole, random.Random(SEED))):
        other = tmp_path / f"{number}-{filename}"
        other.write_bytes(data)
        try:
            read(other)
        except (FormatError, StorageError):
            told += 1
    assert told > 0
