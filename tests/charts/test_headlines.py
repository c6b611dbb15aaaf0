"""Titles and descriptions: true, short, in two languages, and silent about what is withheld."""

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from test_findings import MOVES, grouped_shares
from title_panels import STATES, counted, framed, square

import opinionpanel as op
from opinionpanel.charts.headlines import LONGEST, headline, summary
from opinionpanel.drawing.lettering import wrap
from opinionpanel.estimates import Withheld, withheld_of
from opinionpanel.strategies import panel_parts, panels

RUSSIAN = {
    "states": ("поддерживаю", "затрудняюсь", "не поддерживаю"),
    "waves": ["июль 2024", "ноябрь 2024"],
    "label": "Поддержка",
}
MEASURES = (op.flows, op.transitions, op.inflows, op.shares, op.turnover, op.net_change, op.paths)
MEASURES += (op.stable_core, op.first_change, op.gains_and_losses, op.number_of_changes)
MEASURES += (op.attrition, op.unchanged)


def labelled(tables=MOVES, **options):
    return counted(tables, label="Support", question="Do you support it?", **options)


def test_findings_in_english():
    panel = labelled()
    assert [headline(framed(measure(panel, "q12"))) for measure in MEASURES[:7]] == [
        "Support: 32% (27–37) changed their answer between wave 1 and wave 2",
        "Support: of those who said “unsure” in wave 1, 23% (17–31) said “approve” in wave 2",
        "Support: of those who said “approve” in wave 2, 29% (21–38) had said “unsure” in wave 1",
        "Support: “unsure” fell by 9 points between wave 1 and wave 2",
        "Support: 32% (27–37) changed their answer between wave 1 and wave 2",
        "Support: “unsure” fell by 9 points between wave 1 and wave 2",
        "Support: 68% (63–73) gave the same answer both times, wave 1 – wave 2",
    ]


def test_findings_in_russian():
    panel = counted(MOVES, **RUSSIAN)
    space = "\u00a0"
    assert [
        headline(framed(measure(panel, "q12"), language="ru")).replace(space, " ")
        for measure in MEASURES[:7]
    ] == [
        "Поддержка: у 32 % (27–37) опрошенных ответ изменился, июль 2024 → ноябрь 2024",
        "Поддержка: у 23 % (17–31) ответивших «затрудняюсь» (июль 2024) ответ сменился на "
        "«поддерживаю» (ноябрь 2024)",
        "Поддержка: у 29 % (21–38) ответивших «поддерживаю» (ноябрь 2024) прежним ответом было "
        "«затрудняюсь» (июль 2024)",
        "Поддержка: доля ответа «затрудняюсь» снизилась на 9 п. п., июль 2024 → ноябрь 2024",
        "Поддержка: у 32 % (27–37) опрошенных ответ изменился, июль 2024 → ноябрь 2024",
        "Поддержка: доля ответа «затрудняюсь» снизилась на 9 п. п., июль 2024 → ноябрь 2024",
        "Поддержка: у 68 % (63–73) опрошенных ответ не изменился, июль 2024 – ноябрь 2024",
    ]


def test_findings_over_several_waves_and_groups():
    paths = {(1, 1, 1): 60, (1, 2, 2): 40, (2, 2, 2): 70, (2, 1, 1): 12, (3, 3, 3): 50}
    panel = labelled(paths | {(3, 3, 2): 30, (2, 2, 3): 10})
    assert headline(framed(op.flows(panel, "q12"))) == (
        "Support: more moved from “approve” to “unsure” than back between wave 1 and wave 2"
    )
    assert headline(framed(op.paths(panel, "q12"))) == (
        "Support: 66% (60–72) gave the same answer every time, wave 1 – wave 3"
    )
    assert headline(framed(op.transitions(panel, "q12"))) == (
        "Support: who moved where, wave 1 – wave 3"
    )
    assert headline(framed(grouped_shares(70, 40, 42))) == (
        "“approve” is most common among “a”, wave 1"
    )
    assert headline(framed(grouped_shares(70, 40))) == (
        "“approve” is more common among “a” than among “b”, wave 1"
    )
    assert headline(framed(grouped_shares(40, 42))) == "Answers by group, wave 1"


