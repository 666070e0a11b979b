"""Malformed raw files read by the job: no exception, no wrong row, no good row lost.

All cases of a test are read at once, as the job reads a day: valid entries among malformed ones,
valid files among corrupt ones. The expected result is computed in plain Python, by `entry_oracle`
for playlists, and by the csv module for chart files.
"""

import csv
import io
import json
import re
import unicodedata
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st

from chartlake.contract.paths import charts_csv_key
from extract_lambda.chart_files.rows import RowsError, count_entries
from glue_jobs.frames import literal_frame
from glue_jobs.raw.chart_files import MISREAD, explode_rows, parse_chart_files
from glue_jobs.raw.playlists import explode_positions, parse_files
from glue_jobs.raw.read import read_raw_files
from glue_jobs.raw.schemas import CHART
from tests.support import fuzz
from tests.support.chart_file_builders import DAILY, NEW, OLD, misread, with_extra
from tests.support.entry_oracle import Place
from tests.support.entry_places import READ, expected_place, read_place
from tests.support.spark_builders import entry, raw_files, write_capture

pytestmark = pytest.mark.faults

DAY = date(2026, 10, 1)
GOOD = entry("good1", "Ana", "Bo", popularity=7, duration_ms=1000, explicit=False) | {
    "added_at": "2026-09-30T12:00:00Z"
}
NEW_SHAPE = entry("good2", key="item", external_ids={"isrc": "QZ1"}, is_local=False)
BOTH = NEW_SHAPE | {"track": NEW_SHAPE["item"]}
PER_FILE = 20

entries = st.one_of(*map(fuzz.mangled, [GOOD, NEW_SHAPE, BOTH, None]))


def json_bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode(errors="backslashreplace")


def instants(number: int) -> str:
    """A timestamp for each file: a microsecond of the day."""
    return f"2026-10-01T06:00:00.{number:06}Z"


def places(spark: Any, root: Path) -> tuple[dict[str, str], dict[str, list[Any]]]:
    """Why each file is unusable, and the places of the usable ones, in order."""
    captures = parse_files(raw_files(spark, root, [DAY]))
    reasons = {row["source_file"]: row["reason"] for row in captures.collect() if row["reason"]}
    read = explode_positions(captures.where("reason is null")).orderBy("source_file", "position")
    found: dict[str, list[Any]] = {}
    for row in read.selectExpr(*READ).collect():
        of_file = found.setdefault(row["source_file"], [])
        assert len(of_file) == row["position"] - 1
        of_file.append(read_place(row))
    return reasons, found


def expected(items: list[Any]) -> list[Any]:
    return [expected_place(item) for item in items]


def key_of(root: Path, path: Path) -> str:
    return str(path.relative_to(root))


@pytest.mark.fault(
    table="input",
    what="malformed playlist entries",
    how="files of valid and malformed entries, read in one frame by the job's own expressions",
    then="each place matches a second reader in plain Python; valid neighbours are intact",
    cases=(200, 12_000),
)
def test_a_malformed_entry_affects_no_other_entry(spark, root):
    cases = fuzz.draw(entries, quick=200)
    wanted: dict[str, list[Any]] = {}
    sent: dict[str, list[Any]] = {}
    for number, start in enumerate(range(0, len(cases), PER_FILE)):
        items = [GOOD, *cases[start : start + PER_FILE], BOTH]
        path = write_capture(root, instants(number), [])
        envelope = json.loads(path.read_bytes())
        envelope["payload"]["items"] = items
        path.write_bytes(json_bytes(envelope))
        key = key_of(root, path)
        sent[key] = json.loads(path.read_bytes())["payload"]["items"]
        wanted[key] = expected(sent[key])
    reasons, found = places(spark, root)
    assert reasons == {}
    assert found.keys() == wanted.keys()
    for key in wanted:
        for item, *places_of_item in zip(sent[key], found[key], wanted[key], strict=True):
            assert places_of_item[0] == places_of_item[1], item
        assert [found[key][place][:2] for place in (0, -1)] == [
            ("track", "good1"),
            ("track", "good2"),
        ]


def usable(content: bytes) -> list[Any] | None:
    """The entries of a capture of this chart and day; None if the file is not a capture."""
    try:
        envelope, _ = json.JSONDecoder().raw_decode(content.decode().lstrip("\ufeff \t\r\n"))
        is_this = envelope["snapshot_date"] == str(DAY) and envelope["chart"]["chart_id"] == "top"
        items = envelope["payload"]["items"]
    except (KeyError, TypeError, ValueError):
        return None
    return items if is_this and isinstance(items, list) else None


