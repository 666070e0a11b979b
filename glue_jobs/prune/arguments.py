"""Arguments of prune_runs, identical on Glue and on a laptop."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from glue_jobs.build.arguments import parse_own, root
from glue_jobs.prune.run_folders import Rules

GRACE_HOURS = 48
"""Longer than any run of build_tables and any query on its tables."""

KEEP_RUNS = 0
"""Raw files are kept forever, so a superseded run can be rebuilt."""

MOST = 100_000
"""Limit of every number, including hours: more is a typo, and no calendar reaches back that far."""

KEEP_CHECKPOINTS = 12
"""About a year, at one checkpoint per thirty days."""


@dataclass(frozen=True)
class PruneConfig:
    """Where to prune, what to keep, and whether to delete or only report."""

    curated_root: str
    rules: Rules
    delete: bool


def parse_arguments(arguments: Sequence[str], now: datetime) -> PruneConfig:
    """Parse the job's arguments; an invalid one exits with one sentence and code 2."""
    parser = argparse.ArgumentParser(prog="prune_runs", allow_abbrev=False)
    parser.add_argument(
        "--curated-root", required=True, type=root, help="root of curated/ and state/"
    )
    _add_number(parser, "--keep-runs", KEEP_RUNS, 0, "newest superseded runs to keep per day")
    _add_number(
        parser, "--keep-checkpoints", KEEP_CHECKPOINTS, 1, "newest usable checkpoints to keep"
    )
    _add_number(
        parser,
        "--grace-hours",
        GRACE_HOURS,
        0,
        "hours to keep a superseded or unpublished run; must be longer than any run or query",
    )
    # Glue passes a value with every argument: as a plain flag, `--delete false` would delete.
    parser.add_argument(
        "--delete",
        nargs="?",
        const=True,
        default=False,
        type=_yes_or_no,
        metavar="true|false",
        help="delete; by default, only list what would be removed",
    )
    options = parse_own(parser, arguments)
    grace = timedelta(hours=options.grace_hours)
    rules = Rules(now, grace, options.keep_runs, options.keep_checkpoints)
    return PruneConfig(options.curated_root, rules, options.delete)


def _add_number(
    parser: argparse.ArgumentParser, name: str, default: int, least: int, what: str
) -> None:
    """Declare an argument that takes a whole number of at least `least`."""
    parser.add_argument(
        name,
        type=_at_least(least),
        default=default,
        metavar="N",
        help=f"{what}; default {default}",
    )


def _at_least(least: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= MOST:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not a whole number from {least} to {MOST}"
            )
        return int(text)

    return number


def _yes_or_no(text: str) -> bool:
    if text not in ("true", "false"):
        raise argparse.ArgumentTypeError(f"{text!r} must be true or false")
    return text == "true"
