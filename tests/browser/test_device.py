"""The WebGL2 device: errors, sharing of programs, memory that stays flat, reading without blocking, losing the context."""

from tools.server import running


def test_a_shader_that_does_not_compile_raises_with_name_log_and_numbered_source(pyo):
    report = pyo.raw(
        """
from array import array
from pyodide.ffi import to_js
from tfjs_pyo.backends.webgl import _device_errors
from tfjs_pyo.core import engine
source = "#version 300 es\\nvoid main() {\\n  nonsense;\\n}"
with _device_errors():
    engine.backend().device.load(to_js(array("i", [1, 0, 0, -1, -1, 0, 0, 0, 0, 1])), to_js([source]), to_js(["broken kernel"]))
"""
    )
    text = report["error"]["traceback"]
    assert "ShaderError" in text
    assert "kernel 'broken kernel' does not compile" in text
    assert "3:   nonsense;" in text
    assert "^^^ ERROR" in text


def test_a_kernel_compiles_once_for_all_sizes(gpu):
    counts = gpu.run(
        """
import tfjs_pyo as tf
def work(rows):
    x, w, b = tf.ones([rows, 12]), tf.ones([12, 8]), tf.ones([8])
    return tf.sum(tf.relu(x @ w + b), 1).data_sync()
work(5)
before = tf.device_stats()["programs"]
work(6), work(7), work(23)
[before, tf.device_stats()["programs"]]
"""
    )
    assert counts[0] == counts[1]


def test_fused_work_is_one_launch(gpu):
    launches = gpu.run(
        """
import tfjs_pyo as tf
x = tf.random_normal([64, 32], seed=1)
x.data_sync()
def count(f):
    before = tf.device_stats()["launches"]
    f().data_sync()
    return tf.device_stats()["launches"] - before
w, b = tf.ones([32, 16]), tf.ones([16])
w.data_sync(), b.data_sync()
{
    "gelu": count(lambda: tf.keras.activations.gelu(x)),
    "chain": count(lambda: tf.sqrt(tf.exp(x * 2 + 1) - 0.5).tanh()),
    "dense": count(lambda: tf.relu(x @ w + b)),
    "movement": count(lambda: (x.transpose()[::2] * 2).reshape([16, 64]).reverse(1)),
}
"""
    )
    assert launches == {"gelu": 1, "chain": 1, "dense": 1, "movement": 1}


def test_training_keeps_memory_flat(pyo):
    sizes = pyo.run(
        """
import tfjs_pyo as tf
model = tf.sequential()
model.add(tf.layers.dense({"units": 8, "inputShape": [4], "activation": "relu"}))
model.add(tf.layers.dense({"units": 1}))
model.compile({"optimizer": "adam", "loss": "meanSquaredError"})
x, y = tf.random_normal([64, 4], seed=1), tf.random_normal([64, 1], seed=2)
async def sizes():
    found = []
    for _ in range(3):
        await model.fit(x, y, {"epochs": 25, "batchSize": 16})
        found.append({k: v for k, v in tf.memory().items() if k.startswith("num")})
    return found
await sizes()
"""
    )
    assert sizes[1] == sizes[2]


def test_int32_is_exact_to_32_bits(gpu):
    assert gpu.run(
        """
import tfjs_pyo as tf
x = tf.tensor([16777217, 2147483647, -2147483648], dtype="int32")
[(x + 0).array_sync(), (x * 1).array_sync(), tf.max(x).item(), tf.reverse(x).array_sync()]
"""
    ) == [
        [16777217, 2147483647, -2147483648],
        [16777217, 2147483647, -2147483648],
        2147483647,
        [-2147483648, 2147483647, 16777217],
    ]


def test_awaiting_data_lets_other_work_run(pyo):
    ticks = pyo.run(
        """
import asyncio
import tfjs_pyo as tf
ticks = 0
async def tick():
    global ticks
    while True:
        ticks += 1
        await asyncio.sleep(0)
async def main():
    task = asyncio.ensure_future(tick())
    x = tf.random_normal([512, 512], seed=1)
    for _ in range(3):
        x = x @ x * 0.01
    await x.data()
    task.cancel()
    return ticks
await main()
"""
    )
    assert ticks > 1


