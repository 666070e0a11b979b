"""An account on loopback that records what a Snowflake client sends, with planned responses.

It executes nothing. It emulates enough of an account for `snow sql` to connect, so that a test sees
the statements that a real account would get.
"""

import gzip
import json
import os
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.support.command import CHARTLAKE

Rows = Sequence[Mapping[str, str]]
ROOT = Path(__file__).parents[2]
DONE: Rows = [{"status": "Statement executed successfully."}]


class Account:
    """The received statements of each session, in the order of their logins."""

    def __init__(self, answer: Callable[[str], Rows | str]) -> None:
        self.answer = answer
        self.sessions: list[list[str]] = []
        self.connection: dict[str, Any] = {
            "account": "loopback",
            "user": "tester",
            "password": "none",
            "host": "127.0.0.1",
            "protocol": "http",
        }

    @property
    def sent(self) -> list[str]:
        """The statements of all sessions."""
        return [sql for session in self.sessions for sql in session]

    def reply(self, path: str, body: Mapping[str, Any], authorization: str) -> dict[str, Any]:
        """Answer one request of the client's protocol; its token is the number of its session."""
        if path.endswith("login-request"):
            self.sessions.append([])
            tokens = {"token": str(len(self.sessions) - 1), "masterToken": "m"}
            times = {"validityInSeconds": 3600, "masterValidityInSeconds": 3600}
            return _success({"parameters": [], **tokens, **times})
        if not path.endswith("query-request"):
            return _success(None)
        self.sessions[int(authorization.split('"')[1])].append(body["sqlText"])
        answer = self.answer(body["sqlText"])
        if isinstance(answer, str):
            data = {"errorCode": "003001", "sqlState": "42501", "queryId": "q"}
            return {"data": data, "success": False, "code": "003001", "message": answer}
        names = list(answer[0]) if answer else ["status"]
        rows = [[row[name] for name in names] for row in answer]
        return _success({"rowtype": [_text(name) for name in names], "rowset": rows, **RESULT})


RESULT = {"parameters": [], "queryId": "q", "queryResultFormat": "json"}


def _text(name: str) -> dict[str, Any]:
    sizes = {"length": 9999, "byteLength": 9999, "precision": None, "scale": None}
    return {"name": name, "type": "text", "nullable": True, **sizes}


def _success(data: dict[str, Any] | None) -> dict[str, Any]:
    if data and "rowset" in data:
        data |= {"total": len(data["rowset"]), "returned": len(data["rowset"])}
    return {"data": data, "success": True, "code": None, "message": None}


@contextmanager
def account(home: Path, answer: Callable[[str], Rows | str] = lambda _: DONE) -> Iterator[Account]:
    """Serve an account, and write its connections.toml into a folder."""
    served = Account(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.headers.get("Content-Encoding") == "gzip":
                raw = gzip.decompress(raw)
            token = self.headers.get("Authorization", "")
            reply = served.reply(self.path.partition("?")[0], json.loads(raw or b"{}"), token)
            text = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        served.connection["port"] = server.server_port
        _write_connection(home, served.connection)
        yield served
        server.shutdown()


def in_a_process(home: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run `chartlake` with the account of a folder alone: the connector looks for it once."""
    environ = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return subprocess.run(
        [*CHARTLAKE, *map(str, arguments)],
        env=environ | {"SNOWFLAKE_HOME": str(home), "HOME": str(home)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def _write_connection(home: Path, connection: Mapping[str, Any]) -> None:
    home.mkdir(parents=True, exist_ok=True)
    lines = "".join(f"{key} = {json.dumps(value)}\n" for key, value in connection.items())
    # Keep the client's log out of the tests, and the file from other users, on which it insists.
    (home / "config.toml").write_text("[cli.logs]\nsave_logs = false\n", encoding="utf-8")
    (home / "connections.toml").write_text(f"[default]\n{lines}", encoding="utf-8")
    for path in home.glob("*.toml"):
        path.chmod(0o600)
