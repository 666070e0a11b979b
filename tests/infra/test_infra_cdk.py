"""The CDK command is pinned with its hash, and found where it was installed."""

import json
from pathlib import Path

import pytest
from moto import mock_aws

from infra import cdk
from tests.support.command import chartlake

PACKAGE = json.loads(Path("infra/package.json").read_text(encoding="utf-8"))
LOCK = json.loads(Path("infra/package-lock.json").read_text(encoding="utf-8"))


def test_the_cdk_command_is_pinned_by_hash_without_dependencies():
    [(name, version)] = PACKAGE["devDependencies"].items()
    assert LOCK["packages"].keys() == {"", f"node_modules/{name}"}
    locked = LOCK["packages"][f"node_modules/{name}"]
    assert locked["version"] == version
    assert locked["integrity"].startswith("sha512-")
    # Where it was downloaded from is the machine's affair.
    assert "resolved" not in locked


def test_node_is_the_version_that_pip_installed():
    assert cdk.NODE.exists()
    assert cdk.NPM.exists()


def test_an_up_to_date_installation_is_not_repeated(tmp_path, monkeypatch):
    script = tmp_path / "node_modules/aws-cdk/bin/cdk"
    script.parent.mkdir(parents=True)
    script.touch()
    (tmp_path / "installed.json").write_bytes(Path("infra/package-lock.json").read_bytes())
    monkeypatch.setattr(cdk, "NPM", tmp_path / "no-npm")
    assert cdk.install(tmp_path) == script


def test_a_failed_installation_shows_its_own_error(tmp_path, monkeypatch):
    monkeypatch.setattr(cdk, "NPM", tmp_path / "no-npm")
    with pytest.raises(cdk.CdkError, match=r"(?s)could not be installed:.*no-npm"):
        cdk.install(tmp_path)


def test_bootstrap_gets_the_account_and_region_of_the_login(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        assert cdk.with_place(["bootstrap"]) == ["bootstrap", "aws://123456789012/eu-west-1"]
    assert cdk.with_place(["diff", "--app", "build"]) == ["diff", "--app", "build"]


def test_without_a_login_bootstrap_is_rejected(monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")
    monkeypatch.setenv("AWS_CONFIG_FILE", "/nowhere")
    with pytest.raises(cdk.CdkError, match="Unable to locate credentials. Check AWS_PROFILE"):
        cdk.with_place(["bootstrap"])


def test_a_placeholder_address_cannot_be_deployed(capsys):
    assert chartlake("aws", "deploy", "dev") == 1
    assert "alarm_email = 'you@example.com' is a placeholder" in capsys.readouterr().err


def test_an_unknown_environment_is_rejected_with_the_valid_ones(capsys):
    assert chartlake("aws", "synth", "nowhere") == 1
    assert "The environments are: dev, prod." in capsys.readouterr().err
