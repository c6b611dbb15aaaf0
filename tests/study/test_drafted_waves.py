"""What ``init`` writes about the waves and their files."""

import tomllib

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.cli import main
from opinionpanel.study.checking import check_study
from opinionpanel.study.drafted_waves import FIELDWORK
from opinionpanel.study.drafting import draft_study
from opinionpanel.study.key_forms import StudyWave

K = np.arange(60)


def survey(path, shift):
    """Write a file with two rows of a header, and the numbers of people below."""
    rows = pd.DataFrame({"id": 101 + K, "trust": 1 + (K // shift) % 2})
    text = rows.to_csv(index=False).split("\n", 1)
    path.write_text(f"{text[0]}\nRespondent,Do you trust?\n{text[1]}")
    return path


def test_rows_that_are_no_people(tmp_path, capsys):
    files = [survey(tmp_path / f"w{shift}.csv", shift) for shift in (1, 2)]
    output = tmp_path / "study.toml"
    told = ["init", *map(str, files), "--output", str(output)]
    assert main(told) == 1
    assert "skip_rows=[2]" in capsys.readouterr().err
    assert main([*told, "--skip-rows", "[2]"]) == 0
    draft = tomllib.loads(output.read_text(encoding="utf-8"))
    assert [wave["skip_rows"] for wave in draft["waves"]] == [[2], [2]]
    assert check_study(output)[1].faults == []
    assert op.read_study(output).panel.present.sum() == 120


def test_a_file_that_is_taken_for_a_single_wave(tmp_path):
    path = tmp_path / "all.csv"
    pd.DataFrame({"id": 101 + K, "early": 1 + K % 2, "late": 1 + K % 3}).to_csv(path, index=False)
    assert "taken for a single wave" in draft_study([path], tmp_path)
    other = tmp_path / "w2.csv"
    other.write_bytes(path.read_bytes())
    assert "taken for a single wave" not in draft_study([path, other], tmp_path)


def test_the_example_of_fieldwork_can_be_taken_as_it_is():
    wave = StudyWave(name="w1", **tomllib.loads(FIELDWORK.removeprefix("# ")))
    assert len(wave.fieldwork) == 2
