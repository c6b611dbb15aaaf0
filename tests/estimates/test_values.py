"""Values: their number and their standard errors."""

import numpy as np
import pandas as pd
import pytest

import opinionpanel as op
from opinionpanel.estimates.about import About
from opinionpanel.estimates.covariances import of_matrix
from opinionpanel.estimates.freedom import Freedom
from opinionpanel.estimates.labels import label_rows
from opinionpanel.estimates.values import Values


def values(covariance, **fields):
    size = len(covariance)
    return Values(
        named=label_rows({"state": list("abc")[:size]}),
        value=np.zeros(size),
        spread=of_matrix(np.array(covariance, dtype=float)),
        freedom=Freedom(lambda: np.full(size, 9.0)),
        n=np.full(size, 10.0),
        n_effective=np.full(size, 10.0),
        about=About(measure="shares", title="Shares"),
        **fields,
    )


def test_standard_errors_are_roots_of_the_diagonal():
    found = values([[4.0, 1.0], [1.0, 9.0]])
    assert len(found) == 2
    assert found.std_error.tolist() == [2.0, 3.0]


def test_rounding_makes_no_variance_negative_and_undefined_stays_undefined():
    found = values([[-1e-18, np.nan], [np.nan, np.nan]])
    assert found.std_error[0] == 0
    assert np.isnan(found.std_error[1])


def test_what_a_value_can_be_follows_from_its_unit_or_is_said_by_the_measure():
    one = [[1.0]]
    for unit, ends in (("share", (0, 1)), ("change", (-1, 1)), ("number", (-np.inf, np.inf))):
        assert tuple(end[0] for end in values(one, unit=unit).ends) == ends
    said = np.array([[-3.0, 5.0]])
    for unit, ends in (("share", (0, 1)), ("change", (-3, 5)), ("number", (-3, 5))):
        assert tuple(end[0] for end in values(one, unit=unit, possible=said).ends) == ends


def test_single_rough_values_have_an_interval_and_their_differences_have_none():
    rough = np.array([True, False])
    two = [[1.0, 0.0], [0.0, 1.0]]
    assert values(two, rough=rough).without_coverage.tolist() == [False, False]
    assert values(two, rough=rough, unit="change").without_coverage.tolist() == [True, False]
    assert values(two, unit="change").without_coverage.tolist() == [False, False]


@pytest.fixture(scope="module")
def parts():
    panel = op.datasets.load("attitudes_2024").panel
    return op.turnover(panel, "support", by="gender", waves=["Jul 2024", "Nov 2024", "Mar 2025"])


def derived(parts):
    """Everything that can be made of estimates, and the rows that rest on a part of turnover."""
    bent = parts.labels["component"] != "total"
    kept = parts.select(gender=["woman", "man"])
    difference = kept.difference("gender", "woman", minus="man")
    over_waves = difference.difference("to_wave", "Mar 2025", minus="Nov 2024")
    of_parts = kept.difference("component", "net", minus="total")
    pairwise = kept.pairwise("gender")
    matrix = np.eye(len(parts))[[0, 1]]
    yield "difference", difference, (difference.labels["component"] != "total").to_numpy()
    yield "twice", over_waves, (over_waves.labels["component"] != "total").to_numpy()
    yield "of parts", of_parts, np.ones(len(of_parts), dtype=bool)
    yield "pairwise", pairwise, (pairwise.labels["component"] != "total").to_numpy()
    yield "contrast", parts.contrast(matrix, {"row": ["a", "b"]}), bent.to_numpy()[:2]
    yield (
        "derive",
        parts.derive(lambda value: np.log(value[:2]), {"row": ["a", "b"]}),
        bent.to_numpy()[:2],
    )


def test_no_interval_and_no_p_value_of_what_rests_on_net_exchange_or_shift(parts, tmp_path):
    for name, found, bent in derived(parts):
        frame, compared = found.to_frame(), found.comparisons()
        columns = ["conf_low", "conf_high"]
        assert frame.loc[bent, columns].isna().all(axis=None), name
        assert frame.loc[~bent, columns].notna().all(axis=None), name
        columns += ["t", "pvalue", "pvalue_holm"]
        assert compared.loc[bent, columns].isna().all(axis=None), name
        assert compared.loc[~bent, columns].notna().all(axis=None), name
        # Holm counts those that have a p-value, and no others.
        least = compared["pvalue"].min()
        assert np.isnan(least) or compared["pvalue_holm"].min() == pytest.approx(
            min(1, least * (~bent).sum())
        )
        caution = "has no interval and no p-value"
        file = tmp_path / "table.csv"
        found.to_csv(file)
        latex = " ".join(found.to_latex().split())
        texts = [" ".join(str(found).split()), found._repr_html_(), latex, file.read_text("utf-8")]
        texts += [frame.attrs["caution"], compared.attrs["caution"]]
        assert all(caution in text for text in texts), name
        assert "promise no coverage" not in texts[0]


def test_both_sheets_of_a_workbook_hold_the_caution(parts, tmp_path):
    for found in (parts, parts.difference("gender", "woman", minus="man")):
        found.to_excel(tmp_path / "parts.xlsx")
        for sheet in ("table", "numbers"):
            cells = pd.read_excel(tmp_path / "parts.xlsx", sheet_name=sheet, header=None)
            text = cells.astype(str).to_numpy().ravel()
            assert found.to_frame().attrs["caution"] in text


def test_only_what_is_not_rough_is_tested(parts):
    both = parts.select(to_wave="Nov 2024").difference("gender", "woman", minus="man")
    total = both.select(component="total")
    assert both.test().pvalue == total.test().pvalue
    assert "no p-value would hold: 'net', 'exchange', 'shift'" in both.test().note
    with pytest.raises(op.errors.DesignError, match="Test the total"):
        both.select(component=["net", "shift"]).test()


def test_a_single_part_keeps_its_interval_and_the_caution_beside_it(parts):
    frame = parts.select(component="net").to_frame()
    assert frame[["conf_low", "conf_high"]].notna().all(axis=None)
    assert "promise no coverage" in frame.attrs["caution"]
    assert "caution" not in parts.select(component="total").to_frame().attrs


def test_what_rounding_leaves_is_no_error_where_nothing_is_known():
    # A group within one PSU has no degree of freedom.
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "id": np.arange(24) + 500,
            "psu": np.arange(24) // 3,
            "group": np.where(np.arange(24) < 3, "few", "many"),
            "weight": rng.uniform(0.3, 3, 24).round(2),
            "answer": rng.integers(1, 4, 24),
        }
    )
    panel = op.Panel.from_waves(
        {"t1": frame},
        person="id",
        items={"x": op.Item("answer", {"a": [1], "b": [2], "c": [3]})},
        groups=["group"],
        design=op.Design(weight="weight", psu="psu"),
    )
    shares = op.shares(panel, "x", by="group")
    few = (shares.labels["group"] == "few").to_numpy()
    assert (shares.df == np.where(few, 0, 6)).all()
    np.testing.assert_array_equal(np.isnan(shares.std_error), few)
