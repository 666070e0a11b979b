"""The environment -> Settings, once per invocation."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PLACES = ("CHARTLAKE_RAW_ROOT",)
CREDENTIALS = ("SPOTIFY_CLIENT_ID", "SPOTIFY_CLIENT_SECRET")


class SettingsError(ValueError):
    """The environment lacks settings; the message names every one."""


@dataclass(frozen=True)
class Settings:
    """Where the charts come from and where they go; secrets stay out of its repr.

    `secret_id` names the secret in AWS Secrets Manager that holds the credentials; None: they are
    here. `refresh_token` is a user's consent, which charts with login = "user" need.
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

    Raises SettingsError that lists all required names that are missing or blank.
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
        api_url=told.get("SPOTIFY_API_URL", "https://api.spotify.com/v1/").rstrip("/") + "/",
        token_url=told.get("SPOTIFY_TOKEN_URL", "https://accounts.spotify.com/api/token"),
        secret_id=secret_id,
        client_id=told.get("SPOTIFY_CLIENT_ID", ""),
        client_secret=told.get("SPOTIFY_CLIENT_SECRET", ""),
        refresh_token=told.get("SPOTIFY_REFRESH_TOKEN"),
    )
