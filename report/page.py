"""Rows of MARTS -> the whole page."""

from report.sources import Ask


def build_page(ask: Ask) -> str:
    """Write the report of every chart as one HTML page that needs nothing besides itself."""
    raise NotImplementedError
