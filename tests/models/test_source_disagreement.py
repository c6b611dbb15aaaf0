"""Whether sources agree: how often chance alone says no, and what is said of which of them."""

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel.models.interview_sources import sources_of
from opinionpanel.models.source_disagreement import agreement_of, differences
from opinionpanel.models.source_fits import fit_sources


def fit(seed, *, more=0.0, samples=2):
    """A wave of a panel and samples beside it, the last of which may answer otherwise."""
    rng = np.random.default_rng(seed)

    def panel(shift=0.0):
        frame = pd.DataFrame({"id": np.arange(150)})
        frame["x"] = rng.choice(3, 150, p=[0.4 + shift, 0.35, 0.25 - shift])
        item = op.Item("x", {"yes": [0], "unsure": [1], "no": [2]})
        return op.Panel.from_waves({"w": frame}, person="id", items={"x": item})

    first = panel()
    others = {f"s{one}": panel(more if one == samples else 0.0) for one in range(1, samples + 1)}
    return fit_sources(sources_of(first, "x", others, None, None, {}), {}, {})


def test_chance_alone_seldom_disagrees():
    pvalues = [agreement_of(fit(seed)).pvalue for seed in range(60)]
    assert 0 < np.mean(np.array(pvalues) < 0.1) < 0.25
    assert 0.35 < np.mean(pvalues) < 0.65


def test_the_source_that_differs_is_named_first():
    found = fit(1, more=0.2)
    test = agreement_of(found)
    assert test.pvalue < 0.001
    assert test.name == "Agreement of 3 sources on x"
    assert differences(found).startswith("at w, s2 has ")
    assert "points more 'yes' than the others" in test.note or "less 'no'" in test.note
    # Of two sources each differs from the other: it is said once.
    assert differences(fit(1, more=0.2, samples=1)).count("than the others") == 1


def test_nothing_is_tested_where_no_two_sources_tell_the_same():
    found = fit(1, samples=0)
    assert agreement_of(found) is None
    assert differences(found) == ""
