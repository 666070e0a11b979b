import unicodedata

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from glue_jobs.tables.song_identity import name_key, song_key
from tests.support.trend_builders import frame_of

Words = tuple[str, str]
"""A title, and its artists with a comma between them."""


@pytest.fixture(scope="module")
def keys(spark) -> dict[Words, str]:
    """The song_key of all titles and artists below, computed in one job."""
    words = [
        *{side for pair in [*SAME, *APART, *LITERAL] for side in pair if isinstance(side, tuple)}
    ]
    rows = [(place, title, artists.split(", ")) for place, (title, artists) in enumerate(words)]
    frame = frame_of(spark, rows, "place int, title string, artists array<string>")
    found = frame.select("place", song_key(F.col("title"), F.col("artists")).alias("key"))
    return {words[row["place"]]: row["key"] for row in found.collect()}


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


SAME = [
    # case, punctuation and the order of artists
    (("As It Was", "Harry Styles"), ("AS IT WAS!", "harry styles")),
    (("Duet", "Ana, Bo"), ("Duet", "Bo, Ana")),
    (("Don’t Start Now", "Dua Lipa"), ("Don't Start Now", "Dua Lipa")),
    # folds that `lower(upper(x))` promises and Spark's optimizer takes away
    (("İSTANBUL", "X"), ("istanbul", "X")),
    (("ISPARTA", "X"), ("ısparta", "X")),
    (("STRASSE", "Peter Fox"), ("Straße", "Peter Fox")),
    (("ﬁne", "X"), ("FINE", "X")),
    (("ΟΔΟΣ", "X"), ("οδος", "X")),
    (("Song", "ΣΑΣ"), ("Song", "σας")),
    (("ПЛАКАЛА", "KAZKA"), ("Плакала", "Kazka")),
    # Unicode spells one text in several ways
    (("Se Preparó", "Ozuna"), (decomposed("Se Preparó"), "Ozuna")),
    (("Halo", "Beyoncé"), ("Halo", decomposed("Beyoncé"))),
    (("ただ君に晴れ", "X"), (decomposed("ただ君に晴れ"), "X")),
    (("응급실", "Izi"), (decomposed("응급실"), "Izi")),
    (("ＹＯＡＳＯＢＩ", "X"), ("YOASOBI", "X")),
    (("ｱｲﾄﾞﾙ", "X"), ("アイドル", "X")),
    (("حبـــيبي", "X"), ("حبيبي", "X")),
    (("I ❤️ U", "X"), ("I ❤ U", "X")),
    # bracketed feat. is a credit, whoever it names
    (("Mood (feat. Iann Dior)", "24kGoldn"), ("Mood", "24kGoldn")),
    (("Mood [Ft. Iann Dior]", "24kGoldn"), ("Mood", "24kGoldn")),
    (("Mood (featuring Iann Dior)", "24kGoldn"), ("Mood", "24kGoldn")),
    (("Baby (Lil Baby feat. DaBaby)", "QC, Lil Baby"), ("Baby", "Lil Baby, QC")),
    (("夜（feat. 初音ミク）", "X, 初音ミク"), ("夜", "X, 初音ミク")),
    # these are credits where they name an artist
    (("Stay [with Justin Bieber]", "The Kid, Justin Bieber"), ("Stay", "Justin Bieber, The Kid")),
    (("Song (with Bo)", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song (With BÓ & Ann)", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song (with\u00a0Bo)", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song (& Bo)", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Canción (con Bo)", "Ann, Bo"), ("Canción", "Ann, Bo")),
    (("Song (feat.Bo)", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song - feat. Bo", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song feat. Bo & Ann", "Ann, Bo"), ("Song", "Ann, Bo")),
    (("Song ft. Bo - Remix", "Ann, Bo"), ("Song - Remix", "Ann, Bo")),
    (("Song (with V)", "Ann, V"), ("Song", "Ann, V")),
    (("Song (with !!!)", "Ann, !!!"), ("Song", "Ann, !!!")),
    (("歌 (with 米津玄師)", "A, 米津玄師"), ("歌", "A, 米津玄師")),
    (("Song (with Bo) [feat. Cy]", "Ann, Bo"), ("Song", "Ann, Bo")),
    # release notes
    (("That Way - Bonus Track", "Lil Uzi Vert"), ("That Way", "Lil Uzi Vert")),
    (("Áudio - Faixa Bônus", "X"), ("Áudio", "X")),
    (("Áudio (Bonus)", "X"), ("Áudio", "X")),
    (('Asalayavale (From "Khalifa")', "X"), ("Asalayavale", "X")),
    (("All For Us - from the HBO Original Series", "X"), ("All For Us", "X")),
]
"""Two spellings of one song."""

