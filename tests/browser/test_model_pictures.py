"""Pictures of models in the page: the graph, weights and activations stand among the results, and follow their surface."""

MODEL = (
    "model = tf.sequential(layers=[tf.layers.conv2d(filters=4, kernelSize=3, inputShape=[8, 8, 1], name='conv'), "
    "tf.layers.flatten(), tf.layers.dense(units=3, name='end')])\n"
)


def clear(page):
    page.evaluate("document.querySelector('#clear-results').click()")


def shown(page, count):
    page.wait_for_function(
        "count => document.querySelectorAll('#displays iframe').length === count", arg=count
    )
    return page.locator("#displays iframe")


def test_the_graph_of_a_model_is_shown_and_drawn_again_in_its_place(prompt, page):
    clear(page)
    prompt.type(MODEL + "tf.vis.show.modelGraph('Graph', model)\n")
    frame = shown(page, 1).first.content_frame
    frame.locator("svg rect").nth(2).wait_for()
    assert frame.locator("svg rect").count() == 3
    assert "40 parameters" in frame.locator("svg desc").text_content()
    prompt.type("model.add(tf.layers.dense(units=2))\ntf.vis.show.modelGraph('Graph', model)\n")
    frame.locator("svg rect").nth(3).wait_for()
    assert shown(page, 1).count() == 1
    prompt.type("model.dispose(); del model\n")
    prompt.wait(r"del model\n>>>")
    clear(page)


def test_weights_and_activations_are_images(prompt, page):
    clear(page)
    prompt.type(MODEL + "tf.vis.show.weights('Weights', model.layers[0])\n")
    prompt.type("x = tf.ones([1, 8, 8, 1])\ntf.vis.show.activations('Activations', model, 'conv', x)\n")
    frames = shown(page, 2)
    for number, images in ((0, 2), (1, 1)):
        pictures = frames.nth(number).content_frame.locator("img")
        pictures.first.wait_for()
        assert pictures.count() == images
        assert pictures.first.evaluate("image => image.decode().then(() => image.naturalWidth)") > 10
    assert "conv/kernel [3, 3, 1, 4]" in frames.first.content_frame.locator("figcaption").first.inner_text()
    prompt.type("model.dispose(); x.dispose(); del model, x\n")
    prompt.wait(r"del model, x\n>>>")
    clear(page)
