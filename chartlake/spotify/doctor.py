"""`chartlake doctor`: what prevents a capture with these settings, and how to fix it.

Configuration -> credentials -> tokens -> each chart -> the raw root, in the order in which a run
needs them; a failure skips only what depends on it. One small request per chart; the raw root gets
a small file below raw/doctor/, which nothing reads.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from chartlake.contract.chart_config import Chart, ChartsFileError, read_charts
from chartlake.contract.counts import counted
from chartlake.contract.paths import doctor_key
from chartlake.contract.printable import printable_lines
from extract_lambda.raw.store import RawStoreError, open_store
from extract_lambda.settings import Settings, SettingsError, read_settings
from extract_lambda.spotify.auth import TIMEOUT_SECONDS, Logins
from extract_lambda.spotify.client import PlaylistClient
from extract_lambda.spotify.credentials import read_credentials
from extract_lambda.spotify.errors import SpotifyError
from extract_lambda.timing import Clock, read_timing


@dataclass(frozen=True)
class Finding:
    """The result of one check: fine, or a sentence that says what to do."""

    about: str
    is_ok: bool
    told: str


def examine(environ: Mapping[str, str], now: Clock) -> Iterator[Finding]:
    """Check everything that a run needs from this environment; `now` is in UTC."""
    path = Path(environ.get("CHARTLAKE_CHARTS_FILE", "").strip() or "charts.toml")
    try:
        charts = read_charts(path)
    except ChartsFileError as error:
        charts = ()
        yield Finding("charts", False, str(error))
    else:
        yield Finding("charts", True, f"{len(charts)} in {path}")
    if any(chart.source == "playlist" for chart in charts):
        yield from _examine_spotify(environ, charts)
    for chart in charts:
        if chart.source != "playlist":
            yield Finding(chart.chart_id, True, "its files are imported; Spotify is not queried")
    yield _examine_raw_root(environ.get("CHARTLAKE_RAW_ROOT", "").strip(), now)


def _examine_spotify(environ: Mapping[str, str], charts: tuple[Chart, ...]) -> Iterator[Finding]:
    try:
        settings = read_settings(environ)
        yield Finding("settings", True, f"Spotify is queried at {settings.api_url}")
        held = read_credentials(settings)
    except SettingsError as error:
        yield Finding("settings", False, str(error))
        return
    consent = "with" if held.refresh_token else "without"
    yield Finding("credentials", True, f"from {held.source}, {consent} a refresh token")
    yield from _examine_charts(settings, [chart for chart in charts if chart.source == "playlist"])


def _examine_charts(settings: Settings, charts: list[Chart]) -> Iterator[Finding]:
    """Request a token per login, and with it each of its charts."""
    logins = Logins(settings)
    for login in dict.fromkeys(chart.login for chart in charts):
        about = f"token ({login})"
        try:
            logins.client(login, TIMEOUT_SECONDS)
        except SpotifyError as error:
            yield Finding(about, False, str(error))
            continue
        yield Finding(about, True, "Spotify returned one")
        yield from (_examine_chart(logins, chart) for chart in charts if chart.login == login)


def _examine_chart(logins: Logins, chart: Chart) -> Finding:
    talk = PlaylistClient(logins, chart, lambda: TIMEOUT_SECONDS)
    playlist_id = chart.playlist_id or ""
    try:
        answer = talk.ask(
            f"playlist {playlist_id}",
            lambda client: client.playlist_items(playlist_id, fields="total", limit=1),
        )
    except SpotifyError as error:
        return Finding(chart.chart_id, False, str(error))
    total = answer.get("total")
    entries = total if isinstance(total, int) else 0
    found = f"playlist {playlist_id} has {counted(entries, 'entry', 'entries')}"
    if not entries:
        return Finding(chart.chart_id, False, f"{found}. Check its playlist_id in charts.toml.")
    return Finding(chart.chart_id, True, found)


def _examine_raw_root(raw_root: str, now: Clock) -> Finding:
    if not raw_root:
        message = "CHARTLAKE_RAW_ROOT is not set. Set it to s3://bucket or to a folder."
        return Finding("raw root", False, message)
    instant = now()
    key, content = doctor_key(instant), f'{{"checked_at": "{instant.isoformat()}"}}\n'.encode()
    try:
        store = open_store(raw_root)
        store.write(key, content)
        if store.read(key) != content:
            return Finding("raw root", False, f"{raw_root}/{key} reads back differently.")
    except RawStoreError as error:
        return Finding("raw root", False, str(error))
    return Finding("raw root", True, f"wrote and read {raw_root}/{key}")


def conclusion(failed: int) -> str:
    """Describe how many checks failed."""
    if not failed:
        return "A run can capture every chart."
    return f"{counted(failed, 'check')} failed."


def report_findings() -> int:
    """Print the findings; return 1 if anything failed."""
    console = Console(highlight=False, markup=False, soft_wrap=True)
    failed = 0
    for finding in examine(os.environ, read_timing(None).now):
        mark = "ok  " if finding.is_ok else "FAIL"
        console.print(f"{mark}  {finding.about:<22}  {printable_lines(finding.told)}")
        failed += not finding.is_ok
    console.print(f"\n{conclusion(failed)}")
    return 1 if failed else 0
