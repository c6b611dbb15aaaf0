"""YouGov, Rhode Island: the id has another name in every wave."""

import numpy as np
from by_pandas import DATA, checked, crosstab, needs_data, percent, rows_of, spss

import opinionpanel as op

pytestmark = needs_data

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
        allow_outside = true
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
    """Waves 5 and 6 know people by the ids of several earlier waves; any of them links."""
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
    frames = {}
    for wave, path in yougov(*waves).items():
        columns = [person[wave]] if isinstance(person[wave], str) else person[wave]
        frames[wave] = spss(path)[columns]
    table = panel.linkage().set_index(["what", "from_wave", "to_wave"])["people"]
    for first, last, column in (
        ("wave 3", "wave 5", "caseid_BROW0015"),
        ("wave 4", "wave 5", "caseid_BROW0016"),
        ("wave 3", "wave 6", "caseid_15"),
        ("wave 4", "wave 6", "caseid_16"),
    ):
        assert (
            table["pair", first, last] == frames[last][column].isin(frames[first]["caseid"]).sum()
        )
    fifth, sixth = frames["wave 5"], frames["wave 6"]
    shared = [
        sixth[here].notna() & sixth[here].isin(fifth[there].dropna())
        for here, there in (
            ("caseid_16", "caseid_BROW0016"),
            ("caseid_15", "caseid_BROW0015"),
            ("caseid_17", "caseid_BROW0017"),
        )
    ]
    assert table["pair", "wave 5", "wave 6"] == (shared[0] | shared[1] | shared[2]).sum()


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
