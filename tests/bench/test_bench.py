"""What `make bench` reports about an import."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from bench.import_time import report, shares

IMPORTTIME = """\
import time: self [us] | cumulative | imported package
import time:         7 |          7 | encodings
import time:       100 |        100 |       ssl
import time:        20 |        120 |     redis.client
import time:         5 |        125 |   redis
import time:        30 |        155 | spotipy
import time:         4 |          4 |   json
import time:         2 |          6 | handler
""".splitlines()


def test_a_standard_module_counts_for_its_first_importer():
    """A standard library module is charged to the package that imported it first."""
    charged = shares(IMPORTTIME, {"handler", "spotipy", "redis"})
    assert charged == [("redis", 125), ("spotipy", 30), ("handler", 6)]


def planted(folder: Path, code: str) -> Path:
    with ZipFile(folder / "it.zip", "w") as archive:
        archive.writestr("extract_lambda/handler.py", code)
        archive.writestr("slow.py", "import time; time.sleep(0.2)")
    return folder / "it.zip"


@pytest.mark.parametrize(("runs", "told"), [(1, "1 run"), (2, "2 runs")])
def test_the_report_names_the_package_that_costs_most(tmp_path, runs, told):
    lines = list(report(planted(tmp_path, "import slow"), runs=runs))
    times = re.search(rf"median (\d+) ms, min (\d+), max (\d+) \({told}\)", lines[1])
    assert times
    low, middle, high = int(times[2]), int(times[1]), int(times[3])
    assert 200 <= low <= middle <= high
    assert lines[3].split()[0] == "slow"


def test_a_zip_that_fails_to_import_is_not_measured(tmp_path):
    with pytest.raises(RuntimeError, match="No module named 'missing'"):
        list(report(planted(tmp_path, "import missing"), runs=2))
