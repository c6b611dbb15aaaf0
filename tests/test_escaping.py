"""Each function against a reader of its grammar that knows nothing of it."""

import ast
import csv
import importlib
import io
import json
import re
import sqlite3
import tomllib
import unicodedata
from functools import cache
from html.parser import HTMLParser
from xml.etree import ElementTree
from xml.sax.saxutils import escape as xml_escape

import pytest
import vl_convert
from hypothesis import given, strategies as st

from opinionpanel import escaping

# What some grammar takes as special, beside single signs, which Hypothesis finds.
PIECES = [
    *("</script>", "<!--<script>", "-->", "<img src=x onerror=f()>", "&amp;", "&#39;", "]]>"),
    *("__proto__", "constructor", "{{ 7*7 }}", "{% raw %}", "${7}", "```", "~~~", "````text"),
    *("# a", "- b", "1. c", "[x](y)", "|z|", ":ref:`s`", "---", "\\", "'''", '"""', "\\u0041"),
    *("\x1b[31m", "\r", "\n\n", "\u2028", "\u202e", "\u200b", "\x85", "\x00", "\x9b2J", "\x07"),
    *(
        "=1+1",
        "＝1",
        "  +1",
        "\t@a",
        "\ufeff=1",
        "--",
        "''",
        ",,",
        "\\input{x}",
        "a\\\\[1]*",
        "_x0041_",
    ),
    *("con", "..", "/", "a" * 300, "é", "مرحبا", "文", "\U0001f600", "e\u0301"),
]
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=4), max_size=6).map("".join)
# Halves of characters, as file names that are no UTF-8 have them.
broken = texts | st.text(st.characters(exclude_categories=()), max_size=8)


def whole(text):
    return re.sub("[\0\ud800-\udfff]", "\ufffd", text)


def read_html(text):
    """Read the tags, the text and the attributes of a page."""
    tags, data, attributes = [], [], []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, given: (tags.append(tag), attributes.extend(given))
    parser.handle_data = data.append
    parser.handle_comment = lambda _: tags.append("comment")
    parser.feed(text)
    parser.close()
    return tags, "".join(data), attributes


@given(broken)
def test_on_a_terminal_a_text_is_one_line_of_what_is_seen(text):
    line = escaping.terminal_line(text)
    assert not {unicodedata.category(sign) for sign in line} & {"Cc", "Cf", "Zl", "Zp", "Cs"}
    assert len(line.splitlines()) <= 1
    line.encode()
    # What is shown can be named in a message again, and what is seen stays.
    assert escaping.terminal_line(line) == line
    assert escaping.terminal_text([text, text]).split("\n") == [line, line]


def test_a_terminal_shows_what_was_there():
    assert escaping.terminal_line("\x1b[1m\r\na\u202eb\u00a0c\udcff") == (
        "\\x1b[1m\\r\\na\\u202eb\u00a0c\\udcff"
    )


