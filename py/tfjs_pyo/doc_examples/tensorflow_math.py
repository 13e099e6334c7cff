"""Examples of TensorFlow's names for mathematics and linear algebra."""

from __future__ import annotations

MATH: dict[str, tuple[str, ...]] = {
    "math.bincount": ("tf.math.bincount([0, 2, 2, 5])", "Tensor [1, 0, 2, 0, 0, 1]"),
    "math.confusion_matrix": (
        "tf.math.confusion_matrix(labels=[0, 1, 1], predictions=[0, 1, 0])",
        "Tensor [[1, 0], [1, 1]]",
    ),
    "math.count_nonzero": ("tf.math.count_nonzero([[1, 0, 2], [0, 0, 3]], axis=1)", "Tensor [2, 1]"),
    "math.cumulative_logsumexp": (
        "tf.exp(tf.math.cumulative_logsumexp(tf.math.log([1.0, 2.0, 3.0])))",
        "Tensor [1, 3, 6]",
    ),
    "math.digamma": ("tf.math.digamma([1.0])", "Tensor [-0.57721...]"),
    "math.erfcinv": ("tf.math.erfcinv([0.5, 1.0])", "Tensor [0.47693..., 0]"),
    "math.invert_permutation": ("tf.math.invert_permutation([2, 0, 1])", "Tensor [1, 2, 0]"),
    "math.is_non_decreasing": (
        "bool(tf.math.is_non_decreasing([1, 2, 2])), bool(tf.math.is_non_decreasing([1, 3, 2]))",
        "(True, False)",
    ),
    "math.is_strictly_increasing": (
        "bool(tf.math.is_strictly_increasing([1, 2, 3])), bool(tf.math.is_strictly_increasing([1, 2, 2]))",
        "(True, False)",
    ),
    "math.l2_normalize": (
        "tf.math.l2_normalize([[3.0, 4.0], [0.0, 2.0]], axis=1)",
        "Tensor [[0.6, 0.8], [0  , 1  ]]",
    ),
    "math.lbeta": ("tf.exp(tf.math.lbeta([2.0, 2.0]))", "Tensor 0.1666667"),
    "math.lgamma": ("tf.round(tf.exp(tf.math.lgamma([4.0, 5.0])))  # 3! and 4!", "Tensor [6, 24]"),
    "math.multiply_no_nan": ('tf.math.multiply_no_nan([2.0, float("inf")], [3.0, 0.0])', "Tensor [6, 0]"),
    "math.ndtri": ("tf.math.ndtri([0.5, 0.975])", "Tensor [0, 1.9599...]"),
    "math.polyval": ("tf.math.polyval([1.0, 0.0, -2.0], 3.0)  # 1 * x ** 2 + 0 * x - 2", "Tensor 7"),
    "math.reciprocal_no_nan": ("tf.math.reciprocal_no_nan([2.0, 0.0])", "Tensor [0.5, 0]"),
    "math.segment_max": ("tf.math.segment_max([1, 5, 3, 4], [0, 0, 1, 1])", "Tensor [5, 4]"),
    "math.segment_min": ("tf.math.segment_min([1, 5, 3, 4], [0, 0, 1, 1])", "Tensor [1, 3]"),
    "math.segment_mean": ("tf.math.segment_mean([1.0, 5.0, 3.0, 4.0], [0, 0, 1, 1])", "Tensor [3, 3.5]"),
    "math.segment_prod": ("tf.math.segment_prod([1, 5, 3, 4], [0, 0, 1, 1])", "Tensor [5, 12]"),
    "math.segment_sum": ("tf.math.segment_sum([1, 5, 3, 4], [0, 0, 1, 1])", "Tensor [6, 7]"),
    "math.unsorted_segment_max": (
        "tf.math.unsorted_segment_max([1, 5, 3, 4], [1, 0, 1, 0], num_segments=2)",
        "Tensor [5, 3]",
    ),
    "math.unsorted_segment_min": (
        "tf.math.unsorted_segment_min([1, 5, 3, 4], [1, 0, 1, 0], num_segments=2)",
        "Tensor [4, 1]",
    ),
    "math.unsorted_segment_mean": (
        "tf.math.unsorted_segment_mean([1.0, 5.0, 3.0, 4.0], [1, 0, 1, 0], num_segments=2)",
        "Tensor [4.5, 2]",
    ),
    "math.unsorted_segment_prod": (
        "tf.math.unsorted_segment_prod([1, 5, 3, 4], [1, 0, 1, 0], num_segments=2)",
        "Tensor [20, 3]",
    ),
    "math.unsorted_segment_sqrt_n": (
        "tf.math.unsorted_segment_sqrt_n([1.0, 2.0, 3.0, 4.0, 7.0], [0, 0, 0, 0, 1], num_segments=2)",
        "Tensor [5, 7]",
    ),
    "math.xdivy": ("tf.math.xdivy([6.0, 0.0], [2.0, 0.0])", "Tensor [3, 0]"),
    "math.xlog1py": ("tf.math.xlog1py([0.0, 2.0], [-1.0, 1.0])", "Tensor [0, 1.3862...]"),
    "math.xlogy": ("tf.math.xlogy([0.0, 2.0], [0.0, 2.0])", "Tensor [0, 1.3862...]"),
    "math.zero_fraction": ("tf.math.zero_fraction([0.0, 1.0, 0.0, 2.0])", "Tensor 0.5"),
    "linalg.adjoint": ("tf.linalg.adjoint([[1, 2], [3, 4]])", "Tensor [[1, 3], [2, 4]]"),
    "linalg.cholesky_solve": (
        "factor = tf.linalg.cholesky([[4.0, 0.0], [0.0, 9.0]])",
        "tf.linalg.cholesky_solve(factor, [[8.0], [18.0]])",
        "Tensor [[2], [2]]",
    ),
    "linalg.eigvalsh": ("tf.linalg.eigvalsh([[2.0, 0.0], [0.0, 1.0]])", "Tensor [1, 2]"),
    "linalg.eigh": ("values, vectors = tf.linalg.eigh([[2.0, 0.0], [0.0, 1.0]])", "values", "Tensor [1, 2]"),
    "linalg.global_norm": ("tf.linalg.global_norm([[3.0, 0.0], [4.0]])", "Tensor 5"),
    "linalg.inv": ("tf.linalg.inv([[2.0, 0.0], [0.0, 4.0]])", "Tensor [[0.5, 0   ], [0  , 0.25]]"),
    "linalg.logdet": ("tf.exp(tf.linalg.logdet([[2.0, 0.0], [0.0, 4.0]]))", "Tensor 8"),
    "linalg.lstsq": (
        "points = [[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]]  # x and 1",
        "tf.round(tf.linalg.lstsq(points, [[1.0], [3.0], [5.0]]))  # slope and intercept of a line",
        "Tensor [[2], [1]]",
    ),
    "linalg.matrix_rank": ("tf.linalg.matrix_rank([[1.0, 2.0], [2.0, 4.0]])", "Tensor 1"),
    "linalg.matrix_transpose": (
        "tf.linalg.matrix_transpose([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])",
        "Tensor [[[1, 3], [2, 4]], [[5, 7], [6, 8]]]",
    ),
    "linalg.matvec": ("tf.linalg.matvec([[1, 2], [3, 4]], [10, 1])", "Tensor [12, 34]"),
    "linalg.normalize": (
        "unit, norm = tf.linalg.normalize([3.0, 4.0])",
        "tf.round(unit * 10).tolist(), norm.tolist()",
        "([6.0, 8.0], [5.0])",
    ),
    "linalg.pinv": ("tf.linalg.pinv([[2.0, 0.0], [0.0, 0.0]])", "Tensor [[0.5, 0], [0  , 0]]"),
    "linalg.qr": (
        "q, r = tf.linalg.qr([[3.0, 1.0], [4.0, 2.0]])",
        "tf.round(tf.matmul(q, r))",
        "Tensor [[3, 1], [4, 2]]",
    ),
    "linalg.set_diag": ("tf.linalg.set_diag([[1, 2], [3, 4]], [0, 9])", "Tensor [[0, 2], [3, 9]]"),
    "linalg.slogdet": (
        "sign, log = tf.linalg.slogdet([[0.0, 1.0], [1.0, 0.0]])",
        "float(sign), float(log)",
        "(-1.0, 0.0)",
    ),
    "linalg.solve": ("tf.linalg.solve([[2.0, 0.0], [0.0, 4.0]], [[2.0], [8.0]])", "Tensor [[1], [2]]"),
    "linalg.svd": ("s, u, v = tf.linalg.svd([[3.0, 0.0], [0.0, 2.0]])", "s", "Tensor [3, 2]"),
    "linalg.tensor_diag": ("tf.linalg.tensor_diag([1, 2])", "Tensor [[1, 0], [0, 2]]"),
    "linalg.tensor_diag_part": ("tf.linalg.tensor_diag_part([[1, 2], [3, 4]])", "Tensor [1, 4]"),
    "linalg.triangular_solve": (
        "tf.linalg.triangular_solve([[2.0, 0.0], [1.0, 1.0]], [[4.0], [5.0]])",
        "Tensor [[2], [3]]",
    ),
    "linalg.band_part": (
        "tf.linalg.band_part([[1, 2, 3], [4, 5, 6], [7, 8, 9]], 0, -1)  # the upper triangle",
        "Tensor [[1, 2, 3], [0, 5, 6], [0, 0, 9]]",
    ),
    "math.rint": ("tf.math.rint([0.5, 1.5, 2.4])", "Tensor [0, 2, 2]"),
    "linalg.diag_part": ("tf.linalg.diag_part([[1, 2], [3, 4]])", "Tensor [1, 4]"),
    "linalg.trace": ("tf.linalg.trace([[[1, 2], [3, 4]], [[5, 6], [7, 8]]])", "Tensor [5, 13]"),
    "linalg.diag": ("tf.linalg.diag([1, 2])", "Tensor [[1, 0], [0, 2]]"),
}

__all__ = ["MATH"]
