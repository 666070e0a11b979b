"""An audit reports its findings, and never success if it could not check."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tools import audit, audit_npm

LOCK = "idna==3.1 \\\n    --hash=sha256:{0}\nattrs==22.1.0 \\\n    --hash=sha256:{0}\n"
VULNERABLE = {
    "id": "PYSEC-2000-1",
    "affected": [
        {
            "package": {"name": "idna", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.7"}]}],
        }
    ],
}
NOWHERE = ("--osv-url", "http://127.0.0.1:9/v1/query")


@pytest.fixture
def lock(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(LOCK.format("0" * 64), encoding="utf-8")
    return path


def reply(to: BaseHTTPRequestHandler, told: dict[str, Any]) -> None:
    body = json.dumps(told).encode()
    to.send_response(200)
    to.send_header("Content-Length", str(len(body)))
    to.end_headers()
    to.wfile.write(body)


@contextmanager
def osv(vulnerable: dict[str, Any]) -> Iterator[tuple[tuple[str, str], list[str]]]:
    """Respond as OSV's database does: package -> its vulnerability; and record the requests."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(f"{query['package']['name']} {query['version']}")
            found = vulnerable.get(query["package"]["name"])
            reply(self, {"vulns": [found]} if found else {})

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield ("--osv-url", f"http://127.0.0.1:{server.server_port}/v1/query"), asked
        server.shutdown()


def test_a_lock_without_a_known_vulnerability_is_clean(lock):
    with osv({}) as (service, asked):
        told = audit.audit([lock], service)
    assert told == (0, "No known vulnerability in 2 locked packages.")
    assert sorted(asked) == ["attrs 22.1.0", "idna 3.1"]


def test_a_vulnerable_package_is_named_with_its_fixed_version(lock):
    with osv({"idna": VULNERABLE}) as (service, _):
        told = audit.audit([lock], service)
    assert told == (
        1,
        "idna 3.1: PYSEC-2000-1, fixed in 3.7\nLock a fixed version: make lock.",
    )


def test_an_accepted_vulnerability_is_not_reported(lock, monkeypatch):
    monkeypatch.setattr(audit, "ACCEPTED", {"PYSEC-2000-1": "no host name of anybody's is read"})
    with osv({"idna": VULNERABLE}) as (service, _):
        assert audit.audit([lock], service)[0] == 0


def test_an_unreachable_database_means_that_nothing_was_checked(lock):
    code, sentence = audit.audit([lock], NOWHERE)
    assert code == 3
    assert sentence.startswith("NOT CHECKED for known vulnerabilities: ")
    assert "127.0.0.1" in sentence


@pytest.mark.parametrize(
    ("packages", "sentence"),
    [
        (1, "No known vulnerability in 1 locked package."),
        (2, "No known vulnerability in 2 locked packages."),
    ],
)
def test_the_checked_packages_are_counted(packages, sentence):
    clean = {"name": "a", "version": "1", "vulns": []}
    assert audit.verdict([clean] * packages) == (0, sentence)


@pytest.mark.parametrize(
    ("packages", "sentence"),
    [
        (0, "NOT CHECKED for known vulnerabilities: 0 of 0 locked packages ()"),
        (1, "NOT CHECKED for known vulnerabilities: 1 of 1 locked package (b)"),
        (2, "NOT CHECKED for known vulnerabilities: 2 of 2 locked packages (b, b)"),
    ],
)
def test_the_skipped_packages_are_counted(packages, sentence):
    assert audit.verdict([{"name": "b", "skip_reason": "unknown"}] * packages) == (3, sentence)


def test_a_skipped_package_was_not_checked():
    packages: list[dict[str, Any]] = [
        {"name": "a", "version": "1", "vulns": []},
        {"name": "b", "skip_reason": "unknown"},
    ]
    assert audit.verdict(packages) == (
        3,
        "NOT CHECKED for known vulnerabilities: 1 of 2 locked packages (b)",
    )
    assert audit.verdict([])[0] == 3


@contextmanager
def npm(advisories: dict[str, Any]) -> Iterator[list[str]]:
    """Respond as npm's registry does: package -> its advisories."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            reply(self, advisories if self.path.endswith("/advisories/bulk") else {})

        def do_GET(self) -> None:
            name = self.path.strip("/")
            versions = {number: {"name": name, "version": number} for number in ("1.0.0", "2.0.0")}
            reply(self, {"name": name, "dist-tags": {"latest": "2.0.0"}, "versions": versions})

        def log_message(self, format: str, *args: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield ["--registry", f"http://127.0.0.1:{server.server_port}/"]
        server.shutdown()


@pytest.fixture
def npm_lock(tmp_path: Path) -> Path:
    wanted = {"devDependencies": {"a-command": "1.0.0"}}
    there = {"version": "1.0.0", "integrity": "sha512-AAAA", "dev": True}
    packages = {"": wanted, "node_modules/a-command": there}
    lock = {"name": "a", "lockfileVersion": 3, "requires": True, "packages": packages}
    (tmp_path / "package.json").write_text(json.dumps(wanted), encoding="utf-8")
    (tmp_path / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return tmp_path


def test_an_npm_lock_without_a_known_vulnerability_is_clean(npm_lock):
    with npm({}) as service:
        told = audit_npm.audit_npm(npm_lock, service)
    assert told == (0, "No known vulnerability in npm's lock.")


def test_a_vulnerable_package_in_the_npm_lock_is_named(npm_lock):
    advisory = {
        "id": 1,
        "title": "Runs what it reads",
        "url": "https://github.com/advisories/GHSA-1",
        "severity": "high",
        "vulnerable_versions": "<2.0.0",
    }
    with npm({"a-command": [advisory]}) as service:
        told = audit_npm.audit_npm(npm_lock, service)
    assert told == (
        1,
        "a-command, npm: Runs what it reads, https://github.com/advisories/GHSA-1\n"
        "Lock a fixed version: infra/package.json.",
    )


def test_an_unreachable_npm_registry_means_that_nothing_was_checked(npm_lock):
    code, sentence = audit_npm.audit_npm(npm_lock, ["--registry", "http://127.0.0.1:9/"])
    assert code == 3
    assert sentence.startswith("NOT CHECKED, npm's lock: ")
    assert "127.0.0.1:9" in sentence


@pytest.mark.parametrize(
    ("python", "npm", "arguments", "code"),
    [
        (0, 0, [], 0),
        (1, 0, [], 1),
        (0, 1, [], 1),
        (3, 1, [], 1),
        (3, 0, [], 3),
        (0, 3, [], 3),
        (0, 0, ["--where-reachable"], 0),
        (1, 3, ["--where-reachable"], 1),
        (3, 3, ["--where-reachable"], 0),
    ],
)
def test_offline_a_check_continues_and_an_audit_fails(
    monkeypatch, capsys, python, npm, arguments, code
):
    monkeypatch.setattr(audit, "audit", lambda locks: (python, f"told of {locks[0].name}"))
    monkeypatch.setattr(audit, "audit_npm", lambda: (npm, "told of npm"))
    assert audit.main(arguments) == code
    assert capsys.readouterr().out == "told of build.txt\ntold of npm\n"
