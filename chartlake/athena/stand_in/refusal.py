"""What is said where a statement would not mean on Athena what it means here."""


class NotAthenaError(ValueError):
    """Athena refuses the statement, or may read it otherwise; the message says where and why."""
