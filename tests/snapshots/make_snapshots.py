"""What is printed of every public result, written into this folder: `make snapshots`.

A snapshot guards the looks of the product: words, columns, rounding, captions, notes. Its figures
come from the library itself and prove nothing about their correctness; `tests/golden` does that.
Read the difference that git shows before committing snapshots made anew.
"""

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel import report

FOLDER = Path(__file__).parent
JULY, NOVEMBER = PAIR = ("Jul 2024", "Nov 2024")
MARGIN = {"gender": {"man": 0.46, "woman": 0.54}}
# A response matrix, as in docs/noise.md.
RESPONSE = {
    "approve": {"approve": 0.96, "unsure": 0.03, "oppose": 0.01},
    "unsure": {"approve": 0.05, "unsure": 0.90, "oppose": 0.05},
    "oppose": {"approve": 0.01, "unsure": 0.03, "oppose": 0.96},
}


@cache
def study():
    return op.datasets.load("attitudes_2024")


@cache
def thomas():
    return op.datasets.load("thomas_1991_3")


@cache
def approval():
    return op.datasets.load("agresti_approval")


@cache
def ideology():
    return op.datasets.load("nes_ideology")


def panel():
    return study().panel


@cache
def scored(seed=0):
    """Sixty people with a thermometer, and a scale of two questions."""
    rng = np.random.default_rng(seed)
    waves = {}
    for wave in ("May", "June"):
        waves[wave] = pd.DataFrame({"id": range(60), "psu": np.repeat(range(12), 5)})
        waves[wave]["gender"] = np.where(np.arange(60) % 2, "man", "woman")
        for column in ("ft", "q1", "q2"):
            waves[wave][column] = rng.integers(0, 11, 60)
    return op.Panel.from_waves(
        waves,
        person="id",
        items={
            "warmth": op.Score("ft", low=0, high=10),
            "index": op.scale(["q1", "q2"], low=0, high=10),
        },
        groups=["gender"],
        design=op.Design(weight=None, psu="psu"),
    )


def two_items(function):
    """Ask about two items and two waves of the bundled panel."""
    return function(panel(), "support", "peace", waves=PAIR)


def attitudes(function, **options):
    """Measure support in the bundled panel, between its first two waves."""
    return function(panel(), "support", **{"waves": PAIR} | options)


def all_waves(function, **options):
    return function(panel(), "support", **options)


def wave_one():
    return op.read_wave(op.datasets.folder("attitudes_2024") / "wave1.sav")


def anchored():
    """Anchored to results that are made up."""
    known = {
        JULY: {"yes": 0.25, "unsure": 0.2, "no": 0.55},
        NOVEMBER: {"yes": 0.2, "unsure": 0.2, "no": 0.6},
    }
    return op.anchor(panel(), "peace", known, margins=MARGIN)


def raked():
    return op.rake(panel(), MARGIN)


def difference_of_shares():
    return op.shares(panel(), "support").difference("wave", NOVEMBER, minus=JULY)


def few_people(function, **options):
    """Measure a small region by gender and age, where bases are small and some are empty."""
    return function(
        panel().where(region="Дальневосточный ФО"),
        "support",
        **{"waves": PAIR, "by": ["gender", "age_group"]} | options,
    )


def two_tables():
    """Show the folded tables that stand below a chart of a report."""
    return report.table(op.flows(approval(), "opinion"), attitudes(op.turnover, by="gender"))


