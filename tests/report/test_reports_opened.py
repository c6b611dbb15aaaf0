"""Reports of studies of many kinds are built, and each of their pages is opened."""

from importlib import import_module

import opened_studies
import pytest
from look_at_pages import CHROMIUM, faults
from places import REAL_FILES

from opinionpanel import report

# The package exports the function of the same name.
building = import_module("opinionpanel.report.building")
real = pytest.mark.skipif(not REAL_FILES.is_dir(), reason="the shared real survey files are absent")


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")
@pytest.mark.parametrize(
    "study",
    [
        opened_studies.plain,
        opened_studies.long,
        pytest.param(opened_studies.yougov, marks=real),
        pytest.param(opened_studies.netherlands, marks=real),
    ],
)
def test_every_page_opens_without_a_fault(study, tmp_path, monkeypatch):
    # Other tests are about the files below tables, which take longer than all the rest.
    monkeypatch.setattr(building, "write_downloads", lambda front, contents, to: to.mkdir())
    index = report.build(study(tmp_path), tmp_path / "report")
    found = {
        path.name: [fault for fault in wrong if "'downloads/" not in fault]
        for path, wrong in faults([index.parent], in_turn=True).items()
    }
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
