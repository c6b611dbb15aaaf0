"""What ``check`` prints of good, broken and unfinished studies; and that it shows nobody."""

import numpy as np
import pandas as pd
from study_files import FOLDER, code_table

from opinionpanel.study.checking import check_study


def test_a_good_study():
    text, keys = check_study(FOLDER / "study.toml")
    assert keys.faults == []
    assert "Jul 2024 → Nov 2024: 1,092 people in both" in text
    rows = code_table(text, "support", "Jul 2024")
    assert rows["1"][:2] == ["285", "approve"]
    assert rows["99"][:2] == ["96", "unsure"]
    assert "(declared missing)" in " ".join(rows["99"])
    assert rows["blank"] == ["6", "no", "answer"]


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
    assert code_table(text, "support", "Nov 2024")["99"][1] == "unmapped"
    assert code_table(text, "course", "Nov 2024")["98"][1] == "unmapped"


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
    assert code_table(text, "q", "w1")["3"] == ["10", "no", "answer", "(rest)"]


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


def test_a_question_put_to_some_only_is_something_to_look_at(tmp_path):
    for wave, answers in (("w1", [1, 2] * 10), ("w2", [9] * 8 + [1, 2] * 6)):
        frame = pd.DataFrame({"id": np.arange(20), "q": answers})
        frame.to_csv(tmp_path / f"{wave}.csv", index=False)
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Filtered"
        person = "id"
        waves = [{name = "w1", file = "w1.csv"}, {name = "w2", file = "w2.csv"}]
        [items.x]
        column = "q"
        states = {yes = [1], no = [2]}
        not_asked = [9]
        """,
        "utf-8",
    )
    text, keys = check_study(path)
    assert keys.faults == []
    ending = text.split("No fault, but ")[1]
    assert "item x: at w2, 8 of 20 people interviewed (40%) were not asked." in ending
    assert "panel.where(...)" in ending


def test_rows_of_the_file_and_people_of_the_panel_are_counted_apart(tmp_path):
    """Two ids stand in two rows each: their rows are dropped, and they count as interviewed."""
    ids = np.arange(101, 161)
    answers = np.tile([1, 2], 30)
    frame = pd.DataFrame({"id": ids, "q": answers})
    frame.to_csv(tmp_path / "w1.csv", index=False)
    changed = frame.assign(q=frame["q"].mask(frame.index < 5, 1))
    pd.concat([changed, changed[:2]]).to_csv(tmp_path / "w2.csv", index=False)
    path = tmp_path / "study.toml"
    path.write_text(
        """
        title = "Twice"
        person = "id"
        duplicates = "drop_all"
        waves = [{name = "w1", file = "w1.csv"}, {name = "w2", file = "w2.csv"}]
        items.x = {column = "q", states = {yes = [1], no = [2]}}
        """,
        "utf-8",
    )
    text, keys = check_study(path)
    assert keys.faults == []
    assert (
        "\n\nRows in the tables of codes below, which are the file's, and people in the panel "
        "above\n"
        "  w2: 62 in the file, 60 in the panel\n\n"
    ) in text
    assert "    code  rows  state  label" in text
    rows = text.split("w2 (w2.csv), q\n")[1].splitlines()[1:3]
    assert sum(int(row.split()[1]) for row in rows) == 62
    frame.assign(q=answers[::-1]).to_csv(tmp_path / "w2.csv", index=False)
    assert "Rows in the tables" not in check_study(path)[0]


def interviewed_study(folder, told, item="no_interview = [9]"):
    """A study of two waves; eight of the second have code 9, status 3 and no weight."""
    gone = np.arange(20) < 8
    first = pd.DataFrame({"id": range(20), "q": [1, 2] * 10, "s": 1, "w": 1.0})
    first.to_csv(folder / "w1.csv", index=False)
    second = {"q": np.where(gone, 9, first["q"]), "s": np.where(gone, 3, 1)}
    first.assign(**second, w=np.where(gone, 0, 2)).to_csv(folder / "w2.csv", index=False)
    path = folder / "study.toml"
    path.write_text(
        f"""
        title = "Interviewed"
        person = "id"
        {told}
        waves = [{{name = "w1", file = "w1.csv"}}, {{name = "w2", file = "w2.csv"}}]
        design = {{weight = "w"}}
        [items.q]
        column = "q"
        states = {{yes = [1], no = [2]}}
        {item}
        """
    )
    return path


def test_rows_that_are_no_interviews(tmp_path):
    for told, item in {
        "": "no_interview = [9]",
        'interviewed = "weight"': "",
        'interviewed = {column = {w2 = "s"}, codes = [1]}': "",
        "no_id = [-1]": 'no_interview = [9, "(blank)"]',
    }.items():
        text, keys = check_study(interviewed_study(tmp_path, told, item))
        assert keys.faults == []
        assert "w1 → w2: 12 people in both, 8 not interviewed again (40%)" in text
        assert "wave 'w2': 8 of 20 rows are no interviews by" in text.split("No fault, but")[1]
    assert code_table(text, "q", "w2")["9"] == ["8", "no", "interview"]


def test_faults_of_who_was_interviewed(tmp_path):
    found = {}
    for told in (
        'interviewed = {column = "t", codes = [1]}', 'interviewed = {column = "s", codes = [7]}',
        'interviewed = {column = "s", code = [1]}', 'interviewed = "status"',
        'interviewed = {column = {w9 = "s"}, codes = [1]}',
        'interviewed = {column = "s", codes = [1]}\nduplicates = "drop"',
        "no_id = -1",
    ):  # fmt: skip
        text, keys = check_study(interviewed_study(tmp_path, told))
        found[told] = keys.faults
        assert "w1 → w2: 12 people in both" in text
    faults = [fault for one in found.values() for fault in one]
    assert [fault.split(": ")[0] for fault in faults] == [
        "interviewed", "interviewed", "interviewed.codes", "interviewed.code",
        "interviewed", "interviewed.column.w9", "duplicates", "no_id",
    ]  # fmt: skip
    assert "no wave that was read has a column 't'" in faults[0]
    assert "the code or label 7 occurs at no wave. Known: 1, 3" in faults[1]
    assert faults[3].endswith("unknown key. Did you mean 'codes'? Known: 'column', 'codes'.")


def test_a_status_that_one_wave_lacks(tmp_path):
    path = interviewed_study(tmp_path, 'interviewed = {column = "s", codes = [1]}')
    pd.read_csv(tmp_path / "w1.csv").drop(columns="s").to_csv(tmp_path / "w1.csv", index=False)
    _, keys = check_study(path)
    (fault,) = keys.faults
    assert fault.startswith("interviewed: Wave 'w1' (w1.csv), interviewed: there is no column 's'")


def test_what_looks_like_no_interview_is_said_at_the_end(tmp_path):
    text, keys = check_study(interviewed_study(tmp_path, "", 'rest = "missing"'))
    assert keys.faults == []
    frame = pd.read_csv(tmp_path / "w2.csv").assign(q=lambda one: one["q"].replace(9, np.nan))
    pd.concat([frame, frame.assign(id=frame["id"] + 20)]).to_csv(tmp_path / "w2.csv", index=False)
    text, keys = check_study(tmp_path / "study.toml")
    assert keys.faults == []
    ending = text.split("\n\n")[-1]
    assert "at w2, 16 of 40 people interviewed (40%) have no answer to item q and no pos" in ending


def test_who_was_due_is_declared_by_wave(bundled):
    due = 'due = {"Jul 2024" = ["Nov 2024", "Mar 2042"], "Nov 2024" = ["Jul 2024"]}\n'
    text, keys = check_study(bundled(('person = "resp_id"', f'{due}person = "resp_id"')))
    wave, early = keys.faults
    assert wave.startswith('due."Jul 2024"."Mar 2042": there is no such wave.')
    assert early.startswith("due: people first interviewed at 'Nov 2024' cannot have been due")
    good = due.replace(', "Mar 2042"', "").replace('["Jul 2024"]', '["Mar 2025", "Jul 2025"]')
    text, keys = check_study(bundled(('person = "resp_id"', f'{good}person = "resp_id"')))
    assert keys.faults == []
    ending = text.split("\n\n")[-1]
    assert (
        "people first interviewed at Jul 2024 gave an interview at Mar 2025, where they" in ending
    )
    assert "they count as interviewed. Likewise 'Jul 2025'" in ending


def test_rotation_groups_are_declared_by_a_column(bundled):
    def checked(due):
        return check_study(bundled(('person = "resp_id"', f'{due}\nperson = "resp_id"')))

    waves = '{man = ["Jul 2024"], woman = ["Jul 2024", "Nov 2024"]}'
    text, keys = checked(f'due = {{column = "gender", waves = {waves}}}')
    assert keys.faults == []
    assert "of rotation group 'man' gave an interview at Nov 2024, where they were not due" in text
    # All faults at once: of waves, codes and columns.
    text, keys = checked(
        'due = {column = "gender", waves = {"7" = ["Jul 2024"], man = ["Mar 2042"]}}'
    )
    wave, code = keys.faults
    assert wave.startswith('due.waves.man."Mar 2042": there is no such wave.')
    assert code.startswith("due: the code or label '7' occurs at no wave.")
    assert "Item support" in text
    for column, fault in (
        ('"gendre"', "due: no wave that was read has a column 'gendre'. Did you mean 'gender'?"),
        ('{"Jul 2024" = "gendre"}', "due: wave 'Jul 2024' (wave1.sav) has no column 'gendre'."),
        ('{"Jul 2042" = "gender"}', 'due.column."Jul 2042": there is no such wave.'),
        ("[3]", "due.column: must be a column name, or a table of"),
    ):
        _, keys = checked(f"due = {{column = {column}, waves = {waves}}}")
        assert [found[: len(fault)] for found in keys.faults] == [fault]
    _, keys = checked(f'due = {{colunm = "gender", waves = {waves}}}')
    assert {fault.split(":")[0] for fault in keys.faults} == {"due.column", "due.colunm"}
    _, keys = checked('due = {column = "gender", waves = {}}')
    assert keys.faults[0].startswith("due: Cohorts names no rotation group")


def test_groups_are_checked_one_by_one(bundled):
    path = bundled(
        (
            'groups = ["gender", "age_group", "region"]',
            'fixed = {gender = {states = {man = ["man"]}}, born = "first"}\n'
            'groups = {gender = {states = {m = ["man"]}}, age = {column = {"Jul 2024" = "agegr"}}}',
        ),
        ('stratum = "region"', 'stratum = {"Jul 2024" = "region", "Nov 2024" = "regoin"}'),
    )
    _, keys = check_study(path)
    found = {fault.split(": ")[0]: fault for fault in keys.faults}
    assert set(found) == {
        "fixed.gender",
        "fixed.born",
        "groups.gender",
        "groups.age",
        "design.stratum",
    }
    assert "'woman' (" in found["groups.gender"]
    assert "mapped to no state" in found["fixed.gender"]
    assert "Did you mean 'age_group'?" in found["groups.age"]
    assert "wave 'Nov 2024' (wave2.sav) has no column 'regoin'" in found["design.stratum"]


STUDY_OF_SCORES = """
title = "Warmth"
person = "id"
waves = [{name = "w1", file = "w1.csv"}, {name = "w2", file = "w2.csv"}]
[scores.warmth]
column = "ft"
low = 0
high = 100
"""


def scored(folder, more="missing = [998]\n", item=""):
    """What is said of a study whose only question is a thermometer."""
    people = np.arange(40)
    frame = pd.DataFrame({"id": people, "ft": np.where(people < 6, 998, people * 2), "old": 1})
    frame.to_csv(folder / "w1.csv", index=False)
    frame.assign(ft=frame["ft"].where(people < 6, people)).to_csv(folder / "w2.csv", index=False)
    (folder / "study.toml").write_text(STUDY_OF_SCORES + more, encoding="utf-8")
    text, keys = check_study(folder / "study.toml", item=item)
    return text, keys.faults


def test_a_score_is_told_by_its_scale_and_counts(tmp_path):
    text, found = scored(tmp_path, 'missing = [998]\nquestion = "How warm?"\n')
    assert found == []
    assert "Score warmth: 0 to 100\n" in text
    assert text.split("Codes of score warmth: How warm?\n")[1].splitlines()[:4] == [
        "  w1 (w1.csv), ft",
        "    numbers from 0 to 100: 34 rows, 34 different",
        "    code  rows  state      label",
        "     998     6  no answer",
    ]
    one, _ = scored(tmp_path, item="warmth")
    assert "warmth  score of 0 to 100, 2 waves: 34 answered, 34 both" in one


def test_faults_of_a_score_stand_at_its_key(tmp_path):
    text, found = scored(tmp_path, "")
    assert "     998     6  ?" in text
    (fault,) = found
    assert fault.startswith("scores.warmth: Wave 'w1' (w1.csv), column 'ft': 1 value lies outside")
    _, found = scored(tmp_path, 'missing = [998]\nchanges = {w3 = "web"}\nlabels = {a = "b"}\n')
    assert found[0].startswith("scores.warmth.labels: unknown key.")
    assert found[1].startswith("scores.warmth.changes.w3: there is no such wave.")
    path = tmp_path / "study.toml"
    for old, new, said in (
        ("low = 0\n", "", "scores.warmth.low: is missing"),
        ("low = 0", "low = 200", "scores.warmth: low must be less than high: low=200 and high=100"),
        ("high = 100", 'high = "100"', "scores.warmth.high: must be a number, without quotes"),
        ('column = "ft"', 'column = "f"', "scores.warmth: wave 'w1' (w1.csv) has no column 'f'."),
    ):
        path.write_text(STUDY_OF_SCORES.replace(old, new) + "missing = [998]", encoding="utf-8")
        assert any(line.startswith(said) for line in check_study(path)[1].faults), said
