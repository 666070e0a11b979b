"""The songs of the simulated charts by number, the same on every machine and in any order.

Everything random about a song is a hash of its number, so no song depends on earlier ones.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from hashlib import blake2b

from chartlake.spotify_stand_in.catalogue import CLASSICS, REPERTOIRES, Repertoire

RELEASES_A_DAY = 3
SEED = "chartlake"
_BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Song:
    """A song; `number` identifies it, and is negative for a classic."""

    number: int
    title: str
    artists: tuple[str, ...]
    language: str
    released_on: date
    release_date: str
    precision: str
    album: str
    album_tracks: int
    reissued_on: date | None = None


def chance(*parts: object) -> float:
    """Return a number from 0 to 1 that depends only on `parts`; unlike hash(), in every process."""
    return int.from_bytes(_digest(8, *parts)) / 2**64


def spotify_id(*parts: object) -> str:
    """Derive the 22 letters and digits of a Spotify id from `parts`."""
    number, letters = int.from_bytes(_digest(16, *parts)), ""
    for _ in range(22):
        number, rest = divmod(number, 62)
        letters += _BASE62[rest]
    return letters


def hex_id(*parts: object) -> str:
    """Derive 32 hexadecimal digits from `parts`, for images and snapshot ids."""
    return _digest(16, *parts).hex()


def _digest(size: int, *parts: object) -> bytes:
    return blake2b("|".join(map(str, (SEED, *parts))).encode(), digest_size=size).digest()


def released_on(day: date) -> range:
    """Return the numbers of the songs released on a day."""
    return range(day.toordinal() * RELEASES_A_DAY, (day.toordinal() + 1) * RELEASES_A_DAY)


@lru_cache(maxsize=10_000)
def song(number: int) -> Song:
    """Create the song of a number; it comes out on the day that `released_on` says."""
    day = date.fromordinal(number // RELEASES_A_DAY)
    lead = _album_lead(number, day)
    words = _repertoire(lead)
    title = _title(words, number)
    artists = _artists(words, number, lead)
    if len(artists) > 1 and chance(number, "credit") < 0.5:
        title += f" (feat. {' & '.join(artists[1:])})"
    on_album = lead != number or _album_lead(number + 1, day) == number
    return Song(
        number=number,
        title=title,
        artists=artists,
        language=words.language,
        released_on=day,
        release_date=day.isoformat(),
        precision="day",
        album=_title(words, lead, "album") if on_album else title,
        album_tracks=8 + int(10 * chance(lead, "tracks")) if on_album else 1,
        reissued_on=day + timedelta(6 + int(14 * chance(number, "reissue day")))
        if chance(number, "reissue") < 0.08
        else None,
    )


@lru_cache
def classics() -> tuple[Song, ...]:
    """Create the old songs, whose release dates are known to the year, the month or the day."""
    return tuple(
        Song(
            number=-position,
            title=classic.title,
            artists=(classic.artist,),
            language="en",
            released_on=date.fromisoformat(f"{classic.release_date[:4]}-01-01"),
            release_date=classic.release_date,
            precision=classic.precision,
            album=classic.title,
            album_tracks=10,
        )
        for position, classic in enumerate(CLASSICS, start=1)
    )


def _album_lead(number: int, day: date) -> int:
    """Find the first song of this one's album: on Fridays the first two releases share one."""
    second = number % RELEASES_A_DAY == 1
    return number - 1 if second and day.isoweekday() == 5 else number


def _repertoire(number: int) -> Repertoire:
    draw = chance(number, "language")
    for words in REPERTOIRES:
        draw -= words.share
        if draw < 0:
            return words
    return REPERTOIRES[0]


def _title(words: Repertoire, number: int, *parts: object) -> str:
    """Pick a title; 7919 shares no factor with the counts, so near numbers never share one."""
    offset = int(1000 * chance(*parts)) if parts else 0
    index = (number * 7919 + offset) % (len(words.first) * len(words.second))
    first, second = divmod(index, len(words.second))
    glue = "" if words.language == "ja" else " "
    return words.first[first] + glue + words.second[second]


def _artists(words: Repertoire, number: int, lead: int) -> tuple[str, ...]:
    """Pick the credited artists: the album's own, then up to two guests, each once."""
    main = words.artists[int(len(words.artists) * chance(lead, "artist"))]
    guests = (1 if chance(number, "guest") < 0.28 else 0) + (chance(number, "guests") < 0.05)
    names = [main]
    for slot in range(guests):
        pool = _repertoire(int(1e9 * chance(number, slot))).artists
        names.append(pool[int(len(pool) * chance(number, slot, "guest"))])
    return tuple(dict.fromkeys(names))
