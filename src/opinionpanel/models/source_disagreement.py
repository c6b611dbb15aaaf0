"""Whether sources that tell the same do so: one joint test, and which of them differ where."""

from dataclasses import replace

import numpy as np

from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import DesignError
from opinionpanel.estimates import Estimates, TestResult, p_text
from opinionpanel.hypotheses import joint_test, multinomial
from opinionpanel.models.cohorts_together import FIRST
from opinionpanel.models.source_fits import PEOPLE, Fit

# Of the differences between sources, how many are named.
SHOWN = 3
FOUND = "The sources disagree by more than chance would explain"
NONE = "No detectable disagreement between the sources"


def agreement_of(fit: Fit) -> TestResult | None:
    """Test whether all that levels and effects leave over is chance; None where nothing is left."""
    if not fit.more:
        return None
    sources = fit.sources
    test = _tested(fit, fit.left, np.arange(len(fit.left)))
    if test is None:
        return None
    name = f"Agreement of {len(sources.names)} sources on {sources.shares.about.item}"
    return replace(test, name=name, note=_note(fit, test))


def outcome(test: TestResult) -> str:
    """Say how a test of the sources came out, as the beginning of a sentence."""
    return FOUND if test.pvalue < 0.05 else NONE


def _note(fit: Fit, test: TestResult) -> str:
    """Say how the test came out, which sources differ where, and what is not in it."""
    begin = f"{outcome(test)} (one joint test)"
    if test.pvalue >= 0.05:
        return f"{begin}; that does not show that there is none.{test.note}"
    told = differences(fit)
    where = f" {told[0].upper()}{told[1:]}." if told else ""
    return f"{begin}.{where}{test.note}"


def differences(fit: Fit) -> str:
    """Say which source differs from the others at its wave, those first that are surest."""
    sources = fit.sources
    own = fit.without_effects()
    states = sources.places.shape[1]
    found: list[tuple[float, str]] = []
    for cells in fit.cells:
        if len(cells) < 2:
            continue
        # Of two sources, either tells the same: the one that is not the panel's first.
        named = cells if len(cells) > 2 else cells[-1:]
        for cell in named:
            others = cells[cells != cell]
            weight = sources.shares.n_effective[sources.places[others, 0]]
            rows = own.reshape(-1, states, own.shape[1])
            less = np.einsum("c,csm->sm", weight / weight.sum(), rows[others])
            matrix = rows[cell] - less
            test = _tested(fit, matrix, np.arange(cell * states, (cell + 1) * states))
            if test is not None and test.pvalue < 0.05:
                found.append((test.pvalue, _difference(fit, int(cell), matrix, test)))
    return "; ".join(text for _, text in sorted(found)[:SHOWN])


def _difference(fit: Fit, cell: int, matrix: Floats, test: TestResult) -> str:
    """Say by how much a source differs in the state in which it differs most."""
    sources = fit.sources
    compared = _combined(fit, matrix, np.arange(cell * len(matrix), (cell + 1) * len(matrix)))
    size = np.abs(compared.value) / np.where(compared.std_error > 0, compared.std_error, np.inf)
    most = int(np.nanargmax(size))
    points = 100 * compared.value[most]
    group = "".join(f", {one}" for one in sources.group[cell])
    direction = "more" if points > 0 else "less"
    source = "the panel's first cohort" if sources.source[cell] == FIRST else sources.source[cell]
    return (
        f"at {sources.wave[cell]}{group}, {source} has {abs(points):.1f} points {direction} "
        f"{sources.shares.about.states[most]!r} than the others ({p_text(test.pvalue)})"
    )


def _combined(fit: Fit, matrix: Floats, rows: Integers) -> Estimates:
    """Give some sums of shares, whose base is everyone of the wave and group."""
    sources = fit.sources
    found = sources.shares.combination(
        matrix, sources.shares.named.take(sources.places.ravel()[rows])
    )
    people = np.zeros(len(sources.wave))
    for cells in fit.cells:
        people[cells] = sources.shares.n[sources.places[cells, 0]].sum()
    return replace(found, n=np.repeat(people, sources.places.shape[1])[rows])


def _tested(fit: Fit, matrix: Floats, rows: Integers) -> TestResult | None:
    """Test whether all of some sums are zero; None where none of them varies.

    The note says no more than what is left out.
    """
    shares = fit.sources.shares
    assert shares.n_cell is not None
    used = np.abs(matrix).max(axis=1, initial=0.0) > 1e-9
    if not used.any():
        return None
    found = _combined(fit, matrix[used], rows[used])
    working = multinomial(shares, fit.sources.tables, matrix[used])
    few = shares.n_cell[fit.sources.places].min() < PEOPLE
    try:
        return joint_test(found, working, sparse=bool(few), found="", none="")
    except DesignError:
        return None
