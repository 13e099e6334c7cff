"""Training of a model that was loaded goes on as before: with every optimizer, schedules and options, in every form of files."""

import numpy as np
import pytest

from tfjs_pyo import keras

O = keras.optimizers  # noqa: E741 (short, as there are many)
S = O.schedules
X, Y = np.linspace(-1, 1, 24, dtype="float32").reshape(8, 3), np.ones((8, 2), "float32")
WRAPPERS = ("Optimizer", "LossScaleOptimizer", "MultiOptimizer", "OptimizerMap", "TFOptimizer")
KINDS = [
    name for name in dir(O)
    if isinstance(getattr(O, name), type) and issubclass(getattr(O, name), O.Optimizer) and name not in WRAPPERS
]  # fmt: skip
OPTIMIZERS = {
    **{name: getattr(O, name) for name in KINDS},
    "momentum": lambda: O.SGD(0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "centered": lambda: O.RMSprop(momentum=0.5, centered=True),
    "averages": lambda: O.Adam(amsgrad=True, use_ema=True, ema_overwrite_frequency=3),
    "cosine": lambda: O.Adam(S.CosineDecay(0.1, 10, warmup_steps=2)),
    "polynomial": lambda: O.Adamax(S.PolynomialDecay(0.1, 10)),
    "constants": lambda: O.SGD(S.PiecewiseConstantDecay([2, 4], [0.1, 0.01, 0.001])),
    "restarts": lambda: O.Nadam(S.CosineDecayRestarts(0.1, 3)),
    "inverse": lambda: O.SGD(S.InverseTimeDecay(0.1, 2, 0.5), momentum=0.5),
    "exponential": lambda: O.Adagrad(S.ExponentialDecay(0.1, 2, 0.5)),
    "norm": lambda: O.Adam(clipnorm=0.1),
    "global_norm": lambda: O.Adam(global_clipnorm=0.1),
    "value": lambda: O.SGD(clipvalue=0.1),
    "accumulated": lambda: O.Adam(gradient_accumulation_steps=2),
    "scaled": lambda: O.Adam(loss_scale_factor=8.0),
}


def made(optimizer):
    L = keras.layers  # noqa: N806 (short, as in Keras's programs)
    model = keras.Sequential([keras.Input((3,)), L.Dense(4, activation="tanh"), L.Dense(2)])
    model.set_weights([np.linspace(-1, 1, w.size).reshape(w.shape) for w in model.get_weights()])
    model.compile(optimizer, "mse", metrics=["mae"])
    return model


@pytest.mark.parametrize("ending", [".keras", ".h5", ""])
@pytest.mark.parametrize("name", OPTIMIZERS)
def test_training_goes_on(tmp_path, name, ending):
    model = made(OPTIMIZERS[name]())
    model.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    model.save(tmp_path / f"m{ending}")
    again = keras.models.load_model(tmp_path / f"m{ending}")
    assert type(again.optimizer) is type(model.optimizer)
    assert int(again.optimizer.iterations.numpy()) == int(model.optimizer.iterations.numpy())
    for each in (model, again):
        each.fit(X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0)
    for a, b in zip(again.get_weights(), model.get_weights(), strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("place", "options", "files"),
    [
        ("{epoch:02d}-{val_mae:.0f}.keras", {}, ["01-1.keras", "02-1.keras"]),
        ("best.keras", {"save_best_only": True, "monitor": "val_loss", "mode": "min"}, ["best.keras"]),
        ("w-{epoch}.weights.h5", {"save_weights_only": True}, ["w-1.weights.h5", "w-2.weights.h5"]),
        ("all-{epoch}.h5", {"save_freq": 3}, ["all-2.h5"]),
        ("never.keras", {"save_best_only": True, "initial_value_threshold": -1.0}, []),
    ],
)
def test_checkpoints(tmp_path, place, options, files):
    model = made("sgd")
    checkpoint = keras.callbacks.ModelCheckpoint(tmp_path / place, **options)
    data = (X, Y)
    model.fit(
        X, Y, batch_size=4, epochs=2, shuffle=False, verbose=0, validation_data=data, callbacks=[checkpoint]
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == files
    for name in files:
        if name.endswith(".weights.h5"):
            made("sgd").load_weights(tmp_path / name)
        else:
            assert keras.models.load_model(tmp_path / name).compiled
