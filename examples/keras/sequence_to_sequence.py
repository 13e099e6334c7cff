"""Sequences to sequences with Keras: an LSTM reads a word, another one writes it backwards.

The decoder learns with the right letters as its input. Afterwards the parts of the model are put together anew, and it writes
letter by letter, each from the one before.
"""

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(23)
rng = np.random.default_rng(23)
LETTERS = "\tabcde\n"  # the first begins a word, the last ends it
LENGTH, UNITS = 4, 48

words = ["".join(rng.choice(list("abcde"), size=LENGTH)) for _ in range(500)]
code = {letter: number for number, letter in enumerate(LETTERS)}


def one_hot(texts):
    """Returns letters as rows of zeros and a one."""
    numbers = np.array([[code[letter] for letter in text] for text in texts])
    return np.eye(len(LETTERS), dtype="float32")[numbers]


encoder_data = one_hot(words)
decoder_data = one_hot(["\t" + word[::-1] for word in words])
target_data = one_hot([word[::-1] + "\n" for word in words])

encoder_inputs = keras.Input(shape=(None, len(LETTERS)))
encoder = layers.LSTM(UNITS, return_state=True)
_, state_h, state_c = encoder(encoder_inputs)
encoder_states = [state_h, state_c]

decoder_inputs = keras.Input(shape=(None, len(LETTERS)))
decoder_lstm = layers.LSTM(UNITS, return_sequences=True, return_state=True)
decoder_outputs, _, _ = decoder_lstm(decoder_inputs, initial_state=encoder_states)
decoder_dense = layers.Dense(len(LETTERS), activation="softmax")
decoder_outputs = decoder_dense(decoder_outputs)
model = keras.Model([encoder_inputs, decoder_inputs], decoder_outputs)

model.compile(optimizer=keras.optimizers.Adam(0.02), loss="categorical_crossentropy", metrics=["accuracy"])
history = model.fit([encoder_data, decoder_data], target_data, batch_size=50, epochs=6, validation_split=0.1)
losses = history.history["loss"]

encoder_model = keras.Model(encoder_inputs, encoder_states)
state_inputs = [keras.Input(shape=(UNITS,)), keras.Input(shape=(UNITS,))]
outputs, state_h, state_c = decoder_lstm(decoder_inputs, initial_state=state_inputs)
decoder_model = keras.Model([decoder_inputs, *state_inputs], [decoder_dense(outputs), state_h, state_c])


def backwards(word):
    """Returns what the model writes for a word."""
    states = encoder_model.predict(one_hot([word]), verbose=0)
    letter, written = "\t", ""
    while len(written) < 2 * LENGTH:
        probabilities, *states = decoder_model.predict([one_hot([letter]), *states], verbose=0)
        letter = LETTERS[int(probabilities[0, -1].argmax())]
        if letter == "\n":
            break
        written += letter
    return written


for word in words[:5]:
    print(f"{word} -> {backwards(word)}")
