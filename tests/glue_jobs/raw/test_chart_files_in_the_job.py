"""Chart files of charts.spotify.com in the job: both formats, what is wrong, the trends."""

import logging
from datetime import date
from pathlib import Path

import pytest

from chartlake.contract.paths import charts_csv_key
from extract_lambda.chart_files.rows import LAYOUTS
from glue_jobs.frames import literal_frame
from glue_jobs.raw.chart_files import HEADERS, count_extra_columns, explode_rows, parse_chart_files
from glue_jobs.raw.read import read_raw_files
from glue_jobs.raw.schemas import CHART
from tests.support.chart_file_builders import (
    CHARTS_FILE,
    NEW,
    OLD,
    OLD_HEADER,
    WEEKLY_NEW,
    misread,
    with_extra,
)
from tests.support.job_builders import current, run
from tests.support.rows import rows
from tests.support.spark_builders import write_raw

DAY = date(2026, 10, 1)
DAILY, WEEKLY = "regional-us-daily-2026-10-01.csv", "regional-us-weekly-2026-10-01.csv"


def charts(spark):
    settings = {
        "chart_id": "us_top",
        "name": "Top",
        "market": "us",
        "source": "charts_csv",
        "expected_size": 4,
        "tolerance": 1,
    }
    both = [
        {"market": "us", "cadence": cadence, "chart": settings | {"cadence": cadence}}
        for cadence in ("daily", "weekly")
    ]
    return literal_frame(spark, both, f"market string, cadence string, chart {CHART}")


def parse(spark, root, *files: tuple[str, str]):
    for name, content in files:
        write_raw(root / charts_csv_key(DAY, name), content)
    folder = f"s3://lake/{root.name}/raw/charts_csv/dt=2026-10-01"
    return parse_chart_files(read_raw_files(spark, [folder], "*.csv"), charts(spark))


ENTRIES = [
    (1, "00000000000000000000a1", "Low Water", 901234),
    (2, "00000000000000000000B2", 'Say "When"', 900001),
    (3, "00000000000000000000c3", "첫눈", 5000),
    (4, "00000000000000000000D4", "Fern", 4999),
]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (DAILY, NEW),
        (DAILY, NEW.replace("\n", "\r\n")),
        (WEEKLY, WEEKLY_NEW),
        (DAILY, OLD),
        (DAILY, OLD[OLD.index(OLD_HEADER) :]),
    ],
    ids=["with a byte order mark", "with CRLF", "weekly", "old", "old without its note"],
)
def test_both_formats_give_ranks_tracks_and_streams(spark, root, name, content):
    opened = explode_rows(parse(spark, root, (name, content)))
    found = rows(opened, "rank", "track.id", "track.name", "streams")
    titled = [
        (rank, track, title.removesuffix(" (feat. Ann Noon)"), n) for rank, track, title, n in found
    ]
    assert titled == ENTRIES
    assert rows(opened.where("kind != 'track'"), "record") == []


EXTRA = ("201532", "", '"a ""b"", c\nd"', "0")


@pytest.mark.parametrize(("name", "content"), [(DAILY, NEW), (WEEKLY, WEEKLY_NEW), (DAILY, OLD)])
def test_columns_after_the_known_ones_are_ignored_and_named(spark, root, name, content):
    fields = [f"{field},2026" for field in EXTRA]
    text = with_extra(content, '"length, ""ms""",year', *fields)
    captures = parse(spark, root, (name, text))
    assert rows(captures, "reason", "extra_columns") == [(None, ['length, "ms"', "year"])]
    assert count_extra_columns(captures) == {'length, "ms"': 1, "year": 1}
    assert rows(explode_rows(captures), "rank", "track.id", "streams", "kind") == [
        (rank, track, streams, "track") for rank, track, _, streams in ENTRIES
    ]


def test_a_row_with_too_many_or_too_few_fields_is_rejected(spark, root):
    text = with_extra(NEW, "year", "2026", "2026,1", "2026", "2026").replace(
        '"5000",2026', '"5000"'
    )
    opened = explode_rows(parse(spark, root, (DAILY, text)))
    assert rows(opened, "position", "kind") == [
        (1, "track"),
        (2, "rejected"),
        (3, "rejected"),
        (4, "track"),
    ]


def test_an_ignored_field_may_have_any_length(spark, root):
    text = with_extra(NEW, "lyrics", "la " * 30_000, '"\x00"', "", "")
    assert rows(explode_rows(parse(spark, root, (DAILY, text))), "kind") == [("track",)] * 4


@pytest.mark.parametrize("names", [" ", '""', "a,", "a,,b"])
def test_every_extra_column_has_a_name(spark, root, names):
    fields = [",".join("1" * (names.count(",") + 1))] * 4
    captures = parse(spark, root, (DAILY, with_extra(NEW, names, *fields)))
    assert rows(captures, "reason") == [("The first row is not a song chart's header.",)]


def test_the_import_and_the_job_accept_the_same_headers():
    assert [tuple(header.split(",")) for header in HEADERS] == list(LAYOUTS)


