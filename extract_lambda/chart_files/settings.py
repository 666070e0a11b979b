"""The environment -> where chart files are stored and which charts they may be.

An import never queries Spotify, so it needs no Spotify credentials.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from chartlake.contract.chart_config import Chart, read_charts
from extract_lambda.settings import SettingsError


@dataclass(frozen=True)
class ImportSettings:
    """The root that contains `raw/`, and the charts of charts.toml."""

    raw_root: str
    charts: tuple[Chart, ...]


def read_import_settings(environ: Mapping[str, str]) -> ImportSettings:
    """Read CHARTLAKE_RAW_ROOT, and the charts file (CHARTLAKE_CHARTS_FILE, or charts.toml).

    Raises SettingsError if no root is set, ChartsFileError if the charts cannot be read.
    """
    raw_root = environ.get("CHARTLAKE_RAW_ROOT", "").strip()
    if not raw_root:
        raise SettingsError(
            "There is no place for raw files. Set --raw or CHARTLAKE_RAW_ROOT to s3://bucket or a "
            "folder."
        )
    charts_file = Path(environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml"))
    return ImportSettings(raw_root.rstrip("/"), read_charts(charts_file))
