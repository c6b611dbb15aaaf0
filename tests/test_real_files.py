"""Real panels, their traps included, against plain pandas and what their authors published.

What each study gives is shown in a table at the end of the tests' output.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

import opinionpanel as op
from opinionpanel.errors import ItemError, LinkError
from opinionpanel.studyfile.checking import check_study

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared real survey files are absent")


@pytest.fixture
def show(record_property):
    """Show lines in the output of the tests: what the library gives, or refuses."""

    def record(*lines):
        record_property("table", "\n".join(lines))

    return record


def percent(shares):
    """Show a matrix in a line, a row after the other."""
    return "; ".join("/".join(f"{100 * value:.1f}" for value in row) for row in np.array(shares))


def refusal(error):
    """Show the first line of an error."""
    return f"refused, {type(error.value).__name__}: {str(error.value).splitlines()[0]}"


def crosstab(origins, destinations, states, weights=None):
    """Weighted people by origin and destination, by pandas alone."""
    if weights is None:
        weights = pd.Series(1.0, index=origins.index)
    table = pd.crosstab(origins, destinations, values=weights, aggfunc="sum")
    return table.reindex(index=states, columns=states).fillna(0).to_numpy()


def rows_of(table):
    """Row shares of a table; NaN in rows that nobody is in."""
    with np.errstate(invalid="ignore"):
        return table / table.sum(axis=1, keepdims=True)


def spss(path):
    """The values of a file, declared missing ones too, without the library."""
    return pyreadstat.read_sav(str(path), user_missing=True)[0]


def checked(tmp_path, text, panel):
    """Read a study file two ways: both give the panel that the test has built by code."""
    path = tmp_path / "study.toml"
    path.write_text(text, encoding="utf-8")
    study = op.read_study(path)
    assert str(study.panel) == str(panel)
    for name, answers in panel.answers.items():
        np.testing.assert_array_equal(study.panel.answers[name], answers)
    report, keys = check_study(path)
    assert keys.faults == []
    assert str(panel) in report
    return report


# YouGov, Rhode Island: the id has another name in every wave.

YOUGOV = DATA / "yougov_rhode_island"
WILL = {"will": [4, 5], "not sure": [3], "won't": [1, 2]}
WILL_CODES = {5: "will", 4: "will", 3: "not sure", 2: "won't", 1: "won't"}
INTENTION = {"wave 3": "q1", "wave 4": "q1", "wave 5": "q126", "wave 6": "q150"}
# Of each wave, the column that holds its people's ids in another wave.
PAIRS = {
    ("wave 3", "wave 5"): ("caseid", "caseid_BROW0015", 166),
    ("wave 3", "wave 6"): ("caseid", "caseid_15", 129),
    ("wave 4", "wave 5"): ("caseid", "caseid_BROW0016", 175),
    ("wave 4", "wave 6"): ("caseid", "caseid_16", 126),
    ("wave 5", "wave 6"): ("caseid_BROW0017", "caseid_17", 131),
}
OWN = {"wave 5": "caseid_BROW0017", "wave 6": "caseid"}


def yougov(*waves):
    return {wave: YOUGOV / f"{wave.replace(' ', '')}.sav" for wave in waves}


def intention(*waves):
    return op.Item({wave: INTENTION[wave] for wave in waves}, WILL, not_asked=[9])


def test_yougov_pairs_of_waves(show):
    lines = []
    for (first, second), (start, end, linked) in PAIRS.items():
        ids = list(dict.fromkeys([end, OWN[second]]))
        panel = op.read_panel(
            yougov(first, second),
            person={first: start, second: ids},
            items={"vaccine": intention(first, second)},
            fixed=["birthyr"],
        )
        one, two = (spss(path) for path in yougov(first, second).values())
        both = one.merge(two, left_on=start, right_on=end, suffixes=("_1", "_2"))
        assert panel.present.all(axis=0).sum() == len(both) == linked
        assert panel.present.sum(axis=1).tolist() == [len(one), len(two)]
        changed = int((both["birthyr_1"] != both["birthyr_2"]).sum())
        assert panel.linkage()["birthyr_disagree"].iloc[-1] == changed
        names = (INTENTION[first], INTENTION[second])
        if names[0] == names[1]:
            names = (f"{names[0]}_1", f"{names[1]}_2")
        answers = [both[name].map(WILL_CODES) for name in names]
        moves = op.transitions(panel, "vaccine")
        expected = crosstab(*answers, list(WILL))
        np.testing.assert_allclose(moves.matrix(), rows_of(expected), atol=1e-12)
        np.testing.assert_array_equal(moves.n[::3], expected.sum(axis=1))
        lines.append(
            f"{first} → {second}: {linked} people link, {changed} with another year of birth, "
            f"{int(expected.sum())} answered both"
        )
    show(*lines)


def test_yougov_weighted_as_published(tmp_path, show):
    """Vaccination intention, wave 4 to 5, against the matrix published with the files."""
    panel = op.read_panel(
        yougov("wave 4", "wave 5"),
        person={"wave 4": "caseid", "wave 5": ["caseid_BROW0016", "caseid_BROW0017"]},
        items={"vaccine": intention("wave 4", "wave 5")},
        design=op.Design(weight="weight_RI"),
    )
    moves = op.transitions(panel, "vaccine")
    published = [
        [0.925531, 0.037029, 0.037440],
        [0.280704, 0.589483, 0.129813],
        [0.130295, 0.063269, 0.806436],
    ]
    np.testing.assert_allclose(moves.matrix(), published, atol=1e-6)
    both = spss(YOUGOV / "wave4.sav").merge(
        spss(YOUGOV / "wave5.sav"), left_on="caseid", right_on="caseid_BROW0016"
    )
    both = both[both["weight_RI_y"] > 0]
    answers = [both[name].map(WILL_CODES) for name in ("q1", "q126")]
    table = crosstab(*answers, list(WILL), both["weight_RI_y"])
    np.testing.assert_allclose(moves.matrix(), rows_of(table), atol=1e-12)
    flows = op.flows(panel, "vaccine")
    np.testing.assert_allclose(flows.matrix(), table / table.sum(), atol=1e-12)
    assert flows.n.tolist() == [91] * 9
    assert "92 answered both, 1 of them without a positive weight, 91 in the base" in str(panel)
    checked(
        tmp_path,
        f"""
        title = "Rhode Island"
        [person]
        "wave 4" = "caseid"
        "wave 5" = ["caseid_BROW0016", "caseid_BROW0017"]
        [[waves]]
        name = "wave 4"
        file = "{(YOUGOV / "wave4.sav").as_posix()}"
        [[waves]]
        name = "wave 5"
        file = "{(YOUGOV / "wave5.sav").as_posix()}"
        [items.vaccine]
        not_asked = [9]
        [items.vaccine.column]
        "wave 4" = "q1"
        "wave 5" = "q126"
        [items.vaccine.states]
        will = ["Definitely will", "Maybe will"]
        "not sure" = [3]
        "won't" = ["Maybe won't", 1]
        [design]
        weight = "weight_RI"
        """,
        panel,
    )
    show(f"wave 4 → 5, n = {flows.n[0]:.0f}, row %: {percent(moves.matrix())}")


def test_yougov_four_waves():
    """Each wave's first id column that is filled, as pandas fills it from the next."""
    person = {
        "wave 3": "caseid",
        "wave 4": "caseid",
        "wave 5": ["caseid_BROW0016", "caseid_BROW0015", "caseid_BROW0017"],
        "wave 6": ["caseid_16", "caseid_15", "caseid_17", "caseid"],
    }
    waves = list(person)
    panel = op.read_panel(
        yougov(*waves), person=person, items={"vaccine": intention(*waves)}, groups=["educ"]
    )
    ids = []
    for wave, path in yougov(*waves).items():
        columns = [person[wave]] if isinstance(person[wave], str) else person[wave]
        ids.append(set(spss(path)[columns].bfill(axis=1).iloc[:, 0]))
    table = panel.linkage().set_index(["what", "from_wave", "to_wave"])["people"]
    for position, first in enumerate(waves):
        for place in range(position + 1, len(waves)):
            linked = len(ids[position] & ids[place])
            assert table["pair", first, waves[place]] == linked
    assert panel.present.shape[1] == len(set.union(*ids))


