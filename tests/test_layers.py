"""What may import what."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def loads(module: str, *unwanted: str) -> list[str]:
    """Which of the unwanted packages a fresh interpreter has after importing a module."""
    script = f"import json, sys, {module}; json.dump(sorted(sys.modules), sys.stdout)"
    told = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [name for name in json.loads(told.stdout) if name in unwanted]


def test_the_folder_snowflake_does_not_hide_the_connector():
    assert loads("snowflake.connector", "snowflake.connector") == ["snowflake.connector"]
    assert not [path for path in (ROOT / "snowflake").rglob("*") if path.suffix == ".py"]


@pytest.mark.parametrize(
    "module", ["extract_lambda.handler", "chartlake.tables", "local.demo", "local.warehouse"]
)
def test_only_the_jobs_load_spark(module):
    assert loads(module, "pyspark", "glue_jobs") == []


def test_the_lambda_carries_nothing_of_the_other_parts():
    for module in ("extract_lambda.handler", "extract_lambda.inbox"):
        assert loads(module, "glue_jobs", "local", "fakesnow", "rich") == []


def test_the_reports_lambda_carries_nothing_of_the_other_parts():
    parts = ("extract_lambda", "glue_jobs", "infra", "local", "snowflake_ops")
    lambda_ = "report.handler, athena_ops.account"
    assert loads(lambda_, *parts, "duckdb", "fakesnow", "rich") == []


def test_what_runs_on_an_account_needs_no_embedded_warehouse():
    ours = ("snowflake_ops.deploy", "snowflake_ops.reconcile", "snowflake_ops.smoke")
    for module in (*ours, "status.on_aws"):
        assert loads(module, "local", "fakesnow", "duckdb", "pyspark", "aws_cdk") == []


def test_what_asks_athena_on_an_account_needs_nothing_that_stands_in_for_it():
    for module in ("athena_ops.deploy", "athena_ops.ask"):
        assert loads(module, "fakesnow", "duckdb", "sqlglot", "pyspark") == []
    assert loads("athena_ops.statements", "boto3", "pyathena", "rich") == []


def test_what_judges_where_a_chart_stands_asks_nobody_itself():
    assert loads("status.troubles", "boto3", "duckdb", "rich", "snowflake", "local", "infra") == []


def test_the_page_is_built_without_the_engines_of_this_machine():
    engines = ("local", "fakesnow", "duckdb", "pandas", "pyspark", "vl_convert", "pyathena")
    assert loads("report.page", *engines) == []


def test_the_contract_needs_the_standard_library_alone():
    third_party = ("boto3", "requests", "spotipy", "pyspark", "rich")
    assert loads("chartlake.charts", *third_party) == []
    assert loads("chartlake.data_dictionary", *third_party) == []


def test_the_linter_refuses_spark_outside_the_jobs(tmp_path):
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    for folder, refused in [("extract_lambda", True), ("local", True), ("glue_jobs", False)]:
        told = subprocess.run(
            [*ruff, "--stdin-filename", f"{folder}/planted.py", "-"],
            input='"""Planted."""\n\nimport pyspark\n\npyspark.__version__\n',
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ("TID251" in told.stdout) is refused, folder
