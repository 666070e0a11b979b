"""What the status of a lake and of a deployment share: their output and exit code."""

from datetime import date, datetime, timedelta

from rich.console import Console

from chartlake.contract.errors import UserError
from chartlake.status.advice import Place
from chartlake.status.facts import Facts
from chartlake.status.judge import Question, judge
from chartlake.status.problems import problems
from chartlake.status.show import show_problems, show_standings
from chartlake.status.sources import Found


def days_to(last: date, count: int) -> tuple[date, ...]:
    """List this many days, in order, up to the last one."""
    return tuple(last - timedelta(days=ago) for ago in reversed(range(count)))


def tell(question: Question, found: Found, place: Place, now: datetime, console: Console) -> int:
    """Print the status of the charts; return 0 if nothing is red, else 1.

    Raises UserError if no source could be asked, or there is no such chart.
    """
    known = {chart.chart_id for chart in question.charts} | {*found.facts.charts()}
    if found.facts == Facts():
        raise UserError("\n".join(["No source could be queried:", *found.silent]))
    if question.only and question.only not in known:
        there = ", ".join(sorted(known))
        raise UserError(f"There is no chart {question.only}. The charts are: {there}.")
    first, last = question.days[0], question.days[-1]
    console.print(f"{first} to {last}, queried on {now:%Y-%m-%d at %H:%M} UTC\n", soft_wrap=True)
    for sentence in found.silent:
        console.print(sentence, soft_wrap=True)
    standings = judge(question, found.facts, now)
    show_standings(standings, console)
    red = problems(question, found.facts, standings)
    show_problems(red, now.date(), place, not found.silent, console)
    return 1 if red else 0
