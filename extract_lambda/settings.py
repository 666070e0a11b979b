"""The environment -> Settings, once per invocation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from chartlake.contract.chart_config import Chart, read_charts
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
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    secret_id = given.get("CHARTLAKE_SECRET_ID")
    required = PLACES if secret_id else PLACES + CREDENTIALS
    if missing := [name for name in required if name not in given]:
        raise SettingsError(
            f"Environment variables are not set: {', '.join(missing)}. Set them and run again."
        )
    return Settings(
        raw_root=given["CHARTLAKE_RAW_ROOT"],
        charts_file=Path(given.get("CHARTLAKE_CHARTS_FILE", "charts.toml")),
        api_url=_address(given, "SPOTIFY_API_URL", "https://api.spotify.com/v1/").rstrip("/") + "/",
        token_url=_address(given, "SPOTIFY_TOKEN_URL", "https://accounts.spotify.com/api/token"),
        secret_id=secret_id,
        client_id=given.get("SPOTIFY_CLIENT_ID", ""),
        client_secret=given.get("SPOTIFY_CLIENT_SECRET", ""),
        refresh_token=given.get("SPOTIFY_REFRESH_TOKEN"),
    )


def _address(given: Mapping[str, str], name: str, usual: str) -> str:
    """Validate an address for credentials: https, or this machine; raises SettingsError.

    The message omits the address, because it may contain a name and a password.
    """
    address = given.get(name, usual)
    try:
        parts = urlsplit(address)
        is_safe = parts.scheme == "https" or (parts.scheme, parts.hostname) == HERE
    except ValueError:
        is_safe = False
    if not is_safe or "@" in address:
        raise SettingsError(
            f"{name} must be https://host/…, without a user name and password, because credentials "
            "are sent to it. Unset it to use Spotify's own address."
        )
    return address


@dataclass(frozen=True)
class ImportSettings:
    """The root that contains `raw/`, and the charts of charts.toml."""

    raw_root: str
    charts: tuple[Chart, ...]


def read_import_settings(environ: Mapping[str, str]) -> ImportSettings:
    """Read CHARTLAKE_RAW_ROOT, and the charts file (CHARTLAKE_CHARTS_FILE, or charts.toml).

    Raises SettingsError if no root is set, ChartsFileError if the charts cannot be read.
    """
    raw_root = environ.get("CHARTLAKE_RAW_ROOT", "").strip()
    if not raw_root:
        raise SettingsError(
            "The root of the raw files is not set. Set --raw or CHARTLAKE_RAW_ROOT to s3://bucket "
            "or a folder."
        )
    charts_file = Path(environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml"))
    return ImportSettings(raw_root.rstrip("/"), read_charts(charts_file))
