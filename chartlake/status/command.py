"""What both commands have in common: their options, and what they print and return."""

import argparse
from datetime import date, datetime, timedelta

from rich.console import Console

from chartlake.status.advice import Place
from chartlake.status.facts import Facts
from chartlake.status.judge import Question, judge
from chartlake.status.show import show_standings, show_troubles
from chartlake.status.sources import Found
from chartlake.status.troubles import troubles

MOST_DAYS = 366


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that both commands have."""
    parser.add_argument("--days", type=_days, default=7, help="how many (%(default)s)")
    parser.add_argument("--chart", help="one chart, by its id in charts.toml")


def _days(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of days from 1 to {MOST_DAYS}")
    return int(text)


def days_to(last: date, count: int) -> tuple[date, ...]:
    """List so many days, in order, up to the last one."""
    return tuple(last - timedelta(days=ago) for ago in reversed(range(count)))


def tell(question: Question, found: Found, place: Place, now: datetime, console: Console) -> int:
    """Print where the charts stand; return 0 where nothing is red, 1 where something is, else 2."""
    known = {chart.chart_id for chart in question.charts} | {*found.facts.charts()}
    if found.facts == Facts():
        console.print("\n".join(["Nothing could be asked:", *found.silent]), soft_wrap=True)
        return 2
    if question.only and question.only not in known:
        there = ", ".join(sorted(known))
        console.print(f"There is no chart {question.only}. There is: {there}.", soft_wrap=True)
        return 2
    first, last = question.days[0], question.days[-1]
    console.print(f"{first} to {last}, asked on {now:%Y-%m-%d at %H:%M} UTC\n", soft_wrap=True)
    for sentence in found.silent:
        console.print(sentence, soft_wrap=True)
    standings = judge(question, found.facts, now)
    show_standings(standings, console)
    red = troubles(question, found.facts, standings)
    show_troubles(red, now.date(), place, not found.silent, console)
    return 1 if red else 0
