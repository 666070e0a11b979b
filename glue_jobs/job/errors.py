"""What ends a job with a sentence instead of a traceback."""


class JobError(Exception):
    """The run cannot go on; the message says what to do."""
