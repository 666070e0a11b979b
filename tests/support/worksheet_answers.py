"""The answer of each worksheet on the fixed lake of chart_lake.py, calculated by hand."""

from datetime import UTC, datetime
from typing import Any

from tests.support.chart_lake import captured_at, nov

PUBLISHED_AT = datetime(2026, 11, 1, tzinfo=UTC)
"""What the writer of the lake puts into every manifest."""

ANSWERS: dict[str, list[tuple[Any, ...]]] = {
    "todays_chart": [
        ("Top PH", nov(7), 1, "Dawn", "Dee", "same", 0, 1, 4),
        ("Top PH", nov(7), 2, "Amihan", "Ana", "re_entry", None, 1, 3),
        ("Top PH", nov(7), 3, "Comet", "Cleo", "down", -1, 2, 4),
        ("Top US", nov(6), 1, "Comet", "Cleo", "same", 0, 1, 4),
        ("Top US", nov(6), 2, "Amihan", "Ana", "debut", None, 2, 1),
        ("Top US", nov(6), 3, "Ember", "Ben", "same", 0, 2, 4),
        ("Top World", nov(8), 1, "Comet", "Cleo", "up", 1, 1, 2),
        ("Top World", nov(8), 2, "Bagyo (feat. Ben)", "Ana, Ben", "debut", None, 2, 1),
        ("Top World", nov(8), 3, "Dawn", "Dee", "same", 0, 3, 2),
    ],
    "climbers": [
        ("Top PH", -1, 3, 2, "Comet", "Cleo"),
        ("Top World", 1, 1, 2, "Comet", "Cleo"),
    ],
    "climbers_of_the_week": [
        ("Top PH", "Dawn", "Dee", 1, 2),
        ("Top US", "Comet", "Cleo", 1, 2),
        ("Top World", "Comet", "Cleo", 1, 1),
    ],
    "comings_and_goings": [
        ("Top PH", "exit", None, 3, "Bagyo (feat. Ben)", "Ana, Ben", 1, 4),
        ("Top PH", "re_entry", 2, None, "Amihan", "Ana", 1, 3),
        ("Top US", "debut", 2, None, "Amihan", "Ana", 2, 1),
        ("Top US", "exit", None, 2, "Dawn", "Dee", 1, 3),
        ("Top World", "debut", 2, None, "Bagyo (feat. Ben)", "Ana, Ben", 2, 1),
        ("Top World", "exit", None, 1, "Amihan", "Ana", 1, 1),
    ],
    "number_ones": [
        ("Top PH", "Bagyo (feat. Ben)", "Ana, Ben", 2, 4, None),
        ("Top PH", "Dawn", "Dee", 2, 4, 1),
        ("Top PH", "Amihan", "Ana", 1, 3, 2),
        ("Top US", "Comet", "Cleo", 2, 4, 1),
        ("Top US", "Dawn", "Dee", 2, 3, None),
        ("Top World", "Comet", "Cleo", 1, 2, 1),
        ("Top World", "Amihan", "Ana", 1, 1, None),
    ],
    "longest_streaks": [
        ("Top PH", "Bagyo (feat. Ben)", 4, nov(1), nov(7), 1),
        ("Top PH", "Dawn", 4, nov(2), None, 1),
        ("Top US", "Comet", 4, nov(2), None, 1),
        ("Top US", "Ember", 4, nov(2), None, 2),
        ("Top PH", "Comet", 3, nov(3), None, 2),
        ("Top US", "Dawn", 3, nov(2), nov(6), 1),
        ("Top PH", "Amihan", 2, nov(1), nov(3), 1),
        ("Top World", "Comet", 2, nov(1), None, 1),
        ("Top World", "Dawn", 2, nov(1), None, 3),
        ("Top PH", "Comet", 1, nov(1), nov(2), 3),
    ],
    "life_line": [
        ("Top PH", "Dawn", nov(2), 1, "debut", 3, 1, 1),
        ("Top PH", "Dawn", nov(3), 1, "up", 2, 2, 2),
        ("Top PH", "Dawn", nov(5), 1, "up", 1, 3, 3),
        ("Top PH", "Dawn", nov(7), 1, "same", 1, 4, 4),
        ("Top US", "Comet", nov(2), 1, "debut", 3, 1, 1),
        ("Top US", "Comet", nov(3), 1, "up", 2, 2, 2),
        ("Top US", "Comet", nov(5), 1, "up", 1, 3, 3),
        ("Top US", "Comet", nov(6), 1, "same", 1, 4, 4),
        ("Top World", "Comet", nov(1), 1, "debut", 2, 1, 1),
        ("Top World", "Comet", nov(8), 1, "up", 1, 2, 2),
    ],
    "comebacks": [
        ("Top PH", "Amihan", "Ana", nov(3), nov(7), 4, 2, 2),
        ("Top PH", "Comet", "Cleo", nov(2), nov(3), 1, 3, 3),
    ],
    "who_owns_the_chart": [
        ("Top PH", "Dee", 1, 1, 50.0, 0.0),
        ("Top PH", "Ana", 1, 2, 33.3, 16.7),
        ("Top PH", "Cleo", 1, 3, 16.7, -16.7),
        ("Top US", "Cleo", 1, 1, 50.0, 0.0),
        ("Top US", "Ana", 1, 2, 33.3, None),
        ("Top US", "Ben", 1, 3, 16.7, 0.0),
        ("Top World", "Cleo", 1, 1, 50.0, 16.7),
        ("Top World", "Ana", 1, 2, 33.3, -16.7),
        ("Top World", "Ben", 1, 2, 33.3, None),
        ("Top World", "Dee", 1, 3, 16.7, 0.0),
    ],
    "artists_rising": [
        ("Top PH", "Dee", 0.0, 50.0, 50.0),
        ("Top PH", "Ben", 33.3, 0.0, -33.3),
        ("Top PH", "Ana", 83.3, 33.3, -50.0),
        ("Top US", "Ana", 0.0, 33.3, 33.3),
        ("Top US", "Cleo", 16.7, 50.0, 33.3),
        ("Top US", "Ben", 33.3, 16.7, -16.7),
        ("Top US", "Dee", 50.0, 0.0, -50.0),
        ("Top World", "Ben", 0.0, 33.3, 33.3),
        ("Top World", "Cleo", 33.3, 50.0, 16.7),
        ("Top World", "Ana", 50.0, 33.3, -16.7),
    ],
    # In PH since the edition of 1 November, which is Spotify's of 31 October.
    "spreading": [
        ("Amihan", "Ana", "daily", "us", nov(6), 6, 2, 2, "ph", 2),
    ],
    "markets_alike": [
        ("daily", "ph", "us", 2, 1.0, 0),
    ],
    "only_here": [
        ("daily", "us", 3, "Ember", "Ben", 4),
    ],
    "liveliness": [
        ("Top PH", nov(7), 2, 0, 1, 1, 33.3, 0.389),
        ("Top PH", nov(5), 2, 0, 0, 0, 0.0, 0.306),
        ("Top PH", nov(3), 1, 0, 1, 1, 33.3, 0.284),
        ("Top PH", nov(2), 1, 1, 0, 1, 33.3, 0.432),
        ("Top PH", nov(1), None, 3, 0, 0, None, 0.469),
        ("Top US", nov(6), 1, 1, 0, 1, 33.3, 0.389),
        ("Top US", nov(5), 2, 0, 0, 0, 0.0, 0.389),
        ("Top US", nov(3), 1, 0, 0, 0, 0.0, 0.389),
        ("Top US", nov(2), None, 3, 0, 0, None, 0.389),
        ("Top World", nov(8), 7, 1, 0, 1, 33.3, 0.281),
        ("Top World", nov(1), None, 3, 0, 0, None, 0.389),
    ],
    "streams": [
        ("Top US", "Comet", "Cleo", 1, 1100, 100),
        ("Top US", "Ember", "Ben", 3, 400, 0),
    ],
    "freshness": [
        ("Top PH", "daily", nov(7), nov(6), nov(7), False, True, 3, 0),
        ("Top US", "daily", nov(6), nov(6), nov(6), False, False, 3, 0),
        ("Top World", "weekly", nov(8), nov(8), nov(8), False, True, 3, 0),
    ],
    # 27 rows: 1 snapshot, 3 entries, 3 tracks, 4 artists, 4 credits, 3 trends, 1 exit, 4 artists'
    # trends, 1 summary, 2 rules (one of the chart that was held back) and what was quarantined.
    "where_the_run_stands": [
        (
            nov(8),
            "20261108T061500Z",
            "ph",
            None,
            "held back",
            "entries_at_least",
            PUBLISHED_AT,
            27,
            27,
            "visible",
        ),
        (
            nov(8),
            "20261108T061500Z",
            "world",
            captured_at(8),
            "passed",
            None,
            PUBLISHED_AT,
            27,
            27,
            "visible",
        ),
    ],
}