def test_artists_are_identified_by_name_and_may_be_several(spark, root):
    opened = explode_rows(parse(spark, root, (DAILY, NEW)))
    assert rows(opened.where("rank = 1"), "track.artists.name", "track.artists.id") == [
        (
            ["Tide", "Harbour & Co", "Ann Noon"],
            ["name:tide", "name:harbourco", "name:annnoon"],
        )
    ]
    assert rows(opened.where("rank = 1"), "track.external_urls.spotify", "track.album.id") == [
        ("https://open.spotify.com/track/00000000000000000000a1", None)
    ]


def test_spotifys_own_columns_are_kept_for_comparison(spark, root):
    opened = explode_rows(parse(spark, root, (DAILY, NEW)))
    assert rows(opened.where("rank = 3"), "official.previous_rank", "official.days_on_chart") == [
        ("-1", "1")
    ]
    old = explode_rows(parse(spark, root, (DAILY, OLD)))
    assert rows(old.where("rank = 3"), "official.previous_rank") == [(None,)]


def test_a_title_may_contain_a_line_break_and_a_comma(spark, root):
    opened = explode_rows(parse(spark, root, (DAILY, NEW.replace('"Fern"', '"Fern,\nfrond"'))))
    assert rows(opened.where("rank = 4"), "track.name", "streams") == [("Fern,\nfrond", 4999)]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        (DAILY, "", "The file is empty."),
        (DAILY, "<!doctype html><html></html>", "The file is a web page."),
        (DAILY, NEW[:-3], "The file is cut off inside quotes."),
        (DAILY, "a,b\n1,2\n", "The first row is not a song chart's header."),
        (DAILY, WEEKLY_NEW, "The file is named daily but contains weeks, or the reverse."),
        ("regional-us-daily-2026-10-02.csv", NEW, "The file's day does not match its folder."),
        ("top.csv", NEW, "The file name is not that of a chart file."),
        (
            "regional-ph-daily-2026-10-01.csv",
            NEW,
            "charts.toml has no chart, or several, with source charts_csv, market ph and cadence "
            "daily.",
        ),
    ],
)
def test_an_unusable_file_says_why(spark, root, name, content, reason):
    captures = parse(spark, root, (name, content))
    assert rows(captures, "source_file", "reason") == [(charts_csv_key(DAY, name), reason)]


def test_a_file_that_is_not_utf_8_is_rejected(spark, root):
    path = write_raw(root / charts_csv_key(DAY, DAILY), "")
    path.write_bytes(NEW.encode("utf-16"))
    assert rows(parse(spark, root), "reason") == [("The file is not UTF-8.",)]


MISREAD = (
    "Another program read the file as Latin-1 or Windows-1252 and saved it. Download it again "
    "from charts.spotify.com."
)


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
@pytest.mark.parametrize("text", [NEW, OLD])
def test_a_misread_file_saved_as_utf_8_is_rejected(spark, root, text, encoding):
    content = misread(text.removeprefix("\ufeff"), encoding)
    assert rows(parse(spark, root, (DAILY, content)), "reason") == [(MISREAD,)]


@pytest.mark.parametrize(
    ("artist", "title", "reason"),
    [
        ("Ã\x8d", "â‚¬", MISREAD),
        ("Snow", "Ã©", MISREAD),
        ("Ã©", "é", None),
        ("겨울", "Ã©", None),
        ("í\xa0\x80", "Ã©", None),
        ("Snow", "“Snow”", None),
        ("Snow", "Snow", None),
    ],
)
def test_every_non_ascii_name_must_be_misread_to_reject_a_file(spark, root, artist, title, reason):
    content = NEW.replace("겨울 우주", artist).replace("첫눈", title).replace('"Snow",3', '"Ã©",3')
    assert rows(parse(spark, root, (DAILY, content)), "reason") == [(reason,)]


def test_a_malformed_row_rejects_only_that_row(spark, root):
    broken = NEW.replace("spotify:track:00000000000000000000c3", "spotify:track:c3")
    opened = explode_rows(parse(spark, root, (DAILY, broken + '5,"extra"\n')))
    assert rows(opened, "position", "rank", "kind") == [
        (1, 1, "track"),
        (2, 2, "track"),
        (3, None, "rejected"),
        (4, 4, "track"),
        (5, None, "rejected"),
    ]


def test_an_unreadable_row_names_the_invalid_column(spark, root):
    lines = NEW.splitlines(keepends=True)
    lines[1] = lines[1].replace("1,", "0,", 1)
    lines[2] = lines[2].replace("spotify:track:", "spotify:episode:")
    lines[3] = lines[3].replace("5000", "many")
    opened = explode_rows(parse(spark, root, (DAILY, "".join(lines) + '5,"extra"\n')))
    assert rows(opened, "position", "kind", "reason") == [
        (1, "rejected", "The row's rank cannot be read."),
        (2, "rejected", "The row's track id cannot be read."),
        (3, "rejected", "The row's streams cannot be read."),
        (4, "track", None),
        (5, "rejected", "The row does not match its header."),
    ]


