"""The file study.toml: read, checked step by step, and drafted from the wave files."""

from opinionpanel.study.checking import check_study as check_study
from opinionpanel.study.declaration import fault_lines as fault_lines, read_study as read_study
from opinionpanel.study.drafting import write_draft as write_draft
from opinionpanel.study.study import Study as Study
