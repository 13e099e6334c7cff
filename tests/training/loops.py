"""Every way of writing a training loop, in both faces: what record_loops.mjs has in TensorFlow.js, and tapes and own steps.

The page runs this file after faces.py, so it needs nothing but the package.
"""

import tfjs_pyo as tf
from tests.training.faces import (
    FACES,
    PROGRAMS,
    STEPS,
    TAPES,
    TFJS_WAYS,
    TfjsFace,
    adam,
    data,
    filled,
    mse,
    net,
    number,
    program,
    steps,
    taped,
    variables,
    wave,
    ways,
    weights_of,
)


def crossed(way, through):
    async def run(face):
        model, optimizer, d = net(face), adam(), data()
        outputs, step = face.through()[through], ways(face)[way]
        make = lambda i: step(optimizer, lambda: mse(outputs(model, d["x"])), variables(model))  # noqa: E731
        return [await steps(make), model]

    return run


for _through in TfjsFace().through():
    for _way in (*TFJS_WAYS, *TAPES):
        _same = f"minimize through {_through}" if _way in TAPES else None
        program(f"{_way} through {_through}", _same)(crossed(_way, _through))


def with_optimizer(name, *options):
    async def run(face):
        model, optimizer, d = net(face), getattr(tf.train, name)(*options), data()
        return [await steps(lambda i: face.minimize(optimizer, lambda: mse(model.predict(d["x"])))), model]

    return run


for _name, *_options in (
    ("sgd", 0.1), ("momentum", 0.05, 0.9), ("rmsprop", 0.01), ("adagrad", 0.1), ("adadelta", 0.5), ("adamax", 0.05),
):  # fmt: skip
    program(f"minimize with {_name}")(with_optimizer(_name, *_options))


@program("fit")
async def fit(face):
    model, d = face.compile(net(face), adam()), data()
    return [await face.fit(model, d["x"], d["y"]), model]


@program("fit in batches")
async def fit_in_batches(face):
    model, d = face.compile(net(face), adam()), data()
    return [await face.fit(model, d["x"], d["y"], batch=3), model]


@program("fit again and again")
async def fit_again(face):
    model, d = face.compile(net(face), adam()), data()

    async def once(i):
        return (await face.fit(model, d["x"], d["y"], epochs=1))[0]

    return [await steps(once), model]


@program("fit a dataset")
async def fit_a_dataset(face):
    model, d = face.compile(net(face), adam()), data()

    def batches():
        yield d["x"], d["y"]

    return [await face.fit_dataset(model, batches), model]


@program("train on batch")
async def train_on_batch(face):
    model, d = face.compile(net(face), adam()), data()
    return [await steps(lambda i: face.batch(model, d["x"], d["y"])), model]


@program("fit, then minimize")
async def by_turns(face):
    model, own, d = face.compile(net(face), adam()), adam(), data()

    async def step(i):
        if i % 2:
            return face.minimize(own, lambda: mse(model.predict(d["x"])))
        return await face.batch(model, d["x"], d["y"])

    return [await steps(step), model]


@program("minimize what evaluate gives")
async def minimize_evaluate(face):
    model, own, d = face.compile(net(face), adam()), adam(), data()
    return [
        await steps(lambda i: face.minimize(own, lambda: face.evaluated(model, d["x"], d["y"], 3))),
        model,
    ]


@program("minimize what evaluate gives beside metrics")
async def minimize_a_metric(face):
    model, own, d = face.compile(net(face), "sgd", metrics=["mae"]), adam(), data()
    return [
        await steps(lambda i: face.minimize(own, lambda: face.evaluated(model, d["x"], d["y"])[1])),
        model,
    ]


def own_step(body):
    """A program whose models say themselves what a batch goes through."""

    async def run(face):
        base = tf.Sequential if face is FACES["tfjs"] else tf.keras.Sequential

        class Own(base):
            def train_step(self, data):
                return {"loss": body(self, *data)}

        model, d = face.compile(net(face, kind=Own), adam()), data()
        return [await face.fit(model, d["x"], d["y"]), model]

    return run


def of_own_step(model, x, y, way, outputs):
    return way(model.optimizer, lambda: mse(outputs(model, x), y), model.trainable_weights)


for _through in TfjsFace().through():
    for _way in ("minimize", "minimize_list", "variable_grads", "tape"):
        program(f"train_step with {_way} through {_through}", "fit")(
            own_step(
                lambda m, x, y, w=_way, t=_through: of_own_step(
                    m, x, y, ways(FACES["tfjs"])[w], FACES["tfjs"].through()[t]
                )
            )
        )

