"""Failures between Spotify and its clients, to be played instead of an answer."""

import json
from dataclasses import dataclass
from http import HTTPStatus


@dataclass(frozen=True)
class Refusal:
    """An answer to play: Spotify's JSON error, or `body` as it is; delayed or truncated on request.

    `retry_after` and `location` are sent as headers; `delay_seconds` delays the answer.
    """

    status: int
    message: str = ""
    reason: str | None = None
    retry_after: str | None = None
    body: bytes | None = None
    is_truncated: bool = False
    delay_seconds: float = 0
    location: str | None = None

    @property
    def content(self) -> bytes:
        """The body to send; a truncated one is announced with its full length."""
        if self.body is not None:
            return self.body
        phrase = self.message or HTTPStatus(self.status).phrase
        error = {"status": self.status, "message": phrase}
        reason = {"reason": self.reason} if self.reason else {}
        return json.dumps({"error": error | reason}).encode()


def refusal(status: int) -> Refusal:
    """Refuse with only a status; 429 asks the client to wait 30 seconds."""
    return Refusal(status, retry_after="30" if status == HTTPStatus.TOO_MANY_REQUESTS else None)


def throttled(retry_after: str) -> Refusal:
    """Refuse for some time: seconds, as Spotify sends them."""
    return Refusal(429, retry_after=retry_after)


def slow(seconds: float) -> Refusal:
    """Answer too late for a client with a shorter timeout."""
    return Refusal(200, body=b"{}", delay_seconds=seconds)


def elsewhere(location: str, status: int = 307) -> Refusal:
    """Redirect the client to another address, with its whole request."""
    return Refusal(status, location=location)


def oauth_error(code: str, status: int = 400) -> Refusal:
    """Refuse a token, with an OAuth error."""
    body = json.dumps({"error": code, "error_description": "Refused"}).encode()
    return Refusal(status, body=body)


NOT_JSON = Refusal(200, body=b"<html><title>Spotify is updating</title></html>")
TRUNCATED = Refusal(200, body=b'{"id": "37i9', is_truncated=True)
QUOTA_EXCEEDED = Refusal(429, "Too many requests", "QUOTA_EXCEEDED")
NO_PREMIUM = Refusal(403, "Active premium subscription required for the owner of the app.")
INVALID_CLIENT = oauth_error("invalid_client")
INVALID_GRANT = oauth_error("invalid_grant")
