"""The environment -> Settings, once per invocation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

REQUIRED = ("CHARTLAKE_RAW_ROOT", "SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET")


class SettingsError(ValueError):
    """The environment lacks settings; the message names every one."""


@dataclass(frozen=True)
class Settings:
    """Where the charts come from and where they go; secrets stay out of its repr.

    `refresh_token` is a user's consent, which a playlist of one's own needs; None: the app alone.
    """

    raw_root: str
    charts_file: Path
    client_id: str
    client_secret: str = field(repr=False)
    api_url: str
    token_url: str
    refresh_token: str | None = field(default=None, repr=False)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read the settings.

    Raises SettingsError that lists all required names that are missing or blank.
    """
    if missing := [name for name in REQUIRED if not environ.get(name, "").strip()]:
        names = ", ".join(missing)
        raise SettingsError(f"Environment variables are not set: {names}. Set them and run again.")
    return Settings(
        raw_root=environ["CHARTLAKE_RAW_ROOT"],
        charts_file=Path(environ.get("CHARTLAKE_CHARTS_FILE", "charts.toml")),
        client_id=environ["SPOTIFY_CLIENT_ID"],
        client_secret=environ["SPOTIFY_CLIENT_SECRET"],
        api_url=environ.get("SPOTIFY_API_URL", "https://api.spotify.com/v1/"),
        token_url=environ.get("SPOTIFY_TOKEN_URL", "https://accounts.spotify.com/api/token"),
        refresh_token=environ.get("SPOTIFY_REFRESH_TOKEN", "").strip() or None,
    )
