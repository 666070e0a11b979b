"""Keeps secrets out of logs at any log level."""

import logging

TALKATIVE = ("spotipy", "botocore", "boto3", "urllib3", "requests")


def keep_secrets_out_of_logs() -> None:
    """Silence libraries that log requests and responses at DEBUG, including secrets and tokens."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
