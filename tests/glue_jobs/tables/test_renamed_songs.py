"""Songs whose titles and artists change under one track id, through the whole job."""

import pytest

from tests.support.job_builders import DAYS, current, run
from tests.support.rows import rows
from tests.support.spark_builders import entry, write_capture, write_raw

FIRST, SECOND = "20261109T000001Z", "20261109T000002Z"
CHARTS_FILE = """
[charts.mt_daily]
name = "Top MT"
market = "mt"
source = "charts_csv"
cadence = "daily"
expected_size = 3
tolerance = 0
"""
OLD = (
    ',,,"Note that these figures are generated using a formula that protects against any '
    'artificial inflation of chart positions.",\nPosition,"Track Name",Artist,Streams,URL\n'
)
NEW = "rank,uri,artist_names,track_name,source,peak_rank,previous_rank,days_on_chart,streams\n"
ONE, TWO, THREE = (f"00000000000000000000{name}" for name in ("a1", "a2", "a3"))


def write_chart_file(root, day, text):
    write_raw(root / "charts.toml", CHARTS_FILE)
    write_raw(root / f"raw/charts_csv/dt={day}/regional-mt-daily-{day}.csv", text)


def build(spark, root, first, last, run_id):
    charts_file = f"s3://lake/{root.name}/charts.toml"
    return run(spark, root, DAYS[first - 1], DAYS[last - 1], run_id, charts_file=charts_file)


def trends_of(spark, root):
    columns = ("track_id", "rank", "previous_rank", "movement", "days_on_chart")
    found = rows(current(spark, root, "song_trends"), "snapshot_date", *columns)
    return [row for day, *row in found if day == DAYS[1]]


def test_a_track_with_a_new_title_or_artist_stays_the_same_song(spark, root):
    days = [
        [
            entry("bandyta", "Sobel", name="Bandyta"),
            entry("somos", "Sech", name="¿Que Somos?"),
            entry("constant", "Cee", name="Constant"),
        ],
        [
            entry("constant", "Cee", name="Constant"),
            entry("bandyta", "Sobel", "PSR", name="Bandyta"),
            entry("somos", "Sech", name="¿Qué Somos?"),
        ],
    ]
    for day, entries in zip(DAYS, days, strict=False):
        write_capture(root, f"{day}T06:00:00Z", entries, expected_size=3)
        build(spark, root, day.day, day.day, f"20261109T00000{day.day}Z")
    assert trends_of(spark, root) == [
        ["bandyta", 2, 1, "down", 2],
        ["constant", 1, 3, "up", 2],
        ["somos", 3, 2, "down", 2],
    ]
    summary = current(spark, root, "chart_summary")
    assert rows(summary, "snapshot_date", "debuts", "exits") == [(DAYS[0], 3, 0), (DAYS[1], 0, 0)]


def test_the_old_format_with_one_artist_splits_no_song(spark, root):
    link = "https://open.spotify.com/track/"
    write_chart_file(
        root,
        DAYS[0],
        OLD
        + f'1,"I Love It (& Lil Pump)","Kanye West",1826642,{link}{ONE}\n'
        + f'2,"SICKO MODE","Travis Scott",1538098,{link}{TWO}\n'
        + f'3,"Happier","Marshmello",958368,{link}{THREE}\n',
    )
    write_chart_file(
        root,
        DAYS[1],
        NEW
        + f'1,"spotify:track:{ONE}","Kanye West, Lil Pump","I Love It (& Lil Pump)",L,1,1,5,17\n'
        + f'2,"spotify:track:{TWO}","Travis Scott","SICKO MODE",L,2,2,40,15\n'
        + f'3,"spotify:track:{THREE}","Marshmello, Bastille","Happier",L,3,3,28,9\n',
    )
    build(spark, root, 1, 2, FIRST)
    assert trends_of(spark, root) == [
        [ONE, 1, 1, "same", 2],
        [TWO, 2, 2, "same", 2],
        [THREE, 3, 3, "same", 2],
    ]


def test_an_older_day_of_one_chart_may_change_songs_of_another(spark, root):
    """An older day of one chart may change a song of another chart, in every table."""
    renamed, other, third = entry("r", name="New Title"), entry("b", "Bo"), entry("c", "Cy")
    for day, entries in zip(
        DAYS[1:], [[renamed, other], [other, renamed], [other, third]], strict=True
    ):
        write_capture(root, f"{day}T06:00:00Z", entries)
    build(spark, root, 2, 4, FIRST)
    new_title, old_title = "cce20f9433f443db", "e3b2316d4c717eca"
    tables = ("chart_entries", "tracks", "song_trends", "chart_exits")
    assert {name: songs_of(spark, root, name) for name in tables} == {
        "chart_entries": [(DAYS[1], new_title), (DAYS[2], new_title)],
        "tracks": [(DAYS[1], new_title), (DAYS[2], new_title)],
        "song_trends": [(DAYS[1], new_title), (DAYS[2], new_title)],
        "chart_exits": [(DAYS[3], new_title)],
    }
    write_capture(
        root, f"{DAYS[0]}T06:00:00Z", [entry("r", name="Old Title"), third], chart_id="other"
    )
    build(spark, root, 1, 1, SECOND)
    assert {name: songs_of(spark, root, name) for name in tables} == {
        "chart_entries": [(DAYS[0], old_title), (DAYS[1], old_title), (DAYS[2], old_title)],
        "tracks": [(DAYS[0], old_title), (DAYS[1], old_title), (DAYS[2], old_title)],
        "song_trends": [(DAYS[0], old_title), (DAYS[1], old_title), (DAYS[2], old_title)],
        "chart_exits": [(DAYS[3], old_title)],
    }


def songs_of(spark, root, table):
    return rows(current(spark, root, table).where("track_id = 'r'"), "snapshot_date", "song_id")


@pytest.mark.parametrize(
    ("titles", "streams"),
    [(["จีบ", "จูบ", "คืนนี้"], [500, 400, 300]), (["राम", "रोम", "रामा"], [500, 400, 300])],
    ids=["Thai", "Hindi"],
)
def test_titles_that_differ_in_a_vowel_sign_are_different_songs(spark, root, titles, streams):
    lines = [
        f'{rank},"spotify:track:{track}","Same Artist","{title}","L",1,-1,1,"{count}"\n'
        for rank, (track, title, count) in enumerate(
            zip((ONE, TWO, THREE), titles, streams, strict=True), start=1
        )
    ]
    write_chart_file(root, DAYS[0], NEW + "".join(lines))
    build(spark, root, 1, 1, FIRST)
    trends = current(spark, root, "song_trends")
    assert rows(trends, "track_id", "rank", "streams") == [
        (ONE, 1, 500),
        (TWO, 2, 400),
        (THREE, 3, 300),
    ]
