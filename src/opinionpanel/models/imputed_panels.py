"""A panel imputed several times: every measure pooled, and what was imputed beside the answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from opinionpanel.arguments import called, checked
from opinionpanel.arrays import Floats
from opinionpanel.errors import OpinionPanelError, SelectionError, listing
from opinionpanel.estimates import Estimates, frame_text, pooled
from opinionpanel.panel import Panel


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
    given : Panel
        The panel with its gaps; with ``missed=True``, of those interviewed at the first wave.
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
            ``n`` counts those imputed as well. What is withheld where few people are is decided by
            those of them who answered.

        Raises
        ------
        SelectionError
            The measure gives no `Estimates`, other rows for each imputed panel, or bounds, which
            have no standard errors; and what the measure itself refuses.

        Notes
        -----
        Rubin's rules with the design's covariance: the error is W̄ + (1 + 1/M) B, W̄ the mean of the
        design's covariances and B the covariance of the estimates over the M panels (Rubin 1987,
        ch. 3), on the degrees of freedom of Barnard & Rubin (1999). Quantiles have Wald limits, and
        none where several people gave the same number: they move in steps.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> waves = ["Jul 2024", "Nov 2024"]
        >>> imputed = op.impute(panel, "support", m=5, missed=True, waves=waves, seed=1)
        >>> found = imputed.estimate(op.turnover, "support", waves=waves)
        >>> float(found.to_frame().loc[0, "missing_information"].round(1))
        0.2
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
        return pooled(found, self._of_those_who_answered(measure, *args, **options))

    def _of_those_who_answered(
        self, measure: Callable[..., Any], *args: Any, **options: Any
    ) -> Estimates | None:
        """Measure the panel with its gaps; None where too few answered for that."""
        try:
            found = measure(self.given, *args, **options)
        except OpinionPanelError:
            return None
        return found if isinstance(found, Estimates) else None

    @called
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
        >>> imputed.summary().loc[3:, ["wave", "state", "n_answered"]]
               wave    state  n_answered
        3  Nov 2024  approve         376
        4  Nov 2024   unsure         397
        5  Nov 2024   oppose         316
        """
        rows = [
            row for item in self.items for wave in self.waves for row in self._compared(item, wave)
        ]
        columns = ["item", "wave", "state", "answered", "imputed", "n_answered", "n_imputed"]
        return pd.DataFrame(rows, columns=columns)

    def _compared(self, item: str, wave: str) -> list[list[Any]]:
        """Give the rows of an item at a wave; none where nothing was imputed."""
        place = self.given.position(wave)
        weight = np.asarray(self.given.weights[wave])
        before = np.asarray(self.given.answers[item][place])
        after = [np.asarray(panel.answers[item][place]) for panel in self.panels]
        given, drawn = (before >= 0) & (weight > 0), (before < 0) & (after[0] >= 0) & (weight > 0)
        if not drawn.any():
            return []
        rows = []
        for name, value in self._values(item).items():
            answered = value[before[given]]
            imputed = np.mean([value[codes[drawn]] for codes in after], axis=0)
            whole = item in self.given.scores
            rows.append(
                [
                    *(item, wave, name),
                    np.average(answered, weights=weight[given]),
                    np.average(imputed, weights=weight[drawn]),
                    len(answered) if whole else int(answered.sum()),
                    float(len(imputed) if whole else imputed.sum()),
                ]
            )
        return rows

    def _values(self, item: str) -> dict[str, Floats]:
        """Say what each answer counts in the rows of an item: its number, or one of the states."""
        if item in self.given.scores:
            return {"mean": self.given.numbers[item]}
        names = self.given.item(item).state_names
        return dict(zip(names, np.eye(len(names)), strict=True))

    def __str__(self) -> str:
        marked = self.panels[0].imputed
        assert marked is not None
        imputed, answers = marked.count(self.items, self.waves)
        head = (
            f"Imputed {len(self.panels)} times: {imputed:,} of {answers:,} answers to "
            f"{listing(self.items)} at {listing(self.waves)}"
        )
        summary = self.summary()
        return "\n\n".join([head, frame_text(summary.round(3))] if len(summary) else [head])

    __repr__ = __str__
