"""The forms in which values are shown: frames, tables, tests and files."""

from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from opinionpanel.arguments import called, checked
from opinionpanel.errors import OpinionPanelError
from opinionpanel.estimates.bounded_values import interval_between
from opinionpanel.estimates.export import latex_table, write_csv, write_excel
from opinionpanel.estimates.frames import design_effects, frame_of, matrix_of
from opinionpanel.estimates.intervals import Interval
from opinionpanel.estimates.tables import html_table, text_table
from opinionpanel.estimates.values import Values
from opinionpanel.estimates.wald import TestResult, family, wald_test
from opinionpanel.estimates.withholding import withheld_of

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Figures(Values):
    """Values shown as frames, tables, tests and files.

    The part of `Estimates` that makes no new ones; the attributes are described there.
    """

    @checked
    def to_frame(
        self,
        *,
        level: float = 0.95,
        interval: Interval = "logit",
        min_n: int = 0,
        min_cell: int | None = None,
        reliable: bool = False,
    ) -> pd.DataFrame:
        """Return the estimates as a frame, one row each.

        Parameters
        ----------
        level : float
            Confidence level.
        interval : {"logit", "beta", "wilson", "wald"}
            Interval of shares; differences always get Wald limits on the t scale. For shares
            ``"wald"`` is that of other programs, to compare with: it may pass 0 and 1, and has no
            width there.
        min_n : int
            Withhold (NaN) estimates whose unweighted base `n` is smaller, marked in a column
            ``withheld``. What is withheld could be computed from the other groups and the total:
            where it is a single group, or fewer than `min_n` people together, the group with
            the next smallest base is withheld too, with ``n >= min_n``. `n` itself is always
            shown.
        min_cell : int, optional
            By default 5 where `min_n` is above 0, else 0. Withhold flows, paths, moves and numbers
            of changes of fewer unweighted people (``n_cell``), in the same way: also what would
            tell them, given how many people started and ended in each state and the table of all
            groups together. Flows between states without an opinion, such as from ``no answer`` to
            ``not interviewed``, tell of none and are shown.
        reliable : bool
            Add the columns ``reliable`` ("yes", "review", "no") and ``reason``; "" for what is
            not a share or is withheld. They rest on the 95% Korn–Graubard interval, whatever
            `level` and `interval` are.

        Returns
        -------
        pandas.DataFrame
            The labels, then ``estimate std_error conf_low conf_high n`` and, for cells,
            ``n_cell``. NaN means undefined (nobody in the base) or withheld. Limits lie within what
            is possible, but for shares with ``interval="wald"``. There are none (NaN) for changes
            and numbers that happen not to vary in the sample, and are not `exact`, nor for
            differences of net, exchange or shift.
            What a printed table says of these in its note stands in ``.attrs["caution"]``.

        Raises
        ------
        SelectionError
            The level is not between 0 and 1, the interval is unknown, or `min_n` or `min_cell` is
            no number.

        Notes
        -----
        `reliable` follows Parker et al. (2017), National Center for Health Statistics Data
        Presentation Standards for Proportions: "no" for a base or an effective base under 30, an
        interval of .30 or more, or one of more than .05 that is wider than 130% of the share;
        otherwise "review" for fewer than 8 degrees of freedom and for shares of 0 and 1. A share
        whose complement has such an interval is not marked down; the reason says so.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("thomas_1991_3")
        >>> op.turnover(panel, "opinion").to_frame()[["component", "estimate", "n"]].round(3)
          component  estimate    n
        0     total     0.446  991
        1       net     0.232  991
        2  exchange     0.204  991
        3     shift     0.010  991
        """
        withheld = withheld_of(self, min_n, min_cell)
        return frame_of(self, level=level, interval=interval, withheld=withheld, reliable=reliable)

    @called
    def matrix(self) -> pd.DataFrame:
        """Return the values as a table: the last label in the columns, the others in the rows.

        For transitions of one pair of waves that is origin by destination. Labels that have a
        single value are left out of the rows.

        Returns
        -------
        pandas.DataFrame
            Shares between 0 and 1, or differences as shares; NaN where undefined. Nothing is
            withheld.

        Examples
        --------
        >>> import opinionpanel as op
        >>> flows = op.flows(op.datasets.load("agresti_approval"), "opinion")
        >>> flows.matrix().round(3)
        destination  approve  disapprove
        origin
        approve        0.496       0.094
        disapprove     0.054       0.356
        """
        return matrix_of(self)

    @called
    def design_effect(self) -> pd.DataFrame:
        """Compare the variance of shares with that of a simple random sample of the same size.

        Returns
        -------
        pandas.DataFrame
            The labels, then ``design_effect`` (NaN for what is not a share of people, and where
            the share is 0 or 1), ``kish`` (of the weights of the base alone; NaN for changes and
            numbers), ``n`` and ``n_effective`` (n divided by ``design_effect``; the attribute of
            this name is n over ``kish``).

        Notes
        -----
        V / (p(1 − p)/(n − 1)), drawing with replacement, n people with a positive weight in the
        base (R's survey: ``deff="replace"``); Kish (1965): n Σw²/(Σw)².

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> shares = op.shares(panel, "support", waves=["Jul 2024"])
        >>> shares.design_effect()[["state", "design_effect", "kish", "n"]].round(2)
             state  design_effect  kish     n
        0  approve           1.61  1.26  1494
        1   unsure           1.11  1.26  1494
        2   oppose           1.50  1.26  1494
        """
        return design_effects(self)

    @called
    def test(self) -> TestResult:
        """Test whether all of these estimates are zero: a joint Wald F test.

        Meant for differences, net changes and contrasts.

        Returns
        -------
        TestResult
            The F statistic with its degrees of freedom and p-value, the χ² form, and a note that
            says in words what was found and which estimates were left out: those undefined, and
            those without variance, which the sample cannot test.

        Raises
        ------
        SelectionError
            The estimates are shares, which are not zero in any case of interest.
        DesignError
            Fewer degrees of freedom than estimates to test, or none that varies.

        Notes
        -----
        F = W (f − m + 1) / (f m) on m and f − m + 1 degrees of freedom, with W = dᵀ V⁻¹ d the Wald
        χ² of m estimates d with covariance V, and f the degrees of freedom of the design (Korn &
        Graubard 1990, The American Statistician 44). Estimates that follow from the others count
        once.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> test = op.net_change(panel, "support", waves=["Jul 2024", "Nov 2024"]).test()
        >>> test.df1, round(test.pvalue, 4)
        (2.0, 0.9155)
        """
        return wald_test(self)

    @checked
    def comparisons(self, *, level: float = 0.95) -> pd.DataFrame:
        """Take the differences as one family: simultaneous intervals and adjusted p-values.

        Parameters
        ----------
        level : float
            Confidence that all of the intervals hold at once (Bonferroni).

        Returns
        -------
        pandas.DataFrame
            The labels, then ``estimate std_error conf_low conf_high t df pvalue pvalue_holm n``.
            The p-values are two-sided. An estimate without variance, such as the difference of a
            group with itself, has no interval, no t and no p-value (NaN): there is nothing to
            test. Differences of net, exchange or shift have none either, as none would hold;
            ``.attrs["caution"]`` says so. An undefined one is NaN throughout. None of these
            counts in the family.

        Raises
        ------
        SelectionError
            The estimates are shares, or the level is not between 0 and 1.

        Notes
        -----
        Bonferroni limits, estimate ± t(1 − (1 − level)/(2m)) SE with m the estimates that vary, on
        each one's degrees of freedom; p-values adjusted by Holm (1979, Scandinavian Journal of
        Statistics 6).

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> shares = op.shares(panel, "support", by="age_group", waves=["Jul 2024"])
        >>> family = shares.select(state="approve").pairwise("age_group").comparisons()
        >>> family[["age_group", "estimate", "pvalue", "pvalue_holm"]].round(3).head(2)
               age_group  estimate  pvalue  pvalue_holm
        0  30–44 − 18–29     0.063   0.069        0.139
        1  45–59 − 18–29     0.129   0.000        0.001
        """
        return family(self, level=level)

    @checked
    def between_bounds(self, *, level: float = 0.95) -> pd.DataFrame:
        """Give a confidence interval for what lies between a lower and an upper bound.

        Meant for what `turnover_bounds` gives, or some of its pairs of waves and groups.

        Parameters
        ----------
        level : float
            Confidence that the interval covers the true value, wherever between the bounds.

        Returns
        -------
        pandas.DataFrame
            One row for each pair of waves and group: the labels, then ``lower upper conf_low
            conf_high``, the other components (``answered retained`` of turnover) and ``n``, the
            unweighted people in the base of the bounds. NaN where nobody was, or where the design
            gives no standard error.

        Raises
        ------
        SelectionError
            There are no rows ``lower`` and ``upper``, or the level is not between 0 and 1.

        Notes
        -----
        The critical value C solves F(C + (upper − lower) / max(SE)) − F(−C) = level, with F the t
        distribution on the design's degrees of freedom: two-sided where the bounds coincide, and
        one-sided where they are far apart, since the truth cannot be near both (Imbens & Manski
        2004, Econometrica 72). The width is estimated too; as the upper bound is never below the
        lower one, their condition on it holds (Stoye 2009, Econometrica 77). The limits are those
        of the logit interval, as for other shares, with C as the quantile.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("attitudes_2024").panel
        >>> bounds = op.turnover_bounds(panel, "support", waves=["Jul 2024", "Nov 2024"])
        >>> columns = ["lower", "upper", "conf_low", "conf_high", "retained"]
        >>> bounds.between_bounds(level=0.9)[columns].round(3)
           lower  upper  conf_low  conf_high  retained
        0   0.19  0.463     0.174      0.483     0.727
        """
        return interval_between(self, level=level)

    @checked
    def to_csv(
        self,
        path: str | Path,
        *,
        min_n: int = 10,
        min_cell: int | None = None,
        level: float = 0.95,
        interval: Interval = "logit",
    ) -> None:
        """Write the printed table as UTF-8 text separated by commas, its note below a blank line.

        Parameters
        ----------
        path : str or pathlib.Path
            Ending in ``.csv``.
        min_n : int
            Withhold estimates whose unweighted base is smaller, and those from which these could be
            computed; 0 withholds none.
        min_cell : int, optional
            By default 5 where `min_n` is above 0, else 0. Withhold flows, paths, moves and numbers
            of changes of fewer unweighted people, and those from which these could be computed.
        level : float
            Confidence level, between 0 and 1.
        interval : {"logit", "beta", "wilson", "wald"}
            Interval of shares: logit on the t distribution, Korn–Graubard, Wilson, or Wald;
            differences always get Wald limits on the t scale.

        Raises
        ------
        SelectionError
            Another ending, a folder that does not exist, a level that is not between 0 and 1, or an
            unknown interval.
        WriteError
            The file cannot be written, as on a full disk; an older one is as it was.

        Examples
        --------
        >>> import tempfile, opinionpanel as op
        >>> shares = op.shares(op.datasets.load("agresti_approval"), "opinion")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     shares.to_csv(f"{folder}/shares.csv")
        """
        withheld = withheld_of(self, min_n, min_cell)
        write_csv(self, Path(path), withheld, level=level, interval=interval)

    @checked
    def to_excel(
        self,
        path: str | Path,
        *,
        min_n: int = 10,
        min_cell: int | None = None,
        level: float = 0.95,
        interval: Interval = "logit",
    ) -> None:
        """Write an Excel workbook: the printed table, and a sheet of numbers.

        The sheet of numbers has a row for each estimate: the labels,
        ``estimate std_error conf_low conf_high n``, ``n_cell`` where cells have a count, and
        whether the share is reliable by the standards of the US National Center for Health
        Statistics (``reliable`` and ``reason``).

        Parameters
        ----------
        path : str or pathlib.Path
            Ending in ``.xlsx``. Needs openpyxl, of the extra ``files``.
        min_n : int
            Withhold estimates whose unweighted base is smaller, and those from which these could be
            computed; 0 withholds none.
        min_cell : int, optional
            By default 5 where `min_n` is above 0, else 0. Withhold flows, paths, moves and numbers
            of changes of fewer unweighted people, and those from which these could be computed.
        level : float
            Confidence level, between 0 and 1.
        interval : {"logit", "beta", "wilson", "wald"}
            Interval of shares: logit on the t distribution, Korn–Graubard, Wilson, or Wald;
            differences always get Wald limits on the t scale.

        Raises
        ------
        SelectionError
            Another ending, a folder that does not exist, openpyxl is not installed, a level that is
            not between 0 and 1, or an unknown interval.
        WriteError
            The file cannot be written, as on a full disk; an older one is as it was.

        Examples
        --------
        >>> import tempfile, opinionpanel as op
        >>> shares = op.shares(op.datasets.load("agresti_approval"), "opinion")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     shares.to_excel(f"{folder}/shares.xlsx")
        """
        withheld = withheld_of(self, min_n, min_cell)
        write_excel(self, Path(path), withheld, level=level, interval=interval)

    @checked
    def to_latex(
        self,
        *,
        min_n: int = 10,
        min_cell: int | None = None,
        level: float = 0.95,
        interval: Interval = "logit",
    ) -> str:
        r"""Return the printed table and its note in LaTeX, for the package booktabs.

        Parameters
        ----------
        min_n : int
            Withhold estimates whose unweighted base is smaller, and those from which these could be
            computed; 0 withholds none.
        min_cell : int, optional
            By default 5 where `min_n` is above 0, else 0. Withhold flows, paths, moves and numbers
            of changes of fewer unweighted people, and those from which these could be computed.
        level : float
            Confidence level, between 0 and 1.
        interval : {"logit", "beta", "wilson", "wald"}
            Interval of shares: logit on the t distribution, Korn–Graubard, Wilson, or Wald;
            differences always get Wald limits on the t scale.

        Returns
        -------
        str
            A ``tabular`` with its rules, and the note below it. What is withheld is a dash.

        Raises
        ------
        SelectionError
            A level that is not between 0 and 1, or an unknown interval.

        Examples
        --------
        >>> import opinionpanel as op
        >>> shares = op.shares(op.datasets.load("agresti_approval"), "opinion")
        >>> print(shares.to_latex().splitlines()[6])
        wave 1 & 59.0 (56.6 to 61.4) & 41.0 (38.6 to 43.4) & 1,600 \\
        """
        withheld = withheld_of(self, min_n, min_cell)
        return latex_table(self, withheld, level=level, interval=interval)

    @called
    def plot(self, **options: Any) -> "alt.LayerChart":
        """Draw the estimates as the kind of chart that suits them.

        Flows become a Sankey, transitions and their differences a heatmap, shares at several waves
        a trend, paths their tiles, shares of moves and of numbers of changes bars; all else is
        drawn as dots. A notebook shows it below the table, unless there is one figure only.

        Parameters
        ----------
        **options
            Options of the kind of chart. All kinds have ``title= subtitle= caption=`` (text, ``""``
            for none), ``labels=`` (names to those shown), ``language=`` ("en", "ru"), ``colors=``
            ("ordered", "unordered", or by state), ``theme=`` ("light", "dark", "print"), ``size=``
            ("page", "slide", "card", "phone", or width and height in pixels), ``level=`` and
            ``interval=`` of the intervals, and ``min_n=`` and ``min_cell=``, under which figures
            are withheld.

        Returns
        -------
        altair.LayerChart
            A plain Altair chart.

        Raises
        ------
        SelectionError
            No kind of chart draws such estimates, or it has no such option.

        Examples
        --------
        >>> import opinionpanel as op
        >>> panel = op.datasets.load("thomas_1991_3")
        >>> chart = op.transitions(panel, "opinion").plot(size="phone", title="Who moved")
        >>> chart.width
        358
        """
        # By name and when called: charts stand on estimates, and not the other way round.
        chart: alt.LayerChart = import_module("opinionpanel.charts").plot(self, **options)
        return chart

    def __str__(self) -> str:
        return text_table(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html_table(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        """Show a notebook the table and, where a chart tells more of the estimates, the chart."""
        shown = {"text/plain": str(self), "text/html": self._repr_html_()}
        with suppress(OpinionPanelError):
            compares: bool = import_module("opinionpanel.charts").compares(self)
            drawn: Any = self.plot()._repr_mimebundle_() if compares else {}
            # Some renderers tell of sizes beside what they drew.
            drawn = drawn[0] if isinstance(drawn, tuple) else drawn
            shown["text/html"] += (drawn or {}).get("text/html", "")
        return shown
