"""Panels of two waves, made from one or two frames."""

import opinionpanel as op

YES_NO = op.Item("x", {"no": [0], "yes": [1]})


def two_waves(first, second=None, **options):
    return op.Panel.from_waves(
        {"a": first, "b": first if second is None else second},
        **({"person": "id", "items": {"x": YES_NO}} | options),
    )
