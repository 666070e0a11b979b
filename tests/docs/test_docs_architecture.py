"""docs/architecture.md names the tables, roles, machines and schemas that there are.

The list of roles is read as text: to import it would start CDK.
"""

import re
from pathlib import Path

from chartlake.contract import paths
from chartlake.contract.tables import TABLES
from chartlake.warehouse.deploy import SQL_FOLDER

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
PICTURE = PAGE.split("```")[1]
ACCESS = (ROOT / "tests/infra/test_infra_access.py").read_text(encoding="utf-8")
ROLES = dict(
    re.findall(r'^    "(\w+Role)": (.+?),\n(?=    "|\})', ACCESS, re.MULTILINE | re.DOTALL)
)
"""Role -> what it may do, as text."""


def section(title: str) -> str:
    return PAGE.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_every_table_is_listed_with_what_it_needs() -> None:
    rows = re.findall(r"^\| ((?:`\w+` ?)+)\|", section("The contract"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(named) == sorted(table.name for table in TABLES)


def test_every_role_is_listed_with_its_permissions() -> None:
    rows = re.findall(r"^\| (`\w+Role`[^|]*)\|", section("Who may do what"), re.MULTILINE)
    named = [name for row in rows for name in re.findall(r"`(\w+Role)`", row)]
    assert sorted(named) == sorted(ROLES)


def test_a_role_that_deletes_nothing_has_an_empty_last_column() -> None:
    rows = re.findall(r"^\| `(\w+Role)`.*\| ([^|]*) ?\|$", section("Who may do what"), re.MULTILINE)
    deletes = {role for role, may in ROLES.items() if "s3:Delete" in may}
    assert {role for role, told in rows if told.strip()} == deletes


def test_the_diagram_has_every_state_machine_and_schema() -> None:
    machines = {
        path.name.partition(".")[0] for path in (ROOT / "infra/state_machines").glob("*.asl.json")
    }
    database = (SQL_FOLDER / "01_database.sql").read_text(encoding="utf-8")
    schemas = set(re.findall(r"CREATE SCHEMA IF NOT EXISTS \{\{ database \}\}\.(\w+)", database))
    assert machines == {"build", "manifest_arrived"}
    assert {"LANDING", "CORE", "MARTS"} < schemas
    assert {name for name in machines | schemas if not re.search(rf"\b{name}\b", PICTURE)} == set()


def test_the_diagram_spells_folders_as_in_the_lake() -> None:
    folders = (
        paths.RAW_PLAYLISTS,
        paths.RAW_CHARTS_CSV,
        paths.RAW_MANIFESTS,
        paths.CURATED,
        paths.STATE,
    )
    assert [folder for folder in folders if f"{folder}/" not in PICTURE] == []
