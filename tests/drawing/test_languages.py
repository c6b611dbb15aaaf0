"""Words, numbers and dates of charts: the same in every language, but for how they are written."""

import math
import pickle
from datetime import date

import pytest
from hypothesis import assume, given, strategies as st

from opinionpanel.drawing.languages import (
    ENGLISH,
    LANGUAGES,
    RUSSIAN,
    Language,
    is_narrow,
    language_of,
)
from opinionpanel.errors import SelectionError
from opinionpanel.phrases import Phrase, figure, per_cent

MINUS, NO_BREAK = "\u2212", "\u00a0"
each = pytest.mark.parametrize("language", LANGUAGES.values(), ids=LANGUAGES)
DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
SHARES, DIFFERENCES, DIGITS = st.floats(0, 1), st.floats(-1, 1), st.integers(0, 2)


def read(language, text):
    """The number that a text shows."""
    plain = text.removesuffix(language.percent).replace(language.thousands, "")
    return float(plain.replace(language.decimal, ".").replace(MINUS, "-"))


@each
@given(number=st.integers(0, 10**9))
def test_counts_can_be_read_back(language, number):
    assert read(language, language.count(number)) == number


@each
@given(value=SHARES, digits=DIGITS)
def test_shares_can_be_read_back(language, value, digits):
    text = language.share(value, digits=digits)
    assert text.endswith(language.percent)
    assert read(language, text) == round(float(f"{100 * value:.{digits}f}"), digits)


@each
@given(value=DIFFERENCES, digits=DIGITS)
def test_differences_have_a_sign_unless_they_are_shown_as_0(language, value, digits):
    text = language.points(value, digits=digits)
    shown = float(f"{100 * value:.{digits}f}")
    assert read(language, text) == shown
    assert (text[0] == "+", text[0] == MINUS) == (shown > 0, shown < 0)
    assert "-" not in text


@each
@given(ends=st.tuples(DIFFERENCES, DIFFERENCES).map(sorted), digits=DIGITS)
def test_limits_hold_both_ends_and_a_dash_stands_between_positive_ones_only(language, ends, digits):
    low, high = ends
    compact = language.compact_limits(low, high, digits)
    assert ("–" in compact) == (low >= 0)
    sign = language.points if low < 0 else language.share
    shown = [sign(end, digits=digits).removesuffix(language.percent) for end in ends]
    assert [part for part in shown if part in compact] == shown
    assert [part for part in shown if part in language.limits(low, high, digits)] == shown


@each
@given(value=SHARES, arms=st.tuples(SHARES, SHARES))
def test_a_margin_never_promises_what_cannot_be(language, value, arms):
    low, high = max(0.0, value - arms[0]), min(1.0, value + arms[1])
    text = language.margin(value, low, high)
    if "±" in text:
        half = read(language, text.split("±")[1]) / 100
        # Rounding apart, the interval that ± tells holds people on both of its sides.
        assert value - half >= 0.25 * value - 0.006
        assert value + half <= 1 + half / 6 + 0.006
    else:
        assert "–" in text or high - low < 1e-8


@pytest.mark.parametrize(
    ("value", "low", "high", "english", "russian"),
    [
        (0.41, 0.36, 0.46, "41% ±5", f"41{NO_BREAK}% ±5"),
        (0.008, 0.003, 0.021, "0.8% (0.3–2.1)", f"0,8{NO_BREAK}% (0,3–2,1)"),
        (0.04, 0.02, 0.09, "4% (2–9)", f"4{NO_BREAK}% (2–9)"),
        (0.99, 0.97, 0.996, "99.0% (97.0–99.6)", f"99,0{NO_BREAK}% (97,0–99,6)"),
        (0.412, 0.409, 0.415, "41.2% ±0.3", f"41,2{NO_BREAK}% ±0,3"),
        (0.25, 0.25, 0.25, "25.0%", f"25,0{NO_BREAK}%"),
        (0.0042, math.nan, math.nan, "0.4%", f"0,4{NO_BREAK}%"),
        (0.42, math.nan, math.nan, "42%", f"42{NO_BREAK}%"),
        (math.nan, math.nan, math.nan, "–", "–"),
    ],
)
def test_labels_have_the_digits_that_the_margin_deserves(value, low, high, english, russian):
    assert ENGLISH.margin(value, low, high) == english
    assert RUSSIAN.margin(value, low, high) == russian


