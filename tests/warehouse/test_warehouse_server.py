"""Other programs connect to `chartlake serve` with the vendor's own connector."""

import http.client
import json
import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from snowflake.connector.errors import ProgrammingError

from chartlake.contract.tables import TABLES
from chartlake.warehouse.deploy import SQL_FOLDER
from chartlake.warehouse.server import loaded
from tests.support.chart_lake import rows_of, write_lake
from tests.support.command import CHARTLAKE, chartlake
from tests.support.worksheet_answers import ANSWERS

ROOT = Path(__file__).parents[2]
Server = tuple[subprocess.Popen[str], int, str]


def start(lake: Path) -> Server:
    """Start it as `chartlake serve` does, on a free port; return the port and the output."""
    command = [*CHARTLAKE, "serve", "--lake", str(lake), "--port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    assert process.stdout
    said = ""
    while "jdbc" not in said:
        line = process.stdout.readline()
        assert line, said
        said += line
    found = re.search(r"on 127\.0\.0\.1:(\d+)", said)
    assert found
    assert f"jdbc:snowflake://127.0.0.1:{found[1]}/" in said
    return process, int(found[1]), said


def stop(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.send_signal(signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    return process.returncode, said


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    lake = tmp_path_factory.mktemp("server") / "lake"
    write_lake(lake / "chartlake-curated")
    started = start(lake)
    yield started
    if started[0].poll() is None:
        stop(started[0])


@pytest.fixture
def cursor(server: Server) -> Iterator[Any]:
    """A session opened with the settings that the server itself prints."""
    printed = re.search(r"snowflake\.connector\.connect\(([^)]+)\)", server[2])
    assert printed
    pairs = re.findall(r'(\w+)=(?:"([^"]*)"|(\d+))', printed[1])
    arguments = {name: text or int(number) for name, text, number in pairs}
    with snowflake.connector.connect(**arguments, network_timeout=10) as connection:
        yield connection.cursor()


@pytest.mark.parametrize("name", ["climbers", "where_the_run_stands", "comebacks"])
def test_a_worksheet_returns_the_same_through_the_connector(cursor: Any, name: str) -> None:
    cursor.execute((SQL_FOLDER / "worksheets" / f"{name}.sql").read_text(encoding="utf-8"))
    assert cursor.fetchall() == ANSWERS[name]


def test_a_null_timestamp_stays_null(cursor: Any) -> None:
    cursor.execute(
        "SELECT COLUMN1 AS N, COLUMN2::TIMESTAMP_LTZ AS ZONED, COLUMN2::TIMESTAMP_NTZ AS BARE"
        " FROM VALUES (1, '2026-11-01 06:00:00.25'), (2, NULL) ORDER BY N"
    )
    assert [[str(value) for value in row] for row in cursor.fetchall()] == [
        ["1", "2026-11-01 06:00:00.250000+00:00", "2026-11-01 06:00:00.250000"],
        ["2", "None", "None"],
    ]


@pytest.mark.parametrize(
    ("statement", "error"),
    [
        ("SELECT * FROM NOWHERE", "NOWHERE does not exist"),
        ("SELEKT 1", "Unexpected token"),
        ("SELECT 1; SELECT 2", "Is it exactly one statement"),
    ],
)
def test_an_invalid_statement_fails_and_the_session_continues(
    cursor: Any, statement: str, error: str
) -> None:
    with pytest.raises(ProgrammingError, match=error):
        cursor.execute(statement)
    assert cursor.execute("SELECT 'still here'").fetchall() == [("still here",)]


def test_a_login_returns_the_master_token_that_connector_5_requires(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[1], timeout=5)
    body = json.dumps({"data": {"SESSION_PARAMETERS": {}}})
    connection.request("POST", "/session/v1/login-request", body)
    assert json.loads(connection.getresponse().read())["data"]["masterToken"]
    connection.close()


def test_the_server_listens_only_on_loopback(server: Server) -> None:
    """Another loopback address stands for another interface: a server on 0.0.0.0 answers it."""
    with socket.create_connection(("127.0.0.1", server[1]), timeout=5):
        pass
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.2", server[1]), timeout=5)


def test_a_web_page_with_another_host_name_is_rejected(server: Server) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", server[1], timeout=5)
    connection.request("POST", "/session", headers={"Host": "evil.example"})
    assert connection.getresponse().status == 400
    connection.close()


def test_a_port_in_use_gives_one_error_message(
    server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "chartlake-curated").mkdir()
    assert chartlake("serve", "--lake", tmp_path, "--port", server[1]) == 1
    assert f"Port {server[1]} is in use" in capsys.readouterr().err


def test_without_a_lake_it_says_what_to_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert chartlake("serve", "--lake", tmp_path / "none") == 1
    assert capsys.readouterr().err.endswith("yet. Run `chartlake demo` first.\n")
    assert not (tmp_path / "none").exists()


def test_ctrl_c_stops_the_server_and_loaded_data_is_kept(tmp_path: Path) -> None:
    write_lake(tmp_path / "chartlake-curated")
    process, port, said = start(tmp_path)
    in_manifests = len(TABLES) - 1
    assert f"{sum(rows_of(day) + in_manifests for day in range(1, 9))} new rows loaded." in said
    connection = snowflake.connector.connect(
        account="local", user="me", password="any", protocol="http", host="127.0.0.1", port=port
    )
    assert connection.execute_string("SELECT 1")
    code, said = stop(process)
    assert (code, said.split()) == (0, ["Stopped."])
    process, _, said = start(tmp_path)
    assert "\n0 new rows loaded." in f"\n{said}"
    assert stop(process)[0] == 0


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [(0, "0 new rows loaded."), (1, "1 new row loaded."), (2, "2 new rows loaded.")],
)
def test_the_rows_that_are_new_are_counted(rows: int, sentence: str) -> None:
    assert loaded(rows) == sentence
