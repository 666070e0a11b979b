"""Rows of MARTS -> the whole page."""

from report.sources import Ask


def build_page(ask: Ask) -> str:
    """Write the report of every chart as one HTML page that needs nothing besides itself."""
    (pulse,) = ask("SELECT COUNT(*) AS editions FROM chartlake.chart_pulse")
    return f"<!doctype html><title>Chartlake</title><p>{pulse['editions']} editions</p>\n"
