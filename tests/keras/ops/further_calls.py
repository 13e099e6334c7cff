"""Further calls of keras.ops: transforms, matrices, images."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.specs import POSITIVE, A, B, I, X


def _others(add: Any) -> None:
    add(
        "cast",
        (X, "int32"),
        (I, "float32"),
        (X, "bool"),
        (B, "float32"),
        (A((6,), "int32", -300, 300), "uint8"),
    )
    add("cast", (A((6,), "int32", -300, 300), "int8"), (X, "float16"), tolerance=(1e-3, 1e-3), gradient=False)
    add(
        "saturate_cast",
        (A((6,), low=-300, high=300), "uint8"),
        (A((6,), "int32", -300, 300), "int8"),
        gradient=False,
    )
    add("shape ndim size dtype", (A((2, 3, 4)),), gradient=False)
    add("stop_gradient", (X,), gradient=False)
    pair = (A((3, 8)), A((3, 8)))
    add("fft fft2 ifft2", (pair,), ((A((2, 3, 5)), A((2, 3, 5))),), gradient=False, tolerance=(1e-5, 2e-5))
    add(
        "rfft",
        (A((3, 8)),),
        (A((3, 7)),),
        (A((3, 8)), {"fft_length": 6}),
        (A((3, 8)), {"fft_length": 12}),
        gradient=False,
    )
    add("irfft", (pair,), (pair, {"fft_length": 9}), (pair, {"fft_length": 4}), gradient=False)
    add("extract_sequences", (A((2, 12)), 4, 3))
    for center in (True, False):
        add(
            "stft",
            (A((2, 32)), 8, 4, 16, {"center": center}),
            (A((32,)), 8, 4, 8, {"window": "hamming", "center": center}),
            gradient=False,
            tolerance=(1e-5, 3e-5),
        )
    add("istft", ((A((2, 9, 9)), A((2, 9, 9))), 16, 4, 16), gradient=False, tolerance=(1e-4, 1e-4))
    add(
        "istft",
        ((A((2, 9, 9)), A((2, 9, 9))), 16, 4, 16, {"length": 20}),
        gradient=False,
        tolerance=(1e-4, 1e-4),
    )
    add("polar", (POSITIVE, X), gradient=False)
    add("view_as_complex", (A((3, 2)),), gradient=False)


def _matrices(add: Any) -> None:
    square, definite = A((4, 4), distinct=True), A((2, 4, 4), symmetric=True)
    tall = A((5, 3))
    loose = {"tolerance": (1e-4, 1e-4)}
    add("inv det slogdet logdet", (definite,), (A((3, 3), symmetric=True),), **loose)
    add("inv det lu_factor", (square,), **loose)
    add("lu_factor", (definite,), gradient=False, **loose)
    add("solve", (definite, A((2, 4, 3))), (square, A((4, 2))), (square, A((4,))), **loose)
    add("solve_triangular", (definite, A((2, 4, 3))), (definite, A((2, 4, 3)), {"lower": True}), **loose)
    add("cholesky", (definite,), (definite, {"upper": True}), gradient=False, **loose)
    inverted = (A((3, 3), symmetric=True),), (A((3, 3), symmetric=True), {"upper": True})
    add("cholesky_inverse", *inverted, gradient=False, **loose)
    add("svd", (tall, {"compute_uv": False}), (definite, {"compute_uv": False}), **loose)
    add("pinv", (tall,), (definite,), (A((3, 5)),), **loose)
    add("lstsq", (tall, A((5, 2))), (tall, A((5,))), gradient=False, **loose)
    add("matrix_rank", (tall,), (A((3, 1)),), gradient=False)
    for ord in (None, 1, 2, 3, float("inf"), float("-inf"), 0):
        add("norm", (X, {"ord": ord, "axis": 1}), (A((2, 3, 4)), {"ord": ord, "axis": 0, "keepdims": True}))
    for ord in ("fro", "nuc", 1, -1, 2, -2, float("inf"), float("-inf")):
        add(
            "norm",
            (tall, {"ord": ord}),
            (A((2, 3, 4)), {"ord": ord, "axis": (0, 2), "keepdims": True}),
            **loose,
        )
    add("norm", (X,), (A((2, 3, 4)),), (I,))


def _images(add: Any) -> None:
    colours, batch, whole = (
        A((5, 6, 3), low=0, high=1),
        A((2, 5, 6, 3), low=0, high=1),
        A((2, 5, 6, 3), "int32", 0, 255),
    )
    first = A((2, 3, 5, 6), low=0, high=1)
    add(
        "image.rgb_to_grayscale image.rgb_to_hsv image.hsv_to_rgb",
        (colours,),
        (batch,),
        (first, {"data_format": "channels_first"}),
    )
    for interpolation in ("nearest", "bilinear", "bicubic", "lanczos3", "lanczos5"):
        options = {"interpolation": interpolation}
        add(
            "image.resize",
            (batch, (7, 4), options),
            (colours, (3, 9), options),
            (batch, (3, 3), {**options, "antialias": True}),
        )
    add(
        "image.resize",
        (whole, (7, 4)),
        (batch, (4, 4), {"crop_to_aspect_ratio": True}),
        (batch, (6, 4), {"pad_to_aspect_ratio": True}),
    )
    add("image.resize", (first, (4, 4), {"data_format": "channels_first"}))
    add("image.pad_images", (batch, 1, 2, 3, 0), (batch, 1, 2, None, None, 9, 10))
    add(
        "image.crop_images",
        (batch, 1, 2, 1, 0),
        (batch, 1, 2, None, None, 3, 3),
        (colours, None, None, 0, 1, 2, 4),
    )
    add("image.extract_patches", (batch, 2), (batch, (3, 2), {"strides": 1, "padding": "same"}), (colours, 2))
    add("image.extract_patches_3d", (A((1, 4, 4, 5, 2)), 2))
    add("image.gaussian_blur", (batch,), (batch, (5, 3), (1.5, 0.7)), gradient=False)
    add("image.sobel_edges", (batch,), gradient=False)
    large = A((2, 12, 13, 2), low=0, high=1)
    add("image.ssim", (large, large), (large, large, {"filter_size": 5, "max_val": 2.0}), gradient=False)
    places = A((2, 3, 4), low=-2, high=7)
    for mode in ("constant", "nearest", "wrap", "mirror", "reflect"):
        for order in (0, 1):
            add(
                "image.map_coordinates",
                (A((5, 6)), places, order, {"fill_mode": mode, "fill_value": 0.5}),
                gradient=False,
            )
        turn = [0.9, 0.2, 0.3, -0.15, 1.1, -0.4, 0.0, 0.0]
        add(
            "image.affine_transform",
            (batch, np.float32([turn, [*reversed(turn[:6]), 0, 0]]), {"fill_mode": mode}),
            gradient=False,
        )
    for interpolation in ("nearest", "bilinear"):
        add(
            "image.affine_transform",
            (colours, np.float32(turn), {"interpolation": interpolation}),
            gradient=False,
        )
        ends = np.float32([[0.5, 0.2], [4.6, 0.4], [0.1, 3.7], [5.2, 4.4]])
        starts = np.float32([[0, 0], [5, 0], [0, 4], [5, 4]])
        add(
            "image.perspective_transform",
            (colours, starts, ends, {"interpolation": interpolation}),
            gradient=False,
            tolerance=(1e-3, 1e-3),
        )
    for method in ("linear", "cubic", "lanczos3"):
        scaled = (colours, (7, 4, 3), np.float32([1.3, 0.7]), np.float32([0.4, -0.2]), (0, 1), method)
        add("image.scale_and_translate", scaled, (*scaled, {"antialias": False}), gradient=False)


TRANSFORMS, MATRICES, IMAGES = _others, _matrices, _images
