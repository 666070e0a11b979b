"""Where the report's rows come from, and the errors if they are unavailable."""

import re
from datetime import UTC, date, datetime
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from chartlake.report import bundle
from chartlake.report.queries import QUERIES
from chartlake.report.sources import athena_account, on_snowflake
from tests.athena.test_athena_account import executed, queue_answer
from tests.support.chart_lake import write_lake
from tests.support.command import chartlake
from tests.support.snowflake_account import DONE, account, in_a_process

EMPTY = "There is no chart to show yet"


def run(tmp_path: Path, source: str, place: object) -> tuple[int, Path]:
    page = tmp_path / "page" / "report.html"
    option = "--lake" if source in ("warehouse", "lake") else "--env"
    return chartlake("report", "--source", source, option, place, "--to", page), page


def test_views_are_named_as_in_each_engine():
    assert on_snowflake("SELECT a FROM chartlake.song_moves AS m", "CHARTLAKE_DEV") == (
        "SELECT a FROM CHARTLAKE_DEV.MARTS.song_moves AS m"
    )
    for sql in QUERIES.values():
        assert re.findall(r"(?:FROM|JOIN) (?!chartlake\.\w)", sql) == []


def test_the_command_writes_and_names_the_page_of_a_lake(tmp_path, capsys):
    write_lake(tmp_path / "chartlake-curated")
    code, page = run(tmp_path, "lake", tmp_path)
    assert (code, capsys.readouterr().out) == (0, f"{page}\n")
    assert "Top World" in page.read_text("utf-8")
    assert list(page.parent.iterdir()) == [page]


@pytest.mark.parametrize(("source", "what"), [("warehouse", "warehouse"), ("lake", "lake")])
def test_without_a_demo_the_report_says_how_to_get_one(tmp_path, capsys, source, what):
    code, page = run(tmp_path, source, tmp_path)
    told = capsys.readouterr().err
    assert (code, told.count("\n"), page.exists()) == (1, 1, False)
    assert told.startswith(f"Error: There is no {what} in {tmp_path}")
    assert told.endswith("yet. Run `chartlake demo` first.\n")


def test_a_corrupt_file_is_reported_in_one_line(tmp_path, capsys):
    write_lake(tmp_path / "chartlake-curated")
    next(tmp_path.rglob("tracks/dt=2026-11-01/**/*.parquet")).write_bytes(b"half a file")
    code, page = run(tmp_path, "lake", tmp_path)
    told = capsys.readouterr().err
    assert (code, told.count("\n"), page.exists()) == (1, 1, False)
    assert told.startswith(f"Error: The lake in {tmp_path} cannot be read: ")


def test_an_unwritable_folder_is_reported_in_one_line(tmp_path, capsys):
    write_lake(tmp_path / "chartlake-curated")
    (tmp_path / "page").write_text("a file")
    code, page = run(tmp_path, "lake", tmp_path)
    assert (code, capsys.readouterr().err) == (
        1,
        f"Error: {page} cannot be written: File exists.\n",
    )


