"""Vega, Vega-Lite and Vega-Embed as one script for the page: vega.js.

vl-convert contains them, so nothing is downloaded. It is too large for a Lambda, whose zip contains
the finished file instead. Elsewhere the file is built once, in build/ of a checkout or in the
user's cache.
"""

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from chartlake.contract.errors import UserError
from chartlake.resources import CHECKOUT

BUILT = CHECKOUT / "build" / "vega.js"

# Wrapped in a function: the bundle's short names would collide with those of another script.
_HEAD = "/* Vega, Vega-Lite, Vega-Embed (BSD-3-Clause, github.com/vega), from vl-convert {} */\n"
_SHELL = "(function () {{\n{bundle}\n}})();\n"


class BundleError(UserError):
    """The script is missing and cannot be built here; the message says what to do."""


def vega(file: Path | None = None) -> str:
    """Read the script, rebuilt if the version of vl-convert differs; raises BundleError."""
    file = file or _place()
    try:
        made_by = version("vl-convert-python")
    except PackageNotFoundError:
        made_by = None
    there = file.read_text(encoding="utf-8") if file.exists() else ""
    if made_by is None and not there:
        raise BundleError(f"{file} is missing. Install vl-convert-python, which builds it.")
    if made_by is not None and not there.startswith(_HEAD.format(made_by)):
        there = _made(made_by)
        _write(file, there)
    return there


def _place() -> Path:
    if BUILT.exists() or (CHECKOUT / "pyproject.toml").exists():
        return BUILT
    from platformdirs import user_cache_path

    return user_cache_path("chartlake") / "vega.js"


def _made(made_by: str) -> str:
    # These would end the script or begin a comment. Escaped in its strings, they mean the same.
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
    """Write the file atomically: another process may be reading it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_text(text, encoding="utf-8", newline="\n")
    part.replace(file)
