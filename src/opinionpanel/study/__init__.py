"""The file study.toml: read, checked step by step, and drafted from the wave files."""

from opinionpanel.study.checking import check_study as check_study
from opinionpanel.study.column_listing import list_columns as list_columns
from opinionpanel.study.declared_estimation import of_key as of_key
from opinionpanel.study.declaring import fault_lines as fault_lines
from opinionpanel.study.drafted_places import (
    draft_lines as draft_lines,
    number_of_places as number_of_places,
    refuse_draft as refuse_draft,
    undecided_in as undecided_in,
)
from opinionpanel.study.drafting import write_draft as write_draft
from opinionpanel.study.estimated_figures import (
    bounded_moves as bounded_moves,
    interviews_together as interviews_together,
    large_groups as large_groups,
    smoothed_groups as smoothed_groups,
    sources_apart as sources_apart,
)
from opinionpanel.study.estimation_forms import StudyImpute as StudyImpute
from opinionpanel.study.files_beside import leads_outside as leads_outside
from opinionpanel.study.study import Study as Study
from opinionpanel.study.study_reading import read_study as read_study, wave_files as wave_files
from opinionpanel.study.texts import in_language as in_language
