"""Public-opinion panel surveys: transitions, shares and change, with honest uncertainty."""

from opinionpanel.design import Design
from opinionpanel.estimates import Estimates
from opinionpanel.items import Item
from opinionpanel.measures import flows, net_change, shares, transitions, turnover
from opinionpanel.panel import Panel

__version__ = "0.1.0"
