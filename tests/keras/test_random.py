"""keras.random: moments of what is drawn, seeds, and seed generators."""

import numpy as np
import pytest

import tfjs_pyo as tf
from tfjs_pyo import keras
from tfjs_pyo.errors import OptionError

random = keras.random
SHAPE = (200, 150)
DRAWS = {
    "normal": (lambda seed: random.normal(SHAPE, 1.0, 2.0, seed=seed), 1, 2),
    "truncated_normal": (lambda seed: random.truncated_normal(SHAPE, 1.0, 2.0, seed=seed), 1, 2 * 0.8796),
    "uniform": (lambda seed: random.uniform(SHAPE, -1.0, 3.0, seed=seed), 1, 4 / 12**0.5),
    "randint": (lambda seed: random.randint(SHAPE, 2, 8, seed=seed), 4.5, (35 / 12) ** 0.5),
    "gamma": (lambda seed: random.gamma(SHAPE, 2.0, seed=seed), 2, 2**0.5),
    "beta": (lambda seed: random.beta(SHAPE, 2.0, 3.0, seed=seed), 0.4, 0.2),
    "binomial": (lambda seed: random.binomial(SHAPE, 10, 0.3, seed=seed), 3, 2.1**0.5),
}


@pytest.mark.parametrize("name", DRAWS)
def test_draws_have_their_moments_and_follow_their_seed(name):
    draw, mean, deviation = DRAWS[name]
    first = draw(5).numpy()
    assert first.shape == SHAPE
    assert first.mean() == pytest.approx(mean, abs=6 * deviation / first.size**0.5)
    assert first.std() == pytest.approx(deviation, rel=0.03)
    np.testing.assert_array_equal(draw(5).numpy(), first)
    assert (draw(6).numpy() != first).any()
    generator, again = random.SeedGenerator(3), random.SeedGenerator(3)
    drawn = [draw(generator).numpy() for _ in range(2)]
    assert (drawn[0] != drawn[1]).any()
    np.testing.assert_array_equal([draw(again).numpy() for _ in range(2)], drawn)


def test_dtypes_and_ranges():
    assert random.randint((50,), 0, 3, seed=1).dtype == "int32"
    assert set(random.randint((500,), 0, 3, seed=1).tolist()) == {0, 1, 2}
    assert random.uniform((2,), dtype="float16").dtype == "float32"
    with pytest.raises(OptionError, match="minval"):
        random.randint((2,), 3, 3)
    with pytest.raises(OptionError, match="seed"):
        random.normal((2,), seed="word")
    with pytest.raises(OptionError, match="whole number"):
        random.SeedGenerator("word")


def test_shuffled_categorical_and_dropped():
    x = np.arange(20).reshape(10, 2)
    found = random.shuffle(x, seed=2).numpy()
    assert found.tolist() != x.tolist()
    assert sorted(found.tolist()) == x.tolist()
    assert sorted(random.shuffle(x, axis=1, seed=1).numpy()[0].tolist()) == [0, 1]
    drawn = random.categorical(np.log(np.float32([[0.2, 0.8]])), 2000, seed=1).numpy()
    assert drawn.shape == (1, 2000)
    assert drawn.mean() == pytest.approx(0.8, abs=0.05)
    dropped = random.dropout(np.ones((100, 100), "float32"), 0.25, seed=1).numpy()
    assert set(np.unique(dropped.round(4))) == {0, np.float32(1 / 0.75).round(4)}
    assert (dropped == 0).mean() == pytest.approx(0.25, abs=0.02)


def test_gamma_with_several_shapes():
    found = random.gamma((5000, 2), [1.0, 4.0], seed=3).numpy()
    np.testing.assert_allclose(found.mean(0), [1, 4], rtol=0.06)


def test_a_seed_of_the_program_makes_draws_repeat():
    drawn = []
    for _ in range(2):
        keras.utils.set_random_seed(9)
        drawn.append([random.normal((3,)).tolist(), np.random.rand(), tf.randomUniform([2]).tolist()])
    assert drawn[0] == drawn[1]


def test_a_generator_has_a_config():
    generator = random.SeedGenerator(4)
    again = random.SeedGenerator.from_config(generator.get_config())
    assert generator.next().tolist() == again.next().tolist()


@pytest.mark.parametrize("seed", [np.int64(7), np.uint8(7), np.array(7)], ids=repr)
def test_seeds_are_numbers_of_numpy_too(seed):
    expected = keras.random.uniform([3], seed=7).tolist()
    assert keras.random.uniform([3], seed=seed).tolist() == expected
