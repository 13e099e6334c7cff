"""Saves that meet: several to one place, loads meanwhile, what is left of saves that were cut off, names that cannot be."""

import asyncio
import json
import multiprocessing
import random
import threading

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import ArgumentError, StorageError, TfError


def model(number, units=None):
    """A model whose weights are all `number`; its layers differ with the number, too."""
    units = 1 + number % 4 if units is None else units
    dense = tf.layers.dense({"units": units, "inputShape": [3], "name": "d", "kernelInitializer": "zeros"})
    made = tf.sequential({"layers": [dense], "name": "s"})
    made.set_weights([tf.fill([3, units], number), tf.fill([units], number)])
    return made


def number_of(loaded):
    """The number of the one save that a loaded model comes from."""
    values = np.concatenate([weight.numpy().ravel() for weight in loaded.get_weights()])
    assert len(set(values.tolist())) == 1
    return int(values[0])


def files(folder):
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("place", ["folder", "whole.json"])
@pytest.mark.parametrize("seed", range(5))
def test_saves_and_loads_of_one_place_at_once(tmp_path, place, seed):
    draw = random.Random(seed)
    models = [model(number) for number in range(8)]
    target = tmp_path / place

    async def main():
        await models[0].save(target)
        works = [each.save(target) for each in models] + [tf.loadLayersModel(target) for _ in range(8)]
        draw.shuffle(works)
        return await asyncio.gather(*works)

    loaded = [each for each in asyncio.run(main()) if isinstance(each, tf.LayersModel)]
    assert {number_of(each) for each in loaded} <= set(range(8))
    assert number_of(asyncio.run(tf.loadLayersModel(target))) in range(8)
    assert len(files(target if place == "folder" else tmp_path)) == 2


