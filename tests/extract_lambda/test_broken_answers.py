"""Spotify's responses broken on the wire: retried, then reported in one sentence."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chartlake.spotify_stand_in import refusals
from chartlake.spotify_stand_in.server import SpotifyServer
from extract_lambda.capture import Run, capture_charts
from extract_lambda.raw.documents import payload_sha256
from extract_lambda.raw.store import FolderStore
from extract_lambda.spotify import client as spotify
from extract_lambda.spotify.auth import Logins
from tests.support import breaking_server as wire
from tests.support.breaking_server import Answer, Asked, BreakingServer, Fault
from tests.support.spotify_fixtures import (
    GLOBAL,
    PHILIPPINES,
    StoppedTime,
    settings_for,
    small_source,
)

pytestmark = pytest.mark.faults

RUN = Run("20261120T060000Z", date(2026, 11, 20), (GLOBAL, PHILIPPINES))
BROKEN = str(GLOBAL.playlist_id)
SIZES = {BROKEN: 120, str(PHILIPPINES.playlist_id): 2}


@pytest.fixture
def spotify_itself() -> Iterator[SpotifyServer]:
    with SpotifyServer(small_source(SIZES), date(2026, 11, 20)) as running:
        yield running


@pytest.fixture
def server(spotify_itself: SpotifyServer) -> Iterator[BreakingServer]:
    with BreakingServer(wire.passes_on(spotify_itself.server_port)) as running:
        yield running


@pytest.fixture
def logins(spotify_itself: SpotifyServer, server: BreakingServer) -> Logins:
    return Logins(settings_for(spotify_itself, api_url=f"{server.url}/v1/"))


def capture(
    logins: Logins, lake: Path, run: Run = RUN, time: StoppedTime | None = None
) -> list[dict[str, Any]]:
    """Capture both charts and return their manifest lines; raw has only complete files."""
    manifest = capture_charts(run, logins, FolderStore(lake), (time or StoppedTime()).timing)
    assert json.loads((lake / RUN.manifest_key).read_bytes()) == manifest
    captures = [json.loads(path.read_bytes()) for path in lake.glob("raw/playlists/*/*/*.json")]
    for envelope in captures:
        assert payload_sha256(envelope["payload"]) == envelope["payload_sha256"]
    lines: list[dict[str, Any]] = manifest["charts"]
    captured = [line["chart_id"] for line in lines if line["status"] == "captured"]
    assert sorted(envelope["chart"]["chart_id"] for envelope in captures) == sorted(captured)
    return lines


BREAKS: list[tuple[str, Fault, str]] = [
    ("cut", wire.cut, "was cut off"),
    ("reset", wire.reset, "was cut off"),
    ("too short a length", wire.short_length, "is not JSON"),
    ("garbage for gzip", wire.gzip_garbage, "is not JSON"),
    ("40 MB for gzip", wire.gzip_bomb, "is not JSON"),
    ("stalling", wire.stalling, "did not respond in time"),
    ("dripping", wire.dripping, "did not respond in time"),
    ("a web page", wire.instead(200, b"<html>Log in to the network</html>"), "is not JSON"),
    ("nothing", wire.instead(200, b""), "is not JSON"),
    ("brackets", wire.instead(200, b"[" * 200_000), "does not match its API documentation"),
    ("another encoding", wire.instead(200, '{"name": "겨울"}'.encode("utf-16")), "is not JSON"),
    ("a byte of it", wire.instead(200, b'{"name": "\x80"}'), "is not JSON"),
    ("a page of 500", wire.instead(500, b"<html>" * 9999), "returned 500"),
    (
        "no answer of HTTP",
        lambda to, _: to.sendall(b"\x16\x03\x01 no\r\n\r\n"),
        "could not be reached",
    ),
]


@pytest.mark.fault(
    table="extraction",
    what=(
        "a response is truncated, reset, stalls, drips, has a wrong length, is garbage or 40 MB "
        "under gzip, a web page, empty, 200,000 brackets, not UTF-8, not HTTP"
    ),
    how="a proxy in front of the stand-in, which breaks its responses on the wire",
    then=(
        "once: it is retried; five times: one error message, the other chart is captured, the "
        "next run has this one"
    ),
    cases=30,
)
@pytest.mark.parametrize("question", [f"{BROKEN}?", f"{BROKEN}/items"], ids=["playlist", "page"])
@pytest.mark.parametrize(("fault", "told"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_broken_response_is_retried_up_to_five_times(
    server: BreakingServer,
    logins: Logins,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    fault: Fault,
    told: str,
) -> None:
    """A broken response is retried; after five the chart fails with one error message."""
    if "in time" in told:
        monkeypatch.setattr(spotify, "TIMEOUT_SECONDS", 0.3)
    server.faults[question] = [fault]
    assert [line["status"] for line in capture(logins, tmp_path / "once")] == ["captured"] * 2
    server.faults[question] = [fault] * 5
    broken, whole = capture(logins, tmp_path / "five times")
    assert (broken["status"], whole["status"]) == ("failed", "captured")
    assert told in broken["error"]
    assert broken["error"].endswith("Requested 5 times.")
    assert len(broken["error"]) < 300
    assert capture(logins, tmp_path / "next")[0]["entries"] == 120


@pytest.mark.fault(
    table="extraction",
    what="intermittent errors",
    how="503, 429, 502 between responses",
    then="the chart is captured",
)
def test_intermittent_errors_and_throttling_lose_no_chart(
    spotify_itself: SpotifyServer, logins: Logins, tmp_path: Path
) -> None:
    storm: list[refusals.Refusal | int | None] = [
        503,
        refusals.throttled("1"),
        None,
        502,
        None,
        None,
        refusals.throttled("0"),
    ]
    spotify_itself.refusals[BROKEN] = storm
    time = StoppedTime()
    line, _ = capture(logins, tmp_path, time=time)
    assert (line["status"], line["entries"]) == ("captured", 120)
    assert 1 in time.slept


@pytest.mark.fault(
    table="extraction",
    what="a storm of 429, with Retry-After of 0, hours, 400 digits, -5, 1.5, a word, a date, none",
    how="responses of the stand-in for Spotify",
    then="the run stops in time with one error message",
    cases=8,
)
@pytest.mark.parametrize(
    ("retry_after", "waits"),
    [
        ("0", [0.0] * 4),
        ("9" * 400, []),
        ("99999999999", []),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
        ("Fri, 20 Nov 2026 07:28:00 GMT", None),
        (None, None),
    ],
)
def test_a_storm_of_429_stops_the_run_with_one_error_message(
    spotify_itself: SpotifyServer,
    logins: Logins,
    tmp_path: Path,
    retry_after: str | None,
    waits: list[float] | None,
) -> None:
    spotify_itself.refusals[BROKEN] = [refusals.Refusal(429, retry_after=retry_after)] * 5
    time = StoppedTime()
    line, _ = capture(logins, tmp_path, time=time)
    assert line["status"] == "failed"
    assert "The app has sent too many requests. Run again later" in line["error"]
    if waits is None:
        assert len(time.slept) == 4
        assert all(0.5 <= wait <= 31 for wait in time.slept)
    else:
        assert time.slept == waits


@pytest.mark.fault(
    table="extraction",
    what="half an emoji in a title",
    how="the stand-in's response is changed",
    then="the chart is captured, the escape is kept unchanged",
)
def test_half_an_emoji_in_a_title_is_kept_unchanged(
    spotify_itself: SpotifyServer, tmp_path: Path
) -> None:
    whole = wire.passes_on(spotify_itself.server_port)

    def answer(asked: Asked) -> Answer:
        body = whole(asked).body
        return Answer(200, body.replace(b'"name": "t0"', b'"name": "Half \\ud83d of \\\\ one"'))

    with BreakingServer(answer) as server:
        lines = capture(Logins(settings_for(spotify_itself, api_url=f"{server.url}/v1/")), tmp_path)
    assert [line["status"] for line in lines] == ["captured"] * 2
    content = (tmp_path / lines[0]["key"]).read_text(encoding="utf-8")
    assert "Half \\ud83d of \\\\ one" in content


@pytest.mark.fault(
    table="extraction",
    what="`next`, or a redirect, leads to another host",
    how="five kinds of redirect, of token, playlist and page",
    then="that host is never contacted: no token or consent is sent there",
    cases=16,
)
def test_a_token_is_only_sent_to_spotify(
    spotify_itself: SpotifyServer, server: BreakingServer, tmp_path: Path
) -> None:
    spotify_itself.refresh_tokens.add("the-consent")
    run = replace(RUN, charts=tuple(replace(chart, login="user") for chart in RUN.charts))
    with BreakingServer(lambda _: Answer(200, b"{}")) as elsewhere:

        def next_elsewhere(connection: Any, answer: Callable[[], Answer]) -> None:
            page = json.loads(answer().body) | {"next": f"{elsewhere.url}/v1/playlists/p/items"}
            connection.sendall(Answer(200, json.dumps(page).encode()).wire())

        user = settings_for(
            spotify_itself,
            api_url=f"{server.url}/v1/",
            token_url=f"{server.url}/api/token",
            refresh_token="the-consent",
        )
        for status in (301, 302, 303, 307, 308):
            lead = wire.instead(status, b"", Location=f"{elsewhere.url}/take")
            for number, question in enumerate(("/api/token", f"{BROKEN}?", f"{BROKEN}/items")):
                server.faults = {question: [lead] * 10}
                line, _ = capture(Logins(user), tmp_path / f"{status}-{number}", run)
                assert "Spotify redirected the request" in line["error"]
        server.faults = {f"{BROKEN}/items": [next_elsewhere, next_elsewhere]}
        line, _ = capture(Logins(user), tmp_path / "next", run)
        assert (line["status"], line["entries"]) == ("captured", 120)
    assert elsewhere.asked == []
