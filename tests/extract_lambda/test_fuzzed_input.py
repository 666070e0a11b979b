"""Malformed events, arguments and settings are read as written, or rejected in one sentence.

`make test-faults` tries CHARTLAKE_CASES of each kind; `make test` a few.
"""

import csv
import io
import json
import re
import tempfile
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chartlake.contract import paths
from chartlake.contract.chart_config import ChartsFileError, read_charts
from chartlake.contract.printable import printable
from extract_lambda import event as lambda_event
from extract_lambda.chart_files.name import ChartFileError, read_chart_file
from extract_lambda.inbox import InboxError, read_arrivals
from glue_jobs.build import arguments
from glue_jobs.prune import arguments as prune_arguments
from tests.support import fuzz
from tests.support.chart_file_builders import CHARTS, DAILY_NAME, NEW, OLD
from tests.support.spotify_fixtures import GLOBAL, PHILIPPINES

pytestmark = pytest.mark.faults

NOW = datetime(2026, 11, 20, 6, 15, tzinfo=UTC)

# --- charts.toml

CHART = {
    **{"name": "Top", "market": "ph", "source": "playlist", "cadence": "daily"},
    **{"playlist_id": "37i9dQZEVXbNBz9cRCSFkY", "expected_size": 50, "tolerance": 5},
}
HUGE = ["0x" + "f" * 5000, "9" * 5000, "[" * 2000 + "]" * 2000, "nan", "1979-05-27", "'''\nx'''"]


def as_toml(document: Any) -> str:
    """Write what is a table of tables as TOML, and anything else as some value of `charts`."""
    if not isinstance(document, dict) or not all(isinstance(v, dict) for v in document.values()):
        return f"charts = {json.dumps(document)}\n"
    lines = []
    for chart_id, chart in document.items():
        lines.append(f"[charts.{json.dumps(chart_id)}]")
        lines += [f"{json.dumps(name)} = {json.dumps(value)}" for name, value in chart.items()]
    return "\n".join(lines) + "\n"


toml_texts = st.builds(
    lambda text, was, huge: text.replace(was, huge, 1),
    fuzz.mangled({"top": CHART, "global": CHART | {"market": "global"}}).map(as_toml),
    st.sampled_from(["no such text", "50", "5", '"Top"', '"ph"']),
    st.sampled_from(HUGE),
)
toml_files = toml_texts.map(str.encode) | fuzz.spoilt(as_toml({"top": CHART}).encode())


def is_fit(chart: Any) -> bool:
    """Return whether a chart is valid, by the rules in README and charts.toml."""
    sizes = (chart.expected_size, chart.tolerance)
    return (
        re.fullmatch("[a-z0-9_]{1,64}", chart.chart_id) is not None
        and (chart.market == "global" or re.fullmatch("[a-z]{2}", chart.market) is not None)
        and (chart.source, chart.playlist_id is None) != ("playlist", True)
        and chart.source in ("playlist", "charts_csv")
        and chart.cadence in ("daily", "weekly")
        and chart.login in ("app", "user")
        and all(type(size) is int and 0 <= size <= 10_000 for size in sizes)
    )


