"""The command line: version, help, and refusals in one line."""

import pytest

import opinionpanel as op
from opinionpanel import cli

FOLDER = op.datasets.folder("attitudes_2024")


def test_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert capsys.readouterr().out.strip() == f"opinionpanel {op.__version__}"


def test_help_lists_the_commands(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--help"])
    text = capsys.readouterr().out
    for command in ("demo", "report", "check", "init"):
        assert f"\n    {command} " in text


def test_a_refusal_is_a_line_and_a_status(capsys, tmp_path):
    status = cli.main(["report", str(tmp_path / "study.toml"), "--output", str(tmp_path / "out")])
    captured = capsys.readouterr()
    assert status == 1
    assert captured.err.startswith("opinionpanel: There is no file")
    assert "Traceback" not in captured.err
    assert not (tmp_path / "out").exists()


def test_init_and_check(capsys, tmp_path):
    path = tmp_path / "new" / "study.toml"
    waves = [str(FOLDER / f"wave{number}.sav") for number in (1, 2)]
    assert cli.main(["init", *waves, "--output", str(path)]) == 0
    assert f"opinionpanel check {path}" in capsys.readouterr().out
    assert cli.main(["check", str(path)]) == 0
    captured = capsys.readouterr()
    assert "Panel: 2 waves" in captured.out
    # The draft takes it for a question, and nobody moved from town to town.
    ending = captured.out.split("No fault, but 1 thing to look at:\n")[1]
    assert ending.startswith("  item settlement_type: all 1,092 people")
    assert captured.err == ""
    # Never over a file that may have been edited.
    assert cli.main(["init", *waves, "--output", str(path)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_check_prints_what_it_can_and_every_fault(capsys, tmp_path):
    path = tmp_path / "study.toml"
    text = (FOLDER / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "', f'file = "{FOLDER.as_posix()}/').replace('= "q22"', '= "q23"')
    text = "allow_outside = true\n" + text.replace('psu = "settlement"', 'psu = "settlments"')
    path.write_text(text, encoding="utf-8")
    assert cli.main(["check", str(path)]) == 1
    captured = capsys.readouterr()
    assert "Panel: 4 waves" in captured.out
    assert "Codes of item peace" in captured.out
    assert captured.err.startswith("opinionpanel: study.toml has 4 faults:\n  items.peace: ")
    assert "design.psu: no wave that was read has a column 'settlments'" in captured.err
    assert "Traceback" not in captured.err


def test_check_without_a_file(capsys, tmp_path):
    assert cli.main(["check", str(tmp_path / "none.toml")]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("opinionpanel: There is no file")