def test_without_a_finding_it_is_said_that_none_was_detected():
    panel = labelled(square([60, 12, 8], [11, 80, 20], [9, 19, 65]))
    assert headline(framed(op.shares(panel, "q12"))) == (
        "Support: no detectable change between wave 1 and wave 2"
    )
    shares = grouped_shares(40, 42).difference("group", "b", minus="a")
    assert headline(framed(shares)) == ("b − a: no detectable difference, wave 1")


def test_one_point_and_less_than_one():
    # 20 of 2,000 people.
    one = labelled(square([960, 0, 0], [20, 1000, 0], [0, 0, 20]))
    assert "rose by 1 point between" in headline(framed(op.shares(one, "q12")))
    less = labelled(square([980, 0, 0], [9, 1000, 0], [0, 0, 11]))
    assert "rose by less than 1 point between" in headline(framed(op.shares(less, "q12")))
    for panel in (one, less):
        told = headline(framed(op.shares(panel, "q12"), language="ru"))
        assert "1\u00a0п.\u00a0п." in told


def test_differences_of_other_things_than_answers_are_named(attitudes):
    transitions = op.transitions(attitudes, "support", by="gender")
    gap = transitions.difference("gender", "man", minus="woman")
    assert headline(framed(gap)) == (
        "Support for the operation, man − woman, who moved where: no detectable difference, "
        "Jul 2024 – Jul 2025"
    )
    every = op.shares(attitudes, "support", by="age_group", waves=["Jul 2024"])
    assert headline(framed(every.pairwise("age_group"))) == (
        "Support for the operation by age group: 6 of 18 differences are detectable, Jul 2024"
    )