@pytest.mark.parametrize("blank", ["", " ", "\u3000", "\u200b"])
def test_a_row_without_title_or_artist_is_a_place_without_a_track(spark, root, blank):
    content = NEW.replace("Low Water", blank).replace("겨울 우주", blank)
    opened = explode_rows(parse(spark, root, (DAILY, content)))
    assert rows(opened, "position", "kind", "rank", "reason") == [
        (1, "null", None, None),
        (2, "track", 2, None),
        (3, "null", None, None),
        (4, "track", 4, None),
    ]


def test_a_row_of_a_million_quotes_or_commas_rejects_only_that_row(spark, root):
    opened = explode_rows(
        parse(spark, root, (DAILY, NEW + "5," + '""' * 500_000 + "\n" + "," * 30_000))
    )
    assert rows(opened, "position", "kind")[3:] == [
        (4, "track"),
        (5, "rejected"),
        (6, "rejected"),
    ]


def test_a_quote_inside_a_field_affects_no_other_row(spark, root):
    inches = NEW.replace('"Low Water"', '12" Water').replace('"Fern"', '7" Fern')
    opened = explode_rows(parse(spark, root, (DAILY, inches)))
    assert [title for (title,) in rows(opened.orderBy("rank"), "track.name")] == sorted(
        ['12" Water', '7" Fern', 'Say "When" (feat. Ann Noon)', "첫눈"]
    )


def test_a_song_below_missing_ranks_scores_by_the_last_rank(spark, root):
    rows_of = "".join(
        f'{rank},"spotify:track:{name * 11}","{name}","Song","",1,1,1,"{100 * streams}"\n'
        for rank, name, streams in ((1, "An", 5), (2, "Bo", 4), (5, "Ev", 1))
    )
    write_raw(root / charts_csv_key(DAY, DAILY), NEW[: NEW.index("\n") + 1] + rows_of)
    settings = CHARTS_FILE.replace("expected_size = 4", "expected_size = 5")
    charts_file = write_raw(
        root / "charts.toml", settings.replace("tolerance = 1", "tolerance = 2")
    )
    run(spark, root, DAY, DAY, "20261009T000001Z", charts_file=str(charts_file))
    artists = current(spark, root, "artist_trends")
    assert rows(artists, "artist_id", "chart_points", "points_share") == [
        ("name:an", 5, 0.5),
        ("name:bo", 4, 0.4),
        ("name:ev", 1, 0.1),
    ]


def write_day(root: Path, day: date, ranked: str) -> None:
    rows_of = "".join(
        f'{rank},"spotify:track:{letter * 22}","Artist {letter}","Song {letter}","",1,1,1,'
        f'"{900 - rank}"\n'
        for rank, letter in enumerate(ranked, start=1)
    )
    name = f"regional-us-daily-{day}.csv"
    write_raw(root / charts_csv_key(day, name), NEW[: NEW.index("\n") + 1] + rows_of)


def test_streams_reach_the_trends_and_a_web_page_is_quarantined(spark, root):
    charts_file = write_raw(root / "charts.toml", CHARTS_FILE)
    write_day(root, DAY, "abcd")
    write_day(root, date(2026, 10, 2), "badc")
    page = charts_csv_key(date(2026, 10, 2), "regional-ph-daily-2026-10-02.csv")
    write_raw(root / page, "<html>")
    assert (
        run(spark, root, DAY, date(2026, 10, 2), "20261009T000001Z", charts_file=str(charts_file))
        == 1
    )
    assert rows(current(spark, root, "quarantine"), "source_file", "reason") == [
        (page, "The file is a web page.")
    ]
    trends = current(spark, root, "song_trends").where("snapshot_date = '2026-10-02'")
    assert rows(trends, "rank", "previous_rank", "streams", "streams_change") == [
        (1, 2, 899, 1),
        (2, 1, 898, -1),
        (3, 4, 897, 1),
        (4, 3, 896, -1),
    ]
    artists = current(spark, root, "artist_trends").where("snapshot_date = '2026-10-02'")
    assert rows(artists, "artist_id", "best_rank", "streams")[0] == ("name:artista", 2, 898)
    assert rows(current(spark, root, "chart_snapshots"), "source", "entries", "market") == [
        ("charts_csv", 4, "us"),
        ("charts_csv", 4, "us"),
    ]


def test_a_run_names_ignored_columns_once(spark, root, caplog):
    caplog.set_level(logging.INFO, "build_tables")
    charts_file = write_raw(root / "charts.toml", CHARTS_FILE)
    for number, names in [(1, "a"), (2, "a"), (3, "a,b")]:
        day = date(2026, 10, number)
        fields = [",".join("1" * len(names.split(",")))] * 4
        key = charts_csv_key(day, f"regional-us-daily-{day}.csv")
        write_raw(root / key, with_extra(NEW, names, *fields))
    options = {"charts_file": str(charts_file), "days_at_once": 2}
    assert run(spark, root, DAY, date(2026, 10, 3), "20261009T000001Z", **options) == 0
    told = [record.getMessage() for record in caplog.records]
    assert [line for line in told if "columns" in line] == [
        "Extra columns are ignored: a in 3 files, b in 1 file."
    ]
