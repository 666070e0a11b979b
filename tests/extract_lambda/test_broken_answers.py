"""Spotify's answers broken on the wire: asked for again, and told in a sentence if they stay so."""

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
    """Capture both charts and return their lines: the manifest has them, raw has whole files."""
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
    ("cut", wire.cut, "broke off"),
    ("reset", wire.reset, "broke off"),
    ("too short a length", wire.short_length, "is not JSON"),
    ("garbage for gzip", wire.gzip_garbage, "is not JSON"),
    ("40 MB for gzip", wire.gzip_bomb, "is not JSON"),
    ("stalling", wire.stalling, "did not answer in time"),
    ("dripping", wire.dripping, "did not answer in time"),
    ("a web page", wire.instead(200, b"<html>Log in to the network</html>"), "is not JSON"),
    ("nothing", wire.instead(200, b""), "is not JSON"),
    ("brackets", wire.instead(200, b"[" * 200_000), "not what its API documents"),
    ("another encoding", wire.instead(200, '{"name": "겨울"}'.encode("utf-16")), "is not JSON"),
    ("a byte of it", wire.instead(200, b'{"name": "\x80"}'), "is not JSON"),
    ("a page of 500", wire.instead(500, b"<html>" * 9999), "answered 500"),
    (
        "no answer of HTTP",
        lambda to, _: to.sendall(b"\x16\x03\x01 no\r\n\r\n"),
        "could not be reached",
    ),
]


@pytest.mark.parametrize("question", [f"{BROKEN}?", f"{BROKEN}/items"], ids=["playlist", "page"])
@pytest.mark.parametrize(("fault", "told"), [b[1:] for b in BREAKS], ids=[b[0] for b in BREAKS])
def test_a_broken_answer_is_asked_for_again_and_five_are_told_in_a_sentence(
    server: BreakingServer,
    logins: Logins,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    question: str,
    fault: Fault,
    told: str,
) -> None:
    if "in time" in told:
        monkeypatch.setattr(spotify, "TIMEOUT_SECONDS", 0.3)
    server.faults[question] = [fault]
    assert [line["status"] for line in capture(logins, tmp_path / "once")] == ["captured"] * 2
    server.faults[question] = [fault] * 5
    broken, whole = capture(logins, tmp_path / "five times")
    assert (broken["status"], whole["status"]) == ("failed", "captured")
    assert told in broken["error"]
    assert broken["error"].endswith("It was asked for 5 times.")
    assert len(broken["error"]) < 300
    assert capture(logins, tmp_path / "next")[0]["entries"] == 120


def test_flapping_errors_and_throttles_cost_attempts_and_no_chart(
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
def test_a_storm_of_429_ends_with_a_sentence_whatever_it_asks_to_wait(
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
    assert "The app has asked too often. Run again later" in line["error"]
    if waits is None:
        assert len(time.slept) == 4
        assert all(0.5 <= wait <= 31 for wait in time.slept)
    else:
        assert time.slept == waits


def test_half_an_emoji_in_a_title_costs_no_chart_and_stays_as_it_came(
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


def test_a_token_goes_nowhere_but_to_spotify(
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
                assert "Spotify sent us elsewhere" in line["error"]
        server.faults = {f"{BROKEN}/items": [next_elsewhere, next_elsewhere]}
        line, _ = capture(Logins(user), tmp_path / "next", run)
        assert (line["status"], line["entries"]) == ("captured", 120)
    assert elsewhere.asked == []
