from dataclasses import replace
from datetime import date

import pytest

from chartlake.contract.printable import printable
from extract_lambda.chart_files.name import ChartFile, ChartFileError, read_chart_file
from tests.support.chart_file_builders import (
    CHARTS,
    DAILY,
    DAILY_NAME,
    NEW,
    OLD,
    OLD_HEADER,
    WEEKLY,
    WEEKLY_NAME,
    WEEKLY_NEW,
    misread,
    with_extra,
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


def test_a_daily_file_name_gives_chart_and_date():
    assert read(DAILY_NAME, NEW) == ChartFile(DAILY, DAY, 4, "charts.spotify.com")
    assert read(DAILY_NAME, NEW).key == f"raw/charts_csv/dt=2026-10-01/{DAILY_NAME}"


def test_a_weekly_file_name_gives_chart_and_last_thursday():
    """A weekly file is named after its chart and the Thursday that ends its week."""
    assert read(WEEKLY_NAME, WEEKLY_NEW) == ChartFile(WEEKLY, DAY, 4, "charts.spotify.com")
    assert read(WEEKLY_NAME, WEEKLY_NEW).key == f"raw/charts_csv/dt=2026-10-01/{WEEKLY_NAME}"


def test_the_old_sites_format_is_read_daily_and_weekly():
    assert read(DAILY_NAME, OLD) == ChartFile(DAILY, DAY, 4, "spotifycharts.com")
    assert read(WEEKLY_NAME, OLD) == ChartFile(WEEKLY, DAY, 4, "spotifycharts.com")


def test_early_files_of_the_old_site_have_no_note():
    assert read(DAILY_NAME, OLD[OLD.index(OLD_HEADER) :]).entries == 4


@pytest.mark.parametrize("text", [NEW, OLD])
def test_windows_line_endings_and_blank_lines_are_valid(text):
    """Windows line endings, a missing last one and blank lines are valid."""
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
def test_a_number_added_by_a_browser_is_not_part_of_the_name(number):
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
def test_an_invalid_file_name_error_shows_the_valid_pattern(name):
    assert refusal(name, NEW).startswith(
        "a chart file is named like regional-us-daily-2026-10-01.csv"
    )


def test_an_invalid_date_is_named():
    assert refusal("regional-us-daily-2026-02-30.csv", NEW).startswith(
        "2026-02-30 is not a valid date"
    )


def test_a_week_that_does_not_end_on_a_thursday_is_named():
    sentence = refusal("regional-global-weekly-2026-10-02.csv", WEEKLY_NEW)
    assert sentence.startswith(
        "2026-10-02 is a Friday, but a weekly chart is dated by the Thursday"
    )


def test_a_file_of_an_unwatched_chart_says_what_to_add():
    assert refusal("regional-ph-daily-2026-10-01.csv", NEW) == (
        'charts.toml has no chart with source = "charts_csv", market = "ph" and '
        'cadence = "daily". Add one to it.'
    )


def test_a_playlist_chart_accepts_no_files():
    playlist = replace(DAILY, source="playlist")
    with pytest.raises(ChartFileError, match=r"has no chart with source = .charts_csv., market"):
        read_chart_file(DAILY_NAME, NEW.encode(), [playlist])


def test_two_charts_with_the_same_files_are_rejected():
    with pytest.raises(ChartFileError, match=r"has us_top, twin with source = .*Keep one of them"):
        read_chart_file(DAILY_NAME, NEW.encode(), [DAILY, replace(DAILY, chart_id="twin")])


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \r\n"])
def test_an_empty_file_is_rejected(content):
    assert refusal(DAILY_NAME, content).startswith("it is empty. Download it again")


@pytest.mark.parametrize("page", ["<!doctype html><html>…", "\ufeff\n <HTML>"])
def test_a_web_page_is_rejected(page):
    assert refusal(DAILY_NAME, page).startswith("it is a web page; the site has no")


@pytest.mark.parametrize("encoding", ["utf-16", "cp949"])
def test_a_file_that_is_not_utf_8_is_rejected(encoding):
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
def test_an_unknown_header_is_quoted(text, found):
    sentence = refusal(DAILY_NAME, text)
    assert sentence.startswith(found)
    assert "is not the header of a song chart. Download it again" in sentence


def test_weekly_contents_under_a_daily_name_are_rejected_and_vice_versa():
    assert refusal(DAILY_NAME, WEEKLY_NEW) == (
        "it is a weekly chart, but its name says daily. Rename it."
    )
    assert refusal(WEEKLY_NAME, NEW).startswith("it is a daily chart, but its name says weekly.")


@pytest.mark.parametrize(
    ("was", "becomes", "problem"),
    [
        ("\n3,", "\nthird,", "line 4 has an invalid rank, 'third'."),
        ("\n3,", "\n03,", "line 4 has an invalid rank, '03'."),
        ("\n3,", "\n٣,", "line 4 has an invalid rank, '٣'."),
        ("\n3,", "\n2,", "line 4 has rank 2 after rank 2, but ranks must increase."),
        ("\n3,", "\n1,", "line 4 has rank 1 after rank 2, but ranks must increase."),
        ("\n1,", "\n2,", "line 2 has rank 2, but a chart begins with rank 1."),
        ("\n1,", "\n0,", "line 2 has rank 0, but a chart begins with rank 1."),
        (
            "track:00000000000000000000c3",
            "track:c3",
            "line 4 has an invalid track, 'spotify:track:c3'.",
        ),
        ("spotify:track:00000000000000000000c3", "", "line 4 has an invalid track, ''."),
        ('"5000"', '"5,000"', "line 4 has an invalid number of streams, '5,000'."),
        ('"5000"', '"-1"', "line 4 has an invalid number of streams, '-1'."),
        ('"Snow",', "", "line 4 has 8 fields, but the header has 9."),
        ("Fern", 'Fe"rn', "line 5 is not valid CSV (',' expected after '\"')."),
        ('"첫눈"', '"첫눈"x', "line 4 is not valid CSV (',' expected after '\"')."),
    ],
)
def test_an_invalid_row_is_named_with_its_line(was, becomes, problem):
    assert refusal(DAILY_NAME, NEW.replace(was, becomes, 1)).startswith(f"{problem} Download it")


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("3", "line 4 has 1 field, but the header has 9."),
        ("3,x", "line 4 has 2 fields, but the header has 9."),
    ],
)
def test_the_fields_of_a_short_row_are_counted(row, problem):
    lines = NEW.splitlines(True)
    assert refusal(DAILY_NAME, "".join([*lines[:3], f"{row}\n", lines[4]])).startswith(problem)


