"""Options that several commands share."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

DEFAULT_LAKE = Path("lake/demo")
DAY = click.DateTime(formats=["%Y-%m-%d"])
FOLDER = click.Path(file_okay=False, path_type=Path)
FILE = click.Path(dir_okay=False, path_type=Path)

lake = click.option(
    "--lake",
    type=FOLDER,
    default=DEFAULT_LAKE,
    show_default=True,
    help="The folder of the lake.",
)
environment = click.argument("environment", metavar="ENV")
first_day = click.option("--from", "first", type=DAY, required=True, help="The first day.")
last_day = click.option("--to", "last", type=DAY, help="The last day.  [default: the first]")


def exclusive(**values: Any) -> None:
    """Raise UsageError if more than one of these options has a value."""
    given = [f"--{name}" for name, value in values.items() if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be used together.")


def days(first: datetime, last: datetime | None) -> tuple[date, date]:
    """Return a range of days, by default one; raises UsageError if its ends are swapped."""
    last = last or first
    if last < first:
        raise click.UsageError(f"--to {last:%Y-%m-%d} is before --from {first:%Y-%m-%d}.")
    return first.date(), last.date()


@contextmanager
def needs_checkout() -> Iterator[None]:
    """Raise UsageError if a command needs a checkout, or packages that only AWS needs."""
    try:
        yield
    except ModuleNotFoundError as error:
        if error.name == "infra":
            raise click.UsageError(
                "This command needs a checkout of the repository, which has infra/. "
                "Run it there, in the environment that `make setup-aws` creates."
            ) from error
        raise click.UsageError(
            f"This command needs {error.name}. Run `make setup-aws` in the checkout."
        ) from error
