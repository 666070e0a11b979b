"""The charts of the page: Altair specifications, with their rows by name.

Colours are variables of the page's style sheet, so that charts are dark if the page is.
"""

from typing import Any

import altair as alt

from chartlake.contract.sql import Rows

LINES, PULSE = "lines", "pulse"
"""Names of the data sets that charts are drawn from."""

TOP = 10
"""Lines are drawn for songs that are now at this rank or better."""

SHALLOWEST, DEEPEST = 5, 20
"""Limits of the deepest rank drawn: lines are cut off below it, to leave room for names above."""

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"
AXIS = {
    "domain": False,
    "tickColor": "var(--rule)",
    "gridColor": "var(--rule)",
    "labelColor": "var(--muted)",
    "labelFont": FONT,
    "labelFontSize": 12,
}
NAME_WIDTH = 120
"""The maximum width of a name in pixels."""


def bump(points: Rows, deepest_rank: int) -> dict[str, Any]:
    """Draw one line per song and stay; `deepest_rank` is the largest rank among the points.

    A point is a song on a day: date, rank, place (its rank now), stay, song, title, when, is_now.
    """
    deepest = min(DEEPEST, max(SHALLOWEST, deepest_rank))
    hovered = alt.selection_point("hovered", fields=["song"], on="pointerover", clear="pointerout")
    base = alt.Chart(alt.NamedData(LINES)).encode(
        detail=["song:N", "stay:O"],
        x=_days(),
        y=alt.Y(
            "rank:Q",
            title=None,
            axis=alt.Axis(values=[1, 5, 10, 15, 20], labelOverlap=False),
            scale=alt.Scale(domain=[0.5, deepest + 0.5], reverse=True, nice=False),
        ),
        color=alt.Color("place:N", legend=None, scale=_hues()),
        opacity=alt.when(hovered).then(alt.value(1)).otherwise(alt.value(0.15)),
    )
    lines = base.mark_line(interpolate="monotone", strokeWidth=2.25, clip=True)
    seen = base.transform_filter(f"datum.rank <= {deepest}")
    dots = seen.mark_circle(size=34, opacity=1).encode(
        tooltip=_tip(title="title", when="Edition", rank="Place")
    )
    names = base.mark_text(
        align="left", dx=9, fontSize=12, fontWeight=500, limit=NAME_WIDTH
    ).encode(text="title:N", color=alt.value("var(--ink)"))
    drawn = alt.layer(
        _below_the_top(deepest),
        lines,
        dots.add_params(hovered),
        names.transform_filter("datum.is_now"),
    )
    return _finished(drawn, {LINES: points, "once": [{}]}, height=22 * deepest)


def turnover(editions: Rows) -> dict[str, Any]:
    """Draw one stalk per edition: date, turnover (a share), and the text of its tooltip."""
    base = (
        alt.Chart(alt.NamedData(PULSE))
        .transform_filter("isValid(datum.turnover)")
        .encode(
            x=_days(),
            y=alt.Y(
                "turnover:Q",
                title=None,
                axis=alt.Axis(format="%", tickCount=4),
                scale=alt.Scale(domainMin=0),
            ),
            tooltip=_tip(
                when="Edition", share="Turnover", debuts="Debuts", back="Back", gone="Gone"
            ),
        )
    )
    stalks = base.mark_rule(color="var(--water)", strokeWidth=2).encode(y2=alt.datum(0))
    heads = base.mark_circle(color="var(--deep)", size=44, opacity=1)
    return _finished(alt.layer(stalks, heads), {PULSE: editions}, height=180)


def _days() -> alt.X:
    # Days are UTC days: west of Greenwich, an axis in local time would show the previous day.
    return alt.X(
        "date:T",
        title=None,
        axis=alt.Axis(format="%-d %b", tickCount=5, labelFlush=True),
        scale=alt.Scale(type="utc", padding=8),
    )


def _tip(**names: str) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"{field}:N", title=title) for field, title in names.items()]


def _hues() -> alt.Scale:
    places = list(range(1, TOP + 1))
    return alt.Scale(domain=places, range=[f"var(--line-{place})" for place in places])


def _below_the_top(deepest: int) -> Any:
    return (
        alt.Chart(alt.NamedData("once"))
        .mark_rect(color="var(--shade)")
        .encode(y=alt.datum(min(TOP, deepest) + 0.5), y2=alt.datum(deepest + 0.5))
    )


def _finished(chart: Any, rows: dict[str, Any], height: int) -> dict[str, Any]:
    drawn = chart.properties(
        width="container",
        height=height,
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        padding={"left": 2, "top": 6, "right": 2, "bottom": 2},
    )
    specification: dict[str, Any] = drawn.configure(
        background="transparent",
        # The page itself has the text for screen readers: a sentence and a table.
        aria=False,
        font=FONT,
        view={"stroke": None},
        axis=AXIS,
        axisX={"grid": False},
    ).to_dict()
    return specification | {"datasets": rows}
