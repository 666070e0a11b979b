"""Spotify's Web API on 127.0.0.1, for a client that cannot tell the difference.

Tokens, playlists and pages are served over real HTTP. The real API has no date parameter: it
answers as of now. This server answers as of `today`, which its owner sets.
"""

import base64
import json
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

from chartlake.spotify_stand_in import web_api
from chartlake.spotify_stand_in.refusals import Refusal, oauth_error, refusal
from chartlake.spotify_stand_in.web_api import ApiError

Source = Callable[[str, date], dict[str, Any] | None]
"""Playlist id and day -> the whole playlist in the old shape, or None if there is none."""

TOKEN_SECONDS = 3600


class SpotifyServer(ThreadingHTTPServer):
    """The stand-in; it listens once constructed, and answers inside its `with` block."""

    daemon_threads = False  # closing waits for the last answer, so no thread or socket outlives it

    def __init__(
        self, source: Source, today: date, shapes: Mapping[str, str] | None = None
    ) -> None:
        """Serve `source` as of `today`; `shapes` maps playlist ids to track, item or both."""
        shapes = shapes or {}
        if unknown := set(shapes.values()) - set(web_api.SHAPES):
            allowed = ", ".join(web_api.SHAPES)
            raise ValueError(f"no such shape: {', '.join(sorted(unknown))}; use one of {allowed}")
        super().__init__(("127.0.0.1", 0), _Handler)
        self.source = source
        self.today = today
        self.shapes = shapes
        self.refusals: dict[str, list[Refusal | int | None]] = {}
        """Playlist id, or "token" -> what its next requests get, in order; None: no refusal."""
        self.requests: list[str] = []
        """Requests so far, in order: "token", or the path of the Web API."""
        self.refresh_tokens: set[str] = set()
        """User consents that are still valid."""
        self._closing = threading.Event()
        self.codes: dict[str, str] = {}
        """Codes that users got by consenting -> the refresh token behind each."""
        self.access_token = secrets.token_urlsafe(24)
        base = f"http://127.0.0.1:{self.server_port}"
        self.api_url = f"{base}/v1/"
        self.token_url = f"{base}/api/token"
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.set()
        self.shutdown()
        self._thread.join()
        self.server_close()

    def wait(self, seconds: float) -> None:
        """Delay a client without delaying the server's shutdown."""
        self._closing.wait(seconds)


class _Handler(BaseHTTPRequestHandler):
    server: SpotifyServer
    timeout = 5  # a client that connects and stays silent must not block shutdown
    wbufsize = -1  # head and body are sent together, or the body waits for an acknowledgement

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        form = dict(parse_qsl(body.decode("utf-8", "replace")))
        if self.path != "/api/token":
            self._play(Refusal(404))
        elif played := self._refusal("token", "token"):
            self._play(played)
        elif problem := self._grant_problem(form):
            self._play(oauth_error(problem))
        else:
            token = {"access_token": self.server.access_token, "token_type": "Bearer"}
            consent = self.server.codes.get(form.get("code", ""))
            kept = {"refresh_token": consent} if consent else {}
            self._send({**token, **kept, "expires_in": TOKEN_SECONDS})

    def _grant_problem(self, form: Mapping[str, str]) -> str | None:
        """Return the OAuth error of a token request; None if it is valid."""
        is_accepted = {
            "client_credentials": True,
            "refresh_token": form.get("refresh_token") in self.server.refresh_tokens,
            "authorization_code": form.get("code") in self.server.codes,
        }.get(form.get("grant_type", ""))
        if is_accepted is None or not _has_credentials(self.headers["Authorization"]):
            return "invalid_client"
        return None if is_accepted else "invalid_grant"

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        try:
            answer = self._answer()
        except ApiError as error:
            self._play(Refusal(error.status, str(error)))
        else:
            self._play(answer) if isinstance(answer, Refusal) else self._send(answer)

    def _answer(self) -> dict[str, Any] | Refusal:
        if self.headers["Authorization"] != f"Bearer {self.server.access_token}":
            given = self.headers["Authorization"]
            raise ApiError(401, "Invalid access token" if given else "No token provided")
        url = urlsplit(self.path)
        route = re.fullmatch(r"/v1/playlists/([0-9A-Za-z]+)(?:/(items|tracks))?", url.path)
        if not route:
            raise ApiError(404, "Service not found")
        playlist_id, kind = route.groups()
        if played := self._refusal(playlist_id, url.path):
            return played
        playlist = self.server.source(playlist_id, self.server.today)
        if playlist is None:
            raise ApiError(404, "Resource not found")
        shape = self.server.shapes.get(playlist_id, "both")
        query = dict(parse_qsl(url.query))
        if kind:
            return web_api.page(playlist, shape, kind, self.server.api_url, query)
        return web_api.playlist_object(playlist, shape, self.server.api_url, query)

    def _refusal(self, name: str, asked: str) -> Refusal | None:
        self.server.requests.append(asked)
        planned = self.server.refusals.get(name)
        played = planned.pop(0) if planned else None
        return refusal(played) if isinstance(played, int) else played

    def _play(self, played: Refusal) -> None:
        self.server.wait(played.delay_seconds)
        with suppress(ConnectionError):  # a delayed client may have disconnected
            self._write(played.status, played.content, played)

    def _send(self, body: dict[str, Any]) -> None:
        self._write(200, json.dumps(body, ensure_ascii=False).encode())

    def _write(self, status: int, content: bytes, played: Refusal | None = None) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        torn = played is not None and played.is_truncated
        self.send_header("Content-Length", str(len(content) + 100 * torn))
        if played and played.retry_after:
            self.send_header("Retry-After", played.retry_after)
        if played and played.location:
            self.send_header("Location", played.location)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Log nothing: the client's own log shows its requests."""


def _has_credentials(authorization: str | None) -> bool:
    """Whether a Basic header has both a client id and a secret; any pair is accepted."""
    match = re.fullmatch(r"Basic ([0-9A-Za-z+/]+={0,2})", authorization or "")
    try:
        pair = base64.b64decode(match[1]) if match else b""
    except ValueError:
        return False
    client_id, _, client_secret = pair.partition(b":")
    return bool(client_id and client_secret)
