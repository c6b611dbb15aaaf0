"""Weights and codes as check shows them; nobody's id and no open answer."""

import numpy as np
import pandas as pd
from study_files import PERSON, SIMPLE, code_table

from opinionpanel.study.checking import check_study
from opinionpanel.study.column_texts import _code_lines, item_text, weights_text
from opinionpanel.study.declaring import declare
from opinionpanel.waves import Wave


def test_an_unfinished_item_shows_its_codes(bundled):
    path = bundled(("approve = [1, 2]\nunsure = [3, 98, 99]\noppose = [4, 5]\n", ""))
    text, keys = check_study(path)
    assert keys.faults == [
        "items.support.states: names no state yet; sort its codes, as listed by check"
    ]
    rows = code_table(text, "support", "Nov 2024")
    assert all(row[1] == "unmapped" for code, row in rows.items() if code != "blank")
    # All the rest is there: the waves link, and other items are read.
    assert "Jul 2024 → Nov 2024: 1,092 people in both" in text
    assert "Item course: continue / unsure / negotiate" in text


def test_states_with_a_fault_do_not_say_what_a_code_means(bundled):
    text, keys = check_study(bundled(("unsure = [3, 98, 99]", "unsure = [2, 3, 98]")))
    assert len(keys.faults) == 1
    assert code_table(text, "support", "Jul 2024")["1"][1] == "?"


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
    assert text.count("40 other answers, 40 people: ") == 2
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
    assert "13 other answers, 13 people: " in check_study(path)[0]
    frame[:12].to_csv(tmp_path / "w1.csv", index=False)
    assert code_table(check_study(path)[0], "q", "w1")["12"] == ["1", "unmapped"]


def test_labels_that_are_left_out_are_counted():
    """A list of parties, most of them small, looks like people's own words: nothing hides that."""
    labels = {"q": {1: "Labour", 2: "Tory", 3: "Green", 4: "Plaid", 5: "Reform", 98: "don't know"}}
    codes = np.repeat([1, 2, 3, 4, 5, 98], [70, 40, 3, 2, 1, 4])
    lines = _code_lines(Wave(pd.DataFrame({"q": codes}), labels=labels), "w1", "q", None, False)
    assert not [line for line in lines if "Green" in line]
    assert "3 labels of few people left out; read_wave(…).labels['q'] shows all" in lines[-1]


def test_weights_of_every_kind_are_counted(study):
    declared = declare(study('person = "id"\n' + SIMPLE + '[design]\nweight = "w"\n'))
    frame = pd.DataFrame({"w": [1.5, 0.5, 0.0, -1.0, None, 1.0]})
    assert weights_text(declared.keys, {"w1": Wave(frame), "w2": Wave(frame[["w"]][:2])}) == (
        "Weights\n"
        "  w1, w: 3 positive, 1 zero, 1 negative, 1 blank or no number\n  w2, w: 2 positive"
    )


def test_no_weight_of_a_single_person_is_shown(study):
    declared = declare(study('person = "id"\n' + SIMPLE + '[design]\nweight = "w"\n'))
    frame = pd.DataFrame({"w": [0.011, *[0.5] * 4, *[1.0] * 10, *[2.0] * 4, 77.7]})
    text = "20 positive (mean 4.89; at least 5 people have 0.5 or less, and 2 or more)"
    assert weights_text(declared.keys, {"w1": Wave(frame)}) == f"Weights\n  w1, w: {text}"
    # Waves without the column say nothing, and without any there is no heading.
    assert weights_text(declared.keys, {"w1": Wave(frame.rename(columns={"w": "v"}))}) == ""


def test_people_of_the_table_of_codes_are_all_people(study):
    """Blanks included; also codes that only the labels name are in it."""
    declared = declare(study(PERSON + SIMPLE.replace('"b"', '"a"')))
    frame = pd.DataFrame({"id": range(7), "a": [1, 2, 2, 9, None, 1, None]})
    labels = {"a": {1: "yes", 2: "no", 3: "never"}}
    text = item_text("b", declared, {"w1": Wave(frame, labels=labels)})
    # Nobody gave the answer 3, so that it needs no state: its label follows.
    rows = [line.split()[:3] for line in text.splitlines()[3:]]
    assert rows == [
        ["1", "2", "yes"],
        ["2", "2", "no"],
        ["3", "0", "never"],
        ["9", "1", "unmapped"],
        ["blank", "2", "no"],
    ]
    assert sum(int(people) for _, people, _ in rows) == len(frame)
