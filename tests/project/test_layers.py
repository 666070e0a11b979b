"""Which packages a module may import."""

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("bench", "extract_lambda", "glue_jobs", "infra", "tests", "tools")
ENGINES = {"duckdb", "fakesnow", "pyspark", "sqlglot"}
CONTRACT = "chartlake.contract"
FILES = "chartlake.resources"


@cache
def loaded(module: str) -> set[str]:
    """Name the modules that a fresh interpreter has after importing one."""
    script = f"import json, sys, {module}; json.dump(sorted(sys.modules), sys.stdout)"
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(json.loads(ran.stdout))


def rooms(modules: set[str]) -> set[str]:
    """Name the rooms that modules of ours are in."""
    names = [name.split(".") for name in modules]
    return {parts[0] for parts in names if parts[0] in OURS} | {
        f"chartlake.{parts[1]}" for parts in names if parts[0] == "chartlake" and len(parts) > 1
    }


def test_the_folder_snowflake_does_not_hide_the_connector():
    assert "snowflake.connector" in loaded("snowflake.connector")
    assert not [path for path in (ROOT / "snowflake").rglob("*") if path.suffix == ".py"]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("extract_lambda.handler", {"extract_lambda", CONTRACT}),
        ("extract_lambda.inbox", {"extract_lambda", CONTRACT}),
        (
            "chartlake.report.handler",
            {"chartlake.report", "chartlake.lake_folder", "chartlake.resources", CONTRACT},
        ),
        ("chartlake.athena.account", {"chartlake.athena", "chartlake.resources", CONTRACT}),
        ("glue_jobs.build_tables", {"glue_jobs", CONTRACT}),
        ("glue_jobs.prune_runs", {"glue_jobs", CONTRACT}),
        ("chartlake.contract.tables", {CONTRACT}),
        ("chartlake", set()),
    ],
)
def test_deployables_import_only_their_own_code_and_the_contract(module, expected):
    assert rooms(loaded(module)) == expected


@pytest.mark.parametrize(
    "module",
    [
        "extract_lambda.handler",
        "chartlake.athena.ask",
        "chartlake.athena.deploy",
        "chartlake.report.handler",
        "chartlake.report.page",
        "chartlake.snowflake.deploy",
        "chartlake.snowflake.reconcile",
        "chartlake.snowflake.smoke",
        "chartlake.status.on_aws",
        "chartlake.status.problems",
    ],
)
def test_account_commands_import_no_local_engine(module):
    assert loaded(module) & ENGINES == set()


@pytest.mark.parametrize("module", ["chartlake.demo.run", "chartlake.warehouse"])
def test_only_the_jobs_import_spark(module):
    assert loaded(module) & {"pyspark", "glue_jobs"} == set()


def test_status_judges_without_io():
    assert loaded("chartlake.status.problems") & {"boto3", "rich", "snowflake"} == set()


@pytest.mark.parametrize(
    "module", ["chartlake", "chartlake.contract.chart_config", "chartlake.contract.tables"]
)
def test_the_contract_imports_only_the_standard_library(module):
    bare = loaded("json, sys")
    others = {name.partition(".")[0] for name in loaded(module) - bare}
    assert others <= {*sys.stdlib_module_names, "chartlake"}


@pytest.mark.parametrize(
    ("folder", "refused"), [("extract_lambda", True), ("chartlake", True), ("glue_jobs", False)]
)
def test_the_linter_rejects_spark_outside_the_jobs(folder, refused):
    ruff = [sys.executable, "-m", "ruff", "check", "--no-cache", "--output-format", "concise"]
    ran = subprocess.run(
        [*ruff, "--stdin-filename", f"{folder}/planted.py", "-"],
        input='"""Planted."""\n\nimport pyspark\n\npyspark.__version__\n',
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ("TID251" in ran.stdout) is refused
