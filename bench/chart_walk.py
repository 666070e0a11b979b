"""Charts of any size that behave like real ones: songs climb, leave, return and appear twice.

A chart is a row of places. Each place holds a track that changes now and then, and draws from its
own tracks: track = place + places x draw, so no track is on a chart twice. Two consecutive tracks
are one song, so some songs are on it twice. Low draws are likelier, so tracks that left often
return.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEED = 20261120
PERSISTENCE = 0.98
NOISE = 0.05


@dataclass(frozen=True)
class Walk:
    """The size of the charts, and how they move.

    `turnover` is the share of places that get another track each day; `draws` is the number of
    tracks that each place can choose from.
    """

    charts: int
    places: int = 200
    turnover: float = 0.03
    draws: int = 100

    @property
    def tracks(self) -> int:
        """The total number of tracks."""
        return self.places * self.draws


def chart_days(walk: Walk, days: int) -> Iterator[NDArray[np.int64]]:
    """Yield the track numbers of each day: one row per chart, from the top rank down."""
    chance = np.random.default_rng(SEED)
    shape = (walk.charts, walk.places)
    held = _draw(chance, walk, shape)
    heat = chance.random(shape)
    for _ in range(days):
        order = np.argsort(-heat, axis=1)
        yield np.take_along_axis(held, order, axis=1) * walk.places + order
        leaves = chance.random(shape) < walk.turnover
        held = np.where(leaves, _draw(chance, walk, shape), held)
        drift = PERSISTENCE * heat + NOISE * chance.standard_normal(shape)
        heat = np.where(leaves, chance.random(shape), drift)


def _draw(chance: np.random.Generator, walk: Walk, shape: tuple[int, int]) -> NDArray[np.int64]:
    return (walk.draws * chance.random(shape) ** 2).astype(np.int64)


def song_of(track: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the number of each track's song."""
    return track // 2


def streams(walk: Walk) -> NDArray[np.int64]:
    """Return the streams of each chart at each rank: fewer at lower ranks, and in small markets."""
    markets = 4_000_000 / np.arange(1, walk.charts + 1)
    ranks = np.arange(1, walk.places + 1) ** -0.5
    return (markets[:, None] * ranks[None, :]).astype(np.int64)
