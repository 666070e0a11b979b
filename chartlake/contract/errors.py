"""The base class of errors that a user can act on."""


class UserError(Exception):
    """An error whose message says what happened and what to do; the command prints it and exits."""
