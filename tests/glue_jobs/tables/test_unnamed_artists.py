"""An artist without a name, in both engines: null in a chart's shares, omitted from the credits."""

from pathlib import Path
from typing import Any

import pytest

from chartlake.athena.stand_in import open_lake
from chartlake.warehouse import open_warehouse
from tests.support.chart_lake import Tables, nov, run_id, tables_of
from tests.support.lake_files import write_run

CREDITS = "SELECT track_id, artists FROM {}track_titles ORDER BY track_id"
SHARES = "SELECT artist_id, artist FROM {}artist_share WHERE chart_id = 'ph' ORDER BY best_rank"


def with_an_unnamed_artist() -> Tables:
    """7 November, with an unnamed artist credited first on song a."""
    tables = tables_of(7)
    (of_ana,) = [row for row in tables["artist_trends"] if row["artist_id"] == "Ana"]
    for row in tables["track_artists"]:
        row["position"] += row["track_id"] == "a"
    tables["track_artists"].append({"track_id": "a", "artist_id": "x", "position": 1})
    tables["artists"].append({"artist_id": "x", "name": None})
    tables["artist_trends"].append({**of_ana, "artist_id": "x", "best_rank": 4})
    return tables


@pytest.fixture(params=["snowflake", "athena"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """Ask one of the engines about that day; rows as tuples."""
    lake = tmp_path / "lake"
    write_run(lake, nov(7), run_id(7), with_an_unnamed_artist())
    if request.param == "athena":
        with open_lake(lake) as athena:
            yield lambda sql, schema: rows_of(athena, sql.format("chartlake."))
    else:
        with open_warehouse(tmp_path, {"s3://chartlake-curated/": lake}) as warehouse:
            warehouse.deploy()
            warehouse.load()
            yield lambda sql, schema: rows_of(warehouse, sql.format(f"CHARTLAKE.{schema}."))


def rows_of(engine: Any, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in engine.query(sql)]


def test_the_credits_of_a_track_are_its_known_names(ask):
    assert ask(CREDITS, "CORE") == [("a", "Ana"), ("c", "Cleo"), ("d", "Dee")]


def test_the_share_of_an_artist_without_a_name_has_a_null_name(ask):
    assert ask(SHARES, "MARTS") == [("Dee", "Dee"), ("Ana", "Ana"), ("Cleo", "Cleo"), ("x", None)]
