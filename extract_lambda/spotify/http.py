"""How Spotify is asked over HTTP: an answer ends, in time and in size, and leads nowhere else.

The time-out of `requests` holds for each wait alone, so that an answer which drips never ends; and
where a host redirects, `requests` takes a form along, with a refresh token in it.
"""

from time import monotonic
from typing import Any

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

LARGEST_BYTES = 32 * 1024 * 1024
"""Of an answer, unpacked; no page of 50 entries comes near it."""
PIECE_BYTES = 64 * 1024


class Session(requests.Session):
    """A session whose answers are whole when they are returned."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request; its `timeout`, in seconds, is for the answer as a whole.

        Raises RequestException for an answer that is too slow, too large, torn, or a redirect.
        """
        end = monotonic() + options["timeout"]
        asked = options | {"stream": True, "allow_redirects": False}
        response = super().send(request, **asked)
        with response:
            if response.is_redirect:
                raise requests.TooManyRedirects
            response._content = _body(response, end)
        response.encoding = "utf-8"
        if response.ok and not _is_utf8(response.content):
            raise ContentDecodingError
        return response


def _is_utf8(content: bytes) -> bool:
    """JSON is UTF-8 (RFC 8259); of anything else `requests` would guess what it may be."""
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _body(response: requests.Response, end: float) -> bytes:
    body = bytearray()
    while piece := _piece(response):
        body += piece
        if monotonic() > end:
            raise requests.ReadTimeout
        if len(body) > LARGEST_BYTES:
            raise ContentDecodingError
    return bytes(body)


def _piece(response: requests.Response) -> bytes:
    """Read what has come, and say in the words of `requests` what went wrong."""
    try:
        piece: bytes = response.raw.read1(PIECE_BYTES, decode_content=True)
    except ReadTimeoutError:
        raise requests.ReadTimeout from None
    except DecodeError:
        raise ContentDecodingError from None
    except HTTPError:
        raise ChunkedEncodingError from None
    return piece