def test_the_lines_of_the_old_format_are_counted_with_its_note():
    text = OLD.replace("https://open.spotify.com/track/00000000000000000000c3", "n/a")
    assert refusal(DAILY_NAME, text).startswith("line 5 has an invalid track, 'n/a'.")


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
def test_a_truncated_download_is_rejected(text, end, line):
    cut = text[: text.rindex(end)]
    assert refusal(DAILY_NAME, cut).startswith(f"its last row, on line {line}, is cut off")


def test_a_short_last_row_means_truncated_despite_a_line_ending():
    """A last row with missing fields was truncated, even if a line ending was added."""
    cut = NEW[: NEW.rindex(',"Moss",2')] + "\n"
    assert refusal(DAILY_NAME, cut).startswith("its last row, on line 5, is cut off")


def test_a_file_with_too_few_entries_reports_both_numbers():
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


EXTRA = ("201532", "", '"a ""b"", c\nd"', "0")


@pytest.mark.parametrize(
    ("name", "text"), [(DAILY_NAME, NEW), (WEEKLY_NAME, WEEKLY_NEW), (DAILY_NAME, OLD)]
)
def test_columns_after_the_known_ones_are_ignored_and_named(name, text):
    file = read(name, with_extra(text, '"length, ""ms"""', *EXTRA))
    assert (file.entries, file.extra_columns) == (4, ('length, "ms"',))
    two = [f"{field},{field}" for field in EXTRA]
    assert read(name, with_extra(text, "a,b", *two)).extra_columns == ("a", "b")
    assert read(name, text).extra_columns == ()


@pytest.mark.parametrize("names", ["", " ", '""', "a,", "a,,b"])
def test_every_extra_column_has_a_name(names):
    fields = [",".join("1" * (names.count(",") + 1))] * 4
    assert "is not the header of a song chart." in refusal(
        DAILY_NAME, with_extra(NEW, names, *fields)
    )


