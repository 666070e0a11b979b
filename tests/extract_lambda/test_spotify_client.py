from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest

from chartlake.contract.chart_config import Chart
from chartlake.spotify_stand_in import refusals, web_api
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.client import PlaylistClient, fetch_playlist
from extract_lambda.spotify.errors import SpotifyError
from tests.support.spotify_fixtures import (
    GLOBAL,
    settings_for,
    small_playlist,
    small_source,
    small_track,
)

pytestmark = pytest.mark.faults

LONG, OLD, NEW, EMPTY = "long", "old", "new", "empty"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    source = small_source({LONG: 120, OLD: 2, NEW: 2, EMPTY: 0})
    with SpotifyServer(source, date(2026, 10, 1), {OLD: "track", NEW: "item"}) as running:
        yield running


def talk_to(
    server: SpotifyServer, chart: Chart = GLOBAL, seconds_left: float = 60
) -> PlaylistClient:
    return PlaylistClient(Logins(settings_for(server)), chart, lambda: seconds_left)


def fetch(server: SpotifyServer, playlist_id: str) -> tuple[dict[str, Any], int]:
    return fetch_playlist(talk_to(server), playlist_id)


def refusal(server: SpotifyServer, *played: refusals.Refusal | int | None) -> SpotifyError:
    """Return the error of a chart whose requests get these responses."""
    server.refusals[OLD] = [*played]
    with pytest.raises(SpotifyError) as caught:
        fetch(server, OLD)
    return caught.value


def test_every_page_is_followed(server: SpotifyServer) -> None:
    playlist, pages = fetch(server, LONG)
    ids = [entry["item"]["id"] for entry in playlist["items"]]
    assert ids == [f"t{position}" for position in range(120)]
    assert (playlist["total"], pages) == (120, 3)


def test_metadata_omits_the_first_page(server: SpotifyServer) -> None:
    playlist, _ = fetch(server, LONG)
    assert {name: playlist[name] for name in ("id", "name", "snapshot_id", "owner")} == {
        "id": "long",
        "name": "Small",
        "snapshot_id": "s1",
        "owner": {"id": "spotify"},
    }
    assert "tracks" not in playlist


@pytest.mark.parametrize(
    ("playlist_id", "names"), [(OLD, {"track"}), (NEW, {"item"}), (LONG, {"track", "item"})]
)
def test_entries_keep_spotifys_shape(
    server: SpotifyServer, playlist_id: str, names: set[str]
) -> None:
    entry = fetch(server, playlist_id)[0]["items"][0]
    assert entry.keys() == {"added_at", "is_local"} | names


def test_an_empty_playlist_says_what_to_check(server: SpotifyServer) -> None:
    with pytest.raises(SpotifyError, match="is empty. Check its playlist_id in charts.t"):
        fetch(server, EMPTY)


@pytest.mark.parametrize(("size", "pages"), [("40", 3), ("100", 2)])
def test_pages_may_be_smaller_or_larger_than_requested(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch, size: str, pages: int
) -> None:
    whole = web_api.page

    def of_size(playlist: Any, shape: str, _: str, url: str, query: Any) -> dict[str, Any]:
        return whole(playlist, shape, "tracks", url, {**query, "limit": size})

    monkeypatch.setattr(web_api, "page", of_size)
    playlist, read = fetch(server, LONG)
    ids = [entry["item"]["id"] for entry in playlist["items"]]
    assert ids == [f"t{position}" for position in range(120)]
    assert read == pages


def test_markets_are_dropped_and_unknown_fields_are_kept() -> None:
    def source(playlist_id: str, _: date) -> dict[str, Any]:
        playlist = small_playlist(playlist_id, 1)
        album = {"id": "a", "available_markets": ["PH"], "unheard_of": 1}
        playlist["items"][0]["track"] |= {"album": album, "available_markets": ["PH"], "xyz": 2}
        return playlist

    for shape in ("track", "item"):
        with SpotifyServer(source, date(2026, 10, 1), {OLD: shape}) as server:
            (entry,) = fetch(server, OLD)[0]["items"]
        assert entry[shape]["album"] == {"id": "a", "unheard_of": 1}
        assert entry[shape].keys() == {"id", "name", "artists", "album", "xyz"}


