"""Errors that end a job with a message instead of a traceback."""


class JobError(Exception):
    """The run cannot continue; the message says what to do."""
