from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.client import Conversation
from extract_lambda.spotify.errors import SpotifyError
from extract_lambda.spotify.retry import Effort, fetch_in_time
from tests.support.spotify_fixtures import GLOBAL, StoppedTime, settings_for, small_source

P = "p"


@pytest.fixture
def server() -> Iterator[SpotifyServer]:
    with SpotifyServer(small_source({P: 2}), date(2026, 10, 1)) as running:
        yield running


def fetch(server: SpotifyServer, time: StoppedTime, effort: Effort | None = None) -> dict[str, Any]:
    talk = Conversation(Logins(settings_for(server)), GLOBAL, lambda: time.left)
    return fetch_in_time(talk, P, time.timing, effort or Effort("run"))[0]


def failure(server: SpotifyServer, time: StoppedTime, effort: Effort | None = None) -> str:
    with pytest.raises(SpotifyError) as caught:
        fetch(server, time, effort)
    return str(caught.value)


@pytest.mark.parametrize(
    "passing",
    [500, 503, refusals.NOT_JSON, refusals.TRUNCATED, refusals.throttled("0")],
    ids=["500", "503", "not JSON", "truncated", "throttled"],
)
def test_what_passes_is_asked_for_again(
    server: SpotifyServer, passing: refusals.Refusal | int
) -> None:
    server.refusals[P] = [passing, None, passing]
    assert fetch(server, StoppedTime())["total"] == 2


def test_it_waits_longer_each_time_and_gives_up_after_five(server: SpotifyServer) -> None:
    server.refusals[P] = [503] * 5
    time = StoppedTime()
    assert failure(server, time).endswith("Run again in some minutes. It was asked for 5 times.")
    assert server.refusals[P] == []
    least = (0.5, 1, 2, 4)
    assert all(low <= wait <= low + 1 for wait, low in zip(time.slept, least, strict=True))


def test_a_token_that_spotify_could_not_give_is_asked_for_again(server: SpotifyServer) -> None:
    server.refusals["token"] = [refusals.oauth_error("server_error", 503), refusals.NOT_JSON]
    assert fetch(server, StoppedTime())["total"] == 2
    assert server.requests.count("token") == 3


@pytest.mark.parametrize(
    "permanent",
    [400, 401, 403, 404, refusals.NO_PREMIUM, refusals.QUOTA_EXCEEDED],
    ids=["400", "401", "403", "404", "no Premium", "quota"],
)
def test_what_does_not_pass_is_asked_for_once(
    server: SpotifyServer, permanent: refusals.Refusal | int
) -> None:
    server.refusals[P] = [permanent]
    time = StoppedTime()
    assert "It was asked for" not in failure(server, time)
    assert (server.requests, time.slept) == (["token", "/v1/playlists/p"], [])


def test_spotifys_own_wait_is_kept_when_the_run_has_the_time(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.throttled("7"), refusals.throttled("120")]
    time = StoppedTime(seconds_left=300)
    assert fetch(server, time)["total"] == 2
    assert time.slept == [7, 120]


def test_a_wait_that_the_run_has_no_time_for_ends_it_for_every_chart(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.throttled("5"), refusals.throttled("36000")]
    time, effort = StoppedTime(seconds_left=100), Effort("run")
    assert failure(server, time, effort).endswith(
        "It asks to wait 36,000 seconds. The app has asked too often. Run again later, or schedule "
        "fewer runs. It was asked for 2 times, and the run had 95 seconds left: too few to wait "
        "and ask again."
    )
    assert time.slept == [5]
    assert (effort.requests, effort.throttles) == (2, 2)
    asked = len(server.requests)
    assert failure(server, time, effort) == (
        "Not attempted, as Spotify refused another chart: Spotify asks to wait 36,000 seconds and "
        "the run had 95 left. Run again later."
    )
    assert len(server.requests) == asked


def test_a_used_up_quota_ends_the_run_for_every_chart(server: SpotifyServer) -> None:
    server.refusals[P] = [refusals.QUOTA_EXCEEDED]
    effort = Effort("run")
    failure(server, StoppedTime(), effort)
    assert failure(server, StoppedTime(), effort).startswith(
        "Not attempted, as Spotify refused another chart: The quota of the developer's account"
    )


def test_a_run_without_time_does_not_wait(server: SpotifyServer) -> None:
    server.refusals[P] = [503]
    time = StoppedTime(seconds_left=0.4)
    assert "and the run had 0 seconds left" in failure(server, time)
    assert time.slept == []


@pytest.mark.parametrize(
    ("seconds_left", "left"), [(0.4, "0 seconds"), (1, "1 second"), (2, "2 seconds")]
)
def test_a_run_that_is_short_of_time_says_how_many_seconds_it_had(
    server: SpotifyServer, seconds_left: float, left: str
) -> None:
    server.refusals[P] = [refusals.throttled("9")]
    assert failure(server, StoppedTime(seconds_left)).endswith(
        f" It was asked for 1 time, and the run had {left} left: too few to wait and ask again."
    )


@pytest.mark.parametrize(
    ("refused", "asked"), [(["9"], "1 time,"), (["1", "9"], "2 times,"), (["0"] * 5, "5 times.")]
)
def test_a_chart_that_failed_says_how_often_it_was_asked_for(
    server: SpotifyServer, refused: list[str], asked: str
) -> None:
    server.refusals[P] = [refusals.throttled(seconds) for seconds in refused]
    assert f" It was asked for {asked}" in failure(server, StoppedTime(seconds_left=5))


@pytest.mark.parametrize(
    ("wait", "seconds_left", "sentence"),
    [
        ("1", 1, "Spotify asks to wait 1 second and the run had 1 left. Run again later."),
        ("2", 0.4, "Spotify asks to wait 2 seconds and the run had 0 left. Run again later."),
    ],
)
def test_a_wait_that_ends_the_run_is_told_in_seconds(
    server: SpotifyServer, wait: str, seconds_left: float, sentence: str
) -> None:
    server.refusals[P] = [refusals.throttled(wait)]
    effort = Effort("run")
    failure(server, StoppedTime(seconds_left), effort)
    assert effort.ends == sentence
