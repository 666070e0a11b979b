"""The committed SQL is what its sources render to, and a new table needs no more than its steps."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools.render_sql import MARTS, ROOT, read_view, render_all, stale, views

COPIED = ("athena", "chartlake", "marts", "snowflake", "tests/support", "tools", "pyproject.toml")
SCRIPT = """
import json, sys
from datetime import date
from pathlib import Path

from chartlake.athena.stand_in import open_lake
from chartlake.lake_folder import LakeFolder
from chartlake.warehouse import open_warehouse
from tests.support.lake_files import write_run

folder = LakeFolder(Path("lake"))
row = {"chart_id": "top", "position": 1, "note": "hello"}
write_run(folder.curated, date(2026, 11, 1), "20261101T060000Z", {"chart_notes": [row]})
with open_warehouse(folder.warehouse, folder.stage) as warehouse:
    warehouse.deploy()
    warehouse.load()
    core = warehouse.query("SELECT CHART_ID, POSITION, NOTE FROM CHARTLAKE.CORE.CHART_NOTES")
    (ledger,) = warehouse.query("SELECT ROWS_LOADED, STATUS FROM CHARTLAKE.MARTS.RUN_LEDGER")
with open_lake(folder.curated) as lake:
    athena = lake.query("SELECT chart_id, position, note FROM chartlake.chart_notes")
    (files,) = lake.query("SELECT rows_loaded, status FROM chartlake.run_ledger")
json.dump([core, athena, ledger, files], sys.stdout)
"""


def test_the_committed_sql_is_what_its_sources_render_to():
    rendered = render_all()
    changed = [
        str(path.relative_to(ROOT))
        for path, text in rendered.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert changed == [], "Run `make render`."
    assert stale(rendered) == []


def test_every_view_is_part_of_a_file_of_snowflake():
    files = "".join(path.read_text("utf-8") for path in (MARTS / "snowflake").glob("*.sql"))
    assert sorted(re.findall(r"<< view\(\"(\w+)\"\) >>", files)) == sorted(views())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-- One row.\n-- a: b\nSELECT 1\n", "a line -- must separate"),
        ("-- One row.\n--\n-- a b\nSELECT 1\n", "'a b' is not `column: description`"),
    ],
)
def test_a_view_without_grain_or_columns_is_rejected(tmp_path, text, message):
    (tmp_path / "v.sql").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_view(tmp_path / "v.sql")


def test_a_made_up_table_needs_the_contract_and_a_render(tmp_path):
    """Steps 1 and 2 of CONTRIBUTING.md, in a copy: the table renders, loads and can be queried."""
    for name in COPIED:
        source = ROOT / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        copy(source, tmp_path / name)
    guide = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    step = re.search(r"   ```python\n(.*?)   ```", guide, re.DOTALL)
    assert step
    declared = re.sub("^   ", "", step[1], flags=re.MULTILINE)
    contract = tmp_path / "chartlake/contract/tables.py"
    text = contract.read_text(encoding="utf-8")
    text = text.replace("\nTABLES", f"\n{declared}\nTABLES", 1)
    start, end = text.split("\nTABLES", 1)
    end = re.sub(r"^(\s+)LOAD_MANIFEST,", r"\1CHART_NOTES,\n\1LOAD_MANIFEST,", end, flags=re.M)
    contract.write_text(f"{start}\nTABLES{end}", encoding="utf-8")
    run(tmp_path, "-m", "tools.render_sql")
    core, athena, ledger, files = json.loads(run(tmp_path, "-c", SCRIPT))
    assert core == athena == [{"chart_id": "top", "position": 1, "note": "hello"}]
    assert ledger == files == {"rows_loaded": 1, "status": "visible"}
    assert "LANDING.CHART_NOTES (" in (tmp_path / "snowflake/03_landing.sql").read_text("utf-8")


def run(folder: Path, *arguments: str) -> str:
    ran = subprocess.run(
        [sys.executable, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
