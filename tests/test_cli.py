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
    for command in ("demo", "report", "check", "init", "columns"):
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
    out = capsys.readouterr().out
    assert "a draft: 9 places to decide" in out
    assert f"opinionpanel check {path}" in out
    assert cli.main(["check", str(path)]) == 1
    captured = capsys.readouterr()
    assert "Panel: 2 waves" in captured.out
    assert "No fault" not in captured.out
    assert captured.err.startswith("opinionpanel: study.toml is a draft: 9 places to decide.\n")
    assert cli.main(["report", str(path), "--output", str(tmp_path / "report")]) == 1
    assert capsys.readouterr().err == captured.err
    assert not (tmp_path / "report").exists()
    decide_all(path)
    assert cli.main(["check", str(path)]) == 0
    captured = capsys.readouterr()
    # The draft takes it for a question, and nobody moved from town to town.
    ending = captured.out.split("No fault, but 1 thing to look at:\n")[1]
    assert ending.startswith("  item settlement_type: all 1,092 people")
    assert captured.err == ""
    # Never over a file that may have been edited.
    assert cli.main(["init", *waves, "--output", str(path)]) == 1
    assert "exists already" in capsys.readouterr().err


def test_init_with_items_and_check_in_parts(capsys, tmp_path):
    path = tmp_path / "study.toml"
    waves = [str(FOLDER / f"wave{number}.sav") for number in (1, 2)]
    assert cli.main(["init", *waves, "--items", "q20, q12", "--output", str(path)]) == 0
    assert "a draft: 7 places to decide" in capsys.readouterr().out
    decide_all(path)
    assert cli.main(["check", str(path), "--brief"]) == 0
    brief = capsys.readouterr().out
    assert [line.split()[0] for line in brief.splitlines() if " answered" in line][1:] == [
        "q20",
        "q12",
    ]
    assert cli.main(["check", str(path), "--item", "q12"]) == 0
    whole = capsys.readouterr().out
    assert "Codes of item q12" in whole
    assert "q20" not in whole
    assert cli.main(["check", str(path), "--item", "q13"]) == 1
    assert "Did you mean 'q12'?" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        cli.main(["check", str(path), "--brief", "--item", "q12"])


def decide_all(path):
    """Take every mark away, as somebody does who finds all guesses right."""
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("# decide:")]
    path.write_text("\n".join(kept), encoding="utf-8")


def test_columns(capsys):
    waves = [str(FOLDER / f"wave{number}.sav") for number in (1, 2)]
    assert cli.main(["columns", *waves, "--search", "Operation"]) == 0
    assert capsys.readouterr().out.startswith("wave1.sav (utf-8): 2 of 11 columns")
    assert cli.main(["columns", *waves, "--search", "opperation"]) == 1
    assert capsys.readouterr().err.startswith("opinionpanel: No column has 'opperation'")


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
