"""Wave files are named after themselves, and read in their order."""

import pandas as pd
import pytest
from study_files import FOLDER

from opinionpanel.errors import StudyError
from opinionpanel.study.wave_reading import read_wave_files


def test_waves_are_named_after_their_files(tmp_path):
    files = [FOLDER / "wave2.sav", FOLDER / "wave1.sav"]
    read = read_wave_files(files, encoding=None, skip_rows=0)
    assert list(read.waves) == ["wave2", "wave1"]
    assert read.lossy == []
    for folder in ("may", "june"):
        (tmp_path / folder).mkdir()
        pd.DataFrame({"q": [1]}).to_csv(tmp_path / folder / "w.csv", index=False)
    files = [tmp_path / folder / "w.csv" for folder in ("may", "june")]
    assert list(read_wave_files(files, encoding=None, skip_rows=0).waves) == ["may w", "june w"]
    with pytest.raises(StudyError, match="named twice"):
        read_wave_files([files[0], files[0]], encoding=None, skip_rows=0)


def test_rows_are_left_out_of_every_file(tmp_path):
    (tmp_path / "w.csv").write_text("A title\nq\n1\n2\n")
    read = read_wave_files([tmp_path / "w.csv"], encoding=None, skip_rows=1)
    assert list(read.waves["w"].frame["q"]) == [1, 2]
    assert read.options["w"].skip_rows == 1
