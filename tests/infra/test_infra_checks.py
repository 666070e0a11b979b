"""AWS's own rules applied to the templates, except for what infra/exceptions.py lists."""

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from infra.settings import read_settings
from tests.support.infra_app import SETTINGS, template, usual, with_everything, without_hash

BOTH = pytest.mark.parametrize("out", [usual, with_everything], ids=["usual", "with everything"])


@BOTH
def test_cdk_nag_finds_nothing_unacknowledged(out):
    report = json.loads((out() / "validation-report.json").read_text())
    assert [plugin["conclusion"] for plugin in report["pluginReports"]] == ["success"]


def test_cfn_lint_finds_nothing():
    # W3005: CDK lets a Lambda wait for its role, which it names anyway.
    told = subprocess.run(
        [Path(sys.executable).parent / "cfn-lint", "--ignore-checks", "W3005", "--", *templates()],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout + told.stderr == ""


def templates():
    return [path for out in (usual(), with_everything()) for path in out.glob("*.template.json")]


@BOTH
def test_no_custom_code_runs_during_a_deploy(out):
    kinds = {
        resource["Type"]
        for stack in ("data", "pipeline")
        for resource in template(out(), stack)["Resources"].values()
    }
    assert not {kind for kind in kinds if kind.startswith(("Custom::", "AWS::CloudFormation::"))}


def test_the_deploy_guide_names_the_templates_of_dev():
    """The development environment has the options of the usual one."""
    dev = read_settings("dev").model_dump(exclude={"environment", "alarm_email"})
    assert dev == SETTINGS.model_dump(exclude={"environment", "alarm_email"})
    guide = Path("docs/deploy.md").read_text(encoding="utf-8")
    for stack in ("data", "pipeline"):
        assert f"build/cdk-dev/chartlake-dev-{stack}.template.json  … resources\n" in guide


def test_infra_does_not_import_the_deployed_code():
    parts = {"bench", "extract_lambda", "glue_jobs", "pyspark"}
    for path in Path("infra").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in getattr(node, "names", [])]
            module = [node.module or ""] if isinstance(node, ast.ImportFrom) else names
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert not {name.partition(".")[0] for name in module} & parts, path


def test_stacks_export_nothing_to_each_other():
    for stack in ("data", "pipeline"):
        outputs = template(usual(), stack).get("Outputs", {})
        assert not [name for name, output in outputs.items() if "Export" in output]


def test_the_data_stack_is_protected_and_its_buckets_stay():
    manifest = json.loads((usual() / "manifest.json").read_text())
    assert manifest["artifacts"]["chartlake-test-data"]["properties"]["terminationProtection"]
    buckets = ("DataAccessLogs", "DataAthenaResults", "DataCurated", "DataRaw")
    kept = {
        without_hash(name): resource["DeletionPolicy"]
        for name, resource in template(usual(), "data")["Resources"].items()
        if resource["Type"] == "AWS::S3::Bucket"
    }
    assert kept == dict.fromkeys(buckets, "Retain")
