"""The error for a statement that would mean something else on Athena."""

from chartlake.contract.errors import UserError


class NotAthenaError(UserError):
    """Athena rejects the statement, or may read it differently; the message says where and why."""
