"""The deployed zips, and how they are built."""

import re
import subprocess
import sys
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from chartlake.spotify_stand_in.server import SpotifyServer
from tests.support.spotify_fixtures import GLOBAL, small_source
from tools import wheels
from tools.build_zips import extract_lambda_zip, glue_jobs_zip, report_lambda_zip
from tools.lambda_folder import run, unpack
from tools.wheels import RUNTIME_PROVIDES, WheelsError, install, without
from tools.zip_bytes import files_below, zip_bytes

ROOT = Path(__file__).parents[2]
CONTRACT = {"chartlake/__init__.py"} | {
    str(path.relative_to(ROOT)) for path in (ROOT / "chartlake/contract").glob("*.py")
}
LOCK = (ROOT / "requirements/lambda.txt").read_text(encoding="utf-8")
REPORT_LOCK = (ROOT / "requirements/report.txt").read_text(encoding="utf-8")
AARCH64 = 183
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def lambda_zip() -> bytes:
    return extract_lambda_zip()


@pytest.fixture(scope="module")
def report_zip() -> bytes:
    return report_lambda_zip()


BOTH = pytest.mark.parametrize("name", ["lambda_zip", "report_zip"])


@pytest.fixture
def either(name: str, request: pytest.FixtureRequest) -> bytes:
    content: bytes = request.getfixturevalue(name)
    return content


