"""Rules of `snowflake/*.sql` that sqlfluff does not know: what a second deploy must leave alone."""

import configparser
import re
from collections.abc import Iterable

import pytest

from chartlake.snowflake.environments import read_environment
from chartlake.snowflake.sql_files import FOLDER, sql_files
from chartlake.snowflake.sql_files import statements as statements_of
from chartlake.warehouse.deploy import LOCAL_VARIABLES, statements

CREATE = re.compile(
    r"CREATE\s+(?P<replace>OR\s+(?:REPLACE|ALTER)\s+)?"
    r"(?P<kind>(?:STORAGE|NOTIFICATION)\s+INTEGRATION|RESOURCE\s+MONITOR|FILE\s+FORMAT|\w+)\s+"
    r"(?P<lenient>IF\s+NOT\s+EXISTS\s+)?(?P<name>[\w.]+)",
    re.IGNORECASE,
)
FORGETS_NOTHING = {"VIEW", "PROCEDURE", "TASK", "ALERT"}
"""What may be replaced: it holds no rows, no load history and no trust."""

OWNERS = {
    ("DATABASE", ""): "SYSADMIN",
    ("SCHEMA", ""): "SYSADMIN",
    ("FILE FORMAT", "LANDING"): "CHARTLAKE_LOADER",
    ("STAGE", "LANDING"): "CHARTLAKE_LOADER",
    ("TABLE", "LANDING"): "CHARTLAKE_LOADER",
    ("PIPE", "LANDING"): "CHARTLAKE_LOADER",
    ("VIEW", "LANDING"): "CHARTLAKE_TRANSFORMER",
    ("VIEW", "CORE"): "CHARTLAKE_TRANSFORMER",
    ("VIEW", "MARTS"): "CHARTLAKE_TRANSFORMER",
    ("VIEW", "OPS"): "CHARTLAKE_OPERATOR",
    ("PROCEDURE", "OPS"): "CHARTLAKE_OPERATOR",
    ("TASK", "OPS"): "CHARTLAKE_OPERATOR",
    ("ALERT", "OPS"): "CHARTLAKE_OPERATOR",
}


def faults(sql: Iterable[str]) -> list[str]:
    """List the problems of statements, in their order."""
    found = []
    for statement in sql:
        if re.match(r"(DROP|TRUNCATE|DELETE|UNDROP)\b", statement, re.IGNORECASE):
            found.append(f"removes something: {statement[:60]}")
        if made := CREATE.match(statement):
            kind = " ".join(made["kind"].upper().split())
            found += [f"{made['name']}: {fault}" for fault in creation_faults(made, kind)]
    return found


def creation_faults(made: re.Match[str], kind: str) -> list[str]:
    copies_grants = re.search(r"\bCOPY\s+GRANTS\b", made.string, re.IGNORECASE)
    rules = {
        f"a {kind} may not be replaced": made["replace"] and kind not in FORGETS_NOTHING,
        "neither IF NOT EXISTS nor OR REPLACE": not made["replace"] and not made["lenient"],
        "OR REPLACE and IF NOT EXISTS at once": made["replace"] and made["lenient"],
        "loses its grants: COPY GRANTS is missing": kind in {"VIEW", "PROCEDURE"}
        and made["replace"]
        and not copies_grants,
        "no ERROR_INTEGRATION: its errors reach nobody": kind == "PIPE"
        and "ERROR_INTEGRATION" not in made.string,
        "no PATTERN: it would load unfinished files": kind == "PIPE"
        and not re.search(r"\bPATTERN\s*=", made.string),
        "not written in full, DATABASE.SCHEMA.NAME": kind in {k for k, _ in OWNERS}
        and made["name"].count(".") != {"DATABASE": 0, "SCHEMA": 1}.get(kind, 2),
    }
    return [fault for fault, is_so in rules.items() if is_so]


def test_a_second_deploy_replaces_removes_and_disables_nothing():
    assert faults(statements()) == []


PIPE = "CREATE {} D.L.P ERROR_INTEGRATION = I AS COPY INTO D.L.T FROM @D.L.S PATTERN = 'x'"


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (PIPE.format("OR REPLACE PIPE"), "D.L.P: a PIPE may not be replaced"),
        (PIPE.format("pipe"), "D.L.P: neither IF NOT EXISTS nor OR REPLACE"),
        ("CREATE OR REPLACE STAGE D.L.S", "D.L.S: a STAGE may not be replaced"),
        ("create or replace\n table D.L.T (A INT)", "D.L.T: a TABLE may not be replaced"),
        ("CREATE OR ALTER TABLE D.L.T (A INT)", "D.L.T: a TABLE may not be replaced"),
        (
            "CREATE OR REPLACE STORAGE INTEGRATION I",
            "I: a STORAGE INTEGRATION may not be replaced",
        ),
        ("CREATE ROLE R", "R: neither IF NOT EXISTS nor OR REPLACE"),
        ("CREATE OR REPLACE VIEW D.C.V AS SELECT 1", "D.C.V: loses its grants: COPY GRANTS is"),
        (
            "CREATE OR REPLACE VIEW IF NOT EXISTS D.C.V COPY GRANTS AS SELECT 1",
            "D.C.V: OR REPLACE and IF NOT EXISTS at once",
        ),
        ("CREATE TABLE IF NOT EXISTS L.T (A INT)", "L.T: not written in full"),
        (
            "CREATE PIPE IF NOT EXISTS D.L.P AS COPY INTO D.L.T FROM @D.L.S PATTERN = 'x'",
            "D.L.P: no ERROR_INTEGRATION",
        ),
        (
            "CREATE PIPE IF NOT EXISTS D.L.P ERROR_INTEGRATION = I AS COPY INTO D.L.T FROM @D.L.S",
            "D.L.P: no PATTERN",
        ),
        ("DROP TABLE D.L.T", "removes something: DROP TABLE"),
        ("truncate table D.L.T", "removes something: truncate"),
    ],
)
def test_a_broken_rule_is_named(statement, fault):
    (found,) = faults([statement])
    assert found.startswith(fault)