def test_estimates_and_differences_in_running_text():
    assert ENGLISH.estimate(0.038, 0.026, 0.056) == "3.8% (2.6 to 5.6)"
    assert RUSSIAN.estimate(0.038, 0.026, 0.056) == f"3,8{NO_BREAK}% (от 2,6 до 5,6)"
    assert ENGLISH.estimate(0.038, math.nan, math.nan) == "3.8%"
    assert ENGLISH.difference(0.04, -0.02, 0.1) == f"+4 ({MINUS}2 to +10)"
    assert RUSSIAN.difference(0.04, -0.02, 0.1) == f"+4 (от {MINUS}2 до +10)"
    assert ENGLISH.difference(0.04, 0.02, 0.06) == "+4 (+2 to +6)"
    assert ENGLISH.difference(math.nan, math.nan, math.nan) == "–"
    assert (ENGLISH.level(0.95), ENGLISH.level(0.995)) == ("95%", "99.5%")
    assert RUSSIAN.level(0.995) == f"99,5{NO_BREAK}%"


@pytest.mark.parametrize(
    ("first", "last", "english", "russian"),
    [
        ("2024-07-08", "2024-07-17", "8–17 July 2024", "8–17 июля 2024"),
        ("2024-06-28", "2024-07-03", "28 June – 3 July 2024", "28 июня – 3 июля 2024"),
        ("2024-05-08", "2024-05-08", "8 May 2024", "8 мая 2024"),
        (
            "2023-12-28",
            "2024-01-03",
            "28 December 2023 – 3 January 2024",
            f"28 декабря 2023{NO_BREAK}г. – 3 января 2024",
        ),
    ],
)
def test_days(first, last, english, russian):
    first, last = map(date.fromisoformat, (first, last))
    assert ENGLISH.days(first, last) == english
    assert RUSSIAN.days(first, last) == f"{russian}{NO_BREAK}г."


@each
@given(ends=st.tuples(DAYS, DAYS).map(sorted))
def test_days_tell_each_part_of_a_date_that_differs(language, ends):
    first, last = ends
    text = language.days(first, last)
    for day in ends:
        assert str(day.day) in text
        assert str(day.year) in text
        assert language.months[day.month - 1] in text
    assert (
        text.count(language.months[first.month - 1])
        == 1 + (first.month == last.month and first.year != last.year)
        or first.month != last.month
    )


def test_nouns_stand_in_the_form_of_their_number():
    assert [ENGLISH.say("{n} people", n=n) for n in (1, 2)] == ["1 person", "2 people"]
    forms = {1: "человек", 2: "человека", 5: "человек", 11: "человек", 21: "человек"}
    forms |= {12: "человек", 22: "человека", 112: "человек", 104: "человека"}
    assert {n: RUSSIAN.say("{n} people", n=n).split()[-1] for n in forms} == forms
    assert RUSSIAN.say("{n} people", n=1234) == f"1{NO_BREAK}234 человека"


@each
@given(name=st.text(max_size=6), number=st.integers(2, 10**6))
def test_what_no_table_has_stays_english_and_names_stay_as_they_are(language, name, number):
    assume(name not in language.words)
    assert language.say(name) == name
    assert language.tell(name) == name
    said = language.say("no table has {name} and {n}", name=name, n=number)
    closed_name = Phrase("{name}", name=name)
    assert said == f"no table has {closed_name} and {language.count(number)}"


def test_a_phrase_with_forms_may_be_the_name_of_a_state():
    assert RUSSIAN.say("{n} people") == "{n} people"


