"""Captions of charts: the base, its size and the weight in every language; nothing left English."""

import pickle
import re
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import opinionpanel as op
from opinionpanel.charts.chart_captions import notes, short_caption
from opinionpanel.drawing.languages import ENGLISH, RUSSIAN
from opinionpanel.estimates import caption
from opinionpanel.strategies import panels

WAVES = ("июль", "ноябрь", "март")
few = settings(max_examples=10)


def in_full(estimates, language, level=0.95):
    return notes(estimates, language=language, level=level, min_n=0)


def panel_of(source="Опрос.", dates=None, **design):
    """A panel of which every name is Russian: some were lost, not asked, or without a weight."""
    rng = np.random.default_rng(1)
    waves = {}
    for place, wave in enumerate(WAVES):
        people = np.arange(place * 4, 60 + place * 4)
        there = people[(people + place) % 7 > 0]
        waves[wave] = pd.DataFrame(
            {
                "номер": there,
                "ответ": rng.integers(1, 4, len(there)),
                "пол": np.where(there % 9 == 0, None, np.where(there % 2, "мужчина", "женщина")),
                "возраст": np.where(there % 3, "старше", "моложе"),
                "вес": np.where(there % 11 == 3, 0.0, 1.0 + there % 3),
                "район": there % 3,
                "двор": there // 6,
                "всего": 10,
            }
        )
        waves[wave].loc[there % 13 == 5, "ответ"] = 9
    item = op.Item("ответ", {"за": [1], "не знаю": [2], "против": [3]}, not_asked=[9])
    return op.Panel.from_waves(
        waves,
        person="номер",
        items={"мнение": item},
        groups=["пол", "возраст"],
        design=op.Design(**{"weight": "вес"} | design),
        dates=dates or {},
        source=source,
    )


PANEL = panel_of()
DESIGNS = {
    "weight": {},
    "unweighted": {"weight": None},
    "weights by wave": {"weight": dict.fromkeys(WAVES, "вес") | {("июль", "ноябрь"): "район"}},
    "strata": {"stratum": "район"},
    "psus": {"psu": "двор"},
    "both": {"stratum": "район", "psu": "двор", "nest": True},
    "only strata and psus": {"weight": None, "stratum": "район", "psu": "двор", "nest": True},
    "probability": {"sample": "probability"},
    "opt-in": {"sample": "nonprobability"},
}
TARGETS = {"возраст": {"старше": 0.6, "моложе": 0.4}}
KNOWN = {wave: {"за": 0.4, "не знаю": 0.2, "против": 0.4} for wave in ("июль", "ноябрь")}
MADE = {
    "raked": lambda: op.rake(PANEL, TARGETS),
    "calibrated": lambda: op.calibrate(PANEL, TARGETS, method="logit", bounds=(0.25, 4)),
    "anchored": lambda: op.anchor(PANEL, "мнение", KNOWN, margins=TARGETS),
    "anchored in bounds": lambda: op.anchor(PANEL, "мнение", KNOWN, bounds=(0.01, 30)),
    "post-stratified": lambda: op.poststratify(PANEL, TARGETS),
    "trimmed": lambda: op.trim_weights(op.rake(PANEL, TARGETS), upper=2.5),
    "against drop-out": lambda: op.attrition_weights(PANEL, "мнение"),
    "narrowed": lambda: PANEL.where(пол=["мужчина", "женщина"]),
}
MEASURES = {
    "shares": lambda panel, **how: op.shares(panel, "мнение", **how),
    "flows": lambda panel, **how: op.flows(panel, "мнение", **how),
    "transitions": lambda panel, **how: op.transitions(panel, "мнение", **how),
    "inflows": lambda panel, **how: op.inflows(panel, "мнение", **how),
    "turnover": lambda panel, **how: op.turnover(panel, "мнение", **how),
    "net_change": lambda panel, **how: op.net_change(panel, "мнение", **how),
    "gains_and_losses": lambda panel, **how: op.gains_and_losses(panel, "мнение", **how),
}


