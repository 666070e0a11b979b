"""Malformed responses and manifests are kept unchanged, or reported in one sentence.

`make test-faults` tries CHARTLAKE_CASES of each kind; `make test` a few.
"""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extract_lambda.chart_capture import Capture
from extract_lambda.handler import extract
from extract_lambda.raw.store import RawStoreError
from extract_lambda.spotify.auth import Logins
from extract_lambda.spotify.retry import RunBudget
from tests.support import fuzz
from tests.support.breaking_server import Answer, Asked, BreakingServer
from tests.support.spotify_fixtures import GLOBAL, StoppedTime, settings_for, small_playlist

pytestmark = pytest.mark.faults


class Memory:
    """A raw store in memory, write-once."""

    def __init__(self, held: dict[str, bytes] | None = None) -> None:
        self.held = held or {}

    def write(self, key: str, content: bytes) -> None:
        assert key not in self.held
        self.held[key] = content

    def read(self, key: str) -> bytes | None:
        return self.held.get(key)


TOKEN = {"access_token": "t", "token_type": "Bearer", "expires_in": 3600}
PLAYLIST = small_playlist("p", 2)
PAGE = {"total": 2, "offset": 0, "next": None, "items": PLAYLIST.pop("items")}


@pytest.fixture(scope="module")
def told() -> Iterator[tuple[BreakingServer, dict[str, bytes]]]:
    """A server and its responses: to requests for a token, the playlist and its pages."""
    bodies: dict[str, bytes] = {}

    def answer(asked: Asked) -> Answer:
        kind = "token" if "token" in asked.path else "page" if "/items" in asked.path else "list"
        return Answer(200, bodies[kind])

    with BreakingServer(answer) as server:
        yield server, bodies


def json_bytes(document: Any) -> bytes:
    return json.dumps(document).encode()


answers = st.fixed_dictionaries(
    {
        "token": st.just(json_bytes(TOKEN)) | fuzz.mangled(TOKEN).map(json_bytes),
        "list": fuzz.mangled(PLAYLIST).map(json_bytes),
        "page": fuzz.mangled(PAGE).map(json_bytes) | fuzz.spoilt(json_bytes(PAGE)),
    }
)


@pytest.mark.fault(
    table="input",
    what="malformed responses from Spotify: token, playlist, page",
    how="over HTTP",
    then="captured unchanged, or failed with one error message",
    cases=(150, 3000),
)
def test_a_malformed_response_is_kept_unchanged_or_fails_clearly(told) -> None:
    """Any response of Spotify's is stored unchanged, or fails with one error message."""
    server, bodies = told
    here = replace(
        settings_for_nobody(), api_url=f"{server.url}/v1/", token_url=f"{server.url}/api/token"
    )

    @fuzz.settled(quick=150, share=0.25)
    @given(answers)
    def hold(case: dict[str, bytes]) -> None:
        bodies.update(case)
        store, time = Memory(), StoppedTime(seconds_left=3)
        run = Capture("r", date(2026, 11, 20), Logins(here), store, time.timing, RunBudget("r"))
        line = run.line_of(GLOBAL)
        assert (line["status"] == "captured") is (len(store.held) == 1)
        if line["status"] == "failed":
            assert fuzz.SENTENCE.fullmatch(line["error"])
            return
        payload = json.loads(store.held[line["key"]])["payload"]
        page = json.loads(bodies["page"])
        assert payload["items"] == page["items"]
        assert line["entries"] == len(page["items"]) == page["total"]

    hold()


def settings_for_nobody() -> Any:
    """Settings without a server; the caller sets Spotify's address."""

    class Nowhere:
        api_url = token_url = ""

    return settings_for(Nowhere())  # type: ignore[arg-type]


LINE = {
    **{"chart_id": "top50_global", "status": "captured", "key": "k", "entries": 2},
    **{"payload_sha256": "0", "error": None, "drift": {}},
}
MANIFEST: dict[str, Any] = {
    **{"schema_version": 1, "run_id": "20261120T060000Z", "snapshot_date": "2026-11-19"},
    **{
        "requests": 5,
        "throttles": 0,
        "charts": [LINE, LINE | {"status": "failed", "error": "No."}],
    },
}
MANIFEST_KEY = "raw/manifests/dt=2026-11-19/20261120T060000Z.json"


@pytest.mark.fault(
    table="input",
    what="a malformed manifest in raw",
    how="the file of the run",
    then="the answer that it contains, or one error message; the file stays",
    cases=(300, 12_000),
)
def test_a_malformed_manifest_in_raw_is_the_answer_or_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    here = replace(settings_for_nobody(), charts_file=Path("charts.toml"))
    event = {"scheduled_at": "2026-11-20T06:00:00Z", "snapshot_date": "2026-11-19"}

    @fuzz.settled(quick=300)
    @given(fuzz.mangled(MANIFEST).map(json_bytes) | fuzz.spoilt(json_bytes(MANIFEST)))
    def hold(content: bytes) -> None:
        held = {MANIFEST_KEY: content}
        monkeypatch.setattr("extract_lambda.handler.open_store", lambda _: Memory(held))
        try:
            result = extract(event, here, StoppedTime().timing)
        except RawStoreError as error:
            assert str(error).startswith(f"{MANIFEST_KEY} exists but is not a Chartlake")
        else:
            lines = json.loads(content)["charts"]
            assert len(result["captured"]) <= len(lines)
        assert held == {MANIFEST_KEY: content}

    hold()