@pytest.fixture(scope="module")
def unpacked(lambda_zip: bytes, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lambda")
    (folder / "it.zip").write_bytes(lambda_zip)
    unpack(folder / "it.zip", folder)
    return folder


def opened(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_same_sources_give_the_same_bytes(lambda_zip, report_zip):
    assert extract_lambda_zip() == lambda_zip
    assert report_lambda_zip() == report_zip
    assert glue_jobs_zip() == glue_jobs_zip()


def test_the_order_and_age_of_files_do_not_change_a_zip():
    first = zip_bytes({"a.py": b"1", "b/c.py": b"2"})
    assert zip_bytes({"b/c.py": b"2", "a.py": b"1"}) == first
    with ZipFile(BytesIO(first)) as archive:
        told = [(entry.filename, entry.date_time[0]) for entry in archive.infolist()]
        assert told == [("a.py", 1980), ("b/c.py", 1980)]
        assert {oct(entry.external_attr >> 16) for entry in archive.infolist()} == {"0o100644"}


@BOTH
def test_every_compiled_module_is_for_arm64_and_python_3_13(either):
    compiled = {name: it for name, it in opened(either).items() if name.endswith(".so")}
    assert compiled
    for name, content in compiled.items():
        assert content[:4] == b"\x7fELF", name
        assert int.from_bytes(content[18:20], "little") == AARCH64, name
        # abi3 modules run on every Python from the one they were built for.
        assert ".cpython-313-aarch64-linux-gnu." in name or ".abi3." in name


def test_the_lambda_zip_has_the_locked_packages_the_runtime_lacks(lambda_zip):
    told = {name.split("-")[0] for name in opened(lambda_zip) if ".dist-info/" in name}
    for_any_python = r"^([a-z0-9-]+)==[^;\n]+$"
    locked = set(re.findall(for_any_python, LOCK, re.MULTILINE)) - RUNTIME_PROVIDES
    assert told == {name.replace("-", "_") for name in locked}
    assert {"requests", "spotipy", "urllib3"} < told


def test_the_lambda_zip_has_our_sources_and_the_charts_file(lambda_zip):
    names = opened(lambda_zip).keys()
    packages = {name.split("-")[0] for name in names if ".dist-info/" in name}
    tops = {name.partition("/")[0].removesuffix(".py") for name in names if "-" not in name}
    assert tops - packages == {"extract_lambda", "chartlake", "charts.toml"}
    ours = {str(path.relative_to(ROOT)) for path in (ROOT / "extract_lambda").rglob("*.py")}
    assert ours == {name for name in names if name.startswith("extract_lambda/")}
    assert {name for name in names if name.startswith("chartlake/")} == CONTRACT


@BOTH
def test_a_lambda_zip_has_nothing_for_installing_or_testing_only(either):
    names = opened(either).keys()
    unwanted = r"(^|/)(__pycache__|tests|bin)/|\.pyc$|^\."
    assert [name for name in names if re.search(unwanted, name)] == []
    kept = {name.rpartition("/")[2] for name in names if ".dist-info/" in name}
    assert kept == {"METADATA"}


def test_the_lambda_zip_can_be_uploaded_in_one_request(lambda_zip):
    assert len(lambda_zip) < 10 * MEGABYTE


@BOTH
def test_a_lambda_zip_fits_into_lambda(either):
    """The limits are Lambda's quotas for a deployment package, zipped and unzipped."""
    assert len(either) < 50 * MEGABYTE
    assert sum(map(len, opened(either).values())) < 250 * MEGABYTE


def test_the_report_zip_has_the_locked_packages_page_and_contract(report_zip):
    names = opened(report_zip).keys()
    told = {name.split("-")[0] for name in names if ".dist-info/" in name}
    locked = set(re.findall(r"^([a-z0-9-]+)==", REPORT_LOCK, re.MULTILINE))
    packages = {name.replace("-", "_") for name in locked}
    assert told == packages >= {"altair", "boto3", "pyathena"}
    page = {f"chartlake/report/{name}" for name in files_below(ROOT / "chartlake/report")}
    assert {name for name in names if name.startswith("chartlake/report/")} == page
    assert {"chartlake/report/handler.py", "chartlake/contract/paths.py"} <= names
    assert {name for name in names if name.startswith("chartlake/athena/")} == {
        f"chartlake/athena/{name}.py" for name in ("__init__", "account", "statements")
    }
    other = {"extract_lambda", "glue_jobs", "infra", "charts.toml"}
    assert {name.partition("/")[0] for name in names} & other == set()


def test_the_report_can_be_imported_from_its_zip_alone(report_zip, tmp_path):
    (tmp_path / "it.zip").write_bytes(report_zip)
    # It has no twins in Python for its modules, which are compiled for another machine.
    unpack(tmp_path / "it.zip", tmp_path, compiled=("rpds-py",))
    script = (
        "import altair, chartlake.athena.account, boto3, pyathena, chartlake.report.handler\n"
        "print(*[it.__file__ for it in (altair, chartlake.athena.account, boto3, pyathena)])"
    )
    told = run(tmp_path, script)
    assert told.returncode == 0, told.stderr
    folders = [Path(name).relative_to(tmp_path).parts[0] for name in told.stdout.split()]
    assert folders == ["task"] * 4


def test_the_handler_comes_from_the_zip_and_boto3_from_the_runtime(unpacked):
    script = (
        "import boto3, extract_lambda.handler, spotipy, urllib3\n"
        "print(*[it.__file__ for it in (extract_lambda.handler, spotipy, urllib3, boto3)])"
    )
    told = run(unpacked, script)
    assert told.returncode == 0, told.stderr
    folders = [Path(name).relative_to(unpacked).parts[0] for name in told.stdout.split()]
    assert folders == ["task", "task", "task", "runtime"]


def test_the_handler_captures_a_chart_with_only_zip_and_runtime(unpacked, tmp_path, monkeypatch):
    with SpotifyServer(small_source({str(GLOBAL.playlist_id): 3}), date(2026, 10, 11)) as server:
        monkeypatch.setenv("CHARTLAKE_RAW_ROOT", str(tmp_path))
        monkeypatch.setenv("SPOTIFY_CLIENT_ID", "the-id")
        monkeypatch.setenv("SPOTIFY_CLIENT_SECRET", "the-secret")
        monkeypatch.setenv("SPOTIFY_API_URL", server.api_url)
        monkeypatch.setenv("SPOTIFY_TOKEN_URL", server.token_url)
        event = {"charts": ["top50_global"]}
        script = f"from extract_lambda.handler import handler; print(handler({event}, None))"
        told = run(unpacked, script)
    assert told.returncode == 0, told.stderr
    assert "'captured': ['top50_global']" in told.stdout


def test_every_module_in_the_zip_can_be_imported(unpacked):
    names = {path.stem for path in (unpacked / "task").iterdir() if path.suffix in ("", ".py")}
    for name in sorted(names):
        told = run(unpacked, f"import {name}")
        assert told.returncode == 0, told.stderr


def test_the_glue_zip_has_only_the_jobs_and_the_contract():
    names = opened(glue_jobs_zip()).keys()
    tops = {name.partition("/")[0] for name in names}
    assert tops == {"glue_jobs", "chartlake"}
    assert {name for name in names if name.startswith("chartlake/")} == CONTRACT
    assert {Path(name).suffix for name in names} == {".py"}


def test_the_job_can_be_imported_from_the_glue_zip(tmp_path):
    (tmp_path / "glue_jobs.zip").write_bytes(glue_jobs_zip())
    script = "import sys; sys.path.insert(0, 'glue_jobs.zip'); import glue_jobs.build_tables as it"
    told = subprocess.run(
        [sys.executable, "-I", "-c", f"{script}; print(it.__file__)"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout == "glue_jobs.zip/glue_jobs/build_tables.py\n", told.stderr


def test_a_package_is_omitted_from_a_lock_with_its_hashes():
    lock = "six==1 \\\n    --hash=sha256:1\nsixty==2 \\\n    --hash=sha256:2\nrich==3\n"
    assert without(lock, {"six", "rich"}) == "sixty==2 \\\n    --hash=sha256:2"


def test_files_not_needed_at_run_time_are_not_read(tmp_path):
    for name in ["a/b.py", "a/tests/c.py", "a-1.dist-info/METADATA", "a-1.dist-info/RECORD"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    assert files_below(tmp_path).keys() == {"a/b.py", "a-1.dist-info/METADATA"}


def test_a_package_without_a_hash_is_rejected(tmp_path):
    with pytest.raises(WheelsError, match="--require-hashes"):
        install("idna==3.20", tmp_path)


def test_a_package_with_another_hash_is_rejected(tmp_path):
    with pytest.raises(WheelsError, match="Hash mismatch"):
        install(f"idna==3.20 --hash=sha256:{'0' * 64}", tmp_path)


def test_an_unreachable_registry_is_reported(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    with pytest.raises(WheelsError, match=r"could not be installed(.|\n)*Check the network"):
        install(LOCK, tmp_path / "packages")


def test_a_registry_that_does_not_respond_times_out(tmp_path, monkeypatch):
    monkeypatch.setattr(wheels, "PATIENCE_SECONDS", 0.001)
    with pytest.raises(WheelsError, match=r"not finished after 0\.001 seconds"):
        install(LOCK, tmp_path)