# Derivatives of functions of tensors


def forward(x, k1, b1, k2, b2):
    return tf.matMul(tf.tanh(tf.matMul(x, k1) + b1), k2) + b2


def loss_of(*weights):
    return mse(forward(data()["x"], *weights))


def descend(take):
    async def run(face):
        values = [net(face).get_weights()]

        def step(i):
            loss, derivatives = take(face, values[0])
            values[0] = [w - d * 0.1 for w, d in zip(values[0], derivatives, strict=True)]
            return loss

        losses = await steps(step)
        return [losses, values[0]]

    return run


def grad_of_each(face, w):
    alone = lambda i: lambda own: loss_of(*w[:i], own, *w[i + 1 :])  # noqa: E731
    return loss_of(*w), [tf.grad(alone(i))(w[i]) for i in range(len(w))]


program("grads")(descend(lambda face, w: (loss_of(*w), tf.grads(loss_of)(w))))
program("value_and_grads")(descend(lambda face, w: tuple(face.value_and_grads(loss_of)(w).values())))
program("grad of each")(descend(grad_of_each))


@program("value_and_grad of the inputs")
async def of_the_inputs(face):
    model, x = net(face), [data()["x"]]

    def step(i):
        both = face.value_and_grad(lambda own: mse(model.predict(own)))(x[0])
        x[0] = x[0] - both["grad"] * 0.5
        return both["value"]

    return [await steps(step), model]


@program("custom_grad")
async def custom_grad(face):
    model, optimizer, d = net(face), adam(), data()

    @face.custom_grad
    def strange(x, save):
        save([x])
        return {"value": tf.square(x), face.rule: lambda dy, saved: [dy * tf.abs(saved[0])]}

    return [
        await steps(
            lambda i: face.minimize(optimizer, lambda: tf.mean(strange(model.predict(d["x"]) - d["y"])))
        ),
        model,
    ]


# TensorFlow.js loses a part of second derivatives where a rule saves the result of its op, as that of tanh does. So the test has
# these numbers from finite differences.


@program("a gradient inside")
async def a_gradient_inside(face):
    model, optimizer, d = net(face), adam(), data()

    def loss():
        slope = tf.grad(lambda x: tf.sum(model.predict(x)))(d["x"])
        return tf.mean(tf.square(tf.sqrt(tf.sum(tf.square(slope), 1)) - 1)) + mse(model.predict(d["x"]))

    return [await steps(lambda i: face.minimize(optimizer, loss)), model]


@program("a tape inside a tape", "a gradient inside")
async def tapes_inside(face):
    model, optimizer, d = net(face), adam(), data()

    def step(i):
        with tf.GradientTape() as outer:
            with tf.GradientTape() as inner:
                outputs = tf.sum(model.predict(d["x"]))
            slope = inner.gradient(outputs, d["x"])
            penalty = tf.mean(tf.square(tf.sqrt(tf.sum(tf.square(slope), 1)) - 1))
            loss = penalty + mse(model.predict(d["x"]))
        listed = model.trainable_weights
        optimizer.apply_gradients(zip(outer.gradient(loss, listed), listed, strict=True))
        return loss

    return [await steps(step), model]


# Frozen parts


def freeze_a_layer(model):
    model.layers[0].trainable = False


def freeze_all_but_the_last(model):
    model.trainable = False
    model.trainable = True
    for layer in model.layers:
        layer.trainable = False
    model.layers[1].trainable = True


def fit_frozen(freeze, before):
    async def run(face):
        model, d = net(face), data()
        if before:
            freeze(model)
        face.compile(model, adam())
        if not before:
            freeze(model)
        return [await face.fit(model, d["x"], d["y"]), model]

    return run


def minimize_frozen(freeze, way):
    async def run(face):
        model, optimizer, d = net(face), adam(), data()
        freeze(model)
        listed = [w for layer in model.layers for w in layer.weights]
        if way in TAPES:
            listed = model.trainable_weights
        step = ways(face)[way]
        return [await steps(lambda i: step(optimizer, lambda: mse(model.predict(d["x"])), listed)), model]

    return run


