"""Keeps secrets out of logs, whatever level somebody sets."""

import logging

TALKATIVE = ("spotipy", "botocore", "boto3", "urllib3", "requests")


def keep_secrets_out_of_logs() -> None:
    """Hush the libraries that at DEBUG log what they send and receive, secrets and tokens too."""
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