@pytest.mark.fault(
    table="input",
    what="malformed raw captures",
    how="malformed captures, each next to a valid one",
    then="rejected with one error message, or read as Python reads it",
    cases=(60, 1200),
)
def test_a_malformed_file_is_rejected_or_read_and_affects_no_other(spark, root):
    """A malformed file is rejected or read correctly, and the others are complete."""
    first = write_capture(root, instants(0), [GOOD, BOTH])
    good = first.read_bytes()
    whole = json.loads(good)
    documents = fuzz.mangled(whole).map(json_bytes)
    cases = fuzz.draw(documents | fuzz.spoilt(good), quick=60, share=0.1)
    contents = {first: good}
    for number, content in enumerate(cases, start=1):
        for place, held in ((2 * number, content), (2 * number + 1, good)):
            path = write_capture(root, instants(place), [])
            path.write_bytes(held)
            contents[path] = held
    reasons, found = places(spark, root)
    for path, content in contents.items():
        key = key_of(root, path)
        items = usable(content)
        if content == good:
            assert found[key] == expected([GOOD, BOTH])
        elif key not in reasons:
            assert items is not None, content
            assert found.get(key, []) == expected(items), content
    assert sum(usable(content) is None for content in contents.values()) <= len(reasons)


HEADER = NEW.splitlines(keepends=True)[0].removeprefix("\ufeff")
GOOD_ROW = ["1", "spotify:track:00000000000000000000a1", "Tide, Moss", "Low, Water", "Quay"]
GOOD_ROW += ["1", "2", "12", "901234"]
EXTRA: tuple[list[str], ...] = ([], ["duration_ms"], ['length, "ms"', "two\nlines"])
"""Names of columns after the known ones; a good row holds them as its own fields."""
FIRST_DAY = date(2017, 1, 1)

fields = st.one_of(
    st.text(st.sampled_from("\",\n\r\x00 \\;'a1é雪\u2028"), max_size=8),
    st.sampled_from([odd for odd in fuzz.ODD if isinstance(odd, str) and odd != "\ud83d"]),
    st.sampled_from(
        ["0", "01", "10000", "9999", "-1", "1e3", "1\n", " 1", "1 ", "999999999999999"]
    ),
    st.sampled_from([", ", "A, , B", "A,B", "spotify:track:00000000000000000000a1\n", '""' * 9]),
)


@st.composite
def chart_rows(draw: st.DrawFn) -> list[str]:
    """Draw a row with some fields replaced, and sometimes with too few or too many."""
    row = list(GOOD_ROW)
    for place in draw(st.lists(st.integers(0, len(row) - 1), max_size=3)):
        row[place] = draw(fields)
    row += draw(st.lists(fields, min_size=2, max_size=2))
    return row[: draw(st.sampled_from([9, 9, 9, 9, 10, 10, 11, 8, 1]))]


def chart_place(row: list[str], width: int = len(GOOD_ROW)) -> Place:
    """Return what a row is: rank, track id, title, artists and streams, or null, or rejected.

    `width` is the number of fields of the file's header.
    """
    if len(row) != width:
        return ("rejected",)
    rank, uri, credits, title, *_, streams = known = row[: len(GOOD_ROW)]
    artists = [name for name in credits.split(", ") if is_seen(name)]
    is_whole = (
        re.fullmatch("[1-9][0-9]{0,3}", rank)
        and re.fullmatch("spotify:track:[0-9A-Za-z]{22}", uri)
        and re.fullmatch("[0-9]{1,15}", streams)
    )
    if not is_whole or "\x00" in "".join(known):
        return ("rejected",)
    if not is_seen(title) or not artists:
        return ("null",)
    return ("track", int(rank), uri.rpartition(":")[2], title, artists, int(streams))


def is_seen(text: str) -> bool:
    unseen = ("Zs", "Zl", "Zp", "Cc", "Cf")
    return any(unicodedata.category(character) not in unseen for character in text)


def write_chart_file(root: Path, number: int, content: bytes) -> str:
    """Write the chart file of the n-th day, and return its key."""
    day = FIRST_DAY + timedelta(days=number)
    key = charts_csv_key(day, f"regional-us-daily-{day}.csv")
    path = root / key
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return key


def chart_places(spark: Any, root: Path) -> tuple[dict[str, str], dict[str, list[Place]]]:
    """Why each chart file is unusable, and the places of the usable ones, in order."""
    chart = {name: value for name, value in asdict(DAILY).items() if name in CHART}
    named = [{"market": "us", "cadence": "daily", "chart": chart}]
    charts = literal_frame(spark, named, f"market string, cadence string, chart {CHART}")
    files = read_raw_files(spark, [f"s3://lake/{root.name}/raw/charts_csv"], "*.csv")
    captures = parse_chart_files(files, charts)
    files_read = {row["source_file"]: row["reason"] for row in captures.collect()}
    reasons = {file: reason for file, reason in files_read.items() if reason}
    # A header alone is a chart without places, which its gate holds back.
    found: dict[str, list[Place]] = {file: [] for file in files_read.keys() - reasons}
    read = explode_rows(captures.where("reason is null")).orderBy("source_file", "position")
    for row in read.select(
        "source_file", "kind", "rank", "track.id", "track.name", "track.artists.name", "streams"
    ).collect():
        source_file, kind, *known = row
        found[source_file].append((kind, *(known if kind == "track" else ())))
    return reasons, found


