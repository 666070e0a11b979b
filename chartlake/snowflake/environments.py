"""`snowflake/environments/<name>.toml` -> the variables of the SQL files."""

import re
import tomllib
from pathlib import Path

from chartlake.contract.errors import UserError
from chartlake.resources import SNOWFLAKE

FOLDER = SNOWFLAKE / "environments"

FILE_NAME = r"[a-z][a-z0-9_-]*"
NAME = r"[A-Z][A-Z0-9_]*"
ARN = r"arn:aws[a-z-]*:(iam|sns):[a-z0-9-]*:[0-9]{12}:[\w+=,.@/-]+"

SHAPES = {
    "database": NAME,
    "prefix": NAME,
    "bucket": r"[a-z0-9][a-z0-9.-]{2,62}",
    "storage_role_arn": ARN,
    "storage_external_id": r"[\w+=,.@:/-]{2,1224}",
    "alarm_topic_arn": ARN,
    "alarm_role_arn": ARN,
    "warehouse_size": r"X?SMALL|MEDIUM|X?LARGE",
    "auto_suspend_seconds": r"[1-9][0-9]*",
    "credit_quota": r"[1-9][0-9]*",
    "watch": r"RESUME|SUSPEND",
}
"""The pattern of each variable. Values go into SQL unescaped, so nothing else may pass."""

Variables = dict[str, str]


class EnvironmentFileError(UserError):
    """A variables file is missing or invalid; the message lists every mistake."""


def read_environment(name: str, folder: Path = FOLDER) -> Variables:
    """Read and validate the variables of one environment.

    Raises EnvironmentFileError with all mistakes at once.
    """
    path = folder / f"{name}.toml"
    if not re.fullmatch(FILE_NAME, name) or not path.is_file():
        known = ", ".join(sorted(file.stem for file in folder.glob("*.toml")))
        raise EnvironmentFileError(f"There is no environment {name!r}. Available: {known}.")
    try:
        values = {key: str(value) for key, value in tomllib.loads(path.read_text("utf-8")).items()}
    except tomllib.TOMLDecodeError as error:
        raise EnvironmentFileError(f"{path.name} is not TOML: {error}") from error
    if faults := _faults(values):
        raise EnvironmentFileError(f"{path.name}: {'; '.join(faults)}")
    return values


def is_example(variables: Variables) -> bool:
    """Return whether the ARNs are still the placeholders that the file came with."""
    return any(":000000000000:" in value for value in variables.values())


def _faults(values: Variables) -> list[str]:
    missing = [f"{name} is missing" for name in SHAPES if name not in values]
    unknown = [f"unknown variable {name}" for name in values if name not in SHAPES]
    wrong = [
        f"{name} = {values[name]!r} is invalid"
        for name, shape in SHAPES.items()
        if name in values and not re.fullmatch(shape, values[name])
    ]
    return missing + unknown + wrong
