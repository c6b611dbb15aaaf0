"""Hypothesis strategies for panels, to test what is built on opinionpanel.

By default the panels are uneven, so that what usually coincides can differ: weights and a group by
wave, groups within one PSU, people who join late and leave early, waves and people not asked,
weights of the order of 1 or of 10,000,000.

Needs ``hypothesis`` (``pip install "opinionpanel[strategies]"``); nothing else imports this module.
"""

from opinionpanel.strategies.drawn_batteries import batteries as batteries
from opinionpanel.strategies.drawn_panels import (
    PanelParts as PanelParts,
    panel_parts as panel_parts,
    panels as panels,
)