def russian(estimates):
    """All lines in Russian, checked to hold no Latin letter but n."""
    short = short_caption(estimates, RUSSIAN, level=0.95, interval="logit")
    lines = [*short, *in_full(estimates, RUSSIAN)]
    for line in lines:
        assert not re.search("[A-Za-z]", re.sub(r"\bn\b", "", line)), line
        assert not re.search(r"[{}]|\.\.|  ", line), line
    return lines


@pytest.mark.parametrize("base", ["answered", "balanced", "panel"])
@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_is_captioned_in_russian(measure, base):
    estimates = MEASURES[measure](PANEL, base=base, by="пол")
    russian(estimates)
    russian(estimates.difference("пол", "мужчина", minus="женщина"))
    assert in_full(estimates, ENGLISH) == caption(estimates)


@pytest.mark.parametrize(
    "made",
    [
        lambda: op.paths(PANEL, "мнение"),
        lambda: op.paths(PANEL, "мнение", base="panel", by="пол"),
        lambda: op.stable_core(PANEL, "мнение"),
        lambda: op.first_change(PANEL, "мнение"),
        lambda: op.returns(PANEL, "мнение"),
        lambda: op.number_of_changes(PANEL, "мнение"),
        lambda: op.attrition(PANEL, "мнение"),
        lambda: op.turnover_bounds(PANEL, "мнение"),
        lambda: op.direction(PANEL, "мнение", without="не знаю"),
        lambda: op.fresh_and_staying(PANEL, "мнение", wave="март"),
        lambda: op.shares(PANEL, "мнение").difference("wave", "март", minus="июль"),
        lambda: op.shares(PANEL, "мнение", by="пол", reference="rest"),
    ],
)
def test_other_measures_too(made):
    russian(made())


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_is_captioned_in_russian(design):
    panel = panel_of(**DESIGNS[design])
    for measure in ("shares", "flows"):
        estimates = MEASURES[measure](panel)
        russian(estimates)
        assert in_full(estimates, ENGLISH, 0.9) == caption(estimates, level=0.9)


@pytest.mark.parametrize("made", MADE)
def test_weights_that_were_made_and_domains_are_captioned_in_russian(made):
    panel = MADE[made]()
    for measure in ("shares", "flows"):
        russian(MEASURES[measure](panel))


@few
@given(panels())
def test_a_caption_tells_base_n_and_weight_first(panel):
    estimates = op.shares(panel, next(iter(panel.items)))
    for language in (ENGLISH, RUSSIAN):
        first, second = short_caption(estimates, language, level=0.9, interval="logit")
        assert language.tell(estimates.about.base) in first
        assert language.count(int(estimates.n.max())) in first
        assert language.level(0.9) in second
    assert in_full(estimates, ENGLISH, 0.9) == caption(estimates, level=0.9)


def test_figures_that_are_not_counted_say_so_wherever_they_are_shown():
    counted = op.turnover(panel_of(), "мнение", waves=["июль", "ноябрь"])
    made = "Model-based: made up for a test."
    modelled = replace(counted, about=replace(counted.about, modelled=made))
    assert made in str(modelled).replace("\n", " ")
    assert made in op.charts.notes(modelled)
    assert made in short_caption(modelled, ENGLISH, level=0.95, interval="logit")[1]
    assert (
        made in short_caption(modelled, ENGLISH, level=0.95, interval="logit", intervals=False)[1]
    )
    assert "odelled" not in str(counted)


def test_two_lines():
    estimates = op.flows(panel_of(source="ВЦИОМ"), "мнение", waves=["июль", "ноябрь"])
    assert short_caption(estimates, ENGLISH, level=0.95, interval="logit") == [
        "Base: people with an answer at both waves; n = 31. Weight: вес.",
        "95% intervals as for a simple random sample. Source: ВЦИОМ.",
    ]
    assert short_caption(
        estimates, RUSSIAN, level=0.9, interval="wilson", extra=["Малые потоки объединены."]
    ) == [
        "База: ответившие в обеих волнах; n = 31. Вес: вес.",
        "Доверительные интервалы Уилсона (90\u00a0%) как для простой случайной выборки. Малые "
        "потоки объединены. Источник: ВЦИОМ.",
    ]


