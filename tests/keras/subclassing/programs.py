"""Programs in Keras 3's own spelling: subclasses, custom steps and loops. They run under Keras and under this package alike.

Each takes the modules `keras`, `tf` (TensorFlow, or what stands for it) and `np`, and returns numbers by name.
"""

PROGRAMS = {}


def program(function):
    """Enters a program into the table."""
    PROGRAMS[function.__name__] = function
    return function


def waves(np, *shape, start=0.0):
    """Returns numbers between -1 and 1 that look drawn."""
    count = int(np.prod(shape))
    return np.sin(np.arange(count, dtype="float32") * 1.7 + start).reshape(shape).astype("float32")


def settle(model, np):
    """Gives a model weights that are the same everywhere."""
    model.set_weights([waves(np, *w.shape, start=float(i)) * 0.5 for i, w in enumerate(model.get_weights())])


def rounded(history):
    return {name: [float(value) for value in values] for name, values in history.history.items()}


@program
def vae(keras, tf, np):
    """Two models in one, a `train_step` of its own, and metrics that it keeps itself."""

    class VAE(keras.Model):
        def __init__(self, encoder, decoder, **kwargs):
            super().__init__(**kwargs)
            self.encoder = encoder
            self.decoder = decoder
            self.total_loss_tracker = keras.metrics.Mean(name="total_loss")
            self.kl_loss_tracker = keras.metrics.Mean(name="kl_loss")

        @property
        def metrics(self):
            return [self.total_loss_tracker, self.kl_loss_tracker]

        def train_step(self, data):
            with tf.GradientTape() as tape:
                mean, log_var = self.encoder(data)
                z = mean + tf.exp(0.5 * log_var) * 0.3
                rebuilt = self.decoder(z)
                loss = keras.ops.mean(keras.ops.sum(keras.losses.binary_crossentropy(data, rebuilt), axis=-1))
                kl = -0.5 * (1 + log_var - keras.ops.square(mean) - keras.ops.exp(log_var))
                kl = keras.ops.mean(keras.ops.sum(kl, axis=1))
                total = loss + kl
            grads = tape.gradient(total, self.trainable_weights)
            self.optimizer.apply_gradients(zip(grads, self.trainable_weights))
            self.total_loss_tracker.update_state(total)
            self.kl_loss_tracker.update_state(kl)
            return {"loss": self.total_loss_tracker.result(), "kl_loss": self.kl_loss_tracker.result()}

    x = keras.Input(shape=(6,))
    hidden = keras.layers.Dense(5, activation="relu")(x)
    encoder = keras.Model(x, [keras.layers.Dense(2)(hidden), keras.layers.Dense(2)(hidden)], name="encoder")
    z = keras.Input(shape=(2,))
    decoder = keras.Model(z, keras.layers.Dense(6, activation="sigmoid")(z), name="decoder")
    settle(encoder, np)
    settle(decoder, np)
    model = VAE(encoder, decoder)
    model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.01))
    history = model.fit(np.abs(waves(np, 20, 6)), epochs=3, batch_size=8, shuffle=False, verbose=0)
    return rounded(history)


