"""Public names with arguments that are right, for tests that change the arguments or the panel."""

from datetime import date

import numpy as np
import pandas as pd

import opinionpanel as op
from opinionpanel import charts, datasets, strategies


def people(waves=("May", "June", "July")):
    """Sixty people at three waves, some of whom drop out or come later."""
    rng = np.random.default_rng(3)
    frames = {}
    for wave in waves:
        frames[wave] = pd.DataFrame(
            {
                "id": np.arange(100, 160),
                "q": rng.integers(1, 4, 60),
                "w": rng.uniform(0.5, 2, 60),
                "sex": np.where(np.arange(60) % 2, "man", "woman"),
                "region": np.where(np.arange(60) < 24, "north", "south"),
                "unit": np.arange(60) // 3,
            }
        ).drop([len(frames), 59 - 2 * len(frames)])
    return frames


STATES = {"yes": [1], "unsure": [2], "no": [3]}
ITEM = op.Item("q", STATES)
DESIGN = op.Design(weight="w", stratum="region", psu="unit", nest=True)


def made(**changes):
    given = {"person": "id", "items": {"x": ITEM}, "groups": ["sex"], "design": DESIGN}
    return op.Panel.from_waves(people(), **given | changes)


PANEL = made()
PEOPLE = {wave: frame.assign(r=frame["q"] % 3 + 1) for wave, frame in people().items()}
TWO = op.Panel.from_waves(
    PEOPLE, person="id", items={"x": ITEM, "y": op.Item("r", STATES)}, groups=["sex"], design=DESIGN
)
SCORES = {
    "y": op.Score("q", low=1, high=3),
    "z": op.scale(["q", "unit"], low=0, high=99, reverse=["unit"], at_least=1),
}
SCORED = made(items=SCORES)
FLOWS, SHARES = op.flows(PANEL, "x", base="balanced"), op.shares(PANEL, "x", by="sex")
PATHS = op.paths(PANEL, "x")
DIFFERENCE = SHARES.difference("wave", "June", minus="May")
WIDE = pd.DataFrame({"May": [1, 2, 3, 1], "June": [1, 2, 2, 3], "n": [3, 4, 5, 6]})
LONG = pd.concat([frame.assign(wave=wave) for wave, frame in people().items()])
WAVE = op.Wave(people()["May"])

