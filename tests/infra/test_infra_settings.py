"""Settings of an environment: what is rejected, and what follows from them."""

from pathlib import Path

import pytest

from glue_jobs.job.session import SETTINGS as SPARK
from infra.settings import SettingsError, read_settings
from tests.support.infra_app import SETTINGS

DEV = Path("infra/environments/dev.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("environment", ["dev", "prod"])
def test_the_existing_environments_can_be_read(environment):
    assert read_settings(environment).name == f"chartlake-{environment}"


def test_every_error_is_reported_at_once_with_its_location(tmp_path):
    wrong = (
        DEV.replace("hour = 6 ", "hour = 24 ")
        .replace('version = "6.0"', 'version = "9.9"')
        .replace("workers = 2", 'workers = "two"')
        .replace('worker_type = "G.2X"', 'worker_type = "G.3X"')
        .replace("logs = 90", "logs = 91")
        .replace('alarm_email = "you@example.com"', 'alarm_email = "me"\nspeed = 3')
        .replace('pipe_queue_arn = ""', 'pipe_queue_arn = "sf-snowpipe"')
    )
    (tmp_path / "dev.toml").write_text(wrong, encoding="utf-8")
    with pytest.raises(SettingsError) as told:
        read_settings("dev", tmp_path)
    first, *lines = str(told.value).splitlines()
    assert first == f"{tmp_path / 'dev.toml'} cannot be used:"
    assert sorted(line.split(":")[0].strip() for line in lines) == [
        "alarm_email",
        "backfill.worker_type",
        "glue.version",
        "glue.workers",
        "hour",
        "retention_days.logs",
        "snowflake.pipe_queue_arn",
        "speed",
    ]


def test_a_removed_setting_is_rejected_with_what_to_do(tmp_path):
    (tmp_path / "dev.toml").write_text("crawler = false\n" + DEV, encoding="utf-8")
    with pytest.raises(SettingsError) as refused:
        read_settings("dev", tmp_path)
    assert str(refused.value) == (
        f"{tmp_path / 'dev.toml'} cannot be used: crawler was removed, because nothing needed it. "
        "Delete the line; the next deployment deletes the crawler and its database."
    )


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("charts = []", 'charts = ["nowhere"]', "charts.toml has no nowhere. It has top50_global"),
        ('alarm_user_arn = ""', 'alarm_user_arn = "arn:aws:iam::1:user/x"', "set both"),
        (
            "digest_emails = []",
            'digest_emails = ["you@example.org"]',
            "digest_emails needs the report: set report = true",
        ),
        (
            "report = false",
            "report = true",
            "set it to the day of your first chart",
        ),
        (
            "report = false",
            'report = true\ndigest_email = "you@example.org"',
            "digest_email: Extra inputs are not permitted",
        ),
        ("[glue]", "[glue", "cannot be read"),
    ],
)
def test_invalid_settings_give_one_error_message(tmp_path, before, after, told):
    assert before in DEV
    (tmp_path / "dev.toml").write_text(DEV.replace(before, after), encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_settings("dev", tmp_path)
    assert told in str(error.value)


def test_a_report_requires_the_first_day(tmp_path):
    told = DEV.replace("report = false", "report = true")
    told = told.replace("first_day = 2016-12-01", "first_day = 2026-11-01")
    told = told.replace("digest_emails = []", 'digest_emails = ["you@example.org"]')
    (tmp_path / "dev.toml").write_text(told, encoding="utf-8")
    settings = read_settings("dev", tmp_path)
    assert (settings.report, settings.digest_emails) == (True, ["you@example.org"])


def test_an_unknown_environment_lists_the_existing_ones():
    with pytest.raises(SettingsError, match="The environments are: dev, prod"):
        read_settings("nowhere")


@pytest.mark.parametrize(
    ("schedule", "hour", "cron", "limit"),
    [
        ("daily", 6, "cron(0 6 * * ? *)", 33),
        ("daily", 23, "cron(0 23 * * ? *)", 50),
        ("hourly", 6, "cron(0 * * * ? *)", 27),
        ("none", 6, None, 27),
    ],
)
def test_a_schedule_has_a_time_and_a_limit_for_lateness(schedule, hour, cron, limit):
    settings = SETTINGS.model_copy(update={"schedule": schedule, "hour": hour})
    assert (settings.cron, settings.newest_day_limit_hours) == (cron, limit)


def test_no_spark_timeout_is_shorter_than_the_jobs_own(tmp_path):
    minutes = int(SPARK["spark.sql.broadcastTimeout"]) // 60
    longer = DEV.replace("timeout_minutes = 720", f"timeout_minutes = {minutes + 1}")
    (tmp_path / "dev.toml").write_text(longer, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"backfill\.timeout_minutes"):
        read_settings("dev", tmp_path)
