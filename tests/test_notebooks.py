"""Notebooks as programs of the page's editor and back (web/editor/notebooks.js), and their magics (web/python/magics.py)."""

import ast
import asyncio
import json
import subprocess
from pathlib import Path

import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import magics


@pytest.fixture(scope="module")
def js():
    """Calls a function of notebooks.js."""
    script = Path(__file__).with_name("notebooks.mjs")
    with subprocess.Popen(
        ["node", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:

        def call(name, text):
            process.stdin.write(json.dumps([name, text]) + "\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            if "fails" in answer:
                raise ValueError(answer["fails"])
            return answer["gives"]

        yield call
        process.stdin.close()


def notebook(*cells, **further):
    made = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in cells]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made, **further})


def cells_of(text):
    found = json.loads(text)["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in found]


def test_cells_become_parts_and_markdown_comments(js):
    text = notebook(("markdown", ["# Title\n", "\n", "words"]), ("code", "x = 1\nx"), ("raw", "as it is"))
    assert js("programOf", text) == (
        "# %% [markdown]\n# # Title\n#\n# words\n\n# %%\nx = 1\nx\n\n# %% [raw]\n# as it is\n"
    )


SOURCES = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=40) | st.lists(
    st.sampled_from(
        [
            "# %%",
            "# %% [markdown]",
            "#%% x",
            "# \\%%",
            "# \\\\%% y",
            "%%time",
            "",
            "x = 1",
            "# # a",
            "#",
            " b",
            "\t",
        ]
    ),
    max_size=6,
).map("\n".join)
CELLS = st.lists(st.tuples(st.sampled_from(["code", "markdown", "raw"]), SOURCES), max_size=6)


@settings(deadline=None)  # another process answers
@given(CELLS)
def test_drawn_notebooks_come_back(js, cells):
    program = js("programOf", notebook(*cells))
    text = js("notebookOf", program)
    assert cells_of(text) == cells
    nbformat.validate(nbformat.reads(text, 4))
    assert js("programOf", text) == program


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["# %%", "# %% Title", "# %% [md]", "#%%", "x = 1", "", "# words", "'''"]),
        max_size=12,
    ).map("\n".join)
)
def test_any_program_is_a_valid_notebook(js, program):
    text = js("notebookOf", program)
    nbformat.validate(nbformat.reads(text, 4))
    again = js("notebookOf", js("programOf", text))
    assert cells_of(again) == cells_of(text)


def test_titles_of_parts_are_kept(js):
    text = js("notebookOf", "import x\n\n# %% Train the model\nfit()\n")
    assert cells_of(text) == [("code", "import x"), ("code", "fit()")]
    assert "# %% Train the model\nfit()" in js("programOf", text)


def test_nbformat_3_is_read(js):
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Title"]},
        {"cell_type": "code", "input": ["x = 1\n", "x"], "language": "python", "outputs": []},
    ]
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": cells}]})
    assert js("programOf", text) == "# %% [markdown]\n# ## Title\n\n# %%\nx = 1\nx\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "its JSON is broken"),
        ("", "its JSON is broken"),
        ("[]", "its JSON is no object"),
        ("null", "its JSON is no object"),
        ('{"cells": []}', "expected nbformat 4 or 3, received none"),
        ('{"nbformat": 2, "worksheets": []}', "expected nbformat 4 or 3, received 2"),
        ('{"nbformat": "4"}', 'expected nbformat 4 or 3, received "4"'),
        ('{"nbformat": 4}', "no list of cells"),
        ('{"nbformat": 4, "cells": {"0": 1}}', "no list of cells"),
        ('{"nbformat": 3}', "no list of cells"),
        ('{"nbformat": 3, "worksheets": [null]}', "cell 1 is no cell"),
        (notebook(("code", "x"), ("code", 7)), "cell 2 has no text"),
        (notebook(("code", ["a", None])), "cell 1 has no text"),
        (notebook(("picture", "x")), 'cell 1 is of type "picture"'),
        (json.dumps({"nbformat": 4, "cells": [3]}), "cell 1 is no cell"),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "written in R"),
        (notebook(("code", "x" * 3_000_000)), "more than 2000000 characters"),
        ("[" * 200_000, "its JSON is broken"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_notebook_of_python_is_refused_in_words(js, text, said):
    with pytest.raises(ValueError, match=said):
        js("programOf", text)


def test_outputs_of_any_size_are_left_out(js):
    cell = {
        "cell_type": "code",
        "source": "x",
        "metadata": {},
        "outputs": [{"data": {"image/png": "A" * 5_000_000}}],
    }
    assert js("programOf", json.dumps({"nbformat": 4, "metadata": {}, "cells": [cell]})) == "# %%\nx\n"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        (
            "!pip install -q a 'b>=2'  # why",
            "import micropip; await __import__('magics').install('a', 'b>=2')",
        ),
        ("%pip install a", "import micropip; await __import__('magics').install('a')"),
        ("!python -m pip install --upgrade a", "import micropip; await __import__('magics').install('a')"),
        (
            "if x:\n    %pip install a\n",
            "if x:\n    import micropip; await __import__('magics').install('a')\n",
        ),
        ("%matplotlib inline\nx", "pass\nx"),
        ("%%time\nx", "pass\nx"),
        ("%time f(x)", "f(x)"),
        (
            "x\n# %%\n%%bash\nls\n# %% y\n%time z",
            "x\n# %%\n__import__('magics').say('%%bash', 'so the cell was not run')\n\n# %% y\nz",
        ),
        ("'''\n# %%\n!ls\n'''", "'''\n# %%\n!ls\n'''"),
        ("x = (1\n%time\n)", "x = (1\n%time\n)"),
        ("x = 7 \\\n  %y", "x = 7 \\\n  %y"),
        ("'''\n!pip install a\n'''", "'''\n!pip install a\n'''"),
        ("x = {\n'a': 1}\n'it\\'s' # it's\nx != 3", "x = {\n'a': 1}\n'it\\'s' # it's\nx != 3"),
    ],
)
def test_magics_become_python(source, python):
    assert magics.as_python(source) == python


@pytest.mark.parametrize(
    "source", ["!ls", "%load_ext autoreload", "%%bash\nls ((", "!pip install -r list.txt", "%pip install '"]
)
def test_other_magics_say_that_they_are_left_out(source, capsys):
    exec(compile(magics.as_python(source), "cell", "exec"))
    assert "there is no" in capsys.readouterr().out


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(["!ls", "%x", "%%y", "'''", '"', "(", ")", "#", "x", "\\", "{!r}"]), max_size=8
    ).map("\n".join)
)
def test_lines_stay_where_they_are_and_python_stays_as_it_is(source):
    made = magics.as_python(source)
    assert made.count("\n") == source.count("\n")
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    assert made == source


def test_micropip_installs_what_is_not_there(monkeypatch, capsys):
    installed = []

    class Micropip:
        @staticmethod
        async def install(names):
            installed.extend(names)

    monkeypatch.setitem(__import__("sys").modules, "micropip", Micropip)
    asyncio.run(magics.install("tensorflow==2.16", "pandas"))
    assert installed == ["pandas"]
    said = capsys.readouterr().out
    assert "tensorflow==2.16: the page has it already" in said
    assert "micropip installs pandas." in said
