"""Those interviewed at the first wave, as if none had missed a later one."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.models.those_who_missed import as_interviewed

WAVES = ["May", "June", "July"]


def panel_of(**changes):
    frame = pd.DataFrame(
        {
            "id": range(6),
            "May": [0, 1, 0, 1, None, None],
            "June": [0, None, 1, None, 1, None],
            "July": [0, 1, None, None, None, 1],
            "age May": ["y", "y", "m", "m", "o", "o"],
            "age June": ["y", None, "m", None, "o", None],
            "age July": ["m", "m", None, None, None, "o"],
            **{f"w{wave}": [1.0, 2, 3, 4, 5, 6] for wave in WAVES},
        }
    )
    for wave in WAVES:
        frame.loc[frame[wave].isna(), f"w{wave}"] = None
    item = op.Item({wave: wave for wave in WAVES}, {"no": [0], "yes": [1]})
    weight = {wave: f"w{wave}" for wave in WAVES}
    return op.Panel.from_wide(
        frame, person="id", items={"x": item}, design=op.Design(weight=weight), **changes
    )


def test_they_count_at_every_wave_with_the_first_weight_and_others_do_not():
    found = as_interviewed(panel_of(), ["x"], WAVES)
    for place, wave in enumerate(WAVES):
        assert found.weights[wave].tolist() == [1, 2, 3, 4, 0, 0]
        assert found.present[place].tolist() == [True] * 4 + [False] * 2
    assert (found.answers["x"][:, 4:] == -3).all()
    assert found.linked["May", "July"] == 4
    assert found.weight("June").text == "wMay of May (at June)"


def test_waves_that_are_not_named_stay_as_they_are():
    panel = panel_of()
    found = as_interviewed(panel, ["x"], ["May", "June"])
    assert found.weight("July").text == panel.weight("July").text
    np.testing.assert_array_equal(found.present[2], panel.present[2])
    np.testing.assert_array_equal(found.weights["July"], panel.weights["July"])
    np.testing.assert_array_equal(found.answers["x"][2], panel.answers["x"][2])


def test_one_weight_for_all_waves_keeps_its_name_at_those_that_are_not_named():
    panel = op.datasets.load("attitudes_2024").panel
    found = as_interviewed(panel, ["support"], ["Jul 2024", "Nov 2024"])
    assert found.weight("Nov 2024").text == "wgt of Jul 2024 (at Nov 2024)"
    assert found.weight("Mar 2025").text == "wgt (at Mar 2025)"
    assert found.weight("Nov 2024", "Mar 2025").text == "wgt (at Mar 2025, the later wave)"


def test_who_was_not_due_is_not_there():
    panel = panel_of(due={"May": ["May", "July"], "June": ["June"], "July": ["July"]})
    found = as_interviewed(panel, ["x"], WAVES)
    away = panel.not_due["June"]
    assert away.any()
    assert not found.present[1][away].any()


def test_who_missed_a_wave_keeps_the_group_of_the_nearest_one():
    age = op.Grouping({wave: f"age {wave}" for wave in WAVES}, use="wave")
    panel = panel_of(groups={"age": age})
    group = as_interviewed(panel, ["x"], WAVES).groups["age"]
    names = [[group.categories[code] for code in group.at(place)[:4]] for place in range(3)]
    assert names == [["y", "y", "m", "m"], ["y", "y", "m", "m"], ["m", "m", "m", "m"]]
    # Nothing is carried to waves that are not named, nor to people who do not count there.
    kept = as_interviewed(panel, ["x"], ["May", "June"]).groups["age"]
    np.testing.assert_array_equal(kept.at(2), panel.groups["age"].at(2))
    np.testing.assert_array_equal(group.at(1)[4:], panel.groups["age"].at(1)[4:])
