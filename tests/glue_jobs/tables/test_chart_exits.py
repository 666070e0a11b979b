from tests.support.rows import rows
from tests.support.trend_builders import day, follow


def test_an_exit_has_the_songs_last_values(spark):
    _, _, exits = follow(spark, {1: "AB", 2: "BA", 3: "BC", 5: "AC"})
    assert rows(
        exits,
        "snapshot_date",
        "song_id",
        "track_id",
        "last_rank",
        "peak_rank",
        "days_on_chart",
        "streak_days",
        "last_charted_on",
    ) == [
        (day(3), "A", "track A", 2, 1, 2, 2, day(2)),
        (day(5), "B", "track B", 1, 1, 3, 3, day(3)),
    ]


def test_a_song_exits_once_however_long_it_stays_away(spark):
    _, _, exits = follow(spark, {1: "AB", 2: "BC", 3: "CB", 4: "BC"})
    assert rows(exits, "snapshot_date", "song_id") == [(day(2), "A")]


def test_a_repeated_edition_has_no_exits(spark):
    _, _, exits = follow(spark, {1: "AB", 2: "AB"})
    assert rows(exits, "song_id") == []
