"""Tally once, derive everything: totals, their covariance, and the forms in which they are shown."""
