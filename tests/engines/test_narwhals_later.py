"""A module that is loaded when something of it is first asked for."""

import sys

import narwhals.stable.v2
import pytest

from opinionpanel.engines.narwhals_later import Later, nw


def test_it_is_the_module_itself_that_is_asked():
    assert nw.Expr is narwhals.stable.v2.Expr
    assert nw.exceptions is narwhals.stable.v2.exceptions
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = nw.no_such_name


def test_it_is_loaded_when_first_asked_and_asked_once(tmp_path, monkeypatch):
    (tmp_path / "loaded_later.py").write_text("count = 0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    later = Later("loaded_later")
    assert "loaded_later" not in sys.modules
    assert later.count == 0
    sys.modules.pop("loaded_later").count = 1
    assert later.count == 0
