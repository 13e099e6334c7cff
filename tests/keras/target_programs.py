"""A training program whose targets have other ranks than the outputs; see training_programs.py."""

from tests.waves import filled


def targets_of_other_ranks(keras):
    found = {}
    names = [
        "mse",
        "mae",
        "binary_crossentropy",
        "hinge",
        "huber",
        "log_cosh",
        "poisson",
        "cosine_similarity",
    ]
    for shapes in (((2, 3), (2, 3, 1)), ((2, 3, 1), (2, 3)), ((3,), (1,))):
        target, output = ((6, *shape) for shape in shapes)
        for loss in names:
            if loss == "binary_crossentropy" and output == (6, 1):
                continue
            model = keras.Sequential([keras.Input(output[1:]), keras.layers.Activation("linear")])
            metrics = ["accuracy", "mse"] if output == (6, 2, 3, 1) else []
            model.compile(keras.optimizers.SGD(0.1), loss, metrics=metrics)
            x = 0.5 + filled(output, 3, 0.4)
            y = (filled(target, 4, 1.0) > 0).astype("float32")
            found[f"{loss} of {target} and {output}"] = model.evaluate(x, y, verbose=0)
    return found