def test_yougov_not_asked_differs_from_skipped(show):
    """Code 9 "not asked" and code 8 "skipped" are both declared missing, and mean two things."""
    states = {"good": [1, 2, 3], "poor": [4, 5], "skipped": [8]}
    panel = op.read_panel(
        {"wave 3": YOUGOV / "wave3.sav"},
        person="caseid",
        items={
            "health": op.Item("genhealth", states, not_asked=[9]),
            "by label": op.Item("genhealth", states, not_asked=["not asked"]),
            "dropped": op.Item(
                "genhealth", {"good": [1, 2, 3], "poor": [4, 5]}, not_asked=[9], rest="missing"
            ),
        },
    )
    codes = spss(YOUGOV / "wave3.sav")["genhealth"]
    health = panel.answers["health"][0]
    np.testing.assert_array_equal(health == -2, codes == 9)
    np.testing.assert_array_equal(health == 2, codes == 8)
    np.testing.assert_array_equal(panel.answers["by label"], panel.answers["health"])
    np.testing.assert_array_equal(panel.answers["dropped"][0] == -1, codes == 8)
    assert ((codes == 9).sum(), (codes == 8).sum()) == (85, 1)
    assert panel.unread["dropped"]["wave 3"] == {"8 'skipped'": 1}
    show(*(line for line in str(panel).splitlines() if line.startswith(("Item", "  wave 3"))))


