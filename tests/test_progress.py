"""Progress is shown where it is wanted, and changes nothing else."""

import sys

import pytest

from opinionpanel import progress
from opinionpanel.progress import bytes_read, steps


def test_steps_give_the_items_and_show_nothing_off_a_terminal(capsys):
    assert list(steps([3, 1, 2], "starts")) == [3, 1, 2]
    assert capsys.readouterr().err == ""


def test_steps_on_a_terminal_name_what_takes_long(capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setattr(progress, "SECONDS", 0.0)
    assert list(steps([1, 2], "latent Markov: starts")) == [1, 2]
    assert "latent Markov: starts" in capsys.readouterr().err


@pytest.mark.parametrize(("shown", "terminal"), [(False, True), (None, False)])
def test_bytes_are_not_reported_where_nobody_looks(tmp_path, monkeypatch, shown, terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    with bytes_read([tmp_path / "wave.csv"], shown) as update:
        assert update is None


def test_the_whole_is_the_size_of_the_files_that_are_there(tmp_path, capsys):
    paths = [tmp_path / name for name in ("a.csv", "b.csv", "none.csv")]
    for path in paths[:2]:
        path.write_bytes(b"x" * 500)
    with bytes_read(paths, True) as update:
        update(500)
    text = capsys.readouterr().err
    assert "reading" in text
    assert "/1.00k " in text