def test_titles_say_of_whom_they_are(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    men = op.flows(attitudes.where(gender="man"), "support", waves=waves)
    assert headline(framed(men)).startswith("Support for the operation (gender man): 29% (")
    one = op.flows(attitudes, "support", by="gender", waves=waves).select(gender="man")
    assert headline(framed(one)).startswith("Support for the operation, man: 29% (")
    shares = op.shares(attitudes, "support", by=["gender", "age_group"], waves=waves[:1])
    assert headline(framed(shares)) == (
        "Support for the operation by gender and age group, Jul 2024"
    )
    renamed = framed(shares, labels={"age_group": "age in 2024"})
    assert headline(renamed).endswith("by gender and age in 2024, Jul 2024")


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_variable_and_no_method_is_named(language):
    panel = counted(MOVES)
    for measure in MEASURES:
        estimates = measure(panel, "q12")
        for frame in (
            framed(estimates, language=language),
            everything_hidden(estimates, language=language),
        ):
            told = f"{headline(frame)} {summary(frame)}"
            assert "q12" not in told
            assert not re.search("logit|Wald|Holm|weight|linear", told)


def everything_hidden(estimates, **options):
    rows = np.ones(len(estimates), dtype=bool)
    return framed(estimates, withheld=Withheld(rows, 10, 5, moved=True), **options)


def test_russian_titles_have_no_latin_letters():
    panel = counted({"мужчины": MOVES, "женщины": MOVES}, groups="пол", **RUSSIAN)
    for measure in MEASURES:
        for by in (None, "пол"):
            estimates = measure(panel, "q12", by=by)
            for frame in (
                framed(estimates, language="ru"),
                everything_hidden(estimates, language="ru"),
            ):
                assert not re.search("[A-Za-z]", headline(frame))
                # A state may be called "never", so that it is no word of the library's own.
                if measure not in (op.first_change, op.gains_and_losses):
                    assert not re.search("[A-Za-z]", summary(frame))


def twins():
    """Two panels whose flows differ only where few people moved."""
    many = [[60, 20, 2, 3], [20, 70, 3, 2], [15, 18, 80, 20], [14, 16, 15, 90]]
    other = [[60, 20, 1, 4], [20, 70, 4, 1], *many[2:]]
    few = [[2, 3, 20], [3, 2, 25], [18, 22, 90]]
    changed = [[3, 2, 20], [2, 3, 25], few[2]]
    four = ("a", "b", "c", "d")
    return [
        [counted(square(*rows), states=four) for rows in (many, other)],
        [counted(square(*rows)) for rows in (few, changed)],
    ]


@pytest.mark.parametrize("measure", [op.flows, op.transitions, op.inflows, op.paths])
@pytest.mark.parametrize("pair", [0, 1])
def test_titles_and_descriptions_tell_nothing_that_is_withheld(measure, pair):
    both = [measure(panel, "q12") for panel in twins()[pair]]
    hidden = [withheld_of(estimates, 10).rows for estimates in both]
    assert (hidden[0] == hidden[1]).all()
    frames = [framed(estimates) for estimates in both]
    assert (np.isnan(frames[0].figures.value) == np.isnan(frames[1].figures.value)).all()
    assert len({headline(frame) for frame in frames}) == 1
    assert len({summary(frame) for frame in frames}) == 1


def test_what_a_finding_rests_on_must_be_shown():
    flows = op.flows(labelled(), "q12")
    none = np.zeros(9, dtype=bool)
    shown = "Support: who moved where, wave 1 → wave 2"
    assert headline(framed(flows, withheld=Withheld(none, 10, 5, moved=True))).startswith(
        "Support: more moved from “unsure” to “approve” than back"
    )
    assert headline(everything_hidden(flows)) == shown
    assert summary(everything_hidden(flows)) == "No figure can be shown: too few people."
    shares = op.shares(labelled(), "q12")
    for rows in np.eye(6, dtype=bool):
        assert headline(framed(shares, withheld=Withheld(rows, 10, 5))) == (
            "Support, wave 1 – wave 2"
        )
        # A figure without its interval: the interval would tell of the flows.
        without = Withheld(np.zeros(6, dtype=bool), 10, 5, limits=rows)
        assert headline(framed(shares, withheld=without)) == "Support, wave 1 – wave 2"


def test_descriptions_have_the_figures_of_the_frame(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    shares = op.shares(attitudes, "support", waves=waves)
    told = summary(framed(shares))
    for row in shares.to_frame().itertuples():
        limits = f"{100 * row.conf_low:.1f} to {100 * row.conf_high:.1f}"
        assert f"{row.state} {100 * row.estimate:.1f}% ({limits})" in told
    assert told.count(". ") == 1
    assert told.startswith("Jul 2024: approve 37.6% (34.4 to 40.8); ")
    flows = summary(framed(op.flows(attitudes, "support", waves=waves)))
    assert flows.startswith("Changed their answer: 26.2% (23.1 to 29.6). Largest moves: oppose → ")
    gap = shares.difference("wave", waves[1], minus=waves[0])
    assert "oppose +2.5 (−0.1 to +5.1)" in summary(framed(gap))


def test_names_of_a_study_stay_within_their_place():
    states = ("for {first}\n", "\u202eunsure", "100% “sure”")
    panel = counted(MOVES, states=states, label="Is {it} so?")
    told = headline(framed(op.transitions(panel, "q12")))
    assert told == (
        "Is {it} so? Of those who said “\u202eunsure\u202c” in wave 1, 23% (17–31) said "
        "“for {first}” in wave 2"
    )


def test_a_finding_too_long_for_two_lines_gives_way():
    states = ("скорее поддерживаю, чем не поддерживаю", "затрудняюсь ответить " * 3, "нет")
    transitions = op.transitions(counted(MOVES, states=states, label="Support"), "q12")
    assert headline(framed(transitions)) == "Support: who moved where, wave 1 → wave 2"


def test_titles_of_the_bundled_study_take_two_lines_of_a_page(attitudes):
    for item in ("support", "course", "peace"):
        for measure in MEASURES:
            for waves in (["Jul 2024", "Nov 2024"], None):
                for language in ("en", "ru"):
                    frame = framed(measure(attitudes, item, waves=waves), language=language)
                    assert len(wrap(headline(frame), 744, frame.size.title, bold=True)) <= 2


@given(panel=panels(), data=st.data())
def test_any_panel_has_titles(panel, data):
    measure = data.draw(st.sampled_from(MEASURES[:7]))
    by = data.draw(st.sampled_from([None, *panel.groups]))
    try:
        estimates = measure(panel, "opinion", by=by)
    except op.OpinionPanelError:
        return
    frame = framed(estimates, min_n=data.draw(st.sampled_from([0, 10])))
    assert 0 < len(headline(frame)) <= LONGEST
    assert summary(frame)


@settings(max_examples=15, deadline=None)
@given(parts=panel_parts(), data=st.data())
def test_order_of_rows_and_scale_of_weights_change_no_title(parts, data):
    measure = data.draw(st.sampled_from(MEASURES[:7]))
    other = {}
    for wave, frame in parts.frames.items():
        weights = [name for name in frame if name.startswith("weight")]
        other[wave] = frame[::-1].assign(**{name: 4 * frame[name] for name in weights})
    told = []
    for frames in (parts.frames, other):
        try:
            estimates = measure(replace(parts, frames=frames).panel(), "opinion")
        except op.OpinionPanelError:
            return
        # Rounding may leave 12.5% on either side.
        told.append(re.sub(r"\d", "", headline(framed(estimates, min_n=0))))
    assert told[0] == told[1]


def test_models_say_that_they_are_models(attitudes):
    waves = ["Jul 2024", "Nov 2024"]
    modelled = op.missing_at_random(attitudes, "support", waves=waves)
    assert headline(framed(modelled)) == (
        "Support for the operation: who moved where, with missing answers estimated, "
        "Jul 2024 → Nov 2024"
    )
    corrected = op.error_sensitivity(
        attitudes, "support", waves=waves, response=0.02, measure="flows"
    )
    assert "corrected for assumed wrong answers" in headline(framed(corrected))


@pytest.mark.parametrize("measure", MEASURES[:7])
def test_sums_and_ratios_of_estimates_are_no_findings(measure):
    estimates = measure(labelled(), "q12")
    ones, about = np.ones((1, len(estimates))), estimates.about
    first, last = about.waves
    for labels in (
        {"what": ["all"]},
        {"wave": [f"{last} − {first}"]},
        {"from_wave": [first], "to_wave": [last]},
    ):
        for other in (
            estimates.contrast(ones, labels),
            estimates.derive(lambda values: [values.sum()], labels),
        ):
            told = headline(framed(other))
            assert not re.search("detectable|rose|fell|said|gave|%", told)
            assert told.startswith("Support")
            assert summary(framed(other))


def test_a_wave_that_is_withheld_does_not_silence_the_others():
    paths = {(1, 1, 1): 60, (1, 2, 2): 40, (2, 2, 2): 70}
    shares = op.shares(labelled(paths), "q12")
    rows = (shares.labels["wave"] != "wave 2").to_numpy()
    assert summary(framed(shares, withheld=Withheld(rows, 10, 5))) == (
        "Largest figures: wave 2, unsure 64.7% (57.2 to 71.6); wave 2, approve 35.3% "
        "(28.4 to 42.8); wave 2, oppose 0.0% (0.0 to 2.1)."
    )


def test_who_stayed_is_no_move():
    flows = op.flows(counted(square([40, 4], [6, 50]), states=STATES[:2]), "q12")
    told = summary(framed(flows, min_n=0))
    assert "Largest moves: unsure → approve 6.0%" in told
    assert "approve → approve" not in told
    # Of those who moved nothing may be told.
    rows = (flows.labels["origin"] != flows.labels["destination"]).to_numpy()
    told = summary(framed(flows, withheld=Withheld(rows, 10, 5)))
    assert "Largest figures: unsure → unsure 50.0%" in told