# Germany: ids are text in the first wave, numbers in the second, and some stand twice.

GERMANY = {"May": DATA / "covid_germany/wave1.dta", "September": DATA / "covid_germany/wave2.dta"}
STATUS = {"vaccinated": [1, 2], "waiting": [3, 4], "neither": [5]}
STATUS_CODES = {1: "vaccinated", 2: "vaccinated", 3: "waiting", 4: "waiting", 5: "neither"}


def test_covid_germany(tmp_path, show):
    arguments = {"person": "be06_rv2", "items": {"status": op.Item("ac02", STATUS)}}
    with pytest.raises(LinkError) as refused:
        op.read_panel(GERMANY, **arguments)
    frames = []
    for path in GERMANY.values():
        frame = pyreadstat.read_dta(str(path))[0]
        frames.append(frame.assign(id=pd.to_numeric(frame["be06_rv2"]).astype(int)))
    extra = int(frames[0]["id"].duplicated().sum())
    assert extra == 29
    for part in ("'May' (wave1.dta)", "26 id(s)", "55 rows, 29 too many", "duplicates='drop_all'"):
        assert part in str(refused.value)
    # No id of a person in the message, though one stands there more often than any other.
    assert not any(str(one) in str(refused.value) for one in frames[0]["id"] if one > 99)

    panel = op.read_panel(GERMANY, duplicates="drop_all", fixed=["sd02"], **arguments)
    everyone = [set(frame["id"]) for frame in frames]
    assert panel.present.all(axis=0).sum() == len(everyone[0] & everyone[1]) == 987
    once = [frame[~frame["id"].duplicated(keep=False)] for frame in frames]
    both = once[0].merge(once[1], on="id", suffixes=("_1", "_2"))
    expected = crosstab(
        both["ac02_1"].map(STATUS_CODES), both["ac02_2"].map(STATUS_CODES), list(STATUS)
    )
    moves = op.transitions(panel, "status")
    # Only those who were not vaccinated in May were asked again in September.
    np.testing.assert_allclose(moves.matrix(), rows_of(expected), atol=1e-12)
    assert moves.n[::3].tolist() == expected.sum(axis=1).tolist() == [0, 449, 512]
    assert panel.linkage()["sd02_disagree"].iloc[-1] == (both["sd02_1"] != both["sd02_2"]).sum()
    checked(
        tmp_path,
        f"""
        title = "Vaccination in Germany"
        person = "be06_rv2"
        fixed = ["sd02"]
        duplicates = "drop_all"
        [[waves]]
        name = "May"
        file = "{GERMANY["May"].as_posix()}"
        [[waves]]
        name = "September"
        file = "{GERMANY["September"].as_posix()}"
        [items.status]
        column = "ac02"
        [items.status.states]
        vaccinated = [1, 2]
        waiting = [3, 4]
        neither = [5]
        """,
        panel,
    )
    show(
        refusal(refused),
        f"duplicates='drop_all': {len(everyone[0] & everyone[1])} people link, {len(both)} of them "
        f"with one row each; May → September, row %: {percent(moves.matrix())}",
    )


