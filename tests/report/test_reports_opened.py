"""Reports of studies of many kinds are built, and each of their pages is opened."""

import opened_studies
import pytest
from look_at_pages import CHROMIUM, faults
from places import REAL_FILES

from opinionpanel import report
from opinionpanel.report import downloads

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
    # To draw the charts again, as files, takes longer than all the rest: their files are empty.
    monkeypatch.setattr(downloads, "pictures_of", lambda _, endings: dict.fromkeys(endings, b""))
    index = report.build(study(tmp_path), tmp_path / "report")
    assert faults([index.parent], in_turn=True) == {}
