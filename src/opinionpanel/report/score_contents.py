"""What the page about a score shows: only what may leave together."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from opinionpanel.charts import writing_of
from opinionpanel.disclosure import MIN_N, Published, PublishedScore, Shown, publish_score
from opinionpanel.estimates import MOMENT, withheld_of
from opinionpanel.measures import cronbach_alpha
from opinionpanel.panel import Panel
from opinionpanel.questions import Scale
from opinionpanel.report.families import ALPHA, Family
from opinionpanel.report.grids import without_limits
from opinionpanel.report.score_figures_in_words import amount, comparable_groups
from opinionpanel.report.score_tests import score_families, trend_sentences
from opinionpanel.report.told import Told


class ScoreContents:
    """What the page about one score shows.

    Parameters
    ----------
    told : Told
        That tells of this score.
    score : str
    page : str
        The name of its page, and the beginning of those of its files.
    published : function
        Gives what the page of an item shows.
    """

    def __init__(
        self, told: Told, score: str, page: str, published: Callable[[str], Published]
    ) -> None:
        self.told, self.score, self.page, self._of_item = told, score, page, published

    @cached_property
    def published(self) -> PublishedScore:
        """The tables of the score that leave together."""
        panel = self.told.study.panel
        return publish_score(panel, self.score, comparable_groups(panel), published=self._of_item)

    @property
    def panel(self) -> Panel:
        """The panel with the groups that all tables are about."""
        return self.published.panel

    @property
    def label(self) -> str:
        """What readers are told the score is called."""
        return self.told.label(self.score)

    @cached_property
    def findings(self) -> Sequence[str]:
        """What a reader should know first, in at most two sentences."""
        trend = trend_sentences(self.families, self.published, self.told)
        return [*self._changed(), *trend, *self._at_last()]

    @cached_property
    def families(self) -> Sequence[Family]:
        """The tests over the waves of a series, and of change by group."""
        changes = {
            group: moment(shown, "change")
            for group in self.published.groups
            if (shown := self.published.change_by(group)) is not None
        }
        return score_families(self.published, changes)

    @property
    def columns(self) -> Sequence[str]:
        """The columns of a scale; a score has one."""
        return self.panel.score(self.score).columns_at(self.panel.asked(self.score)[0])

    @cached_property
    def alpha(self) -> Shown | None:
        """Cronbach's alpha at the waves with a mean; None for a score that is no scale."""
        waves = self.published.waves
        if not isinstance(self.panel.score(self.score), Scale) or not waves:
            return None
        found = cronbach_alpha(self.panel, self.score, waves=waves)
        return Shown(found, withheld_of(found, MIN_N))

    def _changed(self) -> Iterator[str]:
        """Say whether the mean of the same people changed; one comparison, which is tested."""
        shown, pair, told = self.published.change(), self.published.main_pair, self.told
        if shown is None or pair is None or shown.hidden.any():
            return
        shown = moment(shown, "change")
        change = shown.estimates
        waves = {"first": told.name(pair[0]), "last": told.name(pair[1])}
        if without_limits(shown):
            yield told.say(
                "Whether the mean changed among the same people between {first} and {last} was not "
                "tested: the interval of the change would tell of few people.",
                **waves,
            )
            return
        pvalue = float(change.comparisons()["pvalue"].iloc[0])
        if np.isnan(pvalue):
            return
        if pvalue >= ALPHA:
            yield told.say(
                "Among the same people the mean did not change detectably between {first} and "
                "{last} (n = {n}).",
                n=int(change.n[0]),
                **waves,
            )
            return
        size, limits = amount(change, told.language)
        yield told.say(
            "Among the same people the mean rose by {change} ({limits}; n = {n}) between {first} "
            "and {last}."
            if change.value[0] > 0
            else "Among the same people the mean fell by {change} ({limits}; n = {n}) between "
            "{first} and {last}.",
            change=size,
            limits=limits,
            n=int(change.n[0]),
            **waves,
        )

    def _at_last(self) -> Iterator[str]:
        """Say what the mean was at the last wave."""
        shown, told = self.published.means(), self.told
        if shown is None or shown.hidden[-1]:
            return
        row = shown.frame().iloc[-1]
        value, low, high = (float(row[name]) for name in ("estimate", "conf_low", "conf_high"))
        writing = writing_of(shown.estimates, told.language)
        score = self.panel.score(self.score)
        yield told.say(
            "The mean was {figure} in {wave} (n = {n}), on a scale from {least} to {most}.",
            figure=writing.estimate(value, low, high, writing.digits([(low, high)])),
            wave=told.name(row["wave"]),
            n=int(row["n"]),
            least=writing.plain(float(score.low)),
            most=writing.plain(float(score.high)),
        )


def moment(shown: Shown, *names: str) -> Shown:
    """Keep some of what is told of a change: the means before and after, or the change."""
    rows = np.flatnonzero(shown.estimates.labels[MOMENT].isin(names))
    limits = shown.withheld.limits
    withheld = replace(
        shown.withheld,
        rows=shown.hidden[rows],
        limits=None if limits is None else limits[rows],
    )
    return Shown(shown.estimates.at(rows), withheld)
