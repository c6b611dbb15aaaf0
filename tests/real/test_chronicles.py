"""Chronicles: cross-sections whose ids start again in every survey, and the series they are."""

import numpy as np
import pytest
from by_pandas import DATA, checked, needs_data, percent, refusal, spss

import opinionpanel as op
from opinionpanel.errors import LinkError

pytestmark = needs_data

CHRONICLES = DATA / "chronicles"
SUPPORT = {"supports": [1], "does not": [2], "hard to say": [99, 100]}


@pytest.mark.parametrize(
    ("second", "column", "options", "parts"),
    [
        ("ch02", "Q11", {}, ["numbered anew", "person=", "fixed=['gender']", "say person=None"]),
        (
            "ch02",
            "Q11",
            {"groups": ["GENDER"]},
            ["1,807 people link", "hardly the same people", "50% of 1,807", "say person=None"],
        ),
        (
            "ch02",
            "Q11",
            {"fixed": ["GENDER", "AGE"]},
            ["1,807 people link", "'GENDER': 50%", "'AGE': 2%"],
        ),
        ("ch11", "Q12", {}, ["no person in common", "'999'", "say person=None"]),
        ("ch11", "Q12", {"groups": ["GENDER"]}, ["no person in common"]),
    ],
)
def test_chronicles_are_no_panel(second, column, options, parts, show):
    files = {"ch01": CHRONICLES / "ch01.sav", second: CHRONICLES / f"{second}.sav"}
    item = op.Item({"ch01": "Q4", second: column}, SUPPORT)
    with pytest.raises(LinkError) as refused:
        op.read_panel(files, person="ID", items={"war": item}, **options)
    for part in parts:
        assert part in str(refused.value)
    show(f"ch01 + {second} {options}: {refusal(refused)}")


def test_chronicles_one_survey_as_published(tmp_path, show):
    panel = op.read_panel(
        {"ch01": CHRONICLES / "ch01.sav"},
        person="ID",
        items={"war": op.Item("Q4", SUPPORT)},
        design=op.Design(weight="wes_age_gender_tnp"),
        groups=["GENDER"],
    )
    found = op.shares(panel, "war")
    np.testing.assert_array_equal((found.value * 100).round(), [59, 22, 19])
    frame = spss(CHRONICLES / "ch01.sav")
    words = {code: state for state, codes in SUPPORT.items() for code in codes}
    weighted = frame.groupby(frame["Q4"].map(words))["wes_age_gender_tnp"].sum()
    np.testing.assert_allclose(
        found.value, (weighted / weighted.sum()).reindex(SUPPORT), rtol=1e-12
    )
    assert panel.groups["GENDER"].categories == ("Мужской", "Женский")
    assert "ch01.sav (windows-1251)" in str(panel)
    report = checked(
        tmp_path,
        f"""
        title = "Chronicles"
        allow_outside = true
        person = "ID"
        groups = ["GENDER"]
        [[waves]]
        name = "ch01"
        file = "{(CHRONICLES / "ch01.sav").as_posix()}"
        [items.war]
        column = "Q4"
        [items.war.states]
        supports = ["Да, поддерживаю"]
        "does not" = [2]
        "hard to say" = [99, 100]
        [design]
        weight = "wes_age_gender_tnp"
        """,
        panel,
    )
    assert "Затрудняюсь ответить" in report
    show(f"ch01, weighted: {percent(found.matrix())}")


@pytest.mark.parametrize(
    ("name", "column", "encoding"),
    [("ch01", "Q4", "windows-1251"), ("ch02", "Q11", "windows-1251"), ("ch11", "Q12", "utf-8")],
)
def test_chronicles_encodings_in_the_summary(name, column, encoding, show):
    path = CHRONICLES / f"{name}.sav"
    states = {"supports": ["Да, поддерживаю"], "does not": ["Нет, не поддерживаю"]}
    item = op.Item(column, states, rest="missing")
    panel = op.read_panel({name: path}, person="ID", items={"war": item})
    assert f"{name}.sav ({encoding})" in str(panel)
    codes = spss(path)[column]
    counts = [int((panel.answers["war"] == place).sum()) for place in (0, 1)]
    assert counts == [(codes == 1).sum(), (codes == 2).sum()]
    show(f"{panel.sources[name]}: supports {counts[0]:,}, does not {counts[1]:,}")


WAVES = {"Mar 2022": ("ch01", "Q4"), "Apr 2022": ("ch02", "Q11"), "Sep 2023": ("ch11", "Q12")}
AT_WAVE = "wes_age_gender_tnp"


def test_chronicles_as_a_series(tmp_path, show):
    """Nobody was asked twice: shares at every survey, and how they differ."""
    both = {"supports": [1], "does not": [2], "hard to say": [99, 100]}
    states = dict.fromkeys(WAVES, both) | {"Mar 2022": {**both, "hard to say": [99]}}
    columns = {wave: column for wave, (_, column) in WAVES.items()}
    weights = {"Mar 2022": AT_WAVE, "Apr 2022": AT_WAVE, "Sep 2023": "weight"}
    panel = op.read_panel(
        {wave: CHRONICLES / f"{name}.sav" for wave, (name, _) in WAVES.items()},
        person=None,
        items={"war": op.Item(columns, states)},
        design=op.Design(weight=weights),
    )
    found = op.shares(panel, "war")
    np.testing.assert_array_equal((found.value[:3] * 100).round(), [59, 22, 19])
    errors = {}
    for wave, (name, column) in WAVES.items():
        frame = spss(CHRONICLES / f"{name}.sav")
        weight = frame[weights[wave]].to_numpy()
        here = found.select(wave=wave)
        for state, codes in both.items():
            hit = frame[column].isin(codes).to_numpy()
            share, n = (weight * hit).sum() / weight.sum(), (weight > 0).sum()
            spread = (weight**2 * (hit - share) ** 2).sum() * n / (n - 1)
            errors[wave, state] = np.sqrt(spread) / weight.sum()
            one = here.select(state=state)
            np.testing.assert_allclose(one.value, share, rtol=1e-12)
            np.testing.assert_allclose(one.std_error, errors[wave, state], rtol=1e-12)
    less = found.difference("wave", "Apr 2022", minus="Mar 2022")
    np.testing.assert_allclose(
        less.std_error, [np.hypot(errors["Mar 2022", s], errors["Apr 2022", s]) for s in both]
    )
    assert less.test().pvalue < 1e-6
    op.charts.save(op.charts.trend(found), tmp_path / "trend.svg")
    with pytest.raises(op.errors.SelectionError, match="nobody was asked twice"):
        op.turnover(panel, "war")
    show(f"three surveys as a series: {percent(found.matrix())}")
