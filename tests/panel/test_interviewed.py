"""Who was interviewed, of those who have a row: the same people however it is declared."""

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES, ON_STAND_INS
from hypothesis import given, settings, strategies as st

import opinionpanel as op
from opinionpanel.errors import DesignError, ItemError, LinkError, ReadError, SelectionError
from opinionpanel.study.checking import check_study
from opinionpanel.waves import Wave

# Forty people; 16 of them have a row at the second wave, and no interview.
PEOPLE = np.arange(40)
GONE = PEOPLE % 10 < 4
ANSWERS = 1 + PEOPLE % 2
WIDE = pd.DataFrame(
    {
        "id": PEOPLE + 500, "a": ANSWERS, "b": np.where(GONE, 99, ANSWERS),
        "w1": 1.0, "w2": np.where(GONE, 0.0, 1.5),
        "s1": 1, "s2": np.where(GONE, np.where(PEOPLE % 2, 3.0, np.nan), 1 + PEOPLE % 2),
        "g1": "town", "g2": np.where(GONE, "nowhere", "town"),
    }
)  # fmt: skip
COLUMNS = {"q": ("a", "b"), "w": ("w1", "w2"), "s": ("s1", "s2"), "g": ("g1", "g2")}
LONG = pd.concat(
    WIDE[["id", *(pair[place] for pair in COLUMNS.values())]]
    .set_axis(["id", *COLUMNS], axis=1)
    .assign(wave=wave)
    for place, wave in enumerate((74, 79))
)
STATES = {"yes": [1], "no": [2]}
# By item, by status, and by weight: what is said of the item, and of the panel.
DECLARED = {
    "no_interview": ({"no_interview": [99]}, {}),
    "status": ({"rest": "missing"}, {"interviewed": op.Status("s", [1, 2])}),
    "weight": ({"rest": "missing"}, {"interviewed": "weight"}),
}
WAYS = pytest.mark.parametrize("way", DECLARED)


def by_wave(told):
    """The same with the names that columns have in a wide frame."""
    if isinstance(told.get("interviewed"), op.Status):
        return {"interviewed": op.Status({"74": "s1", "79": "s2"}, [1, 2])}
    return told


def options(way, *, wide=False):
    item, told = DECLARED[way]
    column = {"74": "a", "79": "b"} if wide else "q"
    weight = {"74": "w1", "79": "w2"} if wide else "w"
    group = op.Grouping({"74": "g1", "79": "g2"}, use="wave") if wide else "wave"
    return {
        "person": "id",
        "items": {"v": op.Item(column, STATES, **item)},
        "design": op.Design(weight=weight),
        "groups": {"g": group},
        **(by_wave(told) if wide else told),
    }


def from_waves(way, made=lambda frame: frame):
    waves = {str(name): made(part) for name, part in LONG.groupby("wave")}
    return op.Panel.from_waves(waves, **options(way))


def from_long(way, made=lambda frame: frame):
    return op.Panel.from_long(made(LONG), wave="wave", **options(way))


def from_wide(way):
    return op.Panel.from_wide(WIDE, **options(way, wide=True))


def check_lost(panel, file="a frame"):
    """Sixteen of forty are lost; nothing of their rows counts."""
    assert panel.linkage().people.tolist() == [40, 24, 24, 24]
    assert op.attrition(panel, "v").to_frame().estimate.iloc[-1] == pytest.approx(0.4)
    assert panel.without_weight["79"] == 0
    assert panel.groups["g"].categories == ("town",)
    assert "16 not interviewed again (40%)" in str(panel)
    (note,) = (note for note in panel.notes if "no interviews" in note)
    assert note.startswith("wave '79': 16 of 40 rows are no interviews by ")


@WAYS
@pytest.mark.parametrize("make", [from_waves, from_long, from_wide])
def test_who_has_no_interview_is_lost(way, make):
    check_lost(make(way))


@ON_STAND_INS
@WAYS
@pytest.mark.parametrize("make", [from_waves, from_long])
def test_on_an_engine_alike(engine, way, make):
    panel = make(way, FRAMES[engine])
    check_lost(panel)
    assert panel.notes == make(way).notes


@WAYS
def test_from_files(way, tmp_path):
    files = {}
    for name, part in LONG.groupby("wave"):
        files[str(name)] = tmp_path / f"{name}.csv"
        part.to_csv(files[str(name)], index=False)
    check_lost(op.read_panel(files, **options(way)))
    check_study_file(way, tmp_path)


def check_study_file(way, folder):
    told = {
        "no_interview": "",
        "status": 'interviewed = {column = "s", codes = [1, 2]}',
        "weight": 'interviewed = "weight"',
    }[way]
    item = "no_interview = [99]" if way == "no_interview" else 'rest = "missing"'
    waves = "".join(f'[[waves]]\nname = "{one}"\nfile = "{one}.csv"\n' for one in (74, 79))
    path = folder / "study.toml"
    path.write_text(
        f'title = "Two"\nperson = "id"\n{told}\n{waves}[groups]\ng = "wave"\n[design]\n'
        f'weight = "w"\n[items.v]\ncolumn = "q"\n{item}\nstates = {{yes = [1], no = [2]}}\n',
        encoding="utf-8",
    )
    check_lost(op.read_study(path).panel)
    text, keys = check_study(path)
    assert keys.faults == []
    assert "79: 16 of 40 rows are no interviews" in text.replace("'", "")
    if way == "no_interview":
        assert "99  " in text
        assert "no interview" in text.split("Codes of item v")[1]


