from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import requests

from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.fields import read_fields
from chartlake.spotify_stand_in.server import SpotifyServer
from tests.support.spotify_fixtures import small_playlist, small_source, small_track

DAY = date(2026, 10, 1)
OLD, NEW, BOTH = "old", "new", "both"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    source = small_source({OLD: 3, NEW: 3, BOTH: 120})
    with SpotifyServer(source, DAY, {OLD: "track", NEW: "item"}) as running:
        yield running


def get(server: SpotifyServer, path: str) -> requests.Response:
    url = path if path.startswith("http") else server.api_url + path
    headers = {"Authorization": f"Bearer {server.access_token}"}
    return requests.get(url, headers=headers, timeout=5)


def test_client_credentials_get_a_token_that_opens_the_api(server: SpotifyServer) -> None:
    grant = {"grant_type": "client_credentials"}
    token = requests.post(server.token_url, data=grant, auth=("id", "secret"), timeout=5).json()
    headers = {"Authorization": f"{token['token_type']} {token['access_token']}"}
    answer = requests.get(f"{server.api_url}playlists/{OLD}", headers=headers, timeout=5)
    assert (answer.status_code, token["expires_in"]) == (200, 3600)


@pytest.mark.parametrize(
    ("grant", "credentials"),
    [
        ("password", ("id", "secret")),
        ("client_credentials", None),
        ("client_credentials", ("id", "")),
    ],
)
def test_without_the_right_grant_and_credentials_there_is_no_token(
    server: SpotifyServer, grant: str, credentials: tuple[str, str] | None
) -> None:
    answer = requests.post(
        server.token_url, data={"grant_type": grant}, auth=credentials, timeout=5
    )
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_client")


def test_a_users_consent_is_renewed_while_valid(server: SpotifyServer) -> None:
    server.refresh_tokens = {"consent"}

    def error(refresh_token: str) -> str | None:
        form = {"grant_type": "refresh_token", "refresh_token": refresh_token}
        answer = requests.post(server.token_url, data=form, auth=("id", "secret"), timeout=5)
        token: dict[str, str] = answer.json()
        return token.get("error")

    assert (error("consent"), error("another")) == (None, "invalid_grant")


def test_pages_link_to_each_other_by_absolute_urls(server: SpotifyServer) -> None:
    pages: list[Any] = [get(server, f"playlists/{BOTH}/items?limit=50").json()]
    while pages[-1]["next"]:
        pages.append(get(server, pages[-1]["next"]).json())
    ids = [entry["item"]["id"] for page in pages for entry in page["items"]]
    assert ids == [f"t{position}" for position in range(120)]
    assert [len(page["items"]) for page in pages] == [50, 50, 20]
    assert [page["offset"] for page in pages] == [0, 50, 100]
    assert {page["total"] for page in pages} == {120}
    assert pages[0]["previous"] is None
    assert pages[2]["previous"] == f"{server.api_url}playlists/{BOTH}/items?offset=50&limit=50"


def test_a_page_has_20_entries_by_default(server: SpotifyServer) -> None:
    page = get(server, f"playlists/{BOTH}/items").json()
    assert (len(page["items"]), page["limit"]) == (20, 20)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("items?limit=51", "Invalid limit"),
        ("items?limit=0", "Invalid limit"),
        ("items?limit=many", "Invalid limit"),
        ("tracks?limit=101", "Invalid limit"),
        ("items?offset=-1", "Invalid offset"),
    ],
)
def test_an_invalid_limit_or_offset_is_rejected(
    server: SpotifyServer, query: str, message: str
) -> None:
    answer = get(server, f"playlists/{BOTH}/{query}")
    assert answer.json() == {"error": {"status": 400, "message": message}}


def test_the_old_endpoint_still_returns_100_at_once(server: SpotifyServer) -> None:
    assert len(get(server, f"playlists/{BOTH}/tracks?limit=100").json()["items"]) == 100


@pytest.mark.parametrize(
    ("playlist_id", "names"), [(OLD, ["track"]), (NEW, ["item"]), (BOTH, ["item", "track"])]
)
def test_an_entry_has_the_field_names_of_its_playlists_shape(
    server: SpotifyServer, playlist_id: str, names: list[str]
) -> None:
    entry = get(server, f"playlists/{playlist_id}/items").json()["items"][0]
    assert sorted(entry) == ["added_at", "is_local", *names]
    assert all(entry[name] == small_track("t0") for name in names)


@pytest.mark.parametrize(
    ("playlist_id", "names"), [(OLD, {"tracks"}), (NEW, {"items"}), (BOTH, {"items", "tracks"})]
)
def test_a_playlist_has_its_first_page_under_its_shapes_names(
    server: SpotifyServer, playlist_id: str, names: set[str]
) -> None:
    playlist = get(server, f"playlists/{playlist_id}").json()
    assert {"tracks", "items"} & playlist.keys() == names
    assert all(playlist[name]["total"] in (3, 120) for name in names)


