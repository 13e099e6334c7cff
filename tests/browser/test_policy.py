"""What the page may do and what it may not: no script but its own files, no request but to its own server and Pyodide's."""

import re

import pytest

from tests.harness import Watcher
from tools.lockfile import cdn
from tools.server import CONTENT_SECURITY_POLICY, HEADERS, running
from tools.site import NPM, Folder, Site

# Tried in a callback: what automation evaluates is itself exempt from the policy.
TRY = """([source]) => new Promise((resolve) => {
  const violations = [];
  addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  setTimeout(() => {
    let thrown = null;
    try {
      const act = {
        eval: () => eval('window.ran = true'),
        function: () => new Function('window.ran = true')(),
        timer: () => setTimeout('window.ran = true'),
        script: () => {
          const script = document.createElement('script');
          script.textContent = 'window.ran = true';
          document.body.append(script);
        },
        handler: () => {
          const image = document.createElement('b');
          image.setAttribute('onclick', 'window.ran = true');
          document.body.append(image);
          image.click();
        },
        elsewhere: () => {
          const script = document.createElement('script');
          script.src = 'https://elsewhere.invalid/a.js';
          document.body.append(script);
        },
        blob: () => {
          const script = document.createElement('script');
          script.src = URL.createObjectURL(new Blob(['window.ran = true']));
          document.body.append(script);
        },
        worker: () => new Worker(URL.createObjectURL(new Blob(['1'], {type: 'text/javascript'}))),
        picture: () => { new Image().src = 'https://elsewhere.invalid/a.png'; },
        plain: () => { fetch('http://elsewhere.invalid/').catch(() => {}); },
        frame: () => {
          const frame = document.createElement('iframe');
          frame.src = 'https://elsewhere.invalid/';
          document.body.append(frame);
        },
        ours: () => {
          const frame = document.createElement('iframe');
          frame.src = 'icon.svg';
          document.body.append(frame);
        },
        markup: () => { document.body.innerHTML = '<img src=x onerror="window.ran = true">'; },
        srcdoc: () => { document.createElement('iframe').srcdoc = '<b>'; },
        policy: () => { trustedTypes.createPolicy('another', {createHTML: (text) => text}); },
      };
      act[source]();
    } catch (error) { thrown = error.name; }
    const end = () => resolve({ran: window.ran === true, thrown, violations});
    if (violations.length) end();
    else addEventListener('securitypolicyviolation', end, {once: true});
  });
})"""
REFUSED = {
    "eval": "script-src",
    "function": "script-src",
    "timer": "script-src",
    "script": "script-src-elem",
    "handler": "script-src-attr",
    "elsewhere": "script-src-elem",
    "blob": "script-src-elem",
    "worker": "worker-src",
    "picture": "img-src",
    "plain": "connect-src",
    "frame": "frame-src",
    "ours": "frame-src",
}
OF_TEXT = (
    "eval",
    "function",
    "timer",
    "script",
    "handler",
    "elsewhere",
    "blob",
    "worker",
    "markup",
    "srcdoc",
)
REFUSED_IN_THE_PAGE = {
    **REFUSED,
    **dict.fromkeys(OF_TEXT, "require-trusted-types-for"),
    "policy": "trusted-types",
}
SESSION = """
model = tf.sequential([tf.layers.dense(units=4, inputShape=[2], activation='relu'), tf.layers.dense(units=1)])
model.compile(optimizer='adam', loss='meanSquaredError')
h = await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), epochs=3, verbose=0)
tf.vis.render.linechart('Line', {'values': [1, 2, 3]})
class Markup:
    def _repr_html_(self):
        return ('<style>p { color: red }</style><p id=mark onclick="parent.ran = true">rich</p>'
                '<script>parent.ran = true</' + 'script>')
display(Markup())
"""


def settled(text: str) -> list[str]:
    """The directives of a policy."""
    return sorted(re.sub(r"\s+", " ", each).strip() for each in text.split(";"))


def test_a_session_asks_only_its_server_and_pyodides_and_breaks_no_rule(fresh_page, site_url):
    watcher = Watcher(fresh_page, site_url)
    fresh_page.goto(site_url)
    fresh_page.evaluate("window.pyo.ready")
    fresh_page.locator("#editor .cm-content").wait_for()
    fresh_page.locator("#examples").click()
    fresh_page.locator("#gallery img").first.wait_for()
    fresh_page.keyboard.press("Escape")
    answer = fresh_page.evaluate("(source) => window.pyo.run(source)", SESSION)
    assert answer["error"] is None, answer["error"]
    markup = fresh_page.frame_locator(".card iframe").locator("#mark")
    assert markup.inner_text() == "rich"
    assert fresh_page.evaluate("window.ran") is None
    assert [url for url in watcher.foreign if not url.startswith(cdn(NPM / "pyodide"))] == []
    # A frame without scripts says on the console that it ran none, as it should.
    assert [each for each in watcher.complaints if "about:srcdoc" not in each] == []


@pytest.mark.parametrize("way", REFUSED)
def test_the_headers_let_nothing_else_run_or_be_asked(fresh_page, site, way):
    with running(site, HEADERS) as url:
        fresh_page.goto(f"{url}nothing")  # a document that states nothing itself
        outcome = fresh_page.evaluate(TRY, [way])
    assert not outcome["ran"]
    assert REFUSED[way] in outcome["violations"]


@pytest.mark.parametrize("way", REFUSED_IN_THE_PAGE)
def test_the_page_lets_nothing_else_run_or_be_asked_whatever_the_host_sends(fresh_page, site, way):
    with running(site, {}) as url:
        fresh_page.goto(url)
        outcome = fresh_page.evaluate(TRY, [way])
    assert not outcome["ran"]
    assert REFUSED_IN_THE_PAGE[way] in outcome["violations"]


def test_python_cannot_make_scripts_of_text_either(pyo):
    answer = pyo.raw("import js\njs.eval('1 + 1')")
    assert "EvalError" in answer["error"]["traceback"]


def test_models_of_a_server_on_this_machine_can_be_loaded(pyo, tmp_path):
    pyo.run(
        "own = tf.sequential([tf.layers.dense(units=1, inputShape=[2])]); await own.save('file:///tmp/own')"
    )
    for name in pyo.run("import os; os.listdir('/tmp/own')"):
        content = pyo.run(f"list(open('/tmp/own/{name}', 'rb').read())")
        (tmp_path / name).write_bytes(bytes(content))
    load = "(await tf.loadLayersModel('{}model.json')).countParams()"
    folder = Site({"": Folder(tmp_path)})
    with running(folder, {"Access-Control-Allow-Origin": "*"}) as url:
        assert pyo.run(load.format(url)) == 3
        assert pyo.run(load.format(url.replace("127.0.0.1", "localhost"))) == 3
    with running(folder, {}) as url:
        error = pyo.raw(load.format(url))["error"]
        assert error["type"] == "StorageError"
        assert "Access-Control-Allow-Origin" in error["message"]


def test_page_and_server_state_the_same_policy(site):
    stated = re.search(r'Content-Security-Policy"\s+content="([^"]*)"', site.find("/").read_text())
    assert stated is not None
    trusted = ["require-trusted-types-for 'script'", "trusted-types tfjs-pyo"]
    assert settled(stated[1]) == sorted(
        [each for each in settled(CONTENT_SECURITY_POLICY) if not each.startswith("frame-ancestors")]
        + trusted
    ), "frame-ancestors counts in headers only, and the documentation has the headers, too"