def test_the_known_columns_come_first_and_in_their_order():
    shuffled = NEW.replace("peak_rank,previous_rank", "previous_rank,peak_rank")
    for text in (
        shuffled,
        NEW.replace("\ufeffrank,", "id,rank,"),
        NEW.replace("rank,", "Rank,", 1),
    ):
        extra = with_extra(text, "duration_ms", *"1234")
        assert "is not the header of a song chart." in refusal(DAILY_NAME, extra)


def test_every_row_has_a_field_for_each_extra_column():
    text = with_extra(NEW, "duration_ms", *"1234")
    assert refusal(DAILY_NAME, text.replace('"5000",3', '"5000"')).startswith(
        "line 4 has 9 fields, but the header has 10. Download it again"
    )
    assert refusal(DAILY_NAME, text.replace('"5000",3', '"5000",3,5')).startswith(
        "line 4 has 11 fields, but the header has 10."
    )


ACCENTS = NEW.replace("Moss", "Beyoncé").replace("Fern", "Déjà Vu À Í")


@pytest.mark.parametrize("encoding", ["latin-1", "windows-1252"])
@pytest.mark.parametrize("text", [NEW, OLD, ACCENTS, with_extra(ACCENTS, "é", *"éééé")])
def test_a_misread_file_saved_as_utf_8_is_rejected(text, encoding):
    sentence = refusal(DAILY_NAME, misread(text.removeprefix("\ufeff"), encoding))
    assert " read as Latin-1 or Windows-1252; another program has saved the file." in sentence
    assert sentence.endswith(
        "Download it again from charts.spotify.com, signed in, and do not edit it."
    )


def test_a_misread_name_is_shown_with_its_original():
    text = NEW.replace("겨울 우주", "BeyoncÃ©").replace("첫눈", "Snow")
    assert refusal(DAILY_NAME, text).startswith(
        "'BeyoncÃ©' is 'Beyoncé' read as Latin-1 or Windows-1252; "
    )


def test_names_may_be_misread_in_different_ways():
    mixed = NEW.replace("겨울 우주", "Ã\x8d").replace("첫눈", "â‚¬")
    assert "'Ã\\x8d' is 'Í' read as" in refusal(DAILY_NAME, mixed)


@pytest.mark.parametrize(
    "name", ["é", "Ã", "Ã©é", "“Fern”", "£", "À la", "\x81", "í\xa0\x80", "첫눈"]
)
def test_one_correct_name_is_enough_to_accept_a_file(name):
    text = NEW.replace("겨울 우주", "BeyoncÃ©").replace("첫눈", "DÃ©jÃ\xa0 Vu")
    assert read(DAILY_NAME, text.replace("Fern", name)).entries == 4
    assert read(DAILY_NAME, text.replace("Harbour & Co", name)).entries == 4


def test_labels_and_extra_columns_are_not_checked_as_names():
    text = with_extra(NEW.replace('"Snow"', '"NeigÃ©"'), "Ã©", *["Ã©"] * 4)
    assert read(DAILY_NAME, text).entries == 4
    ascii_names = text.replace("겨울 우주", "Snow").replace("첫눈", "Snow")
    assert read(DAILY_NAME, ascii_names).entries == 4


def test_a_correct_name_that_looks_misread_is_rejected_if_alone():
    """It is accepted beside another non-ASCII name that cannot be misread."""
    text = NEW.replace("겨울 우주", "Snow").replace("첫눈", "CAFÉ’S")
    assert refusal(DAILY_NAME, text).startswith("'CAFÉ’S' is 'CAFɒS' read as Latin-1 or Windows")
    assert read(DAILY_NAME, text.replace("Fern", "Fougère")).entries == 4


@pytest.mark.parametrize(
    ("name", "text"), [(DAILY_NAME, NEW), (WEEKLY_NAME, WEEKLY_NEW), (DAILY_NAME, OLD)]
)
def test_titles_and_artists_are_checked_in_every_format(name, text):
    """Titles and artists of every format are checked for misreading, and labels are not."""
    for artist, title in [("Ã©", "é"), ("é", "Ã©")]:
        assert read(name, text.replace("겨울 우주", artist).replace("첫눈", title)).entries == 4
    garbled = text.replace("겨울 우주", "Ã©").replace("첫눈", "Ã©").replace('"Snow"', '"é"')
    assert refusal(name, garbled).startswith("'Ã©' is 'é' read as Latin-1")
