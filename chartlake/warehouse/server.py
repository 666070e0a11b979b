"""The embedded warehouse for other programs: `make warehouse`, until Ctrl-C.

    python -m chartlake.warehouse.server --lake lake/demo [--port 8484]

It deploys `snowflake/*.sql`, loads what has come into the lake since, and answers what speaks
Snowflake's protocol: `snow sql`, DBeaver, the connectors. It listens on 127.0.0.1 and nowhere else,
and takes any user and password: whoever runs programs on this machine may read the charts.
"""

import argparse
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

import uvicorn
from rich.console import Console

from chartlake.contract.counts import counted
from chartlake.warehouse.protocol import HOST, application
from chartlake.warehouse.warehouse import WarehouseError, open_warehouse

CURATED = "chartlake-curated"

CONNECT = """\
Serving {lake} on {host}:{port}, for programs on this machine. Ctrl-C ends it.

snow      SNOWFLAKE_PASSWORD=any snow sql --temporary-connection --account local --user me \\
            --host {host} --port {port} --protocol http --database CHARTLAKE --schema MARTS \\
            --filename snowflake/worksheets/todays_chart.sql

Python    snowflake.connector.connect(account="local", user="me", password="any", protocol="http",
            host="{host}", port={port}, database="CHARTLAKE", schema="MARTS")

DBeaver   driver Snowflake, any user and password, and this URL; in dbeaver.ini, below -vmargs,
          --add-opens=java.base/java.nio=ALL-UNNAMED
            jdbc:snowflake://{host}:{port}/?ssl=off&account=local&db=CHARTLAKE&schema=MARTS
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until Ctrl-C; return the exit code."""
    options = _options(arguments)
    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
    curated = options.lake / CURATED
    if not curated.is_dir():
        console.print(f"There is no lake in {options.lake} yet: run `make demo` first.")
        return 1
    try:
        with (
            _listen(options.port) as listener,
            open_warehouse(options.lake / "warehouse", {f"s3://{CURATED}/": curated}) as warehouse,
        ):
            warehouse.deploy()
            console.print(f"{loaded(sum(warehouse.load().values()))}\n")
            host, port = listener.getsockname()
            console.print(CONNECT.format(lake=options.lake, host=host, port=port))
            config = uvicorn.Config(
                application(warehouse.account), log_level="warning", timeout_graceful_shutdown=1
            )
            uvicorn.Server(config).run(sockets=[listener])
    except WarehouseError as error:
        console.print(str(error))
        return 1
    except KeyboardInterrupt:
        console.print("\nEnded.")
    return 0


def loaded(rows: int) -> str:
    """Say how many rows have come into the lake since the last time."""
    return f"{counted(rows, 'new row')} loaded."


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise WarehouseError(
            f"Port {port} is taken, by another `make warehouse` perhaps. Name one: PORT=8485"
        ) from error
    return listener


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make warehouse", description="Serve the warehouse.")
    parser.add_argument("--lake", type=Path, required=True, help="folder that a demo left")
    parser.add_argument("--port", type=int, default=8484, help="on 127.0.0.1 (%(default)s)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
