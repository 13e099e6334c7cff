"""A transformer with Keras: custom layers with attention sort sequences into two classes.

The class of a sequence is whether most of its numbers are small. The block of a transformer and the embedding of places are
layers of the program's own, made of Keras's layers.
"""

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(17)
rng = np.random.default_rng(17)
VOCABULARY, LENGTH = 12, 10


class TransformerBlock(layers.Layer):
    """Attention, then two dense layers; what goes in is added to what comes out of each."""

    def __init__(self, embed_dim, num_heads, ff_dim, rate=0.1, **kwargs):
        super().__init__(**kwargs)
        self.att = layers.MultiHeadAttention(num_heads=num_heads, key_dim=embed_dim)
        self.ffn = keras.Sequential([layers.Dense(ff_dim, activation="relu"), layers.Dense(embed_dim)])
        self.layernorm1 = layers.LayerNormalization(epsilon=1e-6)
        self.layernorm2 = layers.LayerNormalization(epsilon=1e-6)
        self.dropout1 = layers.Dropout(rate)
        self.dropout2 = layers.Dropout(rate)

    def call(self, inputs, training=False):
        attention = self.dropout1(self.att(inputs, inputs), training=training)
        out1 = self.layernorm1(inputs + attention)
        ffn_output = self.dropout2(self.ffn(out1), training=training)
        return self.layernorm2(out1 + ffn_output)


class TokenAndPositionEmbedding(layers.Layer):
    """Numbers of tokens, and of their places, as vectors."""

    def __init__(self, maxlen, vocab_size, embed_dim, **kwargs):
        super().__init__(**kwargs)
        self.token_emb = layers.Embedding(input_dim=vocab_size, output_dim=embed_dim)
        self.pos_emb = layers.Embedding(input_dim=maxlen, output_dim=embed_dim)

    def call(self, x):
        positions = ops.arange(0, ops.shape(x)[-1], 1)
        return self.token_emb(x) + self.pos_emb(positions)


x = rng.integers(0, VOCABULARY, size=(800, LENGTH)).astype("int32")
y = ((x < VOCABULARY // 2).sum(axis=1) > LENGTH // 2).astype("int32")

inputs = layers.Input(shape=(LENGTH,), dtype="int32")
h = TokenAndPositionEmbedding(LENGTH, VOCABULARY, 16)(inputs)
h = TransformerBlock(16, 2, 32)(h)
h = layers.GlobalAveragePooling1D()(h)
h = layers.Dropout(0.1)(h)
h = layers.Dense(16, activation="relu")(h)
outputs = layers.Dense(2, activation="softmax")(h)
model = keras.Model(inputs=inputs, outputs=outputs)
model.summary()

model.compile(
    optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
history = model.fit(x[:700], y[:700], batch_size=50, epochs=4, validation_data=(x[700:], y[700:]))
losses = history.history["loss"]
print("Validation accuracy:", round(history.history["val_accuracy"][-1], 3))
