"""The documentation: its Python blocks run, its links run them, each public name has its place, nothing comes of other hosts."""

import ast
import asyncio
import gc
import html
import importlib.util
import inspect
import re
from urllib.parse import unquote, urlsplit

import pytest

from tests.guides import PAGES, blocks, check_output
from tfjs_pyo import keras
from tools.docs.blocks import blocks_of, program
from tools.docs.reference import the_reference
from tools.docs.subjects import SUBJECTS
from tools.site import ROOT


@pytest.fixture
def program_namespace(tmp_path, monkeypatch):
    """The namespace of a program in an empty folder, where `import keras` gives this package."""
    gc.collect()  # guides count tensors
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    keras.install(shadow=True)
    yield {"__name__": "__main__"}
    keras.uninstall()


async def run(source, namespace):
    code = compile(source, "<guide>", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(code, namespace)
    if inspect.isawaitable(result):
        await result


@pytest.mark.parametrize("name", PAGES)
def test_blocks_run_in_cpython(name, program_namespace, capsys):
    async def page():
        for block in blocks(name, "CPython"):
            await run(block.source, program_namespace)
            check_output(name, block, capsys.readouterr().out)

    asyncio.run(page())


@pytest.mark.parametrize("name", PAGES)
def test_a_run_link_has_all_that_its_block_needs(name, program_namespace, capsys):
    """The last block of a page, on its own: the names that it reads come of the blocks that go with it."""
    found = blocks(name, "page")
    runs = [at for at, block in enumerate(found) if "CPython" in block.backends]
    if runs:
        asyncio.run(run(program(found, runs[-1]), program_namespace))


def test_a_program_takes_what_it_needs_and_no_more():
    page = "".join(
        f"```python\n{source}\n```\n"
        for source in ("import a\nx = 1", "import math\ny = 2", "x.change()", "z = [x]", "print(x, math)")
    )
    assert program(blocks_of(page), 4) == "import math\n\nimport a\nx = 1\n\nx.change()\n\nprint(x, math)\n"


@pytest.fixture(scope="module")
def reference():
    return the_reference()


def test_every_public_name_has_its_place_in_the_reference(reference):
    """In the page that the table of its module points to, under the anchor of its entry."""
    stubs, missing = reference.stubs, []
    anchors = {
        page: set(re.findall(r"^## .*\{ #(\S+) ", text, re.MULTILINE))
        for page, text in reference.pages.items()
    }
    for own, path in reference.places.items():
        listed = reference.pages[f"{path}.md"]
        for name in stubs.names_of(stubs.public[own]):
            if f"{path}.{name}" in reference.entries or name.startswith("__"):
                continue
            value = getattr(stubs.public[own], name)
            if inspect.ismodule(value):
                if value.__name__ in stubs.public.keys() - reference.places.keys():
                    missing.append(f"{path}.{name}")
                continue
            page, anchor = reference.where.get(f"{path}.{name}", ("", ""))
            if anchor not in anchors.get(page, ()) or f"[`{name}`](" not in listed:
                missing.append(f"{path}.{name}")
    assert missing == []


def test_an_entry_has_spellings_signature_arguments_example_and_source(reference):
    page, anchor = reference.where["tf.mat_mul"]
    assert anchor == "tf.matMul"
    entry = reference.pages[page].partition(f"#{anchor} ")[2].partition("\n## ")[0]
    assert "Also `tf.mat_mul`" in entry
    assert "transposeA: bool = False" in entry
    assert "- `transposeA" in entry
    assert "**Returns**" in entry
    assert "Source: <https://js.tensorflow.org" in entry
    page, anchor = reference.where["keras.layers.Dense"]
    entry = reference.pages[page].partition(f"#{anchor} ")[2].partition("\n## ")[0]
    assert "kernel_initializer" in entry
    assert "kernelInitializer" not in entry


def test_pages_of_the_reference_are_named_after_subjects(reference):
    """Not after source files; where a file has the usual name of its subject, it is listed here."""
    usual = {"convolution", "initializers", "normalization layers", "pooling"}
    stems = {path.stem.replace("_", " ") for path in (ROOT / "py").rglob("*.py")} - usual
    written = {page: entries for page, entries in reference.on.items() if page[:-3] not in reference.entries}
    assert len(written) > 50
    for page, entries in written.items():
        (subject,), (module,) = {e.subject for e in entries}, {e.module for e in entries}
        assert reference.pages[page].startswith(f"# {subject} ({module})\n")
        assert subject[0].isupper()
        assert subject.lower() not in stems
    assert all(len({entry.module for entry in entries}) == 1 for entries in reference.on.values())


def test_files_of_subjects_exist():
    homes = [home for homes in SUBJECTS.values() for home in homes]
    assert len(homes) == len(set(homes))
    assert [home for home in homes if importlib.util.find_spec(f"tfjs_pyo.{home}") is None] == []


def test_every_page_of_the_reference_says_something(reference):
    """At least a sentence, beside headings and links."""
    for page, text in reference.pages.items():
        words = re.sub(r"^#.*|^Modules: .*|^\|.*", "", text, flags=re.MULTILINE)
        assert len(words.split()) >= 4, page


def test_links_lead_to_files(documentation):
    """In the site, or to the page that it lies beside; none begins at the root of the host, which may be elsewhere."""
    page = documentation.parent / "index.html"
    found, missing = 0, []
    for path in documentation.rglob("*.html"):
        for link in re.findall(
            r"""<[^>]*\s(?:href|src)=["']?([^"'\s>]+)""", path.read_text(encoding="utf-8")
        ):
            address = urlsplit(html.unescape(link))
            if address.scheme or address.netloc or not address.path:
                continue
            target = (path.parent / unquote(address.path)).resolve()
            found += 1
            inside = target.is_relative_to(documentation.resolve()) and target.is_file()
            if address.path.startswith("/") or not (inside or target == page.resolve()):
                missing.append(f"{path.relative_to(documentation)}: {link}")
    assert missing == []
    assert found > 10_000


def test_all_of_the_site_comes_from_itself(documentation):
    """No script, style, font, picture or frame of another host; links to other pages are allowed."""
    loads = re.compile(
        r"""<(?:script|img|iframe|source|video)[^>]*?src=["']?(?:https?:)?//|<link[^>]*href=["']?(?:https?:)?//"""
    )
    pages = sorted(documentation.rglob("*.html"))
    assert len(pages) > 100
    assert [path.name for path in pages if loads.search(path.read_text(encoding="utf-8"))] == []
    styles = [path.read_text(encoding="utf-8") for path in documentation.rglob("*.css")]
    assert [text[:50] for text in styles if re.search(r"@import|url\([\"']?(?:https?:)?//", text)] == []


def test_no_script_stands_in_a_page(documentation):
    """The server's CSP would not run it."""
    inline = re.compile(r"<script(?![^>]*(?:src=|application/json))")
    assert [
        path.name for path in documentation.rglob("*.html") if inline.search(path.read_text(encoding="utf-8"))
    ] == []


def test_run_links_open_in_the_page_beside_the_documentation(documentation):
    page = (documentation / "guides" / "first-model.html").read_text(encoding="utf-8")
    assert page.count('class="run" href="../../index.html#code=') == len(blocks("first-model", "page"))
    assert "CPython only:" not in page


def test_the_features_count_what_is_here(documentation):
    page = (documentation / "features.html").read_text(encoding="utf-8")
    assert "tf.GPGPUContext" in page
    assert "keras.quantizers" in page
    assert "not written yet" not in page.partition("keras.applications")[0]


def test_the_picture_of_the_readme_is_small():
    assert "](docs/page.webp)" in PAGES["README"].read_text(encoding="utf-8")
    assert (PAGES["index"].parent / "page.webp").stat().st_size < 150_000
