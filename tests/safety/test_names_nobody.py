"""Guards that no text which is printed or written shows what fewer than five people gave.

That is their answers in their own words, places, addresses and dates, whether they stand as
answers, groups, traits or ids.
"""

import numpy as np
import pandas as pd
import pytest
from engine_frames import FRAMES

import opinionpanel as op
from opinionpanel.errors import OpinionPanelError, ReadError
from opinionpanel.study import check_study, fault_lines, write_draft

# What one person gave each; none of it is in the names of columns, files and waves.
CANARIES = [
    "Ann Zyx, my doctor", "Канарейка из Клина", "zyx@example.org", "9.5.1931", "+49 170 5551234",
    "48213.75", "yes, says Zyx", "refused (Zyx was there)", "no interview (Zyx)", "Kleinzyxdorf",
]  # fmt: skip
PEOPLE = 160


def wave(seed):
    """A wave in which a few people gave answers, and live in places, of their own."""
    random = np.random.default_rng(seed)
    answers = random.choice(["yes", "no"], PEOPLE).astype(object)
    towns = np.array(["north", "south"] * (PEOPLE // 2), dtype=object)
    ages = np.array([str(20 + person % 50) for person in range(PEOPLE)], dtype=object)
    answers[20:30] = towns[30:40] = ages[40:50] = CANARIES
    ids = [f"PERSON-{person:05d}" for person in range(PEOPLE)]
    return pd.DataFrame({"id": ids, "q": answers, "town": towns, "age": ages, "w": 1.0})


FIRST, SECOND = wave(1), wave(2)


def labelled(frame):
    """Code texts in the order of the alphabet, as programs do, with a label for each."""
    coded, labels = frame.copy(), {}
    for name in ("q", "town"):
        texts = sorted(set(frame[name]))
        coded[name] = frame[name].map(texts.index) + 1.0
        labels[name] = dict(enumerate(texts, start=1))
    return coded, labels


def write(frame, path):
    import pyreadstat

    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.assign(q=frame["q"].astype("category")).to_parquet(path)
    else:
        coded, labels = labelled(frame)
        save = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
        save(coded, path, variable_value_labels=labels)


def shown(made):
    """All texts of a result."""
    texts = [str(made), repr(made), getattr(made, "_repr_html_", str)()]
    if isinstance(made, op.Panel):
        texts += [str(made.notes), str(made.unread), str(made.linkage())]
    return texts


def said(make):
    """Whatever is printed of a result, or of its refusal."""
    try:
        made = make()
    except OpinionPanelError as error:
        return [str(error)]
    return shown(made)


def check_nobody(texts):
    texts = "\n".join(texts)
    assert [one for one in (*CANARIES, "PERSON-") if one in texts] == []
    return texts


STUDY = """
title = "Open answers"
person = "id"
{traits}
[[waves]]
name = "A"
file = "w1{ending}"
[[waves]]
name = "B"
file = "w2{ending}"
[items.x]
column = "q"
{rest}
[items.x.states]
no = ["no"]
yes = ["yes"]
"""


@pytest.mark.parametrize("ending", [".csv", ".sav", ".dta", ".parquet"])
def test_no_file_says_it(tmp_path, ending):
    """Waves, checks, drafts, summaries, of which a report prints the last."""
    for name, frame in (("w1", FIRST), ("w2", SECOND)):
        write(frame, tmp_path / f"{name}{ending}")
    files = [tmp_path / f"{name}{ending}" for name in ("w1", "w2")]
    check_nobody(text for file in files for text in shown(op.read_wave(file)))
    draft = write_draft(files, tmp_path / "draft.toml")
    drafted = check_nobody([draft.read_text(encoding="utf-8"), *checked(draft)])
    # Numbers that stand for texts name nobody, and are listed without their labels.
    counted = "'no'" in drafted
    assert ("10 other answers, 10 people" in drafted) == counted
    for traits in ("", 'groups = ["town"]', 'fixed = ["town"]'):
        for rest in ("", 'rest = "missing"'):
            path = tmp_path / "study.toml"
            path.write_text(STUDY.format(traits=traits, rest=rest, ending=ending), encoding="utf-8")
            text = check_nobody(checked(path))
            assert ("10 other answers, 10 people" in text) == counted
    check_nobody(said(lambda: op.read_study(path)))


def checked(path):
    text, keys = check_study(path)
    return [text, "\n".join(fault_lines(keys)) if keys.faults else ""]


STATES = {"yes": ["yes"], "no": ["no"]}
TRAITS = {
    "plain": "town",
    "latest": {"town": "latest"},
    "states": {"town": op.Grouping(states={"n": ["north"], "s": ["south"]})},
    "states and rest": {"town": op.Grouping(states={"n": ["north"]}, rest="missing")},
    "bands": {"age": op.Grouping(bands=[18, 40])},
    "bands and rest": {"age": op.Grouping(bands=[18, 40], rest="missing")},
}


@pytest.mark.parametrize(
    ("traits", "engine"),
    [*((one, "memory") for one in TRAITS), ("plain", "batches"), ("bands and rest", "polars")],
)
def test_no_group_says_it(traits, engine):
    first, second = (
        frame if engine == "memory" else FRAMES[engine](frame) for frame in (FIRST, SECOND)
    )
    check_nobody(said(lambda: panel(first, second, groups=TRAITS[traits])))
    check_nobody(said(lambda: panel(first, second, fixed=TRAITS[traits])))


ITEM = op.Item("q", STATES, rest="missing")


def panel(first=FIRST, second=SECOND, item=ITEM, **given):
    waves = {"A": first, "B": second}
    return op.Panel.from_waves(waves, person="id", items={"x": item}, **given)


def long(rare):
    frame = pd.concat([FIRST.assign(wave="A"), SECOND.assign(wave="B")], ignore_index=True)
    frame.loc[3, "wave"] = rare
    return frame


def doubled():
    return FIRST.assign(id=[CANARIES[0], CANARIES[0], *FIRST["id"][2:]])


def otherwise():
    return SECOND.assign(town=[f"{text}, formerly" for text in SECOND["town"]])


REFUSED = {
    "unmapped": lambda: panel(item=op.Item("q", STATES)),
    "unmapped at each wave": lambda: panel(item=op.Item("q", {"A": STATES, "B": STATES})),
    "a slip": lambda: panel(item=op.Item("q", {"yes": ["Yes!"], "no": ["nein"]})),
    "nothing mapped": lambda: panel(item=op.Item("q", {"yes": ["ja"]}, rest="missing")),
    "no such code": lambda: panel(item=op.Item("q", STATES, rest="missing", no_interview=["nix"])),
    "no such category": lambda: panel(groups="town").where(town="nix"),
    "no such target": lambda: op.rake(panel(groups="town"), {"town": {"nix": 1.0}}),
    "no target": lambda: op.rake(panel(groups="town"), {"town": {"north": 0.5, "south": 0.5}}),
    "no number": lambda: panel(design=op.Design(weight="town")),
    "single units": lambda: panel(design=op.Design(weight="w", stratum="town", psu="id")),
    "no such status": lambda: panel(interviewed=op.Status("town", ["nix"])),
    "no such cohort": lambda: panel(due=op.Cohorts("town", {"nix": ["A"]})),
    "ids twice": lambda: panel(doubled()),
    "traits that differ": lambda: panel(second=otherwise(), fixed=["town"]),
    "waves of text": lambda: op.Panel.from_long(
        long(CANARIES[0]), person="id", wave="wave", items={"x": ITEM}
    ),
    "no such wave": lambda: op.Panel.from_long(
        long(CANARIES[0]), person="id", wave="wave", waves=["A", "C"], items={"x": ITEM}
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_no_refusal_says_it(fault):
    with pytest.raises(OpinionPanelError) as refused:
        REFUSED[fault]()
    check_nobody([str(refused.value)])


def test_spellings_of_a_single_person_are_counted():
    first = FIRST.assign(town=[text.upper() for text in FIRST["town"]])
    text = check_nobody(said(lambda: panel(first, groups="town")))
    assert "names stand in several spellings" in text


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_no_file_without_names_says_it(tmp_path, ending):
    """The first person would be taken for the names of the columns, and shown as these."""
    path = tmp_path / f"w1{ending}"
    frame = FIRST.iloc[20:]
    save = frame.to_csv if ending == ".csv" else frame.to_excel
    save(path, index=False, header=False)
    files = {"A": path}
    for make in (
        lambda: op.read_wave(path),
        lambda: op.read_panel(files, person="id", items={"x": ITEM}),
        lambda: write_draft([path], tmp_path / "draft.toml"),
    ):
        with pytest.raises(ReadError, match="holds the answers of a person") as refused:
            make()
        check_nobody([str(refused.value)])
