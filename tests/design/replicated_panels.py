"""Designs with replicate weights, and where people stand in a panel."""

import opinionpanel as op


def at(panel, july, resp_id):
    """The panel's position of a person; July's people come first, in their order."""
    return july["resp_id"].tolist().index(resp_id)


def replicate_design(**changes):
    options = {"weight": "wgt", "replicates": "rep_*", "scale": 0.5}
    return op.ReplicateDesign(**(options | changes))
