"""The environment -> where chart files are kept and which charts they may be.

An import asks nothing of Spotify, so it needs none of the credentials that the extraction needs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chartlake.contract.chart_config import Chart, read_charts
from extract_lambda.settings import SettingsError


@dataclass(frozen=True)
class ImportSettings:
    """The root that holds `raw/`, and the charts of charts.toml."""

    raw_root: str
    charts: tuple[Chart, ...]


def read_import_settings(environ: Mapping[str, str]) -> ImportSettings:
    """Read CHARTLAKE_RAW_ROOT, and the charts file (CHARTLAKE_CHARTS_FILE, or charts.toml).

    Raises SettingsError when no root is set, ChartsFileError when the charts cannot be read.
    """
    raw_root = environ.get("CHARTLAKE_RAW_ROOT", "").strip()
    if not raw_root:
        raise SettingsError(
            "Nothing says where raw files are kept: set CHARTLAKE_RAW_ROOT, or with make RAW=…, to "
            "s3://bucket or a folder, and run again."
        )
    charts_file = Path(environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml"))
    return ImportSettings(raw_root.rstrip("/"), read_charts(charts_file))
