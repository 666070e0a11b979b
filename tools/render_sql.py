"""Renders the SQL of both engines from the contract and from `marts/`.

A view of `marts/views/` is one SELECT in Athena's SQL under a comment: its grain, notes, a `--`
line, and `-- column: description` for each column. A question of `marts/questions/` is one SELECT
under the question. What differs between the engines is a macro, or a branch on `engine` with its
reason. `marts/snowflake/` has the files of Snowflake around the views; its `{{ … }}` stay as they
are, for the deployment.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import jinja2

from chartlake.contract.tables import LOAD_MANIFEST, TABLES

ROOT = Path(__file__).parents[1]
MARTS = ROOT / "marts"
CURRENT_RUNS = "current_runs"
SHARED = ("editions", "track_titles")
"""Views of CORE that no table of the contract is behind."""
SNOWFLAKE_TYPES = {
    "int": "NUMBER(38, 0)",
    "bigint": "NUMBER(38, 0)",
    "boolean": "BOOLEAN",
    "string": "VARCHAR",
    "double": "FLOAT",
    "date": "DATE",
    "timestamp": "TIMESTAMP_LTZ",
    "array<string>": "ARRAY",
}
KEPT = r"('(?:[^']|'')*'|--[^\n]*|\{\{.*?\}\}|\{%.*?%\})"
"""What keeps its case in Snowflake's SQL: text, comments, and variables."""
WIDTH = 100


class View(NamedTuple):
    """A source of `marts/views/`: its comment, and its SELECT before it is rendered."""

    name: str
    grain: str
    notes: tuple[str, ...]
    columns: tuple[tuple[str, str], ...]
    body: str


def read_view(path: Path) -> View:
    """Read a view; raises ValueError if its comment has no grain or no columns."""
    comment, body = _split(path.read_text(encoding="utf-8"))
    grain, *lines = [line.removeprefix("--").removeprefix(" ") for line in comment]
    if "" not in lines:
        raise ValueError(f"{path}: a line -- must separate the notes from the columns.")
    place = lines.index("")
    columns = []
    for line in lines[place + 1 :]:
        name, separator, description = line.partition(": ")
        if not separator or not re.fullmatch(r"\w+", name):
            raise ValueError(f"{path}: {line!r} is not `column: description`.")
        columns.append((name, description))
    return View(path.stem, grain, tuple(lines[:place]), tuple(columns), body)


def _split(text: str) -> tuple[list[str], str]:
    lines = text.splitlines()
    count = next(n for n, line in enumerate(lines) if not line.startswith("--"))
    return lines[:count], "\n".join(lines[count:]).strip()


def views() -> dict[str, View]:
    """Read every view of `marts/views/`, by name."""
    return {path.stem: read_view(path) for path in sorted((MARTS / "views").glob("*.sql"))}


def render_all() -> dict[Path, str]:
    """Render every file of `snowflake/` and `athena/` that has a source; path -> content."""
    return {ROOT / name: text for name, text in (*_athena(), *_snowflake())}


def _athena() -> Iterator[tuple[str, str]]:
    jinja = _environment("athena")
    contract_view = (MARTS / "athena/contract_view.sql").read_text(encoding="utf-8")
    for table in TABLES:
        if table is not LOAD_MANIFEST:
            text = jinja.from_string(contract_view).render(table=table)
            yield f"athena/views/{table.name}.sql", text
    own = MARTS / f"athena/{CURRENT_RUNS}.sql"
    yield f"athena/views/{CURRENT_RUNS}.sql", own.read_text(encoding="utf-8")
    for view in views().values():
        about = "\n".join(f"-- {line}" for line in (view.grain, *view.notes))
        head = f"{about}\nCREATE OR REPLACE VIEW chartlake.{view.name} AS"
        yield f"athena/views/{view.name}.sql", f"{head}\n{_body(jinja, view.body)};\n"
    for path in _questions():
        comment, body = _split(path.read_text(encoding="utf-8"))
        question = "\n".join([*comment, _body(jinja, body)])
        yield f"athena/queries/{path.name}", f"{question}\n"


