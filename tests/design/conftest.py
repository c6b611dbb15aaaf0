"""Waves that several tests of designs use."""

import numpy as np
import pytest


@pytest.fixture
def replicated(july, november):
    """Three replicate weights in every wave, one of them with two digits."""
    waves = {"Jul": july, "Nov": november}
    for frame in waves.values():
        for number in (10, 2, 1):
            frame[f"rep_{number}"] = frame["wgt"] * np.linspace(0.5, 1.5, len(frame)) * number
    return waves
