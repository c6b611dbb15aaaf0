"""Standard errors of latent Markov models: by person, by replicate, calibrated; and turnover."""

import numpy as np
from latent_panels import drawn, panel_of

import opinionpanel as op
from opinionpanel.estimates.scores import Kinds
from opinionpanel.models.latent_chain import latent_markov

STARTS = 4
PARTS = ("initial", "response", "transitions", "turnover")


def test_the_scores_are_the_derivatives_by_each_persons_weight(monkeypatch):
    kept = {}
    estimates = Kinds.estimates

    def keep(self, labels, value, **arguments):
        kept.update(arguments, value=value, kinds=self)
        return estimates(self, labels, value, **arguments)

    monkeypatch.setattr(Kinds, "estimates", keep)
    table = drawn(people=600, waves=4, seed=2, change=0.1)
    panel = panel_of(table, op.Design(weight="weight"))
    assert not latent_markov(panel, "vote", by="group", starts=STARTS).boundary
    weights, kind, step = table["weight"].to_numpy(), kept["kinds"].variables[0].codes, 1e-3

    def refit(weights):
        return kept["refit"](np.bincount(kind, weights))

    np.testing.assert_allclose(refit(weights), kept["value"], atol=1e-8)
    for person in range(0, 600, 60):
        moved = step * (np.arange(600) == person)
        numeric = (refit(weights + moved) - refit(weights - moved)) / (2 * step)
        np.testing.assert_allclose(kept["scores"][kind[person]], numeric, rtol=1e-3, atol=1e-7)


def test_observed_turnover_is_the_measure_on_the_same_base():
    table = drawn()
    panel = panel_of(table, op.Design(weight="weight", stratum="stratum", psu="psu"))
    ours = latent_markov(panel, "vote", starts=STARTS).turnover.select(component="observed")
    measure = op.turnover(panel, "vote", base="balanced").select(component="total")
    np.testing.assert_allclose(ours.value, measure.value, rtol=1e-12)
    np.testing.assert_allclose(ours.std_error, measure.std_error, rtol=1e-9)
    np.testing.assert_array_equal(ours.df, measure.df)


def test_jackknife_and_linearisation_agree_roughly():
    table = drawn(people=600, waves=4)
    design = op.Design(weight="weight", stratum="stratum", psu="psu")
    linear = latent_markov(panel_of(table, design), "vote", starts=STARTS)
    refitted = latent_markov(panel_of(table, design.as_replicates("jkn")), "vote", starts=STARTS)
    for part in PARTS:
        one, other = getattr(linear, part), getattr(refitted, part)
        np.testing.assert_allclose(one.value, other.value, rtol=1e-10)
        np.testing.assert_allclose(other.std_error, one.std_error, rtol=0.15)


def test_calibrated_weights_take_out_what_the_margin_explains():
    table = drawn(people=600)
    table["group"] = np.where(table["w1"] == "yes", "a", "b")
    table.loc[::7, "group"] = "a"
    plain = panel_of(table, op.Design(weight="weight"))
    total = float(table["weight"].sum())
    raked = op.rake(plain, {"group": {"a": 0.55 * total, "b": 0.45 * total}})
    before = latent_markov(plain, "vote", starts=STARTS).initial.std_error
    after = latent_markov(raked, "vote", starts=STARTS).initial.std_error
    assert (after < 0.95 * before).all()


def test_integer_weights_equal_copies_that_keep_their_psu():
    table = drawn(people=200).assign(person=range(200))
    table["weight"] = 1.0 + np.arange(200) % 3
    weighted = panel_of(table, op.Design(weight="weight", psu="person"))
    copies = table.loc[table.index.repeat(table["weight"].astype(int))].assign(weight=1.0)
    copied = panel_of(copies.reset_index(drop=True), op.Design(weight="weight", psu="person"))
    one = latent_markov(weighted, "vote", starts=STARTS)
    other = latent_markov(copied, "vote", starts=STARTS)
    for part in PARTS:
        first, second = getattr(one, part), getattr(other, part)
        np.testing.assert_allclose(first.value, second.value, atol=1e-8)
        np.testing.assert_allclose(first.std_error, second.std_error, rtol=1e-5)
