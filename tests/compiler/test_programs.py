"""Generated programs: valid GLSL, and as few different ones as possible."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor

import pytest

import tfjs_pyo as tf
from tests.compiler.helpers import plan, plan_of_step, sources
from tests.compiler.models import convnet, mlp, training_step
from tests.ops import suite
from tfjs_pyo import ops
from tfjs_pyo.compiler.numbering import canonicalize
from tfjs_pyo.compiler.program import FRAGMENT_FOLLOWS

MODELS = {"mlp": (mlp, [64]), "convnet": (convnet, [8, 8, 1])}


def key(tensor):
    return canonicalize([tensor.node]).key


# The cache of plans


def test_the_same_structure_with_other_constants_and_values_has_the_same_key():
    a, b = tf.tensor([1.0, 2.0, 3.0]), tf.tensor([4.0, 5.0, 6.0])
    assert key(a * 2 + 1) == key(b * 3.5 + -7.0)


def test_other_shapes_dtypes_and_structures_have_other_keys():
    a = tf.tensor([1.0, 2.0, 3.0])
    keys = {
        key(a * 2 + 1),
        key(a + 1),
        key(tf.tensor([1.0, 2.0]) * 2 + 1),
        key(a * a),
        key(a * tf.tensor([1.0, 2.0, 3.0])),
        key(tf.tensor([1, 2, 3], None, "int32") * 2 + 1),
        key(a.sum(0)),
        key(a.sum(0, True)),
    }
    assert len(keys) == 8


def test_constants_that_are_equal_by_chance_only_share_a_plan_among_themselves():
    a = tf.tensor([1.0, 2.0, 3.0])
    assert key(a * 2 + 1) != key(a * 2 + 2)
    assert (a * 2 + 2).array_sync() == [4, 6, 8]
    assert (a * 2 + 1).array_sync() == [3, 5, 7]
    assert (1 / (a * 0.0)).array_sync() == [float("inf")] * 3
    assert (1 / (a * -0.0)).array_sync() == [float("-inf")] * 3


def test_plans_are_reproducible():
    def made():
        return plan_of_step(training_step(convnet(), 32, [8, 8, 1]))

    first, second = made(), made()
    assert str(first) == str(second)
    assert [launch.source for launch in first.launches] == [launch.source for launch in second.launches]
    assert first.encode() == second.encode()


# Sizes are uniforms


@pytest.mark.parametrize(
    "make",
    [
        lambda n: tf.ones([n, 8]).exp() + tf.tensor([[1.0] * 8] * n),
        lambda n: tf.tensor([[1.0] * 8] * n).sum(0),
        lambda n: tf.tensor([[1.0] * 8] * n).transpose() * 2,
        lambda n: tf.matMul(tf.tensor([[1.0] * 8] * n), tf.tensor([[1.0] * 4] * 8)),
        lambda n: tf.tensor([[1.0] * 8] * n).sum(1),
        lambda n: tf.concat([tf.tensor([[1.0] * 8] * n), tf.tensor([[1.0] * 8] * 4)]),
    ],
)
def test_other_sizes_need_no_other_program(make):
    assert sources(plan(make(8))) == sources(plan(make(12))) == sources(plan(make(40)))


# Batch size, and how many programs a smaller batch may need at most beyond those of a batch of 32. The aim is 0.
# The MLP needs three with 24, as its sums over 32 samples share a launch with a bias of 32 units.
NEW_PROGRAMS = {"mlp": {24: 3, 7: 12}, "convnet": {24: 6, 7: 16}}


@pytest.mark.parametrize("name", MODELS)
def test_the_last_smaller_batch_shares_programs_with_the_others(name):
    make, shape = MODELS[name]
    model = make()
    full = sources(plan_of_step(training_step(model, 32, shape)))
    for batch, most in NEW_PROGRAMS[name].items():
        new = sources(plan_of_step(training_step(model, batch, shape))) - full
        assert len(new) <= most, f"batch {batch}"


def test_odd_batches_share_all_programs():
    model = mlp()
    seven = sources(plan_of_step(training_step(model, 7, [64])))
    assert sources(plan_of_step(training_step(model, 5, [64]))) <= seven


# Validity


def validator():
    found = shutil.which("glslangValidator")
    if found is None:
        pytest.fail("glslangValidator is missing: install Debian's package glslang-tools")
    return found


def check(programs):
    """Fails with the validator's words and the numbered source if a program is not valid."""

    def complaint(source):
        vertex, _, fragment = source.rpartition(FRAGMENT_FOLLOWS)
        stage = (
            "vert" if vertex else "frag"
        )  # the fragment shader of scatters is a file that `make lint` checks
        command = [validator(), "--stdin", "-S", stage]
        done = subprocess.run(command, input=vertex or fragment, capture_output=True, text=True, check=False)
        if done.returncode == 0:
            return None
        numbered = "\n".join(f"{i:4} {line}" for i, line in enumerate(source.split("\n"), 1))
        return f"{done.stdout}{done.stderr}\n{numbered}"

    with ThreadPoolExecutor(2) as pool:
        complaints = [c for c in pool.map(complaint, sorted(programs)) if c]
    assert not complaints, "\n\n".join(complaints)


