"""The command line: version, help, and refusals in one line."""

import pytest

import opinionpanel as op
from opinionpanel import cli


def test_version(capsys):
    with pytest.raises(SystemExit, match="0"):
        cli.main(["--version"])
    assert capsys.readouterr().out.strip() == f"opinionpanel {op.__version__}"


def test_a_refusal_is_a_line_and_a_status(capsys, tmp_path):
    status = cli.main(["report", str(tmp_path / "study.toml"), "--output", str(tmp_path / "out")])
    captured = capsys.readouterr()
    assert status == 1
    assert captured.err.startswith("opinionpanel: There is no file")
    assert "Traceback" not in captured.err
    assert not (tmp_path / "out").exists()
