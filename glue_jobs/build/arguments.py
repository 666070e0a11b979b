"""Arguments of build_tables, identical on Glue and on a laptop."""

import argparse
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chartlake.contract.paths import run_id_at

DAYS_AT_ONCE = 100
"""Days per batch: a year of four charts takes four, and seventy charts still fit into memory."""

FILES_AT_ONCE = 10_000
"""Raw files per batch, some 8 GB of playlists of 200 places. Their rows stay on disk until the
batch is written. For seventy charts captured hourly, that is five days."""

CHECKPOINT_DAYS = 30
"""Published days after which a checkpoint is written. Until then, each costs a few small reads."""


@dataclass(frozen=True)
class JobConfig:
    """What to build, and from where to where.

    `run_id` is never passed in: a reused id would mix the rows of two runs.
    """

    raw_root: str
    curated_root: str
    start_date: date
    end_date: date
    run_id: str
    started_at: datetime
    charts_file: str = "charts.toml"
    days_at_once: int = DAYS_AT_ONCE
    files_at_once: int = FILES_AT_ONCE
    checkpoint_days: int = CHECKPOINT_DAYS


def parse_arguments(arguments: Sequence[str], now: datetime) -> JobConfig:
    """Parse the job's arguments; an invalid one exits with one sentence and code 2."""
    parser = argparse.ArgumentParser(prog="build_tables", allow_abbrev=False)
    parser.add_argument(
        "--raw-root", required=True, type=root, help="root of raw/, such as s3://bucket"
    )
    parser.add_argument(
        "--curated-root",
        required=True,
        type=root,
        help="root of curated/, created if missing",
    )
    parser.add_argument(
        "--charts-file",
        default="charts.toml",
        help="charts.toml, which identifies chart files; s3://… or a path",
    )
    parser.add_argument("--start-date", required=True, type=date.fromisoformat, help="YYYY-MM-DD")
    parser.add_argument(
        "--end-date", type=date.fromisoformat, help="last day; default: the start date"
    )
    options = parse_own(parser, arguments)
    end_date = options.end_date or options.start_date
    if end_date < options.start_date:
        parser.error(f"the end date {end_date} is before the start date {options.start_date}")
    return JobConfig(
        options.raw_root,
        options.curated_root,
        options.start_date,
        end_date,
        run_id_at(now, secrets.token_hex(3)),
        now,
        options.charts_file,
    )


def root(text: str) -> str:
    """Parse a lake's root; raises ArgumentTypeError if it is empty, as from an unset variable.

    An empty root would be the root of the local disk.
    """
    if not text.strip("/ "):
        raise argparse.ArgumentTypeError(f"{text!r} is not a valid root, such as s3://bucket")
    return text.rstrip("/")


def parse_own(parser: argparse.ArgumentParser, arguments: Sequence[str]) -> argparse.Namespace:
    """Parse the arguments that a job declares, and ignore those that Glue adds.

    Glue always adds --JOB_NAME: without it, an unknown argument is an error.
    """
    options, unknown = parser.parse_known_args(arguments)
    if unknown and "--JOB_NAME" not in unknown:
        parser.error(f"unknown arguments: {' '.join(unknown)}")
    return options
