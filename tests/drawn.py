"""The rows of data that a chart draws; and the waves and states of the panel of these tests."""

WAVES = ["2021", "2022", "2023"]


STATES = {"approve": [1], "unsure": [2], "oppose": [3]}


def values(chart):
    found = []

    def walk(part):
        if isinstance(part, dict):
            if isinstance(part.get("values"), list):
                found.append(part["values"])
            if "datasets" in part:
                found.extend(part["datasets"].values())
            for key, below in part.items():
                if key not in ("values", "datasets"):
                    walk(below)
        elif isinstance(part, list):
            for below in part:
                walk(below)

    walk(chart.to_dict())
    assert len(found) == 1, "one dataset for the whole chart"
    return found[0]


def of_kind(chart, kind):
    return [row for row in values(chart) if row.get("kind") == kind]