def test_a_response_that_lost_its_albums_is_requested_without_fields(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = web_api.page

    def misread(playlist: Any, shape: str, kind: str, url: str, query: Any) -> dict[str, Any]:
        answer = whole(playlist, shape, kind, url, query)
        if "fields" in query:
            for entry in answer["items"]:
                entry["track"] = {"id": entry["track"]["id"]}
        return answer

    monkeypatch.setattr(web_api, "page", misread)
    playlist, _ = fetch(server, OLD)
    assert [entry["track"] for entry in playlist["items"]] == [small_track("t0"), small_track("t1")]


def test_a_renamed_track_field_is_kept_with_everything_else(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def renamed(entry: dict[str, Any], _: str) -> dict[str, Any]:
        return {"added_at": None, "content": entry["track"]}

    monkeypatch.setattr(web_api, "_entry", renamed)
    playlist, _ = fetch(server, OLD)
    assert [entry["content"]["id"] for entry in playlist["items"]] == ["t0", "t1"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_forbidden_chart_names_the_rule_and_the_other_source(
    server: SpotifyServer, status: int
) -> None:
    error = refusal(server, status)
    sentence = str(error)
    assert sentence.startswith(f"Spotify returned {status} for playlist old (")
    assert "Since 2024-11-27 a new app cannot read Spotify's own charts" in sentence
    assert 'set source = "charts_csv" for this chart' in sentence
    assert 'login = "user", which needs a refresh token' in sentence
    assert not error.is_passing


@pytest.mark.parametrize(
    ("played", "sentence", "is_passing"),
    [
        (400, "returned 400 for playlist old (Bad Request). Check the playlist_id", False),
        (401, "returned 401 for playlist old (Unauthorized). The app's access token", False),
        (
            429,
            "(Too Many Requests). It asked for a wait of 30 seconds. "
            "The app has sent too many requests.",
            True,
        ),
        (
            refusals.throttled("soon"),
            "(Too Many Requests). The app has sent too many requests.",
            True,
        ),
        (503, "returned 503 for playlist old (Service Unavailable). Spotify is having", True),
        (refusals.QUOTA_EXCEEDED, "(QUOTA_EXCEEDED). The quota of the developer's accou", False),
        (refusals.NO_PREMIUM, "an app works only while its owner has Spotify Premium", False),
        (refusals.NOT_JSON, "Spotify's response for playlist old is not JSON. Spotify is", True),
        (
            refusals.TRUNCATED,
            "Spotify's response for playlist old was cut off. Check the net",
            True,
        ),
        (refusals.Refusal(200, body=b"[]"), "response for playlist old is not JSON", True),
        (
            refusals.Refusal(500, body=b"[1]"),
            "does not match its API documentation. Spotify is",
            True,
        ),
        (refusals.Refusal(502, body=b"<html>" * 99), "returned 502 for playlist old (<htm", True),
    ],
)
def test_an_error_says_what_happened_what_to_do_and_if_it_passes(
    server: SpotifyServer, played: refusals.Refusal | int, sentence: str, is_passing: bool
) -> None:
    for before in ([], [None]):
        error = refusal(server, *before, played)
        assert sentence in str(error)
        assert len(str(error)) < 500
        assert error.is_passing is is_passing


@pytest.mark.parametrize(
    ("wait", "sentence"),
    [
        ("0", "It asked for a wait of 0 seconds. "),
        ("1", "It asked for a wait of 1 second. "),
        ("2", "It asked for a wait of 2 seconds. "),
        ("9" * 400, "It asked for a wait of inf seconds. "),
    ],
)
def test_a_wait_that_spotify_requests_is_reported_in_seconds(
    server: SpotifyServer, wait: str, sentence: str
) -> None:
    assert sentence in str(refusal(server, refusals.throttled(wait)))


def test_a_response_slower_than_the_run_is_not_awaited(
    server: SpotifyServer,
) -> None:
    server.refusals[OLD] = [refusals.slow(60)]
    with pytest.raises(SpotifyError, match="did not respond in time for playlist old.") as caught:
        fetch_playlist(talk_to(server, seconds_left=0.2), OLD)
    assert caught.value.is_passing


def test_without_time_nothing_is_requested(server: SpotifyServer) -> None:
    with pytest.raises(SpotifyError, match="No time was left to request playlist old from Spotify"):
        fetch_playlist(talk_to(server, seconds_left=0), OLD)
    assert server.requests == []


def test_an_unreachable_spotify_raises_our_own_error() -> None:
    with SpotifyServer(small_source({}), date(2026, 10, 1)) as server:
        talk = talk_to(server)
    with pytest.raises(SpotifyError, match="could not be reached for an access token .Connection"):
        fetch_playlist(talk, OLD)


Torn = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.fault(
    table="extraction",
    what="a page repeats, is empty, links to endless further pages, or is malformed",
    how="the stand-in's pages are changed",
    then="nothing is kept, and the playlist is retried",
    cases=5,
)
@pytest.mark.parametrize(
    ("torn", "found"),
    [
        pytest.param(lambda page: {**page, "total": 121}, "120 of its 121", id="total is larger"),
        pytest.param(
            lambda page: {**page, "offset": 0},
            "the page after entry 50 is missing",
            id="the same page again",
        ),
        pytest.param(
            lambda page: {**page, "total": 50}, "continue after entry 50", id="next leads on"
        ),
        pytest.param(
            lambda page: {**page, "items": []}, "continue after entry 0", id="pages are empty"
        ),
        pytest.param(
            lambda page: {"items": None}, "the page after entry 0 is missing", id="no page"
        ),
    ],
)
def test_inconsistent_pages_are_rejected(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch, torn: Torn, found: str
) -> None:
    whole = web_api.page
    monkeypatch.setattr(web_api, "page", lambda *args: torn(whole(*args)))
    with pytest.raises(SpotifyError, match="changed while it was read, or pages are missing") as e:
        fetch(server, LONG)
    assert found in str(e.value)


@pytest.mark.parametrize(
    ("came", "total", "found"),
    [
        (0, 1, ": 0 of its 1 entry arrived. "),
        (1, 2, ": 1 of its 2 entries arrived. "),
        (2, 0, ": 2 of its 0 entries arrived. "),
    ],
)
def test_missing_entries_are_counted(
    monkeypatch: pytest.MonkeyPatch, came: int, total: int, found: str
) -> None:
    whole = web_api.page
    monkeypatch.setattr(web_api, "page", lambda *args: {**whole(*args), "total": total})
    with (
        SpotifyServer(small_source({OLD: came}), date(2026, 10, 1)) as server,
        pytest.raises(SpotifyError) as caught,
    ):
        fetch(server, OLD)
    assert found in str(caught.value)


def in_turn(monkeypatch: pytest.MonkeyPatch, *playlists: dict[str, Any]) -> None:
    """Show another playlist at each request for a page; the last one stays."""
    whole, left = web_api.page, list(playlists)

    def shown(_: Any, *others: Any) -> dict[str, Any]:
        return whole(left.pop(0) if len(left) > 1 else left[0], *others)

    monkeypatch.setattr(web_api, "page", shown)


def without(playlist: dict[str, Any], *positions: int) -> dict[str, Any]:
    items = [item for place, item in enumerate(playlist["items"]) if place not in positions]
    return {**playlist, "items": items}


@pytest.mark.fault(
    table="extraction",
    what="a playlist shrinks, grows, or gets a new edition of the same size between two pages",
    how="the stand-in shows another playlist from the second page on",
    then="the two are never mixed; the next attempt has the complete new one",
    cases=3,
)
@pytest.mark.parametrize(
    ("during", "found"),
    [
        pytest.param(
            without(small_playlist(LONG, 120), 3), "its 120 entries became 119", id="it shrinks"
        ),
        pytest.param(small_playlist(LONG, 121), "its 120 entries became 121", id="it grows"),
        pytest.param(
            {**small_playlist(LONG, 120), "items": small_playlist(LONG, 120)["items"][::-1]},
            "its first entries have changed",
            id="a new edition of the same size",
        ),
    ],
)
def test_a_playlist_that_changes_between_pages_is_read_again(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch, during: dict[str, Any], found: str
) -> None:
    # Of the metadata, in which the stand-in shows both names, come two pages.
    before = [small_playlist(LONG, 120)] * 3
    in_turn(monkeypatch, *before, during)
    talk = talk_to(server)
    with pytest.raises(SpotifyError, match="changed while it was read, or pages are missing") as e:
        fetch_playlist(talk, LONG)
    assert found in str(e.value)
    assert e.value.is_passing
    playlist, _ = fetch_playlist(talk, LONG)
    assert [entry["track"]["id"] for entry in playlist["items"]] == [
        entry["track"]["id"] for entry in during["items"]
    ]


@pytest.mark.parametrize(
    ("before", "during", "found"),
    [
        (2, 0, ": its 2 entries became 0. "),
        (2, 1, ": its 2 entries became 1. "),
        (1204, 1205, ": its 1,204 entries became 1,205. "),
    ],
)
def test_a_changed_playlist_size_is_reported_with_both_numbers(
    server: SpotifyServer,
    monkeypatch: pytest.MonkeyPatch,
    before: int,
    during: int,
    found: str,
) -> None:
    metadata: dict[str, Any] = {}
    first = {"total": before, "offset": 0, "next": "on", "items": [{}]}
    second: dict[str, Any] = {"total": during, "offset": 1, "next": None, "items": []}
    answers = iter([metadata, first, second])
    talk = talk_to(server)
    monkeypatch.setattr(talk, "ask", lambda *_: next(answers))
    with pytest.raises(SpotifyError) as caught:
        fetch_playlist(talk, LONG)
    assert found in str(caught.value)


def test_popularity_changes_between_pages_are_ignored(
    server: SpotifyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = small_playlist(LONG, 120)
    later["items"][0]["track"]["popularity"] = 99
    in_turn(monkeypatch, *[small_playlist(LONG, 120)] * 3, later)
    assert len(fetch(server, LONG)[0]["items"]) == 120
