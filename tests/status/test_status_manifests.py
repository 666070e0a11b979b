"""Which raw manifests are read, and what they record about each chart and day."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from chartlake.contract.chart_config import Chart
from chartlake.status.facts import Attempt
from chartlake.status.raw_manifests import read_manifests
from extract_lambda.capture import Run, capture_charts
from extract_lambda.chart_files.importing import UNKNOWN, write_manifest
from extract_lambda.raw.store import FolderStore
from extract_lambda.settings import Settings
from extract_lambda.spotify.auth import Logins
from extract_lambda.timing import read_timing

DAYS = (date(2026, 11, 19), date(2026, 11, 20))
SIX = "20261120T060000Z"


def key(day: str, run_id: str = SIX) -> str:
    return f"raw/manifests/dt={day}/{run_id}.json"


def manifest(day: str, *charts, **more) -> str:
    whole = {"snapshot_date": day, "finished_at": f"{day}T06:00:05.250000Z", "charts": charts}
    return json.dumps(whole | more)


def captured(chart: str, **more):
    return {"chart_id": chart, "status": "captured", "key": f"{chart}.json", "error": None} | more


def read(files: dict[str, str], charts=("ph",)):
    """Read a store of manifests; also return the requested keys, in order."""
    asked = []

    def content(name: str) -> bytes:
        asked.append(name)
        return files[name].encode()

    return read_manifests(files, content, DAYS, set(charts)), sorted(asked)


def test_a_capture_manifest_belongs_to_its_day():
    failed = {"chart_id": "us", "status": "failed", "key": None, "error": "404:\n  no\tchart."}
    skipped = {"chart_id": "fr", "status": "skipped", "key": None, "error": "Its files."}
    raw, _ = read({key("2026-11-20"): manifest("2026-11-20", captured("ph"), failed, skipped)})
    at, day = datetime(2026, 11, 20, 6, 0, 5, 250_000, UTC), DAYS[1]
    assert raw.attempts == (
        Attempt("ph", day, at, "captured", "ph.json"),
        Attempt("us", day, at, "failed", error="404: no chart."),
        Attempt("fr", day, at, "skipped", error="Its files."),
    )
    assert raw.unreadable == ()


def test_an_import_covers_a_range_of_days():
    day, year = "2026-11-19", "2017-01-01"
    lines = [
        captured("us", file="a", snapshot_date=year, key="a"),
        captured("us", file="b", snapshot_date=day, key="b"),
        {"file": "c", "status": "failed", "chart_id": None, "snapshot_date": None, "error": "no"},
        {"file": "d", "status": "failed", "chart_id": "us", "snapshot_date": "2026-11-20"}
        | {"key": None, "error": "d: it is empty."},
    ]
    at = "2026-11-21T08:00:00.000000Z"
    text = manifest(year, *lines, end_date=day, finished_at=at)
    raw, _ = read({key(year, "20261121T080000Z-0a1b2c"): text}, ["us"])
    told = [(one.day.isoformat(), one.status, one.key, one.error) for one in raw.attempts]
    assert told == [
        (year, "captured", "a", None),
        (day, "captured", "b", None),
        ("2026-11-20", "failed", None, "d: it is empty."),
    ]


def test_manifests_written_by_the_pipeline_are_read(tmp_path):
    """The Lambda's manifest and the import's, written by their own code."""
    store, began = FolderStore(tmp_path), datetime(2026, 11, 20, 6, tzinfo=UTC)
    files = Chart("us", "Top US", "us", "charts_csv", "daily", 200, 5)
    nothing = Settings(str(tmp_path), tmp_path, "http://127.0.0.1/", "http://127.0.0.1/")
    timing = replace(read_timing(None), now=lambda: began)
    capture_charts(Run(SIX, DAYS[1], (files,)), Logins(nothing), store, timing)
    line = {"file": "a", "status": "captured", **UNKNOWN, "chart_id": "us", "key": "a.csv"}
    imported = [line | {"snapshot_date": "2026-11-19"}]
    write_manifest(imported, store, "20261120T090000Z-0a1b2c", began, began.replace(hour=9))
    keys = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.json")]
    raw = read_manifests(keys, store.read, DAYS, {"us"})
    assert [(one.day, one.at.hour, one.status, one.key) for one in raw.attempts] == [
        (DAYS[1], 6, "skipped", None),
        (DAYS[0], 9, "captured", "a.csv"),
    ]
    assert raw.unreadable == ()


def test_manifests_since_a_week_before_the_days_are_read():
    """Manifests of the days and of the week before are read, and older ones are not."""
    days = ["2026-11-11", "2026-11-12", "2026-11-19", "2026-11-20", "2026-11-21"]
    files = {
        key(day, f"{day.replace('-', '')}T060000Z"): manifest(day, captured("ph")) for day in days
    }
    _, asked = read(files)
    assert asked == list(files)[1:4]
    _, asked = read(files, ["a chart that none of them names"])
    assert asked == list(files)[:4]


def test_older_manifests_are_read_until_each_chart_is_found():
    files = {
        key("2026-10-30", "20261030T060000Z"): manifest("2026-10-30", captured("us")),
        key("2026-10-31", "20261031T060000Z"): manifest("2026-10-31", captured("us")),
        key("2017-01-01", "20261101T060000Z"): manifest("2017-01-01", captured("fr")),
        key("2026-11-20"): manifest("2026-11-20", captured("ph")),
    }
    raw, asked = read(files, ["ph", "us"])
    assert raw.named() == {"fr", "ph", "us"}
    assert asked == sorted(list(files)[1:])


def test_a_chart_in_no_manifest_does_not_read_the_whole_history():
    days = [f"20{year}-0{month}-01" for year in range(17, 26) for month in range(1, 7)]
    files = {key(day, f"{day.replace('-', '')}T060000Z"): manifest(day) for day in days}
    _, asked = read(files, ["new"])
    assert asked == list(files)[-30:]


def test_an_old_import_is_not_read_for_its_day():
    old = {key("2026-11-01", "20261118T060000Z"): manifest("2026-11-01", captured("us"))}
    new = {key("2026-11-01", "20261119T060000Z"): manifest("2026-11-01", captured("us"))}
    assert read(old | new, [])[1] == list(new)


def test_attempts_are_in_chronological_order():
    early = manifest("2026-11-20", captured("ph"), finished_at="2026-11-20T06:00:00Z")
    late = manifest("2026-11-20", captured("ph"), finished_at="2026-11-20T07:00:00Z")
    files = {key("2026-11-20", "20261120T070000Z"): late, key("2026-11-20"): early}
    assert [attempt.at.hour for attempt in read(files)[0].attempts] == [6, 7]


def test_a_manifest_without_a_finish_time_uses_that_of_its_run():
    text = json.dumps({"snapshot_date": "2026-11-20", "charts": [captured("ph")]})
    (attempt,) = read({key("2026-11-20"): text})[0].attempts
    assert attempt.at == datetime(2026, 11, 20, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"snapshot_date": "2026-11-20"}',
        '{"snapshot_date": "20 November", "charts": []}',
        '{"snapshot_date": "2026-11-20", "charts": [1]}',
        '{"snapshot_date": "2026-11-20", "charts": [{"status": "captured"}]}',
        '{"snapshot_date": "2026-11-20", "charts": [], "finished_at": 6}',
        '{"snapshot_date": "2026-11-20", "charts": [], "finished_at": "2026-11-20T06:00:00"}',
    ],
)
def test_a_malformed_manifest_is_named_and_the_others_count(text):
    bad, good = key("2026-11-20", "20261120T070000Z"), key("2026-11-20")
    raw, _ = read({bad: text, good: manifest("2026-11-20", captured("ph"))})
    assert [attempt.chart_id for attempt in raw.attempts] == ["ph"]
    (unreadable,) = raw.unreadable
    assert (unreadable.day, unreadable.manifest) == (DAYS[1], bad)
    assert unreadable.reason.startswith("is not a valid manifest (")
    assert "\n" not in unreadable.reason


def test_files_not_named_like_a_manifest_are_ignored():
    names = ["raw/manifests/README", "raw/manifests/dt=today/x.json", f"{key('2026-11-20')}.tmp"]
    assert read(dict.fromkeys(names, "{"))[1] == []