def _snowflake() -> Iterator[tuple[str, str]]:
    jinja = _environment("snowflake")
    found = views()
    schemas = {name: "MARTS" for name in found}
    schemas |= {table.name: "CORE" for table in TABLES} | dict.fromkeys(SHARED, "CORE")
    schemas |= {CURRENT_RUNS: "LANDING"}

    def view(name: str) -> str:
        body = _on_snowflake(_body(jinja, found[name].body), lambda of: _named(schemas, of))
        return _create_view(found[name], schemas[name], body)

    for path in sorted((MARTS / "snowflake").glob("*.sql")):
        text = jinja.from_string(path.read_text(encoding="utf-8")).render(view=view)
        yield f"snowflake/{path.name}", text
    for path in _questions():
        comment, body = _split(path.read_text(encoding="utf-8"))
        text = _on_snowflake(_body(jinja, body), str)
        yield f"snowflake/worksheets/{path.name}", "\n".join([*comment, text]) + "\n"


def _questions() -> list[Path]:
    return sorted((MARTS / "questions").glob("*.sql"))


def _body(jinja: jinja2.Environment, text: str) -> str:
    return jinja.from_string(text).render().rstrip()


def _named(schemas: dict[str, str], view: str) -> str:
    return f"{{{{ database }}}}.{schemas[view]}.{view}"


def _on_snowflake(body: str, name: Callable[[str], str]) -> str:
    """Name the views as Snowflake does, and write in upper case, as it does itself."""
    named = re.sub(r"\bchartlake\.(\w+)", lambda found: name(found[1]), body)
    parts = re.split(KEPT, named)
    return "".join(part if place % 2 else part.upper() for place, part in enumerate(parts))


def _create_view(view: View, schema: str, body: str) -> str:
    columns = ",\n".join(
        f"    {name.upper()} COMMENT {_quoted(description)}" for name, description in view.columns
    )
    notes = "".join(f"-- {line}\n" for line in view.notes)
    return (
        f"{notes}CREATE OR REPLACE VIEW {{{{ database }}}}.{schema}.{view.name.upper()} (\n"
        f"{columns}\n)\nCOPY GRANTS\nCOMMENT = {_quoted(view.grain)}\nAS\n{body};"
    )


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _environment(engine: str) -> jinja2.Environment:
    """Make the templates' language: << … >>, <% … %> and <# … #>, so that {{ … }} stays."""
    jinja = jinja2.Environment(
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 (SQL is not HTML)
    )
    jinja.globals |= {"engine": engine, "tables": TABLES, "load_manifest": LOAD_MANIFEST}
    jinja.globals |= ATHENA if engine == "athena" else SNOWFLAKE
    jinja.filters |= {"quoted": _quoted, "names": _names, "snowflake": SNOWFLAKE_TYPES.__getitem__}
    return jinja


def _names(names: list[str], indent: int) -> str:
    """Write names as quoted text, as many in a line as fit."""
    lines = [""]
    for name in names:
        word = f"'{name}',"
        if lines[-1] and indent + len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return ("\n" + " " * indent).join(lines)


def _call(function: str, unit: str, start: str, end: str, indent: int | None) -> str:
    if indent is None:
        return f"{function}({unit}, {start}, {end})"
    space = " " * indent
    return f"{function}(\n{space}    {unit}, {start}, {end}\n{space})"


ATHENA: dict[str, Callable[..., str]] = {
    "days_between": lambda start, end, indent=None: _call("DATE_DIFF", "'day'", start, end, indent),
    "days_before": lambda day, days: f"DATE_ADD('day', -{days}, {day})",
    "any_true": lambda condition: f"BOOL_OR({condition})",
    "joined": lambda text, order: f"ARRAY_JOIN(ARRAY_AGG({text} ORDER BY {order}), ', ')",
}
SNOWFLAKE: dict[str, Callable[..., str]] = {
    "days_between": lambda start, end, indent=None: _call("DATEDIFF", "DAY", start, end, indent),
    "days_before": lambda day, days: f"DATEADD(DAY, -{days}, {day})::DATE",
    "any_true": lambda condition: f"BOOLOR_AGG({condition})",
    "joined": lambda text, order: f"LISTAGG({text}, ', ') WITHIN GROUP (ORDER BY {order})",
}


def main() -> None:
    """Write every file; remove views and questions that have no source any more."""
    rendered = render_all()
    for path, text in rendered.items():
        path.write_text(text, encoding="utf-8")
    for path in stale(rendered):
        path.unlink()


def stale(rendered: dict[Path, str]) -> list[Path]:
    """List files beside the rendered ones that have no source."""
    folders = ("athena/views", "athena/queries", "snowflake/worksheets")
    return [
        path for name in folders for path in (ROOT / name).glob("*.sql") if path not in rendered
    ]


if __name__ == "__main__":
    main()