# A name is a public function or class, and after a hyphen what is special about the snapshot.
RESULTS = {
    "Item": lambda: panel().items["support"],
    "Panel-linkage": lambda: panel().linkage(),
    "Panel-of_a_table": approval,
    "Panel-where": lambda: panel().where(gender="woman"),
    "Study": study,
    "agreement": lambda: attitudes(op.agreement),
    "agreement-weighted": lambda: op.agreement(thomas(), "opinion", weights="linear"),
    "anchor": anchored,
    "answer_model": lambda: op.answer_model(
        panel(), "gender + wave", item="support", kind="binary", state="approve", waves=PAIR
    ),
    "association_of_change": lambda: two_items(op.association_of_change),
    "attrition": lambda: attitudes(op.attrition),
    "attrition_test": lambda: attitudes(op.attrition_test),
    "attrition_weights": lambda: attitudes(op.attrition_weights, groups="gender"),
    "break_even": lambda: attitudes(op.break_even, by="gender"),
    "calibrate": lambda: op.calibrate(panel(), MARGIN),
    "change_model": lambda: op.change_model(panel(), "gender", item="support", waves=PAIR),
    "change_model-changed": lambda: op.change_model(
        panel(), "origin * gender", item="support", waves=PAIR, outcome="changed"
    ),
    "change_model-test": lambda: op.change_model(
        panel(), "age_group", item="support", waves=PAIR
    ).test("age_group"),
    "correlation": lambda: op.correlation(scored(), "warmth"),
    "cronbach_alpha": lambda: op.cronbach_alpha(scored(), "index"),
    "cross": lambda: op.cross(panel(), "support", "peace", waves=JULY),
    "cross_lagged": lambda: two_items(op.cross_lagged),
    "direction": lambda: op.direction(thomas(), "opinion"),
    "displacement": lambda: op.displacement(thomas(), "opinion"),
    "equal_flows": lambda: attitudes(
        op.equal_flows, first=("approve", "unsure"), second=("unsure", "approve")
    ),
    "error_sensitivity": lambda: attitudes(op.error_sensitivity, response=RESPONSE),
    "error_sensitivity-flows": lambda: attitudes(
        op.error_sensitivity, response=RESPONSE, measure="flows"
    ),
    "error_sensitivity-rates": lambda: attitudes(op.error_sensitivity),
    "first_change": lambda: all_waves(op.first_change),
    "flow_totals": lambda: attitudes(op.flow_totals),
    "flows": lambda: attitudes(op.flows),
    "flows-by_gender": lambda: attitudes(op.flows, by="gender"),
    "flows-of_the_panel": lambda: attitudes(op.flows, base="panel"),
    "flows-unweighted": lambda: op.flows(approval(), "opinion"),
    "fresh_and_staying": lambda: op.fresh_and_staying(panel(), "support", wave=NOVEMBER),
    "gains_and_losses": lambda: attitudes(op.gains_and_losses),
    "hazard": lambda: op.hazard(panel(), "gender", item="support", waves=PAIR),
    "homogeneity": lambda: attitudes(op.homogeneity, by="gender"),
    "independence": lambda: op.independence(panel(), "support", by="gender", wave=NOVEMBER),
    "inflows": lambda: attitudes(op.inflows),
    "joint_change": lambda: two_items(op.joint_change),
    "joint_change_test": lambda: two_items(op.joint_change_test),
    "latent_markov": lambda: op.latent_markov(ideology(), "ideology", starts=3, seed=1),
    "marginal_homogeneity": lambda: attitudes(op.marginal_homogeneity),
    "marginal_homogeneity-unweighted": lambda: op.marginal_homogeneity(thomas(), "opinion"),
    "markov_order": lambda: all_waves(op.markov_order),
    "mean_change": lambda: op.mean_change(scored(), "warmth"),
    "means": lambda: op.means(scored(), "warmth", by="gender"),
    "missing_at_random": lambda: attitudes(op.missing_at_random),
    "mobility_indices": lambda: op.mobility_indices(thomas(), "opinion", ordered=True),
    "mover_stayer": lambda: all_waves(op.mover_stayer),
    "net_change": lambda: attitudes(op.net_change),
    "number_of_changes": lambda: all_waves(op.number_of_changes),
    "number_of_changes-mean": lambda: all_waves(op.number_of_changes, by="gender", mean=True),
    "paths": lambda: op.paths(ideology(), "ideology"),
    "poststratify": lambda: op.poststratify(panel(), MARGIN),
    "quantiles": lambda: op.quantiles(scored(), "warmth", at=[0.25, 0.5]),
    "quasi_symmetry": lambda: op.quasi_symmetry(thomas(), "opinion"),
    "combine": lambda: op.combine(panel(), "course"),
    "impute": lambda: op.impute(panel(), "support", m=2, seed=1).estimate(op.shares, "support"),
    "smooth": lambda: op.smooth(attitudes(op.shares, by="region")),
    "source_effects": lambda: op.source_effects(
        panel(), "course", effects={"panel effect": {"panel": [NOVEMBER]}}
    ),
    "sources_agree": lambda: op.sources_agree(panel(), "course"),
    "rake": raked,
    "read_wave": wave_one,
    "refreshment_test": lambda: op.refreshment_test(panel(), "support", wave=NOVEMBER),
    "reliability": lambda: op.reliability(ideology(), "ideology"),
    "replicate": lambda: op.replicate(
        scored(), lambda people: {"people": float(people["weight"].sum())}, waves="May"
    ),
    "report.table": two_tables,
    "report.table-few_people": lambda: report.table(few_people(op.transitions)),
    "response_model": lambda: attitudes(op.response_model),
    "returns": lambda: all_waves(op.returns),
    "shares": lambda: all_waves(op.shares),
    "shares-by_two_groups": lambda: op.shares(
        panel(), "support", waves=[JULY], by=["gender", "age_group"]
    ),
    "shares-difference": difference_of_shares,
    "shares-test": lambda: difference_of_shares().test(),
    "side_by_side": lambda: op.side_by_side(
        {name: op.means(scored(seed), "warmth") for seed, name in enumerate(("North", "South"))}
    ),
    "stable_core": lambda: all_waves(op.stable_core),
    "stationarity": lambda: all_waves(op.stationarity),
    "symmetry": lambda: op.symmetry(thomas(), "opinion"),
    "transitions": lambda: attitudes(op.transitions),
    "transitions-few_people": lambda: few_people(op.transitions),
    "trim_weights": lambda: op.trim_weights(raked(), upper=2.5, multiple_of="mean"),
    "turnover": lambda: attitudes(op.turnover),
    "transition_bounds": lambda: attitudes(op.transition_bounds),
    "turnover_bounds": lambda: attitudes(op.turnover_bounds),
    "turnover_bounds-between_bounds": lambda: attitudes(op.turnover_bounds).between_bounds(),
    "typology": lambda: op.typology(panel(), "support"),
    "unchanged": lambda: all_waves(op.unchanged),
    "weight_effects": lambda: attitudes(
        lambda given, item, **waves: op.weight_effects(given, raked(), item, **waves)
    ),
    "weights_summary": lambda: op.weights_summary(panel()),
    "weights_summary-anchored": lambda: op.weights_summary(anchored()),
    "weights_summary-raked": lambda: op.weights_summary(raked()),
}


@cache
def printed(name):
    """Return what a result shows, by the ending of its snapshot's file name."""
    result = RESULTS[name]()
    if isinstance(result, pd.DataFrame):
        # How pandas lays out its own HTML is not ours.
        return {"txt": result.to_string()}
    shown = {}
    if type(result).__str__ is not object.__str__:
        shown["txt"] = str(result)
    if hasattr(result, "_repr_html_"):
        # A line for each element, so that a difference can be read.
        shown["html"] = result._repr_html_().replace("><", ">\n<")
    return shown


def main():
    for path in [*FOLDER.glob("*.txt"), *FOLDER.glob("*.html")]:
        path.unlink()
    for name in RESULTS:
        for ending, text in printed(name).items():
            (FOLDER / f"{name}.{ending}").write_text(f"{text}\n", encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
