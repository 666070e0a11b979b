"""Parquet of several engines -> whether it is the same table, whatever the order of its rows.

DuckDB hashes every row of each; count, sum and exclusive or of the hashes are the fingerprint.
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
    """Return the names and types of the columns, and what stands for the rows.

    Parquet is a file, or a folder of them as Spark leaves it.
    """
    files = f"{parquet}/*.parquet" if parquet.is_dir() else str(parquet)
    with duckdb.connect() as connection:
        table = connection.read_parquet(files)
        columns = [(name, str(kind)) for name, kind in zip(table.columns, table.types, strict=True)]
        query = FINGERPRINT.format(columns=", ".join(table.columns), files=files)  # noqa: S608 - the contract's names
        found = connection.execute(query).fetchone()
    if found is None:
        raise RuntimeError(f"DuckDB gave no answer for {parquet}.")
    return columns, found


def rows_when_identical(outputs: Mapping[str, Path]) -> int:
    """Return how many rows every output has.

    Raises DifferenceError where one differs from the first in columns, types or any row.
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
