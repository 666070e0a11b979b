from dataclasses import replace
from datetime import date

import pytest

from chartlake.printable import printable
from extract_lambda.chart_files import ChartFile, ChartFileError, read_chart_file
from tests.chart_file_cases import (
    CHARTS,
    DAILY,
    DAILY_NAME,
    NEW,
    OLD,
    OLD_HEADER,
    WEEKLY,
    WEEKLY_NAME,
    WEEKLY_NEW,
)

DAY = date(2026, 10, 1)


def read(name: str, text: str) -> ChartFile:
    return read_chart_file(name, text.encode(), CHARTS)


def refusal(name: str, content: str | bytes) -> str:
    whole = content if isinstance(content, bytes) else content.encode()
    with pytest.raises(ChartFileError) as caught:
        read_chart_file(name, whole, CHARTS)
    sentence = str(caught.value)
    assert sentence.startswith(f"{printable(name)}: ")
    assert sentence.endswith(".")
    return sentence.removeprefix(f"{printable(name)}: ")


def test_a_daily_file_is_its_chart_and_date():
    assert read(DAILY_NAME, NEW) == ChartFile(DAILY, DAY, 4, "charts.spotify.com")
    assert read(DAILY_NAME, NEW).key == f"raw/charts_csv/dt=2026-10-01/{DAILY_NAME}"


def test_a_weekly_file_is_its_chart_and_the_thursday_that_ends_its_week():
    assert read(WEEKLY_NAME, WEEKLY_NEW) == ChartFile(WEEKLY, DAY, 4, "charts.spotify.com")
    assert read(WEEKLY_NAME, WEEKLY_NEW).key == f"raw/charts_csv/dt=2026-10-01/{WEEKLY_NAME}"


def test_the_format_of_the_old_site_is_read_daily_and_weekly():
    assert read(DAILY_NAME, OLD) == ChartFile(DAILY, DAY, 4, "spotifycharts.com")
    assert read(WEEKLY_NAME, OLD) == ChartFile(WEEKLY, DAY, 4, "spotifycharts.com")


def test_the_old_site_wrote_no_note_at_first():
    assert read(DAILY_NAME, OLD[OLD.index(OLD_HEADER) :]).entries == 4


@pytest.mark.parametrize("text", [NEW, OLD])
def test_line_ends_of_windows_a_missing_last_one_and_blank_lines_are_legal(text):
    assert read(DAILY_NAME, text.replace("\n", "\r\n")).entries == 4
    assert read(DAILY_NAME, text.rstrip("\n")).entries == 4
    assert read(DAILY_NAME, text + "\n").entries == 4


def test_the_byte_order_mark_may_be_missing():
    assert read(DAILY_NAME, NEW.removeprefix("\ufeff")).entries == 4


def test_a_rank_may_be_missing():
    assert read(DAILY_NAME, NEW.replace("\n4,", "\n7,")).entries == 4
    without_third = "".join(line for line in NEW.splitlines(True) if not line.startswith("3,"))
    assert read(DAILY_NAME, without_third).entries == 3


@pytest.mark.parametrize("number", [" (1)", "(2)", " (12)", "-1", " 2"])
def test_a_number_that_a_browser_added_is_no_part_of_the_name(number):
    file = read(f"regional-us-daily-2026-10-01{number}.csv", NEW)
    assert file.key == f"raw/charts_csv/dt=2026-10-01/{DAILY_NAME}"


@pytest.mark.parametrize(
    "name",
    [
        "charts.csv",
        "regional-us-daily-latest.csv",
        "regional-US-daily-2026-10-01.csv",
        "regional-us-hourly-2026-10-01.csv",
        "viral-us-daily-2026-10-01.csv",
        "regional-us-daily-2026-10-01.csv.part",
        "../regional-us-daily-2026-10-01.csv",
        "regional-global-weekly-2020-01-03--2020-01-10.csv",
        "regional-us-daily-2026-10-01\n.csv",
    ],
)
def test_a_name_that_means_no_song_chart_says_what_such_a_name_is(name):
    assert refusal(name, NEW).startswith("a song chart is named regional-us-daily-2026-10-01.csv")


def test_a_day_that_the_calendar_lacks_is_named():
    assert refusal("regional-us-daily-2026-02-30.csv", NEW).startswith("2026-02-30 is no day of")


def test_a_week_that_does_not_end_on_a_thursday_is_named():
    sentence = refusal("regional-global-weekly-2026-10-02.csv", WEEKLY_NEW)
    assert sentence.startswith(
        "2026-10-02 is a Friday, and a weekly chart is dated by the Thursday"
    )


def test_a_chart_that_is_not_watched_says_what_to_add():
    assert refusal("regional-ph-daily-2026-10-01.csv", NEW) == (
        'charts.toml has no chart with source = "charts_csv", market = "ph" and '
        'cadence = "daily". Add one to it.'
    )


def test_a_chart_that_is_read_as_a_playlist_takes_no_files():
    playlist = replace(DAILY, source="playlist")
    with pytest.raises(ChartFileError, match=r"has no chart with source = .charts_csv., market"):
        read_chart_file(DAILY_NAME, NEW.encode(), [playlist])


def test_two_charts_of_the_same_files_are_one_too_many():
    with pytest.raises(ChartFileError, match=r"has us_top, twin with source = .*Keep one of them"):
        read_chart_file(DAILY_NAME, NEW.encode(), [DAILY, replace(DAILY, chart_id="twin")])


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_an_empty_file_says_so(content):
    assert refusal(DAILY_NAME, content).startswith("it is empty. Download it again")


