"""Contrasts of flows, table by table, and their covariance if people had been drawn one by one."""

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats
from opinionpanel.estimates import PAIR, Estimates
from opinionpanel.hypotheses.raoscott import multinomial
from opinionpanel.measures import table_keys

Flow = tuple[str, str]

# The usual least count for χ² to hold.
FEW = 5


def several_tables(joint: Estimates) -> bool:
    """Whether there is more than one pair of waves or group."""
    return len(joint.labels[table_keys(joint)].drop_duplicates()) > 1


def flow_tables(joint: Estimates) -> list[tuple[tuple[str, ...], dict[Flow, int]]]:
    """List the keys of each table, and the position of each of its flows."""
    keys, tables = table_keys(joint), []
    for key, part in joint.labels.groupby(keys, sort=False):
        flows = zip(part["origin"], part["destination"], strict=True)
        tables.append((tuple(map(str, key)), dict(zip(flows, part.index, strict=True))))
    return tables


def pairs_text(labels: pd.DataFrame) -> str:
    """Name the pairs of waves that some labels are about."""
    pairs = labels[list(PAIR)].drop_duplicates().itertuples(index=False, name=None)
    return ", ".join(" → ".join(pair) for pair in pairs)


def working_covariance(joint: Estimates, matrix: Floats) -> Floats:
    """Covariance of contrasts of flows if people had been drawn one by one."""
    return np.asarray(matrix @ multinomial(joint, table_keys(joint)) @ matrix.T)


def cell_counts(joint: Estimates) -> Floats:
    """Unweighted people in each flow."""
    assert joint.n_cell is not None
    return joint.n_cell


def few_moved(joint: Estimates, matrix: Floats) -> bool:
    """Whether a contrast of flows there and back rests on fewer than five people each way."""
    people = (matrix != 0) @ cell_counts(joint)
    return bool(((people > 0) & (people < 2 * FEW)).any())


def flow_differences(
    joint: Estimates, pairs: list[tuple[Flow, Flow]]
) -> tuple[Floats, pd.DataFrame]:
    """One flow minus another, in every table; named by the first."""
    rows, labels = [], []
    for key, cell in flow_tables(joint):
        for plus, minus in pairs:
            row = np.zeros(len(joint))
            row[cell[plus]], row[cell[minus]] = 1.0, -1.0
            rows.append(row)
            labels.append((*key, *plus))
    return np.array(rows), pd.DataFrame(
        labels, columns=[*table_keys(joint), "origin", "destination"]
    )