for _what, _freeze in {
    "a layer": freeze_a_layer,
    "all, then the last layer not": freeze_all_but_the_last,
}.items():
    program(f"fit with frozen {_what}")(fit_frozen(_freeze, True))
    program(f"fit with {_what} frozen since compile")(fit_frozen(_freeze, False))
    for _way in ("minimize", "variable_grads", "minimize_list"):
        program(f"{_way} with frozen {_what}")(minimize_frozen(_freeze, _way))
    program(f"tape with frozen {_what}", f"minimize with frozen {_what}")(minimize_frozen(_freeze, "tape"))


def on_base(face, is_frozen):
    base = net(face, 20, 3, "tanh")
    model = filled(face.sequential([base, face.dense(1)]), 30)
    base.trainable = not is_frozen
    return base, model


@program("fit on a frozen base")
async def fit_on_base(face):
    (_, model), d = on_base(face, True), data()
    return [await face.fit(face.compile(model, adam()), d["x"], d["y"]), model]


@program("minimize on a frozen base")
async def minimize_on_base(face):
    (_, model), optimizer, d = on_base(face, True), adam(), data()
    return [await steps(lambda i: face.minimize(optimizer, lambda: mse(model.predict(d["x"])))), model]


@program("fit on the layers of a frozen base")
async def on_layers_of_base(face):
    base, d = net(face, 20, 3, "tanh"), data()
    cut = face.model(base.inputs, base.layers[-1].output)
    model = filled(face.sequential([cut, face.dense(1)]), 30)
    base.trainable = False
    return [await face.fit(face.compile(model, adam()), d["x"], d["y"]), model]


@program("fit on a base, then with the base frozen and compiled again")
async def fine_tuning(face):
    (base, model), d = on_base(face, False), data()
    losses = []
    for is_trained in (True, False, True):
        base.trainable = is_trained
        face.compile(model, adam())
        losses += await face.fit(model, d["x"], d["y"], epochs=3)
    return [losses, model]


# Shared layers, several inputs and outputs


def twins(face):
    a, b = face.input(), face.input()
    shared = face.dense(4, "tanh")
    joined = face.concatenated([shared.apply(a), shared.apply(b)])
    return filled(face.model([a, b], [face.dense(1).apply(joined), shared.apply(a)]), 40)


def of_shared_layers(way):
    async def run(face):
        model, optimizer, d = twins(face), adam(), data()

        def loss():
            y, hidden = model.predict([d["x"], d["z"]])
            return mse(y) + tf.mean(tf.square(hidden))

        return [await steps(lambda i: ways(face)[way](optimizer, loss, variables(model))), model]

    return run


for _way in (*TFJS_WAYS, *TAPES):
    _same = "minimize of shared layers" if _way in TAPES else None
    program(f"{_way} of shared layers", _same)(of_shared_layers(_way))


@program("fit of shared layers")
async def fit_shared_layers(face):
    model, d = twins(face), data()
    face.compile(model, adam(), ["meanSquaredError", "meanAbsoluteError"])
    return [await face.fit(model, [d["x"], d["z"]], [d["y"], d["hidden"]]), model]


# Two models, two optimizers


def against_each_other(through, by_tapes=False):
    async def run(face):
        g, d, of_g, of_d, given = net(face, 50, 3), net(face, 60), adam(), adam(), data()
        out, entropy = face.through()[through], tf.losses.sigmoidCrossEntropy
        ones, zeros = tf.ones([8, 1]), tf.zeros([8, 1])

        def d_loss():
            return entropy(ones, out(d, given["real"])) + entropy(zeros, out(d, out(g, given["z"])))

        def g_loss():
            return entropy(ones, out(d, out(g, given["z"])))

        step = taped if by_tapes else ways(face)["minimize_list"]
        losses = []
        for _ in range(STEPS):
            losses.append(number(step(of_d, d_loss, variables(d))))
            losses.append(number(step(of_g, g_loss, variables(g))))
        return [losses, g, d]

    return run


for _through in ("predict", "apply"):
    _name = f"two networks against each other through {_through}"
    program(_name)(against_each_other(_through))
    program(f"{_name} by tapes", _name)(against_each_other(_through, by_tapes=True))


def classical_gan(by_turns):
    async def run(face):
        g, d, given = net(face, 50, 3), net(face, 60, 1, "sigmoid"), data()
        face.compile(d, adam(), "binaryCrossentropy")
        d.trainable = False
        z = face.input()
        both = face.compile(face.model(z, d.apply(g.apply(z))), adam(), "binaryCrossentropy")
        ones, zeros = tf.ones([8, 1]), tf.zeros([8, 1])
        losses = []
        for _ in range(STEPS):
            made = g.predict(given["z"])
            if by_turns:
                d.trainable = True
            x, y = tf.concat([given["real"], made]), tf.concat([ones, zeros])
            losses.append(number(await face.batch(d, x, y)))
            if by_turns:
                d.trainable = False
            losses.append(number(await face.batch(both, given["z"], ones)))
        return [losses, g, d]

    return run


