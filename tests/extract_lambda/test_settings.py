from pathlib import Path

import pytest

from extract_lambda.settings import SettingsError, read_settings

ENVIRON = {
    "CHARTLAKE_RAW_ROOT": "s3://lake",
    "SPOTIFY_CLIENT_ID": "the-id",
    "SPOTIFY_CLIENT_SECRET": "the-secret",
}


def test_missing_and_blank_settings_are_listed_together() -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({"SPOTIFY_CLIENT_ID": " "})
    assert str(caught.value) == (
        "Environment variables are not set: CHARTLAKE_RAW_ROOT, SPOTIFY_CLIENT_ID, "
        "SPOTIFY_CLIENT_SECRET. Set them and run again."
    )


def test_requests_go_to_spotify_by_default() -> None:
    settings = read_settings(ENVIRON)
    assert settings.charts_file == Path("charts.toml")
    assert settings.api_url == "https://api.spotify.com/v1/"
    assert settings.token_url == "https://accounts.spotify.com/api/token"


def test_addresses_and_the_charts_file_can_be_set() -> None:
    settings = read_settings(
        {
            **ENVIRON,
            "CHARTLAKE_CHARTS_FILE": "/var/task/charts.toml",
            "SPOTIFY_API_URL": "http://127.0.0.1:8000/v1/",
            "SPOTIFY_TOKEN_URL": "http://127.0.0.1:8000/api/token",
        }
    )
    assert settings.charts_file == Path("/var/task/charts.toml")
    assert settings.api_url == "http://127.0.0.1:8000/v1/"
    assert settings.token_url == "http://127.0.0.1:8000/api/token"


def test_secrets_are_read_and_not_shown() -> None:
    settings = read_settings({**ENVIRON, "SPOTIFY_REFRESH_TOKEN": "the-consent"})
    assert (settings.client_secret, settings.refresh_token) == ("the-secret", "the-consent")
    assert "the-secret" not in repr(settings)
    assert "the-consent" not in repr(settings)


@pytest.mark.parametrize("environ", [{}, {"SPOTIFY_REFRESH_TOKEN": " "}])
def test_without_user_consent_only_the_app_login_is_used(environ: dict[str, str]) -> None:
    assert read_settings({**ENVIRON, **environ}).refresh_token is None


def test_a_secret_replaces_the_credentials() -> None:
    settings = read_settings({"CHARTLAKE_RAW_ROOT": "s3://lake", "CHARTLAKE_SECRET_ID": "app"})
    assert (settings.secret_id, settings.client_id) == ("app", "")
    with pytest.raises(SettingsError, match=r"not set: CHARTLAKE_RAW_ROOT\. Set them"):
        read_settings({"CHARTLAKE_SECRET_ID": "app"})


def test_an_address_may_omit_its_last_slash() -> None:
    assert read_settings({**ENVIRON, "SPOTIFY_API_URL": "https://h/v1"}).api_url == "https://h/v1/"
