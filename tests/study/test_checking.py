"""What ``check`` prints of good, broken and unfinished studies; and that it shows nobody."""

import re

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.study.checking import check_study

FOLDER = op.datasets.folder("attitudes_2024")
BUNDLED = (FOLDER / "study.toml").read_text(encoding="utf-8")


@pytest.fixture
def bundled(tmp_path):
    """Write the bundled study with some text replaced, beside nothing but its waves."""

    def write(*changes):
        text = BUNDLED.replace('file = "', f'file = "{FOLDER.as_posix()}/')
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def table(text, item, wave):
    """The rows that are printed of an item's codes at a wave, by code."""
    part = text.split(f"Codes of item {item}")[1].split("Codes of item")[0]
    lines = re.split(r"\n  (?=\S)", part)
    rows = next(line for line in lines if line.startswith(wave)).splitlines()[2:]
    return {row.split()[0]: row.split()[1:] for row in rows if row.strip()}


def test_a_good_study():
    text, keys = check_study(FOLDER / "study.toml")
    assert keys.faults == []
    assert "Jul 2024 → Nov 2024: 1,092 people in both" in text
    rows = table(text, "support", "Jul 2024")
    assert rows["1"][:2] == ["285", "approve"]
    assert rows["99"][:2] == ["96", "unsure"]
    assert "(declared missing)" in " ".join(rows["99"])
    assert rows["blank"] == ["6", "no", "answer"]


def test_an_unfinished_item_shows_its_codes(bundled):
    path = bundled(("approve = [1, 2]\nunsure = [3, 98, 99]\noppose = [4, 5]\n", ""))
    text, keys = check_study(path)
    assert keys.faults == [
        "items.support.states: names no state yet; sort its codes, as listed by check"
    ]
    rows = table(text, "support", "Nov 2024")
    assert all(row[1] == "unmapped" for code, row in rows.items() if code != "blank")
    # All the rest is there: the waves link, and other items are read.
    assert "Jul 2024 → Nov 2024: 1,092 people in both" in text
    assert "Item course: continue / unsure / negotiate" in text


def test_states_with_a_fault_do_not_say_what_a_code_means(bundled):
    text, keys = check_study(bundled(("unsure = [3, 98, 99]", "unsure = [2, 3, 98]")))
    assert len(keys.faults) == 1
    assert table(text, "support", "Jul 2024")["1"][1] == "?"


def test_all_faults_at_once(bundled):
    path = bundled(
        ('person = "resp_id"', 'person = "resp_id"\nfixed = ["birth"]'),
        ('"gender", "age_group"', '"gender", "agegroup"'),
        ("unsure = [3, 98, 99]", "unsure = [3, 98]"),
        ("continue = [1]\nunsure = [98, 99]", "continue = [1]\nunsure = []"),
        ('"Nov 2024" = "q22"', '"Nov 2024" = "q222"'),
        ('weight = "wgt"', 'weight = "wght"'),
        ('stratum = "region"', 'stratum = "strata"'),
        ('wave4.sav"', 'wave5.sav"'),
    )
    text, keys = check_study(path)
    found = {}
    for fault in keys.faults:
        found.setdefault(fault.split(": ")[0], []).append(fault)
    assert set(found) == {
        "items.course.states.unsure", "waves.4.file", "items.peace", "design.weight", "fixed",
        "groups.agegroup", "design.stratum", "items.support",
    }  # fmt: skip
    assert len(found["design.weight"]) == 3
    assert "Did you mean 'wgt'?" in found["design.weight"][0]
    # The codes that have no state, in every wave that could be read.
    for wave in ("Jul 2024", "Nov 2024", "Mar 2025"):
        assert f"Wave {wave!r}" in found["items.support"][0]
    assert table(text, "support", "Nov 2024")["99"][1] == "unmapped"
    assert table(text, "course", "Nov 2024")["98"][1] == "unmapped"


