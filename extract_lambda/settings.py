"""The environment -> Settings, once per invocation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chartlake.contract.errors import UserError

PLACES = ("CHARTLAKE_RAW_ROOT",)
HERE = ("http", "127.0.0.1")
"""A stand-in on this machine: the only address allowed without TLS."""
CREDENTIALS = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET")


class SettingsError(UserError):
    """A setting is missing or invalid; the message says which."""


@dataclass(frozen=True)
class Settings:
    """Where the charts come from and where they go; the repr omits secrets.

    `secret_id` names the AWS Secrets Manager secret that holds the credentials; None: they are in
    these settings. `refresh_token` is a user's consent, needed by charts with login = "user".
    """

    raw_root: str
    charts_file: Path
    api_url: str
    token_url: str
    secret_id: str | None = None
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises SettingsError, which lists all required names that are missing or blank, or names an
    address that credentials may not be sent to.
    """
    told = {name: value.strip() for name, value in environ.items() if value.strip()}
    secret_id = told.get("CHARTLAKE_SECRET_ID")
    required = PLACES if secret_id else PLACES + CREDENTIALS
    if missing := [name for name in required if name not in told]:
        raise SettingsError(
            f"Environment variables are not set: {', '.join(missing)}. Set them and run again."
        )
    return Settings(
        raw_root=told["CHARTLAKE_RAW_ROOT"],
        charts_file=Path(told.get("CHARTLAKE_CHARTS_FILE", "charts.toml")),
        api_url=_address(told, "SPOTIFY_API_URL", "https://api.spotify.com/v1/").rstrip("/") + "/",
        token_url=_address(told, "SPOTIFY_TOKEN_URL", "https://accounts.spotify.com/api/token"),
        secret_id=secret_id,
        client_id=told.get("SPOTIFY_CLIENT_ID", ""),
        client_secret=told.get("SPOTIFY_CLIENT_SECRET", ""),
        refresh_token=told.get("SPOTIFY_REFRESH_TOKEN"),
    )


def _address(told: Mapping[str, str], name: str, usual: str) -> str:
    """Validate an address for credentials: https, or this machine; raises SettingsError.

    The message omits the address, because it may contain a name and a password.
    """
    address = told.get(name, usual)
    try:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme, parts.hostname) == HERE
    except ValueError:
        is_safe = False
    if not is_safe or "@" in address:
        raise SettingsError(
            f"{name} is no address that credentials may be sent to: https://host/…, without a name "
            "and password in it. Leave it out for Spotify's own."
        )
    return address
