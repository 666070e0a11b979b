"""infra/environments/<name>.toml -> Settings: everything that differs between two deployments."""

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from chartlake.contract.chart_config import read_charts
from chartlake.contract.errors import UserError
from chartlake.contract.printable import printable

ROOT = Path(__file__).parents[1]
ENVIRONMENTS = Path(__file__).parent / "environments"
MARGIN_HOURS = 3
"""How late a run, or the newest day, may be before an alarm."""

NAME = "[a-z][a-z0-9]{1,9}"
"""The pattern of an environment's name."""

FIRST_CHARTS = date(2016, 12, 1)
"""Spotify's daily charts begin in 2017, and a weekly one may be dated some days earlier."""

REMOVED = {
    "crawler": "crawler was removed, because nothing needed it. Delete the line; the next "
    "deployment deletes the crawler and its database.",
}
"""Settings of earlier versions, and what to do about each."""

Days = Annotated[int, Field(ge=1, le=3653)]
LogDays = Literal[30, 90, 180, 365, 731]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
Arn = Annotated[str, Field(pattern=r"^(arn:aws[a-z-]*:[a-z]+:.*)?$")]


class SettingsError(UserError):
    """The settings cannot be used; the message lists every mistake in them."""


class Part(BaseModel):
    """Settings that reject unknown names and values of the wrong type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Size(Part):
    """Machines of one run of the Glue job. A run that exceeds its timeout is stopped."""

    worker_type: Literal["G.1X", "G.2X", "G.4X", "G.8X"]
    workers: Annotated[int, Field(ge=2, le=100)]
    timeout_minutes: Annotated[int, Field(ge=5, le=24 * 60)]


class Glue(Size):
    """The daily run: its version of Glue, its size, and when it counts as slow."""

    version: Literal["5.1", "6.0"]
    slow_after_minutes: Annotated[int, Field(ge=1)]


class RetentionDays(Part):
    """Days after which data other than charts is deleted. Raw files and current runs stay forever.

    `recovery`: how long a deleted object can be restored.
    """

    logs: LogDays
    access_logs: Days
    inbox: Days
    athena_results: Days
    recovery: Days


class Snowflake(Part):
    """What Snowflake reports once its integrations and pipes exist; empty until then.

    None of it is secret: it names who may assume a role. We choose the storage's external id; by
    default it is the deployment's name.
    """

    storage_user_arn: Arn = ""
    storage_external_id: str = ""
    alarm_user_arn: Arn = ""
    alarm_external_id: str = ""
    pipe_queue_arn: Arn = ""

    @model_validator(mode="after")
    def _the_alarms_user_has_its_id(self) -> "Snowflake":
        if self.alarm_user_arn and not self.alarm_external_id:
            raise ValueError("alarm_user_arn requires alarm_external_id: set both")
        return self


class Settings(Part):
    """One deployment. `charts` are ids of charts.toml for the schedule; an empty list means all.

    `first_day` is where Athena begins to look for days: it queries S3 for each day of each table.
    `digest_emails` receive what is new on the charts; a report is built without any, too.
    """

    environment: Annotated[str, Field(pattern=f"^{NAME}$")]
    alarm_email: Email
    schedule: Literal["daily", "hourly", "none"]
    hour: Annotated[int, Field(ge=0, le=23)] = 6
    charts: list[str] = []
    first_day: date = FIRST_CHARTS
    monthly_budget_usd: Annotated[int, Field(ge=1)]
    athena_scan_limit_gb: Annotated[int, Field(ge=1)]
    prune: Literal["never", "report", "delete"] = "never"
    report: bool = False
    digest_emails: list[Email] = []
    retention_days: RetentionDays
    glue: Glue
    backfill: Size
    snowflake: Snowflake = Snowflake()

    @model_validator(mode="after")
    def _charts_are_known(self) -> "Settings":
        known = [chart.chart_id for chart in read_charts(ROOT / "charts.toml")]
        if unknown := sorted(set(self.charts) - set(known)):
            raise ValueError(f"charts.toml has no {', '.join(unknown)}. It has {', '.join(known)}")
        return self

    @model_validator(mode="after")
    def _a_digest_comes_with_the_report(self) -> "Settings":
        if self.digest_emails and not self.report:
            raise ValueError("digest_emails needs the report: set report = true")
        return self

    @model_validator(mode="after")
    def _a_report_knows_its_first_day(self) -> "Settings":
        if self.report and self.first_day == FIRST_CHARTS:
            raise ValueError(
                "report = true makes Athena search every day since first_day after each run: set it"
                " to the day of your first chart; docs/deploy.md has the cost"
            )
        return self

    @property
    def name(self) -> str:
        """The prefix of every name in the account."""
        return f"chartlake-{self.environment}"

    @property
    def cron(self) -> str | None:
        """When charts are captured, as an EventBridge expression in UTC."""
        hours = {"daily": str(self.hour), "hourly": "*"}
        return f"cron(0 {hours[self.schedule]} * * ? *)" if self.schedule in hours else None

    @property
    def cadence_hours(self) -> int:
        """Hours between two runs of the schedule."""
        return 1 if self.schedule == "hourly" else 24

    @property
    def newest_day_limit_hours(self) -> int:
        """Hours since the newest published day began, after which it is too old."""
        return 24 + (self.hour if self.schedule == "daily" else 0) + MARGIN_HOURS


def read_settings(environment: str, folder: Path = ENVIRONMENTS) -> Settings:
    """Read the settings of an environment; raises SettingsError with every mistake in them."""
    path = folder / f"{environment}.toml"
    try:
        if not re.fullmatch(NAME, environment):
            raise FileNotFoundError
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        there = ", ".join(sorted(found.stem for found in folder.glob("*.toml")))
        raise SettingsError(
            f"There is no {printable(path)}. The environments are: {there}."
        ) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {error}") from None
    if removed := [name for name in REMOVED if name in values]:
        raise SettingsError(f"{path} cannot be used: {REMOVED[removed[0]]}")
    try:
        return Settings.model_validate({**values, "environment": environment})
    except ValidationError as error:
        lines = [f"  {_place(mistake['loc'])}: {mistake['msg']}" for mistake in error.errors()]
        raise SettingsError("\n".join([f"{path} cannot be used:", *lines])) from None


def _place(location: tuple[int | str, ...]) -> str:
    return ".".join(map(str, location)) or "as a whole"