def test_everything_is_created_by_its_owner_role():
    role, wrong = "", []
    for statement in statements():
        if taken := re.match(r"USE ROLE (\w+)", statement):
            role = taken[1]
        if (made := CREATE.match(statement)) and made["name"].startswith(
            LOCAL_VARIABLES["database"] + "."
        ):
            kind = " ".join(made["kind"].upper().split())
            schema = made["name"].split(".")[1] if made["name"].count(".") == 2 else ""
            if OWNERS[kind, schema] != role:
                wrong.append((made["name"], role))
    assert wrong == []


def test_only_the_account_file_needs_an_admin():
    admins = [path.name for path in sql_files() if "ROLE ACCOUNTADMIN" in path.read_text("utf-8")]
    assert admins == ["00_account.sql"]


def test_every_grant_on_all_objects_has_one_on_future_objects():
    grants = [statement for statement in statements() if statement.startswith("GRANT")]
    on_all = {grant.replace(" ON ALL ", " ON FUTURE ") for grant in grants if " ON ALL " in grant}
    granted = r"GRANT (.+) ON FUTURE (\w+) IN SCHEMA CHARTLAKE\.(\w+) TO ROLE CHARTLAKE_(\w+)"
    assert {found.groups() for grant in on_all if (found := re.fullmatch(granted, grant))} == {
        ("SELECT", "TABLES", "LANDING", "TRANSFORMER"),
        ("SELECT", "TABLES", "LANDING", "OPERATOR"),
        ("SELECT", "VIEWS", "LANDING", "OPERATOR"),
        ("USAGE", "STAGES", "LANDING", "OPERATOR"),
        ("MONITOR, OPERATE", "PIPES", "LANDING", "OPERATOR"),
        ("SELECT", "VIEWS", "CORE", "OPERATOR"),
        ("SELECT", "VIEWS", "MARTS", "OPERATOR"),
        ("SELECT", "VIEWS", "CORE", "ANALYST"),
        ("SELECT", "VIEWS", "MARTS", "ANALYST"),
    }
    assert on_all == {grant for grant in grants if " ON FUTURE " in grant}


def test_an_analyst_reads_only_current_data():
    rights = [
        statement.removesuffix(" TO ROLE CHARTLAKE_ANALYST")
        for statement in statements()
        if statement.startswith("GRANT") and "TO ROLE CHARTLAKE_ANALYST" in statement
    ]
    assert rights == [
        "GRANT USAGE ON WAREHOUSE CHARTLAKE_WH",
        "GRANT USAGE ON DATABASE CHARTLAKE",
        "GRANT USAGE ON SCHEMA CHARTLAKE.CORE",
        "GRANT SELECT ON ALL VIEWS IN SCHEMA CHARTLAKE.CORE",
        "GRANT SELECT ON FUTURE VIEWS IN SCHEMA CHARTLAKE.CORE",
        "GRANT USAGE ON SCHEMA CHARTLAKE.MARTS",
        "GRANT SELECT ON ALL VIEWS IN SCHEMA CHARTLAKE.MARTS",
        "GRANT SELECT ON FUTURE VIEWS IN SCHEMA CHARTLAKE.MARTS",
    ]


def test_only_owners_may_change_anything():
    strong = [
        statement
        for statement in statements()
        if statement.startswith("GRANT")
        and re.search(r"\b(OWNERSHIP|ALL PRIVILEGES|INSERT|UPDATE|DELETE|TRUNCATE)\b", statement)
    ]
    assert strong == []


@pytest.mark.parametrize("watch", ["RESUME", "SUSPEND"])
def test_tasks_and_alerts_are_switched_by_the_environment(watch):
    variables = read_environment("dev") | {"watch": watch}
    sql = [s for path in sql_files() for s in statements_of(path, variables)]
    made = [m for s in sql if (m := CREATE.match(s)) and m["kind"] in ("TASK", "ALERT")]
    assert {each["name"].removeprefix("CHARTLAKE_DEV.OPS.") for each in made} == {
        "CHARTS_ARE_LATE",
        "RECONCILE_HOURLY",
        "RUNS_ARE_STUCK",
    }
    for each in made:
        switch = f"ALTER {each['kind']} {each['name']} {watch}"
        assert sql.index(switch) == sql.index(each.string) + 1


def test_the_linter_uses_the_variables_of_a_local_deployment():
    config = configparser.ConfigParser(interpolation=None)
    config.read(FOLDER.parent / ".sqlfluff", encoding="utf-8")
    assert dict(config["sqlfluff:templater:jinja:context"]) == LOCAL_VARIABLES


def test_statements_the_linter_cannot_parse_are_last_in_their_file():
    unread = {}
    for path in FOLDER.rglob("*.sql"):
        _, marked, rest = path.read_text(encoding="utf-8").partition("-- noqa: PRS")
        if marked:
            unread[path.name] = rest.count(";")
    assert unread == {"00_account.sql": 1, "01_database.sql": 0}
