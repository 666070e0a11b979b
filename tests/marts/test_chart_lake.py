"""The hand-written lake is one that the job could have written: an oracle computes every row."""

from typing import Any

import pytest

from tests.support import trend_oracle
from tests.support.chart_lake import CHARTS, CREDITS, literal_rows, nov
from tests.support.trend_oracle import Snapshot

ORACLE_CHARTS = {
    chart: {nov(day): Snapshot([(song, song) for song in songs]) for day, songs in charted.items()}
    for chart, charted in CHARTS.items()
}


def literal(name: str, *columns: str) -> list[tuple[Any, ...]]:
    rows = [tuple(row[column] for column in columns) for row in literal_rows(name)]
    return sorted(rows, key=lambda row: row[:3])


def without(position: int, rows: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return [row[:position] + row[position + 1 :] for row in rows]


def test_song_trends_match_the_oracle() -> None:
    columns = "snapshot_date chart_id song_id rank previous_rank rank_change peak_rank"
    columns += " days_on_chart streak_days first_charted_on movement"
    assert literal("song_trends", *columns.split()) == without(
        3, trend_oracle.song_trends(ORACLE_CHARTS)
    )


def test_chart_exits_match_the_oracle() -> None:
    columns = "snapshot_date chart_id song_id last_rank peak_rank days_on_chart streak_days"
    assert literal("chart_exits", *columns.split(), "last_charted_on") == without(
        3, trend_oracle.chart_exits(ORACLE_CHARTS)
    )


def test_artist_trends_match_the_oracle() -> None:
    columns = "snapshot_date chart_id artist_id songs best_rank chart_points songs_change"
    assert literal("artist_trends", *columns.split()) == trend_oracle.artist_trends(
        ORACLE_CHARTS, lambda _, track: CREDITS[track]
    )


def test_chart_summaries_match_the_oracle() -> None:
    columns = "snapshot_date chart_id entries debuts re_entries exits turnover"
    assert literal("chart_summary", *columns.split()) == trend_oracle.chart_summary(ORACLE_CHARTS)


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [
        ("song_trends", "song_id", "streams"),
        ("artist_trends", "artist_id", "streams"),
        ("artist_trends", "artist_id", "points_share"),
    ],
)
def test_changes_match_the_previous_edition(table: str, key: str, column: str) -> None:
    rows = {(r["chart_id"], r[key], r["snapshot_date"]): r for r in literal_rows(table)}
    editions = {chart: sorted({day for c, _, day in rows if c == chart}) for chart in CHARTS}
    for (chart, who, day), row in rows.items():
        place = editions[chart].index(day)
        before = rows.get((chart, who, editions[chart][place - 1])) if place else None
        known = before is not None and row[column] is not None
        expected = row[column] - before[column] if known and before else None
        assert row[f"{column}_change"] == expected, (chart, who, day)


def test_shares_are_of_all_points() -> None:
    for row in literal_rows("artist_trends"):
        assert row["points_share"] == row["chart_points"] / 6


def test_concentration_matches_the_points() -> None:
    artists = list(literal_rows("artist_trends"))
    for row in literal_rows("chart_summary"):
        edition = (row["snapshot_date"], row["chart_id"])
        points = [
            a["chart_points"] for a in artists if (a["snapshot_date"], a["chart_id"]) == edition
        ]
        assert row["artist_concentration"] == sum(p * p for p in points) / sum(points) ** 2, edition
