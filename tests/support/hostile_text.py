"""Hostile text: markup, SQL, templates, paths, commands and control sequences."""

import re

ORDERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What no terminal may be sent, a line break aside."""
TITLES = [
    "<script>alert(1)</script>",
    "'; DROP TABLE x; --",
    '"); DELETE FROM tracks; --',
    "{{ 7 * 7 }}{% raw %}",
    "[red]not a colour[/red] [link=x]",
    "../../etc/passwd",
    "\x1b[2J\x1b]0;owned\x07\x1b[31m",
    "\u202egnp.exe",
    "a\rb\x08\x08",
    "$(touch owned) `touch owned`",
    "夜明けの灯台",
]
