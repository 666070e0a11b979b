"""SECURITY.md names what exists, and each exception from a security rule has a reason."""

import re
import subprocess
from pathlib import Path

import pytest

from chartlake.snowflake.sql_files import ACCOUNT_FILE
from tests.support.infra_app import resources, with_everything, without_hash

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "SECURITY.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return PAGE.split(f"## {title}\n")[1].split("\n## ")[0]


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE))


def test_the_page_names_every_role_on_aws_and_in_snowflake():
    on_aws, _, in_snowflake = section("Who can do what").partition("Roles in Snowflake")
    roles = resources(with_everything(), "AWS::IAM::Role")
    assert first_cells(on_aws) == {without_hash(name) for name in roles}
    made = re.findall(r"CREATE ROLE IF NOT EXISTS \{\{ prefix \}\}_(\w+)", ACCOUNT_FILE.read_text())
    assert first_cells(in_snowflake) == set(made)


def test_every_link_and_command_on_the_page_exists():
    links = set(re.findall(r"\]\(([^)#:]+)\)", PAGE))
    assert links
    assert [link for link in sorted(links) if not (ROOT / link).exists()] == []
    targets = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert set() < set(re.findall(r"`make ([a-z-]+)", PAGE)) <= set(targets)


def test_linked_headings_of_other_pages_exist():
    linked = re.findall(r"\]\(([^)#:]+)#([^)]+)\)", PAGE)
    assert linked
    for page, heading in linked:
        text = (ROOT / page).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
        assert heading in {line.lower().replace(" ", "-") for line in headings}


@pytest.mark.parametrize("word", ["storage_external_id", "alarm_external_id", "storage_user_arn"])
def test_the_trust_settings_match_on_both_sides(word):
    assert word in (ROOT / "infra/environments/dev.toml").read_text(encoding="utf-8")


def test_each_exception_from_a_security_rule_has_its_reason():
    told = subprocess.run(
        ["git", "grep", "-nE", "noqa: *S[0-9]+", "--", "*.py", ":!tests"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    lines = told.stdout.splitlines()
    assert len(lines) > 20
    assert [line for line in lines if not re.search(r"noqa: *S\d+ *(- |\()\S+ \S+", line)] == []
