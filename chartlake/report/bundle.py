"""Vega, Vega-Lite and Vega-Embed as one script to put into the page: build/vega.js.

    python -m chartlake.report.bundle

vl-convert brings them along, so nothing is downloaded. It is too large for a Lambda: there the file
lies in the zip, in the same place, and is read as it is.
"""

import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

FILE = Path(__file__).parents[2] / "build" / "vega.js"

# The bundle's own short names would collide with those of another script: it is closed in.
_HEAD = "/* Vega, Vega-Lite, Vega-Embed (BSD-3-Clause, github.com/vega), from vl-convert {} */\n"
_SHELL = "(function () {{\n{bundle}\n}})();\n"


class BundleError(Exception):
    """There is no script, and no way to make one here; the message says what to do."""


def vega(file: Path = FILE) -> str:
    """Read the script, made anew where vl-convert is another version; raises BundleError."""
    try:
        made_by = version("vl-convert-python")
    except PackageNotFoundError:
        made_by = None
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    if made_by is None and not there:
        raise BundleError(f"{file} is missing: make it with `python -m chartlake.report.bundle`.")
    if made_by is not None and not there.startswith(_HEAD.format(made_by)):
        there = _made(made_by)
        _write(file, there)
    return there


def _made(made_by: str) -> str:
    # Inside a script these would end it, or begin a comment; in its texts they stand for the same.
    safe = _bundled().replace("</script", r"<\/script").replace("<!--", r"<\!--")
    return _HEAD.format(made_by) + _SHELL.format(bundle=safe)


def _bundled() -> str:
    import altair
    import vl_convert

    version_for_altair = altair.SCHEMA_VERSION.removeprefix("v").rpartition(".")[0]
    bundle: str = vl_convert.javascript_bundle(
        "window.vegaEmbed = vegaEmbed;", vl_version=version_for_altair
    )
    return bundle


def _write(file: Path, text: str) -> None:
    """Put it there whole: another process may be reading."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(file)


if __name__ == "__main__":
    sys.stdout.write(f"{FILE}  {len(vega()) / 1024:,.0f} KiB\n")