def test_labels_that_differ_and_ids_that_do_not_link(tmp_path):
    frame = pd.DataFrame({"id": np.arange(30), "q": np.tile([1, 2, 3], 10), "w": -1.0})
    frame.to_stata(tmp_path / "w1.dta", value_labels={"q": {1: "yes", 2: "no"}}, write_index=False)
    frame.assign(id=frame["id"] + 500, w=1.0).to_stata(
        tmp_path / "w2.dta", value_labels={"q": {1: "no", 2: "yes"}}, write_index=False
    )
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Turned"
        person = "id"
        waves = [{name = "w1", file = "w1.dta"}, {name = "w2", file = "w2.dta"}]
        items.q = {column = "q", states = {yes = [1], no = [2]}, rest = "missing"}
        items.other = {column = "q", states = {odd = [1, 3], even = [2]}}
        design = {weight = "w"}
        """
    )
    text, keys = check_study(path)
    assert [fault.split(":")[0] for fault in keys.faults] == [
        "items.q", "items.other", "design", "person"
    ]  # fmt: skip
    assert "1 is 'yes' there and 'no' here" in keys.faults[0]
    assert "30 weight(s) are negative" in keys.faults[2]
    assert "no person in common" in keys.faults[3]
    assert "w1, w: 0 positive, 30 negative" in text
    assert table(text, "q", "w1")["3"] == ["10", "no", "answer", "(rest)"]


def test_damaged_and_foreign_files(bundled, tmp_path):
    whole = (FOLDER / "wave2.sav").read_bytes()
    (tmp_path / "cut.sav").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "notes.docx").write_bytes(b"no survey")
    path = bundled(
        (f"{FOLDER.as_posix()}/wave2.sav", "cut.sav"),
        (f"{FOLDER.as_posix()}/wave3.sav", "notes.docx"),
    )
    text, keys = check_study(path)
    assert [fault.split(":")[0] for fault in keys.faults] == ["wave 'Nov 2024'", "wave 'Mar 2025'"]
    # What is left is read and linked.
    assert "Jul 2024 → Jul 2025" in text


def test_nobody_is_shown(tmp_path):
    ids = [f"person-{number:04d}-secret" for number in range(40)]
    texts = [f"my opinion is number {number}" for number in range(40)]
    for wave in ("w1", "w2"):
        pd.DataFrame({"id": ids, "open": texts, "q": np.tile([1, 2], 20)}).to_csv(
            tmp_path / f"{wave}.csv", index=False
        )
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Open answers"
        person = "id"
        waves = [{name = "w1", file = "w1.csv"}, {name = "w2", file = "w2.csv"}]
        items.open = {column = "open"}
        items.id = {column = "id"}
        items.q = {column = "q", states = {yes = [1], no = [2]}}
        """
    )
    text, keys = check_study(path)
    assert text.count("40 different values, 0 blank") == 2
    assert text.count("the person id, of which no value is shown") == 2
    assert "secret" not in text + str(keys.faults)
    assert "opinion is" not in text + str(keys.faults)


def test_twelve_codes_of_few_people_are_a_question(tmp_path):
    """Refusals list up to twelve codes, whoever gave them, and so does the table of codes."""
    frame = pd.DataFrame({"id": range(101, 114), "q": range(1, 14)})
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Few"
        person = "id"
        waves = [{name = "w1", file = "w1.csv"}]
        items.q = {column = "q"}
        """
    )
    frame.to_csv(tmp_path / "w1.csv", index=False)
    assert "13 different values, 0 blank" in check_study(path)[0]
    frame[:12].to_csv(tmp_path / "w1.csv", index=False)
    assert table(check_study(path)[0], "q", "w1")["12"] == ["1", "unmapped"]


def test_nothing_can_be_read(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text("")
    text, keys = check_study(path)
    assert "without a title" in text
    assert keys.faults == [f"{key}: is missing" for key in ("title", "person", "waves", "items")]


def write_waves(folder, weights):
    for wave, weight in weights.items():
        frame = pd.DataFrame({"id": range(20), "q": [1, 2] * 10, "w": weight})
        frame.to_csv(folder / f"{wave}.csv", index=False)
    waves = ", ".join(f'{{name = "{wave}", file = "{wave}.csv"}}' for wave in weights)
    path = folder / "study.toml"
    path.write_text(
        f"""
        title = "Weighted"
        person = "id"
        waves = [{waves}]
        items.q = {{column = "q", states = {{yes = [1], no = [2]}}}}
        design = {{weight = "w"}}
        """
    )
    return path


def test_a_weight_that_most_people_of_a_pair_lack(tmp_path):
    path = write_waves(tmp_path, {"w1": [1.0] * 20, "w2": [2.0] + [None] * 19})
    text, keys = check_study(path)
    assert keys.faults == []
    ending = text.split("\n\n")[-1]
    assert ending.startswith("No fault, but ")
    assert (
        "\n  design.weight: w1 → w2: only 1 of the 20 people who answered both has a positive 'w'. "
        "Another column may be the weight." in ending
    )


def test_the_end_of_a_study_without_fault(tmp_path):
    text, _ = check_study(write_waves(tmp_path, {"w1": [1.0] * 20, "w2": [1.0] * 20}))
    assert text.endswith("\n\nNo fault: the study can be read.")
    (tmp_path / "w2.csv").unlink()
    text, keys = check_study(tmp_path / "study.toml")
    assert keys.faults
    assert "No fault" not in text
