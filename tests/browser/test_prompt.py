"""The prompt: typing, editing, history, completion, pasting, several cells at once."""

import pytest

from tests.harness import Typist

PROGRAM = """\
import asyncio

def double(x):

    y = 2 * x

    return y

async def later(x):
    await asyncio.sleep(0.01)
    return double(x)

for i in range(2):
    print('line', i)

value = await later(21)
print('value', value)
"""


def test_a_value(prompt):
    prompt.type("1 + 1\n")
    prompt.wait(r">>> 1 \+ 1\n2\n>>>")


def test_none_shows_nothing(prompt):
    prompt.type("None\n")
    prompt.wait(r">>> None\n>>>")


def test_an_empty_line(prompt):
    prompt.type("\n\n")
    prompt.wait(r">>>\s*\n>>>\s*\n>>>")


def test_an_error(prompt):
    prompt.type("1 / 0\n")
    prompt.wait(r"ZeroDivisionError: division by zero\n>>>")


def test_several_lines_with_indentation(prompt):
    prompt.type("for i in range(2):\nfor j in range(2):\nprint(i, j)\n\n")
    prompt.wait(
        r"\.\.\.     for j in range\(2\):\n\.\.\.         print\(i, j\)\n(.*\n)?0 0\n0 1\n1 0\n1 1\n>>>"
    )


def test_a_comment_after_the_colon_indents_too(prompt):
    prompt.type("if True:  # always\nprint('in', 'side')\n\n")
    prompt.wait(r"\.\.\.     print\('in', 'side'\)\n(.*\n)?in side\n>>>")


def test_python_has_its_colours(prompt, page):
    prompt.type("def f(x):\nreturn 12 if x else 'some'  # a note\n\n")
    prompt.wait(r"a note\n(.*\n)?>>>\s*\Z")
    found = page.locator(".xterm-rows [class*=xterm-fg-]").evaluate_all(
        "(spans) => spans.map((span) => [span.textContent, getComputedStyle(span).color])"
    )
    colours = {text.strip(): colour for text, colour in found}
    words = {"def": "keyword", "f": "name", "return": "keyword", "12": "number", "'some'": "string"}
    page_has = page.evaluate(
        """(kinds) => Object.fromEntries(kinds.map((kind) => {
          const probe = document.body.appendChild(document.createElement('i'));
          probe.style.color = `var(--code-${kind})`;
          const {color} = getComputedStyle(probe);
          probe.remove();
          return [kind, color];
        }))""",
        [*words.values(), "comment"],
    )
    assert {word: colours[word] for word in words} == {word: page_has[kind] for word, kind in words.items()}
    assert colours["# a note"] == page_has["comment"]


def test_open_brackets_go_on(prompt):
    prompt.type("[1,\n2]\n")
    prompt.wait(r">>> \[1,\n\.\.\. 2\]\n\[1, 2\]\n>>>")


def test_top_level_await(prompt):
    prompt.type("import asyncio; await asyncio.sleep(0.3, 'slept')\n")
    prompt.wait(r"'slept'\n>>>")


def test_the_last_value(prompt):
    prompt.type("20 + 1\n")
    prompt.wait(r"\n21\n>>>")
    prompt.type("_ * 2\n")
    prompt.wait(r"\n42\n>>>")


def test_history(prompt):
    prompt.type("'first'\n")
    prompt.wait(r"\n'first'\n>>>")
    prompt.type("'second'\n")
    prompt.wait(r"\n'second'\n>>>")
    prompt.type("draft")
    prompt.press("ArrowUp")
    prompt.wait(r">>> 'second'\Z")
    prompt.press("ArrowUp")
    prompt.wait(r">>> 'first'\Z")
    prompt.press("ArrowDown", "ArrowDown")
    prompt.wait(r">>> draft\Z")


def test_history_brings_back_a_whole_block_and_is_kept(prompt, page):
    prompt.type("if True:\n'inside'\n\n")
    prompt.wait(r"\n>>>\s*\Z")
    prompt.press("ArrowUp")
    prompt.wait(r">>> if True:\n\.\.\.     'inside'\s*\Z")
    kept = page.evaluate("JSON.parse(localStorage.getItem('tfjs-pyo.history'))")
    assert kept[-1] == "if True:\n    'inside'"


