"""What a browser must do to be called supported: the page starts, computes, draws, stops and keeps.

All is asked by scripts in the page, so this runs in Firefox (`--browser firefox`) and WebKitGTK (`--browser webkit`), too, as the
files of the prompt, of the operations, of training and of a lost GPU.
"""

DRAWN = """[...document.querySelectorAll('.card canvas')].some((canvas) => canvas.width &&
  canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value))"""


def test_the_page_starts_isolated_with_a_device_and_the_editor(pyo, booted):
    assert booted.report["deviceProblem"] is None
    assert booted.report["timings"]["total"] > 0
    assert pyo.see("globalThis.crossOriginIsolated")
    assert pyo.see("document.querySelector('#editor .cm-content') !== null")
    assert pyo.see("document.querySelector('#terminal textarea') !== null")
    assert pyo.status()["device"]["float32"]


def test_it_trains_and_predicts_on_webgl(pyo):
    losses, close = pyo.run("""
import tfjs_pyo as tf
x = tf.tensor2d([[i / 8, 1.0] for i in range(16)])
y = x.slice([0, 0], [16, 1]).mul(3).sub(1)
model = tf.sequential()
model.add(tf.layers.dense(units=8, inputShape=[2], activation='tanh'))
model.add(tf.layers.dense(units=1))
model.compile(optimizer='adam', loss='meanSquaredError')
h = await model.fit(x, y, epochs=60, batchSize=4, verbose=0)
found = model.predict(x)
assert tf.getBackend() == 'webgl'
[[h.history['loss'][0], h.history['loss'][-1]], float(tf.losses.meanSquaredError(y, found).data_sync()[0])]
""")
    assert losses[1] < losses[0] / 2
    assert close < losses[0]


def test_charts_are_drawn(pyo):
    pyo.run("""
import tfjs_pyo as tf
_ = tf.vis.render.linechart({'name': 'Everywhere', 'tab': 'T'}, {'values': [{'x': i, 'y': i * i} for i in range(9)]})
""")
    assert pyo.see(DRAWN)
    assert pyo.see("document.querySelector('.card .u-legend, .card .u-wrap') !== null")


def test_markup_is_shown_in_a_frame_without_scripts(pyo):
    pyo.run("""
class Markup:
    def _repr_html_(self):
        return '<p id="everywhere">rich</p>'
display(Markup())
""")
    shown = (
        "[...document.querySelectorAll('.card iframe')]"
        ".map((frame) => frame.contentDocument?.getElementById('everywhere')?.textContent)"
    )
    assert pyo.see(f"{shown}.includes('rich')")


def test_models_are_kept_in_the_browser(pyo):
    sizes = pyo.run("""
import tfjs_pyo as tf
model = tf.sequential([tf.layers.dense(units=3, inputShape=[2])])
expected = model.predict(tf.ones([1, 2])).array_sync()
for place in ('localstorage://everywhere', 'indexeddb://everywhere'):
    await model.save(place)
    again = await tf.loadLayersModel(place)
    assert again.predict(tf.ones([1, 2])).array_sync() == expected, place
    assert place in await tf.io.listModels()
    await tf.io.removeModel(place)
[w.size for w in model.getWeights()]
""")
    assert sizes == [6, 3]


def test_an_endless_loop_is_stopped_and_what_python_holds_stays(pyo):
    pyo.run("kept = 42")
    answer = pyo.see(
        """(window.pyo.stopping ??= (async () => {
          const running = window.pyo.run('while True: pass', {namespace: 'everywhere-loop'});
          await new Promise((resolve) => setTimeout(resolve, 300));
          const how = await window.pyo.interrupt();
          const {error} = await running;
          window.pyo.stopped = [how, error.type];
        })()) && window.pyo.stopped"""
    )
    assert answer == ["signalled", "KeyboardInterrupt"]
    assert pyo.run("kept") == 42