@program
def gan(keras, tf, np):
    """Two optimizers, `compile` with arguments of its own."""

    class GAN(keras.Model):
        def __init__(self, discriminator, generator):
            super().__init__()
            self.discriminator = discriminator
            self.generator = generator
            self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
            self.g_loss_tracker = keras.metrics.Mean(name="g_loss")

        def compile(self, d_optimizer, g_optimizer, loss_fn):
            super().compile()
            self.d_optimizer = d_optimizer
            self.g_optimizer = g_optimizer
            self.loss_fn = loss_fn

        @property
        def metrics(self):
            return [self.d_loss_tracker, self.g_loss_tracker]

        def train_step(self, real):
            batch_size = keras.ops.shape(real)[0]
            noise = keras.ops.ones((batch_size, 3)) * 0.25
            generated = self.generator(noise)
            combined = keras.ops.concatenate([generated, real], axis=0)
            labels = keras.ops.concatenate(
                [keras.ops.ones((batch_size, 1)), keras.ops.zeros((batch_size, 1))], axis=0
            )
            with tf.GradientTape() as tape:
                d_loss = self.loss_fn(labels, self.discriminator(combined))
            grads = tape.gradient(d_loss, self.discriminator.trainable_weights)
            self.d_optimizer.apply_gradients(zip(grads, self.discriminator.trainable_weights))
            misleading = keras.ops.zeros((batch_size, 1))
            with tf.GradientTape() as tape:
                g_loss = self.loss_fn(misleading, self.discriminator(self.generator(noise)))
            grads = tape.gradient(g_loss, self.generator.trainable_weights)
            self.g_optimizer.apply_gradients(zip(grads, self.generator.trainable_weights))
            self.d_loss_tracker.update_state(d_loss)
            self.g_loss_tracker.update_state(g_loss)
            return {"d_loss": self.d_loss_tracker.result(), "g_loss": self.g_loss_tracker.result()}

    discriminator = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(3),
            keras.layers.LeakyReLU(negative_slope=0.2),
            keras.layers.Dense(1),
        ]
    )
    generator = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, activation="tanh")])
    settle(discriminator, np)
    settle(generator, np)
    model = GAN(discriminator, generator)
    model.compile(
        d_optimizer=keras.optimizers.Adam(learning_rate=0.01),
        g_optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
        loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
    )
    return rounded(model.fit(waves(np, 10, 4), epochs=3, batch_size=4, shuffle=False, verbose=0))


@program
def custom_loop(keras, tf, np):
    """A loop by hand with a tape, an optimizer and metrics; `model.losses` has what layers add."""
    inputs = keras.Input(shape=(4,))
    hidden = keras.layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.L2(0.01))(inputs)
    hidden = keras.layers.Dense(6, activation="tanh", activity_regularizer=keras.regularizers.L2(0.1))(hidden)
    model = keras.Model(inputs, keras.layers.Dense(3)(hidden))
    settle(model, np)
    optimizer = keras.optimizers.RMSprop(learning_rate=0.01)
    loss_fn = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    metric = keras.metrics.SparseCategoricalAccuracy()
    x, y = waves(np, 12, 4), np.arange(12) % 3
    losses, accuracies = [], []
    for _ in range(3):
        for begin in range(0, 12, 4):
            xs, ys = x[begin : begin + 4], y[begin : begin + 4]
            with tf.GradientTape() as tape:
                logits = model(xs, training=True)
                loss = loss_fn(ys, logits) + sum(model.losses)
            grads = tape.gradient(loss, model.trainable_weights)
            optimizer.apply(grads, model.trainable_weights)
            metric.update_state(ys, logits)
            losses.append(float(loss))
        accuracies.append(float(metric.result()))
        metric.reset_state()
    return {"loss": losses, "accuracy": accuracies}


@program
def step_with_compiled_metrics(keras, tf, np):
    """The guide's `train_step`: `compute_loss`, `self.metrics`, sample weights, and a `test_step`."""

    class Custom(keras.Model):
        def train_step(self, data):
            if len(data) == 3:
                x, y, sample_weight = data
            else:
                sample_weight = None
                x, y = data
            with tf.GradientTape() as tape:
                y_pred = self(x, training=True)
                loss = self.compute_loss(y=y, y_pred=y_pred, sample_weight=sample_weight)
            gradients = tape.gradient(loss, self.trainable_variables)
            self.optimizer.apply(gradients, self.trainable_variables)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred, sample_weight=sample_weight)
            return {m.name: m.result() for m in self.metrics}

        def test_step(self, data):
            x, y, _ = keras.utils.unpack_x_y_sample_weight(data)
            y_pred = self(x, training=False)
            loss = self.compute_loss(y=y, y_pred=y_pred)
            for metric in self.metrics:
                if metric.name == "loss":
                    metric.update_state(loss)
                else:
                    metric.update_state(y, y_pred)
            return {m.name: m.result() for m in self.metrics}

    inputs = keras.Input(shape=(5,))
    model = Custom(inputs, keras.layers.Dense(1)(inputs))
    settle(model, np)
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])
    x, y, weights = waves(np, 10, 5), waves(np, 10, 1, start=2.0), np.abs(waves(np, 10, start=3.0))
    history = model.fit(x, y, sample_weight=weights, epochs=3, batch_size=4, shuffle=False, verbose=0)
    found = rounded(history)
    found.update(
        {f"test_{name}": [float(v)] for name, v in model.evaluate(x, y, verbose=0, return_dict=True).items()}
    )
    return found


