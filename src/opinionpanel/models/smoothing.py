"""Small groups that borrow strength: shares and transitions of many groups, smoothed."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import numpy as np
import pandas as pd

from opinionpanel.arguments import checked, listed
from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import SelectionError, unknown
from opinionpanel.estimates import Estimates, Freedom, of_matrix
from opinionpanel.models.group_numbers import Known, Numbers, known_counts, known_of
from opinionpanel.models.sampling_errors import people_worth
from opinionpanel.models.smoothed_tables import Table, errors_of, smoothed_table
from opinionpanel.phrases import Phrase, in_a_row

# What can be smoothed: of these all states of a group add up to 1.
MEASURES = ("shares", "transitions")
# Groups beyond the coefficients of each state, below which nothing is known of how they differ; and
# degrees of freedom in all groups together, below which nothing is of the errors of samples.
FEWEST = 4


@checked
def smooth(
    estimates: Estimates,
    *,
    covariates: Mapping[str, Numbers] | pd.DataFrame | None = None,
    effects: str | Sequence[str] = (),
    population: Numbers | None = None,
    to: str | Sequence[str] | None = None,
    benchmark: bool = True,
) -> Estimates:
    """Smooth the shares or transitions of many small groups: each borrows strength from all.

    Parameters
    ----------
    estimates : Estimates
        Of `shares` or `transitions` with groups, ``by=["region", "age_group"]``. Every wave, pair
        of waves, item and origin is smoothed on its own. States that were left out with `select`
        count together as one.
    covariates : dict of str to numbers, or pandas.DataFrame, optional
        What is known of groups, such as the share of city dwellers: by name, a dict or Series of
        one number for each group, keyed ``"north"`` or ``("north", "18-34")``; or a frame with the
        label columns of groups, or some of them, and columns of numbers.
    effects : str or sequence of str
        Label columns of crossed groups whose categories each have a mean of their own, such as
        ``["region", "age_group"]``: only what is special to a region *and* an age is then drawn to
        the mean.
    population : dict or pandas.Series, optional
        People of the population in every group, keyed as those of `covariates`, of a census for
        example. With them groups add up to the total, and to those of `to`. Without, sums of
        weights stand in their place.
    to : str or sequence of str, optional
        Label columns of groups to keep, such as ``"region"``: the smoothed groups within each are
        put together by `population`. ``[]`` puts all together. Shares only.
    benchmark : bool
        Shift the logits of all groups by the same, so that together they are the direct total.

    Returns
    -------
    Estimates
        The same labels, or those of `to`; shares between 0 and 1, with mean squared errors in the
        place of variances: of sampling, of what groups differ by, and of the estimation of the
        model, with their products between groups, waves and origins, so that differences have
        errors. Groups without people (``n`` is 0) are predicted from the others, and their logits
        are less certain than those of any group with the same covariates. ``n`` and ``n_cell`` stay
        those of the direct figures, so that `min_n` and `min_cell` withhold what they withhold of
        these. Captions say that they are model-based.

    Raises
    ------
    SelectionError
        Other measures, differences, or figures of a model; no groups, or fewer than four with
        people beyond the coefficients, or nearly all in one PSU each; a covariate or a count that
        is missing; a covariate that is the same in all groups with people, or a category of
        `effects` without any; groups of nobody put together without `population`.

    Notes
    -----
    A multivariate Fay–Herriot model (Fay & Herriot 1979) of multinomial logits (Molina, Saei &
    Lombardía 2007), z_g = X_g β + u_g + e_g, with the design's covariance as known sampling error
    and Σ, the covariance of u, by restricted maximum likelihood; z_g is the working response of
    penalised quasi-likelihood, so that shares of 0 and groups of a few people count as what they
    are. Mean squared errors after Prasad & Rao (1990) and Datta & Lahiri (2000), and of groups
    without people after Li & Lahiri (2010), as a Σ of 0 would say that they are all alike; t
    quantiles on groups minus coefficients. With `effects`, `population` and `to`: multilevel
    regression and post-stratification (Park, Gelman & Bafumi 2004), without a sampler.

    Examples
    --------
    >>> import opinionpanel as op
    >>> panel = op.datasets.load("attitudes_2024").panel
    >>> direct = op.shares(panel, "support", by=["region", "age_group"], waves=["Jul 2024"])
    >>> smoothed = op.smooth(direct.select(state="approve"), effects="age_group")
    >>> len(smoothed), bool(smoothed.std_error.mean() < 0.7 * direct.std_error.mean())
    (32, True)
    """
    names = _group_columns(estimates)
    kept = listed(to) if to is not None else names
    _check_to(estimates, kept, names)
    groups, tables = _tables(estimates, names)
    effects = listed(effects)
    known = known_of(covariates, effects, names, groups)
    sizes = None if population is None else known_counts(population, names, groups)
    if sizes is None and estimates.size is None and (benchmark or to is not None):
        raise SelectionError(
            "These estimates do not tell how large their groups are. Give population=, or ask for "
            "the shares or transitions anew."
        )
    if benchmark and population is None and to is not None and not kept:
        raise SelectionError(
            "All groups together are the direct total, whatever the model says. Ask for it without "
            f"groups, as in shares(panel, {estimates.about.item!r}): its error also knows how the "
            "sizes of groups vary. Or give population=, or benchmark=False."
        )
    direct = np.nan_to_num(estimates.spread.block(np.arange(len(estimates))))
    fitted = [
        _smoothed(estimates, rows, direct, known, sizes, names, benchmark=benchmark)
        for rows in tables
    ]
    value, df = np.full(len(estimates), np.nan), np.full(len(estimates), np.nan)
    for table in fitted:
        value[table.rows] = table.value
        df[table.rows] = table.fit.seen.sum() - known.coefficients
    found = replace(
        estimates,
        value=value,
        spread=of_matrix(errors_of(fitted, direct)),
        freedom=Freedom(lambda: df),
        exact=None,
        replicates=None,
        about=replace(
            estimates.about,
            title=f"Smoothed: {estimates.about.title}",
            modelled=_modelled(
                fitted,
                [*(name for name, _ in known.numbers), *effects],
                benchmark=benchmark,
                counted=population is not None,
                together=to is not None,
            ),
        ),
    )
    if to is None:
        return found
    if benchmark and not kept and not any((~table.fit.seen).any() for table in fitted):
        # The model has no say: the error of the direct total is that of the direct figures.
        largest = np.zeros(len(estimates))
        for table in fitted:
            largest[table.rows] = estimates.df[table.rows].max()
        found = replace(found, spread=of_matrix(direct), freedom=Freedom(lambda: largest))
    return _put_together(found, kept, names, sizes)


def _group_columns(estimates: Estimates) -> list[str]:
    """Name the label columns of groups, and refuse what has none or cannot be smoothed."""
    about = estimates.about
    if about.modelled:
        raise SelectionError(
            f"These figures come from a model already ({about.modelled}). Smooth those counted "
            "from answers."
        )
    if about.measure not in MEASURES or estimates.unit != "share":
        what = "differences" if estimates.unit != "share" else about.measure
        raise SelectionError(
            f"smooth takes shares or transitions by groups, and these are {what} "
            f"({about.title}). Smooth first, and compare then: the result has .difference(…)."
        )
    names = [name for name in about.columns(estimates.named, "group") if name != about.study]
    if not names:
        raise SelectionError(
            'There are no groups to smooth over. Name them, as in shares(panel, "support", '
            'by=["region", "age_group"]).'
        )
    return names


def _check_to(estimates: Estimates, kept: Sequence[str], names: Sequence[str]) -> None:
    """Refuse columns to keep that are none of groups, and rows of origins put together."""
    for name in kept:
        if name not in names:
            raise unknown("label column of groups in to:", name, names)
    if [*kept] != [*names] and estimates.about.measure == "transitions":
        raise SelectionError(
            "to= puts groups together by their numbers of people, and how many people of each "
            "group start in each origin is not known. Ask for transitions by the larger groups, "
            "or for shares."
        )


def _tables(
    estimates: Estimates, names: Sequence[str]
) -> tuple[list[tuple[Hashable, ...]], list[Integers]]:
    """Find the groups, and for each table the rows of their states, shape (groups, states)."""
    labels, last = estimates.named, _last(estimates)
    keys = [name for name in labels if name not in names and name != last]
    number, group = labels.numbers(keys), labels.numbers(names)
    groups = list(dict.fromkeys(labels.keys(names)))
    states = labels.numbers([last])
    tables = []
    for key in range(int(number.max(initial=-1)) + 1):
        here = np.flatnonzero(number == key)
        found = pd.unique(states[here])
        rows = np.full((len(groups), int(states.max()) + 1), -1)
        rows[group[here], states[here]] = here
        rows = rows[:, found]
        if len(here) != rows.size or (rows < 0).any():
            raise SelectionError(
                "Some groups have states that others have not, or a row stands twice: all groups "
                "need the same states, once. Smooth the whole result and select from it then."
            )
        tables.append(rows)
    return groups, tables


def _smoothed(
    estimates: Estimates,
    rows: Integers,
    direct: Floats,
    known: Known,
    sizes: Floats | None,
    names: Sequence[str],
    *,
    benchmark: bool,
) -> Table:
    """Smooth one table, once it is known to have enough groups."""
    shares = estimates.value[rows]
    first = rows[:, 0]
    df, kish = estimates.df[first], estimates.n_effective[first]
    seen = np.asarray(np.isfinite(shares).all(axis=1))
    if seen.sum() < known.coefficients + FEWEST:
        explained = known.coefficients - 1
        because = f", {explained} of them for effects and covariates" if explained else ""
        raise SelectionError(
            "To learn how groups differ takes more of them: groups with people are "
            f"{int(seen.sum())}, and at least {explained + 1 + FEWEST} are needed{because}. Cross "
            "further groups, or leave effects or covariates out."
        )
    nobody = np.isclose(shares[seen].sum(axis=1), 0).all()
    if (everybody := np.isclose(shares[seen], 1).all(axis=0)).any() or nobody:
        where = _labels(estimates, rows[0, int(everybody.argmax())], names)
        raise SelectionError(
            f"In all groups {'nobody' if nobody else 'everybody'} is in one state ({where}): there "
            "is nothing to smooth. "
            "Leave that wave or origin out with select(…)."
        )
    where = _labels(estimates, rows[0, 0], [*names, _last(estimates)])
    if np.where(seen, df, 0.0).sum() < FEWEST:
        raise SelectionError(
            f"How uncertain the figures of groups are cannot be known ({where}): nearly each is "
            "one person, or lies in one PSU. Take larger groups, of several PSUs each."
        )
    if sizes is None and estimates.size is not None:
        sizes = estimates.size[first]
    design = known.columns(seen, where)
    spread = direct[rows[:, :, None], rows[:, None, :]]
    people = people_worth(shares, spread, np.where(seen, kish, 1.0), np.where(seen, df, 0.0))
    return smoothed_table(rows, shares, people, design, sizes if benchmark else None)


def _last(estimates: Estimates) -> str:
    """Name the label column of the states that add up to all people of a group."""
    return "state" if estimates.about.measure == "shares" else "destination"


def _labels(estimates: Estimates, row: int, without: Sequence[str]) -> str:
    """Say what a row is of, such as the wave."""
    labels = estimates.labels.iloc[row]
    return ", ".join(f"{name} {labels[name]}" for name in labels.index if name not in without)


def _put_together(
    found: Estimates,
    kept: Sequence[str],
    names: Sequence[str],
    sizes: Floats | None,
) -> Estimates:
    """Put smoothed groups together by how many people they are."""
    labels = found.named
    weight = found.size if sizes is None else sizes[labels.numbers(names)]
    assert weight is not None
    columns = [name for name in labels if name in kept or name not in names]
    number = labels.numbers(columns)
    _, first = np.unique(number, return_index=True)
    same = number[first][:, None] == number
    total, alone = same @ weight, same.sum(axis=1) == 1
    if (nobody := (total == 0) & ~alone).any():
        where = _labels(found, int(first[nobody][0]), [*set(names).difference(kept), _last(found)])
        raise SelectionError(
            f"Nobody is there ({where}), and sums of weights do not tell how its groups are put "
            "together. Give population=, or leave it out with select(…)."
        )
    matrix = same * weight / np.where(total > 0, total, 1.0)[:, None]
    # What is one group is that group, of nobody as well.
    matrix[alone] = same[alone]
    together = found.combination(matrix, labels.take(first).only(columns), title=found.about.title)
    return replace(
        together,
        unit="share",
        possible=None,
        n=same @ found.n,
        n_cell=None if found.n_cell is None else same @ found.n_cell,
        n_effective=same @ found.n_effective,
        size=total,
    )


def _modelled(
    fitted: Sequence[Table],
    used: Sequence[str],
    *,
    benchmark: bool,
    counted: bool,
    together: bool,
) -> str:
    """Say what was done, wherever the figures are shown."""
    groups = len(fitted[0].rows)
    said: list[Phrase] = []
    if used:
        said.append(
            Phrase(
                "Model-based: smoothed over {n} groups, with {covariates} (Fay–Herriot model of "
                "logits).",
                n=groups,
                covariates=in_a_row(used),
            )
        )
    else:
        said.append(
            Phrase("Model-based: smoothed over {n} groups (Fay–Herriot model of logits).", n=groups)
        )
    if empty := max(int((~table.fit.seen).sum()) for table in fitted):
        said.append(Phrase("Groups without people are predicted from the others: {n}.", n=empty))
    if benchmark:
        said.append(Phrase("All groups together are the direct total."))
    if counted and (together or benchmark):
        said.append(Phrase("Groups are put together by known numbers of people."))
    elif together:
        said.append(Phrase("Groups are put together by sums of weights."))
    said.append(Phrase("Intervals hold if the model does."))
    return reduce(lambda text, more: Phrase("{text} {more}", text=text, more=more), said)
