"""Files -> the bytes of a zip, which depend only on names and contents.

Another build of zlib may compress differently; the same machine gives the same bytes.
"""

import stat
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path, PurePath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# The oldest date that a zip can hold.
DATE = (1980, 1, 1, 0, 0, 0)
# Lambda runs as its own user, who must be able to read everything.
MODE = stat.S_IFREG | 0o644
UNIX = 3


def files_below(folder: Path) -> dict[str, bytes]:
    """Read the files below a folder that are needed at run time."""
    paths = {path.relative_to(folder): path for path in folder.rglob("*") if path.is_file()}
    return {name.as_posix(): path.read_bytes() for name, path in paths.items() if _runs(name)}


def _runs(name: PurePath) -> bool:
    top = name.parts[0]
    if top.endswith(".dist-info"):
        # importlib.metadata finds versions here; a capture records spotipy's.
        return name.name == "METADATA"
    return not (top == "bin" or top.startswith(".") or {"tests", "__pycache__"} & {*name.parts})


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """Zip contents, given by name."""
    target = BytesIO()
    with ZipFile(target, "w") as archive:
        for name in sorted(files):
            entry = ZipInfo(name, DATE)
            entry.create_system = UNIX
            entry.external_attr = MODE << 16
            archive.writestr(entry, files[name], ZIP_DEFLATED, 9)
    return target.getvalue()
