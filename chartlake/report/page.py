"""Builds the whole page from rows of MARTS: markup, style, script and Vega in one text.

Its Content-Security-Policy allows only these scripts, by their hashes, and no network access. Jinja
escapes names from Spotify, and `tojson` escapes data between script tags.
"""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from chartlake.contract.counts import counted
from chartlake.contract.sql import Ask
from chartlake.report.bundle import vega
from chartlake.report.drawings import drawings
from chartlake.report.formatting import Row, day, percent, rows_loaded, signed
from chartlake.report.queries import read_rows
from chartlake.report.sections import sections
from chartlake.report.warnings_text import newest_spotify_date, unseen

FOLDER = Path(__file__).parent / "template"


def build_page(ask: Ask) -> str:
    """Return the report of every chart as one self-contained HTML page.

    Raises SourceError if a query fails, BundleError if Vega is missing.
    """
    rows: dict[str, list[Row]] = read_rows(ask)
    ledger, fresh = rows["ledger"], rows["freshness"]
    newest_day = max((row["snapshot_date"] for row in ledger), default=None)
    charts = sections(rows, newest_spotify_date(ledger)) if newest_day else []
    scripts = [Markup(text) for text in (vega(), _read("page.js"))]  # noqa: S704 - our own scripts
    page: str = _template().render(
        sections=charts,
        newest_day=newest_day,
        newest_run=next((row for row in ledger if row["is_latest"]), None),
        unseen=unseen(fresh, ledger),
        drawings={section.fresh["chart_id"]: drawings(section) for section in charts},
        style=Markup(_read("page.css")),  # noqa: S704 - our own style sheet
        scripts=scripts,
        policy=_policy(scripts),
    )
    return page


def write_page(ask: Ask, file: Path) -> None:
    """Write the report to a file atomically; raises what build_page raises, or OSError."""
    page = build_page(ask)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(file)


def _template() -> Template:
    jinja = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    jinja.filters |= {"counted": counted, "rows_loaded": rows_loaded}
    jinja.filters |= {"day": day, "percent": percent, "signed": signed}
    return jinja.get_template("page.html")


def _policy(scripts: list[Markup]) -> str:
    hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in scripts]
    allowed = " ".join(f"'sha256-{value}'" for value in hashes)
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:;"
        " base-uri 'none'; form-action 'none'"
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")
