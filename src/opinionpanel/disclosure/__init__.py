"""What may leave together: decided once for all tables, charts and sentences of a report."""

from opinionpanel.disclosure.joint_publication import publish_joint as publish_joint
from opinionpanel.disclosure.publication import (
    MIN_N as MIN_N,
    Published as Published,
    Shown as Shown,
)
from opinionpanel.disclosure.publishing import publish as publish