def test_a_wrong_program_is_noticed():
    (source,) = sources(plan(tf.tensor([1.0]) + 1))
    with pytest.raises(AssertionError, match="nonsense"):
        check([source.replace("void main", "void nonsense() { undeclared = 1; }\nvoid main")])


@pytest.mark.slow
def test_programs_of_every_op_and_its_gradient_are_valid():
    programs = set()
    for name in suite.names():
        for call in suite.calls(name):
            tensors = call.tensors()
            programs |= sources(plan(call.function(*tensors)))
            if call.differentiable:
                floats = [i for i, (_, _, dtype) in enumerate(call.inputs) if dtype == "float32"]

                def of_floats(*chosen, call=call, tensors=tensors, floats=floats):
                    mixed = list(tensors)
                    for place, tensor in zip(floats, chosen, strict=True):
                        mixed[place] = tensor
                    return call.function(*mixed)

                found = ops.grads(of_floats)([tensors[i] for i in floats])
                programs |= sources(plan(*found))
    assert len(programs) > 200
    check(programs)


@pytest.mark.parametrize("name", MODELS)
def test_programs_of_training_and_prediction_are_valid(name):
    make, shape = MODELS[name]
    model = make()
    programs = set()
    for batch in (32, 7, 1):
        for training in (True, False):
            programs |= sources(plan_of_step(training_step(model, batch, shape, training=training)))
    check(programs)


@pytest.mark.parametrize("optimizer", ["momentum", "adagrad", "adadelta", "adamax", "rmsprop"])
def test_programs_of_every_optimizer_are_valid(optimizer):
    check(sources(plan_of_step(training_step(mlp(optimizer), 8, [64]))))


@pytest.mark.parametrize(
    ("m", "k", "n"),
    [(256, 256, 256), (255, 256, 256), (256, 255, 256), (256, 256, 255), (8, 8, 8), (1, 7, 3)],
)
def test_variants_of_the_matrix_product_are_valid(m, k, n):
    programs = set()
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            a = tf.tensor([0.5] * (m * k), [k, m] if transpose_a else [m, k])
            b = tf.tensor([0.5] * (k * n), [n, k] if transpose_b else [k, n])
            programs |= sources(plan(tf.matMul(a, b, transpose_a, transpose_b)))
    check(programs)


@pytest.mark.parametrize("channels", [(3, 8), (4, 8), (4, 6), (16, 32)])
@pytest.mark.parametrize("batch", [1, 8, 32])
def test_variants_of_the_convolution_are_valid(channels, batch):
    inputs, outputs = channels
    x = tf.tensor([0.5] * (batch * 8 * 8 * inputs), [batch, 8, 8, inputs])
    w = tf.tensor([0.5] * (9 * inputs * outputs), [3, 3, inputs, outputs])
    programs = set()
    for stride, dilation, padding in ((1, 1, "same"), (2, 1, "valid"), (1, 2, "same")):

        def f(x, w, stride=stride, dilation=dilation, padding=padding):
            return tf.conv2d(x, w, stride, padding, "NHWC", dilation)

        programs |= sources(plan(f(x, w), *tf.grads(f)([x, w])))
    check(programs)
