"""What may leave together: decided once for all tables, charts and sentences of a report."""

from opinionpanel.disclosure.joint_publication import publish_joint as publish_joint
from opinionpanel.disclosure.publication import (
    MIN_N as MIN_N,
    Published as Published,
    Shown as Shown,
)
from opinionpanel.disclosure.publishing import publish as publish
from opinionpanel.disclosure.score_publication import (
    PublishedScore as PublishedScore,
    publish_score as publish_score,
)
