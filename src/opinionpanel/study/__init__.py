"""The file study.toml: read, checked step by step, and drafted from the wave files."""

from opinionpanel.study.checking import check_study
from opinionpanel.study.declaration import faults_text, read_study
from opinionpanel.study.drafting import write_draft
from opinionpanel.study.study import Study

__all__ = ["Study", "check_study", "faults_text", "read_study", "write_draft"]