def test_one_file_on_duckdb_reads_the_status(tmp_path):
    LONG.to_parquet(tmp_path / "all.parquet")
    check_lost(
        op.read_panel(tmp_path / "all.parquet", wave="wave", engine="duckdb", **options("status"))
    )


def waves_of(**columns):
    """Two waves of four people; at the first everybody said yes, and was interviewed."""
    first = pd.DataFrame({"id": [71, 72, 73, 74], **dict.fromkeys(columns, 1)})
    return {"t1": first, "t2": pd.DataFrame({"id": [71, 72, 73, 74], **columns})}


def panel_of(item, made=lambda wave: wave, *, labels=None, more=None, **columns):
    waves = {
        name: made(frame) if labels is None else Wave(made(frame), labels=labels)
        for name, frame in waves_of(**columns).items()
    }
    return op.Panel.from_waves(waves, person="id", items={"v": item, **(more or {})})


@ON_STAND_INS
@pytest.mark.parametrize("lazy", [False, True])
def test_blanks_and_labels_say_so(engine, lazy):
    made = FRAMES[engine] if lazy else lambda frame: frame
    blank = op.Item("q", STATES, no_interview=[None], not_asked=[9])
    panel = panel_of(blank, made, q=[1, None, 9, 2])
    assert panel.linkage().people.tolist() == [4, 3, 3, 3]
    label = op.Item("q", STATES, no_interview=["No interview"], rest="missing")
    labels = {"q": {1: "Yes", 2: "No", 99: "No interview"}}
    panel = panel_of(label, made, labels=labels, q=[1.0, 99.0, None, 2.0])
    assert panel.linkage().people.tolist() == [4, 3, 3, 3]
    assert panel_of(
        op.Item("q", {"yes": ["yes", 1], "no": ["no"]}, no_interview=["gone"]),
        made, q=["yes", "gone ", "no", "gone"],
    ).linkage().people.tolist() == [4, 2, 2, 2]  # fmt: skip


@ON_STAND_INS
@pytest.mark.parametrize("lazy", [False, True])
def test_of_several_columns_any_says_so(engine, lazy):
    made = FRAMES[engine] if lazy else lambda frame: frame
    item = op.Item(op.coalesce("q", "r"), STATES, no_interview=[99, None], not_asked=[-1])
    columns = {"q": [1, 99, -1, np.nan], "r": [np.nan, -1, np.nan, np.nan]}
    panel = panel_of(item, made, **columns)
    # The third was not asked; the fourth has nothing in either column.
    assert panel.linkage().people.tolist() == [4, 2, 2, 2]
    with pytest.raises(ItemError, match=r"column 'r': 1 person .* by item 'v'.*: 2 \(1\)"):
        panel_of(item, made, q=[1, 99, 1, 1], r=[np.nan, 2, np.nan, np.nan])


@ON_STAND_INS
@pytest.mark.parametrize("lazy", [False, True])
def test_an_answer_beside_a_code_for_no_interview(engine, lazy):
    made = FRAMES[engine] if lazy else lambda frame: frame
    item = op.Item("q", STATES, no_interview=[99])
    other = {"u": op.Item("u", {"good": [1, None], "bad": [2]}, rest="missing")}
    # A blank is no answer, whatever else it means, and what is left out is none.
    assert panel_of(item, made, more=other, q=[1, 99, 99, 1], u=[1, np.nan, 8, 2]).linkage(
    ).people.tolist() == [4, 2, 2, 2]  # fmt: skip
    with pytest.raises(ItemError) as error:
        panel_of(item, made, more=other, q=[1, 99, 99, 1], u=[1, 2, 2, 2])
    assert "Item 'u': Wave 't2'" in str(error.value)
    assert "2 people had no interview by item 'v', and have an answer here: 2 (2)" in str(
        error.value
    )


def test_three_waves_and_one_that_has_no_status():
    waves = {
        name: pd.DataFrame({"id": [71, 72, 73], "q": [1, 2, 1], "s": status})
        for name, status in {"t1": [9, 9, 9], "t2": [1, 9, 1], "t3": [1, 1, 9]}.items()
    }
    status = op.Status({"t2": "s", "t3": "s"}, [1])
    panel = op.Panel.from_waves(
        waves, person="id", items={"v": op.Item("q", STATES)}, interviewed=status
    )
    assert panel.present.tolist() == [[True] * 3, [True, False, True], [True, True, False]]


def test_nobody_left_at_a_wave():
    with pytest.raises(LinkError, match=r"'t2' \(a frame\): none of its 4 rows is an interview by"):
        panel_of(op.Item("q", STATES, no_interview=[99]), q=[99] * 4)


