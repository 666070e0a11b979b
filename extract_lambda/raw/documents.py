"""The format of raw files: one line of JSON, in UTF-8, with timestamps in UTC."""

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

SCHEMA_VERSION = 1


def json_line(document: dict[str, Any]) -> bytes:
    """Serialize a document on one line, which Spark reads fastest."""
    return _utf8(json.dumps(document, ensure_ascii=False) + "\n")


def instant(moment: datetime) -> str:
    """Format a UTC timestamp with microseconds."""
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"


def payload_sha256(payload: dict[str, Any]) -> str:
    """Hash a payload's canonical JSON (sorted names, no spaces, UTF-8) into hex digits."""
    text = json.dumps(payload, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(_utf8(text)).hexdigest()


def _utf8(text: str) -> bytes:
    """Encode JSON; an unpaired surrogate, such as half an emoji, stays escaped."""
    return text.encode(errors="backslashreplace")
