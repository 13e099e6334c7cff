"""Serves the bench page: the project's own site, with TensorFlow.js and the files of this folder."""

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from tools.server import HEADERS, running
from tools.site import NPM, Folder, make_site

HERE = Path(__file__).resolve().parent


def _relaxed(headers: Mapping[str, str]) -> dict[str, str]:
    """The server's headers; Python may load the module that counts GL calls (see bench/ours.py), the page stands in a frame."""
    policy = headers["Content-Security-Policy"].replace(
        "'wasm-unsafe-eval'", "'wasm-unsafe-eval' 'unsafe-eval'"
    )
    policy = policy.replace("frame-src 'none'", "frame-src 'self'")
    return {**headers, "Content-Security-Policy": policy}


@contextlib.contextmanager
def served(wheels: Path | None = None) -> Iterator[str]:
    """The page's address, for as long as the block runs."""
    extra = {
        "bench/": Folder(HERE, ("*.js", "*.html", "*.css", "ours*.py")),
        "dev/tfjs/": Folder(NPM / "@tensorflow/tfjs/dist", ("tf.min.js",)),
        "dev/tfjs-wasm/": Folder(
            NPM / "@tensorflow/tfjs-backend-wasm/dist", ("tf-backend-wasm.min.js", "*.wasm")
        ),
    }
    with running(make_site(wheels, extra), _relaxed(HEADERS)) as url:
        yield f"{url}bench/index.html"