def test_saves_from_threads_go_one_after_the_other(tmp_path):
    models = [model(number) for number in range(4)]
    failed = []

    def work(each):
        async def rounds():
            for _ in range(5):
                await each.save(tmp_path)
                number_of(await tf.loadLayersModel(tmp_path))

        try:
            asyncio.run(rounds())
        except Exception as error:  # noqa: BLE001 (told below)
            failed.append(error)

    threads = [threading.Thread(target=work, args=(each,)) for each in models]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert len(files(tmp_path)) == 2


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="only where folders are locked"
)
def test_a_folder_is_locked_for_other_processes_too(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    from tfjs_pyo.io import writing

    with writing._alone_in(tmp_path), tmp_path.joinpath("x").open("w"):
        import os

        other = os.open(tmp_path, os.O_RDONLY)
        try:
            with pytest.raises(BlockingIOError):
                fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        finally:
            os.close(other)


@pytest.mark.parametrize("way", ["memory://a", "keras"])
def test_other_places_take_saves_at_once_too(tmp_path, way):
    target = tmp_path / "a.keras" if way == "keras" else way

    async def main():
        await asyncio.gather(*(model(number).save(target) for number in range(6)))
        return await tf.loadLayersModel(target)

    if way == "keras":
        assert number_of(asyncio.run(main())) in range(6)
        assert files(tmp_path) == {"a.keras"}
    else:
        assert number_of(asyncio.run(main())) == 5
        asyncio.run(tf.io.removeModel(way))


def test_a_load_that_a_save_comes_between_begins_anew(tmp_path, monkeypatch):
    from tfjs_pyo.io import files as places

    asyncio.run(model(1, 2).save(tmp_path))
    read, newer = places._read, iter([model(2, 3), model(3, 1)])

    async def slow(path):
        if path.suffix == ".bin" and (made := next(newer, None)) is not None:
            await made.save(tmp_path)  # removes the weights that the load is about to read
        return await read(path)

    monkeypatch.setattr(places, "_read", slow)
    assert number_of(asyncio.run(tf.loadLayersModel(tmp_path))) == 3


def test_what_saves_left_that_were_cut_off_goes_with_the_next(tmp_path):
    asyncio.run(model(1).save(tmp_path))
    left = [".tfjs-pyo-0123456789abcdef.part", "weights.0123456789ab.bin"]
    kept = {
        "weights.of.mine.bin": b"1", "notes.part": b"2", "weights.bin.bak": b"3",
        "weights.ba9876543210.bin": b"4", "copy.json": b'{"weights.ba9876543210.bin"}',
    }  # fmt: skip
    for name, content in {**dict.fromkeys(left, b"0"), **kept}.items():
        (tmp_path / name).write_bytes(content)
    asyncio.run(model(2).save(tmp_path))
    assert number_of(asyncio.run(tf.loadLayersModel(tmp_path))) == 2
    found = files(tmp_path)
    assert not found & set(left)
    assert {name: (tmp_path / name).read_bytes() for name in kept} == kept
    assert len(found - set(kept)) == 2


@pytest.mark.parametrize(
    "paths",
    [
        ["weights.d/a.bin"], ["./weights.bin"], ["deep/down/weights.bin", "weights.bin"], ["../weights.bin"], ["", "."],
        ["/weights.bin"],
    ],
)  # fmt: skip
def test_weights_that_an_older_model_json_names(tmp_path, paths):
    """Those of other programs stay; a save is not kept from its work by them."""
    made = model(3)
    asyncio.run(made.save(tmp_path))
    told = json.loads((tmp_path / "model.json").read_text())
    told["weightsManifest"][0]["paths"] = paths
    (tmp_path / "model.json").write_text(json.dumps(told))
    for name in ("weights.d", "deep/down"):
        (tmp_path / name).mkdir(parents=True)
        for file in ("a.bin", "weights.bin"):
            (tmp_path / name / file).write_bytes(b"theirs")
    asyncio.run(model(1).save(tmp_path))
    assert number_of(asyncio.run(tf.loadLayersModel(tmp_path))) == 1
    assert (tmp_path / "weights.d" / "a.bin").read_bytes() == b"theirs"
    assert (tmp_path / "deep" / "down" / "weights.bin").read_bytes() == b"theirs"


NAMES = {"NUL": "a\0b", "surrogate": "a\ud800b", "long": "x" * 5000, "many folders": "a/" * 3000 + "b"}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
@pytest.mark.parametrize("form", ["path", "file", "keras", "weights", "csv", "data", "browser"])
def test_names_that_no_file_has(tmp_path, name, form):
    path = f"{tmp_path}/{name}"

    async def work():
        if form == "csv":
            tf.callbacks.CSVLogger(path).on_train_begin()
        elif form == "data":
            [line async for line in tf.data.TextLineDataset(tf.data.FileDataSource(path))]
        elif form == "browser":
            await tf.loadLayersModel(tf.io.browserFiles([path]))
        elif form == "weights":
            model(1).load_weights(path)
        else:
            place = f"file://{path}" if form == "file" else f"{path}.keras" if form == "keras" else path
            with pytest.raises(StorageError, match=r"save: .*could not be written"):
                await model(1).save(place)
            await tf.loadLayersModel(place)

    with pytest.raises(StorageError, match="could not be"):
        asyncio.run(work())


@pytest.mark.parametrize("name", ["", " ", "file://"])
def test_an_empty_name_is_no_folder(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    for work in (lambda: model(1).save(name), lambda: tf.loadLayersModel(name)):
        with pytest.raises(ArgumentError, match="expected the path of a model, received"):
            asyncio.run(work())
    assert not files(tmp_path)


def trained_with(callback):
    x = keras.Input((2,))
    made = keras.Model(x, keras.layers.Dense(1)(x))
    made.compile("sgd", "mse")
    made.fit(np.ones((2, 2)), np.ones((2, 1)), verbose=0, callbacks=[callback])


OTHERS = {
    "checkpoint": lambda name: trained_with(keras.callbacks.ModelCheckpoint(f"{name}.keras")),
    "backup": lambda name: trained_with(keras.callbacks.BackupAndRestore(name)),
    "log": lambda name: trained_with(keras.callbacks.CSVLogger(name)),
    "name in the cache": lambda name: keras.utils.get_file(name, "http://127.0.0.1:9/x"),
    "cache": lambda name: keras.utils.get_file("x", "http://127.0.0.1:9/x", cache_dir=name),
    "data set": keras.datasets.mnist.load_data,
    "images": keras.utils.image_dataset_from_directory,
    "texts": keras.utils.text_dataset_from_directory,
    "picture": keras.utils.load_img,
    "load": keras.models.load_model,
    "source": lambda name: asyncio.run(tf.data.csv(name).to_array()),
}


@pytest.mark.parametrize("name", [*NAMES.values(), "/".join(["y" * 200] * 30)], ids=[*NAMES, "deep"])
@pytest.mark.parametrize("use", OTHERS)
def test_names_that_no_file_has_are_refused_in_words_wherever_they_are_given(
    tmp_path, monkeypatch, name, use
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(TfError):
        OTHERS[use](name)


def test_a_save_leaves_names_of_full_length(tmp_path):
    """Names of files that are written for a while are short, whatever the name of the model is."""
    target = tmp_path / f"{'x' * 235}.json"
    asyncio.run(model(2).save(target))
    assert number_of(asyncio.run(tf.loadLayersModel(target))) == 2
