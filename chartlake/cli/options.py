"""Options that several commands share."""

from collections.abc import Iterator
from contextlib import contextmanager
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


def exclusive(**values: Any) -> None:
    """Raise UsageError if more than one of these options has a value."""
    given = [f"--{name}" for name, value in values.items() if value is not None]
    if len(given) > 1:
        raise click.UsageError(f"{' and '.join(given)} cannot be used together.")


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