def test_history_is_there_at_the_next_visit(fresh_page, site_url):
    for entered in ("'the first visit'\n", None):
        fresh_page.goto(site_url)
        fresh_page.evaluate("window.pyo.ready")
        own = Typist(fresh_page)
        if entered:
            own.type(entered)
            own.wait(r"\n'the first visit'\n>>>")
    own.press("ArrowUp")
    own.wait(r">>> 'the first visit'\Z")


def test_editing(prompt):
    prompt.type("one two three")
    prompt.press("Control+ArrowLeft", "Control+ArrowLeft")
    prompt.type("X")
    prompt.wait(r">>> one Xtwo three\Z")
    prompt.press("Home")
    prompt.type("A")
    prompt.press("End", "Backspace")
    prompt.wait(r">>> Aone Xtwo thre\Z")
    prompt.press("Control+w")
    prompt.wait(r">>> Aone Xtwo\s*\Z")
    prompt.press("Home", "ArrowRight", "Delete", "Control+ArrowRight", "Control+k")
    prompt.wait(r">>> Ane\s*\Z")


def test_long_lines_wrap(prompt):
    prompt.type("'" + "abcdefghij" * 20 + "'")
    prompt.press("Home")
    prompt.type("len(")
    prompt.press("End")
    prompt.type(")\n")
    prompt.wait(r"\n200\n>>>")


def test_completion_of_a_name(prompt):
    prompt.type("unusual_name = 5\n")
    prompt.wait(r"= 5\n>>>")
    prompt.type("unusu")
    prompt.press("Tab")
    prompt.wait(r">>> unusual_name\Z")


def test_completion_lists_the_choices(prompt):
    prompt.type("import math\n")
    prompt.wait(r"math\n>>>")
    prompt.type("math.co")
    prompt.press("Tab")
    prompt.wait(r"\ncopysign\(x, y, /\)\ncos\(x, /\)\ncosh\(x, /\)\n>>> math.co\Z")


def test_many_choices_are_listed_by_name(prompt):
    prompt.type("import math\n")
    prompt.wait(r"math\n>>>")
    prompt.type("math.")
    prompt.press("Tab")
    prompt.wait(r"\ncopysign\( +\S+ +(?s:.*)\btrunc\((?s:.*)\n>>> math.\Z")


def test_the_only_choice_comes_with_its_signature(prompt):
    prompt.type("tf.layers.separableConv2")
    prompt.press("Tab")
    prompt.wait(r"\AseparableConv2d\(filters, kernel_size, (?s:.*)\n>>> tf\.layers\.separableConv2d\(\Z")


def test_tab_in_open_brackets_tells_the_arguments(prompt):
    prompt.type("model = None; tf.layers.maxPooling1d(")
    prompt.press("Tab")
    prompt.wait(r"\AmaxPooling1d\(pool_size=\(2,\), strides=None, (?s:.*)\n>>> model = None; tf\.\S+\(\Z")


def test_completion_of_tf(prompt):
    prompt.type("tf.memo")
    prompt.press("Tab")
    prompt.wait(r">>> tf\.memory\(")


def test_tab_indents_at_the_start_of_a_line(prompt):
    prompt.type("if True:\n")
    prompt.wait(r"\.\.\.\s*\Z")
    prompt.press("Tab")
    prompt.type("x")
    prompt.wait(r"\.\.\.         x\Z")


def test_ctrl_c_drops_the_line(prompt):
    prompt.type("nonsense(")
    prompt.press("Control+c")
    prompt.wait(r">>> nonsense\(\nKeyboardInterrupt\n>>>\s*\Z")


def test_a_pasted_program_runs_as_one_cell(prompt):
    prompt.paste(PROGRAM)
    text = prompt.wait(r"line 0\nline 1\nvalue 42\n>>>").string
    assert text.count(">>>") == 2


def test_a_pasted_program_without_a_last_newline_waits_for_enter(prompt):
    prompt.paste(PROGRAM.rstrip())
    prompt.wait(r"print\('value', value\)\Z")
    prompt.press("Enter")
    prompt.wait(r"value 42\n>>>")