APART = [
    # vowel signs and other marks are part of the word
    (("จีบ", "X"), ("จูบ", "X")),
    (("คืนนี้", "X"), ("คนนี้", "X")),
    (("राम", "X"), ("रोम", "X")),
    (("दिल", "X"), ("दाल", "X")),
    (("حَبيبي", "X"), ("حُبيبي", "X")),
    (("Song", "โอ๋"), ("Song", "โอ")),
    (("かき", "X"), ("がき", "X")),
    (("Мой", "X"), ("Мои", "X")),
    # what names nobody is part of the title
    (("Dancing Away (With You)", "Ann"), ("Dancing Away", "Ann")),
    (("Stay [With The Lights On]", "Ann"), ("Stay", "Ann")),
    (("Song (with love)", "V"), ("Song", "V")),
    (("Song (& Lil Pump)", "Kanye West"), ("Song", "Kanye West")),
    (("Song feat. Bo", "Ann"), ("Song", "Ann")),
    (("Song (con todo)", "Ann, Tod"), ("Song", "Ann, Tod")),
    # other recordings
    (("Stay - Live", "The Kid"), ("Stay", "The Kid")),
    (("Stay - Live", "The Kid"), ("Stay - Remix", "The Kid")),
    (("Thotiana (REMIX feat. YG)", "Blueface, YG"), ("Thotiana", "Blueface, YG")),
    (("Love Story (Taylor’s Version)", "Taylor Swift"), ("Love Story", "Taylor Swift")),
    (("Before - Homecoming Live Bonus Track", "X"), ("Before", "X")),
    # words of release notes inside a title
    (("Jenny from the Block", "X"), ("Jenny", "X")),
    (("Bonus Song", "X"), ("Song", "X")),
    (("(From Now On)", "X"), ("[Bonus Track]", "X")),
    # titles without letters
    (("???", "X"), ("!!!", "X")),
    (("+", "Ed Sheeran"), ("=", "Ed Sheeran")),
    (("❤️", "X"), ("🔥", "X")),
    # other artists
    (("Stay", "Rihanna"), ("Stay", "The Kid")),
    (("Without Me (with Juice WRLD)", "Halsey, Juice WRLD"), ("Without Me", "Halsey")),
]
"""Two songs."""

LITERAL = [
    (("As It Was", "Harry Styles"), "44c3e1aa6031515f"),  # asitwas\nharrystyles
    (("จีบ", "โอ๋"), "a15771798ec47a98"),  # จีบ\nโอ๋
    (("Song (with Bo)", "Ann, Bo"), "f9a1cefae88e8ce3"),  # song\nann\nbo
]
"""Words and the first 16 digits of `printf '…' | sha256sum`."""


@pytest.mark.parametrize(("one", "other"), SAME)
def test_one_song_in_two_spellings_has_one_key(keys, one, other):
    assert keys[one] == keys[other]


@pytest.mark.parametrize(("one", "other"), APART)
def test_two_songs_have_two_keys(keys, one, other):
    assert keys[one] != keys[other]


@pytest.mark.parametrize(("words", "key"), LITERAL)
def test_a_key_is_the_hash_of_normalised_title_and_artists(keys, words, key):
    assert keys[words] == key


def names(spark: SparkSession, *texts: str) -> list[str]:
    frame = frame_of(spark, list(enumerate(texts)), "place int, name string")
    keyed = frame.select("place", name_key(F.col("name")).alias("key"))
    return [row["key"] for row in keyed.orderBy("place").collect()]


def test_names_follow_the_rules_of_titles(spark):
    assert names(spark, "AC/DC", "ＡＣ／ＤＣ", "Straße", "IŞIL", "Işıl", "โอ๋", "राम", "!!!") == [
        *("acdc", "acdc", "strasse", "işil", "işil", "โอ๋", "राम", "!!!")
    ]


def test_unnamed_and_repeated_artists_do_not_affect_the_key(spark):
    rows = [(1, ["Ana", "Bo"]), (2, ["Ana", None, "Bo", " "]), (3, ["Bo", "Ana", "bo"])]
    frame = frame_of(spark, rows, "place int, artists array<string>")
    found = frame.select(song_key(F.lit("Song"), F.col("artists")).alias("key")).distinct()
    assert found.count() == 1
