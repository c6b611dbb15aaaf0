"""Germany: ids are text in the first wave, numbers in the second, and some stand twice."""

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from by_pandas import DATA, checked, crosstab, needs_data, percent, refusal, rows_of

import opinionpanel as op
from opinionpanel.errors import LinkError

pytestmark = needs_data

GERMANY = {"May": DATA / "covid_germany/wave1.dta", "September": DATA / "covid_germany/wave2.dta"}
STATUS = {"vaccinated": [1, 2], "waiting": [3, 4], "neither": [5]}
STATUS_CODES = {1: "vaccinated", 2: "vaccinated", 3: "waiting", 4: "waiting", 5: "neither"}


def test_covid_germany(tmp_path, show):
    arguments = {"person": "be06_rv2", "items": {"status": op.Item("ac02", STATUS)}}
    with pytest.raises(LinkError) as refused:
        op.read_panel(GERMANY, **arguments)
    frames = []
    for path in GERMANY.values():
        frame = pyreadstat.read_dta(str(path))[0]
        frames.append(frame.assign(id=pd.to_numeric(frame["be06_rv2"]).astype(int)))
    extra = int(frames[0]["id"].duplicated().sum())
    assert extra == 29
    for part in ("'May' (wave1.dta)", "26 id(s)", "55 rows, 29 too many", "duplicates='drop_all'"):
        assert part in str(refused.value)
    # No id of a person in the message, though one stands there more often than any other.
    assert not any(str(one) in str(refused.value) for one in frames[0]["id"] if one > 99)

    panel = op.read_panel(GERMANY, duplicates="drop_all", fixed=["sd02"], **arguments)
    everyone = [set(frame["id"]) for frame in frames]
    assert panel.present.all(axis=0).sum() == len(everyone[0] & everyone[1]) == 987
    once = [frame[~frame["id"].duplicated(keep=False)] for frame in frames]
    both = once[0].merge(once[1], on="id", suffixes=("_1", "_2"))
    expected = crosstab(
        both["ac02_1"].map(STATUS_CODES), both["ac02_2"].map(STATUS_CODES), list(STATUS)
    )
    moves = op.transitions(panel, "status")
    # Only those who were not vaccinated in May were asked again in September.
    np.testing.assert_allclose(moves.matrix(), rows_of(expected), atol=1e-12)
    assert moves.n[::3].tolist() == expected.sum(axis=1).tolist() == [0, 449, 512]
    # 3 is "Möchte ich nicht sagen", which contradicts nothing.
    told = both[(both["sd02_1"] != 3) & (both["sd02_2"] != 3)]
    assert panel.linkage()["sd02_disagree"].iloc[-1] == (told["sd02_1"] != told["sd02_2"]).sum()
    checked(
        tmp_path,
        f"""
        title = "Vaccination in Germany"
        allow_outside = true
        person = "be06_rv2"
        fixed = ["sd02"]
        duplicates = "drop_all"
        [[waves]]
        name = "May"
        file = "{GERMANY["May"].as_posix()}"
        [[waves]]
        name = "September"
        file = "{GERMANY["September"].as_posix()}"
        [items.status]
        column = "ac02"
        [items.status.states]
        vaccinated = [1, 2]
        waiting = [3, 4]
        neither = [5]
        """,
        panel,
    )
    show(
        refusal(refused),
        f"duplicates='drop_all': {len(everyone[0] & everyone[1])} people link, {len(both)} of them "
        f"with one row each; May → September, row %: {percent(moves.matrix())}",
    )