@pytest.fixture
def athena(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("athena")
        where = {"ResultConfiguration": {"OutputLocation": "s3://results/"}}
        client.create_work_group(Name="chartlake-dev", Configuration=where)
        yield client


def test_athena_on_aws_runs_every_query_in_its_workgroup(tmp_path, athena):
    code, page = run(tmp_path, "athena", "dev")
    assert code == 0
    assert EMPTY in page.read_text("utf-8")
    asked = executed(athena)
    assert [one["Query"] for one in asked] == [sql.strip() for sql in QUERIES.values()]
    assert {one["WorkGroup"] for one in asked} == {"chartlake-dev"}


VALUES = [
    ("chart_name", "varchar", "Top, \n50", "Top, \n50"),
    ("rank", "integer", "3", 3),
    ("editions", "bigint", "12345678901", 12_345_678_901),
    ("share", "double", "0.25", 0.25),
    ("tiny", "double", "1.0E-7", 1e-7),
    ("whole", "decimal", "2.00", 2),
    ("part", "decimal", "2.50", 2.5),
    ("is_latest", "boolean", "true", True),
    ("is_repeat", "boolean", "false", False),
    ("snapshot_date", "date", "2026-11-07", date(2026, 11, 7)),
    ("captured_at", "timestamp", "2026-11-07 06:00:00.000", datetime(2026, 11, 7, 6, tzinfo=UTC)),
    ("streams", "bigint", None, None),
    ("empty", "varchar", "", ""),
]


def test_athena_values_are_converted_to_plain_python_values(athena):
    queue_answer([told[:3] for told in VALUES])
    with athena_account("dev") as ask:
        (row,) = ask("SELECT 1")
    assert row == {name: value for name, _, _, value in VALUES}
    assert type(row["whole"]) is int


def test_snowflake_is_queried_as_the_environments_analyst(tmp_path):
    page = tmp_path / "report.html"
    with account(tmp_path / "home", lambda sql: [] if "MARTS" in sql else DONE) as served:
        told = in_a_process(
            tmp_path / "home", "report", "--source", "snowflake", "--env", "dev", "--to", page
        )
    assert (told.returncode, told.stderr) == (0, "")
    assert EMPTY in page.read_text("utf-8")
    asked = [sql for sql in served.sent if "MARTS" in sql or sql.startswith("USE")]
    assert asked[:2] == ["USE ROLE CHARTLAKE_DEV_ANALYST", "USE WAREHOUSE CHARTLAKE_DEV_WH"]
    assert len(asked) == 2 + len(QUERIES)
    assert all("CHARTLAKE_DEV.MARTS." in sql and "chartlake." not in sql for sql in asked[2:])


def test_a_missing_snowflake_account_is_reported_in_one_line(tmp_path):
    told = in_a_process(
        tmp_path, "report", "--source", "snowflake", "--env", "dev", "--to", tmp_path / "r.html"
    )
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)
    assert told.stderr.startswith("Error: Snowflake did not respond: Default connection with name")


def test_without_credentials_athena_says_what_to_set(tmp_path, capsys, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/nowhere")
    code, page = run(tmp_path, "athena", "dev")
    told = capsys.readouterr().err
    assert (code, told.count("\n"), page.exists()) == (1, 1, False)
    assert told.startswith(
        "Error: Athena did not respond: AWS credentials or region cannot be used: "
    )


def test_a_missing_environment_is_reported_in_one_line(tmp_path, capsys):
    assert run(tmp_path, "snowflake", "nowhere")[0] == 1
    assert "There is no environment 'nowhere'." in capsys.readouterr().err


def test_vega_is_bundled_once_per_version(tmp_path, monkeypatch):
    made: list[str] = []

    def bundled() -> str:
        made.append("once more")
        return "a('</script><!--')"

    monkeypatch.setattr(bundle, "version", lambda _: "9.9")
    monkeypatch.setattr(bundle, "_bundled", bundled)
    file = tmp_path / "build" / "vega.js"
    script = bundle.vega(file)
    assert bundle.vega(file) == script
    assert len(made) == 1
    assert r"a('<\/script><\!--')" in script
    monkeypatch.setattr(bundle, "version", lambda _: "10.0")
    assert "vl-convert 10.0 */" in bundle.vega(file)
    assert len(made) == 2


def test_without_vl_convert_an_existing_bundle_is_read_or_reported(tmp_path, monkeypatch):
    def absent(_: str) -> str:
        raise PackageNotFoundError

    monkeypatch.setattr(bundle, "version", absent)
    file = tmp_path / "vega.js"
    with pytest.raises(
        bundle.BundleError, match=r"vega\.js is missing\. Install vl-convert-python"
    ):
        bundle.vega(file)
    file.write_text("as it is")
    assert bundle.vega(file) == "as it is"
