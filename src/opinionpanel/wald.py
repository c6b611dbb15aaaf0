"""Tests of estimates with their design covariance."""

from dataclasses import dataclass

__all__ = ["TestResult"]


@dataclass(frozen=True)
class TestResult:
    """A test, its statistic in several forms, and a sentence that says no more than it shows.

    Attributes
    ----------
    name : str
    statistic : float
        The F statistic.
    df1, df2 : float
        Its degrees of freedom.
    pvalue : float
    wald : float
        The Wald χ² that F comes from, on `df1` degrees of freedom in large samples.
    textbook : float or None
        The classical statistic of the unweighted counts; None where there is none. It ignores
        weights and design.
    note : str
    """

    __test__ = False  # pytest takes a name that begins with Test for a test class

    name: str
    statistic: float
    df1: float
    df2: float
    pvalue: float
    wald: float
    textbook: float | None
    note: str

    def __str__(self) -> str:
        p = "p < .001" if self.pvalue < 0.001 else f"p = {self.pvalue:.3f}".replace("0.", ".")
        head = f"{self.name}: F({self.df1:g}, {self.df2:g}) = {self.statistic:.2f}, {p}"
        classical = (
            ""
            if self.textbook is None
            else f"\nUnweighted counts, ignoring the design: χ² = {self.textbook:.2f}"
        )
        return f"{head}\n{self.note}{classical}"

    __repr__ = __str__
