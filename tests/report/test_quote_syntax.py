"""How a page names an estimate."""

import re

import pandas as pd
import pytest
from hypothesis import given, strategies as st
from made_contents import bundled

import opinionpanel as op
from opinionpanel.errors import SelectionError
from opinionpanel.report.contents import Contents
from opinionpanel.report.grids import cells_of
from opinionpanel.report.quote_syntax import FORMS, Quotation, quotation, quoted
from opinionpanel.study import Study

COUNTS = [[40, 3, 12], [12, 30, 11], [14, 13, 35]]
SIGNS = re.compile(r';|→|->|=|^"|\s\s|^\s|\s$|[^\S ]|^$')
any_name = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ["a;b", "a -> b", "x = y", '"', '""', 'say "yes"', "Jul → Nov", " a", "a  b", "", "->"]
)


def written(name):
    """A name as a page writes it: in quotes where it needs them."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"' if SIGNS.search(name) else name


@given(st.lists(any_name, min_size=7, max_size=7), st.sampled_from(["→", "->"]))
def test_any_names_are_read_as_they_were_written(some, arrow):
    item, first, last, origin, destination, group, category = map(written, some)
    way = f"flows {item}; {first} {arrow} {last}; {origin}{arrow}{destination}"
    assert quotation(way) == Quotation("flows", some[0], tuple(some[1:3]), tuple(some[3:5]))
    share = f"shares {item};{first} ; {origin}; {group} = {category}"
    wanted = Quotation("shares", some[0], (some[1],), (some[3],), tuple(some[5:]))
    assert quotation(share) == wanted


def test_what_is_left_out_stands_for_the_latest_waves():
    assert quotation("turnover a") == quotation("turnover a;") == Quotation("turnover", "a")
    assert quotation("net_change a; ; b") == Quotation("net_change", "a", (), ("b",))


@pytest.mark.parametrize(
    "text",
    [
        *(
            "turnover",
            "flows a",
            "flows a; b → c",
            "flows a; b; c → d",
            "flows a; b → c → d; e → f",
        ),
        *("shares a", "shares a; b → c; d", "turnover a; b; c; d", "net_change a; b → c; d → e"),
        *("turnover a → b", "turnover a; b = c; d = e", "turnover a; b = c = d", "turnover a = b"),
        "flows a; b → c; d → e; f = g",
    ],
)
def test_what_does_not_fit_is_refused_with_the_form_that_does(text):
    form = re.escape(FORMS[text.split()[0]])
    with pytest.raises(SelectionError, match=f"Write '{form}', not '{re.escape(text)}'"):
        quotation(text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("turnovr support", "measure 'turnovr'. Did you mean 'turnover'"),
        ("turnover suport", "item 'suport'. Did you mean 'support'"),
        ("shares support; Nov 204; approve", "wave 'Nov 204'. Did you mean 'Nov 2024'"),
        ("turnover support; Nov 2024 → Jul 2024", "pair of waves .* Known: 'Jul 2024 → Nov 2024'"),
        ("flows support; ; aprove → oppose", "answer 'aprove'. Did you mean 'approve'"),
        ("shares support; ; aprove", "answer 'aprove'. Did you mean 'approve'"),
        ("turnover support; gender = men", "category of gender 'men'.* Known: 'man', 'woman'"),
        ("turnover support; gendr = man", "group 'gendr'. Did you mean 'gender'"),
        ("turnover support; ; exchang", "part 'exchang'. Did you mean 'exchange'"),
        ("turnover support; ; exchange; gender = man", "one part, 'total'. Leave PART out"),
        *(
            (f"{text}; gender = man", "these waves only: 'Mar 2025', 'Jul 2025'")
            for text in (
                "turnover support; Jul 2024 → Nov 2024",
                "net_change support; Jul 2025 → Mar 2025; approve",
                "shares support; Jul 2024; approve",
            )
        ),
    ],
)
def test_names_that_the_study_does_not_have_are_refused_with_a_hint(text, hint):
    with pytest.raises(SelectionError, match=hint):
        quoted(bundled(), text)


@pytest.mark.parametrize(
    ("text", "english", "russian"),
    [
        ("turnover support", "23.1% (20.6 to 25.8; n = 897)", "23,1 % (от 20,6 до 25,8; n = 897)"),
        ("turnover support; gender = man", "22.0% (18.0 to 26.5; n = 412)", None),
        ("shares support; Nov 2024; approve", None, None),
        ("shares support; ; approve; gender = man", "45% (38 to 52; n = 412)", None),
        ("net_change support; ; oppose; gender = man", None, None),
        ("transitions support; Jul 2024 -> Nov 2024; approve -> oppose", None, None),
    ],
)
def test_estimates_are_quoted_in_the_language_of_the_page(text, english, russian):
    found = quoted(bundled(), text).replace("\u00a0", " ")
    assert re.fullmatch(r"[+−]?[\d.]+(%| percentage points) \(.* to .*; n = [\d,]+\)", found)
    assert english in (None, found)
    if russian is not None:
        assert quoted(bundled("ru"), text).replace("\u00a0", " ") == russian


def small(**items):
    """Three waves, of the last a few people only; and an answer that few people gave."""
    answers = {"w1": "yyyyynnnnnd", "w2": "yyynnnnnyyd", "w3": "yynnnnnyyyd"}
    frame = pd.DataFrame({wave: list(text) * 4 for wave, text in answers.items()})
    frame.loc[6:, "w3"] = None
    items = {
        "q": op.Item({wave: wave for wave in answers}, {one: [one] for one in "ynd"}),
        **items,
    }
    panel = op.Panel.from_wide(frame, items=items)
    return Contents(Study(title="A study", source="", panel=panel))


def test_what_the_report_leaves_out_as_a_whole_is_withheld():
    contents = small()
    for text in (
        "shares q; w3; y",
        "turnover q; w2 → w3",
        "net_change q; w2 → w3; y",
        *(f"{way} q; w2 → w3; y → n" for way in ("flows", "transitions")),
    ):
        assert quoted(contents, text) == "withheld"
    for text in ("shares q; w2; y", "turnover q; w1 → w2", "turnover q"):
        assert quoted(contents, text) != "withheld"


def test_an_answer_that_was_put_together_with_another_is_said_to_be():
    with pytest.raises(SelectionError, match=r"Unknown answer 'd'.*\nPut together, .*“d”"):
        quoted(small(), "shares q; w1; d")


def test_an_item_without_a_page_is_not_said_to_be_unknown():
    once = op.Item({"w1": "w1"}, {"yes": ["y"], "no": ["n", "d"]})
    with pytest.raises(
        SelectionError, match=r"^Item 'once' has no page.* Items with pages: 'q'\.$"
    ):
        quoted(small(once=once), "shares once; w1; yes")


def test_a_sentence_says_what_the_table_says_and_what_it_withholds(from_table):
    panel = from_table(["yes", "no", "unsure"], COUNTS)
    contents = Contents(Study(title="A study", source="", panel=panel))
    (item,) = contents.items.values()
    (pair,) = item.pairs.values()
    tables = {
        "flows": item.published.flows(*pair),
        "transitions": item.published.transitions(*pair),
        "turnover": item.published.turnover(*pair),
        "net_change": item.published.net_change(*pair),
    }
    hidden = 0
    for measure, shown in tables.items():
        labels = shown.estimates.labels.drop(columns=["from_wave", "to_wave"])
        cells = cells_of(shown, item.told)
        for names, cell in zip(labels.itertuples(index=False), cells, strict=True):
            text = quoted(contents, f"{measure} opinion; ; {' → '.join(names)}")
            plain = re.sub(r"%| percentage points|; n\s=\s[\d,]+| \(n\s=\s[\d,]+\)", "", text)
            assert plain == cell
            hidden += text == "withheld"
    assert hidden > 1
