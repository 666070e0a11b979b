"""The keys of everything in the lake; only this module spells them.

Keys are relative to a root: `s3://bucket` in the cloud, mapped to a folder in a local run. Days are
UTC and written as ISO dates; timestamps as `20261120T060000Z`, so that names sort by time.
"""

import re
from datetime import UTC, date, datetime

RAW_PLAYLISTS = "raw/playlists"
RAW_CHARTS_CSV = "raw/charts_csv"
RAW_MANIFESTS = "raw/manifests"
RAW_DOCTOR = "raw/doctor"
CURATED = "curated"
STATE = "state"
REPORT = "report"
REPORT_PAGE = f"{REPORT}/index.html"

RUN_ID = re.compile(r"([0-9]{8}T[0-9]{6}Z)(?:-[0-9A-Za-z]+)?")


def run_id_at(instant: datetime, suffix: str = "") -> str:
    """Return a run id for a UTC timestamp; a suffix distinguishes two runs of the same second."""
    stamp = f"{instant:%Y%m%dT%H%M%SZ}"
    return f"{stamp}-{suffix}" if suffix else stamp


def instant_of(run_id: str) -> datetime | None:
    """Return the UTC timestamp in a run id; None if it is not a valid one."""
    match = RUN_ID.fullmatch(run_id)
    try:
        return datetime.strptime(match[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if match else None
    except ValueError:
        return None


def captures_prefix(snapshot_date: date) -> str:
    """Folder of a day's playlist captures, with one folder per chart."""
    return f"{RAW_PLAYLISTS}/dt={snapshot_date.isoformat()}"


def charts_csv_prefix(snapshot_date: date) -> str:
    """Folder of the chart files of a day."""
    return f"{RAW_CHARTS_CSV}/dt={snapshot_date.isoformat()}"


def capture_key(snapshot_date: date, chart_id: str, captured_at: datetime) -> str:
    """Raw file of one capture of one chart; names sort by time, so the last is the newest."""
    return f"{captures_prefix(snapshot_date)}/chart={chart_id}/{captured_at:%Y%m%dT%H%M%S%fZ}.json"


def charts_csv_key(snapshot_date: date, file_name: str) -> str:
    """Raw file of one chart and date from charts.spotify.com, under its official name."""
    return f"{charts_csv_prefix(snapshot_date)}/{file_name}"


def raw_manifest_key(snapshot_date: date, run_id: str) -> str:
    """Manifest of one extraction run, written after its captures."""
    return f"{RAW_MANIFESTS}/dt={snapshot_date.isoformat()}/{run_id}.json"


def doctor_key(checked_at: datetime) -> str:
    """File that a check of the raw root writes; only the check reads it."""
    return f"{RAW_DOCTOR}/{checked_at:%Y%m%dT%H%M%S%fZ}"


def table_prefix(table: str) -> str:
    """Folder of a curated table."""
    return f"{CURATED}/{table}"


def day_prefix(table: str, snapshot_date: date) -> str:
    """Folder of one day of a curated table, with one folder per run."""
    return f"{table_prefix(table)}/dt={snapshot_date.isoformat()}"


def run_prefix(table: str, snapshot_date: date, run_id: str) -> str:
    """Folder of the files that one run wrote for one day of a curated table."""
    return f"{day_prefix(table, snapshot_date)}/run={run_id}"


def state_prefix(table: str) -> str:
    """Folder of what checkpoints keep of a table; only the job reads it."""
    return f"{STATE}/{table}"


def checkpoint_prefix(table: str, snapshot_date: date, run_id: str) -> str:
    """Folder of the newest rows of a table up to a day, as written by one run."""
    return f"{state_prefix(table)}/dt={snapshot_date.isoformat()}/run={run_id}"