directed = st.text("a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@given(directed)
def test_what_follows_a_text_keeps_its_own_direction(text):
    shown = escaping.closed(text)
    assert shown.startswith(text)
    # What is closed needs no more, also as a part of something longer.
    assert escaping.closed(shown) == shown
    assert escaping.closed(f"{shown} 46%") == f"{shown} 46%"


@given(st.text("a1 %\u05d0\u0627\u0663\u202a\u202b\u202c\u202e\u2067\u2069"))
def test_figures_stay_on_the_right_of_a_text(text):
    shown = escaping.in_order(text)
    assert shown.startswith(text)
    assert escaping.in_order(shown) == shown
    # The figure follows a letter from the left, or none, outside of all that was opened.
    before = shown.removesuffix("\u200e")
    strong = [sign for sign in shown if unicodedata.bidirectional(sign) in ("L", "R", "AL", "AN")]
    assert not strong or unicodedata.bidirectional(strong[-1]) == "L"
    assert escaping.closed(before) == before
    assert escaping.in_order(f"{shown} 46%") == f"{shown} 46%"


@given(directed)
def test_names_are_closed_once_within_a_text(name):
    shown = escaping.closed_names(f"{name} 46%", [name])
    assert shown == escaping.closed(f"{escaping.closed(name)} 46%")
    assert escaping.closed_names(shown, [name]) == shown


def test_one_line_ends_at_no_break_space():
    assert escaping.one_line(" a\n b\u2028c  38\u00a0% ") == "a b c 38\u00a0%"


@given(broken)
def test_html_has_the_text_and_no_tag_of_it(text):
    shown = escaping.html_text(text)
    found = read_html(f"<p title=\"{shown}\" lang='{shown}'>{shown}</p>")
    assert found == (["p"], whole(text), [("title", whole(text)), ("lang", whole(text))])
    shown.encode()


@given(st.dictionaries(broken, st.lists(broken, max_size=2), max_size=3))
def test_a_script_holds_the_data_and_ends_where_it_should(data):
    shown = escaping.script_json(data)
    tags, text, _ = read_html(f"<script>{shown}</script><b>x</b>")
    assert tags == ["script", "b"]
    assert json.loads(text.removesuffix("x")) == data
    assert not re.search("[<>&\u2028\u2029]", shown)
    shown.encode()


def test_code_of_a_library_stays_within_its_script():
    code = "const a = '</script><!--<script>', b = /<!--/;"
    assert read_html(f"<script>{escaping.script_code(code)}</script>")[0] == ["script"]
    assert escaping.script_code("a < b") == "a < b"


def test_vega_reads_the_text_that_was_written():
    """Every text once, as the key of a tooltip; the drawing has it as it was."""
    lines = [*PIECES, "".join(PIECES)]
    layer = [
        {
            "mark": {
                "type": "text",
                "text": {"expr": escaping.vega_literal(escaping.tooltip_key(line))},
            }
        }
        for line in lines
    ]
    spec = {"data": {"values": [{}]}, "layer": layer}
    svg = ElementTree.fromstring(vl_convert.vegalite_to_svg(spec))
    shown = [part.text or "" for part in svg.iter("{http://www.w3.org/2000/svg}text")]
    assert [*map(squeezed, shown)] == [*map(squeezed, map(escaping.xml_characters, lines))]


def squeezed(text):
    """Leave out what Vega drops at the ends of a text, a mark of the order of bytes included."""
    return "".join(text.replace("\ufeff", "").split())


@given(st.lists(texts, max_size=3))
def test_a_list_of_vega_is_a_list(names):
    shown = escaping.vega_literal(names)
    assert json.loads(shown) == [*map(escaping.xml_characters, names)]
    assert not re.search("[\u2028\u2029\ud800-\udfff]", shown)


@given(texts | st.sampled_from(["image", "title", "__proto__", "constructor", "1", "Flow", ""]))
def test_no_name_is_a_key_that_means_something_to_a_tooltip(name):
    key = escaping.tooltip_key(name)
    assert key.strip() == name.strip()
    assert key not in {"image", "title", "__proto__", "Flow", "Wave"}
    assert not key.isdecimal()


@given(broken)
def test_xml_can_hold_the_text(text):
    element = ElementTree.fromstring(f"<a>{xml_escape(escaping.xml_characters(text))}</a>")
    assert (element.text or "") == escaping.xml_characters(text).replace("\r\n", "\n").replace(
        "\r", "\n"
    )


@cache
def markdown():
    """What reads pages, with all that projects may add to it but what alters plain text."""
    parser = pytest.importorskip("myst_parser.parsers.mdit")
    config = importlib.import_module("myst_parser.config.main").MdParserConfig
    added = {"dollarmath", "amsmath", "strikethrough", "substitution", "attrs_inline", "deflist"}
    added |= {"colon_fence", "html_image", "attrs_block", "fieldlist", "tasklist"}
    renderer = importlib.import_module("markdown_it.renderer").RendererHTML
    return parser.create_md_parser(config(enable_extensions=added), renderer)


@given(broken | st.text("\\`*_[]{}()<>$~|&#!;:^a1 ", max_size=12))
def test_markdown_is_a_heading_of_the_text_also_where_it_leads_somewhere(text):
    line = escaping.markdown_text(text)
    wanted = escaping.one_line(whole(text))
    for page in (f"# {line}\n\nAt {line}, x", f"# [{line}](x)\n\nAt {line}, x"):
        heading, paragraph = [one for one in markdown().parse(page) if one.type == "inline"]
        within = [one for one in heading.children if one.type not in ("link_open", "link_close")]
        assert {one.type for one in (*within, *paragraph.children)} <= {"text"}
        assert "".join(one.content for one in within).strip(" ") == wanted
        assert "".join(one.content for one in paragraph.children) == f"At {wanted}, x"


@pytest.mark.parametrize("text", ["Trust in the army, 2024–25 (%)", "a_b", "AT&T", "n < 10 #1!"])
def test_what_is_no_markup_stays_as_people_write_it(text):
    assert escaping.markdown_text(text) == text


@given(texts)
def test_a_fence_holds_the_text_as_it_is(text):
    lines = escaping.terminal_text(text.split("\n"))
    tokens = pytest.importorskip("markdown_it").MarkdownIt().parse(escaping.fenced(lines))
    assert [(token.type, token.content) for token in tokens] == [("fence", f"{lines}\n")]


@given(broken)
def test_a_cell_gets_the_text_as_one_literal_of_ascii(text):
    shown = escaping.python_text(text)
    assert ast.literal_eval(shown) == text
    assert shown.isascii()
    cell = escaping.code_cell(f"page({shown})")
    tokens = pytest.importorskip("markdown_it").MarkdownIt().parse(cell)
    assert [token.type for token in tokens] == ["fence"]


@given(texts)
def test_any_text_can_be_written_as_toml(text):
    key, value, comment = (
        write(text) for write in (escaping.toml_key, escaping.toml_text, escaping.toml_comment)
    )
    assert tomllib.loads(f"{key} = {value}  # {comment}") == {text: text}
    assert escaping.terminal_line(value) == value


def test_half_a_character_is_a_question_mark_in_toml():
    assert tomllib.loads("a = " + escaping.toml_text("x\udcff")) == {"a": "x?"}


@given(broken)
def test_no_cell_of_a_spreadsheet_is_computed(text):
    cell = escaping.spreadsheet_text(text)
    file = io.StringIO(newline="")
    csv.writer(file).writerow([cell, "b"])
    assert next(csv.reader(io.StringIO(file.getvalue(), newline=""))) == [cell, "b"]
    assert cell in (whole(text), f"'{whole(text)}")
    file.getvalue().encode()
    assert not escaping.starts_formula(cell)


@pytest.mark.parametrize(
    "start", ["", " ", "\t", "\u00a0", "\u200b", "\ufeff", "\r\n", "\x1b", "\u3000"]
)
@pytest.mark.parametrize("sign", "=+-@＝＋－＠﹦﹢﹣﹫")
def test_a_formula_is_known_in_any_form(start, sign):
    assert escaping.starts_formula(f"{start}{sign}1")
    assert not escaping.starts_formula(f"{start.strip()}a{sign}1".lstrip("\u200b\ufeff\x1b"))


UNSEEN_LATEX = {
    r"\textbackslash{}": "\\",
    r"\textasciitilde{}": "~",
    r"\textasciicircum{}": "^",
    r"\textless{}": "<",
    r"\textgreater{}": ">",
    r"\textbar{}": "|",
    r"\textasciigrave{}": "`",
    r"$\to$": "→",
    "$-$": "−",
    "{[}": "[",
    "{*}": "*",
    "-{}-": "--",
    "'{}'": "''",
    ",{},": ",,",
    "''": '"',
    "--": "–",
    **{f"\\{sign}": sign for sign in "{}$&%#_"},
}
LATEX = re.compile("|".join([*map(re.escape, UNSEEN_LATEX), r"[^\\{}$&%#_~^<>|`\[\]*]", r"\]"]))


@given(broken)
def test_latex_is_signs_and_nothing_else(text):
    shown = escaping.latex_text(text)
    assert re.fullmatch(f"(?:{LATEX.pattern})*", shown), shown
    read = LATEX.sub(lambda found: UNSEEN_LATEX.get(found.group(), found.group()), shown)
    assert read == escaping.terminal_line(escaping.one_line(text))


@given(
    st.lists(broken | st.sampled_from(["a", "A", "con", "item-1", "item-2", "index"]), unique=True)
)
def test_every_name_has_a_file_of_its_own(names):
    found = escaping.file_names(names, ["index"])
    assert list(found) == names
    assert len({file.casefold() for file in found.values()} | {"index"}) == len(names) + 1
    for file in found.values():
        assert re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,60}", file)


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        (["support", "peace"], ["support", "peace"]),
        (["q1 & q2", "../x", ""], ["item-1", "item-2", "item-3"]),
        (["Peace", "peace", "мир"], ["peace", "item-2", "item-3"]),
        (["item-2", "?"], ["item-1", "item-2"]),
        (["CON", "lpt1", "com0", "console"], ["item-1", "item-2", "item-3", "console"]),
        (["a" * 61, "a" * 62], ["a" * 61, "item-2"]),
    ],
)
def test_a_file_is_named_after_the_thing_where_that_is_safe(names, wanted):
    assert list(escaping.file_names(names, [])) == names
    assert list(escaping.file_names(names, []).values()) == wanted


@given(texts, texts)
def test_a_pattern_finds_the_text_and_nothing_else(text, other):
    assert re.fullmatch(escaping.literal_pattern(text), text)
    assert bool(re.fullmatch(escaping.literal_pattern(text), other)) == (text == other)


@given(texts.filter(bool))
def test_a_name_in_a_formula_is_one_name(name):
    quoted = escaping.quoted_name(name)
    found = re.fullmatch("`((?:[^`]|``)+)`", quoted)
    assert found[1].replace("``", "`") == name


@given(texts.filter(lambda text: "\0" not in text))
def test_a_name_in_sql_is_one_name(name):
    with sqlite3.connect(":memory:") as connection:
        found = connection.execute(f"select 1 as {escaping.sql_name(name)}")
        assert [column[0] for column in found.description] == [name]