@program
def metric_of_its_own(keras, tf, np):
    """A metric with variables of its own in `compile`, beside Keras's."""

    class TruePositives(keras.metrics.Metric):
        def __init__(self, name="true_positives", **kwargs):
            super().__init__(name=name, **kwargs)
            self.total = self.add_variable(shape=(), initializer="zeros", name="total")
            self.seen = self.add_weight(name="seen", initializer="zeros")

        def update_state(self, y_true, y_pred, sample_weight=None):
            hits = keras.ops.logical_and(keras.ops.equal(y_true, 1), keras.ops.greater(y_pred, 0.5))
            hits = keras.ops.cast(hits, self.dtype)
            self.total.assign(self.total + keras.ops.sum(hits))
            self.seen.assign_add(keras.ops.cast(keras.ops.size(hits), self.dtype))

        def result(self):
            return {"hits": self.total, "share": self.total / self.seen}

        def reset_state(self):
            self.total.assign(0.0)
            self.seen.assign(0.0)

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1, activation="sigmoid")])
    settle(model, np)
    model.compile(
        "sgd", "binary_crossentropy", metrics=[TruePositives(), "accuracy", keras.metrics.Precision(name="p")]
    )
    x, y = waves(np, 14, 3), (waves(np, 14, 1, start=1.0) > 0).astype("float32")
    found = rounded(model.fit(x, y, epochs=2, batch_size=4, shuffle=False, validation_data=(x, y), verbose=0))
    found["evaluate"] = [float(value) for value in model.evaluate(x, y, verbose=0)]
    return found


@program
def endpoint_layer(keras, tf, np):
    """A layer that adds the loss itself; nothing is given to `compile` for it."""

    class LogisticEndpoint(keras.layers.Layer):
        def __init__(self, name=None):
            super().__init__(name=name)
            self.loss_fn = keras.losses.BinaryCrossentropy(from_logits=True)

        def call(self, logits, targets=None, sample_weight=None):
            if targets is not None:
                loss = self.loss_fn(targets, logits, sample_weight)
                self.add_loss(loss)
            return keras.ops.sigmoid(logits)

    inputs, targets = keras.Input((3,), name="inputs"), keras.Input((1,), name="targets")
    logits = keras.layers.Dense(1)(inputs)
    preds = LogisticEndpoint(name="predictions")(logits, targets)
    model = keras.Model([inputs, targets], preds)
    settle(model, np)
    data = {"inputs": waves(np, 10, 3), "targets": (waves(np, 10, 1, start=1.0) > 0).astype("float32")}
    model.compile(keras.optimizers.Adam(0.05))
    return rounded(model.fit(data, epochs=3, batch_size=5, shuffle=False, verbose=0))