def test_a_pasted_session_loses_its_prompts(prompt):
    prompt.paste(">>> for i in range(2):\n...     print('n', i)\n...\nn 0\nn 1\n")
    prompt.wait(r"\nn 0\nn 1\n>>>")


@pytest.mark.parametrize(
    "sequence",
    [
        "\\x1bc",
        "\\x1b(0",
        "\\x0e",
        "\\x1b[?2004l",
        "\\x1b[3;4r",
        "\\x1b[?1049h",
        "\\x1b[?47h",
        "\\x1b[?1h",
        "\\x1b[?6h",
        "\\x1b[31;8m",
        "\\x1b]10;#000001\\x07",
    ],
)
def test_what_programs_do_to_the_terminal_ends_with_their_cell(prompt, sequence):
    prompt.type(f"print('{sequence}qqq')\n")
    prompt.wait(r">>> *\Z")
    prompt.paste(PROGRAM)
    prompt.wait(r"line 0\nline 1\nvalue 42\n>>>")
    prompt.type("'before'\n")
    prompt.wait(r"\n'before'\n>>>")
    prompt.press("ArrowUp")
    prompt.wait(r">>> 'before'\Z")


COLOURS = """[...document.querySelectorAll('#terminal .xterm-rows, #terminal .xterm-rows span, #terminal .xterm-viewport')].map(
  (part) => [getComputedStyle(part).color, getComputedStyle(part).backgroundColor])"""


@pytest.mark.parametrize("sequence", ["4;4;#010203", "10;#010203", "11;#010203", "12;#010203"])
def test_what_programs_make_of_colours_ends_with_their_cell(prompt, page, sequence):
    changed = "rgb(1, 2, 3)"
    prompt.type(f"print('\\x1b]{sequence}\\x07changed')\n")
    prompt.wait(r"\nchanged\n>>> *\Z")
    assert changed not in str(page.evaluate(COLOURS))


@pytest.mark.parametrize("text", ["constructor", "toString", "__proto__", "hasOwnProperty"])
def test_names_of_every_object_are_text(prompt, page, text):
    page.keyboard.insert_text(text)
    prompt.wait(rf">>> {text}\Z")
    prompt.paste(f"\n{text}")
    prompt.wait(rf"{text}\n\.\.\. {text}\Z")


def test_names_of_files_do_nothing_to_the_terminal(prompt, page):
    with page.expect_file_chooser() as chooser:
        page.locator("#add-files").click()
    chooser.value.set_files({"name": "a\x1b[2J\x1b]0;b\x07.csv", "mimeType": "text/csv", "buffer": b"1,2"})
    prompt.wait(r"a.\[2J.\]0;b.\.csv")


def test_a_pasted_line_waits(prompt):
    prompt.paste("6 * 7")
    prompt.wait(r">>> 6 \* 7\Z")
    prompt.press("Enter")
    prompt.wait(r"\n42\n>>>")


def test_the_prompt_answers_while_a_cell_waits(prompt, page):
    prompt.type("import asyncio; go_on = asyncio.Event(); _ = await go_on.wait(); print('the first')\n")
    prompt.wait(r"the first'\)\n>>>")
    prompt.type("print('the second')\n")
    prompt.wait(r"\nthe second\n>>>")
    prompt.type("'draft'")
    page.evaluate("window.pyo.run('go_on.set()')")
    text = prompt.wait(r"\nthe second\nthe first\n>>> 'draft'\Z").string
    assert text.index("\nthe second") < text.index("\nthe first")


def test_output_without_a_newline_goes_on_where_it_stopped(prompt):
    prompt.type(
        "import asyncio\nfor c in 'abc': print(c, end='', flush=True); await asyncio.sleep(0.3)\n\n",
    )
    prompt.wait(r"\nabc\n>>>")


def test_carriage_returns_overwrite(prompt):
    prompt.type("print('50 %', end='\\r'); print('99 %')\n")
    text = prompt.wait(r"\n99 %\n>>>").string
    assert "\n50 %" not in text


def test_tf_and_examples_are_imported(prompt):
    prompt.type("tf.__name__, examples.__name__\n")
    prompt.wait(r"\('tfjs_pyo', 'examples'\)")
