"""Serves the embedded warehouse to other programs until Ctrl-C: `chartlake serve`.

It deploys `snowflake/*.sql`, loads new files of the lake, and speaks Snowflake's protocol to `snow
sql`, DBeaver and connectors. It listens on 127.0.0.1 only and accepts any user and password, so
every program on this machine can read the charts.
"""

import socket
from pathlib import Path

import uvicorn
from rich.console import Console

from chartlake.contract.counts import counted
from chartlake.lake_folder import LakeFolder
from chartlake.warehouse.protocol import HOST, application
from chartlake.warehouse.warehouse import WarehouseError, open_warehouse

CONNECT = """\
Serving {lake} on {host}:{port}, for programs on this machine. Ctrl-C stops it.

snow      SNOWFLAKE_PASSWORD=any snow sql --temporary-connection --account local --user me \\
            --host {host} --port {port} --protocol http --database CHARTLAKE --schema MARTS \\
            --filename snowflake/worksheets/todays_chart.sql

Python    snowflake.connector.connect(account="local", user="me", password="any", protocol="http",
            host="{host}", port={port}, database="CHARTLAKE", schema="MARTS")

DBeaver   driver Snowflake, any user and password, and this URL; in dbeaver.ini, below -vmargs,
          --add-opens=java.base/java.nio=ALL-UNNAMED
            jdbc:snowflake://{host}:{port}/?ssl=off&account=local&db=CHARTLAKE&schema=MARTS
"""


def serve_warehouse(lake: Path, port: int) -> None:
    """Serve until Ctrl-C; raises WarehouseError if there is no lake, or the port is taken."""
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    folder = LakeFolder(lake)
    if not folder.curated.is_dir():
        raise WarehouseError(f"There is no lake in {lake} yet. Run `chartlake demo` first.")
    try:
        with (
            _listen(port) as listener,
            open_warehouse(folder.warehouse, folder.stage) as warehouse,
        ):
            warehouse.deploy()
            console.print(f"{loaded(sum(warehouse.load().values()))}\n")
            host, bound = listener.getsockname()
            console.print(CONNECT.format(lake=lake, host=host, port=bound))
            config = uvicorn.Config(
                application(warehouse.account), log_level="warning", timeout_graceful_shutdown=1
            )
            uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        console.print("\nStopped.")


def loaded(rows: int) -> str:
    """Describe how many rows have come into the lake since the last time."""
    return f"{counted(rows, 'new row')} loaded."


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise WarehouseError(f"Port {port} is in use. Choose another one with --port.") from error
    return listener