@given(st.text(max_size=6), st.integers(0, 99), SHARES)
def test_a_phrase_made_elsewhere_is_told_in_its_own_words(name, number, share):
    who = Phrase("everyone interviewed at {wave}", wave=name)
    base = Phrase("{base}, {domain}", base=who, domain="x")
    # A mark of direction may follow letters that are written from the right.
    assert ENGLISH.tell(base).replace("\u200e", "") == base.replace("\u200e", "")
    assert RUSSIAN.tell(base) == RUSSIAN.say("все опрошенные в волне «{wave}», x", wave=name)
    told = RUSSIAN.tell(Phrase("under {share}", share=per_cent(share, digits=1)))
    assert told == f"менее {RUSSIAN.share(share, digits=1)}"
    assert RUSSIAN.tell(figure(f"{number}.5")) == f"{number},5"


def test_a_language_of_ones_own():
    german = Language(code="de", decimal=",", thousands=".", words={"weight": "Gewicht"})
    assert language_of(german) is german
    assert (german.count(1234), german.say("weight"), german.say("base")) == (
        "1.234",
        "Gewicht",
        "base",
    )
    assert pickle.loads(pickle.dumps(german)) == german
    assert hash(german) != hash(ENGLISH)
    assert language_of("ru") is RUSSIAN


def test_what_is_no_language_is_refused():
    with pytest.raises(SelectionError, match=r"Unknown language 'fr'.*Known: 'en', 'ru'"):
        language_of("fr")
    with pytest.raises(SelectionError, match="12 months, and 1 names"):
        Language(code="xx", months=("January",))
    with pytest.raises(SelectionError, match="it has 'n'"):
        Language(code="xx", words={"{n} people": ("one {m}", "many {n}")})
    with pytest.raises(SelectionError, match=r"said in 1 forms.*tells 2 apart"):
        Language(code="xx", words={"{n} people": ("{n} people",)})
    with pytest.raises(SelectionError, match=r"said in 2 forms.*with \{n\}"):
        Language(code="xx", words={"weight": ("one", "two")})
    with pytest.raises(SelectionError, match="it has none"):
        Language(code="xx", words={"weight": "{x}"})
    with pytest.raises(SelectionError, match="do not name places"):
        Language(code="xx", words={"weight": "{x"})
    with pytest.raises(SelectionError, match="decimal"):
        Language(code="xx", decimal=1)
    for plural, words in (
        (lambda _: [1.0], "place of the form for any whole number, and fails at 0"),
        (dict, "fails at 0"),
        (lambda number: 1 // number, "fails at 0: integer division"),
        (lambda number: number - 1, "counted from 0, and gives -1 for 0"),
    ):
        with pytest.raises(SelectionError, match=words):
            Language(code="xx", plural=plural)


@given(low=SHARES, half=st.floats(0, 0.02).filter(lambda half: abs(half - 0.005) > 1e-9))
def test_an_interval_is_narrow_where_whole_per_cents_may_show_two_limits_as_one(low, half):
    assert is_narrow(low, low + 2 * half) == (half < 0.005)
    if not is_narrow(low, low + 2 * half):
        assert ENGLISH.share(low) != ENGLISH.share(low + 2 * half + 1e-9)


def test_what_has_no_limits_is_not_narrow():
    assert not is_narrow(math.nan, math.nan)


def test_compact_estimates():
    assert ENGLISH.estimate(0.038, 0.026, 0.056) == "3.8% (2.6 to 5.6)"
    assert ENGLISH.estimate(0.038, 0.026, 0.056, digits=0, compact=True) == "4% (3–6)"
    assert ENGLISH.estimate(0.038, math.nan, math.nan, compact=True) == "3.8%"


def test_numbers_that_are_no_shares():
    assert [RUSSIAN.number(value) for value in (1.25, -0.5, -0.001)] == ["1,25", "−0,50", "0,00"]
