"""Examples of TensorFlow's names for images."""

from __future__ import annotations

IMAGES: dict[str, tuple[str, ...]] = {
    "image.adjust_brightness": (
        "tf.image.adjust_brightness([[[0.25], [0.5]]], delta=0.25)",
        "Tensor [[[0.5 ], [0.75]]]",
    ),
    "image.adjust_contrast": (
        "tf.image.adjust_contrast([[[1.0], [3.0]]], contrast_factor=2.0)",
        "Tensor [[[0], [4]]]",
    ),
    "image.adjust_gamma": ("tf.image.adjust_gamma([[[0.5], [1.0]]], gamma=2)", "Tensor [[[0.25], [1   ]]]"),
    "image.adjust_hue": (
        "tf.squeeze(tf.round(tf.image.adjust_hue([[[1.0, 0.0, 0.0]]], delta=1 / 3)))  # red becomes green",
        "Tensor [0, 1, 0]",
    ),
    "image.adjust_saturation": (
        "tf.squeeze(tf.image.adjust_saturation([[[1.0, 0.5, 0.5]]], saturation_factor=2.0))",
        "Tensor [1, 0, 0]",
    ),
    "image.central_crop": (
        "image = tf.reshape(tf.range(16), [4, 4, 1])",
        "tf.squeeze(tf.image.central_crop(image, central_fraction=0.5))",
        "Tensor [[5, 6 ], [9, 10]]",
    ),
    "image.convert_image_dtype": (
        'tf.image.convert_image_dtype([[[0], [51], [255]]], "float32")',
        "Tensor [[[0  ], [0.2], [1  ]]]",
    ),
    "image.crop_to_bounding_box": (
        "image = tf.reshape(tf.range(12), [3, 4, 1])",
        "tf.squeeze(tf.image.crop_to_bounding_box(image, 1, 2, target_height=2, target_width=2))",
        "Tensor [[6 , 7 ], [10, 11]]",
    ),
    "image.decode_image": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    file = f"{folder}/grey.png"\n'
            "    tf.keras.utils.save_img(file, tf.fill([1, 2, 1], 128), scale=False)\n"
            "    tf.image.decode_image(tf.io.read_file(file), channels=3)"
        ),
        "Tensor [[[128, 128, 128], [128, 128, 128]]]",
    ),
    "image.extract_patches": (
        "images = tf.reshape(tf.range(9), [1, 3, 3, 1])",
        'patches = tf.image.extract_patches(images, [1, 2, 2, 1], [1, 1, 1, 1], [1, 1, 1, 1], "VALID")',
        "patches.shape, patches[0, 0, 0].tolist()",
        "((1, 2, 2, 4), [0, 1, 3, 4])",
    ),
    "image.flip_left_right": (
        "tf.squeeze(tf.image.flip_left_right([[[1], [2]], [[3], [4]]]))",
        "Tensor [[2, 1], [4, 3]]",
    ),
    "image.flip_up_down": (
        "tf.squeeze(tf.image.flip_up_down([[[1], [2]], [[3], [4]]]))",
        "Tensor [[3, 4], [1, 2]]",
    ),
    "image.hsv_to_rgb": (
        "tf.image.hsv_to_rgb([[[0.0, 1.0, 1.0], [0.0, 0.0, 0.5]]])  # red and grey",
        "Tensor [[[1  , 0  , 0  ], [0.5, 0.5, 0.5]]]",
    ),
    "image.image_gradients": (
        "below, right = tf.image.image_gradients([[[[1.0], [3.0]], [[4.0], [8.0]]]])",
        "tf.squeeze(below).tolist(), tf.squeeze(right).tolist()",
        "([[3.0, 5.0], [0.0, 0.0]], [[2.0, 0.0], [4.0, 0.0]])",
    ),
    "image.pad_to_bounding_box": (
        "tf.squeeze(tf.image.pad_to_bounding_box([[[7]]], 1, 0, target_height=2, target_width=3))",
        "Tensor [[0, 0, 0], [7, 0, 0]]",
    ),
    "image.per_image_standardization": (
        "tf.image.per_image_standardization([[[1.0], [3.0]]])",
        "Tensor [[[-1], [1 ]]]",
    ),
    "image.psnr": ("tf.image.psnr([[[0.0]]], [[[0.1]]], max_val=1.0)", "Tensor 20"),
    "image.random_brightness": (
        "changed = tf.image.random_brightness(tf.fill([4, 4, 3], 0.5), max_delta=0.2, seed=1)",
        "bool(tf.reduce_all((changed >= 0.3) & (changed <= 0.7)))",
        "True",
    ),
    "image.random_contrast": (
        "image = tf.constant([[[0.0], [1.0]]])",
        "changed = tf.image.random_contrast(image, lower=0.5, upper=1.0, seed=1)",
        "float(tf.reduce_mean(changed)), bool(tf.reduce_max(changed) <= 1)",
        "(0.5, True)",
    ),
    "image.random_crop": (
        "tf.image.random_crop(tf.zeros([10, 8, 3]), size=[4, 4, 3], seed=1).shape",
        "(4, 4, 3)",
    ),
    "image.random_flip_left_right": (
        "turned = tf.image.random_flip_left_right([[[1], [2]]], seed=1)",
        "tf.squeeze(turned).tolist() in ([1, 2], [2, 1])",
        "True",
    ),
    "image.random_flip_up_down": (
        "turned = tf.image.random_flip_up_down([[[1]], [[2]]], seed=1)",
        "tf.squeeze(turned).tolist() in ([1, 2], [2, 1])",
        "True",
    ),
    "image.random_hue": (
        "changed = tf.image.random_hue([[[1.0, 0.0, 0.0]]], max_delta=0.1, seed=1)",
        "changed.shape, float(tf.reduce_max(changed))",
        "((1, 1, 3), 1.0)",
    ),
    "image.random_saturation": (
        "changed = tf.image.random_saturation([[[1.0, 0.5, 0.5]]], lower=0.0, upper=1.0, seed=1)",
        "float(changed[0, 0, 0]), bool(changed[0, 0, 1] >= 0.5)",
        "(1.0, True)",
    ),
    "image.sample_distorted_bounding_box": (
        "boxes = [[[0.2, 0.2, 0.8, 0.8]]]",
        "begin, size, sides = tf.image.sample_distorted_bounding_box([100, 100, 3], boxes, seed=1)",
        "part = tf.slice(tf.zeros([100, 100, 3]), begin, size)",
        "part.shape == (int(size[0]), int(size[1]), 3), sides.shape",
        "(True, (1, 1, 4))",
    ),
    "image.resize": (
        "image = tf.constant([[[0.0], [2.0]]])",
        "tf.squeeze(tf.image.resize(image, [1, 4]))",
        "Tensor [0, 0.5, 1.5, 2]",
    ),
    "image.resize_with_crop_or_pad": (
        "image = tf.reshape(tf.range(1, 5), [1, 4, 1])",
        "tf.squeeze(tf.image.resize_with_crop_or_pad(image, 3, 2))",
        "Tensor [[0, 0], [2, 3], [0, 0]]",
    ),
    "image.rgb_to_hsv": (
        "tf.image.rgb_to_hsv([[[1.0, 0.0, 0.0], [0.5, 0.5, 0.5]]])  # red and grey",
        "Tensor [[[0, 1, 1  ], [0, 0, 0.5]]]",
    ),
    "image.rgb_to_yuv": (
        "tf.squeeze(tf.round(tf.image.rgb_to_yuv([[[1.0, 0.0, 0.0]]]) * 1000))",
        "Tensor [299, -147, 615]",
    ),
    "image.yuv_to_rgb": (
        "yuv = tf.image.rgb_to_yuv([[[1.0, 0.0, 0.5]]])",
        "tf.squeeze(tf.round(tf.image.yuv_to_rgb(yuv) * 10))",
        "Tensor [10, 0, 5]",
    ),
    "image.rot90": ("tf.squeeze(tf.image.rot90([[[1], [2]], [[3], [4]]]))", "Tensor [[2, 4], [1, 3]]"),
    "image.ssim": (
        "image = tf.random.uniform([16, 16, 3], seed=1)",
        "tf.round(tf.image.ssim(image, image, max_val=1.0))",
        "Tensor 1",
    ),
    "image.total_variation": ("tf.image.total_variation([[[1.0], [3.0]], [[4.0], [8.0]]])", "Tensor 14"),
    "image.transpose": (
        "tf.squeeze(tf.image.transpose([[[1], [2]], [[3], [4]]]))",
        "Tensor [[1, 3], [2, 4]]",
    ),
    "image.decode_png": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    file = f"{folder}/grey.png"\n'
            "    tf.keras.utils.save_img(file, tf.fill([2, 3, 1], 128), scale=False)\n"
            "    tf.image.decode_png(tf.io.read_file(file)).shape"
        ),
        "(2, 3, 1)",
    ),
    "image.decode_jpeg": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    file = f"{folder}/grey.jpg"\n'
            "    tf.keras.utils.save_img(file, tf.fill([2, 3, 1], 128), scale=False)\n"
            "    tf.image.decode_jpeg(tf.io.read_file(file), channels=3).shape"
        ),
        "(2, 3, 3)",
    ),
    "image.decode_bmp": (
        "import tempfile",
        (
            "with tempfile.TemporaryDirectory() as folder:\n"
            '    file = f"{folder}/grey.bmp"\n'
            "    tf.keras.utils.save_img(file, tf.fill([2, 3, 1], 128), scale=False)\n"
            "    tf.image.decode_bmp(tf.io.read_file(file)).shape"
        ),
        "(2, 3, 1)",
    ),
}

__all__ = ["IMAGES"]
