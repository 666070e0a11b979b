"""Rejects statements by their words, before they are parsed.

sqlglot and DuckDB accept many spellings that Trino's grammar does not have, and the parsed
statement no longer shows them.
"""

import re

import sqlglot
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from chartlake.contract.errors import UserError


class NotAthenaError(UserError):
    """Athena rejects the statement, or may read it differently; the message says where and why."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTIONS = _words(
    """
    avg bool_and bool_or count count_if max max_by min min_by sum array_agg
    cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank rank
    row_number coalesce greatest if least nullif
    abs ceil ceiling floor mod power round sign sqrt
    concat length lower lpad rpad strpos substr substring upper
    date_add date_diff date_trunc day day_of_week day_of_year last_day_of_month month
    quarter week year array_join cardinality contains
    cast exists unnest
    """
)
"""Functions checked against Trino's documentation; tests/athena/test_athena_dialect.py has a case
for each."""

BEFORE_BRACKET = _words(
    """
    all and as between by case distinct else except filter from having in intersect is join like not
    on or over select then union when where
    """
)
"""Words that a parenthesis may follow although they are not functions."""

RESERVED = _words(
    """
    alter and as between by case cast constraint create cross cube current_date current_path
    current_time current_timestamp current_user deallocate delete describe distinct drop else end
    escape except execute exists extract false first for from full group grouping having in inner
    insert intersect into is join last left like listagg localtime localtimestamp natural normalize
    not null of on or order outer prepare recursive right rollup select skip table then trim true
    uescape union unnest using values when where with
    """
)
"""Words that Athena reserves in SELECT (Amazon Athena User Guide, "Reserved keywords")."""

WRONG = {"::": "CAST(… AS …)", "==": "=", "!==": "<>", "?": "a value", "$": "a value"}
WORD = re.compile(r"[A-Za-z_]\w*")


def refuse_words(sql: str) -> None:
    """Reject spellings and functions that were not checked; raises NotAthenaError."""
    try:
        tokens = sqlglot.tokenize(sql, read="athena")
    except TokenError as error:
        raise NotAthenaError(f"This cannot be parsed: {error}") from error
    if not tokens or tokens[0].text.upper() not in {"SELECT", "WITH"}:
        raise NotAthenaError("A query begins with SELECT or WITH.")
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if reason := _fault(sql, before, token, after):
            raise NotAthenaError(f"Line {token.line}: {reason}")


def _fault(sql: str, before: Token | None, token: Token, after: Token | None) -> str | None:
    text, following = token.text, after.text.upper() if after else ""
    if token.token_type is TokenType.STRING:
        return None
    if sql[token.start] == "`":
        return f"`{text}`: Athena does not accept backticks in a SELECT."
    if text in WRONG:
        return f"Athena has no {text}; write {WRONG[text]}."
    if text == ";" and after:
        return "Athena runs one statement at a time."
    if text == "," and following in {"", ")", "FROM"}:
        return "nothing follows a comma."
    if text == "[":
        return "brackets [] were not checked; use CONTAINS or UNNEST."
    if WORD.fullmatch(text) and sql[token.start] != '"':
        return _word_fault(before, text, following)
    return None


def _word_fault(before: Token | None, text: str, following: str) -> str | None:
    word, is_alias = text.lower(), before is not None and before.text.upper() == "AS"
    if is_alias and word in RESERVED:
        return f"{text} is a reserved word in Athena: rename the column."
    if following != "(" or is_alias or word in FUNCTIONS | BEFORE_BRACKET:
        return None
    return f"{text}(…) is not in the list of functions in chartlake/athena/stand_in/words.py."
