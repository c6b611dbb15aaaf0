"""Titles of charts: a finding where an estimate and a test support one, else what is shown."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from opinionpanel.charts.findings import (
    Found,
    changed,
    detectable,
    groups_of,
    highest,
    mean_risen,
    moved_most,
    opposites,
    pair_of,
    risen,
    stayed,
    undivided,
)
from opinionpanel.charts.frame import Frame, own_columns, part_columns
from opinionpanel.charts.own_words import SHOWN
from opinionpanel.charts.score_figures import MOST_DIGITS, has_axis, signed
from opinionpanel.charts.share_rows import digits_of
from opinionpanel.escaping import in_order, one_line
from opinionpanel.estimates import PAIR
from opinionpanel.measures import ARROW, OTHER

# In letters: a finding that is longer takes more than two lines of a page.
LONGEST = 130
# How many figures a description names.
MOST = 3
# How a mean changed, upward and downward: at all waves, and among the same people.
MEANS = (
    "the mean rose by {change} between {first} and {last}",
    "the mean fell by {change} between {first} and {last}",
)
SAME_PEOPLE = (
    "among the same people the mean rose by {change} between {first} and {last}",
    "among the same people the mean fell by {change} between {first} and {last}",
)


def headline(frame: Frame) -> str:
    """Write the title of a chart of estimates.

    A finding is a sentence with the number that it is about, and the interval of that number. It
    rests on figures that are shown and, where it compares, on a test, adjusted for the number of
    comparisons. Where there is none, the title says what is shown.
    """
    ways: tuple[Callable[[Frame], str], ...] = (
        _changed,
        _stayed,
        _moved,
        _risen,
        _mean_risen,
        _highest,
        _opposites,
        _detectable,
    )
    findings = (_titled(frame, text) for way in ways if (text := way(frame)))
    found = next(findings, "")
    return found if 0 < len(found) <= LONGEST else _shown(frame)


def summary(frame: Frame) -> str:
    """Say the main numbers, with their intervals, to readers who do not see the chart."""
    figures = frame.figures
    if not np.isfinite(figures.value).any():
        return frame.say("No figure can be shown: too few people.")
    if told := _wave_by_wave(frame):
        return told
    texts = []
    if (found := changed(frame)) is not None:
        texts.append(frame.say("Changed their answer: {figures}.", figures=_estimate(frame, found)))
    if (found := stayed(frame)) is not None:
        texts.append(
            frame.say("The same answer every time: {figures}.", figures=_estimate(frame, found))
        )
    return " ".join([*texts, _largest(frame)])


def _changed(frame: Frame) -> str:
    found, pair = changed(frame), pair_of(frame)
    if found is None or pair is None:
        return ""
    return frame.say(
        "{share} changed their answer between {first} and {last}",
        share=_share(frame, found),
        first=frame.name(pair[0]),
        last=frame.name(pair[1]),
    )


def _stayed(frame: Frame) -> str:
    found = stayed(frame)
    if found is None:
        return ""
    return frame.say(
        "{share} gave the same answer both times, {when}"
        if len(frame.estimates.about.waves) == 2
        else "{share} gave the same answer every time, {when}",
        share=_share(frame, found),
        when=_when(frame),
    )


def _moved(frame: Frame) -> str:
    row, pair = moved_most(frame), pair_of(frame)
    if row is None or pair is None:
        return ""
    figures = frame.figures
    share = Found(*(float(part[row]) for part in (figures.value, figures.low, figures.high)))
    return frame.say(
        "of those who said “{destination}” in {last}, {share} had said “{origin}” in {first}"
        if frame.estimates.about.measure == "inflows"
        else "of those who said “{origin}” in {first}, {share} said “{destination}” in {last}",
        share=_share(frame, share),
        origin=frame.name(figures.labels["origin"].iloc[row]),
        destination=frame.name(figures.labels["destination"].iloc[row]),
        first=frame.name(pair[0]),
        last=frame.name(pair[1]),
    )


def _risen(frame: Frame) -> str:
    found = risen(frame)
    if found is None:
        return ""
    first, last = frame.name(found.first), frame.name(found.last)
    if not found.state:
        return frame.say("no detectable change between {first} and {last}", first=first, last=last)
    state, points = frame.name(found.state), round(100 * abs(found.value))
    if not points:
        return frame.say(
            "“{state}” rose by less than 1 point between {first} and {last}"
            if found.value > 0
            else "“{state}” fell by less than 1 point between {first} and {last}",
            state=state,
            first=first,
            last=last,
        )
    return frame.say(
        "“{state}” rose by {n} points between {first} and {last}"
        if found.value > 0
        else "“{state}” fell by {n} points between {first} and {last}",
        state=state,
        n=points,
        first=first,
        last=last,
    )


def _mean_risen(frame: Frame) -> str:
    found = mean_risen(frame)
    if found is None or found.row is None:
        return ""
    first, last = frame.name(found.first), frame.name(found.last)
    if not found.value:
        return frame.say("no detectable change between {first} and {last}", first=first, last=last)
    same = frame.estimates.about.measure == "mean_change"
    up, down = SAME_PEOPLE if same else MEANS
    writing, row = replace(frame.writing, signed=False), found.row
    digits = writing.digits([(row.low, row.high)])
    # A detectable change is never said to be one by 0.
    while digits < MOST_DIGITS and round(abs(row.value), digits) == 0:
        digits += 1
    change = writing.figure(abs(row.value), digits)
    return frame.say(up if found.value > 0 else down, change=change, first=first, last=last)


def _highest(frame: Frame) -> str:
    found = highest(frame)
    if found is None:
        return ""
    state, group, when = frame.name(found.state), frame.name(found.group), _when(frame)
    if not found.state:
        return frame.say(
            "the mean is highest among “{group}”, {when}"
            if len(found.others) > 1
            else "the mean is higher among “{group}” than among “{other}”, {when}",
            group=group,
            other=frame.name(found.others[0]),
            when=when,
        )
    if len(found.others) > 1:
        return frame.say(
            "“{state}” is most common among “{group}”, {when}", state=state, group=group, when=when
        )
    return frame.say(
        "“{state}” is more common among “{group}” than among “{other}”, {when}",
        state=state,
        group=group,
        other=frame.name(found.others[0]),
        when=when,
    )


def _opposites(frame: Frame) -> str:
    found = opposites(frame)
    if found is None:
        return ""
    return frame.say(
        "more moved from “{origin}” to “{destination}” than back between {first} and {last}",
        origin=frame.name(found.origin),
        destination=frame.name(found.destination),
        first=frame.name(found.first),
        last=frame.name(found.last),
    )


def _detectable(frame: Frame) -> str:
    found = detectable(frame)
    if found is None:
        return ""
    real, tested = found
    text = frame.say("{n} of {total} differences are detectable", n=real, total=tested)
    if tested == 1 or not real:
        text = frame.say("a detectable difference" if real else "no detectable difference")
    return f"{text}, {_when(frame)}"


def _shown(frame: Frame) -> str:
    """Say what is shown, of which groups, and when."""
    return ", ".join(filter(None, [_subject(frame), _when(frame)]))


def _titled(frame: Frame, text: str) -> str:
    """Begin with what a finding is about."""
    subject = _subject(frame) if frame.estimates.about.of_two else ", ".join(_who(frame))
    return _after(subject, text) if subject else _begun(text)


def _subject(frame: Frame) -> str:
    """Name the item, what of it is shown, and the groups that are compared."""
    about, labels, who = frame.estimates.about, frame.estimates.labels, _who(frame)
    plain = frame.estimates.unit == "number" and not has_axis(frame.estimates)
    what = "results" if plain else SHOWN.get(about.measure, "results")
    if about.of_two and what in ("answers", "mean", "quantiles"):
        what = "differences"
    if what == "quantiles" and labels["quantile"].nunique() == 1:
        what = frame.name(labels["quantile"].iloc[0])
    # That the item was asked about needs no word.
    if not who:
        subject = _begun(frame.say(what))
    elif what in ("answers", "differences", "results"):
        subject = ", ".join(who)
    elif about.of_two:
        subject = ", ".join([*who, frame.say(what)])
    else:
        subject = _after(", ".join(who), frame.say(what))
    groups = [frame.column(name) for name in groups_of(frame) if labels[name].nunique() > 1]
    if not groups or about.measure == "cross_lagged":
        return subject
    listed = reduce(lambda one, other: frame.say("{one} and {other}", one=one, other=other), groups)
    return frame.say("{what} by {groups}", what=subject, groups=listed)


def _who(frame: Frame) -> list[str]:
    """Name the item, the only value of groups, and the people that the panel was narrowed to."""
    labels, domain = frame.estimates.labels, frame.estimates.about.domain
    alone = [name for name in part_columns(frame.estimates) if labels[name].nunique() == 1]
    names = [_item(frame), *(frame.name(labels[name].iloc[0]) for name in alone)]
    if domain:
        # A colon stands in it already.
        people = in_order(one_line(frame.language.tell(domain))).replace("_", " ")
        names[-1] = f"{names[-1] or _begun(frame.say('answers'))} ({people})"
    return [name for name in names if name]


def _item(frame: Frame) -> str:
    """Name the item, or which of two questions is told by the answers to which."""
    about, labels = frame.estimates.about, frame.estimates.labels
    ends = [*about.columns(labels, "origin"), *about.columns(labels, "state")]
    if about.measure not in ("row_shares", "column_shares") or len(ends) != 2:
        return frame.item
    given, told = ends if about.measure == "row_shares" else ends[::-1]
    item, other = frame.column(told), frame.column(given)
    return _begun(frame.say("{item} by the answer to “{other}”", item=item, other=other))


def _after(subject: str, text: str) -> str:
    """Let a colon lead from a subject to what is said of it; a question needs none."""
    return f"{subject} {_begun(text)}" if subject.endswith("?") else f"{subject}: {text}"


def _begun(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}"


def _when(frame: Frame) -> str:
    """Name the wave, the pair of waves, or the first and the last."""
    labels, about = frame.estimates.labels, frame.estimates.about
    pair, times = pair_of(frame), about.columns(labels, "time")
    if pair is not None:
        return " → ".join(map(frame.name, pair))
    if len(times) == 1 and labels[times[0]].nunique() == 1:
        return frame.name(labels[times[0]].iloc[0])
    ends = dict.fromkeys([*about.waves[:1], *about.waves[-1:]])
    return " – ".join(map(frame.name, ends))


def _share(frame: Frame, found: Found) -> str:
    """Write a share and its limits: "26% (23–30)"."""
    figures = (found.value, found.low, found.high)
    return frame.language.estimate(*figures, digits=digits_of(*figures), compact=True)


def _estimate(frame: Frame, found: Found) -> str:
    return frame.language.estimate(found.value, found.low, found.high)


def _wave_by_wave(frame: Frame) -> str:
    """Give the shares of all states at the first wave and at the last."""
    about, labels = frame.estimates.about, frame.figures.labels
    times = about.columns(labels, "time")
    shares = about.measure == "shares" and "state" in labels
    means = about.measure == "means" and not signed(frame.estimates)
    if not (shares or means) or len(times) != 1:
        return ""
    if not undivided(frame):
        return ""
    waves, texts = labels[times[0]], []
    for wave in dict.fromkeys([waves.iloc[0], waves.iloc[-1]]):
        rows = np.flatnonzero((waves == wave) & np.isfinite(frame.figures.value))
        answers = ["state"] if shares else []
        if figures := "; ".join(_figure(frame, int(row), answers) for row in rows):
            texts.append(frame.say("{wave}: {figures}.", wave=frame.name(wave), figures=figures))
    return " ".join(texts)


def _largest(frame: Frame) -> str:
    """Give the largest figures; of flows, of those who moved."""
    about, labels = frame.estimates.about, frame.figures.labels
    size, own = np.abs(frame.figures.value), own_columns(frame.estimates)
    moves = {"origin", "destination"} <= own
    if moves and not about.of_two:
        size = np.where(labels["origin"] == labels["destination"], np.nan, size)
    elif "path" in own:
        size = np.where(labels["path"] == OTHER, np.nan, size)
    if not np.isfinite(size).any():
        # No move is shown, or no path by itself.
        size, moves = np.abs(frame.figures.value), False
    # Equal ones stay in their order, whatever rounding leaves between them.
    order = np.argsort(-size.round(9), kind="stable")[:MOST]
    names = [str(name) for name in labels]
    varying = [name for name in names if labels[name].nunique() > 1] or names[-1:]
    known = [int(row) for row in order if np.isfinite(size[row])]
    figures = "; ".join(_figure(frame, row, varying) for row in known)
    if about.of_two:
        return frame.say("Largest differences: {figures}.", figures=figures)
    if about.measure in ("net_change", "mean_change"):
        return frame.say("Largest changes: {figures}.", figures=figures)
    if moves:
        return frame.say("Largest moves: {figures}.", figures=figures)
    return frame.say("Largest figures: {figures}.", figures=figures)


def _figure(frame: Frame, row: int, columns: Sequence[str]) -> str:
    """Write a figure with its interval after its name."""
    figures, language, unit = frame.figures, frame.language, frame.estimates.unit
    value, low, high = figures.value[row], figures.low[row], figures.high[row]
    if has_axis(frame.estimates):
        shown = frame.writing.estimate(value, low, high, frame.writing.digits([(low, high)]))
    elif unit == "number":
        shown = language.number(value)
    elif unit == "change":
        shown = language.difference(value, low, high, digits=1)
    else:
        shown = language.estimate(value, low, high)
    return " ".join(filter(None, [_called(frame, row, columns), shown]))


def _called(frame: Frame, row: int, columns: Sequence[str]) -> str:
    """Call a figure by the labels in which it differs from others."""
    labels, own = frame.figures.labels.iloc[row], own_columns(frame.estimates)
    ways = [way for way in ([*PAIR], ["origin", "destination"]) if {*way} <= own]
    names = []
    for name in columns:
        way = next((way for way in ways if name in way), [name])
        text = ARROW.join(map(frame.name, labels[way]))
        if frame.estimates.about.measure == "paths" and name == "path":
            text = ARROW.join(map(frame.name, str(labels[name]).split(ARROW)))
        names.append(text)
    return ", ".join(dict.fromkeys(names))
