"""The vocabulary of the simulated charts: invented artists and titles in five languages.

A title combines a first and a second half, so that a short list gives hundreds of titles.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Repertoire:
    """A language's artists and title halves; `share` is its share of all releases."""

    language: str
    share: float
    artists: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]


@dataclass(frozen=True)
class Classic:
    """An old song that keeps coming back; Spotify knows its release date only to `precision`."""

    title: str
    artist: str
    release_date: str
    precision: str


def _halves(text: str) -> tuple[str, ...]:
    return tuple(half.strip() for half in text.split("|"))


ENGLISH = Repertoire(
    "en",
    0.60,
    _halves(
        "Mara Quillfeather|The Copper Lanterns|Ottoline Marsh|Paper Observatory|Tobias Fennimore|"
        "Lux Harrowgate|Saint Marigold Choir|Calla & the Tides|North Pier Radio|Dax Merrifield|"
        "Velvet Almanac|Rafa Solmonte|The Half-Past Nines|Wren Castellane|Kofi Ambrosine|"
        "Delphine Arcola|Hollow Meridian|Nico Tamarindo|Sable Wintergreen|Odessa Flintlock|"
        "Good Weather Club|Arlo Benedetto-Kay|Yara Monteluz|Kit Ravenhall|Prudence, Late"
    ),
    _halves(
        "Paper|Velvet|Midnight|Hollow|Copper|Slow|Electric|Borrowed|Second-Hand|Golden|Quiet|"
        "Salt|Neon|Sunday|Satellite|Paradise|Blue|Winter|Runaway|Almost|Glass|Lonely|Northern|"
        "Counterfeit|Honey|Tangerine|Wild|Ordinary|Faraway|Invisible"
    ),
    _halves(
        "Lanterns|Harbour|Weather|Telephone|Season|Gravity|Boulevard|Hearts|Machine|Confetti|Fever|"
        "Letters|Motel|Parade|Horizon|Ghosts|Summer|Promises|Skyline|Carousel|Thunder|Tide|"
        "Mirrors|Strangers|Passenger|Cinema|Orchard|Static|Postcards|Fireworks|Daylight"
    ),
)
FILIPINO = Repertoire(
    "fil",
    0.14,
    _halves("Ulan sa Hapon|Tala Verdejo|Bughaw Avenida|Harana Otso|Isko Dalisayan|Kalye Onse"),
    _halves(
        "Hanggang sa|Awit ng|Sa Ilalim ng|Liwanag ng|Alaala ng|Tahanan ng|Bulong ng|Pangako ng"
    ),
    _halves("Umaga|Ulan|Mga Tala|Dagat|Hapon|Buwan|Lungsod|Tag-araw|Hangin|Bukas"),
)
KOREAN = Repertoire(
    "ko",
    0.12,
    _halves("하늘결|서윤별|새벽온도|루나그레이|모래시계 소년단"),
    _halves("새벽의|너와 나의|잠 못 드는|마지막|푸른|낯선|우리의|겨울"),
    _halves("편지|우주|산책|여름|거리|노래|파도|고백|정류장"),
)
JAPANESE = Repertoire(
    "ja",
    0.08,
    _halves("青凪レンリ|月ノ瀬ユイカ|夜行バス観測会|白縫カナタ"),
    _halves("夜明けの|青い|最後の|透明な|名もなき|雨上がりの|真夏の|遠い"),
    _halves("灯台|電話ボックス|約束|花火|終電|手紙|交差点|惑星|プラネタリウム"),
)
ARABIC = Repertoire(
    "ar",
    0.06,
    _halves("نور الساحل|فرقة المرفأ القديم|سامر الندى|ليان القمر"),
    _halves("ليل|حكاية|صوت|طريق|ضوء|قلب|موج|رسائل"),
    _halves("المدينة|البحر|المطر|الغياب|الصباح|الحنين|الياسمين"),
)
REPERTOIRES = (ENGLISH, FILIPINO, KOREAN, JAPANESE, ARABIC)

LOCAL_LANGUAGES = {"ph": ("fil", "ko"), "jp": ("ja",), "kr": ("ko",), "ae": ("ar",)}
"""Market -> languages whose songs do better there than worldwide."""

CLASSICS = (
    Classic("Last Train to Avalon Street", "The Copper Lanterns", "1981", "year"),
    Classic("December, Long Distance", "Saint Marigold Choir", "1994-12", "month"),
    Classic("Telephone Summer", "North Pier Radio", "1987-11-02", "day"),
)
