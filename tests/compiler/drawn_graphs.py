"""Graphs that a seed draws: products and convolutions of sizes that are no multiples of four, and what may stand between them."""

import itertools
import random

import tfjs_pyo as tf


class Draw:
    """Draws graphs.

    Args:
        seed: what draws them.
        steep: whether values may depend on others without bound, so that rounding shows.
    """

    def __init__(self, seed, steep=False):
        self.random = random.Random(seed)
        self.steep = steep

    def leaf(self, *shape):
        """Numbers between -1 and 1."""
        count = 1
        for dim in shape:
            count *= dim
        return tf.tensor([self.random.uniform(-1, 1) for _ in range(count)], shape)

    def size(self, least, most):
        return self.random.randint(least, most)

    def step(self, h, others):
        """A value of h's shape, made of h."""
        last = h.shape[-1]
        rows = list(range(h.rank - 1))
        steps = [
            lambda: h + self.leaf(last),
            lambda: tf.relu(h),
            lambda: tf.sigmoid(h),
            lambda: tf.elu(h),
            lambda: h * tf.log(h.abs()),
            lambda: h / (h.square() + 1),
            lambda: h * self.leaf(*h.shape),
            lambda: h - h.mean(0, True),
            lambda: (h - h.mean(rows, True)) / (h.square().mean(0, True) + 0.1).sqrt(),
            lambda: tf.softmax(h) * last,
            lambda: tf.where(h.greater(0), h, h * 0.25),
            lambda: h.transpose().square().transpose(),
            lambda: h.reshape([*h.shape[:-1], 1, last]).tanh().reshape(h.shape),
            lambda: h.slice([1] + [0] * (h.rank - 1)).concat(h.slice([0] * h.rank, [1, *h.shape[1:]]), 0),
            lambda: h.pad([[1, 1]] + [[0, 0]] * (h.rank - 1), 3).slice([0] * h.rank, h.shape),
            lambda: h.clipByValue(-0.5, 0.75),
        ]
        same = [other for other in others if other.shape == h.shape]
        if same:
            steps.append(lambda: h + self.random.choice(same))
        if self.steep:
            steps += [lambda: tf.exp(h), lambda: tf.log(h.abs()), lambda: 1 / h, lambda: tf.rsqrt(h.square())]
        return self.random.choice(steps)()

    def chain(self, h):
        """What a few steps make of h, and a value on the way."""
        seen = [h]
        for _ in range(self.size(1, 6)):
            h = self.step(h, seen)
            seen.append(h)
        return h, self.random.choice(seen)

    def products(self):
        """Products of matrices with chains between them, sums of columns, and values on the way."""
        rows = self.random.choice([20, 37, 64])
        widths = [self.size(50, 130) for _ in range(4)]
        h, roots = self.leaf(rows, widths[0]), []
        for before, after in itertools.pairwise(widths):
            h, seen = self.chain(h.matMul(self.leaf(before, after)) * (1 / before))
            roots.append(self.random.choice([seen.sum(0), h.max(0), seen, h.sum(1)]))
        return [*roots, h, h.matMul(h, False, True), h.matMul(seen, True)]

    def convolutions(self):
        """Convolutions with chains and pools between them, and the gradient of the images."""
        size, channels = self.size(9, 14), [self.size(3, 19) for _ in range(3)]
        kernels = [self.leaf(3, 3, a, b) for a, b in itertools.pairwise(channels)]
        images, drawn = self.leaf(8, size, size, channels[0]), self.random.getstate()

        def network(x):
            self.random.setstate(drawn)
            for kernel in kernels:
                x, _ = self.chain(x.conv2d(kernel, 1, "same") * 0.1)
                pool = self.random.choice([tf.maxPool, tf.avgPool, None])
                x = pool(x, self.size(2, 3), self.size(1, 2), "same") if pool else x
            return x

        y = network(images)
        return [y, y.sum([0, 1, 2]), tf.grad(lambda x: network(x).mean())(images)]


def numbers(kind, seed):
    """The numbers of a drawn graph's roots, as lists; NaN is None."""
    found = [root.flatten().arraySync() for root in getattr(Draw(seed), kind)()]
    return [[number if number == number else None for number in each] for each in found]
