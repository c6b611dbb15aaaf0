"""Files that several tests of panels read."""

import numpy as np
import pytest
from survey_files import write


@pytest.fixture
def designed(tmp_path):
    """Two waves; the strata stand in the first only, the longitudinal weight there too."""
    people = range(1, 9)
    rng = np.random.default_rng(1)
    replicates = {f"rep_{number}": rng.lognormal(size=8) for number in range(1, 12)}
    first = write(
        tmp_path / "one.sav",
        id=people,
        q=[1, 2] * 4,
        w=[1.0] * 8,
        long=[2.0] * 8,
        region=[1] * 4 + [2] * 4,
        sex=[1, 2] * 4,
        extra=[0] * 8,
    )
    second = write(
        tmp_path / "two.csv", id=people, q=[2, 1] * 4, w=[0.5] * 8, gender=[1, 2] * 4, **replicates
    )
    return {"one": first, "two": second}
