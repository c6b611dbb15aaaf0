"""The same waves linked in memory and on an engine, and what is read of their people."""

import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
from engine_frames import FRAMES
from hypothesis import strategies as st

import opinionpanel as op
from opinionpanel.engines.engine_column import EngineColumn
from opinionpanel.engines.expressions import collected
from opinionpanel.panel.declared import declared
from opinionpanel.panel.people_in_memory import link_in_memory
from opinionpanel.panel.people_on_engine import link_on_engine
from opinionpanel.panel.rows_on_engine import apart

VOTE = op.Item("q", {"yes": [1, 2], "no": [3]}, rest="missing")
ARGUMENTS = {
    "person": "id",
    "items": {"vote": VOTE},
    "groups": {"region": "first", "age": "latest"},
    "design": op.Design(weight="w", stratum="region"),
    "fixed": ["age"],
}
BY_ID = declared(person="id", items={})
PEOPLE = 6


@st.composite
def three_waves(draw):
    """Waves in which someone links all of them, and answers and traits come and go."""
    waves = {}
    for wave in ("May", "June", "July"):
        others = st.lists(st.integers(1, PEOPLE - 1), unique=True, max_size=PEOPLE)
        ids = [0, *draw(others)]
        size = {"min_size": len(ids), "max_size": len(ids)}
        waves[wave] = pd.DataFrame(
            {
                "id": np.array(ids) * 7 + 100,
                "q": [1.0, *draw(st.lists(st.sampled_from([1, 2, 3, 98, None]), **size))[1:]],
                "w": [2.0, *draw(st.lists(st.sampled_from([0.5, 0, None]), **size))[1:]],
                "region": draw(st.lists(st.sampled_from(["north", "south"]), **size)),
                "age": draw(st.lists(st.sampled_from([18.0, 19.0, None]), **size)),
            }
        ).astype({"q": "float64", "w": "float64", "age": "float64", "region": "str"})
        waves[wave].loc[0, "age"] = 18.0
    return waves


def on_engine(engine, waves, **changes):
    source = apart({name: FRAMES[engine](frame) for name, frame in waves.items()})
    return link_on_engine(source, declared(**ARGUMENTS | changes))


def in_memory(waves):
    return link_in_memory(waves, BY_ID)


def everyone(*columns):
    """Bring columns of people to one table, a row each, in no order."""
    if isinstance(columns[0], EngineColumn):
        named = {f"c{place}": column.expression() for place, column in enumerate(columns)}
        frame = columns[0].people.frame.with_columns(**named).select(*map(nw.col, named))
        table = collected(frame).to_numpy(dtype=float)
    else:
        table = np.stack([np.asarray(column, dtype=float) for column in columns], axis=1)
    return sorted(map(tuple, table.tolist()))
