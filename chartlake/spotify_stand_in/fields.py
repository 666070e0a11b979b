"""Reduces an answer to what its `fields` parameter selects.

`total,items(added_at,track(!available_markets,album(!available_markets)))` keeps the named fields;
a `!` in a level keeps all other fields of that level instead. Lists are cut entry by entry.
"""

import re
from typing import Any

WORD = re.compile(r"\s*([!(),.]|[A-Za-z_]+)")


class Fields:
    """What one level keeps: the named fields, or all except the excluded; and the levels below."""

    def __init__(self) -> None:
        self.excluded: set[str] = set()
        self.below: dict[str, Fields] = {}

    def cut(self, value: Any) -> Any:
        """Reduce an object, or each object of a list, to its fields."""
        if isinstance(value, list):
            return [self.cut(entry) for entry in value]
        if not isinstance(value, dict) or not (self.below or self.excluded):
            return value
        return {
            name: self.below[name].cut(held) if name in self.below else held
            for name, held in value.items()
            if name not in self.excluded and (self.excluded or name in self.below)
        }


def read_fields(text: str) -> Fields:
    """Parse the parameter; an empty one keeps everything."""
    fields = Fields()
    _read_level(fields, WORD.findall(text))
    return fields


def _read_level(level: Fields, words: list[str]) -> None:
    """Consume words up to the level's closing bracket."""
    place = level
    while words:
        word = words.pop(0)
        if word == ")":
            return
        if word == ",":
            place = level
        elif word == "(":
            _read_level(place, words)
        elif word == "!":
            place.excluded.add(words.pop(0))
        elif word != ".":
            place = place.below.setdefault(word, Fields())
