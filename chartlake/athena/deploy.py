"""Creates or replaces every view of `athena/views/` on an account: `chartlake aws views ENV`.

The landing tables belong to the AWS stack, which must be deployed first. Run it again after every
change: a view keeps the columns that the views it reads had when it was created.
"""

import sys

from chartlake.athena.account import AccountError, open_athena
from chartlake.athena.statements import DATABASE, views


def deploy_views(environment: str) -> None:
    """Create the database and the views; raises AccountError at the first failure."""
    step = f"database {DATABASE}"
    try:
        with open_athena(environment) as athena:
            athena.run(f"CREATE DATABASE IF NOT EXISTS {DATABASE}")
            for view in views():
                step = f"view {DATABASE}.{view.name}"
                athena.run(view.sql)
                sys.stdout.write(f"{view.name:<16} {view.sentence}\n")
                sys.stdout.flush()
    except AccountError as error:
        raise AccountError(f"The {step} could not be created: {error}") from error
