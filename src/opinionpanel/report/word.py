"""A report as a file: docx."""

from opinionpanel.report.contents import Contents


def docx_of(contents: Contents) -> bytes:
    """Write the whole report."""
    raise NotImplementedError
