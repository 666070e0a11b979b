import pytest
from pyspark.sql import functions as F

from chartlake.contract.counts import counted
from glue_jobs.frames import counted_column
from tests.support.trend_builders import frame_of


@pytest.mark.parametrize(
    ("number", "text"),
    [(0, "0 raw files"), (1, "1 raw file"), (2, "2 raw files"), (1204, "1,204 raw files")],
)
def test_a_noun_agrees_with_its_number(number, text):
    assert counted(number, "raw file") == text


def test_an_irregular_plural_is_used():
    assert [counted(number, "entry", "entries") for number in (0, 1, 2)] == [
        "0 entries",
        "1 entry",
        "2 entries",
    ]


def test_a_verb_agrees_with_its_number():
    assert [counted(number, "day depends", "days depend") for number in (0, 1, 2)] == [
        "0 days depend",
        "1 day depends",
        "2 days depend",
    ]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0.4, "0 seconds"),
        (0.6, "1 second"),
        (1.4, "1 second"),
        (1.6, "2 seconds"),
        (1204.0, "1,204 seconds"),
        (float("inf"), "inf seconds"),
    ],
)
def test_a_fraction_is_rounded_and_the_noun_agrees_with_the_result(number, text):
    assert counted(number, "second") == text


def test_a_number_too_large_for_a_float_is_printed_in_full():
    assert counted(10**400, "entry", "entries").endswith(",000 entries")


NUMBERS = [0, 1, 2, 1204]


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        (("raw file",), ["0 raw files", "1 raw file", "2 raw files", "1,204 raw files"]),
        (("entry", "entries"), ["0 entries", "1 entry", "2 entries", "1,204 entries"]),
        (("rank is", "ranks are"), ["0 ranks are", "1 rank is", "2 ranks are", "1,204 ranks are"]),
    ],
)
@pytest.mark.parametrize("type_", ["int", "bigint", "double"])
def test_a_frame_column_is_worded_like_counted(spark, type_, words, texts):
    numbers = frame_of(spark, [(number,) for number in NUMBERS], "number bigint")
    written = numbers.select("number", counted_column(F.col("number").cast(type_), *words))
    assert [row[1] for row in written.orderBy("number").collect()] == texts
    assert [counted(number, *words) for number in NUMBERS] == texts