@pytest.mark.parametrize(
    ("interviewed", "error", "text"),
    [
        (op.Status("s", [7]), ItemError, "the code or label 7 occurs at no wave. Known: 1, 3"),
        (op.Status("s", ["1"]), ItemError, "'1' is none. Write 1"),
        (op.Status("z", [1]), ReadError, "interviewed: Unknown column 'z'"),
        (
            op.Status({"t9": "s"}, [1]),
            SelectionError,
            "columns of interviewed= 't9'. Known: 't1', 't2'",
        ),
        ("wait", SelectionError, "op.Status"),
        ("weight", DesignError, "no weight is declared for 't1', 't2'"),
    ],
)
@pytest.mark.parametrize("engine", ["memory", "polars"])
def test_what_cannot_be(interviewed, error, text, engine):
    waves = waves_of(q=[1, 1, 2, 2], s=[1, 1, 3, 1])
    made = FRAMES.get(engine, lambda frame: frame)
    with pytest.raises(error) as caught:
        op.Panel.from_waves(
            {name: made(frame) for name, frame in waves.items()},
            person="id", items={"v": op.Item("q", STATES)}, interviewed=interviewed,
        )  # fmt: skip
    assert text in str(caught.value)


@pytest.mark.parametrize("engine", ["memory", "polars"])
def test_a_status_that_one_wave_lacks(engine):
    waves = waves_of(q=[1, 1, 2, 2], s=[1, 1, 3, 1])
    made = FRAMES.get(engine, lambda frame: frame)
    waves = {"t1": made(waves["t1"].drop(columns="s")), "t2": made(waves["t2"])}
    options = {"person": "id", "items": {"v": op.Item("q", STATES)}}
    with pytest.raises(ReadError) as error:
        op.Panel.from_waves(waves, interviewed=op.Status("s", [1]), **options)
    assert str(error.value) == (
        "Wave 't1' (a frame), interviewed: there is no column 's', which stands at 't2'. Name it "
        "by wave, op.Status({'t2': 's', …}, […]): at a wave that is left out everyone who has a "
        "row was interviewed."
    )
    panel = op.Panel.from_waves(waves, interviewed=op.Status({"t2": "s"}, [1]), **options)
    assert panel.linkage().people.tolist() == [4, 3, 3, 3]


def test_labels_of_a_status():
    frames = waves_of(q=[1, 1, 2, 2], s=[1, 2, 3, 1])
    texts = {"t1": {1: "complete"}, "t2": {1: "refused", 2: "complete", 3: "partial"}}
    waves = {name: Wave(frame, labels={"s": texts[name]}) for name, frame in frames.items()}

    def made(codes):
        items = {"v": op.Item("q", STATES)}
        status = op.Status("s", codes)
        return op.Panel.from_waves(waves, person="id", items=items, interviewed=status)

    panel = made(["complete", "partial"])
    assert panel.present[1].tolist() == [False, True, True, False]
    with pytest.raises(ItemError, match="code 1 is 'complete' at wave 't1' and 'refused' at"):
        made([1])
    with pytest.raises(ItemError, match=r"'complet' occurs at no wave\. Did you mean 'complete'"):
        made(["complet"])


def test_a_negative_weight_is_no_sign_of_no_interview():
    frames = waves_of(q=[1, 1, 2, 2], w=[1.0, 0.0, -1.0, 2.0])
    with pytest.raises(DesignError, match="negative"):
        op.Panel.from_waves(
            frames, person="id", items={"v": op.Item("q", STATES)},
            design=op.Design(weight="w"), interviewed="weight",
        )  # fmt: skip


ROWS = st.lists(
    st.tuples(st.sampled_from([1, 2, 8, None]), st.sampled_from([1, 2, 3, None])),
    min_size=3, max_size=6,
)  # fmt: skip


@pytest.mark.parametrize("engine", ["memory", "polars"])
@settings(max_examples=15)
@given(first=ROWS, second=ROWS)
def test_declared_is_as_dropped_by_hand(first, second, engine):
    # Two who are at both waves.
    frames = {
        name: pd.DataFrame({
            "id": range(len(rows) + 2),
            "q": pd.array([1, 2, *(answer for answer, _ in rows)], dtype="Int64"),
            "s": pd.array([1, 1, *(status for _, status in rows)], dtype="Int64"),
        })
        for name, rows in {"t1": first, "t2": second}.items()
    }  # fmt: skip
    made = FRAMES.get(engine, lambda frame: frame)
    item = op.Item("q", STATES, rest="missing")

    def panel(waves, **told):
        waves = {name: made(frame) for name, frame in waves.items()}
        return op.Panel.from_waves(waves, person="id", items={"v": item}, **told)

    def counted(panel):
        return panel.linkage().people.tolist(), op.shares(panel, "v").n.tolist(), panel.unread

    dropped = {name: frame[(frame.s == 1).fillna(False)] for name, frame in frames.items()}
    assert counted(panel(frames, interviewed=op.Status("s", [1]))) == counted(panel(dropped))