# What is asked of a panel and an item, and of a panel alone, with what else there is to get wrong.
WAVES, BY, BASE = {"waves": ["May", "June"]}, {"by": "sex"}, {"base": "answered"}
USUAL = WAVES | BY | BASE
MARGINS = {"sex": {"man": 0.5, "woman": 0.5}}
KNOWN = {wave: {"yes": 0.4, "unsure": 0.2, "no": 0.4} for wave in ("May", "June")}
BESIDE = {"samples": {"beside": made(person=None)}, "declared": {"a": {"yes": 0.01, "no": -0.01}}}
BESIDE |= {"effects": {"a": {"beside": ["June"]}, "b": {"beside": ["May"]}}} | WAVES
USUAL_OF_TWO = {"first_item": "x", "second_item": "y"} | WAVES
ASKED = {
    **dict.fromkeys(
        ("shares", "flows", "transitions", "inflows", "turnover", "net_change", "gains_and_losses"),
        USUAL | {"reference": "rest"},
    ),
    "flow_totals": USUAL,
    "direction": USUAL | {"without": ["unsure"]},
    "displacement": USUAL | {"without": ["unsure"]},
    "mobility_indices": USUAL | {"without": [], "ordered": True},
    "agreement": USUAL | {"weights": "linear", "without": []},
    **dict.fromkeys(
        ("stable_core",),
        {"waves": None} | BY | {"base": "balanced"},
    ),
    "first_change": {"waves": None, "gaps": "skip"} | BY | {"base": "balanced"},
    "unchanged": {"waves": None} | BY,
    "number_of_changes": {"waves": None, "mean": True} | BY | {"base": "balanced"},
    "paths": {"waves": None} | BY | {"base": "balanced", "min_n": 1},
    "returns": {"waves": None, "base": "balanced"},
    "typology": {"waves": None, "name": "kind", "gaps": "skip"},
    "attrition": WAVES | BY,
    "fresh_and_staying": {"wave": "June"} | BY,
    "turnover_bounds": WAVES | BY,
    "transition_bounds": {"waves": None, "assume": {"steps": 1}, "of": "flows"} | BY,
    "combine": BESIDE | BY | {"effects": {"a": {"panel": None}}, "disagreement": "pool"},
    **dict.fromkeys(("sources_agree", "source_effects"), BESIDE | {"by": None}),
    "error_sensitivity": USUAL | {"response": np.eye(3) * 0.94 + 0.02, "measure": "flows"},
    "break_even": USUAL,
    **dict.fromkeys(("marginal_homogeneity", "symmetry", "quasi_symmetry", "homogeneity"), USUAL),
    "equal_flows": {"first": ("yes", "no"), "second": ("no", "yes")} | USUAL,
    "stationarity": {"waves": None} | BY | BASE,
    "markov_order": {"waves": None} | BY,
    "independence": {"by": "sex", "wave": "May"},
    "attrition_test": WAVES | BY,
    "refreshment_test": {"wave": "June"} | BY,
    "missing_at_random": WAVES | BY | {"entrants": False},
    "response_model": WAVES | BY | {"entrants": False},
    "mover_stayer": {"waves": None, "by": None},
    "latent_markov": {
        "waves": None,
        "latent": 2,
        "transitions": "constant",
        "starts": 1,
        "seed": 1,
    },
    "reliability": {"waves": None, "scores": {"yes": 1.0, "unsure": 2.0, "no": 3.0}, "by": None},
    "anchor": {"known": KNOWN, "margins": MARGINS, "base": "answered", "bounds": (0.01, 90.0)},
    "attrition_weights": {"groups": ["sex"], "waves": ["May", "June"], "trim": 5.0},
}
# What is asked of a panel and two items.
ASKED_OF_TWO = {
    "cross": USUAL_OF_TWO | BY | {"shares": "row", "reference": "rest"},
    **dict.fromkeys(
        ("joint_change", "association_of_change", "joint_change_test", "cross_lagged"),
        USUAL_OF_TWO,
    ),
}
# What is asked of a score.
SCORES_ASKED = {
    **dict.fromkeys(("means", "mean_change"), USUAL | {"reference": "rest"}),
    "quantiles": {"at": [0.25, 0.5]} | USUAL,
    "correlation": WAVES | BY,
}
TARGETS = {"targets": MARGINS, "waves": None}
PLANNED = {"turnover": 0.3, "deff": 1.0, "power": 0.8, "level": 0.9, "df": 9, "retained": 0.9}
BUILT = {
    "person": "id",
    "items": {"x": ITEM},
    "groups": ["sex"],
    "design": DESIGN,
    "fixed": ["sex"],
    "dates": {"May": ("2024-05-02", date(2024, 5, 9)), "June": "2024-06"},
    "source": "text",
}
REPLICATES = {"weight": "w", "replicates": ["r1", "r2"], "mse": True, "df": 3}
FIGURES = {"min_n": 1, "level": 0.9, "interval": "logit"}
LOOKS = FIGURES | {"title": "A", "subtitle": "B", "caption": "C", "labels": {"x": "X"}}
LOOKS |= {"language": "ru", "theme": "dark", "size": "phone", "min_cell": 0}


