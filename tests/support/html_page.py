"""Reads a page as a user does: its sections, and their tables by heading."""

import json
import re
from html.parser import HTMLParser
from typing import Any

Tables = dict[str, list[list[str]]]


class PageReader(HTMLParser):
    """Collects the text of a page. `tables` has chart -> heading -> rows of cells."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tables: dict[str, Tables] = {}
        self.notes: dict[str, list[str]] = {"": []}
        self.drawings: Any = None
        self.text = ""
        self._chart, self._heading, self._open = "", "", ""
        self._cells: list[list[str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        if tag == "article":
            self._chart = known["data-chart"] or ""
            self.tables[self._chart], self.notes[self._chart] = {}, []
        elif tag == "h3":
            self._heading = ""
        elif tag == "table":
            self._cells = []
        elif tag == "tr":
            self._cells.append([])
        elif tag in ("td", "th"):
            self._cells[-1].append("")
        elif tag == "p" and known.get("class") in ("note", "empty"):
            self.notes[self._chart].append("")
        if tag in ("h3", "td", "th", "p", "script", "style"):
            self._open = f"{tag}.{known.get('class') or known.get('id') or ''}"

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            # The one below a drawing has the heading of the drawing.
            self.tables[self._chart].setdefault(self._heading, []).extend(
                [_plain(cell) for cell in row] for row in self._cells[1:]
            )
        if tag in ("h3", "td", "th", "p", "script", "style"):
            self._open = ""

    def handle_data(self, data: str) -> None:
        if self._open == "script.drawings":
            self.drawings = json.loads(data)
        if self._open.startswith(("script", "style")):
            return
        self.text += data
        if self._open.startswith("h3"):
            self._heading += data
        elif self._open.startswith(("td", "th")):
            self._cells[-1][-1] += data if data.strip() else " "
        elif self._open in ("p.note", "p.empty"):
            self.notes[self._chart][-1] += data


def _plain(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip()