@pytest.mark.fault(
    table="input",
    what="malformed charts.toml, with numbers of 5,000 digits, 2,000 brackets",
    how="text and bytes of the file",
    then="only valid charts, or the errors",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(toml_files)
def test_malformed_charts_toml_is_read_correctly_or_rejected(content: bytes) -> None:
    with tempfile.NamedTemporaryFile(suffix=".toml") as file:
        Path(file.name).write_bytes(content)
        try:
            charts = read_charts(Path(file.name))
        except ChartsFileError as error:
            assert str(error).startswith(file.name)
            return
    assert [chart.chart_id for chart in charts] == [*tomllib.loads(content.decode())["charts"]]
    assert all(map(is_fit, charts))


# --- events

EVENT = {
    "scheduled_at": "2026-11-20T06:00:00Z",
    "snapshot_date": "2026-11-19",
    "charts": [GLOBAL.chart_id],
}
PUT: dict[str, Any] = {"bucket": {"name": "lake"}, "object": {"key": f"inbox/{DAILY_NAME}"}}
BRIDGED = {"time": "2026-10-02T09:30:00Z", "detail": PUT}
NOTIFIED = {"Records": [{"eventTime": "2026-10-02T09:30:00Z", "s3": PUT}]}


@pytest.mark.fault(
    table="input",
    what="malformed events of the extraction",
    how="the event",
    then="the run that it names, or one error message",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(fuzz.mangled(EVENT))
def test_a_malformed_event_is_a_run_or_rejected(event: Any) -> None:
    try:
        run = lambda_event.read_event(event, (GLOBAL, PHILIPPINES), NOW)
    except lambda_event.EventError as error:
        assert fuzz.SENTENCE.fullmatch(str(error))
        return
    instant = event.get("scheduled_at")
    began = datetime.fromisoformat(instant).astimezone(UTC) if instant else NOW
    assert paths.instant_of(run.run_id) == began.replace(microsecond=0)
    day = event.get("snapshot_date")
    assert run.snapshot_date == (date.fromisoformat(day) if day else began.date())
    named = event.get("charts")
    wanted = {GLOBAL.chart_id, PHILIPPINES.chart_id} if named is None else set(named)
    assert {chart.chart_id for chart in run.charts} == wanted


@pytest.mark.fault(
    table="input",
    what="malformed events of the inbox",
    how="the event",
    then="the objects that it lists, or one error message",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(fuzz.mangled(BRIDGED) | fuzz.mangled(NOTIFIED))
def test_a_malformed_inbox_event_lists_objects_or_is_rejected(event: Any) -> None:
    try:
        arrivals = read_arrivals(event)
    except InboxError as error:
        assert fuzz.SENTENCE.fullmatch(str(error))
        return
    for arrival in arrivals:
        assert isinstance(arrival.bucket, str) and isinstance(arrival.key, str)
        assert paths.instant_of(arrival.run_id) == arrival.at.replace(microsecond=0)


# --- chart files

names = st.builds(
    lambda name, start, middle, end: name[:start] + middle + name[end:],
    st.sampled_from([DAILY_NAME, "regional-global-weekly-2026-10-01 (1).csv"]),
    st.integers(0, 33),
    st.text(max_size=3) | st.sampled_from(["/", "..", "\n", "٣", "2026-02-30", "%2e", "\x00"]),
    st.integers(0, 33),
)


@pytest.mark.fault(
    table="input",
    what="malformed chart files and names at import",
    how="name and bytes",
    then="the key of its chart and day, increasing ranks; or one error message",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(names, fuzz.spoilt(NEW.encode()) | fuzz.spoilt(OLD.encode()) | st.just(NEW.encode()))
def test_a_malformed_chart_file_has_its_key_and_ranks_or_is_rejected(
    name: str, content: bytes
) -> None:
    try:
        file = read_chart_file(name, content, CHARTS)
    except ChartFileError as error:
        assert str(error).startswith(f"{printable(name)}: ")
        assert fuzz.SENTENCE.fullmatch(str(error).removeprefix(f"{printable(name)}: "))
        return
    assert re.fullmatch(
        r"raw/charts_csv/dt=([0-9]{4}-[0-9]{2}-[0-9]{2})"
        r"/regional-(us|global)-(daily|weekly)-\1\.csv",
        file.key,
    )
    text = content.decode("utf-8-sig")
    rows = [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    ranks = [row[0] for row in rows if re.fullmatch("[0-9]{1,4}", row[0])]
    assert file.entries == len(ranks) >= 3
    assert ranks == sorted(set(ranks), key=int)


# --- arguments

words = st.text(max_size=8) | st.sampled_from(
    [
        *("--raw-root", "--curated-root", "--start-date", "--end-date", "--charts-file"),
        *("--JOB_NAME", "--keep-runs", "--keep-checkpoints", "--grace-hours", "--delete"),
        *("s3://raw", "/", "", " ", "2026-10-01", "2026-13-01", "20261001", "2026-W40-4", "-1"),
        *("true", "false", "1", "1e3", "9" * 30, "٣", "--", "-", "--start-date=2026-10-02", "-h="),
    ]
)
BUILD = ["--raw-root", "s3://raw", "--curated-root", "s3://curated", "--start-date", "2026-10-01"]
PRUNE = ["--curated-root", "s3://curated", "--keep-runs", "3", "--grace-hours", "2"]


@st.composite
def command_lines(draw: st.DrawFn, whole: list[str]) -> list[str]:
    line = list(whole)
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.integers(0, len(line)))
        line[place : place + draw(st.integers(0, 1))] = draw(st.lists(words, max_size=2))
    return line


@pytest.mark.fault(
    table="input",
    what="malformed arguments of the job",
    how="the command line",
    then="a range of days, or exit code 2",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(command_lines(BUILD))
def test_malformed_job_arguments_are_a_range_or_exit_with_code_2(line: list[str]) -> None:
    try:
        config = arguments.parse_arguments(line, NOW)
    except SystemExit as ended:
        assert ended.code == 2
        return
    assert config.start_date <= config.end_date
    assert config.raw_root.strip("/ ") and config.curated_root.strip("/ ")
    assert paths.instant_of(config.run_id) == NOW


@pytest.mark.fault(
    table="input",
    what="malformed arguments of pruning",
    how="the command line",
    then="rules, or exit code 2; nothing is deleted without a request",
    cases=(300, 12_000),
)
@fuzz.settled(quick=300)
@given(command_lines(PRUNE))
def test_malformed_prune_arguments_are_rules_or_exit_with_code_2(line: list[str]) -> None:
    try:
        config = prune_arguments.parse_arguments(line, NOW)
    except SystemExit as ended:
        assert ended.code == 2
        return
    assert config.curated_root.strip("/ ")
    assert config.delete in (True, False)
    if config.delete:
        assert "--delete" in line
