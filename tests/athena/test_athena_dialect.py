"""Athena's SQL has the same meaning in the stand-in as in Athena, or is rejected.

The answers are those of Trino's documentation, not of an engine: the pages Functions and SELECT of
https://trino.io/docs/current/. What Athena itself says is asked with `chartlake aws ask`.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest

from chartlake.athena.stand_in import AthenaLake, NotAthenaError, open_lake
from chartlake.athena.stand_in.words import FUNCTIONS

DAY = date(2026, 11, 1)
FEB = "DATE '2024-02-28'"
NOON = "TIMESTAMP '2024-02-28 12:30:00'"
ROWS = """WITH t AS (
    SELECT 1 AS n, 'a' AS s, true AS b, DATE '2024-01-01' AS d UNION ALL
    SELECT 2 AS n, 'b' AS s, false AS b, DATE '2024-01-02' AS d UNION ALL
    SELECT 3 AS n, NULL AS s, false AS b, DATE '2024-01-03' AS d
)
"""

VALUES: dict[str, Any] = {
    "ABS(-3)": 3,
    "CEIL(2.1E0)": 3.0,
    "CEILING(-2.1E0)": -2.0,
    "FLOOR(-2.1E0)": -3.0,
    "ROUND(2.5E0)": 3.0,
    "ROUND(-2.5E0)": -3.0,
    "ROUND(33.35E0, 1)": 33.4,
    "SIGN(-7)": -1,
    "SQRT(9)": 3.0,
    "POWER(2, 3)": 8.0,
    "MOD(-5, 3)": -2,
    "-5 % 3": -2,
    "CAST(7 AS double) / 2": 3.5,
    "7 / 2E0": 3.5,
    "CAST(ROUND(2.5E0) AS integer)": 3,
    "CAST(FLOOR(2.9E0) AS bigint)": 2,
    "CAST(5 AS varchar)": "5",
    "CAST(true AS varchar)": "true",
    "COALESCE(NULL, 1)": 1,
    "NULLIF(1, 1)": None,
    "IF(1 > 2, 1)": None,
    "GREATEST(1, NULL, 3)": None,
    "LEAST(2, 1)": 1,
    "CASE WHEN NULL THEN 1 ELSE 2 END": 2,
    "CASE 'a' WHEN 'b' THEN 1 WHEN 'a' THEN 2 END": 2,
    "'a' || NULL": None,
    "CONCAT('a', NULL)": None,
    "LENGTH('héllo')": 5,
    "UPPER('a') || LOWER('B')": "Ab",
    "STRPOS('hello', 'l')": 3,
    "STRPOS('hello', 'x')": 0,
    "SUBSTR('hello', 2, 3)": "ell",
    "SUBSTRING('hello', -3)": "llo",
    "LPAD('7', 3, '0')": "007",
    "RPAD('77777', 3, '0')": "777",
    "'a' < 'B'": False,
    "'Comet' LIKE 'co%'": False,
    "'Comet' LIKE 'Co%'": True,
    f"DATE_ADD('day', 2, {FEB})": date(2024, 3, 1),
    "DATE_ADD('month', 1, DATE '2024-01-31')": date(2024, 2, 29),
    "DATE_ADD('quarter', 1, DATE '2024-01-31')": date(2024, 4, 30),
    f"DATE_ADD('hour', 1, {NOON})": datetime.fromisoformat("2024-02-28T13:30"),
    f"DATE_TRUNC('week', {FEB})": date(2024, 2, 26),
    f"DATE_TRUNC('month', {FEB}) = DATE '2024-02-01'": True,
    f"DATE_TRUNC('day', {NOON})": datetime.fromisoformat("2024-02-28"),
    f"DATE_DIFF('day', {FEB}, DATE '2024-03-01')": 2,
    "DATE_DIFF('month', DATE '2024-01-31', DATE '2024-02-01')": 0,
    "DATE_DIFF('week', DATE '2024-02-25', DATE '2024-02-26')": 0,
    "DATE_DIFF('year', DATE '2023-12-31', DATE '2024-01-01')": 0,
    f"DATE_DIFF('day', {NOON}, TIMESTAMP '2024-02-29 06:00:00')": 0,
    f"DATE_DIFF('day', DATE '2024-03-01', {FEB})": -2,
    f"CAST({NOON} AS date)": date(2024, 2, 28),
    f"CAST({FEB} AS varchar)": "2024-02-28",
    f"CAST({FEB} AS timestamp)": datetime.fromisoformat("2024-02-28"),
    "CAST('2024-02-28' AS date)": date(2024, 2, 28),
    f"{NOON} > {FEB}": True,
    f"YEAR({FEB})": 2024,
    f"QUARTER({FEB})": 1,
    f"MONTH({FEB})": 2,
    f"DAY({FEB})": 28,
    "WEEK(DATE '2024-12-30')": 1,
    "DAY_OF_WEEK(DATE '2024-02-25')": 7,
    "DAY_OF_YEAR(DATE '2024-02-25')": 56,
    "LAST_DAY_OF_MONTH(DATE '2024-02-01')": date(2024, 2, 29),
    "CURRENT_DATE > DATE '2026-01-01'": True,
}
"""An expression -> what Trino makes of it."""

OF_ROWS: dict[str, list[Any]] = {
    "SELECT COUNT(*), COUNT(s), COUNT(DISTINCT b) FROM t": [3, 2, 2],
    "SELECT SUM(n), AVG(n), MIN(s), MAX(s) FROM t": [6, 2.0, "a", "b"],
    "SELECT SUM(n) FROM t WHERE n > 5": [None],
    "SELECT MAX_BY(s, n), MIN_BY(s, n) FROM t": [None, "a"],
    "SELECT COUNT_IF(b), BOOL_OR(b), BOOL_AND(b) FROM t": [1, True, False],
    "SELECT COUNT(*) FILTER (WHERE NOT b) FROM t": [2],
    "SELECT ARRAY_AGG(n ORDER BY n DESC) FROM t": [[3, 2, 1]],
    "SELECT ARRAY_AGG(n) FILTER (WHERE n > 5) FROM t": [None],
    "SELECT ARRAY_JOIN(ARRAY_AGG(s ORDER BY s), ', ') FROM t": ["a, b"],
    "SELECT CARDINALITY(ARRAY_AGG(s)), CONTAINS(ARRAY_AGG(n), 2) FROM t": [3, True],
    "SELECT s FROM t ORDER BY s DESC LIMIT 1": ["b"],
    "SELECT MAX(n) AS n FROM t GROUP BY b HAVING MAX(n) = 1": [1],
    "SELECT -1 * n AS n FROM t ORDER BY n LIMIT 1": [-3],
    "SELECT n FROM t WHERE EXISTS (SELECT 1 AS one FROM t AS u WHERE u.n = 9)": [],
    "SELECT b, COUNT(*) FROM t GROUP BY 1 ORDER BY 2": [True, 1],
    "SELECT pivot FROM (SELECT n AS pivot FROM t) AS qualify WHERE qualify.pivot = 2": [2],
    "SELECT n FROM t WHERE n IN (SELECT n FROM t WHERE b)": [1],
    "SELECT n FROM t WHERE n NOT IN (1, 2)": [3],
    "SELECT LAG(n) OVER (ORDER BY n), LEAD(n) OVER (ORDER BY n) FROM t ORDER BY n LIMIT 1": [
        None,
        2,
    ],
    "SELECT FIRST_VALUE(s) OVER (ORDER BY n DESC) FROM t ORDER BY n LIMIT 1": [None],
    "SELECT FIRST_VALUE(s) IGNORE NULLS OVER (ORDER BY n DESC) FROM t ORDER BY n LIMIT 1": ["b"],
    "SELECT LAST_VALUE(n) OVER (ORDER BY n) FROM t ORDER BY n LIMIT 1": [1],
    "SELECT NTH_VALUE(n, 2) OVER (ORDER BY n) FROM t ORDER BY n LIMIT 1": [None],
    "SELECT RANK() OVER (ORDER BY b) FROM t ORDER BY n LIMIT 1": [3],
    "SELECT DENSE_RANK() OVER (ORDER BY b) FROM t ORDER BY n LIMIT 1": [2],
    "SELECT ROW_NUMBER() OVER (ORDER BY s) FROM t ORDER BY n DESC LIMIT 1": [3],
    "SELECT ROW_NUMBER() OVER (ORDER BY s DESC) FROM t ORDER BY n DESC LIMIT 1": [3],
    "SELECT PERCENT_RANK() OVER (ORDER BY n) FROM t ORDER BY n LIMIT 1": [0.0],
    "SELECT CUME_DIST() OVER (ORDER BY b) FROM t ORDER BY n LIMIT 1": [1.0],
    "SELECT NTILE(2) OVER (ORDER BY n) FROM t ORDER BY n LIMIT 1": [1],
    "SELECT SUM(n) OVER (ORDER BY n ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t"
    " ORDER BY n DESC LIMIT 1": [5],
    "SELECT MAX(word) FROM (SELECT ARRAY_AGG(s) AS words FROM t) AS u"
    " CROSS JOIN UNNEST(words) AS v (word)": ["b"],
}
"""A SELECT from three rows -> its first row in Trino."""

REFUSED = {
    "SELECT 7 / 2": "truncates this division",
    "SELECT 100.0 * 3": "calculates with decimals",
    "SELECT 1 / 3.0": "calculates with decimals",
    "SELECT CAST(2.5E0 AS integer)": "ROUND, FLOOR or CEIL first",
    "SELECT CAST(2.5E0 AS varchar)": "as text differently",
    f"SELECT CAST({NOON} AS varchar)": "as text differently",
    "SELECT CAST('5' AS integer)": "was not checked",
    "SELECT CAST(5 AS string)": "Athena's SELECT has no",
    "SELECT CAST(5 AS float)": "Athena's SELECT has no",
    "SELECT CAST(5 AS varchar(2))": "without a length",
    "SELECT CAST('2024-01-01' || '' AS timestamp)": "was not checked",
    "SELECT 5::varchar": "Athena has no ::",
    "SELECT 1 == 1": "Athena has no ==",
    f"SELECT {FEB} + 1": "Athena expects a number here",
    f"SELECT {FEB} + INTERVAL '1' DAY": "not checked",
    f"SELECT DATE_ADD('hour', 1, {FEB})": "hour was not checked as a unit of a date",
    f"SELECT {FEB} = '2024-02-28'": "does not mix date and text",
    f"SELECT {FEB} BETWEEN '2024-01-01' AND '2025-01-01'": "does not mix date and text",
    "SELECT '10' < 9": "does not mix number and text",
    "SELECT 1 IN (1, 'a')": "does not mix number and text",
    "SELECT COALESCE(1, 'a')": "does not mix number and text",
    "SELECT CASE WHEN true THEN 1 ELSE 'a' END": "does not mix number and text",
    "SELECT IF(true, 1, 'a')": "does not mix number and text",
    "SELECT 1 AS n UNION ALL SELECT 'a' AS n": "does not mix number and text",
    "SELECT 1 AS n UNION ALL SELECT 1 AS n, 2 AS m": "the same number of columns",
    "SELECT 'a' || 1": "Athena expects a text here",
    "SELECT LENGTH(5)": "Athena expects a text here",
    "SELECT YEAR('2024-01-01')": "Athena expects a date here",
    "SELECT CASE WHEN 1 THEN 2 END": "Athena expects a boolean here",
    "SELECT CASE 1 WHEN 'a' THEN 2 END": "does not mix number and text",
    "SELECT IF(1, 2)": "Athena expects a boolean here",
    "SELECT 1 AS n WHERE 1": "Athena expects a boolean here",
    "SELECT SUBSTR('hello', 0)": "begin at 1",
    "SELECT LEN('a')": "LEN(…) is not in the list",
    "SELECT IFNULL(1, 2)": "IFNULL(…) is not in the list",
    "SELECT DATEDIFF(day, d, d) FROM t": "DATEDIFF(…) is not in the list",
    "SELECT GETDATE()": "GETDATE(…) is not in the list",
    "SELECT TRY_CAST('a' AS integer)": "TRY_CAST(…) is not in the list",
    "SELECT SPLIT_PART('a-b', '-', 9)": "SPLIT_PART(…) is not in the list",
    "SELECT LISTAGG(s) FROM t": "LISTAGG(…) is not in the list",
    "SELECT [1, 2]": "brackets [] were not checked",
    "SELECT s ILIKE 'A' FROM t": "not checked",
    "SELECT s, FROM t": "nothing follows a comma",
    'SELECT "a"': "could not be resolved",
    "SELECT `s` FROM t": "accept backticks",
    "FROM t": "begins with SELECT or WITH",
    "CREATE TABLE u AS SELECT 1 AS n": "begins with SELECT or WITH",
    "DELETE FROM t": "begins with SELECT or WITH",
    "SELECT 1; SELECT 2": "one statement at a time",
    "SELECT n AS m, m + 1 AS k FROM t": "'m' could not be resolved",
    "SELECT n AS m FROM t WHERE m > 1": "'m' could not be resolved",
    "SELECT n AS m FROM t GROUP BY m": "'m' could not be resolved",
    "SELECT s, SUM(n) AS m FROM t GROUP BY s HAVING m > 1": "'m' could not be resolved",
    "SELECT n AS order FROM t": "reserved word",
    "SELECT * EXCLUDE (n) FROM t": "not in the list",
    "SELECT DISTINCT ON (n) n FROM t": "not checked",
    "SELECT s, SUM(n) FROM t GROUP BY ALL": "not checked",
    "SELECT s, SUM(n) FROM t GROUP BY ROLLUP (s)": "not in the list",
    "SELECT n FROM t QUALIFY ROW_NUMBER() OVER (ORDER BY n) = 1": "Line 6, at ROW_NUMBER",
    "SELECT n FROM t LIMIT 1 OFFSET 1": "not checked",
    "SELECT n FROM t LIMIT 1 + 1": "LIMIT takes a number",
    "SELECT COUNT(DISTINCT n, s) FROM t": "distinct values of one column",
    "SELECT n FROM t WHERE (n, s) IN (SELECT n, s FROM t)": "not checked",
    "SELECT n IS TRUE FROM t": "IS takes only NULL",
    "SELECT t.n FROM t JOIN t AS u USING (n)": "not in the list",
    "SELECT t.n FROM t NATURAL JOIN t AS u": "not checked",
    "SELECT t.n FROM t, t AS u": "use ON for a join",
    "SELECT t.n FROM t SEMI JOIN t AS u ON t.n = u.n": "no SEMI JOIN",
    "SELECT n FROM t WHERE n IN (SELECT u.n FROM t AS u WHERE u.s = t.s)": "join instead",
    "SELECT name FROM tracks": "chartlake.tracks",
    "SELECT name FROM chartlake.track": "There is no chartlake.track. Available: albums,",
    "SELECT nam FROM chartlake.tracks": "'nam' could not be resolved",
    "SELECT dt FROM chartlake_landing.tracks WHERE dt = DATE '2026-11-01'": "does not mix date",
    "SELECT t.n, u.n FROM t CROSS JOIN t AS u": "Two columns are called n",
    "SELECT 'a": "cannot be parsed",
    "SELECT (1": "Line 1",
    "SELECT n FROM t ORDER BY n NULLS": "Line",
}
"""What runs on DuckDB or means something else there -> what is said instead."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AthenaLake]:
    with open_lake(tmp_path_factory.mktemp("no_lake")) as lake:
        yield lake


