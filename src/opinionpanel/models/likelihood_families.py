"""What regressions have in common: a fit, and the family of likelihoods that it comes from."""

from collections.abc import Sequence
from typing import Protocol

from opinionpanel.arrays import Booleans, Floats
from opinionpanel.models.complementary_log_log import CLogLog, fit_cloglog
from opinionpanel.models.logit import Logit, fit_logit, separated
from opinionpanel.models.ordered import Ordered, fit_ordered, separated_in_order, threshold_names


class Fit(Protocol):
    """Fitted coefficients, m of them, and their derivatives."""

    @property
    def value(self) -> Floats:
        """The coefficients, shape (m,)."""
        ...

    @property
    def inverse(self) -> Floats:
        """The inverse information at the weights given, shape (m, m)."""
        ...

    @property
    def loglik(self) -> float:
        """The log-likelihood at the weights given."""
        ...

    def scores(self, design: Floats) -> Floats:
        """Differentiate by the weight of a person, shape (patterns, outcomes, m)."""
        ...

    def shares_of(self, design: Floats) -> Floats:
        """Probabilities of the outcomes, shape (patterns, outcomes)."""
        ...

    def slopes_of(self, design: Floats, weight: Floats) -> Floats:
        """Differentiate the weighted average of these by the coefficients, (outcomes, m)."""
        ...


class Family(Protocol):
    """How outcomes depend on the columns of a formula."""

    def fit(self, design: Floats, counts: Floats, start: Floats | None = None) -> Fit:
        """Fit to weighted people by pattern and outcome, from coefficients near by if given."""
        ...

    def parameters(self, columns: Sequence[str], outcomes: Sequence[str]) -> list[tuple[str, str]]:
        """Name the coefficients: the column, and the outcome."""
        ...

    def separated(self, design: Floats, occupied: Booleans) -> Booleans:
        """Mark the coefficients that have no finite estimate, shape (m,)."""
        ...


class MultinomialLogit:
    """Log odds of each outcome against the first; of two outcomes the usual logit."""

    def fit(self, design: Floats, counts: Floats, start: Floats | None = None) -> Logit:
        """Fit, as `fit_logit` does."""
        at = None if start is None else start.reshape(design.shape[1], -1)
        return fit_logit(design, counts, at)

    def parameters(self, columns: Sequence[str], outcomes: Sequence[str]) -> list[tuple[str, str]]:
        """Name the coefficients, outcomes varying fastest."""
        return [(name, outcome) for name in columns for outcome in outcomes[1:]]

    def separated(self, design: Floats, occupied: Booleans) -> Booleans:
        """Mark the coefficients that have no finite estimate."""
        return separated(design, occupied).ravel()


class ComplementaryLogLog:
    """Log of the rate at which the second of two outcomes comes: log(−log(1 − π))."""

    def fit(self, design: Floats, counts: Floats, start: Floats | None = None) -> CLogLog:
        """Fit, as `fit_cloglog` does."""
        return fit_cloglog(design, counts, start)

    def parameters(self, columns: Sequence[str], outcomes: Sequence[str]) -> list[tuple[str, str]]:
        """Name the coefficients."""
        return [(name, outcomes[1]) for name in columns]

    def separated(self, design: Floats, occupied: Booleans) -> Booleans:
        """Mark the coefficients that have no finite estimate: those of a logit."""
        return separated(design, occupied).ravel()


class OrderedLogit:
    """Log odds of being above each of the outcomes in their order, with the same slopes."""

    def fit(self, design: Floats, counts: Floats, start: Floats | None = None) -> Ordered:
        """Fit, as `fit_ordered` does."""
        return fit_ordered(design, counts, start)

    def parameters(self, columns: Sequence[str], outcomes: Sequence[str]) -> list[tuple[str, str]]:
        """Name the slopes, which have no outcome, and then the thresholds."""
        return [(name, "") for name in columns[1:]] + [
            ("threshold", name) for name in threshold_names(outcomes)
        ]

    def separated(self, design: Floats, occupied: Booleans) -> Booleans:
        """Mark the coefficients that have no finite estimate."""
        return separated_in_order(design, occupied)
