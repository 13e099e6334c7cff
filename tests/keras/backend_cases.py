"""Calls of keras.backend as programs of Keras 2 write them: for record_backend.py and for test_backend.py."""

import numpy as np

CALLS = """
K.abs(a) | K.all(b, axis=1) | K.any(b, axis=0, keepdims=True) | K.arange(3) | K.arange(1, 7, 2, dtype="float32") | K.argmax(a)
K.argmin(a, axis=0) | K.batch_dot(t, t, axes=2) | K.batch_dot(a, a, axes=1) | K.batch_flatten(t)
K.batch_normalization(a, a[0], K.abs(a[1]), a[1], a[0]) | K.bias_add(t, a[0]) | K.bias_add(im, v2, data_format="channels_first")
K.binary_crossentropy(z, p) | K.binary_crossentropy(z, a, from_logits=True) | K.binary_focal_crossentropy(z, p)
K.binary_focal_crossentropy(z, a, apply_class_balancing=True, alpha=0.4, gamma=1.5, from_logits=True) | K.cast(a, "int32")
K.cast_to_floatx([1, 2]) | K.categorical_crossentropy(z, p) | K.categorical_crossentropy(z, a, from_logits=True)
K.categorical_focal_crossentropy(z, p) | K.categorical_focal_crossentropy(z, a, from_logits=True, gamma=1.0) | K.clip(a, -0.5, 1)
K.concatenate([a, a]) | K.concatenate([a, a], axis=0) | K.constant(3) | K.constant([1, 2, 3, 4], shape=(2, 2))
K.conv1d(t, w1) | K.conv1d(t, w1, padding="causal", dilation_rate=2) | K.conv1d(t, w1, strides=2, padding="same")
K.conv2d(im, w2, padding="same") | K.conv2d(im, w2, strides=(2, 1)) | K.conv3d(vol, w3)
K.conv2d_transpose(im, w2t, (1, 9, 11, 3), strides=(2, 2), padding="same") | K.conv2d_transpose(im, w2t, (1, 7, 8, 3))
K.conv2d_transpose(im, w2t, (1, 12, 14, 3), strides=(2, 2)) | K.cos(a) | K.count_params(K.variable(a)) | K.cumprod(a)
K.cumsum(a) | K.cumsum(a, axis=1) | K.depthwise_conv2d(im, wd, padding="same") | K.dot(a, K.transpose(a)) | K.dot(t, s)
K.dtype(K.variable(a)) | K.elu(a, 0.5) | K.equal(x=a, y=a) | K.eval(K.variable(a)) | K.exp(a) | K.expand_dims(a) | K.eye(2)
K.expand_dims(a, 0) | K.flatten(a) | K.foldl(lambda x, y: x * 2 + y, a) | K.foldr(lambda x, y: x * 2 + y, a, a[0] * 0)
K.gather(a, [1, 0]) | K.get_value(K.variable(a)) | K.greater(a, 0.5) | K.greater_equal(a, 0.5) | K.hard_sigmoid(a * 2)
K.in_top_k(p, [2, 0], 1) | K.int_shape(K.variable(a)) | K.is_sparse(a) | K.l2_normalize(a) | K.l2_normalize(a, axis=1)
K.less(a, 0.5) | K.less_equal(a, 0.5) | K.log(p) | K.map_fn(lambda x: x + 1, a) | K.max(a) | K.max(a, axis=1, keepdims=True)
K.maximum(a, 0.5) | K.mean(a, axis=-1) | K.mean(b) | K.min(a, axis=0) | K.minimum(a, 0.5) | K.ndim(a) | K.not_equal(a, a)
K.moving_average_update(K.variable(a), a * 2, 0.9) | K.one_hot([0, 2], 3) | K.ones((2, 3)) | K.ones_like(a, name="n")
K.permute_dimensions(t, (1, 0, 2)) | K.pool2d(im, (2, 2)) | K.pool2d(im, (2, 2), strides=(2, 2), pool_mode="avg", padding="same")
K.pool3d(vol, (2, 2, 2)) | K.pow(a, 2.0) | K.prod(a, axis=1) | K.relu(a) | K.relu(a, alpha=0.2) | K.relu(a, max_value=0.5)
K.relu(a, alpha=0.2, max_value=1.0, threshold=0.3) | K.relu(a * 9, max_value=6) | K.repeat(a, 2) | K.repeat_elements(a, 2, axis=1)
K.reshape(a, (3, 2)) | K.resize_images(im, 2, 3, "channels_last") | K.resize_images(im, 2, 2, "channels_last", "bilinear")
K.resize_volumes(vol, 1, 2, 1, "channels_last") | K.reverse(a, 1) | K.reverse(a, [0, 1]) | K.round(a) | K.shape(a) | K.sigmoid(a)
K.rnn(step, t, [a[:, :2] * 0]) | K.rnn(step, t, [a[:, :2]], go_backwards=True, mask=mask) | K.sign(a) | K.sin(a) | K.softmax(a)
K.rnn(step, t, [a[:, :2]], mask=mask, zero_output_for_mask=True, constants=[a[:, :2]], return_all_outputs=False)
K.rnn(step, t, [a[:, :2]], mask=mask, unroll=True) | K.separable_conv2d(im, wd, wp, strides=(2, 2))
K.softmax(a, axis=0) | K.softplus(a) | K.softsign(a) | K.sparse_categorical_crossentropy([2, 0], p)
K.sparse_categorical_crossentropy([2, 0], a, True)
K.sparse_categorical_crossentropy([2, 0], a, from_logits=True, ignore_class=0) | K.spatial_2d_padding(im) | K.sqrt(a)
K.square(a)
K.spatial_2d_padding(im, ((0, 1), (2, 0)), "channels_first") | K.spatial_3d_padding(vol) | K.squeeze(a[:1], 0) | K.stack([a, a])
K.stack([a, a], axis=2) | K.std(a, axis=1) | K.std(b) | K.stop_gradient(a) | K.sum(a) | K.sum(a, axis=(0, 1), keepdims=True)
K.switch(b, a, a * 0) | K.switch(b[:, :1], a, a * 0)
K.switch(b, K.stack([a, a], 2), K.stack([a, a], 2) * 0)
K.switch(b[0, 0], lambda: a, lambda: a * 0) | K.tanh(a)
K.temporal_padding(t) | K.tile(a[0], 2) | K.tile(a, (1, 2)) | K.to_dense(a) | K.transpose(a) | K.update(K.variable(a), a * 3)
K.update_add(K.variable(a), a) | K.update_sub(K.variable(a), a * 3) | K.var(a) | K.var(b, axis=0) | K.variable(a) | K.zeros((2,))
K.zeros_like(a) | K.batch_get_value([K.variable(a), K.variable(p)]) | K.ctc_batch_cost(labels, probabilities, steps, lengths)
K.ctc_decode(probabilities, steps[:, 0]) | K.ctc_decode(probabilities, steps[:, 0], greedy=False, beam_width=5, top_paths=2)
K.random_bernoulli((2, 3), p=1.0) | K.random_normal((2, 3)) | K.random_uniform((4,), 1, 2) | K.truncated_normal((2, 2))
K.random_normal_variable((2, 3), 0, 1) | K.random_uniform_variable((2, 3), 0, 1) | K.dropout(a, 0.5)
"""
RANDOM = ("K.random_", "K.truncated", "K.dropout")
"""Calls whose shape counts only."""


