"""Settings -> Spotify credentials, from AWS Secrets Manager or the environment.

A secret is read once per container and cached. `again` reads it again, for when Spotify rejects
the cached credentials because they have changed since.
"""

from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.utilities.parameters import get_secret
from aws_lambda_powertools.utilities.parameters.exceptions import (
    GetParameterError,
    TransformParameterError,
)
from botocore.exceptions import BotoCoreError

from extract_lambda.logging_setup import keep_secrets_out_of_logs
from extract_lambda.settings import Settings, SettingsError

KEPT_SECONDS = 24 * 3600
REQUIRED = ("client_id", "client_secret")


@dataclass(frozen=True)
class Credentials:
    """Credentials of an app, or of a user through it; `source` says where they were read."""

    source: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str | None = field(default=None, repr=False)


def read_credentials(settings: Settings, *, again: bool = False) -> Credentials:
    """Read the credentials; the refresh token is optional, because only some charts need it.

    Raises SettingsError if the secret cannot be read; if names are missing, it lists them all.
    """
    keep_secrets_out_of_logs()
    if settings.secret_id is None:
        return Credentials(
            "the environment", settings.client_id, settings.client_secret, settings.refresh_token
        )
    source = f"the secret {settings.secret_id}"
    held = _read_secret(settings.secret_id, source, again)
    given = {
        name: value for name, value in held.items() if isinstance(value, str) and value.strip()
    }
    if missing := [name for name in REQUIRED if name not in given]:
        raise SettingsError(f"{source} is missing {', '.join(missing)}. Add them and run again.")
    return Credentials(
        source, given["client_id"], given["client_secret"], given.get("refresh_token")
    )


def _read_secret(secret_id: str, source: str, again: bool) -> dict[str, Any]:
    """Read the secret's JSON; `from None`: a library's error may contain the secret."""
    try:
        held = get_secret(secret_id, transform="json", max_age=KEPT_SECONDS, force_fetch=again)
    except (GetParameterError, BotoCoreError) as error:
        raise SettingsError(
            f"{source} cannot be read: {error}. Check CHARTLAKE_SECRET_ID, and that the function's "
            "role may call secretsmanager:GetSecretValue on it."
        ) from None
    except TransformParameterError:
        held = None
    if not isinstance(held, dict):
        raise SettingsError(
            f'{source} must be a JSON object such as {{"client_id": "…", "client_secret": "…"}}. '
            "Correct it and run again."
        ) from None
    return held
