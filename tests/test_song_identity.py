import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from glue_jobs.song_identity import song_key
from tests.trend_cases import frame_of


def song_ids(spark: SparkSession, *songs: tuple[str, list[str]]) -> list[str]:
    numbered = [(place, *song) for place, song in enumerate(songs)]
    frame = frame_of(spark, numbered, "place int, title string, artists array<string>")
    ids = frame.select("place", song_key(F.col("title"), F.col("artists")).alias("song_id"))
    return [row["song_id"] for row in ids.orderBy("place").collect()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("As It Was", ["Harry Styles"]), ("AS IT WAS!", ["harry styles"])),
        (("Mood (feat. Iann Dior)", ["24kGoldn"]), ("Mood", ["24kGoldn"])),
        (
            ("Stay [with Justin Bieber]", ["The Kid", "Justin Bieber"]),
            ("Stay", ["Justin Bieber", "The Kid"]),
        ),
        (("Duet", ["Ana", "Bo"]), ("Duet", ["Bo", "Ana"])),
        (("Straße", ["Peter Fox"]), ("STRASSE", ["Peter Fox"])),
    ],
    ids=["case and punctuation", "feat", "with", "order of artists", "sharp s"],
)
def test_one_song_in_two_spellings_has_one_id(spark, one, other):
    first, second = song_ids(spark, one, other)
    assert first == second


def test_songs_that_differ_have_different_ids(spark):
    ids = song_ids(
        spark,
        ("夜に駆ける", ["YOASOBI"]),
        ("群青", ["YOASOBI"]),
        ("좋은 날", ["IU"]),
        ("밤편지", ["IU"]),
        ("حبيبي", ["عمرو دياب"]),
        ("نور العين", ["عمرو دياب"]),
        ("???", ["XXX"]),
        ("!!!", ["XXX"]),
        ("Stay", ["Rihanna"]),
        ("Stay", ["The Kid"]),
        ("Stay - Live", ["The Kid"]),
        ("Stay - Remix", ["The Kid"]),
        ("Without Me", ["Halsey"]),
        ("(With) Me", ["Halsey"]),
    )
    assert len(set(ids)) == len(ids)


def test_an_id_is_the_hash_of_folded_title_and_artists(spark):
    # printf 'asitwas\nharrystyles' | sha256sum | cut -c1-16
    assert song_ids(spark, ("As It Was", ["Harry Styles"])) == ["44c3e1aa6031515f"]
