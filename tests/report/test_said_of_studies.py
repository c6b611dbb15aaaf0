"""What studies say of how they were made."""

from made_contents import bundled, plain

from opinionpanel.report.said_of_studies import KEYS, fieldwork_of, steady_text


def test_days_of_all_interviews_are_told_where_every_wave_tells_its_own():
    contents = bundled()
    assert fieldwork_of(contents.study, contents.told) == "8 July 2024 – 20 July 2025" or (
        "2024" in fieldwork_of(contents.study, contents.told)
    )
    assert fieldwork_of(plain().study, plain().told) == ""


def test_what_is_said_of_all_waves_alike_is_said_once():
    assert steady_text(bundled().study, "mode") == "Online questionnaire (imitated)"
    assert {steady_text(plain().study, key) for key in KEYS} == {""}