def test_estimates_that_come_back_from_a_file_speak_russian_too():
    estimates = op.turnover(PANEL, "мнение")
    assert russian(pickle.loads(pickle.dumps(estimates))) == russian(estimates)


def test_weights_are_named_once_and_none_is_said():
    several = panel_of(**DESIGNS["weights by wave"])
    first, _ = short_caption(op.flows(several, "мнение"), ENGLISH, level=0.95, interval="logit")
    assert first.endswith("Weights: район; вес.")
    none = op.shares(panel_of(weight=None), "мнение")
    assert short_caption(none, RUSSIAN, level=0.95, interval="logit")[0].endswith(
        "Данные не взвешены."
    )


def test_the_method_is_that_of_shares_only():
    change = op.net_change(PANEL, "мнение")
    for interval in ("logit", "beta", "wilson", "wald"):
        second = short_caption(change, ENGLISH, level=0.95, interval=interval)[1]
        assert second.startswith("95% intervals as for")


def test_days_are_written_as_in_the_language():
    dates = {"июль": (date(2024, 7, 8), date(2024, 7, 17)), "ноябрь": "осень"}
    estimates = op.flows(panel_of(dates=dates), "мнение", waves=["июль", "ноябрь"])
    told = "Даты опроса: июль: 8–17 июля 2024\u00a0г.; ноябрь: осень."
    assert told in in_full(estimates, RUSSIAN)
    alone = op.shares(panel_of(dates=dates), "мнение", waves=["июль"])
    assert "Даты опроса: июль: 8–17 июля 2024\u00a0г." in notes(
        alone, language=RUSSIAN, min_n=0, level=0.95
    )


def test_a_name_that_turns_the_direction_turns_no_figure():
    estimates = op.shares(PANEL, "мнение").select(wave="июль")
    turned = estimates.contrast(
        np.eye(len(estimates)), estimates.labels, base="\u202eтретьи", source="\u202eтретьи"
    )
    for line in (
        *short_caption(turned, RUSSIAN, level=0.95, interval="logit"),
        *in_full(turned, RUSSIAN),
    ):
        assert line.count("\u202e") == line.count("\u202c")
        assert "\u202eтретьи\u202c" in line or "\u202e" not in line


@pytest.mark.parametrize(
    ("least", "english", "russian"),
    [
        (2, "n = 3 to 60.", "n = 3–60."),
        (3, "n = 3 to 60.", "n = 3–60."),
        (10, "n < 10 to 60.", "n: от менее 10 до 60."),
        (61, "n < 61.", "n < 61."),
    ],
)
def test_a_base_of_few_people_is_not_told(least, english, russian):
    frame = pd.DataFrame({"id": np.arange(63) + 5000, "q": 1, "g": ["a"] * 60 + ["b"] * 3})
    panel = op.Panel.from_waves(
        {"w1": frame, "w2": frame},
        person="id",
        items={"x": op.Item("q", {"yes": [1], "no": [2]})},
        groups=["g"],
        design=None,
    )
    shares = op.shares(panel, "x", by="g")
    for language, told in ((ENGLISH, english), (RUSSIAN, russian)):
        first, _ = short_caption(shares, language, level=0.95, interval="logit", min_n=least)
        assert told in first


def test_notes_do_not_tell_a_base_of_few_people():
    panel = op.datasets.load("attitudes_2024").panel
    few = op.shares(panel.where(region="Дальневосточный ФО"), "support", waves=["Jul 2025"])
    n = int(few.n[0])
    assert f"n = {n} " in notes(few, min_n=n)[0]
    assert notes(few, min_n=n + 1)[0].endswith(f"n < {n + 1}.")
