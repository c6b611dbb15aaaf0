"""A report as a file: pdf."""

from opinionpanel.report.contents import Contents


def pdf_of(contents: Contents) -> bytes:
    """Write the whole report."""
    raise NotImplementedError
