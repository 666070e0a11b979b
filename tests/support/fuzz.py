"""Cases for the fuzzers: their number, malformed documents, and what hypothesis draws.

`make test-faults` sets CHARTLAKE_CASES, the number for each fuzzer; without it a few run.
"""

import copy
import os
import re
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

CASES = int(os.environ.get("CHARTLAKE_CASES", "0"))
Drawn = TypeVar("Drawn")
SENTENCE = re.compile(r"\S.*[.:}]", re.DOTALL)

ODD: list[Any] = [
    *("", " ", "\n", "\x00", "\ud83d", "\ufeff", "\ufffd", "٣"),
    *("null", "NaN", "{}", "[", "\\", '"'),
    *("'; DROP TABLE tracks; --", "<script>alert(1)</script>"),
    *("../../etc/passwd", "%2e%2e/", "a\nb"),
    *("12:34", "2026", "2026-02-30", "2026-10-01T06:00:00Z", "2026-10-01T06:00:00.123456+02:00"),
    *("2026-10-01T25:00:00Z", "0000-01-01T00:00:00Z", "+294247-01-10T00:00:00Z"),
    *("now", "2026-W40-4"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "x" * 300, "https://example.org/"),
    *(0, -1, 1, 2**31 - 1, 2**31, 2**63, -(2**63) - 1, 10**30, 0.5, -0.0, 1e300, True, False, None),
]
"""What input is not, and somebody sends all the same."""

scalars = st.one_of(
    st.sampled_from(ODD),
    st.integers(),
    st.text(max_size=12),
    st.floats(allow_nan=False, allow_infinity=False),
)
keys = st.sampled_from(["id", "name", "type", "items", "track", "charts", "x"]) | st.text(
    max_size=4
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)


def settled(quick: int, share: float = 1) -> settings:
    """Settings of a fuzzer: a few cases or its share of CHARTLAKE_CASES; deterministic."""
    return settings(
        max_examples=max(1, int(CASES * share)) if CASES else quick,
        phases=[Phase.generate, Phase.shrink],
        deadline=None,
        derandomize=True,
        database=None,
        print_blob=True,
        suppress_health_check=list(HealthCheck),
    )


def draw(strategy: st.SearchStrategy[Drawn], quick: int, share: float = 1) -> list[Drawn]:
    """Draw cases to try all at once: Spark runs once, whatever their number."""
    drawn: list[Drawn] = []

    @settled(quick, share)
    @given(strategy)
    def collect(case: Drawn) -> None:
        drawn.append(case)

    collect()
    return drawn


@st.composite
def mangled(draw: st.DrawFn, document: Any, most: int = 3) -> Any:
    """Draw the document with some parts replaced, removed or added, and sometimes unchanged."""
    root = {"": copy.deepcopy(document)}
    for _ in range(draw(st.integers(0, most))):
        holder, key = draw(st.sampled_from(_places(root)))
        change = draw(st.sampled_from(["replace", "replace", "remove", "add"]))
        if change == "replace" or holder is root:
            holder[key] = draw(values)
        elif change == "remove":
            del holder[key]
        elif isinstance(holder, dict):
            holder[draw(keys)] = draw(values)
    return root[""]


def _places(holder: Any) -> list[tuple[Any, Any]]:
    """Every part of a document: its container and its key."""
    inside = holder.items() if isinstance(holder, dict) else enumerate(holder)
    found: list[tuple[Any, Any]] = []
    for key, part in inside:
        found.append((holder, key))
        found += _places(part) if isinstance(part, dict | list) else []
    return found


@st.composite
def spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    """Cut bytes off, or replace some."""
    start = draw(st.integers(0, len(content)))
    end = draw(st.integers(start, min(len(content), start + 8)) | st.just(len(content)))
    return content[:start] + draw(st.binary(max_size=4)) + content[end:]
