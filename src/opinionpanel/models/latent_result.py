"""A fitted latent Markov model: its estimates, and what they rest on, in words."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.design import AnySampling, Replication
from opinionpanel.escaping import terminal_line
from opinionpanel.estimates import Estimates, chi2_above, frame_text, text_table
from opinionpanel.models.expectation import BOUNDARY
from opinionpanel.models.likelihood import Chain

# Share of the starts that led to the best likelihood, below which there may be a better one.
FEW_REACHED = 0.2
# People for each possible path, below which a deviance says nothing.
PEOPLE_PER_PATH = 5
# Printed beside a deviance under a design.
NO_CHI_SQUARE = (
    "The deviance describes the fit: strata, PSUs or replicates leave it no χ², and no test."
)
# Probabilities of 0 that a note names.
MOST_SHOWN = 6


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LatentMarkov:
    """A fitted latent Markov model.

    Attributes
    ----------
    response : Estimates
        Labels: the groups, ``latent`` and ``state``: how many people in a latent state give each
        answer, the same at all waves.
    initial : Estimates
        Labels: the groups and ``latent``: shares of the latent states at the first wave.
    transitions : Estimates
        Labels: ``from_wave`` and ``to_wave`` where they are free, the groups, ``from_latent`` and
        ``to_latent``.
    turnover : Estimates
        Labels: ``from_wave``, ``to_wave``, the groups and ``component``: ``observed``, the share
        who gave another answer, and ``true``, the share who changed latent state under the model;
        with the covariance between them. With as many latent as observed states ``true`` is NaN
        where two latent states give the same answer most often: a move between them is no change
        of position.
    fits : pandas.DataFrame
        One row for each group: its labels, then ``n``, ``paths`` (different ones), ``loglik``,
        ``g2`` and ``g2_df`` (the deviance from the table of all paths and its degrees of freedom;
        both NaN with unequal weights and where there are fewer than five people for each possible
        path; under strata, PSUs or replicate weights the deviance describes the fit, follows no
        χ² distribution, and has no degrees of freedom, NaN), ``starts``, ``reached`` (how many of
        them led to the best log-likelihood), ``arrived`` (whether that is a maximum) and
        ``determined`` (whether the answers determine all parameters there).
    parameters : int
        How many parameters there are, all groups together.
    boundary : tuple of str
        The probabilities estimated as 0, in words. They have no standard error. By
        linearisation the standard errors of the others hold them fixed; under replicate weights
        they may be more than 0.
    """

    response: Estimates
    initial: Estimates
    transitions: Estimates
    turnover: Estimates
    fits: pd.DataFrame
    parameters: int
    boundary: tuple[str, ...]

    @property
    def loglik(self) -> float:
        """Log-likelihood, all groups together, with weights scaled to add up to the people."""
        return float(self.fits["loglik"].sum())

    @property
    def g2(self) -> tuple[float, int] | None:
        """Deviance from the table of all paths and its degrees of freedom.

        None where it is no χ²: with too few people, unequal weights, strata, PSUs or replicate
        weights.
        """
        if self.fits["g2_df"].isna().any():
            return None
        return float(self.fits["g2"].sum()), int(self.fits["g2_df"].sum())

    @property
    def reached(self) -> float:
        """Share of the starts that led to the best log-likelihood; the least over groups."""
        return float((self.fits["reached"] / self.fits["starts"]).min())

    def __str__(self) -> str:
        parts = [f"{_title(self.response)[1]}\n{_fit_text(self)}"]
        for estimates in (self.response, self.initial, self.transitions):
            matrix = (100 * estimates.matrix()).round(1)
            # Without groups the initial shares are a single row, which has no name.
            named = any(name is not None for name in matrix.index.names)
            table = frame_text(matrix, index=named)
            parts.append(f"{_title(estimates)[0]}, per cent:\n{table}")
        return "\n\n".join([*parts, text_table(self.turnover)])

    __repr__ = __str__


def drawn_one_by_one(sampling: AnySampling) -> bool:
    """Tell a simple random sample, the only one under which a deviance is a χ²."""
    if isinstance(sampling, Replication) or sampling.psu is not None:
        return False
    return len(sampling.sampled) == 1


def value_labels(
    chain: Chain, states: tuple[str, ...], waves: tuple[str, ...], *, named: bool
) -> pd.DataFrame:
    """Say what the values of a fit are: the chain's vector, then observed and true turnover.

    `named` latent states bear the names of the states.
    """
    names, pairs = list(states), list(pairwise(waves))
    if not named:
        names = [f"latent {place + 1}" for place in range(chain.latent)]
    rows = [{"parameter": "initial", "latent": name} for name in names]
    rows += [
        {"parameter": "response", "latent": name, "state": state}
        for name in names
        for state in states
    ]
    rows += [
        {"parameter": "transition", "from_latent": a, "to_latent": b}
        | ({} if chain.constant else {"from_wave": first, "to_wave": second})
        for first, second in pairs[: chain.matrices]
        for a in names
        for b in names
    ]
    rows += [
        {"parameter": "turnover", "from_wave": first, "to_wave": second, "component": component}
        for component in ("observed", "true")
        for first, second in pairs
    ]
    return pd.DataFrame(rows)


def boundary_texts(labels: pd.DataFrame, value: Floats, groups: list[str]) -> tuple[str, ...]:
    """Name the probabilities estimated as 0."""
    at_zero = (value < BOUNDARY) & (labels["parameter"] != "turnover").to_numpy()
    texts = []
    for _, row in labels[at_zero].iterrows():
        text = {
            "initial": f"{row['latent']} at the first wave",
            "response": f"answering {row.get('state')} when truly {row['latent']}",
            "transition": f"true change from {row['from_latent']} to {row['to_latent']}"
            if row["from_latent"] != row["to_latent"]
            else f"staying {row['from_latent']}",
        }[row["parameter"]]
        where = [row["from_wave"] + " → " + row["to_wave"]] if pd.notna(row["from_wave"]) else []
        where += [str(row[name]) for name in groups]
        texts.append(text + (f" ({', '.join(where)})" if where else ""))
    return tuple(texts)


def model_notes(
    chain: Chain,
    summary: list[dict[str, Any]],
    boundary: tuple[str, ...],
    merged: list[str],
    sampling: AnySampling,
) -> list[str]:
    """Say what the model assumes, and what a reader must know of this fit.

    Parameters
    ----------
    chain : Chain
    summary : list of dict
        One for each group, as in the attribute `fits`.
    boundary : tuple of str
        The probabilities estimated as 0.
    merged : list of str
        The groups in which two latent states give the same answer most often, though there are as
        many as observed ones; empty text for a fit of everybody.
    sampling : Sampling or Replication
    """
    notes = [_assumptions(chain)]
    if boundary:
        notes.append(_boundary_note(boundary, sampling))
    if merged:
        where = f" ({'; '.join(merged)})" if any(merged) else ""
        notes.append(
            f"No true turnover{where}: two latent states give the same answer most often, so that "
            "a move between them is no change of position. The latent states therefore bear no "
            "names of states; they are numbered in the order of their mean answer."
        )
    if chain.latent != chain.states:
        notes.append(
            f"With {chain.latent} latent and {chain.states} observed states the two turnovers "
            "count moves between different things."
        )
    if min(row["reached"] / row["starts"] for row in summary) < FEW_REACHED:
        notes.append("Few of the starts led to the best likelihood: try more of them (starts=).")
    notes += _misfit(summary, len(boundary))
    if not all(row["arrived"] and row["determined"] for row in summary):
        notes.append(
            "No standard errors of the model: the maximisation did not arrive at a maximum, or the "
            "answers do not determine all its parameters. Fewer latent states may do."
        )
    return notes


def _assumptions(chain: Chain) -> str:
    kind = "the same in every interval" if chain.constant else "free in every interval"
    return (
        f"Latent Markov model, {chain.latent} latent states, transitions {kind}. It assumes that "
        "an answer depends on the latent state at its wave only, with the same response "
        "probabilities at all waves, and a latent state on the one before it only. What is said "
        "once and taken back counts mostly as error, short-lived changes included."
    )


def _boundary_note(boundary: tuple[str, ...], sampling: AnySampling) -> str:
    """Name what was estimated as 0, and say what that does to the other standard errors."""
    shown = "; ".join(boundary[:MOST_SHOWN])
    more = len(boundary) - MOST_SHOWN
    if isinstance(sampling, Replication):
        others = (
            "Under the replicate weights these may be more than 0, and the other standard errors "
            "count that."
        )
    else:
        others = "The other standard errors hold these fixed, which may make them too small."
    and_more = f"; and {more} more" if more > 0 else ""
    return f"Estimated as 0, without a standard error: {shown}{and_more}. {others}"


def _misfit(summary: list[dict[str, Any]], at_zero: int) -> list[str]:
    """Say so where the model does not describe the paths, if the deviance can tell."""
    deviance = sum(row["g2"] for row in summary)
    # Each parameter on the boundary would leave one more degree of freedom at most.
    freedom = sum(row["g2_df"] for row in summary) + at_zero
    # Without a deviance that is a χ² this is NaN, and no statement either.
    if not chi2_above(deviance, freedom) < 0.05:
        return []
    return [
        f"The model does not describe all of these answers: its deviance, {deviance:.1f} with "
        f"{freedom - at_zero:.0f} df, is larger than chance would explain."
    ]


def _title(estimates: Estimates) -> list[str]:
    """Say what the estimates are, and which model they belong to."""
    return [terminal_line(part) for part in estimates.about.title.split(": ", 1)]


def _fit_text(fit: LatentMarkov) -> str:
    """Say in words how well the fits went, one line each."""
    groups = [str(name) for name in fit.fits]
    groups = groups[: groups.index("n")]
    about = fit.response.about
    cells = len(about.states) ** len(about.waves)
    lines = []
    for _, row in fit.fits.iterrows():
        name = ", ".join(terminal_line(row[group]) for group in groups)
        text = f"n = {row['n']:,}; log-likelihood {row['loglik']:.4f}"
        if pd.notna(row["g2"]):
            df = f" with {row['g2_df']:.0f} df" if pd.notna(row["g2_df"]) else ""
            text += f"; deviance {row['g2']:.3f}{df}"
        text += f"; {row['reached']} of {row['starts']} starts led there."
        if pd.notna(row["g2"]) and pd.isna(row["g2_df"]):
            text += f"\n{NO_CHI_SQUARE}"
        if pd.isna(row["g2"]):
            reason = "the weights are unequal"
            if row["n"] < PEOPLE_PER_PATH * cells:
                reason = f"fewer than {PEOPLE_PER_PATH} people for each of {cells:,} possible paths"
            text += f"\nNo deviance: how well the model fits was not checked ({reason})."
        lines.append(f"{name}: {text}" if name else text)
    return "\n".join([*lines, f"Parameters: {fit.parameters}."])
