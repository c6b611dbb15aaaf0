"""Missing answers imputed several times, and every measure pooled over what was imputed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked
from opinionpanel.engines import is_lazy
from opinionpanel.errors import SelectionError, count_people, listing
from opinionpanel.estimates import Estimates, frame_text, pooled
from opinionpanel.measures import Waves, wave_names
from opinionpanel.models.chained_answers import Codes, Key, Known, draw
from opinionpanel.models.shocks import shocks_of, units_of
from opinionpanel.models.those_who_missed import as_interviewed
from opinionpanel.panel import ImputedAnswers, Panel
from opinionpanel.phrases import Phrase, in_a_row, per_cent
from opinionpanel.questions import NO_ANSWER, NOT_ASKED, NOT_INTERVIEWED, Option, Scale


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Imputed:
    """A panel whose missing answers were imputed several times; made by `impute`.

    Attributes
    ----------
    panels : tuple of Panel
        The panel with its gaps filled, once for each imputation. Whatever is measured on one of
        them alone says in its caption that it is too certain.
    items : tuple of str
        The items and scores whose answers were imputed.
    waves : tuple of str
        The waves at which they were.
    """

    panels: tuple[Panel, ...]
    items: tuple[str, ...]
    waves: tuple[str, ...]
    given: Panel

    @checked
    def estimate(self, measure: Callable[..., Any], *args: Any, **options: Any) -> Estimates:
        """Measure every imputed panel, and pool what was found.

        Parameters
        ----------
        measure : callable
            A function of a panel that gives `Estimates`, such as `shares`, `transitions`,
            `turnover` or one of your own.
        *args, **options
            What it takes after the panel.

        Returns
        -------
        Estimates
            The pooled figures, with all that other estimates have: differences, tests, charts.
            ``missing_information``, also a column of `Estimates.to_frame`, says which part of the
            information on each the missing answers took; the caption, how many were imputed.

        Raises
        ------
        SelectionError
            The measure gives no `Estimates`, or other rows for each imputed panel; and what the
            measure itself refuses.

        Notes
        -----
        Rubin's rules with the design's covariance: the error is W̄ + (1 + 1/M) B, W̄ the mean of the
        design's covariances and B the covariance of the estimates over the M panels (Rubin 1987,
        ch. 3), on the degrees of freedom of Barnard & Rubin (1999).

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> waves = ["Jul 2024", "Nov 2024"]
        >>> imputed = op.impute(panel, "support", m=5, missed=True, waves=waves, seed=1)
        >>> found = imputed.estimate(op.turnover, "support", waves=waves)
        >>> found.to_frame().loc[0, "missing_information"].round(1)
        0.5
        """
        number, found = len(self.panels), []
        for panel in self.panels:
            assert panel.imputed is not None
            part = measure(
                replace(panel, imputed=replace(panel.imputed, times=number)), *args, **options
            )
            if not isinstance(part, Estimates):
                raise SelectionError(
                    f"The measure gives {type(part).__name__}, and only Estimates are pooled. To "
                    "test a hypothesis, pool the estimates it is about and test these: "
                    ".estimate(op.net_change, …).test()."
                )
            found.append(part)
        return pooled(found)

    def summary(self) -> pd.DataFrame:
        """Compare what was imputed with what was answered.

        Returns
        -------
        pandas.DataFrame
            For each item, wave and state at which something was imputed: ``answered`` and
            ``imputed``, the state's share of either, with the wave's weight; ``n_answered`` and
            ``n_imputed``, people, the second the mean over imputations. Of a score a row with the
            means. Where the two shares differ much, those who did not answer are other people, and
            the assumption that they differ only by what is known of them matters.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> imputed = op.impute(
        ...     panel, "support", m=5, missed=True, waves=["Jul 2024", "Nov 2024"], seed=1
        ... )
        >>> imputed.summary()[["wave", "state", "n_answered"]]
               wave    state  n_answered
        0  Nov 2024  approve         412
        1  Nov 2024   unsure         398
        2  Nov 2024   oppose         277
        """
        rows = [
            row for item in self.items for wave in self.waves for row in self._compared(item, wave)
        ]
        columns = ["item", "wave", "state", "answered", "imputed", "n_answered", "n_imputed"]
        return pd.DataFrame(rows, columns=columns)

    def _compared(self, item: str, wave: str) -> list[list[Any]]:
        place, question = self.given.position(wave), self.given.question(item)
        before, weight = self.given.answers[item][place], self.panels[0].weights[wave]
        after = [panel.answers[item][place] for panel in self.panels]
        given, drawn = (before >= 0) & (weight > 0), (before < 0) & (after[0] >= 0) & (weight > 0)
        if not drawn.any():
            return []

        def mean(codes: Any, people: Any, value: Callable[[Any], Any]) -> float:
            counted = weight[people]
            return float(counted @ value(codes[people]) / counted.sum())

        head = [item, wave]
        if item in self.given.scores:
            numbers = self.given.numbers[item]
            ways = {"mean": lambda codes: numbers[codes]}
            people = (int(given.sum()), float(drawn.sum()))
            counts = {"mean": people}
        else:
            names = question.state_names
            ways = {name: (lambda codes, at=at: codes == at) for at, name in enumerate(names)}
            counts = {
                name: (
                    int((before[given] == at).sum()),
                    float(np.mean([(codes[drawn] == at).sum() for codes in after])),
                )
                for at, name in enumerate(names)
            }
        return [
            [
                *head,
                name,
                mean(before, given, way),
                float(np.mean([mean(codes, drawn, way) for codes in after])),
                *counts[name],
            ]
            for name, way in ways.items()
        ]

    def __str__(self) -> str:
        counts = self.panels[0].imputed.counts if self.panels[0].imputed else {}
        imputed, answers = (sum(count[place] for count in counts.values()) for place in (0, 1))
        head = (
            f"Imputed {len(self.panels)} times: {imputed:,} of {answers:,} answers to "
            f"{listing(self.items)} at {listing(self.waves)}"
        )
        summary = self.summary()
        return "\n\n".join([head, frame_text(summary.round(3))] if len(summary) else [head])

    __repr__ = __str__


@checked
def impute(
    panel: Panel,
    items: str | Sequence[str],
    *,
    m: int = 20,
    missed: bool = False,
    waves: Waves | None = None,
    groups: str | Sequence[str] | None = None,
    seed: int,
) -> Imputed:
    """Impute missing answers several times, from all else that is known of each person.

    Parameters
    ----------
    panel : Panel
        The people, from `read_panel` or a ``from_`` method of `Panel`.
    items : str or sequence of str
        Items and scores of the panel: their gaps are filled, and each is drawn given all others.
    m : int
        How many times; 20 are plenty where under half of the answers are missing.
    missed : bool
        Whether waves that people missed are imputed as well. The people are then those interviewed
        at the first of `waves`, and count at all of these with its weight; everyone else counts
        at none of them.
    waves : sequence of str, optional
        The waves whose answers are imputed, in the order of fieldwork; all of them are drawn on.
        By default those that asked any of the items.
    groups : str or sequence of str, optional
        Groups of the panel that the answers are drawn given; by default all.
    seed : int
        Where chance starts: the same seed imputes the same.

    Returns
    -------
    Imputed
        With `estimate`, which pools any measure, and `summary`, which compares what was imputed
        with what was answered.

    Raises
    ------
    SelectionError
        An item, wave or group that the panel does not have; fewer than two imputations; nobody
        answered at a wave; options of a question that takes several answers; a scale; with
        `missed`, an item that was not put to everyone; people who stay on Spark or Dask.

    Notes
    -----
    Missing at random: given all that is drawn on, who does not answer would have answered like who
    does. Nothing in the data can show it.

    Chained equations (van Buuren 2018, Flexible Imputation of Missing Data, ch. 4; Raghunathan et
    al. 2001, Survey Methodology 27): for each question and wave a multinomial logit, fitted with
    the weights, on the states at all other waves and of all other items, the groups, the logarithm
    of the weight, strata and PSUs; numbers of scores are those of one of five people with the
    nearest expected number. PSUs, and groups and strata with more than 12 categories, enter by how
    their other members answer. Parameters are drawn from what the design says of them, with
    replicate weights from the replicates. A weak normal prior keeps each coefficient finite. People
    who were not asked, or not due, are left alone; so are those without a weight at any wave.

    A measure by a group of the panel finds it in the imputed answers; what the models do not hold,
    such as that the same answer goes with another one in one group only, is imputed a little too
    weak.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> waves = ["Jul 2024", "Nov 2024"]
    >>> imputed = op.impute(panel, "support", m=5, missed=True, waves=waves, seed=1)
    >>> found = imputed.estimate(op.shares, "support", waves=["Nov 2024"])
    >>> found.to_frame()[["state", "estimate", "n"]].round(2)
         state  estimate     n
    0  approve      0.37  1500
    1   unsure      0.37  1500
    2   oppose      0.26  1500
    """
    if m < 2:
        raise SelectionError(
            f"m must be at least 2, not {m}: from one imputation nothing shows how much the "
            "missing answers hide."
        )
    if is_lazy(panel.domain):
        raise SelectionError(
            "impute draws answers person by person, in memory, and the people of this panel stay "
            "on the engine that holds them. Bring the few columns it needs into memory and build "
            "the panel from these, or use missing_at_random, which needs counts only."
        )
    names = [items] if isinstance(items, str) else list(items)
    asked = _waves_of(panel, names, waves)
    traits = list(panel.groups) if groups is None else _named(groups)
    for name in traits:
        panel.group(name)
    given = as_interviewed(panel, names, asked) if missed else panel
    known = _known(given, names, asked, traits, missed=missed)
    shocks = shocks_of(given, list(known.gaps), m, np.random.default_rng(seed))
    drawn = [
        draw(known, {key: many[:, place] for key, many in shocks.items()}, rng)
        for place, rng in enumerate(np.random.default_rng([seed, 1]).spawn(m))
    ]
    counts = _counts(given, known, names, asked)
    notes = _notes(given, counts, m, asked)
    panels = tuple(
        replace(
            given,
            answers={**given.answers, **_filled(given, names, one)},
            imputed=ImputedAnswers(counts),
            notes=notes,
        )
        for one in drawn
    )
    return Imputed(panels=panels, items=tuple(names), waves=tuple(asked), given=given)


def _named(groups: str | Sequence[str]) -> list[str]:
    return [groups] if isinstance(groups, str) else list(dict.fromkeys(groups))


def _waves_of(panel: Panel, names: Sequence[str], waves: Waves | None) -> list[str]:
    """Name the waves to impute at, and refuse questions whose answers are not drawn one by one."""
    if not names or len(set(names)) < len(names):
        raise SelectionError(f"items must name items, each once: {listing(names)}.")
    for name in names:
        question = panel.question(name)
        if isinstance(question, Option):
            raise SelectionError(
                f"{name!r} is an option of a question that takes several answers. Who does not "
                "answer leaves all its options open at once, which are not imputed one by one."
            )
        if isinstance(question, Scale):
            raise SelectionError(
                f"{name!r} is a scale. Impute the questions it is made of before it is made: its "
                "columns as scores, or at_least= for people who answered some of them."
            )
    given = [] if waves is None or isinstance(waves, str) else list(waves)
    if any(not isinstance(wave, str) for wave in given):
        raise SelectionError("waves must name single waves here, not pairs of them.")
    if waves is not None:
        for wave in given:
            panel.position(wave)
        places = [panel.position(wave) for wave in given]
        if places != sorted(set(places)) or not places:
            raise SelectionError(f"waves must be in the order of fieldwork: {listing(given)}.")
    asked = [wave for wave in panel.waves if any(wave in panel.asked(name) for name in names)]
    if waves is None:
        return asked
    for name in names:
        if not any(wave in panel.asked(name) for wave in given):
            panel.check_asked(name, given)
    return given


def _known(
    panel: Panel, names: Sequence[str], waves: Sequence[str], traits: Sequence[str], *, missed: bool
) -> Known:
    """Gather what answers are drawn from, and mark those to draw."""
    counting = np.logical_or.reduce([weight > 0 for weight in panel.weights.values()])
    codes: dict[Key, Any] = {}
    gaps: dict[Key, Any] = {}
    for wave in waves:
        place = panel.position(wave)
        for name in names:
            if wave not in panel.asked(name):
                continue
            here = panel.answers[name][place]
            codes[name, place] = here.astype(np.int64)
            empty = (here == NO_ANSWER) & panel.present[place] & counting
            if missed:
                _refuse_filtered(panel, name, wave)
                empty |= (here == NOT_INTERVIEWED) & panel.present[place] & counting
            if empty.any():
                gaps[name, place] = empty
                _refuse_silence(panel, name, wave)
    weights = {(name, place): panel.weights[panel.waves[place]] for name, place in codes}
    people = {
        key: [
            *(panel.everyones_groups[name].at(key[1]) for name in traits),
            *([stratum] if (stratum := _strata(panel)) is not None else []),
        ]
        for key in gaps
    }
    return Known(codes, panel.numbers, gaps, weights, people, units_of(panel))


def _strata(panel: Panel) -> Any:
    """Find the stratum of each person, where there are several."""
    stratum = getattr(panel.sampling, "stratum", None)
    if stratum is None or len(stratum) != len(panel.domain) or not stratum.any():
        return None
    return stratum


def _refuse_silence(panel: Panel, name: str, wave: str) -> None:
    """Refuse to impute at a wave at which nobody answered."""
    given = panel.answers[name][panel.position(wave)] >= 0
    if not (given & (panel.weights[wave] > 0)).any():
        raise SelectionError(
            f"Nobody answered {name!r} at wave {wave!r}, so nothing shows what the missing "
            "answers may be. Name the waves that it was answered at, with waves=[…]."
        )


def _refuse_filtered(panel: Panel, name: str, wave: str) -> None:
    """Refuse to impute missed waves of an item that some people were not asked there."""
    place = panel.position(wave)
    silent = int(((panel.answers[name][place] == NOT_ASKED) & panel.present[place]).sum())
    if silent:
        raise SelectionError(
            f"{name!r} was not put to {count_people(silent)} interviewed at wave {wave!r}, and "
            "nobody knows whether those who missed the wave would have been asked. Impute the "
            "answers of those interviewed, without missed=True."
        )


def _counts(
    panel: Panel, known: Known, names: Sequence[str], waves: Sequence[str]
) -> dict[tuple[str, str], tuple[int, int]]:
    """Count imputed answers, and all, of those who count at the wave."""
    found = {}
    for name, place in known.codes:
        wave = panel.waves[place]
        counted = panel.weights[wave] > 0
        imputed = known.gaps.get((name, place), np.zeros(len(counted), dtype=bool)) & counted
        given = (known.codes[name, place] >= 0) & counted
        found[name, wave] = (int(imputed.sum()), int(imputed.sum() + given.sum()))
    return found


def _filled(panel: Panel, names: Sequence[str], drawn: Codes) -> dict[str, Any]:
    """Give the answers to each item, with those that were drawn."""
    found = {}
    for name in names:
        answers = panel.answers[name].copy()
        for (item, place), codes in drawn.items():
            if item == name:
                answers[place] = codes
        found[name] = answers
    return found


def _notes(
    panel: Panel,
    counts: dict[tuple[str, str], tuple[int, int]],
    m: int,
    waves: Sequence[str],
) -> tuple[str, ...]:
    """Tell in the summary of each panel what was imputed."""
    told = [
        f"{item}, {wave}: {imputed:,} of {answers:,} answers were imputed"
        for (item, wave), (imputed, answers) in counts.items()
        if imputed
    ]
    head = f"one of {m} imputations; op.impute(…).estimate(…) pools them" if told else ""
    return (*panel.notes, *([head] if head else []), *told)
