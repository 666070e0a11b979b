import re
from datetime import UTC, date, datetime

import pytest

from glue_jobs.build.arguments import parse_arguments

NOW = datetime(2026, 11, 20, 6, 15, tzinfo=UTC)
ROOTS = ["--raw-root", "s3://raw/", "--curated-root", "s3://curated"]
GLUE = ["--JOB_NAME", "n", "--JOB_RUN_ID", "j", "--TempDir", "t", "--enable-metrics", "true"]


def test_one_day_is_a_range_and_the_run_is_named_after_now():
    config = parse_arguments([*ROOTS, "--start-date", "2026-10-01"], NOW)
    assert (config.raw_root, config.curated_root) == ("s3://raw", "s3://curated")
    assert (config.start_date, config.end_date) == (date(2026, 10, 1), date(2026, 10, 1))
    assert re.fullmatch("20261120T061500Z-[0-9a-f]{6}", config.run_id)


def test_two_runs_in_the_same_second_have_different_names():
    arguments = [*ROOTS, "--start-date", "2026-10-01"]
    assert parse_arguments(arguments, NOW).run_id != parse_arguments(arguments, NOW).run_id


def test_arguments_added_by_glue_are_ignored():
    config = parse_arguments([*GLUE, *ROOTS, "--start-date", "2026-10-01"], NOW)
    assert config.start_date == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (ROOTS, "the following arguments are required: --start-date"),
        ([*ROOTS, "--start-date", "2026-13-01"], "argument --start-date: invalid"),
        (
            [*ROOTS, "--start-date", "2026-10-02", "--end-date", "2026-10-01"],
            "the end date 2026-10-01 is before the start date 2026-10-02",
        ),
        (
            [*ROOTS, "--start-date", "2026-10-01", "--raw-root", ""],
            "argument --raw-root: '' is not a valid root, such as s3://bucket",
        ),
        ([*ROOTS, "--start-date", "2026-10-01", "--dry"], "unknown arguments: --dry"),
        ([*ROOTS, "--start-date", "2026-10-01", "--run-id", "x"], "unknown arguments: --run-id x"),
        ([*ROOTS, "--start", "2026-10-01"], "the following arguments are required: --start-date"),
    ],
)
def test_invalid_arguments_exit_with_code_2_and_one_error_message(arguments, sentence, capsys):
    with pytest.raises(SystemExit) as ended:
        parse_arguments(arguments, NOW)
    assert ended.value.code == 2
    assert sentence in capsys.readouterr().err.splitlines()[-1]