def calls():
    return [call.strip() for line in CALLS.strip().splitlines() for call in line.split(" | ")]


def values(keras, convert):
    """What the names in the calls mean; `convert` makes tensors of arrays."""
    draw = np.random.RandomState(7)

    def array(*shape):
        return convert(draw.randint(-9, 10, shape).astype("float32") / 8)

    K = keras.backend  # noqa: N806 (programs call it so)
    a, t, s = array(2, 3), array(2, 5, 3), array(2, 3, 4)
    p = K.softmax(a)
    im, vol, v2 = array(1, 5, 6, 2), array(1, 3, 3, 3, 2), array(5)
    shares = K.softmax(array(2, 6, 4) * 3)

    def step(inputs, states):
        new = inputs[:, :2] + states[0] * 0.5
        return new + (states[1] if len(states) > 1 else 0), [new]

    return {
        "K": K, "a": a, "t": t, "s": s, "p": p, "im": im, "vol": vol, "v2": v2, "step": step, "probabilities": shares,
        "b": convert(np.array([[True, False, True], [False, False, True]])), "z": convert(np.float32([[0, 1, 0], [1, 0, 0]])),
        "w1": array(2, 3, 2), "w2": array(3, 3, 2, 3), "w2t": array(3, 3, 3, 2), "w3": array(2, 2, 2, 2, 1),
        "wd": array(2, 2, 2, 2), "wp": array(1, 1, 4, 3),
        "mask": convert(np.array([[True, True, False, True, False], [False, True, True, False, True]])),
        "labels": convert(np.array([[0, 1, 2], [2, 2, 0]])), "steps": convert(np.array([[6], [5]])),
        "lengths": convert(np.array([[3], [2]])),
    }  # fmt: skip
