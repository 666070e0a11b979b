"""Planted secrets, a search for them in all output, and a host that they must never reach."""

import base64
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

CLIENT_ID = "canary-client-id"
SECRETS = {
    "client secret": "5ec2e7ca9a2100000000000000000001",
    "refresh token": "AQcanaryREFRESH-0000000000000000000000000000000000000000000000002",
    "access token": "BQcanaryACCESS-00000000000000000000000000000000000000000000000003",
    "AWS secret key": "canaryAwsSecret/00000000000+000000000004",
    "AWS session token": "canaryAwsSession//////////000000000000005",
    "AWS access key": "AKIACANARY0000000006",
    "Snowflake password": "canary-Snowflake-password-7!",
    "Snowflake key's passphrase": "canary-Snowflake-passphrase-8!",
}
AWS = {
    "AWS_ACCESS_KEY_ID": SECRETS["AWS access key"],
    "AWS_SECRET_ACCESS_KEY": SECRETS["AWS secret key"],
    "AWS_SESSION_TOKEN": SECRETS["AWS session token"],
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_MAX_ATTEMPTS": "1",
}
SPOTIFY = {
    "SPOTIFY_CLIENT_ID": CLIENT_ID,
    "SPOTIFY_CLIENT_SECRET": SECRETS["client secret"],
    "SPOTIFY_REFRESH_TOKEN": SECRETS["refresh token"],
}
SNOWFLAKE = {
    "SNOWFLAKE_PASSWORD": SECRETS["Snowflake password"],
    "PRIVATE_KEY_PASSPHRASE": SECRETS["Snowflake key's passphrase"],
}


def found_in(told: str, secrets: Mapping[str, str] = SECRETS) -> list[str]:
    """Name the secrets in a text: plain, URL-quoted or in base64."""
    return [name for name, secret in secrets.items() if any(form in told for form in forms(secret))]


def forms(secret: str) -> list[str]:
    pair = f"{CLIENT_ID}:{secret}".encode()
    encoded = [base64.b64encode(text).decode() for text in (secret.encode(), pair)]
    return [secret, quote(secret, safe=""), *encoded]


class Elsewhere:
    """A server that is not Spotify, and the requests it received."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.url = ""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Listen on a port of this machine, and record every request."""
    place = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            place.heard.append(f"{self.path} {self.headers} {body.decode()}")
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST  # noqa: N815 - http.server's name

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        place.url = f"http://127.0.0.1:{server.server_port}/"
        yield place
        server.shutdown()
        thread.join()
