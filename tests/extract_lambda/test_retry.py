from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.client import PlaylistClient
from extract_lambda.spotify.errors import SpotifyError
from extract_lambda.spotify.retry import RunBudget, fetch_in_time
from tests.support.spotify_fixtures import GLOBAL, StoppedTime, settings_for, small_source

P = "p"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(small_source({P: 2}), date(2026, 10, 1)) as running:
        yield running


def fetch(
    server: SpotifyServer, time: StoppedTime, effort: RunBudget | None = None
) -> dict[str, Any]:
    talk = PlaylistClient(Logins(settings_for(server)), GLOBAL, lambda: time.left)
    return fetch_in_time(talk, P, time.timing, effort or RunBudget("run"))[0]


def failure(server: SpotifyServer, time: StoppedTime, effort: RunBudget | None = None) -> str:
    with pytest.raises(SpotifyError) as caught:
        fetch(server, time, effort)
    return str(caught.value)


@pytest.mark.parametrize(
    "passing",
    [500, 503, refusals.NOT_JSON, refusals.TRUNCATED, refusals.throttled("0")],
    ids=["500", "503", "not JSON", "truncated", "throttled"],
)
def test_transient_errors_are_retried(
    server: SpotifyServer, passing: refusals.Refusal | int
) -> None:
    server.refusals[P] = [passing, None, passing]
    assert fetch(server, StoppedTime())["total"] == 2


def test_waits_grow_and_five_attempts_are_made(server: SpotifyServer) -> None:
    server.refusals[P] = [503] * 5
    time = StoppedTime()
    assert failure(server, time).endswith("Run again in a few minutes. Requested 5 times.")
    assert server.refusals[P] == []
    least = (0.5, 1, 2, 4)
    assert all(low <= wait <= low + 1 for wait, low in zip(time.slept, least, strict=True))


def test_a_failed_token_request_is_retried(server: SpotifyServer) -> None:
    server.refusals["token"] = [refusals.oauth_error("server_error", 503), refusals.NOT_JSON]
    assert fetch(server, StoppedTime())["total"] == 2
    assert server.requests.count("token") == 3


@pytest.mark.parametrize(
    "permanent",
    [400, 401, 403, 404, refusals.NO_PREMIUM, refusals.QUOTA_EXCEEDED],
    ids=["400", "401", "403", "404", "no Premium", "quota"],
)
def test_permanent_errors_are_not_retried(
    server: SpotifyServer, permanent: refusals.Refusal | int
) -> None:
    server.refusals[P] = [permanent]
    time = StoppedTime()
    assert "It was asked for" not in failure(server, time)
    assert (server.requests, time.slept) == (["token", "/v1/playlists/p"], [])


def test_spotifys_retry_after_is_kept_if_time_allows(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.throttled("7"), refusals.throttled("120")]
    time = StoppedTime(seconds_left=300)
    assert fetch(server, time)["total"] == 2
    assert time.slept == [7, 120]


def test_a_wait_longer_than_the_run_stops_every_chart(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.throttled("5"), refusals.throttled("36000")]
    time, effort = StoppedTime(seconds_left=100), RunBudget("run")
    assert failure(server, time, effort).endswith(
        "It asked for a wait of 36,000 seconds. The app has sent too many requests. Run again "
        "later, or schedule fewer runs. Requested 2 times, and the run had 95 seconds left: "
        "too little to wait and retry."
    )
    assert time.slept == [5]
    assert (effort.requests, effort.throttles) == (2, 2)
    asked = len(server.requests)
    assert failure(server, time, effort) == (
        "Not attempted, because Spotify refused another chart: Spotify asked for a wait of "
        "36,000 seconds, but the run had 95 left. Run again later."
    )
    assert len(server.requests) == asked


def test_an_exhausted_quota_stops_every_chart(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.QUOTA_EXCEEDED]
    effort = RunBudget("run")
    failure(server, StoppedTime(), effort)
    assert failure(server, StoppedTime(), effort).startswith(
        "Not attempted, because Spotify refused another chart: The quota of the developer's account"
    )


def test_a_run_without_time_does_not_wait(server: SpotifyServer) -> None:
    server.refusals[P] = [503]
    time = StoppedTime(seconds_left=0.4)
    assert "and the run had 0 seconds left" in failure(server, time)
    assert time.slept == []


@pytest.mark.parametrize(
    ("seconds_left", "left"), [(0.4, "0 seconds"), (1, "1 second"), (2, "2 seconds")]
)
def test_a_run_short_of_time_says_how_many_seconds_it_had(
    server: SpotifyServer, seconds_left: float, left: str
) -> None:
    server.refusals[P] = [refusals.throttled("9")]
    assert failure(server, StoppedTime(seconds_left)).endswith(
        f" Requested 1 time, and the run had {left} left: too little to wait and retry."
    )


@pytest.mark.parametrize(
    ("refused", "asked"), [(["9"], "1 time,"), (["1", "9"], "2 times,"), (["0"] * 5, "5 times.")]
)
def test_a_failed_chart_reports_its_number_of_attempts(
    server: SpotifyServer, refused: list[str], asked: str
) -> None:
    server.refusals[P] = [refusals.throttled(seconds) for seconds in refused]
    assert f" Requested {asked}" in failure(server, StoppedTime(seconds_left=5))


@pytest.mark.parametrize(
    ("wait", "seconds_left", "sentence"),
    [
        ("1", 1, "Spotify asked for a wait of 1 second, but the run had 1 left. Run again later."),
        (
            "2",
            0.4,
            "Spotify asked for a wait of 2 seconds, but the run had 0 left. Run again later.",
        ),
    ],
)
def test_a_wait_that_stops_the_run_is_reported_in_seconds(
    server: SpotifyServer, wait: str, seconds_left: float, sentence: str
) -> None:
    server.refusals[P] = [refusals.throttled(wait)]
    effort = RunBudget("run")
    failure(server, StoppedTime(seconds_left), effort)
    assert effort.ends == sentence
