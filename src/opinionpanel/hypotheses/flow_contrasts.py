"""Contrasts of flows, table by table, and their covariance if people had been drawn one by one."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd

from opinionpanel.arrays import Floats, Integers
from opinionpanel.errors import DesignError, SelectionError
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
    return multinomial(joint, table_keys(joint), matrix)


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


def symmetric_flows(joint: Estimates) -> Estimates:
    """Put flows at the mean of there and back, so that X² is the textbook statistic."""
    value = joint.value.copy()
    for _, cell in flow_tables(joint):
        for (origin, destination), position in cell.items():
            value[position] = (joint.value[position] + joint.value[cell[destination, origin]]) / 2
    return replace(joint, value=value)


def net_matrix(joint: Estimates, change: Estimates) -> Floats:
    """Coefficients of net changes on flows: 1 for flows into the state, −1 for those out of it."""
    labels, state = joint.labels, change.labels["state"].to_numpy()[:, None]
    table, of_change = (
        each.labels.groupby(table_keys(each), sort=False).ngroup().to_numpy()
        for each in (joint, change)
    )
    into = (labels["destination"].to_numpy() == state).astype(np.float64)
    out = (labels["origin"].to_numpy() == state).astype(np.float64)
    return np.asarray((into - out) * (of_change[:, None] == table))


def flow_cycles(joint: Estimates) -> tuple[Integers, pd.DataFrame, list[str]]:
    """Find the six flows of each cycle, three there and three back; and states that nobody had."""
    rows, labels, absent, empty = [], [], [], []
    for key, cell in flow_tables(joint):
        value = {flow: joint.value[position] for flow, position in cell.items()}
        states = list(dict.fromkeys(origin for origin, _ in cell))
        there = [s for s in states if any(v > 0 for flow, v in value.items() if s in flow)]
        absent += [", ".join((*key, state)) for state in states if state not in there]
        for i, j in combinations(there[:-1], 2):
            k = there[-1]
            cycle = [(i, j), (j, k), (k, i), (j, i), (k, j), (i, k)]
            empty += [(key, flow) for flow in cycle if not value[flow] > 0]
            rows.append([cell[flow] for flow in cycle])
            labels.append((*key, i, j))
    if empty:
        (key, flow), others = empty[0], len(set(empty)) - 1
        more = f" and {others} more" if others else ""
        raise DesignError(
            f"Quasi-symmetry takes the logarithm of every flow, and nobody went {arrow(flow)} "
            f"({', '.join(key)}){more}. Merge states, or test symmetry."
        )
    if not rows:
        raise SelectionError(
            "Quasi-symmetry needs three states that occur: two are always quasi-symmetric. Test "
            "symmetry."
        )
    frame = pd.DataFrame(labels, columns=[*table_keys(joint), "origin", "destination"])
    return np.array(rows), frame, absent


def arrow(flow: Flow) -> str:
    """Write a flow from state to state."""
    return " → ".join(flow)
