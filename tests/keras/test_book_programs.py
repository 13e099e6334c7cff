"""Programs as books and courses have them, in TensorFlow's spelling, run unchanged: texts by a Tokenizer, images of a folder."""

import warnings

import numpy as np
import pytest

from tests.keras.preprocessing_cases import gallery
from tfjs_pyo import keras

TEXTS = """
import numpy as np
import tensorflow as tf
from tensorflow.keras.preprocessing.text import Tokenizer
from tensorflow.keras.preprocessing.sequence import pad_sequences
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Embedding, LSTM, Dense

tf.random.set_seed(1)
good = ["I loved this film", "A great film, truly great!", "Wonderful, I loved it", "great fun"] * 3
bad = ["I hated this film", "An awful film, truly awful!", "Terrible, I hated it", "awful noise"] * 3
labels = np.array([1] * len(good) + [0] * len(bad))

tokenizer = Tokenizer(num_words=50, oov_token="<OOV>")
tokenizer.fit_on_texts(good + bad)
vocab_size = len(tokenizer.word_index) + 1
padded = pad_sequences(tokenizer.texts_to_sequences(good + bad), maxlen=6, padding="post", truncating="post")

model = Sequential([
    Embedding(vocab_size, 8, mask_zero=True),
    LSTM(8),
    Dense(1, activation="sigmoid"),
])
model.compile(loss=tf.keras.losses.binary_crossentropy, optimizer=tf.keras.optimizers.Adam(0.05), metrics=["accuracy"])
history = model.fit(padded, labels, epochs=12, batch_size=8, verbose=0)
new = pad_sequences(tokenizer.texts_to_sequences(["a great film", "awful it is"]), maxlen=6, padding="post")
scores = model.predict(new, verbose=0)
"""
IMAGES = """
import numpy as np
from tensorflow.keras import backend as K
from tensorflow.keras.preprocessing.image import ImageDataGenerator
from tensorflow.keras.models import Sequential
from tensorflow.keras.layers import Conv2D, MaxPooling2D, Flatten, Dense, Dropout

np.random.seed(2)
if K.image_data_format() == "channels_first":
    input_shape = (3, 16, 16)
else:
    input_shape = (16, 16, 3)
model = Sequential()
model.add(Conv2D(4, (3, 3), activation="relu", input_shape=input_shape))
model.add(MaxPooling2D(pool_size=(2, 2)))
model.add(Flatten())
model.add(Dropout(0.1))
model.add(Dense(3, activation="softmax"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])

train_datagen = ImageDataGenerator(
    rescale=1.0 / 255, shear_range=0.2, zoom_range=0.2, rotation_range=20, horizontal_flip=True, validation_split=0.2)
train_generator = train_datagen.flow_from_directory(
    train_dir, target_size=(16, 16), batch_size=3, class_mode="categorical", subset="training", seed=1)
validation_generator = train_datagen.flow_from_directory(
    train_dir, target_size=(16, 16), batch_size=2, class_mode="categorical", subset="validation")
history = model.fit(
    train_generator,
    steps_per_epoch=train_generator.samples // 3,
    epochs=4,
    validation_data=validation_generator,
    validation_steps=1,
    verbose=0)
test_generator = ImageDataGenerator(rescale=1.0 / 255).flow_from_directory(
    train_dir, target_size=(16, 16), batch_size=4, class_mode="categorical", shuffle=False)
loss, accuracy = model.evaluate(test_generator, verbose=0)
predictions = model.predict(test_generator, verbose=0)
"""


@pytest.fixture
def run():
    """Runs the text of a program that imports TensorFlow, and returns its names."""
    keras.install()

    def program(text, **given):
        exec(text, given)
        return given

    yield program
    keras.uninstall()


def test_texts_are_classified_by_an_lstm(run):
    found = run(TEXTS)
    assert found["history"].history["loss"][-1] < found["history"].history["loss"][0] / 2
    assert found["scores"][0, 0] > 0.5 > found["scores"][1, 0]
    assert found["tokenizer"].word_index["<OOV>"] == 1
    assert found["padded"].shape == (24, 6)


def test_a_convnet_is_trained_on_images_of_a_folder(run, tmp_path, capsys):
    gallery(tmp_path)
    found = run(IMAGES, train_dir=str(tmp_path))
    assert capsys.readouterr().out.splitlines() == [
        "Found 9 images belonging to 3 classes.",
        "Found 1 images belonging to 3 classes.",
        "Found 10 images belonging to 3 classes.",
    ]
    history = found["history"].history
    assert sorted(history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert len(history["loss"]) == 4
    np.testing.assert_allclose(found["predictions"].sum(1), 1, rtol=1e-5)
    targets = np.eye(3)[found["test_generator"].classes]
    assert found["loss"] == pytest.approx(-np.log((found["predictions"] * targets).sum(1)).mean(), rel=1e-4)
    assert found["test_generator"].class_indices == {"a": 0, "b": 1, "c": 2}


def test_a_generator_goes_on_over_epochs(run):
    """Batches of one epoch that are left over are not lost, and each epoch has a new order."""
    generator = keras.preprocessing.image.ImageDataGenerator()
    flow = generator.flow(np.zeros((6, 2, 2, 1)), np.arange(6.0), batch_size=2, seed=5)
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    assert len(model.fit(flow, epochs=3, verbose=0).history["loss"]) == 3
    assert flow.total_batches_seen == 9
    assert flow.index_array.tolist() != list(range(6))


@pytest.mark.parametrize(
    ("steps", "seen", "short"), [(2, 8, 0), (4, 16, 0), (3, 3 + 1 + 3 + 1, 2), (1, 4, 0)]
)
def test_epochs_of_so_many_steps_begin_again_where_batches_end(run, recwarn, steps, seen, short):
    """As in Keras: an epoch goes on where the one before ended; after the last batch with the first, in an epoch of its own."""
    flow = keras.preprocessing.image.ImageDataGenerator().flow(
        np.zeros((4, 2, 2, 1)), np.arange(4.0), batch_size=1
    )
    model = keras.Sequential([keras.layers.Flatten(), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    warnings.simplefilter("always")
    model.fit(flow, steps_per_epoch=steps, epochs=4, verbose=0)
    assert flow.total_batches_seen == seen
    assert len([each for each in recwarn if "the epoch ends" in str(each.message)]) == short