# Netherlands: the codes of the vaccination question change in wave 3, in files without labels.

DUTCH = {f"wave {wave}": DATA / f"vu_netherlands/wave{wave}.csv" for wave in range(5)}
OLD = {"yes": [1, 2], "unsure": [None], "no": [3, 4]}
NEW = {"yes": [1, 3], "unsure": [None], "no": [4, 5]}
BY_WAVE = {wave: OLD if place < 3 else NEW for place, wave in enumerate(DUTCH)}


def without_test_record():
    """All waves as frames, without the person 9992, which is a test record."""
    waves = {}
    for wave, path in DUTCH.items():
        frame = op.read_wave(path, columns=["iisID", "H7"]).frame
        waves[wave] = frame[frame["iisID"] != 9992]
    return waves


@pytest.mark.parametrize("rest", [None, "missing"])
def test_recoding_of_vu_netherlands_is_noticed(rest, show):
    item = op.Item("H7", {"yes": [1, 2], "no": [3, 4]}, rest=rest)
    with pytest.raises(ItemError) as refused:
        op.read_panel(DUTCH, person="iisID", items={"vaccine": item})
    first, last = (
        pd.read_csv(DUTCH[wave], usecols=["H7"])["H7"].value_counts()
        for wave in ("wave 0", "wave 4")
    )
    for counts in (first, last):
        shown = ", ".join(f"{int(code)}: {counts[code]:,}" for code in sorted(counts.index))
        assert shown in str(refused.value)
    for part in ("code 2 does not occur at 'wave 3', 'wave 4'", "Map each wave for itself"):
        assert part in str(refused.value)
    show(f"one mapping, rest={rest}: {refusal(refused)}")


def test_vu_netherlands_mapped_by_wave(show):
    item = op.Item("H7", BY_WAVE)
    panel = op.Panel.from_waves(without_test_record(), person="iisID", items={"vaccine": item})
    moves = op.transitions(panel, "vaccine", waves=["wave 0", "wave 4"])
    published = [[0.913, 0.051, 0.036], [0.535, 0.302, 0.163], [0.194, 0.075, 0.731]]
    np.testing.assert_allclose(moves.matrix(), published, atol=0.0005)
    frames = [
        pd.read_csv(DUTCH[wave], usecols=["iisID", "H7"]).query("iisID != 9992")
        for wave in ("wave 0", "wave 4")
    ]
    both = frames[0].merge(frames[1], on="iisID")
    words = [
        {code: state for state, codes in states.items() for code in codes if code}
        for states in (OLD, NEW)
    ]
    table = crosstab(
        both["H7_x"].map(words[0]).fillna("unsure"),
        both["H7_y"].map(words[1]).fillna("unsure"),
        list(OLD),
    )
    np.testing.assert_allclose(moves.matrix(), rows_of(table), atol=1e-12)
    assert table.sum() == 1372
    np.testing.assert_array_equal(moves.n[::3], table.sum(axis=1))
    assert panel.notes == ()
    show(f"mapped by wave, 0 → 4, n = {int(table.sum())}, row %: {percent(moves.matrix())}")


def test_vu_netherlands_with_all_codes_in_one_mapping_leaves_a_note(show):
    """Every code has a state, so nothing can be refused; the summary says what looks wrong."""
    item = op.Item("H7", {"yes": [1, 2], "no": [3, 4, 5]})
    panel = op.read_panel(DUTCH, person="iisID", items={"vaccine": item})
    notes = [line for line in str(panel).splitlines() if line.startswith("Note: item 'vaccine'")]
    assert "code 2 does not occur at 'wave 3', 'wave 4', where 5 is new" in notes[0]
    show(*notes)


# Chronicles: cross-sections whose ids start again in every survey.

CHRONICLES = DATA / "chronicles"
SUPPORT = {"supports": [1], "does not": [2], "hard to say": [99, 100]}


