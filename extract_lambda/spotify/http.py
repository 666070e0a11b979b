"""HTTP requests to Spotify: responses are limited in time and size, and redirects are refused.

The timeout of `requests` applies to each wait separately, so a response that drips never ends. On
a redirect, `requests` also forwards the form, which contains a refresh token.
"""

from time import monotonic
from typing import Any

import requests
from requests.exceptions import ChunkedEncodingError, ContentDecodingError
from urllib3.exceptions import DecodeError, HTTPError, ReadTimeoutError

LARGEST_BYTES = 32 * 1024 * 1024
"""Limit of an uncompressed response; no page of 50 entries comes near it."""
PIECE_BYTES = 64 * 1024


class Session(requests.Session):
    """A session that returns only complete responses."""

    def send(self, request: requests.PreparedRequest, **options: Any) -> requests.Response:
        """Send a request; its `timeout`, in seconds, applies to the whole response.

        Raises RequestException for a response that is too slow, too large, cut off or a redirect.
        """
        end = monotonic() + options["timeout"]
        limited = options | {"stream": True, "allow_redirects": False}
        response = super().send(request, **limited)
        with response:
            if response.is_redirect:
                raise requests.TooManyRedirects
            response._content = _body(response, end)
        response.encoding = "utf-8"
        if response.ok and not _is_utf8(response.content):
            raise ContentDecodingError
        return response


def _is_utf8(content: bytes) -> bool:
    """JSON is UTF-8 (RFC 8259); for anything else `requests` would guess the encoding."""
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
    """Read the bytes received so far, and convert errors to those of `requests`."""
    try:
        piece: bytes = response.raw.read1(PIECE_BYTES, decode_content=True)
    except ReadTimeoutError:
        raise requests.ReadTimeout from None
    except DecodeError:
        raise ContentDecodingError from None
    except HTTPError:
        raise ChunkedEncodingError from None
    return piece