@pytest.mark.parametrize("page", ["<!doctype html><html>…", "\ufeff\n <HTML>"])
def test_a_web_page_says_so(page):
    assert refusal(DAILY_NAME, page).startswith("it is a web page, as a site gives when it has no")


@pytest.mark.parametrize("encoding", ["utf-16", "cp949"])
def test_a_file_that_is_not_utf_8_says_so(encoding):
    content = NEW.removeprefix("\ufeff").encode(encoding)
    assert refusal(DAILY_NAME, content).startswith("it is not UTF-8; another program has saved it")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a,b\n1,2\n", "'a,b'"),
        (NEW.replace(",", ";"), "'rank;uri;artist_names;"),
        (OLD.replace(",Streams", ""), "'Position,Track Name,Artist,URL'"),
        (OLD.splitlines()[0] + "\n", "''"),
        ('{"error": 404}', "'{\"error\": 404}'"),
        ("0" + OLD, "'0,,,Note that these figures are"),
        (OLD.replace('Position,"Track Name"', '"Position,Track Name"'), "'Position,Track Name,"),
    ],
)
def test_another_header_is_quoted(text, found):
    sentence = refusal(DAILY_NAME, text)
    assert sentence.startswith(found)
    assert "is the header of no song chart. Download it again" in sentence


def test_the_contents_of_a_week_are_no_day_and_the_other_way_round():
    assert refusal(DAILY_NAME, WEEKLY_NEW) == (
        "its contents are weekly, its name says daily. Rename it."
    )
    assert refusal(WEEKLY_NAME, NEW).startswith("its contents are daily, its name says weekly.")


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("\n3,", "\nthird,", "line 4 has 'third' for a rank."),
        ("\n3,", "\n03,", "line 4 has '03' for a rank."),
        ("\n3,", "\n٣,", "line 4 has '٣' for a rank."),
        ("\n3,", "\n2,", "line 4 has rank 2 after rank 2, and ranks only rise."),
        ("\n3,", "\n1,", "line 4 has rank 1 after rank 2, and ranks only rise."),
        ("\n1,", "\n2,", "line 2 has rank 2, and a chart begins with rank 1."),
        ("\n1,", "\n0,", "line 2 has rank 0, and a chart begins with rank 1."),
        ("track:00000000000000000000c3", "track:c3", "line 4 has 'spotify:track:c3' for a track."),
        ("spotify:track:00000000000000000000c3", "", "line 4 has '' for a track."),
        ('"5000"', '"5,000"', "line 4 has '5,000' for a number of streams."),
        ('"5000"', '"-1"', "line 4 has '-1' for a number of streams."),
        ('"Snow",', "", "line 4 has 8 fields where the header has 9."),
        ("Fern", 'Fe"rn', "line 5 is no CSV (',' expected after '\"')."),
        ('"첫눈"', '"첫눈"x', "line 4 is no CSV (',' expected after '\"')."),
    ],
)
def test_a_row_that_is_wrong_is_named_with_its_line(was, becomes, problem):
    assert refusal(DAILY_NAME, NEW.replace(was, becomes, 1)).startswith(f"{problem} Download it")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("3", "line 4 has 1 field where the header has 9."),
        ("3,x", "line 4 has 2 fields where the header has 9."),
    ],
)
def test_the_fields_of_a_short_row_are_counted(row, problem):
    lines = NEW.splitlines(True)
    assert refusal(DAILY_NAME, "".join([*lines[:3], f"{row}\n", lines[4]])).startswith(problem)


def test_the_lines_of_the_old_format_are_counted_with_its_note():
    text = OLD.replace("https://open.spotify.com/track/00000000000000000000c3", "n/a")
    assert refusal(DAILY_NAME, text).startswith("line 5 has 'n/a' for a track.")


@pytest.mark.parametrize(
    ("text", "end", "line"),
    [
        (NEW, '"4999"', 5),
        (NEW, '99"\n', 5),
        (NEW, ',"Moss",2', 5),
        (NEW, '000000000D4"', 5),
        (NEW, ',"spotify:track:00000000000000000000D4', 5),
        (OLD, "00D4", 6),
        (OLD, ",https://open.spotify.com/track/00000000000000000000D4", 6),
    ],
)
def test_a_download_that_was_cut_off_says_so(text, end, line):
    cut = text[: text.rindex(end)]
    assert refusal(DAILY_NAME, cut).startswith(f"its last row, on line {line}, is cut off")


def test_a_last_row_that_lacks_fields_is_cut_off_even_if_a_line_end_was_added():
    cut = NEW[: NEW.rindex(',"Moss",2')] + "\n"
    assert refusal(DAILY_NAME, cut).startswith("its last row, on line 5, is cut off")


def test_a_file_of_too_few_entries_says_both_numbers():
    two = "".join(NEW.splitlines(True)[:3])
    assert refusal(DAILY_NAME, two).startswith(
        "it has 2 entries; charts.toml expects 4 of us_top and allows 1 fewer. Download it again"
    )


@pytest.mark.parametrize(
    ("entries", "found"),
    [(0, "it has 0 entries; "), (1, "it has 1 entry; "), (2, "it has 2 entries; ")],
)
def test_the_entries_of_a_short_file_are_counted(entries, found):
    header_and_rows = "".join(NEW.splitlines(True)[: 1 + entries])
    assert refusal(DAILY_NAME, header_and_rows).startswith(found)
