"""What a reader sees: text for a terminal, HTML for a notebook or a report."""

from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.estimates import withheld_of
from opinionpanel.estimates.tables import cell_texts, html_table, table_of

MARKUP = "<script>alert('&')</script>"


@pytest.fixture
def moves(build):
    panel = build(dates={"Jul": "1-8 July", "Nov": "4-9 November"}, source="A test panel")
    return op.transitions(panel, "support")


def words(estimates):
    """The text without its line breaks."""
    return " ".join(str(estimates).split())


def test_text_has_question_base_weight_dates_and_source(moves):
    text = words(moves)
    for part in (
        "Transitions of support: share of each origin, Jul → Nov.",
        "Do you support it?",
        "Per cent, with 95% intervals",
        "Base: people with an answer at both waves; n = 2 (unweighted).",
        "Weight: wgt (at Nov, the later wave).",
        "Jul: 1-8 July; Nov: 4-9 November",
        "Source: A test panel.",
        "No strata or PSUs were declared: 95% intervals as for a simple random sample.",
    ):
        assert part in text
    assert repr(moves) == str(moves)


def test_the_rows_are_there_with_their_base(moves):
    lines = str(moves).splitlines()
    row = next(line for line in lines if line.startswith("approve"))
    assert row.split()[-1] == "2"
    # Of 1.75 who approved, by their November weight, 1.25 oppose.
    assert "71 (" in row or "71.4 (" in row


def test_unweighted_is_said(build):
    assert "Weight: none (unweighted)." in str(op.shares(build(design=None), "support"))


def test_changes_are_percentage_points_with_a_sign(build):
    text = str(op.net_change(build(), "support"))
    assert "percentage points" in text.lower()
    assert "+" in text
    assert "−" in text


def test_opt_in_panels_say_what_their_intervals_assume(build):
    design = op.Design(weight="wgt", sample="nonprobability")
    text = words(op.shares(build(design=design), "support"))
    assert "Opt-in sample: the intervals are model" in text
    assert "assume that, given the weights, joining the panel and staying in it are" in text
    assert "Opt-in" not in str(op.shares(build(), "support"))


def test_an_undefined_row_is_a_dash_with_n_0(build, july):
    july.loc[july["q12"].isin([3, 98]), "q12"] = 1
    lines = str(op.transitions(build(), "support")).splitlines()
    row = next(line for line in lines if line.startswith("unsure"))
    assert row.split()[-4:] == ["–", "–", "–", "0"]


def test_withheld_cells_are_marked(moves):
    assert "n &lt; 10" in html_table(moves, withheld_of(moves, 10, 0))
    assert "n &lt; 10" not in html_table(moves)


def test_cells_withheld_for_the_sake_of_others_are_marked_apart(build):
    by_gender = op.shares(build(), "support", by="gender")
    table = table_of(by_gender, withheld=withheld_of(by_gender, 4, 0))
    assert [row[2:] for row in table.rows[:2]] == [["withheld"] * 3 + ["4"], ["n < 4"] * 3 + ["3"]]
    assert table.notes[-1] == (
        "“n < 4”: withheld, as the base is small. "
        "“withheld”: with it and what else is shown, numbers of few people could be computed."
    )
    assert "“withheld”" not in table_of(by_gender, withheld=withheld_of(by_gender, 5, 0)).notes[-1]
    assert (
        table_of(by_gender, withheld=withheld_of(by_gender, 1, 0)).notes
        == table_of(by_gender).notes
    )


def test_html_has_the_question_in_its_note(moves):
    note = moves._repr_html_().partition('<p class="opinionpanel-note">')[2]
    assert note.startswith("“Do you support it?” Base: people with an answer at both waves")


@pytest.mark.parametrize("length", [1, 8, 30])
def test_wide_tables_come_in_blocks_that_fit(from_table, length):
    states = [f"{letter * length}{number}" for number, letter in enumerate("abcdefghijkl")]
    rng = np.random.default_rng(2)
    moves = op.transitions(from_table(states, rng.integers(1, 9, (12, 12))), "opinion")
    lines = str(moves).splitlines()
    assert max(map(len, lines[1:])) <= 100
    headers = [line.split() for line in lines if line.startswith("origin")]
    assert len(headers) > 1
    assert [state for header in headers for state in header[1:-1]] == states
    assert all(header[-1] == "n" for header in headers)
    for state in states:
        rows = [line for line in lines if line.startswith(f"{state} ")]
        assert len(rows) == len(headers)
        assert len({row.split()[-1] for row in rows}) == 1


def test_a_single_column_wider_than_the_page_stands_alone(from_table):
    states = ["a" * 120, "b" * 120]
    text = str(op.transitions(from_table(states, [[5, 3], [2, 9]]), "opinion"))
    assert sum(line.startswith("origin") for line in text.splitlines()) == 2


def test_a_narrow_table_stays_in_one_piece(moves):
    assert sum(line.startswith("origin") for line in str(moves).splitlines()) == 1


def test_a_state_may_be_called_like_a_column(from_table):
    panel = from_table(["n", "origin"], [[5, 3], [2, 9]])
    table = table_of(op.transitions(panel, "opinion"))
    assert table.header == ["origin", "n", "origin", "n"]
    assert table.labels == 1
    assert [row[0] for row in table.rows] == ["n", "origin"]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_html_escapes_markup_everywhere(build, july, november):
    for frame in (july, november):
        frame["gender"] = MARKUP
    item = op.Item(
        {"Jul": "q12", "Nov": "q9"},
        {MARKUP: [1, 2], "<i>unsure</i>": [3, 98], "oppose": [4, 5]},
        question=MARKUP,
    )
    panel = build(items={MARKUP: item}, dates={"Jul": MARKUP}, source=MARKUP)
    for shown in (
        panel,
        item,
        op.shares(panel, MARKUP, by="gender"),
        op.transitions(panel, MARKUP).difference("destination", "oppose", minus=MARKUP),
    ):
        html = shown._repr_html_()
        assert "<script" not in html
        assert "<i>" not in html
        parser = Tags()
        parser.feed(html)
        assert parser.open == []
        assert {"pre", "table"} & set(parser.seen)


def test_nobody_moved_reads_as_zero_and_not_minus_zero(from_table):
    text = str(op.net_change(from_table(["a", "b"], [[5, 0], [0, 5]]), "opinion"))
    assert "−0" not in text
    assert "-0" not in text


def test_html_has_headers_for_rows_and_columns(moves):
    html = moves._repr_html_()
    assert html.count('<th scope="col">') == 1 + 3 + 1
    assert '<th scope="row">approve</th>' in html
    assert "<caption>Transitions of support: share of each origin, Jul → Nov." in html


def test_labels_that_vary_have_a_column_and_constant_ones_do_not(build):
    shares = op.shares(build(), "support", by="gender")
    text = str(shares)
    assert "wave" in text.splitlines()[3]
    assert "gender" in text.splitlines()[3]
    one = str(shares.select(wave="Jul"))
    assert "Jul" in one.splitlines()[0]
    assert "wave" not in one.splitlines()[3]


def test_a_limit_of_a_change_is_not_rounded_to_zero():
    frame = pd.DataFrame({"estimate": [0.06], "conf_low": [0.002], "conf_high": [0.12]})
    assert cell_texts(frame, "change") == ["+6.0 (+0.2 to +12.0)"]
    assert cell_texts(frame, "share") == ["6 (0 to 12)"]
