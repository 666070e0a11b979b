"""Asks three sources one after the other; a source that cannot be asked leaves a message."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from chartlake.status.facts import Facts, Raw, Run, Warehouse

Answer = TypeVar("Answer")


class SilentError(Exception):
    """A source cannot be asked; the message says in one sentence what is unknown as a result."""


@dataclass(frozen=True)
class Found:
    """What was found; `silent` has a message for each source that could not be asked."""

    facts: Facts
    silent: Sequence[str]


def gather(
    raw: Callable[[], Raw],
    runs: Callable[[], tuple[Run, ...]],
    warehouse: Callable[[], Warehouse],
) -> Found:
    """Ask each source; one that raises SilentError stays None and does not stop the others."""
    silent: list[str] = []

    def answer(ask: Callable[[], Answer]) -> Answer | None:
        try:
            return ask()
        except SilentError as error:
            silent.append(str(error))
            return None

    return Found(Facts(answer(raw), answer(runs), answer(warehouse)), silent)