def first_row(lake: AthenaLake, sql: str) -> list[Any]:
    rows = lake.query(sql)
    return list(rows[0].values()) if rows else []


@pytest.mark.parametrize("expression", VALUES)
def test_an_expression_has_athenas_value_and_type(lake: AthenaLake, expression: str) -> None:
    (found,) = first_row(lake, f"SELECT {expression} AS answer")
    assert found == VALUES[expression]
    numbers = (int, float)
    assert type(found) is type(VALUES[expression]) or isinstance(found, numbers)


@pytest.mark.parametrize("select", OF_ROWS)
def test_a_select_has_athenas_answer(lake: AthenaLake, select: str) -> None:
    assert first_row(lake, ROWS + select) == OF_ROWS[select]


@pytest.mark.parametrize("sql", REFUSED)
def test_sql_that_athena_rejects_or_reads_differently_is_rejected(
    lake: AthenaLake, sql: str
) -> None:
    with pytest.raises(NotAthenaError, match=re.escape(REFUSED[sql])):
        lake.query(ROWS + sql if sql.startswith("SELECT") and " t" in sql else sql)


def test_every_listed_function_has_a_case() -> None:
    cases = " ".join([*VALUES, *OF_ROWS]).lower()
    assert {name for name in FUNCTIONS if not re.search(rf"\b{name}\s*\(", cases)} == set()
