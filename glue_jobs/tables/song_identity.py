"""The key of a song: its artists, and its title without credits and release notes.

Two releases with the same key are one song, whatever track ids Spotify gives them. `songs` makes
sure that a track stays the song it was first seen as. docs/decisions/0009 has the rule and its
measurements.

Unicode normalization and case folding use ICU, which Spark ships but has no function for. ICU is
called by reflection, so that no optimizer rewrites the calls: Spark 4.1 turns `lower(upper(x))`
into `lower(x)` (SPARK-59043), which folds differently.
"""

from collections.abc import Callable

from pyspark.sql import Column
from pyspark.sql import functions as F

from glue_jobs.raw.json_values import NOT_BLANK

IDENTITY_VERSION = 2
"""Version of song_key and name_key, stored in runs and checkpoints. A lake has only one version."""

NORMALIZER = "com.ibm.icu.text.Normalizer"
CHARACTERS = "com.ibm.icu.lang.UCharacter"

WORD_BEFORE = r"(?<![\p{L}\p{M}\p{N}])"
"""Java's own \\b supports non-ASCII letters in some versions and not in others."""

CREDITS = rf"[\(\[](?:(?!remix)[^\)\]])*?{WORD_BEFORE}(?:feat\.?|ft\.?|featuring)\s[^\)\]]*[\)\]]"
"""A bracketed credit, which may come late in its bracket: `Baby (Lil Baby feat. DaBaby)`. Text
after `remix` names another recording."""

RELEASE_NOTES = (
    r"(?:[\(\[]\s*|\s[-–|]\s+)(?:faixa )?b[oô]nus(?: track)?(?: version)?\s*[\)\]]?\s*$"
    r"|[\(\[]\s*from\s[^\)\]]*[\)\]]"
    r"|\s[-–]\s+from\s.*$"
)

IN_BRACKETS = r"[\(\[]\s*(?:(?:with|con)\s|(?:feat\.|ft\.|&))[^\)\]]*[\)\]]"
WITHOUT_BRACKETS = (
    r"\s(?:[-–—|]\s*)?(?:(?:featuring|feat|ft)\s|(?:feat|ft)\.)"
    r"[^\(\)\[\]]*?(?=\s[-–—|]\s|[\(\)\[\]]|$)"
)
POSSIBLE_CREDITS = f"{IN_BRACKETS}|{WITHOUT_BRACKETS}"
"""A credit only if it names an artist: `(with Bo)`, `(& Bo)`, `- feat. Bo`."""

CREDIT_WORD = r"^[\s\(\[\-–—|]*(?:with|con|featuring|feat|ft|&)\.?\s*"

NOT_IN_WORDS = r"[^\p{L}\p{Mn}\p{Mc}\p{N}]|[\x{FE00}-\x{FE0F}\x{E0100}-\x{E01EF}\x{0640}]"
"""Marks, such as the vowel signs of Thai and Hindi, are part of a word. Variation selectors and the
Arabic tatweel only change how a word is drawn."""


def song_key(title: Column, artist_names: Column) -> Column:
    """Hash a title (string) and its artists (array of strings, any order) into 16 hex digits.

    Case, punctuation, credits and release notes are ignored. Version suffixes (` - Remix`) are not:
    those are other recordings. An artist without a name is ignored.
    """
    named = F.filter(artist_names, lambda name: name.rlike(NOT_BLANK))
    words = F.struct(_fold(title).alias("title"), F.transform(named, _fold).alias("artists"))
    return _once(words, lambda folded: _hash(folded["title"], folded["artists"]))


def name_key(name: Column) -> Column:
    """Keep a name's letters, marks and digits, case-folded; the folded name if it has none."""
    return _once(_fold(name), _key)


def artist_id_of_name(name: Column) -> Column:
    """Derive an artist's id from the name if the source has none: `name:` and the name's key."""
    return F.concat(F.lit("name:"), name_key(name))


def _key(folded: Column) -> Column:
    return F.coalesce(_letters_and_digits(folded), folded)


def _hash(title: Column, artists: Column) -> Column:
    song = F.coalesce(
        _once(_without_credits(title, artists), _without_release_notes),
        _letters_and_digits(title),
        title,
    )
    names = F.array_sort(F.array_distinct(F.transform(artists, _key)))
    return F.substring(F.sha2(F.concat_ws("\n", song, names), 256), 1, 16)


def _without_release_notes(title: Column) -> Column:
    return _letters_and_digits(F.regexp_replace(title, RELEASE_NOTES, ""))


def _without_credits(title: Column, artists: Column) -> Column:
    """Remove bracketed credits, and possible ones that name an artist, wherever they are."""

    def remove(kept: Column) -> Column:
        possible = F.regexp_extract_all(kept, F.lit(POSSIBLE_CREDITS), F.lit(0))
        credits = F.filter(possible, lambda credit: _names_one_of(artists, credit))
        removed = F.aggregate(
            credits, kept, lambda text, credit: F.replace(text, credit, F.lit(""))
        )
        return F.when(kept.rlike(POSSIBLE_CREDITS), removed).otherwise(kept)

    return _once(F.regexp_replace(title, CREDITS, ""), remove)


def _names_one_of(artists: Column, credit: Column) -> Column:
    """Check whether a credit is the name of an artist or contains one as whole words."""
    credited = _without_accents(F.regexp_replace(credit, CREDIT_WORD, ""))
    whole = F.regexp_replace(credited, r"[\s\)\]]+$", "")
    return F.exists(
        F.transform(artists, _without_accents),
        lambda artist: (
            (whole == artist)
            | ((_words(artist) != " ") & F.contains(_words(credited), _words(artist)))
        ),
    )


def _words(text: Column) -> Column:
    """Put one space around each word, so that only whole words match."""
    return F.concat(F.lit(" "), F.regexp_replace(text, rf"(?:{NOT_IN_WORDS})+|$", " "))


def _fold(text: Column) -> Column:
    """Normalize (NFKC) and fold the case, so that `İ`, `I`, `ı` and `i` are also one letter.

    ASCII text takes a shortcut to the same result.
    """
    upper = F.upper(_compose(text))  # merges ı with i; folding alone keeps them apart
    folded = _compose(_icu(CHARACTERS, "foldCase", upper))
    return F.when(text.rlike(r"^[\x00-\x7f]*\z"), F.lower(text)).otherwise(
        F.replace(folded, F.lit("i\u0307"), F.lit("i"))
    )


def _without_accents(folded: Column) -> Column:
    return F.regexp_replace(_icu(NORMALIZER, "decompose", folded), r"\p{Mn}", "")


def _compose(text: Column) -> Column:
    return _icu(NORMALIZER, "compose", text)


def _icu(class_name: str, method: str, text: Column) -> Column:
    """Call a method of ICU: NFKC for `compose`, NFKD for `decompose`, full folding for `foldCase`.

    Null becomes the empty string, which ICU accepts.
    """
    given = F.coalesce(text, F.lit(""))
    return F.reflect(F.lit(class_name), F.lit(method), given, F.lit(True))


def _letters_and_digits(text: Column) -> Column:
    kept = F.regexp_replace(text, NOT_IN_WORDS, "")
    return F.when(kept != "", kept)


def _once(value: Column, use: Callable[[Column], Column]) -> Column:
    """Compute a value once for several uses; Spark would repeat reflection calls."""
    return F.transform(F.array(value), use)[0]
