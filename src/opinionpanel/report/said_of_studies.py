"""What studies say of how they were made, in words for readers."""

from opinionpanel.report.told import Told
from opinionpanel.study import Study

# How the keys of a study file are called where readers see what they say.
KEYS = {
    "sponsor": "Sponsor",
    "contractor": "Conducted by",
    "population": "Population",
    "sampling": "Sampling",
    "mode": "Mode",
    "response_rate": "Response rate",
    "weighting": "Weighting",
    "contact": "Contact",
}


def fieldwork_of(study: Study, told: Told) -> str:
    """Give the days of all interviews of a study."""
    panel = study.panel
    days = [panel.days[wave] for wave in panel.waves if wave in panel.days]
    if len(days) < len(panel.waves):
        return ""
    return told.language.days(min(a for a, _ in days), max(b for _, b in days))


def steady_text(study: Study, key: str) -> str:
    """Give what a study says of all its waves alike; empty where these differ, or nothing is said.

    Some keys are about the whole study only.
    """
    said = {study.of_wave(wave).get(key, "") for wave in study.panel.waves}
    return said.pop() if len(said) == 1 else ""