_BY_TURNS = "two networks against each other, frozen and not by turns"
program(_BY_TURNS)(classical_gan(by_turns=True))
program("two networks against each other, frozen once", _BY_TURNS)(classical_gan(by_turns=False))


@program("two optimizers of one model")
async def two_optimizers(face):
    model, d = net(face), data()
    first, second = adam(), tf.train.momentum(0.05, 0.9)
    k1, b1, k2, b2 = variables(model)

    def step(i):
        if i % 2:
            return face.minimize(first, lambda: mse(model.predict(d["x"])), [k1, k2])
        return face.minimize(second, lambda: mse(model.apply(d["x"])), [b1, b2])

    return [await steps(step), model]


@program("two models, each with its optimizer")
async def two_models(face):
    a, b, d = net(face, 10), net(face, 70), data()
    of_a, of_b = adam(), adam()
    losses = []
    for _ in range(STEPS):
        losses.append(number(face.minimize(of_a, lambda: mse(a.predict(d["x"])))))
        losses.append(number(face.minimize(of_b, lambda: mse(b.predict(d["z"])))))
    return [losses, a, b]


@program("one optimizer of two models")
async def one_optimizer(face):
    a, b, optimizer, d = net(face, 10), net(face, 70), adam(), data()
    loss = lambda: mse(a.predict(d["x"]) + b.predict(d["z"]))  # noqa: E731
    return [await steps(lambda i: face.minimize(optimizer, loss)), a, b]


@program("layers of one name in two models")
async def one_name(face):
    def named(seed, units):
        return filled(face.sequential([face.dense(units, input_shape=[3], name="d1")]), seed)

    a, b, optimizer, d = named(10, 1), named(70, 2), adam(), data()
    loss = lambda: mse(a.predict(d["x"])) + tf.mean(tf.square(b.predict(d["z"])))  # noqa: E731
    return [await steps(lambda i: face.minimize(optimizer, loss)), a, b]


@program("a target network that takes over weights")
async def target_network(face):
    online, target, optimizer, d = net(face, 10), net(face, 70), adam(), data()
    target.trainable = False

    def step(i):
        if i % 2 == 0:
            face.set_weights(target, face.get_weights(online))
        wanted = lambda: d["y"] + target.predict(d["z"]) * 0.9  # noqa: E731
        return face.minimize(optimizer, lambda: mse(online.predict(d["x"]), wanted()))

    return [await steps(step), online, target]


@program("a target network in the loss, by list")
async def target_by_list(face):
    online, target, optimizer, d = net(face, 10), net(face, 70), adam(), data()

    def loss():
        return tf.mean(online.predict(d["x"]) * target.predict(d["x"])) + mse(online.predict(d["x"]))

    def step(i):
        if i % 2 == 0:
            face.set_weights(target, face.get_weights(online))
        return face.minimize(optimizer, loss, variables(online))

    return [await steps(step), online, target]


@program("a distance to former weights")
async def former_weights(face):
    model, optimizer, d = net(face), adam(), data()

    def step(i):
        former = [v.clone() for v in variables(model)]
        near = lambda: tf.add_n([tf.sum(v * f) for v, f in zip(variables(model), former, strict=True)])  # noqa: E731
        return face.minimize(optimizer, lambda: mse(model.predict(d["x"])) + near() * 0.1)

    return [await steps(step), model]


@program("variables of its own")
async def own_variables(face):
    w = tf.variable(wave([3, 1], 80), True, "w of loops")
    b = tf.variable(tf.scalar(0.0), True, "b of loops")
    fixed = tf.variable(wave([1], 81), False, "fixed of loops")
    optimizer, d = adam(), data()
    loss = lambda: mse(tf.matMul(d["x"], w) + b + fixed)  # noqa: E731
    return [await steps(lambda i: face.minimize(optimizer, loss)), [w, b, fixed]]


async def play(name, face):
    """Returns the losses and the last weights of a program, as lists of numbers."""
    losses, *models = await PROGRAMS[name](FACES[face])
    weights = [
        float(v) for m in models for w in weights_of(m) for v in tf.tensor(w).reshape([-1]).array_sync()
    ]
    return [[float(loss) for loss in losses], weights]
