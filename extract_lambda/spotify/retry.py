"""Retries requests while that may help and the run has time.

Spotify may ask for a wait of hours. A run that has minutes does not wait: it reports this chart and
those not yet requested as failed, and ends with what it has.
"""

import logging
from threading import Lock
from typing import Any

from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)

from chartlake.contract.counts import counted
from extract_lambda.spotify.client import PlaylistClient, fetch_playlist
from extract_lambda.spotify.errors import SpotifyError
from extract_lambda.timing import Timing

ATTEMPTS = 5
logger = logging.getLogger(__name__)
_enough = stop_after_attempt(ATTEMPTS)
_backoff = wait_exponential_jitter(multiplier=0.5, max=30, jitter=1)


class RunBudget:
    """A run's requests to Spotify, over all charts, and why it ends early, if it does."""

    def __init__(self, run_id: str) -> None:
        self.run_id = run_id
        self.requests = 0
        self.throttles = 0
        self.ends: str | None = None
        self._lock = Lock()

    def add(self, talk: PlaylistClient, ends: str | None) -> None:
        """Add one chart's requests; the first reason to end the run is kept."""
        with self._lock:
            self.requests += talk.requests
            self.throttles += talk.throttles
            self.ends = self.ends or ends


def fetch_in_time(
    talk: PlaylistClient, playlist_id: str, timing: Timing, effort: RunBudget
) -> tuple[dict[str, Any], int]:
    """Fetch a playlist as `fetch_playlist` does, and retry transient errors.

    Raises the last SpotifyError if it is permanent, after ATTEMPTS attempts, or if time runs out.
    """
    if effort.ends:
        raise SpotifyError(f"Not attempted, because Spotify refused another chart: {effort.ends}")
    retrying = Retrying(
        retry=retry_if_exception(_is_passing),
        wait=_wait,
        stop=lambda state: _enough(state) or state.upcoming_sleep >= timing.seconds_left(),
        sleep=timing.sleep,
        before_sleep=lambda state: _log(talk, effort.run_id, state),
        reraise=True,
    )
    ends = None
    try:
        return retrying(fetch_playlist, talk, playlist_id)
    except SpotifyError as error:
        attempts, left = retrying.statistics["attempt_number"], timing.seconds_left()
        ends = _reason_to_end(error, left)
        raise SpotifyError(str(error) + _ending(error, attempts, left)) from None
    finally:
        talk.attempts = retrying.statistics["attempt_number"]
        effort.add(talk, ends)


def _is_passing(error: BaseException) -> bool:
    return isinstance(error, SpotifyError) and error.is_passing


def _wait(state: RetryCallState) -> float:
    """Return the seconds to wait: what Spotify asks for, or an exponential backoff."""
    asked = getattr(state.outcome and state.outcome.exception(), "wait_seconds", None)
    return _backoff(state) if asked is None else float(asked)


def _log(talk: PlaylistClient, run_id: str, state: RetryCallState) -> None:
    error = state.outcome and state.outcome.exception()
    known = {"run_id": run_id, "chart_id": talk.chart.chart_id, "attempt": state.attempt_number}
    logger.warning(
        "chart %s: retrying in %.1f s: %s",
        talk.chart.chart_id,
        state.upcoming_sleep,
        error,
        extra=known,
    )


def _reason_to_end(error: SpotifyError, seconds_left: float) -> str | None:
    if error.wait_seconds is None or error.wait_seconds < seconds_left:
        return error.ends_run
    return (
        f"Spotify asked for a wait of {counted(error.wait_seconds, 'second')}, but the run had "
        f"{max(seconds_left, 0):,.0f} left. Run again later."
    )


def _ending(error: SpotifyError, attempts: int, seconds_left: float) -> str:
    """Say why the request was not retried; nothing if a retry would not help."""
    if not error.is_passing:
        return ""
    if attempts == ATTEMPTS:
        return f" Requested {counted(attempts, 'time')}."
    left = counted(max(seconds_left, 0), "second")
    return (
        f" Requested {counted(attempts, 'time')}, and the run had {left} left: too little to wait "
        "and retry."
    )