def test_the_fields_parameter_keeps_what_it_names(server: SpotifyServer) -> None:
    query = "fields=id,owner.id,tracks.items(track(id),added_at)"
    assert get(server, f"playlists/{OLD}?{query}").json() == {
        "id": "old",
        "owner": {"id": "spotify"},
        "tracks": {
            "items": [{"added_at": None, "track": {"id": f"t{place}"}} for place in range(3)]
        },
    }


def test_the_fields_parameter_excludes_only_what_it_negates() -> None:
    track = {"id": "t", "new": 1, "markets": ["PH"], "album": {"markets": ["PH"], "id": "a"}}
    cut = read_fields("total,items(item(!markets,album(!markets)))").cut(
        {"total": 1, "next": None, "items": [{"item": track, "added_at": None}, {"item": None}]}
    )
    item = {"id": "t", "new": 1, "album": {"id": "a"}}
    assert cut == {"total": 1, "items": [{"item": item}, {"item": None}]}


@pytest.mark.parametrize(
    ("headers", "message"),
    [({}, "No token provided"), ({"Authorization": "Bearer x"}, "Invalid access token")],
)
def test_a_request_without_a_token_is_rejected(
    server: SpotifyServer, headers: dict[str, str], message: str
) -> None:
    answer = requests.get(f"{server.api_url}playlists/{OLD}", headers=headers, timeout=5)
    assert answer.json() == {"error": {"status": 401, "message": message}}
    assert answer.status_code == 401


def test_an_unknown_playlist_is_not_found(server: SpotifyServer) -> None:
    answer = get(server, "playlists/unknown/items")
    assert answer.json() == {"error": {"status": 404, "message": "Resource not found"}}
    assert answer.status_code == 404


def test_a_planned_error_is_returned_once_for_its_playlist_only(server: SpotifyServer) -> None:
    server.refusals[OLD] = [429]
    assert get(server, f"playlists/{NEW}").status_code == 200
    refused = get(server, f"playlists/{OLD}")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "30")
    assert get(server, f"playlists/{OLD}").status_code == 200


@pytest.mark.parametrize(
    ("played", "status", "body"),
    [
        (refusals.NOT_JSON, 200, "<html><title>Spotify is updating</title></html>"),
        (
            refusals.QUOTA_EXCEEDED,
            429,
            '{"error": {"status": 429, "message": "Too many requests", '
            '"reason": "QUOTA_EXCEEDED"}}',
        ),
        (
            refusals.NO_PREMIUM,
            403,
            '{"error": {"status": 403, "message": '
            '"Active premium subscription required for the owner of the app."}}',
        ),
    ],
)
def test_errors_are_simulated_as_spotify_sends_them(
    server: SpotifyServer, played: refusals.Refusal, status: int, body: str
) -> None:
    server.refusals[OLD] = [None, played]
    assert get(server, f"playlists/{OLD}").status_code == 200
    answer = get(server, f"playlists/{OLD}/items")
    assert (answer.status_code, answer.text) == (status, body)
    assert server.requests == ["/v1/playlists/old", "/v1/playlists/old/items"]


def test_a_retry_after_is_in_seconds(server: SpotifyServer) -> None:
    server.refusals[OLD] = [refusals.throttled("36000")]
    assert get(server, f"playlists/{OLD}").headers["Retry-After"] == "36000"


def test_a_truncated_response_ends_early(server: SpotifyServer) -> None:
    server.refusals[OLD] = [refusals.TRUNCATED]
    with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
        get(server, f"playlists/{OLD}")


def test_a_slow_response_times_out_the_client_and_not_the_server(server: SpotifyServer) -> None:
    server.refusals[OLD] = [refusals.slow(60)]
    with pytest.raises(requests.exceptions.ReadTimeout):
        requests.get(
            f"{server.api_url}playlists/{OLD}",
            headers={"Authorization": f"Bearer {server.access_token}"},
            timeout=0.1,
        )


def test_the_server_responds_for_its_current_day() -> None:
    def source(playlist_id: str, day: date) -> dict[str, Any] | None:
        return small_playlist(playlist_id, day.day)

    with SpotifyServer(source, date(2026, 10, 1)) as server:
        first = get(server, "playlists/p/items").json()["total"]
        server.today = date(2026, 10, 7)
        assert (first, get(server, "playlists/p/items").json()["total"]) == (1, 7)


def test_an_unknown_shape_is_rejected() -> None:
    with pytest.raises(ValueError, match="no such shape: song; use one of track, item, both"):
        SpotifyServer(small_source({}), DAY, {"p": "song"})
