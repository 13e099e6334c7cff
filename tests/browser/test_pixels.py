"""`tf.browser` with the browser's own images."""

PREPARE = """
import js
from pyodide.ffi import to_js
data = js.Uint8ClampedArray.new(to_js(list(range(24))))
for i in range(3, 24, 4):
    data[i] = 255
image = js.ImageData.new(data, 3, 2)
expected = [[[4 * (3 * y + x) + c for c in range(3)] for x in range(3)] for y in range(2)]
canvas = js.OffscreenCanvas.new(3, 2)
canvas.getContext('2d').putImageData(image, 0, 0)
"""


def test_image_data_canvases_bitmaps_and_blobs_are_images(pyo):
    pyo.run(PREPARE)
    assert pyo.run("tf.browser.fromPixels(image).array_sync() == expected")
    assert pyo.run("tf.browser.fromPixels(canvas).array_sync() == expected")
    assert pyo.run("tf.browser.fromPixels(await js.createImageBitmap(image)).array_sync() == expected")
    assert pyo.run(
        "(await tf.browser.fromPixelsAsync(await canvas.convertToBlob())).array_sync() == expected"
    )
    assert pyo.run("tf.browser.fromPixels(js.VideoFrame.new(canvas, timestamp=0), 4).shape") == [2, 3, 4]


def test_tensors_are_drawn_on_canvases(pyo):
    pyo.run(PREPARE)
    pyo.run(
        "other = js.OffscreenCanvas.new(1, 1); pixels = await tf.browser.toPixels(tf.tensor(expected, dtype='int32'), other)"
    )
    assert pyo.run("tf.browser.fromPixels(other).array_sync() == expected")
    assert pyo.run("list(pixels) == list(data)")
    assert pyo.run("tf.browser.draw(tf.ones([4, 5]), other); [other.width, other.height]") == [5, 4]


def test_what_is_no_image_is_named(pyo):
    error = pyo.raw("import js; tf.browser.fromPixels(js.Date.new())")["error"]
    assert "expected an image of the browser with a size, received Date" in error["message"]


def test_a_drawing_without_a_canvas_is_shown_below_the_prompt(prompt, page):
    prompt.type("tf.browser.draw(tf.ones([16, 24, 3]))\n")
    picture = page.locator("#displays img[alt='<picture of 24 x 16 pixels>']")
    picture.wait_for()
    assert picture.evaluate(
        "(image) => image.decode().then(() => [image.naturalWidth, image.naturalHeight])"
    ) == [24, 16]
