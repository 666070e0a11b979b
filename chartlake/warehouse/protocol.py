"""Snowflake's protocol over HTTP: fakesnow's server, with fixes for what it lacks or gets wrong."""

import importlib
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pyarrow as pa
from fakesnow.arrow import to_sf
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chartlake.warehouse.account import Account

server: Any = importlib.import_module("fakesnow.server")
"""Imported by its name, because the package has a function of the same name."""

HOST = "127.0.0.1"
NOT_UNDERSTOOD = "The embedded warehouse cannot run this. Is it exactly one statement?"


def application(account: Account) -> Starlette:
    """Create the application that serves an account; only one per process.

    A web page open on this machine could reach it under its own host name and read the data, so
    requests for other hosts are rejected.
    """
    server.shared_fs = account
    server.to_sf = _with_null_timestamps
    # It logs a traceback for what it cannot run; the client gets the error, see _query.
    logging.getLogger("fakesnow.server").setLevel(logging.CRITICAL)
    routes: list[BaseRoute] = [
        _post("/session/v1/login-request", _log_in),
        _post("/queries/v1/query-request", _query),
        _post("/telemetry/send", _take_note),
        *server.routes,
    ]
    only_here = Middleware(TrustedHostMiddleware, allowed_hosts=[HOST, "localhost"])
    return Starlette(routes=routes, middleware=[only_here])


def _post(path: str, answer: Callable[[Request], Awaitable[Response]]) -> Route:
    return Route(path, answer, methods=["POST"])


async def _log_in(request: Request) -> Response:
    """Log in; connector 5 also requires a master token."""
    answer = json.loads(bytes((await server.login_request(request)).body))
    answer["data"] |= {"masterToken": "none", "validityInSeconds": 3600}
    answer["data"] |= {"masterValidityInSeconds": 14400, "sessionId": 1}
    return JSONResponse(answer)


async def _query(request: Request) -> Response:
    """Run a statement; a failure of fakesnow is an error of the statement, and is not retried."""
    answer: Response = await server.query_request(request)
    if answer.status_code != 500:
        return answer
    error = {"errorCode": "001003", "sqlState": "42000"}
    failure = {"success": False, "code": "001003", "message": NOT_UNDERSTOOD, "data": error}
    return JSONResponse(failure)


async def _take_note(request: Request) -> Response:
    return JSONResponse({"data": None, "success": True})


def _with_null_timestamps(table: pa.Table, rowtype: list[Any]) -> pa.Table:
    """Serialise rows; fakesnow alone writes a null timestamp as 1970-01-01."""
    written = to_sf(table, rowtype)
    for place, column in enumerate(table.columns):
        if pa.types.is_timestamp(column.type) and column.null_count:
            parts = [part.fill_null(0) for part in written.column(place).combine_chunks().flatten()]
            field = written.schema.field(place)
            struct = pa.StructArray.from_arrays(
                parts, fields=list(field.type), mask=column.combine_chunks().is_null()
            )
            written = written.set_column(place, field, struct)
    return written