@pytest.mark.fault(
    table="input",
    what="malformed rows of chart files, rows of 30,000 commas, 40,000 quotes",
    how="files of valid and malformed rows, in both quoting styles",
    then="each row matches Python's csv module, or is rejected",
    cases=(203, 12_003),
)
def test_a_malformed_row_of_a_chart_file_affects_no_other_row(spark, root):
    cases: list[list[str]] = [[","] * 30_000, ["1", '"' * 40_000], ["x" * 20_000]]
    cases += fuzz.draw(chart_rows(), quick=200)
    wanted, texts = {}, {}
    for number, start in enumerate(range(0, len(cases), PER_FILE)):
        text = io.StringIO(newline="")
        extra = EXTRA[number % len(EXTRA)]
        width = len(GOOD_ROW) + len(extra)
        good = [*GOOD_ROW, *extra]
        style: Any = csv.QUOTE_ALL if number % 2 else csv.QUOTE_MINIMAL
        writer = csv.writer(text, lineterminator="\n", quoting=style)
        writer.writerow([*HEADER.strip().split(","), *extra])
        writer.writerows([good, *cases[start : start + PER_FILE], good])
        key = write_chart_file(root, number, text.getvalue().encode())
        read = csv.reader(io.StringIO(text.getvalue(), newline=""))
        texts[key] = [row for row in read if row][1:]
        wanted[key] = [chart_place(row, width) for row in texts[key]]
    reasons, found = chart_places(spark, root)
    assert reasons == {}
    assert found.keys() == wanted.keys()
    for key in wanted:
        for row, *both in zip(texts[key], found[key], wanted[key], strict=True):
            assert both[0] == both[1], row
        assert [found[key][place] for place in (0, -1)] == [chart_place(GOOD_ROW)] * 2


def entries_taken(content: bytes) -> int | None:
    """The number of entries that the import counts in a file; None if it rejects it."""
    try:
        return count_entries(content, "daily")[1]
    except RowsError:
        return None


@pytest.mark.fault(
    table="input",
    what="corrupt chart files",
    how="corrupt files, each next to a valid one",
    then="the others are intact; if an import would accept a file, the job reads every place of it",
    cases=(124, 1204),
)
def test_a_corrupt_chart_file_affects_no_other_file(spark, root):
    content = NEW.encode()
    extra = with_extra(NEW, 'year,"a ""b"", c"', *['2026,"d, ""e""\n"'] * 4).encode()
    spoilt = fuzz.spoilt(content) | fuzz.spoilt(OLD.encode()) | fuzz.spoilt(extra)
    cases = fuzz.draw(spoilt, quick=120, share=0.1)
    cases += [
        OLD.encode(),
        extra,
        b"0" + OLD.encode(),
        content.replace("첫눈".encode(), b"\xff\xfe\xc3("),
        content.replace(b"Low", "\ufffd".encode()),
    ]
    good = {write_chart_file(root, 2 * number, content) for number in range(len(cases) + 1)}
    written = {write_chart_file(root, 2 * n + 1, case): case for n, case in enumerate(cases)}
    reasons, found = chart_places(spark, root)
    for key, case in written.items():
        if (taken := entries_taken(case)) is not None:
            assert len(found[key]) == taken, case
    ids = ["00000000000000000000a1", "00000000000000000000B2"]
    ids += ["00000000000000000000c3", "00000000000000000000D4"]
    streams = [901234, 900001, 5000, 4999]
    for key in good:
        read = [(place[1], place[2], place[5]) for place in found[key]]
        assert read == list(zip([1, 2, 3, 4], ids, streams, strict=True))
    assert len(reasons) + len(found) == 2 * len(cases) + 1


garbled = st.builds(
    misread, st.text("éÀÍ€雪’🎵a ", max_size=3), st.sampled_from(["latin-1", "windows-1252"])
)
names = garbled | garbled | st.text("aÃÂâ©€’\x81\x9d\xa0\x80ÉïíðôÀ雪", max_size=3)


def is_misread_for_import(content: bytes) -> bool:
    try:
        count_entries(content, "daily")
    except RowsError as error:
        return "read as Latin-1 or Windows-1252" in str(error)
    return False


def test_the_import_and_the_job_reject_the_same_misread_files(spark, root):
    cases = fuzz.draw(st.lists(names, min_size=4, max_size=4), quick=150, share=0.1)
    contents = {}
    for number, (artist, title, other_artist, other_title) in enumerate(cases):
        text = io.StringIO(newline="")
        writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL)
        for rank, of_row in (("1", [artist, title]), ("2", [other_artist, other_title])):
            writer.writerow([rank, GOOD_ROW[1], *of_row, *GOOD_ROW[4:]])
        content = (HEADER + text.getvalue()).encode()
        contents[write_chart_file(root, number, content)] = content
    reasons, _ = chart_places(spark, root)
    refused = {key for key, content in contents.items() if is_misread_for_import(content)}
    assert {key for key, reason in reasons.items() if reason == MISREAD} == refused
    assert len(cases) // 10 < len(refused) < len(cases) * 9 // 10