def right_calls(folder):
    """Every public name with arguments that are right."""
    csv = folder / "may.csv"
    people()["May"].to_csv(csv, index=False)
    people()["June"].to_csv(csv.with_stem("june"), index=False)
    files = {"May": csv, "June": csv.with_stem("june")}
    raked = op.rake(PANEL, TARGETS["targets"])
    ends = {"low": 0, "high": 10, "missing": [98], "question": "?", "label": "x", "not_asked": [99]}
    ends |= {"changes": {"June": "asked by phone"}}
    calls = {
        name: (getattr(op, name), {"panel": PANEL, "item": "x"} | rest)
        for name, rest in ASKED.items()
    }
    calls |= {
        name: (getattr(op, name), {"panel": TWO} | asked) for name, asked in ASKED_OF_TWO.items()
    }
    calls |= {
        name: (getattr(op, name), {"panel": SCORED, "score": "y"} | rest)
        for name, rest in SCORES_ASKED.items()
    }
    calls |= {
        "cronbach_alpha": (op.cronbach_alpha, {"panel": SCORED, "scale": "z"} | WAVES | BY),
        "Score": (op.Score, {"column": "q"} | ends),
        "Score.columns_at": (SCORES["y"].columns_at, {"wave": "May"}),
        "scale": (op.scale, {"columns": ["q", "r"], "reverse": ["r"], "at_least": 1} | ends),
        "Panel.score": (SCORED.score, {"name": "y"}),
    }
    calls |= {
        name: (getattr(op, name), {"panel": PANEL} | TARGETS)
        for name in ("rake", "poststratify", "calibrate")
    }
    calls["calibrate"][1].update(method="logit", bounds=(0.2, 5.0))
    calls |= {
        "trim_weights": (
            op.trim_weights,
            {"panel": PANEL, "upper": 2.0, "lower": 0.1, "multiple_of": "mean", "waves": "May"},
        ),
        "weights_summary": (op.weights_summary, {"panel": PANEL}),
        "weight_effects": (
            op.weight_effects,
            {"panel": PANEL, "adjusted": raked, "item": "x", "measure": "shares"} | USUAL,
        ),
        "hazard": (
            op.hazard,
            {"panel": PANEL, "formula": "C(sex)", "item": "x", "link": "cloglog"} | WAVES,
        ),
        "answer_model": (
            op.answer_model,
            {"panel": PANEL, "formula": "C(sex)", "item": "x", "kind": "binary"}
            | {"state": "yes", "without": ["unsure"]}
            | WAVES,
        ),
        "change_model": (
            op.change_model,
            {"panel": PANEL, "formula": "C(sex)", "item": "x", "outcome": "changed"} | WAVES,
        ),
        "replicate": (
            op.replicate,
            {"panel": PANEL, "function": lambda people: people["weight"].sum(), "items": ["x"]}
            | {"base": "panel", "method": "bootstrap", "replicates": 3, "seed": 1, "jobs": 1}
            | WAVES,
        ),
        "impute": (
            op.impute,
            {"panel": PANEL, "items": "x", "m": 2, "missed": True, "waves": ["May", "June"]}
            | {"groups": ["sex"], "seed": 1},
        ),
        "minimum_detectable_change": (op.minimum_detectable_change, {"n": 900} | PLANNED),
        "people_needed": (op.people_needed, {"change": 0.1} | PLANNED),
        "Item": (
            op.Item,
            {"column": "q", "states": STATES, "question": "?", "rest": None, "not_asked": [9]}
            | {"label": "x", "neutral": "unsure", "changes": {"June": "asked by phone"}},
        ),
        "Item.columns_at": (ITEM.columns_at, {"wave": "May"}),
        "Item.codes_at": (ITEM.codes_at, {"wave": "May"}),
        "Item.meanings": (ITEM.meanings, {"wave": "May", "labels": {1: "a"}, "missing": [9]}),
        "scale": (
            op.scale,
            {"columns": ["q1", "q2"], "low": 1, "high": 5, "reverse": ["q2"], "missing": [8]}
            | {"at_least": 1, "question": "?", "label": "x", "changes": {}, "not_asked": [9]},
        ),
        "coalesce": (op.coalesce, {"*": ["q1", "q2"]}),
        "multiple": (
            op.multiple,
            {"options": {"TV": "q1", "net": "q2"}, "selected": [1], "unselected": [0]}
            | {"none": "q9", "nothing": "no answer", "question": "?", "label": "Media"}
            | {"changes": {}, "rest": None, "not_asked": [9], "no_interview": [8], "columns": ()},
        ),
        "Grouping": (
            op.Grouping,
            {"column": "sex", "states": STATES, "use": "first", "rest": None, "bands": ()},
        ),
        "Grouping.column_at": (op.Grouping("sex").column_at, {"wave": "May", "name": "sex"}),
        "Cohorts": (op.Cohorts, {"column": "rotation", "waves": {1: ["May"]}}),
        "Status": (op.Status, {"column": "status", "interviewed": [1]}),
        "Status.column_at": (op.Status("status", [1]).column_at, {"wave": "May"}),
        "Design": (
            op.Design,
            {
                "weight": "w",
                "stratum": "s",
                "psu": "p",
                "fpc": "f",
                "nest": True,
                "same_psus": True,
                "lonely_psu": "fail",
                "sample": "probability",
            },
        ),
        "Design.as_replicates": (
            DESIGN.as_replicates,
            {"kind": "bootstrap", "replicates": 5, "seed": 1, "mse": True},
        ),
        "Design.weight_text": (DESIGN.weight_text, {"key": "May"}),
        "ReplicateDesign": (
            op.ReplicateDesign,
            REPLICATES | {"scale": 1.0, "rscales": [1, 1], "kind": "BRR", "rho": 0.0},
        ),
        **{
            f"ReplicateDesign.{kind}": (getattr(op.ReplicateDesign, kind), REPLICATES | rest)
            for kind, rest in {
                **{key: {} for key in ("brr", "jk1", "bootstrap", "sdr")},
                "fay": {"rho": 0.3},
                "jkn": {"stratum_sizes": [2, 2]},
            }.items()
        },
        "ReplicateDesign.replicates_at": (
            op.ReplicateDesign.sdr(weight="w", replicates="r*").replicates_at,
            {"key": "May"},
        ),
        "ReplicateDesign.weight_text": (
            op.ReplicateDesign.sdr(weight="w", replicates="r*").weight_text,
            {"key": "May"},
        ),
        "Panel.from_waves": (
            op.Panel.from_waves,
            {"waves": people()} | BUILT | {"duplicates": "error"},
        ),
        "Panel.from_long": (
            op.Panel.from_long,
            {"frame": LONG, "wave": "wave", "waves": ["May", "June"], "count": None} | BUILT,
        ),
        "Panel.from_wide": (
            op.Panel.from_wide,
            {
                "frame": WIDE,
                "person": None,
                "items": {"x": op.Item({"May": "May", "June": "June"}, STATES)},
                "groups": (),
                "design": None,
                "fixed": (),
                "waves": ["May", "June"],
                "duplicates": "error",
                "count": "n",
            },
        ),
        "Panel.where": (PANEL.where, {"sex": ["man"]}),
        "Panel.group_of": (PANEL.group_of, {"item": "x", "wave": "May", "name": "before"}),
        "Panel.group": (PANEL.group, {"name": "sex"}),
        "Panel.item": (PANEL.item, {"name": "x"}),
        "Panel.asked": (PANEL.asked, {"item": "x"}),
        "Panel.pairs": (PANEL.pairs, {"item": "x"}),
        "Panel.position": (PANEL.position, {"wave": "May"}),
        "Panel.weight": (PANEL.weight, {"first": "May", "last": "June"}),
        "Panel.linkage": (PANEL.linkage, {}),
        "Estimates.select": (SHARES.select, {"wave": "May", "sex": ["man"]}),
        "Estimates.at": (SHARES.at, {"rows": [0, 1]}),
        "Estimates.without_error": (SHARES.without_error, {"rows": np.arange(len(SHARES)) == 0}),
        "Estimates.noted": (SHARES.noted, {"notes": {("May",): "A note."}}),
        "Estimates.difference": (
            SHARES.difference,
            {"column": "wave", "a": "June", "minus": "May"},
        ),
        "side_by_side": (
            op.side_by_side,
            {"studies": {"A": SHARES, "B": op.shares(made(), "x", by="sex")}, "name": "country"},
        ),
        "smooth": (
            op.smooth,
            {"estimates": op.shares(made(groups=["unit"]), "x", by="unit", waves=["May"])}
            | {"covariates": None, "effects": (), "population": dict.fromkeys(range(20), 5.0)}
            | {"to": "unit", "benchmark": True},
        ),
        "Estimates.pairwise": (SHARES.pairwise, {"column": "sex"}),
        "Estimates.simultaneous": (SHARES.simultaneous, {}),
        "Estimates.contrast": (
            FLOWS.contrast,
            {"matrix": np.ones((1, len(FLOWS))), "labels": {"what": ["all"]}, "title": "Sum"},
        ),
        "Estimates.derive": (
            FLOWS.derive,
            {"function": lambda p: [p[1] + p[2]], "labels": {"what": ["sum"]}},
        ),
        "Estimates.to_frame": (SHARES.to_frame, FIGURES | {"reliable": True}),
        "Estimates.comparisons": (DIFFERENCE.comparisons, {"level": 0.9}),
        "Estimates.between_bounds": (
            op.turnover_bounds(PANEL, "x").between_bounds,
            {"level": 0.9},
        ),
        "Estimates.matrix": (FLOWS.matrix, {}),
        "Estimates.design_effect": (FLOWS.design_effect, {}),
        "Estimates.test": (DIFFERENCE.test, {}),
        "Estimates.to_latex": (SHARES.to_latex, FIGURES),
        "Estimates.to_csv": (SHARES.to_csv, {"path": folder / "a.csv"} | FIGURES),
        "Estimates.to_excel": (SHARES.to_excel, {"path": folder / "a.xlsx"} | FIGURES),
        "Wave": (
            op.Wave,
            {"frame": people()["May"], "labels": {"q": {1: "a"}}, "missing": {"q": [9]}},
        ),
        "Wave.column": (WAVE.column, {"name": "q", "wave": "May", "purpose": "item"}),
        "Wave.valid": (WAVE.valid, {"name": "q", "wave": "May", "purpose": "item"}),
        "read_wave": (
            op.read_wave,
            {"path": csv, "columns": ["q"], "encoding": "utf-8", "allow_lost_missing": False}
            | {"blanks": ["NA"], "text": ["q"], "skip_rows": 0, "sheet": None},
        ),
        "read_panel": (
            op.read_panel,
            {"files": files, "encoding": "utf-8", "allow_lost_missing": False, "wave": None}
            | {"blanks": ["NA"], "text": (), "skip_rows": {"May": 0}, "sheet": None}
            | {"waves": None, "duplicates": "error", "progress": False, "engine": "memory"}
            | BUILT,
        ),
        "read_study": (op.read_study, {"path": datasets.folder("attitudes_2024") / "study.toml"}),
        "datasets.load": (datasets.load, {"name": "thomas_1991"}),
        "datasets.folder": (datasets.folder, {"name": "published"}),
        "Estimates.plot": (SHARES.plot, {"title": "A", "min_n": 1}),
        "charts.sankey": (
            charts.sankey,
            {"flows": FLOWS, "color_by": "origin", "colors": "ordered", "values": "base"}
            | {"highlight": "yes", "threshold": 0.01, "entrants": None}
            | LOOKS,
        ),
        "charts.heatmap": (charts.heatmap, {"estimates": FLOWS, "by": None} | LOOKS),
        "charts.trend": (charts.trend, {"estimates": SHARES, "by": "sex"} | LOOKS),
        "charts.dots": (
            charts.dots,
            {"estimates": SHARES, "state": "yes", "by": "sex", "sort": "estimate", "ranks": False}
            | LOOKS,
        ),
        "charts.stacked": (
            charts.stacked,
            {"estimates": SHARES, "by": "sex", "sort": "yes"} | LOOKS,
        ),
        "charts.paths": (charts.paths, {"estimates": PATHS, "by": None, "most": 3} | LOOKS),
        "charts.notes": (
            charts.notes,
            {"estimates": FLOWS, "language": "ru", "level": 0.9, "min_n": 1},
        ),
        "charts.Language": (
            charts.Language,
            {"code": "de", "decimal": ",", "thousands": ".", "percent": " %"}
            | {"words": {"weight": "Gewicht"}, "plural": lambda n: int(n != 1)}
            | {"months": ("M",) * 12},
        ),
        "charts.save": (
            charts.save,
            {"chart": charts.sankey(FLOWS, min_n=1), "path": folder / "a.svg", "scale": 2.0}
            | {"phone": None},
        ),
        "strategies.panels": (strategies.panels, {"waves": (2, 3), "people": (4, 9)} | DRAWN),
        "strategies.batteries": (
            strategies.batteries,
            {"items": (2, 2), "options": (2, 2), "waves": (2, 2), "people": (4, 9)}
            | {"designs": ["people"]},
        ),
        "strategies.panel_parts": (
            strategies.panel_parts,
            {"waves": (2, 3), "people": (4, 9)} | DRAWN,
        ),
    }
    return calls


DRAWN = {
    "states": (2, 3),
    "groups": {"sex": ["m", "f"]},
    "designs": ["people"],
    "movers": True,
    "score": (0.0, 9.0),
}
DRAWN |= {"independent": True}
# Methods that the library itself calls.
INNER = {
    *(
        "Panel.answers_known",
        "Panel.before",
        "Panel.chain",
        "Panel.check_asked",
        "Panel.check_same_people",
        "Panel.check_who_was_lost",
        "Panel.due_differs",
        "Panel.imputed_words",
        "Panel.interviewed",
        "Panel.options_of",
        "Panel.question",
        "Panel.were_due",
    ),
    *(
        "Item.joined",
        "Item.within",
        "Score.within",
        "Estimates.combination",
        "Estimates.with_slopes",
    ),
    *("ReplicateDesign.with_constants", "ReplicateDesign.weight_text", "Design.weight_text"),
}
