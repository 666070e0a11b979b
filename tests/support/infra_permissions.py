"""What the roles of a synthesized app may do, read from its templates."""

import json
import re
from collections import defaultdict

from tests.support.infra_app import ACCOUNT, REGION, resources, said, without_hash

Permissions = dict[str, dict[tuple[str, str | None], set[str]]]
"""Role -> (action, the prefix that its condition names) -> resources."""


def as_list(value):
    return value if isinstance(value, list) else [value]


def statements(out):
    """Every statement of every role, with the role's logical id without its hash."""
    for name, role in resources(out, "AWS::IAM::Role").items():
        for policy in role.get("Policies", []):
            for statement in policy["PolicyDocument"]["Statement"]:
                yield without_hash(name), statement
    for policy in resources(out, "AWS::IAM::Policy").values():
        for role in policy["Roles"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield without_hash(role["Ref"]), statement


def short(out, resource):
    """`raw/…` for an object in the raw bucket, `assets/<construct>` for a file that is deployed."""
    name = without_hash(said(resource))
    name = name.removeprefix("arn:aws:s3:::").replace(f"-{ACCOUNT}-{REGION}", "")
    name = re.sub("^chartlake-test-(raw|curated|athena-results)", r"\1", name)
    assets = json.loads((out / "chartlake-test-pipeline.assets.json").read_text())["files"]
    for key, file in assets.items():
        if name.startswith(f"cdk-hnb659fds-assets/{key}"):
            return "assets/" + file["displayName"].rpartition("/")[2]
    return name.replace("cdk-hnb659fds-assets", "assets")


def permissions(out):
    """Read what every role may do."""
    found: Permissions = defaultdict(lambda: defaultdict(set))
    for role, statement in statements(out):
        assert statement["Effect"] == "Allow"
        condition = statement.get("Condition", {})
        assert condition.keys() <= {"StringLike"}
        prefix = condition.get("StringLike", {}).get("s3:prefix")
        resources_ = {short(out, resource) for resource in as_list(statement["Resource"])}
        for action in as_list(statement["Action"]):
            found[role][action, prefix and prefix[0]] |= resources_
    return found