@program
def antirectifier(keras, tf, np):
    """A layer with a weight and an initializer of its own."""

    class Antirectifier(keras.layers.Layer):
        def __init__(self, initializer="he_normal", **kwargs):
            super().__init__(**kwargs)
            self.initializer = keras.initializers.get(initializer)

        def build(self, input_shape):
            width = input_shape[-1]
            self.kernel = self.add_weight(
                shape=(width * 2, width), initializer=self.initializer, name="kernel", trainable=True
            )

        def call(self, inputs):
            inputs -= keras.ops.mean(inputs, axis=-1, keepdims=True)
            pos = keras.ops.relu(inputs)
            neg = keras.ops.relu(-inputs)
            joined = keras.ops.concatenate([pos, neg], axis=-1)
            return keras.ops.matmul(joined, self.kernel)

        def get_config(self):
            config = super().get_config()
            config.update({"initializer": keras.initializers.serialize(self.initializer)})
            return config

    model = keras.Sequential(
        [
            keras.Input((6,)),
            keras.layers.Dense(5),
            Antirectifier(),
            keras.layers.Dropout(0.0),
            keras.layers.Dense(3),
        ]
    )
    settle(model, np)
    model.compile(
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        optimizer=keras.optimizers.RMSprop(),
        metrics=[keras.metrics.SparseCategoricalAccuracy()],
    )
    x, y = waves(np, 12, 6), np.arange(12) % 3
    return rounded(model.fit(x, y, batch_size=4, epochs=2, shuffle=False, validation_split=0.25, verbose=0))


@program
def inputs_and_outputs_by_name(keras, tf, np):
    """Dicts of inputs and outputs, losses and metrics by name."""
    title, body = keras.Input((3,), name="title"), keras.Input((4,), name="body")
    joined = keras.layers.concatenate([keras.layers.Dense(3, activation="relu")(title), body])
    priority = keras.layers.Dense(1, name="priority")(joined)
    department = keras.layers.Dense(2, name="department")(joined)
    model = keras.Model(
        inputs={"title": title, "body": body}, outputs={"priority": priority, "department": department}
    )
    settle(model, np)
    model.compile(
        optimizer=keras.optimizers.RMSprop(1e-2),
        loss={
            "priority": keras.losses.BinaryCrossentropy(from_logits=True),
            "department": keras.losses.CategoricalCrossentropy(from_logits=True),
        },
        loss_weights={"priority": 1.0, "department": 0.2},
    )
    x = {"title": waves(np, 12, 3), "body": waves(np, 12, 4, start=1.0)}
    y = {
        "priority": (waves(np, 12, 1, start=2.0) > 0).astype("float32"),
        "department": np.eye(2, dtype="float32")[np.arange(12) % 2],
    }
    found = rounded(model.fit(x, y, epochs=3, batch_size=4, shuffle=False, verbose=0))
    found.update(
        {name: [float(v) for v in np.ravel(value)[:4]] for name, value in model.predict(x, verbose=0).items()}
    )
    return found


@program
def cell_of_its_own(keras, tf, np):
    """A cell in `keras.layers.RNN`."""

    class MinimalRNNCell(keras.layers.Layer):
        def __init__(self, units, **kwargs):
            super().__init__(**kwargs)
            self.units = units
            self.state_size = units

        def build(self, input_shape):
            self.kernel = self.add_weight(
                shape=(input_shape[-1], self.units), initializer="uniform", name="kernel"
            )
            self.recurrent_kernel = self.add_weight(
                shape=(self.units, self.units), initializer="uniform", name="recurrent"
            )

        def call(self, inputs, states):
            prev_output = states[0]
            h = keras.ops.matmul(inputs, self.kernel)
            output = h + keras.ops.matmul(prev_output, self.recurrent_kernel)
            return output, [output]

    model = keras.Sequential(
        [keras.Input((5, 3)), keras.layers.RNN([MinimalRNNCell(4), MinimalRNNCell(2)]), keras.layers.Dense(1)]
    )
    settle(model, np)
    model.compile("adam", "mse")
    return rounded(
        model.fit(
            waves(np, 8, 5, 3), waves(np, 8, 1, start=2.0), batch_size=4, epochs=3, shuffle=False, verbose=0
        )
    )


