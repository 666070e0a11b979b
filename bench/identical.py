"""Checks whether the Parquet of several engines is the same table, ignoring the order of rows.

DuckDB hashes every row; the fingerprint is the count, sum and XOR of the hashes.
"""

from collections.abc import Mapping
from pathlib import Path

import duckdb

FINGERPRINT = """
SELECT count(*), sum(hash({columns})::HUGEINT), bit_xor(hash({columns}))
FROM read_parquet('{files}')
"""
Fingerprint = tuple[int, int, int]


class DifferenceError(Exception):
    """Engines disagree; the message says which."""


def fingerprint(parquet: Path) -> tuple[list[tuple[str, str]], Fingerprint]:
    """Return the names and types of the columns, and the fingerprint of the rows.

    `parquet` is a file, or a folder of files as Spark writes it.
    """
    files = f"{parquet}/*.parquet" if parquet.is_dir() else str(parquet)
    with duckdb.connect() as connection:
        table = connection.read_parquet(files)
        columns = [(name, str(kind)) for name, kind in zip(table.columns, table.types, strict=True)]
        query = FINGERPRINT.format(columns=", ".join(table.columns), files=files)  # noqa: S608 - names from the contract
        found = connection.execute(query).fetchone()
    if found is None:
        raise RuntimeError(f"DuckDB gave no answer for {parquet}.")
    return columns, found


def rows_when_identical(outputs: Mapping[str, Path]) -> int:
    """Return the number of rows, which is the same for every output.

    Raises DifferenceError if one differs from the first in columns, types or any row.
    """
    found = {name: fingerprint(parquet) for name, parquet in outputs.items()}
    first, *others = found
    for other in others:
        if found[other] != found[first]:
            raise DifferenceError(
                f"{other} and {first} disagree, so their times say nothing: {other} gave "
                f"{found[other]}, {first} {found[first]}."
            )
    return found[first][1][0]
