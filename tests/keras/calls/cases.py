"""Layers, metrics and optimizers used in the ways that Keras's can be: for record.py and the tests."""

import numpy as np

MASKS = ("none", "right", "left", "all")
_ROWS = {
    "right": [[1, 1, 0], [1, 1, 1]],
    "left": [[0, 1, 1], [0, 0, 1]],
    "all": [[0, 0, 0], [1, 0, 1]],
}


def mask_of(name):
    """The mask of two sequences of three steps, or None."""
    return np.array(_ROWS[name], bool) if name in _ROWS else None


def filled(*shape, at=0):
    return np.sin(np.arange(np.prod(shape)) * 0.7 + at).reshape(shape).astype("float32")


def settled(layer, *inputs, **options):
    """Calls a layer whose weights are settled first."""
    layer(*inputs)
    layer.set_weights(
        [filled(*np.shape(weight), at=place) for place, weight in enumerate(layer.get_weights())]
    )
    return layer(*inputs, **options)


def _attentions(layers):
    query, value, key = filled(2, 4, 6), filled(2, 3, 6, at=1), filled(2, 3, 6, at=2)
    pairs = (filled(2, 4, 3, at=3) > -0.3).astype(bool)
    for name, options in (
        ("MultiHeadAttention", {"num_heads": 2, "key_dim": 3}),
        (
            "MultiHeadAttention",
            {"num_heads": 2, "key_dim": 3, "value_dim": 2, "output_shape": 5, "use_bias": False},
        ),
        ("GroupQueryAttention", {"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}),
    ):
        for mask in MASKS:
            for scores in (False, True):
                yield (
                    f"{name} {len(options)} {mask} {scores}",
                    lambda name=name, options=options, mask=mask, scores=scores: settled(
                        getattr(layers, name)(**options),
                        query,
                        value,
                        key=key,
                        value_mask=mask_of(mask),
                        key_mask=mask_of("right"),
                        query_mask=np.array([[1, 1, 1, 0], [0, 1, 1, 1]], bool),
                        attention_mask=pairs if scores else None,
                        use_causal_mask=mask == "left",
                        return_attention_scores=scores,
                    ),
                )
    for name in ("Attention", "AdditiveAttention"):
        for mask in MASKS:
            for causal in (False, True):
                yield (
                    f"{name} {mask} {causal}",
                    lambda name=name, mask=mask, causal=causal: settled(
                        getattr(layers, name)(),
                        [query, value, key],
                        mask=[None, mask_of(mask)],
                        use_causal_mask=causal,
                        return_attention_scores=True,
                    ),
                )


def _recurrent(layers):
    x = filled(2, 3, 2)
    for name, states in (("LSTM", 2), ("GRU", 1), ("SimpleRNN", 1)):
        for mask in ("none", "right"):
            yield (
                f"{name} {mask} initial_state",
                lambda name=name, states=states, mask=mask: settled(
                    getattr(layers, name)(3, return_state=True, return_sequences=True),
                    x,
                    initial_state=[filled(2, 3, at=place) for place in range(states)],
                    mask=mask_of(mask),
                ),
            )
        yield (
            f"Bidirectional {name} initial_state",
            lambda name=name, states=states: settled(
                layers.Bidirectional(getattr(layers, name)(3)),
                x,
                initial_state=[filled(2, 3, at=p) for p in range(2 * states)],
            ),
        )
    cells = lambda: [layers.LSTMCell(2), layers.GRUCell(3), layers.SimpleRNNCell(4)]  # noqa: E731
    yield "stacked", lambda: settled(layers.RNN(cells(), return_state=True), x)
    yield (
        "stacked sequences",
        lambda: settled(layers.RNN(cells(), return_state=True, return_sequences=True), x),
    )
    first = [[filled(2, 2), filled(2, 2, at=1)], [filled(2, 3)], [filled(2, 4)]]
    yield (
        "stacked initial_state",
        lambda: settled(layers.RNN(cells(), return_state=True), x, initial_state=first),
    )


def _others(layers):
    x = filled(2, 3, 4)
    for shape in ((2, 3, 4), (2, 1, 4), (4,), (1, 3, 1)):
        yield f"Softmax mask {shape}", lambda shape=shape: layers.Softmax()(x, mask=filled(*shape, at=2) > 0)
        yield f"Softmax numbers {shape}", lambda shape=shape: layers.Softmax()(x, mask=filled(*shape, at=2))
    for axis in (1, [-1], [1]):
        yield f"Softmax axis {axis}", lambda axis=axis: layers.Softmax(axis=axis)(x)
    images = filled(1, 3, 4, 2)
    for way in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        for place in ("channels_last", "channels_first"):
            yield (
                f"UpSampling2D {way} {place}",
                lambda way=way, place=place: layers.UpSampling2D((2, 3), place, way)(images),
            )


def _metrics(metrics):
    true, predicted = filled(6, 3), filled(6, 3) + 0.3 * filled(6, 3, at=2)
    classes, shares = (true > 0).astype("float32"), np.abs(filled(6, 3, at=3))
    weights = {"none": None, "samples": np.abs(filled(6, at=4)), "values": np.abs(filled(6, 3, at=5))}

    def twice(metric, *pairs, weight):
        for pair in pairs:
            metric.update_state(*pair, sample_weight=weight)
        return metric.result()

    for name, weight in weights.items():
        for regressors in (1, 2, 40):
            for way in (None, "uniform_average", "variance_weighted_average"):
                if name == "values":
                    continue
                yield (
                    f"R2Score {name} {regressors} {way}",
                    lambda weight=weight, regressors=regressors, way=way: twice(
                        metrics.R2Score(way, regressors), (true, predicted), (predicted, true), weight=weight
                    ),
                )
        for labels in (None, [0.2, 0.5, 0.3]):
            yield (
                f"AUC {name} {labels}",
                lambda weight=weight, labels=labels: twice(
                    metrics.AUC(20, multi_label=True, label_weights=labels), (classes, shares), weight=weight
                ),
            )
        yield (
            f"BinaryAccuracy {name}",
            lambda weight=weight: twice(
                metrics.BinaryAccuracy(threshold=0.4), (classes, shares), weight=weight
            ),
        )
    for shape in ((6, 3), (6, 1), (6,)):
        yield (
            f"binary_accuracy {shape}",
            lambda shape=shape: metrics.binary_accuracy(
                classes.ravel()[: np.prod(shape)].reshape(shape),
                shares.ravel()[: np.prod(shape)].reshape(shape),
            ),
        )


def _optimizers(keras):
    """State after three steps: the shapes of all variables, and the rate."""
    optimizers, halves = keras.optimizers, keras.optimizers.schedules.ExponentialDecay(0.1, 2, 0.5)

    def stepped(optimizer, *shown):
        variables = [keras.Variable(filled(*shape)) for shape in ((3, 4), (4,), (2, 3, 2))]
        for step in range(3):
            gradients = [keras.ops.convert_to_tensor(filled(*v.shape, at=step)) for v in variables]
            optimizer.apply_gradients(list(zip(gradients, variables, strict=True)))
        return (
            [np.array(each.shape) for each in optimizer.variables]
            if not shown
            else getattr(optimizer, *shown)
        )

    for name in (
        "SGD",
        "RMSprop",
        "Adam",
        "Adagrad",
        "Adadelta",
        "Adamax",
        "Ftrl",
        "Lion",
        "Lamb",
        "Adafactor",
    ):
        yield f"variables of {name}", lambda name=name: stepped(getattr(optimizers, name)())
    for steps in (None, 2):
        yield (
            f"rate {steps}",
            lambda steps=steps: keras.ops.convert_to_numpy(
                stepped(optimizers.SGD(halves, gradient_accumulation_steps=steps), "learning_rate")
            ),
        )


def _decoding(ops):
    for at, (width, paths, merged, blank) in enumerate(
        ((4, 1, True, 0), (8, 2, True, 3), (3, 1, False, 0), (9, 3, True, None))
    ):
        scores, lengths = 2 * filled(2, 6, 4, at=at), np.array([6, 3 + at])
        for way in ("beam_search", "greedy"):
            options = {"beam_width": width, "top_paths": paths} if way == "beam_search" else {}
            yield (
                f"ctc_decode {way} {at}",
                lambda scores=scores, lengths=lengths, way=way, merged=merged, blank=blank, options=options: (
                    list(
                        ops.ctc_decode(
                            scores, lengths, way, merge_repeated=merged, mask_index=blank, **options
                        )
                    )
                ),
            )


def cases(keras):
    """Names, with functions that give tensors, in lists and tuples."""
    for group in (_attentions, _recurrent, _others):
        yield from group(keras.layers)
    yield from _metrics(keras.metrics)
    yield from _optimizers(keras)
    yield from _decoding(keras.ops)


def numbers(value):
    """Tensors in lists, as shapes with numbers."""
    if isinstance(value, (list, tuple)):
        return [numbers(each) for each in value]
    array = np.asarray(value)
    return {"shape": list(array.shape), "values": [float(f"{x:.6g}") for x in array.ravel()]}