def test_large_products_agree_with_their_parts(gpu):
    """Layered results (several render targets) read back, reduced and fed to other kernels."""
    worst = gpu.run(
        """
import tfjs_pyo as tf
a, b = tf.random_normal([300, 96], seed=1), tf.random_normal([96, 64], seed=2)
product = a @ b
rows = tf.concat([a[i * 10 : i * 10 + 10] @ b for i in range(30)])
direct = tf.max(tf.abs(product - rows)).item()
fused = tf.max(tf.abs(tf.relu(a @ b) - tf.relu(rows))).item()
read = max(abs(x - y) for x, y in zip(product.data_sync(), rows.data_sync()))
[direct, fused, read]
"""
    )
    assert max(worst) < 1e-4


def test_a_lost_context_raises_and_says_what_to_do(fresh_page, site_url):
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    cell = "import js\nimport tfjs_pyo as tf\nx = tf.ones([3])\njs.tfjsPyoDevice.lose()"
    fresh_page.evaluate("(cell) => window.pyo.run(cell)", cell)
    report = fresh_page.evaluate("window.pyo.run('(x + 1).data_sync()')")
    assert "DeviceLostError" in report["error"]["traceback"]
    assert "last known values, which can be read and saved meanwhile" in report["error"]["traceback"]


def test_a_tensor_too_large_says_needed_and_available(pyo):
    report = pyo.raw(
        """
from array import array
from pyodide.ffi import to_js
from tfjs_pyo.backends.webgl import _device_errors
from tfjs_pyo.core import engine
with _device_errors():
    engine.backend().device.upload(to_js(array('f', [1.0])), 0, 2**29)
"""
    )
    assert "MiB" in report["error"]["traceback"]
    assert "smaller batch" in report["error"]["traceback"]


_FOREIGN = """async ([site, wheel]) => {
  const { loadPyodide } = await import(site + "vendor/pyodide/pyodide.mjs");
  const python = await loadPyodide({ indexURL: site + "vendor/pyodide/", lockFileURL: site + "packages/pyodide-lock.json" });
  await python.loadPackage(site + wheel, { checkIntegrity: false });
  return python.runPythonAsync(`
import tfjs_pyo as tf
await tf.ready()
f"{tf.get_backend()} {tf.mat_mul([[1, 2]], [[3], [4]]).array_sync()}"
`);
}"""


def test_the_wheel_alone_opens_the_device_in_a_foreign_page(browser, fresh_page, site):
    """As after `micropip.install` on another site: no worker of ours, none of our headers."""
    wheel = next(place for place in site.places() if "tfjs_pyo" in place and place.endswith(".whl"))
    with running(site, {}) as url:
        fresh_page.goto(url + "site.json")
        assert fresh_page.evaluate(_FOREIGN, [url, wheel]) == "webgl [[11.0]]"


def test_gradients_of_gather_scatter_as_they_sum(pyo):
    worst = pyo.run(
        """
import tfjs_pyo as tf
from tfjs_pyo.ops import indexing

def gradients(shape, count, most):
    indexing.SMALL_SCATTER = most
    x = tf.random_normal(shape, 0, 1, "float32", 1)
    index = tf.cast(tf.random_uniform([count], 0, shape[0], "float32", 2), "int32")
    weight = tf.random_normal([count, *shape[1:]], 0, 1, "float32", 3)
    first = tf.grad(lambda x: (tf.square(tf.gather(x, index)) * weight).sum())
    return first(x), tf.grad(lambda x: tf.square(first(x)).sum())(x)

worst, usual = 0, indexing.SMALL_SCATTER
for shape in ([9, 8], [9, 7], [300, 5, 3], [9]):
    for one, other in zip(gradients(shape, 40, 0), gradients(shape, 40, 1 << 60)):
        worst = max(worst, tf.max(tf.abs(one - other)).item() / (1 + tf.max(tf.abs(other)).item()))
indexing.SMALL_SCATTER = usual
worst
"""
    )
    assert worst < 1e-5


def test_a_table_of_200000_rows_gathers_and_trains(pyo):
    before, after, untouched = pyo.run(
        """
import tfjs_pyo as tf
table = tf.variable(tf.ones([200_000, 64]))
index = tf.tensor([3, 199_999, 3], None, "int32")
sgd = tf.train.sgd(0.5)
loss = lambda: tf.gather(table, index).sum()
before = loss().item()
sgd.minimize(loss)
result = [before, loss().item(), tf.gather(table, tf.tensor([4], None, "int32")).sum().item()]
table.dispose()
result
"""
    )
    assert (before, untouched) == (192, 64)
    assert after == 64 * (2 * (1 - 0.5 * 2) + (1 - 0.5))
