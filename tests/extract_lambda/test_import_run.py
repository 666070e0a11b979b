import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from extract_lambda.chart_files.importing import import_file, write_manifest
from extract_lambda.raw.store import FolderStore, RawStoreError
from tests.support.chart_file_builders import CHARTS, DAILY_NAME, NEW, OLD, WEEKLY_NAME, WEEKLY_NEW

KEY = f"raw/charts_csv/dt=2026-10-01/{DAILY_NAME}"
BEGAN = datetime(2026, 11, 20, 6, 0, 0, tzinfo=UTC)
ENDED = datetime(2026, 11, 20, 6, 0, 1, 500, tzinfo=UTC)
RUN_ID = "20261120T060000Z-00beef"


def add(store: FolderStore, name: str, text: str, again: bool = False) -> dict[str, Any]:
    return import_file(name, text.encode, CHARTS, store, again)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("text", [NEW, OLD, NEW.replace("\n", "\r\n")])
def test_raw_keeps_the_bytes_unchanged_under_the_official_name(tmp_path, text):
    name = "regional-us-daily-2026-10-01 (1).csv"
    assert add(FolderStore(tmp_path), name, text) == {
        "chart_id": "us_top",
        "status": "captured",
        "file": name,
        "key": KEY,
        "entries": 4,
        "payload_sha256": sha256(text.encode()).hexdigest(),
        "extra_columns": [],
        "error": None,
        "snapshot_date": "2026-10-01",
    }
    assert (tmp_path / KEY).read_bytes() == text.encode()


def test_a_rejected_file_is_not_stored(tmp_path):
    line = add(FolderStore(tmp_path), DAILY_NAME, "<html>")
    assert line["error"].startswith(f"{DAILY_NAME}: it is a web page")
    assert (line["status"], line["chart_id"], line["key"]) == ("failed", "us_top", None)
    assert (line["snapshot_date"], line["entries"]) == ("2026-10-01", None)
    assert files(tmp_path) == []


def test_a_file_with_an_unknown_name_has_no_chart(tmp_path):
    line = add(FolderStore(tmp_path), "charts.csv", NEW)
    assert (line["status"], line["chart_id"], line["snapshot_date"]) == ("failed", None, None)


def test_an_existing_file_is_skipped(tmp_path):
    store = FolderStore(tmp_path)
    first = add(store, DAILY_NAME, NEW)
    second = add(store, DAILY_NAME, NEW)
    already = {"status": "skipped", "error": f"{DAILY_NAME}: already imported."}
    assert second == first | already
    assert files(tmp_path) == [KEY]


def test_an_existing_file_is_listed_again_on_request(tmp_path):
    store = FolderStore(tmp_path)
    assert add(store, DAILY_NAME, NEW) == add(store, DAILY_NAME, NEW, again=True)


@pytest.mark.parametrize("again", [False, True])
def test_raw_is_never_overwritten_with_other_bytes(tmp_path, again):
    store = FolderStore(tmp_path)
    add(store, DAILY_NAME, NEW)
    line = add(store, DAILY_NAME, OLD, again)
    assert (line["status"], line["key"]) == ("failed", None)
    assert line["error"].startswith(f"{DAILY_NAME}: {KEY} has different content for the same chart")
    assert (tmp_path / KEY).read_bytes() == NEW.encode()


class LosesAnswers(FolderStore):
    """Writes, and then reports a failure, as if the network failed before the response."""

    def write(self, key: str, content: bytes) -> None:
        super().write(key, content)
        raise RawStoreError("the answer was lost.")


def test_a_write_with_a_lost_response_counts_as_written(tmp_path):
    assert add(LosesAnswers(tmp_path), DAILY_NAME, NEW)["status"] == "captured"


def test_an_unwritable_store_stops_the_run(tmp_path):
    (tmp_path / "raw").write_text("a file where a folder should be")
    with pytest.raises(RawStoreError, match=r"cannot be (read|written): "):
        add(FolderStore(tmp_path), DAILY_NAME, NEW)


def test_the_manifest_names_every_file_and_the_imported_days(tmp_path):
    store = FolderStore(tmp_path)
    add(store, "regional-us-daily-2026-09-01.csv", NEW)
    lines = [
        add(store, "regional-us-daily-2026-10-03.csv", NEW),
        add(store, WEEKLY_NAME, WEEKLY_NEW),
        add(store, "regional-us-daily-2026-09-01.csv", NEW),
        add(store, "regional-us-daily-2026-10-09.csv", "<html>"),
    ]
    key = write_manifest(lines, store, RUN_ID, BEGAN, ENDED)
    assert key == f"raw/manifests/dt=2026-10-01/{RUN_ID}.json"
    content = (tmp_path / key).read_text(encoding="utf-8")
    assert content.count("\n") == 1
    assert json.loads(content) == {
        "schema_version": 1,
        "run_id": RUN_ID,
        "snapshot_date": "2026-10-01",
        "end_date": "2026-10-03",
        "started_at": "2026-11-20T06:00:00.000000Z",
        "finished_at": "2026-11-20T06:00:01.000500Z",
        "charts": lines,
    }
    assert [line["status"] for line in lines] == ["captured", "captured", "skipped", "failed"]


def test_without_imported_files_there_is_no_manifest(tmp_path):
    store = FolderStore(tmp_path)
    add(store, DAILY_NAME, NEW)
    lines = [add(store, DAILY_NAME, NEW), add(store, "charts.csv", NEW)]
    assert write_manifest(lines, store, RUN_ID, BEGAN, ENDED) is None
    assert files(tmp_path) == [KEY]


def test_an_existing_manifest_is_not_overwritten(tmp_path):
    store = FolderStore(tmp_path)
    lines = [add(store, DAILY_NAME, NEW)]
    key = write_manifest(lines, store, RUN_ID, BEGAN, BEGAN)
    assert key is not None
    before = (tmp_path / key).read_bytes()
    assert write_manifest(lines, store, RUN_ID, BEGAN, ENDED) == key
    assert (tmp_path / key).read_bytes() == before