@pytest.mark.parametrize(
    ("second", "column", "options", "parts"),
    [
        ("ch02", "Q11", {}, ["numbered anew", "person=", "fixed=['gender']"]),
        (
            "ch02",
            "Q11",
            {"groups": ["GENDER"]},
            ["1,807 people link", "hardly the same people", "50% of 1,807", "chance"],
        ),
        (
            "ch02",
            "Q11",
            {"fixed": ["GENDER", "AGE"]},
            ["1,807 people link", "'GENDER': 50%", "'AGE': 2%"],
        ),
        ("ch11", "Q12", {}, ["no person in common", "'999'", "person="]),
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


# Tables.

ANSWERS = {"always": ["Always"], "sometimes": ["Sometimes"], "never": ["Never"]}
SURVEYS = ["ms153_NSA", "ms432_NSA", "ms460_NSA"]


def vaccinations():
    return pd.read_csv(DATA / "small/vaccinations.csv")


def test_vaccinations_as_a_weighted_long_panel(show):
    long = vaccinations()
    # "Missing" is drop-out: these people have no interview, so no row.
    panel = op.Panel.from_long(
        long[long["response"] != "Missing"],
        person="subject",
        wave="survey",
        waves=SURVEYS,
        count="freq",
        items={"vaccinated": op.Item("response", ANSWERS)},
    )
    states = [*ANSWERS, "not interviewed"]
    wide = long.pivot(index="subject", columns="survey", values="response")
    wide = wide.replace("Missing", "not interviewed").map(str.lower)
    freq = long.groupby("subject")["freq"].first()
    absent = (wide == "not interviewed").all(axis=1)
    # Of the 953 people one was interviewed at no wave.
    assert freq.sum() == 953
    assert panel.present.shape[1] == 953 - freq[absent].sum() == 952
    started = wide[SURVEYS[0]] != "not interviewed"
    flows = op.flows(panel, "vaccinated", base="panel")
    assert set(flows.n) == {freq[started].sum()} == {861}
    for first, second in pairwise(SURVEYS):
        table = crosstab(wide.loc[started, first], wide.loc[started, second], states, freq[started])
        here = flows.select(from_wave=first, to_wave=second)
        np.testing.assert_allclose(here.value, (table / table.sum()).ravel(), atol=1e-12)
        answered = op.flows(panel, "vaccinated", waves=[first, second])
        table = crosstab(wide[first], wide[second], list(ANSWERS), freq)
        np.testing.assert_allclose(answered.value, (table / table.sum()).ravel(), atol=1e-12)
    show(
        f"{panel.present.shape[1]} people; {SURVEYS[0]} → {SURVEYS[1]}, % of {flows.n[0]:.0f} "
        f"interviewed at the first: {percent(flows.select(from_wave=SURVEYS[0]).matrix())}"
    )


def test_vaccinations_with_missing_as_no_answer():
    """With their rows kept, all 953 people are interviewed at every wave, some without answer."""
    panel = op.Panel.from_long(
        vaccinations(),
        person="subject",
        wave="survey",
        count="freq",
        items={"vaccinated": op.Item("response", ANSWERS, rest="missing")},
    )
    assert panel.waves == tuple(SURVEYS)
    assert panel.present.shape[1] == 953
    assert panel.present.all()
    missing = vaccinations().query("response == 'Missing'").groupby("survey")["freq"].sum()
    assert [panel.unread["vaccinated"][wave] for wave in SURVEYS] == [
        {"'Missing'": count} for count in missing[SURVEYS]
    ]


def test_rlms_job_satisfaction(show):
    frame = pd.read_csv(DATA / "small/rlms_job_satisfaction.csv")
    columns = dict(zip(map(str, range(2008, 2015)), frame.columns, strict=True))
    states = {"satisfied": [1, 2], "neutral": [3], "unsatisfied": [4, 5]}
    panel = op.Panel.from_wide(frame, items={"job": op.Item(columns, states)})
    assert panel.present.shape == (7, 1718)
    moves = op.transitions(panel, "job")
    first = moves.select(from_wave="2008", to_wave="2009")
    published = [[0.789, 0.130, 0.081], [0.485, 0.376, 0.139], [0.359, 0.301, 0.341]]
    np.testing.assert_allclose(first.matrix(), published, atol=0.0005)
    words = {code: state for state, codes in states.items() for code in codes}
    named = frame.replace(words)
    for start, end in pairwise(columns):
        table = crosstab(named[columns[start]], named[columns[end]], list(states))
        found = moves.select(from_wave=start, to_wave=end)
        np.testing.assert_allclose(found.value, rows_of(table).ravel(), atol=1e-12)
    show(f"2008 → 2009, row %: {percent(first.matrix())}")