@program
def siamese(keras, tf, np):
    """A shared base, a Lambda distance, a loss that a function makes."""

    def loss(margin=1):
        def contrastive_loss(y_true, y_pred):
            square_pred = keras.ops.square(y_pred)
            margin_square = keras.ops.square(keras.ops.maximum(margin - (y_pred), 0))
            return keras.ops.mean((1 - y_true) * square_pred + (y_true) * margin_square)

        return contrastive_loss

    def distance(vects):
        x, y = vects
        total = keras.ops.sum(keras.ops.square(x - y), axis=1, keepdims=True)
        return keras.ops.sqrt(keras.ops.maximum(total, keras.config.epsilon()))

    inner = keras.Input((4,))
    base = keras.Model(inner, keras.layers.Dense(3, activation="tanh")(inner))
    left, right = keras.Input((4,)), keras.Input((4,))
    merged = keras.layers.Lambda(distance, output_shape=(1,))([base(left), base(right)])
    out = keras.layers.Dense(1, activation="sigmoid")(keras.layers.BatchNormalization()(merged))
    model = keras.Model(inputs=[left, right], outputs=out)
    settle(base, np)
    model.compile(loss=loss(margin=1), optimizer=keras.optimizers.SGD(0.1), metrics=["accuracy"])
    model.layers[-1].set_weights([np.ones((1, 1), "float32"), np.zeros(1, "float32")])
    pairs = [waves(np, 12, 4), waves(np, 12, 4, start=2.0)]
    labels = (np.arange(12) % 2).astype("float32")
    return rounded(model.fit(pairs, labels, batch_size=4, epochs=3, shuffle=False, verbose=0))


@program
def small_subclasses(keras, tf, np):
    """A loss, a regularizer, a constraint, an initializer and a learning rate schedule of its own."""

    class Scaled(keras.losses.Loss):
        def __init__(self, factor=2.0, **kwargs):
            super().__init__(**kwargs)
            self.factor = factor

        def call(self, y_true, y_pred):
            return keras.ops.mean(keras.ops.square(y_true - y_pred), axis=-1) * self.factor

    class Cubic(keras.regularizers.Regularizer):
        def __call__(self, x):
            return 0.01 * keras.ops.sum(keras.ops.abs(x) ** 3)

    class AtMost(keras.constraints.Constraint):
        def __init__(self, limit):
            self.limit = limit

        def __call__(self, w):
            return keras.ops.clip(w, -self.limit, self.limit)

    class Ramp(keras.initializers.Initializer):
        def __call__(self, shape, dtype=None):
            return (
                keras.ops.reshape(keras.ops.cast(keras.ops.arange(np.prod(shape)), dtype or "float32"), shape)
                * 0.1
            )

    class Falling(keras.optimizers.schedules.LearningRateSchedule):
        def __call__(self, step):
            return 0.1 / (1.0 + keras.ops.cast(step, "float32"))

    layer = keras.layers.Dense(
        2,
        kernel_initializer=Ramp(),
        kernel_regularizer=Cubic(),
        kernel_constraint=AtMost(0.25),
        bias_initializer="zeros",
    )
    model = keras.Sequential([keras.Input((3,)), layer])
    model.compile(optimizer=keras.optimizers.SGD(Falling()), loss=Scaled(3.0))
    history = model.fit(
        waves(np, 8, 3), waves(np, 8, 2, start=1.0), epochs=3, batch_size=4, shuffle=False, verbose=0
    )
    return {**rounded(history), "kernel": [float(v) for v in np.ravel(layer.get_weights()[0])]}


