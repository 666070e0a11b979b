"""One variables file per environment: complete, with invalid values rejected by name."""

from pathlib import Path

import jinja2
import pytest

from chartlake.snowflake.environments import (
    FOLDER,
    SHAPES,
    EnvironmentFileError,
    is_example,
    read_environment,
)
from chartlake.snowflake.sql_files import render

NAMES = sorted(path.stem for path in FOLDER.glob("*.toml"))
LOCAL = (FOLDER / "local.toml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(LOCAL, encoding="utf-8")
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    assert LOCAL.count(old) == 1
    (folder / "mine.toml").write_text(LOCAL.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_an_environment_names_every_variable(name):
    assert read_environment(name).keys() == SHAPES.keys()


def test_two_environments_share_no_name_within_an_account():
    names = [(env["database"], env["prefix"]) for env in map(read_environment, ("dev", "prod"))]
    assert names == [("CHARTLAKE_DEV", "CHARTLAKE_DEV"), ("CHARTLAKE", "CHARTLAKE")]


def test_the_files_have_an_example_account():
    assert is_example(read_environment("dev"))
    real = read_environment("dev").items()
    assert not is_example({key: value.replace("0" * 12, "123456789012") for key, value in real})


def test_a_missing_environment_is_rejected_with_the_existing_ones():
    with pytest.raises(EnvironmentFileError) as told:
        read_environment("staging")
    assert str(told.value) == f"There is no environment 'staging'. Available: {', '.join(NAMES)}."


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('watch = "SUSPEND"', "", "mine.toml: watch is missing"),
        ("credit_quota = 1", "credit_quota = 0", "credit_quota = '0' is invalid"),
        ('watch = "SUSPEND"', 'watch = "SUSPEND"\nwach = 1', "unknown variable wach"),
        ('bucket = "chartlake-curated"', 'bucket = "x\'; --"', 'bucket = "x\'; --" is invalid'),
        ('database = "CHARTLAKE"', 'database = "CHARTLAKE; DROP"', "database = 'CHARTLAKE; DROP'"),
        ("= 60", "= ", "mine.toml is not TOML"),
    ],
)
def test_an_invalid_variable_is_named(folder, old, new, fault):
    change(folder, old, new)
    with pytest.raises(EnvironmentFileError) as told:
        read_environment("mine", folder)
    assert fault in str(told.value)


def test_all_problems_are_reported_at_once(folder):
    (folder / "mine.toml").write_text('database = "lower"\n', encoding="utf-8")
    with pytest.raises(EnvironmentFileError) as told:
        read_environment("mine", folder)
    assert str(told.value).count(";") == len(SHAPES) - 1


def test_an_undefined_variable_stops_the_rendering(tmp_path):
    path = tmp_path / "01_new.sql"
    path.write_text("CREATE DATABASE {{ databse }};", encoding="utf-8")
    with pytest.raises(jinja2.UndefinedError, match="databse"):
        render(path, read_environment("local"))
