"""The report's warnings about a chart with missing, old or rejected data."""

import pytest

from chartlake.report.warnings_text import newest_spotify_date, notes, unseen
from tests.support.chart_lake import nov

FRESH = {
    "chart_id": "ph",
    "cadence": "daily",
    "captured_on": nov(7),
    "spotify_date": nov(7),
    "edition_date": nov(7),
    "entries": 50,
    "left_out": 0,
    "is_repeat": False,
    "expects_change": True,
}
RUN = {
    "chart_id": "ph",
    "snapshot_date": nov(7),
    "gate": "passed",
    "failed_rules": None,
    "status": "visible",
    "rows_loaded": 1200,
    "rows_expected": 1200,
}
HELD_BACK = {"snapshot_date": nov(8), "gate": "held back"}
RULES = "entries_at_least, ranks_unique"


def test_there_is_no_warning_if_all_is_well():
    assert notes(FRESH, [RUN], nov(7)) == []


@pytest.mark.parametrize(
    ("fresh", "run", "sentence"),
    [
        ({"left_out": 1}, {}, "Incomplete: 1 place holds no track that could be read."),
        ({"left_out": 2}, {}, "Incomplete: 2 places hold no track that could be read."),
        ({"entries": 0}, {}, "Empty: no song was read on 7 November 2026."),
        (
            {"is_repeat": True, "edition_date": nov(6)},
            {},
            "7 November 2026 still shows the edition of 6 November 2026.",
        ),
        ({}, HELD_BACK, "8 November 2026 was held back."),
        ({}, {**HELD_BACK, "failed_rules": RULES}, f"8 November 2026 was held back by {RULES}."),
        (
            {},
            {"gate": "kept", "failed_rules": "ranks_unique"},
            "A newer capture of 7 November 2026 was held back by ranks_unique:"
            " the one before it is shown.",
        ),
        (
            {},
            {"status": "loading", "rows_loaded": 900},
            "A newer run of 7 November 2026 is on its way: 900 of 1,200 rows.",
        ),
        (
            {},
            {"status": "loading", "rows_loaded": 0, "rows_expected": 1},
            "A newer run of 7 November 2026 is on its way: 0 of 1 row.",
        ),
        (
            {},
            {"status": "loading", "rows_loaded": 1, "rows_expected": 2},
            "A newer run of 7 November 2026 is on its way: 1 of 2 rows.",
        ),
        (
            {},
            {"status": "unpublished", "rows_expected": None},
            "A run of 7 November 2026 did not finish, or has not yet.",
        ),
    ],
)
def test_each_problem_is_a_one_sentence_warning(fresh, run, sentence):
    assert notes(FRESH | fresh, [RUN | run], nov(7)) == [sentence]


def test_a_weekly_chart_may_be_a_week_old_and_repeat_itself():
    weekly = FRESH | {"cadence": "weekly", "is_repeat": True, "edition_date": nov(1)}
    assert notes(weekly, [], nov(14)) == []
    assert notes(weekly, [], nov(15)) == [
        "Out of date: its newest day is 7 November 2026, the lake's 15 November 2026."
    ]


def test_a_chart_that_is_not_expected_to_change_may_repeat_itself():
    fresh = FRESH | {"is_repeat": True, "edition_date": nov(1), "expects_change": False}
    assert notes(fresh, [], nov(7)) == []
    assert notes(fresh, [], nov(8)) == [
        "Out of date: its newest day is 7 November 2026, the lake's 8 November 2026."
    ]


def test_charts_are_compared_by_spotifys_own_date():
    """The playlist of 7 November shows Spotify's chart of the 5th; a file holds that of the 6th."""
    playlist = FRESH | {"spotify_date": nov(5)}
    file = FRESH | {"captured_on": nov(6), "spotify_date": nov(6)}
    runs = [RUN | {"days_behind": 2}, RUN | {"snapshot_date": nov(6), "days_behind": 0}]
    assert newest_spotify_date(runs) == nov(6)
    assert newest_spotify_date([RUN | {"chart_id": None, "days_behind": None}]) == nov(7)
    assert notes(file, [], nov(6)) == []
    assert notes(playlist, [], nov(6)) == [
        "Out of date: its newest day by Spotify's date is 5 November 2026,"
        " the lake's 6 November 2026."
    ]


def test_a_chart_never_published_is_listed_with_its_latest_reason():
    other = RUN | {"chart_id": "new", "gate": "held back", "failed_rules": "ranks_unique"}
    empty = RUN | {"chart_id": None}
    waiting = other | {"chart_id": "late", "gate": "passed", "status": "loading"}
    assert unseen([FRESH], [RUN, empty, other, other | {"snapshot_date": nov(8)}, waiting]) == [
        "new: no day of it can be shown yet; 8 November 2026 was held back by ranks_unique.",
        "late: no day of it can be shown yet; 7 November 2026 was not seen (loading).",
    ]