@program
def optimizer_of_its_own(keras, tf, np):
    """An optimizer with slots, in fit and by hand."""

    class Heavy(keras.optimizers.Optimizer):
        def __init__(self, learning_rate=0.05, drag=0.8, name="heavy", **kwargs):
            super().__init__(learning_rate=learning_rate, name=name, **kwargs)
            self.drag = drag

        def build(self, variables):
            if self.built:
                return
            super().build(variables)
            self.speeds = []
            for variable in variables:
                self.speeds.append(
                    self.add_variable_from_reference(reference_variable=variable, name="speed")
                )

        def update_step(self, gradient, variable, learning_rate):
            lr = keras.ops.cast(learning_rate, variable.dtype)
            speed = self.speeds[self._get_variable_index(variable)]
            self.assign(speed, self.drag * speed + gradient)
            self.assign_sub(variable, lr * speed)

    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
    settle(model, np)
    model.compile(optimizer=Heavy(0.02), loss="mse")
    found = rounded(
        model.fit(
            waves(np, 8, 3), waves(np, 8, 1, start=1.0), epochs=3, batch_size=4, shuffle=False, verbose=0
        )
    )
    value = keras.Variable([1.0, -2.0])
    optimizer = Heavy()
    for _ in range(3):
        optimizer.apply([value * 2.0], [value])
    found["value"] = [float(v) for v in np.array(value)]
    return found


@program
def structures_in_a_subclass(keras, tf, np):
    """`call` with a dict, layers in lists and dicts, a result that is a dict, `compute_loss` of its own."""

    class Net(keras.Model):
        def __init__(self):
            super().__init__()
            self.blocks = [keras.layers.Dense(4, activation="tanh") for _ in range(2)]
            self.heads = {"a": keras.layers.Dense(1), "b": keras.layers.Dense(2)}
            self.scale = keras.Variable(0.5, name="scale")

        def call(self, inputs, training=False):
            x = keras.ops.concatenate([inputs["left"], inputs["right"] * self.scale], axis=-1)
            for block in self.blocks:
                x = block(x)
            return {name: head(x) for name, head in self.heads.items()}

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return sum(keras.ops.mean(keras.ops.abs(y[name] - y_pred[name])) for name in ("a", "b"))

    model = Net()
    data = {"left": waves(np, 9, 2), "right": waves(np, 9, 3, start=1.0)}
    targets = {"a": waves(np, 9, 1, start=2.0), "b": waves(np, 9, 2, start=3.0)}
    model(data)
    for number, variable in enumerate(
        sorted(model.trainable_variables, key=lambda v: (len(v.shape), tuple(v.shape)))
    ):
        variable.assign(waves(np, *variable.shape, start=float(number)) * 0.5 if len(variable.shape) else 0.5)
    model.compile(optimizer=keras.optimizers.SGD(0.1))
    found = rounded(model.fit(data, targets, epochs=3, batch_size=4, shuffle=False, verbose=0))
    found["b"] = [float(v) for v in np.ravel(model.predict(data, verbose=0)["b"])]
    found["count"] = [float(len(model.trainable_variables)), float(model.scale.numpy())]
    return found


@program
def training_is_handed_on(keras, tf, np):
    """Layers within a layer learn of `training` though nobody tells them."""

    class Block(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.normalize = keras.layers.BatchNormalization(momentum=0.5)
            self.dense = keras.layers.Dense(2)

        def call(self, x):
            return self.dense(self.normalize(x))

    inputs = keras.Input((3,))
    model = keras.Model(inputs, Block()(inputs))
    settle(model, np)
    model.layers[1].normalize.set_weights([np.ones(3), np.zeros(3), np.zeros(3), np.ones(3)])
    model.compile("sgd", "mse")
    x, y = waves(np, 8, 3) * 3 + 1, waves(np, 8, 2, start=1.0)
    before = [float(v) for v in np.ravel(model.predict(x, verbose=0))[:4]]
    told = [float(v) for v in np.ravel(np.array(model(x, training=True)))[:4]]
    found = rounded(model.fit(x, y, epochs=2, batch_size=4, shuffle=False, verbose=0))
    return {
        **found,
        "before": before,
        "told": told,
        "moving": [float(v) for v in model.layers[1].normalize.get_weights()[2]],
    }
